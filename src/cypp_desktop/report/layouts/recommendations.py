"""The list of recommendations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from cypp_desktop.plan.base import fields_of
from cypp_desktop.plan.blocks import parse
from cypp_desktop.plan.model import Organisation, Recommendation
from cypp_desktop.report.layouts.columns import says
from cypp_desktop.report.layouts.model import LayoutColumn, PrintScope, Record, RecordCell, RecordGroup
from cypp_desktop.report.layouts.words import literal
from cypp_desktop.report.printed_fields import source
from cypp_desktop.store.queries import rows_in_order

#: The key of each is the column of the row that it prints.
RECOMMENDATION_COLUMNS: Final = (
    LayoutColumn("number", says("No."), 8, is_header=True),
    LayoutColumn("text", says("Recommendation"), 52),
    LayoutColumn("section", says("Made in"), 10),
    LayoutColumn("status", says("Status"), 10),
    LayoutColumn("owner", says("Owner"), 12),
    LayoutColumn("due", says("Due"), 10),
    LayoutColumn("progress", says("Progress"), 20),
)


def all_recommendations(scope: PrintScope) -> Sequence[Recommendation]:
    """The recommendations in printed order."""
    return rows_in_order(scope.session, Recommendation)


def recommendations(scope: PrintScope) -> Iterator[RecordGroup]:
    """All of them, or those whose owner is the organisation that is printed for."""
    listed = all_recommendations(scope)
    if scope.organisation is not None:
        listed = [row for row in listed if _is_owned(row, scope.organisation)]
    yield RecordGroup("", [recommendation_record(row) for row in listed])


def _is_owned(row: Recommendation, organisation: Organisation) -> bool:
    owner = (row.owner or "").casefold()
    names = (organisation.name, organisation.short_name or organisation.name)
    return any(name.casefold() in owner for name in names)


def recommendation_record(row: Recommendation) -> Record:
    """A recommendation as a row of the list."""
    return {column.key: _cell(row, column.key) for column in RECOMMENDATION_COLUMNS}


def _cell(row: Recommendation, column: str) -> RecordCell:
    sources = source(row, column)
    if fields_of(Recommendation)[column].is_markdown:
        return RecordCell(lambda: parse(getattr(row, column)), sources)
    return RecordCell(literal(getattr(row, column)), sources)
