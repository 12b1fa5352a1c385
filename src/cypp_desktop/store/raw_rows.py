"""Rows as SQLite hands them out, beside the mapped classes: fast, and usable on files nobody vouches for."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Boolean

from cypp_desktop.plan.base import JsonObject, TextList, row_classes
from cypp_desktop.store.by_ids import select_raw
from cypp_desktop.store.disk import connect, plain_words


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """The plan in a working copy as it is at this moment, for reading on any thread."""
    with (
        plain_words("The plan cannot be read"),
        contextlib.closing(connect(path)) as db,
    ):
        db.execute("BEGIN")
        yield db


@cache
def columns_of(row_type: str) -> tuple[str, ...]:
    """The columns of a row type, the id first."""
    columns = row_classes()[row_type].__table__.columns
    return ("id", *(column.key for column in columns if not column.primary_key))


@cache
def _readers(row_type: str, columns: tuple[str, ...]) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
    """Those of the columns that SQLite hands out otherwise than the log holds them, with what reads each."""
    found: list[tuple[str, Callable[[Any], Any]]] = []
    for column in row_classes()[row_type].__table__.columns:
        if column.key in columns and isinstance(column.type, Boolean):
            found.append((column.key, _flag))
        elif column.key in columns and isinstance(column.type, TextList | JsonObject):
            found.append((column.key, exact_json))
    return tuple(found)


def _flag(raw: Any) -> Any:
    return bool(raw) if raw in (0, 1) else raw


def exact_json(text: str) -> Any:
    """What JSON says, without white space around it and numbers that JSON does not have.

    Raises ValueError or RecursionError.
    """
    value, end = _DECODER.raw_decode(text)
    if end != len(text):
        raise ValueError("this is more than JSON")
    return value


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no number")


_DECODER = json.JSONDecoder(parse_constant=_no_number)


def stored_values(row_type: str, row: Sequence[Any], columns: tuple[str, ...]) -> dict[str, Any]:
    """The values of a row, its id first and then these columns, as the log of changes holds them.

    Raises ValueError, TypeError or RecursionError where a column holds no JSON and should.
    """
    values = dict(zip(columns, row[1:], strict=True))
    for name, reader in _readers(row_type, columns):
        if values[name] is not None:
            values[name] = reader(values[name])
    return values


def select_rows(
    db: sqlite3.Connection,
    row_type: str,
    ids: Iterable[str],
    *,
    by: str = "id",
    columns: Sequence[str] | None = None,
) -> list[tuple[Any, ...]]:
    """The rows of a type that have one of the ids in the column ``by``, in the order of their own ids.

    Each as its id and these ``columns``; without, as :func:`columns_of` says.
    """
    names = columns_of(row_type) if columns is None else ("id", *columns)
    listed = ",".join(f'"{name}"' for name in names)
    found = select_raw(db, f'SELECT {listed} FROM main."{row_type}" WHERE "{by}" IN :ids', ids)
    return sorted(found, key=lambda row: str(row[0]))


class LoggedChange(NamedTuple):
    """A change as the log of a file has it, but for what was there before: values and parents are JSON."""

    id: str
    is_head: int
    row_type: str
    row_id: str
    field: str
    value: str
    parents: str
    author: str
    file: str
    at: str
    step: str


def changes_of(
    db: sqlite3.Connection, row_type: str, row_ids: Iterable[str], *, only_heads: bool = False
) -> list[LoggedChange]:
    """The changes of rows of a type, or only the heads among them."""
    heads = " AND is_head = 1" if only_heads else ""
    names = ",".join(LoggedChange._fields)
    statement = f"SELECT {names} FROM change WHERE row_id IN :ids{heads} AND row_type = ?"
    return [LoggedChange._make(row) for row in select_raw(db, statement, row_ids, row_type)]


def ids_of(db: sqlite3.Connection, row_type: str) -> list[str]:
    """The ids of all rows of a type."""
    return [id_ for (id_,) in db.execute(f'SELECT id FROM "{row_type}"')]
