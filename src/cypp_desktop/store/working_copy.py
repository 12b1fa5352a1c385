"""The working copy of an open plan: a database in the data folder that every command commits to.

A folder ``data/working/<id>`` holds ``plan.cypp``, the note ``origin.json`` (which file it came from, and
what of it is published) and a lock that lasts as long as the process. After a kill the folder is found
again, with everything that was committed. Publishing is in ``publish``; the rows of a plan are not known
here.
"""

from __future__ import annotations

import contextlib
import functools
import sqlite3
import threading
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO

from cypp_desktop.errors import CyppError, NotAPlan, PlanInUse
from cypp_desktop.store import companion_files, file_seal
from cypp_desktop.store.disk import (
    DISK,
    FileSystem,
    connect,
    plain_words,
    stat_or_none,
    write_atomically,
)
from cypp_desktop.store.file_seal import Standing
from cypp_desktop.store.files import (
    COUNTER_OFFSET,
    FileInfo,
    info_of,
    inspect,
    not_whole,
    quoted,
    stamp,
)
from cypp_desktop.store.left_over import can_be_resumed, may_be_of
from cypp_desktop.store.locks import FileLock
from cypp_desktop.store.origin import Origin, Pending, read_origin, real_path, same_place, unknown_origin
from cypp_desktop.store.recoverable import (
    DAMAGED,
    LOCK,
    ORIGIN,
    PLAN,
    Recoverable,
    confirm_unpublished,
    find_once_let_go,
    find_recoverable,
    find_working_copy,
    has_gone_through,
    plan_in_use,
    refuse_open_elsewhere,
    remove_companions,
    remove_working_copy,
    working_folder_lock,
)
from cypp_desktop.store.source_file import device_of, digest_to_replace, take_in
from cypp_desktop.store.timeouts import call_with_timeout


