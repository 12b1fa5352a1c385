"""The plan JSON format (``cypp-plan/1``): which keys an object has, and what stands under each.

All of it follows from what :mod:`cypp_desktop.plan.model` declares. ``plan_check`` checks by these keys,
``plan_writer`` writes and ``plan_loader`` reads by them.

The format
----------
UTF-8, two-space indent, lines end in a line feed; the same plan always gives the same bytes. Long texts are
Markdown in the dialect of :mod:`cypp_desktop.plan.blocks`. The order of every list is the printed order. Any
key may be missing; an unknown key is an error that names it. Each key is a column of a class of
:mod:`cypp_desktop.plan.model`, by its own name, or the list of the rows below. What differs from that, or
needs saying:

- ``level_names`` holds ``level_priority``, ``level_outcome`` and ``level_measure``.
- ``value`` of an observation is a number to its last digit, or words.
- ``due`` and ``period`` are printed words. The days that they mean are worked out on reading. Only where
  somebody said other days do ``due_start``, ``due_end`` and ``due_precision``, or ``period_start`` and
  ``period_end``, stand beside them; then all of them count, and null is an open end.
- ``measures`` of an action or update are the measures of its outcome by ``key``, or by ``code`` where there
  is no key; none means the whole outcome.
- ``organisation`` of a lead or person, ``round`` of an update and ``people`` of a lead are names (of a person
  the name, or the post where there is no name). Where a name would mean several, ``key`` says by what name
  one of them goes in this file. The second "J. Smith" of one lead is the second person of that name.
- ``organisations`` and ``rounds`` are written as far as leads and updates do not tell of them, ``people``
  where more is known of them than the name or post that leads print. An organisation has its ``id`` where a
  layout names it by that.
- ``layouts`` and ``packs`` are those that officers made their own, as the reports read them.
- ``notes`` are working notes: of the plan, or of a row after its address ("On 1/1a/i: …"). A note of the plan
  that looks like one of a row has "On plan: " before it.

Not in the format, because it means nothing outside the one file: the keys that order lists (``sort_key``),
the ids of rows that nothing names, the log of changes, and what was sent out and came back
(``issued_return``, ``received_file``), which belongs to that file's own returns.

History
-------
- 0.1.0: ``cypp-plan/1``.
- After 0.1.0: the same, with more keys, each only where it says something: ``area``, ``protective_marking``,
  ``rag_rules``, ``people``, ``layouts`` and ``packs`` of the plan; ``lineage`` of priorities, outcomes and
  measures; ``value_format`` and ``frequency`` of measures; ``leads`` of actions; said days; ``key`` of
  organisations, rounds and people; ``id`` of organisations. A file of 0.1.0 reads and is written as before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Any

from sqlalchemy import inspect as mapping_of
from sqlalchemy.sql.elements import KeyedColumnElement

from cypp_desktop.plan.base import About, InJson, Row, fields_of, row_classes
from cypp_desktop.plan.model import Plan, UpdateState
from cypp_desktop.plan.shape import owners_of

#: What names a row in this file where its own name would mean several rows.
NAME_IN_FILE = "key"


class KeyKind(Enum):
    """What stands under a key."""

    ID = "the id of the row"
    NAME_IN_FILE = "by what name the row goes in this file"
    COLUMN = "what a column holds, as it is"
    NUMBER_OR_WORDS = "what one of two columns holds: a number, or words"
    DATED_WORDS = "the printed words of a due date or period"
    SAID_DAY = "a day that somebody said, where it is not the one that the words mean"
    STATE = "how far an update has come, where its text does not tell"
    ROW_NAMED = "the name of another row"
    ROWS_NAMED = "the names of the rows to which it is linked"
    ROWS = "the rows below it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key of the object that stands for a row.

    ``within`` is the key of an object of its own in which this one stands, as ``level_names``. ``columns``
    are the columns of the row that it tells, and ``field`` the field that they belong to. ``row_type`` is the
    type of the rows that it names or lists. A listed row says in ``owner_column`` in what it stands. Several
    rows named under one key are the other ends of links of the type ``link_type``.
    """

    name: str
    kind: KeyKind
    is_always_there: bool
    within: str | None = None
    columns: tuple[str, ...] = ()
    field: str = ""
    row_type: str = ""
    owner_column: str | None = None
    link_type: str = ""

    @property
    def column(self) -> str:
        """The column that it tells, or the first of them."""
        return self.columns[0]


@cache
def keys_of(row_type: str) -> tuple[Key, ...]:
    """The keys of an object that stands for a row of this type, in the order in which they are written."""
    cls = row_classes()[row_type]
    keys = [*_keys_of_name(cls), *_keys_of_columns(cls)]
    keys += _lists_of_plan(cls) if cls is Plan else _lists_below(cls)
    first = ("id", *cls.json_order)

    def place(key: Key) -> int:
        return first.index(key.name) if key.name in first else len(first)

    return tuple(sorted(keys, key=place))


