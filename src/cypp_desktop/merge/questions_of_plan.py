"""What a plan itself waits for a person to decide or to read: any time after a merge."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy.engine import Connection

from cypp_desktop.merge.folding import edits_at_stake, fold, new_rows_at_stake
from cypp_desktop.merge.places import Places
from cypp_desktop.merge.question import AtStake, Happening, Kind, Question, Side
from cypp_desktop.merge.report import file_of
from cypp_desktop.plan.base import fields_of, row_classes
from cypp_desktop.store import log
from cypp_desktop.store.changes import CREATED, DELETED, Change, value_in
from cypp_desktop.store.materialise import stored_rows
from cypp_desktop.store.merge_log import files_of_merges
from cypp_desktop.store.union import MergeMark, marks

if TYPE_CHECKING:
    from cypp_desktop.store.plan_file import OpenPlan


#: Names of files in which the application looked at what a colleague saved; earlier plans remember them.
_STAGED: Final = ("theirs.cypp", "staged.cypp")


def questions_of_plan(plan: OpenPlan) -> list[Question]:
    """Everything that waits for a person, in the plan's order."""
    session = plan.editor.session
    try:
        connection = session.connection()
        return questions_from(connection, marks(connection))
    finally:
        session.rollback()


def questions_from(connection: Connection, found: Sequence[MergeMark]) -> list[Question]:
    """The marks of a plan as questions, in the plan's order."""
    places = _places_of(connection, found)
    senders = _Senders(connection, (head for mark in found for head in mark.heads))
    questions = []
    for mark in found:
        key = (mark.row_type, mark.row_id)
        question = Question(
            row_type=mark.row_type,
            row_id=mark.row_id,
            field=mark.field,
            kind=Kind(mark.kind),
            happening=_happening(mark),
            sides=senders.sides(mark),
            base=mark.base,
            value=mark.value,
            in_plan=True,
            place=places.place(key),
            order=places.order(key),
        )
        questions.append(question)
    questions = _folded(connection, questions, found, senders)
    return sorted(questions, key=lambda question: (question.order, question.field))


def _folded(
    connection: Connection, questions: Sequence[Question], found: Sequence[MergeMark], senders: _Senders
) -> list[Question]:
    """The questions, those about one deletion in one, with the edits that hang on it."""
    deletions = {
        (mark.row_type, mark.row_id): mark.heads for mark in found if mark.kind == Kind.DELETED_AND_EDITED
    }
    stored = stored_rows(connection, deletions)
    for question in questions:
        if question.is_row and question.row in stored:
            question.was = stored[question.row]
    steps = {key: frozenset(head.step for head in heads) for key, heads in deletions.items()}
    folded = fold(connection, questions, steps)
    changes = log.changes_of_rows(connection, (row_id for _, row_id in deletions), before=False)
    for question in folded:
        at_stake: list[AtStake] = []
        for key in (each.row for each in question.whole if each.row in deletions):
            at_stake += edits_at_stake(key, changes[key], deletions[key], senders.side)
        question.at_stake = (*at_stake, *new_rows_at_stake(connection, question, senders.side))
    return folded


def _places_of(connection: Connection, found: Sequence[MergeMark]) -> Places:
    """Where the rows of the marks stand; those that are held out would stand where they were made."""
    rows = {(mark.row_type, mark.row_id) for mark in found}
    held_out = {
        (mark.row_type, mark.row_id): mark.heads[0].value
        for mark in found
        if _happening(mark) == Happening.HELD_OUT
    }
    places = Places(connection)
    places.load(rows - held_out.keys(), held_out)
    return places


def _happening(mark: MergeMark) -> Happening:
    if mark.field != CREATED:
        return Happening.EDITED
    return Happening.KEPT if mark.kind == Kind.DELETED_AND_EDITED else Happening.HELD_OUT


class _Senders:
    """Who sent which change: the plan's own file, or a file that a merge brought in."""

    def __init__(self, connection: Connection, changes: Iterable[Change]) -> None:
        self._own = log.own_files(connection)
        self._files: dict[str, dict[str, Any]] = {}
        self._known: set[str] = set()
        self._connection = connection
        self._learn(changes)

    def _learn(self, changes: Iterable[Change]) -> None:
        by_id = {change.id: change for change in changes}
        self._known |= by_id.keys()
        for id_, files in files_of_merges(self._connection, by_id).items():
            file = file_of(by_id[id_], files)
            if file is not None:
                self._files[id_] = file

    def sides(self, mark: MergeMark) -> tuple[Side, ...]:
        """What each head says, the plan's own first."""
        sides = [self.side(head, _value_of(mark, head)) for head in mark.heads]
        return tuple(sorted(sides, key=lambda side: side.file is not None))

    def side(self, head: Change, value: Any) -> Side:
        """Who says a change."""
        if head.id not in self._known:
            self._learn([head])
        file = self._files.get(head.id)
        if file is not None:
            organisation, name = file.get("organisation"), file.get("name", "another file")
            if name in _STAGED:
                name = f"saved by {head.author} in this plan’s file"
            return Side(value, head.author, organisation, name, (head.id,))
        if head.file in self._own:
            return Side(value, head.author, changes=(head.id,))
        return Side(value, head.author, None, "another file", (head.id,))


def _value_of(mark: MergeMark, head: Change) -> Any:
    """What a head says of a marked field; of a marked row the values it was made with, None: deleted."""
    if mark.field != CREATED:
        return value_in(head, fields_of(row_classes()[mark.row_type])[mark.field])
    return None if head.field == DELETED else head.value
