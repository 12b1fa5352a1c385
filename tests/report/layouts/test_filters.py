"""What is printed for one organisation, or of one colour: measures, and what goes along with them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cypp_desktop.plan.model import Action, Measure, Organisation, Outcome, Update
from cypp_desktop.report.layouts.filters import filtered_rows
from cypp_desktop.report.layouts.model import PrintFilter
from cypp_desktop.store.queries import priorities
from tests.report.printing import PrintedPlan


def led(organisation: str) -> list[dict[str, Any]]:
    return [{"organisation": organisation, "people": [], "note": None}]


def value(number: int) -> list[dict[str, Any]]:
    return [
        {"kind": "actual", "area": "Town", "period": "2017/18", "value": number},
        {"kind": "target", "area": "Town", "period": "2017/18", "value": 90},
    ]


PLAN: dict[str, Any] = {
    "title": "Plan",
    "priorities": [
        {
            "code": "1",
            "leads": led("Council"),
            "outcomes": [
                {
                    "title": "Health",
                    "measures": [
                        {"key": "i", "title": "Vaccinated", "polarity": "higher", "leads": led("Trust"),
                         "observations": value(95)},
                        {"key": "ii", "title": "Weighed", "polarity": "higher", "leads": led("Police"),
                         "observations": value(20)},
                        {"key": "iii", "title": "Asked", "leads": led("Police")},
                    ],
                    "actions": [
                        {"text": "Call", "measures": ["i"], "leads": led("Police")},
                        {"text": "Weigh", "measures": ["ii"], "leads": led("Police")},
                        {"text": "Meet", "leads": led("Police")},
                        {"text": "Tell", "leads": led("Trust")},
                        {"text": "Plan", "leads": []},
                    ],
                    "updates": [
                        {"measures": ["i"], "text": "More."},
                        {"measures": ["ii"], "text": "Fewer."},
                        {"measures": [], "text": "On the whole."},
                    ],
                },
                {
                    "title": "Housing",
                    "leads": led("Trust"),
                    "measures": [{"key": "i", "title": "Housed", "leads": led("Police")}],
                    "actions": [{"text": "Build", "leads": led("Police")}],
                    "updates": [{"measures": [], "text": "Built."}],
                },
                {"title": "Play", "measures": [{"key": "i", "title": "Played", "leads": led("Police")}]},
            ],
        }
    ],
}  # fmt: skip


def printed(folder: Path, organisation: str | None = None, **wanted: Any) -> dict[str, set[str]]:
    """What is left, by its words."""
    session = PrintedPlan(PLAN, folder).editor.session
    if organisation is not None:
        wanted["organisation"] = session.query(Organisation).filter_by(name=organisation).one().id
    found = filtered_rows(PrintFilter(**wanted), priorities(session, whole=True), Decimal("0.05"))
    assert found is not None
    return {
        "outcomes": {row.title for row in session.query(Outcome) if row.id in found.outcomes},
        "measures": {row.title for row in session.query(Measure) if row.id in found.measures},
        "actions": {row.text for row in session.query(Action) if row.id in found.actions},
        "updates": {row.text for row in session.query(Update) if row.id in found.updates},
    }


def test_an_organisation_has_its_measures_its_actions_and_what_goes_along_with_them(tmp_path: Path) -> None:
    assert printed(tmp_path, "Trust") == {
        "outcomes": {"Health", "Housing"},
        "measures": {"Vaccinated"},
        "actions": {"Call", "Tell", "Plan"},
        "updates": {"More.", "On the whole.", "Built."},
    }


def test_who_leads_a_priority_has_the_actions_that_nobody_else_leads(tmp_path: Path) -> None:
    found = printed(tmp_path, "Council")
    assert found["actions"] == {"Plan"} and found["measures"] == set()
    assert found["outcomes"] == {"Health"}


@pytest.mark.parametrize(
    ("colour", "measures", "actions", "updates"),
    [
        ("green", {"Vaccinated"}, {"Call", "Meet", "Tell", "Plan"}, {"More.", "On the whole."}),
        ("red", {"Weighed"}, {"Weigh", "Meet", "Tell", "Plan"}, {"Fewer.", "On the whole."}),
        ("amber", set(), set(), set()),
    ],
)
def test_a_colour_has_its_measures_and_what_belongs_to_the_whole_outcome(
    colour: str, measures: set[str], actions: set[str], updates: set[str], tmp_path: Path
) -> None:
    found = printed(tmp_path, rag=frozenset({colour}))
    outcomes = {"Health"} if measures else set()
    assert found == {"outcomes": outcomes, "measures": measures, "actions": actions, "updates": updates}


def test_what_cannot_be_told_has_no_colour(tmp_path: Path) -> None:
    assert printed(tmp_path, rag=frozenset({"none"}))["measures"] == {"Asked", "Housed", "Played"}


def test_measures_without_any_value_can_be_left_out(tmp_path: Path) -> None:
    found = printed(tmp_path, with_values=True)
    assert found["measures"] == {"Vaccinated", "Weighed"} and found["outcomes"] == {"Health"}


def test_no_filter_leaves_everything(tmp_path: Path) -> None:
    session = PrintedPlan(PLAN, tmp_path).editor.session
    assert filtered_rows(PrintFilter(), priorities(session, whole=True), Decimal("0.05")) is None


@pytest.mark.parametrize(
    ("layout", "asked", "left"),
    [
        ({}, {"red"}, {"red"}),
        ({"red", "amber"}, {"red", "green"}, {"red"}),
        ({"red", "amber"}, {"green"}, {"green"}),
        ({"red"}, {}, {"red"}),
    ],
)
def test_a_layouts_colours_are_narrowed_by_those_asked_for(
    layout: set[str], asked: set[str], left: set[str]
) -> None:
    assert PrintFilter(rag=frozenset(layout)).narrowed(PrintFilter(rag=frozenset(asked))).rag == left
