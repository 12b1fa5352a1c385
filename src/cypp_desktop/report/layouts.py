"""What each layout prints: its columns, their widths, and what fills them.

A layout is declared, not coded: a column names its usual heading, its share of the width and the
function that gives its :class:`Entry` objects for one outcome. Where the entries go (which rows a cell
spans, what belongs to the whole outcome) is the same rule for all layouts, in :func:`outcome_rows`.
Reads the plan; knows nothing of pages or files.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from cypp_desktop.plan.blocks import Block, Item, List, Paragraph, Span, parse
from cypp_desktop.plan.model import Action, Lead, Measure, Outcome, Plan, Round, Update
from cypp_desktop.plan.words import plural
from cypp_desktop.report.table import Cell
from cypp_desktop.report.text import Blocks

Positions = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that stands in a column: read when it is printed, at some of the outcome's rows.

    ``rows`` are the rows that it covers, counted from 0; None is the whole outcome. ``number`` is the
    printed number of a thing in a list; a ``listed`` thing has a bullet where it has no number.
    """

    blocks: Callable[[], Blocks]
    rows: Positions | None = None
    number: str | None = None
    listed: bool = False
    continued: str | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """What a column's function needs beside the outcome: the round that is printed, and the rows."""

    plan: Plan
    round: Round | None
    rows: Rows


@dataclass(frozen=True, slots=True)
class Column:
    """A column: ``heading`` is used where none of the plan's own headings matches ``known_as``."""

    heading: Callable[[Scope], str]
    share: float
    entries: Callable[[Outcome, Scope], Iterable[Entry]]
    known_as: str | None = None
    is_header: bool = False


#: the things of an outcome that each have a row of their own, or (for none) the outcome itself
Rows = Callable[[Outcome, "Round | None"], Sequence[Measure] | Sequence[Update]]


