"""What is typed is kept at most two seconds after the key, wherever it stands, and only then called kept."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from cypp_desktop.plan.model import Measure, Organisation, Outcome, Person
from cypp_desktop.store.addresses import row_at
from cypp_desktop.store.commands import add_row, set_field, set_organisation
from cypp_desktop.store.plan_file import OpenPlan
from cypp_desktop.store.queries import current_round, update_of
from cypp_desktop.ui.autosave import AGAIN, AT_LATEST, PAUSE, Autosave, Typing
from cypp_desktop.ui.panels.levels import LevelPanel
from tests.ui.panel_plans import PLAN, field, press, show, type_words

TWO_SECONDS = 2_000
#: So many keys without a pause take a hand minutes; a window that waits for a pause keeps none of them.
MANY = 20_000


def test_the_promise_of_two_seconds_has_room_for_the_writing_itself() -> None:
    assert PAUSE < AT_LATEST <= TWO_SECONDS * 3 // 4


@pytest.fixture
def plan_path(tmp_path: Path) -> Path:
    from cypp_desktop.exchange.plan_json import load_plan

    path = tmp_path / "Plan.cypp"
    with OpenPlan.create(path, author="Ann") as plan:
        load_plan(plan.editor, PLAN)
        plan.publish()
    return path


@pytest.fixture
def window(make_window: Callable[..., Any], plan_path: Path, qtbot: QtBot) -> Any:
    made = make_window(real=True)
    with qtbot.waitSignal(made.opening_ended):
        made.open_plan(plan_path)
    return made


def kept(window: Any, address: str = "1/1a/i") -> Any:
    """The row as the plan says it."""
    return row_at(window.document.editor.session, address)


def update_text(window: Any) -> Any:
    """The text of the current round's update, with the cursor in it."""
    show(window.panels, "1/1a/i")
    page = window.panels.panel.pages.turn_to("update")
    text = page.editors[0].text.input
    text.area.setFocus()
    text.area.selectAll()
    return text.area


def written(window: Any) -> str:
    update = update_of(kept(window), current_round(window.document.editor.session))
    assert update is not None
    return update.text


def type_until(widget: Any, done: Callable[[], bool]) -> str:
    """Press one key after the other, with no pause between any two, until something has happened."""
    typed = ""
    for number in range(MANY):
        letter = "abcdefghij"[number % 10]
        QTest.keyClick(widget, letter)
        QApplication.processEvents()
        typed += letter
        if done():
            return typed
    raise AssertionError(f"{MANY} keys without a pause, and nothing of them was kept")


def test_typing_without_a_pause_is_kept_while_it_goes_on(window: Any) -> None:
    area = update_text(window)
    typed = type_until(area, lambda: "abc" in written(window))
    assert typed.startswith(written(window).removeprefix("- "))


def test_the_status_says_keeping_until_it_is_kept(window: Any, qtbot: QtBot) -> None:
    area = update_text(window)
    QTest.keyClicks(area, "New words")
    assert window.status.state_text() == "Keeping…"
    assert window.isWindowModified()
    qtbot.waitUntil(lambda: window.status.state_text() != "Keeping…")
    assert "New words" in written(window)
    assert window.status.state_text().startswith("✓ All changes kept")


def test_a_title_is_kept_while_it_is_typed_in_the_tree(window: Any) -> None:
    open_title(window, "1/1a/i")
    line = window.tree.rows.findChild(QLineEdit)
    typed = type_until(line, lambda: "abc" in kept(window).title)
    assert window.tree.rows.findChild(QLineEdit) is line, "the input stays open"
    assert line.text() == typed, "and goes on undisturbed"
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert kept(window).title == typed
    window.document.undo()
    assert kept(window).title == "Women smoking at delivery"


def test_escape_brings_back_the_title_that_was_there_before(window: Any, qtbot: QtBot) -> None:
    open_title(window, "1/1a/i")
    line = window.tree.rows.findChild(QLineEdit)
    QTest.keyClicks(line, "Half a thought")
    qtbot.waitUntil(lambda: kept(window).title == "Half a thought")
    QTest.keyClick(line, Qt.Key.Key_Escape)
    assert kept(window).title == "Women smoking at delivery"
    assert window.document.undo_name is None, "what was typed back is no step"


def open_title(window: Any, address: str) -> None:
    row = kept(window, address)
    window.tree.select_row(row.row_type, row.id)
    window.tree.commands.edit_title()


def open_cell(window: Any, column: int) -> QLineEdit:
    show(window.panels, "1/1a/i")
    table = window.panels.panel.pages.turn_to("values").table
    index = table.values.index(0, column)
    table.setCurrentIndex(index)
    table.setFocus()
    table.edit(index)
    assert isinstance(table.cells.open_input, QLineEdit)
    return table.cells.open_input


