"""The last look at a source document: its words are counted, and what is nowhere in the plan becomes a note.

The reading puts everything somewhere on purpose; this holds for what nobody thought of. What is no part of
the plan (page margins, words struck out, hints what to fill in, colours) is said in lines of the report.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from cypp_desktop.exchange.last_look import LastLook, LostWords, PieceKind, SourcePiece, TextCounter, look
from cypp_desktop.exchange.word.draft import PlaceInPlan, PlanDraft
from cypp_desktop.exchange.word.layout import DocumentLayout
from cypp_desktop.exchange.word.source import SourceDocument
from cypp_desktop.exchange.word.told import told_words

#: Fields that only repeat what others say, and those that name measures by their keys.
_DERIVED = frozenset({"key", "flags", "period", "partnership", "placeholder"})
_REFERENCES = frozenset({"measures"})
_MOST_NOTES = 200
_LONGEST_LINE = 1_000  # letters
_MOST_LINES = 12  # of one kind; what is more becomes a note

#: What is said of pieces that are no part of the plan.
_SAID = {
    PieceKind.MARGIN: "In the margins of the pages, and not in the plan",
    PieceKind.STRUCK: "Struck out in {}, and left out",
    PieceKind.PLACEHOLDER: "Hints what to fill in, and left out",
    PieceKind.COLOUR: "Colours are not read. Say in words what they mean, if they mean something",
    PieceKind.UNREAD: "A document inside the document is in a format that is not read. Open the document in "
    "Word and save it anew to bring its words in",
}
_CONTENTS = "The list of contents was left out: its lines stand in the document again."
_UNREAD = "A part of the file is damaged and was not read: {}. The words of the document are whole."


def note_what_is_lost(
    source: SourceDocument, layout: DocumentLayout, draft: PlanDraft, plan: dict[str, Any]
) -> list[str]:
    """Adds a note to ``draft`` for what is nowhere in ``plan``; lines to check, of what is no part of it."""
    found = look(
        source.pieces,
        _kept(draft, plan),
        lambda missing: told_words(layout, missing),
    )
    _note_lost_texts(found, draft)
    lines = [_UNREAD.format(part) for part in source.unread]
    margins = [SourcePiece(PieceKind.MARGIN, one.piece.place, one.words) for one in _lost_margins(found)]
    if any(piece.kind == PieceKind.CONTENTS for piece in found.others):
        lines.append(_CONTENTS)
    for kind, words in _SAID.items():
        pieces = [piece for piece in (*margins, *found.others) if piece.kind == kind]
        said = _lines(words.format(source.program), pieces)
        lines += said[:_MOST_LINES]
        if len(said) > _MOST_LINES:
            draft.note(PlaceInPlan(), "\n\n".join(said[_MOST_LINES:]), "all of the document")
    return lines


def _kept(draft: PlanDraft, plan: dict[str, Any]) -> Counter[str]:
    """The words that have a place in the plan or its notes."""
    counter = TextCounter(_DERIVED, _REFERENCES)
    counter.add(plan)
    counter.add([words for _, words, _ in draft.notes])
    return counter.found


def _lost_margins(found: LastLook) -> list[LostWords]:
    return [one for one in found.lost if one.piece.kind == PieceKind.MARGIN]


def _note_lost_texts(found: LastLook, draft: PlanDraft) -> None:
    lost = [one for one in found.lost if one.piece.kind != PieceKind.MARGIN]
    notes = list(_by_place(lost))
    for place, words in notes[:_MOST_NOTES]:
        draft.note(PlaceInPlan(), words, place)
    rest = [f"{place}: {words}" for place, words in notes[_MOST_NOTES:]]
    draft.note(PlaceInPlan(), "\n\n".join(rest), "all of the document")


def _by_place(lost: Sequence[LostWords]) -> Iterator[tuple[str, str]]:
    """Each place with what is lost there: pieces of one place that follow one another together."""
    for place, found in groupby(lost, key=lambda each: str(each.piece.place)):
        yield place, "\n\n".join(each.words for each in found)


def _lines(title: str, pieces: Sequence[SourcePiece]) -> list[str]:
    """Lines that name each of some pieces with its place; those that say the same are named once."""
    first: dict[str, SourcePiece] = {}
    count: Counter[str] = Counter()
    for piece in pieces:
        words = " ".join(piece.words.split())
        first.setdefault(words, piece)
        count[words] += 1
    lines: list[str] = []
    for words, piece in first.items():
        times = f"{count[words]} times, first in " if count[words] > 1 else ""
        said = f"“{words}” ({times}{piece.place})"
        if lines and len(lines[-1]) + len(said) < _LONGEST_LINE:
            lines[-1] += f"; {said}"
        else:
            lines.append(f"{title}: {said}")
    return lines
