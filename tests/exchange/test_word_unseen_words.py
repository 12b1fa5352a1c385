"""Single cells and lines in words that the import was not written from: leads, headings, priorities."""

from __future__ import annotations

from pathlib import Path

import pytest

from cypp_desktop.exchange.word import read_word
from cypp_desktop.exchange.word.columns import recognise
from cypp_desktop.exchange.word.leads import read_leads, survey
from cypp_desktop.exchange.word.model import ColumnMeaning as M
from tests.exchange.unseen.words import (
    X,
    bold,
    bullet,
    cell,
    head,
    heading,
    para,
    row,
    table,
    title,
    write_docx,
)

# A cell, and the organisations in it with their people.
LEADS: list[tuple[str, list[tuple[str | None, list[str]]]]] = [
    ("Derby City Council", [("Derby City Council", [])]),
    (
        "Derby City Council / Derbyshire County Council",
        [("Derby City Council", []), ("Derbyshire County Council", [])],
    ),
    ("Derby City Council/NHS Derby", [("Derby City Council", []), ("NHS Derby", [])]),
    ("Derby City Council and Derbyshire Police", [("Derby City Council", []), ("Derbyshire Police", [])]),
    (
        "Derby City Council, Derbyshire Police, CCG",
        [("Derby City Council", []), ("Derbyshire Police", []), ("CCG", [])],
    ),
    ("Derby City Council; CCG; Police", [("Derby City Council", []), ("CCG", []), ("Police", [])]),
    ("Helen Smith (Derby City Council)", [("Derby City Council", ["Helen Smith"])]),
    ("Helen Smith/Raj Patel (Derby City Council)", [("Derby City Council", ["Helen Smith", "Raj Patel"])]),
    ("Derby City Council (Helen Smith)", [("Derby City Council", ["Helen Smith"])]),
    ("Derby City Council (Helen Smith / Raj Patel)", [("Derby City Council", ["Helen Smith", "Raj Patel"])]),
    (
        "Derby City Council (Helen Smith), Derby CCG (Raj Patel)",
        [("Derby City Council", ["Helen Smith"]), ("Derby CCG", ["Raj Patel"])],
    ),
    ("Derby City Council\nHelen Smith", [("Derby City Council", ["Helen Smith"])]),
    (
        "Derby City Council\nHelen Smith\nDerby CCG\nRaj Patel",
        [("Derby City Council", ["Helen Smith"]), ("Derby CCG", ["Raj Patel"])],
    ),
    ("Helen Smith\nDerby City Council", [("Derby City Council", ["Helen Smith"])]),
    ("Helen Smith, Derby City Council", [("Derby City Council", ["Helen Smith"])]),
    ("Helen Smith – Derby City Council", [("Derby City Council", ["Helen Smith"])]),
    ("Derby City Council – Helen Smith & Raj Patel", [("Derby City Council", ["Helen Smith", "Raj Patel"])]),
    ("DCC – Helen Smith", [("DCC", ["Helen Smith"])]),
    ("DCC / CCG", [("DCC", []), ("CCG", [])]),
    ("DCC/CCG Helen Smith / Raj Patel", [("DCC/CCG", ["Helen Smith", "Raj Patel"])]),
    ("Public Health: Helen Smith", [("Public Health", ["Helen Smith"])]),
    ("Public Health Helen Smith", [("Public Health", ["Helen Smith"])]),
    ("Public Health (DCC)", [("Public Health (DCC)", [])]),
    ("DCC Public Health", [("DCC Public Health", [])]),
    ("Director of Children’s Services", [(None, ["Director of Children’s Services"])]),
    (
        "Director of Public Health, Derby City Council",
        [("Derby City Council", ["Director of Public Health"])],
    ),
    ("Helen Smith\nRaj Patel", [(None, ["Helen Smith", "Raj Patel"])]),
    ("Cllr Helen Smith", [(None, ["Cllr Helen Smith"])]),
    ("Dr Obi Nwosu (CCG)", [("CCG", ["Dr Obi Nwosu"])]),
    ("CDP Jane Lewis", [("CDP", ["Jane Lewis"])]),
    ("Children’s Social Care and Early Help", [("Children’s Social Care and Early Help", [])]),
    ("Early Help / Social Care", [("Early Help / Social Care", [])]),
    ("Youth Offending Service (YOS)", [("Youth Offending Service (YOS)", [])]),
    (
        "Derby City Council (lead)\nDerby CCG\nPolice",
        [("Derby City Council", []), ("Derby CCG", []), ("Police", [])],
    ),
    ("Schools, Colleges and Universities", [("Schools", []), ("Colleges", []), ("Universities", [])]),
    (
        "Derby City Council: Helen Smith; Derby CCG: Raj Patel",
        [("Derby City Council", ["Helen Smith"]), ("Derby CCG", ["Raj Patel"])],
    ),
    (
        "Derby City Council Helen Smith, Derby CCG Raj Patel",
        [("Derby City Council", ["Helen Smith"]), ("Derby CCG", ["Raj Patel"])],
    ),
    (
        "NHS England Sarah Mayfield / Derby City Council Shade Agboola",
        [("NHS England", ["Sarah Mayfield"]), ("Derby City Council", ["Shade Agboola"])],
    ),
    (
        "Derby City Council Shelley Nicholls / Nick Orders / Derbyshire Police Andrea Baxter",
        [
            ("Derby City Council", ["Shelley Nicholls", "Nick Orders"]),
            ("Derbyshire Police", ["Andrea Baxter"]),
        ],
    ),
    (
        "Derby City Council\nDerbyshire Healthcare NHS Foundation Trust",
        [("Derby City Council", []), ("Derbyshire Healthcare NHS Foundation Trust", [])],
    ),
    ("Derby City Council\n(Helen Smith)", [("Derby City Council", ["Helen Smith"])]),
    ("Helen Smith\n(Derby City Council)", [("Derby City Council", ["Helen Smith"])]),
    ("• Derby City Council\n• Derby CCG", [("Derby City Council", []), ("Derby CCG", [])]),
    ("Derby City Council + Derby CCG", [("Derby City Council", []), ("Derby CCG", [])]),
    ("Derby City Council with Derby CCG", [("Derby City Council with Derby CCG", [])]),
    ("All partners", [("All partners", [])]),
    (
        "Derby City Council Priya Nair / Owen Pugh, Derby CCG Jane Smith",
        [("Derby City Council", ["Priya Nair", "Owen Pugh"]), ("Derby CCG", ["Jane Smith"])],
    ),
    (
        "Derby City Council, Priya Nair and Owen Pugh; Derby CCG, Jane Smith",
        [("Derby City Council", ["Priya Nair", "Owen Pugh"]), ("Derby CCG", ["Jane Smith"])],
    ),
    ("To be confirmed", [("To be confirmed", [])]),
    ("Helen Smith, Raj Patel and Owen Pugh", [(None, ["Helen Smith", "Raj Patel", "Owen Pugh"])]),
    (
        "Nottingham City/ CCG Helene Denness / Alicia Rowley",
        [("Nottingham City/ CCG", ["Helene Denness", "Alicia Rowley"])],
    ),
    (
        "Nottingham City CCG Claire Tagg & Lucy Peel/Anna Masding (Nottingham City Council)",
        [
            ("Nottingham City CCG", ["Claire Tagg", "Lucy Peel"]),
            ("Nottingham City Council", ["Anna Masding"]),
        ],
    ),
]


