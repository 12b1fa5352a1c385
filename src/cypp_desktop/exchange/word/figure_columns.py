"""Columns of figures: baselines, targets, what was reached in quarters, terms and years, here and elsewhere.

A blank cell or a dash is no value, never "the same as above". What is no figure stays words: of a baseline or
target as they stand ("no baseline"), of a period a commentary on it. Cells under "Latest", "Comparators" and
"Trend" say themselves of which area and period they are: "England: 9.8% (2009/10)".
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
#: Columns whose cells say of which period and area each of their figures is.
_SAID_IN_CELLS = re.compile(
    r"latest|(?:latest|most recent|current) (?:performance|position|figures?|values?|data|results?)"
    r"|previous (?:results?|figures?|values?)"
    r"|comparators?|comparisons?|benchmarks?(?:ing)?|trends?(?: data)?",
    re.I,
)
#: Areas that figures of a plan are compared with.
_AREA = re.compile(
    r"(?P<area>england|wales|scotland|uk|gb|national|regional|region|(?:east|west) midlands|east of england"
    r"|(?:north|south) (?:east|west)|yorkshire(?: (?:and|&) (?:the )?humber)?|(?:greater )?london"
    r"|(?:statistical|near(?:est)?|sn) neighbours?|sn|core cities|(?:family|peer|comparator) group"
    r"|similar (?:areas|authorities|schools)|all schools)(?: (?:average|avg|mean|median|rate))?",
    re.I,
)
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
    area: str | None = None
    says_more: bool = False  # its cells say the period and area of each figure

    @property
    def is_told_by_cells(self) -> bool:
        """Whether the heading alone does not make it a column of figures."""
        return self.is_of_period or self.says_more or self.area is not None

    @property
    def is_of_period(self) -> bool:
        """Whether words in the column tell how things stood in its period."""
        return self.kind == "actual" and self.period is not None and self.area is None

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
    if _SAID_IN_CELLS.fullmatch(words):
        return FigureColumn("actual", None, says_more=True)
    area = _of_area(words)
    if area is not None:
        return area
    for kind, pattern in _SAYS_KIND:
        found = pattern.search(words)
        if found is not None:
            rest = f"{words[: found.start()]} {words[found.end() :]}"
            period = _period(rest)
            return FigureColumn(kind, period) if period is not None or not _bare(rest) else None
    period = _period(words)
    return FigureColumn("actual", period) if period is not None else None


def _of_area(words: str) -> FigureColumn | None:
    """A column of figures of another area, perhaps of one period: "England", "National average 2016/17"."""
    found = _AREA.search(words)
    if found is None:
        return None
    rest = f"{words[: found.start()]} {words[found.end() :]}"
    period = _period(rest)
    if period is None and _bare(rest):
        return None
    return FigureColumn("actual", period, area=found["area"])


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
    if column.says_more:
        return _said_value(bare, column)
    found = parsed_value(bare, None)
    value = found["value"]
    if value is None and (len(bare) > _LONGEST_WORDS or (column.is_of_period and not _is_mark(bare))):
        return None
    said = value if value is not None else bare
    return _value(said, found["unit"], column.kind, column.period, area=column.area)


def _value(said: object, unit: object, kind: str, period: str | None, *, area: str | None) -> dict[str, Any]:
    return {"area": area, "period": period, "value": said, "unit": unit, "kind": kind, "note": None}


_PARTS = re.compile(r"(?:(?P<of>[^\W\d][^:]{0,60}):\s+)?(?P<said>[^:]+)")
_IN_BRACKETS = re.compile(r"(?P<said>.*\S)\s*\((?P<more>[^()]+)\)")
_NUMBER_AND_UNIT = re.compile(r"(?P<number>[-−–]?\s?[£€$]?\d[\d,.]*\s?%?)(?:\s(?P<unit>\S.{0,80}))?")
_KIND_WORDS = {"provisional", "estimate", "forecast", "baseline"}


def _said_value(words: str, column: FigureColumn) -> dict[str, Any] | None:
    """A figure that says its own area, period and kind: "England, girls: 10.7% (2016/17, provisional)"."""
    parts = _PARTS.fullmatch(words)
    if parts is None:
        return None
    said, kind, period = parts["said"], column.kind, column.period
    bracket = _IN_BRACKETS.fullmatch(said)
    number = _NUMBER_AND_UNIT.fullmatch(bracket["said"] if bracket else said)
    if number is None:
        return None
    if bracket and (not number["unit"] or _is_dated(bracket["more"])):
        said = bracket["said"]
        period, kind = _period_and_kind(bracket["more"], kind)
        if period is None:
            period = column.period
    number = _NUMBER_AND_UNIT.fullmatch(said)
    found = parsed_value(number["number"], None) if number is not None else None
    if number is None or found is None or found["value"] is None:
        return None
    area, _, series = (parts["of"] or "").partition(", ")
    unit = " ".join(str(part) for part in (found["unit"], number["unit"]) if part) or None
    value = _value(found["value"], unit, kind, period, area=area or None)
    return value | {"series": series} if series else value


def _period_and_kind(words: str, kind: str) -> tuple[str | None, str]:
    """Of "2016/17, provisional" the period and the kind."""
    period, _, last = words.rpartition(", ")
    if last.casefold() in _KIND_WORDS:
        return period or None, last.casefold()
    return words, kind


def _is_mark(words: str) -> bool:
    """Whether words stand in for a figure: "c" for one that is withheld, "<5", "3 of 7", "12 (prov.)"."""
    return (
        len(words) <= 2
        or re.fullmatch(r"[<>≤≥~c. ]*\d[\d,.]*\s?%?(?: (?:of|out of) \d[\d,]*)?", words) is not None
    )


def values_of(
    lines: Sequence[str], measures: Sequence[object], column: FigureColumn
) -> list[dict[str, Any]] | None:
    """A value for each measure, where a cell has a line for each and each line is one; else None.

    Where the lines say themselves of which period or area they are, all may be of one measure.
    """
    has_many = column.says_more and len(measures) == 1
    if not lines or (len(lines) != len(measures) and not has_many):
        return None
    values = [observation(line, column) for line in lines]
    found = [value for value in values if value is not None]
    return found if len(found) == len(values) else None
