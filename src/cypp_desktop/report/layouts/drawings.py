"""Drawings that a layout prints beside its table: the same counts, seen at a glance.

Each says in words what it shows, and no shape depends on its colour alone. Reads what ``records`` counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cypp_desktop.plan.words import counted, in_a_sentence
from cypp_desktop.report.drawing import Figure, Label, Rectangle
from cypp_desktop.report.layouts.figures import RAG_ORDER, RAG_WORDS
from cypp_desktop.report.layouts.model import PrintScope
from cypp_desktop.report.layouts.records import rag_total
from cypp_desktop.report.palette import RAG_TONES
from cypp_desktop.report.printed_fields import source

_WIDTH: Final = 480.0  # points: it fits upright A4
_GAP: Final = 1.5
_SAID: Final = {"none": "of which it cannot be told"}
_LETTER: Final = 0.62  # of the size: as wide as a letter is at most, on average


def rag_bar(scope: PrintScope, size: float) -> Figure | None:
    """How many measures are red, amber and green, as parts of a bar; ``size`` is that of the text.

    None where there is nothing to count.
    """
    counts = rag_total(scope)
    whole = sum(counts.values())
    if not whole:
        return None
    height, x = 2.2 * size, _GAP
    shown = [colour for colour in RAG_ORDER if counts[colour]]
    room = _WIDTH - _GAP * (len(shown) + 1)
    shapes: list[Rectangle | Label] = []
    for colour in shown:
        wide, tone = room * counts[colour] / whole, RAG_TONES[colour]
        shapes.append(Rectangle(x, _GAP, wide, height - 2 * _GAP, tone.fill, tone.ink))
        name, number = RAG_WORDS[colour], counts[colour]
        words = _fitting((f"{name}: {number}", f"{name[0]} {number}"), wide, size)
        if words:
            shapes.append(Label(x + wide / 2, 0.5 * height + 0.36 * size, words, size, tone.on_fill))
        x += wide + _GAP
    return Figure(_in_words(scope, counts), _WIDTH, height, tuple(shapes))


def _fitting(choices: tuple[str, ...], wide: float, size: float) -> str:
    """The first words that fit into a part of the bar; empty where none do."""
    return next((words for words in choices if len(words) * _LETTER * size <= wide - 0.5 * size), "")


def _in_words(scope: PrintScope, counts: Mapping[str, int]) -> str:
    scope.printed.add(source(scope.plan, "level_measure"))
    level = in_a_sentence(scope.plan.level_measure or "Performance measure")
    said = [f"{number} {_SAID.get(colour, colour)}" for colour, number in counts.items()]
    return f"{counted(sum(counts.values()), level)}: {', '.join(said)}."
