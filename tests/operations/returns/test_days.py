"""Days of returns: what words mean, and how far away a day is."""

from __future__ import annotations

from datetime import date

import pytest

from cypp_desktop.operations.returns.days import days_left, due_day

TODAY = date(2018, 3, 10)


@pytest.mark.parametrize(
    "words, day",
    [
        ("15 June 2018", "2018-06-15"),
        ("June 2018", "2018-06-30"),
        ("15 June", "2018-06-15"),
        ("1 March", "2019-03-01"),
        ("soon", None),
        ("", None),
    ],
)
def test_words_for_a_due_date_without_a_year_mean_the_next_such_day(words: str, day: str | None) -> None:
    assert due_day(words, TODAY) == day


@pytest.mark.parametrize(
    "due, words",
    [
        ("2018-03-10", "today"),
        ("2018-03-11", "tomorrow"),
        ("2018-03-20", "in 10 days"),
        ("2018-03-09", "1 day late"),
        ("2018-03-01", "9 days late"),
        (None, ""),
        ("soon", ""),
    ],
)
def test_how_far_away_a_day_is(due: str | None, words: str) -> None:
    assert days_left(due, TODAY) == words
