"""Where rows stand: their list, their parent, their place in it, and what a text covers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from cypp_desktop.plan.base import Row
from cypp_desktop.plan.identity import derived_id
from cypp_desktop.plan.model import (
    ActionMeasure,
    Update,
    UpdateMeasure,
)
from cypp_desktop.plan.ordering import key_between
from cypp_desktop.plan.shape import is_of_plan, list_words, owners_of, rows_in
from cypp_desktop.store.editor import Editor
from cypp_desktop.store.queries import rows_in_order

AnyRow = TypeVar("AnyRow", bound=Row)


def siblings(editor: Editor, cls: type[AnyRow], parent: Row | None) -> list[AnyRow]:
    """The rows of a class in their list: of ``parent``, or of the plan itself."""
    row_type = cls.__tablename__
    if is_of_plan(row_type) or row_type not in list_words():
        return rows_in_order(editor.session, cls)
    return rows_in(parent, row_type) if parent is not None else []


def put(row: Row, parent: Row | None, listed: Sequence[Row], at: int) -> None:
    """Give ``row`` the place ``at`` among ``listed`` (which does not hold it) in ``parent``."""
    before = listed[at - 1].sort_key if at else None  # type: ignore[attr-defined]
    after = listed[at].sort_key if at < len(listed) else None  # type: ignore[attr-defined]
    row.sort_key = key_between(before, after)  # type: ignore[attr-defined]
    for column, owner in owners_of(row.row_type):
        if parent is not None:
            setattr(row, column, parent.id if parent.row_type == owner else None)


def link_measure(editor: Editor, text: Row, measure_id: str) -> None:
    if isinstance(text, Update):
        editor.session.add(
            UpdateMeasure(
                id=derived_id("update_measure", text.id, measure_id), update_id=text.id, measure_id=measure_id
            )
        )
    else:
        editor.session.add(
            ActionMeasure(
                id=derived_id("action_measure", text.id, measure_id), action_id=text.id, measure_id=measure_id
            )
        )
