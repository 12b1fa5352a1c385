"""The working copies in the data folder: which are open, and which were left with unpublished changes.

Looks, and removes what holds nothing unpublished; opening one is for ``working_copy``. What only a plan's own
file can tell is asked apart from the rest, because its share may not answer.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from cypp_desktop.errors import PlanInUse
from cypp_desktop.store import companion_files
from cypp_desktop.store.disk import DISK, FileSystem, plain_words, reason, stat_or_none
from cypp_desktop.store.files import COUNTER_OFFSET, quoted
from cypp_desktop.store.locks import FileLock
from cypp_desktop.store.origin import Origin, Pending, read_origin, real_path, same_place

PLAN = "plan.cypp"
ORIGIN = "origin.json"
LOCK = "lock"
_FOLDER_LOCK = ".gate"
#: How long one that seems open may take to be let go, in seconds.
_LETTING_GO = 0.5
DAMAGED = "the file is damaged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recoverable:
    """A working copy in the data folder: left over with changes that are not published, or open in a window.

    ``target`` is the file it belongs to, None if it never had one. ``problem`` says in plain words why it
    cannot be opened as it is; the folder is kept even so. ``in_doubt`` is the publish that was under way when
    the program ended: whether it went through stands in the plan's file alone.
    """

    folder: Path
    target: Path | None = None
    opened_at: datetime | None = None
    changed_at: datetime | None = None
    in_use: bool = False
    problem: str | None = None
    in_doubt: Pending | None = None


def remove_companions(removed: Iterable[Origin], fs: FileSystem = DISK) -> None:
    """Remove what working copies that are no more have left beside their plans' files.

    Asks the disks of those, so never under the lock.
    """
    for origin in removed:
        for target in (origin.target, origin.pending.target if origin.pending else None):
            if target is not None:
                companion_files.remove_temporary(target, origin.id, fs)
                companion_files.remove_swapped(target, origin.id, fs)
                companion_files.remove_note(target, origin.id, fs)


def find_recoverable(data: Path, fs: FileSystem = DISK) -> tuple[list[Recoverable], list[Origin]]:
    """What nobody has open and may hold unpublished changes, the latest first; and what was removed because
    it held none, which :func:`remove_companions` is to follow.

    Asks the data folder alone, so it never waits for a share: see :func:`confirm_unpublished`. Raises
    FileProblem.
    """
    removed: list[Origin] = []
    with plain_words("The folder for working copies cannot be read"), working_folder_lock(data, fs):
        found = [copy for copy in scan_working_copies(data, fs, removed) if not copy.in_use]
    newest_first = sorted(
        found, key=lambda copy: copy.changed_at or datetime.min.replace(tzinfo=UTC), reverse=True
    )
    return newest_first, removed


def confirm_unpublished(copy: Recoverable, data: Path, fs: FileSystem = DISK) -> bool:
    """Whether the changes of ``copy`` are in no file. Where a publish that was in doubt went through, they
    are in one, and the working copy is removed.

    Asks the disk of the plan's file. Raises FileProblem.
    """
    if copy.in_doubt is None or not has_gone_through(copy.in_doubt, fs):
        return True
    with plain_words("The folder for working copies cannot be read"), working_folder_lock(data, fs):
        if copy.folder.name not in fs.names(copy.folder.parent):
            return False
        lock = FileLock.take(copy.folder / LOCK)
        if lock is None:
            return True  # somebody goes on with it
        with lock:
            # The file may have been long in answering, and the work been gone on with meanwhile.
            origin = read_origin(copy.folder / ORIGIN, fs)
            again = _unpublished_in(copy.folder, origin, fs)
        if again is not None and again.in_doubt != copy.in_doubt:
            return True
        with contextlib.suppress(OSError):
            remove_working_copy(copy.folder, fs)
    remove_companions([origin] if origin else [], fs)
    return False


def find_for_target(target: Path, data: Path, fs: FileSystem = DISK) -> Recoverable | None:
    """The working copy of a plan file: open in a window (``in_use``) or left over with changes; None if
    neither.
    """
    removed: list[Origin] = []
    with plain_words("The folder for working copies cannot be read"), working_folder_lock(data, fs):
        copy = find_working_copy(real_path(target, fs), data, fs, removed)
    remove_companions(removed, fs)
    return copy if copy is not None and confirm_unpublished(copy, data, fs) else None


def plan_in_use(target: Path, advice: str = "Go on there, or open it read-only here.") -> PlanInUse:
    """The refusal of a plan that another window has open."""
    return PlanInUse(f"{quoted(target)} is open in another window on this machine. {advice}")


def refuse_open_elsewhere(target: Path, data: Path, fs: FileSystem, but: Path | None = None) -> None:
    """Raise PlanInUse if another working copy than ``but`` has ``target`` open; under the lock."""
    for copy in scan_working_copies(data, fs, [], target):
        if copy.in_use and copy.folder != but and same_place(copy.target, target):
            raise plan_in_use(target, "Choose another name, or close it there first.")


@contextlib.contextmanager
def working_folder_lock(data: Path, fs: FileSystem) -> Iterator[None]:
    """The lock under which one process at a time looks for, makes and removes working copies.

    What is said here to be done "under the lock" needs it. It is held for moments, so no plan's file is
    looked at meanwhile: where a share does not answer, every window would wait.
    """
    folder = data / "working"
    fs.make_folder(folder)
    lock = FileLock.take(folder / _FOLDER_LOCK, wait=True)
    assert lock is not None
    with lock:
        yield


def find_working_copy(
    target: Path,
    data: Path,
    fs: FileSystem,
    removed: list[Origin],
    lost: list[Recoverable] | None = None,
) -> Recoverable | None:
    """The working copy of ``target`` that matters most; under the lock.

    ``removed`` is as for :func:`scan_working_copies`. ``lost`` becomes those that cannot be read, or of which
    nobody knows any more what file they belong to.
    """
    found = scan_working_copies(data, fs, removed, target)
    if lost is not None:
        lost[:] = [copy for copy in found if not copy.in_use and (copy.problem or copy.target is None)]
    found = [copy for copy in found if same_place(copy.target, target)]
    return max(
        found, key=lambda copy: (copy.in_use, not copy.problem, copy.changed_at is not None), default=None
    )


def find_once_let_go(
    target: Path,
    data: Path,
    fs: FileSystem,
    removed: list[Origin],
    lost: list[Recoverable] | None = None,
) -> Recoverable | None:
    """As :func:`find_working_copy`; one that seems open in a window is given a moment to be let go.

    When a process is killed while it starts another, that one holds its locks for as long as starting takes.
    """
    until = time.monotonic() + _LETTING_GO
    while True:
        copy = find_working_copy(target, data, fs, removed, lost)
        if copy is None or not copy.in_use or time.monotonic() >= until:
            return copy
        time.sleep(0.02)


def scan_working_copies(
    data: Path, fs: FileSystem, removed: list[Origin], only: Path | None = None
) -> list[Recoverable]:
    """Working copies that are open for writing or hold unpublished changes: all, or those that are or may be
    of the file ``only``.

    Under the lock. Removes those that nobody has open and that hold nothing unpublished, and adds their
    origins to ``removed``.
    """
    base = data / "working"
    names = fs.names(base) if stat_or_none(fs, base) else []
    found: list[Recoverable] = []
    for name in names:
        if name.startswith("."):
            continue
        copy = _look_at(base / name, fs, removed, only)
        if copy is not None:
            found.append(copy)
    return found


def _look_at(folder: Path, fs: FileSystem, removed: list[Origin], only: Path | None) -> Recoverable | None:
    """One working copy, as :func:`scan_working_copies` has it; None if it need not be told of."""
    try:
        origin = read_origin(folder / ORIGIN, fs)
        target = origin.target if origin else None
        if only is not None and origin is not None and not same_place(target, only):
            return None
        lock = FileLock.take(folder / LOCK)
    except OSError as error:
        return Recoverable(folder=folder, problem=reason(error))
    if lock is None:
        if origin is not None and origin.read_only:
            return None
        opened_at = origin.opened_at if origin else None
        return Recoverable(folder=folder, target=target, opened_at=opened_at, in_use=True)
    with lock:
        copy = _unpublished_in(folder, origin, fs)
    if copy is None:
        if origin is not None:
            removed.append(origin)
        with contextlib.suppress(OSError):
            remove_working_copy(folder, fs)
    return copy


def remove_working_copy(folder: Path, fs: FileSystem) -> None:
    """Remove what nobody needs; the plan goes first, or a kill would leave it without its origin."""
    fs.remove(folder / PLAN)
    fs.remove_folder(folder)


def _unpublished_in(folder: Path, origin: Origin | None, fs: FileSystem) -> Recoverable | None:
    """What a folder that nobody has open holds; None if that is nothing unpublished."""
    copy = Recoverable(folder=folder)
    if origin is not None:
        copy = replace(copy, target=origin.target, opened_at=origin.opened_at)
    try:
        # By the list of names: a call that fails must not look like a plan that is not there.
        if PLAN not in fs.names(folder) or (origin and not origin.ready):
            return None
        path = folder / PLAN
        copy = replace(copy, changed_at=datetime.fromtimestamp(fs.stat(path).st_mtime, UTC))
        fs.finish_transactions(path)
        counter = int.from_bytes(fs.read(path, COUNTER_OFFSET + 4)[COUNTER_OFFSET:], "big")
    except UnicodeDecodeError:
        return replace(copy, problem=DAMAGED)
    except (OSError, sqlite3.Error) as error:
        return replace(copy, problem=reason(error) or DAMAGED)
    if origin is None:
        return copy
    if counter == origin.counter:
        return None
    pending = origin.pending
    return replace(copy, in_doubt=pending) if pending and counter == pending.counter else copy


def has_gone_through(publish: Pending, fs: FileSystem) -> bool:
    """Whether the plan's file is what a publish just before a kill meant to make of it."""
    with contextlib.suppress(OSError):
        return fs.sha256(publish.target) == publish.sha256
    return False
