"""Killed at any moment: every edit that was acknowledged is there, and the published file is whole."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from cypp_desktop.exchange.plan_json import load_plan
from cypp_desktop.plan.model import Measure
from cypp_desktop.store.check import check_file
from cypp_desktop.store.files import inspect
from cypp_desktop.store.plan_file import OpenPlan
from cypp_desktop.store.queries import current_round, update_of
from tests.store.plans import SMALL

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is how POSIX ends a process at once")


def killed_run(target: Path, first: int, delay: float) -> list[str]:
    """What a worker said before it was killed, ``delay`` seconds after it had opened the plan."""
    command = [sys.executable, "-m", "tests.store.kill_worker", str(target), str(first)]
    here = Path(__file__).parents[2]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=here
    ) as worker:
        assert worker.stdout is not None and worker.stderr is not None
        opened = worker.stdout.readline()
        if opened.strip() != "open":
            raise AssertionError(worker.stderr.read())
        threading.Timer(delay, worker.send_signal, [signal.SIGKILL]).start()
        said = worker.stdout.read().splitlines()
    return [line for line in said if len(line.split()) >= 2]


def latest_edits(said: list[str], upto: int | None = None) -> dict[str, int]:
    """The number of the last acknowledged edit of each measure."""
    found: dict[str, int] = {}
    for line in said:
        word, number, *measure = line.split()
        if word == "edit" and measure and len(measure[0]) == 36 and (upto is None or int(number) <= upto):
            found[measure[0]] = int(number)
    return found


def number_of(plan: OpenPlan, measure_id: str) -> int:
    session = plan.editor.session
    measure = plan.editor.find(Measure, measure_id)
    assert measure is not None
    update = update_of(measure, current_round(session))
    assert update is not None
    return int(update.text.split()[2])


def prove(target: Path, said: list[str], scratch: Path) -> None:
    published = [int(line.split()[1]) for line in said if line.startswith("published")]
    inspect(target)
    copy = scratch / "published.cypp"
    copy.write_bytes(target.read_bytes())
    with OpenPlan.open(copy, read_only=True, data=scratch / "other") as plan:
        assert check_file(plan.engine).faults == []
        if published:
            for measure_id, number in latest_edits(said, published[-1]).items():
                assert number_of(plan, measure_id) >= number
    with OpenPlan.open(target) as plan:
        assert check_file(plan.engine).faults == []
        for measure_id, number in latest_edits(said).items():
            assert number_of(plan, measure_id) >= number
        plan.publish()
        assert not plan.working.has_unpublished_changes()


def kills(folder: Path, count: int, seed: int) -> int:
    """Kill a worker so many times, each time going on with the same plan.

    Gives how many edits were acknowledged.
    """
    chance = random.Random(seed)
    target = folder / "plan.cypp"
    with OpenPlan.create(target) as plan:
        load_plan(plan.editor, SMALL)
        plan.publish()
    edits = 0
    for turn in range(count):
        said = killed_run(target, 1 + turn * 10_000, chance.uniform(0.0, 0.4))
        edits += sum(line.startswith("edit") for line in said)
        scratch = folder / f"turn{turn}"
        scratch.mkdir()
        prove(target, said, scratch)
    assert not [path for path in folder.iterdir() if path.is_file() and path != target], (
        "nothing is left beside"
    )
    return edits


def test_a_few_kills_lose_no_committed_edit(tmp_path: Path) -> None:
    assert kills(tmp_path, 6, seed=1) > 0


@pytest.mark.slow
def test_three_hundred_kills_lose_no_committed_edit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    began = time.monotonic()
    edits = kills(tmp_path, 300, seed=time.time_ns() % 1_000_000)
    with capsys.disabled():
        print(f"\n300 kills, {edits} acknowledged edits, none lost; {time.monotonic() - began:.0f} s")
