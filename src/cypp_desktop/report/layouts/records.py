"""Lists made from the whole plan: what is overdue, who owes what, placeholders, recommendations, RAG counts.

Each function reads the plan through its scope and gives groups of records, whose values stand in the
columns of the layout. What changed and what is open between people is in ``changes``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final, NamedTuple

from sqlalchemy import select

from cypp_desktop.plan.blocks import Paragraph, Span, parse
from cypp_desktop.plan.dates import day_in_words
from cypp_desktop.plan.model import (
    Action,
    Lead,
    Measure,
    Organisation,
    Outcome,
    Plan,
    Priority,
    Recommendation,
)
from cypp_desktop.plan.placeholders import is_placeholder
from cypp_desktop.plan.queries import priorities
from cypp_desktop.plan.words import field_words
from cypp_desktop.report.layouts import figures
from cypp_desktop.report.layouts.columns import measure_level, says, state_sources, update_state
from cypp_desktop.report.layouts.model import LayoutColumn, PrintScope, Record, RecordGroup, leads_of
from cypp_desktop.report.layouts.words import (
    Blocks,
    emphatic,
    lead_sources,
    lead_words,
    literal,
    people_sources,
    prefixed,
    priority_heading,
    priority_sources,
    with_code,
)
from cypp_desktop.report.printed_fields import Source, Sources, source

_DONE: Final = re.compile(
    r"\b(done|completed?|achieved|closed|delivered|cancelled|withdrawn)\b", re.IGNORECASE
)
_NOT_DONE: Final = re.compile(r"\b(not|in)\b", re.IGNORECASE)


def _outcomes(scope: PrintScope) -> Iterator[tuple[Priority, Outcome]]:
    """The outcomes that are printed, with their priority."""
    assert scope.session is not None
    for priority in priorities(scope.session, whole=True):
        for outcome in priority.outcomes:
            if scope.selection is None or outcome.id in scope.selection.outcomes:
                yield priority, outcome


def _where(priority: Priority, outcome: Outcome, measure: Measure | None = None) -> Blocks:
    """Where something stands: codes, or titles where there are none, from as high up as need be."""
    parts = [outcome.code or outcome.title, measure.code or measure.title if measure else ""]
    own, above = outcome.code or "", priority.code or ""
    if above and not (own.startswith(above) and own != above):
        parts.insert(0, above)
    return literal(" › ".join(" ".join(part.split()) for part in parts if part))


def _where_sources(priority: Priority, outcome: Outcome, measure: Measure | None = None) -> Sources:
    """Whose words :func:`_where` says."""
    own, above = outcome.code or "", priority.code or ""
    found = [*source(outcome, "code" if own else "title")]
    if measure is not None:
        found += source(measure, "code" if measure.code else "title")
    if above and not (own.startswith(above) and own != above):
        found += source(priority, "code")
    return tuple(found)


# ---------------------------------------------------------------------------------- overdue


def is_done(action: Action) -> bool:
    """Whether an action's status says that it needs nothing more."""
    status = action.status or ""
    return bool(_DONE.search(status)) and not _NOT_DONE.search(status)


def overdue(scope: PrintScope) -> Iterator[RecordGroup]:
    """Actions whose last day is past and that are not done; updates that a round still waits for."""
    today = scope.day.isoformat()
    late = [
        (action.last_day or "", priority, outcome, action)
        for priority, outcome in _outcomes(scope)
        for action in scope.actions(outcome)
        if action.last_day and action.last_day < today and not is_done(action)
    ]
    yield RecordGroup("Key actions", [_late(*one, scope.day) for one in late])
    owed = [
        Record(
            {
                "where": _where(priority, outcome),
                "what": with_code(measure.code, measure.title),
                "due": literal(day_in_words(due)),
                "late": literal(_days(due, scope.day)),
                "status": literal(update_state(measure, scope).capitalize()),
                "leads": lead_words(leads_of(measure)),
            },
            {
                "where": _where_sources(priority, outcome),
                "what": source(measure, "code", "title"),
                "due": source(scope.round, "due"),
                "status": state_sources(measure, scope, "round_id"),
                "leads": lead_sources(leads_of(measure)),
            },
        )
        for due in [scope.round.due if scope.round else None]
        if due and due < today
        for priority, outcome in _outcomes(scope)
        for measure in scope.measures(outcome)
        if update_state(measure, scope) in ("empty", "draft")
    ]
    named = scope.round if scope.round and scope.round.name else None
    yield RecordGroup(f"Updates for {named.name}" if named else "Updates", owed, source(named, "name"))


