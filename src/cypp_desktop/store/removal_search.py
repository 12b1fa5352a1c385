"""Where a text stands in a plan: in its rows, and in what its log says of every time. Reads only.

What is wanted is either words, wherever they stand, or the wordings that one field has had.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Any, Final, Protocol

from cypp_desktop.errors import UsageError
from cypp_desktop.plan.base import field_of, fields_of, row_classes
from cypp_desktop.plan.blocks import parse, plain_text
from cypp_desktop.plan.sought_words import SoughtWords
from cypp_desktop.plan.text_merge import canonical
from cypp_desktop.store.changes import Change, from_json, to_json
from cypp_desktop.store.log import RowKey
from cypp_desktop.store.raw_rows import columns_of, stored_values
from cypp_desktop.store.removal import (
    AUTHOR,
    BEFORE,
    CLAIM,
    REMOVAL_AUTHOR,
    REMOVAL_REASON,
    ROW,
    SAID,
    STEP_AUTHOR,
    STEP_NAME,
    STEP_REPORT,
    VALUE,
    Mark,
    columns_in,
    emptied,
    is_text,
    part_of,
)
from cypp_desktop.store.seal import RETURN
from cypp_desktop.store.sqlite_queries import meta_values


class Wanted(Protocol):
    """What is to be removed."""

    def row_id(self) -> str | None:
        """The one row that it is about; None where it may stand in any."""

    def columns(self, row_type: str, row_id: str, said: Mapping[str, Any]) -> Collection[str]:
        """Of what is said of a row, by column, the columns that say it."""

    def holds(self, text: str | None) -> bool:
        """Whether a text that belongs to no column says it: who made a change, what a step is called."""

    def rest_of(self, value: Any) -> Any:
        """What is left of a column that says it, where the rest is to stay."""

    def sought_words(self) -> SoughtWords | None:
        """Words by which files of other kinds are looked through; None where there are none."""


@dataclass(frozen=True, slots=True)
class WordsAnywhere:
    """Words, in whatever text they stand."""

    sought: SoughtWords

    def row_id(self) -> str | None:
        return None

    def columns(self, row_type: str, row_id: str, said: Mapping[str, Any]) -> Collection[str]:
        found = [
            name for name, value in said.items() if is_text(row_type, name) and self.sought.in_value(value)
        ]
        return _with_whole_spans(row_type, found, said) if found else found

    def holds(self, text: str | None) -> bool:
        return text is not None and self.sought.in_text(text)

    def rest_of(self, value: Any) -> Any:
        return self.sought.without(value)

    def sought_words(self) -> SoughtWords | None:
        return self.sought


def _with_whole_spans(row_type: str, columns: list[str], said: Mapping[str, Any]) -> list[str]:
    """The columns, and of a due date or period all: its days say the same as its words."""
    cls = row_classes().get(row_type)
    for field_ in fields_of(cls).values() if cls is not None else ():
        if field_.is_span and not set(columns).isdisjoint(field_.columns):
            columns += [name for name in field_.columns if name in said and name not in columns]
    return columns


@dataclass(frozen=True, slots=True)
class WordingsOfField:
    """What one field of a row has ever said, or only these ``wordings`` of it, as the log has them."""

    row_type: str
    row: str
    field: str
    wordings: tuple[Any, ...] | None = None

    def __post_init__(self) -> None:
        """Raises UsageError where nobody writes texts there."""
        field_ = field_of(self.row_type, self.field)
        if field_ is None or not any(is_text(self.row_type, column) for column in field_.columns):
            raise UsageError("There is no text in this field that could be removed.")

    def row_id(self) -> str | None:
        return self.row

    def columns(self, row_type: str, row_id: str, said: Mapping[str, Any]) -> Collection[str]:
        field_ = field_of(self.row_type, self.field)
        if (row_type, row_id) != (self.row_type, self.row) or field_ is None:
            return []
        texts = [column for column in field_.columns if column in said and is_text(row_type, column)]
        says_something = any(said[column] != emptied(row_type, column) for column in texts)
        if not says_something or not self._is_meant({column: said.get(column) for column in field_.columns}):
            return []
        return texts

    def _is_meant(self, columns: Mapping[str, Any]) -> bool:
        if self.wordings is None:
            return True
        value = dict(columns) if len(columns) > 1 else next(iter(columns.values()))
        return any(_alike(value, wording) for wording in self.wordings)

    def holds(self, text: str | None) -> bool:
        return False  # where names of steps quote what is removed, that is seen when it is removed

    def rest_of(self, value: Any) -> Any:
        return None

    def sought_words(self) -> SoughtWords | None:
        texts = [plain_text(parse(each)) for each in self.wordings or () if isinstance(each, str)]
        try:
            return SoughtWords(texts)
        except UsageError:
            return None


def _alike(one: Any, other: Any) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return canonical(one) == canonical(other)
    return to_json(one) == to_json(other)


# ------------------------------------------------------------------ what was found


@dataclass(frozen=True, slots=True)
class LivePlace:
    """A field of a row of the plan that says it now; ``value`` is all that the field says."""

    row_type: str
    row_id: str
    field: str
    value: Any = dataclass_field(compare=False)


@dataclass(slots=True)
class Found:
    """Where it stands in one file: the parts of changes and steps, the rows that say it, since when.

    ``first`` is the place in the file's log of the first change that says it.
    """

    marks: set[Mark] = dataclass_field(default_factory=set)
    live: list[LivePlace] = dataclass_field(default_factory=list)
    rows: set[RowKey] = dataclass_field(default_factory=set)
    since: str | None = None
    first: int | None = None

    @property
    def texts(self) -> int:
        """In how many changes and steps, or else rows, it stands."""
        return len({mark.item for mark in self.marks}) or len(self.live)


#: What was found out about changes and rows, by their id and what they say: backups have most of them alike.
Known = dict[tuple[str, int], tuple[str, ...]]


def search(db: sqlite3.Connection, wanted: Wanted, known: Known | None = None) -> Found:
    """Look through a plan file of this version."""
    found = Found()
    known = {} if known is None else known
    for row in _changes(db, wanted.row_id()):
        id_, row_type, row_id, name, before, value, author, claim, at, seq = row
        key = (id_, hash((before, value, author, claim)))
        if key not in known:
            said = from_json(before), from_json(value)
            change = Change(id_, row_type, row_id, name, *said, (), author, "", at, "", claim)
            known[key] = tuple(_parts(change, wanted))
        if known[key]:
            found.marks.update(Mark(id_, part) for part in known[key])
            found.rows.add((row_type, row_id))
            found.since = min(found.since or at, at)
            found.first = min(found.first or seq, seq)
    for id_, name, author, report in db.execute("SELECT id, name, author, report FROM step"):
        texts = ((STEP_NAME, name), (STEP_AUTHOR, author), (STEP_REPORT, _plain(report)))
        found.marks.update(Mark(id_, part) for part, text in texts if wanted.holds(text))
    for id_, author, reason in db.execute("SELECT id, author, reason FROM removal"):
        of_removal = ((REMOVAL_AUTHOR, author), (REMOVAL_REASON, reason))
        found.marks.update(Mark(id_, part) for part, text in of_removal if wanted.holds(text))
    _look_through_rows(db, wanted, found, known)
    _look_through_what_is_said(db, wanted, found)
    return found


#: What a return says of itself in words, and what in the plan says the same: a row type, the key under which
#: the return names the row, and a column.
_SAID_OF: Final = {
    "covering_note": ("issued_return", "issue_id", "covering_note"),
    "issued_by": ("issued_return", "issue_id", "issued_by"),
    "due": ("issued_return", "issue_id", "due"),
    "organisation": ("organisation", "organisation_id", "name"),
    "round_name": ("round", "round_id", "name"),
    "plan_title": ("plan", "plan_row", "title"),
}


def _look_through_what_is_said(db: sqlite3.Connection, wanted: Wanted, found: Found) -> None:
    """In a return: look through what it says of itself."""
    said = meta_values(db, ("kind", "issue_id", "organisation_id", "round_id", *_SAID_OF))
    if said.get("kind") != RETURN or "issue_id" not in said:
        return
    for (row_id,) in db.execute("SELECT id FROM plan LIMIT 1"):
        said["plan_row"] = row_id
    for key, (row_type, names, column) in _SAID_OF.items():
        if said.get(key) and wanted.columns(row_type, said.get(names, ""), {column: said[key]}):
            found.marks.add(Mark(said["issue_id"], part_of(SAID, key)))


def _changes(db: sqlite3.Connection, row_id: str | None) -> Iterator[tuple[Any, ...]]:
    names = "id, row_type, row_id, field, before, value, author, claim, at, seq"
    if row_id is None:
        return iter(db.execute(f"SELECT {names} FROM change"))
    return iter(db.execute(f"SELECT {names} FROM change WHERE row_id = ?", (row_id,)))


def _parts(change: Change, wanted: Wanted) -> Iterator[str]:
    """The parts of a change that say it."""
    for side in (VALUE, BEFORE):
        said = columns_in(change, side)
        for column in wanted.columns(change.row_type, change.row_id, said):
            yield part_of(side, column)
    if wanted.holds(change.author):
        yield AUTHOR
    if wanted.holds(_plain(change.claim)):
        yield CLAIM


def _plain(text: str | None) -> str | None:
    """JSON as a text in which words stand as they were written."""
    if text is None:
        return None
    try:
        return json.dumps(json.loads(text), ensure_ascii=False).replace("\\n", " ")
    except ValueError:
        return text


def _look_through_rows(db: sqlite3.Connection, wanted: Wanted, found: Found, known: Known) -> None:
    for row_type, cls in row_classes().items():
        names = columns_of(row_type)
        listed = ",".join(f'"{name}"' for name in names)
        where, values = ("", ()) if wanted.row_id() is None else (" WHERE id = ?", (wanted.row_id(),))
        for row in db.execute(f'SELECT {listed} FROM "{row_type}"{where}', values):
            key = (row[0], hash(row))
            if key not in known:
                said = stored_values(row_type, row, names[1:])
                known[key] = tuple(wanted.columns(row_type, row[0], said))
            columns = known[key]
            if not columns:
                continue
            said = stored_values(row_type, row, names[1:])
            if (row_type, row[0]) not in found.rows:  # it was altered outside the application
                found.marks.add(Mark(row[0], part_of(ROW, row_type)))
            found.rows.add((row_type, row[0]))
            for name, field_ in fields_of(cls).items():
                if not set(columns).isdisjoint(field_.columns):
                    found.live.append(LivePlace(row_type, row[0], name, field_.value_of(said)))
