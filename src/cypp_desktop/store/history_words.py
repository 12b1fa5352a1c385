"""Changes in words: values as a person reads them, names instead of ids, and what a row is called.

Rows that have been deleted since are named from the change log. Reads only.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from cypp_desktop.plan.base import Field, FieldKind, Row, field_of, row_classes, stored_values
from cypp_desktop.plan.blocks import parse, plain_text
from cypp_desktop.plan.dates import day_in_words
from cypp_desktop.plan.readers import ReaderKind, column_may_leave
from cypp_desktop.plan.row_names import RowName, label, trail
from cypp_desktop.plan.search_fields import searched_texts
from cypp_desktop.plan.shape import ends_of, owner_of_link, row_to_open, upward
from cypp_desktop.plan.signs import shown, shown_on_one_line
from cypp_desktop.plan.words import cut, field_words, row_words
from cypp_desktop.store import schema
from cypp_desktop.store.changes import CREATED, DELETED
from cypp_desktop.store.history import HistoryEntry
from cypp_desktop.store.removal import Gap

RowKey = tuple[str, str]

#: The columns that say what a row without a title is.
_TEXTS: Final = ("text", "note", "status")
SINCE_DELETED: Final = "since deleted"


@dataclass(frozen=True, slots=True)
class Said:
    """A change in words: what it is about ("Title", "New measure", "Deleted"), what was and what is.

    ``removed`` says that and why something of it was removed for good; else it is empty.
    """

    label: str
    before: str
    after: str
    removed: str = ""


class HistoryWords:
    """Says changes in words. Keeps what it has looked up, so it serves one reading of the log.

    ``coming`` are stored values of rows that are not in the plan yet, so that they too have a name. Rows are
    told of as far as the ``reader`` may be given what they say; whether a change may be told at all is for
    who asks.
    """

    def __init__(
        self,
        session: Session,
        coming: Mapping[RowKey, Mapping[str, Any]] | None = None,
        *,
        reader: ReaderKind = ReaderKind.KEEPER,
    ) -> None:
        self._session = session
        self._reader = reader
        self._coming = coming or {}
        self._names: dict[RowKey, str] = {}
        self._last: dict[str, dict[str, Any] | None] = {}

    # ------------------------------------------------------------------ changes

    def said(self, entry: HistoryEntry) -> Said:
        """A change in words; where a text of it was removed for good, that and why."""
        said = self._said(entry)
        said = replace(said, before=shown(said.before), after=shown(said.after))
        return replace(said, removed=_gap_lines(entry)) if entry.gaps else said

    def _said(self, entry: HistoryEntry) -> Said:
        if entry.field == CREATED:
            return Said(f"New {row_words(entry.row_type)}", "", self.summary(entry.row_type, entry.value))
        if entry.field == DELETED:
            values = entry.before if isinstance(entry.before, dict) else self._values(entry.row_id) or {}
            words = self.summary(entry.row_type, values)
            if entry.value:
                return Said(f"Deleted {row_words(entry.row_type)}", words, "")
            return Said(f"Brought back {row_words(entry.row_type)}", "", words)
        label = field_words(entry.row_type, entry.field)
        field = field_of(entry.row_type, entry.field)
        if field is None:  # of a later version
            return Said(label, _plain(entry.before), _plain(entry.value))
        if field.kind == "place":
            return self._moved(label, entry)
        before, after = (self._value(field, entry.row_type, value) for value in (entry.before, entry.value))
        return Said(label, before, after)

    def _moved(self, label: str, entry: HistoryEntry) -> Said:
        before, after = (self._owner(value) for value in (entry.before, entry.value))
        if before == after:
            return Said(label, "", "another place in the same list")
        return Said(label, before, after)

    def _owner(self, value: Any) -> str:
        """What a place is in, out of the stored value of a place."""
        if isinstance(value, Mapping):
            for column, id_ in value.items():
                if column.endswith("_id") and id_:
                    return self.name(column.removesuffix("_id"), id_)
        return ""

    def value(self, row_type: str, name: str, value: Any) -> str:
        """A stored value of a field as a person reads it: names instead of ids; nothing is an empty text."""
        field = field_of(row_type, name)
        if field is None:
            return _plain(value)
        if field.kind == "place":
            return self._owner(value) or ("a place in its list" if value else "")
        return self._value(field, row_type, value)

    def _value(self, field: Field, row_type: str, value: Any) -> str:
        """A stored value of a field as a person reads it; nothing is an empty text."""
        if value is None or value == "" or value == []:
            return ""
        if len(field.columns) > 1:
            return _group(field, value)
        match field.kind:
            case FieldKind.LINK:
                return self.name(field.columns[0].removesuffix("_id"), value)
            case FieldKind.MARKDOWN:
                return plain_text(parse(value))
            case FieldKind.LIST if field.is_markdown:
                return "\n".join(plain_text(parse(one)) for one in value)
            case FieldKind.LIST:
                return "\n".join(value)
            case FieldKind.FLAG:
                return "Yes" if value else "No"
            case FieldKind.DATE:
                return day_in_words(value)
            case FieldKind.CHOICE:
                return str(value)[:1].upper() + str(value)[1:]
        return _plain(value)

    # ------------------------------------------------------------------ rows

    def summary(self, row_type: str, values: Mapping[str, Any]) -> str:
        """What a row with these stored values is, in its own words."""
        cls = row_classes().get(row_type)
        if self._reader is not ReaderKind.KEEPER:
            names = values.keys() if cls is not None else ()
            values = {name: values[name] for name in names if column_may_leave(self._reader, row_type, name)}
        if cls is not None and cls.joins is not None:
            return self.name(cls.joins.removesuffix("_id"), values.get(cls.joins))
        if row_type == "observation":
            return _observed(values)
        if row_type == "lead" and values.get("organisation_id"):
            return self.name("organisation", values["organisation_id"])
        title = RowName.of_values(row_type, values).title
        if title:
            return label(values.get("code"), title)  # without a section's number
        for column in _TEXTS:
            if values.get(column):
                words = str(values[column])
                return plain_text(parse(words)) if column == "text" else words
        return ""

    def name(self, row_type: str, row_id: str | None) -> str:
        """What a row is called among its like: an organisation's name, "1a Healthy babies"."""
        if not row_id:
            return ""
        key = (row_type, row_id)
        if key not in self._names:
            row = self._row(row_type, row_id)
            coming = self._coming.get(key) if row is None else None
            values = stored_values(row) if row is not None else coming or self._values(row_id)
            words = shown_on_one_line(cut(self.summary(row_type, values or {}))) or row_words(row_type)
            there = row is not None or coming is not None
            self._names[key] = words if there else f"{words} ({SINCE_DELETED})"
        return self._names[key]

    def place(self, entry: HistoryEntry) -> str:
        """Where the row of an entry stands, as a person finds it: "1 › 1a › i", "Organisation Schools"."""
        row = self._standing(entry)
        if row is not None:
            return self.way(row)
        values = self._values(entry.row_id)
        words = shown_on_one_line(cut(self.summary(entry.row_type, values or {}), 40))
        return f"{row_words(entry.row_type).capitalize()} {words}".strip() + f" ({SINCE_DELETED})"

    def _standing(self, entry: HistoryEntry) -> Row | None:
        """The row of an entry, or where that is gone, the one in which it last stood; None where both are."""
        row = self._row(entry.row_type, entry.row_id)
        if row is not None:
            return row
        values = self._values(entry.row_id) or {}
        for column, owner_type in ends_of(entry.row_type):
            owner = self._row(owner_type, values.get(column))
            if owner is not None:
                return owner
        return None

    def way(self, row: Row) -> str:
        """The way to a row, as codes where there are any."""
        if row.joins is not None:
            return self.way(owner_of_link(row))
        return trail(map(RowName.with_covered, upward(row))) or RowName.of(row).with_kind

    def to_open(self, entry: HistoryEntry) -> RowKey | None:
        """The row in whose panel a person sees what an entry is about; None where it is gone."""
        row = self._standing(entry)
        if row is None:
            return None
        shown = row_to_open(row)
        return shown.row_type, shown.id

    # ------------------------------------------------------------------ looking up

    def _row(self, row_type: str, row_id: str | None) -> Row | None:
        cls = row_classes().get(row_type)
        return self._session.get(cls, row_id) if cls is not None and row_id else None

    def _values(self, row_id: str) -> dict[str, Any] | None:
        """The stored values of a row as they were when it was last deleted."""
        if row_id not in self._last:
            change = schema.change.c
            found = self._session.execute(
                select(change.before)
                .where(change.row_id == row_id, change.field == DELETED, change.value == "true")
                .order_by(change.seq.desc())
                .limit(1)
            ).scalar_one_or_none()
            values = json.loads(found) if found else None
            self._last[row_id] = values if isinstance(values, dict) else None
        return self._last[row_id]


