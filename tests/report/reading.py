"""Reads a printed PDF back: what is shown where, by following the pages' operators.

Knows only what the printer writes (text, translations, forms), so that no other tool is needed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import groupby
from typing import Any

import pikepdf

Matrix = tuple[float, float, float, float, float, float]
_HERE: Matrix = (1, 0, 0, 1, 0, 0)


@dataclass(frozen=True)
class Shown:
    """A piece of text on a page: its words, left end, base line, width and size, in points."""

    text: str
    x: float
    y: float
    width: float
    size: float
    font: str


@dataclass(frozen=True)
class Leaf:
    """A page: its size and all text on it, from top to bottom and left to right."""

    width: float
    height: float
    shown: tuple[Shown, ...]

    @property
    def text(self) -> str:
        """The text, line by line."""
        lines = groupby(self.shown, lambda piece: round(piece.y, 1))
        return "\n".join("".join(piece.text for piece in line) for _, line in lines)

    def outside(self) -> list[Shown]:
        """What is not, or not wholly, on the page."""
        return [
            piece
            for piece in self.shown
            if piece.x < 0
            or piece.x + piece.width > self.width
            or piece.y - 0.3 * piece.size < 0
            or piece.y + piece.size > self.height
        ]


def leaves(data: bytes) -> list[Leaf]:
    """The pages of a PDF."""
    with pikepdf.open(BytesIO(data)) as pdf:
        fonts: dict[Any, Font] = {}
        found = []
        for page in pdf.pages:
            box = [float(edge) for edge in page.mediabox]
            shown = sorted(
                _shown(page, page.obj, _HERE, fonts), key=lambda piece: (-round(piece.y, 1), piece.x)
            )
            found.append(Leaf(box[2], box[3], tuple(shown)))
        return found


def font_names(data: bytes) -> set[str]:
    """The names of all fonts in a PDF, embedded or not, with a + after the embedded ones."""
    names = set()
    with pikepdf.open(BytesIO(data)) as pdf:
        for thing in pdf.objects:
            if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/Font":
                embedded = "/FontFile2" in thing.get("/FontDescriptor", {})
                names.add(
                    str(thing["/BaseFont"])[1:].partition("+")[2] + "+" * embedded or str(thing["/BaseFont"])
                )
    return names


class Font:
    """A font of the file: which characters its codes show, and how wide they are."""

    def __init__(self, font: Any) -> None:
        self.name = str(font["/BaseFont"])
        cmap = font["/ToUnicode"].read_bytes().decode("latin-1")
        pairs = re.findall(r"<([0-9A-Fa-f]{2})> <([0-9A-Fa-f]{4,})>", cmap)
        self.characters = {int(code, 16): bytes.fromhex(text).decode("utf-16-be") for code, text in pairs}
        first = int(font["/FirstChar"])
        self.widths = {first + at: float(wide) / 1000 for at, wide in enumerate(font["/Widths"])}

    def decoded(self, codes: bytes) -> str:
        return "".join(self.characters.get(code, "�") for code in codes)


def _shown(stream: Any, holder: Any, outer: Matrix, fonts: dict[Any, Font]) -> Iterator[Shown]:
    resources = holder["/Resources"]
    stack: list[Matrix] = []
    here, place, start = outer, _HERE, _HERE
    font, size = None, 0.0
    for operands, operator in pikepdf.parse_content_stream(stream):
        match str(operator):
            case "q":
                stack.append(here)
            case "Q":
                here = stack.pop()
            case "cm":
                here = _times(_matrix(operands), here)
            case "BT":
                place = start = _HERE
            case "Tm":
                place = start = _matrix(operands)
            case "Td":
                place = start = _times((1, 0, 0, 1, float(operands[0]), float(operands[1])), start)
            case "Tf":
                key = resources["/Font"][str(operands[0])].objgen
                if key not in fonts:
                    fonts[key] = Font(resources["/Font"][str(operands[0])])
                font, size = fonts[key], float(operands[1])
            case "Tj":
                assert font is not None
                codes = bytes(operands[0])
                at = _times(place, here)
                wide = sum(font.widths.get(code, 0.0) for code in codes) * size
                text = font.decoded(codes)
                blank = (len(text) - len(text.rstrip())) * font.widths.get(32, 0.0) * size
                yield Shown(text, at[4], at[5], (wide - blank) * at[0], size * at[0], font.name)
                place = _times((1, 0, 0, 1, wide, 0), place)
            case "Do":
                form = resources["/XObject"][str(operands[0])]
                if form.get("/Subtype") == "/Form":
                    yield from _shown(form, form, here, fonts)


def _matrix(operands: Any) -> Matrix:
    a, b, c, d, e, f = (float(number) for number in operands)
    return a, b, c, d, e, f


def _times(first: Matrix, second: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)
