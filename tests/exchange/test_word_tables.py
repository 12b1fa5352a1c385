"""Tables as people make them: headings in two rows, columns nobody knows, rows that are not rows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.document import Document

from cypp_desktop.errors import ImportProblem
from cypp_desktop.exchange.word import ColumnMeaning, WordImport, read_word
from tests.exchange.word_raw import CITY, plan_document, raw, run, table

ROW = ["1a: Safe children", "i) Number of plans", "Fewer plans.", "Trentshire Police"]


def only(found: WordImport) -> dict[str, Any]:
    outcome: dict[str, Any] = found.plan["priorities"][0]["outcomes"][0]
    return outcome


def dues(
    path: Path, actions: str | Sequence[str], dates: str | Sequence[str]
) -> tuple[list[str | None], list[str]]:
    """The dates of the actions in a county-shaped row, and the plan's notes."""
    headings = ["Key activity", "Key actions", "Date actions required by", "Lead organisation"]
    found = read_word(plan_document(path, [["1. Safe children", actions, dates, "Police"]], headings))
    return [action["due"] for action in only(found)["actions"]], found.plan["notes"]


@pytest.mark.parametrize(
    ("actions", "dates", "expected"),
    [
        (["1. Plan", "2. Do"], ["1. May 2020", "2. June 2020"], ["May 2020", "June 2020"]),
        (["1. Plan", "2. Do"], ["2. June 2020", "1. May 2020"], ["May 2020", "June 2020"]),
        (["1. Plan", "2. Do"], ["1.May 2020 2.June 2020"], ["May 2020", "June 2020"]),
        (["1. Plan", "2. Do"], ["May 2020\nJune 2020"], ["May 2020", "June 2020"]),
        (
            ["1. Plan", "2. Do", "3. Check"],
            ["1-2. May 2020", "3. Ongoing"],
            ["May 2020", "May 2020", "Ongoing"],
        ),
        (
            ["1. Plan", "2. Do", "3. Check"],
            ["1 & 3: May 2020", "2: June 2020"],
            ["May 2020", "June 2020", "May 2020"],
        ),
        (["• Plan", "• Do"], ["May 2020", "June 2020"], ["May 2020", "June 2020"]),
        (["• Plan", "• Do"], ["• May 2020", "• June 2020"], ["May 2020", "June 2020"]),
        (["1. Plan", "2. Do"], "Ongoing", ["Ongoing", "Ongoing"]),
        (["1. Plan", "2. Do"], "All by March 2021", ["March 2021", "March 2021"]),
        ("Plan", ["Begins May 2020"], ["Begins May 2020"]),
        (
            ["1. Plan", "2. Do"],
            ["1. Between October 2020 and end March 2021", "2. 31/03/2021"],
            ["Between October 2020 and end March 2021", "31/03/2021"],
        ),
        (["a) Plan", "b) Do"], ["May 2020", "June 2020"], ["May 2020", "June 2020"]),
    ],
)
def test_dates_find_their_actions(actions: Any, dates: Any, expected: list[str], tmp_path: Path) -> None:
    assert dues(tmp_path / "a.docx", actions, dates) == (expected, [])


def test_dates_that_fit_no_action_are_a_note(tmp_path: Path) -> None:
    found, notes = dues(tmp_path / "a.docx", ["1. Plan", "2. Do", "3. Check"], ["May 2020", "June 2020"])
    assert found == [None, None, None]
    assert notes == ["On 1/1: Date: May 2020; June 2020"]


def test_an_action_a_row_with_its_own_date_and_lead(tmp_path: Path) -> None:
    rows = [
        ["1. Safe children", "Write the plan", "May 2020", "Trentshire Police"],
        ["", "Train the staff", "June 2020", "Trentshire Council"],
    ]
    found = read_word(plan_document(tmp_path / "a.docx", rows, ["Objective", "Action", "By when", "Who"]))
    assert [(a["text"], a["due"]) for a in only(found)["actions"]] == [
        ("Write the plan", "May 2020"),
        ("Train the staff", "June 2020"),
    ]
    assert [lead["organisation"] for lead in only(found)["leads"]] == [
        "Trentshire Police",
        "Trentshire Council",
    ]
    assert found.plan["notes"] == ["On 1/1: Lead for “Train the staff”: Trentshire Council"]


