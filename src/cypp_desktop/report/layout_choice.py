"""Which layout suits a plan best: that whose columns it fills. Reads the plan and draws nothing."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from cypp_desktop.plan.model import Outcome, Section
from cypp_desktop.report.layouts.model import LayoutColumn, LayoutPart, PaperLayout, PrintScope
from cypp_desktop.report.layouts.standard import LAYOUTS, WHOLE_PLAN
from cypp_desktop.store.queries import current_round, has_any, priorities, the_plan

#: A narrative suits a plan that has one better than any table does.
_MANY_COLUMNS = 99


def best_layout(session: Session) -> PaperLayout:
    """The layout that suits the plan best."""
    return whole_plan_layouts(session)[0]


def whole_plan_layouts(session: Session) -> list[PaperLayout]:
    """The layouts for whole plans, the best first.

    Best is that of whose columns the plan fills the greatest part; then that with the most columns.
    """
    plan, reporting_round = the_plan(session), current_round(session)
    outcomes = [outcome for priority in priorities(session, whole=True) for outcome in priority.outcomes]
    has_sections = has_any(session, Section)

    def filled(layout: PaperLayout) -> tuple[float, int]:
        """The part of its columns that the plan fills, and their number."""
        if LayoutPart.NARRATIVE in layout.parts:
            return (1.0, _MANY_COLUMNS) if has_sections else (0.0, 0)
        scope = PrintScope(session=session, plan=plan, round=reporting_round, rows=layout.rows)
        count = sum(_is_filled(column, outcomes, scope) for column in layout.columns)
        return count / len(layout.columns), count

    return sorted((LAYOUTS[name] for name in WHOLE_PLAN), key=filled, reverse=True)


def _is_filled(column: LayoutColumn, outcomes: Sequence[Outcome], scope: PrintScope) -> bool:
    return any(entry.blocks() for outcome in outcomes for entry in column.entries(outcome, scope))
