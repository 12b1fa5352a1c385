"""What a return may change, and what is outside what was asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cypp_desktop.merge.issue import finish
from cypp_desktop.merge.review import build_review
from cypp_desktop.plan.model import (
    Action,
    Measure,
    Observation,
    Organisation,
    Outcome,
    Person,
    Priority,
    Round,
    Update,
)
from cypp_desktop.store.commands import (
    LeadEntry,
    add_row,
    delete_rows,
    move_rows,
    set_covered,
    set_field,
    set_leads,
    set_update_text,
)
from cypp_desktop.store.plan_file import OpenPlan
from cypp_desktop.store.union import add_changes
from tests.merge.sent import COUNCIL, officer, one, partner, row, send

ASKED, BESIDE = "Smoking at delivery", "Breastfeeding at 6-8 weeks"


@pytest.fixture
def plan(tmp_path: Path) -> Iterator[OpenPlan]:
    with officer(tmp_path) as opened:
        yield opened


def asked(plan: OpenPlan) -> Measure:
    found: Measure = row(plan, Measure, title=ASKED)
    return found


def beside(plan: OpenPlan) -> Measure:
    found: Measure = row(plan, Measure, title=BESIDE)
    return found


def outcome(plan: OpenPlan) -> Outcome:
    found: Outcome = row(plan, Outcome)
    return found


def mid_year(plan: OpenPlan) -> Round:
    found: Round = row(plan, Round, name="Mid-year")
    return found


Deed = Callable[[OpenPlan], object]

INSIDE: dict[str, Deed] = {
    "a field of a measure": lambda p: set_field(p.editor, asked(p), "definition", "What it means."),
    "the update": lambda p: set_field(p.editor, row(p, Update), "text", "- Words"),
    "the state of the update": lambda p: set_field(p.editor, row(p, Update), "state", "submitted"),
    "the status of an action that serves it": lambda p: set_field(p.editor, row(p, Action), "status", "Done"),
    "a value": lambda p: set_field(p.editor, row(p, Observation, kind="actual"), "note", "Provisional."),
    "a new value": lambda p: add_row(p.editor, Observation, asked(p)),
    "a value taken away": lambda p: delete_rows(p.editor, [row(p, Observation, kind="target")]),
    "other people and a new organisation as leads": lambda p: set_leads(
        p.editor, asked(p), [LeadEntry("Anytown Police", ("C. Lee",)), LeadEntry("Anytown CCG", ("D. Roe",))]
    ),
    "nobody as lead": lambda p: set_leads(p.editor, asked(p), []),
    "a new action that serves it": lambda p: set_covered(
        p.editor, add_row(p.editor, Action, outcome(p)), [asked(p)]
    ),
    "the action no longer serves it": lambda p: set_covered(p.editor, row(p, Action), []),
}

OUTSIDE: dict[str, Deed] = {
    "a measure beside it": lambda p: set_field(p.editor, beside(p), "title", "Ours"),
    "the outcome": lambda p: set_field(p.editor, outcome(p), "title", "Ours"),
    "the priority": lambda p: set_field(p.editor, row(p, Priority), "title", "Ours"),
    "the round": lambda p: set_field(p.editor, mid_year(p), "due", "2030-01-01"),
    "the organisation": lambda p: set_field(p.editor, row(p, Organisation), "name", "Ours"),
    "a person": lambda p: set_field(p.editor, row(p, Person, name="A. Jones"), "post", "Boss"),
    "its key": lambda p: set_field(p.editor, asked(p), "key", "i-2"),
    "a working note": lambda p: set_field(p.editor, asked(p), "note", "Words"),
    "the round of the update": lambda p: set_field(p.editor, row(p, Update), "round_id", None),
    "its place": lambda p: move_rows(p.editor, [asked(p)], outcome(p), 2),
    "its deletion, with what stands in it": lambda p: delete_rows(p.editor, [asked(p)]),
    "the outcome's deletion": lambda p: delete_rows(p.editor, [outcome(p)]),
    "the update's deletion": lambda p: delete_rows(p.editor, [row(p, Update)]),
    "the action's deletion": lambda p: delete_rows(p.editor, [row(p, Action)]),
    "a new measure": lambda p: add_row(p.editor, Measure, outcome(p)),
    "a new action for all of the outcome": lambda p: add_row(p.editor, Action, outcome(p)),
    "a value of the measure beside it": lambda p: add_row(p.editor, Observation, beside(p)),
    "leads of the measure beside it": lambda p: set_leads(
        p.editor, beside(p), [LeadEntry("Anytown CCG", ())]
    ),
}


def after(plan: OpenPlan, deed: Deed) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    path = send(plan)
    with partner(path) as returned:
        deed(returned)
        finish(returned)
    received = one(plan, path)
    assert not received.altered
    assert not received.outside_altered
    return tuple(  # type: ignore[return-value]
        [(change.row_type, change.field) for change in changes]
        for changes in (received.changes, received.outside)
    )


@pytest.mark.parametrize("deed", INSIDE.values(), ids=INSIDE)
def test_what_is_asked_for_may_come_in(plan: OpenPlan, deed: Deed) -> None:
    inside, outside = after(plan, deed)
    assert inside
    assert not outside


@pytest.mark.parametrize("deed", OUTSIDE.values(), ids=OUTSIDE)
def test_what_is_not_asked_for_is_listed_as_outside(plan: OpenPlan, deed: Deed) -> None:
    inside, outside = after(plan, deed)
    assert outside
    assert not inside


def test_a_new_update_for_the_round_may_come_in_and_one_for_another_round_not(plan: OpenPlan) -> None:
    with plan.editor.step("Delete") as session:
        session.delete(row(plan, Update, round_id=mid_year(plan).id))
    inside, outside = after(plan, lambda p: set_update_text(p.editor, asked(p), mid_year(p), "- Begun"))
    assert [kind for kind, _ in inside] == ["update", "update_measure"]
    assert not outside
    inside, outside = after(plan, lambda p: set_update_text(p.editor, asked(p), None, "- Begun"))
    assert not inside
    assert [kind for kind, _ in outside] == ["update", "update_measure"]


def test_an_update_begun_by_both_may_come_in(plan: OpenPlan) -> None:
    with plan.editor.step("Delete") as session:
        session.delete(row(plan, Update, round_id=mid_year(plan).id))
    path = send(plan)
    with partner(path) as returned:
        set_update_text(returned.editor, asked(returned), mid_year(returned), "- Theirs")
        finish(returned)
    set_update_text(plan.editor, asked(plan), mid_year(plan), "- Ours")
    received = one(plan, path)
    assert [(change.row_type, change.field) for change in received.changes] == [
        ("update", "*"), ("update_measure", "*"),
    ]  # fmt: skip
    labels = [question.label for question in build_review(plan, [received]).questions]
    covers = "Update for Mid-year now covers measure i Smoking at delivery, as here already"
    assert labels == ["New update for Mid-year, here already", "Update", covers]


def test_who_leads_the_outcome_may_write_about_the_whole_of_it(plan: OpenPlan) -> None:
    set_leads(plan.editor, row(plan, Outcome, code="1a"), [LeadEntry(COUNCIL, ())])
    path = send(plan, COUNCIL)
    with partner(path) as returned:
        set_field(returned.editor, outcome(returned), "title", "Healthier babies")
        set_field(returned.editor, beside(returned), "title", "Feeding")
        add_row(returned.editor, Action, outcome(returned))
        set_leads(returned.editor, outcome(returned), [LeadEntry(COUNCIL, ("E. Poe",))])
        set_field(returned.editor, asked(returned), "title", "Another's")
        finish(returned)
    received = one(plan, path)
    assert [(change.row_type, change.field) for change in received.outside] == [("measure", "title")]
    assert {change.row_type for change in received.changes} >= {"outcome", "measure", "action", "person"}


def test_what_was_moved_away_in_the_plan_meanwhile_is_still_what_was_asked(plan: OpenPlan) -> None:
    path = send(plan)
    with partner(path) as returned:
        add_row(returned.editor, Observation, asked(returned))
        finish(returned)
    move_rows(plan.editor, [asked(plan)], row(plan, Outcome, code="1b"), 0)
    received = one(plan, path)
    assert received.changes
    assert not received.outside


def test_what_was_deleted_in_the_plan_meanwhile_is_still_what_was_asked(plan: OpenPlan) -> None:
    path = send(plan)
    with partner(path) as returned:
        set_field(returned.editor, row(returned, Observation, kind="actual"), "note", "Words")
        finish(returned)
    delete_rows(plan.editor, [asked(plan)])
    received = one(plan, path)
    assert [(change.row_type, change.field) for change in received.changes] == [("observation", "note")]


def test_what_the_partner_added_and_we_took_in_is_theirs_to_change_in_a_later_file(plan: OpenPlan) -> None:
    path = send(plan)
    with partner(path) as returned:
        added = add_row(returned.editor, Action, outcome(returned))
        action_id = added.id
        set_covered(returned.editor, added, [asked(returned)])
        add_row(returned.editor, Observation, asked(returned))
        set_leads(returned.editor, added, [LeadEntry("Police", ("F. Gow",))])
        finish(returned)
    first = one(plan, path)
    with plan.engine.begin() as connection:
        add_changes(connection, first.changes, batch="first")
    plan.editor.session.expire_all()
    with partner(path) as returned:
        added = row(returned, Action, id=action_id)
        set_field(returned.editor, added, "text", "More of it")
        set_field(returned.editor, row(returned, Organisation, name="Police"), "short_name", "P")
        delete_rows(returned.editor, [row(returned, Observation, value=None)])
        delete_rows(returned.editor, [added])
        finish(returned)
    second = one(plan, path)
    assert second.changes
    assert not second.outside
