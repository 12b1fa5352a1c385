"""Each call to the disk may fail while a text is removed for good: it is told in words, and goes on later."""

from __future__ import annotations

import errno
import itertools
import shutil
from pathlib import Path

import pytest

from cypp_desktop.errors import CyppError
from cypp_desktop.merge.apply import take_in
from cypp_desktop.operations.removal import Order, remove_for_good
from cypp_desktop.plan.sought_words import SoughtWords
from cypp_desktop.store.disk import DISK
from cypp_desktop.store.plan_file import OpenPlan
from cypp_desktop.store.removal_search import WordsAnywhere
from cypp_desktop.store.removal_survey import survey
from tests.merge.copies import edited, faults, make_plan
from tests.operations.bytes_on_disk import files_with
from tests.store.faulty_disk import FaultyDisk

NAME = "Jane Quillfeather"
ERRORS = (errno.ESTALE, errno.EXDEV, errno.ENOMEM, errno.EEXIST, errno.EACCES, errno.EINTR)


def removal_with(disk: FaultyDisk, office: Path) -> None:
    """Remove the name on a disk that may fail; afterwards on one that does not."""
    plan = OpenPlan.open(office / "plan.cypp", author="Ann", data=office / "data of Ann")
    plan.working.fs = disk
    try:
        found = survey(plan, WordsAnywhere(SoughtWords([NAME])))
        remove_for_good(plan, found, Order(reason="Asked for."))
    except CyppError as problem:
        assert "Errno" not in str(problem)
    finally:
        plan.working.fs = DISK
    found = survey(plan, WordsAnywhere(SoughtWords([NAME])))
    if found.is_anywhere:
        remove_for_good(plan, found, Order(reason="Asked for."))
    plan.publish(take_in)
    assert faults(plan) == []
    plan.close()
    with OpenPlan.open(office / "plan.cypp", author="Ann", data=office / "data of Ann"):
        pass
    assert files_with(NAME, office) == []


def fail_at_each(tmp_path: Path, step: int) -> None:
    office = tmp_path / "office"
    office.mkdir()
    edited(make_plan(office / "plan.cypp"), "Ann", ("1/1a/i", "title", f"About {NAME}"))
    watched = FaultyDisk()
    removal_with(watched, Path(shutil.copytree(office, tmp_path / "dry")))
    cases = zip(range(len(watched.calls)), itertools.cycle(ERRORS), itertools.cycle(("before", "after")))
    for place, error, moment in itertools.islice(cases, 0, None, step):
        again = Path(shutil.copytree(office, tmp_path / str(place)))
        removal_with(FaultyDisk(place, error, moment), again)
        shutil.rmtree(again)


def test_some_calls_to_the_disk_may_fail(tmp_path: Path) -> None:
    fail_at_each(tmp_path, 23)


@pytest.mark.slow
def test_each_call_to_the_disk_may_fail(tmp_path: Path) -> None:
    fail_at_each(tmp_path, 1)
