"""Small rules: red, amber and green; placeholders; identities."""

from __future__ import annotations

import itertools
import time
import uuid

import pytest

from cypp_desktop.plan.identity import derived_id, new_change_id, update_id
from cypp_desktop.plan.placeholders import is_placeholder
from cypp_desktop.plan.rag import Reading, mark


def actual(value: str, area: str = "City", end: str | None = None) -> Reading:
    return Reading("actual", area, end, value)


def target(value: str, area: str = "City", end: str | None = None) -> Reading:
    return Reading("target", area, end, value)


@pytest.mark.parametrize(
    ("polarity", "readings", "colour"),
    [
        ("higher", [actual("95"), target("95")], "green"),
        ("higher", [actual("90"), target("95")], "amber"),
        ("higher", [actual("80"), target("95")], "red"),
        ("lower", [actual("17.2"), target("15")], "red"),
        ("lower", [actual("16.5"), target("15")], "amber"),
        ("lower", [actual("10"), target("15")], "green"),
        ("higher", [actual("10", end="2017-03-31"), actual("99", end="2018-03-31"), target("50")], "green"),
        ("higher", [actual("99", end="2018-03-31"), actual("10", end="2017-03-31"), target("50")], "green"),
        ("higher", [actual("10"), target("5", area="England"), target("50")], "red"),
    ],
)
def test_a_value_is_judged_against_its_target(polarity: str, readings: list[Reading], colour: str) -> None:
    assert mark(polarity, readings) == colour


@pytest.mark.parametrize(
    ("polarity", "readings"),
    [
        ("neutral", [actual("1"), target("2")]),
        ("higher", [actual("1")]),
        ("higher", [target("1")]),
        ("higher", [actual("1"), target("2", area="England")]),
        ("higher", [actual("words"), target("2")]),
        ("higher", []),
    ],
)
def test_a_colour_is_never_guessed(polarity: str, readings: list[Reading]) -> None:
    assert mark(polarity, readings) is None


@pytest.mark.parametrize(
    "words",
    [
        "TBC",
        "tbc.",
        "T.B.C.",
        "To be confirmed once measure is in place",
        "Placeholder for performance measure on X",
        "**TBC**",
        "??",
    ],
)
def test_words_that_hold_a_place_are_known(words: str) -> None:
    assert is_placeholder(words)


@pytest.mark.parametrize(
    "words", ["", None, "Training to be delivered", "We place holders in schools", "TBC was resolved in May"]
)
def test_content_is_not_taken_for_a_placeholder(words: str | None) -> None:
    assert not is_placeholder(words)


def test_change_ids_rise_strictly_and_are_version_seven() -> None:
    ids = [new_change_id() for _ in range(5000)]
    assert all(first < second for first, second in itertools.pairwise(ids))
    assert {uuid.UUID(id_).version for id_ in ids} == {7}


def test_a_change_id_says_the_moment_at_which_it_was_made() -> None:
    before = time.time_ns() // 1_000_000
    made = uuid.UUID(new_change_id()).int >> 80
    assert before - 1000 <= made <= time.time_ns() // 1_000_000 + 1000


def test_the_same_link_made_twice_has_one_id() -> None:
    assert derived_id("lead_person", "a", "b") == derived_id("lead_person", "a", "b")
    assert derived_id("lead_person", "a", "b") != derived_id("lead_person", "b", "a")
    assert update_id("r", ["m2", "m1"], "o") == update_id("r", ["m1", "m2"], "o")
    assert update_id("r", ["m1"], "o") != update_id(None, ["m1"], "o")
