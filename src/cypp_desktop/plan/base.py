"""What every mapped row of a plan has, and how its columns make up fields.

A *field* is what a person edits and what the change log records: usually one column; several
columns that only mean something together (a printed due date with its parsed start, end and
precision) are one field, the *field group* named in the columns' ``info``.

What there is to say of a field (its label, its choices, what a partner may do with it) is said once,
where :mod:`cypp_desktop.plan.model` declares its column, and asked for here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import Enum, StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import ColumnElement, Dialect, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from cypp_desktop.plan.figures import is_bounded
from cypp_desktop.plan.identity import new_id
from cypp_desktop.plan.signs import cleaned_value


class TextList(TypeDecorator[list[str]]):
    """A list of texts, kept as a JSON array."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: list[str] | None, dialect: Dialect) -> str:
        return json.dumps(list(value or []), ensure_ascii=False)

    def process_result_value(self, value: str | None, dialect: Dialect) -> list[str]:
        return list(json.loads(value)) if value else []


class JsonObject(TypeDecorator[dict[str, Any]]):
    """A small JSON object, kept with sorted keys so that equal objects are equal texts."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Mapping[str, Any] | None, dialect: Dialect) -> str:
        return json.dumps(value or {}, ensure_ascii=False, sort_keys=True)

    def process_result_value(self, value: str | None, dialect: Dialect) -> dict[str, Any]:
        return dict(json.loads(value)) if value else {}


class ExactDecimal(TypeDecorator[Decimal]):
    """A decimal number kept as its text: 90.0 stays 90.0."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        try:
            number = None if value is None else Decimal(value)
        except InvalidOperation:
            raise ValueError("a stored value is not a decimal number") from None
        if number is not None and not is_bounded(number):
            raise ValueError("a stored value is not a number that ends")
        return number


class InJson(Enum):
    """When plan JSON says what a column holds."""

    #: Its key is always there: null, or empty, where the column says nothing.
    ALWAYS = "always"
    WHERE_SAID = "where it says something"
    #: Among the notes of the file, after the address of the row.
    AMONG_NOTES = "among the notes"


class Row(DeclarativeBase):
    """A row of the plan: it has an id, and every field of it is recorded in the change log."""

    __abstract__ = True
    #: what such a row is called inside a sentence, where the name of its table does not read well
    called: ClassVar[str | None] = None
    #: the column that holds the id of the row it stands in, for rows that stand in one
    parent_column: ClassVar[str | None] = None
    #: the list in which it stands: the word for it in an address, and the name of that list in the row above
    list_word: ClassVar[str | None] = None
    #: the columns of which the first that says something names it in its list
    labelled_by: ClassVar[tuple[str, ...]] = ()
    #: a book that this file keeps of its own doings, such as what was sent out: it means nothing elsewhere
    is_book: ClassVar[bool] = False
    #: of a row that only joins two others: the column that names the second
    joins: ClassVar[str | None] = None
    #: what it means that there is such a link, or none any more: of its ``row``, and of the one ``joined``
    linked: ClassVar[str] = ""
    unlinked: ClassVar[str] = ""
    #: the list of such rows in plan JSON, where it is not called by ``list_word``
    json_list: ClassVar[str | None] = None
    #: when plan JSON has the id of such a row; None where nobody can say one
    json_id: ClassVar[InJson | None] = None
    #: the keys that stand first in plan JSON, where their order is not that of the columns and lists
    json_order: ClassVar[tuple[str, ...]] = ()
    #: the lists below such a row that plan JSON has only where there is something in them
    json_lists_where_said: ClassVar[tuple[str, ...]] = ()

    id: Mapped[str] = mapped_column(String(36), primary_key=True)

    def __init__(self, **values: Any) -> None:
        """Sets every column now, defaults too, so that the row is whole before it is stored."""
        values.setdefault("id", new_id())
        for name, default in _defaults(type(self)):
            if name not in values:
                values[name] = default() if callable(default) else default
        for name, value in values.items():
            if not hasattr(type(self), name):
                raise TypeError(f"{type(self).__name__} has no {name}")
            setattr(self, name, value)

    if not TYPE_CHECKING:  # mypy would take every name for a column's

        def __setattr__(self, name: str, value: Any) -> None:
            """Sets a column without signs that deceive: all words pass here that are typed or brought in."""
            super().__setattr__(name, cleaned_value(value) if isinstance(value, (str, list, dict)) else value)

    @property
    def row_type(self) -> str:
        return str(self.__tablename__)

    @property
    def parent_id(self) -> str | None:
        return getattr(self, self.parent_column) if self.parent_column else None