def _late(due: str, priority: Priority, outcome: Outcome, action: Action, day: date) -> Record:
    leads = action.leads or outcome.leads or priority.leads
    return Record(
        {
            "where": _where(priority, outcome),
            "what": lambda: _numbered(action),
            "due": literal(action.due),
            "late": literal(_days(due, day)),
            "status": literal(action.status),
            "leads": lead_words(leads),
        },
        {
            "where": _where_sources(priority, outcome),
            "what": source(action, "number", "text"),
            "due": source(action, "due"),
            "status": source(action, "status"),
            "leads": lead_sources(leads),
        },
    )


def _numbered(action: Action) -> Blocks:
    blocks = parse(action.text)
    return prefixed(f"{action.number}.", blocks) if action.number else blocks


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


# ---------------------------------------------------------------------------------- placeholders


def placeholders(scope: PrintScope) -> Iterator[RecordGroup]:
    """Every place that only holds a place: "TBC", "Placeholder for …"."""
    found = [
        Record(
            {
                "where": _where(priority, outcome, held.at),
                "field": literal(held.field),
                "says": literal(held.words),
            },
            {
                "where": _where_sources(priority, outcome, held.at),
                "field": _level_sources(scope.plan, held.field),
                "says": held.of,
            },
        )
        for priority, outcome in _outcomes(scope)
        for held in _held(outcome, scope)
    ]
    yield RecordGroup("", found)


def _level_sources(plan: Plan, words: str) -> Sources:
    """The plan, where words are its own name for a level."""
    columns = [name for name in ("level_outcome", "level_measure") if getattr(plan, name) == words]
    return source(plan, *columns) if columns else ()


class _Held(NamedTuple):
    """What may hold a place: at which measure, in which field, its words, and whose they are."""

    at: Measure | None
    field: str
    words: str | None
    of: Sources


def _held(outcome: Outcome, scope: PrintScope) -> Iterator[_Held]:
    """The placeholders of an outcome."""
    level = scope.plan.level_measure or "Performance measure"
    fields = [_Held(None, scope.plan.level_outcome, outcome.title, source(outcome, "title"))]
    for label, column in (("Strategic plan", "strategic_plans"), ("Governance group", "governance_groups")):
        fields += [
            _Held(None, label, name, (Source(outcome, (column,), name),)) for name in getattr(outcome, column)
        ]
    fields += _of_leads(None, outcome.leads)
    for measure in scope.measures(outcome):
        fields.append(_Held(measure, level, measure.title, source(measure, "title")))
        fields.append(_Held(measure, "Definition", measure.definition, source(measure, "definition")))
        fields += _of_leads(measure, measure.leads)
        fields += [
            _Held(measure, "Value", seen.words, source(seen, "words")) for seen in measure.observations
        ]
    for action in scope.actions(outcome):
        first = next(iter(action.measures), None)
        fields.append(_Held(first, "Key action", action.text, source(action, "text")))
        fields.append(_Held(first, "Due date", action.due, source(action, "due")))
        fields += _of_leads(first, action.leads)
    for update in scope.updates(outcome):
        first = next(iter(update.measures), None)
        fields.append(_Held(first, "Update", update.text, source(update, "text")))
        fields.append(_Held(first, "Source", update.source, source(update, "source")))
    for one in fields:
        flagged = one.at is not None and one.at.placeholder and one.field == level
        if one.words and (flagged or is_placeholder(one.words)):
            yield one


def _of_leads(at: Measure | None, leads: Sequence[Lead]) -> list[_Held]:
    label = field_words("lead", "organisation_id")
    found: list[_Held] = []
    for lead in leads:
        if lead.organisation:
            of = (*source(lead, "organisation_id"), *source(lead.organisation, "name"))
            found.append(_Held(at, label, lead.organisation.name, of))
        for link in lead.people_links:
            person = link.person
            of = (Source(lead), Source(link), *source(person, "name" if person.name else "post"))
            found.append(_Held(at, label, person.printed, of))
        if lead.note:
            found.append(_Held(at, label, lead.note, source(lead, "note")))
    return found


# ---------------------------------------------------------------------------------- who owes what


