"""Where pages stand in the preview: below each other or in pairs, at a zoom. Plain geometry: no Qt.

Measures are pixels from the upper left corner of all the paper, but for the sizes of pages: those are points.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Zoom(StrEnum):
    """How large pages are shown: as the room has it, or in percent of the paper's size."""

    WIDTH = "width"
    PAGE = "page"
    PERCENT_25 = "25"
    PERCENT_50 = "50"
    PERCENT_75 = "75"
    PERCENT_100 = "100"
    PERCENT_125 = "125"
    PERCENT_150 = "150"
    PERCENT_200 = "200"
    PERCENT_300 = "300"
    PERCENT_400 = "400"

    @property
    def percent(self) -> int | None:
        """None for those that follow the room."""
        return int(self) if self.isdecimal() else None

    @property
    def words(self) -> str:
        if self.percent is not None:
            return f"{self.percent} %"
        return "Fit width" if self is Zoom.WIDTH else "Whole page"


@dataclass(frozen=True, slots=True)
class PagePosition:
    """A page's place; ``scale`` is pixels to the point."""

    x: float
    y: float
    width: float
    height: float
    scale: float


class PagePositions:
    """The places of pages with these sizes, ``columns`` side by side.

    ``room`` is the width and height in view, ``dots`` the pixels to the point at 100 %, ``gap`` what is left
    round pages. Pages that follow the room do so row by row, so that paper across and upright both fill it.
    """

    def __init__(
        self,
        sizes: Sequence[tuple[float, float]],
        columns: int,
        zoom: Zoom,
        room: tuple[float, float],
        dots: float,
        gap: float,
    ) -> None:
        self.columns = max(1, min(columns, len(sizes)))
        self._zoom, self._room, self._dots, self._gap = zoom, room, dots, gap
        self.places: list[PagePosition] = []
        self._tops: list[float] = []
        self.width = self.height = gap
        for start in range(0, len(sizes), self.columns):
            self._add_row(sizes[start : start + self.columns])

    def _add_row(self, row: Sequence[tuple[float, float]]) -> None:
        gap = self._gap
        # a last page without a neighbour is as large as the others
        wide = sum(width for width, _ in row) + (self.columns - len(row)) * row[0][0]
        high = max(height for _, height in row)
        scale = self._scale(wide, high)
        total = wide * scale + (self.columns - 1) * gap
        x, top = max(gap, (self._room[0] - total) / 2), self.height
        self._tops.append(top)
        for width, height in row:
            self.places.append(PagePosition(x, top, width * scale, height * scale, scale))
            x += width * scale + gap
        self.width = max(self.width, total + 2 * gap)
        self.height = top + high * scale + gap

    def _scale(self, wide: float, high: float) -> float:
        """For a row of pages that are so wide and high together, in points."""
        if self._zoom.percent is not None:
            return self._zoom.percent / 100 * self._dots
        across = (self._room[0] - (self.columns + 1) * self._gap) / max(wide, 1.0)
        down = (self._room[1] - 2 * self._gap) / max(high, 1.0)
        scale = across if self._zoom is Zoom.WIDTH else min(across, down)
        return max(scale, 0.01)

    def row_at(self, y: float) -> int:
        """The row of pages at a height, or the last one above it."""
        return max(0, bisect_right(self._tops, y) - 1)

    def first_of(self, row: int) -> int:
        """The first page of a row, both counted from 0; of the last one where there is no such row."""
        return max(0, min(row, len(self._tops) - 1)) * self.columns

    def row_of(self, page: int) -> int:
        return page // self.columns

    def between(self, top: float, bottom: float) -> range:
        """The pages of which something is between two heights, or in the rows that hold them."""
        if not self.places:
            return range(0)
        last = (self.row_at(bottom) + 1) * self.columns
        return range(self.first_of(self.row_at(top)), min(last, len(self.places)))
