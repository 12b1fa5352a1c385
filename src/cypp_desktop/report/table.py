"""The page-wise table, and prose beside it: flowables that are laid out one page at a time.

ReportLab's own table cannot cut a cell that spans rows, clips one that is longer than a page, and
takes quadratic time. Here rows hold only the cells that start in them, the state between two pages
is a small :class:`Cursor`, and splitting copies nothing: the rest is the same table with another
cursor. So time and memory grow with the pages. Knows blocks and lines; knows nothing of plans.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate

from cypp_desktop.plan.blocks import Paragraph, Span, plain_text
from cypp_desktop.report.canvas import SHADE, PaperCanvas, Pen
from cypp_desktop.report.fonts import BOLD, ITALIC
from cypp_desktop.report.structure import Element, Kind, pdf_string, table_cell
from cypp_desktop.report.text import Blocks, Line, Lines, Typesetter, TypeStyle

# isort: split
from reportlab.platypus.flowables import Flowable

#: a cell of so few lines is not torn in two, and of a longer one so many stand together
_SHORT = 6


@dataclass(frozen=True, eq=False, slots=True)
class Cell:
    """A cell, held by the row it starts in. ``column`` counts from 0.

    ``blocks`` may be a function that gives them: it is called when the cell's row is reached, so that
    a long table's texts need not all be read at once. ``continued`` is what the cell says at the top
    of a page on which it has nothing left to print ("1a (continued)"); None leaves it blank.
    """

    column: int
    blocks: Blocks | Callable[[], Blocks] = ()
    rowspan: int = 1
    colspan: int = 1
    is_header: bool = False
    continued: str | None = None


TableRow = Sequence[Cell]


@dataclass(frozen=True, slots=True)
class TableStyle:
    """How a table looks; ``frame_height`` is the height of a page with nothing on it."""

    frame_height: float
    body: TypeStyle = field(default_factory=TypeStyle)
    padding: float = 4.5

    @property
    def header(self) -> TypeStyle:
        return replace(self.body, face=self.body.face | BOLD)

    @property
    def quiet(self) -> TypeStyle:
        return replace(self.body, face=ITALIC)


@dataclass(frozen=True, slots=True)
class _Open:
    """A cell that is being printed: its lines, the next one, and how far down its rows go.

    ``is_repeat`` is set where it only says that it goes on, which is no part of the text.
    """

    cell: Cell
    element: Element
    lines: Lines
    at: int
    last_row: int
    top: float = 0.0
    is_repeat: bool = False

    @property
    def is_over(self) -> bool:
        return self.at >= len(self.lines)


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a table has been printed: the row, whether it is begun, and the cells still open.

    ``ready`` are the cells of a row that has been set but moved to the next page.
    """

    row: int = 0
    begun: bool = False
    open: tuple[_Open, ...] = ()
    ready: tuple[_Open, ...] = ()


@dataclass(frozen=True, slots=True)
class _Box:
    """A cell's part on one page, measured down from the top of the table's part there."""

    cell: Cell
    lines: Lines
    start: int
    end: int
    top: float
    bottom: float
    is_repeat: bool = False


@dataclass(frozen=True, slots=True)
class _Row:
    """The cells that start in a row, and the columns in which there is none at all."""

    cells: tuple[_Open, ...]
    gaps: tuple[int, ...]


class _Structure:
    """A table's place in the structure: its header once, and then every row when it is begun."""

    def __init__(self, summary: str) -> None:
        self.table = Element("Table", attributes="/O/Table/Summary" + _syntax(summary) if summary else "")
        self._body: Element | None = None

    def begin(self, header: Sequence[tuple[int, Element]]) -> bool:
        """Takes in the header's cells; False if that is done."""
        if self._body is not None:
            return False
        if header:
            self._fill(Element("TR", Element("THead", self.table)), header)
        self._body = Element("TBody", self.table)
        return True

    def add(self, row: _Row) -> None:
        assert self._body is not None, "the header comes before the rows"
        cells = [(cell.cell.column, cell.element) for cell in row.cells]
        cells += [(column, table_cell(None, scope=None)) for column in row.gaps]
        self._fill(Element("TR", self._body), cells)

    @staticmethod
    def _fill(row: Element, cells: Sequence[tuple[int, Element]]) -> None:
        for _, cell in sorted(cells, key=lambda each: each[0]):
            row.adopt(cell)


