"""Prove both commands of the README on a bare Debian: what they install themselves, and nothing else.

    sudo python3 packaging/dev.py bare                    every case
    sudo python3 packaging/dev.py bare no-font welsh      only these

Each case is a Debian of its own with Python and git alone, made by debootstrap in a temporary folder, with a
fresh clone of what is committed here. Mirror, proxies, certificates and the package index are those that
apt and pip of this machine are set to. Mounts are seen by the case alone and end with it.

For Debian and its kin, and root only. A case takes about ten minutes and 2 GB, which are freed after it.
The whole output of each is kept in the folder that is named.
"""

from __future__ import annotations

import ast
import os
import platform
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO, NamedTuple

from system import SystemProblem

ROOT = Path(__file__).resolve().parent.parent
#: "Python and git", and what git and pip need to trust the machines they ask.
BARE = ("ca-certificates", "git", "python3")
COMMANDS = ("run", "test")
PERSON = "person"
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class Case(NamedTuple):
    """A bare machine that has something special about it."""

    about: str
    #: A command for the shell that makes it so, before anything else.
    prepare: str = "true"
    variables: Mapping[str, str] = {}
    user: str = "root"


CASES = {
    "no-font": Case(
        "no font at all, and already tomorrow",
        "echo 'path-exclude=/usr/share/fonts/*' > /etc/dpkg/dpkg.cfg.d/no-fonts",
        {"TZ": "<+14>-14"},
    ),
    "dejavu": Case(
        "DejaVu as the only font, and still yesterday",
        "apt-get update -q && apt-get install -qy --no-install-recommends fonts-dejavu-core",
        {"TZ": "<-11>11"},
    ),
    "welsh": Case(
        "a session in Welsh",
        "apt-get update -q && apt-get install -qy --no-install-recommends locales"
        " && localedef -i cy_GB -f UTF-8 cy_GB.UTF-8",
        {"LC_ALL": "cy_GB.UTF-8"},
    ),
    "person": Case(
        "an ordinary user, for whom root types what the commands name", f"useradd -m {PERSON}", user=PERSON
    ),
}


def prove(names: Sequence[str], python: Path) -> int:
    """Run the cases named, or all; gives how many commands failed. `python` is one that has pip."""
    unknown = set(names) - CASES.keys()
    if unknown:
        raise SystemProblem(f"There is no such case: {', '.join(unknown)}. There are: {', '.join(CASES)}.")
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        raise SystemProblem("Only root can make a bare machine, and only on Linux.")
    folder = Path(tempfile.mkdtemp(prefix="cypp-bare-"))
    print(f"Making a bare machine. The whole output is kept in {folder}", flush=True)
    surroundings = _surroundings(python)
    base = folder / "base"
    failed = 0
    try:
        with (folder / "base.log").open("w") as log:
            _call(["unshare", "--mount", *_debootstrap(base)], log)
        _copy_surroundings(base, surroundings)
        _call(["git", "clone", "--quiet", "--bare", "--no-hardlinks", ROOT, base / "source.git"])
        for name in names or CASES:
            machine = BareMachine(folder / name, base, CASES[name], surroundings)
            try:
                failed += machine.prove()
            finally:
                shutil.rmtree(machine.root)
    finally:
        shutil.rmtree(base, ignore_errors=True)
    print(f"\nCommands that failed: {failed}. The whole output is in {folder}")
    return failed


