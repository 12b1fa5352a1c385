"""Publishing, saving elsewhere and going back: no one's work is overwritten, and each file is whole."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cypp_desktop.errors import CyppError, FileProblem, NotAPlan, PlanInUse
from cypp_desktop.store import disk
from cypp_desktop.store.backups import list_backups
from cypp_desktop.store.companion_files import temporary, who_has_it_open
from cypp_desktop.store.going_back import revert_to_published
from cypp_desktop.store.publish import publish, save_as, save_copy
from cypp_desktop.store.upgrade import upgrade_if_older
from cypp_desktop.store.versions import CURRENT_VERSION, Upgrade
from cypp_desktop.store.working_copy import WorkingCopy
from cypp_desktop.store.working_copy_upgrade import upgrade_working_copy
from tests.store.faulty_disk import FaultyDisk
from tests.store.small_plan import PLAN_ID, edit, litter, meta_of, numbers_in, write_plan


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    folder = tmp_path / "plans"
    folder.mkdir()
    return write_plan(folder / "x.cypp", 1, 2)


@pytest.fixture
def working(plan: Path, data: Path) -> Iterator[WorkingCopy]:
    with WorkingCopy.open(plan, data, fs=FaultyDisk()) as opened:
        yield opened


def plans_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith(".~"))


def someone_else_saves(plan: Path, *numbers: int) -> None:
    write_plan(plan.with_name("theirs"), *numbers).replace(plan)


# ---------------------------------------------------------------------- publish


def test_publishing_replaces_the_file_and_keeps_the_old_one_as_a_backup(
    working: WorkingCopy, plan: Path, data: Path
) -> None:
    old = plan.read_bytes()
    edit(working, 3)
    result = publish(working)
    assert (result.path, result.written, result.kept_beside) == (plan, True, None)
    assert result.message == "Saved “x.cypp”."
    assert numbers_in(plan) == [1, 2, 3]
    assert result.backup is not None and result.backup.read_bytes() == old
    assert [backup.path for backup in list_backups(PLAN_ID, data)] == [result.backup]
    assert plans_in(plan.parent) == ["x.cypp"]


def test_the_published_file_keeps_version_ids_and_permissions(working: WorkingCopy, plan: Path) -> None:
    plan.chmod(0o640)
    edit(working, 3)
    publish(working)
    assert plan.stat().st_mode & 0o777 == 0o640
    assert plan.read_bytes()[68:72] == b"CYPP"
    kept = {"plan_id": PLAN_ID, "file_id": "file-1"}
    assert meta_of(plan).items() >= kept.items()


def test_publishing_again_without_changes_writes_nothing(
    working: WorkingCopy, plan: Path, data: Path
) -> None:
    edit(working, 3)
    publish(working)
    before = plan.stat().st_ino
    result = publish(working)
    assert (result.written, result.target_changed) == (False, False)
    assert plan.stat().st_ino == before
    assert len(list_backups(PLAN_ID, data)) == 1


def test_a_file_that_someone_changed_is_left_and_ours_goes_beside_it(
    working: WorkingCopy, plan: Path, data: Path
) -> None:
    edit(working, 3)
    someone_else_saves(plan, 1, 2, 77)
    assert working.target_changed()
    result = publish(working)
    assert result.kept_beside is not None
    assert result.path == working.target == result.kept_beside
    day = working.fs.now().astimezone().date()
    assert result.kept_beside.name.startswith(f"x (kept {day.isoformat()} ")
    assert numbers_in(plan) == [1, 2, 77]
    assert numbers_in(result.kept_beside) == [1, 2, 3]
    assert "“x.cypp”" in result.message and f"“{result.kept_beside.name}”" in result.message
    assert list_backups(PLAN_ID, data) == []
    edit(working, 4)
    assert publish(working).path == result.kept_beside
    assert numbers_in(result.kept_beside) == [1, 2, 3, 4]
    assert [note.working_id for note in who_has_it_open(result.kept_beside)] == [working.id]
    assert who_has_it_open(plan) == []


def test_a_file_kept_beside_never_takes_the_place_of_another(working: WorkingCopy, plan: Path) -> None:
    edit(working, 3)
    someone_else_saves(plan, 77)
    moment = working.fs.now().astimezone().strftime("%Y-%m-%d %H.%M.%S")
    taken = plan.with_name(f"x (kept {moment}).cypp")
    taken.write_text("mine")
    result = publish(working)
    assert taken.read_text() == "mine"
    assert result.kept_beside == plan.with_name(f"x (kept {moment}) (2).cypp")
    assert numbers_in(result.kept_beside) == [1, 2, 3]


def test_the_same_bytes_saved_again_are_no_change(working: WorkingCopy, plan: Path) -> None:
    shutil.copy(plan, plan.with_name("same"))
    plan.with_name("same").replace(plan)
    edit(working, 3)
    assert publish(working).kept_beside is None
    assert numbers_in(plan) == [1, 2, 3]


def test_with_nothing_of_ours_to_save_a_change_by_someone_else_is_only_told(
    working: WorkingCopy, plan: Path
) -> None:
    someone_else_saves(plan, 77)
    result = publish(working)
    assert (result.written, result.target_changed) == (False, True)
    assert "someone else has changed “x.cypp”" in result.message
    assert plans_in(plan.parent) == ["x.cypp"]


class ChangedAtTheLastMoment(FaultyDisk):
    """A colleague saves between our look at the file and its replacement."""

    def __init__(self, plan: Path) -> None:
        super().__init__()
        self.plan = plan
        self.done = False

    def exchange(self, one: Path, other: Path) -> None:
        if not self.done:
            self.done = True
            someone_else_saves(self.plan, 77)
        super().exchange(one, other)


def test_a_change_at_the_last_moment_is_noticed(plan: Path, data: Path) -> None:
    with WorkingCopy.open(plan, data, fs=ChangedAtTheLastMoment(plan)) as working:
        edit(working, 3)
        result = publish(working)
        assert result.kept_beside is not None
        assert numbers_in(plan) == [77]
        assert numbers_in(result.kept_beside) == [1, 2, 3]


def test_a_file_that_keeps_changing_while_it_is_opened_is_not_opened(plan: Path, data: Path) -> None:
    class NeverStill(FaultyDisk):
        def copy(self, source: Path, copy: Path) -> str:
            os.utime(source, ns=(0, len(self.calls)))
            return super().copy(source, copy)

    with pytest.raises(FileProblem, match="being changed by another program"):
        WorkingCopy.open(plan, data, fs=NeverStill())


def test_a_file_that_was_deleted_is_written_anew(working: WorkingCopy, plan: Path) -> None:
    edit(working, 3)
    plan.unlink()
    assert publish(working).kept_beside is None
    assert numbers_in(plan) == [1, 2, 3]
    plan.unlink()
    assert publish(working).written
    assert numbers_in(plan) == [1, 2, 3]


def test_a_folder_that_is_gone_is_said_to_be_and_nothing_is_lost(working: WorkingCopy, plan: Path) -> None:
    edit(working, 3)
    shutil.move(plan.parent, plan.parent.with_name("gone"))
    with pytest.raises(FileProblem, match=r"the folder it is in is not there.*Nothing is lost.*Save As"):
        publish(working)
    assert numbers_in(working.path) == [1, 2, 3]
    shutil.move(plan.parent.with_name("gone"), plan.parent)
    publish(working)
    assert numbers_in(plan) == [1, 2, 3]


def test_nothing_is_written_into_the_empty_mount_point_of_a_share_that_is_gone(
    plan: Path, data: Path
) -> None:
    class OtherDevice(FaultyDisk):
        gone = False

        def stat(self, path: Path) -> os.stat_result:
            found = super().stat(path)
            if self.gone and path == plan.parent:
                found = os.stat_result([*found[:2], found.st_dev + 1, *found[3:10]])
            return found

    fs = OtherDevice()
    with WorkingCopy.open(plan, data, fs=fs) as working:
        edit(working, 3)
        fs.gone = True
        plan.unlink()
        with pytest.raises(FileProblem, match="the folder it is in is not there"):
            publish(working)
        assert plans_in(plan.parent) == []


def test_a_name_that_someone_took_meanwhile_is_not_overwritten(tmp_path: Path, data: Path) -> None:
    target = tmp_path / "new.cypp"
    with WorkingCopy.create(target, lambda path: write_plan(path, 1), data) as working:
        write_plan(target, 77)
        result = publish(working)
        assert result.kept_beside is not None
        assert numbers_in(result.kept_beside) == [1]
    assert numbers_in(target) == [77]


def test_a_link_to_a_plan_stays_a_link(plan: Path, data: Path) -> None:
    link = plan.with_name("link.cypp")
    link.symlink_to(plan)
    with WorkingCopy.open(link, data) as working:
        edit(working, 3)
        publish(working)
    assert link.is_symlink()
    assert numbers_in(plan) == [1, 2, 3]


def test_a_very_long_name_can_be_published_and_kept_beside(tmp_path: Path, data: Path) -> None:
    plan = tmp_path / ("ŵ" * 120 + ".cypp")
    write_plan(tmp_path / "short", 1).rename(plan)
    with WorkingCopy.open(plan, data) as working:
        edit(working, 2)
        publish(working)
        assert numbers_in(plan) == [1, 2]
        assert len(who_has_it_open(plan)) == 1
        edit(working, 3)
        someone_else_saves(plan, 77)
        kept = publish(working).kept_beside
        assert kept is not None and numbers_in(kept) == [1, 2, 3]


def test_a_disk_without_hard_links_works_as_well(
    plan: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    with WorkingCopy.open(plan, data) as working:
        edit(working, 3)
        someone_else_saves(plan, 77)
        kept = publish(working).kept_beside
        assert kept is not None and numbers_in(kept) == [1, 2, 3]
        edit(working, 4)
        kept.unlink()
        publish(working)
        assert numbers_in(kept) == [1, 2, 3, 4]
    with pytest.raises(FileExistsError):
        disk.DISK.rename_new(plan, kept)


def test_what_a_kill_left_beside_the_file_is_swept_up(working: WorkingCopy, plan: Path, data: Path) -> None:
    ours = temporary(plan, working.id)
    ours.write_bytes(b"half")
    old = plan.parent / ".~x.cypp.0badc0de.saving"
    young = plan.parent / ".~x.cypp.00c0ffee.saving"
    other = plan.parent / ".~x.cypp.z.cypp.0badc0de.saving"
    for path in (old, young, other):
        path.write_bytes(b"half")
    os.utime(old, (0, 0))
    os.utime(other, (0, 0))
    edit(working, 3)
    publish(working)
    assert not ours.exists()
    with WorkingCopy.open(plan, data.with_name("other data")):
        assert not old.exists()
        assert young.exists() and other.exists()


def test_commits_go_on_while_another_thread_publishes(working: WorkingCopy, plan: Path) -> None:
    problems: list[BaseException] = []

    def write() -> None:
        try:
            for number in range(100, 160):
                edit(working, number)
        except BaseException as error:
            problems.append(error)

    thread = threading.Thread(target=write)
    thread.start()
    while thread.is_alive():
        publish(working)
    thread.join()
    publish(working)
    assert problems == []
    assert numbers_in(plan) == [1, 2, *range(100, 160)]
    assert not working.has_unpublished_changes()


def test_the_window_need_not_wait_for_a_publish_to_ask_what_is_unpublished(working: WorkingCopy) -> None:
    edit(working, 3)
    answers: list[bool] = []
    with working.busy:
        asking = threading.Thread(target=lambda: answers.append(working.has_unpublished_changes()))
        asking.start()
        asking.join(10)
        assert answers == [True]
    asking.join()


# ---------------------------------------------------------------------- save as, save a copy


def test_save_as_goes_on_with_the_new_file(working: WorkingCopy, plan: Path) -> None:
    edit(working, 3)
    target = plan.with_name("y.cypp")
    assert save_as(working, target).path == target
    assert working.target == target
    assert numbers_in(plan) == [1, 2]
    edit(working, 4)
    publish(working)
    assert numbers_in(target) == [1, 2, 3, 4]
    assert meta_of(target)["file_id"] == "file-1"
    assert who_has_it_open(plan) == []
    assert len(who_has_it_open(target)) == 1


def test_save_as_gives_a_plan_without_a_name_its_first(tmp_path: Path, data: Path) -> None:
    with WorkingCopy.create(None, lambda path: write_plan(path, 1), data) as working:
        save_as(working, tmp_path / "x.cypp")
        assert not working.never_published
    assert numbers_in(tmp_path / "x.cypp") == [1]


def test_save_as_makes_a_read_only_plan_writable_under_its_new_name(plan: Path, data: Path) -> None:
    with WorkingCopy.open(plan, data, read_only=True) as working:
        save_as(working, plan.with_name("y.cypp"))
        assert not working.read_only
        edit(working, 3)
        publish(working)
    assert numbers_in(plan.with_name("y.cypp")) == [1, 2, 3]


def test_save_as_over_a_file_needs_to_be_asked_for_and_keeps_a_backup(
    working: WorkingCopy, plan: Path
) -> None:
    target = write_plan(plan.with_name("y.cypp"), 77)
    for save in (save_as, save_copy):
        with pytest.raises(FileProblem, match="already there"):
            save(working, target)
    result = save_as(working, target, replace=True)
    assert numbers_in(target) == [1, 2]
    assert result.backup is not None and numbers_in(result.backup) == [77]


def test_save_as_over_a_file_that_someone_changes_meanwhile_is_kept_beside_it(plan: Path, data: Path) -> None:
    target = write_plan(plan.with_name("y.cypp"), 77)

    class SavedMeanwhile(FaultyDisk):
        def vacuum_into(self, source: Path, copy: Path, prepare: Any = None) -> None:
            super().vacuum_into(source, copy, prepare)
            someone_else_saves(target, 88)

    with WorkingCopy.open(plan, data, fs=SavedMeanwhile()) as opened:
        result = save_as(opened, target, replace=True)
        assert result.kept_beside is not None and numbers_in(result.kept_beside) == [1, 2]
        assert numbers_in(target) == [88]


def test_save_as_to_its_own_name_is_save(working: WorkingCopy, plan: Path) -> None:
    edit(working, 3)
    assert save_as(working, plan).path == plan
    assert numbers_in(plan) == [1, 2, 3]


def test_a_plan_open_in_another_window_is_not_saved_over(
    working: WorkingCopy, plan: Path, data: Path
) -> None:
    with WorkingCopy.open(write_plan(plan.with_name("y.cypp"), 77), data) as other:
        assert other.target
        for save in (save_as, save_copy):
            with pytest.raises(PlanInUse):
                save(working, other.target, replace=True)


def test_a_copy_has_a_file_id_of_its_own_and_the_plan_goes_on(working: WorkingCopy, plan: Path) -> None:
    edit(working, 3)
    copy = save_copy(working, plan.with_name("copy.cypp"))
    assert numbers_in(copy) == [1, 2, 3]
    assert meta_of(copy)["plan_id"] == PLAN_ID
    assert meta_of(copy)["file_id"] not in ("", "file-1")
    assert working.target == plan and working.has_unpublished_changes()
    again = save_copy(working, copy, replace=True)
    assert again == copy and plans_in(plan.parent) == ["copy.cypp", "x.cypp"]
    with pytest.raises(FileProblem, match="another name"):
        save_copy(working, plan)


def test_saving_into_a_folder_that_is_not_there_is_refused(working: WorkingCopy, plan: Path) -> None:
    for save in (save_as, save_copy):
        with pytest.raises(FileProblem, match="the folder for it is not there"):
            save(working, plan.parent / "none" / "y.cypp")


# ---------------------------------------------------------------------- the ways back


def test_reverting_shows_the_file_again_and_keeps_what_was_there(working: WorkingCopy, plan: Path) -> None:
    edit(working, 3)
    kept = revert_to_published(working)
    assert kept is not None and numbers_in(kept) == [1, 2, 3]
    assert numbers_in(working.path) == [1, 2]
    assert not working.has_unpublished_changes()
    assert revert_to_published(working) is None


def test_reverting_takes_in_what_someone_else_saved(working: WorkingCopy, plan: Path) -> None:
    someone_else_saves(plan, 77)
    revert_to_published(working)
    assert numbers_in(working.path) == [77]
    edit(working, 78)
    assert publish(working).kept_beside is None
    assert numbers_in(plan) == [77, 78]


def test_reverting_to_a_missing_or_damaged_file_changes_nothing(working: WorkingCopy, plan: Path) -> None:
    edit(working, 3)
    plan.write_bytes(b"")
    with pytest.raises(NotAPlan):
        revert_to_published(working)
    plan.unlink()
    with pytest.raises(FileProblem, match="not there"):
        revert_to_published(working)
    assert numbers_in(working.path) == [1, 2, 3]


def test_a_plan_never_saved_has_nothing_to_revert_to(data: Path, tmp_path: Path) -> None:
    with WorkingCopy.create(tmp_path / "x.cypp", write_plan, data) as working:
        with pytest.raises(FileProblem, match="never been saved"):
            revert_to_published(working)
        working.discard()


def test_reverting_while_someone_is_writing_gives_up_in_plain_words(
    working: WorkingCopy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "_BUSY_SECONDS", 0.01)
    edit(working, 3)
    with contextlib.closing(sqlite3.connect(working.path, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        with pytest.raises(FileProblem, match="another program is using it"):
            revert_to_published(working)
    assert numbers_in(working.path) == [1, 2, 3]


# ---------------------------------------------------------------------- older versions


LATER = CURRENT_VERSION + 1


def add_colour(connection: sqlite3.Connection) -> None:
    connection.execute("ALTER TABLE note ADD COLUMN colour TEXT")


def test_an_older_plan_is_upgraded_on_the_working_copy_after_a_backup(
    working: WorkingCopy, plan: Path, data: Path
) -> None:
    before = plan.read_bytes()
    order: list[int] = []
    steps = [Upgrade(LATER + 1, lambda _: order.append(2)), Upgrade(LATER, lambda _: order.append(1))]
    assert upgrade_working_copy(working, steps)
    assert (working.info().version, order) == (LATER + 1, [1, 2])
    (backup,) = list_backups(PLAN_ID, data)
    assert backup.why == "before-upgrade" and numbers_in(backup.path) == [1, 2]
    assert not working.has_unpublished_changes()
    assert plan.read_bytes() == before


def test_an_upgrade_keeps_in_mind_what_was_unpublished_before(working: WorkingCopy) -> None:
    edit(working, 3)
    assert upgrade_working_copy(working, [Upgrade(LATER, add_colour)])
    assert working.has_unpublished_changes()
    assert not upgrade_working_copy(working, [Upgrade(LATER, add_colour)])


def test_an_upgrade_that_fails_leaves_the_plan_as_it_was(plan: Path) -> None:
    def fails(connection: sqlite3.Connection) -> None:
        add_colour(connection)
        raise ZeroDivisionError

    def breaks_links(connection: sqlite3.Connection) -> None:
        connection.execute("CREATE TABLE child (parent INTEGER REFERENCES parent (id))")
        connection.execute("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
        connection.execute("INSERT INTO child VALUES (1)")

    before = plan.read_bytes()
    with pytest.raises(ZeroDivisionError):
        upgrade_if_older(plan, [Upgrade(LATER, fails)])
    with pytest.raises(FileProblem, match="do not fit together"):
        upgrade_if_older(plan, [Upgrade(LATER, breaks_links)])
    assert plan.read_bytes() == before
    assert not upgrade_if_older(plan, [Upgrade(CURRENT_VERSION, fails)])


# ---------------------------------------------------------------------- a real full disk


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 200 kB, where this machine lets us have one."""
    folder = tmp_path / "stick"
    folder.mkdir()
    if sys.platform != "linux" or os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip("mounting needs Linux and root")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", folder], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("mounting is not allowed here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


