"""Whether Qt can show a window, found out before it tries and ends the program."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from cypp_desktop import machine
from cypp_desktop.machine import SystemPackage
from cypp_desktop.ui import display

ON_LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere Qt needs nothing more")


@pytest.fixture
def broken_plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Qt's parts for X11 and Wayland, which the loader cannot load."""
    for name in ("libqxcb.so", "libqwayland.so"):
        (tmp_path / name).write_bytes(b"")
    monkeypatch.setattr(display, "plugins", lambda: tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, []),
        ({"DISPLAY": ":0"}, ["xcb"]),
        ({"WAYLAND_DISPLAY": "wayland-0"}, ["wayland"]),
        ({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, ["wayland", "xcb"]),
        ({"XDG_SESSION_TYPE": "wayland"}, ["wayland"]),
        ({"QT_QPA_PLATFORM": "offscreen", "DISPLAY": ":0"}, ["offscreen"]),
        ({"QT_QPA_PLATFORM": "wayland-egl;xcb:nosystemtray"}, ["wayland", "xcb"]),
    ],
)
def test_the_platforms_are_those_that_qt_will_try(variables: dict[str, str], expected: list[str]) -> None:
    assert display.platforms(variables) == expected


@ON_LINUX
@pytest.mark.parametrize("name", ["DISPLAY", "WAYLAND_DISPLAY"])
def test_a_part_of_qt_that_lacks_a_library_is_told_before_qt_ends_the_program(
    name: str, broken_plugins: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = machine.X11 if name == "DISPLAY" else machine.WAYLAND
    monkeypatch.setitem(table, "libno-such.so.9", SystemPackage("libno-such9", "no-such"))
    monkeypatch.setattr(machine, "package_manager", lambda: "apt-get")
    said = display.why_no_window({name: "7"})
    assert said is not None
    assert "libno-such.so.9" in said
    assert "apt-get install -y --no-install-recommends" in said


@ON_LINUX
def test_a_library_that_no_list_has_is_named_as_the_loader_names_it(
    broken_plugins: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "missing_libraries", lambda _: [])
    assert "libqxcb.so" in str(display.why_no_window({"DISPLAY": ":7"}))


@ON_LINUX
def test_one_way_to_a_window_is_enough(broken_plugins: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (broken_plugins / "libqwayland.so").unlink()
    monkeypatch.setattr(machine, "wayland_answers", lambda: True)
    assert display.why_no_window({"DISPLAY": ":7", "WAYLAND_DISPLAY": "wayland-7"}) is None


@ON_LINUX
def test_a_display_that_has_gone_is_told(broken_plugins: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (broken_plugins / "libqxcb.so").unlink()
    monkeypatch.setattr(machine, "x11_answers", lambda: False)
    said = display.why_no_window({"DISPLAY": ":7"})
    assert said == "The window cannot open: the display :7 does not answer."


def test_nothing_is_in_the_way_off_the_screen_and_on_other_systems() -> None:
    assert display.why_no_window({"QT_QPA_PLATFORM": "offscreen"}) is None
    assert display.why_no_window({}, platform="win32") is None
    assert display.why_no_window({}, platform="darwin") is None
