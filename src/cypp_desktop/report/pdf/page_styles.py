"""The pages that a chapter is printed on: their size and margins, and the styles of its text.

Knows sizes; knows nothing of what is printed.
"""

from __future__ import annotations

from dataclasses import dataclass

from cypp_desktop.report.paper import PageSetup
from cypp_desktop.report.paper_kinds import LARGE_PRINT, PaperSize
from cypp_desktop.report.pdf.canvas import ACCENT, INK, QUIET
from cypp_desktop.report.pdf.fonts import BOLD
from cypp_desktop.report.pdf.lines import TypeStyle

# isort: split
from reportlab.lib import pagesizes

_SIZES: dict[PaperSize, tuple[float, float]] = {
    PaperSize.A4: pagesizes.A4,
    PaperSize.A3: pagesizes.A3,
    PaperSize.LETTER: pagesizes.LETTER,
}
SIDE, TOP, FOOT = 40.0, 46.0, 44.0  # margins
#: The protective marking is no smaller.
_MARKING = 10.0
#: What stands at the edges of pages is no larger: there is no more room.
_EDGE = 14.0


@dataclass(frozen=True, slots=True)
class ChapterStyles:
    """The styles of a chapter, which follow from the size of its text."""

    size: float

    @property
    def _factor(self) -> float:
        return max(self.size, 10.0) / 10.0

    @property
    def prose(self) -> TypeStyle:
        return TypeStyle(10, 13.6).scaled(self._factor)

    @property
    def quiet(self) -> TypeStyle:
        size = min(self.size, _EDGE) if self.size >= LARGE_PRINT else 8.0
        return TypeStyle(size, round(size * 1.375, 2), 0, QUIET)

    @property
    def marking(self) -> TypeStyle:
        """That of the protective marking: nobody may overlook it."""
        size = max(self.quiet.size, _MARKING)
        return TypeStyle(size, round(size * 1.375, 2), BOLD, INK)

    @property
    def body(self) -> TypeStyle:
        return TypeStyle(self.size, round(self.size * 1.33, 2))

    def heading(self, level: int) -> TypeStyle:
        if level >= 4:
            return TypeStyle(10, 13.6, BOLD).scaled(self._factor)
        style = {
            1: TypeStyle(15, 20, BOLD, ACCENT),
            2: TypeStyle(12.5, 17, BOLD, ACCENT),
            3: TypeStyle(11, 15, BOLD, ACCENT),
        }[level]
        return style.scaled(self._factor)


def page_size(setup: PageSetup) -> tuple[float, float]:
    size = _SIZES[setup.paper]
    return pagesizes.landscape(size) if setup.landscape else size


def frame_size(setup: PageSetup) -> tuple[float, float]:
    width, height = page_size(setup)
    return width - 2 * SIDE, height - TOP - FOOT


def template_name(setup: PageSetup) -> str:
    return f"{setup.paper}-{'landscape' if setup.landscape else 'portrait'}-{setup.size:g}"
