"""The three levels of a plan, outermost first, and what the plan calls them. No SQLAlchemy, no Qt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Final

#: The row types of the levels.
LEVELS: Final = ("priority", "outcome", "measure")
#: What a level is called where the plan does not say.
DEFAULT_LEVEL_NAMES: Final[Mapping[str, str]] = {
    "priority": "Priority",
    "outcome": "Outcome",
    "measure": "Performance measure",
}
#: The columns of the plan that say it, in the order of the levels.
LEVEL_COLUMNS: Final = tuple(f"level_{level}" for level in LEVELS)
#: The level in which the rows of each level stand.
LEVEL_ABOVE: Final[Mapping[str, str]] = {below: above for above, below in pairwise(LEVELS)}


def level_names(said: Iterable[str | None]) -> dict[str, str]:
    """The names of the levels by row type, for what the plan's own columns say."""
    return {level: name or DEFAULT_LEVEL_NAMES[level] for level, name in zip(LEVELS, said, strict=True)}