def _group(field: Field, value: Mapping[str, Any]) -> str:
    """A field of several columns in words: what was printed, not what was made of it."""
    if field.name == "value":
        return _observed(value)
    return ", ".join(str(value[column]) for column in field.columns_with_words if value[column])


@cache
def _columns_of_value() -> tuple[str, ...]:
    """The columns by which a value of a measure is told, in the order in which they are read."""
    (text,) = (text for text in searched_texts("observation") if text.field == "value")
    return text.columns


def _observed(values: Mapping[str, Any]) -> str:
    """A value of a measure, a number or words, with its unit and with what tells it from others."""
    parts = (values.get(column) for column in _columns_of_value())
    return " ".join(str(part) for part in parts if part not in (None, ""))


def _gap_lines(entry: HistoryEntry) -> str:
    """What was removed for good from a change, on which side of it, and why."""
    before, after = entry.gap("before"), entry.gap("value")
    if before is not None and before == after:
        return gap_words(before)
    lines = [] if before is None else [f"Before: {gap_words(before)}"]
    return "\n".join(lines if after is None else [*lines, gap_words(after)])


def gap_words(gap: Gap) -> str:
    """Why something is missing: "Text removed on 1 December 2026: asked for by the family"."""
    return f"Text removed on {day_in_words(gap.at[:10])}: {gap.reason}"


def _plain(value: Any) -> str:
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False, sort_keys=True) if value else ""
    return "" if value is None else str(value)
