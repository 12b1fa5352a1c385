"""A plan and a return of it, made once and copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from cypp_desktop.store.plan_file import OpenPlan
from tests.merge.copies import faults, opened
from tests.merge.sent import answered, officer, send


@pytest.fixture(scope="session")
def sent_and_answered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a plan, and a return of it that a partner filled in."""
    folder = tmp_path_factory.mktemp("sent")
    with officer(folder) as plan:
        answered(send(plan))
        plan.publish()
    return folder


@pytest.fixture
def plan(sent_and_answered: Path, tmp_path: Path) -> Iterator[OpenPlan]:
    """The plan, which no test here may spoil by receiving."""
    with opened(Path(shutil.copy(sent_and_answered / "Our plan.cypp", tmp_path))) as plan:
        yield plan
        assert faults(plan) == []


@pytest.fixture
def answer(sent_and_answered: Path, tmp_path: Path) -> Path:
    """A return that a partner filled in."""
    (tmp_path / "sent").mkdir()
    (path,) = (sent_and_answered / "sent").glob("*.cypp-return")
    return Path(shutil.copy(path, tmp_path / "sent"))
