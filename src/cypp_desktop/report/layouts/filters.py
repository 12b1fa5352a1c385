"""Which rows of a plan a filter leaves: one priority, one organisation, red and amber only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from cypp_desktop.plan.model import Action, Lead, Measure, Outcome, Priority, Update
from cypp_desktop.report.layouts.figures import rag_of
from cypp_desktop.report.layouts.model import FilteredRows, PrintFilter, leads_of, leads_of_action


def filtered_rows(
    wanted: PrintFilter, priorities: Sequence[Priority], amber_within: Decimal
) -> FilteredRows | None:
    """What is printed under a filter; None where the filter asks for everything.

    An organisation has the measures that it answers for, the actions that it leads, and the updates and
    actions of those measures; what belongs to a whole outcome comes along with any part of it.
    """
    if not wanted:
        return None
    found = FilteredRows()
    for outcome in _outcomes(wanted, priorities):
        measures = {row.id for row in outcome.measures if _leaves_measure(wanted, row, amber_within)}
        actions = {row.id for row in outcome.actions if _leaves_action(wanted, row, measures)}
        if measures or actions or _leaves_whole(wanted, outcome):
            found.outcomes.add(outcome.id)
            found.measures.update(measures)
            found.actions.update(actions)
            found.updates.update(row.id for row in outcome.updates if _leaves_update(wanted, row, measures))
    return found


def _outcomes(wanted: PrintFilter, priorities: Sequence[Priority]) -> Iterable[Outcome]:
    """The outcomes of the priorities that a filter leaves."""
    for priority in priorities:
        if not wanted.priorities or priority.id in wanted.priorities:
            yield from priority.outcomes


def _leaves_measure(wanted: PrintFilter, measure: Measure, amber_within: Decimal) -> bool:
    if wanted.organisation and not _leads(wanted.organisation, leads_of(measure)):
        return False
    if wanted.with_values and not measure.observations:
        return False
    return not wanted.rag or rag_of(measure, amber_within) in wanted.rag


def _leaves_action(wanted: PrintFilter, action: Action, measures: set[str]) -> bool:
    """Whether an action is left; ``measures`` are the ids of those that are left of its outcome."""
    served = {link.measure_id for link in action.measure_links}
    if not served.isdisjoint(measures):
        return True
    belongs_to_outcome = not served
    if wanted.rag or wanted.with_values:
        return belongs_to_outcome and bool(measures)
    if not wanted.organisation:
        return True
    if _leads(wanted.organisation, leads_of_action(action)):
        return True
    return belongs_to_outcome and not action.leads and bool(measures)


def _leaves_update(wanted: PrintFilter, update: Update, measures: set[str]) -> bool:
    """Whether an update is left; ``measures`` are the ids of those that are left of its outcome."""
    covered = {link.measure_id for link in update.measure_links}
    if not covered:
        return bool(measures) or _leaves_whole(wanted, update.outcome)
    return not covered.isdisjoint(measures)


def _leaves_whole(wanted: PrintFilter, outcome: Outcome) -> bool:
    """Whether an outcome is printed even without any of its measures or actions."""
    if wanted.rag or wanted.with_values:
        return False
    return not wanted.organisation or _leads(wanted.organisation, outcome.leads)


def _leads(organisation: str, leads: Iterable[Lead]) -> bool:
    """Whether an organisation leads, or one of its people does."""
    for lead in leads:
        if lead.organisation_id == organisation:
            return True
        if any(person.organisation_id == organisation for person in lead.people):
            return True
    return False
