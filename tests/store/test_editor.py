"""Named steps, undo and redo, sittings, and what listeners hear."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from cypp_desktop.errors import FileProblem, PlanRuleBroken
from cypp_desktop.plan.model import Measure, Outcome, Priority, Update
from cypp_desktop.store import schema
from cypp_desktop.store.check import check_file
from cypp_desktop.store.commands import (
    LeadEntry,
    add_row,
    delete_rows,
    duplicate_rows,
    move_rows,
    set_covered,
    set_field,
    set_leads,
    set_update_text,
)
from cypp_desktop.store.editor import Changed, Editor
from cypp_desktop.store.queries import current_round
from tests.store.plans import digest, open_editor, small_plan, ticking_clock


def measure_of(editor: Editor, code: str = "ii") -> Measure:
    return editor.session.scalars(select(Measure).where(Measure.code == code)).first()  # type: ignore[return-value]


def steps(editor: Editor) -> list[str]:
    return list(editor.session.scalars(select(schema.step.c.name).order_by(schema.step.c.seq)))


def test_undo_and_redo_name_their_steps_and_survive_closing_the_file(tmp_path: Path) -> None:
    editor = small_plan(tmp_path / "p.cypp")
    before = digest(editor)
    set_field(editor, measure_of(editor), "title", "New title")
    after = digest(editor)
    editor.close()
    again = open_editor(tmp_path / "p.cypp")
    assert again.undo_name == "Edit title of 1a.ii"
    assert again.undo() == "Edit title of 1a.ii"
    assert digest(again) == before
    again.close()
    third = open_editor(tmp_path / "p.cypp")
    assert (third.undo_name, third.redo_name) == (None, "Edit title of 1a.ii")
    third.redo()
    assert digest(third) == after


def test_a_new_step_ends_what_could_be_redone(tmp_path: Path) -> None:
    editor = small_plan(tmp_path / "p.cypp")
    set_field(editor, measure_of(editor), "title", "One")
    editor.undo()
    set_field(editor, measure_of(editor), "title", "Two")
    assert editor.redo_name is None
    with pytest.raises(PlanRuleBroken, match="nothing to redo"):
        editor.redo()


def test_bringing_the_plan_in_is_no_step_to_undo(tmp_path: Path) -> None:
    editor = small_plan(tmp_path / "p.cypp")
    assert editor.undo_name is None
    with pytest.raises(PlanRuleBroken, match="nothing to undo"):
        editor.undo()


def test_typing_in_one_field_in_one_sitting_is_one_step_and_one_change(tmp_path: Path) -> None:
    editor = small_plan(tmp_path / "p.cypp", clock=ticking_clock)
    before = digest(editor)
    measure = measure_of(editor)
    for words in ("N", "Ne", "New"):
        set_field(editor, measure, "title", words, sitting=True)
    assert steps(editor).count("Edit title of 1a.ii") == 1
    editor.undo()
    assert digest(editor) == before


def test_another_field_another_author_or_a_long_pause_begins_another_step(tmp_path: Path) -> None:
    moment = "2018-01-01T10:00:00Z"
    editor = small_plan(tmp_path / "p.cypp", clock=lambda: moment)
    measure = measure_of(editor)
    set_field(editor, measure, "title", "a", sitting=True)
    set_field(editor, measure, "source", "b", sitting=True)
    moment = "2018-01-01T10:30:00Z"
    set_field(editor, measure, "source", "after a pause", sitting=True)
    editor.author = "Bob"
    set_field(editor, measure, "source", "by another", sitting=True)
    assert len(steps(editor)) == 5


def test_what_has_left_the_machine_is_not_amended(tmp_path: Path) -> None:
    editor = small_plan(tmp_path / "p.cypp", clock=ticking_clock)
    measure = measure_of(editor)
    set_field(editor, measure, "title", "sent", sitting=True)
    editor.seal()
    set_field(editor, measure, "title", "sent, and more", sitting=True)
    assert steps(editor).count("Edit title of 1a.ii") == 2


def test_typing_back_to_the_beginning_leaves_no_step(tmp_path: Path) -> None:
    editor = small_plan(tmp_path / "p.cypp", clock=ticking_clock)
    measure = measure_of(editor)
    was = steps(editor)
    title = measure.title
    set_field(editor, measure, "title", "x", sitting=True)
    set_field(editor, measure, "title", title, sitting=True)
    assert steps(editor) == was
    assert check_file(editor.session.get_bind()).is_clean  # type: ignore[arg-type]


def test_a_step_that_fails_changes_nothing(tmp_path: Path) -> None:
    editor = small_plan(tmp_path / "p.cypp")
    was = digest(editor)
    with pytest.raises(ZeroDivisionError), editor.step("Half"):
        measure_of(editor).title = "Half done"
        editor.session.flush()
        raise ZeroDivisionError
    assert digest(editor) == was
    assert "Half" not in steps(editor)


def test_listeners_hear_which_rows_and_fields_changed(tmp_path: Path) -> None:
    editor = small_plan(tmp_path / "p.cypp")
    heard: list[Changed] = []
    stop = editor.listen(heard.append)
    measure = measure_of(editor)
    set_field(editor, measure, "title", "New")
    outcome = measure.outcome
    added = add_row(editor, Measure, outcome, title="Another")
    delete_rows(editor, [added])
    stop()
    set_field(editor, measure, "title", "Unheard")
    assert heard[0].edited == {("measure", measure.id): frozenset({"title"})}
    assert heard[1].added == {("measure", added.id)}
    assert heard[2].removed == {("measure", added.id)}
    assert len(heard) == 3


def test_a_read_only_plan_is_not_written(tmp_path: Path) -> None:
    small_plan(tmp_path / "p.cypp").close()
    editor = open_editor(tmp_path / "p.cypp", read_only=True)
    with pytest.raises(FileProblem, match="reading only"):
        set_field(editor, measure_of(editor), "title", "No")


def test_a_full_disk_is_said_in_plain_words_and_loses_nothing(tmp_path: Path) -> None:
    editor = small_plan(tmp_path / "p.cypp")
    was = digest(editor)
    pages = editor.session.connection().exec_driver_sql("PRAGMA page_count").scalar_one()
    editor.session.rollback()
    driver = editor.session.connection().connection.driver_connection
    editor.session.rollback()
    driver.execute(f"PRAGMA max_page_count={pages}")  # type: ignore[union-attr]
    with pytest.raises(FileProblem, match="disk of this laptop is full"):
        set_field(editor, measure_of(editor), "definition", "long " * 100_000)
    assert digest(editor) == was
    driver.execute("PRAGMA max_page_count=1000000")  # type: ignore[union-attr]
    set_field(editor, measure_of(editor), "definition", "short")
    assert measure_of(editor).definition == "short"


class EditingAPlan(RuleBasedStateMachine):
    """Any sequence of commands: every undo restores the digest, and the changes say what is stored."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.editor = small_plan(Path(self.folder.name) / "p.cypp", clock=ticking_clock)
        self.digests = [digest(self.editor)]
        self.undone: list[str] = []

    def teardown(self) -> None:
        self.editor.close()
        self.editor.session.get_bind().dispose()  # type: ignore[union-attr]
        self.folder.cleanup()

    def _did(self) -> None:
        now = digest(self.editor)
        self.editor.seal()
        if now != self.digests[-1]:
            self.digests.append(now)
            self.undone.clear()

    def _pick(self, cls: type, number: int):  # type: ignore[no-untyped-def]
        rows = self.editor.session.scalars(select(cls).order_by(text("rowid"))).all()
        return rows[number % len(rows)] if rows else None

    @rule(
        number=st.integers(0, 50),
        words=st.text(max_size=5),
        field=st.sampled_from(["title", "source", "unit", "note"]),
    )
    def edit_a_measure(self, number: int, words: str, field: str) -> None:
        if measure := self._pick(Measure, number):
            value = {"unit": words} if field == "unit" else words
            set_field(self.editor, measure, field, value)
            self._did()

    @rule(number=st.integers(0, 50), words=st.text(max_size=5))
    def write_an_update(self, number: int, words: str) -> None:
        if measure := self._pick(Measure, number):
            set_update_text(self.editor, measure, current_round(self.editor.session), words)
            self._did()

    @rule(number=st.integers(0, 50), count=st.integers(0, 3))
    def cover_other_measures(self, number: int, count: int) -> None:
        if update := self._pick(Update, number):
            set_covered(self.editor, update, update.outcome.measures[:count])
            self._did()

    @rule(number=st.integers(0, 50), names=st.lists(st.sampled_from(["A", "B", "Anytown CCG"]), max_size=2))
    def change_leads(self, number: int, names: list[str]) -> None:
        if measure := self._pick(Measure, number):
            set_leads(self.editor, measure, [LeadEntry(name, (name, "C. Lee")) for name in names])
            self._did()

    @rule(number=st.integers(0, 50))
    def add_a_measure(self, number: int) -> None:
        if outcome := self._pick(Outcome, number):
            add_row(self.editor, Measure, outcome, title="More")
            self._did()

    @rule(number=st.integers(0, 50), cls=st.sampled_from([Measure, Outcome, Priority]))
    def delete(self, number: int, cls: type) -> None:
        if row := self._pick(cls, number):
            delete_rows(self.editor, [row])
            self._did()

    @rule(number=st.integers(0, 50), cls=st.sampled_from([Measure, Outcome]))
    def duplicate(self, number: int, cls: type) -> None:
        if row := self._pick(cls, number):
            duplicate_rows(self.editor, [row])
            self._did()

    @rule(number=st.integers(0, 50), to=st.integers(0, 50), at=st.integers(0, 4))
    def move_a_measure(self, number: int, to: int, at: int) -> None:
        measure, outcome = self._pick(Measure, number), self._pick(Outcome, to)
        if measure and outcome:
            move_rows(self.editor, [measure], outcome, at)
            self._did()

    @precondition(lambda self: len(self.digests) > 1)
    @rule()
    def undo(self) -> None:
        self.editor.undo()
        self.undone.append(self.digests.pop())
        assert digest(self.editor) == self.digests[-1]

    @precondition(lambda self: self.undone)
    @rule()
    def redo(self) -> None:
        self.editor.redo()
        self.digests.append(self.undone.pop())
        assert digest(self.editor) == self.digests[-1]

    @invariant()
    def changes_say_what_is_stored(self) -> None:
        self.editor.session.rollback()
        assert check_file(self.editor.session.get_bind()).faults == []  # type: ignore[arg-type]


TestEditingAPlan = EditingAPlan.TestCase
TestEditingAPlan.settings = settings(max_examples=25, stateful_step_count=15, deadline=None)


def test_the_database_refuses_a_link_to_a_row_that_is_not_there(tmp_path: Path) -> None:
    editor = small_plan(tmp_path / "p.cypp")
    with editor.session.get_bind().connect() as connection, pytest.raises(IntegrityError):  # type: ignore[union-attr]
        connection.exec_driver_sql("DELETE FROM outcome")


def test_what_is_written_is_on_the_disk_before_it_counts_as_written(tmp_path: Path) -> None:
    """And what stands in a file from elsewhere is never run: SQLite calls that its schema's trust."""
    editor = small_plan(tmp_path / "p.cypp")
    connection = editor.session.connection()
    full, trusted = (
        connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("synchronous", "trusted_schema")
    )
    assert (full, trusted) == (2, 0)