@pytest.mark.parametrize(("words", "wanted"), LEADS)
def test_a_lead_cell_gives_organisations_with_their_people(
    words: str, wanted: list[tuple[str | None, list[str]]]
) -> None:
    lines = words.split("\n")
    found = read_leads(lines, survey([(lines, "Lead organisation")]))
    assert [(lead["organisation"], lead["people"]) for lead in found] == wanted


@pytest.mark.parametrize("sign", [", ", " – "])
def test_a_person_with_a_post_keeps_it_as_a_note(sign: str) -> None:
    words = f"Helen Smith{sign}Head of Early Help{sign}Derby City Council"
    lead = {"organisation": "Derby City Council", "people": ["Helen Smith"], "note": "Head of Early Help"}
    assert read_leads([words], survey([])) == [lead]


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        (["Helen Smith, Head of Early Help"], [(None, ["Helen Smith"], "Head of Early Help")]),
        (
            ["Derby City Council", "Helen Smith, Head of Early Help"],
            [("Derby City Council", ["Helen Smith"], "Head of Early Help")],
        ),
        (
            ["Derby City Council", "Helen Smith, Head of Early Help", "Sarah May, Head of Care"],
            [
                ("Derby City Council", ["Helen Smith"], "Head of Early Help"),
                (None, ["Sarah May"], "Head of Care"),
            ],
        ),
        (
            ["Helen Smith, Head of Early Help, Police"],
            [("Police", ["Helen Smith"], "Head of Early Help")],
        ),
    ],
)
def test_the_first_person_with_a_post_below_an_organisation_leads_for_it(
    lines: list[str], wanted: list[tuple[str | None, list[str], str | None]]
) -> None:
    found = read_leads(lines, survey([]))
    assert [(lead["organisation"], lead["people"], lead["note"]) for lead in found] == wanted


