"""The commands of a person: what they do to the plan, and what the step is called."""

from __future__ import annotations

from pathlib import Path

import pytest

from cypp_desktop.errors import PlanRuleBroken, UsageError
from cypp_desktop.plan.model import Action, Measure, Organisation, Outcome, Priority, Round, Section
from cypp_desktop.store.addresses import row_at
from cypp_desktop.store.check import check_file
from cypp_desktop.store.commands import (
    LeadEntry,
    add_row,
    delete_rows,
    duplicate_rows,
    lead_entry,
    move_rows,
    organisation_named,
    set_covered,
    set_field,
    set_leads,
    set_update_text,
)
from cypp_desktop.store.editor import Editor
from cypp_desktop.store.queries import current_round, update_of
from tests.store.plans import digest, small_plan


@pytest.fixture
def editor(tmp_path: Path) -> Editor:
    return small_plan(tmp_path / "p.cypp")


def measure(editor: Editor, address: str = "1/1a/i") -> Measure:
    found = row_at(editor.session, address)
    assert isinstance(found, Measure)
    return found


def titles(outcome: Outcome) -> list[str]:
    return [row.title for row in outcome.measures]


def sound(editor: Editor) -> bool:
    editor.session.rollback()
    return check_file(editor.session.get_bind()).is_clean  # type: ignore[arg-type]


def test_a_due_date_in_words_is_kept_with_the_days_it_stands_for(editor: Editor) -> None:
    action = row_at(editor.session, "1/1a/actions/1")
    assert isinstance(action, Action)
    set_field(editor, action, "due", "Begins May 2018")
    assert (action.due, action.due_start, action.due_end) == ("Begins May 2018", "2018-05-01", None)
    set_field(editor, action, "due", None)
    assert (action.due, action.due_start, action.due_precision) == (None, None, None)


def test_a_value_that_a_field_cannot_take_is_refused(editor: Editor) -> None:
    with pytest.raises(UsageError, match="has no field colour"):
        set_field(editor, measure(editor), "colour", "red")
    with pytest.raises(UsageError, match="one of: higher"):
        set_field(editor, measure(editor), "polarity", "up")
    with pytest.raises(UsageError, match="no part"):
        set_field(editor, measure(editor).observations[0], "value", {"number": 1})


def test_words_for_a_value_keep_its_unit_and_nothing_empties_it(editor: Editor) -> None:
    observation = measure(editor).observations[0]
    set_field(editor, observation, "value", {"value": None, "words": None, "unit": "%"})
    set_field(editor, observation, "value", "16.5")
    assert (str(observation.value), observation.unit) == ("16.5", "%")
    set_field(editor, observation, "value", None)
    assert (observation.value, observation.words, observation.unit) == (None, None, None)


def test_days_of_which_the_last_is_before_the_first_are_refused(editor: Editor) -> None:
    action = row_at(editor.session, "1/1a/actions/1")
    days = {"due_start": "2018-05-01", "due_end": "2018-04-30"}
    with pytest.raises(UsageError, match="Due cannot end before it begins"):
        set_field(editor, action, "due", {"due": "when funded", **days})
    with pytest.raises(UsageError, match="before it begins"):
        set_field(editor, action, "due", {"due_end": "2016-01-01"})
    assert editor.undo_name is None


def test_setting_what_is_there_already_is_no_step(editor: Editor) -> None:
    set_field(editor, measure(editor), "title", "Smoking at delivery")
    assert editor.undo_name is None


def test_rows_are_added_after_another_or_at_the_end(editor: Editor) -> None:
    outcome = measure(editor).outcome
    add_row(editor, Measure, outcome, after=measure(editor), title="Second")
    add_row(editor, Measure, outcome, title="Last")
    assert titles(outcome)[1] == "Second" and titles(outcome)[-1] == "Last"
    add_row(editor, Priority, title="Third")
    add_row(editor, Section, title="More")
    assert sound(editor)


def test_rows_move_within_and_between_lists(editor: Editor) -> None:
    outcome = measure(editor).outcome
    first, second, third = outcome.measures
    move_rows(editor, [third], outcome, 0)
    assert [row.id for row in outcome.measures] == [third.id, first.id, second.id]
    move_rows(editor, [first, second], outcome, 0)
    assert [row.id for row in outcome.measures] == [first.id, second.id, third.id]
    other = row_at(editor.session, "1/1b")
    move_rows(editor, [second], other, 0)
    assert other.measures[0].id == second.id  # type: ignore[attr-defined]
    move_rows(editor, [other], row_at(editor.session, "2"), 99)  # type: ignore[list-item]
    assert [row.code for row in row_at(editor.session, "2").outcomes] == ["2a", "1b"]  # type: ignore[attr-defined]
    assert sound(editor)


def test_a_move_to_where_it_is_leaves_no_step(editor: Editor) -> None:
    move_rows(editor, [measure(editor)], measure(editor).outcome, 0)
    assert editor.undo_name is None


