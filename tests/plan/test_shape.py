"""What stands in what, as the classes of a plan say it."""

from __future__ import annotations

import pytest

from cypp_desktop.plan import model
from cypp_desktop.plan.base import row_classes
from cypp_desktop.plan.shape import (
    ends_of,
    is_of_plan,
    label_in_list,
    link_types,
    links_of,
    list_words,
    owner_columns,
    owner_of_link,
    owners_of,
    parent_of,
    within_one_outcome,
)

OWNERS = {
    "outcome": ["priority"],
    "measure": ["outcome"],
    "action": ["outcome"],
    "update": ["outcome"],
    "observation": ["measure"],
    "lead": ["priority", "outcome", "measure", "action"],
    "lead_person": ["lead"],
    "update_measure": ["update"],
    "action_measure": ["action"],
}


@pytest.mark.parametrize("row_type", row_classes())
def test_a_row_stands_in_what_the_vocabulary_of_plans_says(row_type: str) -> None:
    assert [owner for _, owner in owners_of(row_type)] == OWNERS.get(row_type, [])
    assert all(column == f"{owner}_id" for column, owner in owners_of(row_type))


def test_every_list_of_a_row_is_named_as_its_rows_say() -> None:
    for row_type, word in list_words().items():
        for _, owner in owners_of(row_type):
            related = row_classes()[owner].__mapper__.relationships[word].mapper.local_table
            assert getattr(related, "name", None) == row_type


def test_rows_without_an_owner_stand_in_the_plan() -> None:
    of_plan = {row_type for row_type in row_classes() if is_of_plan(row_type)}
    assert of_plan == {"priority", "round", "organisation", "person", "section", "recommendation"}


def test_links_join_two_rows_and_are_told_with_the_first() -> None:
    assert link_types() == {"action_measure", "update_measure", "lead_person"}
    assert set(within_one_outcome()) == {"action_measure", "update_measure"}
    assert ends_of("lead_person") == (("lead_id", "lead"), ("person_id", "person"))
    assert (links_of("update"), links_of("action"), links_of("measure")) == (
        "update_measure",
        "action_measure",
        None,
    )
    assert ends_of("of a later version") == ()
    assert owner_columns() == {
        "priority_id", "outcome_id", "measure_id", "action_id", "update_id", "lead_id",
    }  # fmt: skip


def test_a_row_is_asked_for_what_it_stands_in() -> None:
    outcome = model.Outcome(code="1a")
    measure = model.Measure(outcome=outcome, code="i", key="i-2")
    action = model.Action(outcome=outcome, number="3")
    lead = model.Lead(action=action)
    link = model.UpdateMeasure(update=model.Update(outcome=outcome), measure=measure)
    assert parent_of(measure) is parent_of(action) is outcome
    assert parent_of(lead) is action
    assert parent_of(link) is None
    assert owner_of_link(link) is link.update
    assert parent_of(model.Priority()) is None


@pytest.mark.parametrize(
    ("row", "label"),
    [
        (model.Measure(code="i", key="i-2"), "i-2"),
        (model.Measure(code="i"), "i"),
        (model.Person(post="Head teacher"), "Head teacher"),
        (model.Action(number="3"), "3"),
        (model.Update(text="Words"), None),
        (model.Outcome(title="No code"), None),
    ],
)
def test_a_row_is_named_in_its_list_by_what_is_short(row: model.Row, label: str | None) -> None:
    assert label_in_list(row) == label
