"""Merging texts by paragraph: what is combined, what is a conflict; no words lost, none invented."""

from __future__ import annotations

import itertools
import unicodedata
from collections import Counter

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cypp_desktop.plan.alignment import align, likely_pairs
from cypp_desktop.plan.blocks import Block, parse, render
from cypp_desktop.plan.text_merge import (
    BlockConflict,
    _keys,
    canonical,
    has_words,
    join,
    merge_lists,
    merge_texts,
    same_text,
    split,
)
from tests.strategies import BLOCKS

BASE = "First.\n\n- one\n- two\n- three\n\nLast."


def merged(*sides: str, base: str = BASE) -> str | None:
    """What the sides say together; the same in every order."""
    found = {merge_texts(base, order).text for order in itertools.permutations(sides)}
    assert len(found) == 1
    return found.pop()


# ------------------------------------------------------------------ what is combined


def test_edits_of_different_paragraphs_are_combined() -> None:
    result = merge_texts(BASE, [BASE.replace("First", "1st"), BASE.replace("two", "2")])
    assert result.text == "1st.\n\n- one\n- 2\n- three\n\nLast."
    assert result.combined and not result.conflicts


def test_what_only_one_side_changed_is_as_that_side_wrote_it() -> None:
    side = "First.\n\n\n* one\n* two, and more   \n* three\n\nLast.\r\n"
    result = merge_texts(BASE, [BASE, side, BASE])
    assert result.text == side and not result.combined


def test_the_same_edit_by_all_is_no_conflict() -> None:
    side = BASE.replace("two", "second")
    result = merge_texts(BASE, [side, side, side])
    assert result.text == side and not result.combined


def test_bullets_added_by_several_at_one_place_are_all_kept() -> None:
    a, b, c = (BASE.replace("- three", f"- three\n- by {name}") for name in "ABC")
    assert merged(a, b, c) == "First.\n\n- one\n- two\n- three\n- by A\n- by B\n- by C\n\nLast."


def test_the_same_bullet_added_by_two_is_added_once() -> None:
    a = BASE.replace("- three", "- three\n- same\n- by A")
    b = BASE.replace("- three", "- three\n- same")
    assert merged(a, b) == a


def test_a_paragraph_added_beside_one_that_another_edits_is_kept() -> None:
    a = BASE.replace("First.", "First, edited.")
    b = BASE.replace("First.", "Before.\n\nFirst.\n\nAfter.")
    assert merged(a, b) == "Before.\n\nFirst, edited.\n\nAfter.\n\n- one\n- two\n- three\n\nLast."


def test_a_deletion_and_an_edit_elsewhere_are_combined() -> None:
    assert merged(BASE.replace("- two\n", ""), BASE.replace("Last", "Final")) == (
        "First.\n\n- one\n- three\n\nFinal."
    )


def test_a_paragraph_moved_stays_moved_beside_other_edits() -> None:
    moved = "- one\n- two\n- three\n\nLast.\n\nFirst."
    assert merged(moved, BASE.replace("two", "2")) == "- one\n- 2\n- three\n\nLast.\n\nFirst."


# ------------------------------------------------------------------ what is a conflict

NO_WORDS = (
    "",
    "  \n\t\n",
    "\u00a0\u200b",
    "—",
    "- \n- ",
    "TBC",
    "*To be confirmed once the board has met.*",
    "?",
)


@pytest.mark.parametrize("base", NO_WORDS)
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("referrals were 1999", "rose to 2010"),
        ("- by B", "- by A"),
        ("- by A", "- by A\n- by B"),
        ("TBA", "rose to 2010"),
        ("First.\n\n- one", "- two\n\nLast."),
    ],
)
def test_texts_written_where_there_were_no_words_are_never_put_together(
    base: str, one: str, other: str
) -> None:
    for sides in ([one, other], [other, one, other], [f"{base}\n\n{one}", f"{base}\n\n{other}"]):
        result = merge_texts(base, sides)
        assert result.text is None and not result.combined
        assert merge_lists([base], [side.splitlines() for side in sides], of_texts=True).items is None


@pytest.mark.parametrize("base", NO_WORDS[:2])
def test_who_alone_has_written_where_there_was_nothing_is_heard(base: str) -> None:
    for sides in (["said"], ["said", " "], ["", "said", "said  \n"]):
        assert canonical(merge_texts(base, sides).text or "") == "said"
    assert (merge_texts(base, ["", " "]).text or "").strip() == ""
    assert merge_texts(base, ["", "said"], settled=[["one", "other"], []]).text is None, "that was decided"


