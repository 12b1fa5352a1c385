"""Due dates and periods in words: what was printed, and what days it stands for where that can be told.

Days are ISO text (``YYYY-MM-DD``). Financial years run from 1 April to 31 March, school terms are
taken as September to December, January to March and April to July, quarters are of the
financial year ("Q3 2017/18" is October to December 2017), as English councils use them.

A year with more digits ("2016-17", "2027-03") is read by the first of these rules that fits:

1. The next year makes a financial or school year: "2016-17", "2016/2017", "2011-12". So published plans
   use it, also where the digits could be a month ("2009-10", "2001-02").
2. A later year after a hyphen makes a range: of financial years where it is written out ("2016-2020"), of
   whole calendar years where it is not ("2013-15"). So published plans use it for pooled years, also
   where the digits could be a month (deaths "between 2010-12 and 2014-16").
3. 01 to 12 after a bare hyphen is a month, as spreadsheets write it: "2027-03", "2016-11".
4. All else is not understood: "2018/17" runs backwards, "2017/19" is two years or a slip.

From 2012 on no month can be taken for a year, since 12 is no later year than 2012.

No :class:`DaySpan` ends before it begins: none can be made, and words that say one are not understood.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul",
            "august aug", "september sept sep", "october oct", "november nov", "december dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH = r"(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
#: First and last month of a school term, and of a season.
_TERMS = {"autumn": (9, 12), "spring": (1, 3), "summer": (4, 7)}
_SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "winter": (12, 2)}
_SEASON = r"(?P<season>spring|summer|autumn|winter)"


#: Longer words tell of more than a time.
_LONGEST = 120


def runs_backwards(start: str | None, end: str | None) -> bool:
    """Whether a last day lies before the first."""
    return bool(start and end and end < start)


@dataclass(frozen=True, slots=True)
class DaySpan:
    """What words about time were understood to mean; either end may be open (None).

    ``precision`` is ``day``, ``month``, ``quarter``, ``season``, ``term``, ``year``, ``range``,
    ``ongoing`` or ``unknown``. Making one that ends before it begins raises ValueError.
    """

    start: str | None
    end: str | None
    precision: str

    def __post_init__(self) -> None:
        if runs_backwards(self.start, self.end):
            raise ValueError("a span ends before it begins")

    def in_words(self) -> str:
        """For showing beside the field: "by 31 March 2017", "from 1 May 2016", "no date understood"."""
        if self.precision == "ongoing":
            return (
                "ongoing, no end date" if self.start is None else f"ongoing from {day_in_words(self.start)}"
            )
        if self.start and self.end:
            if self.start == self.end:
                return day_in_words(self.start)
            return f"{day_in_words(self.start)} to {day_in_words(self.end)}"
        if self.end:
            return f"by {day_in_words(self.end)}"
        if self.start:
            return f"from {day_in_words(self.start)}"
        return "no date understood"


UNKNOWN = DaySpan(None, None, "unknown")


_MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def date_in_words(day: date) -> str:
    """A date as "15 June 2018": in English whatever the language of the computer, as it is read back."""
    return f"{day.day} {_MONTH_NAMES[day.month - 1]} {day.year}"


def day_in_words(day: str) -> str:
    """``2018-06-15`` as "15 June 2018"; other text unchanged."""
    try:
        found = date.fromisoformat(day)
    except ValueError:
        return day
    return date_in_words(found)


def kept_span(words: str | None, start: str | None, end: str | None, precision: str | None = None) -> DaySpan:
    """The span that a row of a plan keeps beside its printed words.

    Files of version 0.1.0 hold some that end before they begin ("2027-03" with 31 March 2003): their
    words are read again.
    """
    if runs_backwards(start, end):
        return parse_span(words)
    return DaySpan(start, end, precision or ("range" if start or end else "unknown"))


def parse_span(words: str | None) -> DaySpan:
    """What a printed due date or period means; :data:`UNKNOWN` where no day can be told."""
    text = " ".join(re.sub("[‐‑‒–—−]", "-", (words or "").lower()).split()).strip(" .")
    if not text:
        return UNKNOWN
    if _ONGOING.search(text):
        inner = parse_span(re.sub(rf"{_ONGOING.pattern}|(?<!\d)-|-(?!\d)|[,(;)]", " ", text))
        return DaySpan(inner.start, None, "ongoing")
    if len(text) > _LONGEST:
        return UNKNOWN
    return _years(text) or _two_ends(text) or _beginning(text) or _finish(text) or _point(text) or UNKNOWN


_ONGOING = re.compile(r"\bon-?going\b|\bcontinuous(ly)?\b")
_BEGINS = re.compile(r"(?:begins?|beginning|starts?|starting|commenc\w+|from)(?: in| on| from)?\s+(.+)")
_ENDS = re.compile(r"(?:by|before|until|end of|by the end of|by end of|by end|end|due|due by)\s+(.+)")


def _years(text: str) -> DaySpan | None:
    """Years or days in digits alone, in which a hyphen parts no two ends: "2017-18"."""
    return _point(text) if re.fullmatch(r"[\d/ -]+", text) else None


def _two_ends(text: str) -> DaySpan | None:
    """ "Between October 2016 and March 2017"."""
    for first, last in _ends(re.sub(r"^(?:between|from)\b", "", text)):
        if found := _range(first, last):
            return found
    return None


def _beginning(text: str) -> DaySpan | None:
    """ "Begins May 2016"; unknown where it begins when nobody can tell."""
    match = _BEGINS.fullmatch(text)
    if match is None:
        return None
    begin = _point(match[1])
    return DaySpan(begin.start, None, begin.precision) if begin else UNKNOWN


def _finish(text: str) -> DaySpan | None:
    """ "By the end of March 2017"; unknown where it ends when nobody can tell."""
    match = _ENDS.fullmatch(text)
    if match is None:
        return None
    finish = _point(re.sub(r"^(?:the )?end (?:of )?", "", match[1]))
    return DaySpan(None, finish.end, finish.precision) if finish else UNKNOWN


def _ends(text: str) -> list[tuple[str, str]]:
    """The two ends that words may name, parted by a word, a hyphen between blanks or the first hyphen.

    Each has words of its own: "until March 2017" names one.
    """
    signs = list(re.finditer(r"\band\b|\bto\b|\buntil\b| - ", text)) or list(re.finditer("-", text))[:1]
    parted = [(text[: sign.start()].strip(), text[sign.end() :].strip()) for sign in signs]
    return [(first, last) for first, last in parted if first and last]


def _range(first: str, last: str) -> DaySpan | None:
    end = _point(re.sub(r"^(?:the )?end (?:of )?|^early |^mid ", "", last))
    if end is None or end.end is None:
        return None
    start = _point(first) or _point(f"{first} {end.end[:4]}")
    if start is None or start.start is None:
        return None
    if start.start > end.end:
        start = _point(f"{first} {int(end.end[:4]) - 1}") or start
    return DaySpan(start.start, end.end, "range") if start.start and start.start <= end.end else None


def _point(text: str) -> DaySpan | None:
    """A single day, month, quarter, season, term or year."""
    text = re.sub(r"^(?:as of|in|on|the|early|mid|late|end of|end)\s+", "", text.strip(" .,"))
    for pattern, read in _FORMS:
        if match := re.fullmatch(pattern, text):
            try:
                return read(match)
            except ValueError:
                return None
    return None


def _numeric_day(match: re.Match[str]) -> DaySpan:
    year = int(match["year"])
    return _one_day(date(year + 2000 if year < 100 else year, int(match["month"]), int(match["day"])))


def _iso_day(match: re.Match[str]) -> DaySpan:
    return _one_day(date.fromisoformat(match[0]))


def _day_of_month(match: re.Match[str]) -> DaySpan:
    return _one_day(date(int(match["year"]), _MONTHS[match["month"]], int(match["day"])))


def _one_day(day: date) -> DaySpan:
    return DaySpan(day.isoformat(), day.isoformat(), "day")


def _month(match: re.Match[str]) -> DaySpan:
    year = int(match["year"])
    year += 2000 if year < 100 else 0
    return _months(year, _MONTHS[match["month"]], 1, "month")


def _months(year: int, month: int, count: int, precision: str) -> DaySpan:
    years_on, last = divmod(month - 1 + count - 1, 12)
    end_year, end_month = year + years_on, last + 1
    end = date(end_year, end_month, monthrange(end_year, end_month)[1])
    return DaySpan(date(year, month, 1).isoformat(), end.isoformat(), precision)


def _quarter(match: re.Match[str]) -> DaySpan | None:
    groups = match.groupdict()
    number = int(groups["number"])
    year = int(groups["year"])
    if groups.get("second") is None:
        return _months(year, number * 3 - 2, 3, "quarter")
    if _last_year(year, groups["second"]) != year + 1:
        return None
    return _months(year + (number == 4), (number * 3) % 12 + 1, 3, "quarter")


def _season(match: re.Match[str]) -> DaySpan:
    year = int(match["year"])
    term = match.groupdict().get("term")
    first, last = (_TERMS if term else _SEASONS)[match["season"]]
    count = (last - first) % 12 + 1
    return _months(year, first, count, "term" if term else "season")


def _last_year(first: int, digits: str) -> int:
    """The year that digits after a year name: 2017 for "17" after 2016, 2000 for "00" after 1999."""
    if len(digits) == 4:
        return int(digits)
    last = first // 100 * 100 + int(digits)
    return first + 1 if last == first - 99 else last


def _years_or_month(match: re.Match[str]) -> DaySpan | None:
    """A year with more digits, by the rules at the head of this file."""
    year, sign, digits = int(match["year"]), match["sign"], match["second"]
    last = _last_year(year, digits)
    first_month = 9 if match["school"] else 4
    short = len(digits) == 2 and not match["named"]
    if last == year + 1:
        return _months(year, first_month, 12, "year")
    if last > year and "-" in sign and short:
        return _months(year, 1, 12 * (last - year + 1), "range")
    if last > year and ("-" in sign or len(digits) == 4):
        return _months(year, first_month, 12 * (last - year), "range")
    if sign == "-" and short:
        return _months(year, int(digits), 1, "month")
    return None


def _short_financial_year(match: re.Match[str]) -> DaySpan | None:
    year = 2000 + int(match["year"])
    return _months(year, 4, 12, "year") if int(match["second"]) == int(match["year"]) + 1 else None


def _year(match: re.Match[str]) -> DaySpan:
    return _months(int(match["year"]), 1, 12, "year")


_FORMS = (
    (r"(?P<day>[0-3]?\d)[/.](?P<month>[01]?\d)[/.](?P<year>\d\d(?:\d\d)?)", _numeric_day),
    (r"\d{4}-\d\d-\d\d", _iso_day),
    (rf"(?:\w+day,? )?{_DAY}(?: of)? {_MONTH},? {_YEAR}", _day_of_month),
    (rf"{_MONTH} {_DAY},? {_YEAR}", _day_of_month),
    (rf"{_MONTH}[ ,'’-]*(?P<year>(?:19|20)\d\d|\d\d)", _month),
    (rf"(?:q|quarter )(?P<number>[1-4])[ ,of]* {_YEAR}\s*[/-]\s*(?P<second>\d\d(?:\d\d)?)", _quarter),
    (rf"(?:q|quarter )(?P<number>[1-4])[ ,of]* {_YEAR}", _quarter),
    (rf"{_SEASON}(?P<term> term)?,? {_YEAR}", _season),
    (
        rf"(?P<named>(?P<school>school|academic) year |financial year |fy ?)?{_YEAR}"
        r"(?P<sign>\s*[/-]\s*)(?P<second>(?:19|20)?\d\d)",
        _years_or_month,
    ),
    (r"(?P<year>\d\d)/(?P<second>\d\d)", _short_financial_year),
    (_YEAR, _year),
)
