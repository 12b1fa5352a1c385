"""The files of a plan on this machine beside the one that is open: what was removed goes out of these too.

They are the plan's backups, working copies that were left, and files of the same plan beside its own. Each
is cleaned as a whole: read into memory, emptied there, written compactly to a new file that takes its name.
So the text is never written again, and a kill leaves the old file or the new one.
"""

from __future__ import annotations

import contextlib
import sqlite3
import stat
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool

from cypp_desktop.errors import CyppError, FileProblem, NotAPlan
from cypp_desktop.store import backups, companion_files
from cypp_desktop.store.disk import FileSystem, connect, reason, signature, stat_or_none, uri
from cypp_desktop.store.file_rights import create_private, give_rights, rights_for
from cypp_desktop.store.file_seal import seal_file
from cypp_desktop.store.files import EXTENSION, companions, inspect, quoted
from cypp_desktop.store.locks import FileLock
from cypp_desktop.store.origin import read_origin, real_path, same_place
from cypp_desktop.store.print_folders import remove_left_print_folders
from cypp_desktop.store.recoverable import LOCK, ORIGIN, PLAN, working_folder_lock
from cypp_desktop.store.removal import NOBODY, Removal
from cypp_desktop.store.seal import KIND, RETURN
from cypp_desktop.store.sqlite_queries import meta_values, read_plan_id
from cypp_desktop.store.union import add_removals
from cypp_desktop.store.upgrade import upgrade_database
from cypp_desktop.store.versions import CURRENT_VERSION

_CLEANED = ".cleaned"
_UNFINISHED = ".part"
_DAMAGED = "the file is damaged"
#: Why a text is gone from a return.
_NOT_SAID = "whoever keeps the plan removed it"
_IN_USE = "it is open in another window on this machine"


class PlanFileKind(StrEnum):
    """What a file of the plan is."""

    BACKUP = "backup"
    WORKING_COPY = "working copy"
    BESIDE = "beside"


@dataclass(frozen=True, slots=True)
class PlanFile:
    """A file of a plan on this machine. ``problem`` says why it cannot be cleaned now, in plain words;
    ``unreadable`` that no waiting will help.
    """

    path: Path
    kind: PlanFileKind
    problem: str | None = None
    unreadable: bool = False


def files_of_plan(
    plan_id: str, target: Path | None, data: Path, fs: FileSystem, *, own: str = "", also: Iterable[Path] = ()
) -> list[PlanFile]:
    """The files of a plan that can be reached, but for ``target`` and the working copy ``own``.

    ``also`` are other places where files of the plan may be, such as those opened last.
    """
    found = [PlanFile(backup.path, PlanFileKind.BACKUP) for backup in backups.every_backup(plan_id, data, fs)]
    found += _working_copies(plan_id, data, fs, own)
    for path in _files_beside(plan_id, target, fs, also):
        if not same_place(path, target):
            found.append(PlanFile(path, PlanFileKind.BESIDE))
    return found


def with_problem(file: PlanFile, problem: Exception) -> PlanFile:
    """The file, with what an error in reading or cleaning it means. Raises what is no error of a file."""
    if isinstance(problem, OSError):
        return replace(file, problem=reason(problem))
    if isinstance(problem, NotAPlan | UnicodeDecodeError):
        words = str(problem) if isinstance(problem, NotAPlan) else _DAMAGED
        return replace(file, problem=words, unreadable=True)
    if isinstance(problem, sqlite3.DatabaseError) and not isinstance(problem, sqlite3.OperationalError):
        return replace(file, problem=reason(problem) or _DAMAGED, unreadable=True)
    if isinstance(problem, sqlite3.Error):
        return replace(file, problem=reason(problem) or _DAMAGED)
    if isinstance(problem, CyppError):
        return replace(file, problem=str(problem))
    raise problem


