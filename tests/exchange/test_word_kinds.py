"""Kinds of plans, forms and columns, each as somebody writes them, and where their words belong."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.document import Document

from cypp_desktop.exchange.word import read_word
from cypp_desktop.exchange.word.contacts import contacts_in
from cypp_desktop.exchange.word.figure_columns import FigureColumn, figure_column, observation
from tests.exchange.word_raw import Cells, plan_document, raw, table

Plan = dict[str, Any]


def plan_of(path: Path, headings: Sequence[str], *rows: Cells, priority: str | None = None) -> Plan:
    """The plan of a document with one table."""
    return read_word(plan_document(path / "plan.docx", rows, headings, priority=priority)).plan


def outcomes_of(plan: Plan) -> list[dict[str, Any]]:
    """All outcomes of a plan, in order."""
    found: list[dict[str, Any]] = []
    for priority in plan["priorities"]:
        found += priority["outcomes"]
    return found


def values_of(measure: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Kind, area, period, value and unit of a measure's values."""
    keys = ("kind", "area", "period", "value", "unit")
    return [tuple(value[key] for key in keys) for value in measure["observations"]]


# ---------------------------------------------------------------------------------- notes, nothing, codes


def test_a_note_of_a_row_without_a_code_names_its_row(tmp_path: Path) -> None:
    plan = plan_of(
        tmp_path,
        ["Objective", "Action", "Resources"],
        ["Oral health improves", "Brushing club", "A school nurse"],
        ["Homes are safe", "Prevention offer", "A housing officer"],
    )
    assert plan["notes"] == ["On #1/#1: Resources: A school nurse", "On #1/#2: Resources: A housing officer"]


def test_the_report_names_the_row_of_a_note_by_its_title(tmp_path: Path) -> None:
    rows = [["Oral health improves", "Brushing club", "A school nurse"]]
    path = plan_document(tmp_path / "plan.docx", rows, ["Objective", "Action", "Resources"], priority=None)
    assert [each.put for each in read_word(path).report.unplaced] == ["note on “Oral health improves”"]


@pytest.mark.parametrize("nothing", ["-", "–", "N/A", "n/a", "Not applicable"])
def test_what_says_that_there_is_nothing_is_neither_a_row_nor_the_same_as_above(
    nothing: str, tmp_path: Path
) -> None:
    plan = plan_of(
        tmp_path,
        ["Outcome", "Performance measure", "Key actions", "Lead", "By when"],
        ["1a Safe", "Plans started", "Meet weekly", "Ash Police", "May 2026"],
        ["1b Well", nothing, "Walk to school", nothing, nothing],
        ["1c Wise", "Places taken", nothing, "Oak Council", nothing],
    )
    safe, well, wise = outcomes_of(plan)
    assert [len(each["measures"]) for each in (safe, well, wise)] == [1, 0, 1]
    assert [len(each["actions"]) for each in (safe, well, wise)] == [1, 1, 0]
    assert well["leads"] == [] and well["actions"][0]["due"] is None
    assert plan["notes"] == []


def test_a_column_that_evaluates_is_an_update_and_one_of_monitoring_is_no_lead(tmp_path: Path) -> None:
    headings = ["Objective", "Action", "Success criteria", "When", "Monitoring", "Evaluation and next steps"]
    row = [
        "Reading improves",
        "Daily reading",
        "Age-related scores",
        "Summer term",
        "Head",
        "Shared at council",
    ]
    (outcome,) = outcomes_of(plan_of(tmp_path, headings, row))
    assert [action["text"] for action in outcome["actions"]] == ["Daily reading"]
    assert [update["text"] for update in outcome["updates"]] == ["Shared at council"]
    assert outcome["leads"] == [] and outcome["measures"][0]["leads"] == []


