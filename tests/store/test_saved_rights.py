"""A plan's file keeps who may use it when it is saved, and no file is ever open to more people than that."""

from __future__ import annotations

import os
import stat
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cypp_desktop.store import companion_files
from cypp_desktop.store.disk import DISK, FileSystem
from cypp_desktop.store.file_rights import give_rights, rights_of, umask
from cypp_desktop.store.publish import publish, save_as, save_copy
from cypp_desktop.store.working_copy import WorkingCopy
from tests.store.race_worker import RefusingDisk
from tests.store.small_plan import edit, numbers_in, write_plan

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps the rights by itself")

is_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="to give a file away needs root"
)
ACCESS_LIST = "system.posix_acl_access"
#: Two groups and a person that this machine need not know.
GROUP, OTHER_GROUP, PERSON = 54321, 54322, 54323


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    (tmp_path / "plans").mkdir()
    return write_plan(tmp_path / "plans" / "x.cypp", 1)


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def saved(plan: Path, data: Path, fs: FileSystem = DISK) -> None:
    with WorkingCopy.open(plan, data, fs=fs) as working:
        edit(working, 2)
        assert publish(working).written


class Refusing(RefusingDisk):
    """A disk where files are replaced under a lock."""

    def __init__(self) -> None:
        pass

    def pause(self) -> None:
        pass

    def exchange(self, one: Path, other: Path) -> None:
        raise OSError(22, "Invalid argument")


DISKS = pytest.mark.parametrize("fs", [DISK, Refusing()], ids=["swaps", "refuses"])


@DISKS
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o660, 0o664, 0o644, 0o666, 0o604])
def test_the_mode_stays(plan: Path, data: Path, mode: int, fs: FileSystem) -> None:
    plan.chmod(mode)
    saved(plan, data, fs)
    assert mode_of(plan) == mode and numbers_in(plan) == [1, 2]


@is_root
@DISKS
def test_owner_and_group_stay(plan: Path, data: Path, fs: FileSystem) -> None:
    os.chown(plan, PERSON, GROUP)
    plan.chmod(0o660)
    saved(plan, data, fs)
    found = plan.stat()
    assert (found.st_uid, found.st_gid, mode_of(plan)) == (PERSON, GROUP, 0o660)


@is_root
@pytest.mark.parametrize(
    ("mode", "expected"),
    [(0o660, 0o600), (0o640, 0o600), (0o664, 0o644), (0o604, 0o600), (0o644, 0o644), (0o600, 0o600)],
)
def test_where_the_group_cannot_be_kept_nobody_gains_a_right(
    plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: int, expected: int
) -> None:
    os.chown(plan, -1, GROUP)
    plan.chmod(mode)
    fresh = tmp_path / "fresh"
    DISK.create(fresh)

    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "chown", refuse)
    rights = rights_of(plan, DISK)
    assert rights is not None and give_rights(fresh, rights, DISK) is (mode == expected)
    assert mode_of(fresh) == expected


@is_root
def test_people_who_can_no_longer_open_the_plan_are_told_of(
    plan: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.chown(plan, -1, GROUP)
    plan.chmod(0o660)

    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "chown", refuse)
    with WorkingCopy.open(plan, data) as working:
        edit(working, 2)
        result = publish(working)
    assert result.remark is not None and "some people may not be able to open it" in result.message


def access_list(person: int, rights: int, of_group: int, mask: int) -> bytes:
    """A POSIX access list: owner all, one named person, the group, the mask, and nothing for others."""
    undefined = 0xFFFFFFFF
    entries = [(1, 6, undefined), (2, rights, person), (4, of_group, undefined), (16, mask, undefined)]
    entries.append((32, 0, undefined))
    return struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *entry) for entry in entries)


def with_attribute(path: Path, name: str, value: bytes) -> None:
    if sys.platform != "linux":
        pytest.skip("attributes of this kind are of Linux")
    try:
        os.setxattr(path, name, value)
    except OSError:
        pytest.skip("this disk has no such attributes")


@DISKS
def test_a_list_of_people_and_attributes_stay(plan: Path, data: Path, fs: FileSystem) -> None:
    people = access_list(PERSON, 4, 0, 6)
    with_attribute(plan, ACCESS_LIST, people)
    with_attribute(plan, "user.department", b"Children")
    saved(plan, data, fs)
    assert os.getxattr(plan, ACCESS_LIST) == people
    assert os.getxattr(plan, "user.department") == b"Children"


