"""Markdown blocks as lines: every word, in order, within the width, with the structure kept."""

from __future__ import annotations

from collections import Counter
from typing import cast
from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cypp_desktop.plan.blocks import Block, List, Paragraph, Table, normal, parse, plain_text
from cypp_desktop.report.characters import clean
from cypp_desktop.report.pdf.canvas import Pen
from cypp_desktop.report.pdf.fonts import meaning
from cypp_desktop.report.pdf.lines import PrintedLine, PrintedLines, PrintedRun, TypeStyle
from cypp_desktop.report.pdf.page_styles import ChapterStyles
from cypp_desktop.report.pdf.structure import StructureElement
from cypp_desktop.report.pdf.typesetter import Typesetter
from tests.strategies import BLOCKS

STYLE = TypeStyle(10, 13)


def set_text(text: str, width: float = 300) -> list[PrintedLine]:
    return list(Typesetter().set(parse(text), width, STYLE).lines)


def read(run: PrintedRun) -> str:
    """A run as it is read back from the file."""
    return "".join(meaning(run.font, ord(character)) for character in run.text)


def readable(text: str) -> str:
    """The text without blanks; characters of private areas are read back as a sign for the unknown."""
    return "".join("\ufffd" if category(each) == "Co" else each for each in "".join(clean(text).split()))


def shown(line: PrintedLine) -> str:
    return "".join(map(read, line.runs)).rstrip()


def kinds(line: PrintedLine) -> list[str]:
    """The structure of a line's last run, from the outside in."""
    found: list[str] = []
    element: StructureElement | None = line.runs[-1].element
    while element is not None:
        found.insert(0, element.kind)
        element = element.parent
    return found


def labels(blocks: tuple[Block, ...], depth: int = 0) -> str:
    """The bullets and numbers that lists add to the words."""
    found = ""
    for block in blocks:
        if isinstance(block, List):
            for number, item in enumerate(block.items):
                found += "•–"[min(depth, 1)] if block.start is None else f"{block.start + number}."
                found += labels(item.blocks, depth + 1)
    return found


def has_table(blocks: tuple[Block, ...]) -> bool:
    inside = (item.blocks for block in blocks if isinstance(block, List) for item in block.items)
    return any(isinstance(block, Table) for block in blocks) or any(map(has_table, inside))


@given(BLOCKS, st.sampled_from([8.0, 40.0, 150.0, 500.0]))
def test_no_character_is_lost_and_nothing_is_wider_than_the_column(
    blocks: tuple[Block, ...], width: float
) -> None:
    blocks = normal(blocks)
    setter = Typesetter()
    lines = setter.set(blocks, width, STYLE).lines
    printed = "".join(shown(line) for line in lines)
    assert Counter("".join(printed.split())) == Counter(readable(plain_text(blocks)) + labels(blocks))
    if width >= 150 and not setter.shrunk:
        assert all(line.width <= width + 0.01 for line in lines)


@given(BLOCKS)
def test_words_come_in_the_order_of_the_text(blocks: tuple[Block, ...]) -> None:
    blocks = normal(blocks)
    if has_table(blocks):
        return
    lines = Typesetter().set(blocks, 10_000.0, STYLE).lines
    runs = [run for line in lines for run in line.runs if run.element.kind != "Lbl"]
    printed = "".join("".join(map(read, runs)).split())
    assert printed == readable(plain_text(blocks))


def test_bold_italics_and_a_link_stand_in_one_line() -> None:
    (line,) = set_text("plain **bold** *slanted* [site](https://example.org)", 500)
    assert [(run.text, run.font) for run in line.runs] == [
        ("plain ", "PlanSans"),
        ("bold ", "PlanSans-Bold"),
        ("slanted ", "PlanSans-Italic"),
        ("site ", "PlanSans"),
    ]
    assert line.runs[-1].link == "https://example.org"
    assert [run.x for run in line.runs] == sorted(run.x for run in line.runs)


def test_words_glued_across_styles_are_not_parted() -> None:
    lines = set_text("aaaa **bb**cc dd", 45)
    assert [shown(line) for line in lines] == ["aaaa", "bbcc dd"]


