"""Folders in which a print is made: private, gone afterwards, and those that a kill left can be found."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cypp_desktop.store.disk import FileSystem
from cypp_desktop.store.locks import FileLock

_PREFIX = "cypp-print-"
_LOCK = "in use"


@contextmanager
def print_folder() -> Iterator[Path]:
    """A folder for the time of one print. Raises OSError."""
    with tempfile.TemporaryDirectory(prefix=_PREFIX) as name:
        lock = FileLock.take(Path(name) / _LOCK, wait=True)
        try:
            yield Path(name)
        finally:
            if lock is not None:
                lock.release()


def remove_left_print_folders(fs: FileSystem) -> None:
    """Remove those whose print is not going on any more, in this program or another."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            if not fs.names(folder):
                continue  # it was made at this very moment
            lock = FileLock.take(folder / _LOCK)
            if lock is not None:
                lock.release()
                fs.remove_folder(folder)
