"""The habits of people who lay out action plans in Word: whatever they are, the plan comes through."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cypp_desktop.exchange.word import read_word
from tests.exchange.word_plans import ACTIONS, CITY, COUNTY, EVIDENCE, Plan
from tests.exchange.word_score import score
from tests.exchange.word_writer import SHAPES, Manner, write_plan

# What columns, levels and rounds are called is the document's own and not part of these comparisons.
_NAMES = ("columns", "level")


def differences(plan: Plan, manner: Manner, folder: Path) -> list[tuple[str, Any, Any]]:
    """Where the import of ``plan``, written in this manner, differs from it."""
    found = read_word(write_plan(plan, folder / "plan.docx", manner))
    rounds = manner.headings.get("update") is not None
    return [
        one
        for one in score(found.plan, plan).differences
        if not one[0].startswith(_NAMES) and not (rounds and one[0].endswith(" round"))
    ]


QUESTIONS = {
    "outcome": "What do we want to achieve?",
    "measure": "How will we know?",
    "update": "Progress in 2019/20",
    "actions": "What we will do",
    "due": "By when?",
    "lead": "Who is responsible?",
    "plans": "Links to other strategies",
    "groups": "Reports to",
    "source": "Where is the evidence from?",
    "evidence": "What has been achieved",
}
PLAINER = {
    "number": "Ref",
    "outcome": "Objective",
    "measure": "Indicators",
    "update": "Commentary at Q4",
    "actions": "Tasks",
    "due": "Timescale",
    "lead": "Lead officer",
    "plans": "Related plans",
    "groups": "Accountable board",
    "source": "Source of evidence",
    "evidence": "Evidence",
}
SHORT = {
    "number": "#",
    "outcome": "Aim",
    "measure": "KPIs",
    "update": "Position statement",
    "actions": "Steps",
    "due": "Deadline",
    "lead": "Owner",
    "plans": "Strategy",
    "groups": "Governance",
}

ALL = {"city": CITY, "actions": ACTIONS, "county": COUNTY, "evidence": EVIDENCE}
MANNERS = {
    "plain": Manner(),
    "headings asked as questions": Manner(headings=QUESTIONS),
    "headings in plainer words": Manner(headings=PLAINER),
    "headings in single words": Manner(headings=SHORT),
    "priority headings in bold type": Manner(priority="bold"),
    "priority headings in no style at all": Manner(priority="plain"),
    "priority headings in capitals": Manner(priority="caps"),
    "priority headings numbered by Word": Manner(priority="auto"),
    "priority number and title in two lines": Manner(priority="split"),
    "priority with a dash": Manner(priority_words="Priority {code} - {title}"),
    "priority with a colon in plain type": Manner(
        priority_words="Priority {code}: {title}", priority="plain"
    ),
    "strategic objectives": Manner(priority_words="Strategic objective {code} – {title}"),
    "blank cells in place of merged ones": Manner(merge="blank"),
    "headings typed again after every second row": Manner(again=2),
    "headings typed again and blank cells": Manner(again=2, merge="blank"),
    "every row cut by a page, headings again": Manner(cut=1),
    "rows cut by a page and blank cells": Manner(cut=2, merge="blank"),
    "a table that ends with the page": Manner(cut=2, new_table=True),
    "a table that ends with the page, blank cells": Manner(cut=1, new_table=True, merge="blank"),
    "bullets of Word's own lists": Manner(bullets="numbering"),
    "bullets typed as dots": Manner(bullets="•"),
    "bullets typed as dashes": Manner(bullets="-"),
    "bullets of the symbol font": Manner(bullets="\uf0b7"),
    "bullets inserted as symbols": Manner(bullets="sym"),
    "leads a line each": Manner(leads="lines"),
    "leads with dashes": Manner(leads="dash"),
    "codes in a column of their own": Manner(codes="own column"),
    "everything at once": Manner(
        merge="blank", bullets="\uf0b7", priority="plain", cut=2, headings=PLAINER, leads="lines"
    ),
}


#: Word cannot count 2, 1, as the priorities of this shape stand.
UNCOUNTABLE = ("priority headings numbered by Word", "evidence")


@pytest.mark.parametrize(
    ("manner", "shape"),
    [(manner, shape) for manner in MANNERS for shape in ALL if (manner, shape) != UNCOUNTABLE],
)
def test_plan_comes_through_whatever_the_habit(manner: str, shape: str, tmp_path: Path) -> None:
    written = Manner(**(MANNERS[manner].__dict__ | {"shape": shape}))
    assert differences(ALL[shape], written, tmp_path) == []


@pytest.mark.parametrize("shape", ["city", "actions", "evidence"])
def test_priority_in_a_row_over_all_columns(shape: str, tmp_path: Path) -> None:
    assert differences(ALL[shape], Manner(shape=shape, priority="row"), tmp_path) == []


@pytest.mark.parametrize("shape", ["city", "actions", "evidence"])
def test_all_priorities_in_one_table(shape: str, tmp_path: Path) -> None:
    manner = Manner(shape=shape, priority="row", one_table=True, merge="blank", bullets="•")
    assert differences(ALL[shape], manner, tmp_path) == []


@pytest.mark.parametrize("shape", ["city", "actions", "county"])
def test_columns_in_another_order(shape: str, tmp_path: Path) -> None:
    assert differences(ALL[shape], Manner(shape=shape, order=SHAPES[shape][::-1]), tmp_path) == []


@pytest.mark.parametrize(
    "manner",
    [
        Manner(shape="county", dates="position"),
        Manner(shape="county", dates="auto", numbers="auto"),
        Manner(shape="county", dates="numbered", numbers="auto"),
        Manner(shape="county", leads="commas"),
        Manner(shape="county", statements="paragraphs"),
        Manner(shape="county", statements="table"),
    ],
    ids=[
        "by position",
        "numbered by Word",
        "actions numbered by Word",
        "leads in a sentence",
        "plain lines",
        "in a table",
    ],
)
def test_county_plan_with_dates_and_statements_written_otherwise(manner: Manner, tmp_path: Path) -> None:
    expected = COUNTY
    if manner.statements == "paragraphs":  # lines without marks are a statement each
        expected = COUNTY | {
            "priorities": [p | {"outcomes_sought": p["outcomes_sought"][:1]} for p in COUNTY["priorities"]]
        }
    assert differences(expected, manner, tmp_path) == []


@pytest.mark.parametrize("leads", ["brackets", "commas"])
def test_people_with_their_organisation_in_brackets_or_in_running_text(leads: str, tmp_path: Path) -> None:
    assert differences(CITY, Manner(leads=leads), tmp_path) == []
