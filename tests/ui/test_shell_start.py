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
from cypp_desktop.ui import single_window
from cypp_desktop.ui.app import plan_of_last_time

LATER = ("cypp_desktop.ui.returns.page", "cypp_desktop.ui.returns.return_bar", "cypp_desktop.merge")
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


def out_of_the_way(folder: Path, why: str) -> Path:
    """A plan's path at which no file can be looked at."""
    if why == "too long a folder":
        return folder / ("x" * 300) / "Plan.cypp"
    if why == "too long a path":
        return Path(folder, *["y" * 200] * 30, "Plan.cypp")
    if why == "a file for a folder":
        (folder / "file").touch()
        return folder / "file" / "Plan.cypp"
    if why == "links in a circle":
        (folder / "circle").symlink_to(folder / "circle")
        return folder / "circle" / "Plan.cypp"
    if why == "a pipe":
        os.mkfifo(folder / "Pipe.cypp")
        return folder / "Pipe.cypp"
    return Path("/Plan\0.cypp" if why == "a zero in the name" else "/Plan\ud800.cypp")


OUT_OF_THE_WAY = ["too long a folder", "too long a path", "a file for a folder"]
if sys.platform != "win32":
    OUT_OF_THE_WAY += ["links in a circle", "a pipe"]


@pytest.mark.parametrize("why", OUT_OF_THE_WAY)
def test_a_plan_named_that_cannot_be_looked_at_is_said_in_the_window(tmp_path: Path, why: str) -> None:
    done = start(str(out_of_the_way(tmp_path, why)))
    assert (done.returncode, done.stdout.split()) == (1, ["failed"])
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("why", [*OUT_OF_THE_WAY, "a zero in the name", "half a letter in the name"])
def test_a_last_plan_that_cannot_be_looked_at_is_said_in_the_window(tmp_path: Path, why: str) -> None:
    path = str(out_of_the_way(tmp_path, why))
    preferences.save(Settings(last_file=path, recent_files=[path]))
    done = start()
    assert (done.returncode, done.stdout.split()) == (1, ["failed"])
    assert "Traceback" not in done.stderr
    assert preferences.load().recent_files == [path]


@pytest.mark.parametrize(
    "stored",
    [
        "[" * 100_000,
        "nonsense",
        '{"window": {"geometry": "\\ud800", "splitters": {"plan": [1e400, 10000000000000000000000]}}}',
        '{"theme": [], "text_scale": "x", "sessions": 7, "recent_files": {"a": 1}, "last_file": []}',
        '{"sessions": {"a": {"expanded": 1, "selected": [], "printing": []}}, "last_folder": "\\u0000"}',
    ],
    ids=["nested", "no JSON", "no sizes", "wrong kinds", "wrong kinds within"],
)
def test_damaged_preferences_do_not_prevent_a_start(own_home: Path, stored: str) -> None:
    folder = own_home / "config"
    folder.mkdir(parents=True)
    (folder / "settings.json").write_text(stored)
    done = start()
    assert (done.returncode, done.stdout.split()) == (0, ["ready"])
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("kind", ["config", "data", "log"])
def test_a_home_that_cannot_be_used_does_not_prevent_a_start(own_home: Path, kind: str) -> None:
    own_home.mkdir(parents=True)
    (own_home / kind).write_text("a file in the way")
    done = start()
    assert (done.returncode, done.stdout.split()) == (0, ["ready"])
    assert "Traceback" not in done.stderr


def test_the_rows_are_on_the_screen_before_anything_heavy_is_loaded(plan_file: Path) -> None:
    done = start(str(plan_file), code=AT_THE_FIRST_PAINT)
    assert done.stdout.split() == ["loaded:", "ready"]


def test_the_plan_of_last_time_is_opened_again(plan_file: Path, own_home: Path) -> None:
    assert start(str(plan_file)).returncode == 0
    assert preferences.load().last_file == str(plan_file)
    done = start()
    assert done.stdout.split() == ["shown", "ready"]


@pytest.mark.parametrize("why", ["not wanted", "shown by another window"])
def test_the_plan_of_last_time_is_left_alone(plan_file: Path, qapp: object, why: str) -> None:
    settings = Settings(last_file=str(plan_file), reopen_last=why != "not wanted")
    claim = single_window.PlanWindowClaim()
    if why == "shown by another window":
        claim.claim(plan_file)
    assert plan_of_last_time(settings) is None
    claim.release()


@pytest.mark.parametrize("way", ["its path", "a link"])
def test_a_second_start_with_the_same_plan_ends_at_once_and_calls_the_first(
    plan_file: Path, tmp_path: Path, qapp: object, qtbot: QtBot, way: str
) -> None:
    named = plan_file
    if way == "a link":
        named = tmp_path / "link.cypp"
        try:
            named.symlink_to(plan_file)
        except OSError:
            pytest.skip("links cannot be made here")
    claim = single_window.PlanWindowClaim()
    claim.claim(plan_file)
    second = QProcess()
    environment = QProcessEnvironment.systemEnvironment()
    environment.insert("CYPP_DESKTOP_QUIT_AFTER_START", "1")
    second.setProcessEnvironment(environment)
    with qtbot.waitSignals([claim.wanted, second.finished], timeout=20_000):
        second.start(sys.executable, ["-m", "cypp_desktop", str(named)])
    assert (second.exitCode(), second.readAllStandardOutput().data()) == (0, b"")
    claim.release()
