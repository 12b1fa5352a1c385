"""The tables that every file of this version has, as SQL: to make a file quickly, and to know ours again."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Sequence
from functools import cache
from typing import cast

from sqlalchemy import create_engine

from cypp_desktop.plan.base import Row
from cypp_desktop.store.files import stamp
from cypp_desktop.store.schema import LOG

#: What a database says of one of its parts: type, name, table, and its SQL (None for what SQLite adds).
Part = tuple[str, str, str, str | None]


def are_ours(parts: Sequence[Part]) -> bool:
    """Whether these are the tables and indexes of a file of this version, and no others."""
    found = frozenset(parts)
    return found == frozenset(_made()) or frozenset(map(_comparable, found)) == _our_parts()


@cache
def _our_parts() -> frozenset[Part]:
    return frozenset(map(_comparable, _made()))


def _comparable(part: Part) -> Part:
    """The same with white space that means nothing taken out of its SQL."""
    kind, name, table, sql = part
    return kind, name, table, None if sql is None else " ".join(sql.split())


def make_tables(connection: sqlite3.Connection) -> None:
    """Make the empty tables of a new file of this version."""
    stamp(connection)
    for _, _, _, sql in _made():
        if sql is not None:
            connection.execute(sql)


@cache
def _made() -> tuple[Part, ...]:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        Row.metadata.create_all(connection)
        LOG.create_all(connection)
        raw = cast(sqlite3.Connection, connection.connection.driver_connection)
        with contextlib.closing(raw.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema")) as rows:
            found = tuple(rows)
    engine.dispose()
    return found
