"""A plan's share is out of reach: the window is there at once, says so, and nobody waits for the share."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from cypp_desktop import settings as preferences
from cypp_desktop.settings import Settings
from cypp_desktop.store import timeouts
from cypp_desktop.store.plan_file import OpenPlan
from cypp_desktop.ui.app import Start
from cypp_desktop.ui.folders import begins_in, is_folder
from cypp_desktop.ui.plan_file_tasks import look
from cypp_desktop.ui.start_page import file_state
from tests.store.away_share import NOT_THERE, OUT_OF_REACH, AwayShare
from tests.ui.simple_parts import opened, retitle
from tests.ui.test_shell_files import banner, killed_while_editing, press, title_in

Make = Callable[..., Any]


@pytest.fixture
def share(plan_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AwayShare]:
    folder = tmp_path / "share"
    folder.mkdir()
    plan_file.rename(folder / "Ours.cypp")
    # a moment is over sooner here than for a person
    monkeypatch.setattr(timeouts, "SECONDS", 0.2)
    monkeypatch.setattr("cypp_desktop.ui.plan_opener.PATIENCE", 1)
    monkeypatch.setattr("cypp_desktop.ui.plan_opener.PATIENCE_WHILE_OPENING", 1)
    share = AwayShare(folder, monkeypatch)
    yield share
    share.comes_back()


@pytest.fixture
def ours(share: AwayShare) -> Path:
    return share.folder / "Ours.cypp"


@pytest.fixture
def another(tmp_path: Path) -> Path:
    path = tmp_path / "Another.cypp"
    with OpenPlan.create(path, title="Another plan", author="Ann") as plan:
        plan.publish()
    return path


def started(window: Any, last: Path | None = None, named: Path | None = None) -> Start:
    start = Start(window, named, last)
    start.begin()
    return start


def asked_on_main(share: AwayShare) -> bool:
    return threading.main_thread() in share.askers


@pytest.mark.parametrize("error", [*OUT_OF_REACH, *NOT_THERE])
def test_the_window_says_that_the_last_plan_is_out_of_reach(
    make_window: Make, qtbot: QtBot, share: AwayShare, ours: Path, error: str
) -> None:
    share.fails_with({**OUT_OF_REACH, **NOT_THERE}[error])
    window = make_window(settings=Settings(recent_files=[str(ours)]))
    with qtbot.waitSignal(window.opening_ended) as ended:
        started(window, ours)
    assert ended.args == [False]
    message = banner(window, "problem")
    assert message.text.startswith("The plan that was open last is out of reach. “Ours.cypp” ")
    assert window.stack.currentWidget() is window.start_page
    assert not asked_on_main(share)
    share.comes_back()
    with qtbot.waitSignal(window.opening_ended) as ended:
        press(message, "Try again")
    assert ended.args == [True]
    assert window.document.path == ours
    assert "problem" not in window.banners.messages()


@pytest.mark.parametrize("error", [*OUT_OF_REACH, *NOT_THERE])
def test_each_place_of_the_window_bears_what_the_disk_says(share: AwayShare, ours: Path, error: str) -> None:
    share.fails_with({**OUT_OF_REACH, **NOT_THERE}[error])
    assert file_state(ours) == ("missing" if error in NOT_THERE else "out of reach")
    assert not is_folder(ours.parent)
    assert begins_in(ours.parent) != ours.parent
    seen = look(ours, progress=None)  # type: ignore[arg-type]
    assert (seen.plan_id, seen.outline) == (None, None)


def test_while_the_last_plan_does_not_answer_the_window_can_be_used(
    make_window: Make, qtbot: QtBot, share: AwayShare, ours: Path, another: Path
) -> None:
    share.falls_silent()
    window = make_window(settings=Settings(recent_files=[str(ours), str(another)]))
    started(window, ours)
    qtbot.waitUntil(lambda: "silent" in window.banners.messages())
    assert "“Ours.cypp” does not answer yet" in banner(window, "silent").text
    assert window.stack.currentWidget() is window.start_page
    opened(qtbot, window, another)
    assert "silent" not in window.banners.messages()
    retitle(window.document, "Edited meanwhile")
    assert window.close()
    assert title_in(another) == "Edited meanwhile"
    assert not asked_on_main(share)


def test_a_plan_opens_as_soon_as_its_share_answers(
    make_window: Make, qtbot: QtBot, share: AwayShare, ours: Path
) -> None:
    share.falls_silent()
    window = make_window()
    started(window, ours)
    qtbot.waitUntil(lambda: "silent" in window.banners.messages())
    with qtbot.waitSignal(window.opening_ended) as ended:
        share.comes_back()
    assert ended.args == [True]
    assert window.document.path == ours
    assert not window.banners.messages()


@pytest.mark.parametrize("then", ["nothing", "another plan"])
def test_a_plan_that_nobody_waits_for_any_more_does_not_come_up(
    make_window: Make, qtbot: QtBot, share: AwayShare, ours: Path, another: Path, then: str
) -> None:
    share.falls_silent()
    window = make_window()
    started(window, ours)
    qtbot.waitUntil(lambda: "silent" in window.banners.messages())
    press(banner(window, "silent"), "Stop waiting")
    assert not window.banners.messages()
    if then == "another plan":
        opened(qtbot, window, another)
    share.comes_back()
    qtbot.waitUntil(lambda: not window.tasks.running)
    assert (window.document.path if window.document else None) == (
        another if then == "another plan" else None
    )


def test_a_share_that_falls_silent_while_a_plan_is_opened_is_told_of_and_can_be_left(
    make_window: Make, qtbot: QtBot, share: AwayShare, ours: Path
) -> None:
    window = make_window()
    window.outline_shown.connect(share.falls_silent)
    with qtbot.waitSignal(window.outline_shown):
        window.open_plan(ours)
    qtbot.waitUntil(lambda: "silent" in window.banners.messages())
    assert window.stack.currentWidget() is not window.start_page, "its rows can be read meanwhile"
    press(banner(window, "silent"), "Stop waiting")
    assert window.stack.currentWidget() is window.start_page
    assert window.close()


def test_an_opening_that_is_given_up_leaves_the_plan_to_others(
    make_window: Make, qtbot: QtBot, share: AwayShare, ours: Path, another: Path
) -> None:
    window = make_window()
    window.outline_shown.connect(share.falls_silent)
    with qtbot.waitSignal(window.outline_shown):
        window.open_plan(ours)
    opened(qtbot, window, another)
    share.comes_back()
    qtbot.waitUntil(lambda: not window.tasks.running)
    assert [each.name for each in share.folder.iterdir()] == ["Ours.cypp"]
    with OpenPlan.open(ours, author="Ann") as plan:
        assert not plan.working.read_only


def test_recent_plans_are_marked_each_by_itself(
    make_window: Make, qtbot: QtBot, share: AwayShare, ours: Path, another: Path, tmp_path: Path
) -> None:
    share.falls_silent()
    window = make_window(settings=Settings(recent_files=[str(ours), str(tmp_path / "Gone.cypp")]))
    waits, gone = window.start_page.rows()
    qtbot.waitUntil(lambda: gone.open_button.text().startswith("Gone\nmissing ·"))
    assert waits.open_button.isEnabled()
    window.show_start_page()
    assert len(share.askers) == 1, "what does not answer is not asked again and again"
    assert window.close()


def test_a_recent_plan_out_of_reach_is_marked_and_can_be_tried(
    make_window: Make, qtbot: QtBot, share: AwayShare, ours: Path
) -> None:
    share.fails_with(OUT_OF_REACH["EHOSTDOWN"])
    window = make_window(settings=Settings(recent_files=[str(ours)]))
    (row,) = window.start_page.rows()
    qtbot.waitUntil(lambda: "out of reach just now" in row.open_button.text())
    assert row.open_button.isEnabled()
    with qtbot.waitSignal(window.opening_ended):
        row.open_button.click()
    assert "cannot be reached" in banner(window, "problem").text
    assert "open last" not in banner(window, "problem").text


def test_what_was_left_of_a_plan_can_be_gone_on_with_while_its_share_does_not_answer(
    make_window: Make, qtbot: QtBot, share: AwayShare, ours: Path
) -> None:
    killed_while_editing(ours)
    share.falls_silent()
    window = make_window("keep")
    started(window, ours)
    qtbot.waitUntil(lambda: len(window.banners.messages()) == 2)
    (left,) = [each for each in window.banners.messages().values() if "kept on this laptop" in each.text]
    with qtbot.waitSignal(window.opening_ended) as ended:
        press(left, "Open them")
    assert ended.args == [True]
    assert window.document.title == "Not yet published"
    retitle(window.document, "Still not published")
    assert window.close()
    assert "cannot be reached" in window.dialogs.asked[0]


def test_a_plan_whose_share_falls_silent_is_closed_without_waiting(
    make_window: Make, qtbot: QtBot, share: AwayShare, ours: Path
) -> None:
    window = make_window()
    opened(qtbot, window, ours)
    share.falls_silent()
    assert window.close()
    assert window.dialogs.asked == []


WAITS_FOR_EVER = """
import os, sys, threading
from PySide6.QtCore import QTimer
from cypp_desktop.store.disk import FileSystem
never = threading.Event()
def say(words):
    os.write(1, f"{words}\\n".encode())  # a whole line at once: other threads say theirs
