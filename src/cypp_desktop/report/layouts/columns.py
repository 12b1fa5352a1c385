"""The columns that a table of outcomes can have: what each is called and what stands in it.

Every column is a function that gives :class:`ColumnEntry` objects for one outcome. Which rows a cell then
spans is the same rule for all of them, in :mod:`cypp_desktop.report.layouts.rows`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from cypp_desktop.plan.blocks import Paragraph, Span, parse
from cypp_desktop.plan.model import (
    Action,
    ActionMeasure,
    Lead,
    Measure,
    Observation,
    Outcome,
    UpdateMeasure,
)
from cypp_desktop.plan.words import plural
from cypp_desktop.report.layouts import figures
from cypp_desktop.report.layouts.model import ColumnEntry, LayoutColumn, Positions, PrintScope, leads_of
from cypp_desktop.report.layouts.words import (
    Blocks,
    continued,
    lead_blocks,
    lead_sources,
    lead_words,
    literal,
    with_code,
)
from cypp_desktop.report.printed_fields import Source, Sources, source

Entries = Callable[[Outcome, PrintScope], Iterable[ColumnEntry]]


# ---------------------------------------------------------------------------------- the plan's words


def outcome_title(outcome: Outcome, scope: PrintScope) -> Iterable[ColumnEntry]:
    yield ColumnEntry(
        lambda: with_code(outcome.code, outcome.title),
        continued=continued(outcome.code, outcome.title),
        of=source(outcome, "code", "title"),
    )


def _outcome_number(outcome: Outcome, scope: PrintScope) -> Iterable[ColumnEntry]:
    yield ColumnEntry(lambda: literal(outcome.code), of=source(outcome, "code"))


def _outcome_words(outcome: Outcome, scope: PrintScope) -> Iterable[ColumnEntry]:
    yield ColumnEntry(
        lambda: literal(outcome.title),
        continued=continued(outcome.code, outcome.title),
        of=source(outcome, "title"),
    )


def measures(outcome: Outcome, scope: PrintScope) -> Iterable[ColumnEntry]:
    places = scope.places(outcome)
    for measure in scope.measures(outcome):
        yield ColumnEntry(
            lambda measure=measure: with_code(measure.code, measure.title),  # type: ignore[misc]
            places.get(measure.id),
            listed=measure.id not in places,
            continued=continued(measure.code, measure.title),
            of=source(measure, "code", "title"),
        )


def _of_update(field: str) -> Entries:
    """A column with the updates of the round, or what they are based on."""

    def entries(outcome: Outcome, scope: PrintScope) -> Iterable[ColumnEntry]:
        places = scope.places(outcome)
        for update in scope.updates(outcome):
            covered = [link.measure_id for link in update.measure_links]
            yield ColumnEntry(
                lambda update=update: parse(getattr(update, field)),  # type: ignore[misc]
                places.get(update.id) or _joined(places, covered),
                of=(*source(update, field, "round_id"), *_links(update.measure_links, places)),
            )

    return entries


updates = _of_update("text")


def _actions(outcome: Outcome, scope: PrintScope) -> Iterable[ColumnEntry]:
    places = scope.places(outcome)
    for action in scope.actions(outcome):
        yield ColumnEntry(
            lambda action=action: parse(action.text),  # type: ignore[misc]
            _served(places, action),
            number=action.number,
            listed=True,
            of=(*source(action, "number", "text"), *_links(action.measure_links, places))
            if action.text.strip()
            else (),
        )


def _dates(outcome: Outcome, scope: PrintScope) -> Iterable[ColumnEntry]:
    """One date where all actions share it, as documents print it; else each with its action's number."""
    actions = scope.actions(outcome)
    dues = [action.due for action in actions]
    if dues and dues[0] and dues.count(dues[0]) == len(dues):
        yield ColumnEntry(lambda: literal(dues[0]), of=tuple(Source(action, ("due",)) for action in actions))
        return
    yield from _of_actions("due", actions)


def _statuses(outcome: Outcome, scope: PrintScope) -> Iterable[ColumnEntry]:
    return _of_actions("status", scope.actions(outcome))


def _of_actions(field: str, actions: Iterable[Action]) -> Iterable[ColumnEntry]:
    """What each action has, with its number; nothing of those that have none."""
    for action in actions:
        said = getattr(action, field)
        of = source(action, field, "number") if (said or "").strip() else ()
        yield ColumnEntry(lambda said=said: literal(said), number=action.number, of=of)  # type: ignore[misc]


def _leads(outcome: Outcome, scope: PrintScope) -> Iterable[ColumnEntry]:
    places = scope.places(outcome)
    for lead in outcome.leads:
        yield _lead(lead, None)
    for measure in scope.measures(outcome):
        for lead in measure.leads:
            yield _lead(lead, places.get(measure.id))
    for action in scope.actions(outcome):
        for lead in action.leads:
            yield _lead(lead, _served(places, action))


