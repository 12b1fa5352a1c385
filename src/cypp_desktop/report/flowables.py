"""What stands between tables on a page: anchors with bookmarks, framed text, the contents.

Flowables for the platypus frame that are set by the same :class:`Typesetter` as everything else. Knows
nothing of plans.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cypp_desktop.plan.blocks import Paragraph, Span
from cypp_desktop.report.canvas import INK, RULE, PaperCanvas, Pen
from cypp_desktop.report.fonts import FACES
from cypp_desktop.report.table import PageTable, Prose
from cypp_desktop.report.text import Element, Lines, Typesetter, TypeStyle

# isort: split
from reportlab.platypus.flowables import Flowable

_PADDING = 7.0
#: How far an entry of the contents is set in for each level.
_STEP = 14.0


class NumberedCanvas(PaperCanvas):
    """A canvas that can say on an early page on which page a later place is, in a single pass."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._pages_of: dict[str, int] = {}
        self._asked: dict[str, float] = {}
        self._outline_level = -1

    def mark_place(self, anchor: str, words: str, level: int, height: float) -> None:
        """Names the place where drawing is now, and lists it in the outline under what stands above it."""
        self._pages_of[anchor] = self.getPageNumber()
        self.bookmarkHorizontal(anchor, 0, height)
        if words:
            level = max(0, min(level, self._outline_level + 1))
            self._outline_level = level
            self.addOutlineEntry(words, anchor, level, closed=level > 0)

    def draw_page_of(self, anchor: str, x: float, y: float, size: float) -> None:
        """Leaves a place, up to ``x``, for the number of the page on which ``anchor`` is."""
        self._asked[anchor] = size
        self.saveState()
        self.translate(x, y)
        self.doForm(f"page-of-{anchor}")
        self.restoreState()

    def save(self) -> None:
        for anchor, size in self._asked.items():
            number = str(self._pages_of.get(anchor, "")) + " "
            wide = _width(self, number.strip(), size)
            self.beginForm(f"page-of-{anchor}", int(-6 * size), int(-size), int(size), int(2 * size))
            Pen(self).text(-wide, 0, FACES[0], size, number, INK)
            self.endForm()
        if self._pages_of:
            self.showOutline()
        super().save()


def _width(canvas: PaperCanvas, text: str, size: float) -> float:
    return float(canvas.stringWidth(text, FACES[0], size))


def _numbered(flowable: Flowable) -> NumberedCanvas:
    canvas = flowable.canv
    assert isinstance(canvas, NumberedCanvas), "paper with places is drawn on a NumberedCanvas"
    return canvas


class Anchor(Flowable):
    """The place of a heading that follows it: a target for links and an entry of the outline."""

    def __init__(self, name: str, words: str, level: int) -> None:
        super().__init__()
        self._name, self._words, self._level = name, words, level

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:
        return 0.0, 0.0

    def draw(self) -> None:
        _numbered(self).mark_place(self._name, self._words, self._level, 4.0)


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
        canvas = PageTable._canvas(self)
        Pen(canvas).boxes([(0.0, 0.0, self.width, self.height)], 0.8)
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
        self, entries: Sequence[ContentsEntry], setter: Typesetter, style: TypeStyle,
        lines: tuple[float, list[Lines]] | None = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self._entries, self._setter, self._style = entries, setter, style
        self._lines = lines

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
            ContentsList(self._entries[start:end], self._setter, self._style, (aW, lines[start:end]))
            for start, end in ((0, count), (count, len(lines)))
            if end > start
        ]

    def draw(self) -> None:
        canvas = _numbered(self)
        pen = Pen(canvas)
        top = self.height
        size = self._style.size
        for entry, lines in zip(self._entries, self._set(self.width), strict=True):
            left = _STEP * entry.level
            lines.draw(pen, left, top, 0, len(lines))
            bottom = top - lines.height(0)
            last = lines.lines[-1] if lines.lines else None
            if last is not None and last.runs:
                base = bottom + last.height - last.runs[0].drop
                pen.rule(left + last.width + 4, base, self.width - 3 * size, base, RULE, 0.4)
                canvas.draw_page_of(entry.anchor, self.width, base, size)
            canvas.linkAbsolute(entry.words, entry.anchor, (left, bottom, self.width, top))
            top = bottom - 0.25 * size

    def _height(self, lines: Lines) -> float:
        return lines.height(0) + 0.25 * self._style.size

    def _set(self, width: float) -> list[Lines]:
        if self._lines is None or self._lines[0] != width:
            found = [
                self._setter.set(
                    (Paragraph((Span(entry.words),)),), width - _STEP * entry.level - 4 * self._style.size,
                    self._style, Element("P"),
                )
                for entry in self._entries
            ]  # fmt: skip
            self._lines = (width, found)
        return self._lines[1]