def _working_copies(plan_id: str, data: Path, fs: FileSystem, own: str) -> Iterator[PlanFile]:
    base = data / "working"
    for name in fs.names(base) if stat_or_none(fs, base) else []:
        path = base / name / PLAN
        if name.startswith(".") or name == own or stat_or_none(fs, path) is None:
            continue
        try:
            with contextlib.closing(connect(path)) as db:
                if read_plan_id(db) != plan_id:
                    continue
        except sqlite3.Error:
            yield PlanFile(path, PlanFileKind.WORKING_COPY, _DAMAGED, unreadable=True)
            continue
        lock = FileLock.take(base / name / LOCK)
        if lock is None:
            yield PlanFile(path, PlanFileKind.WORKING_COPY, _IN_USE)
            continue
        lock.release()
        yield PlanFile(path, PlanFileKind.WORKING_COPY)


def _files_beside(plan_id: str, target: Path | None, fs: FileSystem, also: Iterable[Path]) -> Iterator[Path]:
    """Whole plan files of this plan in the folder of ``target``, and those of ``also`` that are of it."""
    listed: list[Path] = []
    if target is not None:
        with contextlib.suppress(OSError):
            names = [name for name in fs.names(target.parent) if name.lower().endswith(EXTENSION)]
            listed += [target.with_name(name) for name in names if not name.startswith(".")]
    listed += [real_path(path, fs) for path in also if path.suffix.lower() == EXTENSION]
    for path in dict.fromkeys(listed):
        with contextlib.suppress(CyppError, OSError, sqlite3.Error):
            if inspect(path, fs).plan_id == plan_id:
                yield path


# ------------------------------------------------------------------ cleaning


@contextmanager
def in_memory(path: Path, fs: FileSystem) -> Iterator[sqlite3.Connection]:
    """A plan file as a database in memory, of this version. Raises CyppError, OSError or sqlite3.Error."""
    if companions(path, fs):
        raise FileProblem("another program left a write unfinished beside it")
    inspect(path, fs)
    memory = sqlite3.connect("file::memory:", uri=True, isolation_level=None, check_same_thread=False)
    with contextlib.closing(memory) as db:
        with contextlib.closing(connect(path)) as source:
            source.backup(db)
        if db.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise NotAPlan(_DAMAGED)
        upgrade_database(db)
        yield db


def clean(file: PlanFile, removals: Sequence[Removal], data: Path, fs: FileSystem) -> PlanFile | None:
    """Take what was removed out of a file. Gives it back with why, where that could not be."""
    if file.problem is not None:
        return file
    try:
        if file.kind is PlanFileKind.WORKING_COPY:
            _clean_working_copy(file.path, removals, data, fs)
        else:
            _clean_file(file.path, removals, fs)
    except (CyppError, OSError, sqlite3.Error, UnicodeDecodeError) as problem:
        return with_problem(file, problem)
    return None


def _clean_file(path: Path, removals: Sequence[Removal], fs: FileSystem) -> None:
    if _is_clean(path, removals, fs):
        return
    before = signature(path, fs)
    fresh = path.with_name(path.name + _CLEANED)
    with in_memory(path, fs) as db:
        empty_in(db, removals)
        try:
            fs.remove(fresh)
            create_private(fresh, fs)
            db.execute("VACUUM INTO ?", (uri(fresh, "rwc"),))
            seal_file(fresh, fs)  # the seal that it had was of what it said before
            give_rights(fresh, rights_for(path, None, fs), fs)
            fs.fsync_file(fresh)
            if signature(path, fs) != before:
                raise FileProblem(f"{quoted(path)} is being changed by another program just now")
            fs.replace(fresh, path)
            fs.fsync_folder(path.parent)
        finally:
            with contextlib.suppress(OSError):
                fs.remove(fresh)


def _is_clean(path: Path, removals: Iterable[Removal], fs: FileSystem) -> bool:
    """Whether a file knows of all these removals already. Most do: so it is not read as a whole for that."""
    if companions(path, fs):
        return False
    with contextlib.closing(connect(path)) as db:
        (version,) = db.execute("PRAGMA user_version").fetchone()
        return version == CURRENT_VERSION and knows_all(db, removals)


