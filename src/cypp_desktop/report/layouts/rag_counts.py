"""How many measures are red, amber and green: as a table, and as a bar that shows it at a glance.

The bar says in words what it shows, and no shape depends on its colour alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from cypp_desktop.plan.levels import DEFAULT_LEVEL_NAMES
from cypp_desktop.plan.model import Priority
from cypp_desktop.plan.words import counted, in_a_sentence
from cypp_desktop.report.cells import Blocks
from cypp_desktop.report.drawing import Figure, Label, Rectangle
from cypp_desktop.report.layouts.columns import says
from cypp_desktop.report.layouts.figures import RAG_WORDS, rag_of
from cypp_desktop.report.layouts.model import LayoutColumn, PrintScope, Record, RecordCell, RecordGroup
from cypp_desktop.report.layouts.words import (
    emphatic,
    literal,
    measure_name,
    priority_heading,
    priority_sources,
)
from cypp_desktop.report.palette import RAG_TONES, Rag
from cypp_desktop.report.printed_fields import Sources, source

RAG_COLUMNS: Final = (
    LayoutColumn(
        "priority",
        lambda scope: scope.plan.level_priority or DEFAULT_LEVEL_NAMES["priority"],
        48,
        is_header=True,
        level="level_priority",
    ),
    *(LayoutColumn(rag, says(RAG_WORDS[rag]), 12) for rag in Rag),
    LayoutColumn("all", says("All"), 8),
)

Counts = dict[Rag, int]

# ---------------------------------------------------------------------------------- the table


def rag_counts(scope: PrintScope) -> list[tuple[Priority, Counts]]:
    """How many measures of every priority are red, amber and green, and how many cannot be told."""
    found: dict[str, tuple[Priority, Counts]] = {}
    for priority, outcome in scope.outcomes():
        _, counts = found.setdefault(priority.id, (priority, dict.fromkeys(Rag, 0)))
        for measure in scope.measures(outcome):
            counts[rag_of(measure, scope.amber_within)] += 1
    return list(found.values())


def rag_total(scope: PrintScope) -> Counts:
    """The same for the whole plan."""
    total = dict.fromkeys(Rag, 0)
    for _, counts in rag_counts(scope):
        for rag, count in counts.items():
            total[rag] += count
    return total


def rag_summary(scope: PrintScope) -> Iterator[RecordGroup]:
    """The counts as a table: a row for every priority, and one for them all."""
    records: list[Record] = []
    for priority, counts in rag_counts(scope):
        name = priority_heading(scope.plan, priority) or scope.plan.level_priority
        sources = priority_sources(scope.plan, priority) or source(scope.plan, "level_priority")
        records.append(_counted(literal(name), counts, sources))
    if len(records) > 1:
        records.append(_counted(emphatic("All"), rag_total(scope), ()))
    yield RecordGroup("", records)


def _counted(name: Blocks, counts: Counts, sources: Sources) -> Record:
    record = {"priority": RecordCell(name, sources)}
    for rag, number in counts.items():
        record[rag] = RecordCell(literal(str(number)))
    record["all"] = RecordCell(literal(str(sum(counts.values()))))
    return record


# ---------------------------------------------------------------------------------- the bar

_WIDTH: Final = 480.0  # points: it fits upright A4
_GAP: Final = 1.5
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
    shown = [rag for rag in Rag if counts[rag]]
    room = _WIDTH - _GAP * (len(shown) + 1)
    shapes: list[Rectangle | Label] = []
    for rag in shown:
        width, tone = room * counts[rag] / whole, RAG_TONES[rag]
        shapes.append(
            Rectangle(x=x, y=_GAP, width=width, height=height - 2 * _GAP, fill=tone.fill, edge=tone.ink)
        )
        words = _fitting(RAG_WORDS[rag], counts[rag], width, size)
        if words:
            shapes.append(
                Label(x=x + width / 2, y=0.5 * height + 0.36 * size, words=words, size=size, ink=tone.on_fill)
            )
        x += width + _GAP
    return Figure(alt=_in_words(scope, counts), width=_WIDTH, height=height, shapes=tuple(shapes))


def _fitting(name: str, number: int, width: float, size: float) -> str:
    """The name and number of a part of the bar, the shape and number alone, or nothing: what fits into it."""
    for words in (f"{name}: {number}", f"{name[0]} {number}"):
        if len(words) * _LETTER * size <= width - 0.5 * size:
            return words
    return ""


def _in_words(scope: PrintScope, counts: Mapping[Rag, int]) -> str:
    scope.printed.add(source(scope.plan, "level_measure"))
    level = in_a_sentence(measure_name(scope.plan))
    parts: list[str] = []
    for rag, number in counts.items():
        parts.append(f"{number} {'of which it cannot be told' if rag is Rag.NONE else rag}")
    return f"{counted(sum(counts.values()), level)}: {', '.join(parts)}."
