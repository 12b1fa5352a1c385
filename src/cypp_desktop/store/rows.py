"""Rows of the plan's tables, many at once, with only the columns that are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy.engine import Connection

from cypp_desktop.plan.base import row_classes
from cypp_desktop.store import by_ids


def rows_naming(connection: Connection, row_type: str, column: str, ids: Iterable[str]) -> list[str]:
    """The ids of the rows of a type that name one of these rows in a column."""
    statement = f'SELECT id FROM "{row_type}" WHERE {column} IN :ids'
    return [id_ for (id_,) in by_ids.select(connection, statement, ids)]


def all_rows(connection: Connection, row_type: str, columns: Sequence[str]) -> list[Mapping[str, Any]]:
    """These columns of all rows of a type, in the order of their list where they stand in one."""
    rows = connection.exec_driver_sql(f'SELECT {",".join(columns)} FROM "{row_type}"{_order(row_type)}')
    return [dict(zip(columns, row, strict=True)) for row in rows]


def rows_by(
    connection: Connection, row_type: str, columns: Sequence[str], by: str, ids: Iterable[str]
) -> list[Mapping[str, Any]]:
    """These columns of the rows of a type that have one of the ids in the column ``by``.

    Those that have the same id there are in the order of their list.
    """
    statement = f'SELECT {",".join(columns)} FROM "{row_type}" WHERE {by} IN :ids{_order(row_type)}'
    return [dict(zip(columns, row, strict=True)) for row in by_ids.select(connection, statement, ids)]


def _order(row_type: str) -> str:
    return " ORDER BY sort_key, id" if "sort_key" in row_classes()[row_type].__table__.columns else ""


def covered_measures(
    connection: Connection, text: str, link: str, ids: Iterable[str]
) -> list[tuple[str, str | None, str | None]]:
    """The measures that updates or actions cover: the id of the text, then code and title of the measure.

    ``text`` is the type of the texts, ``link`` that of their links. Those of one text are in order.
    """
    statement = (
        f"SELECT l.{text}_id, m.code, m.title FROM {link} AS l"
        f" JOIN measure AS m ON m.id = l.measure_id WHERE l.{text}_id IN :ids ORDER BY m.sort_key, m.id"
    )
    return [(row_id, code, title) for row_id, code, title in by_ids.select(connection, statement, ids)]
