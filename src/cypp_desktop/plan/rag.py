"""Red, amber, green: how the latest value of a measure stands to its target.

Green meets the target. Amber misses it by no more than a tenth of the target, or what the plan
says instead. Red is worse.
Nothing is said where polarity, value or target is missing: a colour must never be guessed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

#: How far a value may miss its target, as a share of the target, and still be amber.
AMBER_WITHIN = Decimal("0.10")


@dataclass(frozen=True, slots=True)
class Reading:
    """One observed value: its kind, its area, the last day of its period and the number as text."""

    kind: str
    area: str | None
    period_end: str | None
    value: str


def amber_share(rules: Mapping[str, Any]) -> Decimal:
    """How far a value may miss its target under a plan's RAG rules, as a share of the target.

    ``rules`` is ``Plan.rag_rules``: ``amber_within`` is in percent; without it, or where it is no
    number from 0 to 100, the share is :data:`AMBER_WITHIN`.
    """
    said = rules.get("amber_within")
    if isinstance(said, bool) or not isinstance(said, (int, float)) or not 0 <= said <= 100:
        return AMBER_WITHIN
    return Decimal(str(said)) / 100


def mark(polarity: str, readings: Sequence[Reading], amber_within: Decimal = AMBER_WITHIN) -> str | None:
    """``green``, ``amber`` or ``red`` for readings in plan order; None where it cannot be told.

    The area judged is that of the first actual value. The latest actual is the one with the last
    period, or the last listed where periods are not dated; the target is chosen likewise, and
    only among targets for that area.
    """
    actuals = [reading for reading in readings if reading.kind in ("actual", "provisional")]
    if polarity not in ("higher", "lower") or not actuals:
        return None
    area = actuals[0].area
    actual = _latest(actuals, area)
    target = _latest([reading for reading in readings if reading.kind == "target"], area)
    if actual is None or target is None:
        return None
    shortfall = target - actual if polarity == "higher" else actual - target
    if shortfall <= 0:
        return "green"
    return "amber" if shortfall <= abs(target) * amber_within else "red"


def _latest(readings: Sequence[Reading], area: str | None) -> Decimal | None:
    """The latest value for an area; of readings without a day the one listed last."""
    latest: Reading | None = None
    for reading in readings:
        if reading.area != area:
            continue
        if latest is None or (reading.period_end or "") >= (latest.period_end or ""):
            latest = reading
    if latest is None:
        return None
    try:
        return Decimal(latest.value)
    except InvalidOperation:
        return None
