"""A lock file beside a plan, for a disk or share that cannot change two names in one step.

Made with O_EXCL, so that one has it; held for the moment in which a file takes the plan's place. One that was
left goes by itself: at once where its process was of this machine and is no more, else after a minute by the
clock of the disk it lies on. One that stays is told of.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cypp_desktop.errors import FileProblem
from cypp_desktop.store import companion_files
from cypp_desktop.store.disk import FileSystem, stat_or_none
from cypp_desktop.store.files import quoted
from cypp_desktop.store.processes import is_running

#: How old a lock is that nobody can be holding any more, in seconds.
STALE = 60.0
#: How long a save waits for another's, in seconds.
PATIENCE = 15.0
#: How long the holder may take to the moment at which it replaces the file, in seconds.
_IN_TIME = 20.0
_PAUSE = 0.02
_LONGEST = 4096
_CLEARING = ".clearing"


class SaveLock:
    """The lock on one plan's file, while it is held."""

    def __init__(self, path: Path, token: str, fs: FileSystem) -> None:
        self._path, self._token, self._fs = path, token, fs
        self._since = time.monotonic()

    def is_ours(self) -> bool:
        """Whether nobody can have taken it for one that was left."""
        in_time = time.monotonic() - self._since < _IN_TIME
        return in_time and _said_by(self._path, self._fs).get("token") == self._token

    def release(self) -> None:
        """Let go, if it is still ours."""
        with contextlib.suppress(OSError):
            if _said_by(self._path, self._fs).get("token") == self._token:
                self._fs.remove(self._path)


@contextmanager
def save_lock(
    target: Path, data: Path, beside: Path, fs: FileSystem, *, person: str = ""
) -> Iterator[SaveLock]:
    """Hold the lock on ``target``. ``beside`` is a file that was written there just now: by its moment the
    age of another's lock is told. Raises FileProblem where another's will not go.
    """
    path, token = companion_files.lock_name(target), uuid.uuid4().hex
    said = {
        "since": fs.now().isoformat(),
        "working": token,
        "token": token,
        "pid": os.getpid(),
        "boot": _this_boot(),
        "who": person,
        **companion_files.here(data),
    }
    _wait_until_made(path, json.dumps(said).encode(), target, data, beside, fs)
    lock = SaveLock(path, token, fs)
    try:
        yield lock
    finally:
        lock.release()


def wait_for_others(target: Path, data: Path, beside: Path, fs: FileSystem) -> None:
    """Wait until nobody holds the lock on ``target``. Raises FileProblem where it will not go."""
    path = companion_files.lock_name(target)
    until = time.monotonic() + PATIENCE
    while stat_or_none(fs, path) is not None:
        _clear_if_left(path, data, beside, fs)
        _refuse_after(until, path, target, fs)


def _wait_until_made(path: Path, said: bytes, target: Path, data: Path, beside: Path, fs: FileSystem) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        with contextlib.suppress(FileExistsError):
            fs.write_new(path, said)
            return
        _clear_if_left(path, data, beside, fs)
        _refuse_after(until, path, target, fs)


def _refuse_after(until: float, path: Path, target: Path, fs: FileSystem) -> None:
    if time.monotonic() > until:
        note = companion_files.read_note(path, fs)
        who = f"{note.who or 'someone'} on {note.machine}" if note else "someone else"
        raise FileProblem(
            f"{quoted(target)} could not be saved: {who} is saving it, and that does not come to an end. "
            "Nothing is lost: your changes are kept on this laptop. Try again in a minute. If nobody is "
            f"saving it, delete the file {quoted(path)} beside it."
        )
    time.sleep(_PAUSE)


def _clear_if_left(path: Path, data: Path, beside: Path, fs: FileSystem) -> None:
    """Take a lock away that nobody holds any more. One at a time does so, or a second would take that away
    which a third has made meanwhile.
    """
    clearing = path.with_name(path.name + _CLEARING)
    with contextlib.suppress(FileNotFoundError):
        said, found, now = _said_by(path, fs), fs.stat(path), fs.stat(beside).st_mtime
        if not _is_left(said, now - found.st_mtime, data):
            return
        try:
            fs.write_new(clearing, b"")
        except FileExistsError:
            if now - fs.stat(clearing).st_mtime > STALE:
                fs.remove(clearing)
            return
        try:
            if _said_by(path, fs) == said and fs.stat(path).st_mtime_ns == found.st_mtime_ns:
                fs.remove(path)
        finally:
            fs.remove(clearing)


def _is_left(said: dict[str, Any], age: float, data: Path) -> bool:
    here = companion_files.here(data)["machine"]
    is_of_here = (said.get("machine"), said.get("boot")) == (here, _this_boot())
    if is_of_here and isinstance(pid := said.get("pid"), int) and not is_running(pid):
        return True
    return age > STALE


def _this_boot() -> str:
    """What tells this machine, since it was started, from another of the same name, where it can be told."""
    with contextlib.suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    return ""


def _said_by(path: Path, fs: FileSystem) -> dict[str, Any]:
    """What a lock says; nothing while it is being written, or where it is none."""
    try:
        said = json.loads(fs.read(path, _LONGEST))
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}
