"""What every test has: no screen, our own fonts, no home to spoil, and repeatable generated cases."""

from __future__ import annotations

import atexit
import itertools
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import HealthCheck, settings

FONTS = Path(__file__).resolve().parents[1] / "resources" / "fonts"


def use_our_own_fonts() -> None:
    """Have Qt measure with the fonts of resources/ alone, here and in the processes that tests start.

    Set by variables, for fontconfig reads them before Qt draws its first letter. On Windows it is Qt
    itself that looks into the folder named.
    """
    folder = Path(tempfile.mkdtemp(prefix="cypp-desktop-fonts-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "fonts.conf").write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd"><fontconfig>'
        f"<dir>{escape(str(FONTS))}</dir><cachedir>{escape(str(folder))}</cachedir>"
        # Noto Sans stands for every family that is asked for and not there.
        '<match><edit name="family" mode="append_last"><string>Noto Sans</string></edit></match>'
        "</fontconfig>",
        encoding="utf-8",
    )
    os.environ |= {"FONTCONFIG_FILE": str(folder / "fonts.conf"), "QT_QPA_FONTDIR": str(FONTS)}


# Before there is an application. What a process starts inherits it, the processes of pytest-xdist too.
if "PYTEST_XDIST_WORKER" not in os.environ:
    # Whatever this machine has Qt do (scale, style, fonts) is not what the tests are about.
    for name in [each for each in os.environ if each.startswith(("QT_", "FONTCONFIG_"))]:
        del os.environ[name]
    # CYPP_TEST_PLATFORM=xcb shows the windows while tests drive them.
    os.environ["QT_QPA_PLATFORM"] = os.environ.get("CYPP_TEST_PLATFORM", "offscreen")
    use_our_own_fonts()

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
def own_temporary_folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What is left in the machine's temporary folder is swept at times, and other tests are at work there."""
    folder = tmp_path_factory.mktemp("temporary")
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)


@pytest.fixture(autouse=True, scope="session")
def own_runtime_folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Qt wants a private folder for sockets; a build server has none and Qt would warn."""
    if "XDG_RUNTIME_DIR" not in os.environ:
        folder = tmp_path_factory.mktemp("runtime")
        folder.chmod(0o700)
        os.environ["XDG_RUNTIME_DIR"] = str(folder)


@pytest.fixture
def london(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The time zone of London, for tests of local time."""
    if not hasattr(time, "tzset"):
        pytest.skip("the time zone of this system cannot be set for a test")
    monkeypatch.setenv("TZ", "GMT0BST,M3.5.0/1,M10.5.0")  # no list of places is needed to understand this
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()
