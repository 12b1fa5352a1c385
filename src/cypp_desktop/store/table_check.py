"""Whether the tables of a file are those of a plan, and hold what their columns are for.

A file may come from anywhere: whoever reads rows relies on what is proved here. Views, triggers and
virtual tables are refused earlier still, in ``files``. Reads only; the plan's rules and its changes are for
``check``.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from functools import cache
from pathlib import Path

from sqlalchemy import Boolean, Column, Integer, Table, create_engine
from sqlalchemy.engine import Connection
from sqlalchemy.pool import StaticPool

from cypp_desktop.errors import NotAPlan
from cypp_desktop.plan.base import JsonObject, Row, TextList
from cypp_desktop.store import schema
from cypp_desktop.store.disk import connect, plain_words
from cypp_desktop.store.files import not_whole, quoted
from cypp_desktop.store.versions import CURRENT_VERSION

#: Statements that give what a database is made of: its columns, links, indexes and rules, each as a Shape.
_SHAPES = (
    "SELECT t.name, 'column', x.name, x.type, x.\"notnull\", x.pk, x.hidden"
    " FROM sqlite_schema t JOIN pragma_table_xinfo(t.name) x WHERE t.type = 'table'",
    'SELECT t.name, \'link\', k."from", k."table", k."to", 0, 0'
    " FROM sqlite_schema t JOIN pragma_foreign_key_list(t.name) k WHERE t.type = 'table'",
    "SELECT t.name, 'index', group_concat(c.name), i.\"unique\", i.partial, 0, 0"
    " FROM sqlite_schema t JOIN pragma_index_list(t.name) i JOIN pragma_index_info(i.name) c"
    " WHERE t.type = 'table' GROUP BY t.name, i.name",
    "SELECT name, 'rules', "
    + ", ".join(f"instr(upper(sql), '{word}') > 0" for word in ("CHECK", "DEFAULT", "COLLATE", "UNIQUE"))
    + ", 0 FROM sqlite_schema WHERE type = 'table' AND sql IS NOT NULL",
)

#: The table, "column", "link", "index" or "rules", and then what there is to say of that.
Shape = tuple[object, ...]


def refuse_without_tables(path: Path, source: Path) -> None:
    """Raise FileProblem, naming ``source``, where the database at ``path`` lacks part of what a plan has."""
    try:
        with plain_words(f"{quoted(source)} cannot be opened"), closing(connect(path)) as connection:
            there = {row[:3] for row in connection.execute(_SHAPES[0]) if not row[6]}
    except sqlite3.DatabaseError as error:
        raise not_whole(source, error) from error
    if any(shape[:3] not in there for shape in _right_shapes() if shape[1] == "column"):
        raise NotAPlan(
            f"{quoted(source)} is damaged or made by another program: parts of a plan are missing in it. "
            "Restore a backup, or ask for the file to be sent again."
        )


def table_faults(connection: Connection) -> Iterator[str]:
    """What is wrong with the tables of a plan and with the kinds of values in them, in plain words."""
    version = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
    there: set[Shape] = set()
    for statement in _SHAPES:
        there.update(tuple(row) for row in connection.exec_driver_sql(statement))
    lacking = _tables_of(_right_shapes() - there)
    larger = _tables_of(there - _right_shapes())
    for table in sorted(lacking):
        yield f"The table {table} is not as this application makes it."
    if version == CURRENT_VERSION:  # a later minor version may have added to it
        for table in sorted(larger - lacking):
            yield f"The table {table} holds more than this application makes."
    if not lacking:
        yield from _value_faults(connection)


def _tables_of(shapes: Iterable[Shape]) -> set[str]:
    return {str(shape[0]) for shape in shapes}


def _value_faults(connection: Connection) -> Iterator[str]:
    for table_ in _tables():
        columns = list(table_.columns)
        # all columns at once: each table is read through once
        wrong = ", ".join(f"total(CASE WHEN {_right_value(column)} THEN 0 ELSE 1 END)" for column in columns)
        found = connection.exec_driver_sql(f'SELECT {wrong} FROM "{table_.name}"').one()
        for column, count in zip(columns, found, strict=True):
            if count:
                yield f"The {column.name} of a row of type {table_.name} holds something of the wrong kind."


def _right_value(column: Column[object]) -> str:
    """SQL that is true of every value that a column may hold."""
    name = f'"{column.name}"'
    kind = "integer" if isinstance(column.type, (Integer, Boolean)) else "text"
    right = f"typeof({name}) = '{kind}'"
    if isinstance(column.type, TextList):
        right += (
            f" AND json_valid({name}) AND json_type({name}) = 'array'"
            f" AND NOT EXISTS (SELECT 1 FROM json_each({name}) WHERE type <> 'text')"
        )
    elif isinstance(column.type, JsonObject):
        right += f" AND json_valid({name}) AND json_type({name}) = 'object'"
    elif column.name == "sort_key":
        right += f" AND {name} <> '' AND {name} NOT GLOB '*[^0-9A-Za-z]*' AND {name} NOT GLOB '*0'"
    return f"{name} IS NULL OR {right}" if column.nullable else right


def _tables() -> list[Table]:
    return [*Row.metadata.sorted_tables, *schema.LOG.sorted_tables]


@cache
def _right_shapes() -> frozenset[Shape]:
    """The columns, links and indexes of a plan of this version."""
    with closing(sqlite3.connect(":memory:")) as memory:
        engine = create_engine("sqlite://", creator=lambda: memory, poolclass=StaticPool)
        with engine.begin() as connection:
            Row.metadata.create_all(connection)
            schema.LOG.create_all(connection)
        return frozenset(tuple(row) for statement in _SHAPES for row in memory.execute(statement))
