"""Leaves the drafts of whoever answers a return out of its file: what was overwritten, undone or thrown away.

Of what was written since the return was sent, or since it was last finished, only what holds now stays. It
names as its parents what the plan knows: changes that were sent out, and those that stood in a finished file.
Called when a return is finished, within one transaction.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy.engine import Connection

from cypp_desktop.plan.base import Field, fields_of, row_classes
from cypp_desktop.plan.identity import new_change_id
from cypp_desktop.store import log, schema
from cypp_desktop.store.changes import (
    CREATED,
    DELETED,
    Change,
    RowState,
    by_field,
    effective_heads,
    heads,
    reopens,
    row_state,
    to_json,
)
from cypp_desktop.store.log import RowKey
from cypp_desktop.store.materialise import materialise_rows, stored_rows
from cypp_desktop.store.schema import StepKind, StepState
from cypp_desktop.store.sqlite_queries import meta_values

#: What a return says of itself: the ids of the steps under which finished files hold what was written.
FINISHED_STEPS = "finished_steps"


def finished_steps(connection: Connection) -> list[str]:
    """The ids of the steps by which this return, or another copy of it that was taken in, was finished."""
    return _steps_in(log.meta(connection, FINISHED_STEPS))


def steps_in(db: sqlite3.Connection) -> list[str]:
    """The same, of a file that is open to be read and that nobody vouches for. Raises sqlite3.Error."""
    return _steps_in(meta_values(db, (FINISHED_STEPS,)).get(FINISHED_STEPS))


def _steps_in(words: str | None) -> list[str]:
    """The ids that a file names; none where it names something else."""
    try:
        found = json.loads(words or "[]")
    except (ValueError, RecursionError):
        return []
    return [id_ for id_ in found if isinstance(id_, str)] if isinstance(found, list) else []


def add_finished_steps(connection: Connection, steps: Iterable[str]) -> None:
    """Have a return know that another copy of it was finished under these steps."""
    known = finished_steps(connection)
    found = [*known, *(step for step in steps if step not in known)]
    if found != known:
        log.set_meta(connection, FINISHED_STEPS, json.dumps(found))


def leave_out_drafts(connection: Connection, *, author: str, at: str) -> None:
    """Leave out of a return's log what nobody is to read: drafts that do not hold any more.

    What the return says stays as it is. What was written so far cannot be undone step by step afterwards.
    """
    step = new_change_id()
    rows = _rows_with_drafts(connection)
    work = _Finishing(rows, step, log.own_files(connection))
    before = stored_rows(connection, rows)
    kept_whole: set[RowKey] = set()
    while True:
        gone, fresh = work.rewritten(before, kept_whole)
        with connection.begin_nested() as attempt:
            _replace(connection, gone, fresh)
            touched = materialise_rows(connection, rows.keys())
            if not touched:
                break
            # a way of deciding that nobody foresaw: then what is said counts for more than what is left out
            attempt.rollback()
            if rows.keys() <= kept_whole:
                raise RuntimeError("leaving drafts out has changed what a return says")
            kept_whole |= {*touched.added, *touched.removed, *touched.edited} & rows.keys() or rows.keys()
    _one_step(connection, step, author, at)


# ------------------------------------------------------------------ what is there


class _Row:
    """The changes of one row, in the order of the log, those that the plan knows apart from drafts."""

    def __init__(self, changes: Sequence[Change], known: Collection[str]) -> None:
        self.changes = changes
        self.known = [change for change in changes if change.id in known]
        self.drafts = [change for change in changes if change.id not in known]
        self._by_id = {change.id: change for change in changes}
        self._known_ids = {change.id for change in self.known}

    def is_known(self, id_: str) -> bool:
        """Whether the plan knows this change, or it is none of the file's."""
        return id_ in self._known_ids or id_ not in self._by_id

    def known_before(self, change: Change) -> tuple[str, ...]:
        """The nearest changes on the way back from a draft that the plan knows."""
        found: dict[str, None] = {}
        seen: set[str] = set()
        waiting = list(reversed(change.parents))
        while waiting:
            at = waiting.pop()
            if at in seen:
                continue
            seen.add(at)
            if self.is_known(at):
                found[at] = None
            else:
                waiting += reversed(self._by_id[at].parents)
        return tuple(found)


def _rows_with_drafts(connection: Connection) -> dict[RowKey, _Row]:
    """The rows of which the return has changes that stood in no file that was sent or finished."""
    steps = {*_sent_steps(connection), *finished_steps(connection)}
    own_file = log.meta(connection, "file_id") or ""
    of_plan = log.own_files(connection) - {own_file}
    found = connection.exec_driver_sql("SELECT id, row_id, step, file FROM change").all()
    known = {id_ for id_, _, step, file in found if step in steps or file in of_plan}
    rows = {row_id for id_, row_id, _, _ in found if id_ not in known}
    changes = log.changes_of_rows(connection, rows)
    return {key: row for key, listed in changes.items() if (row := _Row(listed, known)).drafts}


def _sent_steps(connection: Connection) -> list[str]:
    """The step under which everything stands that was sent."""
    statement = "SELECT id FROM step WHERE kind = ? ORDER BY seq LIMIT 1"
    return [id_ for (id_,) in connection.exec_driver_sql(statement, (StepKind.IMPORT,))]


# ------------------------------------------------------------------ what of it stays


