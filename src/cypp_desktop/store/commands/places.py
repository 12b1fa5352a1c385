"""Where rows stand: their list, their parent, their place in it, and what a text covers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from cypp_desktop.plan.base import Row
from cypp_desktop.plan.codes import in_order
from cypp_desktop.plan.identity import derived_id
from cypp_desktop.plan.model import (
    Action,
    ActionMeasure,
    Lead,
    Measure,
    Observation,
    Outcome,
    Update,
    UpdateMeasure,
)
from cypp_desktop.plan.ordering import key_between
from cypp_desktop.store.editor import Editor

AnyRow = TypeVar("AnyRow", bound=Row)

#: The list of a parent in which a row type stands; top-level rows stand in the plan's own lists.
LIST_OF: dict[type[Row], str] = {
    Outcome: "outcomes",
    Measure: "measures",
    Action: "actions",
    Update: "updates",
    Observation: "observations",
}


def siblings(editor: Editor, cls: type[AnyRow], parent: Row | None) -> list[AnyRow]:
    """The rows of a class in their list: of ``parent``, or of the plan itself."""
    if cls is Lead:
        return list(parent.leads) if parent is not None else []  # type: ignore[attr-defined]
    if cls in LIST_OF:
        return list(getattr(parent, LIST_OF[cls]))
    return in_order(editor.session, cls)  # type: ignore[return-value]


def parent_of(row: Row) -> Row | None:
    """The row in which this one stands, or None at the plan's top level."""
    if isinstance(row, Lead):
        return row.priority or row.outcome or row.measure or row.action
    if isinstance(row, Outcome):
        return row.priority
    if isinstance(row, (Measure, Action, Update)):
        return row.outcome
    return row.measure if isinstance(row, Observation) else None


def put(row: Row, parent: Row | None, listed: Sequence[Row], at: int) -> None:
    """Give ``row`` the place ``at`` among ``listed`` (which does not hold it) in ``parent``."""
    before = listed[at - 1].sort_key if at else None  # type: ignore[attr-defined]
    after = listed[at].sort_key if at < len(listed) else None  # type: ignore[attr-defined]
    row.sort_key = key_between(before, after)  # type: ignore[attr-defined]
    if isinstance(row, Lead):
        for owner in ("priority", "outcome", "measure", "action"):
            same = parent is not None and parent.row_type == owner
            setattr(row, f"{owner}_id", parent.id if same and parent else None)
    elif row.parent_column and parent is not None:
        setattr(row, row.parent_column, parent.id)


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
