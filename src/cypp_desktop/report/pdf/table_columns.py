"""The columns of a table at one width: their edges, the header, and what cells hold as lines.

Knows blocks and lines; knows nothing of pages but how high an empty one is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate

from cypp_desktop.plan.blocks import Paragraph, Span
from cypp_desktop.report.cells import Blocks, TableCell, TableRow
from cypp_desktop.report.pdf.fonts import BOLD, ITALIC
from cypp_desktop.report.pdf.lines import PrintedLine, PrintedLines, TypeStyle
from cypp_desktop.report.pdf.structure import StructureElement, table_cell
from cypp_desktop.report.pdf.typesetter import Typesetter

#: What is left at each side of a cell, in points.
PADDING = 4.5


@dataclass(frozen=True, slots=True)
class TableStyle:
    """How a table looks; ``frame_height`` is the height of a page with nothing on it."""

    frame_height: float
    body: TypeStyle = field(default_factory=TypeStyle)
    padding: float = PADDING

    @property
    def header(self) -> TypeStyle:
        return replace(self.body, face=self.body.face | BOLD)

    @property
    def quiet(self) -> TypeStyle:
        return replace(self.body, face=ITALIC)


class TableColumns:
    """A table's columns in so many points of width. ``shares`` are their parts of it.

    ``page`` is the room for rows on an empty page, below the header.
    """

    def __init__(
        self, shares: Sequence[float], header: TableRow, setter: Typesetter, style: TableStyle, width: float
    ) -> None:
        self.width = width
        self.count = len(shares)
        self.edges = tuple(accumulate((share * width / sum(shares) for share in shares), initial=0.0))
        self.padding = style.padding
        self._setter, self._style = setter, style
        self.page = style.frame_height
        self.header: list[tuple[TableCell, PrintedLines]] = []
        self.header_height = 0.0
        self.header_elements: list[tuple[int, StructureElement]] = []
        self._measure_header(header)

    def _measure_header(self, row: TableRow) -> None:
        """Sets the header, smaller if it would take more than half a page."""
        style = self._style.header
        while True:
            elements = [table_cell(None, scope="Column", colspan=cell.colspan) for cell in row]
            self.header = [
                (cell, self._lines(cell, element, style)) for cell, element in zip(row, elements, strict=True)
            ]
            tall = max((self.needs(lines) for _, lines in self.header), default=0.0)
            if tall <= self._style.frame_height / 2:
                break
            self._setter.shrunk = True
            style = style.scaled(0.8)
        self.header_height, self.page = tall, self._style.frame_height - tall
        self.header_elements = [(cell.column, element) for cell, element in zip(row, elements, strict=True)]
        covered: set[int] = set()
        for cell in row:
            covered.update(range(cell.column, cell.column + cell.colspan))
        if covered:
            gaps = set(range(self.count)) - covered
            self.header_elements += [(column, table_cell(None, scope=None)) for column in gaps]

    def set(self, cell: TableCell, element: StructureElement) -> PrintedLines:
        """The lines of a cell, none higher than an empty page has room for."""
        return self._lines(cell, element, self._style.header if cell.is_header else self._style.body)

    def set_continued(self, cell: TableCell, words: str) -> PrintedLines:
        """The lines of a cell that only says that it goes on."""
        blocks: Blocks = (Paragraph((Span(words),)),)
        return self._low_enough(self._setter.set(blocks, self._inner_width(cell), self._style.quiet))

    def _lines(self, cell: TableCell, element: StructureElement, style: TypeStyle) -> PrintedLines:
        blocks = cell.blocks() if callable(cell.blocks) else cell.blocks
        return self._low_enough(self._setter.set(blocks, self._inner_width(cell), style, element))

    def _low_enough(self, lines: PrintedLines) -> PrintedLines:
        room = self.page - 2 * self.padding
        if all(line.height <= room for line in lines.lines):
            return lines
        self._setter.shrunk = True
        return PrintedLines([line if line.height <= room else _shrunk(line, room) for line in lines.lines])

    def needs(self, lines: PrintedLines, at: int = 0) -> float:
        """The height of a box that holds all lines from ``at``."""
        return 2 * self.padding + lines.height(at)

    @property
    def least(self) -> float:
        """So much of a row should stand on a page, if it is cut."""
        return 4 * self._style.body.leading + 2 * self.padding

    def sides(self, cell: TableCell) -> tuple[float, float, float]:
        """The left and right edge of a cell, and how far its words are from them."""
        left, right = self.edges[cell.column], self.edges[cell.column + cell.colspan]
        return left, right, min(self.padding, 0.2 * (right - left))

    def _inner_width(self, cell: TableCell) -> float:
        left, right, inset = self.sides(cell)
        return right - left - 2 * inset


def _shrunk(line: PrintedLine, room: float) -> PrintedLine:
    return replace(line, height=room, scale=line.scale * room / line.height)
