"""What a plan itself waits for a person to decide or to read: any time after a merge."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy.engine import Connection

from cypp_desktop.merge.places import Places
from cypp_desktop.merge.question import Happening, Kind, Question, Side
from cypp_desktop.merge.report import file_of
from cypp_desktop.plan.base import fields_of, row_classes
from cypp_desktop.store import log
from cypp_desktop.store.changes import CREATED, DELETED, Change, value_in
from cypp_desktop.store.merge_log import files_of_merges
from cypp_desktop.store.union import MergeMark, marks

if TYPE_CHECKING:
    from cypp_desktop.store.plan_file import OpenPlan


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
    return sorted(questions, key=lambda question: (question.order, question.field))


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
        by_id = {change.id: change for change in changes}
        for id_, files in files_of_merges(connection, by_id).items():
            file = file_of(by_id[id_], files)
            if file is not None:
                self._files[id_] = file

    def sides(self, mark: MergeMark) -> tuple[Side, ...]:
        """What each head says, the plan's own first."""
        sides = [self._side(mark, head) for head in mark.heads]
        return tuple(sorted(sides, key=lambda side: side.file is not None))

    def _side(self, mark: MergeMark, head: Change) -> Side:
        value = _value_of(mark, head)
        file = self._files.get(head.id)
        if file is not None:
            organisation, name = file.get("organisation"), file.get("name", "another file")
            return Side(value, head.author, organisation, name, (head.id,))
        if head.file in self._own:
            return Side(value, head.author, changes=(head.id,))
        return Side(value, head.author, None, "another file", (head.id,))


def _value_of(mark: MergeMark, head: Change) -> Any:
    """What a head says of a marked field; of a marked row the values it was made with, None: deleted."""
    if mark.field != CREATED:
        return value_in(head, fields_of(row_classes()[mark.row_type])[mark.field])
    return None if head.field == DELETED else head.value
