"""History in the window: of the plan, of a row, of a field; who, when and what; and putting back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from cypp_desktop.plan.model import Measure, Plan, Update
from cypp_desktop.store.commands import delete_rows, set_field, write_update
from cypp_desktop.store.editor import Editor
from cypp_desktop.store.history import HistoryEntry
from cypp_desktop.store.history_words import Said
from cypp_desktop.ui import theme
from cypp_desktop.ui.history import history_model
from cypp_desktop.ui.history.change_html import difference_html
from cypp_desktop.ui.history.history_view import HistoryView
from cypp_desktop.ui.history.page import FieldHistory
from tests.store.plans import small_plan
from tests.ui.scripted import nameless, unreachable
from tests.ui.simple_parts import opened

Make = Callable[..., Any]


@pytest.fixture
def editor(tmp_path: Path) -> Iterator[Editor]:
    editor = small_plan(tmp_path / "plan.db")
    yield editor
    editor.close()


def measure(editor: Editor, title: str = "Smoking at delivery") -> Measure:
    return editor.session.scalars(select(Measure).where(Measure.title == title)).one()


def shown(qtbot: QtBot, editor: Editor, *scope: str, **options: Any) -> HistoryView:
    view = HistoryView(editor, *scope, **options)
    qtbot.addWidget(view)
    view.resize(700, 500)
    view.show()
    qtbot.waitExposed(view)
    return view


def lines(view: HistoryView) -> list[str]:
    model = view.model
    return [model.index(at).data() for at in range(model.rowCount())]


def entries(view: HistoryView) -> list[HistoryEntry]:
    model = view.model
    found = [model.index(at).data(history_model.LINE_ROLE) for at in range(model.rowCount())]
    return [line.entry for line in found if line.said is not None]


# ------------------------------------------------------------------ words


@pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK])
def test_changed_words_are_marked_by_line_and_colour(colours: theme.Colours) -> None:
    shown = difference_html(Said("Title", "The <old> rate", "The new rate"), colours)
    assert f'<span style="color:{colours.red}; text-decoration:line-through">&lt;old&gt;</span>' in shown
    assert f'<span style="color:{colours.green}; text-decoration:underline">new</span>' in shown
    document = QTextDocument()
    document.setHtml(shown)
    assert document.toPlainText() == "The <old>\u00a0new rate".replace("\u00a0", " ")
    for ground in (colours.base, colours.info_ground):
        assert theme.contrast(colours.red, ground) > 3.9
        assert theme.contrast(colours.green, ground) > 3.9


# ------------------------------------------------------------------ what is listed


def test_the_history_of_a_row_says_who_when_and_what(qtbot: QtBot, tmp_path: Path, london: None) -> None:
    editor = small_plan(tmp_path / "plan.db", clock=lambda: "2018-06-15T13:02:00Z")
    set_field(editor, measure(editor), "title", "Smoking at birth")
    view = shown(qtbot, editor, "measure", measure(editor, "Smoking at birth").id)
    assert lines(view)[:2] == [
        "Ann Smith, 15 June 2018 14:02: Edit title of 1a.i",
        "Title: taken out: delivery. came in: birth (Ann Smith, 15 June 2018 14:02: Edit title of 1a.i)",
    ]
    view.close()
    editor.close()


def test_the_history_of_a_field_is_of_that_field_only(qtbot: QtBot, editor: Editor) -> None:
    smoking = measure(editor)
    set_field(editor, smoking, "title", "Smoking at birth")
    set_field(editor, smoking, "frequency", "Annually")
    view = shown(qtbot, editor, "measure", smoking.id, "title")
    assert [line.split(":")[0] for line in lines(view) if "came in" in line] == ["Title", "New measure"]
    assert not view.go_button.isVisible()


def test_the_history_of_the_plan_can_be_of_one_person_and_since_a_day(qtbot: QtBot, tmp_path: Path) -> None:
    now = ["2018-01-01T12:00:00Z"]
    editor = small_plan(tmp_path / "plan.db", clock=lambda: now[0])
    for author, month, title in (("Bob Khan", 2, "One"), ("Bob Khan", 4, "Two"), ("Ann Smith", 4, "Three")):
        now[0] = f"2018-0{month}-01T12:00:00Z"
        editor.author = author
        set_field(editor, editor.session.scalars(select(Plan)).one(), "title", title)
    view = shown(qtbot, editor, today=lambda: date(2018, 6, 15))
    assert [view.who.itemText(at) for at in range(view.who.count())] == ["Everybody", "Ann Smith", "Bob Khan"]
    qtbot.keyClicks(view.since, "1 March")
    qtbot.waitUntil(lambda: view.understood.isVisible())
    assert view.understood.text() == "from 1 March 2018"
    assert [entry.value for entry in entries(view)] == ["Three", "Two"]
    view.who.setCurrentIndex(2)
    assert [(entry.author, entry.value) for entry in entries(view)] == [("Bob Khan", "Two")]
    view.since.setText("1 May")
    qtbot.waitUntil(lambda: view.model.rowCount() == 0)
    assert view._nothing.text() == "Nothing was changed then."
    view.close()
    editor.close()


def test_a_long_history_is_read_as_it_is_scrolled(
    qtbot: QtBot, editor: Editor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_model, "PIECE", 10)
    plan = editor.session.scalars(select(Plan)).one()
    for number in range(24):
        set_field(editor, plan, "title", f"Title {number}")
    view = shown(qtbot, editor, "plan", plan.id, "title")
    assert view.model.rowCount() < 24 * 2
    while view.model.canFetchMore(view.model.index(-1)):
        view.list.scrollToBottom()
        view.model.fetchMore(view.model.index(-1))
    headings = [line for line in lines(view) if line.startswith("Ann")]
    assert len(headings) == 25
    seqs = [entry.seq for entry in entries(view)]
    assert seqs == sorted(seqs, reverse=True)


def test_a_step_with_several_changes_has_one_heading_also_across_pieces(
    qtbot: QtBot, editor: Editor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_model, "PIECE", 7)
    view = shown(qtbot, editor)
    while view.model.canFetchMore(view.model.index(-1)):
        view.model.fetchMore(view.model.index(-1))
    assert [line for line in lines(view) if line.startswith("Ann")] == [lines(view)[0]]


def test_the_list_follows_the_plan(qtbot: QtBot, editor: Editor) -> None:
    smoking = measure(editor)
    view = shown(qtbot, editor, "measure", smoking.id)
    count = view.model.rowCount()
    set_field(editor, smoking, "title", "Smoking at birth")
    qtbot.waitUntil(lambda: view.model.rowCount() == count + 2)
    editor.undo()
    qtbot.waitUntil(lambda: lines(view)[0].endswith("Undo: Edit title of 1a.i"))


def test_a_view_that_is_gone_hears_of_nothing(qtbot: QtBot, editor: Editor) -> None:
    view = HistoryView(editor)
    view.show()
    view.deleteLater()
    qtbot.waitUntil(lambda: not shiboken6.isValid(view))
    set_field(editor, measure(editor), "title", "Smoking at birth")
    assert editor._listeners == []


def test_the_model_keeps_qts_rules(qtbot: QtBot, editor: Editor) -> None:
    view = shown(qtbot, editor)
    tester = QAbstractItemModelTester(view.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    set_field(editor, measure(editor), "title", "Smoking at birth")
    view.reload()
    del tester


# ------------------------------------------------------------------ what can be done


def test_keys_move_from_change_to_change_past_the_headings(qtbot: QtBot, editor: Editor) -> None:
    plan = editor.session.scalars(select(Plan)).one()
    for title in ("One", "Two"):
        set_field(editor, plan, "title", title)
    view = shown(qtbot, editor, "plan", plan.id, "title")
    assert view.current is not None and view.current.entry.value == "Two"
    view.list.setFocus()
    qtbot.keyClick(view.list, Qt.Key.Key_Down)
    assert view.current.entry.value == "One"


def test_put_this_back_makes_the_plan_say_it_again(qtbot: QtBot, editor: Editor) -> None:
    plan = editor.session.scalars(select(Plan)).one()
    for title in ("One", "Two"):
        set_field(editor, plan, "title", title)
    view = shown(qtbot, editor, "plan", plan.id, "title")
    assert not view.value_button.isEnabled()  # it says this already
    view.list.setFocus()
    qtbot.keyClick(view.list, Qt.Key.Key_Down)
    qtbot.mouseClick(view.value_button, Qt.MouseButton.LeftButton)
    assert plan.title == "One"
    assert editor.undo_name == "Put back title of the plan"
    qtbot.waitUntil(lambda: lines(view)[0].endswith("Put back title of the plan"))
    assert view.current.entry.value == "One"
    qtbot.mouseClick(view.earlier_button, Qt.MouseButton.LeftButton)
    assert plan.title == "Anytown plan"


def test_a_deleted_row_is_put_back_from_the_history_of_the_plan(qtbot: QtBot, editor: Editor) -> None:
    smoking = measure(editor)
    update = smoking.update_links[0].update
    delete_rows(editor, [smoking])
    view = shown(qtbot, editor)
    at = [n for n, line in enumerate(lines(view)) if "Deleted measure: taken out: i Smoking" in line]
    view.list.setCurrentIndex(view.model.index(at[0]))
    assert not view.value_button.isEnabled()
    qtbot.mouseClick(view.earlier_button, Qt.MouseButton.LeftButton)
    assert measure(editor).update_links[0].update is update


def test_what_cannot_be_put_back_is_said(qtbot: QtBot, editor: Editor) -> None:
    smoking = measure(editor)
    outcome = smoking.outcome
    delete_rows(editor, [outcome])
    view = shown(qtbot, editor)
    at = [n for n, line in enumerate(lines(view)) if "Deleted measure: taken out: i Smoking" in line]
    view.list.setCurrentIndex(view.model.index(at[0]))
    with qtbot.waitSignal(view.problem) as said:
        view.put_back(earlier=True)
    assert "has since been deleted. Put that back first." in said.args[0]


def test_nothing_is_put_back_in_a_plan_open_for_reading(qtbot: QtBot, tmp_path: Path) -> None:
    editor = small_plan(tmp_path / "plan.db")
    plan = editor.session.scalars(select(Plan)).one()
    for title in ("One", "Two"):
        set_field(editor, plan, "title", title)
    editor.read_only = True
    view = shown(qtbot, editor, "plan", plan.id, "title")
    assert not view.earlier_button.isEnabled()
    editor.close()


def test_a_click_on_a_place_and_enter_go_there(qtbot: QtBot, editor: Editor) -> None:
    smoking = measure(editor)
    set_field(editor, smoking, "title", "Smoking at birth")
    view = shown(qtbot, editor)
    index = view.model.index(1)
    box = view.list.visualRect(index)
    link = next(
        place
        for x in range(box.left(), box.left() + 100, 4)
        for place in [QPoint(x, box.top() + 12)]
        if view.list._link_at(place).isValid()
    )
    with qtbot.waitSignal(view.jump) as jump:
        qtbot.mouseClick(view.list.viewport(), Qt.MouseButton.LeftButton, pos=link)
    assert jump.args == ["measure", smoking.id]
    with qtbot.waitSignal(view.jump):
        qtbot.keyClick(view.list, Qt.Key.Key_Return)


# ------------------------------------------------------------------ in the window


@pytest.fixture
def window(make_window: Make, qtbot: QtBot, plan_file: Path) -> Any:
    window = make_window(real=True)
    opened(qtbot, window, plan_file)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


def test_control_h_shows_the_history_of_the_plan_and_a_place_leads_back(window: Any, qtbot: QtBot) -> None:
    editor = window.document.editor
    set_field(editor, editor.find(Measure, "mii"), "title", "Breastfeeding")
    qtbot.keyClick(window, Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier)
    place = window.stack.currentWidget()
    assert lines(place.view)[0].endswith("Edit title of 1a.ii")
    assert nameless(window) == []
    assert unreachable(window) == []
    place.view.list.setFocus()
    qtbot.keyClick(place.view.list, Qt.Key.Key_Return)
    assert window.stack.currentWidget() is window.plan_page
    assert window.tree.selected_row() == ("measure", "mii")


def test_the_place_follows_when_the_plan_is_reverted_or_closed(window: Any, qtbot: QtBot) -> None:
    window.show_page("history")
    place = window.stack.currentWidget()
    editor = window.document.editor
    set_field(editor, editor.find(Measure, "mii"), "title", "Breastfeeding")
    window.document.revert()
    assert not any("Edit title" in line for line in lines(place.view))
    document = window.document
    window.release_document()
    assert place.view is None
    document.discard()


def test_a_panel_has_the_history_of_its_row(window: Any, qtbot: QtBot) -> None:
    window.go_to("measure", "mi")
    pages = window.panels.panel.pages
    assert "history" in pages.keys()  # noqa: SIM118
    page = pages.turn_to("history")
    view = page.findChild(HistoryView)
    qtbot.waitUntil(view.isVisible)
    assert "New measure" in lines(view)[1]
    assert nameless(window) == []
    assert unreachable(window) == []


def test_the_history_of_a_field_opens_by_key_and_puts_back(window: Any, qtbot: QtBot) -> None:
    editor = window.document.editor
    row = editor.find(Measure, "mi")
    set_field(editor, row, "title", "Smoking")
    window.go_to("measure", "mi")
    window.panels.show_field("measure.title", "mi")
    seen: list[str] = []

    def look(dialog: QDialog) -> bool:
        assert isinstance(dialog, FieldHistory)
        dialog.show()
        qtbot.waitExposed(dialog)
        assert nameless(dialog) == []
        assert unreachable(dialog) == []
        seen.extend(lines(dialog.view))
        qtbot.mouseClick(dialog.view.earlier_button, Qt.MouseButton.LeftButton)
        return False

    window.dialogs.answers.append(look)
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_H, both)
    assert window.dialogs.asked[-1] == "History: Title"
    assert seen[1].startswith("Title: taken out: i. came in: Smoking")
    assert row.title == "i"
    assert window.panels.panel.title.value() == "i"


def test_a_long_text_is_listed_in_a_few_lines(qtbot: QtBot, editor: Editor) -> None:
    update = editor.session.scalars(select(Update).where(Update.text == "TBC")).one()
    words = " ".join(f"word{number}" for number in range(900))
    write_update(editor, update, words)
    write_update(editor, update, words.replace("word450", "changed"))
    view = shown(qtbot, editor, "update", update.id, "text")
    option = view.list.changes.sizeHint(None, view.model.index(1))
    assert option.height() < 8 * view.fontMetrics().lineSpacing()
    assert "taken out: word450. came in: changed" in lines(view)[1]