def test_numbers_of_actions_are_their_numbers_and_the_day_of_completion_is_no_due_date(
    tmp_path: Path,
) -> None:
    plan = plan_of(
        tmp_path,
        ["Action Item Number", "Date Started", "Date Completed", "Comments"],
        ["1", "2024-07-15", "2024-07-30", "Done as planned."],
        ["2", "2024-08-01", "2024-09-01", "On track."],
    )
    (outcome,) = outcomes_of(plan)
    said = [(action["number"], action["due"], action["status"]) for action in outcome["actions"]]
    assert said == [("1", None, "Completed 2024-07-30"), ("2", None, "Completed 2024-09-01")]
    assert [update["text"] for update in outcome["updates"]] == ["Done as planned.", "On track."]
    assert plan["notes"] == ["On #1/#1: Date Started: 2024-07-15", "On #1/#1: Date Started: 2024-08-01"]


def test_columns_by_term_are_actions_due_in_that_term(tmp_path: Path) -> None:
    headings = ["Outcome", "Short term", "Medium term", "Long-term actions (3 to 5 years)", "Lead"]
    (outcome,) = outcomes_of(plan_of(tmp_path, headings, ["Safe", "Ask", "Plan", "Build", "Oak Council"]))
    assert [(action["text"], action["due"]) for action in outcome["actions"]] == [
        ("Ask", "Short term"),
        ("Plan", "Medium term"),
        ("Build", "Long-term actions (3 to 5 years)"),
    ]


def test_headings_in_the_first_person_are_those_of_a_plan(tmp_path: Path) -> None:
    headings = ["Aim", "What do I have to do?", "How will I know?", "By whom", "By when"]
    (outcome,) = outcomes_of(
        plan_of(tmp_path, headings, ["Read", "Join", "A card", "Oak Council", "May 2025"])
    )
    assert outcome["measures"][0]["title"] == "A card"
    assert [(action["text"], action["due"]) for action in outcome["actions"]] == [("Join", "May 2025")]


def test_soft_hyphens_and_blanks_without_width_are_not_seen(tmp_path: Path) -> None:
    headings = ["Out\xadcome", "Perform\u200bance mea\xadsure", "Key act\xadions"]
    (outcome,) = outcomes_of(plan_of(tmp_path, headings, ["Safe child\xadren", "Pl\u2060ans", "Me\xadet"]))
    assert (outcome["title"], outcome["measures"][0]["title"]) == ("Safe children", "Plans")
    assert outcome["actions"][0]["text"] == "Meet"


def test_outcomes_with_measures_of_success_alone_are_a_plan(tmp_path: Path) -> None:
    rows = [["Children are safe", "plans"], ["Children are safe", "repeats"], ["Children are well", "teeth"]]
    found = outcomes_of(plan_of(tmp_path, ["Outcome", "Measures of success"], *rows))
    assert [(each["title"], len(each["measures"])) for each in found] == [
        ("Children are safe", 2),
        ("Children are well", 1),
    ]


# ---------------------------------------------------------------------------------- bands


@pytest.mark.parametrize(
    ("bands", "codes", "titles"),
    [
        (("Healthy lives", "Safe homes"), (None, None), ("Healthy lives", "Safe homes")),
        (("A. Safer streets", "B. Safer homes"), ("A", "B"), ("Safer streets", "Safer homes")),
        (("1. Healthy lives", "2. Safe homes"), ("1", "2"), ("Healthy lives", "Safe homes")),
    ],
)
def test_bands_across_a_table_are_priorities(
    bands: tuple[str, str], codes: Sequence[str | None], titles: Sequence[str], tmp_path: Path
) -> None:
    document = docx.Document()
    made = table(document, ["Outcome", "Performance measure", "Update", "Lead"], [])
    for band, title in zip(bands, ("Teeth", "Roofs"), strict=True):
        cells = made.add_row().cells
        cells[0].merge(cells[-1]).text = band
        for cell, words in zip(
            made.add_row().cells, (title, "a count", "Started", "Oak Council"), strict=True
        ):
            cell.text = words
    document.save(str(tmp_path / "plan.docx"))
    plan = read_word(tmp_path / "plan.docx").plan
    assert [priority["code"] for priority in plan["priorities"]] == list(codes)
    assert [priority["title"] for priority in plan["priorities"]] == list(titles)
    assert [outcome["title"] for outcome in outcomes_of(plan)] == ["Teeth", "Roofs"]


# ---------------------------------------------------------------------------------- forms


