"""What each layout prints, and which rows a cell spans."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from cypp_desktop.plan.blocks import Paragraph, plain_text
from cypp_desktop.plan.model import Outcome
from cypp_desktop.plan.words import plural
from cypp_desktop.report.cells import TableCell
from cypp_desktop.report.layouts import (
    LAYOUTS,
    PaperLayout,
    PrintScope,
    code_mark,
    headings,
    listed,
    outcome_rows,
)
from cypp_desktop.report.layouts.words import continued
from cypp_desktop.store.queries import current_round, priorities, the_plan
from tests.report.printing import PrintedPlan, words

Grid = list[list[tuple[int, int, str]]]


def measure(key: str, title: str, **more: Any) -> dict[str, Any]:
    return {"code": more.pop("code", key), "key": key, "title": title, **more}


def grid_of(folder: Path, outcome: dict[str, Any], layout: str = "update", **plan: Any) -> Grid:
    """Each row's cells as (column, rows spanned, words)."""
    rows = cells_of(folder, outcome, layout, **plan)
    return [[(cell.column, cell.rowspan, said(cell)) for cell in row] for row in rows]


def cells_of(
    folder: Path, outcome: dict[str, Any], layout: str = "update", **plan: Any
) -> list[list[TableCell]]:
    """The rows of one outcome."""
    content = {
        "title": "Plan",
        "priorities": [{"code": "1", "outcomes": [{"title": "Good health", **outcome}]}],
    }
    printed = PrintedPlan({**content, **plan}, folder)
    session = printed.editor.session
    scope = scope_of(session, LAYOUTS[layout])
    (found,) = priorities(session, whole=True)[0].outcomes
    assert isinstance(found, Outcome)
    rows = outcome_rows(LAYOUTS[layout], found, scope)
    assert_covered(rows, len(LAYOUTS[layout].columns))
    return rows


def scope_of(session: Session, layout: PaperLayout) -> PrintScope:
    return PrintScope(session=session, plan=the_plan(session), round=current_round(session), rows=layout.rows)


def said(cell: TableCell) -> str:
    return plain_text(cell.read())


def assert_covered(rows: list[list[TableCell]], columns: int) -> None:
    """Every place of the rows is covered by one cell."""
    places = [
        (at + down, cell.column)
        for at, row in enumerate(rows)
        for cell in row
        for down in range(cell.rowspan)
    ]
    assert sorted(places) == [(row, column) for row in range(len(rows)) for column in range(columns)]


THREE = [measure("i", "First"), measure("ii", "Second"), measure("iii", "Third")]


def test_an_update_spans_the_rows_of_the_measures_that_it_covers(tmp_path: Path) -> None:
    outcome = {
        "code": "1a",
        "measures": THREE,
        "updates": [{"measures": ["ii", "iii"], "text": "Both."}, {"measures": ["i"], "text": "One."}],
    }
    assert grid_of(tmp_path, outcome) == [
        [(0, 3, "1a: Good health"), (1, 1, "i) First"), (2, 1, "One."), (3, 1, "")],
        [(1, 1, "ii) Second"), (2, 2, "Both."), (3, 1, "")],
        [(1, 1, "iii) Third"), (3, 1, "")],
    ]


def test_an_update_of_the_whole_outcome_spans_all_rows(tmp_path: Path) -> None:
    outcome = {"measures": THREE, "updates": [{"measures": [], "text": "All."}]}
    assert [cell for row in grid_of(tmp_path, outcome) for cell in row if cell[0] == 2] == [(2, 3, "All.")]


def test_a_whole_outcomes_update_beside_others_has_a_row_of_its_own(tmp_path: Path) -> None:
    outcome = {
        "measures": THREE[:2],
        "leads": [{"organisation": "Council"}],
        "updates": [{"measures": ["ii"], "text": "Two."}, {"measures": [], "text": "All."}],
    }
    assert grid_of(tmp_path, outcome) == [
        [(0, 3, "Good health"), (1, 1, "Whole outcome"), (2, 1, "All."), (3, 3, "Council")],
        [(1, 1, "i) First"), (2, 1, "")],
        [(1, 1, "ii) Second"), (2, 1, "Two.")],
    ]


