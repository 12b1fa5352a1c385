"""Every window can be used by ear and by keyboard: all controls have names, and Tab comes to all of them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from cypp_desktop.settings import Settings
from cypp_desktop.ui.backups_dialog import BackupsDialog
from cypp_desktop.ui.banner import BannerAction
from cypp_desktop.ui.help_dialogs import KeysDialog
from cypp_desktop.ui.preferences import PreferencesDialog
from cypp_desktop.ui.theme import Theme
from tests.ui.returns_plan import window_on, write_return
from tests.ui.scripted import accessible_name, controls, nameless, unreachable
from tests.ui.simple_parts import opened

Make = Callable[..., Any]


def assert_usable(window: QWidget) -> None:
    assert controls(window), "nothing in this window takes the keyboard"
    assert nameless(window) == []
    assert unreachable(window) == []


def test_the_walk_finds_a_control_without_a_name(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    QLineEdit(window)
    window.show()
    assert nameless(window) == ["QLineEdit in QWidget"]


def test_the_walk_finds_a_control_that_tab_never_reaches(qtbot: QtBot) -> None:
    class Greedy(QWidget):
        def focusNextPrevChild(self, forward: bool) -> bool:
            return True

    window = Greedy()
    qtbot.addWidget(window)
    line = QLineEdit(window)
    line.setAccessibleName("Out of reach")
    window.show()
    assert unreachable(window) == ["Out of reach"]


def test_the_start_page(make_window: Make, plan_file: Path, tmp_path: Path) -> None:
    files = [str(plan_file), str(tmp_path / "Gone.cypp")]
    assert_usable(make_window(settings=Settings(recent_files=files)))


def test_a_window_with_a_plan_messages_and_work(make_window: Make, qtbot: QtBot, plan_file: Path) -> None:
    window = make_window()
    opened(qtbot, window, plan_file)
    for kind in ("info", "warning", "problem"):
        window.banners.show_message(kind, f"A {kind}", [BannerAction(f"Act on the {kind}", window.repaint)])
    assert_usable(window)


def test_every_place_of_the_rail(make_window: Make, qtbot: QtBot, plan_file: Path) -> None:
    window = make_window()
    opened(qtbot, window, plan_file)
    for key in window.rail.buttons:
        window.show_page(key)
        assert_usable(window)


@pytest.fixture
def sample_window(make_window: Make, qtbot: QtBot) -> Any:
    """The application's own parts, on the sample plan."""
    window = make_window(real=True)
    with qtbot.waitSignal(window.opening_ended, timeout=20_000):
        window.start_page.buttons["sample"].click()
    return window


def test_the_panels_of_every_kind_of_row(sample_window: Any, qtbot: QtBot) -> None:
    from cypp_desktop.plan.outline import read_outline
    from cypp_desktop.store.disk import connect

    with closing(connect(sample_window.document.working_path)) as db:
        outline = read_outline(db)
    texts, names = (outline.sections, outline.recommendations), (outline.organisations, outline.people)
    priority = outline.priorities[0]
    outcome = priority.children[0]
    firsts = [priority, outcome, outcome.children[0]]
    firsts += [rows[0] for rows in (*texts, *names, outline.rounds) if rows]
    assert len(firsts) > 5
    for row in firsts:
        sample_window.go_to(row.row_type, row.id)
        assert sample_window.tree.selected_row() == (row.row_type, row.id)
        assert nameless(sample_window) == [], row.row_type
        assert unreachable(sample_window) == [], row.row_type


def test_every_place_of_the_application(sample_window: Any) -> None:
    for key in sample_window.rail.buttons:
        sample_window.show_page(key)
        assert_usable(sample_window)


def test_the_issue_desk(sample_window: Any) -> None:
    sample_window.menus.actions["send returns"].trigger()
    assert_usable(sample_window)


def test_the_window_of_a_return(make_window: Make, qtbot: QtBot, tmp_path: Path) -> None:
    window = window_on(make_window, qtbot, write_return(tmp_path, covering_note="Please be brief."))
    for row_type, row_id in [(node.row_type, node.id) for node in window.tree.model.root.below()]:
        window.go_to(row_type, row_id)
        assert_usable(window)


def test_no_two_commands_of_the_application_share_a_key(sample_window: Any) -> None:
    keys = [
        sequence.toString()
        for menu in sample_window.menus.menus.values()
        for action in menu.actions()
        for sequence in action.shortcuts()
    ]
    assert sorted(keys) == sorted(set(keys))


@pytest.mark.parametrize("which", ["preferences", "backups", "keys"])
def test_our_dialogs(make_window: Make, qtbot: QtBot, which: str) -> None:
    window = make_window()
    makers: dict[str, Callable[[], QDialog]] = {
        "preferences": lambda: PreferencesDialog(Settings(), window),
        "backups": lambda: BackupsDialog([], can_restore=True, parent=window),
        "keys": lambda: KeysDialog(window.menuBar(), window),
    }
    dialog = makers[which]()
    dialog.show()
    qtbot.waitExposed(dialog)
    assert dialog.windowTitle()
    assert_usable(dialog)


def test_every_menu_and_command_has_words(make_window: Make) -> None:
    window = make_window()
    for menu in window.menus.menus.values():
        assert menu.title()
        for action in menu.actions():
            assert action.isSeparator() or action.text()


def test_a_list_of_commands_gives_each_letter_once(make_window: Make) -> None:
    window = make_window(real=True)
    for menu in (window.menuBar(), *window.menus.menus.values()):
        words = [action.text().replace("&&", "") for action in menu.actions()]
        letters = [text[text.index("&") + 1].lower() for text in words if "&" in text]
        assert len(letters) == len(set(letters)), f"{letters} in {words}"


def test_a_disabled_command_says_so_to_a_screen_reader(make_window: Make) -> None:
    window = make_window()
    assert not window.menus.actions["save"].isEnabled()
    spoken = QAccessible.queryAccessibleInterface(window.menus.menu("&File"))
    states = {
        spoken.child(index).text(QAccessible.Text.Name): spoken.child(index).state().disabled
        for index in range(spoken.childCount())
    }
    assert any(disabled for name, disabled in states.items() if "Save to the file" in name)


def test_at_200_percent_nothing_is_cut_off(sample_window: Any, qtbot: QtBot, appearance: Theme) -> None:
    def cut_off() -> list[str]:
        lines = [each for each in controls(sample_window) if isinstance(each, QLineEdit)]
        assert lines
        return [accessible_name(each) for each in lines if each.height() < each.fontMetrics().height()]

    usual = sample_window.fontMetrics().height()
    appearance.apply("light", 200)
    qtbot.waitUntil(lambda: sample_window.fontMetrics().height() > 1.8 * usual)
    qtbot.waitUntil(lambda: cut_off() == [])
