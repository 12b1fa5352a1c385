"""The rows of a table of outcomes: which cell spans which rows. The same rule for all layouts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from cypp_desktop.plan.blocks import Block, Paragraph, Span
from cypp_desktop.plan.model import Measure, Outcome, Update
from cypp_desktop.report.cells import Blocks, TableCell
from cypp_desktop.report.layouts.columns import measures, round_name, updates
from cypp_desktop.report.layouts.model import ColumnEntry, LayoutColumn, PaperLayout, PrintScope
from cypp_desktop.report.layouts.words import listed, quiet
from cypp_desktop.report.printed_fields import Source, source

#: What has a row of its own in a table of outcomes.
Things = Sequence[Measure] | Sequence[Update]


def headings(layout: PaperLayout, scope: PrintScope) -> list[str]:
    """The columns' headings: an officer's, else an update's round, else the plan's own, else the usual."""
    unused = list(scope.plan.columns)
    found: list[str] = []
    for column in layout.columns:
        plans_own = _known_heading(column, unused)
        if plans_own is not None:
            unused.remove(plans_own)
        if column.own_heading:
            found.append(column.own_heading)
        elif column.entries is updates and round_name(scope):
            found.append(round_name(scope))
            scope.printed.add(source(scope.round, "name"))
        elif plans_own:
            found.append(plans_own)
            scope.printed.add([Source(scope.plan, ("columns",), plans_own)])
        else:
            found.append(usual_heading(column, scope))
    return found


def _known_heading(column: LayoutColumn, plans_own: Iterable[str]) -> str | None:
    """That of the plan's own headings by which it calls a column; None where it has none for it."""
    if not column.known_as:
        return None
    return next((words for words in plans_own if re.search(column.known_as, words, re.IGNORECASE)), None)


def usual_heading(column: LayoutColumn, scope: PrintScope) -> str:
    """What a column is called where nobody calls it otherwise."""
    if column.level is not None:
        scope.printed.add(source(scope.plan, column.level))
    return column.heading(scope)


# ---------------------------------------------------------------------------------- rows


@dataclass(frozen=True, slots=True)
class _Content:
    """What a cell holds, and what it says on the pages that it runs on over."""

    blocks: Blocks | Callable[[], Blocks] = ()
    continued: str | None = None


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A cell of one column: from which row up to which."""

    start: int
    end: int
    content: _Content = _Content()


def outcome_rows(layout: PaperLayout, outcome: Outcome, scope: PrintScope) -> list[list[TableCell]]:
    """The table rows of one outcome, every place of them covered by a cell.

    One row for each thing of ``layout.rows``. What belongs to the whole outcome spans them all; where a
    column has both such entries and entries at rows, a row above them holds the former.
    """
    things = scope.rows(outcome, scope)
    columns = [list(column.entries(outcome, scope)) for column in layout.columns]
    for entries in columns:
        for entry in entries:
            scope.printed.add(entry.sources)
    has_own_row = any(map(_needs_own_row, columns))
    rows: list[list[TableCell]] = [[] for _ in range(max(len(things), 1) + has_own_row)]
    for number, (column, entries) in enumerate(zip(layout.columns, columns, strict=True)):
        if has_own_row:
            stretches = _below_own_row(entries, things, _own_row(column, scope))
        else:
            stretches = _stretches(entries, things)
        for stretch in stretches:
            rows[stretch.start].append(
                TableCell(
                    number,
                    stretch.content.blocks,
                    rowspan=stretch.end - stretch.start,
                    is_header=column.is_header,
                    continued=stretch.content.continued,
                )
            )
    return rows


def _needs_own_row(entries: Sequence[ColumnEntry]) -> bool:
    """Whether a column holds something of the whole outcome, and something at some of its rows."""
    kinds = {entry.rows is None for entry in entries}
    return len(kinds) == 2


def _own_row(column: LayoutColumn, scope: PrintScope) -> _Content:
    """What stands in the outcome's own row, in a column that has nothing for it."""
    if column.entries is not measures:
        return _Content()
    scope.printed.add(source(scope.plan, "level_outcome"))
    return _Content(quiet(f"Whole {scope.plan.level_outcome.lower()}"))


def _below_own_row(
    entries: Sequence[ColumnEntry], things: Things, if_nothing: _Content
) -> Iterator[_Stretch]:
    """The cells of one column in an outcome that has a row of its own above those of its things."""
    whole = [entry for entry in entries if entry.rows is None]
    placed = [entry for entry in entries if entry.rows is not None]
    if whole and not placed:
        yield _Stretch(0, max(len(things), 1) + 1, _content(whole))
        return
    yield _Stretch(0, 1, _content(whole) if whole else if_nothing)
    for stretch in _stretches(placed, things):
        yield _Stretch(stretch.start + 1, stretch.end + 1, stretch.content)


def _stretches(entries: Sequence[ColumnEntry], things: Things) -> Iterator[_Stretch]:
    """The cells of one column in one outcome, of which all entries are at rows or none is."""
    count = max(len(things), 1)
    if any(entry.rows is None for entry in entries):
        yield _Stretch(0, count, _content(entries))
        return
    free = 0
    for start, end, group in _groups(entries):
        for at in range(free, start):
            yield _Stretch(at, at + 1)
        yield _Stretch(start, end, _content(group, things, range(start, end)))
        free = end
    for at in range(free, count):
        yield _Stretch(at, at + 1)


def _groups(entries: Sequence[ColumnEntry]) -> Iterator[tuple[int, int, list[ColumnEntry]]]:
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


def _content(entries: Sequence[ColumnEntry], things: Things = (), covered: range = range(0)) -> _Content:
    """What the cell of some entries holds; ``covered`` are the rows that it spans."""
    continued = entries[0].continued if len(entries) == 1 else None
    return _Content(lambda: _blocks(entries, things, covered), continued)


def _blocks(entries: Sequence[ColumnEntry], things: Things, covered: range) -> Blocks:
    """What a cell holds; entries at only some of the rows that it spans say at which."""
    found: list[Block] = []
    for rows, same in groupby(entries, lambda entry: entry.rows):
        group = list(same)
        if rows is not None and len(rows) < len(covered):
            names = "; ".join(_name(things[at]) for at in rows)
            found.append(Paragraph((Span(names, bold=True),)))
        bullets = any(entry.listed for entry in group)
        found += listed([(entry.number, entry.blocks()) for entry in group], bullets=bullets)
    return tuple(found)


def _name(thing: Measure | Update) -> str:
    return thing.code or thing.title if isinstance(thing, Measure) else ""