def form(path: Path, *forms: Sequence[tuple[str, str]]) -> Path:
    """A document with a table of two columns for each form."""
    document = docx.Document()
    for rows in forms:
        made = document.add_table(0, 2)
        for label, answer in rows:
            cells = made.add_row().cells
            cells[0].text, cells[1].text = label, answer
            if label == answer:
                cells[0].merge(cells[1]).text = label
        document.add_paragraph()
    document.save(str(path))
    return path


def test_a_row_over_a_form_that_says_a_measure_and_its_code_is_that_measure(tmp_path: Path) -> None:
    rows = [
        ("Measure 1a: Decayed teeth", "Measure 1a: Decayed teeth"),
        ("Outcome", "Healthy teeth"),
        ("What we will do", "Brush daily"),
        ("Who", "Ash Trust"),
        ("Progress", "Started"),
    ]
    (outcome,) = outcomes_of(read_word(form(tmp_path / "plan.docx", rows)).plan)
    (measure,) = outcome["measures"]
    assert (outcome["title"], measure["code"], measure["title"]) == ("Healthy teeth", "1a", "Decayed teeth")
    assert [update["text"] for update in outcome["updates"]] == ["Started"]


def test_forms_with_coded_labels_are_an_outcome_each(tmp_path: Path) -> None:
    def one(code: str, title: str) -> list[tuple[str, str]]:
        label = f"Objective {code}"
        return [(label, title), ("Key actions", f"Do {title}"), ("Lead", "Ash Trust"), ("Update", "Begun")]

    found = outcomes_of(read_word(form(tmp_path / "plan.docx", one("1.1", "Teeth"), one("1.2", "Eyes"))).plan)
    assert [(each["code"], each["title"]) for each in found] == [("1.1", "Teeth"), ("1.2", "Eyes")]
    assert [action["text"] for each in found for action in each["actions"]] == ["Do Teeth", "Do Eyes"]


# ---------------------------------------------------------------------------------- tables in cells


def test_a_table_of_actions_in_a_cell_is_read_as_columns(tmp_path: Path) -> None:
    def inner(*rows: tuple[str, str, str]) -> str:
        def cell(words: str) -> str:
            return f"<w:tc><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:tc>"

        lines = "".join(f"<w:tr>{''.join(map(cell, row))}</w:tr>" for row in rows)
        return f"<w:tbl><w:tblPr/><w:tblGrid/>{lines}</w:tbl>"

    document = docx.Document()
    made = table(document, ["Outcome", "Performance measure", "Actions and leads"], [])
    heading = ("Action", "Lead", "By when")
    for words, own in (
        (("1a Safe", "Plans"), (("Ask", "Oak Council", "May 2025"), ("Plan", "Ash Trust", "June 2025"))),
        (("1b Well", "Teeth"), (("Brush", "Ash Trust", "July 2025"),)),
    ):
        cells = made.add_row().cells
        cells[0].text, cells[1].text = words
        cells[2]._tc.insert(1, raw(inner(heading, *own)))
    document.save(str(tmp_path / "plan.docx"))
    found = read_word(tmp_path / "plan.docx")
    safe, well = outcomes_of(found.plan)
    said = [(action["text"], action["due"], action["measures"]) for action in safe["actions"]]
    assert said == [("Ask", "May 2025", ["1"]), ("Plan", "June 2025", ["1"])]
    assert [lead["organisation"] for lead in safe["measures"][0]["leads"]] == ["Oak Council", "Ash Trust"]
    assert [action["text"] for action in well["actions"]] == ["Brush"]
    assert found.plan["notes"] == [] and found.report.to_check == []


# ---------------------------------------------------------------------------------- figures


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("Baseline", FigureColumn("baseline", None)),
        ("Baseline (2019/20)", FigureColumn("baseline", "2019/20")),
        ("Target 2025", FigureColumn("target", "2025")),
        ("Q1", FigureColumn("actual", "Q1")),
        ("Progress Q2", FigureColumn("actual", "Q2")),
        ("2016/17", FigureColumn("actual", "2016/17")),
        ("Autumn term", FigureColumn("actual", "Autumn term")),
        ("Forecast outturn", FigureColumn("forecast", None)),
        ("Latest", FigureColumn("actual", None, says_more=True)),
        ("Comparators", FigureColumn("actual", None, says_more=True)),
        ("England", FigureColumn("actual", None, area="England")),
        ("National average 2016/17", FigureColumn("actual", "2016/17", area="National")),
        ("Statistical neighbours", FigureColumn("actual", None, area="Statistical neighbours")),
    ],
)
def test_what_a_heading_says_of_figures(heading: str, column: FigureColumn) -> None:
    assert figure_column(heading) == column