class WorkingCopy:
    """One open plan. Made by :meth:`open`, :meth:`create` or :meth:`recover`; ended by :meth:`close`.

    ``path`` is the database to work on, with ``files.WORKING_PRAGMAS``; nobody else renames, replaces or
    opens it other than through SQLite. ``recovered`` says that it holds changes from before the program was
    ended. Methods may be called from any thread.
    """

    def __init__(
        self, data: Path, origin: Origin, lock: FileLock, fs: FileSystem, *, person: str = ""
    ) -> None:
        self.folder = data / "working" / origin.id
        self.path = self.folder / PLAN
        self.data = data
        self.fs = fs
        #: who works here, for the note beside the file: as they gave their name, never that of the account
        self.person = person
        self.recovered = False
        #: How what was opened stands against what was saved.
        self.standing = Standing.AS_SAVED
        #: What was left of this plan by a kill and cannot be gone on with.
        self.lost: tuple[Recoverable, ...] = ()
        self.busy = threading.RLock()
        self._reading = threading.Lock()
        self._origin = origin
        self._lock = lock
        self._header: IO[bytes] | None = None
        self._noted: Path | None = None
        self._cannot_write = False
        #: Whether the plan's file had another name too when it was opened, which saving parts from it.
        self.has_other_names = False
        self._ended = False

    # ------------------------------------------------------------------ beginning

    @classmethod
    def open(
        cls,
        target: Path,
        data: Path,
        *,
        read_only: bool = False,
        resume: bool = True,
        is_sound: Callable[[Recoverable, FileSystem], bool] | None = None,
        fs: FileSystem = DISK,
        person: str = "",
    ) -> WorkingCopy:
        """Open a plan file by copying it into the data folder; ``person`` is told to colleagues.

        If a working copy with unpublished changes was left for this file, that is resumed (``recovered``),
        unless ``resume`` is False, or it is none that ``is_sound``: then it is among those ``lost``. Raises
        PlanInUse if the plan is open in another window on this machine (a read-only opening shows the
        published file then), NotAPlan, NewerPlan or FileProblem.
        """
        target = real_path(target, fs)
        removed: list[Origin] = []
        lost: list[Recoverable] = []
        find = find_working_copy if read_only else find_once_let_go
        with plain_words(f"{quoted(target)} cannot be opened"):
            with _making(target), working_folder_lock(data, fs):
                copy = find(target, data, fs, removed, lost)
                if copy and copy.in_use and not read_only:
                    raise plan_in_use(target)
                working = cls._make(target, data, fs, read_only=read_only, person=person)
            with working._whole_or_not_at_all():
                remove_companions(removed, fs)
                resumes = resume and copy is not None and can_be_resumed(copy, target, data, fs)
                if copy is not None and resumes and is_sound is not None and not is_sound(copy, fs):
                    lost.append(replace(copy, problem=DAMAGED))
                    resumes = False
                if copy is not None and resumes:
                    working = cls._go_on_with(copy, working)
                else:
                    inspect(target, fs)
                    digest = take_in(target, working.path, fs)
                    working._begin(digest, published=True)
        document_id = working.info().document_id if lost else ""
        working.lost = tuple(copy for copy in lost if may_be_of(copy, document_id))
        return working

    @classmethod
    def _go_on_with(cls, copy: Recoverable, working: WorkingCopy) -> WorkingCopy:
        """Take over what was left of a plan; ``working``, which kept its place meanwhile, is not needed."""
        with working_folder_lock(working.data, working.fs):
            lock = _lock_of(copy)
        resumed = cls._resume(
            copy.folder,
            working.data,
            working.fs,
            lock,
            read_only=working.origin.read_only,
            person=working.person,
        )
        working.discard()
        return resumed

    @classmethod
    def create(
        cls,
        target: Path | None,
        initial: Callable[[Path], object],
        data: Path,
        *,
        replace: bool = False,
        fs: FileSystem = DISK,
        person: str = "",
    ) -> WorkingCopy:
        """Begin a new plan, which ``initial`` writes at the path it is given; ``publish`` makes the file.

        ``target`` None is a plan without a name yet. Raises FileProblem if ``target`` exists and may not be
        replaced (``replace``: it is backed up and replaced when first published), PlanInUse if it is open.
        """
        target = real_path(target, fs) if target else None
        with plain_words("The new plan cannot be made"):
            with working_folder_lock(data, fs):
                if target is not None:
                    refuse_open_elsewhere(target, data, fs)
                working = cls._make(target, data, fs, person=person)
            with working._whole_or_not_at_all():
                digest = digest_to_replace(target, fs, replace=replace) if target else None
                fs.create(working.path)
                initial(working.path)
                with contextlib.closing(connect(working.path, "rw")) as connection:
                    if connection.execute("PRAGMA application_id").fetchone()[0] == 0:
                        stamp(connection)
                working._begin(digest, published=False)
        return working

    @classmethod
    def recover(
        cls, found: Recoverable, data: Path, fs: FileSystem = DISK, *, person: str = ""
    ) -> WorkingCopy:
        """Go on with a working copy that was left over. Raises PlanInUse, or FileProblem if it cannot be
        read.
        """
        with plain_words("The changes that were left cannot be opened"):
            with working_folder_lock(data, fs):
                lock = _lock_of(found)
            return cls._resume(found.folder, data, fs, lock, person=person)

    @staticmethod
    def find_unpublished(data: Path, fs: FileSystem = DISK) -> list[Recoverable]:
        """What was left over with changes that are not published, the latest first.

        Working copies that were left without such changes are removed; open ones are not listed.
        """
        found, removed = find_recoverable(data, fs)
        remove_companions(removed, fs)
        return [copy for copy in found if confirm_unpublished(copy, data, fs)]

    @classmethod
    def _make(
        cls, target: Path | None, data: Path, fs: FileSystem, *, read_only: bool = False, person: str
    ) -> WorkingCopy:
        """An empty folder that is ours; under the lock."""
        origin = Origin(id=str(uuid.uuid4()), target=target, opened_at=fs.now(), read_only=read_only)
        folder = data / "working" / origin.id
        fs.make_folder(folder)
        lock = FileLock.take(folder / LOCK)
        assert lock is not None
        working = cls(data, origin, lock, fs, person=person)
        with working._whole_or_not_at_all(under_lock=True):
            working.record(origin)
            fs.fsync_folder(folder.parent)
        return working

    def _begin(self, digest: str | None, *, published: bool) -> None:
        """The content is there: check it, make it last, and say so in the origin."""
        self._check()
        if published and self.standing is not Standing.AS_SAVED:
            self._look_why()
        self.fs.fsync_file(self.path)
        self._header = self.path.open("rb", buffering=0)
        target = self._origin.target
        counter = self.counter() if published else None
        device = device_of(target, self.fs) if target else None
        self.record(replace(self._origin, ready=True, sha256=digest, counter=counter, device=device))
        self._prepare_target()

    @classmethod
    def _resume(
        cls,
        folder: Path,
        data: Path,
        fs: FileSystem,
        lock: FileLock,
        *,
        read_only: bool = False,
        person: str,
    ) -> WorkingCopy:
        """Take over a folder that was left, and whose lock we have."""
        header: IO[bytes] | None = None
        try:
            origin = read_origin(folder / ORIGIN, fs) or unknown_origin(folder, fs)
            origin = replace(origin, id=folder.name, read_only=read_only)
            working = cls(data, origin, lock, fs, person=person)
            fs.finish_transactions(working.path)
            working._check()
            working._header = header = working.path.open("rb", buffering=0)
            pending = working.origin.pending
            with contextlib.suppress(TimeoutError):
                # A share may be away just now; the next publish looks again.
                if pending is not None and call_with_timeout(
                    functools.partial(has_gone_through, pending, fs)
                ):
                    working.published(pending)
            working.recovered = working.has_unpublished_changes()
            working._prepare_target()
        except BaseException:
            if header:
                header.close()
            lock.release()
            raise
        return working

    def _prepare_target(self) -> None:
        """Once open: our note beside the file, nothing left there of an earlier publish, and whether we may
        write. A share that does not answer has nobody wait for that.
        """
        target = self._origin.target
        if target is not None:
            with contextlib.suppress(OSError):
                self._cannot_write = call_with_timeout(functools.partial(self._clear_target, target))
                self._note()

    def _clear_target(self, target: Path) -> bool:
        """Remove what an earlier publish left beside the file; whether that cannot be written."""
        if not self.read_only:
            companion_files.remove_temporary(target, self.id, self.fs)
            companion_files.remove_swapped(target, self.id, self.fs)
        with contextlib.suppress(OSError):
            found = stat_or_none(self.fs, target)
            self.has_other_names = found is not None and found.st_nlink > 1
            return not self.fs.is_writable(target.parent) or (
                found is not None and not self.fs.is_writable(target)
            )
        return False

    def _check(self) -> None:
        """Raise NotAPlan unless the database is whole and a plan of a version that we read."""
        source = self._origin.target or self.path
        try:
            with contextlib.closing(connect(self.path)) as connection:
                info_of(connection, source)
            # where the seal holds, SQLite need not look as well
            as_saved = file_seal.holds(self.path)
            whole = as_saved or self.fs.quick_check(self.path)
        except sqlite3.DatabaseError as error:
            raise not_whole(source, error) from error
        if not whole:
            raise NotAPlan(f"{quoted(source)} is damaged. Copy or download it again, or restore a backup.")

        self.standing = Standing.AS_SAVED if as_saved else Standing.NO_SEAL

    def _look_why(self) -> None:
        """Find out how the file that was opened came to be other than it was saved."""
        assert self._origin.target is not None
        header = self.fs.read(self._origin.target, 100)
        scratch = self.folder / "packed.cypp"
        self.standing = file_seal.standing(self.path, header, scratch, self.fs, mend=True)

    # ------------------------------------------------------------------ what is so

    @property
    def origin(self) -> Origin:
        """What the file on disk was when last opened or published."""
        return self._origin

    @property
    def id(self) -> str:
        return self._origin.id

    @property
    def target(self) -> Path | None:
        """The plan's file; None while it has no name."""
        return self._origin.target

    @property
    def read_only(self) -> bool:
        """Opened read-only, or the file or its folder could not be written when it was opened."""
        return self._origin.read_only or self._cannot_write

    @property
    def never_published(self) -> bool:
        """Whether there is no file of this plan yet."""
        return self._origin.counter is None

    def info(self) -> FileInfo:
        """Version and ids of the working copy as it is now."""
        with contextlib.closing(connect(self.path)) as connection:
            return info_of(connection, self.path)

    def has_unpublished_changes(self) -> bool:
        """Whether anything was committed since the file was opened or published. Costs one small read."""
        return self._origin.counter is None or self.counter() != self._origin.counter

    def target_changed(self) -> bool:
        """Whether the file on disk is another than the one opened or published, or gone. Reads the whole
        file.
        """
        with self.busy, plain_words("The plan's file cannot be read"):
            origin = self.reconcile()
            if origin.target is None or stat_or_none(self.fs, origin.target) is None:
                return origin.sha256 is not None
            return self.fs.sha256(origin.target) != origin.sha256

    def counter(self) -> int:
        """SQLite's own count of committed changes, from the header; a roll-back takes it back.

        The file is held open for life: closing a second handle of it would drop SQLite's locks on POSIX.
        """
        with self._reading:
            assert self._header is not None, "the working copy is closed"
            return int.from_bytes(self.fs.read_at(self._header, COUNTER_OFFSET, 4), "big")

    def counter_between_writes(self) -> int:
        """The counter while nobody can be in the midst of writing a change."""
        with contextlib.closing(connect(self.path)) as connection:
            connection.execute("BEGIN")
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            return self.counter()

    # ------------------------------------------------------------------ what was done

    def record(self, origin: Origin) -> None:
        """Write the origin down to the disk, then believe it."""
        write_atomically(self.fs, self.folder / ORIGIN, origin.to_json())
        self._origin = origin

    def published(self, done: Pending) -> None:
        """Record that a publish is through; the note moves along if the plan's file is another now."""
        if self._origin.target not in (None, done.target):
            # Before it is recorded: after a kill nobody would know where the note lies.
            note = functools.partial(companion_files.remove_note, self._origin.target, self.id, self.fs)
            self._at_target(note)
            self._noted = None
        self.record(self._origin.published(done))
        self._cannot_write = False
        self._note()

    def reconcile(self, found: str | None = None) -> Origin:
        """Finish what a publish began: if the file that it meant to write is there, it is published.

        ``found`` is the SHA-256 of the plan's file, where it has just been read.
        """
        pending = self._origin.pending
        if pending is not None:
            if found is None or not same_place(pending.target, self._origin.target):
                is_there = stat_or_none(self.fs, pending.target) is not None
                found = self.fs.sha256(pending.target) if is_there else None
            if found == pending.sha256:
                self.published(pending)
        return self._origin

    def _note(self) -> None:
        target = None if self._origin.read_only else self._origin.target
        if self._noted is not None and self._noted != target:
            self._at_target(functools.partial(companion_files.remove_note, self._noted, self.id, self.fs))
        if target is not None and self._noted != target:
            note = functools.partial(
                companion_files.write_note, target, self.id, self.data, self.fs, person=self.person
            )
            self._at_target(note)
        self._noted = target

    @staticmethod
    def _at_target(do: Callable[[], None]) -> None:
        """Something at the plan's file that is not worth waiting for, should its share not answer."""
        with contextlib.suppress(TimeoutError):
            call_with_timeout(do)

    # ------------------------------------------------------------------ ending

    def close(self) -> None:
        """End the work; dispose of every connection first. Never raises.

        What is not published stays in the data folder and is found by :meth:`find_unpublished`.
        """
        with self.busy:
            keep = self._header is not None
            with contextlib.suppress(OSError):
                keep = keep and self.has_unpublished_changes()
            self._end(keep=keep)

    def discard(self) -> None:
        """End the work and throw away what is not published. Never raises."""
        self._end(keep=False)

    def _end(self, *, keep: bool, under_lock: bool = False) -> None:
        with self.busy, contextlib.ExitStack() as stack:
            if self._ended:
                # The folder may be another process's by now.
                return
            self._ended = True
            stack.callback(self._lock.release)
            if self._header is not None:
                self._header.close()
                self._header = None
            if self._noted is not None:
                self._at_target(functools.partial(companion_files.remove_note, self._noted, self.id, self.fs))
                self._noted = None
            if keep:
                return
            with contextlib.suppress(CyppError, OSError):
                # Nobody must find the folder between the end of its own lock and its removal.
                if not under_lock:
                    stack.enter_context(working_folder_lock(self.data, self.fs))
                self._lock.release()
                remove_working_copy(self.folder, self.fs)

    @contextlib.contextmanager
    def _whole_or_not_at_all(self, *, under_lock: bool = False) -> Iterator[None]:
        try:
            yield
        except BaseException:
            self._end(keep=False, under_lock=under_lock)
            raise

    def __enter__(self) -> WorkingCopy:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@contextlib.contextmanager
def _making(target: Path) -> Iterator[None]:
    what = f"No working copy of {quoted(target)} can be made on this laptop"
    with plain_words(what, "Free some space or check the application's folder, then open the plan again."):
        yield


def _lock_of(copy: Recoverable) -> FileLock:
    """The lock of a folder that was left; under the lock of all. Raises PlanInUse if somebody has it."""
    lock = FileLock.take(copy.folder / LOCK)
    if lock is None:
        raise PlanInUse("These changes are open in another window on this machine.")
    return lock
