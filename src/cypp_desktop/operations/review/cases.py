"""One thing to look at, in words: an item of a review or an open question, with all its versions.

Knows no Qt. Values are said through the plan's own words, and nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from cypp_desktop.merge.proposals import OUTSIDE, PLAIN, Item, Side
from cypp_desktop.merge.questions import Question
from cypp_desktop.merge.review import decided_value, hows, label
from cypp_desktop.plan.base import fields_of, row_classes, stored_values
from cypp_desktop.plan.blocks import Block, List, Paragraph, parse
from cypp_desktop.plan.words import field_words, row_words
from cypp_desktop.store.changes import COMBINED, CONFLICT, CREATED, to_json
from cypp_desktop.store.history_words import HistoryWords
from cypp_desktop.store.union import DELETED_AND_EDITED

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from cypp_desktop.merge.review import Review

#: What kinds of item are called in lists, filters and counts.
KIND_WORDS: Final[Mapping[str, str]] = {
    PLAIN: "plain",
    COMBINED: "combined",
    CONFLICT: "conflict",
    DELETED_AND_EDITED: "deleted and edited",
    OUTSIDE: "outside what was asked",
}
EXPLANATIONS: Final[Mapping[str, str]] = {
    PLAIN: "Only one side says something new here.",
    COMBINED: "Several people edited different paragraphs of this text, and it was put together from "
    "all of them. Please read it.",
    CONFLICT: "Several people changed the same thing. Choose a version, keep both, or write what it "
    "should say.",
    DELETED_AND_EDITED: "One deleted this and another edited it. It stays until someone decides.",
    OUTSIDE: "Nobody asked for this. It is left out unless you let it in.",
}
_NOTHING: Final = "(nothing)"
_DELETED: Final = "(deleted)"


@dataclass(frozen=True, slots=True)
class Voice:
    """What one side says. ``side`` is the number by which it is chosen, None for ours."""

    who: str
    detail: str
    words: str
    value: Any
    side: int | None = None
    is_ours: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """One thing to look at: where, what, all its versions, and how it can be decided.

    ``base`` is what all began with in words, None where that is nothing to compare with. ``result`` is the
    stored value that stands by itself. ``whole_row`` says that it is about a row and not about one field.
    """

    row_type: str
    row_id: str
    field: str
    place: str
    label: str
    kind: str
    explanation: str
    base: str | None
    voices: tuple[Voice, ...]
    result: Any
    hows: tuple[str, ...]
    whole_row: bool
    deleted_here: bool = False

    @property
    def kind_words(self) -> str:
        return KIND_WORDS[self.kind]

    @property
    def theirs(self) -> tuple[Voice, ...]:
        return tuple(voice for voice in self.voices if not voice.is_ours)


class CaseWords:
    """Says items and questions of one moment of a plan; ``review`` names rows that are not in it yet."""

    def __init__(self, session: Session, review: Review | None = None) -> None:
        coming = {item.row: row for item in _items(review) if (row := _coming_row(item)) is not None}
        self._session = session
        self._words = HistoryWords(session, coming)

    def of_item(self, item: Item) -> Case:
        """An item of a review as a case."""
        ours = item.ours
        whole = item.field not in fields_of(row_classes()[item.row_type])
        base = None if whole else self.value(item.row_type, item.field, item.base)
        voices: list[Voice] = []
        if ours is not None:
            said = self._side(item, ours, whole)
            unchanged = base is not None and to_json(ours.value) == to_json(item.base)
            who = "Ours, as it was sent" if unchanged else "Ours"
            voices.append(Voice(who, ours.author, said, ours.value, is_ours=True))
        for number, side in enumerate(item.theirs):
            detail = f"{side.author}, {side.file}" if side.organisation else side.author
            who = side.organisation or side.file or "Another copy"
            voices.append(Voice(who, detail, self._side(item, side, whole), side.value, number))
        explanation = EXPLANATIONS[item.kind]
        if item.altered:
            explanation += " It was edited outside the application."
        if item.what in _WHAT_WORDS:
            explanation = _WHAT_WORDS[item.what]
        return Case(
            item.row_type, item.row_id, item.field, item.place.words, label(item), item.kind, explanation,
            base, tuple(voices), item.result, tuple(_hows_of(item)), whole, item.deleted_here,
        )  # fmt: skip

    def of_question(self, question: Question) -> Case:
        """An open question of the plan as a case."""
        whole_row = question.field == CREATED
        base = None if whole_row else self.value(question.row_type, question.field, question.base)
        voices = [
            self._voice(question, number, side, whole_row) for number, side in enumerate(question.sides)
        ]
        row = self._session.get(row_classes()[question.row_type], question.row_id) if whole_row else None
        if row is not None:
            now = self._row(question.row_type, stored_values(row))
            voices.insert(0, Voice("As it stands", "", now, None, is_ours=True))
        return Case(
            question.row_type, question.row_id, question.field, question.place.words, question.label,
            question.kind, EXPLANATIONS[question.kind], base, tuple(voices), question.value,
            _question_hows(question), whole_row,
        )  # fmt: skip

    def _voice(self, question: Question, number: int, side: Side, whole_row: bool) -> Voice:
        ours = side.file is None
        who = "Ours" if ours else side.organisation or side.file or "Another copy"
        detail = side.author if ours or not side.organisation else f"{side.author}, {side.file}"
        if whole_row:
            return Voice("Deleted by", side.author, self._row(question.row_type, side.value), side.value)
        words = self.value(question.row_type, question.field, side.value)
        return Voice(who, detail, words, side.value, None if ours else number, ours)

    def value(self, row_type: str, field: str, value: Any) -> str:
        """A stored value in words, with bullets and lines as they stand in a text."""
        cls = row_classes().get(row_type)
        known = fields_of(cls).get(field) if cls is not None else None
        if known is not None and known.kind == "markdown":
            return "\n".join(_lines(parse(value))) or _NOTHING
        return self._words.value(row_type, field, value) or _NOTHING

    def _side(self, item: Item, side: Side, whole: bool) -> str:
        if whole:
            return self._row(item.row_type, side.value)
        return self.value(item.row_type, item.field, side.value)

    def _row(self, row_type: str, values: Any) -> str:
        """A whole row: every field that says something, a line each."""
        if not isinstance(values, Mapping):
            return _DELETED
        lines = []
        for name, field in fields_of(row_classes()[row_type]).items():
            if field.kind == "place" or name == "key" or any(c not in values for c in field.columns):
                continue
            words = self.value(row_type, name, field.value_of(values))
            if words not in (_NOTHING, "No"):
                lines.append(f"{field_words(row_type, name)}: {words}")
        return "\n".join(lines) or row_words(row_type).capitalize()


_WHAT_WORDS: Final[Mapping[str, str]] = {
    "held out": "The plan’s rules have no room for this as things stand, so it waits outside the plan.",
    "gone": "This was added and deleted again.",
}


def _items(review: Review | None) -> Sequence[Item]:
    return review.items if review is not None else ()


def _coming_row(item: Item) -> Mapping[str, Any] | None:
    """The values of a row that a file adds."""
    if not item.is_row or item.what != "added":
        return None
    return next((side.value for side in item.theirs if isinstance(side.value, Mapping)), None)


def _hows_of(item: Item) -> Iterator[str]:
    """How a person is offered to decide: what comes to the same is offered once, and what cannot be typed
    is chosen.
    """
    alone = item.kind == PLAIN and len(item.theirs) == 1
    for how in hows(item):
        if alone and how in ("theirs", "both"):
            continue
        if how != "edit" or editable(item.row_type, item.field) is not None:
            yield how


def _question_hows(question: Question) -> tuple[str, ...]:
    if question.field == CREATED:
        return ("keep", "delete") if question.kind == DELETED_AND_EDITED else ()
    found = ["ours"]  # where ours is not one of the versions, it is what all began with
    if any(side.file is not None for side in question.sides):
        found.append("theirs")
    field = fields_of(row_classes()[question.row_type])[question.field]
    if field.kind in ("markdown", "list"):
        found.append("both")
    if editable(question.row_type, question.field) is not None:
        found.append("edit")
    if question.kind == COMBINED:
        found.append("confirm")
    return tuple(found)


def editable(row_type: str, field: str) -> str | None:
    """How a field can be typed anew: markdown, list, words, choice, flag, date or span; None: not."""
    cls = row_classes().get(row_type)
    known = fields_of(cls).get(field) if cls is not None else None
    if known is None:
        return None
    if len(known.columns) > 1:
        return "span" if known.name in ("period", "due") else None
    if known.kind == "choice" and known.choices is None:
        return "words"
    return known.kind if known.kind in ("markdown", "list", "words", "choice", "flag", "date") else None


def result_of(item: Item) -> Any:
    """The stored value that an item comes to by what is decided so far."""
    if item.is_row or item.kind == OUTSIDE:
        return item.result
    return decided_value(item, item.decision)


def how_words(case: Case, how: str) -> str:
    """What the button of a decision says."""
    if case.whole_row:
        return _row_words_of(case, how)
    if case.kind == OUTSIDE:
        return "Let it in" if how == "accept" else "Leave it out"
    if how == "accept":
        return "As combined" if case.kind == COMBINED else "Accept"
    if how == "theirs":
        return "Take theirs" if len(case.theirs) > 1 else f"Take {_short(case.theirs[0].who)}’s"
    has_ours = any(voice.is_ours for voice in case.voices)
    return {
        "ours": "Keep ours" if has_ours else "Keep as it was",
        "both": "Keep both",
        "edit": "Edit",
        "confirm": "It reads well",
        "leave": "Leave open",
    }[how]


def _row_words_of(case: Case, how: str) -> str:
    row = row_words(case.row_type)
    if how in ("keep", "delete"):
        return f"Keep the {row}" if how == "keep" else f"Delete the {row}"
    if how in ("accept", "leave"):
        if how == "leave":
            return "Leave it out" if case.kind == OUTSIDE else "Leave open"
        if case.kind == PLAIN and "theirs" not in case.hows:
            return _row_words_of(case, "theirs")
        return "Let it in" if case.kind == OUTSIDE else "Accept"
    ours = next((voice for voice in case.voices if voice.is_ours), None)
    keeps = (ours is not None and ours.value is not None) == (how == "ours")
    if case.kind == DELETED_AND_EDITED:
        keeps = case.deleted_here != (how == "ours")
        return f"Keep the {row}, as edited" if keeps else f"Delete the {row}"
    if ours is None:
        return f"Leave the {row} out" if how == "ours" else f"Take the {row} in"
    return f"Keep the {row}" if keeps else f"Delete the {row}"


def _short(who: str) -> str:
    return who if len(who) <= 24 else who[:23].rstrip() + "…"


def _lines(blocks: Iterable[Block], before: str = "") -> Iterator[str]:
    """A text line by line, with a sign before each item."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield before + "".join(span.text for span in block.spans)
        elif isinstance(block, List):
            for item in block.items:
                inner = list(_lines(item.blocks))
                yield f"{before}• {inner[0] if inner else ''}"
                yield from (f"{before}   {line}" for line in inner[1:])
        else:
            for row in (block.header, *block.rows):
                yield before + " | ".join("".join(span.text for span in cell) for cell in row)
