"""The sample plans: true to their shapes, in words that the editor will not change."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from cypp_desktop import paths
from cypp_desktop.plan import blocks

NAMES = ("city", "county", "review")
MARKDOWN = {"introduction", "text", "source", "definition", "outcomes_sought", "success_criteria"}


def sample(name: str) -> dict[str, Any]:
    plan: dict[str, Any] = json.loads(paths.resource(f"samples/{name}.json").read_text(encoding="utf-8"))
    return plan


def texts(value: Any, key: str = "") -> Iterator[str]:
    """All Markdown of a plan, wherever it stands."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from texts(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner, key)
    elif isinstance(value, str) and key in MARKDOWN:
        yield value


def outcomes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [outcome for priority in plan["priorities"] for outcome in priority["outcomes"]]


@pytest.mark.parametrize("name", NAMES)
def test_opening_a_text_of_a_sample_in_the_editor_changes_nothing(name: str) -> None:
    found = list(texts(sample(name)))
    assert len(found) > 5
    assert [blocks.render(blocks.parse(text)) for text in found] == found


@pytest.mark.parametrize("name", NAMES)
def test_updates_and_actions_name_measures_of_their_own_outcome(name: str) -> None:
    for outcome in outcomes(sample(name)):
        keys = [measure.get("key") or measure["code"] for measure in outcome["measures"]]
        assert len(set(keys)) == len(keys)
        for row in outcome["updates"] + outcome["actions"]:
            assert set(row["measures"]) <= set(keys)


@pytest.mark.parametrize("name", NAMES)
def test_updates_name_rounds_of_the_plan(name: str) -> None:
    plan = sample(name)
    rounds = {each["name"] for each in plan.get("rounds", [])}
    assert {update["round"] for outcome in outcomes(plan) for update in outcome["updates"]} <= rounds


def test_the_city_sample_has_the_habits_of_a_city_plan() -> None:
    plan = sample("city")
    measures = [measure for outcome in outcomes(plan) for measure in outcome["measures"]]
    updates = [update for outcome in outcomes(plan) for update in outcome["updates"]]
    assert [each["state"] for each in plan["rounds"]] == ["closed", "open"]
    assert any(len(update["measures"]) > 1 for update in updates)
    assert any(measure["placeholder"] for measure in measures)
    assert any(organisation["short_name"] for organisation in plan["organisations"])
    assert max(len(update["text"].split()) for update in updates) > 450
    assert {update["state"] for update in updates} == {"empty", "draft", "submitted", "agreed"}
    assert any("| --- |" in update["text"] for update in updates)
    assert any("\n  - " in update["text"] for update in updates)


def test_the_county_sample_has_actions_with_dates_and_measures_without_codes() -> None:
    rows = outcomes(sample("county"))
    assert all(outcome["strategic_plans"] and outcome["governance_groups"] for outcome in rows)
    assert all(action["due"] for outcome in rows for action in outcome["actions"])
    assert {measure["code"] for outcome in rows for measure in outcome["measures"]} == {None}


def test_the_review_sample_is_printed_from_the_last_priority_to_the_first() -> None:
    plan = sample("review")
    assert [priority["code"] for priority in plan["priorities"]] == ["4", "3", "2", "1"]
    assert all(update["source"] for outcome in outcomes(plan) for update in outcome["updates"])
