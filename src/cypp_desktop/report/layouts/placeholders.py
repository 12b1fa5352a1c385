"""The list of every place that only holds a place: "TBC", "Placeholder for …"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from cypp_desktop.plan.model import Lead, Measure, Outcome, Plan
from cypp_desktop.plan.placeholders import is_placeholder
from cypp_desktop.plan.words import field_words
from cypp_desktop.report.layouts.columns import says
from cypp_desktop.report.layouts.model import LayoutColumn, PrintScope, Record, RecordCell, RecordGroup
from cypp_desktop.report.layouts.record_words import where_cell
from cypp_desktop.report.layouts.words import literal, measure_name
from cypp_desktop.report.printed_fields import Source, Sources, source

PLACEHOLDER_COLUMNS: Final = (
    LayoutColumn("where", says("Where"), 25, is_header=True),
    LayoutColumn("field", says("What it holds the place of"), 20),
    LayoutColumn("says", says("What stands there"), 55),
)


class _Place(NamedTuple):
    """What may hold a place: at which measure, in which field, its words, and whose they are."""

    measure: Measure | None
    field: str
    words: str | None
    sources: Sources


def placeholders(scope: PrintScope) -> Iterator[RecordGroup]:
    """Every place that only holds a place."""
    yield RecordGroup("", list(_records(scope)))


def _records(scope: PrintScope) -> Iterator[Record]:
    for priority, outcome in scope.outcomes():
        for place in _places(outcome, scope):
            if _only_holds_a_place(place, scope.plan):
                yield {
                    "where": where_cell(priority, outcome, place.measure),
                    "field": RecordCell(literal(place.field), _level_sources(scope.plan, place.field)),
                    "says": RecordCell(literal(place.words), place.sources),
                }


def _only_holds_a_place(place: _Place, plan: Plan) -> bool:
    if not place.words:
        return False
    is_title = place.measure is not None and place.field == measure_name(plan)
    if is_title and place.measure is not None and place.measure.placeholder:
        return True
    return is_placeholder(place.words)


def _level_sources(plan: Plan, words: str) -> Sources:
    """The plan, where words are its own name for a level."""
    columns = [name for name in ("level_outcome", "level_measure") if getattr(plan, name) == words]
    return source(plan, *columns) if columns else ()


def _places(outcome: Outcome, scope: PrintScope) -> Iterator[_Place]:
    """What of an outcome may hold a place, in the order of its print."""
    yield _Place(None, scope.plan.level_outcome, outcome.title, source(outcome, "title"))
    for name in outcome.strategic_plans:
        yield _Place(None, "Strategic plan", name, (Source(outcome, ("strategic_plans",), name),))
    for name in outcome.governance_groups:
        yield _Place(None, "Governance group", name, (Source(outcome, ("governance_groups",), name),))
    yield from _in_leads(None, outcome.leads)
    for measure in scope.measures(outcome):
        yield _Place(measure, measure_name(scope.plan), measure.title, source(measure, "title"))
        yield _Place(measure, "Definition", measure.definition, source(measure, "definition"))
        yield from _in_leads(measure, measure.leads)
        for value in measure.observations:
            yield _Place(measure, "Value", value.words, source(value, "words"))
    for action in scope.actions(outcome):
        first = next(iter(action.measures), None)
        yield _Place(first, "Key action", action.text, source(action, "text"))
        yield _Place(first, "Due date", action.due, source(action, "due"))
        yield from _in_leads(first, action.leads)
    for update in scope.updates(outcome):
        first = next(iter(update.measures), None)
        yield _Place(first, "Update", update.text, source(update, "text"))
        yield _Place(first, "Source", update.source, source(update, "source"))


def _in_leads(measure: Measure | None, leads: Sequence[Lead]) -> Iterator[_Place]:
    label = field_words("lead", "organisation_id")
    for lead in leads:
        if lead.organisation:
            sources = (*source(lead, "organisation_id"), *source(lead.organisation, "name"))
            yield _Place(measure, label, lead.organisation.name, sources)
        for link in lead.people_links:
            person = link.person
            sources = (Source(lead), Source(link), *source(person, "name" if person.name else "post"))
            yield _Place(measure, label, person.printed, sources)
        if lead.note:
            yield _Place(measure, label, lead.note, source(lead, "note"))
