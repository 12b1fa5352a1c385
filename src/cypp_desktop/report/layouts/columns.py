"""The columns that a table of outcomes can have: what each is called and what stands in it.

Every column is a function that gives :class:`ColumnEntry` objects for one outcome. Which rows a cell then
spans is the same rule for all of them, in :mod:`cypp_desktop.report.layouts.rows`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Final

from cypp_desktop.plan.blocks import Paragraph, Span, parse
from cypp_desktop.plan.levels import DEFAULT_LEVEL_NAMES
from cypp_desktop.plan.model import (
    Action,
    ActionMeasure,
    Lead,
    Measure,
    Observation,
    Outcome,
    UpdateMeasure,
    UpdateState,
)
from cypp_desktop.plan.words import plural
from cypp_desktop.report.cells import Blocks
from cypp_desktop.report.layouts import figures
from cypp_desktop.report.layouts.model import ColumnEntry, LayoutColumn, PrintScope, RowNumbers, leads_of
from cypp_desktop.report.layouts.words import (
    continued,
    lead_blocks,
    lead_sources,
    lead_words,
    literal,
    measure_name,
    with_code,
)
from cypp_desktop.report.palette import Rag
from cypp_desktop.report.printed_fields import Source, Sources, source

Entries = Callable[[Outcome, PrintScope], Iterable[ColumnEntry]]


# ---------------------------------------------------------------------------------- the plan's words


def outcome_title(outcome: Outcome, scope: PrintScope) -> Iterable[ColumnEntry]:
    yield ColumnEntry(
        lambda: with_code(outcome.code, outcome.title),
        continued=continued(outcome.code, outcome.title),
        sources=source(outcome, "code", "title"),
    )


def _outcome_number(outcome: Outcome, scope: PrintScope) -> Iterable[ColumnEntry]:
    yield ColumnEntry(lambda: literal(outcome.code), sources=source(outcome, "code"))


def _outcome_words(outcome: Outcome, scope: PrintScope) -> Iterable[ColumnEntry]:
    yield ColumnEntry(
        lambda: literal(outcome.title),
        continued=continued(outcome.code, outcome.title),
        sources=source(outcome, "title"),
    )


def measures(outcome: Outcome, scope: PrintScope) -> Iterable[ColumnEntry]:
    row_numbers = scope.row_numbers(outcome)
    for measure in scope.measures(outcome):
        yield ColumnEntry(
            partial(with_code, measure.code, measure.title),
            rows=row_numbers.get(measure.id),
            listed=measure.id not in row_numbers,
            continued=continued(measure.code, measure.title),
            sources=source(measure, "code", "title"),
        )


def _of_update(field: str) -> Entries:
    """A column with the updates of the round, or what they are based on."""

    def entries(outcome: Outcome, scope: PrintScope) -> Iterable[ColumnEntry]:
        row_numbers = scope.row_numbers(outcome)
        for update in scope.updates(outcome):
            covered = [link.measure_id for link in update.measure_links]
            yield ColumnEntry(
                partial(parse, getattr(update, field)),
                rows=row_numbers.get(update.id) or _rows_of(row_numbers, covered),
                sources=(
                    *source(update, field, "round_id"),
                    *_seen_links(update.measure_links, row_numbers),
                ),
            )

    return entries


updates = _of_update("text")


def _actions(outcome: Outcome, scope: PrintScope) -> Iterable[ColumnEntry]:
    row_numbers = scope.row_numbers(outcome)
    for action in scope.actions(outcome):
        sources: Sources = ()
        if action.text.strip():
            links = _seen_links(action.measure_links, row_numbers)
            sources = (*source(action, "number", "text"), *links)
        yield ColumnEntry(
            partial(parse, action.text),
            rows=_served_rows(row_numbers, action),
            number=action.number,
            listed=True,
            sources=sources,
        )


def _dates(outcome: Outcome, scope: PrintScope) -> Iterable[ColumnEntry]:
    """One date where all actions share it, as documents print it; else each with its action's number."""
    actions = scope.actions(outcome)
    dues = {action.due for action in actions}
    shared = dues.pop() if len(dues) == 1 else None
    if shared:
        sources = tuple(Source(action, ("due",)) for action in actions)
        return [ColumnEntry(partial(literal, shared), sources=sources)]
    return _of_actions("due", actions)


def _statuses(outcome: Outcome, scope: PrintScope) -> Iterable[ColumnEntry]:
    return _of_actions("status", scope.actions(outcome))


def _of_actions(field: str, actions: Iterable[Action]) -> Iterable[ColumnEntry]:
    """What each action has, with its number; nothing of those that have none."""
    for action in actions:
        words = getattr(action, field)
        sources = source(action, field, "number") if (words or "").strip() else ()
        yield ColumnEntry(partial(literal, words), number=action.number, sources=sources)


def _leads(outcome: Outcome, scope: PrintScope) -> Iterable[ColumnEntry]:
    row_numbers = scope.row_numbers(outcome)
    for lead in outcome.leads:
        yield _lead(lead, None)
    for measure in scope.measures(outcome):
        for lead in measure.leads:
            yield _lead(lead, row_numbers.get(measure.id))
    for action in scope.actions(outcome):
        for lead in action.leads:
            yield _lead(lead, _served_rows(row_numbers, action))


