"""Killed at any moment of sending, receiving, merging, undoing: a whole batch or none; going on converges."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from cypp_desktop.merge.apply import merge_files, take_in
from cypp_desktop.merge.gates.receiving import receive
from cypp_desktop.merge.model import Received
from cypp_desktop.merge.questions_of_plan import questions_of_plan
from cypp_desktop.merge.unmerge import batches, unmerge
from cypp_desktop.store.check import check_file
from cypp_desktop.store.commands import add_row, delete_rows, set_field
from cypp_desktop.store.plan_file import OpenPlan
from tests.merge.copies import Rows, at, copy_of, edited, make_plan, opened, rows_of
from tests.merge.sent import answered, send

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is how POSIX ends a process at once")


def files_for(plan_file: Path) -> list[Path]:
    """Copies edited apart: new rows, a deletion, an edit in a text of both, and a conflict."""
    from cypp_desktop.plan.model import Measure

    one = edited(copy_of(plan_file, "one"), "Bea", ("1/1a/i", "title", "Bea's"))
    two = edited(
        copy_of(plan_file, "two"), "Cy", ("1/1a/i", "title", "Cy's"), ("1/1a/updates/#1", "text", "- Cy")
    )
    with opened(one, "Bea") as plan:
        for number in range(40):
            add_row(plan.editor, Measure, at(plan, "2/2a"), code=f"n{number}", title=f"New {number}")
        plan.publish()
    with opened(two, "Cy") as plan:
        delete_rows(plan.editor, [at(plan, "1/1b")])
        plan.publish()
    return [one, two]


def killed_run(target: Path, files: list[Path], delay: float) -> list[str]:
    """What a worker said before it was killed, ``delay`` seconds after it had opened the plan."""
    command = [sys.executable, "-m", "tests.merge.kill_worker", str(target), *map(str, files)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
    ) as worker:
        assert worker.stdout is not None and worker.stderr is not None
        if worker.stdout.readline().strip() != "open":
            raise AssertionError(worker.stderr.read())
        threading.Timer(delay, worker.send_signal, [signal.SIGKILL]).start()
        said = worker.stdout.read().splitlines()
        if worker.wait() != -signal.SIGKILL:
            raise AssertionError(worker.stderr.read())
    return said


def state(plan: OpenPlan) -> tuple[Rows, list[Any]]:
    """What the plan says and asks, but for what was sent out and received when."""
    asked = [(q.row_id, q.field, q.kind) for q in questions_of_plan(plan)]
    return rows_of(plan, without=("issued_return", "received_file")), asked


def kills(folder: Path, count: int, seed: int) -> Counter[str]:
    """Kill a worker so many times, each time going on with the same plan; gives how often it was left how,
    and after what it was killed.
    """
    chance = random.Random(seed)
    target = make_plan(folder / "plan.cypp")
    with OpenPlan.open(target, author="Ann") as plan:
        answer = answered(send(plan))
        set_field(plan.editor, at(plan, "1/1a/i"), "title", "Ours")
        plan.publish(take_in)
        files = [*files_for(target), answer]
        untouched = state(plan)
        began = time.monotonic()
        merge(plan, files)
        merged = state(plan)
        unmerge(plan)
        lap = time.monotonic() - began  # so that a slow machine is killed in the midst as well
        assert state(plan) == untouched
    looked_at = {answer}
    found: Counter[str] = Counter()
    for _ in range(count):
        said = killed_run(target, files, chance.uniform(0.0, 3 * lap))
        with OpenPlan.open(target, author="Ann") as plan:
            assert check_file(plan.engine).faults == []
            is_merged = bool(batches(plan))
            assert state(plan) == (merged if is_merged else untouched)
            found["left merged" if is_merged else "left untouched"] += 1
            found[f"after it {said[-1] if said else 'opened'}"] += 1
            whole = set((folder / "sent").glob("*.cypp-return"))
            for sent in receive(sorted(whole - looked_at), plan):
                assert isinstance(sent, Received) and sent.sealed and sent.is_empty
                found["returns sent out"] += 1
            looked_at |= whole
            if not is_merged:
                merge(plan, files)
            assert state(plan) == merged
            plan.publish(take_in)
    assert sorted(path.name for path in folder.glob("*.cypp")) == ["one.cypp", "plan.cypp", "two.cypp"]
    return found


def merge(plan: OpenPlan, files: list[Path]) -> None:
    received = [file for file in receive(files, plan) if isinstance(file, Received)]
    merge_files(plan, received, open_ones="ours")


def test_a_few_kills_leave_a_whole_merge_or_none(tmp_path: Path) -> None:
    found = kills(tmp_path, 5, seed=2)
    assert found["left merged"] + found["left untouched"] == 5


@pytest.mark.slow
def test_three_hundred_kills_leave_a_whole_merge_or_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    began = time.monotonic()
    found = kills(tmp_path, 300, seed=time.time_ns() % 1_000_000)
    with capsys.disabled():
        print(f"\n300 kills of issue, receive, merge and unmerge, {time.monotonic() - began:.0f} s:")
        for how, number in sorted(found.items()):
            print(f"  {number:>4}  {how}")