@dataclass(frozen=True, slots=True)
class Layout:
    """A table for every priority. ``above`` are the lists that stand over it: heading and field."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: Rows
    size: float = 9.5
    above: tuple[tuple[str, str], ...] = ()


# ---------------------------------------------------------------------------------- words


def literal(text: str | None) -> Blocks:
    """A title or name: its words as they stand, unless it has lists or several paragraphs."""
    text = (text or "").strip()
    if "\n" in text:
        return parse(text)
    return (Paragraph((Span(text),)),) if text else ()


def with_code(code: str | None, title: str | None) -> Blocks:
    """A title after its printed code: "1a: Good", "iv) Rate", "3. Implement"."""
    blocks = literal(title)
    code = (code or "").strip()
    return prefixed(code_mark(code), blocks) if code else blocks


def code_mark(code: str) -> str:
    """A code with what parts it from its title."""
    if not code[-1].isalnum():
        return code
    if re.fullmatch(r"[\d.]+", code):
        return f"{code}."
    return f"{code})" if re.fullmatch(r"[ivxlcdm]+|[a-z]", code, re.IGNORECASE) else f"{code}:"


def prefixed(mark: str, blocks: Blocks) -> Blocks:
    """Blocks with a mark before their first words."""
    first = blocks[0] if blocks else None
    if isinstance(first, Paragraph):
        return (Paragraph((Span(f"{mark} "), *first.spans)), *blocks[1:])
    return (Paragraph((Span(mark),)), *blocks)


def continued(code: str | None, title: str | None) -> str:
    """What a cell says on the pages that it runs on over."""
    words = (title or "").split()
    short = code or (" ".join(words[:4]) + ("…" if len(words) > 4 else ""))
    return f"{short} (continued)".strip()


def listed(things: Sequence[tuple[str | None, Blocks]], bullets: bool = True) -> Blocks:
    """Things in a list as it was printed: numbered where their numbers say so, else with bullets."""
    things = [(number, blocks) for number, blocks in things if blocks]
    numbers = [number for number, _ in things]
    start = int(numbers[0]) if numbers and numbers[0] and re.fullmatch(r"\d{1,6}", numbers[0]) else None
    if start is not None and numbers == [str(start + at) for at in range(len(things))]:
        return (List(tuple(Item(blocks) for _, blocks in things), start),)
    if any(numbers):
        return tuple(
            block
            for number, blocks in things
            for block in (prefixed(code_mark(number), blocks) if number else blocks)
        )
    if bullets and len(things) > 1:
        return (List(tuple(Item(blocks) for _, blocks in things)),)
    return tuple(block for _, blocks in things for block in blocks)


def lead_blocks(lead: Lead) -> Blocks:
    """A lead: the organisation, its people on lines of their own, and the note."""
    organisation = lead.organisation.name if lead.organisation else ""
    names = [organisation, *(person.printed for person in lead.people)]
    lines = [name for name in names if name]
    if lines and lead.role not in (None, "lead"):
        lines[0] += f" ({lead.role})"
    spans = [Span("\n".join(lines))] if lines else []
    if lead.note:
        spans.append(Span("\n" * bool(spans) + lead.note, italic=bool(spans)))
    return (Paragraph(tuple(spans)),) if spans else ()


# ---------------------------------------------------------------------------------- what fills columns


def _outcome_title(outcome: Outcome, scope: Scope) -> Iterable[Entry]:
    yield Entry(
        lambda: with_code(outcome.code, outcome.title),
        continued=continued(outcome.code, outcome.title),
    )


def _outcome_number(outcome: Outcome, scope: Scope) -> Iterable[Entry]:
    yield Entry(lambda: literal(outcome.code))


def _outcome_words(outcome: Outcome, scope: Scope) -> Iterable[Entry]:
    yield Entry(lambda: literal(outcome.title), continued=continued(outcome.code, outcome.title))


def _measures(outcome: Outcome, scope: Scope) -> Iterable[Entry]:
    places = _places(outcome, scope)
    for measure in outcome.measures:
        yield Entry(
            lambda measure=measure: with_code(measure.code, measure.title),  # type: ignore[misc]
            places.get(measure.id),
            listed=measure.id not in places,
            continued=continued(measure.code, measure.title),
        )


def _updates(outcome: Outcome, scope: Scope) -> Iterable[Entry]:
    places = _places(outcome, scope)
    for update in updates_of(outcome, scope.round):
        covered = [link.measure_id for link in update.measure_links]
        yield Entry(lambda update=update: parse(update.text), _joined(places, covered))  # type: ignore[misc]


def _evidence(field: str) -> Callable[[Outcome, Scope], Iterable[Entry]]:
    def entries(outcome: Outcome, scope: Scope) -> Iterable[Entry]:
        for at, update in enumerate(updates_of(outcome, scope.round)):
            yield Entry(lambda update=update: parse(getattr(update, field)), (at,))  # type: ignore[misc]

    return entries


def _actions(outcome: Outcome, scope: Scope) -> Iterable[Entry]:
    places = _places(outcome, scope)
    for action in outcome.actions:
        yield Entry(
            lambda action=action: parse(action.text),  # type: ignore[misc]
            _served(places, action),
            number=action.number,
            listed=True,
        )


def _dates(outcome: Outcome, scope: Scope) -> Iterable[Entry]:
    """One date where all actions share it, as documents print it; else each with its action's number."""
    dues = [action.due for action in outcome.actions]
    if dues and dues[0] and dues.count(dues[0]) == len(dues):
        yield Entry(lambda: literal(dues[0]))
        return
    for action in outcome.actions:
        yield Entry(lambda due=action.due: literal(due), number=action.number)  # type: ignore[misc]


def _leads(outcome: Outcome, scope: Scope) -> Iterable[Entry]:
    places = _places(outcome, scope)
    for lead in outcome.leads:
        yield Entry(lambda lead=lead: lead_blocks(lead))  # type: ignore[misc]
    for measure in outcome.measures:
        for lead in measure.leads:
            yield Entry(lambda lead=lead: lead_blocks(lead), places.get(measure.id))  # type: ignore[misc]
    for action in outcome.actions:
        for lead in action.leads:
            yield Entry(lambda lead=lead: lead_blocks(lead), _served(places, action))  # type: ignore[misc]


def _names(field: str) -> Callable[[Outcome, Scope], Iterable[Entry]]:
    def entries(outcome: Outcome, scope: Scope) -> Iterable[Entry]:
        for name in getattr(outcome, field):
            yield Entry(lambda name=name: literal(name))  # type: ignore[misc]

    return entries