def owed(scope: PrintScope) -> Iterator[RecordGroup]:
    """For every organisation: the measures whose update is not in, and the actions that are not done."""
    assert scope.session is not None
    listed = scope.session.scalars(select(Organisation).order_by(Organisation.sort_key, Organisation.id))
    organisations = {organisation.id: organisation for organisation in listed}
    found: dict[str | None, list[Record]] = {id_: [] for id_ in organisations}
    found[None] = []
    for priority, outcome in _outcomes(scope):
        for measure in scope.measures(outcome):
            state = update_state(measure, scope)
            if scope.round is not None and state in ("empty", "draft"):
                record = _owed_update(priority, outcome, measure, scope)
                _share(found, leads_of(measure), record)
        for action in scope.actions(outcome):
            if not is_done(action):
                leads = action.leads or outcome.leads or priority.leads
                _share(found, leads, _owed_action(priority, outcome, action))
    wanted = {scope.organisation.id} if scope.organisation else {*organisations, None}
    for id_, records in found.items():
        if records and id_ in wanted:
            named = organisations[id_] if id_ else None
            yield RecordGroup(
                named.name if named else "No organisation named", records, source(named, "name")
            )


def _share(found: dict[str | None, list[Record]], leads: Iterable[Lead], record: Record) -> None:
    for id_ in dict.fromkeys(lead.organisation_id for lead in leads) or [None]:
        found.setdefault(id_, []).append(record)


def _owed_update(priority: Priority, outcome: Outcome, measure: Measure, scope: PrintScope) -> Record:
    round_ = scope.round
    assert round_ is not None
    state, leads = update_state(measure, scope), leads_of(measure)
    return Record(
        {
            "where": _where(priority, outcome),
            "what": with_code(measure.code, measure.title),
            "kind": literal("Update" if state == "empty" else "Update, a draft so far"),
            "due": literal(day_in_words(round_.due) if round_.due else round_.name),
            "people": literal(_people(leads)),
        },
        {
            "where": _where_sources(priority, outcome),
            "what": source(measure, "code", "title"),
            "kind": state_sources(measure, scope),
            "due": source(round_, "due" if round_.due else "name"),
            "people": _people_sources(leads),
        },
    )


def _owed_action(priority: Priority, outcome: Outcome, action: Action) -> Record:
    leads = action.leads or outcome.leads or priority.leads
    return Record(
        {
            "where": _where(priority, outcome),
            "what": lambda: _numbered(action),
            "kind": literal(f"Action, {action.status}" if action.status else "Action"),
            "due": literal(action.due),
            "people": literal(_people(leads)),
        },
        {
            "where": _where_sources(priority, outcome),
            "what": source(action, "number", "text"),
            "kind": source(action, "status"),
            "due": source(action, "due"),
            "people": _people_sources(leads),
        },
    )


def _people(leads: Iterable[Lead]) -> str:
    return "\n".join(dict.fromkeys(one.printed for lead in leads for one in lead.people if one.printed))


def _people_sources(leads: Iterable[Lead]) -> Sources:
    """Whose words :func:`_people` prints; the organisation that they are in is the list's heading."""
    found: list[Source] = []
    for lead in leads:
        found += [*source(lead, "organisation_id"), *people_sources(lead)]
    return tuple(found)


# ---------------------------------------------------------------------------------- recommendations, RAG


def all_recommendations(scope: PrintScope) -> Sequence[Recommendation]:
    """The recommendations in printed order."""
    assert scope.session is not None
    order = (Recommendation.sort_key, Recommendation.id)
    return scope.session.scalars(select(Recommendation).order_by(*order)).all()


def recommendations(scope: PrintScope) -> Iterator[RecordGroup]:
    listed = all_recommendations(scope)
    if scope.organisation is not None:
        names = (scope.organisation.name, scope.organisation.short_name or scope.organisation.name)
        folded = [name.casefold() for name in names]
        listed = [row for row in listed if any(name in (row.owner or "").casefold() for name in folded)]
    yield RecordGroup("", [recommendation_record(row) for row in listed])


def recommendation_record(row: Recommendation) -> Record:
    return Record(
        {
            "number": literal(row.number),
            "text": lambda: parse(row.text),
            "section": literal(row.section),
            "status": literal(row.status),
            "owner": literal(row.owner),
            "due": literal(row.due),
            "progress": lambda: parse(row.progress),
        },
        {column.key: source(row, column.key) for column in RECORD_COLUMNS["recommendations"]},
    )


def rag_counts(scope: PrintScope) -> list[tuple[Priority, dict[str, int]]]:
    """How many measures of every priority are red, amber and green, and how many cannot be told."""
    found: dict[str, tuple[Priority, dict[str, int]]] = {}
    for priority, outcome in _outcomes(scope):
        _, own = found.setdefault(priority.id, (priority, dict.fromkeys(figures.RAG_ORDER, 0)))
        for measure in scope.measures(outcome):
            own[figures.rag_of(measure, scope.amber_within) or "none"] += 1
    return list(found.values())