@dataclass(frozen=True, slots=True)
class _Page:
    """A table's part on one page; ``rest`` is None after the last row. ``starts`` are the cells of the
    rows that begin on it.
    """

    boxes: tuple[_Box, ...]
    height: float
    rest: Cursor | None
    rows_done: int
    starts: tuple[_Row, ...] = ()


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
        cursor: Cursor | None = None,
        summary: str = "",
    ) -> None:
        super().__init__()
        self._structure = _Structure(summary)
        self._shares, self._rows, self._setter, self._style = tuple(shares), rows, setter, style
        self._header_row = header
        self._drawn = drawn
        self._cursor = cursor or Cursor()
        self._edges: tuple[float, ...] = ()
        self._header: tuple[_Box, ...] = ()
        self._header_elements: list[tuple[int, Element]] = []
        self._header_height = 0.0
        self._laid: tuple[float, float, _Page] | None = None

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
        if page.rest is None:
            return [part]
        return [part, self._from(page.rest)]

    def draw(self) -> None:
        assert self._laid is not None, "a table is drawn after wrap()"
        self._draw_page(self._laid[2], self._canvas(self), self.height)

    def height_of_start(self, width: float) -> float:
        """What it needs on the page that it starts on, so that a heading above it is not left alone.

        To be asked before anything is laid out.
        """
        self._measure(width)
        first = self._begin(0, 0.0, [])[0] if self._rows else []
        self._cursor = replace(self._cursor, ready=tuple(first))
        whole = (cell for cell in first if cell.last_row == 0 or len(cell.lines) <= _SHORT)
        tall = max((self._needs(cell.lines, 0) for cell in whole), default=0.0)
        page = self._style.frame_height - self._header_height
        return self._header_height + (tall if tall <= 0.3 * page else 2 * self._least())

    # -- layout

    def _from(self, cursor: Cursor) -> PageTable:
        rest = PageTable(
            self._shares, self._header_row, self._rows, self._setter, self._style,
            drawn=self._drawn, cursor=cursor,
        )  # fmt: skip
        rest._edges, rest._header, rest._header_height = self._edges, self._header, self._header_height
        rest._header_elements, rest._structure = self._header_elements, self._structure
        return rest

    def _page(self, width: float, height: float) -> _Page:
        if self._laid is None or self._laid[:2] != (width, height):
            self._measure(width)
            self._laid = (width, height, self._lay_out(height))
        return self._laid[2]

    def _measure(self, width: float) -> None:
        """Column edges, and the header: set smaller if it would take more than half a page."""
        edges = tuple(accumulate((share * width / sum(self._shares) for share in self._shares), initial=0.0))
        if edges == self._edges:
            return
        self._edges = edges
        style = self._style.header
        while True:
            elements = [self._header_element(cell) for cell in self._header_row]
            placed = [
                (cell, self._set(cell, element, style))
                for cell, element in zip(self._header_row, elements, strict=True)
            ]
            tall = max((self._needs(lines, 0) for _, lines in placed), default=0.0)
            if tall <= self._style.frame_height / 2:
                break
            self._setter.shrunk = True
            style = style.scaled(0.8)
        self._header = tuple(_Box(cell, lines, 0, len(lines), 0.0, tall) for cell, lines in placed)
        self._header_height = tall
        self._header_elements = [
            (cell.column, element) for cell, element in zip(self._header_row, elements, strict=True)
        ]
        covered = {at for cell in self._header_row for at in range(cell.column, cell.column + cell.colspan)}
        if covered:
            gaps = set(range(len(self._shares))) - covered
            self._header_elements += [(column, table_cell(None, scope=None)) for column in gaps]

    @staticmethod
    def _header_element(cell: Cell) -> Element:
        return table_cell(None, scope="Column", colspan=cell.colspan)

    def _set(self, cell: Cell, element: Element, style: TypeStyle | None = None) -> Lines:
        """The lines of a cell, none higher than an empty page has room for."""
        if style is None:
            style = self._style.header if cell.is_header else self._style.body
        blocks = cell.blocks() if callable(cell.blocks) else cell.blocks
        lines = self._setter.set(blocks, self._inner_width(cell), style, element)
        return self._low_enough(lines)

    def _low_enough(self, lines: Lines) -> Lines:
        room = self._style.frame_height - self._header_height - 2 * self._style.padding
        if all(line.height <= room for line in lines.lines):
            return lines
        self._setter.shrunk = True
        return Lines([line if line.height <= room else _shrunk(line, room) for line in lines.lines])

    def _inner_width(self, cell: Cell) -> float:
        wide = self._edges[cell.column + cell.colspan] - self._edges[cell.column]
        return wide - 2 * self._side_padding(wide)

    def _side_padding(self, wide: float) -> float:
        return min(self._style.padding, 0.2 * wide)

    def _needs(self, lines: Lines, at: int) -> float:
        """The height of a box that holds all lines from ``at``."""
        return 2 * self._style.padding + lines.height(at)

    def _lay_out(self, available: float) -> _Page:
        """One page: whole rows while they fit, then the place where the page ends."""
        foot = available - self._header_height
        open_cells = [self._resumed(cell) for cell in self._cursor.open]
        row, begun = self._cursor.row, self._cursor.begun
        boxes: list[_Box] = []
        down = 0.0
        new: list[_Open] = []
        starts: list[_Row] = []
        ready = self._cursor.ready
        while row < len(self._rows):
            if not begun:
                new, gaps = self._begin(row, down, open_cells, ready)
                starts.append(_Row(tuple(new), gaps))
                open_cells += new
                ready = ()
            ending = [cell for cell in open_cells if cell.last_row <= row]
            bottom = max([down, *(cell.top + self._needs(cell.lines, cell.at) for cell in ending)])
            if bottom > foot + 0.001 or ((down or not self._is_whole(foot)) and self._tears(new, foot)):
                cut_in_row = begun or (bottom > foot and self._cuts(new, down, bottom, foot))
                if not cut_in_row:
                    open_cells = open_cells[: len(open_cells) - len(new)]
                    ready = tuple(new)
                    del starts[-1]
                    boxes, down = self._stretched(boxes, open_cells, down, foot)
                here = Cursor(row, cut_in_row, tuple(open_cells), ready)
                return replace(self._end_of_page(here, boxes, down, foot), starts=tuple(starts))
            boxes += [_whole(cell, bottom) for cell in ending]
            open_cells = [cell for cell in open_cells if cell.last_row > row]
            down, row, begun = bottom, row + 1, False
        return _Page(tuple(boxes), self._header_height + down, None, row, tuple(starts))

    def _stretched(
        self, boxes: list[_Box], open_cells: list[_Open], down: float, foot: float
    ) -> tuple[list[_Box], float]:
        """The last row of a page made higher, if a short cell that spans it needs that to stay whole."""
        ends = (
            cell.top + self._needs(cell.lines, cell.at) for cell in open_cells if len(cell.lines) <= _SHORT
        )
        lower = max((end for end in ends if down < end <= foot + 0.001), default=down)
        if not down or lower == down:
            return boxes, down
        return [replace(box, bottom=lower) if box.bottom == down else box for box in boxes], lower

    def _resumed(self, cell: _Open) -> _Open:
        """An open cell at the top of a page: with what is left of it, or saying that it goes on."""
        if not cell.is_over or cell.cell.continued is None:
            return cell if cell.top == 0.0 else replace(cell, top=0.0)
        words: Blocks = (Paragraph((Span(cell.cell.continued),)),)
        lines = self._setter.set(words, self._inner_width(cell.cell), self._style.quiet)
        return replace(cell, lines=self._low_enough(lines), at=0, top=0.0, is_repeat=True)

    def _begin(
        self, row: int, down: float, open_cells: list[_Open], ready: tuple[_Open, ...] = ()
    ) -> tuple[list[_Open], tuple[int, ...]]:
        """The cells that start in a row, ``down`` points below the header, and the columns without any."""
        taken = {
            column
            for other in open_cells
            for column in range(other.cell.column, other.cell.column + other.cell.colspan)
        }
        begun: list[_Open] = []
        for number, cell in enumerate(self._rows[row]):
            columns = range(cell.column, cell.column + cell.colspan)
            inside = columns and columns[0] >= 0 and columns[-1] < len(self._shares)
            if not inside or not taken.isdisjoint(columns):
                raise ValueError(f"row {row} of the table has a cell in a column that is taken or missing")
            taken.update(columns)
            if ready:
                begun.append(replace(ready[number], top=down))
                continue
            last_row = min(row + max(cell.rowspan, 1), len(self._rows)) - 1
            element = table_cell(
                None,
                scope="Row" if cell.is_header else None,
                rowspan=last_row - row + 1,
                colspan=cell.colspan,
            )
            begun.append(_Open(cell, element, self._set(cell, element), 0, last_row, down))
        return begun, tuple(set(range(len(self._shares))) - taken)

    def _end_of_page(self, here: Cursor, boxes: list[_Box], down: float, foot: float) -> _Page:
        """Ends the page before the row ``here``, or in the midst of it, with every open cell cut."""
        open_cells = here.open
        limit = foot if here.begun else down
        empty = self._is_whole(foot)
        # what has an empty page before it must come on: nothing later would give it more room
        ends = [self._end(cell, limit, must=empty and here.begun and cell.top == 0.0) for cell in open_cells]
        if (
            down == 0.0
            and not empty
            and all(end == cell.at for cell, end in zip(open_cells, ends, strict=True))
        ):
            return _Page((), 0.0, self._cursor, here.row)
        if here.begun:
            shown = (
                cell.top + self._style.padding * 2 + cell.lines.height(cell.at, end)
                for cell, end in zip(open_cells, ends, strict=True)
            )
            limit = min(foot, max([down, *shown]))
        cut = [
            _Box(cell.cell, cell.lines, cell.at, end, cell.top, limit, cell.is_repeat)
            for cell, end in zip(open_cells, ends, strict=True)
        ]
        rest = replace(here, open=tuple(map(_moved, open_cells, ends)))
        return _Page((*boxes, *cut), self._header_height + limit, rest, here.row)

    def _cuts(self, new: list[_Open], down: float, bottom: float, foot: float) -> bool:
        """Whether a row that does not fit is cut, rather than moved whole to the next page."""
        page = self._style.frame_height - self._header_height
        if down == 0.0 and self._is_whole(foot):
            return True  # it has a page to itself and does not fit
        if bottom - down <= 0.3 * page or foot - down < self._least():
            return False
        return all(self._end(cell, foot, must=False) >= min(len(cell.lines), _SHORT) for cell in new)

    def _tears(self, new: list[_Open], foot: float) -> bool:
        """Whether a short cell that starts here would be torn, though its row is not."""
        return any(
            len(cell.lines) <= _SHORT and cell.top + self._needs(cell.lines, 0) > foot + 0.001 for cell in new
        )

    def _is_whole(self, foot: float) -> bool:
        """Whether there is as much room as a page can have."""
        return foot >= self._style.frame_height - self._header_height - 0.001

    def _least(self) -> float:
        """So much of a row should stand on a page, if it is cut."""
        return 4 * self._style.body.leading + 2 * self._style.padding

    def _end(self, cell: _Open, limit: float, must: bool) -> int:
        return cell.lines.cut(cell.at, limit - cell.top - 2 * self._style.padding, must)

    # -- drawing

    @staticmethod
    def _canvas(flowable: Flowable) -> PaperCanvas:
        canvas = flowable.canv
        assert isinstance(canvas, PaperCanvas), "paper is drawn on a PaperCanvas"
        return canvas

    def _draw_page(self, page: _Page, canvas: PaperCanvas, top: float) -> None:
        is_first = self._structure.begin(self._header_elements)
        for row in page.starts:
            self._structure.add(row)
        below = top - self._header_height
        with Pen(canvas) as pen:
            self._draw_boxes(pen, self._header, top)
            self._draw_boxes(pen, page.boxes, below)
            pen.is_artifact = not is_first  # the header is read once
            self._draw_texts(pen, self._header, top)
            pen.is_artifact = False
            self._draw_texts(pen, page.boxes, below)
        if self._drawn is not None:
            self._drawn(page.rows_done)

    def _draw_boxes(self, pen: Pen, boxes: Sequence[_Box], top: float) -> None:
        outlines: list[tuple[float, float, float, float]] = []
        for box in boxes:
            left, right = self._edges[box.cell.column], self._edges[box.cell.column + box.cell.colspan]
            outline = (left, top - box.bottom, right - left, box.bottom - box.top)
            if box.cell.is_header:
                pen.fill(*outline, SHADE)
            outlines.append(outline)
        pen.boxes(outlines)

    def _draw_texts(self, pen: Pen, boxes: Sequence[_Box], top: float) -> None:
        for box in boxes:
            left, right = self._edges[box.cell.column], self._edges[box.cell.column + box.cell.colspan]
            inset = self._side_padding(right - left)
            if box.is_repeat:
                pen.is_artifact = True
            box.lines.draw(pen, left + inset, top - box.top - self._style.padding, box.start, box.end)
            if box.is_repeat:
                pen.is_artifact = False


