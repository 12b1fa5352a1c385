"""The last look at an import: every word of the source is counted against the words of the plan.

Knows nothing of how a source is read: it is given the source's pieces with their places, the texts that
came of it, and the words that the reader left out on purpose, and says which words are nowhere, piece by
piece. A word counts as often as it stands there: one that the source has three times must be in the plan
three times.
"""

from __future__ import annotations

import heapq
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, NamedTuple


class PieceKind(Enum):
    """What a piece of a source is, as far as it matters to what becomes of its words."""

    TEXT = "words of the document"
    ADDRESS = "the address of a link"
    MARGIN = "a page's header or footer"
    STRUCK = "struck out"
    PLACEHOLDER = "words that only say what to fill in"
    CONTENTS = "a list of contents"
    COLOUR = "a colour that says something"
    UNREAD = "a part that is not read"


class SourcePiece(NamedTuple):
    """A paragraph, note or the like as the source has it; ``place`` as a string says where it stands."""

    kind: PieceKind
    place: object
    words: str


@dataclass(frozen=True, slots=True)
class LostWords:
    """Words of one piece of the source that are nowhere in what came of it."""

    piece: SourcePiece
    words: str


_SEEN = re.compile(r"[^\W_]+")
#: Letters that nobody sees; signs of Markdown, which may stand in the middle of a word; marks of notes.
_NOT_SEEN = dict.fromkeys(map(ord, "\xad\u200b\u200c\u200d\u2060\ufeff*\\`"))
_NOTE_MARK = re.compile(r"\[\^e?\d+\]")
_LIST_MARK = re.compile(
    r"^[^\S\n]*(?:[•●▪■◦○·o*–—-][^\S\n]+)?(?:\(?(?:\d{1,2}|[a-z]|[ivx]{1,5})[.):]+[^\S\n]+|o[^\S\n]+)",
    re.M | re.I,
)


def words_in(text: str) -> list[str]:
    """The words of a text as they are counted: without capitals and unseen signs."""
    if "[^" in text:
        text = _NOTE_MARK.sub(" ", text)
    return _SEEN.findall(text.translate(_NOT_SEEN).casefold())


def _words_of(piece: SourcePiece) -> list[str]:
    """The words of a piece; the number or letter of a list that it begins with is none."""
    return words_in(_LIST_MARK.sub("", piece.words))


def count_of(texts: Iterable[str]) -> Counter[str]:
    """How often each word stands in some texts."""
    found: Counter[str] = Counter()
    for text, times in Counter(texts).items():
        for word in words_in(text):
            found[word] += times
    return found


class TextCounter:
    """Counts the words of texts that came of a source, each text once in however many rows it stands."""

    def __init__(
        self, derived: frozenset[str] = frozenset(), references: frozenset[str] = frozenset()
    ) -> None:
        self.found: Counter[str] = Counter()
        self._derived = derived  # fields that only repeat what others say
        self._references = references  # fields that name other rows, where they hold texts
        self._seen: dict[int, str] = {}  # keeps the texts, so that none has the identity of another

    def add(self, value: Any) -> None:
        """Count all texts in rows of plan JSON.

        A merged cell gives its words to several rows, as one and the same object: they count once.
        """
        fresh: list[str] = []
        waiting = [value]
        while waiting:
            each = waiting.pop()
            kind = type(each)
            if kind is str:
                if len(each) > 1:
                    if id(each) in self._seen:
                        continue
                    self._seen[id(each)] = each
                fresh.append(each)
            elif kind is dict:
                waiting += [part for name, part in each.items() if self._says(name, part)]
            elif kind is list or kind is tuple:
                waiting += each
        for at in range(0, len(fresh), _TEXTS_AT_ONCE):
            self.found.update(words_in("\n".join(fresh[at : at + _TEXTS_AT_ONCE])))

    def _says(self, name: str, value: Any) -> bool:
        """Whether a field says something of its own."""
        if not value or name in self._derived:
            return False
        return name not in self._references or type(value[0]) is not str


_TEXTS_AT_ONCE = 2_000
_COUNTED = (PieceKind.TEXT, PieceKind.ADDRESS, PieceKind.MARGIN)
_MOST_CANDIDATES = 5_000  # pieces that may be those whose words are missing


@dataclass(frozen=True, slots=True)
class LastLook:
    """What the count found: words that are ``lost``, and ``others`` that were not to come in, as they are."""

    lost: list[LostWords]
    others: list[SourcePiece]


