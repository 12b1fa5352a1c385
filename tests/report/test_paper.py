"""Every layout as a PDF: all words in reading order, none outside the page, the header on each page."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from cypp_desktop.report.layouts import LAYOUTS
from cypp_desktop.report.paper import BoxPart, HeadingPart, TablePart, TextPart
from tests.report.pdf_structure import Structure, archival_problems
from tests.report.plans import NAMES, bare, everything, published
from tests.report.printing import PrintedPlan
from tests.report.reading import leaves
from tests.report.said import cell_words, paper_words


def in_order(words: str, whole: str) -> None:
    """Each line of the words is in the whole, after the line before it."""
    at = 0
    for line in filter(None, map(bare, words.split("\n"))):
        found = whole.find(line, at)
        assert found >= 0, f"missing, or out of order: {line[:80]}"
        at = found + len(line)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_word_is_read_in_order(tmp_path: Path, layout: str) -> None:
    printed = PrintedPlan(everything(), tmp_path)
    data = printed.written(layout, "pdf")
    structure = Structure(data)
    in_order(paper_words(printed.paper(layout)), bare(structure.text()))
    assert structure.problems == []
    assert archival_problems(data) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_word_of_a_published_plan_is_read_in_order(tmp_path: Path, name: str) -> None:
    printed = PrintedPlan(published(name), tmp_path)
    for layout in LAYOUTS:
        data = printed.written(layout, "pdf")
        in_order(paper_words(printed.paper(layout)), bare(Structure(data).text()))
        assert [piece for page in leaves(data) for piece in page.outside()] == []


@pytest.mark.parametrize("size", [12.0, 18.0])
def test_large_print_is_large_throughout(tmp_path: Path, size: float) -> None:
    printed = PrintedPlan(everything(), tmp_path)
    pages = leaves(printed.written("update", "pdf", size=size))
    assert min(piece.size for page in pages for piece in page.shown) >= min(size, 14.0) - 0.01
    assert [piece for page in pages for piece in page.outside()] == []


@pytest.mark.parametrize(
    ("paper", "landscape"), [("A3", True), ("A3", False), ("A4", False), ("Letter", True)]
)
def test_every_paper_holds_all_words(tmp_path: Path, paper: str, landscape: bool) -> None:
    printed = PrintedPlan(everything(), tmp_path)
    options: dict[str, Any] = {"paper": paper, "landscape": landscape}
    for layout in ("delivery", "scorecard", "return-form"):
        data = printed.written(layout, "pdf", **options)
        in_order(paper_words(printed.paper(layout)), bare(Structure(data).text()))
        assert [piece for page in leaves(data) for piece in page.outside()] == []


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_same_plan_gives_the_same_bytes(tmp_path: Path, layout: str) -> None:
    printed = PrintedPlan(everything(), tmp_path)
    assert printed.written(layout, "pdf") == printed.written(layout, "pdf")


# ---------------------------------------------------------------------------------- the progress report


def parts_of(printed: PrintedPlan, layout: str) -> list[tuple[str, str]]:
    """What stands in a paper, as (kind, words)."""
    found: list[tuple[str, str]] = []
    for part in printed.paper(layout).chapters[0].parts:
        if isinstance(part, HeadingPart):
            found.append((f"h{part.level}", words_of(part)))
        elif isinstance(part, TextPart):
            found.append(("text", words_of(part)))
        elif isinstance(part, BoxPart):
            found.append(("box", f"{part.title}|{words_of(part)}"))
        elif isinstance(part, TablePart):
            rows = ["; ".join(cell_words(cell) for cell in row) for row in part.rows]
            found.append(("table", "|".join(rows)))
    return found


def words_of(part: HeadingPart | TextPart | BoxPart) -> str:
    from cypp_desktop.plan.blocks import plain_text

    return plain_text(part.blocks)


def test_a_progress_report_shows_recommendations_where_they_were_made(tmp_path: Path) -> None:
    assert parts_of(PrintedPlan(everything(), tmp_path), "progress") == [
        ("h1", "Town Plan 2017"),
        ("text", "Marked in progress."),
        ("h2", "1 Where we are"),
        ("text", "All is well."),
        ("box", "Recommendation 1:|Keep going."),
        ("h3", "1.1 In detail"),
        ("text", "Nearly."),
        ("h2", "2 Summary"),
        ("table", "REC 2; Stop that."),
        ("text", "And also:"),
        ("table", "REC 3; Start this."),
        ("h2", "Figures"),
        ("h3", "Priority 1. Health"),
        (
            "table",
            "i) Smoking at delivery; 17.2% (2016/17); England: 10.7% (2016/17); "
            "18.1% (2015/16)\n17.2% (2016/17)|ii) Vaccinated by two; 91.0% (2016/17); ; ",
        ),
    ]


@pytest.mark.parametrize(
    ("layout", "title"),
    [("overdue", "Overdue"), ("scorecard", "Scorecard"), ("recommendations", "Recommendations")],
)
def test_what_is_no_print_of_the_whole_plan_says_below_its_title_what_it_is(
    layout: str, title: str, tmp_path: Path
) -> None:
    printed = PrintedPlan(everything(), tmp_path)
    assert parts_of(printed, layout)[:2] == [("h1", "Town Plan 2017"), ("h2", title)]
    assert ("h2", "Update") not in parts_of(printed, "update")


def test_recommendations_that_no_section_shows_are_summed_up(tmp_path: Path) -> None:
    content = everything()
    content["sections"] = [{"number": "1", "title": "Here", "depth": 1, "text": "All is well."}]
    found = parts_of(PrintedPlan(content, tmp_path), "progress")
    assert ("box", "Recommendation 1|Keep going.") in found
    (summary,) = (words for kind, words in found if kind == "table" and "REC 2" in words)
    assert "Keep going." in summary
    assert "Stop that." in summary


def test_a_box_goes_on_over_pages(tmp_path: Path) -> None:
    content = everything()
    content["recommendations"][0]["text"] = "\n\n".join(f"Point {at} of many." for at in range(120))
    pages = leaves(PrintedPlan(content, tmp_path).written("progress", "pdf"))
    text = "".join(page.text for page in pages)
    assert len(pages) > 3
    assert [int(at) for at in re.findall(r"Point (\d+) of", text)] == list(range(120))


def test_nothing_to_print_is_said(tmp_path: Path) -> None:
    printed = PrintedPlan({"title": "Plan"}, tmp_path)
    assert parts_of(printed, "overdue")[-1] == ("text", "Nothing is overdue.")
    assert parts_of(printed, "exceptions")[-1] == ("text", "No measure is red or amber.")