def test_a_figure_is_kept_while_it_is_typed_and_escape_brings_back_the_old_one(
    window: Any, qtbot: QtBot
) -> None:
    first = kept(window).observations[0]
    line = open_cell(window, 4)
    QTest.keyClicks(line, "17 people")
    qtbot.waitUntil(lambda: first.words == "17 people" or str(first.value) == "17")
    assert line.text() == "17 people"
    QTest.keyClick(line, Qt.Key.Key_Escape)
    assert (str(first.value), first.words, first.unit) == ("18.1", None, "%")
    assert window.document.undo_name is None


def test_what_undo_brings_back_is_shown_in_the_open_title_and_not_written_over(window: Any) -> None:
    open_title(window, "1/1a/i")
    line = window.tree.rows.findChild(QLineEdit)
    QTest.keyClicks(line, "Half a thought")
    window.document.undo()
    assert line.text() == "Women smoking at delivery"
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert kept(window).title == "Women smoking at delivery"


def test_what_undo_brings_back_is_shown_in_the_open_cell_and_not_written_over(window: Any) -> None:
    line = open_cell(window, 4)
    line.selectAll()
    QTest.keyClicks(line, "17")
    window.document.undo()
    assert line.text() == "18.1"
    press(line, Qt.Key.Key_Return)
    assert str(kept(window).observations[0].value) == "18.1"


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Escape])
def test_a_title_that_came_in_under_the_open_one_is_shown_and_stays(window: Any, key: Qt.Key) -> None:
    open_title(window, "1/1a/i")
    line = window.tree.rows.findChild(QLineEdit)
    QTest.keyClicks(line, "Half a thought")
    window.keep_typing()
    set_field(window.document.editor, kept(window), "title", "What a colleague says")
    assert line.text() == "What a colleague says"
    QTest.keyClick(line, key)
    assert kept(window).title == "What a colleague says"


def test_two_edits_of_one_cell_are_two_steps(window: Any) -> None:
    first = kept(window).observations[0]
    for words in ("17", "16"):
        line = open_cell(window, 4)
        line.selectAll()
        QTest.keyClicks(line, words)
        press(line, Qt.Key.Key_Return)
    assert str(first.value) == "16"
    window.document.undo()
    assert str(first.value) == "17"


def test_an_entry_of_a_list_is_kept_while_it_is_typed(window: Any, qtbot: QtBot) -> None:
    outcome = kept(window, "1/1a")
    show(window.panels, "1/1a")
    window.panels.panel.pages.turn_to("details")
    plans = field(window.panels, "outcome.strategic_plans")
    plans.add_entry()
    text = plans._in_place.open_input
    assert isinstance(text, QPlainTextEdit)
    QTest.keyClicks(text, "Housing")
    qtbot.waitUntil(lambda: "Housing" in outcome.strategic_plans)
    QTest.keyClicks(text, " strategy")
    window.keep_typing()
    assert outcome.strategic_plans[-1] == "Housing strategy"
    QTest.keyClick(text, Qt.Key.Key_Escape)
    assert outcome.strategic_plans == ["Health strategy", "Early help strategy", "Joint plan"]


# ------------------------------------------------------------------ names


def lead_fields(window: Any) -> Any:
    show(window.panels, "1/1a/i")
    panel = window.panels.panel
    assert isinstance(panel, LevelPanel)
    panel.edit_leads()
    return panel


def names_of(window: Any, cls: type[Organisation] | type[Person]) -> list[str]:
    return sorted(str(row.name) for row in window.document.editor.session.query(cls))


def test_half_the_name_of_a_new_organisation_is_kept_and_becomes_the_whole(window: Any, qtbot: QtBot) -> None:
    before = names_of(window, Organisation)
    lead_fields(window)
    line = field(window.panels, "lead.organisation_id")
    lead = kept(window).leads[0]
    type_words(line.input, "Pol")
    qtbot.waitUntil(lambda: lead.organisation is not None and lead.organisation.name == "Pol")
    QTest.keyClicks(line.input, "ice")
    window.services.autosave.keep_now()
    QTest.keyClick(line.input, Qt.Key.Key_Return)
    assert lead.organisation.name == "Police"
    assert names_of(window, Organisation) == sorted([*before, "Police"])
    window.document.undo()
    assert kept(window).leads[0].organisation.name == "City Council"
    assert names_of(window, Organisation) == before


def test_half_a_name_that_becomes_a_known_one_leaves_nothing_behind(window: Any) -> None:
    before = names_of(window, Organisation)
    lead_fields(window)
    line = field(window.panels, "lead.organisation_id")
    type_words(line.input, "Sch")
    window.services.autosave.keep_now()
    QTest.keyClicks(line.input, "ools")
    window.services.autosave.keep_now()
    QTest.keyClick(line.input, Qt.Key.Key_Return)
    assert kept(window).leads[0].organisation.name == "Schools"
    assert names_of(window, Organisation) == before