def test_what_can_be_a_person_is_one_under_the_heading_officer() -> None:
    known = survey([(["Zyra Quill"], "Lead officer")])
    assert read_leads(["Zyra Quill"], known) == [
        {"organisation": None, "people": ["Zyra Quill"], "note": None}
    ]


# The headings of a table, each with what its column holds.
TABLES: list[dict[str, M]] = [
    {
        "Outcomes": M.OUTCOME,
        "Performance measures": M.MEASURE,
        "Q3 2017/18 progress": M.UPDATE,
        "Lead": M.LEAD,
    },
    {
        "Outcome": M.OUTCOME,
        "How will we measure it?": M.MEASURE,
        "Where are we now?": M.UPDATE,
        "Who is leading?": M.LEAD,
    },
    {
        "Objective": M.OUTCOME,
        "What will we do": M.ACTIONS,
        "By whom": M.LEAD,
        "By when": M.DUE,
        "How will we know": M.MEASURE,
    },
    {
        "Ref": M.NUMBER,
        "Objective": M.OUTCOME,
        "Action": M.ACTIONS,
        "Lead officer": M.LEAD,
        "Timescale": M.DUE,
        "RAG": M.STATUS,
        "Progress update – Q3 2017/18": M.UPDATE,
    },
    {
        "What we want to achieve": M.OUTCOME,
        "What we will do": M.ACTIONS,
        "Who will do it": M.LEAD,
        "When will it be done by": M.DUE,
        "How we will know it has worked": M.MEASURE,
    },
    {
        "Priority": M.PRIORITY,
        "Outcome": M.OUTCOME,
        "Success measure": M.MEASURE,
        "Key actions": M.ACTIONS,
        "Responsible officer": M.LEAD,
        "Deadline": M.DUE,
    },
    {
        "Key Activity": M.OUTCOME,
        "Strategic Plan": M.STRATEGIC_PLAN,
        "Governance": M.GOVERNANCE_GROUP,
        "Lead organisation and partners": M.LEAD,
        "Actions": M.ACTIONS,
        "Timescales": M.DUE,
        "KPIs": M.MEASURE,
    },
    {
        "Activity": M.OUTCOME,
        "Linked strategies": M.STRATEGIC_PLAN,
        "Accountable board": M.GOVERNANCE_GROUP,
        "Lead partner": M.LEAD,
        "Tasks": M.ACTIONS,
        "Target date": M.DUE,
        "Indicators": M.MEASURE,
    },
    {
        "No": M.NUMBER,
        "Key activities": M.OUTCOME,
        "Evidence source": M.EVIDENCE_SOURCE,
        "Evidence of achievement": M.EVIDENCE,
    },
    {
        "Number": M.NUMBER,
        "Activity": M.OUTCOME,
        "Source of evidence": M.EVIDENCE_SOURCE,
        "What has been achieved": M.EVIDENCE,
    },
    {"Aim": M.OUTCOME, "Measure": M.MEASURE, "Commentary": M.UPDATE, "Owner": M.LEAD},
    {
        "Desired outcome": M.OUTCOME,
        "Key performance indicator": M.MEASURE,
        "End of year commentary 2018/19": M.UPDATE,
        "Responsible organisation": M.LEAD,
    },
    {
        "Lead organisation": M.LEAD,
        "End of Year Update for 2018-2019": M.UPDATE,
        "Performance measures": M.MEASURE,
        "Outcomes": M.OUTCOME,
    },
    {
        "Outcomes": M.OUTCOME,
        "Indicators": M.MEASURE,
        "Baseline": M.FIGURES,
        "Target": M.FIGURES,
        "Latest position": M.UPDATE,
        "Lead": M.LEAD,
    },
    {
        "Our objectives": M.OUTCOME,
        "Actions we will take": M.ACTIONS,
        "Lead": M.LEAD,
        "Partners": M.PARTNERS,
        "Start date": M.NOTES,
        "End date": M.DUE,
        "Measure of success": M.MEASURE,
    },
    {
        "What do we want to achieve?": M.OUTCOME,
        "How will we do it?": M.ACTIONS,
        "Who?": M.LEAD,
        "When?": M.DUE,
        "How will we know we have got there?": M.MEASURE,
    },
    {
        "Outcome sought": M.OUTCOME,
        "Action required": M.ACTIONS,
        "Responsible person": M.LEAD,
        "Completion date": M.DUE,
        "Comments": M.UPDATE,
    },
    {"Intended outcome": M.OUTCOME, "PI": M.MEASURE, "Performance update": M.UPDATE, "Lead Director": M.LEAD},
    {
        "Strategic objective": M.OUTCOME,
        "Success criteria": M.MEASURE,
        "Actions": M.ACTIONS,
        "Due": M.DUE,
        "Lead": M.LEAD,
        "Status": M.STATUS,
    },
    {"Deliverable": M.OUTCOME, "Action": M.ACTIONS, "Lead": M.LEAD, "Date": M.DUE, "Update": M.UPDATE},
    {
        "Theme": M.PRIORITY,
        "Objective": M.OUTCOME,
        "Action": M.ACTIONS,
        "Lead": M.LEAD,
        "By when": M.DUE,
        "Impact / outcome measure": M.MEASURE,
    },
    {
        "Outcomes": M.OUTCOME,
        "Measures": M.MEASURE,
        "What we have done this year": M.UPDATE,
        "Lead agency": M.LEAD,
    },
    {
        "Outcomes": M.OUTCOME,
        "Measures": M.MEASURE,
        "Actions taken since last report": M.UPDATE,
        "Lead agency": M.LEAD,
    },
    {
        "Outcomes": M.OUTCOME,
        "Measures": M.MEASURE,
        "Progress against actions (April – September)": M.UPDATE,
        "Named lead": M.LEAD,
    },
    {
        "Outcomes": M.OUTCOME,
        "Actions": M.ACTIONS,
        "Action owner": M.LEAD,
        "Action due": M.DUE,
        "Update on action": M.UPDATE,
    },
    {
        "Operational objective": M.OUTCOME,
        "Indicator": M.MEASURE,
        "Progress to date": M.UPDATE,
        "Lead": M.LEAD,
    },
    {"Outcome": M.OUTCOME, "Progress measures": M.MEASURE, "Actions to date": M.UPDATE, "Leads": M.LEAD},
    {
        "Key Activity": M.OUTCOME,
        "Key Actions": M.ACTIONS,
        "Date actions required by": M.DUE,
        "Key Performance Measures": M.MEASURE,
        "Lead organisation and other partners": M.LEAD,
        "Strategic Plan": M.STRATEGIC_PLAN,
        "Governance Group": M.GOVERNANCE_GROUP,
    },
    {
        "Outcome": M.OUTCOME,
        "Performance measure": M.MEASURE,
        "Quarter 1": M.UPDATE,
        "Quarter 2": M.UPDATE,
        "Lead organisation": M.LEAD,
    },
    {
        "Ref.": M.NUMBER,
        "What we will do": M.ACTIONS,
        "Lead": M.LEAD,
        "Timeframe": M.DUE,
        "Outcome / impact": M.OUTCOME,
    },
    {
        "What needs to happen": M.ACTIONS,
        "Who is responsible": M.LEAD,
        "By when": M.DUE,
        "What difference will it make?": M.OUTCOME,
    },
    {
        "Key issue": M.OUTCOME,
        "Planned action": M.ACTIONS,
        "Lead officer(s)": M.LEAD,
        "Timescale": M.DUE,
        "Resources": M.NOTES,
        "Outcome measure": M.MEASURE,
    },
    {
        "Outcomes for children": M.OUTCOME,
        "How we'll measure success": M.MEASURE,
        "Highlights this quarter": M.UPDATE,
        "Lead officer/organisation": M.LEAD,
    },
    {
        "Plan/strategy": M.STRATEGIC_PLAN,
        "Activity": M.OUTCOME,
        "Reporting to": M.GOVERNANCE_GROUP,
        "Lead & partners": M.LEAD,
        "Key actions / milestones": M.ACTIONS,
        "Date": M.DUE,
        "Performance measures": M.MEASURE,
    },
]


