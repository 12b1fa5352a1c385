"""The system ends the application: what was typed last is kept, and nobody is asked anything."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cypp_desktop.exchange.plan_json import load_plan
from cypp_desktop.store.addresses import row_at
from cypp_desktop.store.plan_file import OpenPlan
from tests.ui.panel_plans import PLAN
from tests.ui.typing_worker import words_typed

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="on Windows a window is asked to close")


@pytest.mark.parametrize("sent", ["SIGTERM", "SIGHUP", "SIGINT"])
def test_an_end_by_signal_keeps_the_very_last_key(sent: str, tmp_path: Path) -> None:
    path = tmp_path / "plan.cypp"
    with OpenPlan.create(path) as plan:
        load_plan(plan.editor, PLAN)
        plan.publish()
    command = [sys.executable, "-m", "tests.ui.typing_worker", str(path), "title"]
    here = Path(__file__).parents[2]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=here) as worker:
        assert worker.stdout is not None
        keys = 0
        while keys < 5:
            keys += worker.stdout.readline().startswith("key")
        os.kill(worker.pid, getattr(signal, sent))
        keys += sum(line.startswith("key") for line in worker.stdout)
    assert worker.returncode == 0
    with OpenPlan.open(path) as plan:
        assert row_at(plan.editor.session, "1/1a/i").title == words_typed(keys)  # type: ignore[attr-defined]
