"""Lists of what is not done: what is overdue, and who owes what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from cypp_desktop.plan.blocks import Paragraph, Span
from cypp_desktop.plan.dates import day_in_words
from cypp_desktop.plan.model import Action, Lead, Measure, Organisation, Outcome, Priority, UpdateState
from cypp_desktop.report.cells import Blocks
from cypp_desktop.report.layouts.columns import measure_level, says, state_sources, update_state
from cypp_desktop.report.layouts.model import (
    LayoutColumn,
    PrintScope,
    Record,
    RecordCell,
    RecordGroup,
    leads_of,
    leads_of_action,
)
from cypp_desktop.report.layouts.record_words import action_cell, measure_cell, where_cell
from cypp_desktop.report.layouts.words import lead_sources, lead_words, literal, people_sources
from cypp_desktop.report.printed_fields import Source, Sources, source
from cypp_desktop.store.queries import rows_in_order

_DONE: Final = re.compile(
    r"\b(done|completed?|achieved|closed|delivered|cancelled|withdrawn)\b", re.IGNORECASE
)
_NOT_DONE: Final = re.compile(r"\b(not|in)\b", re.IGNORECASE)

OVERDUE_COLUMNS: Final = (
    LayoutColumn("where", says("Where"), 12, is_header=True),
    LayoutColumn("what", says("What"), 42),
    LayoutColumn("due", says("Due"), 13),
    LayoutColumn("late", says("Late by"), 9),
    LayoutColumn("status", says("Status"), 10),
    LayoutColumn("leads", says("Lead organisation"), 18),
)
OWED_COLUMNS: Final = (
    LayoutColumn("where", says("Where"), 12, is_header=True),
    LayoutColumn("what", lambda scope: f"{measure_level(scope)} and key actions", 48, level="level_measure"),
    LayoutColumn("kind", says("What is owed"), 14),
    LayoutColumn("due", says("Due"), 13),
    LayoutColumn("people", says("By whom"), 16),
)


def is_done(action: Action) -> bool:
    """Whether an action's status says that it needs nothing more."""
    status = action.status or ""
    return bool(_DONE.search(status)) and not _NOT_DONE.search(status)


def _is_owed(measure: Measure, scope: PrintScope) -> bool:
    """Whether the round still waits for the update of a measure."""
    return update_state(measure, scope) in (UpdateState.EMPTY, UpdateState.DRAFT)


# ---------------------------------------------------------------------------------- overdue


def overdue(scope: PrintScope) -> Iterator[RecordGroup]:
    """Actions whose last day is past and that are not done; updates that a round still waits for."""
    yield RecordGroup("Key actions", list(_late_actions(scope)))
    named = scope.round if scope.round and scope.round.name else None
    heading = f"Updates for {named.name}" if named else "Updates"
    yield RecordGroup(heading, list(_late_updates(scope)), source(named, "name"))


def _late_actions(scope: PrintScope) -> Iterator[Record]:
    today = scope.day.isoformat()
    for priority, outcome in scope.outcomes():
        for action in scope.actions(outcome):
            due = action.last_day
            if due and due < today and not is_done(action):
                yield _late_action(due, priority, outcome, action, scope.day)


def _late_action(due: str, priority: Priority, outcome: Outcome, action: Action, day: date) -> Record:
    leads = leads_of_action(action)
    return {
        "where": where_cell(priority, outcome),
        "what": action_cell(action),
        "due": RecordCell(literal(action.due), source(action, "due")),
        "late": RecordCell(literal(_days(due, day))),
        "status": RecordCell(literal(action.status), source(action, "status")),
        "leads": RecordCell(lead_words(leads), lead_sources(leads)),
    }


def _late_updates(scope: PrintScope) -> Iterator[Record]:
    due = scope.round.due if scope.round else None
    if not due or due >= scope.day.isoformat():
        return
    for priority, outcome in scope.outcomes():
        for measure in scope.measures(outcome):
            if _is_owed(measure, scope):
                yield _late_update(due, priority, outcome, measure, scope)


def _late_update(
    due: str, priority: Priority, outcome: Outcome, measure: Measure, scope: PrintScope
) -> Record:
    leads = leads_of(measure)
    state = literal(update_state(measure, scope).capitalize())
    return {
        "where": where_cell(priority, outcome),
        "what": measure_cell(measure),
        "due": RecordCell(literal(day_in_words(due)), source(scope.round, "due")),
        "late": RecordCell(literal(_days(due, scope.day))),
        "status": RecordCell(state, state_sources(measure, scope, "round_id")),
        "leads": RecordCell(lead_words(leads), lead_sources(leads)),
    }


