"""The first thing to see, and the plans that were open before."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from cypp_desktop import settings as preferences
from cypp_desktop.settings import Settings
from cypp_desktop.ui.start_page import file_state

Make = Callable[..., Any]


def settings_with(*files: Path) -> Settings:
    return Settings(recent_files=[str(file) for file in files])


def test_the_cursor_is_on_open(make_window: Make) -> None:
    window = make_window()
    assert window.focusWidget() is window.start_page.buttons["open"]


def test_recent_plans_are_listed_newest_first(make_window: Make, tmp_path: Path) -> None:
    files = [tmp_path / "New.cypp", tmp_path / "Old.cypp"]
    window = make_window(settings=settings_with(*files))
    assert [row.path for row in window.start_page.rows()] == files


def test_a_missing_plan_is_marked_and_can_not_be_opened(
    make_window: Make, qtbot: QtBot, plan_file: Path, tmp_path: Path
) -> None:
    window = make_window(settings=settings_with(plan_file, tmp_path / "Gone.cypp"))
    there, gone = window.start_page.rows()
    qtbot.waitUntil(lambda: gone.open_button.text().startswith("Gone\nmissing ·"))
    assert not gone.open_button.isEnabled()
    assert gone.open_button.accessibleName() == "Open Gone, missing"
    assert there.open_button.isEnabled()
    assert there.open_button.accessibleName() == "Open Small plan"


def test_a_read_only_plan_is_marked(tmp_path: Path) -> None:
    path = tmp_path / "Plan.cypp"
    path.touch()
    assert file_state(path) == "ok"
    path.chmod(0o400)
    assert file_state(path) == "read-only"


def test_a_read_only_plan_can_still_be_opened(make_window: Make, tmp_path: Path) -> None:
    window = make_window(settings=settings_with(tmp_path / "Plan.cypp"))
    (row,) = window.start_page.rows()
    row.mark("read-only")
    assert "read-only" in row.open_button.text()
    assert row.open_button.isEnabled()


def test_pressing_a_recent_plan_opens_it(make_window: Make, qtbot: QtBot, plan_file: Path) -> None:
    window = make_window(settings=settings_with(plan_file))
    with qtbot.waitSignal(window.opening_ended):
        window.start_page.rows()[0].open_button.click()
    assert window.document.path == plan_file


@pytest.mark.parametrize("by", ["button", "key"])
def test_a_plan_is_taken_off_the_list_and_stays_where_it_is(
    make_window: Make, qtbot: QtBot, plan_file: Path, tmp_path: Path, by: str
) -> None:
    window = make_window(settings=settings_with(plan_file, tmp_path / "Other.cypp"))
    row = window.start_page.rows()[0]
    if by == "button":
        row.remove_button.click()
    else:
        qtbot.keyClick(row.open_button, Qt.Key.Key_Delete)
    assert [row.path for row in window.start_page.rows()] == [tmp_path / "Other.cypp"]
    assert preferences.load().recent_files == [str(tmp_path / "Other.cypp")]
    assert plan_file.exists()


def test_the_file_menu_lists_recent_plans_too(make_window: Make, qtbot: QtBot, plan_file: Path) -> None:
    window = make_window(settings=settings_with(plan_file))
    (action,) = window.menus.menus["recent"].actions()
    with qtbot.waitSignal(window.opening_ended):
        action.trigger()
    assert window.document.path == plan_file


def test_without_recent_plans_there_is_no_heading_for_them(make_window: Make) -> None:
    window = make_window()
    assert window.start_page.rows() == []
    assert not window.menus.menus["recent"].isEnabled()