def test_a_measure_that_moves_takes_its_own_texts_and_leaves_shared_ones(editor: Editor) -> None:
    outcome, other = measure(editor).outcome, row_at(editor.session, "1/1b")
    shared = outcome.updates[0]
    third = measure(editor, "1/1a/iii")
    own = third.update_links[0].update
    move_rows(editor, [measure(editor), third], other, 0)
    assert own.outcome_id == other.id
    assert [m.code for m in shared.measures] == ["ii"]
    assert shared.outcome_id == outcome.id
    assert sound(editor)


def test_deleting_a_measure_takes_only_its_own_texts(editor: Editor) -> None:
    was = digest(editor)
    outcome = measure(editor).outcome
    delete_rows(editor, [measure(editor), measure(editor, "1/1a/iii")])
    assert titles(outcome) == ["Breastfeeding at 6-8 weeks"]
    assert len(outcome.updates) == 1 and outcome.actions == []
    assert sound(editor)
    editor.undo()
    assert digest(editor) == was


def test_deleting_a_row_and_one_inside_it_is_one_deletion(editor: Editor) -> None:
    delete_rows(editor, [row_at(editor.session, "1"), measure(editor)])
    assert editor.undo_name == "Delete priority 1"
    assert sound(editor)


def test_what_the_plan_still_names_is_not_deleted(editor: Editor) -> None:
    organisation = organisation_named(editor, "Anytown Council")
    with pytest.raises(PlanRuleBroken, match="leads 1 part of"):
        delete_rows(editor, [organisation])
    with pytest.raises(PlanRuleBroken, match="holds 1 update"):
        delete_rows(editor, [row_at(editor.session, "rounds/Mid-year")])
    assert isinstance(organisation, Organisation)


def test_a_copy_holds_all_that_stood_in_the_row(editor: Editor) -> None:
    outcome = measure(editor).outcome
    [copy] = duplicate_rows(editor, [outcome])
    assert titles(copy) == titles(outcome) and copy.id != outcome.id
    assert [[m.code for m in update.measures] for update in copy.updates] == [["i", "ii"], ["iii"]]
    assert {m.outcome_id for update in copy.updates for m in update.measures} == {copy.id}
    assert [lead_entry(lead) for lead in copy.measures[0].leads] == [
        lead_entry(lead) for lead in outcome.measures[0].leads
    ]
    assert len(copy.measures[0].observations) == 2 and len(copy.actions) == 1
    assert outcome.priority.outcomes.index(copy) == 1
    assert sound(editor)


def test_leads_are_set_by_name_and_known_ones_are_used_again(editor: Editor) -> None:
    entries = [
        LeadEntry("AC", ("B. Khan", "New Person")),
        LeadEntry(None, ("Director of Health",), "partner", "from May"),
        LeadEntry("Police"),
    ]
    set_leads(editor, measure(editor), entries)
    said = [lead_entry(lead) for lead in measure(editor).leads]
    assert said == [LeadEntry("Anytown Council", ("B. Khan", "New Person")), *entries[1:]]
    names = [row.name for row in editor.session.query(Organisation)]
    assert sorted(names) == ["Anytown CCG", "Anytown Council", "Police"]
    set_leads(editor, measure(editor), [entries[0], LeadEntry("Police")])
    assert len(measure(editor).leads) == 2
    with pytest.raises(UsageError, match="role"):
        set_leads(editor, measure(editor), [LeadEntry("Police", role="boss")])
    assert sound(editor)


def test_people_of_a_lead_stand_in_the_order_given(editor: Editor) -> None:
    for people in (("B. Khan", "A. Jones"), ("C", "A. Jones", "B. Khan"), ("A. Jones",), ()):
        set_leads(editor, measure(editor), [LeadEntry("Anytown CCG", people)])
        assert lead_entry(measure(editor).leads[0]).people == people


def test_an_update_is_started_where_there_is_none_and_edited_where_there_is(editor: Editor) -> None:
    round_ = current_round(editor.session)
    assert isinstance(round_, Round) and round_.name == "End of year"
    first = set_update_text(editor, measure(editor), round_, "- New")
    assert update_of(measure(editor), round_) is first
    again = set_update_text(editor, measure(editor), round_, "- Newer")
    assert again is first and again.text == "- Newer"
    assert measure(editor).outcome.updates.index(first) < measure(editor).outcome.updates.index(
        measure(editor, "1/1a/iii").update_links[0].update
    )
    assert sound(editor)


def test_an_update_that_came_to_cover_others_does_not_stand_in_the_way(editor: Editor) -> None:
    round_ = current_round(editor.session)
    first = set_update_text(editor, measure(editor), round_, "- Of i")
    set_covered(editor, first, [measure(editor, "1/1a/ii")])
    second = set_update_text(editor, measure(editor), round_, "- Of i again")
    assert second.id != first.id
    assert sound(editor)


def test_what_an_update_covers_can_be_changed(editor: Editor) -> None:
    shared = measure(editor).outcome.updates[0]
    set_covered(editor, shared, measure(editor).outcome.measures)
    assert [m.code for m in shared.measures] == ["i", "ii", "iii"]
    set_covered(editor, shared, [])
    assert shared.measures == []
    editor.undo()
    assert [m.code for m in shared.measures] == ["i", "ii", "iii"]
    assert sound(editor)
