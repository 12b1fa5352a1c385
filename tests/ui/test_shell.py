"""The window as a person uses it: opening, editing, finding, leaving, coming back."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from cypp_desktop import settings as preferences
from cypp_desktop.settings import Settings
from cypp_desktop.ui import theme
from tests.ui.scripted import accessible_name, controls
from tests.ui.simple_parts import opened, retitle

Make = Callable[..., Any]
CONTROL = Qt.KeyboardModifier.ControlModifier


def test_the_first_start_offers_open_new_and_the_sample(make_window: Make) -> None:
    window = make_window()
    assert list(window.start_page.buttons) == ["open", "new", "sample"]
    assert window.document is None
    assert not window.find_box.isVisible()


def test_a_build_that_reads_word_offers_the_import_too(make_window: Make) -> None:
    window = make_window(import_plan=lambda services, parent, source: None)
    assert list(window.start_page.buttons) == ["open", "new", "import", "sample"]
    assert "import" in window.menus.actions


def test_opening_shows_the_rows_before_the_editor_is_there(
    make_window: Make, qtbot: QtBot, plan_file: Path
) -> None:
    window = make_window()
    with qtbot.waitSignal(window.opening_ended):
        with qtbot.waitSignal(window.outline_shown):
            window.open_plan(plan_file)
        assert window.document is None
        assert set(window.tree.items) == {"p1", "o1", "mi", "mii"}
        assert window.panels is None
        assert window.status.state_text() == "Opening…"
    assert window.document.path == plan_file
    assert window.status.state_text() == "✓ All changes in the file"


def test_the_title_says_which_plan_and_whether_the_file_has_everything(
    make_window: Make, qtbot: QtBot, plan_file: Path
) -> None:
    window = make_window()
    opened(qtbot, window, plan_file)
    assert window.windowTitle().startswith("A small plan")
    assert not window.isWindowModified()
    retitle(window.document, "A better plan")
    assert window.windowTitle().startswith("A better plan")
    assert window.isWindowModified()
    assert "not yet in the file" in window.status.state_text()


def test_choosing_a_row_shows_it_in_the_panel(make_window: Make, qtbot: QtBot, plan_file: Path) -> None:
    window = make_window()
    opened(qtbot, window, plan_file)
    window.tree.select_row("measure", "mii")
    assert window.panels.shown[-1] == ("measure", "mii")


def test_undo_and_redo_name_the_step_and_are_greyed_when_there_is_none(
    make_window: Make, qtbot: QtBot, plan_file: Path
) -> None:
    window = make_window()
    opened(qtbot, window, plan_file)
    undo, redo = window.menus.actions["undo"], window.menus.actions["redo"]
    assert (undo.isEnabled(), redo.isEnabled()) == (False, False)
    retitle(window.document, "A better plan")
    assert (undo.text(), undo.isEnabled()) == ("&Undo: Edit the title", True)
    undo.trigger()
    assert window.document.title == "A small plan"
    assert (redo.text(), redo.isEnabled()) == ("&Redo: Edit the title", True)
    redo.trigger()
    assert window.document.title == "A better plan"


def test_what_is_being_typed_is_in_the_plan_before_it_is_saved(
    make_window: Make, qtbot: QtBot, plan_file: Path
) -> None:
    window = make_window()
    opened(qtbot, window, plan_file)
    window.panels.line.setFocus()
    window.panels.line.selectAll()
    qtbot.keyClicks(window.panels.line, "Typed title")
    window.menus.actions["save"].trigger()
    window.document.finish_saving()
    assert window.document.title == "Typed title"
    assert not window.isWindowModified()
    assert "file published" in window.status.state_text()


def test_control_f_goes_to_the_find_box_and_enter_shows_what_is_found(
    make_window: Make, qtbot: QtBot, plan_file: Path
) -> None:
    window = make_window()
    opened(qtbot, window, plan_file)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window, Qt.Key.Key_F, CONTROL)
    assert QApplication.focusWidget() is window.find_box
    qtbot.keyClicks(window.find_box, "smoking")
    qtbot.keyClick(window.find_box, Qt.Key.Key_Return)
    found = window.stack.currentWidget()
    assert [found.item(row).text() for row in range(found.count())] == ["smoking"]


def test_going_to_a_row_comes_back_to_the_plan(make_window: Make, qtbot: QtBot, plan_file: Path) -> None:
    window = make_window()
    opened(qtbot, window, plan_file)
    window.show_page("list")
    assert window.rail.buttons["list"].isChecked()
    window.go_to("outcome", "o1")
    assert window.stack.currentWidget() is window.plan_page
    assert window.rail.buttons["plan"].isChecked()
    assert window.tree.selected_row() == ("outcome", "o1")


def test_f6_walks_through_the_parts_of_the_window_and_back(
    make_window: Make, qtbot: QtBot, plan_file: Path
) -> None:
    window = make_window()
    opened(qtbot, window, plan_file)
    window.tree.tree.setFocus()
    walked = []
    for _ in range(4):
        window.next_pane()
        walked.append(window.focusWidget())
    assert walked[:2] == [window.panels.line, window.find_box]
    assert walked[2] in window.rail.buttons.values()
    assert walked[3] is window.tree.tree
    window.previous_pane()
    assert window.focusWidget() is walked[2]


def test_the_window_comes_back_as_it_was_left(make_window: Make, qtbot: QtBot, plan_file: Path) -> None:
    settings = Settings()
    window = make_window(settings=settings)
    opened(qtbot, window, plan_file)
    window.tree.expand_rows(["p1"])
    window.tree.select_row("outcome", "o1")
    window.resize(700, 500)
    window.plan_page.setSizes([250, 350])
    sizes = window.plan_page.sizes()
    window.close()
    kept = preferences.load()
    assert kept.last_file == str(plan_file)
    again = make_window(settings=kept)
    opened(qtbot, again, plan_file)
    assert again.tree.expanded_rows() == ["p1"]
    assert again.tree.selected_row() == ("outcome", "o1")
    assert (again.width(), again.height()) == (700, 500)
    assert again.plan_page.sizes() == sizes


def test_closing_the_window_with_no_plan_open_opens_none_next_time(
    make_window: Make, qtbot: QtBot, plan_file: Path
) -> None:
    window = make_window()
    opened(qtbot, window, plan_file)
    window.menus.actions["close"].trigger()
    assert window.document is None
    assert window.stack.currentWidget() is window.start_page
    window.close()
    assert preferences.load().last_file is None
    assert preferences.load().recent_files == [str(plan_file)]


def test_theme_and_text_size_are_chosen_in_the_view_menu_and_kept(
    make_window: Make, qtbot: QtBot, appearance: theme.Theme
) -> None:
    window = make_window()
    dark = next(a for a in window.findChildren(QAction) if a.data() == "dark")
    dark.trigger()
    qtbot.waitUntil(lambda: theme.is_dark(window.palette()))
    assert dark.isChecked()
    window.menus.actions["larger"].trigger()
    assert appearance.text_percent == 110
    window.menus.actions["smaller"].trigger()
    assert appearance.text_percent == 100
    assert preferences.load().theme == "dark"


def test_a_name_given_in_the_preferences_stands_beside_later_changes(
    make_window: Make, qtbot: QtBot, plan_file: Path
) -> None:
    def fill_in(dialog: Any) -> bool:
        dialog.author.setText("Bob")
        return True

    window = make_window(fill_in)
    opened(qtbot, window, plan_file)
    window.menus.actions["preferences"].trigger()
    assert window.document.author == "Bob"
    assert preferences.load().author == "Bob"


def test_the_first_change_asks_for_a_name_once_and_takes_no_key_away(
    make_window: Make, qtbot: QtBot, plan_file: Path
) -> None:
    window = make_window()
    opened(qtbot, window, plan_file)
    assert "name" not in window.banners.messages()
    focused = window.focusWidget()
    retitle(window.document, "Changed")
    banner = window.banners.messages()["name"]
    assert "What is your name?" in banner.text
    assert window.focusWidget() is focused
    assert authors_in(window) == {"Not named"}
    name = banner.findChild(QLineEdit)
    qtbot.keyClicks(name, " Jo Lee ")
    qtbot.mouseClick(banner.buttons["Keep this name"], Qt.MouseButton.LeftButton)
    assert "name" not in window.banners.messages()
    assert preferences.load().author == window.document.author == "Jo Lee"
    assert authors_in(window) == {"Jo Lee"}  # of the change that caused it too
    retitle(window.document, "Changed again")
    assert "name" not in window.banners.messages()


def test_who_puts_the_question_for_a_name_away_is_not_asked_again(
    make_window: Make, qtbot: QtBot, plan_file: Path
) -> None:
    window = make_window()
    opened(qtbot, window, plan_file)
    retitle(window.document, "Changed")
    window.banners.dismiss("name")
    retitle(window.document, "Changed again")
    assert "name" not in window.banners.messages()
    assert authors_in(window) == {"Not named"}


def authors_in(window: Any) -> set[str]:
    """Who has made the changes after the plan was made."""
    with contextlib.closing(sqlite3.connect(window.document.working_path)) as db:
        return {author for (author,) in db.execute("SELECT author FROM step WHERE kind = 'do'")}


def test_a_person_with_a_name_is_not_asked_for_it(make_window: Make, qtbot: QtBot, plan_file: Path) -> None:
    window = make_window(settings=Settings(author="Ann"))
    opened(qtbot, window, plan_file)
    retitle(window.document, "Changed")
    assert window.document.author == "Ann"
    assert window.banners.messages() == {}


def test_the_keys_are_listed_as_the_menus_have_them(make_window: Make) -> None:
    seen: list[str] = []

    def read(dialog: Any) -> bool:
        table = dialog.table
        for top in range(table.topLevelItemCount()):
            item = table.topLevelItem(top)
            seen.extend(f"{item.child(i).text(0)}: {item.child(i).text(1)}" for i in range(item.childCount()))
        return False

    window = make_window(read)
    window.menus.actions["keys"].trigger()
    assert "Save to the file: Ctrl+S" in seen
    assert "Find in the plan: Ctrl+F" in seen


@pytest.mark.parametrize("key", ["open", "new"])
def test_backing_out_of_a_file_box_changes_nothing(make_window: Make, key: str) -> None:
    window = make_window(None)
    window.start_page.buttons[key].click()
    assert window.document is None
    assert len(window.dialogs.asked) == 1


def test_no_two_commands_share_a_key(make_window: Make) -> None:
    window = make_window()
    keys = [sequence.toString() for action in window.findChildren(QAction) for sequence in action.shortcuts()]
    assert len(keys) == len(set(keys))


def test_a_title_typed_in_the_real_panel_is_in_the_tree_the_file_and_the_next_window(
    make_window: Make, qtbot: QtBot, plan_file: Path
) -> None:
    window = make_window(real=True)
    opened(qtbot, window, plan_file)
    window.go_to("outcome", "o1")
    (title,) = (each for each in controls(window) if accessible_name(each) == "Title")
    title.setFocus()
    qtbot.keyClick(title, Qt.Key.Key_End, CONTROL)
    qtbot.keyClicks(title, " for all")
    assert window.close()
    again = make_window(real=True, settings=preferences.load())
    opened(qtbot, again, plan_file)
    assert again.tree.selected_row() == ("outcome", "o1")
    assert "Maternal health for all" in again.tree.model.node("o1").title
    again.menus.actions["undo"].trigger()
    assert again.tree.model.node("o1").title == "Maternal health"