def test_a_column_nobody_knows_is_kept_as_notes_and_listed(tmp_path: Path) -> None:
    found = read_word(plan_document(tmp_path / "a.docx", [[*ROW, "12.5"]], [*CITY, "Zeta score"]))
    assert found.plan["notes"] == ["On 1/1a/i: Zeta score: 12.5"]
    (unplaced,) = found.report.unplaced
    assert unplaced.words == "Zeta score: 12.5" and unplaced.put == "note on 1/1a/i"
    assert "Zeta score" in unplaced.where and "Zeta score: 12.5" in found.report.as_text()


def test_the_person_can_say_what_a_column_means(tmp_path: Path) -> None:
    path = plan_document(
        tmp_path / "a.docx", [["1a: Safe", "i) Plans", "Fewer.", "Police", "More."]], [*CITY, "Zeta"]
    )
    first = read_word(path)
    assert [c.meaning for c in first.tables[0].columns][-1] == ColumnMeaning.NOTES
    again = read_word(path, {(0, 4): ColumnMeaning.UPDATE, (0, 3): ColumnMeaning.IGNORE})
    assert [(u["round"], u["text"]) for u in only(again)["updates"]] == [
        ("End of year update", "Fewer."),
        ("Zeta", "More."),
    ]
    assert only(again)["measures"][0]["leads"] == [] and again.plan["notes"] == []
    assert any("Lead organisation" in remark for remark in again.report.remarks)


def test_what_a_column_means_holds_for_all_tables_with_the_same_headings(tmp_path: Path) -> None:
    def second(document: Document) -> None:
        document.add_heading("Priority 2. Healthy", 1)
        table(document, [*CITY, "Zeta"], [["2a: Well", "i) Visits", "Up.", "NHS", "Soon."]])

    path = plan_document(tmp_path / "a.docx", [[*ROW, "Later."]], [*CITY, "Zeta"], before=second)
    found = read_word(path, {(1, 4): ColumnMeaning.UPDATE})
    texts = [u["text"] for p in found.plan["priorities"] for o in p["outcomes"] for u in o["updates"]]
    assert texts == ["Up.", "Soon.", "Fewer plans.", "Later."]


def test_the_preview_shows_tables_columns_and_samples(tmp_path: Path) -> None:
    (shown,) = read_word(plan_document(tmp_path / "a.docx", [ROW])).tables
    assert (shown.index, shown.heading, shown.rows) == (0, "Priority 1. Being safe", 1)
    assert [(c.heading, c.meaning, c.certain) for c in shown.columns] == [
        ("Outcomes", ColumnMeaning.OUTCOME, True),
        ("Performance measures", ColumnMeaning.MEASURE, True),
        ("End of year update", ColumnMeaning.UPDATE, True),
        ("Lead organisation", ColumnMeaning.LEAD, True),
    ]
    assert shown.columns[0].sample == "1a: Safe children"
    assert all(meaning.label for meaning in ColumnMeaning)


@pytest.mark.parametrize(("bold", "heading"), [(False, "Priority 1. Safe"), (True, "For the board")])
def test_a_table_is_shown_under_the_last_line_above_it_that_is_a_heading(
    bold: bool, heading: str, tmp_path: Path
) -> None:
    document = docx.Document()
    document.add_heading("Priority 1. Safe", 1)
    document.add_paragraph().add_run("For the board").bold = bold
    document.add_paragraph("The table shows what was done.")
    table(document, CITY, [ROW])
    document.save(str(tmp_path / "a.docx"))
    (shown,) = read_word(tmp_path / "a.docx").tables
    assert shown.heading == heading


def test_several_updates_beside_each_other_are_rounds(tmp_path: Path) -> None:
    headings = ["Outcome", "Measure", "Q1 update", "Q2 update", "Lead"]
    found = read_word(
        plan_document(tmp_path / "a.docx", [["1a: Safe", "i) Plans", "One.", "Two.", "Police"]], headings)
    )
    assert [(u["round"], u["text"]) for u in only(found)["updates"]] == [
        ("Q1 update", "One."),
        ("Q2 update", "Two."),
    ]


