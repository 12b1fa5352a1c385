"""Where a file that came back is kept while it is looked at: a copy of ours, which nobody else changes."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sqlite3
import stat
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cypp_desktop.merge.gates.refused import NotTaken
from cypp_desktop.store.disk import FileSystem, connect, forbid_writing, privately, signature, stat_or_none

#: The largest file that is taken in, in bytes.
LARGEST = 256 * 1024 * 1024
#: How long SQLite may work on one file at a time, in seconds.
PATIENCE = 20.0
#: The longest thing that SQLite may hand out of one file, in bytes: a row with several of the longest values.
_LONGEST_ROW = 8_000_000
_STEPS_BETWEEN_LOOKS = 100_000
_CHUNK = 1 << 18
_A_DAY = 86_400.0

# What Windows and macOS say of a file whose content is still in the cloud.
_NOT_HERE_WINDOWS = 0x00001000 | 0x00040000 | 0x00400000  # offline, recall on open, recall on data access
_NOT_HERE_MACOS = 0x40000000  # dataless


@contextmanager
def quarantine(data: Path, fs: FileSystem) -> Iterator[Path]:
    """A folder of our own for copies, gone at the end; what kills left more than a day ago goes too."""
    home = data / "quarantine"
    folder = home / str(uuid.uuid4())
    fs.make_folder(folder)
    try:
        with contextlib.suppress(OSError):
            for name in fs.names(home):
                if fs.now().timestamp() - fs.stat(home / name).st_mtime > _A_DAY:
                    fs.remove_folder(home / name)
        yield folder
    finally:
        with contextlib.suppress(OSError):
            fs.remove_folder(folder)


def take_copy(source: Path, copy: Path, fs: FileSystem) -> str:
    """Copy a file as it is and return its SHA-256. Raises NotTaken or OSError."""
    about = stat_or_none(fs, source)
    if about is None:
        raise NotTaken("The file is not there. It may have been moved, renamed or deleted.")
    if stat.S_ISDIR(about.st_mode):
        raise NotTaken("This is a folder. Choose the files in it.")
    if not stat.S_ISREG(about.st_mode):
        raise NotTaken("This is not a file that can be read.")
    if about.st_size == 0 or _is_elsewhere(about):
        raise NotTaken(
            "The file is empty here. If it is in a cloud folder, it may not have been downloaded yet: "
            "ask for it to be kept on this device and try again."
        )
    if about.st_size > LARGEST:
        raise NotTaken(f"The file is larger than {LARGEST // 1024**2} MB. No return is that large.")
    before = signature(source, fs)
    digest = _copy(source, copy)
    if signature(source, fs) != before:
        raise NotTaken("The file is being changed by another program just now. Try again in a moment.")
    return digest


def connect_copy(copy: Path) -> sqlite3.Connection:
    """A connection that reads a file nobody vouches for: nothing in it runs, nothing of it takes for ever."""
    db = connect(copy, immutable=True)
    try:
        forbid_writing(db)
        db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_ROW)
        until = time.monotonic() + PATIENCE
        db.set_progress_handler(lambda: time.monotonic() > until, _STEPS_BETWEEN_LOOKS)
    except BaseException:
        db.close()
        raise
    return db


def _is_elsewhere(about: os.stat_result) -> bool:
    """Whether the system says that the content of a file is not on this device."""
    return bool(
        getattr(about, "st_file_attributes", 0) & _NOT_HERE_WINDOWS
        or getattr(about, "st_flags", 0) & _NOT_HERE_MACOS
    )


def _copy(source: Path, copy: Path) -> str:
    digest = hashlib.sha256()
    left = LARGEST
    chunk = memoryview(bytearray(_CHUNK))
    with source.open("rb", buffering=0) as reader, open(copy, "xb", opener=privately) as writer:
        while left > 0 and (size := reader.readinto(chunk[:left])):
            digest.update(chunk[:size])
            writer.write(chunk[:size])
            left -= size
        if left == 0 and reader.read(1):
            raise NotTaken(f"The file is larger than {LARGEST // 1024**2} MB. No return is that large.")
    return digest.hexdigest()
