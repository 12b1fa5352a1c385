"""What the machine itself must have: a Python that can make environments, and the libraries Qt loads.

Standard library only: it runs before anything is installed, and so does the one module of the application
that it reads, which knows the names of libraries and packages.
On Linux, what is missing is installed when we are root; otherwise the exact command is named.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

# Nothing is installed yet: the application is read from this checkout.
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from cypp_desktop.machine import (
    SystemPackage,
    command_packages,
    install_command,
    library_packages,
    missing_libraries,
    package_manager,
    spoken,
)

#: A command line, word by word.
Command = Sequence[str]


class SystemProblem(Exception):
    """The machine lacks something; the words say what to do."""


class Needs(NamedTuple):
    """What one task needs of the machine."""

    libraries: Mapping[str, SystemPackage] = {}
    environments: bool = False
    #: Each command with the package that has it.
    commands: Mapping[str, SystemPackage] = {}
    #: Commands that are installed too where that can be done, and done without where not.
    helpful: Mapping[str, SystemPackage] = {}


class Lack(NamedTuple):
    """Something that is not there, in words, and the packages that bring it (none known: empty)."""

    what: str
    packages: Sequence[str]


def lacks(needs: Needs, manager: str | None) -> list[Lack]:
    """What of the needs this machine does not have."""
    found = []
    if needs.environments and not _can_make_environments(sys.executable):
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        what = "This Python cannot make environments: its parts venv and ensurepip are not installed."
        # Only Debian and its kin keep these in a package apart.
        found.append(Lack(what, [package] if manager == "apt-get" else []))
    absent = missing_libraries(needs.libraries)
    if absent:
        wanted = {name: needs.libraries[name] for name in absent}
        packages = library_packages(manager, wanted) if manager else []
        found.append(Lack(f"System libraries are missing: {', '.join(absent)}.", packages))
    return [*found, *_missing_commands(needs.commands, manager)]


def _missing_commands(commands: Mapping[str, SystemPackage], manager: str | None) -> list[Lack]:
    absent = {name: package for name, package in commands.items() if not shutil.which(name)}
    if not absent:
        return []
    return [
        Lack(
            f"Commands are missing: {', '.join(absent)}.",
            command_packages(manager, absent) if manager else [],
        )
    ]


def ensure(needs: Needs) -> None:
    """See that the machine has what is needed: install it if we may, else say how.

    Raises :class:`SystemProblem` with the exact command, or with what is left to do by hand. What would
    only help never stops anybody.
    """
    manager = package_manager()
    found = lacks(needs, manager)
    wished = _missing_commands(needs.helpful, manager) if manager else []
    if not found:
        _wish(manager, wished)
        return
    what = "\n".join(lack.what for lack in (*found, *wished))
    packages = [package for lack in (*found, *wished) for package in lack.packages]
    if manager is None or not all(lack.packages for lack in found):
        raise SystemProblem(f"{what}\nInstall this with the tool of your system, then try again.")
    install(install_command(manager, packages), what)
    found = lacks(needs, manager)
    if found:
        left = "\n".join(lack.what for lack in found)
        raise SystemProblem(f"The installation went through, and still:\n{left}")


def _wish(manager: str | None, wished: Sequence[Lack]) -> None:
    """Install what would help, or say what goes without it."""
    for lack in wished:
        assert manager is not None
        try:
            install(install_command(manager, lack.packages), lack.what)
        except SystemProblem as problem:
            print(f"{problem}\nThe tests that need this are skipped.\n", flush=True)


def install(command: Command, what: str) -> None:
    """Run the command if we may; else raise :class:`SystemProblem` that names it for the person."""
    if os.name != "posix" or os.geteuid() != 0:
        raise SystemProblem(f"{what}\nThis installs it:\n\n    {spoken(command)}\n")
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