def _days(due: str, day: date) -> str:
    """How long ago a day was: "3 days", "5 months", "2 years"."""
    try:
        days = (day - date.fromisoformat(due)).days
    except ValueError:
        return ""
    for length, name in ((365, "year"), (30, "month"), (1, "day")):
        if days >= 2 * length or length == 1:
            number = days // length
            return f"{number} {name}{'' if number == 1 else 's'}"
    return ""


# ---------------------------------------------------------------------------------- who owes what


def owed(scope: PrintScope) -> Iterator[RecordGroup]:
    """For every organisation: the measures whose update is not in, and the actions that are not done."""
    organisations = {row.id: row for row in rows_in_order(scope.session, Organisation)}
    owed_by = _owed_by(scope, organisations)
    wanted = {scope.organisation.id} if scope.organisation else {*organisations, None}
    for id_, records in owed_by.items():
        if records and id_ in wanted:
            named = organisations[id_] if id_ else None
            heading = named.name if named else "No organisation named"
            yield RecordGroup(heading, records, source(named, "name"))


def _owed_by(scope: PrintScope, organisations: Iterable[str]) -> dict[str | None, list[Record]]:
    """What each organisation owes, by its id; by None what no organisation is named for."""
    found: dict[str | None, list[Record]] = {id_: [] for id_ in organisations}
    found[None] = []

    def add(leads: Iterable[Lead], record: Record) -> None:
        for id_ in dict.fromkeys(lead.organisation_id for lead in leads) or [None]:
            found.setdefault(id_, []).append(record)

    for priority, outcome in scope.outcomes():
        for measure in scope.measures(outcome):
            if scope.round is not None and _is_owed(measure, scope):
                add(leads_of(measure), _owed_update(priority, outcome, measure, scope))
        for action in scope.actions(outcome):
            if not is_done(action):
                add(leads_of_action(action), _owed_action(priority, outcome, action))
    return found


def _owed_update(priority: Priority, outcome: Outcome, measure: Measure, scope: PrintScope) -> Record:
    round_ = scope.round
    assert round_ is not None
    is_begun = update_state(measure, scope) != UpdateState.EMPTY
    due = day_in_words(round_.due) if round_.due else round_.name
    return {
        "where": where_cell(priority, outcome),
        "what": measure_cell(measure),
        "kind": RecordCell(
            literal("Update, a draft so far" if is_begun else "Update"), state_sources(measure, scope)
        ),
        "due": RecordCell(literal(due), source(round_, "due" if round_.due else "name")),
        "people": _people_cell(leads_of(measure)),
    }


def _owed_action(priority: Priority, outcome: Outcome, action: Action) -> Record:
    kind = f"Action, {action.status}" if action.status else "Action"
    return {
        "where": where_cell(priority, outcome),
        "what": action_cell(action),
        "kind": RecordCell(literal(kind), source(action, "status")),
        "due": RecordCell(literal(action.due), source(action, "due")),
        "people": _people_cell(leads_of_action(action)),
    }


def _people_cell(leads: Iterable[Lead]) -> RecordCell:
    """The people of leads; the organisation that they are in is the list's heading."""
    names: list[str] = []
    sources: list[Source] = []
    for lead in leads:
        sources += [*source(lead, "organisation_id"), *people_sources(lead)]
        for person in lead.people:
            if person.printed and person.printed not in names:
                names.append(person.printed)
    return RecordCell(literal("\n".join(names)), tuple(sources))


# ---------------------------------------------------------------------------------- a form to fill in


def form_head(scope: PrintScope) -> tuple[Blocks, Sources]:
    """For a form: for whom it is, for which round, and until when; and whose words that are."""
    lines: list[str] = []
    if scope.organisation is not None:
        lines.append(f"For: {scope.organisation.name}")
    if scope.round is not None and scope.round.name:
        lines.append(f"Reporting round: {scope.round.name}")
    if scope.round is not None and scope.round.due:
        lines.append(f"Please return by: {day_in_words(scope.round.due)}")
    rule = "\u2026" * 24
    lines += [f"Filled in by: {rule}", f"Date: {rule}"]
    sources = (*source(scope.organisation, "name"), *source(scope.round, "name", "due"))
    return (Paragraph((Span("\n".join(lines)),)),), sources
