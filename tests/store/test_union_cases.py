"""What a union of changes says in cases one by one: conflicts, moves, rows deleted here and edited there."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from cypp_desktop.plan.base import row_classes
from cypp_desktop.plan.model import Lead, Measure, Organisation, Outcome, Update, UpdateMeasure
from cypp_desktop.store import recorder
from cypp_desktop.store.changes import COMBINED, CONFLICT, CREATED
from cypp_desktop.store.commands import (
    add_row,
    delete_rows,
    move_rows,
    set_covered,
    set_field,
    set_update_text,
    write_update,
)
from cypp_desktop.store.queries import current_round
from cypp_desktop.store.union import (
    DELETED_AND_EDITED,
    built_upon,
    retract_changes,
)
from tests.store.partners import (
    Person,
    marks_of,
    measure_of,
    merged,
    new_changes,
    obesity,
    three,
    twin,
    update_of_round,
)


def test_a_conflict_says_the_holders_own_words_until_it_is_decided() -> None:
    holder, a, b = three()
    for person, title in ((holder, "Ours"), (a, "By A"), (b, "By B")):
        set_field(person.editor, measure_of(person), "title", title)
    assert merged(holder, a, b) == [("measure", "title", CONFLICT)]
    [mark] = marks_of(holder)
    assert (mark.base, mark.value) == ("Breastfeeding at 6-8 weeks", "Ours")
    assert sorted(head.author for head in mark.heads) == ["holder", "partner 0", "partner 1"]
    assert measure_of(holder).title == "Ours"


def test_a_conflict_of_others_says_what_was_there_before() -> None:
    holder, a, b = three()
    set_field(a.editor, measure_of(a), "title", "By A")
    set_field(b.editor, measure_of(b), "title", "By B")
    assert merged(holder, a, b) == [("measure", "title", CONFLICT)]
    assert measure_of(holder).title == "Breastfeeding at 6-8 weeks"


def test_a_conflict_decided_stays_decided_and_a_third_value_opens_it_again() -> None:
    holder, a, b = three()
    late = Person("late")
    for person, title in ((a, "By A"), (b, "By B"), (late, "The 57th")):
        set_field(person.editor, measure_of(person), "title", title)
    merged(holder, a, b)
    with holder.editor.step("Decide") as session:
        recorder.decide(session, measure_of(holder), "title", "Breastfeeding at 6-8 weeks")
    assert marks_of(holder) == []
    assert merged(holder, a, b) == []
    assert merged(holder, late) == [("measure", "title", CONFLICT)]
    assert measure_of(holder).title == "Breastfeeding at 6-8 weeks"


def test_the_same_value_decided_as_is_closes_a_conflict() -> None:
    holder, a, _ = three()
    set_field(holder.editor, measure_of(holder), "title", "Ours")
    set_field(a.editor, measure_of(a), "title", "By A")
    merged(holder, a)
    with holder.editor.step("Keep ours") as session:
        recorder.decide(session, measure_of(holder), "title", "Ours")
    assert marks_of(holder) == [] and holder.faults() == []


def test_an_edit_in_a_conflict_decides_it_and_an_amendment_back_opens_it_again() -> None:
    holder, a, b = three()
    set_field(a.editor, measure_of(a), "title", "By A")
    set_field(b.editor, measure_of(b), "title", "By B")
    merged(holder, a, b)
    set_field(holder.editor, measure_of(holder), "title", "Both", sitting=True)
    assert marks_of(holder) == []
    set_field(holder.editor, measure_of(holder), "title", "Breastfeeding at 6-8 weeks", sitting=True)
    assert [mark.kind for mark in marks_of(holder)] == [CONFLICT]
    assert holder.faults() == []


def test_edits_of_different_paragraphs_are_combined_and_marked_for_reading() -> None:
    holder, a, b = three()
    write_update(a.editor, update_of_round(a), "- Fewer smoke, by A\n- More feed")
    write_update(b.editor, update_of_round(b), "- Fewer smoke\n- More feed\n- By B")
    assert merged(holder, a, b) == [("update", "text", COMBINED)]
    assert update_of_round(holder).text == "- Fewer smoke, by A\n- More feed\n- By B"


@pytest.mark.parametrize(
    "kind", ["priority", "outcome", "measure", "action", "update", "section", "recommendation"]
)
def test_paragraphs_of_working_notes_too_are_combined(kind: str) -> None:
    holder, a, b = three()

    def write(person: Person, words: str) -> None:
        row = person.editor.session.scalars(select(row_classes()[kind]).limit(1)).one()
        set_field(person.editor, row, "note", words)

    write(holder, "Asked.\n\nRang.")
    for partner in (a, b):
        partner.merge(new_changes(holder, partner))
    write(a, "Asked twice.\n\nRang.")
    write(b, "Asked.\n\nRang again.")
    assert merged(holder, a, b) == [(kind, "note", COMBINED)]
    [mark] = marks_of(holder)
    assert mark.value == "Asked twice.\n\nRang again."


def test_edited_and_put_back_is_no_edit() -> None:
    holder, a, b = three()
    set_field(a.editor, measure_of(a), "title", "For a moment")
    set_field(a.editor, measure_of(a), "title", "Breastfeeding at 6-8 weeks")
    set_field(b.editor, measure_of(b), "title", "By B")
    assert merged(holder, a, b) == []
    assert measure_of(holder).title == "By B"


def test_blanks_and_line_ends_alone_are_no_edit() -> None:
    holder, a, b = three()
    set_field(a.editor, measure_of(a), "title", "Breastfeeding at 6-8 weeks  ")
    write_update(a.editor, update_of_round(a), "- Fewer smoke \r\n- More feed\r\n")
    set_field(b.editor, measure_of(b), "title", "By B")
    write_update(b.editor, update_of_round(b), "- Fewer smoke, by B\n- More feed")
    assert merged(holder, a, b) == []
    assert (measure_of(holder).title, update_of_round(holder).text) == (
        "By B",
        "- Fewer smoke, by B\n- More feed",
    )


def test_a_row_deleted_there_and_edited_here_stays_whole_until_decided() -> None:
    holder, a, b = three()
    before = holder.rows()
    delete_rows(a.editor, [measure_of(a, "i")])
    set_field(b.editor, measure_of(b, "i"), "title", "Edited")
    found = merged(holder, a, b)
    assert {kind for _, _, kind in found} == {DELETED_AND_EDITED}
    assert holder.rows().keys() == before.keys(), "its values, leads and texts stay with it"
    with holder.editor.step("Delete after all") as session:
        session.delete(measure_of(holder, "i"))
    assert marks_of(holder) == [] and holder.faults() == []
    assert merged(holder, a, b) == []


def test_what_is_kept_is_no_longer_marked_and_stays() -> None:
    holder, a, b = three()
    delete_rows(a.editor, [measure_of(a, "i")])
    set_field(b.editor, measure_of(b, "i"), "title", "Edited")
    merged(holder, a, b)
    before = holder.rows()
    with holder.editor.step("Keep") as session:
        recorder.keep(session, [holder.editor.row(m.row_type, m.row_id) for m in marks_of(holder)])  # type: ignore[misc]
    assert marks_of(holder) == [] and holder.faults() == []
    holder.editor.undo()
    assert holder.rows() == before and holder.faults() == []


def test_a_parent_deleted_here_and_a_child_added_there_both_stay() -> None:
    holder, a, _ = three()
    before = holder.rows()
    delete_rows(holder.editor, [measure_of(holder).outcome])
    new = add_row(a.editor, Measure, measure_of(a).outcome, title="New there")
    found = merged(holder, a)
    assert set(found) > {("outcome", CREATED, DELETED_AND_EDITED)}
    assert holder.rows().keys() == {*before, ("measure", new.id)}, "what was deleted with it stays with it"


def test_what_only_another_row_kept_goes_with_it_and_undo_brings_back_both() -> None:
    holder, a, _ = three()
    outcome = measure_of(holder).outcome_id
    delete_rows(holder.editor, [measure_of(holder).outcome])
    new = add_row(a.editor, Measure, measure_of(a).outcome, title="New there")
    merged(holder, a)
    before = holder.rows()
    delete_rows(holder.editor, [holder.editor.find(Measure, new.id)])  # type: ignore[list-item]
    assert holder.faults() == [] and marks_of(holder) == []
    assert holder.editor.find(Outcome, outcome) is None
    holder.editor.undo()
    assert holder.faults() == []
    assert holder.rows() == before


def test_an_organisation_deleted_here_and_named_there_stays() -> None:
    holder, a, _ = three()
    with holder.editor.step("Add") as session:
        session.add(Organisation(name="Police"))
    a = Person("partner 0", holder)
    with a.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE meta SET value = 'of a' WHERE key = 'file_id'")
    police = holder.editor.session.scalars(select(Organisation).where(Organisation.name == "Police")).one()
    delete_rows(holder.editor, [police])
    lead = a.editor.session.scalars(select(Lead)).first()
    assert lead is not None
    set_field(a.editor, lead, "organisation_id", police.id)
    assert merged(holder, a) == [("organisation", CREATED, DELETED_AND_EDITED)]


def test_deleted_by_all_is_deleted_and_deleted_again_after_an_edit_too() -> None:
    holder, a, b = three()
    delete_rows(a.editor, [measure_of(a)])
    set_field(b.editor, measure_of(b), "title", "Edited, then deleted")
    delete_rows(b.editor, [measure_of(b)])
    assert merged(holder, a, b) == []
    assert measure_of(holder) is None


def test_a_row_deleted_and_made_again_with_the_same_id_lives() -> None:
    holder, a, _ = three()
    update = update_of_round(a)
    measures = update.measures
    set_covered(a.editor, update, measures[:1])
    set_covered(a.editor, update, measures)
    assert merged(holder, a) == []
    assert len(update_of_round(holder).measures) == 2
    set_covered(holder.editor, update_of_round(holder), update_of_round(holder).measures[1:])
    assert merged(holder, a) == []
    assert len(update_of_round(holder).measures) == 1


def test_an_update_started_apart_is_one_update_and_says_nothing_until_somebody_decides() -> None:
    holder, a, b = three()
    for person, words in ((a, "- By A"), (b, "- By B")):
        measure = person.editor.session.scalars(
            select(Measure).where(Measure.title.contains("Obesity"))
        ).one()
        set_update_text(person.editor, measure, current_round(person.editor.session), words)
    assert merged(holder, a, b) == [("update", "text", CONFLICT)]
    [link] = obesity(holder).update_links
    assert link.update.text == ""
    write_update(holder.editor, link.update, "- By both")
    assert marks_of(holder) == [] and holder.faults() == []


def test_a_measure_moved_away_from_an_update_that_came_to_cover_it_waits_for_a_person() -> None:
    holder, a, b = three()
    measure = measure_of(a, "iii")
    other = a.editor.session.scalars(select(Outcome).where(Outcome.code == "1b")).one()
    move_rows(a.editor, [measure], other, 0)
    update = update_of_round(b)
    set_covered(b.editor, update, [*update.measures, measure_of(b, "iii")])
    assert merged(holder, a, b) == [("update_measure", CREATED, CONFLICT)]
    outcome = measure_of(holder).outcome
    move_rows(holder.editor, [measure_of(holder, "iii")], outcome, 0)
    assert marks_of(holder) == [] and holder.faults() == []
    links = holder.editor.session.scalars(select(UpdateMeasure).where(UpdateMeasure.measure_id == measure.id))
    assert len(links.all()) == 2, "moved back, the link holds again"


def test_two_moves_to_different_places_are_a_conflict_and_the_row_stays_where_it_was() -> None:
    holder, a, b = three()
    before = measure_of(holder).outcome.code
    for person, code in ((a, "1b"), (b, "2a")):
        to = person.editor.session.scalars(select(Outcome).where(Outcome.code == code)).one()
        move_rows(person.editor, [measure_of(person, "iii")], to, 0)
    found = merged(holder, a, b)
    assert ("measure", "place", CONFLICT) in found
    assert measure_of(holder, "iii").outcome.code == before


def test_work_that_builds_on_a_merge_is_told_before_it_is_taken_back() -> None:
    holder, a, _ = three()
    set_field(a.editor, measure_of(a), "title", "By A")
    [added] = holder.merge(a.changes())
    with holder.engine.connect() as connection:
        assert built_upon(connection, added.changes) == []
    set_field(holder.editor, measure_of(holder), "title", "By A, and more")
    with holder.engine.connect() as connection:
        [later] = built_upon(connection, added.changes)
    assert later.value == "By A, and more"


def test_a_child_of_a_row_that_was_taken_back_waits_for_it() -> None:
    holder, a, _ = three()
    outcome = add_row(a.editor, Outcome, measure_of(a).outcome.priority, title="From A")
    [added] = holder.merge(a.changes())
    add_row(holder.editor, Measure, holder.editor.find(Outcome, outcome.id), title="In it")
    with holder.engine.begin() as connection:
        retract_changes(connection, added.changes)
    holder.editor.session.expire_all()
    assert holder.faults() == []
    assert [(m.row_type, m.field, m.kind) for m in marks_of(holder)] == [("measure", CREATED, CONFLICT)]
    assert merged(holder, a) == []
    assert [row.title for row in holder.editor.find(Outcome, outcome.id).measures] == ["In it"]  # type: ignore[union-attr]


def test_a_link_that_went_with_a_measure_comes_back_with_the_measure_though_the_update_came_later() -> None:
    holder, a, _ = three()
    measure = obesity(a)
    second = add_row(a.editor, Measure, measure.outcome, title="Second")
    set_update_text(a.editor, second, current_round(a.editor.session), "- New")
    [link] = a.editor.session.scalars(select(UpdateMeasure).where(UpdateMeasure.measure_id == second.id))
    update = link.update_id
    set_covered(a.editor, link.update, [measure, second])
    delete_rows(a.editor, [measure])
    set_field(holder.editor, obesity(holder), "title", "Edited here")
    changes = new_changes(a, holder)
    holder.merge([change for change in changes if change.row_id != update])
    assert holder.faults() == []
    holder.merge(changes)
    assert holder.faults() == []
    assert len(holder.editor.find(Update, update).measures) == 2  # type: ignore[union-attr]


def test_the_middle_of_a_line_of_edits_may_come_last() -> None:
    holder, a, _ = three()
    for title in ("First", "Second", "Third"):
        set_field(a.editor, measure_of(a), "title", title)
    first, second, third = new_changes(a, holder)
    for come in ([third], [second], [first]), ([second, third], [first]), ([third], [first], [second]):
        person = twin(holder, "in parts")
        for part in come:
            person.merge(part)
            assert person.faults() == []
        assert marks_of(person) == []
        assert measure_of(person).title == "Third"


def test_who_made_apart_what_has_no_place_is_told_in_one_order_whoever_came_first() -> None:
    holder, a, b = three()
    to = holder.editor.session.scalars(select(Outcome).where(Outcome.code == "1b")).one()
    move_rows(holder.editor, [measure_of(holder, "iii")], to, 0)
    for person in (a, b):
        update = update_of_round(person)
        set_covered(person.editor, update, [*update.measures, measure_of(person, "iii")])
    other = twin(holder, "other")
    assert merged(holder, a, b) == merged(other, b, a) == [("update_measure", CREATED, CONFLICT)]
    [mark], [again] = marks_of(holder), marks_of(other)
    assert [head.author for head in mark.heads] == ["partner 0", "partner 1"] and mark == again