def test_lists_are_labelled_numbered_and_nested() -> None:
    lines = set_text("3. third\n   - inner\n     - innermost\n4. fourth\n\n- bullet")
    assert [shown(line) for line in lines] == ["3. third", "– inner", "– innermost", "4. fourth", "• bullet"]
    indents = [line.runs[0].x for line in lines]
    assert indents[0] < indents[1] < indents[2]
    assert indents[3] == indents[0]
    assert kinds(lines[1]) == ["L", "LI", "LBody", "L", "LI", "LBody", "P"]


def test_a_text_that_nests_deeper_than_its_column_is_wide_keeps_its_words() -> None:
    text = "\n".join("  " * depth + f"- word{depth}" for depth in range(60))
    lines = set_text(text, 90)
    found = " ".join(shown(line) for line in lines)
    assert [word for word in found.split() if word.startswith("word")] == [f"word{d}" for d in range(60)]
    assert all(line.width <= 90.01 for line in lines)


def test_a_sub_heading_stays_with_what_follows_it() -> None:
    heading, *rest = set_text("**Performance update**\n\nText under it.")
    assert heading.keep
    assert not rest[-1].keep


def test_a_sub_heading_is_one_in_prose_and_a_paragraph_in_a_cell() -> None:
    blocks = parse("**Performance update**\n\nText under it.")
    assert kinds(Typesetter().set(blocks, 300, STYLE).lines[0]) == ["P"]
    assert kinds(Typesetter().set(blocks, 300, STYLE, heading="H3").lines[0]) == ["H3"]


def test_no_line_of_a_paragraph_is_left_alone() -> None:
    lines = PrintedLines(set_text("word " * 200))
    count = len(lines)
    assert lines.cut(0, lines.height(0, 1)) == 0
    assert lines.cut(0, lines.height(0, 1), must=True) == 1
    assert lines.cut(0, lines.height(0, count - 1)) == count - 2
    assert lines.cut(0, lines.height(0)) == count


def test_white_above_a_block_is_dropped_at_the_top_of_a_page() -> None:
    lines = PrintedLines(set_text("one\n\ntwo\n\nthree"))
    assert lines.height(0) > lines.height(0, 2) > lines.height(0, 1)
    assert lines.height(1, 2) == lines.height(0, 1) == STYLE.leading


def test_a_sub_table_has_its_cells_side_by_side_and_its_heading_shaded() -> None:
    lines = set_text("| Year | Number of children |\n| --- | --- |\n| 2017/18 | 2,848 |\n| 2016/17 | 2,345 |")
    assert [shown(line) for line in lines] == ["Year Number of children", "2017/18 2,848", "2016/17 2,345"]
    assert [line.shaded for line in lines] == [True, False, False]
    assert kinds(lines[0])[-1] == "TH"
    assert kinds(lines[1])[-1] == "TD"
    assert lines[0].grid == lines[1].grid


def test_a_table_heading_without_words_is_not_printed() -> None:
    lines = set_text("|  |  |\n| --- | --- |\n| 2017/18 | 2,848 |")
    assert [shown(line) for line in lines] == ["2017/18 2,848"]


def test_a_line_break_in_a_paragraph_is_one_on_paper() -> None:
    assert [shown(line) for line in set_text("Nottingham City Council\nJohn Smith")] == [
        "Nottingham City Council",
        "John Smith",
    ]


def test_a_text_without_words_has_no_lines() -> None:
    lines = Typesetter().set((Paragraph(()),), 100, STYLE)
    assert len(lines) == 0
    assert lines.height(0) == 0


@pytest.mark.parametrize(
    "text", ["one", "**one** two", "one [two](https://a.org)", "سلام one", "- one", "7. one"]
)
def test_letters_stand_within_their_line_and_on_the_base_line_of_those_beside_them(text: str) -> None:
    (line,) = set_text(text)
    (drop,) = {run.drop for run in line.runs}
    assert drop - 0.8 * STYLE.size > 0
    assert drop + 0.25 * STYLE.size < line.height
    assert drop == set_text("plain")[0].runs[0].drop


def test_the_cells_of_a_sub_table_have_white_above_and_below_their_words() -> None:
    head, row = set_text("| Year | Number |\n| --- | --- |\n| one | two |")
    (alone,) = set_text("one")
    for line in (head, row):
        above = line.runs[0].drop - alone.runs[0].drop
        assert above > 0
        assert line.height == pytest.approx(alone.height + 2 * above)


