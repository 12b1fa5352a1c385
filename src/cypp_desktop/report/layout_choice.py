"""Which layouts suit a plan: those whose columns it fills. Reads the plan and draws nothing."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cypp_desktop.errors import UsageError
from cypp_desktop.plan.model import Outcome, Section
from cypp_desktop.plan.queries import current_round, priorities, the_plan
from cypp_desktop.report.layouts.model import Layout, LayoutColumn, PrintScope
from cypp_desktop.report.layouts.saved import read_layout, saved_layouts
from cypp_desktop.report.layouts.standard import LAYOUTS, SHAPES


def layouts_best_first(session: Session) -> list[Layout]:
    """All layouts that can be printed: those for whole plans, best suited first, the plan's own, the others.

    Best suited is that of whose columns the plan fills the greatest part; then that with the most columns.
    """
    plan, reporting_round = the_plan(session), current_round(session)
    outcomes = [outcome for priority in priorities(session, whole=True) for outcome in priority.outcomes]
    told = bool(session.scalar(select(func.count()).select_from(Section)))

    def filled(layout: Layout) -> tuple[float, int]:
        if "narrative" in layout.parts:
            return (1.0, 99) if told else (0.0, 0)
        scope = PrintScope(plan, reporting_round, layout.rows)
        count = sum(_is_filled(column, outcomes, scope) for column in layout.columns)
        return count / len(layout.columns), count

    shapes = sorted((LAYOUTS[name] for name in SHAPES), key=filled, reverse=True)
    own = readable_layouts(session)
    others = [layout for name, layout in LAYOUTS.items() if name not in SHAPES]
    return [*shapes, *own, *others]


def readable_layouts(session: Session) -> list[Layout]:
    """The plan's own layouts that can be read."""
    found: list[Layout] = []
    for name, definition in saved_layouts(session).items():
        try:
            found.append(read_layout(name, definition))
        except UsageError:
            continue
    return found


def _is_filled(column: LayoutColumn, outcomes: Sequence[Outcome], scope: PrintScope) -> bool:
    return any(entry.blocks() for outcome in outcomes for entry in column.entries(outcome, scope))