@pytest.mark.parametrize("columns", TABLES, ids=lambda columns: " | ".join(columns))
def test_columns_are_known_by_their_headings(columns: dict[str, M]) -> None:
    samples = [["Some words that say little"] * 3 for _ in columns]
    assert [meaning for meaning, _ in recognise(list(columns), samples)] == list(columns.values())


HEADINGS = [
    "Priority {}. Title {}",
    "Strategic Priority {}: Title {}",
    "Aim {} Title {}",
    "Theme {}: Title {}",
    "{}. Title {}",
    "Key Priority {} - Title {}",
    "Our Priority {}: Title {}",
    "CYPP Priority {}: Title {}",
    "Priority {}—Title {}",
    "Priority {} · Title {}",
    "Priority No. {} - Title {}",
    "Workstream {}: Title {}",
    "Promise {}: Title {}",
]


def _table(number: int) -> X:
    return table(
        head("Outcomes", "Performance measures", "Update", "Lead organisation"),
        row(f"Outcome {number}", f"Measure {number}", "Words", "Oak Council"),
    )


@pytest.mark.parametrize("made", ["a style", "bold letters"])
@pytest.mark.parametrize("words", HEADINGS)
def test_headings_of_priorities_are_known_in_any_words(words: str, made: str, tmp_path: Path) -> None:
    body = [title("The Plan 2019")]
    for number in (1, 2):
        line = words.format(number, number)
        body += [heading(line) if made == "a style" else para(bold(line)), _table(number)]
    found = read_word(write_docx(tmp_path / "plan.docx", body))
    assert [(p["code"], p["title"]) for p in found.plan["priorities"]] == [("1", "Title 1"), ("2", "Title 2")]
    assert found.report.unplaced == []


