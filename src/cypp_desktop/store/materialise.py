"""Makes the plan's tables say what the changes say, for some rows and whatever else that draws in.

Rows are written past the session and without a record: what follows from changes is not itself a
change. Only the union of changes and the recorder call this; the cost follows the number of rows
given, not the size of the plan.

Why settling some rows says what settling all would, given that the rows *held* so far are among them:
any other row is in the plan, stands by its own changes and has all its links, or is out of it, does not
stand, and would be out whatever came in for it to name. One that is in could only go if what it names
goes or changes outcome: then it is drawn in, by the plan's tables. One that is out could only come back
because a live row names it: that row is among them, and what it names is loaded with it; or because it
was deleted along with a row that is live now: that row is among them, and what was deleted in its steps
is drawn in, by the log; or it was live all along, and then only what the part lacks could have kept that
out, and such a part is held: it *waits*.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy import Table, bindparam, select
from sqlalchemy.engine import Connection

from cypp_desktop.plan.base import column_value, fields_of, row_classes, stored_value
from cypp_desktop.plan.shape import within_one_outcome
from cypp_desktop.store import liveness, log
from cypp_desktop.store.changes import RowState, reopened, row_state
from cypp_desktop.store.log import RowKey

#: Links that must be looked at again when this column of a row that they join has another value.
_OUTCOME = "outcome_id"
#: The file's note of the rows that are held.
HELD = "held"


@dataclass(slots=True)
class Touched:
    """Rows of the plan's tables that came in, went out, or say something else, with the fields that do.

    ``states`` are all rows that were settled for it, ``before`` what the tables held of them.
    """

    added: set[RowKey] = field(default_factory=set)
    removed: set[RowKey] = field(default_factory=set)
    edited: dict[RowKey, set[str]] = field(default_factory=dict)
    states: dict[RowKey, RowState] = field(default_factory=dict, repr=False, compare=False)
    before: dict[RowKey, dict[str, Any]] = field(default_factory=dict, repr=False, compare=False)

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.edited)


def held_rows(connection: Connection) -> set[RowKey]:
    """Rows that are settled with every write: those in the plan or out of it because of other rows, and
    those of which a decision was taken back.
    """
    return {(row_type, row_id) for row_type, row_id in json.loads(log.meta(connection, HELD) or "[]")}


def settle_rows(connection: Connection, keys: Iterable[RowKey], joined: log.Joined | None = None) -> Touched:
    """Write what the changes say of these rows, and of those they draw in, into the plan's tables.

    ``joined`` are changes just recorded, if any were.
    """
    held = held_rows(connection)
    work = _Settling(connection, log.own_files(connection), joined)
    work.run({*keys, *held})
    now = sorted(key for key, state in work.states.items() if state.hangs)
    if now != sorted(held):
        log.set_meta(connection, HELD, json.dumps(now))
    return work.write()


def load_states(
    connection: Connection,
    keys: Iterable[RowKey],
    own: frozenset[str],
    *,
    before: bool = False,
    joined: log.Joined | None = None,
) -> dict[RowKey, RowState]:
    """What the changes of each row say by themselves; rows of which no creation is recorded are left out.

    The changes in a state say what was ``before`` them only where that is asked for.
    """
    wanted = {key for key in keys if key[0] in row_classes()}
    ids = {row_id for _, row_id in wanted}
    whole = log.rows_with_several_heads(connection, ids)
    found = log.changes_of_rows(connection, ids - whole, only_heads=True, before=before, joined=joined)
    whole |= {row_id for (_, row_id), tips in found.items() if any(map(reopened, tips))}
    found |= log.changes_of_rows(connection, whole, before=before, joined=joined)
    states: dict[RowKey, RowState] = {}
    for key in wanted & found.keys():
        state = row_state(found[key], fields_of(row_classes()[key[0]]), own)
        if state is not None:
            states[key] = state
    return states


def stored_rows(connection: Connection, keys: Iterable[RowKey]) -> dict[RowKey, dict[str, Any]]:
    """What the plan's tables hold of rows, as the log would hold it; rows that are not there are left out."""
    found: dict[RowKey, dict[str, Any]] = {}
    for row_type, ids in by_type(keys).items():
        table = _table(row_type)
        names = [column.key for column in table.columns if not column.primary_key]
        for some in log.portions(ids):
            for row in connection.execute(select(table).where(table.c.id.in_(some))).all():
                values = row._mapping
                found[row_type, values["id"]] = {name: stored_value(values[name]) for name in names}
    return found


def _table(row_type: str) -> Table:
    return cast(Table, row_classes()[row_type].__table__)


def by_type(keys: Iterable[RowKey]) -> dict[str, list[str]]:
    """The ids of rows by row type, parents' types first."""
    found: dict[str, list[str]] = {row_type: [] for row_type in row_classes()}
    for row_type, row_id in keys:
        if row_type in found:
            found[row_type].append(row_id)
    return {row_type: sorted(ids) for row_type, ids in found.items() if ids}