def test_a_short_name_is_not_written_out_under_the_fingers(window: Any) -> None:
    lead_fields(window)
    line = field(window.panels, "lead.organisation_id")
    type_words(line.input, "NCC")
    window.services.autosave.keep_now()
    assert line.input.text() == "NCC"
    QTest.keyClicks(line.input, " Trading")
    QTest.keyClick(line.input, Qt.Key.Key_Return)
    assert kept(window).leads[0].organisation.name == "NCC Trading"
    assert "City Council" in names_of(window, Organisation)


def test_an_organisation_that_came_in_is_shown_where_another_was_being_typed(window: Any) -> None:
    lead_fields(window)
    line = field(window.panels, "lead.organisation_id")
    type_words(line.input, "Pol")
    window.services.autosave.keep_now()
    set_organisation(window.document.editor, kept(window).leads[0], "Schools")
    assert line.input.text() == "Schools"
    assert line.hint.isHidden(), "nothing is to be added"
    QTest.keyClick(line.input, Qt.Key.Key_Return)
    assert kept(window).leads[0].organisation.name == "Schools"


def test_undo_is_shown_where_an_organisation_was_being_typed(window: Any) -> None:
    lead_fields(window)
    line = field(window.panels, "lead.organisation_id")
    type_words(line.input, "Pol")
    window.document.undo()
    assert line.input.text() == "City Council"
    window.document.redo()
    assert line.input.text() == "Pol"


def test_a_person_who_is_being_typed_is_kept_and_becomes_one_chip(window: Any) -> None:
    before = names_of(window, Person)
    lead_fields(window)
    people = field(window.panels, "lead_person.person_id")
    lead = kept(window).leads[0]
    type_words(people.input.line, "Ada")
    window.services.autosave.keep_now()
    assert [person.printed for person in lead.people] == ["Jo Hill", "Sam Reed", "Ada"]
    assert [chip.words for chip in people.input.chips] == ["Jo Hill", "Sam Reed"], "no chip under the fingers"
    QTest.keyClicks(people.input.line, " Byron")
    window.services.autosave.keep_now()
    assert [person.printed for person in lead.people] == ["Jo Hill", "Sam Reed", "Ada Byron"]
    press(people.input.line, Qt.Key.Key_Return)
    assert [chip.words for chip in people.input.chips] == ["Jo Hill", "Sam Reed", "Ada Byron"]
    assert names_of(window, Person) == sorted([*before, "Ada Byron"])
    window.document.undo()
    assert names_of(window, Person) == before


def test_a_name_that_is_taken_back_while_it_is_typed_leaves_nobody(window: Any) -> None:
    before = names_of(window, Person)
    lead_fields(window)
    people = field(window.panels, "lead_person.person_id")
    type_words(people.input.line, "Ada")
    window.services.autosave.keep_now()
    for _ in "Ada":
        QTest.keyClick(people.input.line, Qt.Key.Key_Backspace)
    window.services.autosave.keep_now()
    assert [person.printed for person in kept(window).leads[0].people] == ["Jo Hill", "Sam Reed"]
    assert names_of(window, Person) == before


# ------------------------------------------------------------------ when it cannot wait


@pytest.fixture
def typed(window: Any) -> Any:
    """A window in which words were typed a moment ago."""
    QTest.keyClicks(update_text(window), "Not yet kept")
    assert "Not yet kept" not in written(window)
    return window


def test_it_is_kept_before_another_program_has_the_turn(typed: Any) -> None:
    typed._application_state_changed(Qt.ApplicationState.ApplicationInactive)
    assert "Not yet kept" in written(typed)


def test_it_is_kept_before_another_window_has_the_turn(typed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(typed), "isActiveWindow", lambda self: False)
    QApplication.sendEvent(typed, QEvent(QEvent.Type.ActivationChange))
    assert "Not yet kept" in written(typed)


def test_it_is_kept_before_the_person_is_logged_out(typed: Any) -> None:
    typed._session_ends(None)
    assert "Not yet kept" in written(typed)


def test_it_is_kept_when_the_focus_moves(typed: Any) -> None:
    typed.tree.focus_rows()
    QApplication.processEvents()
    assert "Not yet kept" in written(typed)


@pytest.mark.parametrize("act", ["publish", "publish_if_due"])
def test_it_is_kept_before_the_file_is_written(typed: Any, plan_path: Path, act: str) -> None:
    if act == "publish_if_due":  # which has nothing to do where nothing was edited
        show(typed.panels, "1/1a/i")
    getattr(typed.document, act)()
    typed.document.finish_saving()
    with sqlite3.connect(plan_path) as db:
        texts = [text for (text,) in db.execute('SELECT text FROM "update"')]
    assert any("Not yet kept" in text for text in texts)


