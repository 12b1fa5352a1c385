"""Opening, closing and finding again: what was committed is there, and nothing else is left lying about."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from cypp_desktop.errors import FileProblem, NewerPlan, NotAPlan, PlanInUse
from cypp_desktop.store import recoverable
from cypp_desktop.store.companion_files import who_has_it_open
from cypp_desktop.store.locks import FileLock
from cypp_desktop.store.publish import publish
from cypp_desktop.store.recoverable import find_for_target
from cypp_desktop.store.versions import CURRENT_VERSION, VERSION_MAJOR
from cypp_desktop.store.working_copy import WorkingCopy
from tests.store.small_plan import (
    PLAN_ID,
    edit,
    everything_in,
    leave_unfinished,
    litter,
    numbers_in,
    write_plan,
)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    folder = tmp_path / "plans"
    folder.mkdir()
    return write_plan(folder / "x.cypp", 1, 2)


def killed(working: WorkingCopy) -> None:
    """The process is gone: the system lets go of its handles, and nothing else happens."""
    assert working._header is not None
    working._header.close()
    working._lock.release()


def folders(data: Path) -> list[Path]:
    return [path for path in (data / "working").iterdir() if path.is_dir()]


def test_opening_copies_the_plan_and_leaves_the_file_as_it_is(plan: Path, data: Path) -> None:
    before = plan.read_bytes()
    with WorkingCopy.open(plan, data) as working:
        assert numbers_in(working.path) == [1, 2]
        assert working.target == plan
        assert working.info().plan_id == PLAN_ID
        assert not working.recovered and not working.read_only and not working.never_published
        edit(working, 3)
        assert plan.read_bytes() == before


def test_a_commit_counts_as_unpublished_and_a_roll_back_does_not(plan: Path, data: Path) -> None:
    with WorkingCopy.open(plan, data) as working:
        assert not working.has_unpublished_changes()
        with contextlib.closing(sqlite3.connect(working.path, isolation_level=None)) as connection:
            connection.execute("PRAGMA cache_size=1")
            connection.execute("BEGIN")
            connection.executemany("INSERT INTO note VALUES (?)", [(number,) for number in range(5000)])
            connection.execute("ROLLBACK")
        assert not working.has_unpublished_changes()
        edit(working, 3)
        assert working.has_unpublished_changes()
        publish(working)
        assert not working.has_unpublished_changes()


@pytest.mark.parametrize("journal", ["DELETE", "PERSIST", "TRUNCATE"])
def test_every_rollback_journal_counts_commits(plan: Path, data: Path, journal: str) -> None:
    with (
        WorkingCopy.open(plan, data) as working,
        contextlib.closing(sqlite3.connect(working.path, isolation_level=None)) as connection,
    ):
        connection.execute(f"PRAGMA journal_mode={journal}")
        assert not working.has_unpublished_changes()
        for number in (3, 4):
            connection.execute("INSERT INTO note VALUES (?)", (number,))
            assert working.has_unpublished_changes()
            publish(working)
            assert not working.has_unpublished_changes()
        assert numbers_in(plan) == [1, 2, 3, 4]


def test_closing_without_changes_leaves_nothing(plan: Path, data: Path) -> None:
    WorkingCopy.open(plan, data).close()
    assert folders(data) == []
    assert litter(plan.parent) == []
    assert WorkingCopy.find_unpublished(data) == []


def test_closing_with_changes_keeps_them_to_be_found(plan: Path, data: Path) -> None:
    working = WorkingCopy.open(plan, data)
    edit(working, 3)
    working.close()
    (found,) = WorkingCopy.find_unpublished(data)
    assert (found.target, found.in_use, found.problem) == (plan, False, None)
    assert found.changed_at is not None and found.opened_at is not None
    with WorkingCopy.recover(found, data) as again:
        assert again.recovered
        assert numbers_in(again.path) == [1, 2, 3]
        publish(again)
    assert numbers_in(plan) == [1, 2, 3]
    assert WorkingCopy.find_unpublished(data) == []


def test_closing_twice_is_closing_once(plan: Path, data: Path) -> None:
    working = WorkingCopy.open(plan, data)
    edit(working, 3)
    working.close()
    with WorkingCopy.open(plan, data) as again:
        working.close()
        working.discard()
        assert numbers_in(again.path) == [1, 2, 3]
        with pytest.raises(PlanInUse):
            WorkingCopy.open(plan, data)


def test_discarding_throws_the_changes_away(plan: Path, data: Path) -> None:
    working = WorkingCopy.open(plan, data)
    edit(working, 3)
    working.discard()
    working.close()
    assert folders(data) == []
    assert numbers_in(plan) == [1, 2]


def test_after_a_kill_opening_the_plan_goes_on_where_it_was(plan: Path, data: Path) -> None:
    working = WorkingCopy.open(plan, data)
    edit(working, 3)
    killed(working)
    with WorkingCopy.open(plan, data) as again:
        assert again.recovered
        assert again.path == working.path
        assert numbers_in(again.path) == [1, 2, 3]
        assert again.has_unpublished_changes()


def test_after_a_kill_the_plan_can_also_be_opened_as_it_was_published(plan: Path, data: Path) -> None:
    working = WorkingCopy.open(plan, data)
    edit(working, 3)
    killed(working)
    with WorkingCopy.open(plan, data, resume=False) as fresh:
        assert not fresh.recovered
        assert numbers_in(fresh.path) == [1, 2]
    (found,) = WorkingCopy.find_unpublished(data)
    assert found.folder == working.folder


def test_after_a_kill_without_changes_the_working_copy_is_cleaned_up(plan: Path, data: Path) -> None:
    killed(WorkingCopy.open(plan, data))
    assert litter(plan.parent) != []
    assert WorkingCopy.find_unpublished(data) == []
    assert folders(data) == []
    assert litter(plan.parent) == []


def test_a_change_under_way_when_killed_is_rolled_back_and_those_before_are_kept(
    plan: Path, data: Path
) -> None:
    working = WorkingCopy.open(plan, data)
    edit(working, 3)
    killed(working)
    leave_unfinished(working.path, "delete")
    (found,) = WorkingCopy.find_unpublished(data)
    with WorkingCopy.recover(found, data) as again:
        assert numbers_in(again.path) == [1, 2, 3]


def test_a_roll_back_after_a_kill_is_no_unpublished_change(plan: Path, data: Path) -> None:
    working = WorkingCopy.open(plan, data)
    killed(working)
    leave_unfinished(working.path, "delete")
    assert WorkingCopy.find_unpublished(data) == []


def test_an_opening_that_was_killed_before_it_was_whole_is_cleaned_up(plan: Path, data: Path) -> None:
    working = WorkingCopy.open(plan, data)
    note = working.folder / "origin.json"
    note.write_text(json.dumps(json.loads(note.read_text()) | {"ready": False}))
    killed(working)
    working.path.write_bytes(b"half")
    assert WorkingCopy.find_unpublished(data) == []
    assert folders(data) == []


def test_a_working_copy_whose_note_is_lost_is_still_found(plan: Path, data: Path, tmp_path: Path) -> None:
    working = WorkingCopy.open(plan, data)
    edit(working, 3)
    killed(working)
    (working.folder / "origin.json").write_text("[1]")
    (found,) = WorkingCopy.find_unpublished(data)
    assert found.target is None
    with WorkingCopy.recover(found, data) as again:
        assert numbers_in(again.path) == [1, 2, 3]
        with pytest.raises(FileProblem, match=r"no file yet.*Save As"):
            publish(again)


def test_a_damaged_working_copy_is_kept_and_does_not_hide_the_others(plan: Path, data: Path) -> None:
    broken = WorkingCopy.open(plan, data)
    edit(broken, 3)
    killed(broken)
    broken.path.write_bytes(b"no database" * 1000)
    other = WorkingCopy.open(write_plan(plan.with_name("y.cypp"), 7), data)
    edit(other, 8)
    other.close()
    found = {left.target: left for left in WorkingCopy.find_unpublished(data)}
    assert found[plan].problem == "the file is damaged"
    assert found[plan.with_name("y.cypp")].problem is None
    assert broken.path.exists()
    with WorkingCopy.open(plan, data) as fresh:
        assert numbers_in(fresh.path) == [1, 2]
    with pytest.raises(FileProblem, match="damaged"):
        WorkingCopy.recover(found[plan], data)


# ---------------------------------------------------------------------- two windows


def test_what_a_killed_process_leaves_locked_for_a_moment_is_waited_for(
    plan: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recoverable, "_LETTING_GO", 60.0)
    working = WorkingCopy.open(plan, data)
    edit(working, 3)
    killed(working)
    held = FileLock.take(working.folder / recoverable.LOCK)  # by a process that it was just starting
    assert held is not None
    threading.Timer(0.3, held.release).start()
    with WorkingCopy.open(plan, data) as again:
        assert again.recovered


def test_a_plan_open_in_another_window_is_not_opened_twice(plan: Path, data: Path) -> None:
    with WorkingCopy.open(plan, data):
        with pytest.raises(PlanInUse, match=r"“x\.cypp” is open in another window on this machine"):
            WorkingCopy.open(plan, data)
        (plan.parent / "link.cypp").symlink_to(plan)
        with pytest.raises(PlanInUse):
            WorkingCopy.open(plan.parent / "link.cypp", data)
        with pytest.raises(PlanInUse):
            WorkingCopy.create(plan, write_plan, data, replace=True)
        found = find_for_target(plan, data)
        assert found and found.in_use
        assert WorkingCopy.find_unpublished(data) == []
    WorkingCopy.open(plan, data).close()


def test_a_plan_open_in_another_process_is_not_opened_and_its_end_frees_it(plan: Path, data: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from cypp_desktop.store.working_copy import WorkingCopy\n"
        f"working = WorkingCopy.open(Path({str(plan)!r}), Path({str(data)!r}))\n"
        "print('open', flush=True); sys.stdin.read()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout and process.stdout.readline() == "open\n"
        with pytest.raises(PlanInUse):
            WorkingCopy.open(plan, data)
        process.kill()
    with WorkingCopy.open(plan, data) as working:
        assert numbers_in(working.path) == [1, 2]


def test_read_only_shows_the_published_plan_while_another_window_edits_it(plan: Path, data: Path) -> None:
    with WorkingCopy.open(plan, data) as editing:
        edit(editing, 3)
        with WorkingCopy.open(plan, data, read_only=True) as reading:
            assert reading.read_only
            assert numbers_in(reading.path) == [1, 2]
            with pytest.raises(FileProblem, match=r"opened read-only. Use Save As"):
                publish(reading)
    with WorkingCopy.open(plan, data, read_only=True, resume=False):
        WorkingCopy.open(plan, data).close()


def test_the_note_beside_the_file_tells_colleagues(plan: Path, data: Path, tmp_path: Path) -> None:
    with (
        WorkingCopy.open(plan, data, person="Ann Smith") as mine,
        WorkingCopy.open(plan, tmp_path / "their data") as theirs,
    ):
        notes = who_has_it_open(plan)
        assert [note.working_id for note in notes] == [mine.id, theirs.id]
        assert [note.who for note in notes] == ["Ann Smith", ""]
        assert notes[0].machine == os.uname().nodename
        assert [note.working_id for note in who_has_it_open(plan, but=mine.id)] == [theirs.id]
        assert who_has_it_open(plan.with_name("y.cypp")) == []
    assert who_has_it_open(plan) == []


def test_a_note_of_a_window_that_is_no_more_goes_and_a_colleagues_stays(
    plan: Path, data: Path, tmp_path: Path
) -> None:
    gone = WorkingCopy.open(plan, data)
    killed(gone)
    shutil.rmtree(gone.path.parent)
    with WorkingCopy.open(plan, tmp_path / "theirs") as theirs:
        assert {note.working_id for note in who_has_it_open(plan)} == {gone.id, theirs.id}
        with WorkingCopy.open(plan, data) as mine:
            assert {note.working_id for note in who_has_it_open(plan)} == {mine.id, theirs.id}


def test_strange_notes_beside_the_file_are_passed_over(plan: Path, data: Path) -> None:
    for count, content in enumerate([b"", b"[]", b'{"since": 3}', b"\xff", b'"x"' * 3000]):
        (plan.parent / f".~x.cypp.{count:08x}.open").write_bytes(content)
    with WorkingCopy.open(plan, data) as working:
        assert [note.working_id for note in who_has_it_open(plan)] == [working.id]


# ---------------------------------------------------------------------- what cannot be opened


def test_what_is_no_plan_is_refused_and_leaves_nothing(tmp_path: Path, data: Path) -> None:
    path = tmp_path / "x.cypp"
    with pytest.raises(FileProblem, match="is not there"):
        WorkingCopy.open(path, data)
    path.write_bytes(b"x" * 9000)
    with pytest.raises(NotAPlan):
        WorkingCopy.open(path, data)
    path.unlink()
    write_plan(path)
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version={(VERSION_MAJOR + 1) * 1000}")
    with pytest.raises(NewerPlan):
        WorkingCopy.open(path, data)
    assert folders(data) == []


def test_damage_deep_in_the_file_is_noticed_when_it_is_opened(tmp_path: Path, data: Path) -> None:
    path = write_plan(tmp_path / "x.cypp", *range(20_000))
    content = bytearray(path.read_bytes())
    for page in range(5, 15):
        content[page * 4096 : page * 4096 + 64] = os.urandom(64)
    path.write_bytes(content)
    with pytest.raises(NotAPlan, match=r"“x\.cypp” is damaged"):
        WorkingCopy.open(path, data)
    assert folders(data) == []
    assert litter(tmp_path) == []


@pytest.mark.parametrize(("mode", "expected"), [("delete", [1, 2]), ("wal", [1, 2, *range(5000)])])
def test_an_unfinished_write_is_finished_in_the_working_copy_only(
    plan: Path, data: Path, mode: str, expected: list[int]
) -> None:
    leave_unfinished(plan, mode)
    before = everything_in(plan.parent)
    with WorkingCopy.open(plan, data) as working:
        assert numbers_in(working.path) == sorted(expected)
        edit(working, 6000)
        result = publish(working)
        # Replaced, the file would have the other program's journal played into it.
        assert result.kept_beside is not None
        assert numbers_in(result.kept_beside) == sorted([*expected, 6000])
    after = everything_in(plan.parent)
    after.pop(result.kept_beside.name)
    assert after == before


def test_a_plan_in_wal_format_opens_and_is_published_without(plan: Path, data: Path) -> None:
    with contextlib.closing(sqlite3.connect(plan)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
    with WorkingCopy.open(plan, data) as working:
        edit(working, 3)
        publish(working)
    assert numbers_in(plan) == [1, 2, 3]


def test_a_file_that_may_not_be_written_opens_read_only(plan: Path, data: Path) -> None:
    plan.chmod(0o444)
    with WorkingCopy.open(plan, data) as working:
        assert working.read_only
        edit(working, 3)
        with pytest.raises(FileProblem, match=r"read-only. Nothing is lost: .*Save As"):
            publish(working)
        plan.chmod(0o644)
        publish(working)
        assert not working.read_only
    assert numbers_in(plan) == [1, 2, 3]


# ---------------------------------------------------------------------- a new plan


def test_a_new_plan_is_unpublished_until_it_is_first_published(tmp_path: Path, data: Path) -> None:
    target = tmp_path / "new.cypp"
    with WorkingCopy.create(target, lambda path: write_plan(path, 1), data) as working:
        assert working.never_published and working.has_unpublished_changes()
        assert not target.exists()
        assert publish(working).written
        assert not working.never_published and not working.has_unpublished_changes()
    assert numbers_in(target) == [1]
    assert stat.S_IMODE(target.stat().st_mode) & 0o600 == 0o600


def test_a_new_plan_is_marked_as_a_plan_even_if_its_maker_forgot(tmp_path: Path, data: Path) -> None:
    def bare(path: Path) -> None:
        with contextlib.closing(sqlite3.connect(path)) as connection:
            connection.execute("CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT)")
            connection.execute("INSERT INTO meta VALUES ('plan_id', 'a'), ('file_id', 'b')")
            connection.commit()

    with WorkingCopy.create(None, bare, data) as working:
        assert working.info().version == CURRENT_VERSION
        working.discard()


def test_a_new_plan_that_was_killed_is_recovered(tmp_path: Path, data: Path) -> None:
    working = WorkingCopy.create(tmp_path / "new.cypp", lambda path: write_plan(path, 1), data)
    edit(working, 2)
    killed(working)
    (found,) = WorkingCopy.find_unpublished(data)
    with WorkingCopy.recover(found, data) as again:
        publish(again)
    assert numbers_in(tmp_path / "new.cypp") == [1, 2]


def test_a_new_plan_does_not_take_the_place_of_a_file_unasked(plan: Path, data: Path) -> None:
    before = plan.read_bytes()
    with pytest.raises(FileProblem, match="already there"):
        WorkingCopy.create(plan, write_plan, data)
    assert plan.read_bytes() == before
    with WorkingCopy.create(plan, lambda path: write_plan(path, 9), data, replace=True) as working:
        result = publish(working)
    assert numbers_in(plan) == [9]
    assert result.backup is not None and numbers_in(result.backup) == [1, 2]


def test_a_new_plan_whose_maker_fails_leaves_nothing(tmp_path: Path, data: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        WorkingCopy.create(tmp_path / "new.cypp", lambda path: write_plan(path, 1 // 0), data)
    assert folders(data) == []


def test_a_data_folder_that_moved_still_finds_its_working_copies(
    plan: Path, data: Path, tmp_path: Path
) -> None:
    working = WorkingCopy.open(plan, data)
    edit(working, 3)
    working.close()
    shutil.move(data, tmp_path / "elsewhere")
    (found,) = WorkingCopy.find_unpublished(tmp_path / "elsewhere")
    with WorkingCopy.recover(found, tmp_path / "elsewhere") as again:
        assert numbers_in(again.path) == [1, 2, 3]


def test_what_was_left_of_one_plan_never_stands_for_another(plan: Path, data: Path) -> None:
    working = WorkingCopy.open(plan, data)
    edit(working, 3)
    killed(working)
    plan.unlink()
    write_plan(plan, 7, plan_id="another-plan")
    with WorkingCopy.open(plan, data) as opened:
        assert not opened.recovered
        assert numbers_in(opened.path) == [7]
    (left,) = WorkingCopy.find_unpublished(data)
    with WorkingCopy.recover(left, data) as recovered:
        assert numbers_in(recovered.path) == [1, 2, 3]


@pytest.mark.parametrize("content", [None, b"", b"SQLite format 3\0 cut short"])
def test_what_was_left_is_gone_on_with_though_its_file_is_gone_or_damaged(
    content: bytes | None, plan: Path, data: Path
) -> None:
    working = WorkingCopy.open(plan, data)
    edit(working, 3)
    killed(working)
    plan.unlink()
    if content is not None:
        plan.write_bytes(content)
    with WorkingCopy.open(plan, data) as again:
        assert again.recovered
        assert numbers_in(again.path) == [1, 2, 3]
