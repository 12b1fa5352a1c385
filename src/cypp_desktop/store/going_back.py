"""The ways back: to what the plan's file holds, and to a backup. What there is now is backed up first."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from cypp_desktop.errors import FileProblem
from cypp_desktop.store import backups
from cypp_desktop.store.backups import Backup, BackupReason
from cypp_desktop.store.disk import FileSystem, plain_words
from cypp_desktop.store.files import inspect, quoted
from cypp_desktop.store.save_steps import KEPT
from cypp_desktop.store.source_file import device_of, take_in
from cypp_desktop.store.working_copy import WorkingCopy

#: Refuses to go back to a file that is not sound: asked of our own copy of it, before that is used.
Refuse = Callable[[Path, Path, FileSystem], None]


def revert_to_published(working: WorkingCopy, refuse: Refuse | None = None) -> Path | None:
    """Go back to what the plan's file holds now, someone else's changes included.

    The present state is kept as a backup first, whose path is returned (None: there was nothing to keep).
    End every transaction on the working copy before. Raises FileProblem if the file is missing or damaged.
    """
    with working.busy, plain_words("The plan cannot be reverted", KEPT):
        origin = working.reconcile()
        if origin.target is None or working.never_published:
            raise FileProblem("This plan has never been saved, so there is nothing to go back to.")
        _refuse_another(origin.target, working)
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
        _refuse_another(backup.path, working)
        kept = _keep_present(working, BackupReason.BEFORE_RESTORE)
        _swap_in(working, backup.path, refuse)
        return kept


def _refuse_another(path: Path, working: WorkingCopy) -> None:
    """Raise FileProblem where a file is of another plan, or where one is a plan and the other a return."""
    found, own = inspect(path, working.fs), working.info()
    if found.plan_id != own.plan_id:
        raise FileProblem(f"{quoted(path)} is of another plan, so it was not used.")
    if found.document_id != own.document_id:
        what = "this return" if own.issue_id is not None else "the plan itself"
        raise FileProblem(f"{quoted(path)} is of this plan, but it is not {what}, so it was not used.")


def _keep_present(working: WorkingCopy, why: BackupReason) -> Path:
    return backups.keep_database(working.path, working.info().document_id, working.data, why, working.fs)


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
