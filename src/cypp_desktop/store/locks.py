"""A lock of the operating system on a file: gone at once when the process ends, however it ends.

Local folders only; never used beside a plan on a share.
"""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path


class FileLock:
    """One holder at a time, in this process or another. ``path`` is made if missing, never removed."""

    def __init__(self, handle: int) -> None:
        self._handle: int | None = handle

    @classmethod
    def take(cls, path: Path, *, wait: bool = False) -> FileLock | None:
        """Take the lock; None if another has it (with ``wait``: until it is free). Raises OSError."""
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if _lock(handle, wait):
                return cls(handle)
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)
        return None

    def release(self) -> None:
        """Let go; nothing happens the second time."""
        if self._handle is not None:
            handle, self._handle = self._handle, None
            _unlock(handle)
            os.close(handle)

    def __enter__(self) -> FileLock:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int, wait: bool) -> bool:
        os.lseek(handle, 0, os.SEEK_SET)
        try:
            # With LK_LOCK Windows tries for ten seconds and then raises.
            msvcrt.locking(handle, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        except OSError as error:
            if wait or error.errno not in (errno.EACCES, errno.EDEADLK):
                raise
            return False
        return True

    def _unlock(handle: int) -> None:
        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(handle: int, wait: bool) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            return False
        return True

    def _unlock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)
