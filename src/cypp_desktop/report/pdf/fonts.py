"""The embedded fonts, and which of them has a glyph for what.

Sets ReportLab up for this whole package: no unembedded Helvetica, the same bytes for the same plan,
no ASCII85. Every other module of ``report`` that imports ReportLab imports this one first, because
ReportLab's platypus reads the base font's name when it is imported. Knows nothing of plans.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import groupby
from typing import Any, NamedTuple
from unicodedata import category, combining

from reportlab import rl_config
from reportlab.lib.fonts import addMapping
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from cypp_desktop.paths import resource

BOLD = 1
ITALIC = 2
#: the faces of a text: regular, bold, italic, bold italic (``BOLD`` and ``ITALIC`` added)
FACES = ("PlanSans", "PlanSans-Bold", "PlanSans-Italic", "PlanSans-BoldItalic")
_FILES = {
    "PlanSans": "NotoSans-Regular.ttf",
    "PlanSans-Bold": "NotoSans-Bold.ttf",
    "PlanSans-Italic": "NotoSans-Italic.ttf",
    "PlanSans-BoldItalic": "NotoSans-BoldItalic.ttf",
    "PlanMarks": "DejaVuSans.ttf",
    "PlanMarks-Bold": "DejaVuSans-Bold.ttf",
    "PlanNaskh": "NotoNaskhArabic-Regular.ttf",
    "PlanNaskh-Bold": "NotoNaskhArabic-Bold.ttf",
}
#: the fonts of each face in the order in which they are asked for a glyph
_CHAINS = tuple(
    (face, f"PlanMarks{'-Bold' * (at & BOLD)}", f"PlanNaskh{'-Bold' * (at & BOLD)}")
    for at, face in enumerate(FACES)
)

addMapping(FACES[0], 0, 0, FACES[0])
addMapping(FACES[0], 1, 0, FACES[1])
addMapping(FACES[0], 0, 1, FACES[2])
addMapping(FACES[0], 1, 1, FACES[3])
rl_config.canvas_basefontname = FACES[0]
rl_config.invariant = 1
rl_config.useA85 = 0


@cache
def load(name: str) -> Any:
    """One of our fonts, read when it is first asked for and then known to ReportLab.

    Raises ``FileProblem`` if its file is missing.
    """
    font = TTFont(name, str(resource(f"fonts/{_FILES[name]}")))
    pdfmetrics.registerFont(font)
    return font


# ---------------------------------------------------------------------------------- measuring


class WordPiece(NamedTuple):
    """Part of a word that one font draws; ``width`` is for a size of 1 point."""

    font: str
    text: str
    width: float
    link: str | None = None


class Word(NamedTuple):
    """Characters without a break between them; widths are for a size of 1 point.

    ``blank`` is the width of a blank after it. ``font`` is set where one font draws the whole word
    and no link is on it, which is nearly always.
    """

    width: float
    blank: float
    text: str
    font: str | None
    pieces: tuple[WordPiece, ...]

    def linked(self, link: str) -> Word:
        pieces = tuple(piece._replace(link=link) for piece in self.pieces)
        return self._replace(font=None, pieces=pieces)

    def glued(self, other: Word) -> Word:
        """Both, without a blank between them."""
        pieces = self.pieces + other.pieces
        return Word(self.width + other.width, other.blank, self.text + other.text, None, pieces)


class _Words(dict[str, Word]):
    """The words of one face, each measured when it is first asked for."""

    def __init__(self, face: int, missing: set[str]) -> None:
        super().__init__()
        self._fonts = _CHAINS[face]
        self._blank = _width(FACES[face], " ")
        self._missing = missing

    def __missing__(self, text: str) -> Word:
        pieces = tuple(self._pieces(text))
        font = pieces[0].font if len(pieces) == 1 and pieces[0].text == text else None
        word = self[text] = Word(sum(piece.width for piece in pieces), self._blank, text, font, pieces)
        return word

    def _pieces(self, text: str) -> Iterator[WordPiece]:
        first = self._fonts[0]
        if _coverage(first).issuperset(text):
            yield WordPiece(first, text, _width(first, text))
            return
        for font, run in self.runs(text):
            yield WordPiece(font, run, _width(font, run))

    def runs(self, text: str, from_right: bool = False) -> Iterator[tuple[str, str]]:
        """The parts of a text that one font draws; marks stay with the letter that they are on.

        A character that no font has stands there as a sign that says so, in a part of its own.
        """
        fonts = self._fonts[::-1] if from_right else self._fonts
        chosen: list[tuple[str, str]] = []
        for character in text:
            found = next((font for font in fonts if character in _coverage(font)), None)
            if chosen and combining(character) and character in _coverage(chosen[-1][0]):
                found = chosen[-1][0]
            if found is None:
                self._missing.add(character)
                found, character = self._fonts[0], _stand_in(self._fonts[0], character)
            chosen.append((found, character))
        for (font, _), pairs in groupby(chosen, lambda pair: (pair[0], is_private(pair[1]))):
            yield font, "".join(character for _, character in pairs)


class FontBook:
    """Words measured once each, and the characters that no font has (``missing``)."""

    def __init__(self) -> None:
        self.missing: set[str] = set()
        self._faces = tuple(_Words(face, self.missing) for face in range(len(FACES)))

    def words(self, face: int) -> Mapping[str, Word]:
        """Any word (cleaned, without blanks) in the font that has its glyphs, or else in several."""
        return self._faces[face]

    def runs(self, face: int, text: str, from_right: bool) -> Iterator[tuple[str, str]]:
        """The parts of a text that one font draws, with its name."""
        return self._faces[face].runs(text, from_right)

    def blank(self, face: int) -> float:
        """The width of a blank at a size of 1 point."""
        return _width(FACES[face], " ")

    def advance(self, font: str, character: str) -> float:
        """The width of one character of a font at a size of 1 point."""
        return _width(font, character)


def _width(font: str, text: str) -> float:
    return float(load(font).stringWidth(text, 1))


@cache
def _coverage(font: str) -> frozenset[str]:
    glyphs = load(font).face.charToGlyph
    return frozenset(chr(code) for code in glyphs if code < _PRIVATE) | {"\u00a0"}


# ---------------------------------------------------------------------------------- private characters

#: from here on are the private planes, where glyphs without a character of their own are put
_PRIVATE = 0xF0000
#: what is shown for a character that no font has
_UNKNOWN = "\ufffd"


def is_private(text: str) -> bool:
    """Whether a text begins with a character that is only ours: a glyph that means something else."""
    return ord(text[0]) >= _PRIVATE


def meaning(font: str, code: int) -> str:
    """The text that a character of the font stands for, as it is to be read back from a PDF."""
    return glyphs_of(font).said[code] if code >= _PRIVATE else chr(code)


class Glyphs:
    """The glyphs of a ReportLab font, each with a character for everything that it means."""

    def __init__(self, face: Any) -> None:
        self._face = face
        self._known: dict[tuple[int, str], str] = {}
        self.said: dict[int, str] = {}

    def has_outline(self, glyph: int) -> bool:
        places = self._face.glyphPos
        return bool(places[glyph + 1] > places[glyph])

    def character(self, glyph: int, said: str) -> str:
        if len(said) == 1 and self._face.charToGlyph.get(ord(said)) == glyph:
            return said
        known = self._known.get((glyph, said))
        if known is None:
            code = _PRIVATE + len(self._known)
            self._face.charToGlyph[code] = glyph
            self._face.charWidths[code] = self._face.hmetrics[glyph][0] * 1000 / self._face.unitsPerEm
            self.said[code] = said
            known = self._known[glyph, said] = chr(code)
        return known


@cache
def glyphs_of(font: str) -> Glyphs:
    """The glyphs of one of our fonts."""
    return Glyphs(load(font).face)


def _stand_in(font: str, character: str) -> str:
    """The sign for a character that no font has. It is read back as that character, if that says anything
    to anybody: one from a private area, which a PDF/A may not name, is read back as the sign itself.
    """
    said = _UNKNOWN if category(character) == "Co" else character
    return glyphs_of(font).character(load(font).face.charToGlyph[ord(_UNKNOWN)], said)
