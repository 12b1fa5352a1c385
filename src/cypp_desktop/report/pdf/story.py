"""A chapter of a paper as flowables: headings on the page of what follows them, texts, boxes and tables.

Knows the parts of a paper and the pages it is printed on; draws nothing itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import cast

from cypp_desktop.plan.blocks import Paragraph, Span
from cypp_desktop.report.cells import Blocks
from cypp_desktop.report.column_widths import TableRoom, header_cells, table_shares
from cypp_desktop.report.drawing import Figure
from cypp_desktop.report.layouts.words import literal
from cypp_desktop.report.paper import (
    BoxPart,
    Chapter,
    ContentsPart,
    CoverPart,
    HeadingPart,
    TablePart,
    TextPart,
    contents_of,
    one_line,
)
from cypp_desktop.report.pdf.contents import ContentsEntry, ContentsFlowable
from cypp_desktop.report.pdf.flowables import Anchor, Bookmarks, Drawing, Framed
from cypp_desktop.report.pdf.fonts import BOLD
from cypp_desktop.report.pdf.lines import TypeStyle
from cypp_desktop.report.pdf.page_styles import ChapterStyles, frame_size
from cypp_desktop.report.pdf.prose import Prose
from cypp_desktop.report.pdf.structure import ElementKind, StructureElement
from cypp_desktop.report.pdf.table import PageTable
from cypp_desktop.report.pdf.table_columns import PADDING, TableStyle
from cypp_desktop.report.pdf.typesetter import Typesetter

# isort: split
from reportlab.platypus.flowables import CondPageBreak, Flowable, Spacer

#: Where a table stands right below another, the white between them.
_BETWEEN_TABLES = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class ChapterContext:
    """What the chapters of one document share: the setting of text, bookmarks, and the list of contents.

    ``outermost`` is the level of its outermost heading. ``progress_of_table`` is asked, for a table with so
    many rows, for what is to be told the rows that are drawn.
    """

    setter: Typesetter
    bookmarks: Bookmarks
    outermost: int
    contents: Sequence[ContentsEntry]
    progress_of_table: Callable[[int], Callable[[int], None] | None]


class ChapterStory:
    """The flowables of one chapter."""

    def __init__(self, context: ChapterContext, chapter: Chapter) -> None:
        self._context = context
        self._setter = context.setter
        self._parts = chapter.parts
        self._styles = ChapterStyles(chapter.setup.size)
        self._width, self._height = frame_size(chapter.setup)
        self._level = 1

    def flowables(self) -> Iterator[Flowable]:
        shares = table_shares(self._parts, self._setter, TableRoom(width=self._width, padding=PADDING))
        tables: dict[int, PageTable] = {}
        for at, part in enumerate(self._parts):
            if isinstance(part, TablePart):
                tables[at] = self._table(part, shares[at])
        for at, part in enumerate(self._parts):
            if isinstance(part, HeadingPart):
                yield from self._heading(part, tables.get(at + 1))
            elif isinstance(part, TablePart):
                if at - 1 in tables:
                    yield self._room_for(tables[at])
                    tables[at].spaceBefore = _BETWEEN_TABLES
                yield tables[at]
            else:
                yield from self._text(part)

    def _text(self, part: TextPart | BoxPart | Figure | CoverPart | ContentsPart) -> Iterator[Flowable]:
        """Everything but headings and tables."""
        if isinstance(part, TextPart):
            style = self._styles.quiet if part.quiet else self._styles.prose
            yield self._prose(part.blocks, style, after=4, inner=self._level + 1)
        elif isinstance(part, BoxPart):
            yield self._box(part)
        elif isinstance(part, Figure):
            yield Drawing(part, self._setter)
        elif isinstance(part, CoverPart):
            yield from self._cover(part)
        else:
            yield self._prose(literal(part.title), self._styles.heading(1), "H2", after=10)
            yield ContentsFlowable(self._context.contents, self._setter, self._styles.prose)

    def _heading(self, part: HeadingPart, table: PageTable | None) -> Iterator[Flowable]:
        """A heading, on the page of what follows it."""
        style = self._styles.heading(part.level)
        prose = self._styles.prose
        if part.level == 1:
            first: list[Flowable] = []
            after = 6.0
        elif part.listed:
            first = [self._room_for(table)]
            after = 5.0 if part.level < 4 else 2.0
        else:
            style = replace(prose, face=BOLD)
            first = [CondPageBreak(4 * prose.leading)]
            after = 1.0
        yield from first
        self._level = part.level
        heading = self._prose(part.blocks, style, _heading_kind(part.level), after=after)
        top: Flowable = heading
        if part.anchor:
            words = one_line(part.blocks)
            top = Anchor(part.anchor, words, part.level - self._context.outermost, self._context.bookmarks)
            yield top
        if part.level > 1 and part.listed:
            top.spaceBefore = 14 if part.level < 4 else 8
        yield heading

    def _room_for(self, table: PageTable | None) -> CondPageBreak:
        """A new page where a heading and the beginning of what follows would not stand together."""
        style = self._styles
        needed = table.height_of_start(self._width) if table else 5 * style.prose.leading
        return CondPageBreak(min(needed + 3 * style.heading(2).leading, self._height - 1))

    def _prose(
        self, blocks: Blocks, style: TypeStyle, kind: ElementKind = "P", after: float = 0.0, inner: int = 0
    ) -> Prose:
        """Text; headings within it are of the level ``inner``."""
        return Prose(
            blocks, self._setter, style,
            frame_height=self._height, element=StructureElement(kind), after=after,
            heading=_heading_kind(inner) if inner else "P",
        )  # fmt: skip

    def _box(self, part: BoxPart) -> Framed:
        title = (Paragraph((Span(part.title, bold=True),)),)
        prose = Prose(
            (*title, *part.blocks), self._setter, self._styles.prose,
            frame_height=self._height - 14, element=StructureElement("Div"),
        )  # fmt: skip
        return Framed(prose)

    def _table(self, part: TablePart, shares: tuple[float, ...]) -> PageTable:
        return PageTable(
            shares, header_cells(part.heads), part.rows, self._setter,
            TableStyle(self._height, ChapterStyles(part.size).body),
            drawn=self._context.progress_of_table(len(part.rows)),
        )  # fmt: skip

    def _cover(self, part: CoverPart) -> Iterator[Flowable]:
        styles = self._styles
        yield Spacer(1, 0.22 * self._height)
        yield self._prose(literal(part.title), styles.heading(1).scaled(1.7), "H1", after=18)
        for words in part.lines:
            yield self._prose(literal(words), styles.prose.scaled(1.3), after=7)


def contents_entries(headings: Sequence[HeadingPart]) -> list[ContentsEntry]:
    """The lines of the contents."""
    return [ContentsEntry(one_line(part.blocks), part.anchor, level) for part, level in contents_of(headings)]


def _heading_kind(level: int) -> ElementKind:
    return cast(ElementKind, f"H{min(level, 6)}")
