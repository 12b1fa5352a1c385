"""A disk that fails, or a program that is killed, at a call of one's choosing."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cypp_desktop.store.disk import FileSystem

_NOT_COUNTED = {"now"}
_BY_SQLITE = {"copy_database", "vacuum_into", "finish_transactions", "quick_check"}
_WRITES_TO = {"write": 0, "copy": 1, "vacuum_into": 1}
ERRORS = (errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EIO, errno.ENOENT)
MOMENTS = ("before", "half", "after")


class Killed(BaseException):
    """The program is gone: no handler of the application's may see this."""


class FaultyDisk(FileSystem):
    """Counts calls; at call number ``fail_at`` (from 0) it does nothing, half or all of it, and then fails.

    With ``error`` None the program is killed there: from then on no call does anything. Nothing is synced:
    that only costs time here. ``clock`` is what ``now`` says.
    """

    def __init__(self, fail_at: int | None = None, error: int | None = None, moment: str = "before") -> None:
        self.fail_at = fail_at
        self.error = error
        self.moment = moment
        self.calls: list[str] = []
        self.dead = False
        self.clock = datetime(2026, 11, 21, 14, 2, 33, tzinfo=UTC)

    def now(self) -> datetime:
        return self.clock

    def fsync_file(self, path: Path) -> None:
        path.stat()

    def fsync_folder(self, folder: Path) -> None:
        folder.stat()

    def write(self, path: Path, data: bytes, *, sync: bool = True, private: bool = True) -> None:
        super().write(path, data, sync=False, private=private)

    def copy(self, source: Path, copy: Path) -> str:
        content = source.read_bytes()
        copy.write_bytes(content)
        return hashlib.sha256(content).hexdigest()

    def __getattribute__(self, name: str) -> Any:
        value = super().__getattribute__(name)
        if name.startswith("_") or name in _NOT_COUNTED or not callable(value):
            return value
        return lambda *arguments, **named: self._call(name, value, *arguments, **named)

    def _call(self, name: str, do: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        if self.dead:
            raise Killed
        place = len(self.calls)
        self.calls.append(name)
        if place != self.fail_at:
            return do(*arguments, **named)
        if self.moment == "after":
            with contextlib.suppress(OSError, sqlite3.Error):
                do(*arguments, **named)
        elif self.moment == "half" and name == "remove_folder":
            for path in sorted(arguments[0].iterdir())[:2]:
                path.unlink()
        elif self.moment == "half" and name in _WRITES_TO:
            arguments[_WRITES_TO[name]].write_bytes(b"SQLite format 3\x00 and then no more")
        raise self._failure(name)

    def _failure(self, name: str) -> BaseException:
        if self.error is None:
            self.dead = True
            return Killed()
        if name in _BY_SQLITE:
            error = sqlite3.OperationalError("database or disk is full")
            error.sqlite_errorcode = sqlite3.SQLITE_IOERR if self.error == errno.EIO else sqlite3.SQLITE_FULL
            return error
        return OSError(self.error, os.strerror(self.error))
