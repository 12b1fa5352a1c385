"""Says questions in words: why they are put, what each side says, and what the answers are called.

Knows no Qt. Values are said through the plan's own words, and nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from cypp_desktop.merge.question import (
    Answer,
    Decision,
    Happening,
    Kind,
    Question,
    Side,
    answers,
    deletes_row,
)
from cypp_desktop.plan.base import field_of, fields_of, row_classes, stored_values
from cypp_desktop.plan.blocks import Block, List, Paragraph, Table, parse
from cypp_desktop.plan.words import field_words, row_words
from cypp_desktop.store.changes import to_json
from cypp_desktop.store.history_words import HistoryWords

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from cypp_desktop.merge.review import Review

#: What kinds of question are called in lists, filters and counts.
KIND_WORDS: Final[Mapping[Kind, str]] = {
    Kind.PLAIN: "plain",
    Kind.COMBINED: "combined",
    Kind.CONFLICT: "conflict",
    Kind.DELETED_AND_EDITED: "deleted and edited",
    Kind.OUTSIDE: "outside what was asked",
}
_WHY: Final[Mapping[Kind, str]] = {
    Kind.PLAIN: "Only one side says something new here.",
    Kind.COMBINED: "Several people edited different paragraphs of this text, and it was put together from "
    "all of them. Please read it.",
    Kind.CONFLICT: "Several people changed the same thing. Choose a version, keep both, or write what it "
    "should say.",
    Kind.DELETED_AND_EDITED: "One deleted this and another edited it. It stays until someone decides.",
    Kind.OUTSIDE: "Nobody asked for this. It is left out unless you let it in.",
}
_WHY_OF_ROWS: Final[Mapping[Happening, str]] = {
    Happening.HELD_OUT: "The plan’s rules have no room for this as things stand, so it waits outside the "
    "plan.",
    Happening.GONE: "This was added and deleted again.",
}
_NOTHING: Final = "(nothing)"
_DELETED: Final = "(deleted)"


def explanation(question: Question) -> str:
    """Why the question is put, in a sentence or two."""
    if question.why:
        return f"{question.why} {_WHY[question.kind]}"
    if question.happening in _WHY_OF_ROWS:
        return _WHY_OF_ROWS[question.happening]
    altered = " It was edited outside the application." if question.altered else ""
    return _WHY[question.kind] + altered


# ---------------------------------------------------------------------------------- what each side says


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What one says, in words; ``before`` is what they are held against, None where nothing is marked.

    ``side`` is the number by which one of theirs is chosen, None for what nobody else says.
    """

    who: str
    detail: str = ""
    words: str
    before: str | None = None
    side: int | None = None


class QuestionWords:
    """Says questions of one moment of a plan; ``review`` names rows that are not in it yet."""

    def __init__(self, session: Session, review: Review | None = None) -> None:
        coming: dict[tuple[str, str], Mapping[str, Any]] = {}
        for question in review.questions if review is not None else ():
            if question.is_row and question.happening == Happening.ADDED:
                values = [side.value for side in question.theirs if isinstance(side.value, Mapping)]
                if values:
                    coming[question.row] = values[0]
        self._session = session
        self._words = HistoryWords(session, coming)

    def base(self, question: Question) -> str | None:
        """What all began with; None of a whole row, where that is nothing to compare with."""
        return None if question.is_row else self.value(question.row_type, question.field, question.base)

    def versions(self, question: Question) -> list[Version]:
        """What was there before, where nobody says that now, and what each side says, ours first."""
        found = self._of_sides(question)
        ours = next((version.words for version in found if version.side is None), None)
        before = self.base(question)
        as_sent = []
        if before is not None and before != ours:
            as_sent.append(Version(who="As it was sent", words=before))
        if question.is_row and not question.in_plan and question.value_of_ours is not None:
            before = ours
        marked = [replace(each, before=before if before != each.words else None) for each in found]
        return [*as_sent, *marked]

    def _of_sides(self, question: Question) -> list[Version]:
        if question.in_plan and question.kind == Kind.DELETED_AND_EDITED:
            return self._as_it_stands_and_deletions(question)
        found: list[Version] = []
        number = 0
        for side in question.sides:
            words = self._side(question, side)
            if side.file is None:
                who = "Ours, as it was sent" if _is_as_sent(question, side) else "Ours"
                found.append(Version(who=who, detail=side.author, words=words))
            else:
                found.append(_their_version(side, words, number))
                number += 1
        return found

    def _as_it_stands_and_deletions(self, question: Question) -> list[Version]:
        """A row that somebody deleted: what it says, and who wants it gone."""
        found: list[Version] = []
        row = self._session.get(row_classes()[question.row_type], question.row_id)
        if row is not None:
            found.append(Version(who="As it stands", words=self._row(question.row_type, stored_values(row))))
        deletions = [Version(who="Deleted by", detail=side.author, words=_DELETED) for side in question.sides]
        return found + deletions

    def value(self, row_type: str, field: str, value: Any) -> str:
        """A stored value in words, with bullets and lines as they stand in a text."""
        known = field_of(row_type, field)
        if known is not None and known.kind == "markdown":
            return "\n".join(_lines(parse(value))) or _NOTHING
        return self._words.value(row_type, field, value) or _NOTHING

    def _side(self, question: Question, side: Side) -> str:
        if question.is_row:
            return self._row(question.row_type, side.value)
        return self.value(question.row_type, question.field, side.value)

    def _row(self, row_type: str, values: Any) -> str:
        """A whole row: every field that says something, a line each."""
        if not isinstance(values, Mapping):
            return _DELETED
        lines = []
        for name, field in fields_of(row_classes()[row_type]).items():
            if field.kind == "place" or name == "key" or not values.keys() >= set(field.columns):
                continue
            words = self.value(row_type, name, field.value_of(values))
            if words not in (_NOTHING, "No"):
                lines.append(f"{field_words(row_type, name)}: {words}")
        return "\n".join(lines) or row_words(row_type).capitalize()


