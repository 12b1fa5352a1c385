"""Text in the page's full width, which goes on over pages: a flowable for the platypus frame.

Knows blocks and lines; knows nothing of plans.
"""

from __future__ import annotations

from cypp_desktop.plan.blocks import plain_text
from cypp_desktop.report.cells import Blocks
from cypp_desktop.report.pdf.canvas import Pen, paper_canvas
from cypp_desktop.report.pdf.lines import PrintedLines, TypeStyle
from cypp_desktop.report.pdf.structure import ElementKind, StructureElement
from cypp_desktop.report.pdf.typesetter import Typesetter

# isort: split
from reportlab.platypus.flowables import Flowable


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
        element: StructureElement | None = None,
        heading: ElementKind = "P",
        place: str | None = None,
        bookmark: int | None = None,
        after: float = 0.0,
        start: int = 0,
        lines: tuple[float, PrintedLines] | None = None,
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
        first = self._part(aW, PrintedLines(lines.lines[self._start : end]), 0)
        first._place, first._bookmark = self._place, self._bookmark
        return [first, self._part(aW, lines, end)] if end < len(lines) else [first]

    def draw(self) -> None:
        canvas = paper_canvas(self)
        if self._place is not None:
            title = " ".join(plain_text(self._blocks).split()) if self._bookmark is not None else None
            canvas.place(self._place, self.height, title, self._bookmark or 0)
        lines = self._set(self.width)
        with Pen(canvas) as pen:
            lines.draw(pen, 0.0, self.height, self._start, len(lines))

    def _part(self, width: float, lines: PrintedLines, start: int) -> Prose:
        return Prose(
            self._blocks, self._setter, self._style,
            frame_height=self._frame_height, element=self._element, heading=self._heading,
            after=self.spaceAfter, start=start, lines=(width, lines),
        )  # fmt: skip

    def _set(self, width: float) -> PrintedLines:
        if self._lines is None or self._lines[0] != width:
            element = self._element
            if element is not None and element.kind.startswith("H"):
                lines = self._setter.set_heading(self._blocks, width, self._style, element)
            else:
                parent = element.parent if element is not None and element.kind == "P" else element
                lines = self._setter.set(self._blocks, width, self._style, parent, self._heading)
            self._lines = (width, lines)
        return self._lines[1]
