"""What a window needs of the machine: libraries that Qt loads, a display that answers; and how to get them.

Standard library only, and no import of the application: ``packaging/system.py`` reads it before anything
is installed, and the start of the window when Qt itself could not be loaded.
"""

from __future__ import annotations

import ctypes
import os
import shlex
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple


class SystemPackage(NamedTuple):
    """Where a library or command is, for the two package managers that cannot be asked by its own name."""

    apt: str
    pacman: str


# Worked out from what the libraries of PySide6-Essentials and PySide6-Pdf name as needed, less what
# the wheels bring along and what every Linux has.
DRAWING: dict[str, SystemPackage] = {
    "libEGL.so.1": SystemPackage("libegl1", "libglvnd"),
    "libGL.so.1": SystemPackage("libgl1", "libglvnd"),
    "libX11.so.6": SystemPackage("libx11-6", "libx11"),
    "libxkbcommon.so.0": SystemPackage("libxkbcommon0", "libxkbcommon"),
    "libdbus-1.so.3": SystemPackage("libdbus-1-3", "dbus"),
    "libfontconfig.so.1": SystemPackage("libfontconfig1", "fontconfig"),
    "libfreetype.so.6": SystemPackage("libfreetype6", "freetype2"),
    "libglib-2.0.so.0": SystemPackage("libglib2.0-0", "glib2"),
    "libgthread-2.0.so.0": SystemPackage("libglib2.0-0", "glib2"),
    "libzstd.so.1": SystemPackage("libzstd1", "zstd"),
    "libz.so.1": SystemPackage("zlib1g", "zlib"),
    "libgssapi_krb5.so.2": SystemPackage("libgssapi-krb5-2", "krb5"),
    "libbrotlidec.so.1": SystemPackage("libbrotli1", "brotli"),
    "libbrotlicommon.so.1": SystemPackage("libbrotli1", "brotli"),
}
X11: dict[str, SystemPackage] = {
    "libX11-xcb.so.1": SystemPackage("libx11-xcb1", "libx11"),
    "libxcb.so.1": SystemPackage("libxcb1", "libxcb"),
    "libxcb-cursor.so.0": SystemPackage("libxcb-cursor0", "xcb-util-cursor"),
    "libxcb-glx.so.0": SystemPackage("libxcb-glx0", "libxcb"),
    "libxcb-icccm.so.4": SystemPackage("libxcb-icccm4", "xcb-util-wm"),
    "libxcb-image.so.0": SystemPackage("libxcb-image0", "xcb-util-image"),
    "libxcb-keysyms.so.1": SystemPackage("libxcb-keysyms1", "xcb-util-keysyms"),
    "libxcb-randr.so.0": SystemPackage("libxcb-randr0", "libxcb"),
    "libxcb-render.so.0": SystemPackage("libxcb-render0", "libxcb"),
    "libxcb-render-util.so.0": SystemPackage("libxcb-render-util0", "xcb-util-renderutil"),
    "libxcb-shape.so.0": SystemPackage("libxcb-shape0", "libxcb"),
    "libxcb-shm.so.0": SystemPackage("libxcb-shm0", "libxcb"),
    "libxcb-sync.so.1": SystemPackage("libxcb-sync1", "libxcb"),
    "libxcb-util.so.1": SystemPackage("libxcb-util1", "xcb-util"),
    "libxcb-xfixes.so.0": SystemPackage("libxcb-xfixes0", "libxcb"),
    "libxcb-xkb.so.1": SystemPackage("libxcb-xkb1", "libxcb"),
    "libxkbcommon-x11.so.0": SystemPackage("libxkbcommon-x11-0", "libxkbcommon-x11"),
}
WAYLAND: dict[str, SystemPackage] = {
    "libwayland-client.so.0": SystemPackage("libwayland-client0", "wayland"),
    "libwayland-cursor.so.0": SystemPackage("libwayland-cursor0", "wayland"),
    "libwayland-egl.so.1": SystemPackage("libwayland-egl1", "wayland"),
}
PRINTERS: dict[str, SystemPackage] = {"libcups.so.2": SystemPackage("libcups2", "libcups")}


#: Set by a desktop where windows can be shown; one of them is enough.
_DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY")


# Libraries and the packages that have them


def libraries_for(environment: Mapping[str, str]) -> dict[str, SystemPackage]:
    """The libraries that Qt will load for a window on the display named."""
    wanted = DRAWING | PRINTERS
    if environment.get("DISPLAY"):
        wanted |= X11
    if environment.get("WAYLAND_DISPLAY"):
        wanted |= WAYLAND
    return wanted


