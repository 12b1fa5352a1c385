"""Brings this machine in line with what was removed from a plan for good, and remembers what is still to do.

The folder ``data/removals`` holds a note for each removal begun here, with the ids of what is to be emptied
and nothing of what was said there. It is written before anything is removed, so that after a kill either
nothing has happened, or what was begun goes on: when the plan is opened next, or the program started. In
``done`` below it stands which removals this machine is through with, also those that came in from others.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cypp_desktop.errors import CyppError
from cypp_desktop.store import removal
from cypp_desktop.store.disk import FileSystem, connect, stat_or_none, write_atomically
from cypp_desktop.store.locks import FileLock
from cypp_desktop.store.recoverable import LOCK, PLAN
from cypp_desktop.store.removal import Mark, Removal
from cypp_desktop.store.removal_files import PlanFile, clean, files_of_plan, sweep, throw_away

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from cypp_desktop.store.working_copy import WorkingCopy

_FOLDER = "removals"
_DONE = "done"
_ENDING = ".json"
_LONGEST_NOTE = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class ToDo:
    """A removal that was begun here. ``working`` is the working copy in which, ``target`` the plan's file.

    ``thrown_away`` are backups that cannot be read, and that the person wants gone; ``also`` other files of
    the plan that are to be cleaned.
    """

    removal: Removal
    plan_id: str
    working: str
    target: Path | None = None
    thrown_away: tuple[Path, ...] = ()
    also: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Followed:
    """What was done on this machine: so many files cleaned, so many backups thrown away; ``left`` are those
    that could not be cleaned, and why.
    """

    cleaned: int = 0
    thrown_away: int = 0
    left: tuple[PlanFile, ...] = ()


# ------------------------------------------------------------------ notes


def note(todo: ToDo, data: Path, fs: FileSystem) -> None:
    """Remember a removal that is about to begin. Raises OSError."""
    each = todo.removal
    said = {
        "id": each.id,
        "at": each.at,
        "author": each.author,
        "reason": each.reason,
        "marks": each.marks,
        "plan": todo.plan_id,
        "working": todo.working,
        "target": todo.target and str(todo.target),
        "thrown_away": [str(path) for path in todo.thrown_away],
        "also": [str(path) for path in todo.also],
    }
    fs.make_folder(data / _FOLDER / _DONE)
    write_atomically(fs, _note_of(each.id, data), json.dumps(said).encode("utf-8", "surrogatepass"))


def to_dos(data: Path, fs: FileSystem) -> list[ToDo]:
    """The removals that were begun on this machine and are not through. What cannot be read is left out."""
    folder = data / _FOLDER
    found: list[ToDo] = []
    with contextlib.suppress(OSError):
        for name in fs.names(folder) if stat_or_none(fs, folder) else []:
            if name.endswith(_ENDING):
                with contextlib.suppress(ValueError, KeyError, TypeError):
                    found.append(_read(fs.read(folder / name, _LONGEST_NOTE)))
    return found


def _read(note: bytes) -> ToDo:
    said = json.loads(note)
    marks = tuple(Mark(item, part) for item, part in said["marks"])
    return ToDo(
        removal=Removal(
            id=said["id"], at=said["at"], author=said["author"], reason=said["reason"], marks=marks
        ),
        plan_id=said["plan"],
        working=said["working"],
        target=Path(said["target"]) if said["target"] else None,
        thrown_away=tuple(map(Path, said["thrown_away"])),
        also=tuple(map(Path, said["also"])),
    )


def _note_of(removal_id: str, data: Path) -> Path:
    return data / _FOLDER / (removal_id + _ENDING)


def drop(todo: ToDo, data: Path, fs: FileSystem) -> None:
    """Forget a removal that never came to be."""
    with contextlib.suppress(OSError):
        fs.remove(_note_of(todo.removal.id, data))


def _finish(removal_id: str, data: Path, fs: FileSystem) -> None:
    """Remember that this machine is through with a removal. Raises OSError."""
    fs.make_folder(data / _FOLDER / _DONE)
    fs.write(data / _FOLDER / _DONE / removal_id, b"")
    fs.remove(_note_of(removal_id, data))


def _finished(data: Path, fs: FileSystem) -> set[str]:
    folder = data / _FOLDER / _DONE
    with contextlib.suppress(OSError):
        return set(fs.names(folder)) if stat_or_none(fs, folder) else set()
    return set()


# ------------------------------------------------------------------ an open plan


def unfinished(session: Session, working: WorkingCopy) -> list[Removal]:
    """What was removed from an open plan, and is perhaps still in other files of this machine."""
    connection = session.connection()
    try:
        if not removal.has_removals(connection):
            return []
        finished = _finished(working.data, working.fs)
        return [each for each in removal.removals_of(connection) if each.id not in finished]
    finally:
        session.rollback()


def follow(working: WorkingCopy, plan_id: str, removals: Sequence[Removal]) -> Followed:
    """Clean the other files of an open plan on this machine, and note what is through.

    Not through is a removal while the plan's own file does not know of it, or a file may become free that is
    in use now.
    """
    data, fs = working.data, working.fs
    mine = [each for each in to_dos(data, fs) if each.removal.id in {known.id for known in removals}]
    also = tuple(path for each in mine for path in each.also)
    done = clean_files(
        removals,
        files_of_plan(plan_id, working.target, data, fs, own=working.id, also=also),
        [path for each in mine for path in each.thrown_away],
        data,
        fs,
    )
    sweep(plan_id, working.target, working.id, data, fs)
    is_published = working.target is None or not working.has_unpublished_changes()
    if is_published and all(file.unreadable for file in done.left):
        with contextlib.suppress(OSError):
            for each in removals:
                _finish(each.id, data, fs)
    return done


def clean_files(
    removals: Sequence[Removal],
    files: Sequence[PlanFile],
    unwanted: Sequence[Path],
    data: Path,
    fs: FileSystem,
) -> Followed:
    """Take removals out of files, and throw those away that cannot be read and are ``unwanted``."""
    cleaned = thrown_away = 0
    left: list[PlanFile] = []
    for file in files:
        uncleaned = clean(file, removals, data, fs)
        if uncleaned is None:
            cleaned += 1
        elif uncleaned.unreadable and file.path in unwanted and throw_away(file, fs):
            thrown_away += 1
        else:
            left.append(uncleaned)
    return Followed(cleaned, thrown_away, tuple(left))


# ------------------------------------------------------------------ at the start of the program


def is_begun(todo: ToDo, data: Path, fs: FileSystem) -> bool | None:
    """Whether a removal came to be before the program ended; None where that cannot be told now."""
    folder = data / "working" / todo.working
    places = [folder / PLAN] if stat_or_none(fs, folder / PLAN) else []
    if places:
        lock = FileLock.take(folder / LOCK)
        if lock is None:
            return None  # it is at work just now
        with lock, contextlib.suppress(sqlite3.Error):
            fs.finish_transactions(folder / PLAN)
    if todo.target is not None:
        places.append(todo.target)
    answers = [_knows(path, todo.removal.id, fs) for path in places]
    if any(answers):
        return True
    return None if None in answers else False


def _knows(path: Path, removal_id: str, fs: FileSystem) -> bool | None:
    """Whether a plan file has a removal on record; None where it cannot be read."""
    try:
        if stat_or_none(fs, path) is None:
            return None
        with contextlib.closing(connect(path)) as db:
            if db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'removal'").fetchone() is None:
                return False  # of an earlier version
            found = db.execute("SELECT 1 FROM removal WHERE id = ?", (removal_id,)).fetchone()
        return found is not None
    except (OSError, sqlite3.Error):
        return None


def go_on(data: Path, fs: FileSystem) -> list[ToDo]:
    """Go on with what was begun when the program ended, as far as that goes without opening a plan.

    Gives what is to be opened and saved to be through.
    """
    waiting: list[ToDo] = []
    for todo in to_dos(data, fs):
        begun = is_begun(todo, data, fs)
        if begun is False:
            drop(todo, data, fs)
        elif begun:
            with contextlib.suppress(CyppError, OSError, sqlite3.Error):
                files = files_of_plan(todo.plan_id, todo.target, data, fs, also=todo.also)
                clean_files([todo.removal], files, todo.thrown_away, data, fs)
                sweep(todo.plan_id, todo.target, todo.working, data, fs)
            waiting.append(todo)
    return waiting
