"""What a measure's values say: the latest, its target, red, amber or green, direction, comparators.

Reads observations; the arithmetic of red, amber and green is that of ``plan.rag``. A colour or a
direction is never guessed: where something is missing, nothing is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Final

from cypp_desktop.plan.blocks import Paragraph
from cypp_desktop.plan.figures import with_unit
from cypp_desktop.plan.model import Measure, Observation
from cypp_desktop.plan.rag import Reading, mark
from cypp_desktop.report.layouts.words import Blocks
from cypp_desktop.report.palette import RagSpan
from cypp_desktop.report.printed_fields import Source, Sources, source

_ACTUAL: Final = ("actual", "provisional", "estimate")
#: A colour as it is printed: a shape and its word, so that it is read without seeing the colour.
RAG_WORDS: Final = {"red": "■ Red", "amber": "● Amber", "green": "▲ Green", "none": "○ Cannot be told"}
#: The colours and what stands for "it cannot be told", in the order they are printed.
RAG_ORDER: Final = ("red", "amber", "green", "none")


def rag_of(measure: Measure, amber_within: Decimal) -> str | None:
    """``red``, ``amber`` or ``green``; None where it cannot be told."""
    readings = [
        Reading(seen.kind, seen.area, seen.last_day, str(seen.value))
        for seen in measure.observations
        if seen.value is not None
    ]
    return mark(measure.polarity or "", readings, amber_within)


def rag_words(colour: str) -> Blocks:
    """A colour as it is printed, in that colour."""
    return (Paragraph((RagSpan(RAG_WORDS[colour], bold=True, rag=colour),)),)


def own_area(measure: Measure) -> str | None:
    """The area that the measure is about: that of the first actual value."""
    return next((seen.area for seen in measure.observations if seen.kind in _ACTUAL), None)


def latest(measure: Measure) -> list[Observation]:
    """The latest actual value of the plan's own area, of each series."""
    return _latest_of(_own(measure), lambda seen: seen.series)


def targets(measure: Measure) -> list[Observation]:
    """The target of the plan's own area; where it has none, those of others (a national target)."""
    found = [seen for seen in measure.observations if seen.kind == "target"]
    area = own_area(measure)
    return _latest_of([seen for seen in found if seen.area == area] or found, lambda seen: seen.series)


def comparators(measure: Measure) -> list[Observation]:
    """The latest actual value of every other area and series."""
    area = own_area(measure)
    others = [seen for seen in measure.observations if seen.kind in _ACTUAL and seen.area != area]
    return _latest_of(others, lambda seen: (seen.area, seen.series))


def trend(measure: Measure) -> list[Observation]:
    """All actual values of the plan's own area, oldest first."""
    return _by_time(_own(measure))


def direction(measure: Measure) -> str:
    """Where the measure is going: "↑ Up, better", "→ No change"; empty where it cannot be told."""
    series = {seen.series for seen in _own(measure)}
    seen = [one for one in trend(measure) if one.value is not None and one.last_day]
    if len(series) > 1 or len(seen) < 2 or seen[-1].last_day == seen[-2].last_day:
        return ""
    before, now = seen[-2].value, seen[-1].value
    assert before is not None and now is not None
    if seen[-1].unit != seen[-2].unit:
        return ""
    if now == before:
        return "→ No change"
    up = now > before
    words = "↑ Up" if up else "↓ Down"
    if measure.polarity in ("higher", "lower"):
        words += ", better" if up == (measure.polarity == "higher") else ", worse"
    return words


def value_words(seen: Observation, unit: str | None = None) -> str:
    """A value with its unit: "17.2%", "5.9 per 1000 live births", "136th of 137", "good"."""
    if seen.value is None:
        return seen.words or ""
    return with_unit(f"{seen.value:f}", seen.unit or unit or "")


def observed(
    seen: Observation, unit: str | None = None, *, area: bool = False, period: bool = True, note: bool = False
) -> str:
    """A value on a line: "England, girls: 10.7% (2016/17, provisional)"."""
    before = ", ".join(word for word in (seen.area if area else None, seen.series) if word)
    kind = seen.kind if seen.kind in ("provisional", "estimate", "forecast", "baseline") else None
    after = ", ".join(word for word in (seen.period if period else None, kind) if word)
    words = value_words(seen, unit)
    if after:
        words += f" ({after})"
    if note and seen.note:
        words += f" {seen.note}"
    return f"{before}: {words}" if before else words


def value_sources(
    measure: Measure, shown: Iterable[Observation], *, area: bool = False, period: bool = True
) -> Sources:
    """Whose words :func:`observed` prints of these values of a measure."""
    found: list[Source] = []
    for seen in shown:
        columns = ["kind", "series"]
        if seen.value is None:
            columns.append("words")
        elif seen.unit:
            columns += ["value", "unit"]
        else:
            columns.append("value")
            found += source(measure, "unit")
        columns += ["area"] * area + ["period"] * period
        found.append(Source(seen, tuple(columns)))
    return tuple(found)


def _own(measure: Measure) -> list[Observation]:
    area = own_area(measure)
    return [seen for seen in measure.observations if seen.kind in _ACTUAL and seen.area == area]


def _latest_of(seen: Sequence[Observation], key: Callable[[Observation], object]) -> list[Observation]:
    """Of each group the one with the last period, or the last listed, in the order of first mention."""
    found: dict[object, Observation] = {}
    for one in seen:
        known = found.get(key(one))
        if known is None or (one.last_day or "") >= (known.last_day or ""):
            found[key(one)] = one
    return list(found.values())


def _by_time(seen: Iterable[Observation]) -> list[Observation]:
    """Dated values oldest first within their series; where one has no date, as they are listed."""
    listed = list(seen)
    if not all(one.last_day for one in listed):
        return listed
    return [
        one
        for _, group in groupby(sorted(listed, key=lambda one: one.series or ""), lambda one: one.series)
        for one in sorted(group, key=lambda one: one.last_day or "")
    ]
