"""The columns that a table of outcomes can have: what each is called and what stands in it.

Every column is a function that gives :class:`Entry` objects for one outcome. Which rows a cell then
spans is the same rule for all of them, in :mod:`cypp_desktop.report.layouts.rows`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from cypp_desktop.plan.blocks import Paragraph, Span, parse
from cypp_desktop.plan.model import Action, Lead, Measure, Observation, Outcome
from cypp_desktop.plan.words import plural
from cypp_desktop.report.layouts import figures
from cypp_desktop.report.layouts.model import Column, Entry, Positions, Scope, leads_of
from cypp_desktop.report.layouts.words import Blocks, continued, lead_blocks, literal, with_code

Entries = Callable[[Outcome, Scope], Iterable[Entry]]


# ---------------------------------------------------------------------------------- the plan's words


def outcome_title(outcome: Outcome, scope: Scope) -> Iterable[Entry]:
    yield Entry(
        lambda: with_code(outcome.code, outcome.title),
        continued=continued(outcome.code, outcome.title),
    )


def _outcome_number(outcome: Outcome, scope: Scope) -> Iterable[Entry]:
    yield Entry(lambda: literal(outcome.code))


def _outcome_words(outcome: Outcome, scope: Scope) -> Iterable[Entry]:
    yield Entry(lambda: literal(outcome.title), continued=continued(outcome.code, outcome.title))


def measures(outcome: Outcome, scope: Scope) -> Iterable[Entry]:
    places = scope.places(outcome)
    for measure in scope.measures(outcome):
        yield Entry(
            lambda measure=measure: with_code(measure.code, measure.title),  # type: ignore[misc]
            places.get(measure.id),
            listed=measure.id not in places,
            continued=continued(measure.code, measure.title),
        )


def updates(outcome: Outcome, scope: Scope) -> Iterable[Entry]:
    places = scope.places(outcome)
    for update in scope.updates(outcome):
        covered = [link.measure_id for link in update.measure_links]
        yield Entry(
            lambda update=update: parse(update.text),  # type: ignore[misc]
            places.get(update.id) or _joined(places, covered),
        )


def _evidence(field: str) -> Entries:
    def entries(outcome: Outcome, scope: Scope) -> Iterable[Entry]:
        places = scope.places(outcome)
        for update in scope.updates(outcome):
            covered = [link.measure_id for link in update.measure_links]
            yield Entry(
                lambda update=update: parse(getattr(update, field)),  # type: ignore[misc]
                places.get(update.id) or _joined(places, covered),
            )

    return entries


def _actions(outcome: Outcome, scope: Scope) -> Iterable[Entry]:
    places = scope.places(outcome)
    for action in scope.actions(outcome):
        yield Entry(
            lambda action=action: parse(action.text),  # type: ignore[misc]
            _served(places, action),
            number=action.number,
            listed=True,
        )


def _dates(outcome: Outcome, scope: Scope) -> Iterable[Entry]:
    """One date where all actions share it, as documents print it; else each with its action's number."""
    dues = [action.due for action in scope.actions(outcome)]
    if dues and dues[0] and dues.count(dues[0]) == len(dues):
        yield Entry(lambda: literal(dues[0]))
        return
    for action in scope.actions(outcome):
        yield Entry(lambda due=action.due: literal(due), number=action.number)  # type: ignore[misc]


def _statuses(outcome: Outcome, scope: Scope) -> Iterable[Entry]:
    for action in scope.actions(outcome):
        yield Entry(lambda status=action.status: literal(status), number=action.number)  # type: ignore[misc]


def _leads(outcome: Outcome, scope: Scope) -> Iterable[Entry]:
    places = scope.places(outcome)
    for lead in outcome.leads:
        yield Entry(lambda lead=lead: lead_blocks(lead))  # type: ignore[misc]
    for measure in scope.measures(outcome):
        for lead in measure.leads:
            yield Entry(lambda lead=lead: lead_blocks(lead), places.get(measure.id))  # type: ignore[misc]
    for action in scope.actions(outcome):
        for lead in action.leads:
            yield Entry(lambda lead=lead: lead_blocks(lead), _served(places, action))  # type: ignore[misc]


def _names(field: str) -> Entries:
    def entries(outcome: Outcome, scope: Scope) -> Iterable[Entry]:
        for name in getattr(outcome, field):
            yield Entry(lambda name=name: literal(name))  # type: ignore[misc]

    return entries


def _joined(places: dict[str, Positions], ids: Iterable[str]) -> Positions | None:
    return tuple(sorted({at for id_ in ids for at in places.get(id_, ())})) or None


def _served(places: dict[str, Positions], action: Action) -> Positions | None:
    return _joined(places, [link.measure_id for link in action.measure_links])


# ---------------------------------------------------------------------------------- of each measure


def _of_measure(said: Callable[[Measure, Scope], Blocks]) -> Entries:
    """A column with something at each measure's row."""

    def entries(outcome: Outcome, scope: Scope) -> Iterable[Entry]:
        places = scope.places(outcome)
        for measure in scope.measures(outcome):
            yield Entry(
                lambda measure=measure: said(measure, scope),  # type: ignore[misc]
                places.get(measure.id),
                listed=measure.id not in places,
            )

    return entries


