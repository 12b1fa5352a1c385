"""The kinds of columns and lists of which the classes of a plan are made up."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import mapped_column, relationship

from cypp_desktop.plan.base import About, FieldKind, JsonObject, TextList, column_info


def words_column(
    default: str | None = None,
    *,
    field: str | None = None,
    markdown: bool = False,
    about: About | None = None,
) -> Any:
    """A column of words; ``markdown`` marks the long texts that merge by paragraph."""
    info = column_info(
        FieldKind.MARKDOWN if markdown else FieldKind.WORDS, about, field=field, default=default
    )
    return mapped_column(Text, nullable=default is None, info=info)


def list_column(about: About | None = None, *, markdown: bool = False) -> Any:
    """A column that holds a list of texts, each of them ``markdown`` or plain."""
    info = column_info(FieldKind.LIST, about, default=list, markdown=markdown)
    return mapped_column(MutableList.as_mutable(TextList()), nullable=False, info=info)


def object_column(about: About | None = None) -> Any:
    """A column that holds a small object of settings (a layout, RAG rules)."""
    return mapped_column(JsonObject, nullable=False, info=column_info(FieldKind.OBJECT, about, default=dict))


def place_column(parent: str | None = None) -> Any:
    """Part of a row's place: the row it stands in, or (without a parent) its key in that list."""
    if parent is None:
        return mapped_column(
            String, nullable=False, info=column_info(FieldKind.PLACE, field="place", default="V")
        )
    info = column_info(FieldKind.PLACE, field="place")
    return mapped_column(ForeignKey(f"{parent}.id"), nullable=False, index=True, info=info)


def link_column(
    target: str, *, field: str | None = None, nullable: bool = True, about: About | None = None
) -> Any:
    """The id of another row."""
    info = column_info(FieldKind.LINK, about, field=field)
    return mapped_column(ForeignKey(f"{target}.id"), nullable=nullable, index=True, info=info)


def choice_column(choices: type[StrEnum], default: StrEnum | None, about: About | None = None) -> Any:
    """One of a few fixed values; without a default it can be left unsaid."""
    info = column_info(
        FieldKind.CHOICE,
        replace(about or About(), choices=choices),
        default=default.value if default else None,
    )
    return mapped_column(String, nullable=default is None, info=info)


def word_column(default: str, about: About | None = None) -> Any:
    """A word by which the plan keeps its books; later versions may know others."""
    return mapped_column(String, nullable=False, info=column_info(FieldKind.CHOICE, about, default=default))


def children(target: str, back: str) -> Any:
    """The rows of a list below this one, in their order; they go with it."""
    return relationship(
        target,
        back_populates=back,
        cascade="all, delete-orphan",
        order_by=f"({target}.sort_key, {target}.id)",
    )


def named_by(back: str) -> Any:
    """Rows that name this one; while there are any, the database refuses to delete it."""
    return relationship(back_populates=back, passive_deletes="all")


def day_column(field: str | None = None, about: About | None = None) -> Any:
    """A day as ``YYYY-MM-DD``."""
    return mapped_column(String(10), nullable=True, info=column_info(FieldKind.DATE, about, field=field))
