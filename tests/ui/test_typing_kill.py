"""Killed while somebody types in the window: what was typed until two seconds before is there."""

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
from cypp_desktop.store.addresses import row_at
from cypp_desktop.store.check import check_file
from cypp_desktop.store.plan_file import OpenPlan
from cypp_desktop.store.queries import current_round, update_of
from tests.ui.panel_plans import PLAN
from tests.ui.typing_worker import PLACES, words_typed

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is how POSIX ends a process at once")

#: What may be lost of the keys pressed before a kill, in seconds.
PROMISE = 2.0


def killed_while_typing(plan: Path, where: str, delay: float) -> tuple[list[float], float]:
    """When each key was pressed, and when the process was killed, ``delay`` seconds after the first."""
    command = [sys.executable, "-m", "tests.ui.typing_worker", str(plan), where]
    killed_at: list[float] = []
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
    ) as worker:
        assert worker.stdout is not None and worker.stderr is not None
        if worker.stdout.readline().strip() != "typing":
            raise AssertionError(worker.stderr.read())

        def kill() -> None:
            killed_at.append(time.monotonic())
            worker.send_signal(signal.SIGKILL)

        threading.Timer(delay, kill).start()
        said = worker.stdout.read().splitlines()
    return [float(line.split()[1]) for line in said if len(line.split()) == 2], killed_at[0]


def kept_words(plan: OpenPlan, where: str) -> str:
    session = plan.editor.session
    measure = session.query(Measure).order_by(Measure.sort_key).first()
    assert measure is not None
    if where == "title":
        return measure.title
    if where == "cell":
        return measure.observations[0].area or ""
    if where == "organisation":
        lead = measure.leads[0].organisation
        return lead.name if lead else ""
    update = update_of(measure, current_round(session))
    assert update is not None
    return update.text.removeprefix("- ")


def keys_lost(folder: Path, where: str, delay: float) -> tuple[int, float]:
    """How many keys there were, and how long before the kill the first lost one was pressed, in seconds."""
    path = folder / "plan.cypp"
    with OpenPlan.create(path) as plan:
        load_plan(plan.editor, PLAN)
        before = kept_words(plan, where)
        assert row_at(plan.editor.session, "1/1a/i")
        plan.publish()
    pressed, killed = killed_while_typing(path, where, delay)
    with OpenPlan.open(path) as plan:
        assert check_file(plan.engine).faults == []
        kept = kept_words(plan, where)
    count = 0 if kept == before else len(kept)
    assert kept in (before, words_typed(count)), "what is there is a beginning of what was typed"
    lost = pressed[count:]
    return len(pressed), killed - lost[0] if lost else 0.0


@pytest.mark.parametrize("where", PLACES)
def test_a_kill_while_typing_loses_two_seconds_at_most(where: str, tmp_path: Path) -> None:
    pressed, lost = keys_lost(tmp_path, where, 2.6)
    assert pressed > 10
    assert lost <= PROMISE


@pytest.mark.slow
def test_a_hundred_kills_while_typing_lose_two_seconds_at_most(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chance = random.Random(time.time_ns())
    keys, worst = 0, 0.0
    for turn in range(100):
        folder = tmp_path / str(turn)
        folder.mkdir()
        pressed, lost = keys_lost(folder, list(PLACES)[turn % len(PLACES)], chance.uniform(0.0, 5.0))
        assert lost <= PROMISE
        keys, worst = keys + pressed, max(worst, lost)
    with capsys.disabled():
        print(f"\n100 kills, {keys} keys; the oldest key lost was {worst:.2f} s old")
