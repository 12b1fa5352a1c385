"""The page that everything is drawn on: fast text, rules and boxes, "page x of y", links.

All drawing of ``report`` goes through :class:`Pen`, so that marks on a page have one way in.
Knows fonts; knows nothing of tables or plans.
"""

from __future__ import annotations

import re
from typing import Any

from cypp_desktop.report.fonts import FACES, register

# isort: split
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

Colour = tuple[float, float, float]
INK: Colour = (0.10, 0.10, 0.12)
QUIET: Colour = (0.36, 0.38, 0.42)
ACCENT: Colour = (0.11, 0.25, 0.42)
LINK: Colour = (0.05, 0.28, 0.63)
RULE: Colour = (0.62, 0.66, 0.71)
SHADE: Colour = (0.90, 0.93, 0.96)

_TOTAL = "page-total"
_OPENABLE = re.compile(r"(https?://|mailto:)\S+\Z", re.IGNORECASE)


class _Encoder(dict[int, str]):
    """Characters as the codes of a font's first subset in one document, escaped for a PDF string."""

    def __init__(self, canvas: PaperCanvas, font: str) -> None:
        super().__init__()
        self._canvas = canvas
        self._font: Any = pdfmetrics.getFont(font)
        self._names: dict[int, str] = {}
        self.beyond = False

    def __missing__(self, code: int) -> str:
        ((subset, data),) = self._font.splitString(chr(code), self._canvas.document)
        if subset:
            self.beyond = True
            return ""
        shown = self[code] = self._canvas.escaped(data)
        return shown

    def operators(self, text: str, size: str) -> str:
        """The operators that choose the font and show the text."""
        shown = text.translate(self)
        if not self.beyond:
            return f"{self._name(0)} {size} Tf ({shown}) Tj"
        self.beyond = False
        return " ".join(
            f"{self._name(subset)} {size} Tf ({self._canvas.escaped(data)}) Tj"
            for subset, data in self._font.splitString(text, self._canvas.document)
        )

    def _name(self, subset: int) -> str:
        name = self._names.get(subset)
        if name is None:
            name = self._names[subset] = self._font.getSubsetInternalName(subset, self._canvas.document)
        return name


class PaperCanvas(Canvas):
    """A canvas whose pages can say of how many pages they are one, in a single pass."""

    def __init__(self, *args: Any, **options: Any) -> None:
        register()
        super().__init__(*args, **options)
        self._encoders: dict[str, _Encoder] = {}
        self._pages_shown = 0
        self._total_size: float | None = None

    @property
    def document(self) -> Any:
        return self._doc  # type: ignore[attr-defined]

    def escaped(self, data: bytes) -> str:
        return str(self._escape(data))  # type: ignore[attr-defined]

    def encoder(self, font: str) -> _Encoder:
        encoder = self._encoders.get(font)
        if encoder is None:
            encoder = self._encoders[font] = _Encoder(self, font)
        return encoder

    def emit(self, operators: str) -> None:
        """Adds operators to the page's content stream."""
        self._code.append(operators)  # type: ignore[attr-defined]

    def draw_total(self, x: float, y: float, size: float) -> None:
        """Leaves a place, from ``x`` rightwards, for the number of pages."""
        self._total_size = size
        self.saveState()
        self.translate(x, y)
        self.doForm(_TOTAL)
        self.restoreState()

    def showPage(self) -> None:
        self._pages_shown += 1
        super().showPage()

    def save(self) -> None:
        if self._total_size is not None:
            size = self._total_size
            self.beginForm(_TOTAL, 0, int(-size), int(8 * size), int(2 * size))
            Pen(self).text(0, 0, FACES[0], size, f"{self._pages_shown} ", QUIET)
            self.endForm()
        super().save()


class Pen:
    """Draws one thing on a canvas; colours are set once for as long as they stay the same."""

    def __init__(self, canvas: PaperCanvas) -> None:
        self._canvas = canvas
        self._ink: Colour | None = None

    def text(self, x: float, y: float, font: str, size: float, text: str, colour: Colour = INK) -> None:
        """Text from ``x`` rightwards on the base line ``y``."""
        shown = self._canvas.encoder(font).operators(text, f"{size:.4g}")
        self._canvas.emit(f"{self._colour(colour)}BT 1 0 0 1 {x:.2f} {y:.2f} Tm {shown} ET")

    def fill(self, x: float, y: float, width: float, height: float, colour: Colour) -> None:
        self._canvas.emit(f"{self._colour(colour)}{x:.2f} {y:.2f} {width:.2f} {height:.2f} re f")

    def boxes(self, rectangles: list[tuple[float, float, float, float]], width: float = 0.5) -> None:
        """The outlines of rectangles (x, y, width, height)."""
        if rectangles:
            path = " ".join(f"{x:.2f} {y:.2f} {w:.2f} {h:.2f} re" for x, y, w, h in rectangles)
            self._canvas.emit(f"{_rgb(RULE)} RG {width:.2f} w {path} S")

    def rule(
        self, x1: float, y1: float, x2: float, y2: float, colour: Colour = RULE, width: float = 0.5
    ) -> None:
        self._canvas.emit(f"{_rgb(colour)} RG {width:.2f} w {x1:.2f} {y1:.2f} m {x2:.2f} {y2:.2f} l S")

    def link(self, address: str, x: float, y: float, width: float, height: float) -> None:
        """A place to click, if the address is one of the web or of a mailbox."""
        if _OPENABLE.match(address):
            self._canvas.linkURL(address, (x, y, x + width, y + height), relative=1)

    def smaller(self, x: float, y: float, scale: float) -> None:
        """Draws at ``scale`` around (0, 0) at (x, y), until :meth:`as_before`."""
        self._canvas.saveState()
        self._canvas.translate(x, y)
        self._canvas.scale(scale, scale)

    def as_before(self) -> None:
        self._canvas.restoreState()
        self._ink = None

    def _colour(self, colour: Colour) -> str:
        if colour == self._ink:
            return ""
        self._ink = colour
        return f"{_rgb(colour)} rg "


def _rgb(colour: Colour) -> str:
    return "{:.3g} {:.3g} {:.3g}".format(*colour)