def test_headings_in_two_rows_are_read_together(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("Priority 1. Being safe", 1)
    made = table(
        document, [], [["Outcomes", "Performance measures", "Lead", ""], ["", "", "Organisation", "Officer"]]
    )
    for cell in (c for row in made.rows for c in row.cells):
        for piece in cell.paragraphs[0].runs:
            piece.bold = True
    made.cell(0, 2).merge(made.cell(0, 3))
    for at in (0, 1):
        made.cell(0, at).merge(made.cell(1, at))
    for words in (["1a: Safe", "i) Plans", "Trentshire Police", "Ann Moor"],):
        for cell, text in zip(made.add_row().cells, words, strict=True):
            cell.text = text
    document.save(str(tmp_path / "a.docx"))
    found = read_word(tmp_path / "a.docx")
    assert [c.heading for c in found.tables[0].columns] == [
        "Outcomes",
        "Performance measures",
        "Lead Organisation",
        "Lead Officer",
    ]
    assert only(found)["measures"][0]["leads"] == [
        {"organisation": "Trentshire Police", "people": ["Ann Moor"], "note": None}
    ]


def test_partners_in_a_column_of_their_own_have_the_role_of_partners(tmp_path: Path) -> None:
    headings = ["Outcome", "Measure", "Update", "Lead", "Partners"]
    found = read_word(
        plan_document(tmp_path / "a.docx", [["1a: Safe", "i) Plans", "Yes.", "Police", "Schools"]], headings)
    )
    assert [(lead["organisation"], lead.get("role")) for lead in only(found)["measures"][0]["leads"]] == [
        ("Police", None),
        ("Schools", "partner"),
    ]


def test_priorities_in_the_first_column(tmp_path: Path) -> None:
    headings = ["Priority", "Outcome", "Action", "Lead"]
    rows = [
        ["1. Safe", "1a: Home", "Visit", "Police"],
        ["", "1b: Street", "Walk", "Police"],
        ["2. Well", "2a: Eat", "Cook", "NHS"],
    ]
    found = read_word(plan_document(tmp_path / "a.docx", rows, headings, priority=None))
    assert [
        (p["code"], p["title"], [o["code"] for o in p["outcomes"]]) for p in found.plan["priorities"]
    ] == [
        ("1", "Safe", ["1a", "1b"]),
        ("2", "Well", ["2a"]),
    ]


def test_outcomes_as_headings_over_tables_without_such_a_column(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("Priority 1: Safe", 1)
    for code in ("1a", "1b"):
        document.add_heading(f"{code} Children are safe {code}", 2)
        table(document, ["Measure", "Update", "Lead"], [["i) Plans", f"Text {code}.", "Police"]])
    document.save(str(tmp_path / "a.docx"))
    found = read_word(tmp_path / "a.docx")
    assert [
        (o["code"], o["title"], o["updates"][0]["text"]) for o in found.plan["priorities"][0]["outcomes"]
    ] == [
        ("1a", "Children are safe 1a", "Text 1a."),
        ("1b", "Children are safe 1b", "Text 1b."),
    ]


def test_outcomes_as_rows_over_all_columns(tmp_path: Path) -> None:
    rows = [
        ["Outcome 1a: Safe at home", "", ""],
        ["i) Plans", "Fewer.", "Police"],
        ["Outcome 1b: Safe outside", "", ""],
        ["i) Walks", "More.", "NHS"],
    ]
    path = plan_document(tmp_path / "a.docx", rows, ["Measure", "Update", "Lead"])
    document = docx.Document(str(path))
    for row in (document.tables[0].rows[1], document.tables[0].rows[3]):
        row.cells[0].merge(row.cells[2])
    document.save(str(path))
    found = read_word(path)
    assert [(o["code"], o["title"]) for o in found.plan["priorities"][0]["outcomes"]] == [
        ("1a", "Safe at home"),
        ("1b", "Safe outside"),
    ]


def test_a_priority_whose_heading_is_missing_is_told_from_the_codes(tmp_path: Path) -> None:
    rows = [ROW, ["1b: Calm", "i) Calls", "Up.", "Police"], ["2.a: Well", "i) Visits", "Up.", "NHS"]]
    found = read_word(plan_document(tmp_path / "a.docx", rows))
    assert [(p["code"], p["title"]) for p in found.plan["priorities"]] == [("1", "Being safe"), ("2", None)]
    assert any("Priority 2" in remark for remark in found.report.remarks)


def test_priorities_written_out_and_in_another_order(tmp_path: Path) -> None:
    document = docx.Document()
    for words in ("Priority Two: Well", "Priority One: Safe"):
        document.add_paragraph().add_run(words).bold = True
        table(document, CITY, [["Good", "i) Visits", "Up.", "NHS"]])
    document.save(str(tmp_path / "a.docx"))
    found = read_word(tmp_path / "a.docx")
    assert [(p["code"], p["title"]) for p in found.plan["priorities"]] == [("2", "Well"), ("1", "Safe")]


def test_a_list_of_the_priorities_before_them_is_introduction(tmp_path: Path) -> None:
    def opening(document: Document) -> None:
        document.add_paragraph("The plan has two priorities:")
        document.add_paragraph("Priority 1: Being safe")
        document.add_paragraph("Priority 2: Being well")

    found = read_word(plan_document(tmp_path / "a.docx", [ROW], before=opening))
    assert [p["title"] for p in found.plan["priorities"]] == ["Being safe"]
    assert "Priority 2: Being well" in found.plan["introduction"]


def test_a_continued_priority_and_outcome_are_the_same_ones(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("Priority 1: Safe", 1)
    table(document, CITY, [["1a: Home", "i) Plans", "Fewer.", "Police"]])
    document.add_heading("Priority 1: Safe (continued)", 1)
    table(document, CITY, [["1a: Home (cont.)", "ii) Calls", "More.", "Police"]])
    document.save(str(tmp_path / "a.docx"))
    (priority,) = read_word(tmp_path / "a.docx").plan["priorities"]
    (outcome,) = priority["outcomes"]
    assert [m["code"] for m in outcome["measures"]] == ["i", "ii"]


def test_a_sentence_cut_by_a_page_is_whole_again(tmp_path: Path) -> None:
    rows = [
        [*ROW[:2], "The number of plans fell in", "Police"],
        CITY,
        ["", "", "the north and rose elsewhere.", ""],
    ]
    found = read_word(plan_document(tmp_path / "a.docx", rows))
    assert only(found)["updates"][0]["text"] == "The number of plans fell in the north and rose elsewhere."


def test_titles_cut_by_a_page_are_whole_again(tmp_path: Path) -> None:
    rows = [
        [
            "4. Answer the new inspections for Joint Targeted",
            "Self-assessments based upon published",
            "1. Plan",
            "Police",
        ],
        ["Key activity", "Strategic plan", "Key actions", "Lead"],
        ["Area Inspection (JTAI)", "frameworks", "2. Do", ""],
        ["5. Next", "Other Plan", "1. Begin", "NHS"],
    ]
    found = read_word(
        plan_document(tmp_path / "a.docx", rows, ["Key activity", "Strategic plan", "Key actions", "Lead"])
    )
    first, second = found.plan["priorities"][0]["outcomes"]
    assert first["title"] == "Answer the new inspections for Joint Targeted Area Inspection (JTAI)"
    assert first["strategic_plans"] == ["Self-assessments based upon published frameworks"]
    assert [a["text"] for a in first["actions"]] == ["Plan", "Do"]
    assert second["title"] == "Next"


def test_a_blank_cell_is_empty_where_the_writer_merges_cells(tmp_path: Path) -> None:
    path = plan_document(
        tmp_path / "a.docx",
        [
            ["1a: Safe", "i) One", "Shared.", "Police"],
            ["", "ii) Two", "", "Police"],
            ["", "iii) Three", "", "Police"],
        ],
    )
    document = docx.Document(str(path))
    document.tables[0].cell(1, 2).merge(document.tables[0].cell(2, 2))
    document.save(str(path))
    assert [u["measures"] for u in only(read_word(path))["updates"]] == [["i", "ii"]]


@pytest.mark.parametrize(
    ("line", "measures"), [("nil", ["i", "ii", "iii"]), ("none", ["i", "ii", "iii"]), ("single", ["i", "ii"])]
)
def test_a_blank_cell_without_a_line_above_it_belongs_to_the_cell_above(
    line: str, measures: list[str], tmp_path: Path
) -> None:
    document = docx.Document()
    document.add_heading("Priority 1. Being safe", 1)
    rows = [["1a: Safe", "i) One", "Shared.", "Police"], ["", "ii) Two", "", "Police"]]
    made = table(document, CITY, [*rows, ["", "iii) Three", "", "Police"]])
    made.cell(1, 2).merge(made.cell(2, 2))
    borders = raw(f'<w:tcBorders><w:top w:val="{line}"/></w:tcBorders>')
    made.cell(3, 2)._tc.get_or_add_tcPr().append(borders)
    document.save(str(tmp_path / "a.docx"))
    assert [u["measures"] for u in only(read_word(tmp_path / "a.docx"))["updates"]] == [measures]


def test_a_measure_on_two_lines_is_one_measure(tmp_path: Path) -> None:
    rows = [["1a: Safe\nand sound", ["i) Number of plans", "per thousand"], "Fewer.", "Police"]]
    outcome = only(read_word(plan_document(tmp_path / "a.docx", rows)))
    assert outcome["title"] == "Safe and sound"
    assert [m["title"] for m in outcome["measures"]] == ["Number of plans per thousand"]


@pytest.mark.parametrize(
    ("lines", "titles"),
    [
        (["Number of:", "- plans", "- calls"], ["Number of:\n\n- plans\n- calls"]),
        (["Numbers", "- plans", "- calls"], ["Numbers", "plans", "calls"]),
        (["- Plans by age:", "- calls"], ["Plans by age:", "calls"]),
        (["- Plans by age:", "- calls", "Of all"], ["Plans by age:", "calls", "Of all"]),
    ],
)
def test_where_measures_stand_alone_a_line_with_a_colon_makes_a_list_part_of_one(
    lines: list[str], titles: list[str], tmp_path: Path
) -> None:
    rows: list[list[str | Sequence[str]]] = [["1a: Safe", "Share of them", "Fewer.", "Police"]]
    rows += [["", f"Share {letter}", "Fewer.", "Police"] for letter in "ABC"]
    rows.append(["", lines, "Fewer.", "Police"])
    measures = only(read_word(plan_document(tmp_path / "a.docx", rows)))["measures"]
    assert [measure["title"] for measure in measures[4:]] == titles


def test_words_above_the_only_coded_line_of_a_cell_are_no_measure_of_their_own(tmp_path: Path) -> None:
    rows = [["1a: Safe", ["Taken from the census:", "i) Plans"], "Fewer.", "Police"]]
    outcome = only(read_word(plan_document(tmp_path / "a.docx", rows)))
    (measure,) = outcome["measures"]
    assert (measure["code"], measure["title"]) == (None, "Taken from the census: i) Plans")


def test_outcomes_of_one_cell_keep_what_hangs_on_the_first_of_them(tmp_path: Path) -> None:
    lines = ["• Children are safe", "    • at home", "• Children are well"]
    outcome = only(read_word(plan_document(tmp_path / "a.docx", [[lines, "i) Plans", "Fewer.", "Police"]])))
    assert outcome["title"] == "Children are safe\n\n- at home\n- Children are well"


def test_two_coded_measures_in_one_cell_share_the_row(tmp_path: Path) -> None:
    rows = [
        ["1a: Safe", ["i) Plans", "ii) Calls"], "Both fell.", "Police"],
        ["1b: Calm", "i) Noise", "Less.", "NHS"],
    ]
    rows += [["1c: Well", "i) Visits", "Up.", "NHS"], ["1d: Fed", "i) Meals", "Up.", "NHS"]]
    outcome = only(read_word(plan_document(tmp_path / "a.docx", rows)))
    assert [(m["code"], m["leads"][0]["organisation"]) for m in outcome["measures"]] == [
        ("i", "Police"),
        ("ii", "Police"),
    ]
    assert outcome["updates"][0]["measures"] == ["i", "ii"]


def test_lines_without_a_code_go_on_with_the_coded_measure_above_them(tmp_path: Path) -> None:
    lines = ["Of the year:", "i) Plans", "per thousand", "ii) Calls"]
    rows: list[list[str | Sequence[str]]] = [["1a: Safe", lines, "Both fell.", "Police"]]
    rows += [[f"1{letter}: Calm", "i) Noise", "Less.", "NHS"] for letter in "bcd"]
    outcome = only(read_word(plan_document(tmp_path / "a.docx", rows)))
    assert [(m["code"], m["title"]) for m in outcome["measures"]] == [
        (None, "Of the year:"),
        ("i", "Plans per thousand"),
        ("ii", "Calls"),
    ]


def test_codes_printed_twice_are_given_once(tmp_path: Path) -> None:
    outcome = only(
        read_word(plan_document(tmp_path / "a.docx", [["1a : Safe", "i) i)Plans", "Fewer.", "Police"]]))
    )
    assert (outcome["code"], outcome["measures"][0]["code"], outcome["measures"][0]["title"]) == (
        "1a",
        "i",
        "Plans",
    )


def test_repeated_and_missing_codes_get_keys(tmp_path: Path) -> None:
    rows = [
        ["1a: Safe", "iv) One", "A.", "Police"],
        ["", "iv) Two", "B.", "Police"],
        ["", "Three without a code", "C.", "Police"],
    ]
    measures = only(read_word(plan_document(tmp_path / "a.docx", rows)))["measures"]
    assert [(m["code"], m.get("key")) for m in measures] == [("iv", "iv"), ("iv", "iv-2"), (None, "3")]


def test_evidence_from_several_sources_is_several_updates(tmp_path: Path) -> None:
    headings = ["No.", "Key activities", "Evidence source", "Evidence of achievement"]
    rows = [
        ["1", "Read more", "Report, May", "Rose."],
        ["", "", "Survey, June", "Liked it."],
        ["2", "Count more", "", "Fell."],
    ]
    found = read_word(plan_document(tmp_path / "a.docx", rows, headings))
    first, second = found.plan["priorities"][0]["outcomes"]
    assert [(u["source"], u["text"], u["round"]) for u in first["updates"]] == [
        ("Report, May", "Rose.", None),
        ("Survey, June", "Liked it.", None),
    ]
    assert [(u["source"], u["text"]) for u in second["updates"]] == [(None, "Fell.")]
    assert found.plan["level_names"] == {"priority": "Priority", "outcome": "Key activity", "measure": None}


def test_other_tables_and_lines_are_kept_as_notes(tmp_path: Path) -> None:
    def after_front(document: Document) -> None:
        table(document, ["Version", "Author"], [["2", "Ann"]])

    path = plan_document(tmp_path / "a.docx", [ROW], before=after_front)
    document = docx.Document(str(path))
    document.add_paragraph("Ask the team for details.")
    document.save(str(path))
    found = read_word(path)
    assert any("Ann" in note for note in found.plan["notes"])
    assert "On 1: Ask the team for details." in found.plan["notes"]


def test_narrative_with_headings_becomes_sections(tmp_path: Path) -> None:
    path = plan_document(tmp_path / "a.docx", [ROW])
    document = docx.Document(str(path))
    document.add_heading("3.1 Next steps", 2)
    document.add_paragraph("We meet in May.")
    document.save(str(path))
    assert read_word(path).plan["sections"] == [
        {"number": "3.1", "title": "Next steps", "depth": 1, "text": "We meet in May."}
    ]


def test_a_table_without_headings_is_told_from_its_codes(tmp_path: Path) -> None:
    rows = [ROW, ["", "ii) Calls", "The number of calls rose. " * 8, "Trentshire Council"]]
    document = docx.Document()
    document.add_heading("Priority 1. Safe", 1)
    table(document, [], rows)
    document.save(str(tmp_path / "a.docx"))
    found = read_word(tmp_path / "a.docx")
    assert [m["code"] for m in only(found)["measures"]] == ["i", "ii"]
    assert not any(column.certain for column in found.tables[0].columns)
    assert any("was taken for" in remark for remark in found.report.remarks)


def test_every_word_of_the_tables_is_somewhere_in_the_plan(tmp_path: Path) -> None:
    rows = [
        [*ROW, "amber", "odd one"],
        ["", "ii) Calls", ["• Rose", "• Fell"], "Nobody knows who", "", "second"],
        ["stray words", "", "", "", "", ""],
    ]
    found = read_word(plan_document(tmp_path / "a.docx", rows, [*CITY, "RAG", "Unheard of"]))
    everything = str(found.plan)
    for words in ("amber", "odd one", "Rose", "Fell", "Nobody knows who", "second", "stray words"):
        assert words in everything


def test_progress_on_each_action_is_an_update_of_its_own(tmp_path: Path) -> None:
    rows = [["1.1 Expand places", "Ten new.", "Green"], ["1.2 Train staff", "Begun.", "Amber"]]
    outcome = only(read_word(plan_document(tmp_path / "a.docx", rows, ["Action", "Progress", "RAG"])))
    assert [(a["number"], a["status"]) for a in outcome["actions"]] == [("1.1", "Green"), ("1.2", "Amber")]
    assert [u["text"] for u in outcome["updates"]] == ["Ten new.", "Begun."]


def test_blank_cells_read_as_above_are_said_in_the_report(tmp_path: Path) -> None:
    found = read_word(plan_document(tmp_path / "a.docx", [ROW, ["", "ii) Calls", "", "Police"]]))
    assert only(found)["updates"][0]["measures"] == ["i", "ii"]
    assert any("1 blank cell was read as “the same as above”" in remark for remark in found.report.remarks)


def test_the_word_lead_in_brackets_is_the_role(tmp_path: Path) -> None:
    headings = ["Key activity", "Lead and partners", "Key actions"]
    outcome = only(
        read_word(plan_document(tmp_path / "a.docx", [["1. Safe", "NCC (lead), Police", "Plan"]], headings))
    )
    assert [(lead["organisation"], lead.get("role")) for lead in outcome["leads"]] == [
        ("NCC", "lead"),
        ("Police", None),
    ]


FORM = [
    ["Outcome", "1a: Children are safe"],
    ["Performance measure", "i) Number of plans"],
    ["End of year update", "Fewer plans."],
]


def test_three_labels_with_their_answers_beside_them_are_a_form(tmp_path: Path) -> None:
    outcome = only(read_word(plan_document(tmp_path / "a.docx", FORM, [])))
    assert outcome["title"] == "Children are safe"
    assert [measure["title"] for measure in outcome["measures"]] == ["Number of plans"]
    assert [update["text"] for update in outcome["updates"]] == ["Fewer plans."]


def test_a_label_of_a_form_that_comes_again_begins_the_next_row(tmp_path: Path) -> None:
    rows = [*FORM, ["Performance measure", "ii) Number of calls"], ["End of year update", "More calls."]]
    outcome = only(read_word(plan_document(tmp_path / "a.docx", rows, [])))
    assert [measure["title"] for measure in outcome["measures"]] == ["Number of plans", "Number of calls"]
    assert [(u["measures"], u["text"]) for u in outcome["updates"]] == [
        (["i"], "Fewer plans."),
        (["ii"], "More calls."),
    ]


def test_labels_below_a_row_over_all_columns_are_a_form_too(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("Our Plan", style="Title")
    rows = [["Priority 1. Being safe", ""], FORM[0], FORM[2], FORM[1]]
    rows += [["End of year update", "More calls."], ["Performance measure", "ii) Number of calls"]]
    made = table(document, [], rows)
    made.rows[0].cells[0].merge(made.rows[0].cells[1])
    document.save(str(tmp_path / "a.docx"))
    outcome = only(read_word(tmp_path / "a.docx"))
    assert [measure["title"] for measure in outcome["measures"]] == ["Number of plans", "Number of calls"]
    assert [(update["measures"], update["text"]) for update in outcome["updates"]] == [
        (["i"], "Fewer plans."),
        (["ii"], "More calls."),
    ]


def test_two_labels_are_no_form(tmp_path: Path) -> None:
    with pytest.raises(ImportProblem):
        read_word(plan_document(tmp_path / "a.docx", FORM[1:], []))


def test_a_priority_in_the_first_cell_of_a_row_may_have_its_title_on_the_next_line(tmp_path: Path) -> None:
    rows: list[list[str | Sequence[str]]] = [ROW, [["Priority 2", "Being healthy"], "", "", ""]]
    found = read_word(plan_document(tmp_path / "a.docx", [*rows, ["2a: Well", "i) Visits", "Up.", "NHS"]]))
    read = [
        (row["code"], row["title"], [outcome["title"] for outcome in row["outcomes"]])
        for row in found.plan["priorities"]
    ]
    assert read == [("1", "Being safe", ["Safe children"]), ("2", "Being healthy", ["Well"])]


@pytest.mark.parametrize("lead", ["Police", ""])
def test_a_bold_row_below_headings_that_span_nothing_is_no_second_row_of_headings(
    lead: str, tmp_path: Path
) -> None:
    words = ["1a: Safe children", "i) Number of plans", "Fewer plans.", lead]
    bold = [f"<w:p>{run(each, '<w:b/>')}</w:p>" if each else "" for each in words]
    outcome = only(
        read_word(plan_document(tmp_path / "a.docx", [bold, ["1b: Calm", "i) Calls", "More.", "NHS"]]))
    )
    assert outcome["title"] == "Safe children"
    assert [measure["title"] for measure in outcome["measures"]] == ["Number of plans"]


def test_single_words_are_groups_where_groups_are_listed_and_no_plans(tmp_path: Path) -> None:
    headings = ["Key activity", "Strategic plan", "Governance group", "Key actions"]
    rows = [["1. Safe children", "Oak, Ash and Elm", "CSP, HWB and Schools", "1. Plan"]]
    outcome = only(read_word(plan_document(tmp_path / "a.docx", rows, headings)))
    assert outcome["strategic_plans"] == ["Oak, Ash and Elm"]
    assert outcome["governance_groups"] == ["CSP", "HWB", "Schools"]


def test_one_list_of_bullets_among_measures_is_a_list_of_measures(tmp_path: Path) -> None:
    rows = [
        ["1a: Safe", "i) Children who are safe", "One.", "Police"],
        ["1b: Well", "i) Children who are well", "Two.", "Police"],
        ["1c: Glad", "i) Children who are glad", "Three.", "Police"],
        ["1d: Fed", ["• Children who had breakfast", "• Children who had lunch"], "Four.", "Police"],
    ]
    found = read_word(plan_document(tmp_path / "a.docx", rows))
    outcomes = found.plan["priorities"][0]["outcomes"]
    titles = [measure["title"] for measure in outcomes[3]["measures"]]
    assert titles == ["Children who had breakfast", "Children who had lunch"]
    assert [outcome["updates"][0]["measures"] for outcome in outcomes] == [[]] * 4, "of whole outcomes"


def test_an_outcome_without_a_measure_has_none_of_the_outcome_above(tmp_path: Path) -> None:
    rows = [
        ["1a: Safe", "i) Children who are safe", "One.", "Police"],
        ["1b: Well", "", "Two.", "Police"],
        ["1c: Glad", "i) Children who are glad", "Three.", "Police"],
    ]
    found = read_word(plan_document(tmp_path / "a.docx", rows))
    below = found.plan["priorities"][0]["outcomes"]
    assert [[update["text"] for update in outcome["updates"]] for outcome in below] == [
        ["One."],
        ["Two."],
        ["Three."],
    ]
    assert [outcome["updates"][0]["measures"] for outcome in below] == [["i"], [], ["i"]]
