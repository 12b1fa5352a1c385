"""The rows of a table of outcomes: which cell spans which rows. The same rule for all layouts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import Final

from cypp_desktop.plan.blocks import Block, Paragraph, Span
from cypp_desktop.plan.model import Measure, Outcome, Update
from cypp_desktop.report.cells import TableCell
from cypp_desktop.report.layouts.columns import measures, round_name, updates
from cypp_desktop.report.layouts.model import ColumnEntry, Layout, LayoutColumn, PrintScope
from cypp_desktop.report.layouts.words import Blocks, listed
from cypp_desktop.report.printed_fields import Source, source

#: What a cell holds, and what it says on the pages that it runs on over.
_Held = tuple[Blocks | Callable[[], Blocks], str | None]
_NOTHING: Final[_Held] = ((), None)


def headings(layout: Layout, scope: PrintScope) -> list[str]:
    """The columns' headings: an officer's, else an update's round, else the plan's own, else the usual."""
    unused = list(scope.plan.columns)
    found: list[str] = []
    for column in layout.columns:
        own = next(
            (h for h in unused if column.known_as and re.search(column.known_as, h, re.IGNORECASE)), None
        )
        if own is not None:
            unused.remove(own)
        if column.own:
            found.append(column.own)
        elif column.entries is updates and round_name(scope):
            found.append(round_name(scope))
            scope.printed.add(source(scope.round, "name"))
        elif own:
            found.append(own)
            scope.printed.add([Source(scope.plan, ("columns",), own)])
        else:
            found.append(usual_heading(column, scope))
    return found


def usual_heading(column: LayoutColumn, scope: PrintScope) -> str:
    """What a column is called where nobody calls it otherwise."""
    if column.level is not None:
        scope.printed.add(source(scope.plan, column.level))
    return column.heading(scope)


def outcome_rows(layout: Layout, outcome: Outcome, scope: PrintScope) -> list[list[TableCell]]:
    """The table rows of one outcome, every place of them covered by a cell.

    One row for each thing of ``layout.rows``. What belongs to the whole outcome spans them all; where a
    column has both such entries and entries at rows, a row above them holds the former.
    """
    things = scope.rows(outcome, scope)
    count = max(len(things), 1)
    columns = [list(column.entries(outcome, scope)) for column in layout.columns]
    scope.printed.add(one for entries in columns for entry in entries for one in entry.of)
    own_row = any(
        any(entry.rows is None for entry in entries) and any(entry.rows is not None for entry in entries)
        for entries in columns
    )
    rows: list[list[TableCell]] = [[] for _ in range(count + own_row)]
    for number, (column, entries) in enumerate(zip(layout.columns, columns, strict=True)):
        blank = _NOTHING
        if own_row and column.entries is measures:
            whole = f"Whole {scope.plan.level_outcome.lower()}"
            scope.printed.add(source(scope.plan, "level_outcome"))
            blank = (Paragraph((Span(whole, italic=True),)),), None
        for start, end, (blocks, continued) in _cells(entries, things, count, blank if own_row else None):
            rows[start].append(TableCell(number, blocks, end - start, 1, column.is_header, continued))
    return rows


def _cells(
    entries: Sequence[ColumnEntry],
    things: Sequence[Measure] | Sequence[Update],
    count: int,
    own: _Held | None,
) -> Iterable[tuple[int, int, _Held]]:
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
        yield from ((at + first, at + first + 1, _NOTHING) for at in range(free, start))
        yield start + first, end + first, _cell(group, things, range(start, end))
        free = end
    yield from ((at + first, at + first + 1, _NOTHING) for at in range(free, count))


def _groups(entries: Sequence[ColumnEntry]) -> Iterable[tuple[int, int, list[ColumnEntry]]]:
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
    entries: Sequence[ColumnEntry],
    things: Sequence[Measure] | Sequence[Update] = (),
    covered: range = range(0),
) -> _Held:
    says = entries[0].continued if len(entries) == 1 else None
    return (lambda: _content(entries, things, covered)), says


def _content(
    entries: Sequence[ColumnEntry], things: Sequence[Measure] | Sequence[Update], covered: range
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
