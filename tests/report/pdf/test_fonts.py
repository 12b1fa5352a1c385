"""Fonts: embedded, with a licence, chosen by glyph; what has none is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from cypp_desktop.paths import resource
from cypp_desktop.report.cells import TableCell
from cypp_desktop.report.characters import clean
from cypp_desktop.report.pdf.fonts import BOLD, FontBook
from cypp_desktop.report.pdf.typesetter import Typesetter
from tests.report.printing import PrintedPlan, print_table, words


@pytest.mark.parametrize(
    "text",
    ["Łódź źdźbło", "Ŵyddgrug ŷ", "İstanbul ğüşöç", "Привет", "Ελληνικά", "“quoted” – £5 ½ 90% é"],
)
def test_words_of_these_languages_need_one_font_only(text: str) -> None:
    book = FontBook()
    assert {book.words(0)[word].font for word in text.split()} == {"PlanSans"}
    assert not book.missing


def test_marks_come_from_the_second_font() -> None:
    book = FontBook()
    word = book.words(BOLD)["done✔"]
    assert [(piece.font, piece.text) for piece in word.pieces] == [
        ("PlanSans-Bold", "done"),
        ("PlanMarks-Bold", "✔"),
    ]
    assert word.width == pytest.approx(sum(piece.width for piece in word.pieces))
    assert not book.missing


def test_a_character_without_a_glyph_is_named_once() -> None:
    book = FontBook()
    book.words(0)["字a字"]
    book.words(BOLD)["字𒀀"]
    assert book.missing == {"字", "𒀀"}


def test_bullets_of_symbol_fonts_are_bullets() -> None:
    assert clean("\uf0b7 one \uf0a7 two") == "• one • two"


def test_what_has_no_width_is_dropped_and_a_tab_is_a_blank() -> None:
    assert clean("co\u00adop\u200berate\tnow\x07") == "cooperate now"


@pytest.mark.parametrize(
    "mark",
    ["\u00ad", "\u180e", "\u200b", "\u200c", "\u200d", "\u200e", "\u200f", "\u2060", "\ufe0f", "\ufeff"],
)
def test_no_joiner_and_no_mark_of_direction_is_printed(mark: str) -> None:
    assert clean(f"plan{mark}s") == "plans"


def test_a_text_of_hundreds_of_different_characters_reads_back_as_written() -> None:
    alphabet = [chr(code) for code in range(0x100, 0x52F) if chr(code).isalpha()]
    setter = Typesetter()
    known = [character for character in alphabet if not _missing(character)]
    text = " ".join("".join(known[at : at + 6]) for at in range(0, len(known), 6))
    (page,) = print_table([[TableCell(0, words(text))]], 1, setter=setter)
    assert len(known) > 700
    assert page.text.split()[1:] == text.split()


def _missing(character: str) -> bool:
    book = FontBook()
    book.words(0)[character]
    return bool(book.missing)


def test_every_font_has_its_licence_beside_it() -> None:
    folder = resource("fonts")
    for font in folder.glob("*.ttf"):
        licence = folder / f"{font.name.partition('-')[0].removesuffix('.ttf')}-LICENCE.txt"
        assert "Permission is hereby granted, free of charge" in " ".join(licence.read_text("utf-8").split())


def test_a_character_that_no_font_has_is_shown_as_a_sign_and_read_back_as_itself(tmp_path: Path) -> None:
    plan = PrintedPlan({"title": "Plan 儿童", "introduction": "𓀀 and 儿"}, tmp_path)
    page = plan.pages("update")[0]
    assert "Plan 儿童" in page.text
    assert "𓀀 and 儿" in page.text
    assert set(plan.result.missing) == {"𓀀", "儿", "童"}
