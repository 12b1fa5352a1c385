"""Every call to the disk fails, and the program is killed at every call: nothing is ever lost.

Proved each time: the plan's file is whole and old or new, every commit is there, people read plain words,
and once the disk is well again the work goes on as if nothing had been.
"""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from cypp_desktop.errors import CyppError
from cypp_desktop.store.backups import list_backups
from cypp_desktop.store.going_back import restore_backup, revert_to_published
from cypp_desktop.store.publish import publish, save_as, save_copy
from cypp_desktop.store.versions import CURRENT_VERSION, Upgrade
from cypp_desktop.store.working_copy import WorkingCopy
from cypp_desktop.store.working_copy_upgrade import upgrade_working_copy
from tests.store.faulty_disk import ERRORS, MOMENTS, FaultyDisk, Killed
from tests.store.small_plan import PLAN_ID, edit, litter, numbers_in, write_plan

# Memory where there is such a place: thousands of small files, and nothing here tries the real disk.
_MEMORY = Path("/dev/shm")


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=_MEMORY if os.access(_MEMORY, os.W_OK) else None) as name:
        yield Path(name).resolve()


OLD, NEW, THEIRS = [1, 2], [1, 2, 3], [77]


@dataclass
class Place:
    """A plan with one unpublished commit (3), open in ``working`` with a disk that is well until told."""

    folder: Path
    data: Path
    plan: Path
    working: WorkingCopy

    @classmethod
    def make(cls, folder: Path) -> Place:
        plans = folder / "plans"
        plans.mkdir(parents=True)
        plan = write_plan(plans / "x.cypp", *OLD)
        working = WorkingCopy.open(plan, folder / "data", fs=FaultyDisk())
        edit(working, 3)
        return cls(plans, folder / "data", plan, working)

    @property
    def other(self) -> Path:
        return self.folder / "y.cypp"

    def published(self) -> list[list[int]]:
        """What each plan file holds, after proving that each is whole."""
        return [numbers_in(path) for path in sorted(self.folder.glob("*.cypp"))]

    def end_of_process(self) -> None:
        if self.working._header:
            self.working._header.close()
        self.working._lock.release()


def someone_else_saves(place: Place) -> None:
    write_plan(place.folder / "theirs", *THEIRS).replace(place.plan)


def back_up(place: Place) -> None:
    publish(place.working)
    edit(place.working, 4)


def nothing(place: Place) -> None:
    pass


def other_is_there(place: Place) -> None:
    write_plan(place.other, *THEIRS)


@dataclass(frozen=True)
class Deed:
    """What a person asks for: ``allowed`` is what files may hold after a failure, ``done`` after success."""

    name: str
    prepare: Callable[[Place], None]
    do: Callable[[Place], object]
    allowed: tuple[list[list[int]], ...]
    done: list[list[int]]


def restore_oldest(place: Place) -> None:
    restore_backup(place.working, list_backups(PLAN_ID, place.data)[-1])


FOUR = [1, 2, 3, 4]
DEEDS = [
    # A file that seems to be gone in mid-publish is left alone, and ours is kept beside it.
    Deed("publish", nothing, lambda at: publish(at.working), ([OLD], [NEW], [NEW, OLD]), [NEW]),
    Deed(
        "keep beside",
        someone_else_saves,
        lambda at: publish(at.working),
        # The kept file sorts first: a space comes before a full stop.
        ([THEIRS], [NEW, THEIRS]),
        [NEW, THEIRS],
    ),
    Deed(
        "write anew",
        lambda at: at.plan.unlink(),
        lambda at: publish(at.working),
        ([], [NEW]),
        [NEW],
    ),
    Deed("save as", nothing, lambda at: save_as(at.working, at.other), ([OLD], [OLD, NEW]), [OLD, NEW]),
    Deed(
        "save over",
        other_is_there,
        lambda at: save_as(at.working, at.other, replace=True),
        ([OLD, THEIRS], [OLD, NEW], [OLD, NEW, THEIRS]),
        [OLD, NEW],
    ),
    Deed("save copy", nothing, lambda at: save_copy(at.working, at.other), ([OLD], [OLD, NEW]), [OLD, NEW]),
    Deed(
        "copy over",
        other_is_there,
        lambda at: save_copy(at.working, at.other, replace=True),
        ([OLD, THEIRS], [OLD, NEW]),
        [OLD, NEW],
    ),
]
SAVES = DEEDS[:5]
WAYS_BACK = [
    Deed("revert", nothing, lambda at: revert_to_published(at.working), ([OLD],), [OLD]),
    Deed("restore", back_up, restore_oldest, ([NEW],), [NEW]),
    Deed(
        "upgrade",
        nothing,
        lambda at: upgrade_working_copy(at.working, [Upgrade(CURRENT_VERSION + 1, lambda connection: None)]),
        ([OLD],),
        [OLD],
    ),
]


