"""One plan, one window on one machine: a second start brings the first window forward."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, QProcess
from pytestqt.qtbot import QtBot

from cypp_desktop.ui import single_window
from cypp_desktop.ui.single_window import PlanWindowClaim
from tests.ui.simple_parts import opened

Make = Callable[..., Any]

ASK = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from cypp_desktop.ui import single_window
app = QCoreApplication(sys.argv)
sys.exit(0 if single_window.bring_forward(Path(sys.argv[1])) else 1)
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
    assert not single_window.bring_forward(plan_file)
    claim.claim(plan_file)
    claim.release()
    assert not single_window.has_window(plan_file)
    assert not single_window.bring_forward(plan_file)


def test_a_window_that_was_killed_is_not_waited_for(plan_file: Path, qapp: QObject) -> None:
    code = (
        "import os, sys; from pathlib import Path; from PySide6.QtCore import QCoreApplication;"
        "from cypp_desktop.ui.single_window import PlanWindowClaim; app = QCoreApplication([]);"
        "claim = PlanWindowClaim(); claim.claim(Path(sys.argv[1])); os._exit(9)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(plan_file)], check=False)
    assert done.returncode == 9
    assert not single_window.has_window(plan_file)
    assert not single_window.bring_forward(plan_file)
    claim = PlanWindowClaim()
    claim.claim(plan_file)
    assert claim.plan == plan_file
    claim.release()


def test_a_plan_is_called_by_its_path_and_the_disk_is_not_asked(
    plan_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked(*_: object, **__: object) -> None:
        raise AssertionError("a share that does not answer would be waited for")

    single_window.key_of(plan_file)  # makes the data folder
    monkeypatch.chdir(plan_file.parent)
    for question in ("lstat", "readlink"):
        monkeypatch.setattr(os, question, asked)
    assert single_window.key_of(Path(plan_file.name)) == single_window.key_of(plan_file)


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_plan_opened_by_a_link_is_called_by_its_own_path_too(
    make_window: Make, qtbot: QtBot, plan_file: Path, tmp_path: Path
) -> None:
    link = tmp_path / "link.cypp"
    link.symlink_to(plan_file)
    window = make_window()
    opened(qtbot, window, link)
    assert ask_from_another_process(qtbot, link) == 0
    assert ask_from_another_process(qtbot, plan_file) == 0


def test_a_name_that_is_no_text_has_a_key_like_any_other() -> None:
    names = [os.fsdecode(b"/plans/caf\xe9.cypp"), "/plans/\ud800.cypp", "/plans/\0.cypp", "/" + "x" * 5000]
    assert len({single_window.key_of(Path(name)) for name in names}) == len(names)


def test_no_name_of_a_plan_stands_in_the_runtime_folder(claim: PlanWindowClaim, plan_file: Path) -> None:
    claim.claim(plan_file)
    folder = single_window.runtime_folder()
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
    assert single_window.runtime_folder() is None
    window = make_window()
    opened(qtbot, window, plan_file)
    assert not single_window.has_window(plan_file)
    assert window.close()


def test_the_runtime_folder_is_closed_to_others(plan_file: Path) -> None:
    folder = single_window.runtime_folder()
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
    assert not single_window.has_window(plan_file)
