"""The seal of a saved file: a digest over every byte of it that means something, in the file itself.

Each file that is saved or sent gets one, so that opening need not go through all rows to know that they are
what was saved: where the seal holds, not a bit has changed. The seal finds accidents, not enemies, who can
write one as well as we can.

It stands in the table ``meta``: SQLite's count of changes to the file, and a SHA-256 over the file without
the seal and without the few bytes of the header in which SQLite counts. Where it does not hold, a file is

- as saved all the same, where bytes have changed that say nothing, or another program has packed it anew:
  written out again from its rows, it is the file that was sealed;
- changed by another program, where SQLite has counted a change since;
- damaged otherwise.
"""

from __future__ import annotations

import contextlib
import secrets
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from cypp_desktop.store.disk import FileSystem, connect

KEY = "file_seal"
#: What stands in a file that has not been saved yet.
NOT_YET = "0" * 72
_COUNT_SIZE = 8
_HEADER_SIZE = 100
_AT_ONCE = 1 << 18
_COUNT, _COUNT_OF_VERSION = slice(24, 28), slice(92, 96)
#: Where SQLite counts changes of the file and of its tables, and notes which SQLite it was.
_COUNTING = (_COUNT, slice(40, 44), slice(92, 100))
_WRITE = "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"


class Standing(StrEnum):
    """What a file is, held against what was saved."""

    AS_SAVED = "as saved"
    NO_SEAL = "no seal"
    CHANGED_BY_OTHERS = "changed by others"
    DAMAGED = "damaged"


def seal_file(path: Path, fs: FileSystem) -> None:
    """Seal a file that is written and that nobody has open. Raises OSError or sqlite3.Error."""
    mark = secrets.token_hex(len(NOT_YET) // 2)
    fs.change(path, _WRITE, (KEY, mark))
    found = _measured(path, mark)
    if len(found.places) == 1:
        count = found.header[_COUNT].hex()
        fs.write_at(path, found.places[0], _seal(count, found).encode())


def holds(path: Path) -> bool:
    """Whether every byte of a file is as it was sealed. For one that nobody is writing to."""
    try:
        said = _seal_in(path)
        return said is not None and _agrees(path, said)
    except (OSError, sqlite3.Error, ValueError):
        return False


def standing(path: Path, header: bytes, scratch: Path, fs: FileSystem, *, mend: bool = False) -> Standing:
    """What a file is whose seal may not hold; nobody may be writing to it.

    ``path`` may be a copy made by SQLite of the file that has this ``header``; ``scratch`` is a name that may
    be used for a moment. With ``mend``, a file that is as saved only if it is written out anew is written
    so: an index of it may be damaged. Raises OSError.
    """
    try:
        said = _seal_in(path)
        if said in (None, NOT_YET):
            return Standing.NO_SEAL
        if _agrees(path, said) or _agrees_if_written_anew(path, said, scratch, fs, mend=mend):
            return Standing.AS_SAVED
        is_seal_damaged = _agrees(path, said, header[_COUNT].hex())
    except (sqlite3.Error, ValueError):
        return Standing.DAMAGED
    is_counted = header[_COUNT] == header[_COUNT_OF_VERSION]  # SQLite writes both; a slip of the disk one
    if is_counted and header[_COUNT].hex() != said[:_COUNT_SIZE] and not is_seal_damaged:
        return Standing.CHANGED_BY_OTHERS
    return Standing.DAMAGED


def _agrees_if_written_anew(path: Path, said: str, scratch: Path, fs: FileSystem, *, mend: bool) -> bool:
    """Whether the rows of a file, written out as a save does it, make the file that was sealed."""
    try:
        fs.remove(scratch)
        fs.vacuum_into(path, scratch)
        agrees = _agrees(scratch, said)
        if agrees and mend:
            fs.replace(scratch, path)
        return agrees
    finally:
        with contextlib.suppress(OSError):
            fs.remove(scratch)


def _agrees(path: Path, said: str, count: str = "") -> bool:
    """Whether a file is as its seal says; ``count`` stands in for what that says of SQLite's count."""
    found = _measured(path, said)
    right = _seal(count or said[:_COUNT_SIZE], found)
    return len(found.places) == 1 and right[_COUNT_SIZE:] == said[_COUNT_SIZE:]


def _seal(count: str, measured: _Measured) -> str:
    return count + sha256((count + measured.digest).encode()).hexdigest()


def _seal_in(path: Path) -> str | None:
    """The seal as it stands in a file; None where there is none. Raises sqlite3.Error or ValueError."""
    with contextlib.closing(connect(path)) as db:
        row = db.execute("SELECT value FROM meta WHERE key = ?", (KEY,)).fetchone()
    return None if row is None else str(row[0])


@dataclass(frozen=True, slots=True)
class _Measured:
    """A file without its seal: where in it that stands, and the digest of the rest."""

    header: bytes
    places: list[int]
    digest: str


def _measured(path: Path, said: str) -> _Measured:
    """Read a file in which the seal ``said`` stands."""
    mark = (KEY + said).encode()
    digest, places = sha256(), list[int]()
    header = b""
    at = kept = 0  # where in the file the buffer begins, and how much of it is still to be looked at
    with path.open("rb", buffering=0) as file:
        buffer = bytearray(_AT_ONCE)  # one for all: making new ones takes longer than the digest
        view = memoryview(buffer)
        while size := file.readinto(view[kept:]):
            end = kept + size
            if not header:
                header = bytes(view[:_HEADER_SIZE])
                _blank(buffer, _COUNTING)
            done = max(end - len(mark) + 1, 0)  # the beginning of a mark may stand behind that
            while (place := buffer.find(mark, 0, end)) >= 0:
                places.append(at + place + len(KEY))
                _blank(buffer, [slice(place, place + len(mark))])
                done = max(done, place + len(mark))
            digest.update(view[:done])
            kept = end - done
            view[:kept] = bytes(view[done:end])
            at += done
        digest.update(view[:kept])
    return _Measured(header, places, digest.hexdigest())


def _blank(data: bytearray, places: Sequence[slice]) -> None:
    for place in places:
        data[place] = bytes(place.stop - place.start)
