"""A share that answers otherwise than it should: with an error, or not at all until it is told to."""

from __future__ import annotations

import errno
import functools
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cypp_desktop.store.disk import FileSystem

_OUT_OF_REACH = ("EACCES", "EPERM", "EIO", "ESTALE", "ELOOP", "EHOSTDOWN", "ETIMEDOUT", "ENODEV", "ENOTCONN")
_ASKED_OF_DISKS = [
    name for name, value in vars(FileSystem).items() if callable(value) and name not in ("now", "read_at")
]


def windows_error(number: int, errno_: int) -> OSError:
    """An error as Python gives it on Windows, with the system's own number."""
    error = OSError(errno_, "The network path was not found")
    error.winerror = number  # type: ignore[attr-defined]
    return error


#: What a place out of reach may say, by name. None of these is a file that is not there.
OUT_OF_REACH: dict[str, Callable[[], Exception]] = {
    **{
        name: functools.partial(OSError, getattr(errno, name), os.strerror(getattr(errno, name)))
        for name in _OUT_OF_REACH
        if hasattr(errno, name)
    },
    "no network path (Windows)": functools.partial(windows_error, 53, errno.ENOENT),
    "drive not ready (Windows)": functools.partial(windows_error, 21, errno.EACCES),
    "network name gone (Windows)": functools.partial(windows_error, 64, errno.EINVAL),
}
#: What is said of a file that is not there, and cannot be there.
NOT_THERE: dict[str, Callable[[], Exception]] = {
    **{
        name: functools.partial(OSError, getattr(errno, name), os.strerror(getattr(errno, name)))
        for name in ("ENOENT", "ENOTDIR", "ENAMETOOLONG")
    },
    "no such name (Windows)": functools.partial(windows_error, 123, errno.EINVAL),
    "a zero in the name": functools.partial(ValueError, "embedded null byte"),
}


class AwayShare:
    """Every question to the disk about ``folder``, or what is in it, goes through :attr:`answer` first."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self._is_back = threading.Event()
        self._error: Callable[[], Exception] | None = None
        self._is_silent = False
        #: Which threads have asked.
        self.askers: set[threading.Thread] = set()
        for name in _ASKED_OF_DISKS:
            monkeypatch.setattr(FileSystem, name, self._between(getattr(FileSystem, name)))

    def fails_with(self, error: Callable[[], Exception]) -> None:
        """From now on each question is answered with this error."""
        self._error = error

    def falls_silent(self) -> None:
        """From now on no question is answered."""
        self._is_silent = True

    def comes_back(self) -> None:
        """All questions are answered, those that wait too."""
        self._error, self._is_silent = None, False
        self._is_back.set()

    def _between(self, question: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(question)
        def ask(fs: FileSystem, *arguments: Any, **named: Any) -> Any:
            if any(isinstance(each, Path) and self._has(each) for each in arguments):
                self.askers.add(threading.current_thread())
                if self._is_silent:
                    self._is_back.wait()
                if self._error is not None:
                    raise self._error()
            return question(fs, *arguments, **named)

        return ask

    def _has(self, path: Path) -> bool:
        return path == self.folder or self.folder in path.parents
