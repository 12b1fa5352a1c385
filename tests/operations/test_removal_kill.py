"""The process is killed at random while it removes a text: nothing has happened, or it goes on by itself."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cypp_desktop.operations.removal import go_on
from cypp_desktop.store import removal
from cypp_desktop.store.check import check_file
from cypp_desktop.store.commands import set_field
from cypp_desktop.store.plan_file import OpenPlan
from tests.merge.copies import at, make_plan, opened
from tests.operations.bytes_on_disk import files_with

_ROOT = Path(__file__).parents[2]
NAME = "Jane Quillfeather"


def prepared(folder: Path) -> Path:
    """A plan that has said the name for a while, with backups and a working copy that was left."""
    path = make_plan(folder / "plan.cypp")
    with opened(path) as plan:
        for number in range(8):
            set_field(plan.editor, at(plan, "1/1a/i"), "definition", f"{NAME} has {number} children. " * 200)
            plan.publish()
        set_field(plan.editor, at(plan, "1/1a/ii"), "definition", f"Not saved: {NAME}")
        plan.editor.end_sitting()
    return path


def killed(path: Path, data: Path, after: float) -> bool:
    """Let the worker begin, and kill it so many seconds later; whether it was still at work."""
    command = [sys.executable, "-m", "tests.operations.removal_kill_worker", str(path), str(data), NAME]
    with subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "begins\n"
        try:
            worker.wait(after)
        except subprocess.TimeoutExpired:
            worker.kill()
        said = worker.stdout.read()
    assert worker.returncode != 1, "the worker failed by itself"
    return "done" not in said


@pytest.mark.parametrize(
    "kills", [pytest.param(3, id="3 kills"), pytest.param(60, id="60 kills", marks=pytest.mark.slow)]
)
def test_a_kill_leaves_the_plan_as_it_was_or_the_removal_goes_on(kills: int, tmp_path: Path) -> None:
    template = tmp_path / "template"
    template.mkdir()
    prepared(template)
    chance = random.Random(kills)
    longest = 1.0
    for number in range(kills):
        folder = tmp_path / "killed"
        shutil.copytree(template, folder)
        path, data = folder / "plan.cypp", folder / "data of Ann"
        for origin in (data / "working").glob("*/origin.json"):
            origin.write_text(origin.read_text().replace(str(template), str(folder)))
        after = longest * (number + chance.random()) / kills
        if not killed(path, data, after):
            longest = min(longest, after)
        go_on(data)
        with OpenPlan.open(path, data=data) as plan:
            assert check_file(plan.engine).faults == []
            known = removal.removals_of(plan.editor.session.connection())
            plan.editor.session.rollback()
            if known:
                assert files_with(NAME, folder) == [], after
            else:
                assert NAME in (at(plan, "1/1a/i").definition or "")
                assert NAME in (at(plan, "1/1a/ii").definition or "")
        assert list((data / "removals").glob("*.json")) == []
        shutil.rmtree(folder)