def _lead(lead: Lead, rows: Positions | None) -> ColumnEntry:
    return ColumnEntry(lambda: lead_blocks(lead), rows, of=lead_sources((lead,)))


def _names(field: str) -> Entries:
    def entries(outcome: Outcome, scope: PrintScope) -> Iterable[ColumnEntry]:
        for name in getattr(outcome, field):
            yield ColumnEntry(lambda name=name: literal(name), of=source(outcome, field))  # type: ignore[misc]

    return entries


def _joined(places: dict[str, Positions], ids: Iterable[str]) -> Positions | None:
    return tuple(sorted({at for id_ in ids for at in places.get(id_, ())})) or None


def _served(places: dict[str, Positions], action: Action) -> Positions | None:
    return _joined(places, [link.measure_id for link in action.measure_links])


def _links(links: Iterable[ActionMeasure | UpdateMeasure], places: dict[str, Positions]) -> Sources:
    """The links that can be seen: those to measures beside which a thing is printed."""
    return tuple(Source(link) for link in links if link.measure_id in places)


# ---------------------------------------------------------------------------------- of each measure


def _nobodys(measure: Measure, scope: PrintScope) -> Sources:
    return ()


def _of_measure(
    said: Callable[[Measure, PrintScope], Blocks], of: Callable[[Measure, PrintScope], Sources] = _nobodys
) -> Entries:
    """A column with something at each measure's row; ``of`` says whose words they are."""

    def entries(outcome: Outcome, scope: PrintScope) -> Iterable[ColumnEntry]:
        places = scope.places(outcome)
        for measure in scope.measures(outcome):
            yield ColumnEntry(
                lambda measure=measure: said(measure, scope),  # type: ignore[misc]
                places.get(measure.id),
                listed=measure.id not in places,
                of=of(measure, scope),
            )

    return entries


def _lines(words: Iterable[str]) -> Blocks:
    said = "\n".join(filter(None, words))
    return (Paragraph((Span(said),)),) if said else ()


def _values(
    chosen: Callable[[Measure], list[Observation]], *, area: bool = False, period: bool = True
) -> Entries:
    def said(measure: Measure, scope: PrintScope) -> Blocks:
        return _lines(
            figures.observed(seen, measure.unit, area=area, period=period) for seen in chosen(measure)
        )

    def of(measure: Measure, scope: PrintScope) -> Sources:
        return figures.value_sources(measure, chosen(measure), area=area, period=period)

    return _of_measure(said, of)


def _target(measure: Measure, scope: PrintScope) -> Blocks:
    own = figures.own_area(measure)
    return _lines(
        figures.observed(seen, measure.unit, area=seen.area != own) for seen in figures.targets(measure)
    )


def _target_sources(measure: Measure, scope: PrintScope) -> Sources:
    own = figures.own_area(measure)
    return tuple(
        one
        for seen in figures.targets(measure)
        for one in figures.value_sources(measure, [seen], area=seen.area != own)
    )


def _rag(measure: Measure, scope: PrintScope) -> Blocks:
    said = figures.rag_of(measure, scope.amber_within)
    return figures.rag_words(said) if said else ()


def _direction(measure: Measure, scope: PrintScope) -> Blocks:
    return _lines([figures.direction(measure)])


def _trend(measure: Measure) -> list[Observation]:
    """Every value so far: what a chart of them has to say as well. One by itself is no trend."""
    seen = figures.trend(measure)
    return seen if len(seen) > 1 else []


def _definition(measure: Measure, scope: PrintScope) -> Blocks:
    return parse(measure.definition)


def _flags(measure: Measure, scope: PrintScope) -> Blocks:
    return _lines(measure.flags)


def _of_field(field: str) -> Callable[[Measure, PrintScope], Sources]:
    return lambda measure, scope: source(measure, field)


def _state(measure: Measure, scope: PrintScope) -> Blocks:
    return _lines([update_state(measure, scope).capitalize()])


def update_state(measure: Measure, scope: PrintScope) -> str:
    """The state of the round's update of a measure: empty, draft, submitted or agreed."""
    link = _update_link(measure, scope)
    return link.update.state if link is not None and link.update.text.strip() else "empty"


def state_sources(measure: Measure, scope: PrintScope, *beside: str) -> Sources:
    """Whose word :func:`update_state` is; nobody's where the update has no text.

    ``beside`` is what else is said of the update.
    """
    link = _update_link(measure, scope)
    if link is None or not link.update.text.strip():
        return ()
    return (Source(link), Source(link.update, ("state", *beside)))


def _state_sources(measure: Measure, scope: PrintScope) -> Sources:
    return state_sources(measure, scope)


