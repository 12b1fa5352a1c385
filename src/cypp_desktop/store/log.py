"""Reads and writes the table of changes: whole changes in and out, and which of them are heads.

Statements here are SQL of their own where the cost follows the number of changes.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection

from cypp_desktop.store import by_ids, schema
from cypp_desktop.store.by_ids import portions
from cypp_desktop.store.changes import DELETED, Change, from_json, reopened_heads, to_json

RowKey = tuple[str, str]

_NAMES = (
    "id",
    "row_type",
    "row_id",
    "field",
    "before",
    "value",
    "parents",
    "author",
    "file",
    "at",
    "step",
    "claim",
)
_COLUMNS = tuple(schema.change.c[name] for name in _NAMES)


@dataclass(frozen=True, slots=True)
class Joined:
    """Changes that were put into the log just now, by the id of their row: they are not read out of it again.

    ``heads`` are the ids of those that are heads; ``last`` is where the log ended before them.
    """

    changes: Mapping[str, Sequence[Change]]
    heads: frozenset[str]
    last: int


def read_changes(connection: Connection, *where: Any) -> list[Change]:
    """The recorded changes that meet the conditions, oldest first."""
    rows = connection.execute(select(*_COLUMNS).where(*where).order_by(schema.change.c.seq))
    return [_change(*row) for row in rows]


def changes_of_rows(
    connection: Connection,
    row_ids: Iterable[str],
    *,
    only_heads: bool = False,
    before: bool = True,
    joined: Joined | None = None,
) -> dict[RowKey, list[Change]]:
    """The changes of the given rows by row, oldest first; or only those that no other of its field names.

    What was there before a change may be None without ``before``, which saves reading it; ``joined`` saves
    reading those.
    """
    ids = set(row_ids)
    # written out, since a bound value would keep SQLite from using the index of heads
    conditions = " AND is_head = 1" if only_heads else ""
    if joined is not None:
        conditions += f" AND +seq <= {joined.last}"
    names = ",".join(name if before or name != "before" else "'null'" for name in _NAMES)
    found: dict[RowKey, list[Change]] = {}
    for some in portions(ids):
        marks = ",".join("?" * len(some))
        statement = f"SELECT {names} FROM change WHERE row_id IN ({marks}){conditions} ORDER BY seq"
        for row in connection.exec_driver_sql(statement, tuple(some)).all():
            change = _change(*row)
            found.setdefault((change.row_type, change.row_id), []).append(change)
    if joined is not None:
        _add_joined(found, joined, ids, only_heads=only_heads)
    return found


def _add_joined(
    found: dict[RowKey, list[Change]], joined: Joined, ids: set[str], *, only_heads: bool
) -> None:
    """Add to the changes of rows those that were put into the log just now."""
    for row_id in ids & joined.changes.keys():
        for change in joined.changes[row_id]:
            if not only_heads or change.id in joined.heads:
                found.setdefault((change.row_type, row_id), []).append(change)


def _change(
    id_: str, type_: str, row_id: str, name: str, before: str, value: str, parents: str, *rest: Any
) -> Change:
    named = tuple(from_json(parents)) if parents != "[]" else ()
    was = from_json(before) if before != "null" else None
    return Change(id_, type_, row_id, name, was, from_json(value), named, *rest)


def changes_with_ids(connection: Connection, ids: Iterable[str]) -> list[Change]:
    """The recorded changes among these, in no order."""
    statement = f"SELECT {','.join(_NAMES)} FROM change WHERE id IN :ids"
    return [_change(*row) for row in by_ids.select(connection, statement, ids)]


def known_ids(connection: Connection, ids: Iterable[str]) -> set[str]:
    """Those of the given ids under which a change is recorded."""
    rows = by_ids.select(connection, "SELECT id FROM change WHERE id IN :ids", ids)
    return {id_ for (id_,) in rows}


def insert_changes(connection: Connection, changes: Sequence[Change], batch: str | None) -> Joined:
    """Put changes into the log, and say which are heads now; ``batch`` is the merge that brought them from
    another file, if one did.
    """
    by_row: dict[str, list[Change]] = {}
    for change in changes:
        by_row.setdefault(change.row_id, []).append(change)
    named = {(parent, c.row_id, c.field) for c in changes for parent in c.parents}
    named |= _mark_heads(connection, by_row, named)
    heads = frozenset(c.id for c in changes if (c.id, c.row_id, c.field) not in named)
    (last,) = connection.exec_driver_sql("SELECT coalesce(max(seq), 0) FROM change").one()
    rows = [
        (
            c.id, c.row_type, c.row_id, c.field, to_json(c.before), to_json(c.value),
            _ids_as_json(c.parents), c.author, c.file, c.at, c.step, c.claim, batch, int(c.id in heads),
        )
        for c in changes
    ]  # fmt: skip
    if rows:
        statement = f"INSERT INTO change ({','.join(_NAMES)}, batch, is_head) VALUES ({'?,' * 13}?)"
        connection.exec_driver_sql(statement, rows)
    return Joined(by_row, heads, last)


def _ids_as_json(ids: Iterable[str]) -> str:
    return f"[{','.join(map(to_json, ids))}]"


def count_from_first_receipt(connection: Connection, earlier: Iterable[tuple[str, str, str]]) -> None:
    """Let changes from outside count from when a colleague received them: id, moment and author of each.

    Those that count from an earlier moment already stay as they are. A name that was removed for good stays
    away.
    """
    rows = [(at, author, id_, at, author) for id_, at, author in earlier]
    if rows:
        is_removed = "SELECT 1 FROM removed WHERE item = change.id AND part = 'author'"
        connection.exec_driver_sql(
            f"UPDATE change SET at = ?, author = CASE WHEN EXISTS ({is_removed}) THEN author ELSE ? END"
            " WHERE id = ? AND claim IS NOT NULL AND (?, ?) < (at, author)",
            rows,
        )


def delete_changes(connection: Connection, ids: Iterable[str]) -> None:
    """Take changes out of the log; :func:`mark_heads` of their rows must follow."""
    rows = [(id_,) for id_ in ids]
    if rows:
        connection.exec_driver_sql("DELETE FROM change WHERE id = ?", rows)


def mark_heads(connection: Connection, row_ids: Iterable[str]) -> None:
    """Say anew which changes of the given rows no other of the same field names as parent."""
    _mark_heads(connection, row_ids, frozenset())


#: The id of a change, and the row and field of another that names it as parent.
_Named = tuple[str, str, str]


def _mark_heads(connection: Connection, row_ids: Iterable[str], also: Collection[_Named]) -> set[_Named]:
    """As :func:`mark_heads`, where changes to come name ``also``; gives what the recorded ones name."""
    wrong: list[tuple[int, int]] = []
    every: set[_Named] = set()
    for some in portions(row_ids):
        marks = ",".join("?" * len(some))
        rows = connection.exec_driver_sql(
            f"SELECT seq, id, row_id, field, parents, is_head FROM change WHERE row_id IN ({marks})",
            tuple(some),
        ).all()
        named = {
            (parent, row_id, field)
            for _, _, row_id, field, parents, _ in rows
            if parents != "[]"
            for parent in from_json(parents)
        }
        for seq, id_, row_id, field, _, is_head in rows:
            right = int((id_, row_id, field) not in named and (id_, row_id, field) not in also)
            if right != is_head:
                wrong.append((right, seq))
        every |= named
    if wrong:
        connection.exec_driver_sql("UPDATE change SET is_head = ? WHERE seq = ?", wrong)
    return every


def rows_deleted_in(connection: Connection, steps: Collection[str]) -> set[RowKey]:
    """The rows whose deletion was recorded in one of these steps."""
    statement = "SELECT row_type, row_id FROM change WHERE step IN :ids AND field = ?"
    return {(row_type, row_id) for row_type, row_id in by_ids.select(connection, statement, steps, DELETED)}


def needs_whole_history(heads: Iterable[Change]) -> bool:
    """Whether more than the heads of a row must be read to know what it says.

    So it is where a field has several heads, or one that reopens a decision, or the row was made twice.
    """
    seen: set[str] = set()
    for head in heads:
        if head.field in seen or reopened_heads(head):
            return True
        if head.field != DELETED:
            seen.add(head.field)
    return False


def rows_with_several_heads(connection: Connection, row_ids: Iterable[str]) -> set[str]:
    """Those of the rows of which a field has several heads, or that were made twice."""
    statement = (
        "SELECT row_id FROM change WHERE is_head = 1 AND row_id IN :ids AND field <> ?"
        " GROUP BY row_id, field HAVING count(*) > 1"
    )
    return {row_id for (row_id,) in by_ids.select(connection, statement, row_ids, DELETED)}


def fields_with_several_heads(connection: Connection) -> list[tuple[str, str]]:
    """Row id and field wherever several changes are heads; read from the index of heads alone."""
    rows = connection.exec_driver_sql(
        "SELECT row_id, field FROM change WHERE is_head = 1 GROUP BY row_id, field HAVING count(*) > 1"
    )
    return [(row_id, field) for row_id, field in rows]


# ------------------------------------------------------------------ what the file says of itself


def meta(connection: Connection, key: str) -> str | None:
    """What the file says of itself under ``key``."""
    statement = select(schema.meta.c.value).where(schema.meta.c.key == key)
    return connection.execute(statement).scalar_one_or_none()


def set_meta(connection: Connection, key: str, value: str) -> None:
    """Have the file say something of itself."""
    connection.exec_driver_sql(
        "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (key, value),
    )


def own_files(connection: Connection) -> frozenset[str]:
    """The ids that the plan's own file has had; a head written in one of them is the plan holder's."""
    return frozenset((*json.loads(meta(connection, "own_files") or "[]"), meta(connection, "file_id") or ""))
