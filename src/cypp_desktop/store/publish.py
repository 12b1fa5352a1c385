"""Writing a working copy to the plan's file: publish, Save As, Save a copy, and the ways back.

The file is replaced in one step by a whole new one, after a backup, and only while it is the one that was
opened. Whatever fails, the file is the old or the new one, whole, and the working copy holds every change.
"""

from __future__ import annotations

import contextlib
import functools
import itertools
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from cypp_desktop.errors import CyppError, FileProblem
from cypp_desktop.store import backups, companion_files
from cypp_desktop.store.backups import Backup, BackupReason
from cypp_desktop.store.disk import FileSystem, plain_words, signature, stat_or_none
from cypp_desktop.store.file_names import fitting_name
from cypp_desktop.store.file_rights import give_rights, rights_for
from cypp_desktop.store.file_seal import seal_file
from cypp_desktop.store.files import companions, inspect, quoted
from cypp_desktop.store.origin import Pending, real_path, same_place
from cypp_desktop.store.recoverable import refuse_open_elsewhere, working_folder_lock
from cypp_desktop.store.timeouts import call_with_timeout
from cypp_desktop.store.working_copy import (
    WorkingCopy,
    device_of,
    digest_to_replace,
    take_in,
)

KEPT = "Nothing is lost: your changes are kept on this laptop."
_FREE = "Free some space or check the place and save again, or use Save As to choose another place."
_TRIES = 3
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
    ``target_changed`` nothing was to be saved, but the file is not the one opened. ``message`` says it for
    people, in a sentence or two.
    """

    path: Path
    written: bool
    message: str
    backup: Path | None = None
    kept_beside: Path | None = None
    target_changed: bool = False
    taken_in: TakenIn | None = None


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
            came_in: list[TakenIn] = []
            for _ in range(_TRIES if merger else 0):
                result = _publish_once(working, target, keep_both=False)
                if result is not None:
                    return _told(result, came_in)
                taken = _take_in_changed(working, target, merger)
                if taken is None:
                    break
                came_in.append(taken)
            result = _publish_once(working, target, keep_both=True)
            assert result is not None
            return _told(result, came_in)


def _publish_once(working: WorkingCopy, target: Path, *, keep_both: bool) -> Published | None:
    """Publish, if the file is the one opened; else, without ``keep_both``, do nothing and give None."""
    expected = working.reconcile().sha256
    there = _exists(working, target)
    if there and expected is not None and not working.has_unpublished_changes():
        result = _nothing_to_save(working, target, expected)
        return None if result.target_changed and not keep_both else result
    _refuse_read_only(target, working.fs, there=there)
    with _temporary(working, target) as done:
        return _replace_or_keep_both(working, done, expected if there else None, keep_both=keep_both)


def _take_in_changed(working: WorkingCopy, target: Path, merger: Merger | None) -> TakenIn | None:
    """Take in what someone else made of the file, which then counts as the one opened; None if that cannot
    be.
    """
    fs, staged = working.fs, working.folder / "theirs.cypp"
    clean = not working.has_unpublished_changes()
    try:
        if merger is None or companions(target, fs):
            return None
        fs.remove(staged)
        digest = take_in(target, staged, fs)
        taken = merger(staged)
    except (CyppError, FileNotFoundError):
        return None
    finally:
        with contextlib.suppress(OSError):
            fs.remove(staged)
    counter = working.origin.counter
    if taken.lacks_ours:
        counter = _NOT_IN_THE_FILE
    elif clean:
        # the file says it all already: written by each of two windows in turn, it would never come to rest
        counter = working.counter_between_writes()
    working.record(replace(working.origin, sha256=digest, counter=counter))
    return taken


def _told(result: Published, came_in: list[TakenIn]) -> Published:
    """The result with what came in, where anything did."""
    edits = sum(taken.edits for taken in came_in)
    if not edits or result.kept_beside is not None:
        return result
    to_decide = came_in[-1].to_decide
    said = [f"Someone else had changed {quoted(result.path)}."]
    said.append(f"{'One edit of theirs was' if edits == 1 else f'{edits} edits of theirs were'} taken in.")
    if to_decide:
        places = "One place needs" if to_decide == 1 else f"{to_decide} places need"
        said.append(f"{places} a decision, because you both changed it.")
    lacks = came_in[-1].lacks_ours
    return replace(result, message=" ".join(said), taken_in=TakenIn(edits, to_decide, lacks))


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
        expected = digest_to_replace(target, working.fs, replace=replace)
        _refuse_read_only(target, working.fs, there=expected is not None)
        old = working.target
        with _temporary(working, target) as done:
            result = _replace_or_keep_both(working, done, expected)
        assert result is not None
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
        expected = digest_to_replace(target, fs, replace=replace)
        _refuse_read_only(target, fs, there=expected is not None)
        with _temporary(working, target, file_id=str(uuid.uuid4())) as done:
            if expected is None:
                fs.rename_new(companion_files.temporary(target, working.id), target)
            else:
                backups.keep_file(target, working.info().plan_id, working.data, BackupReason.REPLACED, fs)
                fs.replace(companion_files.temporary(target, working.id), target)
            fs.fsync_folder(target.parent)
        return done.target


def revert_to_published(working: WorkingCopy, refuse: Refuse | None = None) -> Path | None:
    """Go back to what the plan's file holds now, someone else's changes included.

    The present state is kept as a backup first, whose path is returned (None: there was nothing to keep).
    End every transaction on the working copy before. Raises FileProblem if the file is missing or damaged.
    """
    with working.busy, plain_words("The plan cannot be reverted", KEPT):
        origin = working.reconcile()
        if origin.target is None or working.never_published:
            raise FileProblem("This plan has never been saved, so there is nothing to go back to.")
        inspect(origin.target, working.fs)
        kept = (
            _keep_present(working, BackupReason.BEFORE_REVERT) if working.has_unpublished_changes() else None
        )
        digest = _swap_in(working, origin.target, refuse)
        counter = working.counter_between_writes()
        device = device_of(origin.target, working.fs)
        working.record(replace(origin, sha256=digest, counter=counter, device=device, pending=None))
        return kept


def restore_backup(working: WorkingCopy, backup: Backup, refuse: Refuse | None = None) -> Path:
    """Go back to a backup; the plan's file follows when it is next published.

    The present state is kept as a backup first, whose path is returned. End every transaction on the
    working copy before; upgrade it after, for a backup may be of an older version. Raises FileProblem.
    """
    with working.busy, plain_words("The backup cannot be restored", KEPT):
        if inspect(backup.path, working.fs).plan_id != working.info().plan_id:
            raise FileProblem("This backup is of another plan, so it was not restored.")
        kept = _keep_present(working, BackupReason.BEFORE_RESTORE)
        _swap_in(working, backup.path, refuse)
        return kept


# ---------------------------------------------------------------------- the steps


def _place_of(target: Path, fs: FileSystem) -> Path:
    """Where a file is to be, links followed. Raises FileProblem where that place does not answer."""
    with _saving(target):
        return call_with_timeout(functools.partial(real_path, target, fs))


@contextlib.contextmanager
def _saving(target: Path) -> Iterator[None]:
    with plain_words(f"{quoted(target)} could not be saved", f"{KEPT} {_FREE}"):
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


def _refuse_read_only(target: Path, fs: FileSystem, *, there: bool) -> None:
    if stat_or_none(fs, target.parent) is None:
        raise FileProblem(
            f"{quoted(target)} could not be saved: the folder for it is not there. {KEPT} {_FREE}"
        )
    if not fs.is_writable(target.parent) or (there and not fs.is_writable(target)):
        raise FileProblem(
            f"{quoted(target)} could not be saved: the file or its folder is read-only. {KEPT} Use Save As "
            "to choose another place."
        )


def _refuse_other_window(working: WorkingCopy, target: Path) -> None:
    with working_folder_lock(working.data, working.fs):
        refuse_open_elsewhere(target, working.data, working.fs, but=working.folder)


def _nothing_to_save(working: WorkingCopy, target: Path, expected: str) -> Published:
    if working.fs.sha256(target) == expected:
        return Published(target, False, "Everything is saved already.")
    message = f"You have nothing to save, but someone else has changed {quoted(target)}. Revert to see it."
    return Published(target, False, message, target_changed=True)


@contextlib.contextmanager
def _temporary(working: WorkingCopy, target: Path, file_id: str | None = None) -> Iterator[Pending]:
    """The state of the working copy in a whole file beside ``target``; gone again unless it was used."""
    fs, path = working.fs, companion_files.temporary(target, working.id)
    companion_files.remove_temporary(target, working.id, fs)
    try:
        # By hand first: the system says better than SQLite why a file cannot be made.
        fs.create(path)
        counter = working.counter_between_writes()
        fs.vacuum_into(working.path, path)
        if file_id is not None:
            fs.change(path, "UPDATE meta SET value = ? WHERE key = 'file_id'", (file_id,))
        seal_file(path, fs)
        source = None if same_place(target, working.target) else working.target
        give_rights(path, rights_for(target, source, fs), fs)
        fs.fsync_file(path)
        yield Pending(target, fs.sha256(path), counter, device_of(target, fs))
    finally:
        companion_files.remove_temporary(target, working.id, fs)


def _replace_or_keep_both(
    working: WorkingCopy, done: Pending, expected: str | None, *, keep_both: bool = True
) -> Published | None:
    """Give the temporary the target's name if the target is still ``expected`` (None: nothing), else one
    beside it; None where it should not be kept beside.
    """
    fs, target = working.fs, done.target
    temporary = companion_files.temporary(target, working.id)
    plan_id = working.info().plan_id
    backup: Path | None = None
    if expected is not None:
        backup = _back_up_if_unchanged(working, target, plan_id, expected)
    if expected is None or backup is not None:
        working.record(replace(working.origin, pending=done))
        with contextlib.suppress(FileExistsError):
            if expected is None:
                fs.rename_new(temporary, target)
            else:
                fs.replace(temporary, target)
            fs.fsync_folder(target.parent)
            working.published(done)
            backups.thin_out(plan_id, working.data, fs)
            return Published(target, True, f"Saved {quoted(target)}.", backup=backup)
    return _keep_beside(working, done, temporary) if keep_both else None


def _back_up_if_unchanged(working: WorkingCopy, target: Path, plan_id: str, expected: str) -> Path | None:
    """A backup of the target as it is this moment; None if that is not what was opened."""
    fs = working.fs
    try:
        if companions(target, fs):
            return None
        before = signature(target, fs)
        kept, digest = backups.keep_file(target, plan_id, working.data, BackupReason.REPLACED, fs)
        if digest == expected and signature(target, fs) == before:
            return kept
        fs.remove(kept)
    except FileNotFoundError:
        pass
    return None


def _keep_beside(working: WorkingCopy, done: Pending, temporary: Path) -> Published:
    fs, target = working.fs, done.target
    moment = fs.now().astimezone().strftime("%Y-%m-%d %H.%M.%S")
    for count in itertools.count(1):
        again = f" ({count})" if count > 1 else ""
        kept = target.with_name(fitting_name(target.stem, f" (kept {moment}){again}", target.suffix))
        pending = replace(done, target=kept)
        working.record(replace(working.origin, pending=pending))
        try:
            fs.rename_new(temporary, kept)
            break
        except FileExistsError:
            continue
    fs.fsync_folder(kept.parent)
    working.published(pending)
    message = (
        f"Someone else has changed {quoted(target)} since you opened it, so it was left as it is. Your "
        f"version is saved beside it as {quoted(kept)}, and that is the file you are working in now."
    )
    return Published(kept, True, message, kept_beside=kept)


def _keep_present(working: WorkingCopy, why: BackupReason) -> Path:
    return backups.keep_database(working.path, working.info().plan_id, working.data, why, working.fs)


def _swap_in(working: WorkingCopy, source: Path, refuse: Refuse | None) -> str:
    """Make the working copy hold what ``source`` holds, in one transaction; returns the source's SHA-256."""
    fs, staged = working.fs, working.folder / "staged.cypp"
    try:
        fs.remove(staged)
        digest = take_in(source, staged, fs)
        inspect(staged, fs)
        if not fs.quick_check(staged):
            raise FileProblem(f"{quoted(source)} is damaged, so it was not used.")
        if refuse is not None:
            refuse(staged, source, fs)
        fs.copy_database(staged, working.path)
    finally:
        with contextlib.suppress(OSError):
            fs.remove(staged)
    return digest
