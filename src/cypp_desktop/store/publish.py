"""Writing a working copy to the plan's file: publish, Save As, Save a copy.

The file is replaced in one step by a whole new one, after a backup, and only while it is the one that was
read: see :mod:`~cypp_desktop.store.replacing`. It is read once, and written once. Whatever fails, the file is
the old or the new one, whole, and the working copy holds every change. On any one thread; the way back from
another's changes is the ``merger``'s.
"""

from __future__ import annotations

import contextlib
import functools
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from cypp_desktop.errors import CyppError, FileProblem
from cypp_desktop.store import companion_files
from cypp_desktop.store.disk import FileSystem, plain_words, stat_or_none
from cypp_desktop.store.files import quoted
from cypp_desktop.store.origin import real_path, same_place
from cypp_desktop.store.recoverable import refuse_open_elsewhere, working_folder_lock
from cypp_desktop.store.replacing import FileAsRead
from cypp_desktop.store.save_steps import (
    FREE,
    KEPT,
    Written,
    as_read,
    free_name,
    made_fresh,
    refuse_read_only,
    write,
    write_beside,
    write_copy,
)
from cypp_desktop.store.source_file import device_of
from cypp_desktop.store.timeouts import call_with_timeout
from cypp_desktop.store.working_copy import WorkingCopy