def _lead(lead: Lead, rows: RowNumbers | None) -> ColumnEntry:
    return ColumnEntry(partial(lead_blocks, lead), rows=rows, sources=lead_sources((lead,)))


def _names(field: str) -> Entries:
    """A column with the names of a list of the outcome."""

    def entries(outcome: Outcome, scope: PrintScope) -> Iterable[ColumnEntry]:
        for name in getattr(outcome, field):
            yield ColumnEntry(partial(literal, name), sources=source(outcome, field))

    return entries


def _rows_of(row_numbers: Mapping[str, RowNumbers], ids: Iterable[str]) -> RowNumbers | None:
    """The rows of several things; None where none of them has one."""
    found: set[int] = set()
    for id_ in ids:
        found.update(row_numbers.get(id_, ()))
    return tuple(sorted(found)) or None


def _served_rows(row_numbers: Mapping[str, RowNumbers], action: Action) -> RowNumbers | None:
    """The rows of the measures that an action serves."""
    return _rows_of(row_numbers, [link.measure_id for link in action.measure_links])


def _seen_links(
    links: Iterable[ActionMeasure | UpdateMeasure], row_numbers: Mapping[str, RowNumbers]
) -> Sources:
    """The links that can be seen: those to measures beside which a thing is printed."""
    return tuple(Source(link) for link in links if link.measure_id in row_numbers)


# ---------------------------------------------------------------------------------- of each measure


def _no_sources(measure: Measure, scope: PrintScope) -> Sources:
    return ()


def _of_measure(
    words: Callable[[Measure, PrintScope], Blocks],
    sources: Callable[[Measure, PrintScope], Sources] = _no_sources,
) -> Entries:
    """A column with something at each measure's row, and whose words that is."""

    def entries(outcome: Outcome, scope: PrintScope) -> Iterable[ColumnEntry]:
        row_numbers = scope.row_numbers(outcome)
        for measure in scope.measures(outcome):
            yield ColumnEntry(
                partial(words, measure, scope),
                rows=row_numbers.get(measure.id),
                listed=measure.id not in row_numbers,
                sources=sources(measure, scope),
            )

    return entries


def _lines(words: Iterable[str]) -> Blocks:
    text = "\n".join(filter(None, words))
    return (Paragraph((Span(text),)),) if text else ()


def _values(
    chosen: Callable[[Measure], list[Observation]], *, area: bool = False, period: bool = True
) -> Entries:
    """A column with some of the values of each measure."""

    def words(measure: Measure, scope: PrintScope) -> Blocks:
        return _lines(
            figures.observed(value, measure.unit, area=area, period=period) for value in chosen(measure)
        )

    def sources(measure: Measure, scope: PrintScope) -> Sources:
        return figures.value_sources(measure, chosen(measure), area=area, period=period)

    return _of_measure(words, sources)


def _target(measure: Measure, scope: PrintScope) -> Blocks:
    own = figures.own_area(measure)
    return _lines(
        figures.observed(value, measure.unit, area=value.area != own) for value in figures.targets(measure)
    )


def _target_sources(measure: Measure, scope: PrintScope) -> Sources:
    own = figures.own_area(measure)
    found: list[Source] = []
    for value in figures.targets(measure):
        found += figures.value_sources(measure, [value], area=value.area != own)
    return tuple(found)


def _rag(measure: Measure, scope: PrintScope) -> Blocks:
    rag = figures.rag_of(measure, scope.amber_within)
    return () if rag is Rag.NONE else figures.rag_words(rag)


def _direction(measure: Measure, scope: PrintScope) -> Blocks:
    return _lines([figures.direction(measure)])


def _trend(measure: Measure) -> list[Observation]:
    """Every value so far: what a chart of them has to say as well. One by itself is no trend."""
    values = figures.trend(measure)
    return values if len(values) > 1 else []


def _definition(measure: Measure, scope: PrintScope) -> Blocks:
    return parse(measure.definition)


def _definition_sources(measure: Measure, scope: PrintScope) -> Sources:
    return source(measure, "definition")


def _flags(measure: Measure, scope: PrintScope) -> Blocks:
    return _lines(measure.flags)


def _flags_sources(measure: Measure, scope: PrintScope) -> Sources:
    return source(measure, "flags")


def _state(measure: Measure, scope: PrintScope) -> Blocks:
    return _lines([update_state(measure, scope).capitalize()])


def _state_sources(measure: Measure, scope: PrintScope) -> Sources:
    return state_sources(measure, scope)


def update_state(measure: Measure, scope: PrintScope) -> str:
    """The state of the round's update of a measure; empty where it has no text."""
    link = _written_update(measure, scope)
    return link.update.state if link is not None else UpdateState.EMPTY.value


def state_sources(measure: Measure, scope: PrintScope, *beside: str) -> Sources:
    """Whose word :func:`update_state` is; nobody's where the update has no text.

    ``beside`` are columns of the update that are said with it.
    """
    link = _written_update(measure, scope)
    if link is None:
        return ()
    return (Source(link), Source(link.update, ("state", *beside)))