def test_lists_in_boxes_side_by_side_are_outcomes_sought_and_criteria(tmp_path: Path) -> None:
    boxes = table(
        row(
            cell([para(bold("Outcomes we want")), bullet("Fewer injuries"), bullet("Safer roads")]),
            cell([para(bold("How we will know")), bullet("Casualties fall")]),
        )
    )
    body = [title("Plan"), heading("Priority 1: Safe"), boxes, _table(1)]
    priority = read_word(write_docx(tmp_path / "plan.docx", body)).plan["priorities"][0]
    assert priority["outcomes_sought"] == ["Fewer injuries", "Safer roads"]
    assert priority["success_criteria"] == ["Casualties fall"]


def test_labels_in_the_line_itself_leave_nothing_to_report(tmp_path: Path) -> None:
    body = [
        title("Plan"),
        heading("Priority 1: Safe"),
        para(bold("Outcomes sought: "), "Children are safe"),
        para(bold("Success criteria: "), "Fewer plans"),
        _table(1),
    ]
    found = read_word(write_docx(tmp_path / "plan.docx", body))
    assert found.plan["priorities"][0]["outcomes_sought"] == ["Children are safe"]
    assert found.plan["priorities"][0]["success_criteria"] == ["Fewer plans"]
    assert found.report.unplaced == []


def test_a_table_that_is_only_its_heading_row_is_a_note(tmp_path: Path) -> None:
    lone = table(row(cell(bold("Lead officer rota")), cell(bold("Kept by the duty desk"))))
    body = [title("Plan"), heading("Priority 1: Safe"), _table(1), para("Between"), lone]
    found = read_word(write_docx(tmp_path / "plan.docx", body))
    assert any("Kept by the duty desk" in unplaced.words for unplaced in found.report.unplaced)


def test_a_typed_list_of_contents_is_not_the_introduction(tmp_path: Path) -> None:
    body = [
        title("Plan"),
        para("Contents"),
        para("Priority 1: Safe .......... 2"),
        para("Priority 2: Well\t4"),
        para("Partners wrote this."),
        heading("Priority 1: Safe"),
        _table(1),
        heading("Priority 2: Well"),
        _table(2),
    ]
    found = read_word(write_docx(tmp_path / "plan.docx", body))
    assert found.plan["introduction"] == "Partners wrote this."