def rag_total(scope: PrintScope) -> dict[str, int]:
    """The same for the whole plan."""
    counts = [own for _, own in rag_counts(scope)]
    return {colour: sum(own[colour] for own in counts) for colour in figures.RAG_ORDER}


def rag_summary(scope: PrintScope) -> Iterator[RecordGroup]:
    """The counts as a table: a row for every priority, and one for them all."""
    records = [
        _counted(
            literal(priority_heading(scope.plan, priority) or scope.plan.level_priority),
            own,
            priority_sources(scope.plan, priority) or source(scope.plan, "level_priority"),
        )
        for priority, own in rag_counts(scope)
    ]
    if len(records) > 1:
        records.append(_counted(emphatic("All"), rag_total(scope), ()))
    yield RecordGroup("", records)


def _counted(name: Blocks, counts: dict[str, int], of: Sources) -> Record:
    numbers = {colour: literal(str(number)) for colour, number in counts.items()}
    return Record({"priority": name, **numbers, "all": literal(str(sum(counts.values())))}, {"priority": of})


def owed_line(scope: PrintScope) -> Blocks:
    """For a form: for whom it is, for which round, and until when."""
    lines = []
    scope.printed.add((*source(scope.organisation, "name"), *source(scope.round, "name", "due")))
    if scope.organisation is not None:
        lines.append(f"For: {scope.organisation.name}")
    if scope.round is not None and scope.round.name:
        lines.append(f"Reporting round: {scope.round.name}")
    if scope.round is not None and scope.round.due:
        lines.append(f"Please return by: {day_in_words(scope.round.due)}")
    rule = "\u2026" * 24
    lines += [f"Filled in by: {rule}", f"Date: {rule}"]
    return (Paragraph((Span("\n".join(lines)),)),)


# ---------------------------------------------------------------------------------- columns

#: The columns of each list of records, by its layout's name.
RECORD_COLUMNS: Final[dict[str, tuple[LayoutColumn, ...]]] = {
    "overdue": (
        LayoutColumn("where", says("Where"), 12, is_header=True),
        LayoutColumn("what", says("What"), 42),
        LayoutColumn("due", says("Due"), 13),
        LayoutColumn("late", says("Late by"), 9),
        LayoutColumn("status", says("Status"), 10),
        LayoutColumn("leads", says("Lead organisation"), 18),
    ),
    "placeholders": (
        LayoutColumn("where", says("Where"), 25, is_header=True),
        LayoutColumn("field", says("What it holds the place of"), 20),
        LayoutColumn("says", says("What stands there"), 55),
    ),
    "who-owes-what": (
        LayoutColumn("where", says("Where"), 12, is_header=True),
        LayoutColumn(
            "what", lambda scope: f"{measure_level(scope)} and key actions", 48, level="level_measure"
        ),
        LayoutColumn("kind", says("What is owed"), 14),
        LayoutColumn("due", says("Due"), 13),
        LayoutColumn("people", says("By whom"), 16),
    ),
    "recommendations": (
        LayoutColumn("number", says("No."), 8, is_header=True),
        LayoutColumn("text", says("Recommendation"), 52),
        LayoutColumn("section", says("Made in"), 10),
        LayoutColumn("status", says("Status"), 10),
        LayoutColumn("owner", says("Owner"), 12),
        LayoutColumn("due", says("Due"), 10),
        LayoutColumn("progress", says("Progress"), 20),
    ),
    "rag-summary": (
        LayoutColumn(
            "priority",
            lambda scope: scope.plan.level_priority or "Priority",
            48,
            is_header=True,
            level="level_priority",
        ),
        *(LayoutColumn(colour, says(figures.RAG_WORDS[colour]), 12) for colour in figures.RAG_ORDER),
        LayoutColumn("all", says("All"), 8),
    ),
    "changes": (
        LayoutColumn("where", says("Where"), 16, is_header=True),
        LayoutColumn("field", says("What"), 13),
        LayoutColumn("change", says("Change"), 53),
        LayoutColumn("who", says("Who and when"), 18),
    ),
    "conflicts": (
        LayoutColumn("where", says("Where"), 18, is_header=True),
        LayoutColumn("field", says("What"), 14),
        LayoutColumn("says", says("What the plan says meanwhile"), 34),
        LayoutColumn("sides", says("What was written"), 34),
    ),
}
