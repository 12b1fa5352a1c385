"""Lists made from the whole plan: what is in them, and what is not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

import pytest

from cypp_desktop.plan.model import Measure, Observation
from cypp_desktop.plan.outline import measure_marks
from cypp_desktop.report.layouts import LAYOUTS, figures
from cypp_desktop.report.paper_builder import PaperBuilder
from cypp_desktop.report.record_tables import record_table
from cypp_desktop.store.editor import Editor
from cypp_desktop.store.queries import priorities
from tests.report.plans import everything
from tests.report.printing import PrintedPlan, wished
from tests.report.said import cell_words


class HasEditor(Protocol):
    """A plan of whatever kind, open to be printed."""

    @property
    def editor(self) -> Editor: ...


def rows_of(printed: HasEditor, layout: str, **wishes: Any) -> dict[str, list[list[str]]]:
    """The rows of each group of a list, by its heading."""
    session = printed.editor.session
    content = PaperBuilder(session, wished(**wishes))
    chosen = LAYOUTS[layout]
    assert chosen.records is not None
    found: dict[str, list[list[str]]] = {}
    scope = content.scope(chosen)
    for group in chosen.records(scope):
        table = record_table(chosen, scope, group)
        found[group.heading] = [[cell_words(cell) for cell in row] for row in table.rows]
    return found


def test_actions_are_overdue_when_their_last_day_is_past_and_they_are_not_done(tmp_path: Path) -> None:
    printed = PrintedPlan(everything(), tmp_path)
    found = rows_of(printed, "overdue")
    assert found["Key actions"] == [
        ["1a", "1. Visit all mothers", "March 2017", "14 months", "Town Council\nA. Person"]
    ]
    assert rows_of(printed, "overdue", day=date(2017, 3, 31))["Key actions"] == []


def months_of_a_year() -> dict[str, Any]:
    """A plan whose times are months as a spreadsheet writes them."""
    values = [
        {"period": "2019-01", "value": 90, "unit": "%", "kind": "actual"},
        {"period": "2018-12", "value": 50, "unit": "%", "kind": "actual"},
        {"period": "2018/19", "value": 80, "unit": "%", "kind": "target"},
    ]
    measure = {"code": "i", "title": "Breastfeeding", "polarity": "higher", "observations": values}
    action = {"number": "1", "text": "Open a clinic", "due": "2027-03", "measures": ["i"]}
    outcome = {"code": "1a", "title": "Babies", "measures": [measure], "actions": [action]}
    return {"priorities": [{"code": "1", "title": "Health", "outcomes": [outcome]}]}


@pytest.mark.parametrize("kept_by_an_earlier_version", [False, True])
def test_a_month_after_its_year_is_that_month(kept_by_an_earlier_version: bool, tmp_path: Path) -> None:
    printed = PrintedPlan(months_of_a_year(), tmp_path)
    session = printed.editor.session
    (outcome,) = priorities(session)[0].outcomes
    (measure,), (action,) = outcome.measures, outcome.actions
    if kept_by_an_earlier_version:
        with printed.editor.step("As version 0.1.0 read it"):
            action.due_start, action.due_end = "2027-04-01", "2003-03-31"
            later, earlier, _ = measure.observations
            later.period_start, later.period_end = "2019-04-01", "2001-03-31"
            earlier.period_start, earlier.period_end = "2018-04-01", "2012-03-31"
    assert rows_of(printed, "overdue", day=date(2026, 3, 31))["Key actions"] == []
    assert [row[2] for row in rows_of(printed, "overdue", day=date(2027, 4, 1))["Key actions"]] == ["2027-03"]
    assert [seen.value for seen in figures.latest(measure)] == [90]
    assert figures.rag_of(measure, Decimal("0.1")) == "green"
    assert figures.direction(measure) == "↑ Up, better"
    session.commit()
    database: Any = session.connection().connection.driver_connection
    assert measure_marks(database, measure.id) == {measure.id: "green"}


def test_updates_are_overdue_when_the_round_is_and_they_are_not_in(tmp_path: Path) -> None:
    found = rows_of(PrintedPlan(everything(), tmp_path), "overdue")["Updates for Year end"]
    assert [row[:5] for row in found] == [
        ["1a", "i) Smoking at delivery", "30 April 2018", "46 days", "Draft"],
        ["1a", "ii) Vaccinated by two", "30 April 2018", "46 days", "Empty"],
        ["1a", "iii) TBC", "30 April 2018", "46 days", "Empty"],
    ]


def test_placeholders_are_listed_wherever_they_stand(tmp_path: Path) -> None:
    assert rows_of(PrintedPlan(everything(), tmp_path), "placeholders")[""] == [
        ["1a", "Governance group", "TBC"],
        ["1a › iii", "Performance measure", "TBC"],
    ]


def test_a_placeholder_is_listed_in_whatever_field_it_stands(tmp_path: Path) -> None:
    nobody = [{"organisation": "TBC", "people": [], "note": None}]
    measure = {"code": "i", "key": "i", "title": "Smoking", "definition": "TBC", "leads": nobody}
    measure["observations"] = [{"kind": "actual", "value": "TBC"}]
    outcome = {
        "code": "1a",
        "title": "TBC",
        "strategic_plans": ["TBC"],
        "leads": nobody,
        "measures": [measure],
        "actions": [{"text": "TBC", "due": "TBC", "measures": ["i"], "leads": nobody}],
        "updates": [{"text": "TBC", "source": "TBC", "measures": ["i"]}],
    }
    printed = PrintedPlan({"title": "P", "priorities": [{"code": "1", "outcomes": [outcome]}]}, tmp_path)
    assert [row[:2] for row in rows_of(printed, "placeholders")[""]] == [
        ["1a", "Outcome"],
        ["1a", "Strategic plan"],
        ["1a", "Lead organisation"],
        ["1a › i", "Definition"],
        ["1a › i", "Lead organisation"],
        ["1a › i", "Value"],
        ["1a › i", "Key action"],
        ["1a › i", "Due date"],
        ["1a › i", "Lead organisation"],
        ["1a › i", "Update"],
        ["1a › i", "Source"],
    ]


def test_everybody_is_told_what_they_owe(tmp_path: Path) -> None:
    found = rows_of(PrintedPlan(everything(), tmp_path), "who-owes-what")
    assert {heading: [row[1] for row in rows] for heading, rows in found.items()} == {
        "Town Council": ["i) Smoking at delivery", "iii) TBC", "1. Visit all mothers"],
        "Health Trust": ["ii) Vaccinated by two"],
    }


def test_measures_are_counted_by_colour(tmp_path: Path) -> None:
    assert rows_of(PrintedPlan(everything(), tmp_path), "rag-summary")[""] == [
        ["Priority 1. Health", "1", "1", "0", "1", "3"],
        ["Priority 2. Safety", "0", "0", "0", "0", "0"],
        ["All", "1", "1", "0", "1", "3"],
    ]


def test_exceptions_are_red_and_amber_only_and_say_what_cannot_be_told(tmp_path: Path) -> None:
    printed = PrintedPlan(everything(), tmp_path)
    paper = printed.paper("exceptions")
    from tests.report.said import paper_words

    words = paper_words(paper)
    assert "■ Red" in words and "● Amber" in words
    assert "TBC" not in words
    assert "Only red and amber. Of 1 performance measure it cannot be told" in words


@pytest.fixture
def smoking(tmp_path: Path) -> Measure:
    session = PrintedPlan(everything(), tmp_path).editor.session
    return priorities(session, whole=True)[0].outcomes[0].measures[0]


def test_a_scorecard_says_latest_target_direction_and_comparators(smoking: Measure) -> None:
    assert [figures.observed(one) for one in figures.latest(smoking)] == ["17.2% (2016/17)"]
    assert [figures.observed(one) for one in figures.targets(smoking)] == ["10.0% (2016/17)"]
    assert [figures.observed(one, area=True) for one in figures.comparators(smoking)] == [
        "England: 10.7% (2016/17)"
    ]
    assert figures.direction(smoking) == "↓ Down, better"
    assert figures.rag_of(smoking, Decimal("0.1")) == "red"


@pytest.mark.parametrize(
    ("polarity", "values", "said"),
    [
        ("higher", ("1", "2"), "↑ Up, better"),
        ("lower", ("1", "2"), "↑ Up, worse"),
        (None, ("2", "1"), "↓ Down"),
        ("higher", ("1.0", "1.0"), "→ No change"),
        ("higher", ("1",), ""),
    ],
)
def test_direction_is_told_from_the_last_two_values(
    polarity: str | None, values: tuple[str, ...], said: str
) -> None:
    seen = [
        Observation(
            kind="actual", area="Town", period_end=f"201{at}-03-31", value=Decimal(value), sort_key=str(at)
        )
        for at, value in enumerate(values)
    ]
    assert figures.direction(Measure(title="M", polarity=polarity, observations=seen)) == said


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        ({"value": Decimal("17.20"), "unit": "%"}, "17.20%"),
        ({"value": Decimal("5.9"), "unit": "per 1000 live births"}, "5.9 per 1000 live births"),
        ({"words": "136th of 137"}, "136th of 137"),
        ({"value": Decimal("1E+3")}, "1000"),
        ({"value": Decimal(3), "kind": "estimate", "period": "2017"}, "3 (2017, estimate)"),
        ({"value": Decimal(3), "series": "girls"}, "girls: 3"),
    ],
)
def test_values_are_printed_as_they_are_kept(seen: dict[str, Any], said: str) -> None:
    assert figures.observed(Observation(**seen)) == said