def updates_of(outcome: Outcome, reporting_round: Round | None) -> list[Update]:
    """The outcome's updates of a round, and those that belong to none."""
    wanted = {None, reporting_round.id if reporting_round else None}
    return [update for update in outcome.updates if update.round_id in wanted]


def _places(outcome: Outcome, scope: Scope) -> dict[str, Positions]:
    """The row of each of the outcome's measures that has one."""
    things = scope.rows(outcome, scope.round)
    return {thing.id: (at,) for at, thing in enumerate(things)}


def _joined(places: dict[str, Positions], ids: Iterable[str]) -> Positions | None:
    return tuple(sorted({at for id_ in ids for at in places.get(id_, ())})) or None


def _served(places: dict[str, Positions], action: Action) -> Positions | None:
    return _joined(places, [link.measure_id for link in action.measure_links])


# ---------------------------------------------------------------------------------- the layouts


def _each_measure(outcome: Outcome, reporting_round: Round | None) -> Sequence[Measure]:
    return outcome.measures


def _each_update(outcome: Outcome, reporting_round: Round | None) -> Sequence[Update]:
    return updates_of(outcome, reporting_round)


def _one_row(outcome: Outcome, reporting_round: Round | None) -> Sequence[Measure]:
    return ()


def _says(words: str) -> Callable[[Scope], str]:
    return lambda scope: words


def _outcome_level(scope: Scope) -> str:
    return plural(scope.plan.level_outcome or "Outcome")


def _measure_level(scope: Scope) -> str:
    return plural(scope.plan.level_measure or "Performance measure")


def _round_name(scope: Scope) -> str:
    return scope.round.name if scope.round and scope.round.name else ""


_OUTCOME = r"outcome|key activit|objective"
_MEASURE = r"measure|indicator"
_ACTION = r"^(?!.*(required by|by when)).*action"
_LEAD = r"\blead|responsible|partner|owner"

LAYOUTS: dict[str, Layout] = {
    layout.name: layout
    for layout in (
        Layout(
            "update",
            "Update",
            (
                Column(_outcome_level, 13, _outcome_title, _OUTCOME, is_header=True),
                Column(_measure_level, 23, _measures, _MEASURE),
                Column(lambda scope: _round_name(scope) or "Update", 47, _updates, r"update|commentary"),
                Column(_says("Lead organisation"), 17, _leads, _LEAD),
            ),
            _each_measure,
        ),
        Layout(
            "action-plan",
            "Action plan",
            (
                Column(_outcome_level, 14, _outcome_title, _OUTCOME, is_header=True),
                Column(_measure_level, 25, _measures, _MEASURE),
                Column(_says("Key actions"), 44, _actions, _ACTION),
                Column(_says("Lead organisation"), 17, _leads, _LEAD),
            ),
            _each_measure,
        ),
        Layout(
            "delivery",
            "Delivery plan",
            (
                Column(_outcome_level, 16, _outcome_title, _OUTCOME, is_header=True),
                Column(_says("Strategic Plan"), 12, _names("strategic_plans"), r"strateg|\bplan\b"),
                Column(_says("Governance Group"), 13, _names("governance_groups"), r"governance|group|board"),
                Column(_says("Lead organisation and other partners"), 13, _leads, _LEAD),
                Column(_says("Key Actions"), 21, _actions, _ACTION),
                Column(
                    _says("Date actions required by"), 10, _dates, r"required by|by when|^\W*(due )?dates?\b"
                ),
                Column(_measure_level, 17, _measures, _MEASURE),
            ),
            _one_row,
            size=8.5,
            above=(
                ("What are our outcomes?", "outcomes_sought"),
                ("What will success look like?", "success_criteria"),
            ),
        ),
        Layout(
            "evidence",
            "Evidence",
            (
                Column(_says("No."), 5, _outcome_number, r"^\W*(no\b|number|ref)", is_header=True),
                Column(_outcome_level, 25, _outcome_words, _OUTCOME),
                Column(_says("Evidence source"), 27, _evidence("source"), r"source"),
                Column(_says("Evidence of achievement"), 43, _evidence("text"), r"achievement"),
            ),
            _each_update,
        ),
    )
}


