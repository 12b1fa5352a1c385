"""What the filter of the tree finds, and the words of its rows. Without Qt."""

from __future__ import annotations

import pytest

from cypp_desktop.plan.outline import OutlineRow
from cypp_desktop.ui.tree import filter as filtering
from cypp_desktop.ui.tree.filter import TreeFilter, states_in
from cypp_desktop.ui.tree.nodes import Node, aloud, fold, label, nest_sections, one_line, take_words

NAMES = {"priority": "Strategic objective", "outcome": "Key activity", "measure": "Measure"}


def node(row_type: str, code: str, title: str, *children: Node, mark: str = "", state: str = "") -> Node:
    made = Node(1, row_type, f"{row_type} {code} {title}")
    take_words(made, OutlineRow(row_type, made.id, None, "V", code, title, mark, state))
    for child in children:
        child.parent = made
        made.children.append(child)
    return made


@pytest.fixture
def plan() -> Node:
    root = node(
        "root",
        "",
        "",
        node(
            "priority",
            "1",
            "Health",
            node(
                "outcome",
                "1a",
                "Maternal health",
                node("measure", "i", "Women smoking at delivery", mark="red", state="draft"),
                node("measure", "ii", "Breastfeeding", mark="green", state="agreed"),
            ),
            node("outcome", "1b", "Lifestyles", node("measure", "i", "Smoking at 15", mark="placeholder")),
        ),
        node("priority", "2", "Safeguarding"),
    )
    for below in root.below():
        fold(below)
    return root


def found(root: Node, text: str, state: str = "") -> list[str]:
    filtering.apply(root, TreeFilter.of(text, state))
    return [below.title for below in root.below() if below.shown]


def test_a_match_is_shown_with_all_that_it_stands_in(plan: Node) -> None:
    assert found(plan, "delivery") == ["Health", "Maternal health", "Women smoking at delivery"]


def test_every_word_must_match_in_any_order_and_case(plan: Node) -> None:
    assert found(plan, "15 SMOK") == ["Health", "Lifestyles", "Smoking at 15"]
    assert found(plan, "smoking lifestyles") == []


def test_a_measure_is_found_by_the_code_that_people_say(plan: Node) -> None:
    assert found(plan, "1a.ii") == ["Health", "Maternal health", "Breastfeeding"]


def test_the_count_is_of_what_matches_not_of_what_it_stands_in(plan: Node) -> None:
    assert filtering.apply(plan, TreeFilter.of("smoking")) == 2
    assert filtering.apply(plan, TreeFilter.of("health")) == 2


def test_states_are_those_of_measures_by_mark_or_by_update(plan: Node) -> None:
    assert found(plan, "", "placeholder") == ["Health", "Lifestyles", "Smoking at 15"]
    assert found(plan, "", "draft") == ["Health", "Maternal health", "Women smoking at delivery"]
    assert found(plan, "breast", "draft") == []


def test_only_states_in_use_are_offered_in_their_usual_order(plan: Node) -> None:
    assert states_in(plan) == ["", "draft", "agreed", "placeholder", "red", "green"]


def test_without_a_filter_everything_comes_back_in_its_place(plan: Node) -> None:
    before = [(below.title, below.at) for below in plan.below()]
    filtering.apply(plan, TreeFilter())
    before = [(below.title, below.at) for below in plan.below()]
    found(plan, "15")
    filtering.apply(plan, TreeFilter())
    assert [(below.title, below.at) for below in plan.below()] == before
    assert len(before) == 7


def test_a_row_says_everything_in_words() -> None:
    row = node("measure", "iv", "Rate of re-referrals", mark="placeholder", state="draft")
    assert aloud(row, NAMES) == "Measure iv, Rate of re-referrals, placeholder, update draft"
    assert aloud(node("measure", "", "Rate", mark="none"), NAMES) == "Measure, Rate, no data"


def test_a_priority_says_what_its_measures_come_to(plan: Node) -> None:
    assert aloud(plan.children[0], NAMES) == "Strategic objective 1, Health, 1 green, 1 red"


@pytest.mark.parametrize(
    ("code", "title", "words"),
    [
        ("1a", "Healthy", "1a  Healthy"),
        ("", "Healthy", "Healthy"),
        ("2", "", "Strategic objective 2"),
        ("", "", "Strategic objective without a title"),
    ],
)
def test_a_row_without_code_or_title_is_still_called_something(code: str, title: str, words: str) -> None:
    assert label(node("priority", code, title), NAMES) == words


def test_a_recommendation_shows_its_words_without_their_markup() -> None:
    assert one_line("**Ask** schools:\n\n- all\n1. and *some*") == "Ask schools: all and *some*"


def test_sections_stand_in_the_nearest_one_before_that_is_less_deep() -> None:
    depths = [2, 1, 3, 2, 3, 1]
    rows = [OutlineRow("section", str(at), None, str(at), "", "", depth=d) for at, d in enumerate(depths)]
    nest_sections(rows)
    assert [row.parent_id for row in rows] == [None, None, "1", "1", "3", None]