def test_a_disk_that_is_really_full_loses_nothing(small_disk: Path, data: Path, tmp_path: Path) -> None:
    plan = write_plan(small_disk / "x.cypp", 1)
    with WorkingCopy.open(plan, data) as working:
        edit(working, *range(2, 20_000))
        with pytest.raises(FileProblem, match=r"the disk is full. Nothing is lost: .* Save As"):
            publish(working)
        assert numbers_in(plan) == [1]
        assert plans_in(small_disk) == ["x.cypp"]
        assert [name for name in litter(small_disk) if name.endswith(".saving")] == []
        save_as(working, tmp_path / "y.cypp")
    assert numbers_in(tmp_path / "y.cypp") == list(range(1, 20_000))


def test_a_disk_that_becomes_read_only_loses_nothing(small_disk: Path, data: Path) -> None:
    plan = write_plan(small_disk / "x.cypp", 1)
    with WorkingCopy.open(plan, data) as working:
        edit(working, 2)
        subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
        with pytest.raises(FileProblem, match=r"read-only. Nothing is lost"):
            publish(working)
        subprocess.run(["mount", "-o", "remount,rw", small_disk], check=True)
        publish(working)
    assert numbers_in(plan) == [1, 2]


def test_a_share_that_is_unmounted_loses_nothing(small_disk: Path, data: Path) -> None:
    plan = write_plan(small_disk / "x.cypp", 1)
    working = WorkingCopy.open(plan, data)
    edit(working, 2)
    subprocess.run(["umount", small_disk], check=True)
    with pytest.raises(CyppError, match="A stick or shared folder may have been disconnected"):
        publish(working)
    assert list(small_disk.iterdir()) == []
    working.close()
    (found,) = WorkingCopy.find_unpublished(data)
    assert found.target == plan
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", small_disk], check=True)
    with WorkingCopy.recover(found, data) as again:
        assert numbers_in(again.path) == [1, 2]
        again.discard()
