"""What stands in what: of each kind of row the rows it may stand in, its list there, and what it joins.

Read from the mapped classes, which say it where they declare a row: the columns of its place name its owner,
``list_word`` its list, ``labelled_by`` what it is called there, ``joins`` the other end of a link.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from cypp_desktop.plan.base import Row, row_classes
from cypp_desktop.plan.levels import LEVELS


@cache
def owners_of(row_type: str) -> tuple[tuple[str, str], ...]:
    """The columns in which a row may name the row it stands in, each with the type of that row.

    One column of several says it, as a lead's do. A link stands in the text or lead that it belongs to.
    """
    cls = row_classes()[row_type]
    columns = [column for column in cls.__table__.columns if column.foreign_keys]
    if cls.joins is not None:
        owning = [column for column in columns if column.key == cls.parent_column]
    else:
        owning = [column for column in columns if column.info.get("field") == "place"]
    return tuple((column.key, next(iter(column.foreign_keys)).column.table.name) for column in owning)


@cache
def ends_of(row_type: str) -> tuple[tuple[str, str], ...]:
    """As :func:`owners_of`, with the other end of a link; none for a type that this version does not know."""
    cls = row_classes().get(row_type)
    if cls is None:
        return ()
    joined = [(cls.joins, cls.joins.removesuffix("_id"))] if cls.joins is not None else []
    return (*owners_of(row_type), *joined)


@cache
def owner_columns() -> frozenset[str]:
    """Every column by which some row says in what it stands."""
    return frozenset(column for row_type in row_classes() for column, _ in owners_of(row_type))


@cache
def links_of(row_type: str) -> str | None:
    """The type of the links by which an update covers measures, or an action serves them; None for others."""
    found = (other for other in within_one_outcome() if owners_of(other)[0][1] == row_type)
    return next(found, None)


@cache
def link_types() -> frozenset[str]:
    """The types of rows that only join two others, and are said with the first of them."""
    return frozenset(row_type for row_type, cls in row_classes().items() if cls.joins is not None)


@cache
def within_one_outcome() -> tuple[str, ...]:
    """The types of links whose two ends must stand in one outcome."""
    return tuple(row_type for row_type, cls in row_classes().items() if cls.joins == "measure_id")


@cache
def list_words() -> dict[str, str]:
    """The word under which rows of a type stand in an address: "actions", "rounds"."""
    return {row_type: cls.list_word for row_type, cls in row_classes().items() if cls.list_word}


@cache
def led_types() -> tuple[str, ...]:
    """The types of rows that somebody may answer for."""
    return tuple(owner for _, owner in owners_of("lead"))


def is_of_plan(row_type: str) -> bool:
    """Whether rows of a type stand in a list of the plan itself."""
    return row_type in list_words() and not owners_of(row_type)


def parent_of(row: Row) -> Row | None:
    """The row in which this one stands, or None at the plan's top level and for links."""
    if row.joins is not None:
        return None
    above = (getattr(row, column.removesuffix("_id")) for column, _ in owners_of(row.row_type))
    return next((parent for parent in above if parent is not None), None)


def upward(row: Row) -> Iterator[Row]:
    """The row and all that it stands in, the outermost last."""
    at: Row | None = row
    while at is not None:
        yield at
        at = parent_of(at)


def covered_by(row: Row) -> list[Any]:
    """The measures that an update covers or an action serves, in order; none for other rows."""
    found: Any = row
    return found.measures if links_of(row.row_type) else []


def row_to_open(row: Row) -> Row:
    """The row in whose panel a person sees this one: what is not a level or a list of the plan itself is seen
    with what it stands in, and a text with the first measure that it covers.
    """
    if row.joins is not None:
        return row_to_open(owner_of_link(row))
    parent = parent_of(row)
    if parent is None or row.row_type in LEVELS:
        return row
    return next(iter(covered_by(row)), None) or row_to_open(parent)


def owner_of_link(link: Row) -> Row:
    """The text or lead that a link belongs to."""
    ((column, _),) = owners_of(link.row_type)
    owner: Row = getattr(link, column.removesuffix("_id"))
    return owner


def rows_in(parent: Row, row_type: str) -> list[Any]:
    """The rows of a type that stand in a row, in order."""
    return list(getattr(parent, list_words()[row_type]))


def label_in_list(row: Row) -> str | None:
    """What names a row in its list: its code, number or name; None where nothing does."""
    return stored_label(row.row_type, {name: getattr(row, name) for name in row.labelled_by})


def stored_label(row_type: str, values: Mapping[str, Any]) -> str | None:
    """As :func:`label_in_list`, of a row by its stored values."""
    for column in row_classes()[row_type].labelled_by:
        if values.get(column):
            return str(values[column])
    return None
