"""Says questions in words: why they are put, what each side says, and what the answers are called.

Knows no Qt. Values are said through the plan's own words, and nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from cypp_desktop.merge.question import (
    Answer,
    AtStake,
    Decision,
    Happening,
    Kind,
    Question,
    Side,
    answers,
    deletes_row,
)
from cypp_desktop.operations.review.effect_words import along_in_words
from cypp_desktop.plan.base import field_of, fields_of, row_classes, stored_values
from cypp_desktop.plan.blocks import Block, List, Paragraph, Table, parse
from cypp_desktop.plan.levels import LEVELS
from cypp_desktop.plan.model import Update
from cypp_desktop.plan.shape import link_types
from cypp_desktop.plan.signs import shown, shown_on_one_line
from cypp_desktop.plan.words import field_words, row_words
from cypp_desktop.store.changes import CREATED, to_json
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
    Kind.DELETED_AND_EDITED: "One deleted this and another edited it. It {} until someone decides.",
    Kind.OUTSIDE: "Nobody asked for this. It is left out unless you let it in.",
}
_WHY_OF_ROWS: Final[Mapping[Happening, str]] = {
    Happening.HELD_OUT: "The plan’s rules have no room for this as things stand, so it waits outside the "
    "plan.",
    Happening.GONE: "This was deleted, and is not in the plan anyway: there is nothing to do.",
}
_NOTHING: Final = "(nothing)"
_DELETED: Final = "(deleted)"


def explanation(question: Question) -> str:
    """Why the question is put, in a sentence or two."""
    stays, goes = _ways_of_row(question)
    reason = _WHY[question.kind].format(stays)
    if question.why:
        return f"{question.why} {reason}"
    if question.happening in _WHY_OF_ROWS:
        return _WHY_OF_ROWS[question.happening]
    altered = " It was edited outside the application." if question.altered else ""
    along = along_in_words(question)
    with_it = f" With it {goes} {along}." if along else ""
    return reason + with_it + altered


def _ways_of_row(question: Question) -> tuple[str, str]:
    """What a row does until someone decides about it, and what else may become of what goes along."""
    if not question.is_open:
        return "", "go"
    if question.in_plan or question.was is not None:
        return "stays", "stay or go"
    way = "back in" if question.was_deleted_here else "in"
    return f"comes {way}", f"come {way} or stay out"


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

    def __post_init__(self) -> None:
        """Nothing deceives who judges by these words."""
        for name in ("who", "detail", "words", "before"):
            words = getattr(self, name)
            if words is not None:
                object.__setattr__(self, name, shown(words))


class QuestionWords:
    """Says questions of one moment of a plan; ``review`` names rows that are not in it yet."""

    def __init__(self, session: Session, review: Review | None = None) -> None:
        coming: dict[tuple[str, str], Mapping[str, Any]] = {}
        listed = review.questions if review is not None else ()
        for question in (each for whole in listed for each in whole.whole):
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
        marked = [
            replace(each, before=before if before != each.words else None) if each.before is None else each
            for each in found
        ]
        return [*as_sent, *marked]

    def _of_sides(self, question: Question) -> list[Version]:
        if question.kind == Kind.DELETED_AND_EDITED:
            return self._deletion_and_edits(question)
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

    def _deletion_and_edits(self, question: Question) -> list[Version]:
        """A row that somebody deleted: what it says, who wants it gone, and what others wrote meanwhile."""
        found: list[Version] = []
        row = self._session.get(row_classes()[question.row_type], question.row_id)
        values = stored_values(row) if row is not None else question.value
        if values is not None:
            who = "As it stands" if row is not None else f"The {row_words(question.row_type)}"
            found.append(Version(who=who, words=self._row(question.row_type, values)))
        along = along_in_words(question)
        gone = f"{_DELETED}\nWith it: {along}" if along else _DELETED
        deleters = [side for side in question.sides if side.value is None]
        found += [Version(who=f"Deleted {_by(one)}", detail=_detail(one), words=gone) for one in deleters]
        return found + self._edits_at_stake(question)

    def _edits_at_stake(self, question: Question) -> list[Version]:
        """What was written without having seen the deletion, by who wrote it."""
        by_side: dict[tuple[str, str | None], list[AtStake]] = {}
        for edit in question.at_stake:
            if edit.row_type not in link_types():
                by_side.setdefault((edit.side.author, edit.side.file), []).append(edit)
        found: list[Version] = []
        for edits in by_side.values():
            side = edits[0].side
            said = [self._said(edit, edit.value) for edit in edits]
            was = [self._said(edit, edit.before) for edit in edits if edit.field != CREATED]
            found.append(
                Version(
                    who=f"Edited {_by(side)}",
                    detail=_detail(side),
                    words="\n\n".join(said),
                    before="\n\n".join(was) or None,
                )
            )
        return found

    def _said(self, edit: AtStake, value: Any) -> str:
        """What an edit says, under the row and field that it is of."""
        called = row_words(edit.row_type).capitalize()
        name = self._words.name(edit.row_type, edit.row_id) if edit.row_type in LEVELS else ""
        row = self._session.get(row_classes()[edit.row_type], edit.row_id)
        if isinstance(row, Update) and row.round is not None:
            called = f"{called} for {row.round.name}"
        if edit.field == CREATED:
            return f"New {row_words(edit.row_type)}:\n{self._row(edit.row_type, value)}"
        label = field_words(edit.row_type, edit.field)
        head = called if called.startswith(label) else f"{f'{called} {name}'.strip()}, {label.lower()}"
        return f"{head}:\n{self.value(edit.row_type, edit.field, value)}"

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
    who = side.organisation or side.author or "Another copy"
    return Version(who=who, detail=_detail(side), words=words, side=number)


def _by(side: Side) -> str:
    """Who says it, in the middle of a heading."""
    if side.file is None:
        return f"here, by {side.author}" if side.author else "here"
    return f"by {side.organisation or side.author or 'another copy'}"


def _detail(side: Side) -> str:
    """What more there is to say of who says something: of an organisation the person, and the file."""
    person = side.author if side.organisation else ""
    return ", ".join(filter(None, (person, side.file)))


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
    if question.happening == Happening.GONE:
        return (Answer.ACCEPT,)
    if question.happening == Happening.HELD_OUT and not question.in_plan:
        return (Answer.LEAVE,)
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
    who = shown_on_one_line(theirs[0].organisation or theirs[0].author or "Another copy")
    return f"Take {who if len(who) <= 24 else who[:23].rstrip() + '…'}’s"


def _answer_about_row(question: Question, answer: Answer) -> str:
    if answer == Answer.LEAVE:
        return "Leave open"
    if question.happening == Happening.GONE:
        return "Nothing to do"
    if answer == Answer.ACCEPT:
        if question.kind != Kind.PLAIN or Answer.THEIRS in offered(question):
            return "Accept"
        return _answer_about_row(question, Answer.THEIRS)
    if question.row_type in link_types():
        return "Leave it as it is" if answer in (Answer.OURS, Answer.KEEP) else "Accept"
    row = row_words(question.row_type)
    if question.kind != Kind.DELETED_AND_EDITED and question.ours is None:
        return f"Leave the {row} out" if answer == Answer.OURS else f"Take the {row} in"
    return _whether_row_stays(question, answer, row)


def _whether_row_stays(question: Question, answer: Answer, row: str) -> str:
    """An answer by which a row stays, or goes with what is in it; nothing is deleted that is not there."""
    is_edited = question.kind == Kind.DELETED_AND_EDITED and not question.in_plan
    if deletes_row(question, Decision(answer)):
        if is_edited and question.was is None:
            return f"Leave the {row} deleted" if question.was_deleted_here else f"Leave the {row} out"
        return f"Delete the {row} and what goes with it" if along_in_words(question) else f"Delete the {row}"
    if is_edited and question.was is None:
        way = f"Bring the {row} back" if question.was_deleted_here else f"Take the {row} in"
        return f"{way}, as edited"
    return f"Keep the {row}, as edited" if is_edited else f"Keep the {row}"
