"""Recorded changes in words: when, in local time, and what was taken out and came in."""

from __future__ import annotations

from datetime import date

import pytest

from cypp_desktop.operations.change_words import (
    ONLY_LAYOUT,
    in_universal_time,
    moment_words,
    spoken,
    understood_day,
)
from cypp_desktop.store.history_words import Said


def test_moments_are_shown_in_local_time(london: None) -> None:
    assert moment_words("2018-06-15T13:02:00Z") == "15 June 2018 14:02"
    assert moment_words("2018-01-15T13:02:00Z") == "15 January 2018 13:02"
    assert moment_words("long ago") == "long ago"


def test_a_day_begins_at_local_midnight(london: None) -> None:
    assert in_universal_time(date(2018, 6, 15)) == "2018-06-14T23:00:00Z"


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("1 March", date(2018, 3, 1)),
        ("1 December", date(2017, 12, 1)),
        ("1 March 2016", date(2016, 3, 1)),
        ("2018-03-01", date(2018, 3, 1)),
        ("May 2017", date(2017, 5, 1)),
        ("some day", None),
    ],
)
def test_a_day_is_understood_from_words(words: str, day: date | None) -> None:
    assert understood_day(words, date(2018, 6, 15)) == day


def test_a_change_is_said_to_a_screen_reader() -> None:
    assert spoken(Said("Title", "The old rate", "The new rate")) == "taken out: old. came in: new"
    assert spoken(Said("Text", "The same", "The same")) == ONLY_LAYOUT
