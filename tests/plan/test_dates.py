"""Due dates and periods as councils write them, and what days they stand for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cypp_desktop
from cypp_desktop.plan.dates import DaySpan, day_in_words, kept_span, parse_span

UNDERSTOOD = [
    ("March 2017", "2017-03-01", "2017-03-31", "month"),
    ("Oct 2016", "2016-10-01", "2016-10-31", "month"),
    ("Sept 2016", "2016-09-01", "2016-09-30", "month"),
    ("Sep 2016", "2016-09-01", "2016-09-30", "month"),
    ("Feb. 2016", "2016-02-01", "2016-02-29", "month"),
    ("Begins May 2016", "2016-05-01", None, "month"),
    ("Between October 2016 and end March 2017", "2016-10-01", "2017-03-31", "range"),
    ("April - June 2016", "2016-04-01", "2016-06-30", "range"),
    ("October to December 2017", "2017-10-01", "2017-12-31", "range"),
    ("November to February 2017", "2016-11-01", "2017-02-28", "range"),
    ("Ongoing", None, None, "ongoing"),
    ("On-going from May 2016", "2016-05-01", None, "ongoing"),
    ("15 June 2018", "2018-06-15", "2018-06-15", "day"),
    ("Friday 15th of June 2018", "2018-06-15", "2018-06-15", "day"),
    ("31/03/2017", "2017-03-31", "2017-03-31", "day"),
    ("as of 10/05/18", "2018-05-10", "2018-05-10", "day"),
    ("2018-06-15", "2018-06-15", "2018-06-15", "day"),
    ("by end of March 2017", None, "2017-03-31", "month"),
    ("By March 2017", None, "2017-03-31", "month"),
    ("Summer 2015", "2015-06-01", "2015-08-31", "season"),
    ("Autumn term 2016", "2016-09-01", "2016-12-31", "term"),
    ("Winter 2016", "2016-12-01", "2017-02-28", "season"),
    ("Q3 2017/18", "2017-10-01", "2017-12-31", "quarter"),
    ("Quarter 4 2017-18", "2018-01-01", "2018-03-31", "quarter"),
    ("2016/17", "2016-04-01", "2017-03-31", "year"),
    ("2016-2017", "2016-04-01", "2017-03-31", "year"),
    ("15/16", "2015-04-01", "2016-03-31", "year"),
    ("academic year 2016/17", "2016-09-01", "2017-08-31", "year"),
    ("2016-2020", "2016-04-01", "2020-03-31", "range"),
    ("1998-2001", "1998-04-01", "2001-03-31", "range"),
    ("2013 - 15", "2013-01-01", "2015-12-31", "range"),
    ("2010-12", "2010-01-01", "2012-12-31", "range"),
    ("2009-10", "2009-04-01", "2010-03-31", "year"),
    ("2011-12", "2011-04-01", "2012-03-31", "year"),
    ("1999-00", "1999-04-01", "2000-03-31", "year"),
    ("school year 2016-18", "2016-09-01", "2018-08-31", "range"),
    ("2027-03", "2027-03-01", "2027-03-31", "month"),
    ("2016-11", "2016-11-01", "2016-11-30", "month"),
    ("2018‑12", "2018-12-01", "2018-12-31", "month"),
    ("by 2027-03", None, "2027-03-31", "month"),
    ("Begins 2027-03", "2027-03-01", None, "month"),
    ("Ongoing from 2027-03", "2027-03-01", None, "ongoing"),
    ("2027-03 to 2027-06", "2027-03-01", "2027-06-30", "range"),
    ("2016-04-01 - 2017-03-31", "2016-04-01", "2017-03-31", "range"),
    ("2016-17 to 2017-18", "2016-04-01", "2018-03-31", "range"),
    ("2018", "2018-01-01", "2018-12-31", "year"),
    ("Q1 2018", "2018-01-01", "2018-03-31", "quarter"),
    ("Quarter 4 of 2018", "2018-10-01", "2018-12-31", "quarter"),
    ("Q1 2017/18", "2017-04-01", "2017-06-30", "quarter"),
    ("2016/2020", "2016-04-01", "2020-03-31", "range"),
    ("financial year 2016-18", "2016-04-01", "2018-03-31", "range"),
    ("FY 2016-17", "2016-04-01", "2017-03-31", "year"),
    ("15 June 2018 to 15 June 2018", "2018-06-15", "2018-06-15", "range"),
    ("December", None, None, "unknown"),
    ("December to March 2018", "2017-12-01", "2018-03-31", "range"),
    ("Spring 2015", "2015-03-01", "2015-05-31", "season"),
    ("Spring term 2015", "2015-01-01", "2015-03-31", "term"),
    ("Summer term, 2015", "2015-04-01", "2015-07-31", "term"),
    ("1 Jan 2018", "2018-01-01", "2018-01-01", "day"),
    ("December 31st, 2018", "2018-12-31", "2018-12-31", "day"),
    ("Mar-17", "2017-03-01", "2017-03-31", "month"),
    ("15.06.2018", "2018-06-15", "2018-06-15", "day"),
    ("continuous", None, None, "ongoing"),
    ("May 2016 - ongoing", "2016-05-01", None, "ongoing"),
    ("May-June 2016", "2016-05-01", "2016-06-30", "range"),
    ("15 June to 15 June 2018", "2018-06-15", "2018-06-15", "range"),
    ("Autumn 2016", "2016-09-01", "2016-11-30", "season"),
    ("1998-99", "1998-04-01", "1999-03-31", "year"),
    ("June 2016 to early 2018", "2016-06-01", "2018-12-31", "range"),
]


@pytest.mark.parametrize(("words", "start", "end", "precision"), UNDERSTOOD)
def test_words_are_understood(words: str, start: str | None, end: str | None, precision: str) -> None:
    span = parse_span(words)
    assert (span.start, span.end, span.precision) == (start, end, precision)


@pytest.mark.parametrize(
    "words",
    [
        *("", None, "TBC", "When ready", "31 February 2017", "99/99/99", "12", "Sometime in March"),
        *("15/17", "16/15", "15/15", "March to", "by when funded", "begins when funded"),
        *("2016/15", "2018/17", "2018-2017", "2017/19", "2016-16", "2027-00", "2027-13", "2001-9999"),
        *("FY 2027-03", "Q3 2018/17", "Q1 2017/19", "2027 - 03", "2017-03-01 to 2016-01-01"),
    ],
)
def test_what_names_no_day_is_not_guessed(words: str | None) -> None:
    assert parse_span(words).precision == "unknown"


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("March 2017", "1 March 2017 to 31 March 2017"),
        ("by end of March 2017", "by 31 March 2017"),
        ("Begins May 2016", "from 1 May 2016"),
        ("Ongoing", "ongoing, no end date"),
        ("Ongoing from May 2016", "ongoing from 1 May 2016"),
        ("10/05/18", "10 May 2018"),
        ("TBC", "no date understood"),
    ],
)
def test_what_was_understood_is_shown_in_words(words: str, shown: str) -> None:
    assert parse_span(words).in_words() == shown


_YEARS = st.integers(1995, 2032).map(str)
_TIMES = st.one_of(
    _YEARS,
    st.builds("{}{}{}".format, _YEARS, st.sampled_from(["-", "/", " - ", "–", "‑"]), st.integers(0, 2040)),
    st.builds("{}{}{:02d}".format, _YEARS, st.sampled_from(["-", "/", "–"]), st.integers(0, 99)),
    st.builds("{:02d}/{:02d}/{:02d}".format, *[st.integers(0, 40)] * 3),
    st.dates().map(str),
    st.builds(
        "{} {}".format,
        st.sampled_from(["March", "Sept", "Q1", "Quarter 4", "Winter", "Autumn term", "31 January", "FY"]),
        _YEARS,
    ),
    st.sampled_from(["March", "31 March", "Q3 2018/17", "12", "further notice", ""]),
)
_WORDINGS = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["", "", "by ", "from ", "between ", "begins ", "ongoing ", "end of ", "early ", "FY "]),
    _TIMES,
    st.sampled_from(["", " to ", " and ", "-", " - ", " – ", " until ", " to end of ", ", "]),
    st.one_of(st.just(""), _TIMES),
)


@given(st.one_of(st.text(max_size=40), _WORDINGS))
def test_any_words_are_taken_and_a_span_never_ends_before_it_starts(words: str) -> None:
    span = parse_span(words)
    assert span.start is None or span.end is None or span.start <= span.end


def test_a_span_that_ends_before_it_begins_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="before it begins"):
        DaySpan("2027-04-01", "2003-03-31", "range")


def test_of_a_kept_span_that_ends_before_it_begins_the_words_are_read_again() -> None:
    assert kept_span("2027-03", "2027-04-01", "2003-03-31", "range") == parse_span("2027-03")
    assert kept_span("when funded", "2018-05-01", "2018-06-30").end == "2018-06-30"
    assert kept_span("that day", "2018-05-01", "2018-05-01", "day") == DaySpan(
        "2018-05-01", "2018-05-01", "day"
    )
    assert kept_span(None, "2018-05-01", "2018-04-30").precision == "unknown"


def test_a_kept_span_without_a_precision_is_a_range_if_it_has_an_end() -> None:
    assert kept_span("May", "2018-05-01", None) == DaySpan("2018-05-01", None, "range")
    assert kept_span("by May", None, "2018-05-31") == DaySpan(None, "2018-05-31", "range")
    assert kept_span("TBC", None, None) == DaySpan(None, None, "unknown")


def test_a_time_of_120_letters_is_read_and_a_longer_text_is_not() -> None:
    words = "commenc" + "e" * 104 + " May 2016"
    assert len(words) == 120
    assert parse_span(words).start == "2016-05-01"
    assert parse_span("commence" + words[7:]).precision == "unknown"


def test_what_is_no_day_stands_as_it_is() -> None:
    assert day_in_words("some day") == "some day"


def test_a_text_that_is_far_too_long_for_a_time_is_soon_read() -> None:
    assert parse_span("March 2017 to - and " * 5_000).precision == "unknown"


@given(st.dates())
def test_a_day_written_out_is_read_back(day) -> None:  # type: ignore[no-untyped-def]
    words = day_in_words(day.isoformat())
    if 1900 <= day.year < 2100:
        assert parse_span(words).start == day.isoformat()


def test_no_words_for_a_time_come_from_the_language_of_the_computer() -> None:
    """Qt sets that language for the whole program, and what a field shows must be read back by it."""
    package = Path(cypp_desktop.__file__).parent
    local = re.compile(r"""(?::|strftime\(f?["'])[^"'{}]*%-?[aAbBhpcxX]""")
    found = {
        f"{file.relative_to(package)}: {line.strip()}"
        for file in package.rglob("*.py")
        for line in file.read_text("utf-8").splitlines()
        if local.search(line)
    }
    assert found == set()


@pytest.mark.parametrize("month", range(1, 13))
def test_a_month_is_written_in_english(month: int) -> None:
    names = "January February March April May June July August September October November December"
    assert day_in_words(f"2018-{month:02}-15") == f"15 {names.split()[month - 1]} 2018"


@pytest.mark.parametrize("words", ["until March 2017", "Until the end of March 2017", "before March 2017"])
def test_words_that_name_the_end_alone_leave_the_beginning_open(words: str) -> None:
    assert parse_span(words) == DaySpan(None, "2017-03-31", "month")


@pytest.mark.parametrize(
    "words", ["to March 2017", "- March 2017", "and March 2017", "from until March 2017"]
)
def test_a_range_without_a_first_end_is_not_given_one(words: str) -> None:
    assert parse_span(words).start is None