def _lines(words: Iterable[str]) -> Blocks:
    said = "\n".join(filter(None, words))
    return (Paragraph((Span(said),)),) if said else ()


def _values(
    chosen: Callable[[Measure], list[Observation]], *, area: bool = False, period: bool = True
) -> Entries:
    def said(measure: Measure, scope: Scope) -> Blocks:
        return _lines(
            figures.observed(seen, measure.unit, area=area, period=period) for seen in chosen(measure)
        )

    return _of_measure(said)


def _target(measure: Measure, scope: Scope) -> Blocks:
    own = figures.own_area(measure)
    return _lines(
        figures.observed(seen, measure.unit, area=seen.area != own) for seen in figures.targets(measure)
    )


def _rag(measure: Measure, scope: Scope) -> Blocks:
    said = figures.rag_of(measure, scope.amber_within)
    return figures.rag_words(said) if said else ()


def _comparators(measure: Measure, scope: Scope) -> Blocks:
    shown = figures.comparators(measure)
    return _lines(figures.observed(seen, measure.unit, area=True) for seen in shown)


def _direction(measure: Measure, scope: Scope) -> Blocks:
    return _lines([figures.direction(measure)])


def _trend(measure: Measure, scope: Scope) -> Blocks:
    """Every value so far, in words: what a chart of them has to say as well."""
    seen = figures.trend(measure)
    return _lines(figures.observed(one, measure.unit) for one in seen) if len(seen) > 1 else ()


def _definition(measure: Measure, scope: Scope) -> Blocks:
    return parse(measure.definition)


def _flags(measure: Measure, scope: Scope) -> Blocks:
    return _lines(measure.flags)


def _state(measure: Measure, scope: Scope) -> Blocks:
    return _lines([update_state(measure, scope).capitalize()])


def update_state(measure: Measure, scope: Scope) -> str:
    """The state of the round's update of a measure: empty, draft, submitted or agreed."""
    round_id = scope.round.id if scope.round else None
    for link in measure.update_links:
        if link.update.round_id == round_id:
            return link.update.state if link.update.text.strip() else "empty"
    return "empty"


def _answerable(measure: Measure, scope: Scope) -> Blocks:
    return tuple(block for lead in leads_of(measure) for block in lead_blocks(lead))


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


def says(words: str) -> Callable[[Scope], str]:
    """A heading that is always the same."""
    return lambda scope: words


def _outcome_level(scope: Scope) -> str:
    return plural(scope.plan.level_outcome or "Outcome")


def measure_level(scope: Scope) -> str:
    return plural(scope.plan.level_measure or "Performance measure")


def round_name(scope: Scope) -> str:
    return scope.round.name if scope.round and scope.round.name else ""


_OUTCOME = r"outcome|key activit|objective"
_MEASURE = r"measure|indicator"
_ACTION = r"^(?!.*(required by|by when)).*action"
_LEAD = r"\blead|responsible|partner|owner"

#: Every column of a table of outcomes by its key, with the share of the width that it takes as a rule.
COLUMNS: Final[dict[str, Column]] = {
    column.key: column
    for column in (
        Column("outcome", _outcome_level, 14, outcome_title, _OUTCOME, is_header=True),
        Column("outcome-number", says("No."), 5, _outcome_number, r"^\W*(no\b|number|ref)", is_header=True),
        Column("outcome-title", _outcome_level, 25, _outcome_words, _OUTCOME),
        Column("measure", measure_level, 23, measures, _MEASURE),
        Column(
            "update", lambda scope: round_name(scope) or "Update", 47, updates, r"update|commentary"
        ),
        Column("leads", says("Lead organisation"), 17, _leads, _LEAD),
        Column("actions", says("Key actions"), 44, _actions, _ACTION),
        Column("dates", says("Date actions required by"), 10, _dates,
               r"required by|by when|^\W*(due )?dates?\b"),
        Column("status", says("Status"), 9, _statuses, r"^\W*status"),
        Column("strategic-plans", says("Strategic Plan"), 12, _names("strategic_plans"),
               r"strateg|\bplan\b"),
        Column("governance-groups", says("Governance Group"), 13, _names("governance_groups"),
               r"governance|group|board"),
        Column("evidence-source", says("Evidence source"), 27, _evidence("source"), r"source"),
        Column("evidence", says("Evidence of achievement"), 43, _evidence("text"), r"achievement"),
        Column("latest", says("Latest"), 13, _values(figures.latest)),
        Column("target", says("Target"), 12, _of_measure(_target)),
        Column("rag", says("RAG"), 8, _of_measure(_rag)),
        Column("direction", says("Direction"), 10, _of_measure(_direction)),
        Column("comparators", says("Comparators"), 18, _of_measure(_comparators)),
        Column("trend", says("Trend"), 14, _of_measure(_trend)),
        Column("definition", says("Definition"), 20, _of_measure(_definition)),
        Column("flags", says("Flags"), 10, _of_measure(_flags)),
        Column("state", says("State of update"), 10, _of_measure(_state)),
        Column("answerable", says("Answerable"), 16, _of_measure(_answerable)),
        Column("new-value", says("Value now, and its period"), 15, _room(2)),
        Column("new-update", says("Your update"), 42, _room(6)),
    )
}  # fmt: skip