class _Finishing:
    """What takes the place of the drafts of each row; all of it is of one ``step``."""

    def __init__(self, rows: Mapping[RowKey, _Row], step: str, own: frozenset[str]) -> None:
        self.rows = rows
        self.step = step
        self.own = own

    def rewritten(
        self, stored: Mapping[RowKey, Mapping[str, Any]], kept_whole: Collection[RowKey]
    ) -> tuple[list[Change], list[Change]]:
        """The drafts, and what stands in their place; of the rows ``kept_whole`` that is all of them."""
        gone: list[Change] = []
        fresh: list[tuple[str, Change]] = []
        for key, row in self.rows.items():
            gone += row.drafts
            if key in kept_whole:
                stays = [(draft.id, draft) for draft in row.drafts]
            else:
                stays = list(self._of_row(key, row, is_there=key in stored))
            fresh += stays
        # in the order in which they were made, so that a row comes after the one that it stands in
        fresh.sort(key=lambda each: each[0])
        return gone, [change._replace(step=self.step) for _, change in fresh]

    def _of_row(self, key: RowKey, row: _Row, *, is_there: bool) -> Iterable[tuple[str, Change]]:
        """What stays of a row's drafts, each with the id of the draft by whose place it is put in order."""
        fields = fields_of(row_classes()[key[0]])
        known = row_state(row.known, fields, self.own)
        now = row_state(row.changes, fields, self.own)
        if now is None:
            return []
        if known is None:
            return self._made(row, now) if is_there else []
        by_name = by_field(row.changes)
        stays: list[tuple[str, Change]] = []
        if is_there or now.stands:
            for field in fields.values():
                stays += self._of_field(row, field, by_name, known, now)
        return [*stays, *self._deletion(row, by_name.get(DELETED, ()), known, now, stays)]

    def _made(self, row: _Row, now: RowState) -> Iterable[tuple[str, Change]]:
        """A row that was made in the return: its creation says what it says now."""
        first, last = row.drafts[0], row.drafts[-1]
        if now.several:
            return [(draft.id, draft) for draft in row.drafts]
        made = last._replace(id=new_change_id(), field=CREATED, before=None, value=now.values, parents=())
        is_as_it_was = len(row.drafts) == 1 and to_json(first.value) == to_json(now.values)
        return [(first.id, first if is_as_it_was else made)]

    def _of_field(
        self,
        row: _Row,
        field: Field,
        by_name: Mapping[str, Sequence[Change]],
        known: RowState,
        now: RowState,
    ) -> Iterable[tuple[str, Change]]:
        """The drafts of a field that hold now; none where it says what it said without them."""
        changes = by_name.get(field.name, ())
        last = [head for head in heads(changes) if not row.is_known(head.id)]
        before = field.value_of(known.values)
        is_as_before = to_json(before) == to_json(field.value_of(now.values))
        if not last or (is_as_before and _mark(known, field) == _mark(now, field)):
            return []
        holding = _holding(last, changes, by_name.get(CREATED, ()), row)
        return [(head.id, self._upon_known(row, head, before)) for head in holding]

    def _upon_known(self, row: _Row, draft: Change, before: Any) -> Change:
        """A draft that stays, made upon what the plan knows; as it is, where it was so."""
        if all(map(row.is_known, draft.parents)):
            return draft
        return draft._replace(id=new_change_id(), before=before, parents=row.known_before(draft))

    def _deletion(
        self,
        row: _Row,
        changes: Sequence[Change],
        known: RowState,
        now: RowState,
        stays: Iterable[tuple[str, Change]],
    ) -> Iterable[tuple[str, Change]]:
        """The drafts that say whether the row is deleted, where it is otherwise without them."""
        last = [head for head in heads(changes) if not row.is_known(head.id)]
        if not last or (known.stands == now.stands and not known.deletions and not now.deletions):
            return []
        new_ids = {old: change.id for old, change in stays}
        found: list[tuple[str, Change]] = []
        for head in _holding(last, changes, (), row):
            kept = self._upon_known(row, head, known.values if head.value else True)
            seen = [new_ids[parent] for parent in head.parents if parent in new_ids]
            if seen:
                kept = kept._replace(id=new_change_id(), parents=(*kept.parents, *seen))
            found.append((head.id, kept))
        return found


def _mark(state: RowState, field: Field) -> str | None:
    several = state.several.get(field.name)
    return several.mark if several is not None else None


def _holding(
    last: Sequence[Change], changes: Sequence[Change], created: Sequence[Change], row: _Row
) -> list[Change]:
    """The heads among drafts that hold: those that a reopened decision lets stand again in its place, unless
    the plan knows the decision.
    """
    found: dict[str, Change] = {}
    for head in last:
        if reopens(head.parents) and not all(map(row.is_known, head.parents)):
            for each in effective_heads([head], changes, created):
                if not row.is_known(each.id):
                    found[each.id] = each
        else:
            found[head.id] = head
    return list(found.values())


# ------------------------------------------------------------------ into the log


def _replace(connection: Connection, gone: Sequence[Change], fresh: Sequence[Change]) -> None:
    """Put changes in the place of others."""
    log.delete_changes(connection, (change.id for change in gone))
    log.insert_changes(connection, fresh, None)
    log.mark_heads(connection, {change.row_id for change in gone})


def _one_step(connection: Connection, step: str, author: str, at: str) -> None:
    """What stays is of one step that cannot be undone; those of which nothing stays are gone."""
    (count,) = connection.exec_driver_sql("SELECT count(*) FROM change WHERE step = ?", (step,)).one()
    if count:
        connection.execute(
            schema.step.insert().values(
                id=step, name="Finished", author=author, at=at, kind=StepKind.IMPORT, state=StepState.DONE
            )
        )
        add_finished_steps(connection, [step])
    connection.exec_driver_sql(
        "DELETE FROM step WHERE id NOT IN (SELECT step FROM change)"
        " AND id NOT IN (SELECT batch FROM change WHERE batch IS NOT NULL)"
    )
    done = schema.step.c.kind == StepKind.DO
    connection.execute(schema.step.update().where(done).values(state=StepState.DROPPED))