@cache
def _defaults(cls: type[Row]) -> tuple[tuple[str, Any], ...]:
    found: list[tuple[str, Any]] = []
    for column in cls.__table__.columns:
        info = column.info
        if "default" in info:
            found.append((column.key, info["default"]))
        elif column.nullable:
            found.append((column.key, None))
    return tuple(found)


class FieldKind(StrEnum):
    """What a field holds, and so how it is merged, searched and shown."""

    WORDS = "words"
    #: a long text, which merges by paragraph
    MARKDOWN = "markdown"
    LIST = "list"
    #: settings
    OBJECT = "object"
    FLAG = "flag"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    #: the id of another row
    LINK = "link"
    #: the row it stands in, and where in its list
    PLACE = "place"


#: Kinds of fields in which there are words to look for.
_WITH_WORDS = frozenset(
    {FieldKind.WORDS, FieldKind.MARKDOWN, FieldKind.LIST, FieldKind.NUMBER, FieldKind.DATE, FieldKind.CHOICE}
)


class Partner(Enum):
    """What somebody who answers a return may do with a field of the rows that were asked for."""

    #: It is emptied in the return: nobody sees it there.
    KEPT_FROM = "kept from"
    #: It goes along, so that rows stand in their place and can be told apart, and is not shown.
    CARRIES = "carries"
    READS = "reads"
    ANSWERS = "answers"


@dataclass(frozen=True, slots=True)
class About:
    """What there is to say of a field beside how it is kept; told with the first of its columns.

    Without a ``label`` the field is called by its name. ``choices`` are the only values of a field that has
    any. ``is_searched`` says whether what it says can be found; ``read_before`` and ``read_after`` name the
    field together with which it is found and shown, because it means something only there: a code before its
    title, a period after its value. ``is_note`` marks what is said about the plan and is no part of it,
    ``is_contact`` how somebody can be reached: who is given what, :mod:`cypp_desktop.plan.readers` says.

    Two things are said with each column, since plan JSON has a key for each. ``json`` is that key, where it
    is not the column's name: "level_names.priority" is the key ``priority`` of an object ``level_names``, and
    two columns with one key are a number or words. ``in_json`` says when the key is written. Where nothing
    else is said that is always for a column that always holds something, and where they say something for
    others.
    """

    label: str | None = None
    choices: type[StrEnum] | None = None
    partner: Partner = Partner.ANSWERS
    is_searched: bool = True
    read_before: str | None = None
    read_after: str | None = None
    is_note: bool = False
    is_contact: bool = False
    json: str | None = None
    in_json: InJson | None = None


def column_info(
    kind: FieldKind, about: About | None = None, *, field: str | None = None, **more: Any
) -> dict[str, Any]:
    """What a column says of itself: its kind, its field group, and what there is to say of that."""
    info: dict[str, Any] = {"kind": kind, "about": about or About(), **more}
    if field:
        info["field"] = field
    return info