def headings(layout: Layout, scope: Scope) -> list[str]:
    """The columns' headings: the plan's own where it has them; an update's is its round's name."""
    unused = list(scope.plan.columns)
    found: list[str] = []
    for column in layout.columns:
        own = next(
            (h for h in unused if column.known_as and re.search(column.known_as, h, re.IGNORECASE)), None
        )
        if own is not None:
            unused.remove(own)
        if column.entries is _updates and _round_name(scope):
            own = _round_name(scope)
        found.append(own or column.heading(scope))
    return found


# ---------------------------------------------------------------------------------- rows


def outcome_rows(layout: Layout, outcome: Outcome, scope: Scope) -> list[list[Cell]]:
    """The table rows of one outcome, every place of them covered by a cell.

    One row for each thing of ``layout.rows``. What belongs to the whole outcome spans them all; where a
    column has both such entries and entries at rows, a row above them holds the former.
    """
    things = scope.rows(outcome, scope.round)
    count = max(len(things), 1)
    columns = [list(column.entries(outcome, scope)) for column in layout.columns]
    own_row = any(
        any(entry.rows is None for entry in entries) and any(entry.rows is not None for entry in entries)
        for entries in columns
    )
    rows: list[list[Cell]] = [[] for _ in range(count + own_row)]
    for number, (column, entries) in enumerate(zip(layout.columns, columns, strict=True)):
        blank = Cell(0)
        if column.entries is _measures:
            blank = Cell(0, (Paragraph((Span(f"Whole {scope.plan.level_outcome.lower()}", italic=True),)),))
        for start, end, cell in _cells(entries, things, count, blank if own_row else None):
            rows[start].append(replace(cell, column=number, rowspan=end - start, is_header=column.is_header))
    return rows


def _cells(
    entries: Sequence[Entry], things: Sequence[Measure] | Sequence[Update], count: int, own: Cell | None
) -> Iterable[tuple[int, int, Cell]]:
    """The cells of one column in one outcome, from which row to which.

    ``own`` is what stands in the outcome's own row where this column has nothing for it; None where
    the outcome has no such row.
    """
    first = int(own is not None)
    whole = [entry for entry in entries if entry.rows is None]
    placed = [entry for entry in entries if entry.rows is not None]
    if whole and not placed:
        yield 0, count + first, _cell(whole)
        return
    if own is not None:
        yield 0, 1, _cell(whole) if whole else own
    free = 0
    for start, end, group in _groups(placed):
        yield from ((at + first, at + first + 1, Cell(0)) for at in range(free, start))
        yield start + first, end + first, _cell(group, things, range(start, end))
        free = end
    yield from ((at + first, at + first + 1, Cell(0)) for at in range(free, count))


def _groups(entries: Sequence[Entry]) -> Iterable[tuple[int, int, list[Entry]]]:
    """Entries that share rows, with the rows from the first to the last that they cover."""
    spans = sorted({(min(entry.rows), max(entry.rows) + 1) for entry in entries if entry.rows})
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    for start, end in merged:
        yield start, end, [entry for entry in entries if entry.rows and start <= entry.rows[0] < end]


def _cell(
    entries: Sequence[Entry],
    things: Sequence[Measure] | Sequence[Update] = (),
    covered: range = range(0),
) -> Cell:
    says = entries[0].continued if len(entries) == 1 else None
    return Cell(0, lambda: _content(entries, things, covered), continued=says)


def _content(
    entries: Sequence[Entry], things: Sequence[Measure] | Sequence[Update], covered: range
) -> Blocks:
    """What a cell holds; entries at only some of the rows that it spans say at which."""
    found: list[Block] = []
    for rows, same in groupby(entries, lambda entry: entry.rows):
        group = list(same)
        if rows is not None and len(rows) < len(covered):
            names = "; ".join(_name(things[at]) for at in rows)
            found.append(Paragraph((Span(names, bold=True),)))
        found += listed(
            [(entry.number, entry.blocks()) for entry in group],
            bullets=any(entry.listed for entry in group),
        )
    return tuple(found)


def _name(thing: Measure | Update) -> str:
    if isinstance(thing, Measure):
        return thing.code or thing.title
    return ""
