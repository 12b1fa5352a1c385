"""A plan in memory that holds a part of another one: the rows and columns that a rule leaves in.

Whoever lets a part of a plan out decides what with such a rule and nothing else; what the rule does not
name is not there, whatever columns a plan has or will have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, cast

from sqlalchemy import Table, create_engine, insert, select
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from cypp_desktop.plan.base import Row, fields_of, is_place, row_classes
from cypp_desktop.plan.model import Plan
from cypp_desktop.store.commands.fields import span_columns

#: What may be seen of a row: values by column. None leaves the row out.
Rule = Callable[[Row], Mapping[str, Any] | None]
#: Rows by class and id.
_Rows = dict[type[Row], dict[str, Row]]


@contextmanager
def partial_plan(session: Session, rule: Rule) -> Iterator[Session]:
    """A session over what the rule leaves of a plan, in the same order and with the same ids.

    The rows that a row stands in come along, empty if need be. A link to a row that is not there is left
    out; so is a row that joins two others, where one of them is not. A due date or period of which only the
    words may be seen has the days that they mean, whatever days somebody said beside them.
    """
    engine = create_engine("sqlite://", poolclass=StaticPool)
    try:
        with engine.begin() as connection:
            Row.metadata.create_all(connection)
            for cls, rows in _rows_of(session, rule):
                names = [column.key for column in cls.__table__.columns]
                values = [{name: getattr(row, name) for name in names} for row in rows]
                connection.execute(insert(cast(Table, cls.__table__)), values)
        with Session(engine, autoflush=False) as part:
            yield part
    finally:
        engine.dispose()


def every_row(session: Session) -> Iterator[Row]:
    """All rows of a plan, class by class, those in which others stand first."""
    for cls in row_classes().values():
        yield from session.scalars(select(cls))


def _rows_of(session: Session, rule: Rule) -> Iterator[tuple[type[Row], list[Row]]]:
    """The rows of the part, class by class, those in which others stand first."""
    chosen: _Rows = {}
    seen: dict[str, Mapping[str, Any]] = {}
    for cls in row_classes().values():
        chosen[cls] = {}
        for row in session.scalars(select(cls)):
            values = rule(row)
            if values is not None or cls is Plan:
                chosen[cls][row.id] = row
                seen[row.id] = values or {}
    _add_holders(session, chosen)
    for cls, rows in chosen.items():
        found: list[Row] = []
        for row in list(rows.values()):
            columns = _columns(row, seen.get(row.id, {}), chosen)
            if columns is None:
                del rows[row.id]
            else:
                found.append(cls(id=row.id, **columns))
        if found:
            yield cls, found


def _add_holders(session: Session, chosen: _Rows) -> None:
    """Add the rows in which chosen rows stand, and those in which these stand."""
    for rows in reversed(chosen.values()):  # what stands in others before those
        for row in rows.values():
            holder = _holder(session, row)
            if holder is not None:
                chosen[type(holder)].setdefault(holder.id, holder)


def _holder(session: Session, row: Row) -> Row | None:
    """The row that a row stands in."""
    for column in row.__table__.columns:
        id_ = getattr(row, column.key)
        if id_ is not None and is_place(column) and column.foreign_keys:
            return session.get(_target(column), id_)
    return None


def _columns(
    row: Row, values: Mapping[str, Any], chosen: Mapping[type[Row], Mapping[str, Row]]
) -> dict[str, Any] | None:
    """The columns of a row in the part: its place, what may be seen of it, and links to what is there.

    None for a row that joins others, where one of them is not there.
    """
    found: dict[str, Any] = {}
    for column in row.__table__.columns:
        value = getattr(row, column.key)
        if is_place(column):
            found[column.key] = value
        elif not column.foreign_keys:
            if column.key in values:
                found[column.key] = values[column.key]
        elif value in chosen[_target(column)]:
            if column.key in values or not column.nullable:
                found[column.key] = value
        elif not column.nullable:
            return None
    return found | _days_of_words(row, values)


def _days_of_words(row: Row, values: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of due dates and periods of which only the words may be seen: the days that these mean."""
    found: dict[str, Any] = {}
    for name, field in fields_of(type(row)).items():
        if field.is_span and name in values and not values.keys() >= set(field.columns):
            found |= span_columns(name, field.columns, values[name])
    return found


def _target(column: Any) -> type[Row]:
    """The kind of row that a column holds the id of."""
    (foreign,) = column.foreign_keys
    return row_classes()[foreign.column.table.name]
