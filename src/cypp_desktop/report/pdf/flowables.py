"""What stands between tables on a page: anchors with bookmarks, framed text, drawings.

Flowables for the platypus frame that are set by the same :class:`Typesetter` as everything else. Knows
nothing of plans.
"""

from __future__ import annotations

from cypp_desktop.plan.blocks import Paragraph, Span
from cypp_desktop.report.drawing import Figure, Label
from cypp_desktop.report.palette import parts_of
from cypp_desktop.report.pdf.canvas import PaperCanvas, Pen, paper_canvas
from cypp_desktop.report.pdf.fonts import BOLD
from cypp_desktop.report.pdf.lines import TypeStyle
from cypp_desktop.report.pdf.prose import Prose
from cypp_desktop.report.pdf.structure import StructureElement
from cypp_desktop.report.pdf.typesetter import Typesetter

# isort: split
from reportlab.platypus.flowables import Flowable

_PADDING = 7.0
#: How far an entry of the contents is set in for each level.
_STEP = 14.0


class Bookmarks:
    """How deep the last bookmark of a document stands: none may stand deeper than one below it."""

    def __init__(self) -> None:
        self._level = -1

    def add(self, canvas: PaperCanvas, place: str, words: str, level: int) -> None:
        """A bookmark to a place, ``level`` from 0, under those that stand above it."""
        self._level = max(0, min(level, self._level + 1))
        canvas.addOutlineEntry(words, place, self._level, closed=self._level > 0)
        canvas.showOutline()


class Anchor(Flowable):
    """The place of a heading that follows it: a target for links and a bookmark."""

    def __init__(self, name: str, words: str, level: int, outline: Bookmarks) -> None:
        super().__init__()
        self._name, self._words, self._level, self._outline = name, words, level, outline

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:
        return 0.0, 0.0

    def draw(self) -> None:
        canvas = paper_canvas(self)
        canvas.place(self._name, 4.0)
        if self._words:
            self._outline.add(canvas, self._name, self._words, self._level)


class Framed(Flowable):
    """Text in a frame, which goes on over pages like the text."""

    def __init__(self, prose: Prose, after: float = 8.0) -> None:
        super().__init__()
        self._prose = prose
        self.spaceBefore = self.spaceAfter = after

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:
        _, height = self._prose.wrap(aW - 2 * _PADDING, aH - 2 * _PADDING)
        self.width, self.height = aW, height + 2 * _PADDING
        return self.width, self.height

    def split(self, aW: float, aH: float) -> list[Flowable]:
        parts = self._prose.split(aW - 2 * _PADDING, aH - 2 * _PADDING)
        return [Framed(part, self.spaceAfter) for part in parts if isinstance(part, Prose)]

    def draw(self) -> None:
        canvas = paper_canvas(self)
        with Pen(canvas) as pen:
            pen.boxes([(0.0, 0.0, self.width, self.height)], 0.8)
        self._prose.drawOn(canvas, _PADDING, _PADDING)


class Drawing(Flowable):
    """A figure, smaller where the page is narrower than it is."""

    def __init__(self, figure: Figure, setter: Typesetter, after: float = 10.0) -> None:
        super().__init__()
        self._figure, self._setter = figure, setter
        self.spaceBefore, self.spaceAfter = 4.0, after
        self._scale = 1.0

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:
        self._scale = min(1.0, aW / self._figure.width, max(aH, 1.0) / self._figure.height)
        self.width, self.height = self._figure.width * self._scale, self._figure.height * self._scale
        return self.width, self.height

    def draw(self) -> None:
        canvas, figure = paper_canvas(self), self._figure
        box = (*canvas.absolutePosition(0, 0), *canvas.absolutePosition(self.width, self.height))
        edges = " ".join(f"{edge:.2f}" for edge in box)
        place = f"/O/Layout/Placement/Block/BBox[{edges}]"
        element = StructureElement("Figure", attributes=place, alt=figure.alt)
        canvas.saveState()
        canvas.scale(self._scale, self._scale)
        with Pen(canvas) as pen:
            for shape in figure.shapes:
                if isinstance(shape, Label):
                    self._label(pen, shape, element)
                else:
                    corner = (shape.x, figure.height - shape.y - shape.height, shape.width, shape.height)
                    pen.fill(*corner, parts_of(shape.fill), element)
                    pen.boxes([corner], 0.7, parts_of(shape.edge), element)
        canvas.restoreState()

    def _label(self, pen: Pen, label: Label, element: StructureElement) -> None:
        style = TypeStyle(label.size, label.size, BOLD, parts_of(label.ink))
        blocks = (Paragraph((Span(label.words),)),)
        for line in self._setter.set_heading(blocks, self._figure.width, style, element).lines:
            line.draw(pen, label.x - line.width / 2, self._figure.height - label.y + line.runs[0].drop)
