"""The one seam between the store and the machine: every call that can fail for reasons of the disk.

Everything in the store that reads, writes, copies, renames or syncs goes through a :class:`FileSystem`, so
that a test can make any one of these calls fail and see that nothing is lost. Knows nothing of plans.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import sqlite3
import stat
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import IO
from urllib.parse import quote

from cypp_desktop.errors import CyppError, FileProblem
from cypp_desktop.store import swapping

_CHUNK = 1 << 20
#: Of a database that is copied for a moment.
_KB_IN_MEMORY = 16_000
_BUSY_SECONDS = 10.0
#: The longest path that SQLite opens, in bytes: 512, with room for "-journal".
_LONGEST_FOR_SQLITE = 504 if sys.platform != "win32" else 32_000
#: Where a database says that it is written in WAL format, and what it says there if it is not.
_FORMAT, _ROLLBACK_FORMAT = slice(18, 20), b"\x01\x01"

#: Under which name Linux keeps the access list of a file.
_ACCESS_LIST = "system.posix_acl_access"
_NOTES_OF_PEOPLE = "user."
#: What a temporary is made with: for nobody but the person.
_PRIVATE = 0o600

# What an untrusted file may not do, set on every connection that the store opens.
SAFE_PRAGMAS = ("PRAGMA trusted_schema=OFF", "PRAGMA cell_size_check=ON", "PRAGMA mmap_size=0")


def uri(path: Path, mode: str = "ro", *, immutable: bool = False) -> str:
    """``path`` as an SQLite URI; right for drive letters, UNC shares and names that are not UTF-8."""
    name = path.absolute().as_posix()
    if not name.startswith("/"):
        name = "/" + name
    escaped = quote(os.fsencode(name), safe="/:")
    return f"file://{escaped}?mode={mode}{'&immutable=1' if immutable else ''}"


def is_too_deep(path: Path) -> bool:
    """Whether a path is longer than SQLite opens, though the disk may well take it."""
    return len(os.fsencode(path.absolute())) > _LONGEST_FOR_SQLITE


def connect(path: Path, mode: str = "ro", *, immutable: bool = False) -> sqlite3.Connection:
    """A connection of the store's own, with the safe pragmas and no implicit transactions.

    ``mode`` is SQLite's: ``ro``, ``rw`` or ``rwc``, which makes a new file for the person alone. Usable from
    any one thread at a time. A file in a place that is too deep for SQLite can be read all the same; OSError
    where it is to be written.
    """
    too_deep = is_too_deep(path)
    if too_deep and mode != "ro":
        raise OSError(errno.ENAMETOOLONG, os.strerror(errno.ENAMETOOLONG))
    if mode == "rwc" and not path.exists():  # one that is there may be open: SQLite would lose its locks
        os.close(privately(os.fspath(path), os.O_CREAT | os.O_WRONLY))
    connection = sqlite3.connect(
        "file::memory:" if too_deep else uri(path, mode, immutable=immutable),
        uri=True,
        timeout=_BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        if too_deep:
            content = bytearray(path.read_bytes())
            content[_FORMAT] = _ROLLBACK_FORMAT
            connection.deserialize(content)
        for pragma in SAFE_PRAGMAS:
            connection.execute(pragma)
    except BaseException:
        connection.close()
        raise
    return connection


def forbid_writing(db: sqlite3.Connection) -> None:
    """Have a connection refuse to write, whatever it is asked."""
    db.execute("PRAGMA query_only=ON")


class FileSystem:
    """Plain file operations. Each raises ``OSError`` or ``sqlite3.Error``; see :func:`plain_words`."""

    def now(self) -> datetime:
        """The present moment, with its time zone."""
        return datetime.now(UTC)

    def stat(self, path: Path) -> os.stat_result:
        return path.stat()

    def resolve(self, path: Path) -> Path:
        """The absolute path with "~" and links followed. RuntimeError for links in a circle."""
        return path.expanduser().resolve()

    def is_writable(self, path: Path) -> bool:
        """Whether this person may change the file or folder. A mark of read-only counts for root too."""
        if not os.access(path, os.W_OK):
            return False
        mode = path.stat().st_mode
        return stat.S_ISDIR(mode) or bool(mode & 0o222)

    def names(self, folder: Path) -> list[str]:
        return sorted(entry.name for entry in folder.iterdir())

    def make_folder(self, folder: Path) -> None:
        """Make a folder that is this person's alone, with those above it, unless it is there."""
        if not folder.parent.exists():
            self.make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)

    def remove(self, path: Path) -> None:
        path.unlink(missing_ok=True)

    def remove_folder(self, folder: Path) -> None:
        shutil.rmtree(folder)

    def read(self, path: Path, limit: int) -> bytes:
        """The first ``limit`` bytes."""
        with path.open("rb") as file:
            return file.read(limit)

    def read_at(self, file: IO[bytes], offset: int, size: int) -> bytes:
        file.seek(offset)
        return file.read(size)

    def write(self, path: Path, data: bytes, *, sync: bool = True, private: bool = True) -> None:
        """Write the whole file, by default down to the disk; a new one is for the person alone, or as the
        umask has it. Not atomic: see :func:`write_atomically`.
        """
        with open(path, "wb", opener=privately if private else None) as file:
            file.write(data)
            if sync:
                file.flush()
                os.fsync(file.fileno())

    def write_at(self, path: Path, offset: int, data: bytes) -> None:
        """Write over some bytes in the middle of a file of our own."""
        with path.open("rb+") as file:
            file.seek(offset)
            file.write(data)

    def write_new(self, path: Path, data: bytes) -> None:
        """Make a file that was not there; ``FileExistsError`` if it was."""
        with path.open("xb") as file:
            file.write(data)

    def create(self, path: Path) -> None:
        """Make an empty file that is this person's alone; ``FileExistsError`` if there is one."""
        path.touch(mode=_PRIVATE, exist_ok=False)

    def set_mode(self, path: Path, mode: int) -> None:
        path.chmod(mode)

    def set_owner(self, path: Path, owner: int | None, group: int | None) -> None:
        """Give a file to another owner or group. Nothing to do on Windows."""
        if sys.platform != "win32":
            os.chown(path, -1 if owner is None else owner, -1 if group is None else group)

    def access_list(self, path: Path) -> bytes | None:
        """The list of who may do what with a file, beyond its mode; None where it has none."""
        if sys.platform == "linux":
            with contextlib.suppress(OSError):
                return os.getxattr(path, _ACCESS_LIST)
        return None

    def set_access_list(self, path: Path, access_list: bytes | None) -> bool:
        """Give a file such a list, or take it away; whether it has it now."""
        if sys.platform == "linux":
            with contextlib.suppress(OSError):
                if access_list is not None:
                    os.setxattr(path, _ACCESS_LIST, access_list)
                elif _ACCESS_LIST in os.listxattr(path):
                    os.removexattr(path, _ACCESS_LIST)
        return self.access_list(path) == access_list

    def copy_attributes(self, source: Path, copy: Path) -> None:
        """Give a file what people and programs have noted with another, where the disk keeps such notes."""
        if sys.platform == "linux":
            with contextlib.suppress(OSError):
                for name in os.listxattr(source):
                    if name.startswith(_NOTES_OF_PEOPLE):
                        os.setxattr(copy, name, os.getxattr(source, name))

    def sha256(self, path: Path) -> str:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def copy(self, source: Path, copy: Path) -> str:
        """Copy the bytes down to the disk and return their SHA-256; a new file is for the person alone."""
        digest = hashlib.sha256()
        with source.open("rb") as reader, open(copy, "wb", opener=privately) as writer:
            while chunk := reader.read(_CHUNK):
                digest.update(chunk)
                writer.write(chunk)
            writer.flush()
            os.fsync(writer.fileno())
        return digest.hexdigest()

    def fsync_file(self, path: Path) -> None:
        with path.open("rb+") as file:
            os.fsync(file.fileno())

    def fsync_folder(self, folder: Path) -> None:
        """Make renames in the folder last; nothing to do on Windows or where a share does not know how."""
        if sys.platform != "win32":
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            except OSError as error:
                if error.errno not in (errno.EINVAL, errno.ENOTSUP, errno.ENOSYS):
                    raise
            finally:
                os.close(handle)

    def replace(self, source: Path, target: Path) -> None:
        """Put ``source`` in the place of ``target`` in one step."""
        # On Windows a virus scanner or sync client may hold a file for a moment.
        for wait in (0.05, 0.2, 0.5) if sys.platform == "win32" else ():
            try:
                source.replace(target)
            except PermissionError:
                time.sleep(wait)
            else:
                return
        source.replace(target)

    def exchange(self, one: Path, other: Path) -> None:
        """Have two files change names in one step. An error of ``swapping.CANNOT`` says that the disk does
        not know how.
        """
        swapping.exchange(one, other)

    def rename_new(self, source: Path, target: Path, *, only_at_once: bool = False) -> None:
        """Give ``source`` the name ``target``; ``FileExistsError`` if there is such a file.

        Where the disk knows no way to do that in one step, in two; with ``only_at_once`` an error of
        ``swapping.CANNOT`` says so.
        """
        try:
            swapping.rename_if_free(source, target)
        except OSError as error:
            if error.errno not in swapping.CANNOT:
                raise
            self._link_new(source, target, only_at_once)

    def _link_new(self, source: Path, target: Path, only_at_once: bool) -> None:
        try:
            os.link(source, target)
        except FileExistsError:
            raise
        except OSError as error:
            # FAT and many shares have no hard links.
            if only_at_once:
                raise OSError(errno.ENOTSUP, os.strerror(errno.ENOTSUP), str(target)) from error
            if os.path.lexists(target):
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)) from None
            source.rename(target)
        else:
            source.unlink()

    def copy_database(self, source: Path, copy: Path, *, immutable: bool = False) -> None:
        """Copy by SQLite's backup: one transaction of ``copy``, which other connections may have open."""
        with (
            contextlib.closing(connect(source, immutable=immutable)) as reader,
            contextlib.closing(connect(copy, "rwc")) as writer,
        ):
            reader.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            reader.backup(writer, progress=_give_up_when_busy())

    def vacuum_into(
        self, source: Path, copy: Path, prepare: Callable[[sqlite3.Connection], None] | None = None
    ) -> None:
        """Write ``source`` compactly into ``copy``, which must be empty or missing, for the person alone.

        ``prepare`` may change what is written. Who edits ``source`` is held up for milliseconds only.
        """
        if is_too_deep(copy):
            raise OSError(errno.ENAMETOOLONG, os.strerror(errno.ENAMETOOLONG))
        os.close(privately(os.fspath(copy), os.O_CREAT | os.O_WRONLY))
        with contextlib.closing(_scratch()) as scratch:
            with contextlib.closing(connect(source, "rw")) as reader:
                reader.backup(scratch, progress=_give_up_when_busy())
            if prepare is not None:
                prepare(scratch)
            scratch.execute("VACUUM INTO ?", (uri(copy, "rwc"),))

    def change(self, path: Path, sql: str, values: tuple[str, ...]) -> None:
        """Run one statement on a database that nobody else has, leaving nothing beside it."""
        with contextlib.closing(connect(path, "rw")) as writer:
            writer.execute("PRAGMA journal_mode=MEMORY")
            writer.execute(sql, values)

    def finish_transactions(self, path: Path) -> None:
        """Finish or roll back what was under way when the program stopped; leaves a rollback journal.

        ``path`` and what lies beside it must be our own.
        """
        with contextlib.closing(connect(path, "rw")) as writer:
            writer.execute("PRAGMA journal_mode=DELETE")
            writer.execute("SELECT count(*) FROM sqlite_schema").fetchone()

    def quick_check(self, path: Path) -> bool:
        """Whether SQLite finds the file whole."""
        with contextlib.closing(connect(path)) as reader:
            return bool(reader.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok")


DISK = FileSystem()


def _scratch() -> sqlite3.Connection:
    """A database of this connection alone: in memory, but for what a very large one has more, which SQLite
    keeps in a temporary file that nobody else can open and that is gone with the connection.
    """
    scratch = sqlite3.connect("", isolation_level=None)
    scratch.execute(f"PRAGMA cache_size=-{_KB_IN_MEMORY}")
    return scratch


def privately(path: str, flags: int) -> int:
    """Opens a file for :func:`open`, so that a new one is for the person alone from its first byte."""
    return os.open(path, flags, _PRIVATE)


def _give_up_when_busy() -> Callable[[int, int, int], object]:
    """Python's backup waits for ever on a locked database; this ends it."""
    started = time.monotonic()

    def progress(status: int, _remaining: int, _total: int) -> None:
        if (
            status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
            and time.monotonic() - started > _BUSY_SECONDS
        ):
            raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    return progress


def write_atomically(fs: FileSystem, path: Path, data: bytes) -> None:
    """Replace a small file, the person's alone: after a kill or power cut it is the old one or the new one,
    whole.
    """
    fresh = path.with_name(path.name + ".new")
    fs.write(fresh, data)
    fs.replace(fresh, path)
    fs.fsync_folder(path.parent)


def signature(path: Path, fs: FileSystem) -> tuple[int, int, int, int]:
    """What differs, as far as a disk can tell without reading, when a file was replaced or written."""
    found = fs.stat(path)
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def stat_or_none(fs: FileSystem, path: Path) -> os.stat_result | None:
    """The file's stat, or None if there is no such file, or can be none of that name.

    Any other error is raised: a share that cannot be reached is not a share without the file.
    """
    try:
        return fs.stat(path)
    except ValueError:
        return None  # a name with a zero in it, or with what is no letter
    except OSError as error:
        winerror = getattr(error, "winerror", None)
        if winerror in _WINDOWS_NO_NAME:
            return None
        if winerror in _WINDOWS_AWAY or error.errno not in _NOT_THERE:
            raise
        return None


_FULL = "the disk is full"
_DENIED = "you do not have permission there"
_READ_ONLY = "the place is read-only"
_GONE = "the file or its folder is no longer there"
_AWAY = "the disk or share it is on cannot be reached"
_NO_NAME = "the name, or that of a folder it is in, is too long"
_BROKEN = "the disk reports an error"
_BUSY = "another program is using it"
_DAMAGED = "the file is damaged"

_ERRNO_WORDS: Mapping[int, str] = {
    getattr(errno, name): words
    for words, names in {
        _FULL: "ENOSPC EDQUOT",
        _DENIED: "EACCES EPERM",
        _READ_ONLY: "EROFS",
        _GONE: "ENOENT ENOTDIR",
        _AWAY: "ENODEV ENXIO ENOMEDIUM ESTALE EREMOTEIO EHOSTDOWN EHOSTUNREACH ENETDOWN ENETUNREACH "
        "ENETRESET ENONET ENOTCONN ECONNREFUSED ECONNRESET ECONNABORTED ESHUTDOWN ETIMEDOUT ENOKEY "
        "EKEYEXPIRED",
        _BROKEN: "EIO",
        _BUSY: "EBUSY ETXTBSY EAGAIN EDEADLK ENOLCK",
        _NO_NAME: "ENAMETOOLONG",
        "links lead round in a circle there": "ELOOP",
        "the disk does not take a file this large": "EFBIG",
        "that is a folder": "EISDIR",
        "a file of that name is already there": "EEXIST",
    }.items()
    for name in names.split()
    if hasattr(errno, name)
}
_SQLITE_WORDS: Mapping[int, str] = {
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_PERM: _DENIED,
    sqlite3.SQLITE_AUTH: _DENIED,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: "the file cannot be opened there",
    sqlite3.SQLITE_IOERR: _BROKEN,
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
    sqlite3.SQLITE_PROTOCOL: _BUSY,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
    sqlite3.SQLITE_TOOBIG: "the disk does not take a file this large",
    sqlite3.SQLITE_NOMEM: "there is not enough memory",
}
_NOT_THERE = (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG)
# What Windows says in numbers of its own, most of which Python takes for a file that is not there.
_WINDOWS_NO_NAME = (123, 161, 206)
# Not ready, no such drive, network path, device, name or connection gone, timed out, no log-on server.
_WINDOWS_AWAY = (
    15, 21, 51, 53, 54, 55, 59, 64, 67, 121, 433, 1167, 1203, 1222, 1225, 1231, 1232, 1236, 1311, 2250,
)  # fmt: skip
_WINDOWS_WORDS: Mapping[int, str] = {
    **dict.fromkeys((32, 33), _BUSY),
    **dict.fromkeys(_WINDOWS_AWAY, _AWAY),
    **dict.fromkeys((5, 65, 86, 1219, 1326, 1327, 1330, 1331), _DENIED),
    **dict.fromkeys((123, 161), "no file can have such a name"),
    206: _NO_NAME,
}


#: What is said where SQLite finds damage that nobody looked for.
DAMAGED_WORDS = (
    "A file in which this plan is kept on this laptop is damaged, so this was not done. Close the plan and "
    "open it again; if that does not help, restore a backup."
)


def is_damage(problem: BaseException | None) -> bool:
    """Whether an exception, or one that it comes from, is SQLite's finding that a database is damaged."""
    while problem is not None:
        original = getattr(problem, "orig", problem)  # SQLAlchemy wraps them
        if isinstance(original, sqlite3.Error):
            code = getattr(original, "sqlite_errorcode", 0) & 0xFF
            return code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB) or "no such table" in str(original)
        problem = problem.__cause__
    return False


def reason(error: OSError | sqlite3.Error) -> str | None:
    """Why the machine refused, in plain words; None if the error is not the machine's but a bug of ours."""
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", None)
        return _SQLITE_WORDS.get(code & 0xFF) if isinstance(code, int) else None
    words = _WINDOWS_WORDS.get(getattr(error, "winerror", None) or 0) or _ERRNO_WORDS.get(error.errno or 0)
    return words or f"the system says “{error.strerror or type(error).__name__}”"


@contextlib.contextmanager
def plain_words(what: str, advice: str = "") -> Iterator[None]:
    """Turn an error of the machine within the block into a :class:`FileProblem`: ``what: reason. advice``.

    ``what`` is the start of a sentence ("Could not save “x.cypp”"). A CyppError passes as it is.
    """
    try:
        yield
    except CyppError:
        raise
    except UnicodeDecodeError as error:
        # Python cannot even read what SQLite says of a damaged file that is named in it
        raise FileProblem(f"{what}: {_DAMAGED}. {advice}".rstrip()) from error
    except (OSError, sqlite3.Error) as error:
        words = reason(error)
        if words is None:
            raise
        raise FileProblem(f"{what}: {words}. {advice}".rstrip()) from error
