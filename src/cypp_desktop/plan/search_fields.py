"""Which texts of a row can be found, and in which field each is seen: as the model declares its fields."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from cypp_desktop.plan.base import Field, FieldKind, Row, fields_of, row_classes
from cypp_desktop.plan.model import Plan, Priority
from cypp_desktop.plan.outline import BRANCHES
from cypp_desktop.plan.shape import owners_of


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchedText:
    """Columns of a row that are read as one text, in this order, and the field in which it is seen."""

    field: str
    columns: tuple[str, ...]
    kind: FieldKind
    is_markdown: bool
    is_note: bool


@cache
def searched_texts(row_type: str) -> tuple[SearchedText, ...]:
    """The texts of a kind of row that can be found; none where nothing of it is searched."""
    fields = fields_of(row_classes()[row_type])
    searched = [field for field in fields.values() if field.about.is_searched and field.columns_with_words]
    texts: list[SearchedText] = []
    for name in dict.fromkeys(map(_seen_in, searched)):
        together = [field for field in searched if _seen_in(field) == name]
        together.sort(key=_order_of_reading)
        texts.append(
            SearchedText(
                field=name,
                columns=tuple(column for field in together for column in field.columns_with_words),
                kind=fields[name].kind,
                is_markdown=fields[name].is_markdown,
                is_note=fields[name].about.is_note,
            )
        )
    return tuple(texts)


def _seen_in(field: Field) -> str:
    """The name of the field in which a person sees what this one says."""
    return field.about.read_before or field.about.read_after or field.name


def _order_of_reading(field: Field) -> int:
    """Sorts fields that are read together."""
    if field.about.read_before:
        return -1
    return 1 if field.about.read_after else 0


@cache
def searched_types() -> tuple[str, ...]:
    """The kinds of rows in which something can be found."""
    return tuple(row_type for row_type in row_classes() if searched_texts(row_type))


@cache
def types_after_priorities() -> tuple[str, ...]:
    """The kinds of rows that stand in no other, in the order in which they come after the priorities: those
    that have a branch in the tree, then the books that are kept of prints and returns.
    """
    others = [cls.__tablename__ for cls in Row.__subclasses__()]
    apart = [
        row_type
        for row_type in others
        if not owners_of(row_type) and row_type not in (Plan.__tablename__, Priority.__tablename__)
    ]
    return (*BRANCHES, *(row_type for row_type in apart if row_type not in BRANCHES))


@cache
def note_texts() -> frozenset[str]:
    """What is said about the plan and is no part of it: each as row type and field, "measure.note"."""
    return frozenset(
        f"{row_type}.{text.field}"
        for row_type in searched_types()
        for text in searched_texts(row_type)
        if text.is_note
    )