class BareMachine:
    """A Debian of its own for one case, seen by chroot."""

    def __init__(self, root: Path, base: Path, case: Case, surroundings: Mapping[str, str]) -> None:
        self.root = root
        self.log = root.with_suffix(".log")
        self._case = case
        self._variables = {"PATH": PATH, **surroundings}
        self._folders = [path for path in _paths_in(surroundings.values()) if path.is_dir()]
        _call(["cp", "-a", base, root])

    def prove(self) -> int:
        """Run both commands; gives how many of them failed."""
        case = self._case
        print(f"\n== {self.root.name}: {case.about}", flush=True)
        home = "/root" if case.user == "root" else f"/home/{case.user}"
        self._sh(f"{case.prepare} && mv /source.git {home} && chown -R {case.user} {home}/source.git")
        self._sh(f"cd {home} && git clone --quiet source.git cypp-desktop", case.user)
        return sum(not self._try(f"cd {home}/cypp-desktop && python3 packaging/dev.py {c}") for c in COMMANDS)

    def _try(self, command: str) -> bool:
        """Run a command; where it names one that root must run, root runs that, and it has another try."""
        begin = time.monotonic()
        typed: set[str] = set()
        while True:
            before = self.log.stat().st_size
            code = self._sh(command, self._case.user, check=False, variables=self._case.variables)
            said = self.log.read_bytes()[before:].decode("utf-8", "replace")
            wanted = re.search(r"^ {4}(sudo .*)$", said, re.MULTILINE)
            if not code or wanted is None or wanted[1] in typed:
                break
            typed.add(wanted[1])
            print(f"   root types: {wanted[1]}", flush=True)
            self._sh(wanted[1].replace("sudo ", ""))
        print(f"\n   {command.partition('&& ')[2]}: exit code {code}, {time.monotonic() - begin:.0f} s")
        print("".join(f"   | {line}\n" for line in said.splitlines()[-12:]), flush=True)
        return code == 0

    def _sh(
        self, line: str, user: str = "root", check: bool = True, variables: Mapping[str, str] | None = None
    ) -> int:
        """Run a line of the shell inside, with mounts that are gone when it ends; its exit code."""
        home = "/root" if user == "root" else f"/home/{user}"
        given = {**self._variables, "HOME": home, **(variables or {})}
        inside = ["env", "-i", *(f"{name}={value}" for name, value in given.items()), "sh", "-c", line]
        mounts = [f"mount --rbind {kind} {shlex.quote(str(self.root))}{kind}" for kind in ("/dev", "/proc")]
        mounts += [
            f"mount --bind -o ro {shlex.quote(str(path))} {shlex.quote(f'{self.root}{path}')}"
            for path in self._folders
        ]
        enter = ["chroot", f"--userspec={user}:", str(self.root), *inside]
        outside = " && ".join([*mounts, f"exec {shlex.join(enter)}"])
        with self.log.open("a") as log:
            return _call(["unshare", "--mount", "sh", "-c", outside], log, check)


# What this machine is set to


def _debootstrap(target: Path) -> list[str | Path]:
    """The command that makes a bare machine of this machine's release, from where its apt gets it."""
    if not shutil.which("debootstrap"):
        raise SystemProblem("This needs debootstrap:\n\n    apt-get install debootstrap")
    codename = platform.freedesktop_os_release().get("VERSION_CODENAME", "")
    words = ["apt-get", "indextargets", "--format", "$(CODENAME) $(REPO_URI)", "Created-By: Packages"]
    answer = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    mirrors = [line.split()[1] for line in answer.splitlines() if line.split()[0] == codename]
    if not mirrors:
        raise SystemProblem("apt names no mirror of this release.")
    return ["debootstrap", "--variant=minbase", f"--include={','.join(BARE)}", codename, target, mirrors[0]]


def _surroundings(python: Path) -> dict[str, str]:
    """The variables by which programs of this machine find their way out: proxies, certificates, pip's."""
    found = {
        name: value
        for name, value in os.environ.items()
        if name.lower().endswith("_proxy") or name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")
    }
    pip = [str(python), "-m", "pip", "config", "list"]
    answer = subprocess.run(pip, capture_output=True, text=True, check=True)
    settings = dict(line.partition("=")[::2] for line in answer.stdout.splitlines())
    # What the environment says comes first in the list and counts most.
    for key, value in reversed(settings.items()):
        name = key.rpartition(".")[2].upper().replace("-", "_")
        found[f"PIP_{name}"] = str(ast.literal_eval(value))
    return found


def _copy_surroundings(base: Path, surroundings: Mapping[str, str]) -> None:
    """Files that lead outside, and places for the folders that are mounted."""
    answer = subprocess.run(["apt-config", "dump", "Acquire"], capture_output=True, text=True, check=True)
    (base / "etc/apt/apt.conf.d/99surroundings").write_text(answer.stdout)
    for path in (Path("/etc/hosts"), Path("/etc/resolv.conf"), *_paths_in(surroundings.values())):
        target = base / path.relative_to("/")
        if path.is_dir():
            target.mkdir(parents=True, exist_ok=True)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)


def _paths_in(values: Iterable[str]) -> list[Path]:
    """The files and folders of this machine that settings name."""
    found = []
    for word in " ".join(values).split():
        if word.startswith("file://"):
            # An index on this machine has its files beside it.
            found.append(Path(word.removeprefix("file://")).parent)
        elif word.startswith("/"):
            found.append(Path(word))
    return [path for path in dict.fromkeys(found) if path != Path("/") and path.exists()]


def _call(command: Sequence[str | Path], log: IO[str] | None = None, check: bool = True) -> int:
    """Run a command, its output into the log if there is one; its exit code."""
    code = subprocess.run(command, stdout=log, stderr=log).returncode
    if code and check:
        place = f" See {log.name}." if log else ""
        raise SystemProblem(f"This failed: {' '.join(map(str, command))}.{place}")
    return code
