"""A small plan for the commands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cypp_desktop.command_line.main import run
from tests.store.plans import SMALL


@pytest.fixture
def plan(tmp_path: Path) -> str:
    """The path of a plan made by ``import``."""
    source = tmp_path / "small.json"
    source.write_text(json.dumps(SMALL), "utf-8")
    target = tmp_path / "plan.cypp"
    assert run(["import", str(source), "-o", str(target)]) == 0
    return str(target)
