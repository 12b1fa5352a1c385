"""Statements about many ids at once: as many to a statement as SQLite takes well."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy.engine import Connection

_AT_ONCE = 500


def portions(ids: Iterable[str]) -> Iterator[list[str]]:
    """The ids, each once and in order, as many at a time as one statement takes well."""
    listed = sorted(set(ids))
    for at in range(0, len(listed), _AT_ONCE):
        yield listed[at : at + _AT_ONCE]


def select(connection: Connection, statement: str, ids: Iterable[str], *more: Any) -> list[Any]:
    """The rows that a statement finds for ids; ``:ids`` stands for them in it, and "?" for each of ``more``
    after that: "SELECT … WHERE id IN :ids AND field = ?".
    """
    found: list[Any] = []
    for some in portions(ids):
        found += connection.exec_driver_sql(_with_marks(statement, some), (*some, *more)).all()
    return found


def select_raw(db: sqlite3.Connection, statement: str, ids: Iterable[str], *more: Any) -> list[Any]:
    """As :func:`select`, of a file that is open without SQLAlchemy."""
    found: list[Any] = []
    for some in portions(ids):
        found += db.execute(_with_marks(statement, some), (*some, *more))
    return found


def change(connection: Connection, statement: str, ids: Iterable[str], *more: Any) -> None:
    """As :func:`select`, for a statement that writes."""
    for some in portions(ids):
        connection.exec_driver_sql(_with_marks(statement, some), (*some, *more))


def _with_marks(statement: str, ids: list[str]) -> str:
    return statement.replace(":ids", f"({','.join('?' * len(ids))})")