def _written_update(measure: Measure, scope: PrintScope) -> UpdateMeasure | None:
    """The link to the round's first update of a measure, where that has a text."""
    round_id = scope.round.id if scope.round else None
    link = next((link for link in measure.update_links if link.update.round_id == round_id), None)
    return link if link is not None and link.update.text.strip() else None


def _answerable(measure: Measure, scope: PrintScope) -> Blocks:
    return lead_words(leads_of(measure))


def _answerable_sources(measure: Measure, scope: PrintScope) -> Sources:
    return lead_sources(leads_of(measure))


#: A blank that makes a line: what a form leaves for the pen.
NO_BREAK: Final = "\u00a0"


def _room(lines: int) -> Entries:
    """Blank room to write in, at each measure's row."""
    blank = Paragraph((Span("\n".join([NO_BREAK] * lines)),))
    return _of_measure(lambda measure, scope: (blank,))


# ---------------------------------------------------------------------------------- headings


def says(words: str) -> Callable[[PrintScope], str]:
    """A heading that is always the same."""
    return lambda scope: words


def _outcome_level(scope: PrintScope) -> str:
    return plural(scope.plan.level_outcome or DEFAULT_LEVEL_NAMES["outcome"])


def measure_level(scope: PrintScope) -> str:
    return plural(measure_name(scope.plan))


def round_name(scope: PrintScope) -> str:
    return scope.round.name if scope.round and scope.round.name else ""


#: By these words the plan's own headings tell what stands in a column.
_OUTCOME = r"outcome|key activit|objective"
_MEASURE = r"measure|indicator"
_ACTION = r"^(?!.*(required by|by when)).*action"
_LEAD = r"\blead|responsible|partner|owner"
_NUMBER = r"^\W*(no\b|number|ref)"
_DATE = r"required by|by when|^\W*(due )?dates?\b"

#: Every column that a table of outcomes can have, with the share of the width that it takes as a rule.
_COLUMNS: Final = (
    LayoutColumn(
        "outcome", _outcome_level, 14,
        entries=outcome_title, known_as=_OUTCOME, is_header=True, level="level_outcome",
    ),
    LayoutColumn(
        "outcome-number", says("No."), 5, entries=_outcome_number, known_as=_NUMBER, is_header=True
    ),
    LayoutColumn(
        "outcome-title", _outcome_level, 25, entries=_outcome_words, known_as=_OUTCOME, level="level_outcome"
    ),
    LayoutColumn(
        "measure", measure_level, 23, entries=measures, known_as=_MEASURE, level="level_measure"
    ),
    LayoutColumn(
        "update", lambda scope: round_name(scope) or "Update", 47,
        entries=updates, known_as=r"update|commentary",
    ),
    LayoutColumn("leads", says("Lead organisation"), 17, entries=_leads, known_as=_LEAD),
    LayoutColumn("actions", says("Key actions"), 44, entries=_actions, known_as=_ACTION),
    LayoutColumn("dates", says("Date actions required by"), 10, entries=_dates, known_as=_DATE),
    LayoutColumn("status", says("Status"), 9, entries=_statuses, known_as=r"^\W*status"),
    LayoutColumn(
        "strategic-plans", says("Strategic Plan"), 12,
        entries=_names("strategic_plans"), known_as=r"strateg|\bplan\b",
    ),
    LayoutColumn(
        "governance-groups", says("Governance Group"), 13,
        entries=_names("governance_groups"), known_as=r"governance|group|board",
    ),
    LayoutColumn(
        "evidence-source", says("Evidence source"), 27, entries=_of_update("source"), known_as="source"
    ),
    LayoutColumn(
        "evidence", says("Evidence of achievement"), 43, entries=_of_update("text"), known_as="achievement"
    ),
    LayoutColumn("latest", says("Latest"), 13, entries=_values(figures.latest)),
    LayoutColumn("target", says("Target"), 12, entries=_of_measure(_target, _target_sources)),
    LayoutColumn("rag", says("RAG"), 8, entries=_of_measure(_rag)),
    LayoutColumn("direction", says("Direction"), 10, entries=_of_measure(_direction)),
    LayoutColumn("comparators", says("Comparators"), 18, entries=_values(figures.comparators, area=True)),
    LayoutColumn("trend", says("Trend"), 14, entries=_values(_trend)),
    LayoutColumn("definition", says("Definition"), 20, entries=_of_measure(_definition, _definition_sources)),
    LayoutColumn("flags", says("Flags"), 10, entries=_of_measure(_flags, _flags_sources)),
    LayoutColumn("state", says("State of update"), 10, entries=_of_measure(_state, _state_sources)),
    LayoutColumn(
        "answerable", says("Answerable"), 16, entries=_of_measure(_answerable, _answerable_sources)
    ),
    LayoutColumn("new-value", says("Value now, and its period"), 15, entries=_room(2)),
    LayoutColumn("new-update", says("Your update"), 42, entries=_room(6)),
)  # fmt: skip
COLUMNS: Final = {column.key: column for column in _COLUMNS}
