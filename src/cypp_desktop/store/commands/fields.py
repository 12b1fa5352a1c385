"""One field of a row gets a new value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cypp_desktop.errors import UsageError
from cypp_desktop.plan.base import Row, column_value, fields_of
from cypp_desktop.plan.dates import parse_span, runs_backwards
from cypp_desktop.store.editor import Editor
from cypp_desktop.store.short_names import short_name


def set_field(editor: Editor, row: Row, field: str, value: Any, *, sitting: bool = False) -> None:
    """Give a field of a row a new value: of one column, or a mapping for a field group.

    A due date or period may be given as words alone; its days are worked out from them. With
    ``sitting`` further typing in the same field joins this step.

    Raises UsageError for a field the row does not have or a value it cannot take, such as days of which
    the last is before the first.
    """
    known = fields_of(type(row)).get(field)
    if known is None or field == "place":
        raise UsageError(f"A {row.row_type.replace('_', ' ')} has no field {field}.")
    columns = _columns(row, field, known.columns, value)
    if all(getattr(row, column) == new for column, new in columns.items()):
        return
    key = f"{row.row_type}/{row.id}/{field}" if sitting else None
    with editor.step(f"Edit {field_words(field)} of {short_name(row)}", sitting=key):
        for column, new in columns.items():
            setattr(row, column, new)


def _columns(row: Row, field: str, columns: Sequence[str], value: Any) -> dict[str, Any]:
    choices = fields_of(type(row))[field].choices
    if choices is not None and value not in (*choices, None):
        allowed = ", ".join(choices)
        raise UsageError(f"{field_words(field).capitalize()} can be one of: {allowed}.")
    if len(columns) == 1:
        return {columns[0]: _single_value(type(row), columns[0], value)}
    if isinstance(value, Mapping):
        return _group_columns(row, field, columns, value)
    return span_columns(field, columns, value)


def _single_value(cls: type[Row], column: str, value: Any) -> Any:
    """The value of a column; its default for None, where it must say something."""
    table_column = cls.__table__.columns[column]
    if value is None and not table_column.nullable:
        value = table_column.info.get("default", "")
        value = value() if callable(value) else value
    return column_value(cls, column, value)


def _group_columns(row: Row, field: str, columns: Sequence[str], values: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a field group that are given new values."""
    unknown = set(values) - set(columns)
    if unknown:
        raise UsageError(f"{field_words(field).capitalize()} has no part {sorted(unknown)[0]}.")
    found = {column: column_value(type(row), column, given) for column, given in values.items()}
    as_it_will_be = {column: found.get(column, getattr(row, column)) for column in columns}
    if runs_backwards(as_it_will_be.get(f"{field}_start"), as_it_will_be.get(f"{field}_end")):
        raise UsageError(f"{field_words(field).capitalize()} cannot end before it begins.")
    return found


def span_columns(field: str, columns: Sequence[str], words: str | None) -> dict[str, Any]:
    """The columns of a due date or period group for its printed words."""
    if f"{field}_start" not in columns:
        return {columns[0]: words, **dict.fromkeys(columns[1:])} if words is None else {columns[0]: words}
    span = parse_span(words)
    found = {field: words, f"{field}_start": span.start, f"{field}_end": span.end}
    if f"{field}_precision" in columns:
        found[f"{field}_precision"] = span.precision if words else None
    return found


def field_words(field: str) -> str:
    return field.removesuffix("_id").replace("_", " ")
