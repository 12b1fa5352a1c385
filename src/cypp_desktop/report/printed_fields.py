"""What of a plan stands on a paper, field by field: the one rule for what may go along with it as data.

Whoever puts words of a plan on a paper says whose they are: columns of a row. What nobody said is not
printed, and so goes nowhere: working notes, the texts of other rounds, addresses of mail. Knows the rows of a
plan; knows nothing of layouts, pages or files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from cypp_desktop.plan.base import Row, fields_of
from cypp_desktop.plan.blocks import Block, Item, List, Paragraph, Span, Spans, Table, parse, render
from cypp_desktop.plan.links import is_openable
from cypp_desktop.plan.readers import ReaderKind, column_may_leave


@dataclass(frozen=True, slots=True)
class Source:
    """Whose words are printed: columns of a row. Without columns, that the row is there at all.

    ``item`` is the only one that is printed of a list.
    """

    row: Row
    columns: tuple[str, ...] = ()
    item: str | None = None


Sources = tuple[Source, ...]


def source(row: Row | None, *columns: str) -> Sources:
    """A row as the source of printed words; none where there is no row."""
    return () if row is None else (Source(row, columns),)


class PrintedFields:
    """The columns of the rows whose words stand on one paper."""

    def __init__(self) -> None:
        #: of each row the columns; of a list of which only some are printed, those
        self._columns: dict[tuple[str, str], dict[str, list[str] | None]] = {}

    def add(self, sources: Iterable[Source]) -> None:
        """Say that these words stand on the paper. Raises ValueError for what may be on none."""
        for one in sources:
            known = self._columns.setdefault((one.row.row_type, one.row.id), {})
            for column in one.columns:
                if not column_may_leave(ReaderKind.PAPER, one.row.row_type, column):
                    raise ValueError(f"{one.row.row_type}.{column} is not for paper")
                if one.item is None:
                    known[column] = None
                    continue
                items = known.setdefault(column, [])
                if items is not None and one.item not in items:
                    items.append(one.item)

    def holds(self, row_type: str, row_id: str, column: str) -> bool:
        """Whether words of this column of this row stand on the paper."""
        return column in self._columns.get((row_type, row_id), ())

    def values(self, row: Row) -> dict[str, Any] | None:
        """What is printed of a row, by column; None where nothing of it is."""
        known = self._columns.get((row.row_type, row.id))
        if known is None:
            return None
        found: dict[str, Any] = {}
        for column, items in known.items():
            found[column] = as_printed(row, column) if items is None else list(items)
        return found


def as_printed(row: Row, column: str) -> Any:
    """A column's value without what its Markdown holds and no paper shows: titles and addresses of links that
    are not printed as links.
    """
    value = getattr(row, column)
    name = row.__table__.columns[column].info.get("field", column)
    is_markdown = fields_of(type(row))[name].is_markdown
    if isinstance(value, list):
        return [_shown_text(text) for text in value] if is_markdown else list(value)
    if isinstance(value, str) and (is_markdown or "\n" in value):
        return _shown_text(value)
    return value


def _shown_text(text: str) -> str:
    return render(_shown_blocks(parse(text)))


def _shown_blocks(blocks: Iterable[Block]) -> Iterator[Block]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield Paragraph(_shown_spans(block.spans))
        elif isinstance(block, List):
            yield List(tuple(Item(tuple(_shown_blocks(item.blocks))) for item in block.items), block.start)
        else:
            rows = tuple(tuple(map(_shown_spans, row)) for row in block.rows)
            yield Table(tuple(map(_shown_spans, block.header)), rows)


def _shown_spans(spans: Spans) -> Spans:
    return tuple(map(_shown_span, spans))


def _shown_span(span: Span) -> Span:
    if span.link is None or is_openable(span.link):
        return span
    return replace(span, link=None)
