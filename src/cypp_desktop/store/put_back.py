"""Puts back what a change of the past says: a value of a field, or a row that was deleted.

It is a step like any other, with a name, and can itself be undone; no history is taken away.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from cypp_desktop.errors import PlanRuleBroken
from cypp_desktop.plan.base import Field, Row, column_value, fields_of, is_place, row_classes, stored_values
from cypp_desktop.plan.shape import link_types
from cypp_desktop.plan.words import field_words, row_words
from cypp_desktop.store import schema
from cypp_desktop.store.changes import CREATED, DELETED, Change, to_json
from cypp_desktop.store.editor import Editor
from cypp_desktop.store.history import HistoryEntry
from cypp_desktop.store.log import read_changes
from cypp_desktop.store.removal import BEFORE, VALUE
from cypp_desktop.store.short_names import short_name

RowKey = tuple[str, str]


def put_back(editor: Editor, entry: HistoryEntry, *, earlier: bool = False) -> None:
    """Make the plan say again what a change said, or with ``earlier`` what was there before it.

    A deletion always brings back what was there: the row, and what was deleted with it in the same step.

    Raises PlanRuleBroken where the plan says so already, or where what it needs is no longer there.
    """
    if entry.field in (CREATED, DELETED):
        _bring_back(editor, entry)
        return
    row = editor.row(entry.row_type, entry.row_id)
    field = _field(entry)
    if row is None or field is None:
        raise PlanRuleBroken(
            f"This {row_words(entry.row_type)} has since been deleted. Put that back first, then its fields."
        )
    if entry.gap(_side(earlier)) is not None:
        raise PlanRuleBroken("This text was removed for good, so it cannot be put back.")
    value = entry.before if earlier else entry.value
    if _says(row, field, value):
        raise PlanRuleBroken("The plan says this already.")
    columns = field.as_columns(value)
    _insist_on_targets(editor, type(row), columns)
    words = field_words(row.row_type, field.name)
    words = words[:1].lower() + words[1:]
    with editor.step(f"Put back {words} of {short_name(row)}"):
        for column, stored in columns.items():
            setattr(row, column, column_value(type(row), column, stored))


def can_put_back(editor: Editor, entry: HistoryEntry, *, earlier: bool = False) -> bool:
    """Whether putting it back would change anything: the row is gone, or its field says something else."""
    row = editor.row(entry.row_type, entry.row_id)
    if entry.field in (CREATED, DELETED):
        was_deleted = entry.field == DELETED and bool(entry.value)
        return row is None and earlier == was_deleted
    field = _field(entry)
    if row is None or field is None or entry.gap(_side(earlier)) is not None:
        return False
    return not _says(row, field, entry.before if earlier else entry.value)


def _side(earlier: bool) -> str:
    """The side of a change that is put back."""
    return BEFORE if earlier else VALUE


def _field(entry: HistoryEntry) -> Field | None:
    cls = row_classes().get(entry.row_type)
    return fields_of(cls).get(entry.field) if cls is not None else None


def _says(row: Row, field: Field, value: Any) -> bool:
    return to_json(field.value_of(stored_values(row))) == to_json(value)


def _insist_on_targets(
    editor: Editor, cls: type[Row], columns: Mapping[str, Any], coming: frozenset[str] = frozenset()
) -> None:
    """Refuse to name rows that are not in the plan (any more), unless they come back in the same step."""
    for column, value in columns.items():
        for key in cls.__table__.columns[column].foreign_keys:
            target = key.column.table.name
            if value and value not in coming and editor.row(target, value) is None:
                raise PlanRuleBroken(
                    f"The {row_words(target)} that this belongs to or names has since been deleted. "
                    "Put that back first."
                )


# ------------------------------------------------------------------ deleted rows


def _bring_back(editor: Editor, entry: HistoryEntry) -> None:
    if editor.row(entry.row_type, entry.row_id) is not None:
        raise PlanRuleBroken(f"This {row_words(entry.row_type)} is in the plan already.")
    values: Any = entry.before if entry.field == DELETED else entry.value
    if not isinstance(values, dict):
        raise PlanRuleBroken("This was brought back before. Look for its deletion in the history instead.")
    rows = {(entry.row_type, entry.row_id): values}
    if entry.field == DELETED:
        _add_what_went_along(editor, entry.step_id, rows)
    coming = frozenset(id_ for _, id_ in rows)
    for (row_type, _), stored in rows.items():
        _insist_on_targets(editor, row_classes()[row_type], stored, coming)
    said = values.get("code") or values.get("number") or ""
    with editor.step(f"Put back {row_words(entry.row_type)} {said}".rstrip()) as session:
        _add_rows(session, rows)


def _add_rows(session: Session, rows: Mapping[RowKey, Mapping[str, Any]]) -> None:
    """Add rows with these stored values, parents before what stands in them."""
    by_type: dict[str, list[tuple[str, Mapping[str, Any]]]] = {}
    for (row_type, id_), stored in rows.items():
        by_type.setdefault(row_type, []).append((id_, stored))
    for row_type, cls in row_classes().items():
        for id_, stored in by_type.get(row_type, ()):
            known = {name: column_value(cls, name, value) for name, value in stored.items()}
            session.add(cls(id=id_, **known))
        session.flush()


def _add_what_went_along(editor: Editor, step_id: str, rows: dict[RowKey, dict[str, Any]]) -> None:
    """Add what was deleted in the same step and stands in these rows, or is joined to them by a link."""
    waiting = _deleted_in(editor, step_id)
    for key in rows:
        waiting.pop(key, None)
    found = True
    while found:
        found = False
        for key, each in list(waiting.items()):
            if key in waiting and _belongs(each, rows):
                found = True
                for more in (key, *_joined(each, waiting)):
                    rows[more] = waiting.pop(more).before


def _deleted_in(editor: Editor, step_id: str) -> dict[RowKey, Change]:
    """The deletions of a step, by row, of the rows that are not in the plan again."""
    change = schema.change.c
    found: dict[RowKey, Change] = {}
    connection = editor.session.connection()
    for each in read_changes(connection, change.step == step_id, change.field == DELETED):
        is_deletion = each.value and isinstance(each.before, dict)
        if is_deletion and editor.row(each.row_type, each.row_id) is None:
            found[each.row_type, each.row_id] = each
    return found


def _belongs(each: Change, rows: Mapping[RowKey, Any]) -> bool:
    """Whether a deleted row stood in one of these, or joined it to another."""
    cls = row_classes()[each.row_type]
    for column in cls.__table__.columns:
        if is_place(column) or each.row_type in link_types():
            for key in column.foreign_keys:
                if (key.column.table.name, each.before.get(column.key)) in rows:
                    return True
    return False


def _joined(each: Change, waiting: Mapping[RowKey, Change]) -> list[RowKey]:
    """The rows at the ends of a link that went with it."""
    if each.row_type not in link_types():
        return []
    ends = [
        (key.column.table.name, each.before.get(column.key))
        for column in row_classes()[each.row_type].__table__.columns
        for key in column.foreign_keys
    ]
    return [end for end in ends if end in waiting]