def calls_of(deed: Deed, folder: Path) -> list[str]:
    """The calls to the disk that the deed makes when all is well."""
    place = Place.make(folder)
    deed.prepare(place)
    place.working.fs = watched = FaultyDisk()
    deed.do(place)
    assert place.published() == deed.done
    place.working.close()
    return watched.calls


def every_state_kept(place: Place) -> list[list[int]]:
    """What the working copy and the backups hold: all that a person can go back to."""
    kept = [numbers_in(backup.path) for backup in list_backups(PLAN_ID, place.data)]
    return [numbers_in(place.working.path), *kept]


def assert_plain(error: CyppError, deed: Deed) -> None:
    assert "Errno" not in str(error) and "sqlite" not in str(error).lower() and str(error).endswith(".")
    saving = deed in DEEDS and "backup" not in str(error)
    assert not saving or "Nothing is lost: your changes are kept on this laptop." in str(error)


def one_each(calls: int) -> Iterator[tuple[int, str, int]]:
    """Every call once, with each moment and each error in turn."""
    return zip(range(calls), itertools.cycle(MOMENTS), itertools.cycle(ERRORS), strict=False)


def fail_everywhere(deed: Deed, folder: Path, cases: Callable[[int], Iterable[tuple[int, str, int]]]) -> None:
    calls = calls_of(deed, folder / "dry")
    for place_of_call, moment, error in cases(len(calls)):
        place = Place.make(folder / f"{place_of_call}-{moment}-{error}")
        deed.prepare(place)
        before = numbers_in(place.working.path)
        place.working.fs = disk = FaultyDisk(place_of_call, error, moment)
        refused = False
        try:
            deed.do(place)
        except CyppError as problem:
            refused = True
            assert_plain(problem, deed)
        about = f"{deed.name}: {calls[place_of_call]} ({place_of_call}) {moment}, error {error}"
        assert place.published() in deed.allowed, about
        assert refused or NEW in place.published() or deed in WAYS_BACK, about
        assert before in every_state_kept(place), about
        if disk.calls[place_of_call:][:1] != ["remove"]:
            assert [name for name in litter(place.folder) if "saving" in name] == [], about
        place.working.fs = FaultyDisk()
        if refused and deed not in WAYS_BACK:
            publish(place.working)
            assert place.working.target and numbers_in(place.working.target) == NEW, about
            assert place.published() == deed.done or deed.name not in ("publish", "write anew"), about
        place.working.close()
        assert WorkingCopy.find_unpublished(place.data) == [] or deed not in SAVES, about


def kill_everywhere(deed: Deed, folder: Path, cases: Callable[[int], Iterable[tuple[int, str, int]]]) -> None:
    calls = calls_of(deed, folder / "dry")
    for place_of_call, moment, _ in cases(len(calls)):
        place = Place.make(folder / f"{place_of_call}-{moment}")
        deed.prepare(place)
        before = numbers_in(place.working.path)
        place.working.fs = FaultyDisk(place_of_call, None, moment)
        with contextlib.suppress(Killed):
            deed.do(place)
        place.end_of_process()
        about = f"{deed.name}: killed at {calls[place_of_call]} ({place_of_call}) {moment}"
        assert place.published() in deed.allowed, about
        found = WorkingCopy.find_unpublished(place.data, FaultyDisk())
        states = [numbers_in(backup.path) for backup in list_backups(PLAN_ID, place.data)]
        assert before in [*states, *place.published()] or found, about
        for left in found:
            with WorkingCopy.recover(left, place.data, FaultyDisk()) as again:
                assert before in [numbers_in(again.path), *states], about
                result = publish(again)
                assert result.kept_beside is None or deed.name == "keep beside", about
                assert numbers_in(result.path) == numbers_in(again.path), about
        assert [name for name in litter(place.folder) if "x.cypp" in name] == [], about
        assert WorkingCopy.find_unpublished(place.data) == [], about


def ids(deeds: list[Deed]) -> list[str]:
    return [deed.name for deed in deeds]


@pytest.mark.parametrize("deed", DEEDS + WAYS_BACK, ids=ids(DEEDS + WAYS_BACK))
def test_any_call_to_the_disk_may_fail(deed: Deed, folder: Path) -> None:
    fail_everywhere(deed, folder, one_each)


@pytest.mark.parametrize("deed", SAVES, ids=ids(SAVES))
def test_a_file_may_have_its_new_name_although_the_share_says_that_it_has_not(
    deed: Deed, folder: Path
) -> None:
    calls = calls_of(deed, folder / "once")
    renamed = [place for place, call in enumerate(calls) if call in ("rename_new", "exchange", "replace")]
    errors = (errno.EEXIST, errno.EINTR, errno.ESTALE)
    fail_everywhere(deed, folder, lambda _: itertools.product(renamed, ["after"], errors))


