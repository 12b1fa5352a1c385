"""Tab, Esc and F11 in the application's own window: words go where they are meant, no button is pressed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from cypp_desktop.exchange.plan_json import load_plan
from cypp_desktop.plan.model import Update
from cypp_desktop.store.addresses import row_at
from cypp_desktop.store.plan_file import OpenPlan
from cypp_desktop.ui.help_dialogs import KeysDialog
from tests.ui.panel_plans import PLAN
from tests.ui.richtext.test_keys import CONTROL, CONTROL_TAB, ESC, NONE, REDO, SHIFT_TAB, TAB, UNDO, press
from tests.ui.simple_parts import opened

Key = Qt.Key


@pytest.fixture
def application(make_window: Callable[..., Any], qtbot: QtBot, tmp_path: Path) -> Any:
    """The application's own window, with a measure's update on the screen."""
    path = tmp_path / "Anytown.cypp"
    with OpenPlan.create(path, author="Ann") as plan:
        load_plan(plan.editor, PLAN)
        plan.publish()
    window = make_window(real=True)
    window.resize(1200, 900)
    opened(qtbot, window, path)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    show(window, "1/1a/i")
    return window


def show(window: Any, address: str) -> Any:
    row = row_at(window.document.editor.session, address)
    window.go_to(row.row_type, row.id)
    QApplication.processEvents()
    return window.panels.panel


def updates(window: Any) -> list[str]:
    return [update.text for update in window.document.editor.session.scalars(select(Update))]


def focused() -> str:
    now = QApplication.focusWidget()
    assert now is not None
    return now.accessibleName() or getattr(now, "text", str)()


def in_update(window: Any) -> Any:
    """The page of the update, with the cursor at the end of its text."""
    page = window.panels.panel.pages.turn_to("update")
    page.editors[0].text.input.area.setFocus()
    press((Key.Key_End, CONTROL))
    return page


def test_words_typed_after_tab_stay_in_the_update_and_begin_no_other(application: Any) -> None:
    page = in_update(application)
    before = len(updates(application))
    press(TAB, " for the third year")
    assert focused() == "Update"
    page.flush()
    assert "- Down\n  - Still high for the third year" in updates(application)
    assert len(updates(application)) == before


def test_control_tab_goes_to_the_next_control_and_does_not_press_it(application: Any) -> None:
    in_update(application)
    before = len(updates(application))
    press(" and rising", CONTROL_TAB)
    assert focused() == "Add another update"
    assert "- Down\n- Still high and rising" in updates(application)
    assert len(updates(application)) == before


def test_esc_in_the_panel_goes_back_to_the_row_and_keeps_what_was_typed(application: Any) -> None:
    tree = application.tree
    in_update(application)
    row = tree.selected_row()
    press(" and rising", ESC)
    assert QApplication.focusWidget() is tree.rows and tree.selected_row() == row
    assert "- Down\n- Still high and rising" in updates(application)
    title = application.panels.panel.title.input
    title.setFocus()
    press((Key.Key_End, CONTROL), " today", ESC)
    assert QApplication.focusWidget() is tree.rows and tree.selected_row() == row
    assert row_at(application.document.editor.session, "1/1a/i").title.endswith(" today")  # type: ignore[attr-defined]
    press(ESC)
    assert QApplication.focusWidget() is tree.rows, "from the row there is nowhere to go back to"


def test_esc_leaves_the_find_box_only_from_within(application: Any) -> None:
    in_update(application)
    press((Key.Key_F, CONTROL))
    assert QApplication.focusWidget() is application.find_box
    press(ESC)
    assert focused() == "Update"


def test_f11_gives_the_screen_to_the_text_and_not_to_the_window(application: Any, qtbot: QtBot) -> None:
    text = in_update(application).editors[0].text.input
    press((Key.Key_F11, NONE))
    assert text.is_full_screen() and not application.isFullScreen()
    qtbot.waitUntil(text.area.window().isActiveWindow)
    press((Key.Key_F11, NONE))
    assert not text.is_full_screen() and not application.isFullScreen()


def test_words_typed_after_last_rounds_text_came_down_are_taken_back_alone(application: Any) -> None:
    page = in_update(application)
    text = page.editors[0].text.input
    page.bring_button.click()
    brought = text.markdown()
    assert brought.endswith("18.1 % smoked.")
    text.area.setFocus()
    press((Key.Key_End, CONTROL), " More")
    press(UNDO)
    assert text.markdown() == brought
    press(REDO)
    assert text.markdown() == f"{brought} More"


def test_tab_in_the_last_cell_of_the_values_does_not_open_the_first(application: Any) -> None:
    table = application.panels.panel.pages.turn_to("values").table
    first, last = (0, 0), (table.values.rowCount() - 1, table.values.columnCount() - 1)
    for (row, column), key in ((last, TAB), (first, SHIFT_TAB)):
        table.setFocus()
        table.setCurrentIndex(table.values.index(row, column))
        press((Key.Key_F2, NONE), "A word", key)
        assert QApplication.focusWidget() is table
        assert (table.currentIndex().row(), table.currentIndex().column()) == (row, column)
        assert table.values.index(row, column).data() == "A word"
    press((Key.Key_F2, NONE), TAB)
    assert focused() == "Area", "from other cells it goes to the next"


def test_tab_in_a_title_typed_in_the_tree_keeps_it_and_the_row(application: Any) -> None:
    tree = application.tree
    row = tree.selected_row()
    for words, key in (("One title", TAB), ("Another title", SHIFT_TAB)):
        tree.focus_rows()
        press((Key.Key_F2, NONE), words, key)
        assert row_at(application.document.editor.session, "1/1a/i").title == words  # type: ignore[attr-defined]
        assert QApplication.focusWidget() is tree.rows and tree.selected_row() == row


def test_the_list_of_keys_tells_of_tab_and_the_ways_out(application: Any, qtbot: QtBot) -> None:
    dialog = KeysDialog(application.menuBar(), application)
    qtbot.addWidget(dialog)
    sections = [dialog.table.topLevelItem(at) for at in range(dialog.table.topLevelItemCount())]
    found = {
        section.text(0): {section.child(at).text(1) for at in range(section.childCount())}
        for section in sections
    }
    assert {"Tab", "Shift+Tab", "Ctrl+Tab", "Ctrl+Shift+Tab", "Esc", "Ctrl+B"} <= found["In a text"]
    assert "Esc" in found["In the window"]
