"""What a measure's values say: the latest, its target, red, amber or green, direction, comparators.

Reads observations; the arithmetic of red, amber and green is that of ``plan.rag``. A colour or a
direction is never guessed: where something is missing, nothing is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Final

from cypp_desktop.plan.blocks import Paragraph
from cypp_desktop.plan.figures import with_unit
from cypp_desktop.plan.model import Measure, Observation, ObservationKind, Polarity
from cypp_desktop.plan.rag import Reading, mark
from cypp_desktop.report.cells import Blocks
from cypp_desktop.report.palette import Rag, RagSpan
from cypp_desktop.report.printed_fields import Source, Sources, source

_ACTUAL: Final = (ObservationKind.ACTUAL, ObservationKind.PROVISIONAL, ObservationKind.ESTIMATE)
#: Kinds of values that are said beside a value.
_SAID_KINDS: Final = (
    ObservationKind.PROVISIONAL,
    ObservationKind.ESTIMATE,
    ObservationKind.FORECAST,
    ObservationKind.BASELINE,
)
#: A colour as it is printed: a shape and its word, so that it is read without seeing the colour.
RAG_WORDS: Final = {
    Rag.RED: "■ Red",
    Rag.AMBER: "● Amber",
    Rag.GREEN: "▲ Green",
    Rag.NONE: "○ Cannot be told",
}


def rag_of(measure: Measure, amber_within: Decimal) -> Rag:
    """How a measure stands to its target."""
    readings = [
        Reading(value.kind, value.area, value.last_day, str(value.value))
        for value in measure.observations
        if value.value is not None
    ]
    return Rag(mark(measure.polarity or "", readings, amber_within) or Rag.NONE)


def rag_words(rag: Rag) -> Blocks:
    """A colour as it is printed, in that colour."""
    return (Paragraph((RagSpan(RAG_WORDS[rag], bold=True, rag=rag),)),)


def own_area(measure: Measure) -> str | None:
    """The area that the measure is about: that of the first actual value."""
    return next((value.area for value in measure.observations if value.kind in _ACTUAL), None)


def latest(measure: Measure) -> list[Observation]:
    """The latest actual value of the plan's own area, of each series."""
    return _latest_of(_own_values(measure), lambda value: value.series)


def targets(measure: Measure) -> list[Observation]:
    """The target of the plan's own area; where it has none, those of others (a national target)."""
    found = [value for value in measure.observations if value.kind == ObservationKind.TARGET]
    area = own_area(measure)
    own = [value for value in found if value.area == area]
    return _latest_of(own or found, lambda value: value.series)


def comparators(measure: Measure) -> list[Observation]:
    """The latest actual value of every other area and series."""
    area = own_area(measure)
    others = [value for value in measure.observations if value.kind in _ACTUAL and value.area != area]
    return _latest_of(others, lambda value: (value.area, value.series))


def trend(measure: Measure) -> list[Observation]:
    """All actual values of the plan's own area, oldest first."""
    return _by_time(_own_values(measure))


def direction(measure: Measure) -> str:
    """Where the measure is going: "↑ Up, better", "→ No change"; empty where it cannot be told."""
    last_two = _last_two(measure)
    if last_two is None:
        return ""
    before, now = last_two
    if now == before:
        return "→ No change"
    is_up = now > before
    words = "↑ Up" if is_up else "↓ Down"
    if measure.polarity in (Polarity.HIGHER, Polarity.LOWER):
        is_better = is_up == (measure.polarity == Polarity.HIGHER)
        words += ", better" if is_better else ", worse"
    return words


def _last_two(measure: Measure) -> tuple[Decimal, Decimal] | None:
    """The last two values of a measure with one series; None where they cannot be compared."""
    if len({value.series for value in _own_values(measure)}) > 1:
        return None
    dated = [value for value in trend(measure) if value.value is not None and value.last_day]
    if len(dated) < 2:
        return None
    before, now = dated[-2:]
    if now.last_day == before.last_day or now.unit != before.unit:
        return None
    assert before.value is not None and now.value is not None
    return before.value, now.value


def value_words(value: Observation, unit: str | None = None) -> str:
    """A value with its unit: "17.2%", "5.9 per 1000 live births", "136th of 137", "good"."""
    if value.value is None:
        return value.words or ""
    return with_unit(f"{value.value:f}", value.unit or unit or "")


def observed(value: Observation, unit: str | None = None, *, area: bool = False, period: bool = True) -> str:
    """A value on a line: "England, girls: 10.7% (2016/17, provisional)"."""
    of_what = [value.area if area else None, value.series]
    said_of_it = [value.period if period else None, value.kind if value.kind in _SAID_KINDS else None]
    words = value_words(value, unit)
    if any(said_of_it):
        words += f" ({', '.join(filter(None, said_of_it))})"
    if any(of_what):
        return f"{', '.join(filter(None, of_what))}: {words}"
    return words


def value_sources(
    measure: Measure, shown: Iterable[Observation], *, area: bool = False, period: bool = True
) -> Sources:
    """Whose words :func:`observed` prints of these values of a measure."""
    found: list[Source] = []
    for value in shown:
        columns = ["kind", "series"]
        if value.value is None:
            columns.append("words")
        elif value.unit:
            columns += ["value", "unit"]
        else:
            columns.append("value")
            found += source(measure, "unit")
        if area:
            columns.append("area")
        if period:
            columns.append("period")
        found.append(Source(value, tuple(columns)))
    return tuple(found)


def _own_values(measure: Measure) -> list[Observation]:
    """The actual values of the plan's own area."""
    area = own_area(measure)
    return [value for value in measure.observations if value.kind in _ACTUAL and value.area == area]


def _latest_of(values: Sequence[Observation], key: Callable[[Observation], object]) -> list[Observation]:
    """Of each group the one with the last period, or the last listed, in the order of first mention."""
    found: dict[object, Observation] = {}
    for value in values:
        known = found.get(key(value))
        if known is None or (value.last_day or "") >= (known.last_day or ""):
            found[key(value)] = value
    return list(found.values())


def _by_time(values: Sequence[Observation]) -> list[Observation]:
    """Dated values oldest first within their series; where one has no date, as they are listed."""
    if not all(value.last_day for value in values):
        return list(values)
    in_time = sorted(values, key=lambda value: value.last_day or "")
    return sorted(in_time, key=lambda value: value.series or "")