@pytest.mark.parametrize(
    "heading",
    [
        "Target date",
        "Target group",
        "Update",
        "Progress",
        "Date",
        "By 2025",
        "England and its schools",
        "Lead",
    ],
)
def test_other_headings_say_nothing_of_figures(heading: str) -> None:
    column = figure_column(heading)
    assert column is None or (heading == "By 2025" and column.is_of_period)


@pytest.mark.parametrize(
    ("words", "area", "period", "value", "unit", "kind"),
    [
        ("11.3% (2009/10)", None, "2009/10", "11.3", "%", "actual"),
        ("England: 9.8% (2009/10)", "England", "2009/10", "9.8", "%", "actual"),
        ("4.1% (September 2010, provisional)", None, "September 2010", "4.1", "%", "provisional"),
        ("123 rank out of 151 areas (2009/10)", None, "2009/10", "123", "rank out of 151 areas", "actual"),
        ("14 schools (of all)", None, None, "14", "schools (of all)", "actual"),
    ],
)
def test_a_figure_says_its_own_area_period_and_kind(
    words: str, area: str | None, period: str | None, value: str, unit: str, kind: str
) -> None:
    found = observation(words, FigureColumn("actual", None, says_more=True))
    assert found is not None
    said = (found["area"], found["period"], found["value"], found["unit"], found["kind"])
    assert said == (area, period, Decimal(value), unit, kind)


def test_a_blank_under_a_quarter_or_target_is_no_value(tmp_path: Path) -> None:
    plan = plan_of(
        tmp_path,
        ["Outcome", "Performance measure", "Baseline", "Target", "Q1", "Q2"],
        ["1a Safe", "Plans", "12", "10", "11", "–"],
        ["", "Repeats", "", "8%", "", "9%"],
        ["1b Well", "Teeth", "no baseline", "", "7", "too early to say how this is going"],
        priority="Priority 1. Being safe",
    )
    safe, well = outcomes_of(plan)
    plans, repeats = safe["measures"]
    assert values_of(plans) == [
        ("baseline", None, None, Decimal(12), None),
        ("target", None, None, Decimal(10), None),
        ("actual", None, "Q1", Decimal(11), None),
    ]
    assert values_of(repeats) == [
        ("target", None, None, Decimal(8), "%"),
        ("actual", None, "Q2", Decimal(9), "%"),
    ]
    assert values_of(well["measures"][0]) == [
        ("baseline", None, None, "no baseline", None),
        ("actual", None, "Q1", Decimal(7), None),
    ]
    (update,) = well["updates"]
    assert (update["round"], update["text"]) == ("Q2", "too early to say how this is going")
    assert plan["notes"] == []


def test_a_second_row_of_headings_need_not_look_like_one(tmp_path: Path) -> None:
    document = docx.Document()
    made = table(
        document, [], [["Outcome", "Measures", "", "", "Update"], ["", "Measure", "Baseline", "Target", ""]]
    )
    for cell in made.rows[0].cells[2:4]:
        made.rows[0].cells[1].merge(cell)
    made.rows[0].cells[1].text = "Measures"
    for row in (["1a Safe", "Plans", "10%", "5%", "Begun"], ["1b Well", "Teeth", "11%", "6%", "Done"]):
        for cell, words in zip(made.add_row().cells, row, strict=True):
            cell.text = words
    document.save(str(tmp_path / "plan.docx"))
    safe, well = outcomes_of(read_word(tmp_path / "plan.docx").plan)
    assert safe["measures"][0]["title"] == "Plans"
    assert values_of(well["measures"][0]) == [
        ("baseline", None, None, Decimal(11), "%"),
        ("target", None, None, Decimal(6), "%"),
    ]


