"""What stands before the tables: title, label, status, introduction; and what stands above each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import docx
import pytest
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.shared import Pt

from cypp_desktop.exchange.word import read_word
from cypp_desktop.exchange.word.front import groups
from cypp_desktop.exchange.word.texts import EntryKind, TextEntry
from tests.exchange.word_raw import CITY, raw, table

ROW = ["1a: Safe", "i) Plans", "Fewer.", "Police"]


def plan_after(tmp_path: Path, *before: Any, priority: str = "Priority 1. Safe") -> dict[str, Any]:
    """The plan of a document that begins with these lines (or what these functions add)."""
    document = docx.Document()
    for line in before:
        if callable(line):
            line(document)
        else:
            document.add_paragraph(line)
    if priority:
        document.add_heading(priority, 1)
    table(document, CITY, [ROW])
    document.save(str(tmp_path / "Our_plan.docx"))
    return read_word(tmp_path / "Our_plan.docx").plan


def large(words: str) -> Any:
    def add(document: Document) -> None:
        document.add_paragraph().add_run(words).font.size = Pt(22)

    return add


def test_the_title_in_its_style_over_two_lines(tmp_path: Path) -> None:
    def title(document: Document) -> None:
        document.add_paragraph("Trentshire Children’s Trust", style="Title")
        document.add_paragraph("Action Plan 2020-2024", style="Subtitle")

    plan = plan_after(tmp_path, title)
    assert plan["title"] == "Trentshire Children’s Trust Action Plan 2020-2024"
    assert plan["partnership"] == "Trentshire Children’s Trust" and plan["period"] == "2020-2024"


def test_the_title_by_its_size(tmp_path: Path) -> None:
    assert (
        plan_after(tmp_path, "Appendix A", large("Our Action Plan"), "Some words.")["title"]
        == "Our Action Plan"
    )


@pytest.mark.parametrize(("length", "is_title"), [(249, True), (250, False)])
def test_a_paragraph_of_250_letters_is_no_title_however_large(
    length: int, is_title: bool, tmp_path: Path
) -> None:
    words = ("A plan of many words " * 13)[: length - 1] + "."
    assert len(words) == length
    title = plan_after(tmp_path, large(words), "Some words.")["title"]
    assert title == (words if is_title else "Our plan")


def test_the_title_from_the_file_where_the_document_has_none(tmp_path: Path) -> None:
    assert plan_after(tmp_path)["title"] == "Our plan"


@pytest.mark.parametrize(
    "label", ["Appendix 2", "Annex B – draft", "Appendix 1 V6 (15.06.2018)", "Version 3.1", "Enclosure 4"]
)
def test_labels_of_documents(label: str, tmp_path: Path) -> None:
    assert plan_after(tmp_path, label, large("Our Action Plan"))["document_label"] == label


def test_a_label_in_the_footer(tmp_path: Path) -> None:
    def footer(document: Document) -> None:
        document.sections[0].footer.paragraphs[0].text = "CYPP Progress Master (V5) 02.06.11"

    assert (
        plan_after(tmp_path, footer, large("Our Plan"))["document_label"]
        == "CYPP Progress Master (V5) 02.06.11"
    )


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("Please note that this plan is marked ‘in progress’.", "in progress"),
        ("This action plan is in draft and will change.", "draft"),
        ("This is a plan for all children.", None),
    ],
)
def test_status_words(words: str, status: str | None, tmp_path: Path) -> None:
    plan = plan_after(tmp_path, large("Our Plan"), words)
    assert plan["status"] == status and plan["introduction"] == words


def test_a_line_that_only_says_the_status_is_no_introduction(tmp_path: Path) -> None:
    plan = plan_after(tmp_path, large("Our Plan"), "Status: for approval")
    assert plan["status"] == "for approval" and plan["introduction"] is None


def test_an_introduction_under_its_heading_with_a_list(tmp_path: Path) -> None:
    def introduction(document: Document) -> None:
        document.add_paragraph("Our Plan", style="Title")
        document.add_heading("Introduction", 1)
        document.add_paragraph("We agreed to:")
        document.add_paragraph("listen", style="List Bullet")
        document.add_paragraph("act", style="List Bullet")

    plan = plan_after(tmp_path, introduction)
    assert plan["introduction"] == "We agreed to:\n\n- listen\n- act" and plan["sections"] == []


@pytest.mark.parametrize(
    ("sought", "success"),
    [
        ("What are our outcomes?", "What will success look like?"),
        ("Outcomes sought", "Success criteria"),
        ("What do we want to achieve?", "How will we know that we have succeeded?"),
        ("Our outcomes:", "Measures of success:"),
    ],
)
@pytest.mark.parametrize("bold", [True, False])
def test_outcomes_and_criteria_above_the_table(sought: str, success: str, bold: bool, tmp_path: Path) -> None:
    def above(document: Document) -> None:
        document.add_paragraph("Our Plan", style="Title")
        document.add_heading("Priority 1. Safe", 1)
        for label, lines in ((sought, ["Found early.", "Heard:"]), (success, ["Fewer return."])):
            document.add_paragraph().add_run(label).bold = bold
            for line in lines:
                document.add_paragraph(line, style="List Bullet")
                if line.endswith(":"):
                    document.add_paragraph("at home", style="List Bullet 2")

    (priority,) = plan_after(tmp_path, above, priority="")["priorities"]
    assert priority["outcomes_sought"] == ["Found early.", "Heard:\n\n- at home"]
    assert priority["success_criteria"] == ["Fewer return."]


def test_outcomes_and_criteria_in_a_table_beside_their_labels(tmp_path: Path) -> None:
    def above(document: Document) -> None:
        document.add_heading("Priority 1. Safe", 1)
        rows = [
            ["What are our outcomes?", ["Found early.", "Helped soon."]],
            ["What will success look like?", "Fewer return."],
            ["Who was asked?", "Everyone."],
        ]
        table(document, [], rows)

    plan = plan_after(tmp_path, above, priority="")
    (priority,) = plan["priorities"]
    assert priority["outcomes_sought"] == ["Found early.", "Helped soon."]
    assert priority["success_criteria"] == ["Fewer return."]
    assert [note for note in plan["notes"] if "asked" in note] != []


def test_a_lead_of_the_priority_above_the_table(tmp_path: Path) -> None:
    def above(document: Document) -> None:
        document.add_heading("Priority 1. Safe", 1)
        document.add_paragraph("Priority lead: Trentshire Police")

    (priority,) = plan_after(tmp_path, above, priority="")["priorities"]
    assert priority["leads"] == [{"organisation": "Trentshire Police", "people": [], "note": None}]


def test_other_words_above_a_table_are_a_note_on_the_priority(tmp_path: Path) -> None:
    def above(document: Document) -> None:
        document.add_heading("Priority 1. Safe", 1)
        document.add_paragraph("Work on this began in May.")

    plan = plan_after(tmp_path, above, priority="")
    assert plan["notes"] == ["On 1: Work on this began in May."]


@pytest.mark.parametrize(
    "words", ["Theme 1 – Safe", "Strategic Objective 1: Safe", "PRIORITY ONE: Safe", "Ambition 1. Safe"]
)
def test_upper_levels_under_other_names(words: str, tmp_path: Path) -> None:
    plan = plan_after(tmp_path, large("Our Plan"), priority=words)
    assert [(p["code"], p["title"]) for p in plan["priorities"]] == [("1", "Safe")]


def test_headings_that_do_not_say_priority(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("Our Plan", style="Title")
    for words in ("Being safe", "Being well"):
        document.add_heading(words, 1)
        table(document, CITY, [["Good", "i) Plans", "Fewer.", "Police"]])
    document.save(str(tmp_path / "a.docx"))
    assert [p["title"] for p in read_word(tmp_path / "a.docx").plan["priorities"]] == [
        "Being safe",
        "Being well",
    ]


def test_a_heading_at_the_very_top_is_the_title_and_no_priority(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("Being safe in Trentshire", 1)
    table(document, CITY, [["1a: Good", "i) Plans", "Fewer.", "Police"]])
    document.save(str(tmp_path / "a.docx"))
    plan = read_word(tmp_path / "a.docx").plan
    assert plan["title"] == "Being safe in Trentshire"
    assert [(p["code"], p["title"]) for p in plan["priorities"]] == [("1", None)]


def test_own_heading_style_is_a_heading(tmp_path: Path) -> None:
    def styled(document: Document) -> None:
        style = document.styles.add_style("CYPP Banner", WD_STYLE_TYPE.PARAGRAPH)
        document.add_paragraph("Our Plan", style="Title")
        document.add_paragraph("Priority 1 Safe", style=style).runs[0].bold = True

    (priority,) = plan_after(tmp_path, styled, priority="")["priorities"]
    assert (priority["code"], priority["title"]) == ("1", "Safe")


def test_a_small_table_belongs_to_the_statement_before_it() -> None:
    kinds = (EntryKind.BULLET, EntryKind.BULLET, EntryKind.TABLE, EntryKind.BULLET)
    one, two, small, three = (TextEntry(kind, []) for kind in kinds)
    assert groups([one, two, small, three]) == [[one], [two, small], [three]]
    assert groups([small, one]) == [[small], [one]]


@pytest.mark.parametrize("where", ["style", "paragraph"])
def test_a_line_is_a_heading_if_its_style_or_it_alone_has_a_level_in_the_outline(
    where: str, tmp_path: Path
) -> None:
    document = docx.Document()
    document.add_heading("Priority 1. Safe", 1)
    table(document, CITY, [ROW])
    style = document.styles.add_style("Banner", WD_STYLE_TYPE.PARAGRAPH)
    line = document.add_paragraph("Our area", style=style)
    holder = style.element if where == "style" else line._p
    holder.get_or_add_pPr().append(raw('<w:outlineLvl w:val="1"/>'))
    document.add_paragraph("Many children live here.")
    document.save(str(tmp_path / "a.docx"))
    (section,) = read_word(tmp_path / "a.docx").plan["sections"]
    assert (section["title"], section["depth"], section["text"]) == (
        "Our area",
        1,
        "Many children live here.",
    )