def test_a_list_of_people_that_cannot_be_kept_lets_nobody_else_in(
    plan: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the mode says of the group is the mask of the list: without the list it would be a right."""
    with_attribute(plan, ACCESS_LIST, access_list(PERSON, 6, 0, 6))
    assert mode_of(plan) == 0o660
    with WorkingCopy.open(plan, data) as working:
        edit(working, 2)

        def refuse(*_: object) -> None:
            raise PermissionError(1, "Operation not permitted")

        monkeypatch.setattr(os, "setxattr", refuse)
        publish(working)
    assert mode_of(plan) == 0o600


def test_people_whom_the_folder_lets_in_are_not_let_into_a_file_that_does_not(plan: Path, data: Path) -> None:
    with_attribute(plan.parent, "system.posix_acl_default", access_list(PERSON, 6, 6, 6))
    saved(plan, data)
    with pytest.raises(OSError, match="No data"):
        os.getxattr(plan, ACCESS_LIST)


# ---------------------------------------------------------------------- from the first byte


class Watching(FileSystem):
    """Looks before and after each call whether any file with the plan in it is open to more than it was."""

    def __init__(self, *folders: Path, allowed: int) -> None:
        self.folders, self.allowed = folders, allowed
        self.looked_at: set[str] = set()

    def __getattribute__(self, name: str) -> Any:
        value = super().__getattribute__(name)
        if name in vars(FileSystem) and callable(value) and name != "now":
            return lambda *arguments, **named: self._watched(value, *arguments, **named)
        return value

    def _watched(self, do: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        self.look()
        try:
            return do(*arguments, **named)
        finally:
            self.look()

    def look(self) -> None:
        for folder in self.folders:
            for path in folder.rglob("*"):
                if path.is_file() and b"SQLite" in path.read_bytes()[:16]:
                    self.looked_at.add(path.suffix)
                    assert mode_of(path) & ~self.allowed == 0, f"{path.name}: {mode_of(path):o}"


@pytest.mark.parametrize("refuses", [False, True], ids=["swaps", "refuses"])
def test_no_temporary_of_a_private_plan_is_open_to_others_at_any_moment(
    plan: Path, data: Path, monkeypatch: pytest.MonkeyPatch, refuses: bool
) -> None:
    plan.chmod(0o600)
    watching = Watching(plan.parent, allowed=0o600)
    if refuses:
        monkeypatch.setattr(FileSystem, "exchange", Refusing.exchange)
    with WorkingCopy.open(plan, data, fs=watching) as working:
        edit(working, 2)
        publish(working)
        edit(working, 3)
        someone = write_plan(plan.parent.parent / "theirs", 77)
        someone.chmod(0o600)
        someone.replace(plan)
        assert publish(working).kept_beside
        save_as(working, plan.with_name("y.cypp"))
        save_copy(working, plan.with_name("z.cypp"))
    assert {".saving", ".cypp"} <= watching.looked_at


def test_what_is_on_this_disk_is_open_to_nobody_else(plan: Path, data: Path) -> None:
    with WorkingCopy.open(plan, data) as working:
        edit(working, 2)
        publish(working)
        edit(working, 3)
        files = [path for path in data.rglob("*") if path.is_file()]
        assert files
        for path in files:
            folders = [folder for folder in path.parents if data in folder.parents]
            assert any(not mode_of(each) & 0o077 for each in (path, *folders)), path.name


KILLED = """
import os, signal, sys
from pathlib import Path
from cypp_desktop.store.disk import FileSystem
from cypp_desktop.store.publish import publish
from cypp_desktop.store.working_copy import WorkingCopy
from tests.store.small_plan import edit
os.umask(0o022)
FileSystem.set_mode = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
working = WorkingCopy.open(Path(sys.argv[1]), Path(sys.argv[2]))
edit(working, 2)
publish(working)
"""


def test_a_save_that_is_killed_leaves_nothing_that_others_may_read(plan: Path, data: Path) -> None:
    plan.chmod(0o600)
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", KILLED, str(plan), str(data)], cwd=root, check=False)
    assert done.returncode < 0
    (left,) = [path for path in plan.parent.iterdir() if path.name.endswith(".saving")]
    assert left.stat().st_size > 0 and mode_of(left) == 0o600


# ---------------------------------------------------------------------- new files


@pytest.mark.parametrize("mask", [0o022, 0o027, 0o077, 0o002])
def test_a_new_plan_is_made_as_the_person_makes_files(tmp_path: Path, data: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        target = tmp_path / "new.cypp"
        with WorkingCopy.create(target, lambda path: write_plan(path, 1), data) as working:
            publish(working)
    finally:
        os.umask(before)
    assert mode_of(target) == 0o666 & ~mask


@DISKS
def test_a_copy_of_a_private_plan_is_private(plan: Path, data: Path, fs: FileSystem) -> None:
    plan.chmod(0o600)
    with WorkingCopy.open(plan, data, fs=fs) as working:
        save_copy(working, plan.with_name("copy.cypp"))
        save_as(working, plan.with_name("other.cypp"))
    assert mode_of(plan.with_name("copy.cypp")) == mode_of(plan.with_name("other.cypp")) == 0o600


def test_a_copy_of_an_open_plan_is_as_the_person_makes_files(plan: Path, data: Path) -> None:
    plan.chmod(0o666)
    with WorkingCopy.open(plan, data) as working:
        save_copy(working, plan.with_name("copy.cypp"))
    assert mode_of(plan.with_name("copy.cypp")) == 0o666 & ~umask()


# ---------------------------------------------------------------------- another name


@DISKS
def test_a_hard_link_is_told_of_and_parted(plan: Path, data: Path, fs: FileSystem) -> None:
    other = plan.with_name("other.cypp")
    os.link(plan, other)
    with WorkingCopy.open(plan, data, fs=fs) as working:
        assert working.has_other_names
        edit(working, 2)
        result = publish(working)
        assert result.remark is not None and "another name too" in result.message
        edit(working, 3)
        assert publish(working).remark is None
    assert (numbers_in(plan), numbers_in(other)) == ([1, 2, 3], [1])
    with WorkingCopy.open(plan, data) as working:
        assert not working.has_other_names


def test_names_beside_the_plan_say_no_word_of_it(plan: Path) -> None:
    swap = companion_files.swap_name(plan, "0123456789", "a" * 64, "b" * 64)
    assert swap.path.name == ".~x.cypp.01234567.aaaaaaaaaaaa.bbbbbbbbbbbb.swap"
