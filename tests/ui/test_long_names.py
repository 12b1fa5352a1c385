"""The window opens, saves and suggests names as long as the disk takes, in letters of several bytes."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from tests.store.test_long_names import long_name, takes
from tests.ui.simple_parts import opened, retitle
from tests.ui.test_shell_files import banner, title_in

Make = Callable[..., Any]


@pytest.fixture
def long_plan(plan_file: Path) -> Path:
    name = long_name("ŵ", 255)
    if not takes(plan_file.parent, name):
        pytest.skip("this disk takes no such name")
    return plan_file.rename(plan_file.with_name(name))


def test_a_plan_with_the_longest_name_is_opened_edited_and_saved(
    make_window: Make, qtbot: QtBot, long_plan: Path
) -> None:
    window = make_window()
    opened(qtbot, window, long_plan)
    retitle(window.document, "Saved again")
    window.menus.actions["save"].trigger()
    window.document.finish_saving()
    assert title_in(long_plan) == "Saved again"
    assert window.close()
    assert [path.name for path in long_plan.parent.glob("*.cypp")] == [long_plan.name]


@pytest.mark.parametrize("command", ["save as", "save copy"])
def test_what_is_suggested_for_a_plan_with_a_long_name_fits(
    make_window: Make, qtbot: QtBot, long_plan: Path, command: str
) -> None:
    window = make_window(None)
    opened(qtbot, window, long_plan)
    window.menus.actions[command].trigger()
    (suggested, _), *_ = window.dialogs.suggested
    assert suggested.parent == long_plan.parent
    assert len(os.fsencode(suggested.name)) <= 255
    assert suggested.name.endswith(".cypp" if command == "save as" else " copy.cypp")


def test_a_new_plan_with_too_long_a_name_is_refused_and_nothing_is_left(
    make_window: Make, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = tmp_path / "plans"
    folder.mkdir()
    window = make_window(folder / long_name("ŵ", 256))
    with qtbot.waitSignal(window.opening_ended) as ended:
        window.start_page.buttons["new"].click()
    assert ended.args == [False]
    assert "too long" in banner(window, "problem").text
    assert list(folder.iterdir()) == []
