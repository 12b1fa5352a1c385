"""Writes the change log: one change for each field that differs, for every write of any code.

The recorder listens to the session. Whatever a flush inserts, updates or deletes of the plan's
rows becomes changes of the step that is open; a write outside a step, and a bulk statement that
would pass the session by, is a bug and is refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy import Table, bindparam, event, insert, inspect, select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapper, ORMExecuteState, Session, UOWTransaction, object_session

from cypp_desktop.plan.base import Row, fields_of, row_classes, stored_values
from cypp_desktop.plan.identity import new_change_id
from cypp_desktop.store import schema
from cypp_desktop.store.changes import CREATED, DELETED, Change, to_json

RowKey = tuple[str, str]
_SEARCH_AT_ONCE = 400


@dataclass(slots=True)
class OpenStep:
    """The step under way: what its changes say of themselves, and what it has touched so far."""

    id: str
    name: str
    author: str
    file: str
    at: str
    kind: str
    target: str | None = None
    sitting: str | None = None
    stored: bool = False
    ends_redo: bool = True
    added: set[RowKey] = field(default_factory=set)
    removed: set[RowKey] = field(default_factory=set)
    edited: dict[RowKey, set[str]] = field(default_factory=dict)


@dataclass(slots=True)
class _Draft:
    row: Row
    kind: str  # "added", "edited" or "removed"
    fields: tuple[str, ...] = ()


def attach(session: Session) -> None:
    """Make every flush of ``session`` record itself; ``session.info["step"]`` is the open step."""
    event.listen(session, "after_flush", _after_flush)
    event.listen(session, "do_orm_execute", _refuse_bulk_writes)


def insert_new(session: Session, rows: Sequence[Row]) -> None:
    """Insert many rows made just now, none of which the plan has ever held, and record them.

    Some ten times faster than adding them to the session, which never sees these objects: load them
    anew where they are wanted. For bringing in whole plans.
    """
    step: OpenStep = session.info["step"]
    session.flush()
    connection = session.connection()
    if not step.stored:
        _store_step(connection, step)
    by_type: dict[str, list[Row]] = {}
    for row in rows:
        by_type.setdefault(row.row_type, []).append(row)
    recording = _Recording(connection, step)
    for row_type, cls in row_classes().items():
        listed = by_type.get(row_type, ())
        names = [column.key for column in cls.__table__.columns]
        if listed:
            values = [{name: getattr(row, name) for name in names} for row in listed]
            connection.execute(insert(cast(Table, cls.__table__)), values)
        for row in listed:
            recording.add_new(row)
    recording.write()


def _refuse_bulk_writes(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        raise RuntimeError("a bulk statement would change the plan without a record: use the editor")


@event.listens_for(Row, "after_insert", propagate=True)
def _inserted(mapper: Mapper[Row], connection: Connection, row: Row) -> None:
    _draft(row, _Draft(row, "added"))


@event.listens_for(Row, "after_update", propagate=True)
def _updated(mapper: Mapper[Row], connection: Connection, row: Row) -> None:
    state = inspect(row)
    touched = tuple(
        name
        for name, field_ in fields_of(type(row)).items()
        if any(state.attrs[column].history.has_changes() for column in field_.columns)
    )
    if touched:
        _draft(row, _Draft(row, "edited", touched))


@event.listens_for(Row, "after_delete", propagate=True)
def _deleted(mapper: Mapper[Row], connection: Connection, row: Row) -> None:
    _draft(row, _Draft(row, "removed"))


def _draft(row: Row, draft: _Draft) -> None:
    session = object_session(row)
    assert session is not None
    if session.info.get("step") is None:
        raise RuntimeError("a plan is written only within a named step of the editor")
    session.info.setdefault("drafts", []).append(draft)


def _after_flush(session: Session, context: UOWTransaction) -> None:
    drafts: list[_Draft] = session.info.pop("drafts", [])
    if not drafts:
        return
    step: OpenStep = session.info["step"]
    connection = session.connection()
    if not step.stored:
        _store_step(connection, step)
    _Recording(connection, step).record(drafts)


def _store_step(connection: Connection, step: OpenStep) -> None:
    if step.kind == "do" and step.ends_redo:
        connection.execute(
            schema.step.update().where(schema.step.c.state == "undone").values(state="dropped")
        )
    connection.execute(
        schema.step.insert(),
        {
            "id": step.id,
            "name": step.name,
            "author": step.author,
            "at": step.at,
            "kind": step.kind,
            "target": step.target,
            "state": "done",
            "sitting": step.sitting,
        },
    )
    step.stored = True


class _Recording:
    """The changes of one flush, read against the log and written to it in one go."""

    def __init__(self, connection: Connection, step: OpenStep) -> None:
        self.connection = connection
        self.step = step
        self.fresh: list[dict[str, Any]] = []
        self.passed: list[dict[str, str]] = []
        self.made: dict[str, dict[str, Any]] = {}

    def record(self, drafts: Iterable[_Draft]) -> None:
        listed = list(drafts)
        logs = self._logs({draft.row.id for draft in listed})
        for draft in listed:
            key = (draft.row.row_type, draft.row.id)
            log = logs.get(draft.row.id, {})
            if draft.kind == "added":
                self._added(key, draft.row, log)
            elif draft.kind == "edited":
                self._edited(key, draft.row, log, draft.fields)
            else:
                self._removed(key, draft.row, log)
        self.write()

    def add_new(self, row: Row) -> None:
        """Record a row of which the log cannot know anything yet."""
        self._added((row.row_type, row.id), row, {})

    def write(self) -> None:
        """Put what was gathered into the log."""
        if self.passed:
            self.connection.execute(_NO_LONGER_HEAD, self.passed)
        if self.fresh:
            self.connection.execute(schema.change.insert(), self.fresh)

    # -- the three kinds of write

    def _added(self, key: RowKey, row: Row, log: Mapping[str, list[Change]]) -> None:
        values = stored_values(row)
        self.step.removed.discard(key)
        self.step.added.add(key)
        if not log:
            self._write(key, CREATED, None, values, ())
            return
        # made again under the id it had: it lives again, and fields that differ are edits
        tips = log.get(DELETED, [])
        self._write(key, DELETED, True, False, tuple(tip.id for tip in tips))
        self._edited(key, row, log, tuple(fields_of(type(row))))

    def _edited(self, key: RowKey, row: Row, log: Mapping[str, list[Change]], names: Iterable[str]) -> None:
        values = stored_values(row)
        for name in names:
            field_ = fields_of(type(row))[name]
            value = field_.value_of(values)
            tips = log.get(name) or log.get(CREATED, [])
            before = tips[0].value if tips and tips[0].field == name else None
            if tips and tips[0].field == CREATED:
                before = field_.value_of({**dict.fromkeys(field_.columns), **tips[0].value})
            if len(tips) == 1 and to_json(before) == to_json(value):
                continue
            if key not in self.step.added:
                self.step.edited.setdefault(key, set()).add(name)
            if len(tips) == 1 and tips[0].step == self.step.id:
                self._amend(tips[0], name, field_.as_columns(value), value)
            else:
                self._write(key, name, before, value, tuple(tip.id for tip in tips))

    def _removed(self, key: RowKey, row: Row, log: Mapping[str, list[Change]]) -> None:
        self.step.edited.pop(key, None)
        created_here = any(c.step == self.step.id for c in log.get(CREATED, ()))
        if key in self.step.added:
            self.step.added.discard(key)
        else:
            self.step.removed.add(key)
        if created_here:
            self.connection.execute(schema.change.delete().where(schema.change.c.row_id == key[1]))
            return
        parents = [tip.id for tips in log.values() for tip in tips]
        self._write(key, DELETED, _last_values(row, log), True, tuple(sorted(parents)))

    # -- writing

    def _write(self, key: RowKey, name: str, before: Any, value: Any, parents: tuple[str, ...]) -> None:
        self.passed += ({"passed": parent, "of_field": name} for parent in parents)
        self.fresh.append(
            {
                "id": new_change_id(),
                "is_head": 1,
                "row_type": key[0],
                "row_id": key[1],
                "field": name,
                "before": to_json(before),
                "value": to_json(value),
                "parents": to_json(list(parents)),
                "author": self.step.author,
                "file": self.step.file,
                "at": self.step.at,
                "step": self.step.id,
            }
        )

    def _amend(self, tip: Change, name: str, columns: dict[str, Any], value: Any) -> None:
        """The step has changed this field before: its change says the new value instead."""
        table = schema.change
        if tip.field == CREATED:
            # several fields of a row made in this step may be amended one after the other
            value = self.made[tip.id] = {**self.made.get(tip.id, tip.value), **columns}
        elif to_json(tip.before) == to_json(value):
            self.connection.execute(table.delete().where(table.c.id == tip.id))
            self.connection.execute(
                table.update().where(table.c.id.in_(tip.parents), table.c.field == name).values(is_head=1)
            )
            return
        self.connection.execute(
            table.update().where(table.c.id == tip.id).values(value=to_json(value), at=self.step.at)
        )

    def _logs(self, row_ids: set[str]) -> dict[str, dict[str, list[Change]]]:
        """The heads of every field of the given rows, by row and field."""
        found: dict[str, dict[str, list[Change]]] = {}
        waiting = sorted(row_ids)
        for at in range(0, len(waiting), _SEARCH_AT_ONCE):
            some = waiting[at : at + _SEARCH_AT_ONCE]
            for change in read_changes(
                self.connection, schema.change.c.row_id.in_(some), schema.change.c.is_head == 1
            ):
                found.setdefault(change.row_id, {}).setdefault(change.field, []).append(change)
        return found


def _last_values(row: Row, log: Mapping[str, list[Change]]) -> dict[str, Any]:
    """The stored values of a row before its deletion, from the log: the row itself is gone by now."""
    values: dict[str, Any] = dict(log[CREATED][0].value)
    for name, field_ in fields_of(type(row)).items():
        if name in log:
            values.update(field_.as_columns(log[name][0].value))
    return values


_NO_LONGER_HEAD = (
    schema.change.update()
    .where(schema.change.c.id == bindparam("passed"), schema.change.c.field == bindparam("of_field"))
    .values(is_head=0)
)

_COLUMNS = tuple(
    schema.change.c[name]
    for name in (
        "id", "row_type", "row_id", "field", "before", "value", "parents", "author", "file", "at", "step",
    )
)  # fmt: skip


def read_changes(connection: Connection, *where: Any) -> list[Change]:
    """The recorded changes that meet the conditions, oldest first."""
    rows = connection.execute(select(*_COLUMNS).where(*where).order_by(schema.change.c.seq))
    return [
        Change(
            id_, type_, row_id, name, json.loads(before), json.loads(value), tuple(json.loads(parents)), *rest
        )
        for id_, type_, row_id, name, before, value, parents, *rest in rows
    ]
