"""Makes the plan's tables say what the changes say: of some rows, and of those that depend on them.

The tables hold no signs that deceive, whatever a colleague's change or one of an older version says.

Rows are written past the session and without a record: what follows from changes is not itself a change.
Only the union of changes and the recorder call this. The cost follows the number of rows given, not the
size of the plan.

Some rows are *held*: they are looked at again with every write, because other rows decide whether they are
in the plan, or because a decision about them was taken back (``RowState.is_held``). Given these, it is
enough to look at the rows given and at those that are drawn in from there. For a row that is not held is

- in the plan, stands by its own changes and has all its links. It could only go if a row that it names goes
  or moves to another outcome. Then it is drawn in, since the plan's tables say that it names that row.
- or out of the plan and does not stand. It could only come back in one of three ways. A live row names it:
  that row is among those looked at, and what it names is loaded with it. Or it was deleted in one step with
  a row that is live now: that row is among those looked at, and what was deleted in its steps is drawn in,
  since the log says so. Or that row was live all along: then only something that it lacked has kept it out,
  so that it waits, and is held.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy import Table, bindparam, select
from sqlalchemy.engine import Connection

from cypp_desktop.plan.base import column_value, fields_of, row_classes
from cypp_desktop.plan.shape import within_one_outcome
from cypp_desktop.plan.signs import cleaned_value, says
from cypp_desktop.store import by_ids, liveness, log
from cypp_desktop.store.by_ids import portions
from cypp_desktop.store.changes import RowState, reopened_heads, row_state
from cypp_desktop.store.log import RowKey
from cypp_desktop.store.raw_rows import columns_of, stored_values
from cypp_desktop.store.rows import rows_naming

#: Links that must be looked at again when this column of a row that they join has another value.
_OUTCOME = "outcome_id"
#: The file's note of the rows that are held.
HELD = "held"


@dataclass(slots=True)
class Touched:
    """Rows of the plan's tables that came in, went out, or say something else, with the fields that do.

    ``states`` are all rows that were looked at for it, ``before`` is what the tables held of them.
    """

    added: set[RowKey] = field(default_factory=set)
    removed: set[RowKey] = field(default_factory=set)
    edited: dict[RowKey, set[str]] = field(default_factory=dict)
    states: dict[RowKey, RowState] = field(default_factory=dict, repr=False, compare=False)
    before: dict[RowKey, dict[str, Any]] = field(default_factory=dict, repr=False, compare=False)

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.edited)


def held_rows(connection: Connection) -> set[RowKey]:
    """The rows that are looked at again with every write, as the file notes them."""
    return {(row_type, row_id) for row_type, row_id in json.loads(log.meta(connection, HELD) or "[]")}


def materialise_rows(
    connection: Connection, keys: Iterable[RowKey], joined: log.Joined | None = None
) -> Touched:
    """Write into the plan's tables what the changes say of these rows, and of those that depend on them.

    ``joined`` are changes just recorded, if any were.
    """
    held = held_rows(connection)
    work = _Materialiser(connection, log.own_files(connection), joined)
    work.gather({*keys, *held})
    now = sorted(key for key, state in work.states.items() if state.is_held)
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
    for (_, row_id), heads in found.items():
        if any(map(reopened_heads, heads)):
            whole.add(row_id)
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
        columns = columns_of(row_type)
        listed = ",".join(f'"{name}"' for name in columns)
        rows = by_ids.select(connection, f'SELECT {listed} FROM "{row_type}" WHERE id IN :ids', ids)
        found.update(((row_type, row[0]), stored_values(row_type, row, columns[1:])) for row in rows)
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


class _Materialiser:
    """The rows that are looked at: what changes say of them, and what the plan's tables hold of them.

    ``unknown`` are those of which no creation is recorded. ``elsewhere`` are rows of the plan's tables that
    are only named, by their outcome where they stand in one. ``steps`` are those whose deletions were read.
    """

    def __init__(self, connection: Connection, own: frozenset[str], joined: log.Joined | None) -> None:
        self.connection = connection
        self.own = own
        self.joined = joined
        self.states: dict[RowKey, RowState] = {}
        self.unknown: set[RowKey] = set()
        self.stored: dict[RowKey, dict[str, Any]] = {}
        self.elsewhere: dict[RowKey, Any] = {}
        self.steps: set[str] = set()

    # -- what liveness asks about other rows

    def is_stored(self, key: RowKey) -> bool:
        return key in self.elsewhere and key not in self.unknown

    def outcome_of(self, key: RowKey) -> Any:
        return self.elsewhere.get(key)

    # -- gathering

    def gather(self, keys: set[RowKey]) -> None:
        """Find out what changes say of these rows and of all that turn out to depend on them."""
        more = keys
        while more:
            while more:
                self._load(more)
                more = self._targets_to_load(more)
            liveness.set_live(self.states, self)
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
        self._look_elsewhere(named)
        return (named - self.elsewhere.keys()) | wanted

    def _look_elsewhere(self, keys: set[RowKey]) -> None:
        """Note which of these rows the plan's tables hold, and in which outcome they stand."""
        for row_type, ids in by_type(keys).items():
            table = _table(row_type)
            columns = [table.c.id]
            if _OUTCOME in table.c:
                columns.append(table.c[_OUTCOME])
            for some in portions(ids):
                for id_, *outcome in self.connection.execute(select(*columns).where(table.c.id.in_(some))):
                    self.elsewhere[row_type, id_] = outcome[0] if outcome else None

    def _drawn_in(self) -> set[RowKey]:
        """Rows not looked at yet that may depend on what was found so far."""
        found = self._deleted_with_live_rows() | self._naming_rows_that_went_or_moved()
        return found - self.states.keys() - self.unknown

    def _deleted_with_live_rows(self) -> set[RowKey]:
        """The rows that were deleted in the steps in which rows were deleted that are live now."""
        steps: set[str] = set()
        for state in self.states.values():
            if state.live:
                steps.update(deletion.step for deletion in state.deletions)
        steps -= self.steps
        self.steps |= steps
        return log.rows_deleted_in(self.connection, steps)

    def _naming_rows_that_went_or_moved(self) -> set[RowKey]:
        """The rows of the plan's tables that name one which goes, may go, or moves to another outcome."""
        naming: dict[tuple[str, str], set[str]] = {}
        for key, stored in self.stored.items():  # nothing in the tables can name a row that is not there
            state = self.states.get(key)
            stays = state is not None and state.live and state.stands
            for row_type, column in liveness.referrers(key[0]):
                if not stays or (row_type in within_one_outcome() and _has_moved(state, stored)):
                    naming.setdefault((row_type, column), set()).add(key[1])
        found: set[RowKey] = set()
        for (row_type, column), ids in naming.items():
            named = rows_naming(self.connection, row_type, column, ids)
            found.update((row_type, row_id) for row_id in named)
        return found

    # -- writing

    def write(self) -> Touched:
        """Bring the plan's tables up to what was found: parents come first and go last."""
        touched = Touched(states=self.states, before=self.stored)
        for key in (*self.states, *self.unknown):
            state, stored = self.states.get(key), self.stored.get(key)
            is_live = state is not None and state.live
            if stored is None and is_live:
                touched.added.add(key)
            elif stored is not None and not is_live:
                touched.removed.add(key)
        self._insert(touched.added)
        self._update_changed(touched)
        for row_type, ids in reversed(by_type(touched.removed).items()):
            self.connection.exec_driver_sql(
                f'DELETE FROM "{row_type}" WHERE id = ?', [(row_id,) for row_id in ids]
            )
        return touched

    def _update_changed(self, touched: Touched) -> None:
        """Update the rows that stay and say something else, and note which fields of them do."""
        changed: dict[str, dict[RowKey, dict[str, Any]]] = {}
        for key, state in self.states.items():
            stored = self.stored.get(key)
            if stored is None or not state.live:
                continue
            said = state.stored
            differing = {
                name: cleaned_value(said[name])
                for name, value in stored.items()
                if not says(value, said[name])
            }
            if not differing:
                continue
            changed.setdefault(key[0], {})[key] = differing
            fields = fields_of(row_classes()[key[0]])
            touched.edited[key] = {
                name for name, field_ in fields.items() if not differing.keys().isdisjoint(field_.columns)
            }
        for row_type in row_classes():
            self._update(row_type, changed.get(row_type, {}))

    def _insert(self, keys: set[RowKey]) -> None:
        for row_type, ids in by_type(keys).items():
            cls, table = row_classes()[row_type], _table(row_type)
            names = [column.key for column in table.columns if not column.primary_key]
            rows = []
            for row_id in ids:
                said = cleaned_value(self.states[row_type, row_id].stored)
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


def _has_moved(state: RowState | None, stored: Mapping[str, Any]) -> bool:
    """Whether a row stands in another outcome than the plan's table says."""
    return state is not None and state.values[_OUTCOME] != stored[_OUTCOME]
