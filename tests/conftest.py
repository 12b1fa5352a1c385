"""What every test has: no screen, no home of its own to spoil, and repeatable generated cases."""

from __future__ import annotations

import itertools
import os
from pathlib import Path

# Before anything imports Qt. CYPP_TEST_PLATFORM=xcb shows the windows while tests drive them.
os.environ["QT_QPA_PLATFORM"] = os.environ.get("CYPP_TEST_PLATFORM", "offscreen")

import pytest
from hypothesis import HealthCheck, settings

# The usual run finds the same cases each time, so that a red build means the change and not the luck.
settings.register_profile(
    "quick",
    max_examples=50,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
# CYPP_TEST_EXAMPLES=10000 tries so many cases of a kind in `packaging/dev.py slow`, others each time.
settings.register_profile(
    "slow",
    parent=settings.get_profile("quick"),
    max_examples=int(os.environ.get("CYPP_TEST_EXAMPLES", "500")),
    derandomize=False,
)
settings.load_profile("quick")

_count = itertools.count(1)


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of the application for this test alone; made only when something asks for a folder in it."""
    home = tmp_path_factory.getbasetemp() / "homes" / str(next(_count))
    monkeypatch.setenv("CYPP_DESKTOP_HOME", str(home))
    return home


@pytest.fixture(autouse=True, scope="session")
def own_runtime_folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Qt wants a private folder for sockets; a build server has none and Qt would warn."""
    if "XDG_RUNTIME_DIR" not in os.environ:
        folder = tmp_path_factory.mktemp("runtime")
        folder.chmod(0o700)
        os.environ["XDG_RUNTIME_DIR"] = str(folder)
