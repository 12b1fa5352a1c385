"""What a .cypp file is, and the checks before one is opened.

A plan is an SQLite file with our application id and a version; its table ``meta`` names the plan and the
file. A file that comes from elsewhere is only ever read, never trusted. Knows ``sqlite3`` and paths, no
mapped class.
"""

from __future__ import annotations

import contextlib
import sqlite3
import stat
from dataclasses import dataclass
from pathlib import Path

from cypp_desktop.errors import CyppError, FileProblem, NewerPlan, NotAPlan
from cypp_desktop.plan.signs import shown_on_one_line
from cypp_desktop.store.disk import DISK, FileSystem, connect, plain_words, reason, stat_or_none
from cypp_desktop.store.seal import RETURN
from cypp_desktop.store.versions import CURRENT_VERSION, VERSION_MAJOR

EXTENSION = ".cypp"
APPLICATION_ID = 0x43595050  # "CYPP"

# What a connection to a working copy must have set. Never WAL and never locking_mode=EXCLUSIVE: whether
# something is still to be published is read from the change counter, which only a rollback journal keeps.
WORKING_PRAGMAS = (
    "PRAGMA trusted_schema=OFF",
    "PRAGMA cell_size_check=ON",
    "PRAGMA mmap_size=0",
    "PRAGMA foreign_keys=ON",
    "PRAGMA synchronous=FULL",
    "PRAGMA cache_size=-16000",
)

_HEADER_SIZE = 100
_MAGIC = b"SQLite format 3\x00"
_WAL_FORMAT = 2
COUNTER_OFFSET = 24
_USER_VERSION_OFFSET = 60
_APPLICATION_ID_OFFSET = 68
_LONGEST_ID = 200
_FOREIGN = "SELECT 1 FROM sqlite_schema WHERE type IN ('view', 'trigger') OR sql LIKE 'CREATE VIRTUAL%'"


@dataclass(frozen=True, slots=True)
class FileInfo:
    """What a plan file says of itself. ``version`` is major * 1000 + minor; ``size`` in bytes.

    ``unfinished`` is the name of the companion file if another program left a write unfinished. ``issue_id``
    is of a return the id under which it was sent out; None of a plan.
    """

    path: Path
    version: int
    plan_id: str
    file_id: str
    size: int
    unfinished: str | None = None
    issue_id: str | None = None

    @property
    def document_id(self) -> str:
        """What the file is a state of: the plan, or one return of it. No other file may take its place."""
        return self.plan_id if self.issue_id is None else f"{self.plan_id}/{self.issue_id}"

    @property
    def major(self) -> int:
        return self.version // 1000

    @property
    def minor(self) -> int:
        return self.version % 1000


def quoted(path: Path) -> str:
    """The file's name as messages show it."""
    return f"“{shown_on_one_line(path.name)}”"


def stamp(connection: sqlite3.Connection) -> None:
    """Mark a new database as a plan of this version."""
    connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version={CURRENT_VERSION}")


def inspect(path: Path, fs: FileSystem = DISK) -> FileInfo:
    """Look at a file without changing anything, beside it neither.

    Raises NotAPlan (foreign, damaged, empty, a folder), NewerPlan (a later major version) or FileProblem
    (missing, not readable), each saying what to do.
    """
    with plain_words(f"{quoted(path)} cannot be opened"):
        found = stat_or_none(fs, path)
        if found is None:
            raise FileProblem(
                f"{quoted(path)} is not there. It may have been moved, renamed or deleted, or the stick or "
                "shared folder it is on is not connected."
            )
        if stat.S_ISDIR(found.st_mode):
            raise NotAPlan(f"{quoted(path)} is a folder, not a plan.")
        if not stat.S_ISREG(found.st_mode):
            raise NotAPlan(f"{quoted(path)} is not a file, so it cannot be a plan.")
        if found.st_size == 0:
            raise NotAPlan(
                f"{quoted(path)} is empty. If it is in a cloud folder, it may not have been downloaded yet: "
                "ask for it to be kept on this device and try again."
            )
        header = fs.read(path, _HEADER_SIZE)
        beside = companions(path, fs)
        unfinished = path.name + beside[0] if beside else None
        version = _version(path, header, found.st_size, whole=unfinished is None)
        in_wal_format = _WAL_FORMAT in header[18:20]
        plan_id, file_id, issue_id = _ids(path, immutable=bool(unfinished) or in_wal_format)
    return FileInfo(path, version, plan_id, file_id, found.st_size, unfinished, issue_id)


def companions(path: Path, fs: FileSystem = DISK) -> list[str]:
    """The endings, ``-journal`` or ``-wal``, of files beside it that hold an unfinished write of another
    program.
    """
    found = (
        (suffix, stat_or_none(fs, path.with_name(path.name + suffix))) for suffix in ("-journal", "-wal")
    )
    return [suffix for suffix, about in found if about is not None and about.st_size > 0]