def test_updates_that_overlap_share_a_cell_and_say_what_they_cover(tmp_path: Path) -> None:
    outcome = {
        "measures": THREE,
        "updates": [{"measures": ["i", "iii"], "text": "Odd."}, {"measures": ["ii"], "text": "Even."}],
    }
    cells = [cell for row in grid_of(tmp_path, outcome) for cell in row if cell[0] == 2]
    assert cells == [(2, 3, "i; iii\nOdd.\nii\nEven.")]


def test_what_each_of_several_updates_in_a_cell_covers_is_bold(tmp_path: Path) -> None:
    updates = [{"measures": ["i", "iii"], "text": "Odd."}, {"measures": ["ii"], "text": "Even."}]
    rows = cells_of(tmp_path, {"measures": THREE, "updates": updates})
    (cell,) = (cell for row in rows for cell in row if cell.column == 2)
    bold = [
        span.text
        for block in cell.read()
        if isinstance(block, Paragraph)
        for span in block.spans
        if span.bold
    ]
    assert bold == ["i; iii", "ii"]


def test_an_outcome_without_measures_is_one_row(tmp_path: Path) -> None:
    outcome = {
        "updates": [{"text": "Words."}],
        "leads": [{"organisation": "Council", "people": ["A. Person"]}],
    }
    assert grid_of(tmp_path, outcome) == [
        [(0, 1, "Good health"), (1, 1, ""), (2, 1, "Words."), (3, 1, "Council\nA. Person")]
    ]


def test_the_current_round_is_printed_and_what_belongs_to_none(tmp_path: Path) -> None:
    rounds = [
        {"name": "Spring", "state": "closed"},
        {"name": "Autumn", "state": "open"},
        {"name": "Winter", "state": "closed"},
    ]
    outcome = {
        "measures": THREE[:1],
        "updates": [
            {"round": "Spring", "measures": ["i"], "text": "Old."},
            {"round": "Autumn", "measures": ["i"], "text": "New."},
            {"round": None, "measures": ["i"], "text": "Always."},
        ],
    }
    grid = grid_of(tmp_path, outcome, rounds=rounds)
    assert grid[0][2] == (2, 1, "New.\nAlways.")


def test_actions_are_a_list_and_keep_their_printed_numbers(tmp_path: Path) -> None:
    outcome = {
        "measures": THREE[:2],
        "actions": [
            {"number": None, "text": "Plan it.", "measures": ["i"]},
            {"number": None, "text": "Do it.", "measures": ["i"]},
            {"number": "4", "text": "Look at it.", "measures": ["ii"]},
        ],
    }
    grid = grid_of(tmp_path, outcome, "action-plan")
    assert [cell[2] for row in grid for cell in row if cell[0] == 2] == ["Plan it.\nDo it.", "Look at it."]


def test_a_delivery_row_holds_all_of_a_key_activity(tmp_path: Path) -> None:
    outcome = {
        "code": "3",
        "title": "Tender",
        "strategic_plans": ["Plan A", "Plan B"],
        "governance_groups": ["Board"],
        "leads": [{"organisation": "Council"}, {"organisation": "Police", "role": "partner"}],
        "measures": [
            measure("1", "Waiting time", code=None),
            measure("2", "Rate at:\n\n- birth\n- 12 months", code=None),
        ],
        "actions": [
            {"number": "1", "text": "Buy", "due": "June 2016"},
            {"number": "2", "text": "Build", "due": "Ongoing"},
        ],
    }
    assert [cell[2] for cell in grid_of(tmp_path, outcome, "delivery")[0]] == [
        "3. Tender",
        "Plan A\nPlan B",
        "Board",
        "Council\nPolice (partner)",
        "Buy\nBuild",
        "June 2016\nOngoing",
        "Waiting time\nRate at:\nbirth\n12 months",
    ]


@pytest.mark.parametrize(
    ("dues", "printed"),
    [
        (["March 2017", "March 2017"], "March 2017"),
        (["March 2017", "May 2017"], "March 2017\nMay 2017"),
        (["March 2017", None], "March 2017"),
        ([None, "Sept 2016"], "Sept 2016"),
        ([None, None], ""),
    ],
)
def test_a_date_that_all_actions_share_is_printed_once(
    tmp_path: Path, dues: list[str | None], printed: str
) -> None:
    actions = [{"number": str(at + 1), "text": "Act", "due": due} for at, due in enumerate(dues)]
    cell = grid_of(tmp_path, {"actions": actions}, "delivery")[0][5]
    assert cell[2] == printed