def test_names_may_come_together_where_there_were_none_and_texts_may_not() -> None:
    assert merge_lists([], [["CCG"], ["Police"]]).items == ["CCG", "Police"]
    assert merge_lists([], [["CCG"], ["Police"]], of_texts=True).items is None
    assert (
        merge_lists(["More feed"], [["More feed", "A"], ["More feed", "B"]], of_texts=True).items is not None
    )


def test_a_block_changed_by_two_differently_is_a_conflict() -> None:
    result = merge_texts(
        BASE, [BASE.replace("two", "2"), BASE.replace("two", "II"), BASE.replace("one", "1")]
    )
    assert result.text is None and not result.combined
    assert result.conflicts == (BlockConflict("- two", {0: "- 2", 1: "- II"}),)


def test_a_block_deleted_by_one_and_edited_by_another_is_a_conflict() -> None:
    result = merge_texts(BASE, [BASE.replace("- two\n", ""), BASE.replace("two", "2")])
    assert result.conflicts == (BlockConflict("- two", {0: None, 1: "- 2"}),)


def test_a_paragraph_moved_by_one_and_edited_by_another_is_a_conflict() -> None:
    moved = "- one\n- two\n- three\n\nLast.\n\nFirst."
    result = merge_texts(BASE, [moved, BASE.replace("First.", "First!")])
    assert result.conflicts == (BlockConflict("First.", {0: "First.", 1: "First!"}),)


def test_a_paragraph_moved_by_two_to_different_places_is_a_conflict() -> None:
    one = "- one\n- two\n- three\n\nLast.\n\nFirst."
    other = "- one\n- two\n- three\n\nFirst.\n\nLast."
    assert merge_texts(BASE, [one, other]).text is None


def test_words_within_a_paragraph_are_never_merged() -> None:
    base = "The rate rose by ten points in the year."
    sides = [base.replace("rose", "fell"), base.replace("year", "quarter")]
    assert merge_texts(base, sides).text is None


def test_all_rewritten_by_two_is_a_conflict_and_not_both_after_each_other() -> None:
    assert merge_texts("Old.", ["New by A.", "New by B.\n\nMore by B."]).text is None


def test_a_block_that_was_decided_to_stay_conflicts_with_a_later_edit_of_it() -> None:
    refused = [BASE.replace("two", "2"), BASE.replace("two", "II")]
    third = BASE.replace("two", "second")
    assert merge_texts(BASE, [BASE, third]).text == third
    result = merge_texts(BASE, [BASE, third], settled=[refused, []])
    assert result.conflicts == (BlockConflict("- two", {0: "- two", 1: "- second"}),)
    elsewhere = merge_texts(BASE, [BASE, BASE.replace("Last", "End")], settled=[refused, []])
    assert elsewhere.text == BASE.replace("Last", "End")


# ------------------------------------------------------------------ what is no edit


@pytest.mark.parametrize(
    "same",
    [
        BASE.replace("\n", "\r\n"),
        BASE.replace("\n", "  \n"),
        BASE.replace("- ", "* "),
        BASE + "\n\n",
        BASE.replace("\n- ", "\n\n- "),
    ],
)
def test_formatting_alone_is_no_edit(same: str) -> None:
    edit = BASE.replace("two", "2")
    assert merge_texts(BASE, [same, edit]).text == edit
    assert same_text(BASE, same)


def test_another_unicode_form_is_no_edit() -> None:
    base = "Café.\n\nNaïve."
    other = unicodedata.normalize("NFD", base)
    assert other != base
    assert merge_texts(base, [other, base.replace("Naïve", "Clever")]).text == "Café.\n\nClever."


def test_numbers_of_a_list_follow_from_its_entries() -> None:
    base = "1. a\n2. b\n3. c"
    assert merged("1. new\n2. a\n3. b\n4. c", "1. a\n2. b, more\n3. c", base=base) == (
        "1. new\n2. a\n3. b, more\n4. c"
    )
    assert merged("4. a\n5. b", "3. a\n4. b, more", base="3. a\n4. b") == "4. a\n5. b, more"


def test_children_of_an_entry_keep_their_indent_when_its_number_grows() -> None:
    base = "\n".join(f"{n}. e{n}" for n in range(1, 9)) + "\n9. last\n   - child"
    result = merged("1. new\n" + "\n".join(_raised(base)), base.replace("e2", "E2"), base=base)
    assert result is not None
    assert result.endswith("\n10. last\n    - child")
    assert len(parse(result)) == 1


