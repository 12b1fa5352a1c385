"""The page-wise table: a flowable that is laid out and drawn one page at a time.

ReportLab's own table cannot cut a cell that spans rows, clips one that is longer than a page, and takes
quadratic time. Here rows hold only the cells that start in them, and splitting copies nothing: the rest is
the same table with another cursor. ``cells`` are what it is made of, ``measuring`` sets them in columns,
``breaking`` finds where its pages end; this is its face to platypus, its structure and its drawing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cypp_desktop.report.cells import TableRow
from cypp_desktop.report.pdf.canvas import SHADE, PaperCanvas, Pen, paper_canvas
from cypp_desktop.report.pdf.page_breaks import CellPart, Cursor, PageBreaks, StartedRow, TablePage
from cypp_desktop.report.pdf.structure import StructureElement, pdf_string, table_cell
from cypp_desktop.report.pdf.table_columns import TableColumns, TableStyle
from cypp_desktop.report.pdf.typesetter import Typesetter

# isort: split
from reportlab.platypus.flowables import Flowable


class _Structure:
    """A table's place in the structure: its header once, and then every row when it is begun."""

    def __init__(self, summary: str) -> None:
        said = f"/O/Table/Summary{pdf_string(summary).decode('ascii')}" if summary else ""
        self.table = StructureElement("Table", attributes=said)
        self._body: StructureElement | None = None

    def begin(self, header: Sequence[tuple[int, StructureElement]]) -> bool:
        """Takes in the header's cells; False if that is done."""
        if self._body is not None:
            return False
        if header:
            self._fill(StructureElement("TR", StructureElement("THead", self.table)), header)
        self._body = StructureElement("TBody", self.table)
        return True

    def add(self, row: StartedRow) -> None:
        assert self._body is not None, "the header comes before the rows"
        cells = [(cell.cell.column, cell.element) for cell in row.cells]
        cells += [(column, table_cell(None, scope=None)) for column in row.gaps]
        self._fill(StructureElement("TR", self._body), cells)

    @staticmethod
    def _fill(row: StructureElement, cells: Sequence[tuple[int, StructureElement]]) -> None:
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
        self._columns: TableColumns | None = None
        self._laid: tuple[float, float, TablePage] | None = None

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
        self._cursor, height = PageBreaks(self._rows, self._in_columns(width)).start()
        return height

    # -- layout

    def _in_columns(self, width: float) -> TableColumns:
        if self._columns is None or self._columns.width != width:
            self._columns = TableColumns(self._shares, self._header_row, self._setter, self._style, width)
        return self._columns

    def _page(self, width: float, height: float) -> TablePage:
        if self._laid is None or self._laid[:2] != (width, height):
            page = PageBreaks(self._rows, self._in_columns(width)).page(self._cursor, height)
            self._laid = (width, height, page)
        return self._laid[2]

    def _from(self, cursor: Cursor) -> PageTable:
        rest = PageTable(
            self._shares, self._header_row, self._rows, self._setter, self._style, drawn=self._drawn
        )
        rest._cursor, rest._columns, rest._structure = cursor, self._columns, self._structure
        return rest

    # -- drawing

    def draw_page(self, page: TablePage, canvas: PaperCanvas, top: float) -> None:
        """Draws a page of it with its top at ``top``, and takes what begins on it into the structure."""
        columns = self._columns
        assert columns is not None, "a page is drawn after it is laid out"
        is_first = self._structure.begin(columns.header_elements)
        for row in page.starts:
            self._structure.add(row)
        below = top - columns.header_height
        header = [
            CellPart(cell, lines, 0, len(lines), 0.0, columns.header_height) for cell, lines in columns.header
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


def _draw_boxes(pen: Pen, columns: TableColumns, boxes: Sequence[CellPart], top: float) -> None:
    outlines: list[tuple[float, float, float, float]] = []
    for box in boxes:
        left, right, _ = columns.sides(box.cell)
        outline = (left, top - box.bottom, right - left, box.bottom - box.top)
        if box.cell.is_header:
            pen.fill(*outline, SHADE)
        outlines.append(outline)
    pen.boxes(outlines)


def _draw_texts(pen: Pen, columns: TableColumns, boxes: Sequence[CellPart], top: float) -> None:
    for box in boxes:
        left, _, inset = columns.sides(box.cell)
        if box.is_repeat:
            pen.is_artifact = True
        box.lines.draw(pen, left + inset, top - box.top - columns.padding, box.start, box.end)
        if box.is_repeat:
            pen.is_artifact = False


class _Slice(Flowable):
    """A table's part on one page; it claims the page, so that the rest goes on the next one."""

    def __init__(self, table: PageTable, page: TablePage, width: float, height: float) -> None:
        super().__init__()
        self._table, self._page = table, page
        self.width, self.height = width, height

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:
        return self.width, self.height

    def draw(self) -> None:
        self._table.draw_page(self._page, paper_canvas(self), self.height)
