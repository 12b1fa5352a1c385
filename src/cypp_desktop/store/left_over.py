"""What a kill left of a plan: whether one can go on with it, and what to tell where one cannot."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

from cypp_desktop.errors import CyppError
from cypp_desktop.plan.dates import date_in_words
from cypp_desktop.store.disk import FileSystem, connect
from cypp_desktop.store.files import info_of, inspect, quoted
from cypp_desktop.store.proof import faults_of
from cypp_desktop.store.recoverable import PLAN, Recoverable, confirm_unpublished


def can_be_resumed(copy: Recoverable, target: Path, data: Path, fs: FileSystem) -> bool:
    """Whether one can go on with what was left of the plan in a file. Removes what turns out published."""
    if copy.in_use or copy.problem:
        return False
    return _of_plan(copy, target, fs) and confirm_unpublished(copy, data, fs)


def _of_plan(copy: Recoverable, target: Path, fs: FileSystem) -> bool:
    """Whether what was left belongs to the plan that is now in the file; another's stays to be recovered."""
    with contextlib.suppress(CyppError, sqlite3.Error), contextlib.closing(connect(copy.folder / PLAN)) as db:
        return info_of(db, target).document_id == inspect(target, fs).document_id
    return True  # the file is gone or damaged, and this may be all there is


def is_sound(left: Recoverable, fs: FileSystem) -> bool:
    """Whether one can go on with a working copy that was left. Nothing is changed in it."""
    from cypp_desktop.store.upgrade import upgrade_if_older
    from cypp_desktop.store.versions import UPGRADES

    path, scratch = left.folder / PLAN, left.folder / "looked-at.cypp"
    try:
        with contextlib.closing(connect(path)) as db:
            version = db.execute("PRAGMA user_version").fetchone()[0]
        if not any(step.to > version for step in UPGRADES):
            return not faults_of(path)
        fs.copy_database(path, scratch)
        upgrade_if_older(scratch, UPGRADES)
        return not faults_of(scratch)
    except (sqlite3.Error, CyppError, ValueError):
        return False
    finally:
        with contextlib.suppress(OSError):
            fs.remove(scratch)


def may_be_of(copy: Recoverable, document_id: str) -> bool:
    """Whether what was left may be of this plan or return, where its own note does not say so."""
    if copy.target is not None:
        return True
    with (
        contextlib.suppress(CyppError, OSError, sqlite3.Error),
        contextlib.closing(connect(copy.folder / PLAN)) as db,
    ):
        return info_of(db, copy.folder / PLAN).document_id == document_id
    return True


def lost_words(copy: Recoverable, target: Path | None = None) -> str:
    """What to tell of changes that were left of a plan and cannot be gone on with."""
    target = target or copy.target
    when = f" on {date_in_words(copy.changed_at.astimezone())}" if copy.changed_at else ""
    of = f" of {quoted(target)}" if target else ""
    begin = f"Changes{of} that were kept on this laptop{when} "
    if copy.problem is None:
        what = "are not in it: the note of which file they belong to is lost. The window offers to open them"
    else:
        what = f"cannot be read ({copy.problem}), so the plan is as it was saved last"
    return (
        f"{begin}{what}. They stay in the folder {copy.folder}: keep a copy of it if they matter, and remove "
        "it if they do not."
    )
