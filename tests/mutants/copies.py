"""Copies of the checkout, in which tests run: the checkout itself never holds a slip."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

#: What the tests need of a checkout.
PARTS = ("src", "tests", "resources", "packaging", "pyproject.toml")
#: A slip may ask for all the memory there is; one process gets no more than this (in KiB).
MEMORY = 6_000_000


@dataclass(frozen=True)
class Outcome:
    """How a run of tests ended: pytest's exit code (None: it did not come to an end), and what it printed."""

    code: int | None
    words: str


@dataclass(frozen=True)
class Copy:
    """One copy, used by one run of tests at a time."""

    folder: Path

    @classmethod
    def of(cls, checkout: Path, folder: Path) -> Copy:
        """Make it."""
        folder.mkdir(parents=True)
        for part in PARTS:
            if (checkout / part).is_dir():
                shutil.copytree(checkout / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy2(checkout / part, folder / part)
        return cls(folder)

    def write(self, file: str, source: str) -> None:
        """Put another source in place of a file. What was compiled goes: time and size may be the same."""
        path = self.folder / file
        path.write_text(source, encoding="utf-8", newline="")
        for compiled in (path.parent / "__pycache__").glob(f"{path.stem}.*.pyc"):
            compiled.unlink()

    def run(self, module: Sequence[str], limit: float, variables: Mapping[str, str]) -> Outcome:
        """Run `python -m ...` here; after `limit` seconds it is ended, with all that it started."""
        command = [sys.executable, "-m", *module]
        if os.name == "posix":
            command = ["sh", "-c", f'ulimit -d {MEMORY}; exec "$0" "$@"', *command]
        printed = self.folder / "printed.txt"
        with printed.open("wb") as output:
            process = subprocess.Popen(
                command,
                cwd=self.folder,
                env={**self._variables(), **variables},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            ended = _comes_to_an_end(process, limit)
        finally:
            _end(process)
            shutil.rmtree(self.folder / "temporary", ignore_errors=True)
        return Outcome(process.returncode if ended else None, printed.read_text("utf-8", errors="replace"))

    def _variables(self) -> dict[str, str]:
        temporary = self.folder / "temporary"
        temporary.mkdir(exist_ok=True)
        return os.environ | {
            "PYTHONPATH": os.pathsep.join((str(self.folder / "src"), str(self.folder))),
            "PYTHONUTF8": "1",
            "QT_QPA_PLATFORM": "offscreen",
            "TMPDIR": str(temporary),
        }


def _comes_to_an_end(process: subprocess.Popen[bytes], limit: float) -> bool:
    """Wait until it has ended; False after so many seconds. Its number stays taken until it is waited for."""
    if os.name != "posix":
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(limit)
        return process.returncode is not None
    last = time.monotonic() + limit
    options = os.WEXITED | os.WNOHANG | os.WNOWAIT
    while os.waitid(os.P_PID, process.pid, options) is None:
        if time.monotonic() > last:
            return False
        time.sleep(0.1)
    return True


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process and those that it started; they are a session of their own."""
    if os.name == "posix":
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()
