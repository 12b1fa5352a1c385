"""Word differences: nothing is lost of either text, and what changed is marked word by word."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from cypp_desktop.plan.differences import ADDED, REMOVED, SAME, TextPiece, shortened, word_differences

WORDS = ["the", "rate", "fell", "to", "17", "%", ".", "\n", " ", "  ", "–"]
TEXT = st.lists(st.sampled_from(WORDS), max_size=25)


def said(before: str, after: str) -> list[tuple[str, str]]:
    return [(piece.kind, piece.text) for piece in word_differences(before, after)]


def test_a_word_that_was_changed_is_marked_and_the_rest_is_not() -> None:
    assert said("The rate fell to 17 %.", "The rate rose to 17 %.") == [
        (SAME, "The rate "),
        (REMOVED, "fell"),
        (ADDED, "rose"),
        (SAME, " to 17 %."),
    ]


def test_several_words_changed_in_a_row_are_one_change() -> None:
    assert said("by the end of May", "by some later day of May") == [
        (SAME, "by "),
        (REMOVED, "the end"),
        (ADDED, "some later day"),
        (SAME, " of May"),
    ]


def test_a_new_text_is_all_added_and_one_taken_out_all_removed() -> None:
    assert said("", "New words") == [(ADDED, "New words")]
    assert said("Old words", "") == [(REMOVED, "Old words")]
    assert said("Same", "Same") == [(SAME, "Same")]
    assert said("", "") == []


@given(TEXT.map("".join), TEXT.map("".join))
def test_the_pieces_make_up_both_texts(before: str, after: str) -> None:
    pieces = word_differences(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != ADDED) == before
    assert "".join(piece.text for piece in pieces if piece.kind != REMOVED) == after
    assert all(piece.text for piece in pieces)
    assert all(one.kind != other.kind for one, other in pairwise(pieces))


def test_texts_too_long_to_compare_are_shown_whole() -> None:
    before, after = "one " * 9_000, "two " * 9_000
    assert said(f"start {before}", f"start {after}")[0] == (SAME, "start ")


def test_long_stretches_that_stayed_are_left_out() -> None:
    long = "word " * 60
    pieces = shortened(word_differences(f"{long}old {long}x {long}", f"{long}new {long}y {long}"))
    kinds = [piece.kind for piece in pieces]
    assert kinds == [SAME, REMOVED, ADDED, SAME, REMOVED, ADDED, SAME]
    assert pieces[0].text.startswith("… word")
    assert pieces[0].text.endswith("word ")
    assert pieces[-1].text.startswith(" word")
    assert pieces[-1].text.endswith("word …")
    assert all(len(piece.text) < 100 for piece in pieces)


def test_a_long_piece_that_came_in_is_cut() -> None:
    (piece,) = shortened([TextPiece(ADDED, "word " * 400)])
    assert len(piece.text) <= 600
    assert piece.text.endswith("word …")
