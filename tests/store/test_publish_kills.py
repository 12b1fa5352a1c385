"""The process is killed at random while it commits and publishes: no acknowledged commit is lost."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from cypp_desktop.store.publish import publish
from cypp_desktop.store.working_copy import WorkingCopy
from tests.store.small_plan import litter, numbers_in, write_plan

_ROOT = Path(__file__).parents[2]


def killed_at_random(plan: Path, data: Path, first: int, chance: random.Random) -> int:
    """Let the worker commit from ``first`` on and kill it; the last number that it said was committed."""
    command = [sys.executable, "-m", "tests.store.file_kill_worker", str(plan), str(data), str(first)]
    with subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        said = [worker.stdout.readline() for _ in range(chance.randrange(1, 12))]
        try:
            worker.wait(chance.uniform(0, 0.02))
        except subprocess.TimeoutExpired:
            worker.kill()
        said += worker.stdout.readlines()
    assert worker.returncode != 1, "the worker failed by itself"
    # A line cut short by the kill was never read by a person.
    return max((int(line) for line in said if line.endswith("\n")), default=first - 1)


@pytest.mark.parametrize(
    "kills", [pytest.param(10, id="10 kills"), pytest.param(300, id="300 kills", marks=pytest.mark.slow)]
)
def test_no_acknowledged_commit_is_lost_by_a_kill(kills: int, tmp_path: Path) -> None:
    plan, data = write_plan(tmp_path / "x.cypp", 1), tmp_path / "data"
    chance = random.Random(kills)
    last = 1
    recovered = 0
    for _ in range(kills):
        acknowledged = killed_at_random(plan, data, last + 1, chance)
        published = numbers_in(plan)
        assert published == list(range(1, len(published) + 1))
        with WorkingCopy.open(plan, data) as working:
            recovered += working.recovered
            there = numbers_in(working.path)
            assert there == list(range(1, len(there) + 1))
            assert acknowledged <= len(there)
            last = len(there)
            if chance.random() < 0.5:
                publish(working)
                assert numbers_in(plan) == there
    assert recovered > 0
    assert [path.name for path in tmp_path.glob("*.cypp")] == ["x.cypp"]
    left = WorkingCopy.find_unpublished(data)
    assert len(left) <= 1
    for each in left:
        with WorkingCopy.recover(each, data) as working:
            publish(working)
    assert numbers_in(plan) == list(range(1, last + 1))
    assert litter(tmp_path) == []
    assert list((data / "working").glob("*")) == [data / "working" / ".gate"]