def test_undo_takes_back_what_was_typed_last_and_not_what_came_before(window: Any) -> None:
    editor = window.document.editor
    with editor.step("Rename"):
        kept(window, "1/1a/ii").title = "Renamed"
    QTest.keyClicks(update_text(window), "Not yet kept")
    window.document.undo()
    assert kept(window, "1/1a/ii").title == "Renamed"
    assert "Not yet kept" not in written(window)


def test_the_undo_of_a_message_counts_typing_too(window: Any) -> None:
    show(window.panels, "1/1a/i")
    title = field(window.panels, "measure.title")
    type_words(title.input, "Typed")
    window.tree._undo()
    assert kept(window).title == "Women smoking at delivery"


# ------------------------------------------------------------------ when it cannot be kept


class FullDisk:
    """Refuses to keep anything while it is full."""

    def __init__(self, autosave: Autosave) -> None:
        self.full = True
        self.is_pending = True
        autosave.typed(self)

    def keep_typing(self) -> None:
        self.is_pending = self.full


def test_what_could_not_be_kept_is_never_called_kept_and_is_tried_again(qtbot: QtBot) -> None:
    autosave = Autosave()
    disk = FullDisk(autosave)
    assert autosave.state is Typing.UNDER_WAY
    autosave.keep_now()
    assert autosave.state is Typing.NOT_KEPT
    assert autosave._again.isActive() and autosave._again.interval() == AGAIN
    disk.full = False
    autosave._again.timeout.emit()
    assert autosave.state is Typing.KEPT
    assert not autosave._again.isActive()


def test_half_a_date_is_said_to_be_not_kept(window: Any) -> None:
    show(window.panels, "rounds/#1")
    due = field(window.panels, "round.due")
    type_words(due.input, "the 31st of")
    window.services.autosave.keep_now()
    assert "not kept" in window.status.state_text()
    type_words(due.input, "31 May 2018")
    window.services.autosave.keep_now()
    assert "kept on this laptop" in window.status.state_text()


@pytest.mark.parametrize("answer", [None, "close"])
def test_closing_asks_before_it_drops_what_cannot_be_kept(window: Any, answer: str | None) -> None:
    show(window.panels, "rounds/#1")
    type_words(field(window.panels, "round.due").input, "the 31st of")
    window.dialogs.answers = [answer]
    assert window._opening.close_plan() is (answer == "close")
    assert "can’t be kept" in window.dialogs.asked[-1]
    assert (window.document is None) is (answer == "close")
    if answer is None:
        type_words(field(window.panels, "round.due").input, "31 May 2018")
        window.keep_typing()


def half_a_day(window: Any) -> Any:
    """The first day of an action, of which half is typed."""
    show(window.panels, "1/1a")
    window.panels.panel.pages.turn_to("actions")
    due = field(window.panels, "action.due")
    due.days_button.setChecked(True)
    type_words(due.first, "the 31st of")
    window.services.autosave.keep_now()
    assert "not kept" in window.status.state_text()
    return due


def test_half_a_date_on_a_page_that_is_hidden_goes_with_its_row_and_that_is_told(window: Any) -> None:
    editor = window.document.editor
    with editor.step("Add"):
        add_row(editor, Outcome, kept(window, "1"), code="1b", title="Another")
    half_a_day(window)
    window.panels.panel.pages.turn_to("details")
    assert "not kept" in window.status.state_text()
    told: list[str] = []
    window.panels.problem.connect(told.append)
    show(window.panels, "1/1b")
    assert "all changes kept" in window.status.state_text().lower()
    assert len(told) == 1 and "could not be kept" in told[0]


def test_a_day_that_came_in_is_shown_where_another_was_typed(window: Any) -> None:
    due = half_a_day(window)
    type_words(due.first, "1 March 2017")
    window.services.autosave.keep_now()
    assert due.first.text() == "1 March 2017"
    action = kept(window, "1/1a").actions[0]
    days = {"due": "March 2017", "due_start": "2016-01-01", "due_end": "2017-03-31"}
    set_field(window.document.editor, action, "due", days)
    assert due.first.text() == "1 January 2016"
    QTest.keyClicks(due.first, " ")
    window.services.autosave.keep_now()
    assert action.due_start == "2016-01-01"


def test_a_row_that_is_gone_takes_its_typing_with_it(window: Any) -> None:
    from cypp_desktop.store.commands import delete_rows

    show(window.panels, "1/1a/ii")
    type_words(field(window.panels, "measure.title").input, "Never mind")
    measure = window.document.editor.find(Measure, kept(window, "1/1a/ii").id)
    delete_rows(window.document.editor, [measure])
    assert window.services.autosave.state is Typing.KEPT
