"""Whether Qt can show a window here, asked before it tries: where it cannot, it ends the program at once.

Only Linux can lack what Qt needs for a window; elsewhere nothing is asked.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QLibraryInfo

from cypp_desktop import machine

_NO_DISPLAY = (
    "The window cannot open: there is no display here. The commands work without one: cypp-desktop --help"
)


def why_no_window(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> str | None:
    """What is in the way of a window, in words and with what to do; None if nothing is."""
    if not platform.startswith("linux"):
        return None
    names = platforms(environment)
    if not names:
        return _NO_DISPLAY
    troubles = {name: _why_not_loaded(name) for name in names}
    if any(_answers(name) for name, trouble in troubles.items() if trouble is None):
        return None
    first = next((trouble for trouble in troubles.values() if trouble is not None), None)
    if first is not None:
        return machine.missing_for_window(_libraries(names)) or f"The window cannot open: {first}."
    display = environment.get("WAYLAND_DISPLAY") or environment.get("DISPLAY") or "named"
    return f"The window cannot open: the display {display} does not answer."


def platforms(environment: Mapping[str, str]) -> list[str]:
    """What Qt will try one after the other to show a window by."""
    chosen = environment.get("QT_QPA_PLATFORM", "")
    if chosen:
        return [name.partition(":")[0].partition("-")[0] for name in chosen.split(";")]
    found = []
    if environment.get("WAYLAND_DISPLAY") or environment.get("XDG_SESSION_TYPE") == "wayland":
        found.append("wayland")
    if environment.get("DISPLAY"):
        found.append("xcb")
    return found


def _libraries(platforms: Sequence[str]) -> dict[str, machine.SystemPackage]:
    wanted = machine.DRAWING | machine.PRINTERS
    for name, libraries in (("xcb", machine.X11), ("wayland", machine.WAYLAND)):
        if name in platforms:
            wanted |= libraries
    return wanted


def _answers(platform: str) -> bool:
    if platform == "xcb":
        return machine.x11_answers()
    return platform != "wayland" or machine.wayland_answers()


def plugins() -> Path:
    """Where Qt has its parts for the platforms."""
    return Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath)) / "platforms"


def _why_not_loaded(platform: str) -> str | None:
    """Why the loader cannot load Qt's part for a platform; None if it can, or if Qt has it elsewhere."""
    why = None
    for file in plugins().glob(f"libq{platform}*.so"):
        try:
            ctypes.CDLL(str(file))
        except OSError as problem:
            why = str(problem)
        else:
            return None
    return why