def test_latest_trend_and_comparators_come_in_as_values(tmp_path: Path) -> None:
    plan = plan_of(
        tmp_path,
        ["Indicators", "Latest", "Comparators", "Trend"],
        [
            "Obesity at eleven",
            "21.9% (2009/10)",
            ["England: 18.7% (2009/10)", "Core cities: 20% (2009/10)"],
            ["22.6% (2008/09)", "21.9% (2009/10)"],
        ],
        priority="Priority 1. Being well",
    )
    (measure,) = outcomes_of(plan)[0]["measures"]
    assert values_of(measure) == [
        ("actual", None, "2009/10", Decimal("21.9"), "%"),
        ("actual", "England", "2009/10", Decimal("18.7"), "%"),
        ("actual", "Core cities", "2009/10", Decimal(20), "%"),
        ("actual", None, "2008/09", Decimal("22.6"), "%"),
    ]
    assert plan["notes"] == []


# ---------------------------------------------------------------------------------- leads


@pytest.mark.parametrize(
    ("line", "rest", "emails", "phones"),
    [
        ("Jo Bell (jo.bell@oak.gov.uk)", "Jo Bell", ["jo.bell@oak.gov.uk"], []),
        ("Jo Bell, jo@oak.org, 0115 987 6543", "Jo Bell", ["jo@oak.org"], ["0115 987 6543"]),
        ("Jo Bell T: 01234 567890 E: jo@x.org", "Jo Bell", ["jo@x.org"], ["01234 567890"]),
        ("Tel: 0115 915 5555 ext 1234", "", [], ["0115 915 5555 ext 1234"]),
        ("2016-2020 Oak Council", "2016-2020 Oak Council", [], []),
        ("0.5 FTE Oak Council", "0.5 FTE Oak Council", [], []),
    ],
)
def test_contact_details_beside_a_name(line: str, rest: str, emails: list[str], phones: list[str]) -> None:
    found = contacts_in(line)
    assert (found.rest, found.emails, found.phones) == (rest, emails, phones)


def test_an_address_makes_a_person_and_is_kept_with_the_people_of_the_plan(tmp_path: Path) -> None:
    lead = ["Ash Wren", "ash.wren@oak.gov.uk", "0115 987 6543"]
    plan = plan_of(tmp_path, ["Outcome", "Performance measure", "Lead"], ["1a Safe", "Plans", lead])
    (found,) = outcomes_of(plan)[0]["measures"][0]["leads"]
    assert (found["organisation"], found["people"], found["note"]) == (None, ["Ash Wren"], "0115 987 6543")
    assert plan["people"] == [{"name": "Ash Wren", "email": "ash.wren@oak.gov.uk"}]


def test_leads_of_numbered_actions_say_of_which(tmp_path: Path) -> None:
    plan = plan_of(
        tmp_path,
        ["What we want to see", "Ref", "Action", "Owner", "By when"],
        ["Streets are safer", "A1", "Walk the estate", "Ash Police", "May 2025"],
        ["", "A2", "Mend the lights", "Oak Council", "June 2025"],
        ["", "A3", "Walk it again", "Ash Police", "July 2025"],
    )
    (outcome,) = outcomes_of(plan)
    assert [action["number"] for action in outcome["actions"]] == ["A1", "A2", "A3"]
    assert [(lead["organisation"], lead["note"]) for lead in outcome["leads"]] == [
        ("Ash Police", "Actions A1, A3"),
        ("Oak Council", "Action A2"),
    ]


@pytest.mark.parametrize(
    ("lead", "organisation", "people"),
    [
        ("Head of Service, Assessment", None, ["Head of Service, Assessment"]),
        ("Head of Early Help, Oak Council", "Oak Council", ["Head of Early Help"]),
        ("Oak Council, Head of Early Help", "Oak Council", ["Head of Early Help"]),
    ],
)
def test_a_comma_in_a_post_is_no_second_organisation(
    lead: str, organisation: str | None, people: list[str], tmp_path: Path
) -> None:
    plan = plan_of(tmp_path, ["Outcome", "Performance measure", "Lead"], ["1a Safe", "Plans", lead])
    (found,) = outcomes_of(plan)[0]["measures"][0]["leads"]
    assert (found["organisation"], found["people"]) == (organisation, people)


