"""The seal of a return: a digest over its rows and changes, so that another program's doings are noticed.

It is written wherever this application is about to let the file go. Whoever forges it as well has still
to make the rows say what their changes say.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from functools import cache
from typing import cast

from sqlalchemy import Table
from sqlalchemy.engine import Connection

from cypp_desktop.plan.base import row_classes
from cypp_desktop.store import log, schema

SEAL = "seal"
KIND = "kind"
RETURN = "return"

_AT_ONCE = 200


def seal_of(connection: sqlite3.Connection) -> str:
    """SHA-256 over every row of the plan's tables and every change, as SQLite puts them together.

    Nearly all of it is done outside Python, so that other threads go on meanwhile. Raises sqlite3.Error.
    """
    digest = hashlib.sha256()
    as_before = connection.text_factory
    connection.text_factory = bytes  # nothing is read as text only to be made bytes again
    try:
        for table, before_all, statement in _statements():
            digest.update(table.encode())
            for rows in _portions(connection, statement, before_all):
                digest.update(rows)
    finally:
        connection.text_factory = as_before
    return digest.hexdigest()


def _portions(connection: sqlite3.Connection, statement: str, after: str | int) -> Iterator[bytes]:
    """The rows of a table whose key comes after the one given, many at a time."""
    at_once = _AT_ONCE
    while True:
        try:
            rows, last, count = connection.execute(statement, (after, at_once)).fetchone()
        except sqlite3.DataError:  # too long to be put together
            if at_once == 1:
                raise
            at_once = 1
            continue
        if count:
            yield rows
        if count < at_once:
            return
        if isinstance(last, bytes):
            last = last.decode()
        if last == after:
            raise sqlite3.DatabaseError("a key that is no text")
        after = last


@cache
def _statements() -> tuple[tuple[str, str | int, str], ...]:
    """By table: its name, what every key comes after, and the SQL that puts its next rows together."""
    tables = [(schema.change, "seq")]
    tables += [(cast(Table, cls.__table__), "id") for _, cls in sorted(row_classes().items())]
    return tuple(
        (
            table.name,
            0 if order == "seq" else "",
            f"SELECT group_concat(cells, x'1e'), max(key), count(*) FROM (SELECT {_cells(table)} AS cells,"
            f' "{order}" AS key FROM main."{table.name}" WHERE "{order}" > ? ORDER BY "{order}" LIMIT ?)',
        )
        for table, order in tables
    )


def _cells(table: Table) -> str:
    """SQL for the cells of a row one after another. Put together by halves, so that no long text is copied
    for every cell that comes after it.
    """

    def joined(parts: list[str]) -> str:
        if len(parts) == 1:
            return parts[0]
        half = len(parts) // 2
        return f"({joined(parts[:half])}||x'1f'||{joined(parts[half:])})"

    return joined([f"ifnull(\"{c.name}\",x'00')" if c.nullable else f'"{c.name}"' for c in table.columns])


def refresh_seal(connection: Connection) -> None:
    """Have a return say what its rows are now; any other file is left as it is. Does not commit."""
    if log.meta(connection, KIND) == RETURN:
        raw = cast(sqlite3.Connection, connection.connection.driver_connection)
        log.set_meta(connection, SEAL, seal_of(raw))
