"""What goes with what: the questions about the rows of one deletion are one question.

Who deletes a measure deletes its values, leads and updates with it, and who edits one of these unseen keeps
all of them. That is one thing to decide, about the outermost row; the questions about the others become its
``parts``, and the edits that hang on it stand there as ``at_stake``. Reads a plan and writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy.engine import Connection

from cypp_desktop.merge.question import AtStake, Happening, Kind, Question, Side
from cypp_desktop.plan.base import fields_of, row_classes
from cypp_desktop.plan.shape import links_of, within_one_outcome
from cypp_desktop.store import liveness, log
from cypp_desktop.store.changes import CREATED, DELETED, Change, RowState, heads, value_in
from cypp_desktop.store.log import RowKey
from cypp_desktop.store.materialise import stored_rows
from cypp_desktop.store.rows import rows_by, rows_naming

#: Who says a change: the author, and the file that brings it.
SideOf = Callable[[Change, Any], Side]


def fold(
    connection: Connection, questions: Sequence[Question], steps: Mapping[RowKey, frozenset[str]]
) -> list[Question]:
    """The questions, with those about a part of a deletion in the one about the whole of it.

    ``steps`` are the steps in which rows were deleted: what was deleted for itself, at another time or by
    somebody else, is decided for itself.
    """
    owners: dict[int, Question] = {}
    for group in _groups(questions):
        owners |= _Group(connection, group, steps).owners()
    found: list[Question] = []
    for question in questions:
        owner = owners.get(id(question))
        if owner is None:
            found.append(question)
            continue
        while (further := owners.get(id(owner))) is not None:
            owner = further
        owner.parts = (*owner.parts, question)
    for question in found:
        if question.parts:
            question.heads = tuple(sorted(head for each in question.whole for head in each.heads))
        if question.kind == Kind.DELETED_AND_EDITED:
            question.along = rows_along(connection, question.row)
            question.named_by = rows_naming_these(connection, (question.row, *question.along))
        elif question.parts:
            question.along = tuple(part.row for part in question.parts)
    return found


def _groups(questions: Sequence[Question]) -> list[list[Question]]:
    """Questions of which one can be a part of another: of rows that go, of rows that stay though somebody
    deleted them, and of deletions that nobody asked for.
    """
    rows = [question for question in questions if question.is_row]
    goes = [each for each in rows if each.kind == Kind.PLAIN and each.happening == Happening.DELETED]
    outside = [each for each in rows if each.kind == Kind.OUTSIDE and each.field == DELETED]
    kept = [each for each in rows if each.kind == Kind.DELETED_AND_EDITED]
    added = [each for each in rows if each.kind == Kind.PLAIN and each.happening == Happening.ADDED]
    return [goes, outside, [*kept, *added] if kept else []]


class _Group:
    """Finds of each question the one of which it is a part."""

    def __init__(
        self, connection: Connection, group: Sequence[Question], steps: Mapping[RowKey, frozenset[str]]
    ) -> None:
        self._connection = connection
        self._steps = steps
        self._by_row = {question.row: question for question in group}
        self._links = [question for question in group if question.row_type in within_one_outcome()]

    def owners(self) -> dict[int, Question]:
        """By the identity of a part, what it is a part of; what is new is a part only of what may go."""
        found: dict[int, Question] = {}
        for question in self._by_row.values():
            owner = self._owner(question)
            if owner is not None:
                found[id(question)] = owner
        for question in self._by_row.values():
            if question.happening == Happening.ADDED and question.kind != Kind.OUTSIDE:
                top = question
                while id(top) in found:
                    top = found[id(top)]
                if top.kind != Kind.DELETED_AND_EDITED:
                    found.pop(id(question), None)
        return found

    def _owner(self, question: Question) -> Question | None:
        values = _values(question)
        if links_of(question.row_type) is not None:
            measure = self._measure_of_text(question)
            if measure is not None:
                return measure
        for reference in liveness.references(question.row_type):
            named = values.get(reference.column)
            owner = self._by_row.get((reference.target, named)) if reference.required and named else None
            if owner is not None and self._goes_with(question, owner):
                return owner
        return None

    def _measure_of_text(self, text: Question) -> Question | None:
        """The measure with which an update or action goes: it covers no other that stays."""
        column = f"{text.row_type}_id"
        covered = {
            _values(link)["measure_id"] for link in self._links if _values(link).get(column) == text.row_id
        }
        link = links_of(text.row_type)
        assert link is not None
        covered |= {
            row["measure_id"]
            for row in rows_by(self._connection, link, ("measure_id",), column, [text.row_id])
        }
        measures = [self._by_row.get(("measure", id_)) for id_ in sorted(covered)]
        if not measures or any(each is None or not self._goes_with(text, each) for each in measures):
            return None
        return measures[0]

    def _goes_with(self, part: Question, whole: Question) -> bool:
        if part.happening == Happening.ADDED and part.kind != Kind.OUTSIDE:
            return True
        steps, of_whole = self._steps.get(part.row), self._steps.get(whole.row)
        return steps is not None and of_whole is not None and steps <= of_whole


def _values(question: Question) -> Mapping[str, Any]:
    """The columns of the row that a question is about."""
    for values in (question.value, question.was, question.base):
        if isinstance(values, Mapping):
            return values
    return {}


# ---------------------------------------------------------------------------------- what would go


def rows_along(connection: Connection, key: RowKey) -> tuple[RowKey, ...]:
    """The rows of the plan that would go with one: those that cannot be without it, and texts that cover
    nothing else.
    """
    found = dict.fromkeys([key])
    waiting = [key]
    while waiting:
        named = _rows_that_need(connection, waiting)
        named += _sole_texts(connection, [row for row in waiting if row[0] == "measure"], found)
        waiting = [row for row in dict.fromkeys(named) if row not in found]
        found |= dict.fromkeys(waiting)
    return tuple(row for row in found if row != key)


def _rows_that_need(connection: Connection, rows: Iterable[RowKey]) -> list[RowKey]:
    by_type: dict[str, list[str]] = {}
    for row_type, row_id in rows:
        by_type.setdefault(row_type, []).append(row_id)
    found: list[RowKey] = []
    for row_type, ids in by_type.items():
        for other, column in liveness.referrers(row_type):
            if liveness.needs(other, column):
                found += ((other, id_) for id_ in rows_naming(connection, other, column, ids))
    return found


def _sole_texts(connection: Connection, measures: Iterable[RowKey], going: Iterable[RowKey]) -> list[RowKey]:
    """The updates and actions that cover only measures that go."""
    ids = [row_id for _, row_id in measures]
    if not ids:
        return []
    gone = {row_id for row_type, row_id in going if row_type == "measure"}
    found: list[RowKey] = []
    for text, link in ((text, links_of(text)) for text in row_classes()):
        if link is None:
            continue
        column = f"{text}_id"
        texts = [row[column] for row in rows_by(connection, link, (column,), "measure_id", ids)]
        others: dict[str, set[str]] = {}
        for row in rows_by(connection, link, (column, "measure_id"), column, texts):
            others.setdefault(row[column], set()).add(row["measure_id"])
        found += [(text, id_) for id_, covered in others.items() if covered <= gone]
    return found


def rows_naming_these(connection: Connection, rows: Sequence[RowKey]) -> tuple[RowKey, ...]:
    """The other rows of the plan that name one of these."""
    by_type: dict[str, list[str]] = {}
    for row_type, row_id in rows:
        by_type.setdefault(row_type, []).append(row_id)
    found: list[RowKey] = []
    for row_type, ids in by_type.items():
        for other, column in liveness.referrers(row_type):
            found += ((other, id_) for id_ in rows_naming(connection, other, column, ids))
    return tuple(row for row in dict.fromkeys(found) if row not in set(rows))


class Naming:
    """Which of the rows that were looked at name which others, and cannot be without them."""

    def __init__(self, states: Mapping[RowKey, RowState]) -> None:
        self._named_by: dict[RowKey, list[tuple[RowKey, bool]]] = {}
        for key, state in states.items():
            if state.live:
                for reference, target in liveness.targets(state):
                    self._named_by.setdefault(target, []).append((key, reference.required))

    def along(self, key: RowKey) -> tuple[RowKey, ...]:
        """The rows that cannot be without a new one."""
        found = dict.fromkeys([key])
        waiting = [key]
        while waiting:
            needing = [row for at in waiting for row, needs in self._named_by.get(at, ()) if needs]
            waiting = [row for row in dict.fromkeys(needing) if row not in found]
            found |= dict.fromkeys(waiting)
        return tuple(row for row in found if row != key)

    def others(self, rows: Sequence[RowKey]) -> tuple[RowKey, ...]:
        """The other rows that name one of these."""
        found = dict.fromkeys(row for at in rows for row, _ in self._named_by.get(at, ()))
        return tuple(row for row in found if row not in set(rows))


# ---------------------------------------------------------------------------------- what hangs on it


def edits_at_stake(
    key: RowKey, changes: Sequence[Change], deletions: Sequence[Change], side_of: SideOf
) -> list[AtStake]:
    """What somebody wrote of a row without having seen that it was deleted."""
    seen = {parent for deletion in deletions for parent in deletion.parents}
    fields = fields_of(row_classes()[key[0]])
    by_field: dict[str, list[Change]] = {}
    for change in changes:
        by_field.setdefault(change.field, []).append(change)
    created = by_field.pop(CREATED, [])
    found: list[AtStake] = []
    for name, of_field in by_field.items():
        if name not in fields:
            continue
        field = fields[name]
        known = [value_in(each, field) for each in (*created, *of_field) if each.id in seen]
        for head in heads(of_field):
            if head.id not in seen:
                value = value_in(head, field)
                before = known[-1] if known else None
                found.append(AtStake(*key, name, before, value, side_of(head, value)))
    return found


def new_rows_at_stake(connection: Connection, question: Question, side_of: SideOf) -> list[AtStake]:
    """What would go with a row and was made without anybody having deleted it."""
    parts = {each.row for each in question.whole}
    keys = [key for key in question.along if key not in parts]
    made = log.changes_of_rows(connection, (row_id for _, row_id in keys), before=False)
    new = [key for key in keys if all(change.field != DELETED for change in made[key])]
    stored = stored_rows(connection, new)
    found: list[AtStake] = []
    for key in new:
        creation = next(change for change in made[key] if change.field == CREATED)
        found.append(AtStake(*key, CREATED, None, stored[key], side_of(creation, stored[key])))
    return found
