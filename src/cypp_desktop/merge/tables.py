"""The tables that every file of this version has, as SQL: to make a file quickly, and to know ours again."""

from __future__ import annotations

import contextlib
import sqlite3
from functools import cache
from typing import cast

from sqlalchemy import create_engine

from cypp_desktop.merge.gates.read_through import Part, Tables, comparable
from cypp_desktop.plan.base import Row, row_classes
from cypp_desktop.store.files import stamp
from cypp_desktop.store.schema import LOG


@cache
def our_tables() -> Tables:
    """What a file of this version consists of."""
    return Tables(frozenset(map(comparable, _made())), tuple(sorted(row_classes())))


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