def test_a_row_of_a_sub_table_has_white_above_its_first_and_below_its_last_line_alone() -> None:
    table = "| A | B |\n| --- | --- |\n| one | two three four five six seven eight |"
    _, first, *inner, last = set_text(table, width=60)
    plain = STYLE.leading
    assert [first.opens, first.closes, last.opens, last.closes] == [True, False, False, True]
    assert all(line.height == plain and not line.opens and not line.closes for line in inner)
    assert first.height == last.height > plain
    assert all(line.keep for line in (first, *inner)) and not last.keep


class Ruled:
    """A pen that keeps the rules that are drawn: where, and how wide."""

    def __init__(self) -> None:
        self.across: list[tuple[float, float, float]] = []
        self.down: list[tuple[float, float, float]] = []
        self.shades: list[tuple[float, ...]] = []
        self.widths: set[float] = set()

    def rule(self, x: float, y: float, to_x: float, to_y: float, colour: object, width: float) -> None:
        self.widths.add(width)
        if y == to_y:
            self.across.append((y, x, to_x))
        else:
            self.down.append((x, y, to_y))

    def fill(self, x: float, y: float, width: float, height: float, colour: object) -> None:
        self.shades.append((x, y, width, height))

    def text(self, *_: object) -> None:
        """Words are drawn elsewhere."""


def test_a_sub_table_is_ruled_around_and_between_its_cells_and_its_head_is_shaded() -> None:
    lines = PrintedLines(set_text("| A | B |\n| --- | --- |\n| c | d |", 200))
    left, middle, right = lines.lines[0].grid
    high = lines.lines[0].height
    pen = Ruled()
    lines.draw(cast(Pen, pen), 50, 500, 0, 2)
    tops = [500, 500 - high, 500 - high - high]
    assert pen.across == [(y, 50 + left, 50 + right) for y in (tops[0], tops[1], tops[1], tops[2])]
    assert sorted(set(pen.down)) == sorted(
        (50 + x, tops[n], tops[n + 1]) for x in (left, middle, right) for n in (0, 1)
    )
    assert pen.shades == [(50 + left, tops[1], right - left, high)]
    (width,) = pen.widths
    assert 0 < width < 1


def test_a_sub_table_that_a_page_cuts_is_closed_below_and_opened_again() -> None:
    lines = PrintedLines(set_text("| A | B |\n| --- | --- |\n| one | two three four five six |", 60))
    part = Ruled()
    lines.draw(cast(Pen, part), 0, 100, 2, 3)
    high = lines.lines[2].height
    assert not lines.lines[2].opens and not lines.lines[2].closes
    assert [y for y, _, _ in part.across] == [100, 100 - high]


@pytest.mark.parametrize("width", [80, 100, 300])
def test_a_sub_table_with_words_too_wide_for_it_is_as_wide_as_its_column(width: float) -> None:
    long, short = "responsibilities " * 9, "words of all"
    (line, *_) = set_text(f"| A | B |\n| --- | --- |\n| {long} | {short} |", width)
    assert line.grid[0] == 0 and line.grid[-1] == pytest.approx(width)
    assert line.grid[1] > width / 2


@pytest.mark.parametrize("text", ["**سلام** one", "**one** سلام"])
def test_bold_words_are_bold_beside_words_that_run_from_right_to_left(text: str) -> None:
    (line,) = set_text(text)
    fonts = {"Bold" in run.font for run in line.runs if run.text.strip()}
    assert fonts == {True, False}


def test_slanted_words_are_slanted_beside_words_that_run_from_right_to_left() -> None:
    (line,) = set_text("*one* سلام")
    assert {run.text.strip(): "Italic" in run.font for run in line.runs}["one"]


@pytest.mark.parametrize("size", [6.5, 8.0, 9.5, 10.0, 14.0, 18.0])
def test_lines_of_a_print_have_room_for_their_letters_at_every_size(size: float) -> None:
    sheet = ChapterStyles(size)
    for style in (sheet.body, sheet.quiet, sheet.prose, *(sheet.heading(level) for level in range(1, 5))):
        assert 1.2 * style.size <= style.leading <= 1.5 * style.size


@pytest.mark.parametrize(("rows", "whole"), [(2, True), (60, False)])
def test_a_short_sub_table_stays_together_and_a_long_one_may_be_cut_below_its_head(
    rows: int, whole: bool
) -> None:
    lines = set_text("| A | B |\n| --- | --- |\n" + "| c | d |\n" * rows)
    assert lines[0].keep and not lines[-1].keep
    assert {line.keep for line in lines[1:-1]} == {whole}