def look(
    pieces: Callable[[bool], Iterable[SourcePiece]],
    kept: Counter[str],
    told: Callable[[Counter[str]], Counter[str]],
) -> LastLook:
    """What of the source is not in ``kept``, in the order of the source.

    ``pieces`` gives the source's pieces, with their places or, which is faster, without; it is asked for the
    places only where there is something to say. ``told`` gives, of the words that are missing, those that
    were left out on purpose.
    """
    counted = _counted(pieces(False))
    has_others = counted.has_others
    missing = counted.texts - kept
    missing.update({word: times for word, times in counted.margins.items() if word not in kept})
    missing = missing - told(missing) if missing else missing
    if not missing and not has_others:
        return LastLook([], [])
    others: list[SourcePiece] = []
    candidates = heapq.nlargest(
        _MOST_CANDIDATES, _candidates(pieces(True), missing, kept, others), key=lambda found: found[:2]
    )
    lost = _given_places([(-at, piece) for _, at, piece in candidates], missing, kept)
    return LastLook([found for _, found in sorted(lost, key=lambda pair: pair[0])], others)


_LETTERS_AT_ONCE = 200_000


@dataclass(slots=True)
class _Counted:
    """The words of those pieces that are to come in, and whether there are other pieces.

    What the margins of pages say they say on each page, and mostly elsewhere: it is enough to have it once.
    """

    texts: Counter[str] = field(default_factory=Counter)
    margins: Counter[str] = field(default_factory=Counter)
    has_others: bool = False


def _counted(pieces: Iterable[SourcePiece]) -> _Counted:
    found = _Counted()
    texts: list[str] = []
    letters = 0
    for kind, _, words in pieces:
        if kind not in _COUNTED:
            found.has_others = True
            continue
        if kind == PieceKind.MARGIN:
            found.margins.update(words_in(_LIST_MARK.sub("", words)))
            continue
        texts.append(words)
        letters += len(words)
        if letters > _LETTERS_AT_ONCE:
            found.texts.update(words_in(_LIST_MARK.sub("", "\n".join(texts))))
            texts, letters = [], 0
    found.texts.update(words_in(_LIST_MARK.sub("", "\n".join(texts))))
    return found


def _candidates(
    pieces: Iterable[SourcePiece], missing: Counter[str], kept: Counter[str], others: list[SourcePiece]
) -> Iterator[tuple[float, int, SourcePiece]]:
    """The pieces that hold missing words: how surely each is the one, and its place from the end.

    Those that were not to come in are added to ``others``.
    """
    nowhere = {word for word in missing if word not in kept}
    for at, piece in enumerate(pieces):
        if piece.kind not in _COUNTED:
            if len(others) < _MOST_CANDIDATES:
                others.append(piece)
            continue
        words = _counted_words(piece, kept)
        share = sum(word in missing for word in words) / max(len(words), 1)
        if share:
            is_sure = any(word in nowhere for word in words)
            yield is_sure + share, -at, piece


def _counted_words(piece: SourcePiece, kept: Counter[str]) -> list[str]:
    """The words of a piece; of a margin those that are nowhere else."""
    words = _words_of(piece)
    return [word for word in words if word not in kept] if piece.kind == PieceKind.MARGIN else words


def _given_places(
    candidates: list[tuple[int, SourcePiece]], missing: Counter[str], kept: Counter[str]
) -> list[tuple[int, LostWords]]:
    """The missing words, each in the likeliest piece that has it."""
    found = []
    left = missing.total()
    for at, piece in candidates:
        words = _counted_words(piece, kept)
        taken = Counter(words) & missing
        if not taken:
            continue
        missing.subtract(taken)
        left -= taken.total()
        found.append((at, LostWords(piece, _shown(piece, words, taken))))
        if left <= 0:
            break
    return found


_MOSTLY = 0.6


def _shown(piece: SourcePiece, words: list[str], taken: Counter[str]) -> str:
    """The missing words of a piece as they stand there; the piece itself where most of it is missing."""
    if piece.kind == PieceKind.ADDRESS or taken.total() >= _MOSTLY * len(words):
        return " ".join(piece.words.split())
    shown: list[str] = []
    is_gap = False
    left = Counter(taken)
    for match in re.finditer(r"\S+", piece.words):
        own = Counter(words_in(match.group())) & left
        left -= own
        if own:
            shown.append(f"… {match.group()}" if is_gap and shown else match.group())
        is_gap = not own
    return " ".join(shown) or " ".join(taken)
