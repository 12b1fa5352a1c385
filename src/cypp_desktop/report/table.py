"""The page-wise table: a flowable that is laid out and drawn one page at a time.

ReportLab's own table cannot cut a cell that spans rows, clips one that is longer than a page, and takes
quadratic time. Here rows hold only the cells that start in them, and splitting copies nothing: the rest is
the same table with another cursor. ``cells`` are what it is made of, ``measuring`` sets them in columns,
``breaking`` finds where its pages end; this is its face to platypus, its structure and its drawing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cypp_desktop.report.breaking import Box, Breaking, Cursor, Page, Row
from cypp_desktop.report.canvas import SHADE, PaperCanvas, Pen, paper_canvas
from cypp_desktop.report.cells import TableRow
from cypp_desktop.report.measuring import Columns, TableStyle
from cypp_desktop.report.structure import Element, pdf_string, table_cell
from cypp_desktop.report.text import Typesetter

# isort: split
from reportlab.platypus.flowables import Flowable


class _Structure:
    """A table's place in the structure: its header once, and then every row when it is begun."""

    def __init__(self, summary: str) -> None:
        said = f"/O/Table/Summary{pdf_string(summary).decode('ascii')}" if summary else ""
        self.table = Element("Table", attributes=said)
        self._body: Element | None = None

    def begin(self, header: Sequence[tuple[int, Element]]) -> bool:
        """Takes in the header's cells; False if that is done."""
        if self._body is not None:
            return False
        if header:
            self._fill(Element("TR", Element("THead", self.table)), header)
        self._body = Element("TBody", self.table)
        return True

    def add(self, row: Row) -> None:
        assert self._body is not None, "the header comes before the rows"
        cells = [(cell.cell.column, cell.element) for cell in row.cells]
        cells += [(column, table_cell(None, scope=None)) for column in row.gaps]
        self._fill(Element("TR", self._body), cells)

    @staticmethod
    def _fill(row: Element, cells: Sequence[tuple[int, Element]]) -> None:
        for _, cell in sorted(cells, key=lambda each: each[0]):
            row.adopt(cell)


class PageTable(Flowable):
    """A table for the platypus frame. ``shares`` are the columns' parts of the width.

    ``rows`` is read once, in order; each cell's lines are set when its row is reached. ``drawn`` is
    told the number of the rows finished, page by page. ``summary`` says in words what the table holds,
    for people who cannot see it. Raises ValueError where two cells overlap.
    """

    def __init__(
        self,
        shares: Sequence[float],
        header: TableRow,
        rows: Sequence[TableRow],
        setter: Typesetter,
        style: TableStyle,
        *,
        drawn: Callable[[int], None] | None = None,
        summary: str = "",
    ) -> None:
        super().__init__()
        self._structure = _Structure(summary)
        self._shares, self._rows, self._setter, self._style = tuple(shares), rows, setter, style
        self._header_row = header
        self._drawn = drawn
        self._cursor = Cursor()
        self._columns: Columns | None = None
        self._laid: tuple[float, float, Page] | None = None

    # -- what platypus calls

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:
        """The size of what is left to print; a little more than ``aH`` if that is more than a page."""
        page = self._page(aW, aH)
        self.width = aW
        self.height = page.height if page.rest is None else aH + 1.0
        return aW, self.height

    def split(self, aW: float, aH: float) -> list[Flowable]:
        """What goes on this page and the same table after it; nothing where not even a line fits."""
        page = self._page(aW, aH)
        if not page.boxes:
            return []
        part = _Slice(self, page, aW, aH if page.rest else page.height)
        return [part] if page.rest is None else [part, self._from(page.rest)]

    def draw(self) -> None:
        assert self._laid is not None, "a table is drawn after wrap()"
        self.draw_page(self._laid[2], paper_canvas(self), self.height)

    def height_of_start(self, width: float) -> float:
        """What it needs on the page that it starts on, so that a heading above it is not left alone.

        To be asked before anything is laid out.
        """
        self._cursor, height = Breaking(self._rows, self._in_columns(width)).start()
        return height

    # -- layout

    def _in_columns(self, width: float) -> Columns:
        if self._columns is None or self._columns.width != width:
            self._columns = Columns(self._shares, self._header_row, self._setter, self._style, width)
        return self._columns

    def _page(self, width: float, height: float) -> Page:
        if self._laid is None or self._laid[:2] != (width, height):
            page = Breaking(self._rows, self._in_columns(width)).page(self._cursor, height)
            self._laid = (width, height, page)
        return self._laid[2]

    def _from(self, cursor: Cursor) -> PageTable:
        rest = PageTable(
            self._shares, self._header_row, self._rows, self._setter, self._style, drawn=self._drawn
        )
        rest._cursor, rest._columns, rest._structure = cursor, self._columns, self._structure
        return rest

    # -- drawing

    def draw_page(self, page: Page, canvas: PaperCanvas, top: float) -> None:
        """Draws a page of it with its top at ``top``, and takes what begins on it into the structure."""
        columns = self._columns
        assert columns is not None, "a page is drawn after it is laid out"
        is_first = self._structure.begin(columns.header_elements)
        for row in page.starts:
            self._structure.add(row)
        below = top - columns.header_height
        header = [
            Box(cell, lines, 0, len(lines), 0.0, columns.header_height) for cell, lines in columns.header
        ]
        with Pen(canvas) as pen:
            _draw_boxes(pen, columns, header, top)
            _draw_boxes(pen, columns, page.boxes, below)
            pen.is_artifact = not is_first  # the header is read once
            _draw_texts(pen, columns, header, top)
            pen.is_artifact = False
            _draw_texts(pen, columns, page.boxes, below)
        if self._drawn is not None:
            self._drawn(page.rows_done)


def _draw_boxes(pen: Pen, columns: Columns, boxes: Sequence[Box], top: float) -> None:
    outlines: list[tuple[float, float, float, float]] = []
    for box in boxes:
        left, right, _ = columns.sides(box.cell)
        outline = (left, top - box.bottom, right - left, box.bottom - box.top)
        if box.cell.is_header:
            pen.fill(*outline, SHADE)
        outlines.append(outline)
    pen.boxes(outlines)


def _draw_texts(pen: Pen, columns: Columns, boxes: Sequence[Box], top: float) -> None:
    for box in boxes:
        left, _, inset = columns.sides(box.cell)
        if box.is_repeat:
            pen.is_artifact = True
        box.lines.draw(pen, left + inset, top - box.top - columns.padding, box.start, box.end)
        if box.is_repeat:
            pen.is_artifact = False


class _Slice(Flowable):
    """A table's part on one page; it claims the page, so that the rest goes on the next one."""

    def __init__(self, table: PageTable, page: Page, width: float, height: float) -> None:
        super().__init__()
        self._table, self._page = table, page
        self.width, self.height = width, height

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:
        return self.width, self.height

    def draw(self) -> None:
        self._table.draw_page(self._page, paper_canvas(self), self.height)
