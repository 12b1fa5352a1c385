"""What a plan still waits for a person to decide, and deciding it: any time after a merge."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy.engine import Connection

from cypp_desktop.errors import UsageError
from cypp_desktop.merge.places import Place, Places
from cypp_desktop.merge.proposals import Side
from cypp_desktop.merge.report import file_of
from cypp_desktop.merge.review import both, fitting
from cypp_desktop.plan.base import Row, fields_of, row_classes
from cypp_desktop.plan.words import field_words, row_words
from cypp_desktop.store import log, recorder
from cypp_desktop.store.changes import COMBINED, CONFLICT, CREATED, DELETED, Change, to_json, value_in
from cypp_desktop.store.commands import delete_rows
from cypp_desktop.store.log import RowKey
from cypp_desktop.store.short_names import short_name
from cypp_desktop.store.union import DELETED_AND_EDITED, Mark, marks

if TYPE_CHECKING:
    from cypp_desktop.store.plan_file import OpenPlan

#: How a question can be decided: the field's, and those of a row that one deleted and another edited.
FIELD_HOWS: Final = ("ours", "theirs", "both", "edit", "confirm")
ROW_HOWS: Final = ("keep", "delete")


@dataclass(frozen=True, slots=True)
class Question:
    """One place where the plan waits for a person.

    ``kind`` is conflict, combined (to be read) or deleted-and-edited; ``field`` is ``*`` for a whole row.
    ``value`` is what the plan says meanwhile, ``base`` what all began with. ``sides`` are what each says,
    ours first; of a row, who deleted it.
    """

    row_type: str
    row_id: str
    field: str
    kind: str
    place: Place
    label: str
    base: Any
    value: Any
    sides: tuple[Side, ...]
    order: tuple[tuple[int, str, str], ...]

    @property
    def is_open(self) -> bool:
        """Whether somebody has to decide; what was combined only waits to be read."""
        return self.kind != COMBINED

    def as_json(self) -> dict[str, Any]:
        """As the command line gives it."""
        return {
            "address": self.place.address,
            "place": self.place.words,
            "row_type": self.row_type,
            "row_id": self.row_id,
            "field": self.field,
            "label": self.label,
            "kind": self.kind,
            "base": self.base,
            "value": self.value,
            "sides": [
                {
                    "value": side.value,
                    "author": side.author,
                    "organisation": side.organisation,
                    "file": side.file,
                    "ours": side.file is None,
                }
                for side in self.sides
            ],
        }


def conflicts(plan: OpenPlan) -> list[Question]:
    """Everything that waits for a person, in the plan's order."""
    session = plan.editor.session
    try:
        return questions_of(session.connection())
    finally:
        session.rollback()


def questions_of(connection: Connection) -> list[Question]:
    """As :func:`conflicts`, of the plan behind a connection."""
    return questions_from(connection, marks(connection))


def questions_from(connection: Connection, found: Sequence[Mark]) -> list[Question]:
    """The marks of a plan as questions, in the plan's order."""
    rows = {(mark.row_type, mark.row_id) for mark in found}
    places = Places(connection)
    held = {
        (m.row_type, m.row_id): m.heads[0].value for m in found if m.field == CREATED and m.kind == CONFLICT
    }
    places.load(rows - held.keys(), held)
    senders = _Senders(connection, (head for mark in found for head in mark.heads))
    listed = [
        Question(
            mark.row_type, mark.row_id, mark.field, mark.kind, places.place((mark.row_type, mark.row_id)),
            _label(mark), mark.base, mark.value, senders.sides(mark),
            places.order((mark.row_type, mark.row_id)),
        )
        for mark in found
    ]  # fmt: skip
    return sorted(listed, key=lambda question: (question.order, question.field))


def _label(mark: Mark) -> str:
    if mark.field != CREATED:
        return field_words(mark.row_type, mark.field)
    kind = row_words(mark.row_type).capitalize()
    return (
        f"{kind} deleted by one, edited by another"
        if mark.kind == DELETED_AND_EDITED
        else f"{kind} has no place"
    )


