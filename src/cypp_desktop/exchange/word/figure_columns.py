"""Columns of figures: baselines, targets, and what was reached in quarters, terms and years.

A blank cell or a dash is no value, never "the same as above". What is no figure stays words: of a baseline or
target as they stand ("no baseline"), of a period a commentary on it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cypp_desktop.plan.dates import parse_span
from cypp_desktop.plan.figures import parsed_value

_KINDS = {
    "baseline": r"baselines?(?: (?:figures?|values?|data|position))?",
    "target": r"targets?(?: (?:figures?|values?))?|trajector(?:y|ies)|milestone targets?",
    "forecast": r"forecasts?(?: outturn)?",
    "provisional": r"provisional(?: (?:figures?|outturn|result))?",
    "actual": r"actuals?|out-?turns?|(?:latest|current|last) (?:figures?|values?|data|result)",
}
_SAYS_KIND = [
    (kind, re.compile(rf"\b(?:{words})\b(?!\s+(?:date|group|audience|population|area)s?\b)", re.I))
    for kind, words in _KINDS.items()
]
#: What stands over columns of periods, or beside a period, and says no more.
_FILLERS = re.compile(
    r"\b(?:progress|performance|results?|figures?|values?|data|position|as at|at|for|in|of|the|by|to)\b",
    re.I,
)
_WITHOUT_YEAR = re.compile(
    r"(?:q|qtr|quarter)\.? ?[1-4]|[1-4](?:st|nd|rd|th)? ?(?:q|qtr|quarter)"
    r"|(?:first|second|third|fourth) quarter"
    r"|h[12]|(?:half|mid|end)(?:[ -]of)?(?:[ -]the)?[ -]?year|year[ -]end|(?:first|second) half"
    r"|(?:autumn|spring|summer)(?: term)?",
    re.I,
)
_ONE_YEAR = re.compile(r"(?:19|20)\d\d(?:[-–/]\d\d)?")
_NOTHING = re.compile(r"[-–—−‐.\s]*|n/?a\.?|nil return|not (?:applicable|due)", re.I)
_LONGEST_WORDS = 60  # letters of a value in words: "no baseline", "in the top quarter"


@dataclass(frozen=True, slots=True)
class FigureColumn:
    """What the figures of a column are: ``kind`` as in plan JSON, and the words of their period."""

    kind: str
    period: str | None

    @property
    def is_of_period(self) -> bool:
        """Whether words in the column tell how things stood in its period."""
        return self.kind == "actual" and self.period is not None

    @property
    def names_no_year(self) -> bool:
        """Whether the period is a quarter or half of a year that is not named."""
        return _WITHOUT_YEAR.fullmatch(self.period or "") is not None


def figure_column(heading: str) -> FigureColumn | None:
    """What a heading says of a column of figures; None where it says no kind and no period alone."""
    words = " ".join(re.sub(r"[*:()\[\]]", " ", heading).split())
    words = re.sub(r"(?<=\d)\s?([-–—/])\s?(?=\d)", r"\1", words)
    if not words or len(words) > 60:
        return None
    for kind, pattern in _SAYS_KIND:
        found = pattern.search(words)
        if found is not None:
            rest = f"{words[: found.start()]} {words[found.end() :]}"
            period = _period(rest)
            return FigureColumn(kind, period) if period is not None or not _bare(rest) else None
    period = _period(words)
    return FigureColumn("actual", period) if period is not None else None


def _bare(words: str) -> str:
    """Words without those that say no more, and without the signs around them."""
    return " ".join(_FILLERS.sub(" ", words).split()).strip(" ,;–—-")


def _period(words: str) -> str | None:
    """The period that words are, beside fillers."""
    for candidate in (" ".join(words.split()).strip(" ,;–—-"), _bare(words)):
        if _WITHOUT_YEAR.fullmatch(candidate) or (candidate and _is_dated(candidate)):
            return candidate
    return None


def _is_dated(words: str) -> bool:
    has_year = re.search(r"(?<!\d)(?:19|20)\d\d(?!\d)|\d\d[-–/]\d\d", words) is not None
    return has_year and parse_span(words).precision not in ("unknown", "ongoing", "range")


def in_year(period: str | None, year: str | None) -> str | None:
    """A period that names no year, in the year that the plan is for, where that is one."""
    if period is None or year is None or not _ONE_YEAR.fullmatch(year) or not _WITHOUT_YEAR.fullmatch(period):
        return period
    return f"{period} {year}"


def has_no_value(words: str) -> bool:
    """Whether a cell says that there is no value."""
    return _NOTHING.fullmatch(words) is not None


def observation(words: str, column: FigureColumn) -> dict[str, Any] | None:
    """The value of a cell as plan JSON; None where its words are a commentary, or too many for a value."""
    bare = words.strip().strip("*").strip()
    found = parsed_value(bare, None)
    value = found["value"]
    if value is None and (len(bare) > _LONGEST_WORDS or (column.is_of_period and not _is_mark(bare))):
        return None
    said = value if value is not None else bare
    return {
        "area": None,
        "period": column.period,
        "value": said,
        "unit": found["unit"],
        "kind": column.kind,
        "note": None,
    }


def _is_mark(words: str) -> bool:
    """Whether words stand in for a figure: "c" for one that is withheld, "<5", "3 of 7", "12 (prov.)"."""
    return (
        len(words) <= 2
        or re.fullmatch(r"[<>≤≥~c. ]*\d[\d,.]*\s?%?(?: (?:of|out of) \d[\d,]*)?", words) is not None
    )


def values_of(
    lines: Sequence[str], measures: Sequence[object], column: FigureColumn
) -> list[dict[str, Any]] | None:
    """A value for each measure, where a cell has a line for each and each line is one; else None."""
    if not lines or len(lines) != len(measures):
        return None
    values = [observation(line, column) for line in lines]
    found = [value for value in values if value is not None]
    return found if len(found) == len(values) else None