def test_evidence_pairs_each_source_with_what_it_shows(tmp_path: Path) -> None:
    outcome = {
        "code": "4.2",
        "updates": [
            {"source": "Report to *Committee*", "text": "Achieved."},
            {"source": "Conversation with the Group Manager", "text": "In hand."},
        ],
    }
    assert grid_of(tmp_path, outcome, "evidence") == [
        [(0, 2, "4.2"), (1, 2, "Good health"), (2, 1, "Report to Committee"), (3, 1, "Achieved.")],
        [(2, 1, "Conversation with the Group Manager"), (3, 1, "In hand.")],
    ]


def test_a_leads_people_and_note_stand_below_its_organisation(tmp_path: Path) -> None:
    leads = [{"organisation": "Futures", "people": ["M. Wright", "N. Lee"], "note": "*Delivery commissioned"}]
    grid = grid_of(tmp_path, {"measures": [measure("i", "First", leads=leads)]})
    assert grid[0][3] == (3, 1, "Futures\nM. Wright\nN. Lee\n*Delivery commissioned")


def test_a_title_is_plain_words_even_where_it_looks_like_markdown(tmp_path: Path) -> None:
    grid = grid_of(tmp_path, {"title": "5+ GCSEs at *A to C*", "measures": [measure("i", "# 1. not a list")]})
    assert grid[0][0][2] == "5+ GCSEs at *A to C*"
    assert grid[0][1][2] == "i) # 1. not a list"


@pytest.mark.parametrize(
    ("layout", "columns", "expected"),
    [
        (
            "update",
            ["Outcomes", "Performance measures", "End of Year Update", "Lead organisation"],
            ["Outcomes", "Performance measures", "Autumn", "Lead organisation"],
        ),
        (
            "action-plan",
            ["Aims and outcomes", "Indicators", "Key actions suggested to date", "Lead"],
            ["Aims and outcomes", "Indicators", "Key actions suggested to date", "Lead"],
        ),
        (
            "delivery",
            ["Date actions required by", "Actions", "KPI measures"],
            [
                "Key activities",
                "Strategic Plan",
                "Governance Group",
                "Lead organisation and other partners",
                "Actions",
                "Date actions required by",
                "KPI measures",
            ],
        ),
        (
            "evidence",
            ["No", "Key activities", "Source of evidence", "Evidence of achievement"],
            ["No", "Key activities", "Source of evidence", "Evidence of achievement"],
        ),
    ],
)
def test_the_plans_own_headings_are_used(
    tmp_path: Path, layout: str, columns: list[str], expected: list[str]
) -> None:
    content = {
        "title": "Plan",
        "columns": columns,
        "level_names": {"priority": "Priority", "outcome": "Key activity", "measure": None},
        "rounds": [{"name": "Autumn"}],
    }
    session = PrintedPlan(content, tmp_path).editor.session
    chosen = LAYOUTS[layout]
    assert headings(chosen, scope_of(session, chosen)) == expected


@pytest.mark.parametrize(
    ("code", "printed"),
    [
        ("1", "1."),
        ("4.2", "4.2."),
        ("iv", "iv)"),
        ("a", "a)"),
        ("1a", "1a:"),
        ("2.a", "2.a:"),
        ("iv)", "iv)"),
    ],
)
def test_a_code_is_parted_from_its_title_as_in_print(code: str, printed: str) -> None:
    assert code_mark(code) == printed


def test_numbers_that_do_not_follow_each_other_are_printed_as_they_are() -> None:
    assert plain_text(listed([("1", words("one")), ("3", words("three"))])) == "1. one\n3. three"
    assert plain_text(listed([("a", words("one")), (None, words("two"))])) == "a) one\ntwo"


@pytest.mark.parametrize(
    ("name", "several"), [("Outcome", "Outcomes"), ("Key activity", "Key activities"), ("Aims", "Aims")]
)
def test_a_level_name_as_a_heading_is_plural(name: str, several: str) -> None:
    assert plural(name) == several


def test_a_cell_that_runs_on_says_its_code_or_its_first_words() -> None:
    assert continued("1a", "Healthy babies") == "1a (continued)"
    assert continued(None, "Healthy babies") == "Healthy babies (continued)"
    assert continued(None, "Babies are born healthy everywhere") == "Babies are born healthy… (continued)"
    assert continued(None, None) == "(continued)"
