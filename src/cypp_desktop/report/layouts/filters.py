"""Which rows of a plan a filter leaves: one priority, one organisation, red and amber only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from cypp_desktop.plan.model import Action, Lead, Measure, Outcome, Priority, Update
from cypp_desktop.report.layouts import figures
from cypp_desktop.report.layouts.model import FilteredRows, PrintFilter, leads_of


def select_rows(
    wanted: PrintFilter, priorities: Sequence[Priority], amber_within: Decimal
) -> FilteredRows | None:
    """What is printed under a filter; None where the filter asks for everything.

    An organisation has the measures that it answers for, the actions that it leads, and the updates and
    actions of those measures; what belongs to a whole outcome comes along with any part of it.
    """
    if not wanted:
        return None
    outcomes: set[str] = set()
    measures: set[str] = set()
    actions: set[str] = set()
    updates: set[str] = set()
    for priority in priorities:
        if wanted.priorities and priority.id not in wanted.priorities:
            continue
        for outcome in priority.outcomes:
            own = {row.id for row in outcome.measures if _keeps(wanted, row, amber_within)}
            led = {row.id for row in outcome.actions if _leads(wanted, row, own)}
            if own or led or _whole(wanted, outcome):
                outcomes.add(outcome.id)
                measures |= own
                actions |= led
                updates |= {row.id for row in outcome.updates if _concerns(row, own, wanted)}
    return FilteredRows(frozenset(outcomes), frozenset(measures), frozenset(actions), frozenset(updates))


def _keeps(wanted: PrintFilter, measure: Measure, amber_within: Decimal) -> bool:
    if wanted.organisation and not _named(wanted.organisation, leads_of(measure)):
        return False
    if wanted.with_values and not measure.observations:
        return False
    return not wanted.rag or (figures.rag_of(measure, amber_within) or "none") in wanted.rag


def _leads(wanted: PrintFilter, action: Action, measures: set[str]) -> bool:
    served = {link.measure_id for link in action.measure_links}
    if served and not served.isdisjoint(measures):
        return True
    if wanted.rag or wanted.with_values:
        return not served and bool(measures)
    if not wanted.organisation:
        return True
    leads = action.leads or action.outcome.leads or action.outcome.priority.leads
    return _named(wanted.organisation, leads) or (not served and not action.leads and bool(measures))


def _concerns(update: Update, measures: set[str], wanted: PrintFilter) -> bool:
    covered = {link.measure_id for link in update.measure_links}
    if not covered:
        return bool(measures) or _whole(wanted, update.outcome)
    return not covered.isdisjoint(measures)


def _whole(wanted: PrintFilter, outcome: Outcome) -> bool:
    """Whether an outcome is printed even without any of its measures or actions."""
    if wanted.rag or wanted.with_values:
        return False
    return not wanted.organisation or _named(wanted.organisation, outcome.leads)


def _named(organisation: str, leads: Iterable[Lead]) -> bool:
    """Whether an organisation leads, or one of its people does."""
    return any(
        lead.organisation_id == organisation
        or any(person.organisation_id == organisation for person in lead.people)
        for lead in leads
    )
