"""What stands between tables on a page: anchors with bookmarks, framed text, the contents.

Flowables for the platypus frame that are set by the same :class:`Typesetter` as everything else. Knows
nothing of plans.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cypp_desktop.plan.blocks import Paragraph, Span
from cypp_desktop.report.canvas import RULE, PaperCanvas, Pen
from cypp_desktop.report.structure import Element
from cypp_desktop.report.table import Prose
from cypp_desktop.report.text import Lines, Typesetter, TypeStyle

# isort: split
from reportlab.platypus.flowables import Flowable

_PADDING = 7.0
#: How far an entry of the contents is set in for each level.
_STEP = 14.0


class Outline:
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

    def __init__(self, name: str, words: str, level: int, outline: Outline) -> None:
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


@dataclass(frozen=True, slots=True)
class ContentsEntry:
    """A heading as the contents list it; ``level`` from 0."""

    words: str
    anchor: str
    level: int


class ContentsList(Flowable):
    """The contents: each heading on a line or more, with its page at the right, both a link to it."""

    def __init__(
        self,
        entries: Sequence[ContentsEntry],
        setter: Typesetter,
        style: TypeStyle,
        element: Element,
        lines: tuple[float, list[Lines]] | None = None,
    ) -> None:
        super().__init__()
        self._entries, self._setter, self._style = entries, setter, style
        self._element, self._lines = element, lines

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:
        self.width, self.height = aW, sum(self._height(lines) for lines in self._set(aW))
        return self.width, self.height

    def split(self, aW: float, aH: float) -> list[Flowable]:
        lines = self._set(aW)
        used, count = 0.0, 0
        while count < len(lines) and used + self._height(lines[count]) <= aH:
            used += self._height(lines[count])
            count += 1
        if not count:
            return []
        return [
            ContentsList(
                self._entries[start:end], self._setter, self._style, self._element, (aW, lines[start:end])
            )
            for start, end in ((0, count), (count, len(lines)))
            if end > start
        ]

    def draw(self) -> None:
        top = self.height
        with Pen(paper_canvas(self)) as pen:
            for entry, lines in zip(self._entries, self._set(self.width), strict=True):
                self._draw_entry(pen, entry, lines, top)
                top -= self._height(lines)

    def _draw_entry(self, pen: Pen, entry: ContentsEntry, lines: Lines, top: float) -> None:
        if not lines.lines or not lines.lines[-1].runs:
            return
        size, left = self._style.size, _STEP * entry.level
        bottom = top - lines.height(0)
        last = lines.lines[-1]
        base = bottom + last.height - last.runs[0].drop
        link = last.runs[-1].element
        pen.rule(left + last.width + 4, base, self.width - 3 * size, base, RULE, 0.4)
        lines.draw(pen, left, top, 0, len(lines))
        pen.number_of(entry.anchor, self.width, base, size, link)
        words = " ".join(entry.words.split())
        pen.link_within(entry.anchor, words, link, left, bottom, self.width - left, top - bottom)

    def _height(self, lines: Lines) -> float:
        return lines.height(0) + 0.25 * self._style.size

    def _set(self, width: float) -> list[Lines]:
        if self._lines is None or self._lines[0] != width:
            self._lines = (width, [self._entry(entry, width) for entry in self._entries])
        return self._lines[1]

    def _entry(self, entry: ContentsEntry, width: float) -> Lines:
        """An entry's lines, all of which are one link."""
        room = width - _STEP * entry.level - 4 * self._style.size
        item = Element("TOCI", self._element)
        link = Element("Link", item)
        return self._setter.set_heading((Paragraph((Span(entry.words),)),), room, self._style, link)


def paper_canvas(flowable: Flowable) -> PaperCanvas:
    """The canvas that a flowable is being drawn on."""
    canvas = flowable.canv
    assert isinstance(canvas, PaperCanvas), "paper is drawn on a PaperCanvas"
    return canvas