def missing_libraries(wanted: Iterable[str]) -> list[str]:
    """Those that the loader of this machine does not find; other systems than Linux need none."""
    return [name for name in wanted if _library(name) is None] if sys.platform.startswith("linux") else []


def package_manager() -> str | None:
    """The first of the package managers known here that this machine has."""
    return next((name for name in ("apt-get", "dnf", "zypper", "pacman") if shutil.which(name)), None)


def library_packages(manager: str, libraries: Mapping[str, SystemPackage]) -> list[str]:
    """What that package manager calls these libraries."""
    # dnf and zypper take the name of a library itself.
    bits = "()(64bit)" if sys.maxsize > 2**32 else ""
    return _packages(manager, libraries, "{}" + bits)


def command_packages(manager: str, commands: Mapping[str, SystemPackage]) -> list[str]:
    """What that package manager calls these commands."""
    # dnf and zypper take the file of a command itself.
    return _packages(manager, commands, "/usr/bin/{}")


def _packages(manager: str, things: Mapping[str, SystemPackage], own_name: str) -> list[str]:
    if manager == "apt-get":
        return [package.apt for package in things.values()]
    if manager == "pacman":
        return [package.pacman for package in things.values()]
    return [own_name.format(name) for name in things]


def install_command(manager: str, packages: Iterable[str]) -> list[str]:
    """The command that installs these packages without asking."""
    options = {
        "apt-get": ["install", "-y", "--no-install-recommends"],
        "dnf": ["install", "-y"],
        "zypper": ["--non-interactive", "install"],
        "pacman": ["-S", "--needed", "--noconfirm"],
    }
    return [manager, *options[manager], *sorted(set(packages))]


def spoken(command: Sequence[str]) -> str:
    """The command as a person types it; a machine straight from its image has no list of packages yet."""
    rights = "" if os.name == "posix" and os.geteuid() == 0 else "sudo "
    fresh = f"{rights}apt-get update && " if command[0] == "apt-get" else ""
    return f"{fresh}{rights}{shlex.join(command)}"


def missing_for_window(wanted: Mapping[str, SystemPackage]) -> str | None:
    """What of these libraries this machine lacks, in words, with the command that brings it; else None."""
    absent = missing_libraries(wanted)
    if not absent:
        return None
    manager = package_manager()
    if manager is None:
        remedy = "Install them with the tool of your system, then start CYPP Desktop again."
    else:
        packages = library_packages(manager, {name: wanted[name] for name in absent})
        command = spoken(install_command(manager, packages))
        remedy = f"This installs them:\n\n    {command}\n\nThen start CYPP Desktop again."
    return f"The window cannot open: system libraries are missing ({', '.join(absent)}).\n{remedy}"


# Displays


def has_display(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> bool:
    """Whether a window can be shown: on Windows and macOS always, elsewhere when a display is named."""
    if platform in ("win32", "darwin"):
        return True
    return any(environment.get(name) for name in _DISPLAYS)


def display_answers() -> bool:
    """Whether a display is there for this process: one that a variable names may have gone."""
    return sys.platform in ("win32", "darwin") or wayland_answers() or x11_answers()


def x11_answers() -> bool:
    """Whether the display that DISPLAY names is there.

    Where it is, this connection stays open: a display that loses its last one starts anew, and for that
    moment Qt would find none.
    """
    library = _library("libxcb.so.1")
    if library is None:
        return False
    library.xcb_connect.restype = ctypes.c_void_p
    # A connection that failed is an object too, which says so.
    connection = ctypes.c_void_p(library.xcb_connect(None, None))
    answers = int(library.xcb_connection_has_error(connection)) == 0
    if not answers:
        library.xcb_disconnect(connection)
    return answers


def wayland_answers() -> bool:
    """Whether the display that WAYLAND_DISPLAY names, or the usual one of Wayland, is there."""
    library = _library("libwayland-client.so.0")
    if library is None:
        return False
    library.wl_display_connect.restype = ctypes.c_void_p
    connection = library.wl_display_connect(None)
    if connection is None:
        return False
    library.wl_display_disconnect(ctypes.c_void_p(connection))
    return True


def _library(name: str) -> ctypes.CDLL | None:
    """A library of the system, loaded; None if the loader does not find it."""
    try:
        return ctypes.CDLL(name)
    except OSError:
        return None
