"""Backups: which are kept, and that going back to one loses nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cypp_desktop.errors import FileProblem
from cypp_desktop.store import backups
from cypp_desktop.store.backups import (
    KEEP_DAYS,
    KEEP_LAST,
    Backup,
    keep_file,
    list_backups,
    superfluous,
    thin_out,
)
from cypp_desktop.store.going_back import restore_backup
from cypp_desktop.store.publish import publish
from cypp_desktop.store.working_copy import WorkingCopy
from tests.store.faulty_disk import FaultyDisk
from tests.store.small_plan import PLAN_ID, edit, numbers_in, write_plan

NOW = datetime(2026, 11, 21, 14, 2, 33, tzinfo=UTC)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    return write_plan(tmp_path / "x.cypp", 1, 2)


@pytest.fixture
def working(plan: Path, data: Path) -> Iterator[WorkingCopy]:
    with WorkingCopy.open(plan, data) as opened:
        yield opened


def test_backups_are_listed_newest_first_with_when_and_why(plan: Path, data: Path) -> None:
    fs = FaultyDisk()
    first, digest = keep_file(plan, PLAN_ID, data, backups.BackupReason.REPLACED, fs)
    assert digest == fs.sha256(plan)
    same_moment, _ = keep_file(plan, PLAN_ID, data, backups.BackupReason.REPLACED, fs)
    fs.clock += timedelta(hours=1)
    last, _ = keep_file(plan, PLAN_ID, data, backups.BackupReason.BEFORE_RESTORE, fs)
    found = list_backups(PLAN_ID, data)
    assert found[0] == Backup(last, fs.clock, "before-restore", plan.stat().st_size)
    assert {backup.path for backup in found[1:]} == {first, same_moment}
    assert all(backup.path.read_bytes() == plan.read_bytes() for backup in found)
    assert list_backups("another", data) == []


def test_a_plan_id_that_is_no_id_names_no_folder_elsewhere(plan: Path, data: Path) -> None:
    for plan_id in ("../../etc", "/", "a" * 300, "..", "", "CON:"):
        kept, _ = keep_file(plan, plan_id, data, backups.BackupReason.REPLACED)
        assert kept.parent.parent == data / "backups"
        assert [backup.path for backup in list_backups(plan_id, data)] == [kept]


def at(moment: datetime) -> Backup:
    return Backup(Path(moment.isoformat()), moment, backups.BackupReason.REPLACED, 1)


moments = st.lists(
    st.integers(0, 60 * 24 * 60).map(lambda minutes: NOW - timedelta(minutes=minutes)), max_size=80
)


@given(moments)
def test_the_last_twenty_and_the_last_of_each_day_are_kept(times: list[datetime]) -> None:
    listed = [at(moment) for moment in sorted(times, reverse=True)]
    gone = superfluous(listed, NOW)
    kept = [backup for backup in listed if not any(backup is each for each in gone)]
    assert kept[:KEEP_LAST] == listed[:KEEP_LAST]
    recent = [backup for backup in listed if NOW - backup.at <= timedelta(days=KEEP_DAYS)]
    days = {backup.at.astimezone().date() for backup in recent}
    assert days <= {backup.at.astimezone().date() for backup in kept}
    assert len(kept) <= KEEP_LAST + KEEP_DAYS + 1
    for day in days:
        last = next(backup for backup in listed if backup.at.astimezone().date() == day)
        assert last in kept


@given(moments)
def test_thinning_out_again_removes_no_more(times: list[datetime]) -> None:
    listed = [at(moment) for moment in sorted(times, reverse=True)]
    gone = {id(backup) for backup in superfluous(listed, NOW)}
    assert superfluous([backup for backup in listed if id(backup) not in gone], NOW) == []


@given(moments, st.integers(1, 40), st.integers(1, 900))
def test_a_spell_with_the_clock_in_the_future_costs_no_backup_of_today(
    times: list[datetime], later: int, days: int
) -> None:
    wrong = [at(NOW + timedelta(days=days, hours=5 * hour)) for hour in reversed(range(later))]
    listed = [at(moment) for moment in sorted(times, reverse=True)]
    gone = superfluous([*wrong, *listed], NOW)
    assert [backup for backup in gone if backup.at <= NOW] == superfluous(listed, NOW)
    assert [backup for backup in gone if backup.at > NOW] == wrong[KEEP_LAST:]


def test_backups_of_a_wrong_clock_go_their_way_when_their_day_has_come() -> None:
    wrong = [at(NOW + timedelta(days=400, minutes=minute)) for minute in reversed(range(KEEP_LAST))]
    today = [at(NOW - timedelta(minutes=minute)) for minute in range(10)]
    assert superfluous([*wrong, *today], NOW) == []
    assert superfluous([*wrong, *today], NOW + timedelta(days=500)) == today


def test_publishing_often_keeps_the_folder_small(plan: Path, data: Path) -> None:
    fs = FaultyDisk()
    with WorkingCopy.open(plan, data, fs=fs) as working:
        for number in range(KEEP_LAST + 10):
            edit(working, number)
            fs.clock += timedelta(minutes=1)
            publish(working)
    assert len(list_backups(PLAN_ID, data)) <= KEEP_LAST + 1


def test_half_a_backup_that_a_kill_left_is_not_listed_and_goes_in_time(plan: Path, data: Path) -> None:
    kept, _ = keep_file(plan, PLAN_ID, data, backups.BackupReason.REPLACED)
    half = kept.with_suffix(".part")
    strange = kept.with_name("notes.txt")
    for path in (half, strange):
        path.write_bytes(b"x")
    assert [backup.path for backup in list_backups(PLAN_ID, data)] == [kept]
    thin_out(PLAN_ID, data)
    assert half.exists()
    os.utime(half, (0, 0))
    thin_out(PLAN_ID, data)
    assert not half.exists() and strange.exists() and kept.exists()


def test_restoring_goes_back_and_keeps_what_was_there(working: WorkingCopy, plan: Path, data: Path) -> None:
    edit(working, 3)
    publish(working)
    edit(working, 4)
    (old,) = list_backups(PLAN_ID, data)
    kept = restore_backup(working, old)
    assert numbers_in(working.path) == [1, 2]
    assert numbers_in(kept) == [1, 2, 3, 4]
    assert numbers_in(plan) == [1, 2, 3]
    assert working.has_unpublished_changes()
    publish(working)
    assert numbers_in(plan) == [1, 2]
    before_restore = next(backup for backup in list_backups(PLAN_ID, data) if backup.why == "before-restore")
    restore_backup(working, before_restore)
    assert numbers_in(working.path) == [1, 2, 3, 4]


def test_a_backup_of_another_plan_is_not_restored(working: WorkingCopy, data: Path, tmp_path: Path) -> None:
    other = write_plan(tmp_path / "y.cypp", 77, plan_id="other")
    keep_file(other, "other", data, backups.BackupReason.REPLACED)
    (backup,) = list_backups("other", data)
    with pytest.raises(FileProblem, match="of another plan"):
        restore_backup(working, backup)
    assert numbers_in(working.path) == [1, 2]
    assert list_backups(PLAN_ID, data) == []


def test_a_damaged_backup_is_not_restored(working: WorkingCopy, plan: Path, data: Path) -> None:
    large = write_plan(plan.with_name("large.cypp"), *range(20_000))
    path, _ = keep_file(large, PLAN_ID, data, backups.BackupReason.REPLACED)
    content = bytearray(path.read_bytes())
    for page in range(5, 15):
        content[page * 4096 : page * 4096 + 64] = b"\xa5" * 64
    path.write_bytes(content)
    with pytest.raises(FileProblem, match="damaged"):
        restore_backup(working, list_backups(PLAN_ID, data)[0])
    assert numbers_in(working.path) == [1, 2]
    assert not working.has_unpublished_changes()