class _Slice(Flowable):
    """A table's part on one page; it claims the page, so that the rest goes on the next one."""

    def __init__(self, table: PageTable, page: _Page, width: float, height: float) -> None:
        super().__init__()
        self._table, self._page = table, page
        self.width, self.height = width, height

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:
        return self.width, self.height

    def draw(self) -> None:
        self._table._draw_page(self._page, self._table._canvas(self), self.height)


class Prose(Flowable):
    """Text in the page's full width: a title, an introduction, a list of outcomes sought.

    With an ``element`` that is a heading, the first paragraph is that heading; with any other but P,
    the text is part of it. ``heading`` is what bold paragraphs within the text are in the structure.
    ``place`` names where it begins, for links and contents; with ``bookmark`` the text is a bookmark of that
    level as well (0 is the outermost).
    """

    def __init__(
        self,
        blocks: Blocks,
        setter: Typesetter,
        style: TypeStyle,
        *,
        frame_height: float,
        element: Element | None = None,
        heading: Kind = "P",
        place: str | None = None,
        bookmark: int | None = None,
        after: float = 0.0,
        start: int = 0,
        lines: tuple[float, Lines] | None = None,
    ) -> None:
        super().__init__()
        self._blocks, self._setter, self._style = blocks, setter, style
        self._frame_height, self._element, self._heading = frame_height, element, heading
        self._place, self._bookmark = place, bookmark
        self.spaceAfter = after
        self._start = start
        self._lines = lines

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:
        self.width, self.height = aW, self._set(aW).height(self._start)
        return self.width, self.height

    def split(self, aW: float, aH: float) -> list[Flowable]:
        lines = self._set(aW)
        end = lines.cut(self._start, aH, must=aH >= self._frame_height - 0.001)
        if end == self._start:
            return []
        first = self._part(aW, Lines(lines.lines[self._start : end]), 0)
        first._place, first._bookmark = self._place, self._bookmark
        return [first, self._part(aW, lines, end)] if end < len(lines) else [first]

    def draw(self) -> None:
        canvas = PageTable._canvas(self)
        if self._place is not None:
            title = " ".join(plain_text(self._blocks).split()) if self._bookmark is not None else None
            canvas.place(self._place, self.height, title, self._bookmark or 0)
        lines = self._set(self.width)
        with Pen(canvas) as pen:
            lines.draw(pen, 0.0, self.height, self._start, len(lines))

    def _part(self, width: float, lines: Lines, start: int) -> Prose:
        return Prose(
            self._blocks, self._setter, self._style,
            frame_height=self._frame_height, element=self._element, heading=self._heading,
            after=self.spaceAfter, start=start, lines=(width, lines),
        )  # fmt: skip

    def _set(self, width: float) -> Lines:
        if self._lines is None or self._lines[0] != width:
            element = self._element
            if element is not None and element.kind.startswith("H"):
                lines = self._setter.set_heading(self._blocks, width, self._style, element)
            else:
                parent = element.parent if element is not None and element.kind == "P" else element
                lines = self._setter.set(self._blocks, width, self._style, parent, self._heading)
            self._lines = (width, lines)
        return self._lines[1]


def _whole(cell: _Open, bottom: float) -> _Box:
    return _Box(cell.cell, cell.lines, cell.at, len(cell.lines), cell.top, bottom, cell.is_repeat)


def _syntax(text: str) -> str:
    return pdf_string(text).decode("ascii")


def _moved(cell: _Open, end: int) -> _Open:
    return _Open(cell.cell, cell.element, cell.lines, end, cell.last_row, cell.top, cell.is_repeat)


def _shrunk(line: Line, room: float) -> Line:
    return replace(line, height=room, scale=line.scale * room / line.height)
