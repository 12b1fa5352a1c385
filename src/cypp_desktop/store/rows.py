"""Rows of the plan's tables, many at once and without their objects."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.engine import Connection

from cypp_desktop.store import by_ids


def rows_naming(connection: Connection, row_type: str, column: str, ids: Iterable[str]) -> list[str]:
    """The ids of the rows of a type that name one of these rows in a column."""
    statement = f'SELECT id FROM "{row_type}" WHERE {column} IN :ids'
    return [id_ for (id_,) in by_ids.select(connection, statement, ids)]
