"""Which layouts suit a plan: those whose columns it fills. Reads the plan and draws nothing."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from cypp_desktop.plan.model import Outcome
from cypp_desktop.plan.queries import current_round, priorities, the_plan
from cypp_desktop.report.layouts import LAYOUTS, Column, Layout, Scope


def suited(session: Session) -> list[Layout]:
    """All layouts, those first of whose columns the plan fills the greatest part; then the most columns."""
    plan, reporting_round = the_plan(session), current_round(session)
    outcomes = [outcome for priority in priorities(session, whole=True) for outcome in priority.outcomes]

    def filled(layout: Layout) -> tuple[float, int]:
        scope = Scope(plan, reporting_round, layout.rows)
        count = sum(_is_filled(column, outcomes, scope) for column in layout.columns)
        return count / len(layout.columns), count

    return sorted(LAYOUTS.values(), key=filled, reverse=True)


def _is_filled(column: Column, outcomes: Sequence[Outcome], scope: Scope) -> bool:
    return any(entry.blocks() for outcome in outcomes for entry in column.entries(outcome, scope))
