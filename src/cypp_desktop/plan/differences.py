"""What became of a text, word by word: which words stayed, which were taken out and which came in.

Pure functions over plain words; how they are shown is the window's and the command line's matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import Final

SAME: Final = "same"
REMOVED: Final = "removed"
ADDED: Final = "added"
#: Stands for words left out between two differences.
LEFT_OUT: Final = "…"

#: Line ends, blanks, numbers with their points, words with their hyphens and apostrophes, single signs.
_PIECES = re.compile(r"\n|[^\S\n]+|\d+(?:[.,]\d+)*(?!\w)|\w+(?:[-‐‑'’]\w+)*|[^\w\s]")
#: Above this many words on either side, comparing word by word takes too long to wait for.
_MOST = 8_000


@dataclass(frozen=True, slots=True)
class TextPiece:
    """Some words that stayed (``same``), were taken out (``removed``) or came in (``added``)."""

    kind: str
    text: str


def word_differences(before: str, after: str) -> list[TextPiece]:
    """Both texts as pieces: ``same`` and ``removed`` make up the first, ``same`` and ``added`` the second.

    Words, blanks and single signs are compared; at one place what was taken out stands first.
    """
    old, new = _PIECES.findall(before), _PIECES.findall(after)
    start = _common(old, new)
    end = _common(old[start:][::-1], new[start:][::-1])
    middle = _compared(old[start : len(old) - end], new[start : len(new) - end])
    return _joined(
        [TextPiece(SAME, "".join(old[:start])), *middle, TextPiece(SAME, "".join(old[len(old) - end :]))]
    )


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many pieces are the same from the start on."""
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


def _compared(old: Sequence[str], new: Sequence[str]) -> Iterator[TextPiece]:
    if max(len(old), len(new)) > _MOST:
        yield from (TextPiece(REMOVED, "".join(old)), TextPiece(ADDED, "".join(new)))
        return
    matcher = SequenceMatcher(lambda piece: piece.isspace(), old, new, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            yield TextPiece(SAME, "".join(old[a:b]))
            continue
        yield TextPiece(REMOVED, "".join(old[a:b]))
        yield TextPiece(ADDED, "".join(new[c:d]))


def _joined(pieces: Sequence[TextPiece]) -> list[TextPiece]:
    """Neighbours of a kind joined, also where only a blank that stayed stands between two changed words."""
    found: list[TextPiece] = []
    for at, piece in enumerate(pieces):
        if not piece.text:
            continue
        between = piece.kind == SAME and piece.text.isspace() and "\n" not in piece.text
        if between and 0 < at < len(pieces) - 1 and _changes(pieces, at - 1) and _changes(pieces, at + 1):
            found += [TextPiece(REMOVED, piece.text), TextPiece(ADDED, piece.text)]
        else:
            found.append(piece)
    return list(_in_order(found))


def _changes(pieces: Sequence[TextPiece], at: int) -> bool:
    return pieces[at].kind != SAME


def _in_order(pieces: Sequence[TextPiece]) -> Iterator[TextPiece]:
    """Each stretch of changes as one piece taken out and one that came in."""
    for same, stretch in groupby(pieces, lambda piece: piece.kind == SAME):
        listed = list(stretch)
        for kind in (SAME,) if same else (REMOVED, ADDED):
            text = "".join(piece.text for piece in listed if piece.kind == kind)
            if text:
                yield TextPiece(kind, text)


def shortened(pieces: Sequence[TextPiece], around: int = 40, longest: int = 600) -> list[TextPiece]:
    """The differences with so many letters ``around`` each; longer pieces are cut to ``longest``."""
    found: list[TextPiece] = []
    for at, piece in enumerate(pieces):
        if piece.kind != SAME:
            found.append(_cut(piece, longest))
            continue
        first, last = at == 0, at == len(pieces) - 1
        keep_start, keep_end = (0 if first else around), (0 if last else around)
        if len(piece.text) <= keep_start + keep_end + 12:
            found.append(piece)
            continue
        start = piece.text[:keep_start].rpartition(" ")[0] if keep_start else ""
        end = piece.text[-keep_end:].partition(" ")[2] if keep_end else ""
        left = f"{start} {LEFT_OUT}" if start else LEFT_OUT
        found.append(TextPiece(SAME, f"{left} {end}" if end else left))
    return found


def _cut(piece: TextPiece, longest: int) -> TextPiece:
    if len(piece.text) <= longest:
        return piece
    return TextPiece(piece.kind, piece.text[: longest - 2].rpartition(" ")[0] + f" {LEFT_OUT}")
