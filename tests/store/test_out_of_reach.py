"""A plan's place may be out of reach: who asks for it gets plain words, and waits no longer than need be."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cypp_desktop.errors import CyppError, FileProblem
from cypp_desktop.merge.gates.quarantine import take_copy
from cypp_desktop.merge.gates.refused import NotTaken
from cypp_desktop.store import timeouts
from cypp_desktop.store.companion_files import who_has_it_open
from cypp_desktop.store.disk import DISK, reason, stat_or_none
from cypp_desktop.store.files import inspect
from cypp_desktop.store.origin import real_path
from cypp_desktop.store.output_file import write_output
from cypp_desktop.store.publish import publish, save_as, save_copy
from cypp_desktop.store.recoverable import confirm_unpublished, find_for_target, find_recoverable
from cypp_desktop.store.working_copy import WorkingCopy
from tests.store.away_share import NOT_THERE, OUT_OF_REACH, AwayShare
from tests.store.small_plan import edit, litter, numbers_in, write_plan

ERRORS = {**OUT_OF_REACH, **NOT_THERE}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def share(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AwayShare]:
    folder = tmp_path / "share"
    folder.mkdir()
    write_plan(folder / "x.cypp", 1, 2)
    share = AwayShare(folder, monkeypatch)
    yield share
    share.comes_back()


@pytest.fixture
def plan(share: AwayShare) -> Path:
    return share.folder / "x.cypp"


@pytest.fixture
def in_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """What does not answer at once does not answer."""
    monkeypatch.setattr(timeouts, "SECONDS", 0.05)


@pytest.mark.parametrize("error", OUT_OF_REACH)
def test_a_place_out_of_reach_is_not_a_place_without_the_file(
    share: AwayShare, plan: Path, error: str
) -> None:
    share.fails_with(OUT_OF_REACH[error])
    with pytest.raises(OSError):
        stat_or_none(DISK, plan)
    problem = OUT_OF_REACH[error]()
    assert isinstance(problem, OSError)
    assert "the system says" not in (reason(problem) or "the system says")


@pytest.mark.parametrize("error", NOT_THERE)
def test_a_name_that_no_file_can_have_is_no_file(share: AwayShare, plan: Path, error: str) -> None:
    share.fails_with(NOT_THERE[error])
    assert stat_or_none(DISK, plan) is None


def make_new(plan: Path, data: Path) -> None:
    with WorkingCopy.create(plan, write_plan, data, replace=True) as working:
        try:
            publish(working)
        finally:
            working.discard()


#: What the store is asked to do with a plan's path, other than opening it.
PLACES: dict[str, Callable[[Path, Path], object]] = {
    "the real path": lambda plan, data: real_path(plan),
    "a look at the file": lambda plan, data: inspect(plan),
    "opening": lambda plan, data: WorkingCopy.open(plan, data).close(),
    "opening read-only": lambda plan, data: WorkingCopy.open(plan, data, read_only=True).close(),
    "a new plan there": make_new,
    "what was left of it": lambda plan, data: find_for_target(plan, data),
    "what was left of any": lambda plan, data: find_recoverable(data),
    "a document there": lambda plan, data: write_output(plan.with_suffix(".pdf"), b"%PDF", made_from=plan),
    "a file that came back": lambda plan, data: take_copy(plan, data / "copy", DISK),
}


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("place", PLACES)
def test_whatever_the_place_answers_it_is_said_in_plain_words(
    share: AwayShare, plan: Path, data: Path, place: str, error: str
) -> None:
    share.fails_with(ERRORS[error])
    with contextlib.suppress(CyppError, NotTaken, *([OSError] if place == "a file that came back" else [])):
        PLACES[place](plan, data)
    found, _ = find_recoverable(data)
    assert not [left.problem for left in found if left.problem]
    share.comes_back()
    assert numbers_in(plan) == [1, 2]


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("what", ["save", "save as", "save a copy"])
def test_a_save_to_a_place_out_of_reach_loses_nothing(
    share: AwayShare, plan: Path, data: Path, what: str, error: str
) -> None:
    other = share.folder / "other.cypp"
    with WorkingCopy.open(plan, data) as working:
        edit(working, 3)
        share.fails_with(ERRORS[error])
        with pytest.raises(FileProblem, match=r"Nothing is lost|cannot be the name of a file"):
            {"save": publish, "save as": save_as, "save a copy": save_copy}[what](
                working, *([] if what == "save" else [other])
            )
        assert working.has_unpublished_changes()
        share.comes_back()
        publish(working)
    assert numbers_in(plan) == [1, 2, 3]
    assert litter(share.folder) == []


@pytest.mark.parametrize("what", ["save", "save as", "save a copy"])
def test_a_share_that_does_not_answer_is_told_of_and_not_saved_to(
    share: AwayShare, plan: Path, data: Path, in_no_time: None, what: str
) -> None:
    with WorkingCopy.open(plan, data) as working:
        edit(working, 3)
        share.falls_silent()
        with pytest.raises(FileProblem, match=r"cannot be reached\. Nothing is lost"):
            {"save": publish, "save as": save_as, "save a copy": save_copy}[what](
                working, *([] if what == "save" else [share.folder / "other.cypp"])
            )
        assert working.has_unpublished_changes()


def test_closing_does_not_wait_for_a_share(
    share: AwayShare, plan: Path, data: Path, in_no_time: None
) -> None:
    working = WorkingCopy.open(plan, data)
    share.falls_silent()
    working.close()
    assert find_recoverable(data) == ([], [])


@pytest.mark.parametrize("error", OUT_OF_REACH)
def test_where_nobody_can_tell_who_has_a_plan_open_nobody_is_named(
    share: AwayShare, plan: Path, error: str
) -> None:
    share.fails_with(OUT_OF_REACH[error])
    assert who_has_it_open(plan) == []


def killed(working: WorkingCopy) -> None:
    """The process is gone: the system lets go of its handles, and nothing else happens."""
    assert working._header is not None
    working._header.close()
    working._lock.release()


def test_what_was_left_is_found_and_gone_on_with_while_its_share_does_not_answer(
    share: AwayShare, plan: Path, data: Path, in_no_time: None
) -> None:
    working = WorkingCopy.open(plan, data)
    edit(working, 3)
    killed(working)
    share.falls_silent()
    (left,), _ = find_recoverable(data)
    assert (left.target, left.in_doubt) == (plan, None)
    again = WorkingCopy.recover(left, data)
    edit(again, 4)
    assert again.recovered
    again.close()
    assert find_recoverable(data)[0]


def test_another_plan_opens_while_one_waits_for_a_share_that_does_not_answer(
    share: AwayShare, plan: Path, data: Path, tmp_path: Path, in_no_time: None
) -> None:
    share.falls_silent()
    with pytest.raises(TimeoutError):
        timeouts.call_with_timeout(lambda: WorkingCopy.open(plan, data).close())
    other = write_plan(tmp_path / "other.cypp", 7)
    with WorkingCopy.open(other, data) as working:
        assert numbers_in(working.path) == [7]
        edit(working, 8)
        publish(working)
    assert numbers_in(other) == [7, 8]


def cut_short(plan: Path, data: Path, monkeypatch: pytest.MonkeyPatch, *, before: bool) -> None:
    """A kill in the midst of a save: just before or just after the file has got its name."""
    working = WorkingCopy.open(plan, data)
    edit(working, 3)
    with monkeypatch.context() as patch:
        exchange = type(DISK).exchange

        def cut(fs: object, fresh: Path, target: Path) -> None:
            if not before:
                exchange(DISK, fresh, target)
            raise KeyboardInterrupt

        patch.setattr(type(DISK), "exchange", cut)
        with pytest.raises(KeyboardInterrupt):
            publish(working)
    killed(working)


def test_whether_a_save_went_through_is_asked_of_the_file_alone_and_later(
    share: AwayShare, plan: Path, data: Path, monkeypatch: pytest.MonkeyPatch, in_no_time: None
) -> None:
    cut_short(plan, data, monkeypatch, before=False)
    share.falls_silent()
    (left,), _ = find_recoverable(data)
    assert left.in_doubt is not None
    share.comes_back()
    assert not confirm_unpublished(left, data)
    assert find_recoverable(data) == ([], [])
    assert numbers_in(plan) == [1, 2, 3]
    assert litter(share.folder) == []


def test_work_that_was_gone_on_with_before_its_share_answered_is_kept(
    share: AwayShare, plan: Path, data: Path, monkeypatch: pytest.MonkeyPatch, in_no_time: None
) -> None:
    cut_short(plan, data, monkeypatch, before=False)
    share.falls_silent()
    (left,), _ = find_recoverable(data)
    with WorkingCopy.recover(left, data) as working:
        edit(working, 4)
        share.comes_back()
        assert confirm_unpublished(left, data), "it is open"
    assert confirm_unpublished(left, data)
    (kept,), _ = find_recoverable(data)
    with WorkingCopy.recover(kept, data) as working:
        assert numbers_in(working.path) == [1, 2, 3, 4]


def test_a_save_that_did_not_go_through_is_gone_on_with(
    share: AwayShare, plan: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut_short(plan, data, monkeypatch, before=True)
    (left,), _ = find_recoverable(data)
    assert left.in_doubt is not None and confirm_unpublished(left, data)
    with WorkingCopy.open(plan, data) as working:
        assert working.recovered and numbers_in(working.path) == [1, 2, 3]
        publish(working)
    assert numbers_in(plan) == [1, 2, 3]


def test_work_that_somebody_settled_meanwhile_is_not_unpublished(
    share: AwayShare, plan: Path, data: Path, monkeypatch: pytest.MonkeyPatch, in_no_time: None
) -> None:
    cut_short(plan, data, monkeypatch, before=False)
    share.falls_silent()
    (left,), _ = find_recoverable(data)
    share.comes_back()
    assert not confirm_unpublished(left, data)
    assert not confirm_unpublished(left, data), "its folder is gone"