#: How often a save begins anew because others save at the same moment.
_TRIES = 20
#: A count of changes that no working copy has: what it holds is still to be published.
_NOT_IN_THE_FILE = -1


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What came in from a plan file that someone else had changed: so many edits, of which so many places
    wait for a decision. ``lacks_ours`` says that the file does not have all that the plan has here.
    """

    edits: int
    to_decide: int
    lacks_ours: bool

    def and_then(self, later: TakenIn) -> TakenIn:
        """Both together, where one came in after the other."""
        return TakenIn(self.edits + later.edits, later.to_decide, later.lacks_ours)


#: Takes what another file of the plan holds into the working copy, which it must not replace.
#: Raises a CyppError where that file is not a sound copy of the plan.
Merger = Callable[[Path], TakenIn]
#: Refuses to go back to a file that is not sound: asked of our own copy of it, before that is used.
Refuse = Callable[[Path, Path, FileSystem], None]


@dataclass(frozen=True, slots=True)
class Published:
    """What a publish did. ``path`` is the plan's file from now on.

    ``written`` is False when there was nothing to save. ``taken_in`` says what came in, if someone else had
    changed the plan's file; ``kept_beside`` is the file made instead, if that could not be. With
    ``target_changed`` nothing was to be saved, but the file is not the one opened. ``remark`` is what a
    person should know besides; ``message`` says it all for people, in a sentence or two.
    """

    path: Path
    written: bool
    message: str
    backup: Path | None = None
    kept_beside: Path | None = None
    target_changed: bool = False
    taken_in: TakenIn | None = None
    remark: str | None = None


def publish(working: WorkingCopy, merger: Merger | None = None) -> Published:
    """Save: bring the plan's file to the state of the working copy.

    A file that someone changed meanwhile is never overwritten: ``merger`` takes in what it holds, and the
    file then says both. Where that cannot be (or there is no merger), ours is saved beside it, and that is
    then the plan's file. Raises FileProblem if it cannot be done (no name yet, read-only, disk full, folder
    gone); nothing is lost then, and it may be tried again.
    """
    with working.busy:
        target = working.target
        if target is None:
            raise FileProblem(
                f"This plan has no file yet. {KEPT} Use Save As to choose a name and place for it."
            )
        with _saving(target):
            call_with_timeout(functools.partial(stat_or_none, working.fs, target))
            if working.origin.read_only:
                raise FileProblem(
                    f"{quoted(target)} was opened read-only. Use Save As to save it in another place."
                )
            return _Save(working, target, merger).done()


class _Save:
    """One save of a working copy to its file, as often as others save at the same moment."""

    def __init__(self, working: WorkingCopy, target: Path, merger: Merger | None) -> None:
        self.working, self.target, self.merger, self.fs = working, target, merger, working.fs
        self.taken_in: TakenIn | None = None
        self.claimed: list[Path] = []

    def done(self) -> Published:
        """Save. Raises FileProblem, OSError."""
        for _ in range(_TRIES):
            self._take_in_what_was_left()
            result = self._tried()
            if result is not None:
                self._remove_claimed()
                return _told(result, self.taken_in)
        raise FileProblem(
            f"{quoted(self.target)} could not be saved: others save it again and again at the same moment. "
            f"{KEPT} Try again in a moment."
        )

    def _tried(self) -> Published | None:
        """One try; None if somebody saved meanwhile, or what they had saved was taken in."""
        working, target = self.working, self.target
        with as_read(working, target, named=target.name) as seen:
            there = seen is not None or _exists(working, target)
            working.reconcile(seen.sha256 if seen else None)
            expected = working.origin.sha256
            is_as_known = seen is not None and seen.sha256 == expected
            if seen is not None and not is_as_known and self.merger is not None:
                is_as_known = self._take_in(seen)
            if is_as_known and not working.has_unpublished_changes():
                return Published(target, False, "Everything is saved already.")
            if seen is not None and expected is not None and not working.has_unpublished_changes():
                message = f"You have nothing to save, but someone else has changed {quoted(target)}. "
                return Published(target, False, message + "Revert to see it.", target_changed=True)
            refuse_read_only(target, self.fs, there=there)
            if seen is not None and not (is_as_known and seen.is_finished):
                return _kept_beside(working, target)
            written = write(working, target, seen)
            return _saved(written) if written is not None else None

    def _take_in(self, seen: FileAsRead) -> bool:
        """Take in what someone else made of the file, which then counts as the one opened; whether it could
        be.
        """
        working = self.working
        clean = not working.has_unpublished_changes()
        taken = self._merged(seen.copy) if seen.is_finished else None
        if taken is None:
            return False
        counter = working.origin.counter
        if taken.lacks_ours:
            counter = _NOT_IN_THE_FILE
        elif clean:
            # the file says it all: written by each of two windows in turn, it would never come to rest
            counter = working.counter_between_writes()
        working.record(replace(working.origin, sha256=seen.sha256, counter=counter))
        return True

    def _merged(self, theirs: Path) -> TakenIn | None:
        """Have a file taken in; None where it is no sound copy of the plan, or there is no merger."""
        if self.merger is None:
            return None
        try:
            taken = self.merger(theirs)
        except (CyppError, FileNotFoundError):
            return None
        self.taken_in = self.taken_in.and_then(taken) if self.taken_in else taken
        return taken

    # ------------------------------------------------------------------ what others' saves left

    def _take_in_what_was_left(self) -> None:
        """Take in what came out of a save that was killed, or got between two others: what somebody saved,
        to which only a swap name leads. It is removed once the file says it.
        """
        if self.merger is None:
            return
        with contextlib.suppress(OSError):
            for swap in companion_files.swap_names(self.target, self.fs):
                if swap.path in self.claimed:
                    continue
                if swap.is_expected(self.fs.sha256(swap.path)):
                    if swap.is_of(self.working.id):  # of a save before, of which the share told no end
                        self.fs.remove(swap.path)
                    continue
                ours = companion_files.claimed_name(self.target, self.working.id)
                self.fs.rename_new(swap.path, ours)
                self._take_in_claimed(ours)

    def _take_in_claimed(self, path: Path) -> None:
        working = self.working
        clean = not working.has_unpublished_changes()
        with as_read(working, path, named=self.target.name) as seen:
            taken = self._merged(seen.copy) if seen is not None else None
        if taken is None:
            self.fs.rename_new(path, free_name(self.target, "found", self.fs))
            return
        self.claimed.append(path)
        if clean and not taken.edits:
            working.record(replace(working.origin, counter=working.counter_between_writes()))

    def _remove_claimed(self) -> None:
        with contextlib.suppress(OSError):
            for path in self.claimed:
                self.fs.remove(path)


def _told(result: Published, taken: TakenIn | None) -> Published:
    """The result with what came in, where anything did."""
    if taken is None or not taken.edits or result.kept_beside is not None:
        return result
    edits = taken.edits
    said = [f"Someone else had changed {quoted(result.path)}."]
    said.append(f"{'One edit of theirs was' if edits == 1 else f'{edits} edits of theirs were'} taken in.")
    if taken.to_decide:
        places = "One place needs" if taken.to_decide == 1 else f"{taken.to_decide} places need"
        said.append(f"{places} a decision, because you both changed it.")
    if result.remark is not None:
        said.append(result.remark)
    return replace(result, message=" ".join(said), taken_in=taken)


def save_as(working: WorkingCopy, target: Path, *, replace: bool = False) -> Published:
    """Save under another name and go on with that file; the file it had so far stays as last published.

    Raises FileProblem if ``target`` exists and may not be replaced (``replace``: after a backup), PlanInUse
    if it is open in another window.
    """
    target = _place_of(target, working.fs)
    with working.busy, _saving(target):
        if same_place(target, working.target) and not working.origin.read_only:
            return publish(working)
        _refuse_other_window(working, target)
        old = working.target
        with _to_be_replaced(working, target, may_replace=replace) as seen:
            written = write(working, target, seen)
        result = _saved(written) if written is not None else _kept_beside(working, target)
        if old is not None:
            companion_files.remove_temporary(old, working.id, working.fs)
        return result


def save_copy(working: WorkingCopy, target: Path, *, replace: bool = False) -> Path:
    """Write the present state to another file, with a file id of its own, and go on with the plan's file."""
    fs = working.fs
    target = _place_of(target, fs)
    with working.busy, _saving(target):
        if same_place(target, working.target):
            raise FileProblem("A copy needs another name than the plan itself.")
        _refuse_other_window(working, target)
        with made_fresh(working, file_id=str(uuid.uuid4())) as fresh:
            for _ in range(_TRIES):
                with _to_be_replaced(working, target, may_replace=replace) as seen:
                    if write_copy(working, target, seen, fresh) is not None:
                        return target
    raise FileProblem(f"{quoted(target)} is being changed by someone else just now. Try again in a moment.")


# ---------------------------------------------------------------------- the steps


def _place_of(target: Path, fs: FileSystem) -> Path:
    """Where a file is to be, links followed. Raises FileProblem where that place does not answer."""
    with _saving(target):
        return call_with_timeout(functools.partial(real_path, target, fs))


@contextlib.contextmanager
def _saving(target: Path) -> Iterator[None]:
    with plain_words(f"{quoted(target)} could not be saved", f"{KEPT} {FREE}"):
        yield


def _exists(working: WorkingCopy, target: Path) -> bool:
    """Whether there is a file to replace. Raises FileProblem if its whole folder is gone."""
    if stat_or_none(working.fs, target) is not None:
        return True
    device = device_of(target, working.fs)
    moved = working.origin.device not in (None, device)
    # A share that is gone leaves its empty mount point: a file written there would be lost to sight.
    if device is None or moved:
        raise FileProblem(
            f"{quoted(target)} could not be saved: the folder it is in is not there. A stick or shared "
            f"folder may have been disconnected. {KEPT} Connect it and save again, or use Save As to choose "
            "another place."
        )
    return False


def _refuse_other_window(working: WorkingCopy, target: Path) -> None:
    with working_folder_lock(working.data, working.fs):
        refuse_open_elsewhere(target, working.data, working.fs, but=working.folder)


@contextlib.contextmanager
def _to_be_replaced(working: WorkingCopy, target: Path, *, may_replace: bool) -> Iterator[FileAsRead | None]:
    """The file at ``target``, read. Raises FileProblem if there is one that may not be replaced."""
    with as_read(working, target, named=target.name) as seen:
        if seen is not None and not may_replace:
            raise FileProblem(f"{quoted(target)} is already there. Choose another name.")
        refuse_read_only(target, working.fs, there=seen is not None)
        yield seen


def _saved(written: Written) -> Published:
    message = f"Saved {quoted(written.path)}."
    if written.remark is not None:
        message += f" {written.remark}"
    return Published(written.path, True, message, backup=written.backup, remark=written.remark)


def _kept_beside(working: WorkingCopy, target: Path) -> Published:
    written = write_beside(working, target)
    message = (
        f"Someone else has changed {quoted(target)} since you opened it, so it was left as it is. Your "
        f"version is saved beside it as {quoted(written.path)}, and that is the file you are working in now."
    )
    return Published(written.path, True, message, kept_beside=written.path)
