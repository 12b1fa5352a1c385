"""Lists made from the whole plan as tables of a paper."""

from __future__ import annotations

from collections.abc import Sequence

from cypp_desktop.report.cells import Blocks, TableCell
from cypp_desktop.report.layouts.figures import rag_words
from cypp_desktop.report.layouts.model import (
    LayoutColumn,
    PaperLayout,
    PrintScope,
    Record,
    RecordCell,
    RecordGroup,
)
from cypp_desktop.report.layouts.rows import usual_heading
from cypp_desktop.report.layouts.words import literal
from cypp_desktop.report.palette import Rag
from cypp_desktop.report.paper import TablePart

_NOTHING = RecordCell()


def record_table(layout: PaperLayout, scope: PrintScope, group: RecordGroup) -> TablePart:
    """A group of records as a table. A layout of ours has no column in which nothing stands."""
    columns = layout.columns
    if not layout.based_on:
        columns = tuple(column for column in columns if column.is_header or _is_used(column, group.records))
    return TablePart(
        caption=group.heading or layout.title,
        heads=tuple(_head(column, scope) for column in columns),
        shares=tuple(column.share for column in columns),
        rows=record_rows(columns, group.records, scope),
        size=layout.size,
    )


def record_rows(
    columns: Sequence[LayoutColumn], records: Sequence[Record], scope: PrintScope
) -> list[list[TableCell]]:
    """The rows of a table of records."""
    rows: list[list[TableCell]] = []
    for record in records:
        row: list[TableCell] = []
        for at, column in enumerate(columns):
            cell = record.get(column.key, _NOTHING)
            scope.printed.add(cell.sources)
            row.append(TableCell(at, cell.blocks, is_header=column.is_header))
        rows.append(row)
    return rows


def _head(column: LayoutColumn, scope: PrintScope) -> Blocks:
    """A column's heading; that of a count of a colour is in the colour."""
    if column.own_heading is None and column.key in tuple(Rag):
        return rag_words(Rag(column.key))
    return literal(column.own_heading or usual_heading(column, scope))


def _is_used(column: LayoutColumn, records: Sequence[Record]) -> bool:
    return any(record.get(column.key, _NOTHING).read() for record in records)