def wait(*asked):
    on_main = threading.current_thread() is threading.main_thread()
    say("asked on the main thread" if on_main else "asked")
    never.wait()
FileSystem.stat = FileSystem.resolve = wait
from cypp_desktop.ui import app
load = app.Start._load
def shown(self):
    say("shown" if self._window.isVisible() else "hidden")
    self._window.file_silent.connect(self._window.close)
    load(self)
    if len(sys.argv) == 1 and self._last is None:
        QTimer.singleShot(0, self._window.close)
app.Start._load = shown
sys.exit(app.run(sys.argv[1:]))
"""


@pytest.mark.parametrize("which", ["last plan", "plan named", "recent plan"])
def test_the_process_ends_though_a_share_never_answers(tmp_path: Path, own_home: Path, which: str) -> None:
    path = tmp_path / "Plan.cypp"
    preferences.save(
        Settings(last_file=str(path), recent_files=[str(path)], reopen_last=which == "last plan")
    )
    done = subprocess.run(
        [sys.executable, "-c", WAITS_FOR_EVER, *([str(path)] if which == "plan named" else [])],
        env=dict(os.environ),
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stdout.splitlines()
    assert (done.returncode, {*said}) == (0, {"shown", "asked"}), done.stderr
    assert which == "recent plan" or said[0] == "shown"
