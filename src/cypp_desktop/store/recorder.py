"""Writes the change log: one change for each field that differs, for every write of any code.

The recorder listens to the session. Whatever a flush inserts, updates or deletes of the plan's
rows becomes changes of the step that is open; a write outside a step, and a bulk statement that
would pass the session by, is a bug and is refused.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any, cast

from sqlalchemy import Table, bindparam, event, insert, inspect
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapper, ORMExecuteState, Session, UOWTransaction, object_session

from cypp_desktop.errors import PlanRuleBroken
from cypp_desktop.plan.base import Field, Row, column_value, fields_of, row_classes, stored_values
from cypp_desktop.plan.identity import new_change_id
from cypp_desktop.store import log as change_log
from cypp_desktop.store import schema
from cypp_desktop.store.changes import (
    CREATED,
    DELETED,
    Change,
    by_field,
    effective_heads,
    field_state,
    heads_of_field,
    parents_to_reopen,
    reopened_heads,
    to_json,
    value_in,
)
from cypp_desktop.store.log import RowKey
from cypp_desktop.store.materialise import held_rows, materialise_rows
from cypp_desktop.store.schema import StepKind, StepState


@dataclass(slots=True, kw_only=True)
class OpenStep:
    """The step under way: what its changes say of themselves, and what it has touched so far.

    ``stored`` says whether it is on record already, ``ends_redo`` whether steps that were undone can then be
    redone no more, and ``decides`` whether it has decided between several heads.
    """

    id: str
    name: str
    author: str
    file: str
    at: str
    kind: StepKind
    target: str | None = None
    sitting: str | None = None
    stored: bool = False
    ends_redo: bool = True
    decides: bool = False
    added: set[RowKey] = field(default_factory=set)
    removed: set[RowKey] = field(default_factory=set)
    edited: dict[RowKey, set[str]] = field(default_factory=dict)


class _DraftKind(Enum):
    ADDED = auto()
    EDITED = auto()
    REMOVED = auto()


@dataclass(slots=True)
class _Draft:
    """A write of a row, seen during a flush and recorded after it."""

    row: Row
    kind: _DraftKind
    fields: tuple[str, ...] = ()

    @property
    def key(self) -> RowKey:
        return self.row.row_type, self.row.id


def attach(session: Session) -> None:
    """Make every flush of ``session`` record itself; ``session.info["step"]`` is the open step."""
    event.listen(session, "after_flush", _after_flush)
    event.listen(session, "before_commit", _materialise_dependent_rows)
    event.listen(session, "do_orm_execute", _refuse_bulk_writes)


def insert_new(session: Session, rows: Sequence[Row]) -> None:
    """Insert many rows made just now, none of which the plan has ever held, and record them.

    Some ten times faster than adding them to the session, which never sees these objects: load them
    anew where they are wanted. For bringing in whole plans.
    """
    session.flush()
    recording = _recording(session)
    connection = recording.connection
    by_type: dict[str, list[Row]] = {}
    for row in rows:
        by_type.setdefault(row.row_type, []).append(row)
    for row_type, cls in row_classes().items():
        listed = by_type.get(row_type, ())
        names = [column.key for column in cls.__table__.columns]
        if listed:
            values = [{name: getattr(row, name) for name in names} for row in listed]
            connection.execute(insert(cast(Table, cls.__table__)), values)
        for row in listed:
            recording.add_new(row)
    recording.write()


def decide(session: Session, row: Row, name: str, value: Any) -> None:
    """Decide what a field says that has several heads: one change that names them all, in the open step.

    Also where the field says just that already. ``value`` is a stored value; a mapping for a field group.
    The row says so when the step ends, together with the rows that depend on it.
    """
    session.flush()
    cls = type(row)
    field_ = fields_of(cls)[name]
    if not _recording(session).decide(row, field_, value):
        for column, stored in field_.as_columns(value).items():
            setattr(row, column, column_value(cls, column, stored))


def keep(session: Session, rows: Iterable[Row]) -> None:
    """Decide that rows stay which one person deleted and another edited, in the open step."""
    session.flush()
    _recording(session).keep(list(rows))


def reopen(session: Session, row: Row, name: str, value: Any, stand_again: Collection[str]) -> None:
    """Take back, in the open step, what was decided between changes of a field (or ``*deleted``).

    ``stand_again`` are the ids of these changes: they are its heads again. The row says so when the step
    ends. ``value`` is what it said before the decision.
    """
    session.flush()
    _recording(session).reopen(row, name, value, stand_again)


def store_step(session: Session) -> OpenStep:
    """The open step, put on record even before it has changed anything through the session."""
    step: OpenStep = session.info["step"]
    if not step.stored:
        _store_step(session.connection(), step)
    return step


def _recording(session: Session) -> _Recording:
    return _Recording(session.connection(), store_step(session))


def _materialise_dependent_rows(session: Session) -> None:
    """Bring rows into the plan, or take them out, that are there or not because of rows of this step.

    There are such rows only after a merge.
    """
    step: OpenStep | None = session.info.get("step")
    if step is None or step.kind in (StepKind.MERGE, StepKind.UNMERGE):
        return  # the union of changes has done it for all that it touched
    connection = session.connection()
    is_plain = step.kind in (StepKind.DO, StepKind.IMPORT) and not step.decides
    if is_plain and not held_rows(connection):
        return  # what undo and redo bring back may need rows that such a step took away
    touched = materialise_rows(connection, {*step.added, *step.removed, *step.edited})
    if touched:
        step.added |= touched.added
        step.removed |= touched.removed
        for key, names in touched.edited.items():
            step.edited.setdefault(key, set()).update(names)
        session.expire_all()


def _refuse_bulk_writes(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        raise RuntimeError("a bulk statement would change the plan without a record: use the editor")


@event.listens_for(Row, "after_insert", propagate=True)
def _inserted(mapper: Mapper[Row], connection: Connection, row: Row) -> None:
    _draft(row, _Draft(row, _DraftKind.ADDED))


@event.listens_for(Row, "after_update", propagate=True)
def _updated(mapper: Mapper[Row], connection: Connection, row: Row) -> None:
    state = inspect(row)
    touched: list[str] = []
    for name, field_ in fields_of(type(row)).items():
        if any(state.attrs[column].history.has_changes() for column in field_.columns):
            touched.append(name)
    if touched:
        _draft(row, _Draft(row, _DraftKind.EDITED, tuple(touched)))


@event.listens_for(Row, "after_delete", propagate=True)
def _deleted(mapper: Mapper[Row], connection: Connection, row: Row) -> None:
    _draft(row, _Draft(row, _DraftKind.REMOVED))


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
    _recording(session).record(drafts)


def _store_step(connection: Connection, step: OpenStep) -> None:
    if step.kind == StepKind.DO and step.ends_redo:
        undone = schema.step.c.state == StepState.UNDONE
        connection.execute(schema.step.update().where(undone).values(state=StepState.DROPPED))
    connection.execute(
        schema.step.insert(),
        {
            "id": step.id,
            "name": step.name,
            "author": step.author,
            "at": step.at,
            "kind": step.kind,
            "target": step.target,
            "state": StepState.DONE,
            "sitting": step.sitting,
        },
    )
    step.stored = True


class _RowLog:
    """What is recorded of one row: its heads by field, and where these are not enough all of its changes."""

    def __init__(
        self, heads: Iterable[Change] = (), every: Iterable[Change] = (), own: Collection[str] = ()
    ) -> None:
        self._heads = by_field(heads)
        self._every = by_field(every)
        self._own = own

    def __bool__(self) -> bool:
        return bool(self._heads)

    @property
    def created(self) -> list[Change]:
        """The creations of the row; two where two people made it apart."""
        return self._heads.get(CREATED, [])

    @property
    def deletions(self) -> list[Change]:
        """The heads that say whether the row is deleted."""
        return self._heads.get(DELETED, [])

    def head_ids(self) -> list[str]:
        """The ids of all heads of the row."""
        return [head.id for heads in self._heads.values() for head in heads]

    def says_deleted(self) -> bool:
        """Whether an effective head says that the row is deleted."""
        counting = effective_heads(self.deletions, self._every.get(DELETED, ()))
        return any(head.value for head in counting)

    def heads(self, name: str) -> list[Change]:
        """The heads of a field; the row's creation, where nothing has changed the field since."""
        return heads_of_field((self._every or self._heads).get(name, ()), self.created)

    def value(self, field_: Field) -> Any:
        """What the field says; None where nothing is recorded of it."""
        heads = self.heads(field_.name)
        if not heads:
            return None
        if len(heads) == 1 and not reopened_heads(heads[0]):
            return value_in(heads[0], field_)
        return field_state(field_, self._every.get(field_.name, ()), self.created, self._own).value