def _update_link(measure: Measure, scope: PrintScope) -> UpdateMeasure | None:
    round_id = scope.round.id if scope.round else None
    return next((link for link in measure.update_links if link.update.round_id == round_id), None)


def _answerable(measure: Measure, scope: PrintScope) -> Blocks:
    return lead_words(leads_of(measure))


def _answerable_sources(measure: Measure, scope: PrintScope) -> Sources:
    return lead_sources(leads_of(measure))


def lead_names(leads: Iterable[Lead]) -> str:
    """Organisations, or people where a lead has none, on one line."""
    found = [
        lead.organisation.name if lead.organisation else ", ".join(one.printed for one in lead.people)
        for lead in leads
    ]
    return "; ".join(dict.fromkeys(name for name in found if name))


def _room(lines: int) -> Entries:
    """Blank room to write in, at each measure's row."""
    blank = Paragraph((Span("\n".join([NO_BREAK] * lines)),))
    return _of_measure(lambda measure, scope: (blank,))


#: A blank that makes a line: what a form leaves for the pen.
NO_BREAK: Final = "\u00a0"


# ---------------------------------------------------------------------------------- headings


def says(words: str) -> Callable[[PrintScope], str]:
    """A heading that is always the same."""
    return lambda scope: words


def _outcome_level(scope: PrintScope) -> str:
    return plural(scope.plan.level_outcome or "Outcome")


def measure_level(scope: PrintScope) -> str:
    return plural(scope.plan.level_measure or "Performance measure")


def round_name(scope: PrintScope) -> str:
    return scope.round.name if scope.round and scope.round.name else ""


_OUTCOME = r"outcome|key activit|objective"
_MEASURE = r"measure|indicator"
_ACTION = r"^(?!.*(required by|by when)).*action"
_LEAD = r"\blead|responsible|partner|owner"

#: Every column of a table of outcomes by its key, with the share of the width that it takes as a rule.
COLUMNS: Final[dict[str, LayoutColumn]] = {
    column.key: column
    for column in (
        LayoutColumn(
            "outcome", _outcome_level, 14, outcome_title, _OUTCOME, is_header=True, level="level_outcome"
        ),
        LayoutColumn(
            "outcome-number", says("No."), 5, _outcome_number, r"^\W*(no\b|number|ref)", is_header=True
        ),
        LayoutColumn("outcome-title", _outcome_level, 25, _outcome_words, _OUTCOME, level="level_outcome"),
        LayoutColumn("measure", measure_level, 23, measures, _MEASURE, level="level_measure"),
        LayoutColumn(
            "update", lambda scope: round_name(scope) or "Update", 47, updates, r"update|commentary"
        ),
        LayoutColumn("leads", says("Lead organisation"), 17, _leads, _LEAD),
        LayoutColumn("actions", says("Key actions"), 44, _actions, _ACTION),
        LayoutColumn(
            "dates", says("Date actions required by"), 10, _dates, r"required by|by when|^\W*(due )?dates?\b"
        ),
        LayoutColumn("status", says("Status"), 9, _statuses, r"^\W*status"),
        LayoutColumn(
            "strategic-plans", says("Strategic Plan"), 12, _names("strategic_plans"), r"strateg|\bplan\b"
        ),
        LayoutColumn(
            "governance-groups",
            says("Governance Group"),
            13,
            _names("governance_groups"),
            r"governance|group|board",
        ),
        LayoutColumn("evidence-source", says("Evidence source"), 27, _of_update("source"), r"source"),
        LayoutColumn("evidence", says("Evidence of achievement"), 43, _of_update("text"), r"achievement"),
        LayoutColumn("latest", says("Latest"), 13, _values(figures.latest)),
        LayoutColumn("target", says("Target"), 12, _of_measure(_target, _target_sources)),
        LayoutColumn("rag", says("RAG"), 8, _of_measure(_rag)),
        LayoutColumn("direction", says("Direction"), 10, _of_measure(_direction)),
        LayoutColumn("comparators", says("Comparators"), 18, _values(figures.comparators, area=True)),
        LayoutColumn("trend", says("Trend"), 14, _values(_trend)),
        LayoutColumn("definition", says("Definition"), 20, _of_measure(_definition, _of_field("definition"))),
        LayoutColumn("flags", says("Flags"), 10, _of_measure(_flags, _of_field("flags"))),
        LayoutColumn("state", says("State of update"), 10, _of_measure(_state, _state_sources)),
        LayoutColumn("answerable", says("Answerable"), 16, _of_measure(_answerable, _answerable_sources)),
        LayoutColumn("new-value", says("Value now, and its period"), 15, _room(2)),
        LayoutColumn("new-update", says("Your update"), 42, _room(6)),
    )
}
