"""Ticks and crosses in symbol fonts are ticks and crosses, however the file says them."""

from __future__ import annotations

import pytest

from cypp_desktop.plan.signs import cleaned
from cypp_desktop.plan.symbol_fonts import is_symbol_font, signs_of, signs_without_font


@pytest.mark.parametrize(
    ("font", "letter", "sign"),
    [
        ("Wingdings", "ü", "✓"),
        ("Wingdings", "\uf0fc", "✓"),
        ("wingdings", "û", "✗"),
        ("'Wingdings'", "þ", "☑"),
        ("Wingdings", "ý", "☒"),
        ("Wingdings", "o", "☐"),
        ("Wingdings", "J", "☺"),
        ("Wingdings", "llll", "●●●●"),
        ("Wingdings 2", "P", "✓"),
        ("Wingdings 2", "\uf050", "✓"),
        ("Wingdings 2", "O", "✗"),
        ("Wingdings 2", "R", "☑"),
        ("Webdings", "a", "✓"),
        ("Symbol", "b", "β"),
        ("Symbol", "\uf0b7", "•"),
        ("Arial", "ü", "ü"),
        ("Wingdings", "School nurses", "School nurses"),
        ("Wingdings", "\uf0fc School nurses", "✓ School nurses"),
    ],
)
def test_a_letter_in_a_symbol_font_is_the_sign_that_it_shows(font: str, letter: str, sign: str) -> None:
    assert signs_of(letter, font) == sign


def test_fonts_are_known_by_name() -> None:
    assert is_symbol_font("Wingdings 2") and not is_symbol_font("Calibri") and not is_symbol_font(None)


def test_ticks_of_no_known_font_are_ticks_too() -> None:
    assert (
        signs_without_font("\uf0fc done, \uf0fb not") == cleaned("\uf0fc done, \uf0fb not") == "✓ done, ✗ not"
    )


@pytest.mark.parametrize("control", ["\x07", "\x0b", "\x0c", "\x01", "\x1f", "\x85"])
def test_a_control_neither_passes_nor_glues_words(control: str) -> None:
    assert cleaned(f"nurse{control}visits").split() == ["nurse", "visits"]
