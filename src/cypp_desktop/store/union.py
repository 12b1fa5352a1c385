"""A merge: the changes of another file join those of this one, and the plan says what follows from all.

Nothing here asks whether a change may come in; that is for the gates before it. Everything happens in the
transaction of the connection that is given. Objects of a session over it are out of date afterwards.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.engine import Connection

from cypp_desktop.store import by_ids, log, removal, schema
from cypp_desktop.store.changes import CONFLICT, CREATED, Change, RowState
from cypp_desktop.store.log import RowKey
from cypp_desktop.store.materialise import Touched, by_type, held_rows, load_states, materialise_rows
from cypp_desktop.store.removal import Removal

#: The mark of a row that one person deleted while another edited it, or what hangs together with it.
DELETED_AND_EDITED = "deleted-and-edited"


@dataclass(frozen=True, slots=True)
class Added:
    """What a union did: the ids of changes that were new, which of them are heads, and the rows of the plan
    that are touched; ``emptied`` are those that were touched before, because texts of theirs are removed.
    """

    changes: tuple[str, ...]
    heads: frozenset[str]
    rows: Touched
    emptied: Touched = field(default_factory=Touched)


@dataclass(frozen=True, slots=True)
class MergeMark:
    """Where the plan waits for a person: ``kind`` is conflict, combined or deleted-and-edited.

    ``field`` is ``*`` where it is about the whole row: then a conflict is a row that the plan's rules keep
    out for now, and ``heads`` are the changes that made it. Else they are the heads of the field, ``base``
    is what they have in common and ``value`` what the plan says meanwhile.
    """

    row_type: str
    row_id: str
    field: str
    kind: str
    heads: tuple[Change, ...]
    base: Any = None
    value: Any = None


def add_changes(
    connection: Connection, changes: Iterable[Change], *, batch: str, all_new: bool = False
) -> Added:
    """Put the changes that are not recorded yet into the log, and make the plan say what all of them say.

    ``batch`` is the id of the step under which they come in. ``all_new`` saves looking which are recorded.
    """
    _remember_own_file(connection)
    given = {change.id: change for change in changes}
    known = set() if all_new else log.known_ids(connection, given)
    fresh = [change for id_, change in given.items() if id_ not in known]
    fresh = removal.without_removed(connection, fresh)
    joined = log.insert_changes(connection, fresh, batch)
    rows = materialise_rows(connection, {(change.row_type, change.row_id) for change in fresh}, joined)
    return Added(tuple(change.id for change in fresh), joined.heads, rows)


def add_removals(connection: Connection, removals: Iterable[Removal]) -> Touched:
    """Take in what was removed for good in another file, and make the plan say what is left.

    To be called before :func:`add_changes` for what the same file brings, or after: it comes to the same.
    """
    rows = removal.record(connection, removals)
    return materialise_rows(connection, rows) if rows else Touched()


def retract_changes(connection: Connection, ids: Iterable[str]) -> Touched:
    """Take changes out of the log, and make the plan say what the others say: the inverse of adding them."""
    wanted = set(ids)
    statement = "SELECT row_type, row_id FROM change WHERE id IN :ids"
    rows = {(row_type, row_id) for row_type, row_id in by_ids.select(connection, statement, wanted)}
    log.delete_changes(connection, sorted(wanted))
    log.mark_heads(connection, (row_id for _, row_id in rows))
    return materialise_rows(connection, rows)


def changes_of_batch(connection: Connection, batch: str) -> list[str]:
    """The ids of the changes that came in under a step and are still recorded, in the order they came."""
    rows = connection.exec_driver_sql("SELECT id FROM change WHERE batch = ? ORDER BY seq", (batch,))
    return [id_ for (id_,) in rows]


def built_upon(connection: Connection, ids: Iterable[str]) -> list[Change]:
    """The other changes that name one of these as parent: work that was done having seen them."""
    wanted = set(ids)
    rows = by_ids.select(connection, "SELECT row_id FROM change WHERE id IN :ids", wanted)
    found: list[Change] = []
    for changes in log.changes_of_rows(connection, (row_id for (row_id,) in rows)).values():
        others = (change for change in changes if change.id not in wanted)
        found += [change for change in others if not wanted.isdisjoint(change.parents)]
    return found


def marks(
    connection: Connection, unchanged: Mapping[RowKey, Sequence[MergeMark]] | None = None
) -> list[MergeMark]:
    """Every open conflict and everything combined in the plan, by row and field; derived, not stored.

    ``unchanged`` are earlier marks, by row, of rows that no step has touched since: these are taken over
    where they follow from the row's own changes alone, because putting texts together takes its time.
    """
    own = log.own_files(connection)
    several = {row_id for row_id, _ in log.fields_with_several_heads(connection)}
    deleted = _rows_said_deleted(connection)
    held = held_rows(connection)
    keys = {*_keys_of(connection, several), *deleted, *held}
    stored = _stored(connection, keys)
    found: list[MergeMark] = []
    if unchanged:
        for key in unchanged.keys() & (keys & stored) - deleted - held:
            found += unchanged[key]
            keys.discard(key)
    for key, state in sorted(load_states(connection, keys, own, before=True).items()):
        if key in stored:
            found += _marks_of_row(key, state)
        elif state.stands and key in held:
            found.append(_mark_of_row_kept_out(connection, key))
    return sorted(found, key=lambda mark: (mark.row_type, mark.row_id))


def _marks_of_row(key: RowKey, state: RowState) -> Iterator[MergeMark]:
    """The marks of a row that is in the plan."""
    if state.deletions:
        yield MergeMark(*key, CREATED, DELETED_AND_EDITED, state.deletions)
    for name, found in state.several.items():
        if found.mark is not None:
            yield MergeMark(*key, name, found.mark, found.heads, found.base, found.value)


def _mark_of_row_kept_out(connection: Connection, key: RowKey) -> MergeMark:
    """The mark of a row that stands by its own changes, and that the plan's rules keep out."""
    change = schema.change.c
    made = log.read_changes(connection, change.row_id == key[1], change.field == CREATED)
    return MergeMark(*key, CREATED, CONFLICT, tuple(sorted(made, key=lambda creation: creation.id)))


def _rows_said_deleted(connection: Connection) -> set[RowKey]:
    """Rows of which a head says that they are deleted."""
    rows = connection.exec_driver_sql(
        "SELECT row_type, row_id FROM change INDEXED BY head_of_field"
        " WHERE is_head = 1 AND field = '*deleted' AND value = 'true'"
    )
    return {(row_type, row_id) for row_type, row_id in rows}


def _keys_of(connection: Connection, row_ids: Iterable[str]) -> set[RowKey]:
    """The rows of these ids, as the log knows them."""
    statement = "SELECT DISTINCT row_type, row_id FROM change WHERE row_id IN :ids"
    return {(row_type, row_id) for row_type, row_id in by_ids.select(connection, statement, row_ids)}


def _stored(connection: Connection, keys: Iterable[RowKey]) -> set[RowKey]:
    """Those of the rows that the plan's tables hold."""
    found: set[RowKey] = set()
    for row_type, ids in by_type(keys).items():
        rows = by_ids.select(connection, f'SELECT id FROM "{row_type}" WHERE id IN :ids', ids)
        found.update((row_type, row_id) for (row_id,) in rows)
    return found


def _remember_own_file(connection: Connection) -> None:
    """The file's id goes on counting as the holder's own, also in a copy under another id."""
    known = log.own_files(connection)
    said = json.dumps(sorted(known))
    if log.meta(connection, "own_files") != said:
        log.set_meta(connection, "own_files", said)