class _Senders:
    """Who sent which change: the plan's own file, or a file that a merge brought in."""

    def __init__(self, connection: Connection, changes: Iterable[Change]) -> None:
        self._own = log.own_files(connection)
        self._files: dict[str, dict[str, Any]] = {}
        by_id = {change.id: change for change in changes}
        reports: dict[str, list[dict[str, Any]]] = {}
        for some in log.portions(by_id):
            marks = ",".join("?" * len(some))
            rows = connection.exec_driver_sql(
                "SELECT c.id, s.id, s.report FROM change AS c JOIN step AS s ON s.id = c.batch"
                f" WHERE c.id IN ({marks}) AND s.report IS NOT NULL",
                tuple(some),
            )
            for id_, batch, report in rows:
                if batch not in reports:
                    reports[batch] = json.loads(report).get("files", [])
                if (file := file_of(by_id[id_], reports[batch])) is not None:
                    self._files[id_] = file

    def sides(self, mark: Mark) -> tuple[Side, ...]:
        """The sides of a question, the holder's own first."""
        return tuple(
            sorted((self._side(mark, head) for head in mark.heads), key=lambda side: side.file is not None)
        )

    def _side(self, mark: Mark, head: Change) -> Side:
        cls = row_classes()[mark.row_type]
        value = head.value
        if mark.field != CREATED:
            value = value_in(head, fields_of(cls)[mark.field])
        elif head.field == DELETED:
            value = None
        file = self._files.get(head.id, {})
        if not file and head.file in self._own:
            return Side(value, head.author, changes=(head.id,))
        return Side(
            value, head.author, file.get("organisation"), file.get("name", "another file"), (head.id,)
        )


# ---------------------------------------------------------------------------------- deciding


def decide(
    plan: OpenPlan, row: Row | RowKey, field: str, how: str, value: Any = None, *, side: int | None = None
) -> None:
    """Decide a question, as one step that can be undone.

    ``how`` is ours, theirs (``side`` counts the sides of the question, where several are theirs), both,
    edit (to ``value``, a stored value) or confirm (what was combined is right); of a whole row (``field``
    ``*``) keep or delete. Raises UsageError where there is no such question or it cannot be so decided.
    """
    key = row if isinstance(row, tuple) else (row.row_type, row.id)
    question = next((q for q in conflicts(plan) if (q.row_type, q.row_id, q.field) == (*key, field)), None)
    editor = plan.editor
    found = editor.row(*key) if key[0] in row_classes() else None
    if question is None or found is None:
        raise UsageError("There is nothing to decide here (any more).")
    if question.field == CREATED:
        _decide_row(plan, found, how)
        return
    decided = _decided(question, how, value, side)
    words = question.label[:1].lower() + question.label[1:]
    with editor.step(f"Decide {words} of {question.place.words}") as session:
        recorder.decide(session, found, question.field, decided)


def _decide_row(plan: OpenPlan, row: Row, how: str) -> None:
    if how not in ROW_HOWS:
        raise UsageError("Someone deleted this and another edited it: keep it, or delete it.")
    if how == "delete":
        delete_rows(plan.editor, [row])
        return
    with plan.editor.step(f"Keep {short_name(row)}") as session:
        recorder.keep(session, [row])


def _decided(question: Question, how: str, value: Any, side: int | None) -> Any:
    field_ = fields_of(row_classes()[question.row_type])[question.field]
    ours = [one.value for one in question.sides if one.file is None]
    theirs = [one.value for one in question.sides if one.file is not None]
    if how == "edit":
        return fitting(question.row_type, field_, value)
    if how == "confirm" and question.kind == COMBINED:
        return question.value
    if how == "ours":
        return ours[0] if len(ours) == 1 else question.value
    if how == "both":
        return both(field_, [*ours, *theirs])
    if how == "theirs":
        chosen = [question.sides[side].value] if side is not None and side < len(question.sides) else theirs
        if len({to_json(one) for one in chosen}) != 1:
            raise UsageError("Several others say different things here. Choose whose version to take.")
        return chosen[0]
    raise UsageError(f"This cannot be decided by “{how}”. It can be: {', '.join(FIELD_HOWS)}.")


def open_only(questions: Sequence[Question]) -> list[Question]:
    """Those that somebody has to decide."""
    return [question for question in questions if question.is_open]
