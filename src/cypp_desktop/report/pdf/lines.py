"""Lines of text with their measures: what is drawn on a page, and the unit in which a text is cut.

Each run of a line keeps the structure element that it belongs to (paragraph, label, cell of a table), so
that the structure of the text is still there when it is drawn. Knows nothing of pages.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import NamedTuple

from cypp_desktop.report.pdf.canvas import INK, RULE, SHADE, Colour, Pen
from cypp_desktop.report.pdf.structure import StructureElement


@dataclass(frozen=True, slots=True)
class TypeStyle:
    """Size and distance from base line to base line, in points; ``face`` adds ``BOLD``, ``ITALIC``."""

    size: float = 9.5
    leading: float = 12.6
    face: int = 0
    colour: Colour = INK

    @property
    def drop(self) -> float:
        """From the top of a line to its base line."""
        return 0.5 * (self.leading - self.size) + 0.87 * self.size

    def scaled(self, factor: float) -> TypeStyle:
        return replace(self, size=self.size * factor, leading=self.leading * factor)


class TextRoom(NamedTuple):
    """Where a text may stand in a column, from one edge to another, and in which style."""

    left: float
    right: float
    style: TypeStyle

    @property
    def width(self) -> float:
        return self.right - self.left


class PrintedRun:
    """Words of one font beside each other; ``x`` from the line's left edge, ``drop`` from its top."""

    __slots__ = ("colour", "drop", "element", "font", "link", "outline", "size", "text", "width", "x")

    def __init__(
        self,
        x: float,
        drop: float,
        text: str,
        width: float,
        font: str,
        style: TypeStyle,
        element: StructureElement,
    ) -> None:
        self.x, self.drop, self.text, self.width = x, drop, text, width
        self.font, self.size, self.colour = font, style.size, style.colour
        self.element = element
        self.link: str | None = None
        #: a path to be filled instead of a text
        self.outline = ""


@dataclass(slots=True)
class PrintedLine:
    """One line, or one line of every cell of a sub-table's row. Measures in points.

    ``gap`` is the white above it, dropped at the top of a page; ``keep`` asks to stay with the next
    line; ``grid`` are a sub-table's column edges; ``scale`` is under 1 where it had to be made smaller.
    """

    height: float
    runs: list[PrintedRun]
    gap: float = 0.0
    keep: bool = False
    grid: tuple[float, ...] = ()
    shaded: bool = False
    opens: bool = False
    closes: bool = False
    scale: float = 1.0

    @property
    def width(self) -> float:
        """From the left edge to the end of the last run."""
        return max((run.x + run.width for run in self.runs), default=0.0)

    def draw(self, pen: Pen, x: float, top: float, first: bool = False, last: bool = False) -> None:
        """Draws it with its top at ``top``; ``first`` and ``last`` on a page close a cut sub-table."""
        if self.scale != 1.0:
            pen.smaller(x, top, self.scale)
            whole = replace(self, scale=1.0, height=self.height / self.scale)
            whole.draw_grid(pen, 0, 0, first, last)
            whole.draw(pen, 0, 0)
            pen.as_before()
            return
        for run in self.runs:
            base = top - run.drop
            if run.outline:
                pen.shape(x + run.x, base, run.size, run.outline, run.colour)
            else:
                pen.text(x + run.x, base, run.font, run.size, run.text, run.colour, run.element)
            if run.link is not None:
                pen.underline(x + run.x, base - 1.2, run.width)
                pen.link(run.link, run.element, x + run.x, base - 0.25 * run.size, run.width, 1.2 * run.size)

    def draw_grid(self, pen: Pen, x: float, top: float, first: bool, last: bool) -> None:
        """The lines of a sub-table, and the shade of its header; they go before all text."""
        if not self.grid or self.scale != 1.0:
            return
        left, right = x + self.grid[0], x + self.grid[-1]
        bottom = top - self.height
        if self.shaded:
            pen.fill(left, bottom, right - left, self.height, SHADE)
        for edge in self.grid:
            pen.rule(x + edge, top, x + edge, bottom, RULE, 0.4)
        if self.opens or first:
            pen.rule(left, top, right, top, RULE, 0.4)
        if self.closes or last:
            pen.rule(left, bottom, right, bottom, RULE, 0.4)


class PrintedLines:
    """Lines below each other, with their heights summed so that cutting them is quick."""

    def __init__(self, lines: Sequence[PrintedLine]) -> None:
        self.lines = lines
        self._is_gridded = any(line.grid for line in lines)
        self._ends = [0.0, *accumulate(line.gap + line.height for line in lines)]

    def __len__(self) -> int:
        return len(self.lines)

    def height(self, start: int, end: int | None = None) -> float:
        """The height of the lines from ``start`` up to ``end``, at the top of a page."""
        end = len(self.lines) if end is None else end
        if end <= start:
            return 0.0
        return self._ends[end] - self._ends[start] - self.lines[start].gap

    def cut(self, start: int, height: float, must: bool = False) -> int:
        """Where to end so that what begins at ``start`` is at most ``height`` high.

        Lines that ask to stay with the next one do, unless it ``must`` end further down because
        otherwise nothing would come on the page.
        """
        if start >= len(self.lines):
            return start
        room = self._ends[start] + self.lines[start].gap + height + 0.001
        last = end = max(start, bisect_right(self._ends, room) - 1)
        if end >= len(self.lines):
            return len(self.lines)
        while end > start and self.lines[end - 1].keep:
            end -= 1
        return last if must and end == start else end

    def draw(self, pen: Pen, x: float, top: float, start: int, end: int) -> None:
        """Draws the lines from ``start`` up to ``end`` with the first one's top at ``top``."""
        if self._is_gridded:
            self._draw_grids(pen, x, top, start, end)
        for at in range(start, end):
            line = self.lines[at]
            if at > start:
                top -= line.gap
            line.draw(pen, x, top, at == start, at == end - 1)
            top -= line.height

    def _draw_grids(self, pen: Pen, x: float, top: float, start: int, end: int) -> None:
        for at in range(start, end):
            line = self.lines[at]
            if at > start:
                top -= line.gap
            line.draw_grid(pen, x, top, at == start, at == end - 1)
            top -= line.height


class Links:
    """The elements of one paragraph's runs: its own, and one for each link, over as many lines as it has."""

    def __init__(self, paragraph: StructureElement) -> None:
        self._paragraph = paragraph
        self._last: tuple[str, StructureElement] | None = None

    def of(self, link: str | None) -> StructureElement:
        if link is None:
            self._last = None
            return self._paragraph
        if self._last is None or self._last[0] != link:
            self._last = (link, StructureElement("Link", self._paragraph))
        return self._last[1]