class _Settling:
    """The rows being settled: what changes say of them, and what the plan's tables hold of them."""

    def __init__(self, connection: Connection, own: frozenset[str], joined: log.Joined | None) -> None:
        self.connection = connection
        self.own = own
        self.joined = joined
        self.states: dict[RowKey, RowState] = {}
        self.unknown: set[RowKey] = set()
        self.stored: dict[RowKey, dict[str, Any]] = {}
        self.elsewhere: dict[RowKey, Any] = {}
        self.steps: set[str] = set()

    # -- what liveness asks about rows that are not being settled

    def is_stored(self, key: RowKey) -> bool:
        return key in self.elsewhere and key not in self.unknown

    def outcome_of(self, key: RowKey) -> Any:
        return self.elsewhere.get(key)

    # -- gathering

    def run(self, keys: set[RowKey]) -> None:
        """Settle these rows and all that turns out to hang together with them."""
        more = keys
        while more:
            while more:
                self._load(more)
                more = self._targets_to_load(more)
            liveness.settle(self.states, self)
            more = self._drawn_in()

    def _load(self, keys: set[RowKey]) -> None:
        states = load_states(self.connection, keys, self.own, joined=self.joined)
        self.states |= states
        self.unknown |= keys - states.keys()
        for key in keys:
            self.elsewhere.pop(key, None)
        self.stored |= stored_rows(self.connection, keys)

    def _targets_to_load(self, keys: set[RowKey]) -> set[RowKey]:
        """Rows that these name, where they are not in the plan's tables and so may have to come back."""
        named: set[RowKey] = set()
        wanted: set[RowKey] = set()
        for key in keys & self.states.keys():
            state = self.states[key]
            for _, target in liveness.targets(state):
                if target in self.states or target in self.unknown:
                    continue
                if not state.stands:  # it may come back with what it was deleted with
                    wanted.add(target)
                if target not in self.elsewhere:
                    named.add(target)
        for row_type, ids in by_type(named).items():
            table = _table(row_type)
            columns = [table.c.id, *([table.c[_OUTCOME]] if _OUTCOME in table.c else [])]
            for some in log.portions(ids):
                for id_, *outcome in self.connection.execute(select(*columns).where(table.c.id.in_(some))):
                    self.elsewhere[row_type, id_] = outcome[0] if outcome else None
        return (named - self.elsewhere.keys()) | wanted

    def _drawn_in(self) -> set[RowKey]:
        """Rows not looked at yet on which what was found so far may have a bearing."""
        steps: set[str] = set()
        naming: dict[tuple[str, str], set[str]] = {}
        for key in (*self.states, *self.unknown):
            state, stored = self.states.get(key), self.stored.get(key)
            live = state is not None and state.live
            if state is not None and live:
                steps |= {deletion.step for deletion in state.deletions} - self.steps
            if stored is None:
                continue  # nothing in the plan's tables can name it
            for other, column in liveness.referrers(key[0]):
                joins = other in within_one_outcome()
                moved = joins and state is not None and state.values[_OUTCOME] != stored[_OUTCOME]
                if not live or moved or not (state and state.stands):
                    naming.setdefault((other, column), set()).add(key[1])
        self.steps |= steps
        found = log.rows_deleted_in(self.connection, steps)
        for (row_type, column), ids in naming.items():
            table = _table(row_type)
            for some in log.portions(ids):
                rows = self.connection.execute(select(table.c.id).where(table.c[column].in_(some)))
                found |= {(row_type, row_id) for (row_id,) in rows}
        return found - self.states.keys() - self.unknown

    # -- writing

    def write(self) -> Touched:
        """Bring the plan's tables up to what was settled: parents come first and go last."""
        touched = Touched(states=self.states, before=self.stored)
        changed: dict[str, dict[RowKey, dict[str, Any]]] = {}
        for key in (*self.states, *self.unknown):
            state, stored = self.states.get(key), self.stored.get(key)
            if state is None or not state.live:
                if stored is not None:
                    touched.removed.add(key)
            elif stored is None:
                touched.added.add(key)
            else:
                said = state.stored
                differing = {name: said[name] for name, value in stored.items() if said[name] != value}
                if differing:
                    changed.setdefault(key[0], {})[key] = differing
                    touched.edited[key] = {
                        name
                        for name, field_ in fields_of(row_classes()[key[0]]).items()
                        if not differing.keys().isdisjoint(field_.columns)
                    }
        self._insert(touched.added)
        for row_type in row_classes():
            self._update(row_type, changed.get(row_type, {}))
        for row_type, ids in reversed(by_type(touched.removed).items()):
            self.connection.exec_driver_sql(
                f'DELETE FROM "{row_type}" WHERE id = ?', [(row_id,) for row_id in ids]
            )
        return touched

    def _insert(self, keys: set[RowKey]) -> None:
        for row_type, ids in by_type(keys).items():
            cls, table = row_classes()[row_type], _table(row_type)
            names = [column.key for column in table.columns if not column.primary_key]
            rows = []
            for row_id in ids:
                said = self.states[row_type, row_id].stored
                rows.append({"id": row_id, **{name: column_value(cls, name, said[name]) for name in names}})
            self.connection.execute(table.insert(), rows)

    def _update(self, row_type: str, changed: Mapping[RowKey, dict[str, Any]]) -> None:
        cls, table = row_classes()[row_type], _table(row_type)
        alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        for (_, row_id), differing in changed.items():
            values = {f"new_{name}": column_value(cls, name, value) for name, value in differing.items()}
            alike.setdefault(tuple(differing), []).append({"of_row": row_id, **values})
        for names, rows in alike.items():
            statement = table.update().where(table.c.id == bindparam("of_row"))
            self.connection.execute(
                statement.values({name: bindparam(f"new_{name}") for name in names}), rows
            )
