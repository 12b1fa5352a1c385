"""What the machine itself must have: a Python that can make environments, and the libraries Qt loads.

Standard library only, and no import of the application: it runs before anything is installed.
On Linux, what is missing is installed when we are root; otherwise the exact command is named.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

#: A command line, word by word.
Command = Sequence[str]


class SystemProblem(Exception):
    """The machine lacks something; the words say what to do."""


class Package(NamedTuple):
    """The package that holds a library, in the two families that cannot be asked by library name."""

    apt: str
    pacman: str


class Needs(NamedTuple):
    """What one task needs of the machine."""

    libraries: Mapping[str, Package] = {}
    environments: bool = False
    #: Each command with the package that has it, of one name everywhere.
    commands: Mapping[str, str] = {}


class Lack(NamedTuple):
    """Something that is not there, in words, and the packages that bring it (none known: empty)."""

    what: str
    packages: Sequence[str]


# Worked out from what the libraries of PySide6-Essentials and PySide6-Pdf name as needed, less what
# the wheels bring along and what every Linux has.
DRAWING: dict[str, Package] = {
    "libEGL.so.1": Package("libegl1", "libglvnd"),
    "libGL.so.1": Package("libgl1", "libglvnd"),
    "libX11.so.6": Package("libx11-6", "libx11"),
    "libxkbcommon.so.0": Package("libxkbcommon0", "libxkbcommon"),
    "libdbus-1.so.3": Package("libdbus-1-3", "dbus"),
    "libfontconfig.so.1": Package("libfontconfig1", "fontconfig"),
    "libfreetype.so.6": Package("libfreetype6", "freetype2"),
    "libglib-2.0.so.0": Package("libglib2.0-0", "glib2"),
    "libgthread-2.0.so.0": Package("libglib2.0-0", "glib2"),
    "libzstd.so.1": Package("libzstd1", "zstd"),
    "libz.so.1": Package("zlib1g", "zlib"),
    "libgssapi_krb5.so.2": Package("libgssapi-krb5-2", "krb5"),
    "libbrotlidec.so.1": Package("libbrotli1", "brotli"),
    "libbrotlicommon.so.1": Package("libbrotli1", "brotli"),
}
X11: dict[str, Package] = {
    "libX11-xcb.so.1": Package("libx11-xcb1", "libx11"),
    "libxcb.so.1": Package("libxcb1", "libxcb"),
    "libxcb-cursor.so.0": Package("libxcb-cursor0", "xcb-util-cursor"),
    "libxcb-glx.so.0": Package("libxcb-glx0", "libxcb"),
    "libxcb-icccm.so.4": Package("libxcb-icccm4", "xcb-util-wm"),
    "libxcb-image.so.0": Package("libxcb-image0", "xcb-util-image"),
    "libxcb-keysyms.so.1": Package("libxcb-keysyms1", "xcb-util-keysyms"),
    "libxcb-randr.so.0": Package("libxcb-randr0", "libxcb"),
    "libxcb-render.so.0": Package("libxcb-render0", "libxcb"),
    "libxcb-render-util.so.0": Package("libxcb-render-util0", "xcb-util-renderutil"),
    "libxcb-shape.so.0": Package("libxcb-shape0", "libxcb"),
    "libxcb-shm.so.0": Package("libxcb-shm0", "libxcb"),
    "libxcb-sync.so.1": Package("libxcb-sync1", "libxcb"),
    "libxcb-util.so.1": Package("libxcb-util1", "xcb-util"),
    "libxcb-xfixes.so.0": Package("libxcb-xfixes0", "libxcb"),
    "libxcb-xkb.so.1": Package("libxcb-xkb1", "libxcb"),
    "libxkbcommon-x11.so.0": Package("libxkbcommon-x11-0", "libxkbcommon-x11"),
}
WAYLAND: dict[str, Package] = {
    "libwayland-client.so.0": Package("libwayland-client0", "wayland"),
    "libwayland-cursor.so.0": Package("libwayland-cursor0", "wayland"),
    "libwayland-egl.so.1": Package("libwayland-egl1", "wayland"),
}
PRINTERS: dict[str, Package] = {"libcups.so.2": Package("libcups2", "libcups")}


def has_display(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> bool:
    """Whether a window can be shown: on Windows and macOS always, elsewhere when a display is named."""
    if platform in ("win32", "darwin"):
        return True
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def libraries_for(environment: Mapping[str, str]) -> dict[str, Package]:
    """The libraries that Qt will load for a window on the display named."""
    wanted = DRAWING | PRINTERS
    if environment.get("DISPLAY"):
        wanted |= X11
    if environment.get("WAYLAND_DISPLAY"):
        wanted |= WAYLAND
    return wanted


def missing_libraries(wanted: Iterable[str]) -> list[str]:
    """Those that the loader of this machine does not find."""
    missing = []
    for name in wanted:
        try:
            ctypes.CDLL(name)
        except OSError:
            missing.append(name)
    return missing


def package_manager() -> str | None:
    """The first of the package managers known here that this machine has."""
    return next((name for name in ("apt-get", "dnf", "zypper", "pacman") if shutil.which(name)), None)


def install_command(manager: str, packages: Iterable[str]) -> list[str]:
    """The command that installs these packages without asking."""
    options = {
        "apt-get": ["install", "-y", "--no-install-recommends"],
        "dnf": ["install", "-y"],
        "zypper": ["--non-interactive", "install"],
        "pacman": ["-S", "--needed", "--noconfirm"],
    }
    return [manager, *options[manager], *sorted(set(packages))]


def library_packages(manager: str, libraries: Mapping[str, Package]) -> list[str]:
    """What that package manager calls these libraries."""
    if manager == "apt-get":
        return [package.apt for package in libraries.values()]
    if manager == "pacman":
        return [package.pacman for package in libraries.values()]
    # dnf and zypper take the name of a library itself.
    bits = "()(64bit)" if sys.maxsize > 2**32 else ""
    return [f"{name}{bits}" for name in libraries]


def spoken(command: Command) -> str:
    """The command as a person types it, with sudo."""
    return "sudo " + " ".join(f"'{word}'" if "(" in word else word for word in command)


def lacks(needs: Needs, manager: str | None) -> list[Lack]:
    """What of the needs this machine does not have."""
    found = []
    if needs.environments and not _can_make_environments(sys.executable):
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        what = "This Python cannot make environments: its parts venv and ensurepip are not installed."
        # Only Debian and its kin keep these in a package apart.
        found.append(Lack(what, [package] if manager == "apt-get" else []))
    absent = missing_libraries(needs.libraries) if sys.platform.startswith("linux") else []
    if absent:
        wanted = {name: needs.libraries[name] for name in absent}
        packages = library_packages(manager, wanted) if manager else []
        found.append(Lack(f"System libraries are missing: {', '.join(absent)}.", packages))
    for name, package in needs.commands.items():
        if not shutil.which(name):
            found.append(Lack(f"The command {name} is missing.", [package]))
    return found


def ensure(needs: Needs) -> None:
    """See that the machine has what is needed: install it if we may, else say how.

    Raises :class:`SystemProblem` with the exact command, or with what is left to do by hand.
    """
    manager = package_manager()
    found = lacks(needs, manager)
    if not found:
        return
    what = "\n".join(lack.what for lack in found)
    packages = [package for lack in found for package in lack.packages]
    if manager is None or not all(lack.packages for lack in found):
        raise SystemProblem(f"{what}\nInstall this with the tool of your system, then try again.")
    install(install_command(manager, packages), what)
    found = lacks(needs, manager)
    if found:
        left = "\n".join(lack.what for lack in found)
        raise SystemProblem(f"The installation went through, and still:\n{left}")


def install(command: Command, what: str) -> None:
    """Run the command if we may; else raise :class:`SystemProblem` that names it for the person."""
    if os.name != "posix" or os.geteuid() != 0:
        raise SystemProblem(f"{what}\nThis installs it:\n\n    {spoken(command)}\n\nThen try again.")
    print(f"{what}\nInstalling: {' '.join(command)}", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    if subprocess.run(command, env=environment).returncode == 0:
        return
    if command[0] == "apt-get":
        # A machine straight from its image has no list of packages yet.
        subprocess.run(["apt-get", "update"], env=environment)
        if subprocess.run(command, env=environment).returncode == 0:
            return
    raise SystemProblem(
        f"{what}\nThe installation failed: see above. The command was:\n\n    {' '.join(command)}"
    )


def _can_make_environments(python: str) -> bool:
    """Asked of a new process, for this one remembers which modules it did not find."""
    return subprocess.run([python, "-c", "import venv, ensurepip"], capture_output=True).returncode == 0
