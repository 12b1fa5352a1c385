"""Two sequences side by side: what stayed in its order, and what probably became what."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from functools import cache

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cypp_desktop.plan.alignment import align, common_ends, likely_pairs

SHORT = st.lists(st.sampled_from("abc"), max_size=9)


def most_in_common(old: Sequence[str], new: Sequence[str]) -> int:
    """How many entries can be paired at most, by trying everything."""

    @cache
    def most(i: int, j: int) -> int:
        if i == len(old) or j == len(new):
            return 0
        if old[i] == new[j]:
            return 1 + most(i + 1, j + 1)
        return max(most(i + 1, j), most(i, j + 1))

    return most(0, 0)


def assert_aligned(old: Sequence[str], new: Sequence[str]) -> int:
    """Only equal entries are paired, in rising order; how many."""
    pairs = align(old, new)
    assert all(old[i] == new[j] for i, j in pairs)
    assert all(i < next_i and j < next_j for (i, j), (next_i, next_j) in itertools.pairwise(pairs))
    return len(pairs)


@given(SHORT, SHORT)
@example(list("cabb"), list("bca"))
def test_of_a_few_entries_as_many_are_paired_as_can_be(old: list[str], new: list[str]) -> None:
    assert assert_aligned(old, new) == most_in_common(old, new)


def numbered(count: int) -> list[str]:
    return [str(number) for number in range(count)]


def test_of_many_entries_all_but_those_that_changed_are_paired() -> None:
    old = numbered(500)
    new = ["first", *old[1:200], "put in", *old[200:300], *old[310:], "last"]
    assert assert_aligned(old, new) == 489


def test_of_many_entries_of_which_one_moved_all_others_are_paired() -> None:
    old = numbered(500)
    new = ["first", *old[1:50], *old[51:400], old[50], *old[400:], "last"]
    assert assert_aligned(old, new) == 498


def test_of_many_entries_what_comes_back_between_those_that_occur_once_is_paired_too() -> None:
    old = [word for number in range(200) for word in (str(number), "again", "again")]
    new = ["first", *(word for number in range(200) for word in (str(number), "again")), "last"]
    assert assert_aligned(old, new) == 400


@pytest.mark.parametrize("more", [0, 40])
def test_of_very_many_equal_entries_all_are_paired_but_those_that_are_more(more: int) -> None:
    assert assert_aligned(["same"] * 100, ["other", *["same"] * (100 + more), "another"]) == 100


def test_of_many_entries_in_which_none_occurs_once_the_first_is_the_first_and_the_second_the_second() -> None:
    old = ["a", "b"] * 60
    new = ["x", *["a", "b"] * 60, "y"]
    assert align(old, new) == [(at, at + 1) for at in range(120)]


def test_where_many_entries_are_gone_and_some_stand_the_other_way_round_the_others_are_paired_in_order() -> (
    None
):
    chance = random.Random(7)
    for _ in range(20):
        old = [chance.choice("abcdefgh") + str(chance.randrange(20)) for _ in range(150)]
        new = [each for each in old if chance.random() < 0.8]
        new[40:60] = reversed(new[40:60])
        assert assert_aligned(old, new) > 60


@pytest.mark.parametrize(
    ("old", "new", "ends"),
    [
        ("abc", "abc", (3, 0)),
        ("abc", "axc", (1, 1)),
        ("aa", "aaa", (2, 0)),
        ("abab", "ab", (2, 0)),
        ("xab", "ab", (0, 2)),
        ("", "ab", (0, 0)),
        ("abc", "xyz", (0, 0)),
    ],
)
def test_equal_ends_are_counted_once(old: str, new: str, ends: tuple[int, int]) -> None:
    assert common_ends(old, new) == ends


def test_what_became_what_is_told_by_the_words_that_are_shared() -> None:
    old = ["Number of plans", "Share of schools"]
    new = ["Visits", "Number of all plans", "Days", "Share of good schools"]
    assert likely_pairs(old, new) == [(0, 1), (1, 3)]
    assert likely_pairs(new, old) == [(1, 0), (3, 1)]


def test_as_many_old_as_new_became_each_other_in_order() -> None:
    assert likely_pairs(["Number of plans", "Visits"], ["Visits", "Number of plans"]) == [(0, 0), (1, 1)]


def test_where_nothing_is_alike_the_first_became_the_first() -> None:
    assert likely_pairs(["one", "two"], ["three", "four", "five"]) == [(0, 0), (1, 1)]


def test_the_more_alike_of_two_is_the_one_that_it_became() -> None:
    assert likely_pairs(["Plans of all schools"], ["Plans for some", "Plans of most schools"]) == [(0, 1)]
    assert likely_pairs(["Plans"], ["Plans and many other words", "Plans too"]) == [(0, 1)]


def test_very_many_are_taken_by_their_position() -> None:
    old, new = numbered(20), ["new", *numbered(20)]
    assert likely_pairs(old, new) == [(at, at) for at in range(20)]
    fewer = ["new", *numbered(19)]
    assert likely_pairs(numbered(19), fewer) == [(at, at + 1) for at in range(19)]