def list_of(row_type: str) -> str | None:
    """The list of the rows of a type in plan JSON: "priorities"; None where the format has none."""
    cls = row_classes()[row_type]
    return cls.json_list or cls.list_word


@cache
def types_named() -> frozenset[str]:
    """The types of rows that others name: each such name must mean one row of the file."""
    found = set()
    for cls in row_classes().values():
        for column in cls.__table__.columns:
            if (
                column.foreign_keys
                and column.info.get("field") != "place"
                and column.key != cls.parent_column
            ):
                found.add(_type_linked(column))
    return frozenset(found)


@cache
def types_noted() -> tuple[type[Row], ...]:
    """The classes whose working notes stand among the notes of the file, each after its row's address."""
    found = []
    for cls in row_classes().values():
        about = [column.info["about"] for column in cls.__table__.columns if not column.primary_key]
        if cls is not Plan and any(one.in_json is InJson.AMONG_NOTES for one in about):
            found.append(cls)
    return tuple(found)


# ------------------------------------------------------------------ out of the declarations


def _keys_of_name(cls: type[Row]) -> Iterator[Key]:
    """The keys by which a row is known that are no columns of it."""
    if cls.json_id is not None:
        yield Key(name="id", kind=KeyKind.ID, is_always_there=cls.json_id is InJson.ALWAYS)
    if cls.__tablename__ in types_named() and NAME_IN_FILE not in cls.__table__.columns:
        yield Key(name=NAME_IN_FILE, kind=KeyKind.NAME_IN_FILE, is_always_there=False)


def _keys_of_columns(cls: type[Row]) -> Iterator[Key]:
    columns_by_path: dict[str, list[KeyedColumnElement[Any]]] = {}
    for column in cls.__table__.columns:
        if not column.primary_key and column.info.get("field") != "place":
            about: About = column.info["about"]
            if about.in_json is not InJson.AMONG_NOTES:
                path = about.json or column.key.removesuffix("_id")
                columns_by_path.setdefault(path, []).append(column)
    for path, columns in columns_by_path.items():
        within, _, name = path.rpartition(".")
        first = columns[0]
        yield Key(
            name=name,
            within=within or None,
            kind=_kind_of(cls, columns),
            is_always_there=_is_always_there(first),
            columns=tuple(column.key for column in columns),
            field=first.info.get("field", first.key),
            row_type=_type_linked(first) if first.foreign_keys else "",
        )


def _kind_of(cls: type[Row], columns: list[KeyedColumnElement[Any]]) -> KeyKind:
    """What stands under the key of a column, or of two with one key."""
    column = columns[0]
    if len(columns) > 1:
        return KeyKind.NUMBER_OR_WORDS
    if column.foreign_keys:
        return KeyKind.ROW_NAMED
    if column.key == NAME_IN_FILE:
        return KeyKind.NAME_IN_FILE
    if column.info["about"].choices is UpdateState:
        return KeyKind.STATE
    field = fields_of(cls)[column.info.get("field", column.key)]
    if field.is_span:
        return KeyKind.DATED_WORDS if column.key == field.name else KeyKind.SAID_DAY
    return KeyKind.COLUMN


def _is_always_there(column: KeyedColumnElement[Any]) -> bool:
    about: About = column.info["about"]
    if about.in_json is None:
        return not column.nullable
    return about.in_json is InJson.ALWAYS


def _type_linked(column: KeyedColumnElement[Any]) -> str:
    """The type of the row that a column names."""
    (key,) = column.foreign_keys
    return str(key.column.table.name)


def _lists_of_plan(plan: type[Row]) -> Iterator[Key]:
    """The lists that stand in no row, in the order in which their classes are declared."""
    for row_type in Row.metadata.tables:
        name = list_of(row_type)
        if name is not None and not owners_of(row_type):
            yield _list_key(plan, name, row_type)


def _lists_below(cls: type[Row]) -> Iterator[Key]:
    """The lists of the rows that stand in such a row, and of those that links of it name."""
    for below in mapping_of(cls).relationships:
        other: type[Row] = below.mapper.class_
        owner_columns = [
            column for column, owner in owners_of(other.__tablename__) if owner == cls.__tablename__
        ]
        if not owner_columns:
            continue
        if other.joins is None:
            yield _list_key(cls, below.key, other.__tablename__, owner_columns[0])
        else:
            joined = _type_linked(other.__table__.columns[other.joins])
            yield Key(
                name=list_of(joined) or "",
                kind=KeyKind.ROWS_NAMED,
                is_always_there=True,
                row_type=joined,
                link_type=other.__tablename__,
            )


def _list_key(owner: type[Row], name: str, row_type: str, owner_column: str | None = None) -> Key:
    return Key(
        name=name,
        kind=KeyKind.ROWS,
        is_always_there=name not in owner.json_lists_where_said,
        row_type=row_type,
        owner_column=owner_column,
    )