def _raised(text: str) -> list[str]:
    lines = text.split("\n")
    return [f"{n + 1}. {line.split('. ')[1]}" for n, line in enumerate(lines[:-1], 1)] + ["    - child"]


def test_neighbouring_lists_stay_two_lists() -> None:
    base = "- a\n- b\n\n* c"
    assert merged(base.replace("- b", "- b\n- x"), base + "\n* d", base=base) == "- a\n- b\n- x\n\n* c\n* d"


# ------------------------------------------------------------------ lists of texts


def test_lists_merge_by_entry() -> None:
    base = ["Council", "Police", "Schools"]
    result = merge_lists(base, [["Council", "Police", "Schools", "CCG"], ["Council", "Schools"]])
    assert result.items == ["Council", "Schools", "CCG"] and result.combined
    assert merge_lists(base, [["Council", "Police, city", "Schools"], ["Council", "Schools"]]).items is None


# ------------------------------------------------------------------ for all texts

TEXTS = BLOCKS.map(lambda blocks: render(blocks))
SMALL = st.lists(st.sampled_from(["a", "b", "c", "- x", "- y", "1. n", "2. m"]), max_size=6).map("\n\n".join)


@settings(max_examples=300)
@given(st.text(alphabet=st.sampled_from(list("ab 12.-*\n\t|")), max_size=80))
def test_blocks_of_a_text_joined_again_are_the_text(text: str) -> None:
    assert "".join(split(text)) == text


@settings(max_examples=300)
@given(BLOCKS)
def test_blocks_as_they_are_compared_say_what_the_text_says(blocks: tuple[Block, ...]) -> None:
    text = render(blocks)
    assert parse(join(_keys(text))) == parse(canonical(text))
    assert _keys(join(_keys(text))) == _keys(text)


@settings(max_examples=200)
@given(TEXTS | SMALL, TEXTS | SMALL)
@example("|  |\n| --- |", "0")
@example("TBC", "0")
def test_one_side_alone_is_what_the_text_says(base: str, side: str) -> None:
    assert _keys(merge_texts(base, [side, base]).text or "") == _keys(side)


@settings(max_examples=300)
@given(SMALL, st.lists(SMALL, min_size=2, max_size=4), st.randoms())
def test_any_order_gives_the_same_and_no_block_is_lost_or_invented(
    base: str, sides: list[str], random: object
) -> None:
    result = merge_texts(base, sides)
    shuffled = list(sides)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    again = merge_texts(base, [*shuffled, shuffled[0]])
    assert again.text == result.text and again.combined == result.combined
    if result.text is None:
        assert result.conflicts or not has_words(base)
        return
    out, was = Counter(_words(result.text)), Counter(_words(base))
    for side in sides:
        said = Counter(_words(side))
        assert not (said - was) - out, "what a side added is in the merged text"
    proposed = set(_words(base)).union(*map(_words, sides))
    assert set(out) <= proposed, "no block is invented"


def _words(text: str) -> list[str]:
    """The blocks without how a list is numbered or marked."""
    return [key[1:].split("\0")[-1] for key in _keys(text)]


@settings(max_examples=200)
@given(st.lists(st.sampled_from("abcd"), max_size=12), st.lists(st.sampled_from("abcd"), max_size=12))
def test_pairs_rise_and_are_equal(old: list[str], new: list[str]) -> None:
    pairs = align(old, new)
    assert all(old[i] == new[j] for i, j in pairs)
    assert all(a < c and b < d for (a, b), (c, d) in itertools.pairwise(pairs))
    paired = likely_pairs(old, new)
    assert len(paired) == min(len(old), len(new))
    assert all(a < c and b < d for (a, b), (c, d) in itertools.pairwise(paired))


# ------------------------------------------------------------------ whatever the size


def test_a_hundred_thousand_equal_bullets_are_merged_like_any_others() -> None:
    base = "- the same\n" * 100_000
    result = merge_texts(base, [base + "- one more", "- first\n" + base])
    assert result.text is not None
    assert result.text.startswith("- first\n") and result.text.endswith("\n- one more")


def test_large_texts_that_have_nothing_in_common_are_compared_at_bounded_cost() -> None:
    old, new = ([f"{name}{n % 5000}" for n in range(50_000)] for name in "xy")
    assert align(old, [*new, *old[:40_000:3]]) != []


def test_a_giant_text_is_not_merged_but_left_to_a_person() -> None:
    giant = "word " * 900_000
    assert merge_texts("", [giant, "- small"]).text is None
    assert merge_texts("", [giant, giant]).text == giant
