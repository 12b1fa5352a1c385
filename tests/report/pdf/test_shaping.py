"""Writing from right to left: shaped, in its place on the line, and read back in the order of reading."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest
import uharfbuzz
from PySide6.QtPdf import QPdfDocument

from cypp_desktop.plan.blocks import parse
from cypp_desktop.report.cells import TableCell
from cypp_desktop.report.pdf.fonts import FontBook
from cypp_desktop.report.pdf.lines import PrintedLine, TypeStyle
from cypp_desktop.report.pdf.prose import Prose
from cypp_desktop.report.pdf.shaping import _font, _outline, levels, shape, visual_order
from cypp_desktop.report.pdf.structure import StructureElement
from cypp_desktop.report.pdf.typesetter import Typesetter
from cypp_desktop.store.queries import the_plan
from tests.report.pdf_structure import Structure, archival_problems
from tests.report.printing import PrintedPlan, print_flowables, print_table

ARABIC = "خطة الأطفال والشباب 2016-2020 (المرحلة 1): دعم الأسر في Nottingham City، بنسبة 17.2% من الأمهات."
URDU = "بچوں اور نوجوانوں کا منصوبہ: والدین کی مدد اہم ہے۔"
HEBREW = "תוכנית לילדים ולנוער (2016): שירותי בריאות NHS לכולם!"
MIXED = "The family said “شكرا جزيلا” to the team and שלום (hello)."
VOWELS = "بِسْمِ اللَّهِ"
TEXTS = (ARABIC, URDU, HEBREW, MIXED, VOWELS)
STYLE = TypeStyle(10, 13)


def lines_of(text: str, width: float = 200.0) -> list[PrintedLine]:
    return list(Typesetter().set(parse(text), width, STYLE).lines)


def printed(text: str) -> bytes:
    prose = Prose(parse(text), Typesetter(), STYLE, frame_height=515.0, element=StructureElement("P"))
    return print_flowables([prose], (842, 595))


@pytest.mark.parametrize("text", TEXTS)
def test_the_structure_says_the_words_in_the_order_of_reading(text: str) -> None:
    data = printed(text)
    structure = Structure(data)
    assert structure.problems == []
    assert archival_problems(data) == []
    assert structure.text().split() == text.split()


def stand_in_order(text: str, said: str) -> bool:
    """Whether the words of letters alone follow each other; readers place numbers and signs as they like."""
    at = 0
    for word in filter(str.isalpha, text.split()):
        found = said.find(word, at)
        if found < 0:
            return False
        at = found + len(word)
    return True


@pytest.mark.parametrize("text", [ARABIC, URDU, HEBREW])
def test_the_reader_of_web_browsers_finds_the_words_in_order(text: str, tmp_path: Path) -> None:
    path = tmp_path / "print.pdf"
    path.write_bytes(printed(text))
    document = QPdfDocument()
    assert document.load(str(path)) == QPdfDocument.Error.None_
    assert stand_in_order(text, document.getAllText(0).text())


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")
@pytest.mark.parametrize("text", [ARABIC, URDU, HEBREW])
def test_another_program_finds_the_words_in_order(text: str, tmp_path: Path) -> None:
    path = tmp_path / "print.pdf"
    path.write_bytes(printed(text))
    done = subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True)
    said = "".join(each for each in done.stdout.decode() if not "\u202a" <= each <= "\u202e")
    assert stand_in_order(text, said)


def test_a_paragraph_that_begins_at_the_right_stands_at_the_right() -> None:
    for line in lines_of(ARABIC):
        assert max(run.x + run.width for run in line.runs) <= 201
        first = line.runs[0]
        assert all(run.x <= first.x for run in line.runs)
    assert lines_of(MIXED)[0].runs[0].x == 0


def test_the_label_of_an_item_that_begins_at_the_right_is_at_the_right() -> None:
    (line,) = lines_of(f"- {URDU}", 400.0)
    label, *words = line.runs
    assert label.text == "• "
    assert all(run.x < label.x for run in words)


def test_letters_join() -> None:
    joined, single = shape("PlanNaskh", "سلام", True), [shape("PlanNaskh", each, True) for each in "سلام"]
    assert joined.width < sum(each.width for each in single)
    assert {glyph.character for glyph in joined.glyphs}.isdisjoint("سل")


@pytest.mark.parametrize("text", ["بِ", "بَ", "سْ", "لَّ"])
def test_a_vowel_sign_stands_over_or_under_its_letter(text: str) -> None:
    letter, sign = shape("PlanNaskh", text, True).glyphs
    assert letter.across == letter.rise == 0
    assert 0 < sign.across < letter.width
    assert 0 < abs(sign.rise) < 0.5 and (sign.rise < 0) is (text == "بِ")
    assert sign.width == 0


def test_brackets_are_turned_and_numbers_run_from_left_to_right() -> None:
    found = levels("שלום (12) a", 1)
    assert found == [1, 1, 1, 1, 1, 1, 2, 2, 1, 1, 2]
    order = visual_order(found)
    assert [order.index(6), order.index(7)] == sorted([order.index(6), order.index(7)])
    opening, closing = (shape("PlanMarks", each, True).glyphs[0].character for each in "()")
    assert opening != "("
    assert closing != ")"


def test_a_word_wider_than_the_column_stays_in_it() -> None:
    for line in lines_of("ب" * 400, 80.0):
        assert all(0 <= run.x <= 80 for run in line.runs if run.text.strip())


def test_every_page_of_a_long_text_keeps_its_words_inside() -> None:
    cell = TableCell(0, parse("\n\n".join([ARABIC, URDU, HEBREW] * 60)))
    pages = print_table([[cell, TableCell(1)]], 2)
    assert len(pages) > 2
    assert [piece for page in pages for piece in page.outside()] == []


def test_the_same_text_gives_the_same_bytes_after_another_one() -> None:
    once = printed(ARABIC)
    printed(URDU)
    assert printed(ARABIC) == once


def test_what_no_font_has_is_named() -> None:
    book = FontBook()
    for text in (*TEXTS, "Łódź ✔ 😀\n"):
        Typesetter(book).set(parse(text), 200.0, STYLE)
    assert book.missing == set()
    for text in ("字 and 字", "𒀀"):
        Typesetter(book).set(parse(text), 200.0, STYLE)
    assert book.missing == {"字", "𒀀"}


@pytest.mark.parametrize("words", ["OFFICIAL", "سري", "סודי", "OFFICIAL סודי"])
def test_label_marking_and_title_stand_at_the_edges_of_the_page_whichever_way_they_run(
    words: str, tmp_path: Path
) -> None:
    plan = PrintedPlan({"title": words, "document_label": words}, tmp_path)
    with plan.editor.step("Mark"):
        the_plan(plan.editor.session).protective_marking = words
    (page,) = plan.pages("update")
    assert page.outside() == []
    at_edges = [piece for piece in page.shown if piece.y > page.height - 40 or piece.y < 30]
    said = Counter("".join(piece.text for piece in at_edges if "Page" not in piece.text).replace(" ", ""))
    assert said == Counter("1" + 4 * words.replace(" ", ""))
    words_at_edges = [piece for piece in at_edges if piece.text.strip()]
    assert all(piece.x >= 39 and piece.x + piece.width <= page.width - 39 for piece in words_at_edges)


def test_a_character_younger_than_the_tables_of_directions_has_none() -> None:
    assert levels("א\U0001fae9א", 1) == [1, 1, 1]


def test_outlines_of_letters_keep_their_curves() -> None:
    """PDF has no quadratic curves: in the middle, each cubic one stands where the font's stands."""
    ((font, _),) = FontBook().runs(0, "S", False)
    face, _ = _font(font)
    glyph = face.get_nominal_glyph(ord("S"))
    points: list[tuple[float, float]] = []
    here = (0.0, 0.0)

    def goes(x: float, y: float, data: object) -> None:
        nonlocal here
        here = (x, y)

    def curve(x1: float, y1: float, x2: float, y2: float, data: object) -> None:
        points.append(((here[0] + 2 * x1 + x2) / 4, (here[1] + 2 * y1 + y2) / 4))
        goes(x2, y2, data)

    pen = uharfbuzz.DrawFuncs()
    pen.set_move_to_func(goes)
    pen.set_line_to_func(goes)
    pen.set_quadratic_to_func(curve)
    face.draw_glyph(glyph, pen)
    assert points
    em = face.face.upem
    found: list[tuple[float, float]] = []
    last = (0.0, 0.0)
    for numbers, operator in re.findall(r"([-\d.e ]*)([mlch])", _outline(face, glyph)):
        said = [float(number) * em for number in numbers.split()]
        if operator == "c":
            x1, y1, x2, y2, x3, y3 = said
            middle = (last[0] + 3 * x1 + 3 * x2 + x3) / 8, (last[1] + 3 * y1 + 3 * y2 + y3) / 8
            found.append(middle)
        if said:
            last = (said[-2], said[-1])
    assert found == [pytest.approx(point, abs=0.2) for point in points]
