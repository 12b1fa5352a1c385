"""The list of contents: titles that lead to their places, with numbers of pages that are known at the end.

A flowable like prose. The numbers are forms which the canvas fills when it saves, so the document is laid out
once; a place is named by the ``place`` of the prose that is there. Knows nothing of plans.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from cypp_desktop.plan.blocks import Paragraph, Span
from cypp_desktop.plan.words import cut
from cypp_desktop.report.characters import clean
from cypp_desktop.report.pdf.canvas import PaperCanvas, Pen
from cypp_desktop.report.pdf.lines import PrintedLines, TypeStyle
from cypp_desktop.report.pdf.structure import StructureElement
from cypp_desktop.report.pdf.typesetter import Typesetter

# isort: split
from reportlab.platypus.flowables import Flowable

_INDENT, _NUMBER, _GAP = 1.6, 3.2, 0.35  # of the size
#: A title that is longer is cut here, and whole at its place: an entry has to fit a page.
_MOST_LINES = 10


@dataclass(frozen=True, slots=True)
class ContentsEntry:
    """A line of the contents: a title, the name of its place, and its level (0 is the outermost)."""

    title: str
    place: str
    level: int = 0


class ContentsFlowable(Flowable):
    """The list of contents for the platypus frame; entries are kept whole, the list goes on over pages.

    Every place must be drawn by something in the same document.
    """

    def __init__(
        self,
        entries: Sequence[ContentsEntry],
        setter: Typesetter,
        style: TypeStyle,
        *,
        element: StructureElement | None = None,
        after: float = 0.0,
    ) -> None:
        super().__init__()
        self._entries, self._setter, self._style = tuple(entries), setter, style
        self._element = element or StructureElement("TOC")
        self.spaceAfter = after
        self._set: tuple[float, list[tuple[StructureElement, PrintedLines]]] = (0.0, [])

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:
        self.width, self.height = aW, sum(map(self._height, self._lines(aW)))
        return self.width, self.height

    def split(self, aW: float, aH: float) -> list[Flowable]:
        ends = accumulate(map(self._height, self._lines(aW)))
        count = sum(1 for end in ends if end <= aH)
        if count in (0, len(self._entries)):
            return [self] if count else []
        parts = (self._entries[:count], self._entries[count:])
        return [self._part(part) for part in parts]

    def draw(self) -> None:
        canvas = self.canv
        assert isinstance(canvas, PaperCanvas), "paper is drawn on a PaperCanvas"
        top = self.height
        with Pen(canvas) as pen:
            for entry, (element, lines) in zip(self._entries, self._lines(self.width), strict=True):
                self._draw_entry(pen, entry, element, lines, top)
                top -= lines.height(0) + _GAP * self._style.size

    def _part(self, entries: Sequence[ContentsEntry]) -> ContentsFlowable:
        return ContentsFlowable(
            entries, self._setter, self._style, element=self._element, after=self.spaceAfter
        )

    def _height(self, entry: tuple[StructureElement, PrintedLines]) -> float:
        return entry[1].height(0) + _GAP * self._style.size

    def _lines(self, width: float) -> list[tuple[StructureElement, PrintedLines]]:
        """The link and the lines of every entry."""
        if self._set[0] != width:
            room = width - _NUMBER * self._style.size
            found = []
            for entry in self._entries:
                link = StructureElement("Link", StructureElement("Reference", StructureElement("TOCI")))
                indent = entry.level * _INDENT * self._style.size
                found.append((link, self._title(entry.title, room - indent, link)))
            self._set = (width, found)
        return self._set[1]

    def _title(self, title: str, room: float, link: StructureElement) -> PrintedLines:
        """The lines of a title, which is cut where they are too many."""
        words = " ".join(title.split())
        while True:
            lines = self._setter.set_heading((Paragraph((Span(words),)),), room, self._style, link)
            if len(lines) <= _MOST_LINES:
                return lines
            words = cut(words, len(words) * 3 // 4)

    def _draw_entry(
        self, pen: Pen, entry: ContentsEntry, link: StructureElement, lines: PrintedLines, top: float
    ) -> None:
        size, indent = self._style.size, entry.level * _INDENT * self._style.size
        self._adopt(link)
        lines.draw(pen, indent, top, 0, len(lines))
        if not len(lines):
            return
        bottom, last = top - lines.height(0), lines.lines[-1]
        base = bottom + last.height - last.runs[0].drop
        pen.number_of(entry.place, self.width, base, size, link)
        words = f"Go to {clean(entry.title)}"
        pen.link_within(entry.place, words, link, indent, bottom, self.width - indent, top - bottom)
        pen.dots(indent + last.width + 0.8 * size, self.width - 0.8 * _NUMBER * size, base)

    def _adopt(self, link: StructureElement) -> None:
        assert link.parent is not None
        assert link.parent.parent is not None
        self._element.adopt(link.parent.parent)
