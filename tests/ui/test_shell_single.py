"""One plan, one window on one machine: a second start brings the first window forward."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, QProcess
from pytestqt.qtbot import QtBot

from cypp_desktop.ui import single
from cypp_desktop.ui.single import PlanWindowClaim
from tests.ui.simple_parts import opened

Make = Callable[..., Any]

ASK = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from cypp_desktop.ui import single
app = QCoreApplication(sys.argv)
sys.exit(0 if single.bring_forward(Path(sys.argv[1])) else 1)
"""


@pytest.fixture
def claim(qapp: object) -> Iterator[PlanWindowClaim]:
    made = PlanWindowClaim()
    yield made
    made.release()


def ask_from_another_process(qtbot: QtBot, plan: Path) -> int:
    process = QProcess()
    with qtbot.waitSignal(process.finished, timeout=20_000):
        process.start(sys.executable, ["-c", ASK, str(plan)])
    return process.exitCode()


def test_a_second_start_calls_the_first_window(claim: PlanWindowClaim, qtbot: QtBot, plan_file: Path) -> None:
    claim.claim(plan_file)
    with qtbot.waitSignal(claim.wanted):
        assert ask_from_another_process(qtbot, plan_file) == 0


def test_a_plan_without_a_window_is_not_brought_forward(plan_file: Path, claim: PlanWindowClaim) -> None:
    assert not single.bring_forward(plan_file)
    claim.claim(plan_file)
    claim.release()
    assert not single.has_window(plan_file)
    assert not single.bring_forward(plan_file)


def test_a_window_that_was_killed_is_not_waited_for(plan_file: Path, qapp: QObject) -> None:
    code = (
        "import os, sys; from pathlib import Path; from PySide6.QtCore import QCoreApplication;"
        "from cypp_desktop.ui.single import PlanWindowClaim; app = QCoreApplication([]);"
        "claim = PlanWindowClaim(); claim.claim(Path(sys.argv[1])); os._exit(9)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(plan_file)], check=False)
    assert done.returncode == 9
    assert not single.has_window(plan_file)
    assert not single.bring_forward(plan_file)
    claim = PlanWindowClaim()
    claim.claim(plan_file)
    assert claim.plan == plan_file
    claim.release()


def test_a_plan_is_the_same_however_its_path_is_written(
    plan_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(plan_file.parent)
    detour = plan_file.parent / "x" / ".." / plan_file.name
    assert single.key_of(Path(plan_file.name)) == single.key_of(plan_file) == single.key_of(detour)


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_link_to_a_plan_is_that_plan(plan_file: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.cypp"
    link.symlink_to(plan_file)
    assert single.key_of(link) == single.key_of(plan_file)


def test_no_name_of_a_plan_stands_in_the_runtime_folder(claim: PlanWindowClaim, plan_file: Path) -> None:
    claim.claim(plan_file)
    folder = single.runtime_folder()
    assert folder is not None
    names = [each.name for each in folder.iterdir()]
    assert names
    assert not [name for name in names if "small" in name.lower()]


def test_where_there_is_no_private_folder_the_plan_opens_all_the_same(
    make_window: Make, qtbot: QtBot, plan_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "a file, not a folder"
    blocked.touch()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(blocked))
    monkeypatch.setattr("tempfile.tempdir", str(blocked))
    assert single.runtime_folder() is None
    window = make_window()
    opened(qtbot, window, plan_file)
    assert not single.has_window(plan_file)
    assert window.close()


def test_the_runtime_folder_is_closed_to_others(plan_file: Path) -> None:
    folder = single.runtime_folder()
    assert folder is not None
    assert sys.platform == "win32" or folder.stat().st_mode & 0o077 == 0


def test_the_window_claims_its_plan_while_it_is_open(
    make_window: Make, qtbot: QtBot, plan_file: Path
) -> None:
    window = make_window()
    opened(qtbot, window, plan_file)
    assert window.isVisible()
    window.showMinimized()
    assert ask_from_another_process(qtbot, plan_file) == 0
    qtbot.waitUntil(lambda: not window.isMinimized())
    window.menus.actions["close"].trigger()
    assert not single.has_window(plan_file)