@dataclass(frozen=True, slots=True)
class Field:
    """One editable thing of a row class: its name, the columns that make it up, and what is said of it.

    ``label`` names it in a list of changes; ``choices`` are the values that it can have, where not just any
    will do; ``is_markdown`` says whether its text, or each of its list, is Markdown.
    """

    name: str
    columns: tuple[str, ...]
    kind: FieldKind
    label: str
    choices: tuple[str, ...] | None
    is_markdown: bool
    about: About

    @property
    def partner(self) -> Partner:
        """What somebody who answers a return may do with it."""
        if self.about.is_note or self.about.is_contact:
            return Partner.KEPT_FROM
        return Partner.CARRIES if self.kind is FieldKind.PLACE else self.about.partner

    @property
    def is_span(self) -> bool:
        """Whether it is a due date or period: printed words, and the days that were read out of them."""
        return f"{self.name}_start" in self.columns

    @property
    def columns_with_words(self) -> tuple[str, ...]:
        """The columns that hold what was written, and not what was worked out from it."""
        if self.kind not in _WITH_WORDS:
            return ()
        return self.columns[:1] if self.is_span else self.columns

    def value_of(self, values: Mapping[str, Any]) -> Any:
        """This field's value out of the stored values of a row: a group is a mapping."""
        if len(self.columns) == 1:
            return values[self.columns[0]]
        return {column: values[column] for column in self.columns}

    def as_columns(self, value: Any) -> dict[str, Any]:
        """The columns' stored values that a value of this field stands for."""
        if len(self.columns) == 1:
            return {self.columns[0]: value}
        return {column: value[column] for column in self.columns}


def is_place(column: ColumnElement[Any]) -> bool:
    """Whether a column is part of a row's place: the row that it stands in, or its key in a list."""
    return FieldKind.PLACE in (column.info.get("kind"), column.info.get("field"))


@cache
def fields_of(cls: type[Row]) -> dict[str, Field]:
    """The fields of a row class by name, in the order of its columns; the id is none."""
    groups: dict[str, list[str]] = {}
    for column in cls.__table__.columns:
        if not column.primary_key:
            groups.setdefault(column.info.get("field", column.key), []).append(column.key)
    return {name: _field(cls, name, columns) for name, columns in groups.items()}


def _field(cls: type[Row], name: str, columns: list[str]) -> Field:
    info = cls.__table__.columns[columns[0]].info
    about: About = info.get("about", About())
    kind = FieldKind.PLACE if name == FieldKind.PLACE else FieldKind(info.get("kind", FieldKind.WORDS))
    return Field(
        name,
        tuple(columns),
        kind=kind,
        label=about.label or default_label(name),
        choices=tuple(choice.value for choice in about.choices) if about.choices else None,
        is_markdown=kind is FieldKind.MARKDOWN or info.get("markdown", False),
        about=about,
    )


def default_label(name: str) -> str:
    """What a field is called that says nothing else: "Outcomes sought" for ``outcomes_sought``."""
    return name.removesuffix("_id").replace("_", " ").capitalize()


def field_of(row_type: str, name: str) -> Field | None:
    """A field by the type of its row and its own name; None where no plan of this version has it."""
    cls = row_classes().get(row_type)
    return fields_of(cls).get(name) if cls is not None else None


@cache
def row_classes() -> dict[str, type[Row]]:
    """Every mapped class by its row type, parents before what stands in them."""
    by_name = {mapper.local_table.name: mapper.class_ for mapper in Row.registry.mappers}  # type: ignore[attr-defined]
    return {table.name: by_name[table.name] for table in Row.metadata.sorted_tables if table.name in by_name}


def is_text(words: str) -> bool:
    """Whether a plan can hold these words: no NUL and no half letter, which not every file could keep."""
    try:
        words.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return "\0" not in words


def stored_value(value: Any) -> Any:
    """A column's value as the change log and the digest hold it: only what JSON can say."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, list):
        return list(value)
    return value


def stored_values(row: Row) -> dict[str, Any]:
    """All columns of a row but its id, as :func:`stored_value` has them."""
    return {
        column.key: stored_value(getattr(row, column.key))
        for column in row.__table__.columns
        if not column.primary_key
    }


def column_value(cls: type[Row], column: str, value: Any) -> Any:
    """The Python value of a column for what :func:`stored_value` made of it."""
    if value is not None and isinstance(cls.__table__.columns[column].type, ExactDecimal):
        return Decimal(value)
    return list(value) if isinstance(value, list) else value