def must_be_copied_to_read(path: Path, fs: FileSystem = DISK) -> bool:
    """Whether SQLite would write beside the file even to read it, so that it must be copied first."""
    return bool(companions(path, fs)) or _WAL_FORMAT in fs.read(path, _HEADER_SIZE)[18:20]


def info_of(connection: sqlite3.Connection, path: Path) -> FileInfo:
    """The same for a database that is open: for working copies, whose file must not be opened by hand."""
    version = _checked_version(
        path,
        *(connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")),
    )
    pages, size = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
    plan_id, file_id, issue_id = _read_ids(connection, path)
    return FileInfo(path, version, plan_id, file_id, size=pages * size, issue_id=issue_id)


def _version(path: Path, header: bytes, size: int, *, whole: bool) -> int:
    if not header.startswith(_MAGIC):
        raise NotAPlan(
            f"{quoted(path)} is not a plan of this application. A Word plan or a plan JSON file is brought "
            "in with Import."
        )
    if len(header) < _HEADER_SIZE or (whole and size < _expected_size(header)):
        raise NotAPlan(
            f"{quoted(path)} is damaged: its end is missing. Copy or download it again, or restore a backup."
        )
    return _checked_version(
        path, _number(header, _APPLICATION_ID_OFFSET), _number(header, _USER_VERSION_OFFSET)
    )


def _checked_version(path: Path, application_id: int, version: int) -> int:
    if application_id != APPLICATION_ID:
        raise NotAPlan(f"{quoted(path)} is a database of another program, not a plan.")
    if not 1000 <= version < 1_000_000:
        raise NotAPlan(f"{quoted(path)} does not say which version of a plan it is, so it is not opened.")
    if version // 1000 > VERSION_MAJOR:
        raise NewerPlan(
            f"{quoted(path)} was saved by a later version of CYPP Desktop (file version {version // 1000}; "
            f"this one reads up to {VERSION_MAJOR}). Install the later version to open it; "
            "nothing was changed."
        )
    return version


def _expected_size(header: bytes) -> int:
    """Bytes that the header promises, or 0 if it says nothing that can be relied on."""
    page_size = int.from_bytes(header[16:18], "big")
    page_size = 65536 if page_size == 1 else page_size
    counted = header[COUNTER_OFFSET : COUNTER_OFFSET + 4] == header[92:96]
    return page_size * _number(header, 28) if counted else page_size


def _number(header: bytes, offset: int) -> int:
    return int.from_bytes(header[offset : offset + 4], "big")


def _ids(path: Path, *, immutable: bool) -> tuple[str, str, str | None]:
    try:
        with contextlib.closing(connect(path, immutable=immutable)) as connection:
            return _read_ids(connection, path)
    except CyppError:
        raise
    except sqlite3.DatabaseError as error:
        raise not_whole(path, error) from error


def _read_ids(connection: sqlite3.Connection, path: Path) -> tuple[str, str, str | None]:
    """The ids of the plan and the file; of a return that of its issue too, of a plan None."""
    table = connection.execute("SELECT type FROM sqlite_schema WHERE name = 'meta'").fetchone()
    if table is None or table[0] != "table":
        raise NotAPlan(f"{quoted(path)} is damaged or made by another program: it does not name its plan.")
    if connection.execute(_FOREIGN).fetchone() is not None:
        raise NotAPlan(
            f"{quoted(path)} is not opened: it holds something that acts by itself (a view, a trigger or a "
            "virtual table), which no plan of this application does. Ask where it comes from."
        )
    keys = "'plan_id', 'file_id', 'kind', 'issue_id'"
    found = dict(connection.execute(f"SELECT key, value FROM meta WHERE key IN ({keys})"))
    ids = (found.get("plan_id"), found.get("file_id"))
    if not all(isinstance(id_, str) and 0 < len(id_) <= _LONGEST_ID and "/" not in id_ for id_ in ids):
        raise NotAPlan(f"{quoted(path)} is damaged or made by another program: it does not name its plan.")
    issue_id = str(found.get("issue_id", ""))[:_LONGEST_ID] if found.get("kind") == RETURN else None
    return str(ids[0]), str(ids[1]), issue_id


def not_whole(path: Path, error: sqlite3.DatabaseError) -> FileProblem:
    """The refusal that fits an error met while reading a plan."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR):
        return NotAPlan(f"{quoted(path)} is damaged. Copy or download it again, or restore a backup.")
    return FileProblem(f"{quoted(path)} cannot be opened: {reason(error) or 'it cannot be read'}.")