@pytest.mark.slow
@pytest.mark.parametrize("deed", DEEDS + WAYS_BACK, ids=ids(DEEDS + WAYS_BACK))
def test_any_call_to_the_disk_may_fail_in_any_way(deed: Deed, folder: Path) -> None:
    fail_everywhere(deed, folder, lambda calls: itertools.product(range(calls), MOMENTS, ERRORS))


@pytest.mark.parametrize("deed", DEEDS + WAYS_BACK, ids=ids(DEEDS + WAYS_BACK))
def test_the_program_may_be_killed_at_any_call_to_the_disk(deed: Deed, folder: Path) -> None:
    kill_everywhere(deed, folder, one_each)


@pytest.mark.slow
@pytest.mark.parametrize("deed", DEEDS + WAYS_BACK, ids=ids(DEEDS + WAYS_BACK))
def test_the_program_may_be_killed_at_any_moment_of_any_call(deed: Deed, folder: Path) -> None:
    kill_everywhere(deed, folder, lambda calls: itertools.product(range(calls), MOMENTS, [0]))


def count_calls(watched: FaultyDisk, begin: Callable[[], WorkingCopy]) -> int:
    """How many calls the opening alone makes."""
    with begin():
        return len(watched.calls)


def test_opening_fails_in_plain_words_and_leaves_the_file_alone(folder: Path) -> None:
    plan = write_plan(folder / "x.cypp", *OLD)
    before = plan.read_bytes()
    watched = FaultyDisk()
    calls_of_opening = count_calls(watched, lambda: WorkingCopy.open(plan, folder / "dry", fs=watched))
    for place, moment, error in one_each(calls_of_opening):
        data = folder / f"{place}-{error}"
        try:
            WorkingCopy.open(plan, data, fs=FaultyDisk(place, error, moment)).close()
        except CyppError as problem:
            assert "Errno" not in str(problem) and "“x.cypp”" in str(problem)
        assert plan.read_bytes() == before
        with WorkingCopy.open(plan, data) as working:
            assert not working.recovered
            assert numbers_in(working.path) == OLD


def test_a_kill_while_opening_leaves_nothing_to_recover(folder: Path) -> None:
    plan = write_plan(folder / "x.cypp", *OLD)
    watched = FaultyDisk()
    calls = count_calls(watched, lambda: WorkingCopy.open(plan, folder / "dry", fs=watched))
    for place, moment in itertools.product(range(calls), MOMENTS):
        data = folder / f"{place}-{moment}"
        with pytest.raises(Killed):
            WorkingCopy.open(plan, data, fs=FaultyDisk(place, None, moment))
        assert WorkingCopy.find_unpublished(data) == []
        assert numbers_in(plan) == OLD
        with WorkingCopy.open(plan, data) as working:
            assert numbers_in(working.path) == OLD


def test_a_kill_while_closing_a_published_plan_leaves_nothing_to_recover(folder: Path) -> None:
    watched = Place.make(folder / "dry")
    publish(watched.working)
    watched.working.fs = disk = FaultyDisk()
    watched.working.close()
    for call, moment in itertools.product(range(len(disk.calls)), MOMENTS):
        place = Place.make(folder / f"{call}-{moment}")
        publish(place.working)
        place.working.fs = FaultyDisk(call, None, moment)
        with pytest.raises(Killed):
            place.working.close()
        place.end_of_process()
        assert WorkingCopy.find_unpublished(place.data) == [], disk.calls[call]
        assert litter(place.folder) == []
        assert [path.name for path in (place.data / "working").iterdir()] == [".gate"]


def test_recovering_may_fail_and_be_tried_again(folder: Path) -> None:
    place = Place.make(folder / "one")
    place.end_of_process()
    watched = FaultyDisk()
    (found,) = WorkingCopy.find_unpublished(place.data)
    calls = count_calls(watched, lambda: WorkingCopy.recover(found, place.data, watched))
    for call, moment, error in one_each(calls):
        for attempt in (FaultyDisk(call, error, moment), FaultyDisk(call, None, moment)):
            with contextlib.suppress(CyppError, Killed):
                again = WorkingCopy.recover(found, place.data, attempt)
                again.fs = FaultyDisk()
                again.close()
            (found,) = WorkingCopy.find_unpublished(place.data)
            with WorkingCopy.recover(found, place.data) as again:
                assert numbers_in(again.path) == NEW
    assert numbers_in(place.plan) == OLD


def test_looking_for_leftovers_may_fail_and_removes_no_change(folder: Path) -> None:
    place = Place.make(folder / "one")
    place.end_of_process()
    watched = FaultyDisk()
    WorkingCopy.find_unpublished(place.data, watched)
    for call, moment, error in one_each(len(watched.calls)):
        with contextlib.suppress(CyppError):
            WorkingCopy.find_unpublished(place.data, FaultyDisk(call, error, moment))
    (found,) = WorkingCopy.find_unpublished(place.data)
    with WorkingCopy.recover(found, place.data) as again:
        assert numbers_in(again.path) == NEW
