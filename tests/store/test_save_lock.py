"""The lock beside a plan, where files cannot change names in one step: it goes by itself, or is told of."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cypp_desktop.errors import FileProblem
from cypp_desktop.store import companion_files, save_lock
from cypp_desktop.store.disk import DISK, FileSystem
from cypp_desktop.store.processes import is_running
from cypp_desktop.store.publish import publish
from cypp_desktop.store.working_copy import WorkingCopy
from tests.store.small_plan import edit, litter, numbers_in, write_plan


class Refusing(FileSystem):
    """A disk that cannot change two names in one step."""

    def exchange(self, one: Path, other: Path) -> None:
        raise OSError(22, "Invalid argument")


@pytest.fixture(autouse=True)
def _little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(save_lock, "PATIENCE", 0.05)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    (tmp_path / "share").mkdir()
    return write_plan(tmp_path / "share" / "x.cypp", 1)


def ended_process() -> int:
    done = subprocess.Popen([sys.executable, "-c", ""])
    done.wait()
    return done.pid


def leave_lock(plan: Path, data: Path, *, pid: int, machine: str | None = None) -> Path:
    """A lock as a save makes it, by Cath at another desk or at this one."""
    path = companion_files.lock_name(plan)
    said = {"who": "Cath", "since": DISK.now().isoformat(), "working": "w", "token": "t", "pid": pid}
    said |= {"boot": save_lock._this_boot(), **companion_files.here(data)}
    if machine is not None:
        said["machine"] = machine
    path.write_text(json.dumps(said))
    return path


def save(plan: Path, data: Path, fs: FileSystem) -> None:
    with WorkingCopy.open(plan, data, fs=fs) as working:
        edit(working, 2)
        try:
            publish(working)
        except FileProblem:
            working.discard()
            raise


@pytest.mark.parametrize("fs", [DISK, Refusing()], ids=["swaps", "refuses"])
def test_a_lock_whose_process_is_no_more_goes_at_once(plan: Path, data: Path, fs: FileSystem) -> None:
    leave_lock(plan, data, pid=ended_process())
    save(plan, data, fs)
    assert numbers_in(plan) == [1, 2] and litter(plan.parent) == []


@pytest.mark.parametrize("fs", [DISK, Refusing()], ids=["swaps", "refuses"])
def test_a_lock_of_another_machine_is_waited_for_and_told_of(plan: Path, data: Path, fs: FileSystem) -> None:
    path = leave_lock(plan, data, pid=ended_process(), machine="another")
    with pytest.raises(FileProblem, match=r"Cath on another is saving it.*Nothing is lost.*delete the file"):
        save(plan, data, fs)
    assert path.exists() and numbers_in(plan) == [1]


@pytest.mark.parametrize("fs", [DISK, Refusing()], ids=["swaps", "refuses"])
def test_an_old_lock_goes_by_the_clock_of_the_disk(plan: Path, data: Path, fs: FileSystem) -> None:
    path = leave_lock(plan, data, pid=1, machine="another")
    long_ago = path.stat().st_mtime - save_lock.STALE - 1
    os.utime(path, (long_ago, long_ago))
    save(plan, data, fs)
    assert numbers_in(plan) == [1, 2] and litter(plan.parent) == []


def test_what_is_no_lock_of_ours_goes_when_it_is_old(plan: Path, data: Path) -> None:
    path = companion_files.lock_name(plan)
    path.write_bytes(b"\xff")
    with pytest.raises(FileProblem, match="someone else is saving it"):
        save(plan, data, Refusing())
    os.utime(path, (0, 0))
    save(plan, data, Refusing())
    assert litter(plan.parent) == []


def test_a_lock_made_meanwhile_is_not_taken_away_with_one_that_was_left(plan: Path, data: Path) -> None:
    path = leave_lock(plan, data, pid=ended_process())

    class MadeMeanwhile(Refusing):
        def write_new(self, name: Path, content: bytes) -> None:
            super().write_new(name, content)
            if name.name.endswith(".clearing"):
                path.write_text(json.dumps({"token": "of another, who saves just now"}))

    with pytest.raises(FileProblem):
        save(plan, data, MadeMeanwhile())
    assert "of another" in path.read_text()


def test_a_save_whose_lock_was_taken_from_it_does_not_go_on(plan: Path, data: Path) -> None:
    class Taken(Refusing):
        times = 0

        def write_new(self, name: Path, content: bytes) -> None:
            super().write_new(name, content)
            self.times += 1
            if self.times == 1:
                name.unlink()

    fs = Taken()
    save(plan, data, fs)
    assert fs.times == 2 and numbers_in(plan) == [1, 2]


def test_a_process_is_told_from_one_that_has_ended() -> None:
    assert is_running(os.getpid())
    assert not is_running(ended_process())
    assert not is_running(0)
    waiting = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    assert is_running(waiting.pid)
    waiting.kill()
    waiting.communicate()
    assert not is_running(waiting.pid)
