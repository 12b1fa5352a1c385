"""A decision taken back opens again what it was about, in whatever file has it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from cypp_desktop.plan.model import Outcome
from cypp_desktop.store import recorder
from cypp_desktop.store.changes import CONFLICT
from cypp_desktop.store.commands import (
    delete_rows,
    move_rows,
    set_field,
    write_update,
)
from tests.store.partners import Person, marks_of, measure_of, merged, three, twin, update_of_round


def conflicting() -> tuple[Person, Person, Person]:
    """The holder has merged what two partners say of one title; a late one has not sent theirs."""
    holder, a, b = three()
    late = Person("late")
    for person, title in ((a, "By A"), (b, "By B"), (late, "The 57th")):
        set_field(person.editor, measure_of(person), "title", title)
    assert merged(holder, a, b) == [("measure", "title", CONFLICT)]
    return holder, a, late


def decided(holder: Person, title: str) -> None:
    with holder.editor.step("Decide") as session:
        recorder.decide(session, measure_of(holder), "title", title)
    assert marks_of(holder) == [] and holder.faults() == []


@pytest.mark.parametrize("title", ["By A", "Another", "Breastfeeding at 6-8 weeks"])
def test_a_decision_taken_back_opens_its_conflict_and_redone_closes_it(title: str) -> None:
    holder, _, _ = conflicting()
    opened = holder.snapshot()
    for _ in range(3):
        if holder.editor.redo_name:
            holder.editor.redo()
        else:
            decided(holder, title)
        assert marks_of(holder) == [] and holder.faults() == []
        assert measure_of(holder).title == title
        holder.editor.undo()
        assert holder.faults() == []
        assert holder.snapshot() == opened
        assert measure_of(holder).title == "Breastfeeding at 6-8 weeks"


def test_a_conflict_opened_again_can_be_decided_otherwise_and_that_taken_back_too() -> None:
    holder, a, late = conflicting()
    opened = holder.snapshot()
    decided(holder, "By A")
    holder.editor.undo()
    decided(holder, "By B")
    holder.editor.undo()
    assert holder.snapshot() == opened
    set_field(holder.editor, measure_of(holder), "title", "An edit is a decision")
    assert marks_of(holder) == []
    holder.editor.undo()
    assert holder.snapshot() == opened and holder.faults() == []
    assert merged(holder, late) == [("measure", "title", CONFLICT)]
    [mark] = marks_of(holder)
    assert sorted(head.value for head in mark.heads) == ["By A", "By B", "The 57th"]
    assert merged(holder, a, late) == [("measure", "title", CONFLICT)]


def test_a_decision_taken_back_is_so_in_whatever_file_has_it_and_work_upon_it_is_not_lost() -> None:
    holder, _, _ = conflicting()
    opened = holder.snapshot()
    decided(holder, "By A")
    other, on_it = twin(holder, "other"), twin(holder, "on it")
    set_field(on_it.editor, measure_of(on_it), "title", "By A, and more")
    holder.editor.undo()
    assert merged(other, holder) == [("measure", "title", CONFLICT)]
    assert other.snapshot() == opened
    assert merged(holder, other) == [("measure", "title", CONFLICT)]
    assert holder.snapshot() == opened
    assert merged(holder, on_it) == [("measure", "title", CONFLICT)]
    [mark] = marks_of(holder)
    assert sorted(head.value for head in mark.heads) == ["By A", "By A, and more", "By B"]
    decided(holder, "By A, and more")


def test_a_measure_decided_into_another_outcome_leaves_its_texts_waiting_and_taken_back_has_them_again() -> (
    None
):
    holder, a, b = three()
    for person, code in ((a, "1b"), (b, "2a")):
        to = person.editor.session.scalars(select(Outcome).where(Outcome.code == code)).one()
        move_rows(person.editor, [measure_of(person)], to, 0)
    merged(holder, a, b)
    said = holder.snapshot()
    [mark] = [mark for mark in marks_of(holder) if mark.field == "place"]
    with holder.editor.step("Decide") as session:
        recorder.decide(session, measure_of(holder), "place", mark.heads[0].value)
    assert holder.faults() == []
    assert measure_of(holder).outcome_id == mark.heads[0].value["outcome_id"]
    holder.editor.undo()
    assert holder.snapshot() == said and holder.faults() == []


def test_what_was_combined_is_to_be_read_again_when_the_confirmation_is_taken_back() -> None:
    holder, a, b = three()
    write_update(a.editor, update_of_round(a), "- Fewer smoke, by A\n- More feed")
    write_update(b.editor, update_of_round(b), "- Fewer smoke\n- More feed\n- By B")
    merged(holder, a, b)
    said = holder.snapshot()
    update = update_of_round(holder)
    with holder.editor.step("Confirm") as session:
        recorder.decide(session, update, "text", update.text)
    assert marks_of(holder) == []
    holder.editor.undo()
    assert holder.snapshot() == said and holder.faults() == []


def test_keeping_or_deleting_what_one_deleted_and_another_edited_is_taken_back_whole() -> None:
    holder, a, b = three()
    delete_rows(a.editor, [measure_of(a, "i")])
    set_field(b.editor, measure_of(b, "i"), "title", "Edited")
    merged(holder, a, b)
    said = holder.snapshot()
    for kept in (True, False):
        with holder.editor.step("Decide") as session:
            rows = [holder.editor.row(m.row_type, m.row_id) for m in marks_of(holder)]
            if kept:
                recorder.keep(session, rows)  # type: ignore[arg-type]
            else:
                session.delete(measure_of(holder, "i"))
        done = holder.snapshot()
        assert done[1] == [] and holder.faults() == []
        for _ in range(2):
            holder.editor.undo()
            assert holder.faults() == []
            assert holder.snapshot() == said
            holder.editor.redo()
            assert holder.faults() == []
            assert holder.snapshot() == done
        holder.editor.undo()
