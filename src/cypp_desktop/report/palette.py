"""The colours of red, amber and green on paper, for every output: PDF, HTML and Word.

Contrast is that of WCAG 2.2: ink is more than 4.5 to 1 on white and on the shade of a table's heading, and so
are words on a fill, whose edge has the ink. No colour ever speaks alone: its word stands with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from cypp_desktop.plan.blocks import Span


class Rag(StrEnum):
    """How a measure stands, in the order in which it is printed."""

    RED = "red"
    AMBER = "amber"
    GREEN = "green"
    #: It cannot be told.
    NONE = "none"


class Tone(NamedTuple):
    """How a colour is shown, written as in HTML: its words, an area of it, and words on that."""

    ink: str
    fill: str
    on_fill: str


RAG_TONES: Final = {
    Rag.RED: Tone("#a1201a", "#c2332a", "#ffffff"),
    Rag.AMBER: Tone("#7a4f00", "#ffbf47", "#1a1a1e"),
    Rag.GREEN: Tone("#175e2c", "#1f7a3d", "#ffffff"),
    Rag.NONE: Tone("#4a4f57", "#e8ebef", "#1a1a1e"),
}


@dataclass(frozen=True, slots=True)
class RagSpan(Span):
    """Words in the ink of red, amber or green, which they name."""

    rag: Rag = Rag.NONE

    @property
    def ink(self) -> str:
        return RAG_TONES[self.rag].ink


def parts_of(colour: str) -> tuple[float, float, float]:
    """A colour as its parts of red, green and blue, from 0 to 1."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue
