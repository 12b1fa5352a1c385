"""The working copies in the data folder: which are open, and which were left with unpublished changes.

Looks, and removes what holds nothing unpublished; opening one is for ``working_copy``. What only a plan's own
file can tell is asked apart from the rest, because its share may not answer.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
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
_GATE = ".gate"
#: How long one that seems open may take to be let go, in seconds.
_LETTING_GO = 0.5


@dataclass(frozen=True, slots=True)
class Recoverable:
    """A working copy in the data folder: left over with changes that are not published, or open in a window.

    ``target`` is the file it belongs to, None if it never had one. ``problem`` says in plain words why it
    cannot be opened as it is; the folder is kept even so. ``in_doubt`` is the publish that was under way when
    the program ended: whether it went through stands in the plan's file alone.
    """

    folder: Path
    target: Path | None
    opened_at: datetime | None
    changed_at: datetime | None
    in_use: bool
    problem: str | None = None
    in_doubt: Pending | None = None


def tidy_up(removed: Iterable[Origin], fs: FileSystem = DISK) -> None:
    """Remove what working copies that are no more have left beside their plans' files.

    Asks the disks of those, so never within the gate.
    """
    for origin in removed:
        for target in (origin.target, origin.pending.target if origin.pending else None):
            if target is not None:
                companion_files.remove_temporary(target, origin.id, fs)
                companion_files.remove_note(target, origin.id, fs)


def left_over(data: Path, fs: FileSystem = DISK) -> tuple[list[Recoverable], list[Origin]]:
    """What nobody has open and may hold unpublished changes, the latest first; and what was removed because
    it held none, which :func:`tidy_up` is to follow.

    Asks the data folder alone, so it never waits for a share: see :func:`settle_doubt`. Raises FileProblem.
    """
    removed: list[Origin] = []
    with plain_words("The folder for working copies cannot be read"), gate(data, fs):
        found = [left for left in scan(data, fs, removed) if not left.in_use]
    newest_first = sorted(
        found, key=lambda left: left.changed_at or datetime.min.replace(tzinfo=UTC), reverse=True
    )
    return newest_first, removed


def settle_doubt(left: Recoverable, data: Path, fs: FileSystem = DISK) -> bool:
    """Whether the changes of ``left`` are in no file. Where a publish that was in doubt went through, they
    are in one, and the working copy is removed.

    Asks the disk of the plan's file. Raises FileProblem.
    """
    if left.in_doubt is None or not went_through(left.in_doubt, fs):
        return True
    with plain_words("The folder for working copies cannot be read"), gate(data, fs):
        if left.folder.name not in fs.names(left.folder.parent):
            return False
        lock = FileLock.take(left.folder / LOCK)
        if lock is None:
            return True  # somebody goes on with it
        with lock:
            # The file may have been long in answering, and the work been gone on with meanwhile.
            origin = read_origin(left.folder / ORIGIN, fs)
            again = _left(left.folder, origin, fs)
        if again is not None and again.in_doubt != left.in_doubt:
            return True
        with contextlib.suppress(OSError):
            remove_working_copy(left.folder, fs)
    tidy_up([origin] if origin else [], fs)
    return False


def find_for_target(target: Path, data: Path, fs: FileSystem = DISK) -> Recoverable | None:
    """The working copy of a plan file: open in a window (``in_use``) or left over with changes; None if
    neither.
    """
    removed: list[Origin] = []
    with plain_words("The folder for working copies cannot be read"), gate(data, fs):
        left = find(real_path(target, fs), data, fs, removed)
    tidy_up(removed, fs)
    return left if left is not None and settle_doubt(left, data, fs) else None


def in_use(target: Path, advice: str = "Go on there, or open it read-only here.") -> PlanInUse:
    """The refusal of a plan that another window has open."""
    return PlanInUse(f"{quoted(target)} is open in another window on this machine. {advice}")


def refuse_open_elsewhere(target: Path, data: Path, fs: FileSystem, but: Path | None = None) -> None:
    """Raise PlanInUse if another working copy than ``but`` has ``target`` open; within the gate."""
    for left in scan(data, fs, [], target):
        if left.in_use and left.folder != but:
            raise in_use(target, "Choose another name, or close it there first.")


@contextlib.contextmanager
def gate(data: Path, fs: FileSystem) -> Iterator[None]:
    """One process at a time looks for, makes and removes working copies; held for moments.

    So no plan's file is looked at within it: where a share does not answer, every window would wait.
    """
    folder = data / "working"
    fs.make_folder(folder)
    lock = FileLock.take(folder / _GATE, wait=True)
    assert lock is not None
    with lock:
        yield


def find(target: Path, data: Path, fs: FileSystem, removed: list[Origin]) -> Recoverable | None:
    """The working copy of ``target`` that matters most; within the gate. ``removed`` as for :func:`scan`."""
    found = scan(data, fs, removed, target)
    return max(
        found, key=lambda left: (left.in_use, not left.problem, left.changed_at is not None), default=None
    )


def find_let_go(target: Path, data: Path, fs: FileSystem, removed: list[Origin]) -> Recoverable | None:
    """As :func:`find`; one that seems open in a window is given a moment to be let go.

    When a process is killed while it starts another, that one holds its locks for as long as starting takes.
    """
    until = time.monotonic() + _LETTING_GO
    while (left := find(target, data, fs, removed)) and left.in_use and time.monotonic() < until:
        time.sleep(0.02)
    return left


def scan(data: Path, fs: FileSystem, removed: list[Origin], only: Path | None = None) -> list[Recoverable]:
    """Working copies (of the file ``only``, if given) that are open for writing or hold unpublished changes.

    Within the gate. Removes those that nobody has open and that hold nothing unpublished, and adds their
    origins to ``removed``.
    """
    found = []
    base = data / "working"
    names = fs.names(base) if stat_or_none(fs, base) else []
    for folder in (base / name for name in names if not name.startswith(".")):
        try:
            origin = read_origin(folder / ORIGIN, fs)
            target = origin.target if origin else None
            if only is not None and not same_place(target, only):
                continue
            lock = FileLock.take(folder / LOCK)
        except OSError as error:
            found.append(Recoverable(folder, None, None, None, in_use=False, problem=reason(error)))
            continue
        if lock is None:
            if origin is None or not origin.read_only:
                opened_at = origin.opened_at if origin else None
                found.append(Recoverable(folder, target, opened_at, None, in_use=True))
            continue
        with lock:
            left = _left(folder, origin, fs)
        if left is not None:
            found.append(left)
            continue
        if origin is not None:
            removed.append(origin)
        with contextlib.suppress(OSError):
            remove_working_copy(folder, fs)
    return found


def remove_working_copy(folder: Path, fs: FileSystem) -> None:
    """Remove what nobody needs; the plan goes first, or a kill would leave it without its origin."""
    fs.remove(folder / PLAN)
    fs.remove_folder(folder)


def _left(folder: Path, origin: Origin | None, fs: FileSystem) -> Recoverable | None:
    """What a folder that nobody has open holds; None if that is nothing unpublished."""
    path = folder / PLAN
    target, opened_at = (origin.target, origin.opened_at) if origin else (None, None)
    changed_at, problem, in_doubt = None, None, None
    try:
        # By the list of names: a call that fails must not look like a plan that is not there.
        if PLAN not in fs.names(folder) or (origin and not origin.ready):
            return None
        changed_at = datetime.fromtimestamp(fs.stat(path).st_mtime, UTC)
        fs.settle(path)
        counter = int.from_bytes(fs.read(path, COUNTER_OFFSET + 4)[COUNTER_OFFSET:], "big")
        if origin and counter == origin.counter:
            return None
        if origin and origin.pending and counter == origin.pending.counter:
            in_doubt = origin.pending
    except (OSError, sqlite3.Error, UnicodeDecodeError) as error:
        known = None if isinstance(error, UnicodeDecodeError) else reason(error)
        problem = known or "the file is damaged"
    return Recoverable(folder, target, opened_at, changed_at, False, problem, in_doubt)


def went_through(publish: Pending, fs: FileSystem) -> bool:
    """Whether the plan's file is what a publish just before a kill meant to make of it."""
    with contextlib.suppress(OSError):
        return fs.sha256(publish.target) == publish.sha256
    return False
