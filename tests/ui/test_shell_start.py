"""The start of the application: quick to the first window, on the plan named or the one of last time."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QProcess, QProcessEnvironment
from pytestqt.qtbot import QtBot

from cypp_desktop import settings as preferences
from cypp_desktop.settings import Settings
from cypp_desktop.ui import single
from cypp_desktop.ui.app import plan_of_last_time

LATER = ("cypp_desktop.ui.returns.place", "cypp_desktop.ui.returns.bar", "cypp_desktop.merge")
LIBRARIES = ("sqlalchemy", "reportlab", "docx", "pikepdf", "markdown_it")
OF_QT = ("PySide6.QtNetwork", "PySide6.QtPdf")
HEAVY = (*LATER, *LIBRARIES, *OF_QT)

AT_THE_FIRST_PAINT = f"""
import sys
from cypp_desktop.ui import app
def shown(self):
    loaded = [name for name in {HEAVY!r} if name in sys.modules]
    print("loaded:", *loaded, flush=True)
app.Start._outline_shown = shown
sys.exit(app.run(sys.argv[1:]))
"""


def start(*words: str, code: str | None = None) -> subprocess.CompletedProcess[str]:
    """The application started and ended as soon as it is ready."""
    program = ["-c", code] if code else ["-m", "cypp_desktop"]
    return subprocess.run(
        [sys.executable, *program, *words],
        env={**os.environ, "CYPP_DESKTOP_QUIT_AFTER_START": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_opens_the_plan_named_says_ready_and_ends(plan_file: Path) -> None:
    done = start(str(plan_file))
    assert (done.returncode, done.stdout.split()) == (0, ["shown", "ready"])


def test_without_a_plan_it_shows_the_start_page(own_home: Path) -> None:
    done = start()
    assert (done.returncode, done.stdout.split()) == (0, ["ready"])


def test_a_plan_that_is_not_there_ends_the_proof_with_a_failure(tmp_path: Path) -> None:
    done = start(str(tmp_path / "Gone.cypp"))
    assert (done.returncode, done.stdout.split()) == (1, ["failed"])


def test_the_rows_are_on_the_screen_before_anything_heavy_is_loaded(plan_file: Path) -> None:
    done = start(str(plan_file), code=AT_THE_FIRST_PAINT)
    assert done.stdout.split() == ["loaded:", "ready"]


def test_the_plan_of_last_time_is_opened_again(plan_file: Path, own_home: Path) -> None:
    assert start(str(plan_file)).returncode == 0
    assert preferences.load().last_file == str(plan_file)
    done = start()
    assert done.stdout.split() == ["shown", "ready"]


@pytest.mark.parametrize("why", ["not wanted", "gone", "shown by another window"])
def test_the_plan_of_last_time_is_left_alone(plan_file: Path, qapp: object, why: str) -> None:
    settings = Settings(last_file=str(plan_file), reopen_last=why != "not wanted")
    claim = single.PlanWindowClaim()
    if why == "gone":
        plan_file.unlink()
    elif why == "shown by another window":
        claim.claim(plan_file)
    assert plan_of_last_time(settings) is None
    claim.release()


def test_a_second_start_with_the_same_plan_ends_at_once_and_calls_the_first(
    plan_file: Path, qapp: object, qtbot: QtBot
) -> None:
    claim = single.PlanWindowClaim()
    claim.claim(plan_file)
    second = QProcess()
    environment = QProcessEnvironment.systemEnvironment()
    environment.insert("CYPP_DESKTOP_QUIT_AFTER_START", "1")
    second.setProcessEnvironment(environment)
    with qtbot.waitSignals([claim.wanted, second.finished], timeout=20_000):
        second.start(sys.executable, ["-m", "cypp_desktop", str(plan_file)])
    assert (second.exitCode(), second.readAllStandardOutput().data()) == (0, b"")
    claim.release()