class _Recording:
    """The changes of one flush, read against the log and written to it in one go.

    ``fresh`` are the rows of the log to be written, ``passed`` the heads that these replace, and ``made`` is
    what the creations of rows say that were amended since.
    """

    def __init__(self, connection: Connection, step: OpenStep) -> None:
        self.connection = connection
        self.step = step
        self.fresh: list[dict[str, Any]] = []
        self.passed: list[dict[str, str]] = []
        self.made: dict[str, dict[str, Any]] = {}

    def record(self, drafts: Iterable[_Draft]) -> None:
        listed = list(drafts)
        logs = self._logs({draft.key for draft in listed})
        for draft in listed:
            log = logs.get(draft.key, _RowLog())
            match draft.kind:
                case _DraftKind.ADDED:
                    self._added(draft.key, draft.row, log)
                case _DraftKind.EDITED:
                    self._edited(draft.key, draft.row, log, draft.fields)
                case _DraftKind.REMOVED:
                    self._removed(draft.key, draft.row, log)
        self.write()

    def add_new(self, row: Row) -> None:
        """Record a row of which the log cannot know anything yet."""
        self._added((row.row_type, row.id), row, _RowLog())

    def write(self) -> None:
        """Put what was gathered into the log."""
        if self.passed:
            self.connection.execute(_NO_LONGER_HEAD, self.passed)
        if self.fresh:
            self.connection.execute(schema.change.insert(), self.fresh)

    # -- decisions

    def decide(self, row: Row, field_: Field, value: Any) -> bool:
        """Record that all heads of a field were seen, unless there is but one (any more)."""
        key = (row.row_type, row.id)
        log = self._logs({key}).get(key, _RowLog())
        heads = log.heads(field_.name)
        if len(heads) == 1 and not reopened_heads(heads[0]):
            return False
        if heads:
            self.step.decides = True
            self.step.edited.setdefault(key, set()).add(field_.name)
            self._write(key, field_.name, log.value(field_), value, tuple(head.id for head in heads))
            self.write()
        return bool(heads)

    def keep(self, rows: Iterable[Row]) -> None:
        """Record that the deletions of these rows were seen and do not hold."""
        keys = [(row.row_type, row.id) for row in rows]
        logs = self._logs(set(keys))
        for key in keys:
            log = logs.get(key)
            if log is not None and log.says_deleted():
                self.step.edited.setdefault(key, set())
                self._write(key, DELETED, False, False, tuple(sorted(head.id for head in log.deletions)))
        self.write()

    def reopen(self, row: Row, name: str, value: Any, stand_again: Collection[str]) -> None:
        """Record that a decision does not hold any more: what this step has written, or what now holds,
        gives way to the changes of these ids.
        """
        key = (row.row_type, row.id)
        log = self._logs({key})[key]
        heads = log.deletions if name == DELETED else log.heads(name)
        if len(heads) != 1:
            raise PlanRuleBroken("This is open again already, so the decision about it cannot be taken back.")
        if key not in self.step.added:
            self.step.edited.setdefault(key, set()).update({name} - {DELETED})
        (last,) = heads
        if last.step == self.step.id:
            parents = to_json(list(parents_to_reopen(last.parents[0], stand_again)))
            table = schema.change
            self.connection.execute(table.update().where(table.c.id == last.id).values(parents=parents))
            return
        decided = False if name == DELETED else log.value(fields_of(type(row))[name])
        self._write(key, name, decided, value, parents_to_reopen(last.id, stand_again))
        self.write()

    # -- the three kinds of write

    def _added(self, key: RowKey, row: Row, log: _RowLog) -> None:
        values = stored_values(row)
        self.step.removed.discard(key)
        self.step.added.add(key)
        if not log:
            self._write(key, CREATED, None, values, ())
            return
        # made again under the id it had: it lives again, and fields that differ are edits
        self._write(key, DELETED, True, False, tuple(head.id for head in log.deletions))
        self._edited(key, row, log, tuple(fields_of(type(row))))

    def _edited(self, key: RowKey, row: Row, log: _RowLog, names: Iterable[str]) -> None:
        values = stored_values(row)
        for name in names:
            field_ = fields_of(type(row))[name]
            value, before = field_.value_of(values), log.value(field_)
            heads = log.heads(name)
            if heads and to_json(before) == to_json(value):
                continue
            if key not in self.step.added:
                self.step.edited.setdefault(key, set()).add(name)
            if len(heads) == 1 and heads[0].step == self.step.id:
                self._amend(heads[0], name, field_.as_columns(value), value)
            else:
                self._write(key, name, before, value, tuple(head.id for head in heads))

    def _removed(self, key: RowKey, row: Row, log: _RowLog) -> None:
        self.step.edited.pop(key, None)
        created_here = any(creation.step == self.step.id for creation in log.created)
        if key in self.step.added:
            self.step.added.discard(key)
        else:
            self.step.removed.add(key)
        if created_here:
            self.connection.execute(schema.change.delete().where(schema.change.c.row_id == key[1]))
            return
        self._write(key, DELETED, _last_values(row, log), True, tuple(sorted(log.head_ids())))

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

    def _amend(self, head: Change, name: str, columns: dict[str, Any], value: Any) -> None:
        """The step has changed this field before: its change says the new value instead."""
        table = schema.change
        if head.field == CREATED:
            # several fields of a row made in this step may be amended one after the other
            value = self.made[head.id] = {**self.made.get(head.id, head.value), **columns}
        elif to_json(head.before) == to_json(value):
            self.connection.execute(table.delete().where(table.c.id == head.id))
            self.connection.execute(
                table.update().where(table.c.id.in_(head.parents), table.c.field == name).values(is_head=1)
            )
            return
        self.connection.execute(
            table.update().where(table.c.id == head.id).values(value=to_json(value), at=self.step.at)
        )

    def _logs(self, keys: set[RowKey]) -> dict[RowKey, _RowLog]:
        """What is recorded of the given rows, by row; those of which nothing is are left out."""
        found = change_log.changes_of_rows(self.connection, (id_ for _, id_ in keys), only_heads=True)
        several = {key for key, heads in found.items() if change_log.needs_whole_history(heads)}
        every: dict[RowKey, list[Change]] = {}
        own: Collection[str] = ()
        if several:
            every = change_log.changes_of_rows(self.connection, (id_ for _, id_ in several))
            own = change_log.own_files(self.connection)
        return {key: _RowLog(heads, every.get(key, ()), own) for key, heads in found.items()}


def _last_values(row: Row, log: _RowLog) -> dict[str, Any]:
    """The stored values of a row before its deletion, from the log: the row itself is gone by now."""
    values: dict[str, Any] = dict(log.created[0].value)
    for field_ in fields_of(type(row)).values():
        values.update(field_.as_columns(log.value(field_)))
    return values


_NO_LONGER_HEAD = (
    schema.change.update()
    .where(schema.change.c.id == bindparam("passed"), schema.change.c.field == bindparam("of_field"))
    .values(is_head=0)
)
