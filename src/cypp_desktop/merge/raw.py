"""Rows as SQLite hands them out, beside the mapped classes: fast, and usable on files nobody vouches for."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Boolean

from cypp_desktop.plan.base import JsonObject, TextList, row_classes

_AT_ONCE = 500


@cache
def columns_of(row_type: str) -> tuple[str, ...]:
    """The columns of a row type, the id first."""
    columns = row_classes()[row_type].__table__.columns
    return ("id", *(column.key for column in columns if not column.primary_key))


@cache
def _readers(row_type: str) -> tuple[tuple[str, Callable[[Any], Any] | None], ...]:
    found: list[tuple[str, Callable[[Any], Any] | None]] = []
    for column in row_classes()[row_type].__table__.columns:
        if column.primary_key:
            continue
        reader: Callable[[Any], Any] | None = None
        if isinstance(column.type, Boolean):
            reader = _flag
        elif isinstance(column.type, TextList | JsonObject):
            reader = exact_json
        found.append((column.key, reader))
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


def stored_values(row_type: str, row: Sequence[Any]) -> dict[str, Any]:
    """The values of a row (in the order of :func:`columns_of`) as the log of changes holds them.

    Raises ValueError, TypeError or RecursionError where a column holds no JSON and should.
    """
    return {
        name: value if reader is None or value is None else reader(value)
        for (name, reader), value in zip(_readers(row_type), row[1:], strict=True)
    }


def select_rows(
    db: sqlite3.Connection, row_type: str, ids: Iterable[str], *, by: str = "id"
) -> list[tuple[Any, ...]]:
    """The rows of a type that have one of the ids in the column ``by``, in the order of their own ids."""
    columns = ",".join(f'"{name}"' for name in columns_of(row_type))
    found: list[tuple[Any, ...]] = []
    for some in portions(ids):
        marks = ",".join("?" * len(some))
        found += db.execute(f'SELECT {columns} FROM main."{row_type}" WHERE "{by}" IN ({marks})', some)
    return sorted(found, key=lambda row: str(row[0]))


def portions(ids: Iterable[str]) -> Iterator[list[str]]:
    """The ids, each once and in order, as many at a time as one statement takes well."""
    listed = sorted(set(ids))
    for at in range(0, len(listed), _AT_ONCE):
        yield listed[at : at + _AT_ONCE]
