"""History says who changed what in words, and puts back what was there without taking history away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from cypp_desktop.errors import PlanRuleBroken
from cypp_desktop.plan.base import stored_values
from cypp_desktop.plan.model import (
    Action,
    Lead,
    Measure,
    Observation,
    Organisation,
    Outcome,
    Plan,
    Section,
    Update,
)
from cypp_desktop.store.check import check_file
from cypp_desktop.store.commands import (
    LeadEntry,
    add_row,
    delete_rows,
    move_rows,
    set_covered,
    set_field,
    set_leads,
)
from cypp_desktop.store.editor import Editor
from cypp_desktop.store.history import HistoryEntry, authors, history, ids_with_parts
from cypp_desktop.store.history_words import HistoryWords
from cypp_desktop.store.put_back import can_put_back, put_back
from tests.store.plans import digest, open_editor, small_plan


@pytest.fixture
def editor(tmp_path: Path) -> Iterator[Editor]:
    editor = small_plan(tmp_path / "plan.db")
    yield editor
    editor.close()


def measure(editor: Editor, title: str = "Smoking at delivery") -> Measure:
    return editor.session.scalars(select(Measure).where(Measure.title == title)).one()


def latest(editor: Editor, **asked: Any) -> HistoryEntry:
    return history(editor.session, limit=1, **asked)[0]


def said(editor: Editor, entry: HistoryEntry) -> tuple[str, str, str]:
    words = HistoryWords(editor.session).said(entry)
    return words.label, words.before, words.after


# ------------------------------------------------------------------ what is listed


def test_history_is_read_piece_by_piece(editor: Editor) -> None:
    whole = history(editor.session)
    pieces: list[HistoryEntry] = []
    while piece := history(editor.session, before=pieces[-1].seq if pieces else None, limit=7):
        assert len(piece) <= 7
        pieces += piece
    assert pieces == whole
    assert [entry.seq for entry in whole] == sorted((entry.seq for entry in whole), reverse=True)


def test_history_by_person(editor: Editor) -> None:
    editor.author = "Bob Khan"
    set_field(editor, measure(editor), "title", "Smoking")
    assert authors(editor.session) == ["Ann Smith", "Bob Khan"]
    assert [entry.field for entry in history(editor.session, author="Bob Khan")] == ["title"]


def test_the_history_of_a_row_tells_of_parts_that_are_no_longer_there(editor: Editor) -> None:
    smoking = measure(editor)
    delete_rows(editor, [smoking.observations[0]])
    set_leads(editor, smoking, [])
    entries = history(editor.session, rows=ids_with_parts(editor.session, smoking))
    gone = {entry.row_type for entry in entries if entry.field == "*deleted"}
    assert gone == {"observation", "lead", "lead_person"}
    others = ids_with_parts(editor.session, measure(editor, "Obesity, year 6"))
    assert [entry.row_type for entry in history(editor.session, rows=others)] == ["measure"]


def test_rows_of_any_number_can_be_asked_for(editor: Editor) -> None:
    ids = [*(str(number) for number in range(50_000)), measure(editor).id]
    assert len(history(editor.session, rows=ids)) == 1


# ------------------------------------------------------------------ in words


def test_links_are_shown_by_names(editor: Editor) -> None:
    smoking = measure(editor)
    set_leads(editor, smoking, [LeadEntry("Anytown Council", ("A. Jones",))])
    entries = [e for e in history(editor.session, limit=4) if e.field == "organisation_id"]
    assert [said(editor, entry) for entry in entries] == [
        ("Lead organisation", "Anytown CCG", "Anytown Council")
    ]


def test_a_name_that_is_gone_is_shown_as_it_last_was(editor: Editor) -> None:
    smoking = measure(editor)
    set_leads(editor, smoking, [LeadEntry("Anytown Council", ("A. Jones",))])
    ccg = editor.session.scalars(select(Organisation).where(Organisation.name == "Anytown CCG")).one()
    delete_rows(editor, [ccg])
    (entry,) = [e for e in history(editor.session, limit=6) if e.field == "organisation_id"]
    assert said(editor, entry) == (
        "Lead organisation", "Anytown CCG (since deleted)", "Anytown Council",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("title", "Smoking", ("Title", "Smoking at delivery", "Smoking")),
        ("definition", "Counted by **midwives**", ("Definition", "", "Counted by midwives")),
        ("flags", ["One", "Two"], ("Flags", "", "One\nTwo")),
        ("placeholder", True, ("Placeholder", "No", "Yes")),
        ("polarity", "higher", ("Polarity", "Lower", "Higher")),
        ("unit", {"unit": "%", "value_format": "ratio"}, ("Unit", "", "%, ratio")),
    ],
)
def test_every_kind_of_value_is_said_in_words(
    editor: Editor, field: str, value: Any, expected: tuple[str, str, str]
) -> None:
    set_field(editor, measure(editor), field, value)
    assert said(editor, latest(editor)) == expected


def test_dates_and_values_are_said_as_printed(editor: Editor) -> None:
    action = editor.session.scalars(select(Action)).one()
    set_field(editor, action, "due", "end of June 2019")
    assert said(editor, latest(editor)) == ("Due", "March 2017", "end of June 2019")
    observation = measure(editor).observations[0]
    set_field(editor, observation, "value", {"value": "16.5", "words": None})
    assert said(editor, latest(editor)) == ("Value", "17 %", "16.5 %")


def test_new_moved_and_deleted_rows_are_said_in_words(editor: Editor) -> None:
    smoking = measure(editor)
    lifestyles = editor.session.scalars(select(Outcome).where(Outcome.code == "1b")).one()
    move_rows(editor, [smoking], lifestyles, 0)
    (moved,) = [entry for entry in history(editor.session, limit=8) if entry.row_type == "measure"][:1]
    assert said(editor, moved) == ("Place", "1a Healthy babies", "1b Healthy lifestyles")
    move_rows(editor, [smoking], lifestyles, 1)
    assert said(editor, latest(editor)) == ("Place", "", "another place in the same list")
    add_row(editor, Observation, smoking, words="good", area="City")
    assert said(editor, latest(editor)) == ("New value", "", "good City actual")
    delete_rows(editor, [smoking])
    gone = deletion(editor, smoking.id)
    words = HistoryWords(editor.session)
    assert said(editor, gone) == ("Deleted measure", "i Smoking at delivery", "")
    assert words.place(gone) == "1 › 1b"  # where it stood
    assert words.to_open(gone) == ("outcome", lifestyles.id)
    delete_rows(editor, [lifestyles])
    words = HistoryWords(editor.session)
    assert words.to_open(gone) is None
    assert words.place(gone) == "Measure i Smoking at delivery (since deleted)"


def test_a_section_is_said_by_its_title_without_its_number(editor: Editor) -> None:
    plan = editor.session.scalars(select(Plan)).one()
    section = add_row(editor, Section, plan, number="4.8", title="Conclusion")
    made = next(one for one in history(editor.session, limit=4) if one.row_id == section.id)
    assert said(editor, made) == ("New section", "", "Conclusion")
    delete_rows(editor, [section])
    assert said(editor, deletion(editor, section.id)) == ("Deleted section", "Conclusion", "")


def test_rows_are_named_by_where_they_stand_and_open_where_they_are_seen(editor: Editor) -> None:
    words = HistoryWords(editor.session)
    by_type = {entry.row_type: entry for entry in history(editor.session)}  # the oldest of each
    assert {row_type: words.place(entry) for row_type, entry in by_type.items()} == {
        "plan": "Plan",
        "round": "Reporting round Mid-year",
        "organisation": "Organisation Anytown Council",
        "person": "Person Director of Health",
        "priority": "1",
        "lead": "1",
        "lead_person": "1",
        "outcome": "1 › 1a",
        "measure": "1 › 1a › i",
        "observation": "1 › 1a › i",
        "action": "1 › 1a › i",
        "action_measure": "1 › 1a › i",
        "update": "1 › 1a › i, ii",
        "update_measure": "1 › 1a › i, ii",
        "section": "Section 1",
        "recommendation": "Recommendation 1",
    }
    smoking = ("measure", measure(editor).id)
    for row_type in ("measure", "observation", "action", "action_measure", "update", "update_measure"):
        assert words.to_open(by_type[row_type]) == smoking
    assert words.to_open(by_type["lead_person"]) == ("priority", measure(editor).outcome.priority_id)


def test_every_change_of_a_plan_can_be_said(editor: Editor) -> None:
    words = HistoryWords(editor.session)
    for entry in history(editor.session):
        spoken = words.said(entry)
        assert spoken.label
        assert spoken.before or spoken.after
        assert words.place(entry)


# ------------------------------------------------------------------ put back


def test_an_earlier_value_is_put_back_as_a_step_with_a_name(editor: Editor) -> None:
    smoking = measure(editor)
    set_field(editor, smoking, "title", "Smoking")
    changed = latest(editor)
    set_field(editor, smoking, "title", "Third title")
    put_back(editor, changed)
    assert smoking.title == "Smoking"
    assert editor.undo_name == "Put back title of 1a.i"
    put_back(editor, changed, earlier=True)
    assert smoking.title == "Smoking at delivery"
    assert [e.value for e in history(editor.session, field="title", limit=4)] == [
        "Smoking at delivery", "Smoking", "Third title", "Smoking",
    ]  # fmt: skip
    editor.undo()
    editor.undo()
    assert smoking.title == "Third title"


def test_a_field_of_several_columns_is_put_back_whole(editor: Editor) -> None:
    action = editor.session.scalars(select(Action)).one()
    before = stored_values(action)
    set_field(editor, action, "due", "end of June 2019")
    put_back(editor, latest(editor), earlier=True)
    assert stored_values(action) == before


def test_what_the_plan_says_already_is_not_put_back(editor: Editor) -> None:
    set_field(editor, measure(editor), "title", "Smoking")
    changed = latest(editor)
    assert not can_put_back(editor, changed)
    assert can_put_back(editor, changed, earlier=True)
    with pytest.raises(PlanRuleBroken, match="says this already"):
        put_back(editor, changed)


def test_a_field_of_a_row_that_is_gone_is_not_put_back(editor: Editor) -> None:
    smoking = measure(editor)
    set_field(editor, smoking, "title", "Smoking")
    changed = latest(editor)
    delete_rows(editor, [smoking])
    assert not can_put_back(editor, changed, earlier=True)
    with pytest.raises(PlanRuleBroken, match="measure has since been deleted"):
        put_back(editor, changed, earlier=True)


def test_a_name_that_is_gone_is_not_put_back(editor: Editor) -> None:
    smoking = measure(editor)
    set_leads(editor, smoking, [LeadEntry("Anytown Council", ("A. Jones",))])
    (changed,) = [e for e in history(editor.session, limit=4) if e.field == "organisation_id"]
    ccg = editor.session.scalars(select(Organisation).where(Organisation.name == "Anytown CCG")).one()
    delete_rows(editor, [ccg])
    with pytest.raises(PlanRuleBroken, match="organisation that this belongs to or names"):
        put_back(editor, changed, earlier=True)
    put_back(editor, latest(editor, rows=[ccg]))
    put_back(editor, changed, earlier=True)
    assert smoking.leads[0].organisation.name == "Anytown CCG"


def deletion(editor: Editor, row_id: str) -> HistoryEntry:
    return next(e for e in history(editor.session, rows=[row_id]) if e.field == "*deleted" and e.value)


def test_a_deleted_row_comes_back_with_all_that_went_with_it(editor: Editor) -> None:
    smoking = measure(editor)
    before = digest(editor)
    delete_rows(editor, [smoking])
    assert digest(editor) != before
    put_back(editor, deletion(editor, smoking.id))
    assert editor.undo_name == "Put back measure i"
    assert digest(editor) == before
    assert check_file(editor.session.get_bind()).faults == []


def test_a_deleted_priority_comes_back_whole_and_can_be_taken_back_again(editor: Editor) -> None:
    before = digest(editor)
    priority = measure(editor).outcome.priority
    delete_rows(editor, [priority])
    after = digest(editor)
    put_back(editor, deletion(editor, priority.id))
    assert digest(editor) == before
    editor.undo()
    assert digest(editor) == after


def test_only_what_was_asked_for_comes_back_of_several_rows_deleted_together(editor: Editor) -> None:
    titles = ("Breastfeeding at 6-8 weeks", "Obesity, year 6")
    rows = [measure(editor, title) for title in titles]
    delete_rows(editor, rows)
    put_back(editor, deletion(editor, rows[1].id))
    assert measure(editor, titles[1]).code == "i"
    assert editor.row("measure", rows[0].id) is None


def test_a_row_does_not_come_back_before_that_in_which_it_stood(editor: Editor) -> None:
    smoking = measure(editor)
    outcome = smoking.outcome
    delete_rows(editor, [outcome])
    with pytest.raises(PlanRuleBroken, match="outcome that this belongs to"):
        put_back(editor, deletion(editor, smoking.id))
    assert editor.row("measure", smoking.id) is None
    put_back(editor, deletion(editor, outcome.id))
    assert measure(editor).outcome.code == "1a"


def test_a_row_that_is_there_is_not_brought_back(editor: Editor) -> None:
    smoking = measure(editor)
    delete_rows(editor, [smoking])
    gone = deletion(editor, smoking.id)
    assert can_put_back(editor, gone, earlier=True)
    put_back(editor, gone)
    assert not can_put_back(editor, gone, earlier=True)
    with pytest.raises(PlanRuleBroken, match="in the plan already"):
        put_back(editor, gone)


def test_what_an_update_covered_is_put_back(editor: Editor) -> None:
    update = editor.session.scalars(select(Update).where(Update.text == "- Fewer smoke\n- More feed")).one()
    before = digest(editor)
    set_covered(editor, update, [measure(editor)])
    put_back(editor, latest(editor))
    assert digest(editor) == before


def test_a_deleted_lead_comes_back_with_its_people(editor: Editor) -> None:
    smoking = measure(editor)
    before = digest(editor)
    lead = smoking.leads[0]
    delete_rows(editor, [lead])
    put_back(editor, deletion(editor, lead.id))
    assert digest(editor) == before
    assert [person.name for person in editor.session.get(Lead, lead.id).people] == ["A. Jones", "B. Khan"]


def test_a_plan_open_for_reading_is_left_alone(editor: Editor) -> None:
    set_field(editor, measure(editor), "title", "Smoking")
    changed = latest(editor)
    editor.read_only = True
    from cypp_desktop.errors import FileProblem

    with pytest.raises(FileProblem):
        put_back(editor, changed, earlier=True)


@given(titles=st.lists(st.text(max_size=5), min_size=1, max_size=6), data=st.data())
def test_any_value_of_the_past_can_be_put_back_and_the_log_stays_true(
    tmp_path_factory: pytest.TempPathFactory, titles: list[str], data: st.DataObject
) -> None:
    editor = open_editor(tmp_path_factory.mktemp("history") / "plan.db")
    with editor.step("Begin") as session:
        session.add(Plan(id="plan", title=""))
    for title in titles:
        set_field(editor, editor.find(Plan, "plan"), "title", title)
    entries = [entry for entry in history(editor.session) if entry.field == "title"]
    for _ in range(3 if entries else 0):
        entry, earlier = data.draw(st.sampled_from(entries)), data.draw(st.booleans())
        count = len(history(editor.session))
        if can_put_back(editor, entry, earlier=earlier):
            put_back(editor, entry, earlier=earlier)
            assert len(history(editor.session)) == count + 1
        assert editor.find(Plan, "plan").title == (entry.before if earlier else entry.value)
    editor.session.rollback()
    assert check_file(editor.session.get_bind()).faults == []
    editor.close()
