"""Where the pages of a table end: its rows laid out one page at a time.

What is between two pages is a small :class:`Cursor`, and nothing is copied, so that time and memory grow with
the pages. At the foot of a page either the row goes to the next one, or every cell that is open there is cut,
those that span rows too. Knows lines and columns; draws nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from cypp_desktop.report.cells import TableCell, TableRow
from cypp_desktop.report.pdf.lines import PrintedLines
from cypp_desktop.report.pdf.structure import StructureElement, table_cell
from cypp_desktop.report.pdf.table_columns import TableColumns

#: a cell of so few lines is not torn in two, and of a longer one so many stand together
_SHORT = 6


@dataclass(frozen=True, slots=True)
class OpenCell:
    """A cell that is being printed: its lines, the next one, and how far down its rows go.

    ``is_repeat`` is set where it only says that it goes on, which is no part of the text.
    """

    cell: TableCell
    element: StructureElement
    lines: PrintedLines
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
    open: tuple[OpenCell, ...] = ()
    ready: tuple[OpenCell, ...] = ()


@dataclass(frozen=True, slots=True)
class CellPart:
    """A cell's part on one page, measured down from the top of the table's part there."""

    cell: TableCell
    lines: PrintedLines
    start: int
    end: int
    top: float
    bottom: float
    is_repeat: bool = False


@dataclass(frozen=True, slots=True)
class StartedRow:
    """The cells that start in a row, and the columns in which there is none at all."""

    cells: tuple[OpenCell, ...]
    gaps: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TablePage:
    """A table's part on one page; ``rest`` is None after the last row. ``starts`` are the cells of the
    rows that begin on it.
    """

    boxes: tuple[CellPart, ...]
    height: float
    rest: Cursor | None
    rows_done: int
    starts: tuple[StartedRow, ...] = ()


@dataclass(slots=True)
class _PageSoFar:
    """A page while rows are put on it. ``foot`` is the room for them, ``down`` how far down it is filled.

    ``open`` are the cells that are being printed, ``ready`` those of the next row that have been set already.
    """

    foot: float
    open: list[OpenCell]
    ready: tuple[OpenCell, ...]
    down: float = 0.0
    boxes: list[CellPart] = field(default_factory=list)
    starts: list[StartedRow] = field(default_factory=list)


class PageBreaks:
    """Breaks rows into pages. Raises ValueError where two cells overlap."""

    def __init__(self, rows: Sequence[TableRow], columns: TableColumns) -> None:
        self._rows, self._columns = rows, columns

    def start(self) -> tuple[Cursor, float]:
        """Where to begin, and the height that is needed on the page that the table starts on."""
        columns = self._columns
        first = self._begin(0, 0.0, [])[0] if self._rows else []
        whole = (cell for cell in first if cell.last_row == 0 or len(cell.lines) <= _SHORT)
        tall = max((columns.needs(cell.lines) for cell in whole), default=0.0)
        height = tall if tall <= 0.3 * columns.page else 2 * columns.least
        return Cursor(ready=tuple(first)), columns.header_height + height

    def page(self, cursor: Cursor, available: float) -> TablePage:
        """One page: whole rows while they fit, then the place where the page ends."""
        columns = self._columns
        open_cells = [self._resumed(cell) for cell in cursor.open]
        page = _PageSoFar(available - columns.header_height, open_cells, cursor.ready)
        begun = cursor.begun
        for row in range(cursor.row, len(self._rows)):
            new = [] if begun else self._start_row(page, row)
            ending = [cell for cell in page.open if cell.last_row <= row]
            bottom = self._bottom_of(ending, page.down)
            if self._ends_before(page, new, bottom):
                is_cut = begun or (bottom > page.foot and self._cuts(page, new, bottom))
                if not is_cut:
                    self._move_to_next(page, new)
                here = Cursor(row, is_cut, tuple(page.open), page.ready)
                return self._end_of_page(cursor, here, page)
            page.boxes += [_whole(cell, bottom) for cell in ending]
            page.open = [cell for cell in page.open if cell.last_row > row]
            page.down, begun = bottom, False
        height = columns.header_height + page.down
        return TablePage(tuple(page.boxes), height, None, len(self._rows), tuple(page.starts))

    # -- beginning rows

    def _resumed(self, cell: OpenCell) -> OpenCell:
        """An open cell at the top of a page: with what is left of it, or saying that it goes on."""
        words = cell.cell.continued
        if not cell.is_over or words is None:
            return cell if cell.top == 0.0 else replace(cell, top=0.0)
        lines = self._columns.set_continued(cell.cell, words)
        return replace(cell, lines=lines, at=0, top=0.0, is_repeat=True)

    def _bottom_of(self, ending: Sequence[OpenCell], down: float) -> float:
        """Where a row ends in which these cells end."""
        for cell in ending:
            down = max(down, cell.top + self._columns.needs(cell.lines, cell.at))
        return down

    def _start_row(self, page: _PageSoFar, row: int) -> list[OpenCell]:
        """Begins a row on a page; the cells that start in it."""
        new, gaps = self._begin(row, page.down, page.open, page.ready)
        page.starts.append(StartedRow(tuple(new), gaps))
        page.open += new
        page.ready = ()
        return new

    def _begin(
        self, row: int, down: float, open_cells: list[OpenCell], ready: tuple[OpenCell, ...] = ()
    ) -> tuple[list[OpenCell], tuple[int, ...]]:
        """The cells that start in a row, ``down`` points below the header, and the columns without any."""
        taken: set[int] = set()
        for other in open_cells:
            taken.update(range(other.cell.column, other.cell.column + other.cell.colspan))
        begun: list[OpenCell] = []
        for number, cell in enumerate(self._rows[row]):
            columns = range(cell.column, cell.column + cell.colspan)
            inside = columns and columns[0] >= 0 and columns[-1] < self._columns.count
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
            begun.append(OpenCell(cell, element, self._columns.set(cell, element), 0, last_row, down))
        return begun, tuple(set(range(self._columns.count)) - taken)

    # -- ending pages

    def _ends_before(self, page: _PageSoFar, new: list[OpenCell], bottom: float) -> bool:
        """Whether a page ends before a row is whole, which would end at ``bottom``."""
        if bottom > page.foot + 0.001:
            return True
        could_move = page.down or not self._is_whole(page.foot)
        return bool(could_move) and self._tears(new, page.foot)

    def _move_to_next(self, page: _PageSoFar, new: list[OpenCell]) -> None:
        """Takes a row that has just begun from a page, to begin the next one."""
        page.open = page.open[: len(page.open) - len(new)]
        page.ready = tuple(new)
        del page.starts[-1]
        self._stretch(page)

    def _stretch(self, page: _PageSoFar) -> None:
        """Makes the last row of a page higher, if a short cell that spans it needs that to stay whole."""
        lower = page.down
        for cell in page.open:
            if len(cell.lines) <= _SHORT:
                end = cell.top + self._columns.needs(cell.lines, cell.at)
                if lower < end <= page.foot + 0.001:
                    lower = end
        if page.down and lower != page.down:
            last = page.down
            page.boxes = [replace(box, bottom=lower) if box.bottom == last else box for box in page.boxes]
            page.down = lower

    def _end_of_page(self, before: Cursor, here: Cursor, page: _PageSoFar) -> TablePage:
        """Ends the page before the row ``here``, or in the midst of it, with every open cell cut."""
        open_cells = here.open
        limit = page.foot if here.begun else page.down
        is_empty_page = self._is_whole(page.foot)
        ends: list[int] = []
        for cell in open_cells:
            # what has an empty page before it must come on: nothing later would give it more room
            must = is_empty_page and here.begun and cell.top == 0.0
            ends.append(self._end(cell, limit, must))
        if page.down == 0.0 and not is_empty_page and ends == [cell.at for cell in open_cells]:
            return TablePage((), 0.0, before, here.row, tuple(page.starts))
        if here.begun:
            limit = min(page.foot, self._lowest(open_cells, ends, page.down))
        for cell, end in zip(open_cells, ends, strict=True):
            page.boxes.append(CellPart(cell.cell, cell.lines, cell.at, end, cell.top, limit, cell.is_repeat))
        rest = replace(here, open=tuple(map(_moved, open_cells, ends)))
        height = self._columns.header_height + limit
        return TablePage(tuple(page.boxes), height, rest, here.row, tuple(page.starts))

    def _lowest(self, open_cells: Sequence[OpenCell], ends: Sequence[int], down: float) -> float:
        """Where the lowest of cells ends that are cut after some of their lines."""
        for cell, end in zip(open_cells, ends, strict=True):
            down = max(down, cell.top + self._columns.padding * 2 + cell.lines.height(cell.at, end))
        return down

    def _cuts(self, page: _PageSoFar, new: list[OpenCell], bottom: float) -> bool:
        """Whether a row that does not fit is cut, rather than moved whole to the next page."""
        if page.down == 0.0 and self._is_whole(page.foot):
            return True  # it has a page to itself and does not fit
        if bottom - page.down <= 0.3 * self._columns.page or page.foot - page.down < self._columns.least:
            return False
        return all(self._end(cell, page.foot, must=False) >= min(len(cell.lines), _SHORT) for cell in new)

    def _tears(self, new: list[OpenCell], foot: float) -> bool:
        """Whether a short cell that starts here would be torn, though its row is not."""
        return any(
            len(cell.lines) <= _SHORT and cell.top + self._columns.needs(cell.lines) > foot + 0.001
            for cell in new
        )

    def _is_whole(self, foot: float) -> bool:
        """Whether there is as much room as a page can have."""
        return foot >= self._columns.page - 0.001

    def _end(self, cell: OpenCell, limit: float, must: bool) -> int:
        return cell.lines.cut(cell.at, limit - cell.top - 2 * self._columns.padding, must)


def _whole(cell: OpenCell, bottom: float) -> CellPart:
    return CellPart(cell.cell, cell.lines, cell.at, len(cell.lines), cell.top, bottom, cell.is_repeat)


def _moved(cell: OpenCell, end: int) -> OpenCell:
    return OpenCell(cell.cell, cell.element, cell.lines, end, cell.last_row, cell.top, cell.is_repeat)