# ---------------------------------------------------------------------------------- recommendations


def report(path: Path, write: Any) -> Plan:
    """The plan of a report: chapters with styled headings, and one table of measures at the end."""
    document = docx.Document()
    document.add_paragraph("Progress Report 2024-2025", style="Title")
    document.add_heading("Foreword", 1)
    document.add_paragraph("This has been a good year.")
    document.add_heading("1 What we found", 1)
    write(document)
    document.add_heading("2 What comes next", 1)
    document.add_paragraph("More of the same.")
    document.add_heading("Priority 1. Being safe", 2)
    table(document, ["Outcome", "Performance measure"], [["1a Safe", "Plans"]])
    document.save(str(path / "plan.docx"))
    return read_word(path / "plan.docx").plan


def recommendation_rows(plan: Plan) -> list[tuple[Any, ...]]:
    """The recommendations of a plan."""
    keys = ("number", "text", "section", "owner", "due", "status")
    return [tuple(row[key] for key in keys) for row in plan["recommendations"]]


def test_a_box_round_a_recommendation(tmp_path: Path) -> None:
    def write(document: Document) -> None:
        document.add_paragraph("Visits are late.")
        box = document.add_table(1, 1).rows[0].cells[0]
        box.text = "Recommendation 1:"
        box.add_paragraph("Visit within ten days.")
        box.add_paragraph("Owner: Head of Service, Assessment")
        box.add_paragraph("By when: May 2026")
        document.add_paragraph("Reports are long.")

    plan = report(tmp_path, write)
    assert recommendation_rows(plan) == [
        ("1", "Visit within ten days.", "1", "Head of Service, Assessment", "May 2026", None)
    ]
    found = next(section for section in plan["sections"] if section["number"] == "1")
    assert found["text"] == "Visits are late.\n\n**Recommendation 1:**\n\nReports are long."
    assert plan["notes"] == []


def test_a_box_of_labels_and_answers(tmp_path: Path) -> None:
    def write(document: Document) -> None:
        rows = [["Recommendation 2", "Write shorter."], ["Lead", "Oak Council"], ["Due", "June 2026"]]
        table(document, [], rows)

    assert recommendation_rows(report(tmp_path, write)) == [
        ("2", "Write shorter.", "1", "Oak Council", "June 2026", None)
    ]


def test_a_list_of_recommendations(tmp_path: Path) -> None:
    def write(document: Document) -> None:
        headings = ["No.", "Recommendation", "Owner", "Timescale", "Status"]
        table(
            document,
            headings,
            [["R1", "Visit sooner.", "Ash Trust", "May 2026", "Open"], ["R2", "Write.", "", "", ""]],
        )

    plan = report(tmp_path, write)
    assert recommendation_rows(plan) == [
        ("R1", "Visit sooner.", "1", "Ash Trust", "May 2026", "Open"),
        ("R2", "Write.", "1", None, None, None),
    ]
    assert plan["notes"] == []


def test_a_line_of_the_text_that_begins_with_its_number(tmp_path: Path) -> None:
    def write(document: Document) -> None:
        document.add_paragraph("Recommendation 3: Meet with parents.")
        document.add_paragraph("Owner: Ash Trust\tDue: July 2026")
        document.add_paragraph("Recommendation 3 was agreed in May.")

    plan = report(tmp_path, write)
    assert recommendation_rows(plan) == [("3", "Meet with parents.", "1", "Ash Trust", "July 2026", None)]
    found = next(section for section in plan["sections"] if section["number"] == "1")
    assert found["text"].endswith("Recommendation 3 was agreed in May.")


def test_in_a_text_with_styled_headings_a_bold_line_is_no_heading(tmp_path: Path) -> None:
    def write(document: Document) -> None:
        document.add_paragraph().add_run("Key Stage 1").bold = True
        document.add_paragraph("Results rose.")

    plan = report(tmp_path, write)
    assert [section["title"] for section in plan["sections"]] == [
        "Foreword",
        "What we found",
        "What comes next",
    ]
    assert plan["sections"][1]["text"] == "**Key Stage 1**\n\nResults rose."