def _is_as_sent(question: Question, ours: Side) -> bool:
    """Whether the plan says still what it said when the files under review left it."""
    return not question.in_plan and not question.is_row and to_json(ours.value) == to_json(question.base)


def _their_version(side: Side, words: str, number: int) -> Version:
    if side.organisation:
        return Version(who=side.organisation, detail=f"{side.author}, {side.file}", words=words, side=number)
    return Version(who=side.file or "Another copy", detail=side.author, words=words, side=number)


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
            yield from _lines_of_table(block, before)


def _lines_of_table(table: Table, before: str) -> Iterator[str]:
    for row in (table.header, *table.rows):
        cells = ["".join(span.text for span in cell) for cell in row]
        yield before + " | ".join(cells)


# ---------------------------------------------------------------------------------- what answers are called


def offered(question: Question) -> tuple[Answer, ...]:
    """The answers for which there is a button: what comes to the same is offered once, and what cannot be
    typed is chosen.
    """
    is_alone = question.kind == Kind.PLAIN and len(question.theirs) == 1
    found = []
    for answer in answers(question):
        if is_alone and answer in (Answer.THEIRS, Answer.BOTH):
            continue
        if answer != Answer.EDIT or editable(question.row_type, question.field) is not None:
            found.append(answer)
    return tuple(found)


def editable(row_type: str, field: str) -> str | None:
    """How a field can be typed anew: markdown, list, words, choice, flag, date or span; None: not."""
    known = field_of(row_type, field)
    if known is None:
        return None
    if len(known.columns) > 1:
        return "span" if known.name in ("period", "due") else None
    if known.kind == "choice" and known.choices is None:
        return "words"
    return known.kind if known.kind in ("markdown", "list", "words", "choice", "flag", "date") else None


def answer_words(question: Question, answer: Answer) -> str:
    """What the button of an answer says."""
    if question.is_row and question.kind != Kind.OUTSIDE:
        return _answer_about_row(question, answer)
    if question.kind == Kind.OUTSIDE:
        return "Let it in" if answer == Answer.ACCEPT else "Leave it out"
    match answer:
        case Answer.ACCEPT:
            return "As combined" if question.kind == Kind.COMBINED else "Accept"
        case Answer.THEIRS:
            return _take_theirs(question.theirs)
        case Answer.OURS:
            has_ours = any(side.file is None for side in question.sides)
            return "Keep ours" if has_ours else "Keep as it was"
    return _ANSWER_WORDS[answer]


_ANSWER_WORDS: Final[Mapping[Answer, str]] = {
    Answer.BOTH: "Keep both",
    Answer.EDIT: "Edit",
    Answer.CONFIRM: "It reads well",
    Answer.LEAVE: "Leave open",
}


def _take_theirs(theirs: tuple[Side, ...]) -> str:
    if len(theirs) > 1:
        return "Take theirs"
    who = theirs[0].organisation or theirs[0].file or "Another copy"
    return f"Take {who if len(who) <= 24 else who[:23].rstrip() + '…'}’s"


def _answer_about_row(question: Question, answer: Answer) -> str:
    row = row_words(question.row_type)
    if answer == Answer.LEAVE:
        return "Leave open"
    if answer == Answer.ACCEPT:
        if question.kind != Kind.PLAIN or Answer.THEIRS in offered(question):
            return "Accept"
        return _answer_about_row(question, Answer.THEIRS)
    if question.kind != Kind.DELETED_AND_EDITED and question.ours is None:
        return f"Leave the {row} out" if answer == Answer.OURS else f"Take the {row} in"
    if deletes_row(question, Decision(answer)):
        return f"Delete the {row}"
    is_edited = question.kind == Kind.DELETED_AND_EDITED and not question.in_plan
    return f"Keep the {row}, as edited" if is_edited else f"Keep the {row}"