def empty_in(db: sqlite3.Connection, removals: Sequence[Removal]) -> None:
    """Take removals into a plan file of this version that is open, in a transaction of its own."""
    if meta_values(db, (KIND,)).get(KIND) == RETURN:  # who opens it need not hear who removed what, and why
        removals = [replace(each, author=NOBODY, reason=_NOT_SAID) for each in removals]
    engine = create_engine("sqlite://", creator=lambda: db, poolclass=StaticPool)
    db.execute("PRAGMA foreign_keys=ON")
    with engine.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        try:
            add_removals(connection, removals)
            connection.exec_driver_sql("COMMIT")
        except BaseException:
            connection.exec_driver_sql("ROLLBACK")
            raise


def knows_all(db: sqlite3.Connection, removals: Iterable[Removal]) -> bool:
    """Whether a plan file of this version knows of all these removals, and so holds nothing of them."""
    known = set(db.execute("SELECT item, part, removal FROM removed"))
    return all((mark.item, mark.part, each.id) in known for each in removals for mark in each.marks)


def compact(path: Path) -> None:
    """Write a database anew in its own place, so that nothing is left in it of what was taken out.

    Nobody may be in a transaction on it. Raises sqlite3.Error.
    """
    with contextlib.closing(connect(path, "rw")) as db:
        db.execute("PRAGMA temp_store=MEMORY")
        db.execute("PRAGMA secure_delete=ON")
        db.execute("VACUUM")


def _clean_working_copy(path: Path, removals: Sequence[Removal], data: Path, fs: FileSystem) -> None:
    """The same for a working copy that was left: in its place, so that its note still fits it."""
    with working_folder_lock(data, fs):
        lock = FileLock.take(path.with_name(LOCK))
    if lock is None:
        raise FileProblem(_IN_USE)
    with lock:
        sweep_working_folder(path.parent, fs)
        fs.finish_transactions(path)
        with contextlib.closing(connect(path, "rw")) as db:
            upgrade_database(db)
            if not knows_all(db, removals):
                empty_in(db, removals)
        compact(path)
        origin = read_origin(path.with_name(ORIGIN), fs)
    if origin is not None and origin.target is not None:
        companion_files.remove_temporary(origin.target, origin.id, fs)


# ------------------------------------------------------------------ what nobody needs


def sweep(plan_id: str, target: Path | None, working: str, data: Path, fs: FileSystem) -> None:
    """Remove what kills may have left of the plan, and nobody needs: halves of backups and of saves (those of
    the working copy ``working`` too), copies of files that came back, halves of prints. What cannot be
    removed is passed over.
    """
    if target is not None:
        companion_files.remove_left_temporaries(target, fs)
        companion_files.remove_swapped(target, working, fs)
    with contextlib.suppress(OSError, CyppError):
        for folder in backups.folders_with_backups(plan_id, data, fs):
            for name in fs.names(folder) if stat_or_none(fs, folder) else []:
                if name.endswith((_UNFINISHED, _CLEANED)):
                    fs.remove(folder / name)
    home = data / "quarantine"
    with contextlib.suppress(OSError, CyppError):
        for name in fs.names(home) if stat_or_none(fs, home) else []:
            fs.remove_folder(home / name)
    remove_left_print_folders(fs)


def sweep_working_folder(folder: Path, fs: FileSystem) -> None:
    """Remove the copies of other files that a kill left in the folder of a working copy. Raises OSError."""
    for name in fs.names(folder):
        if name in (ORIGIN, LOCK) or name.startswith(PLAN):
            continue
        if stat.S_ISDIR(fs.stat(folder / name).st_mode):
            fs.remove_folder(folder / name)
        else:
            fs.remove(folder / name)


def throw_away(file: PlanFile, fs: FileSystem) -> bool:
    """Remove a backup that cannot be read; whether that went. Nothing else is thrown away."""
    if file.kind is PlanFileKind.BACKUP:
        with contextlib.suppress(OSError):
            fs.remove(file.path)
            return True
    return False
