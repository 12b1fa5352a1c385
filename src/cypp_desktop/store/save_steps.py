"""The steps of saving: read the plan's file, make the new one on this disk, put it in its place.

In the words of :mod:`~cypp_desktop.store.publish`, which says when each is taken.
"""

from __future__ import annotations

import contextlib
import itertools
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from cypp_desktop.errors import FileProblem
from cypp_desktop.store import backups
from cypp_desktop.store.backups import BackupReason
from cypp_desktop.store.disk import FileSystem, is_too_deep, stat_or_none
from cypp_desktop.store.file_names import fitting_name
from cypp_desktop.store.file_seal import seal_file
from cypp_desktop.store.files import quoted
from cypp_desktop.store.origin import Pending
from cypp_desktop.store.replacing import FileAsRead, Fresh, Place, read_once
from cypp_desktop.store.seal import make_final
from cypp_desktop.store.source_file import device_of
from cypp_desktop.store.working_copy import WorkingCopy

KEPT = "Nothing is lost: your changes are kept on this laptop."
FREE = "Free some space or check the place and save again, or use Save As to choose another place."


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A file that was written: the ``backup`` of what it replaced, and what a person should know besides."""

    path: Path
    backup: Path | None
    remark: str | None


@contextlib.contextmanager
def as_read(working: WorkingCopy, path: Path, *, named: str) -> Iterator[FileAsRead | None]:
    """A plan's file as it is, read once; its copy is ``named`` as people are told. None if there is none."""
    fs, folder = working.fs, working.folder / "theirs"
    copy = folder / named
    if is_too_deep(copy):
        copy = folder / ("plan" + Path(named).suffix)
    try:
        fs.make_folder(folder)
        yield read_once(path, copy, fs)
    finally:
        with contextlib.suppress(OSError):
            fs.remove_folder(folder)


@contextlib.contextmanager
def made_fresh(working: WorkingCopy, file_id: str | None = None) -> Iterator[Fresh]:
    """The state of the working copy in a whole file on this disk, ready to travel; with ``file_id`` as that
    of another file.
    """
    fs, path = working.fs, working.folder / "saving.cypp"

    def prepare(db: sqlite3.Connection) -> None:
        make_final(db)
        if file_id is not None:
            db.execute("UPDATE meta SET value = ? WHERE key = 'file_id'", (file_id,))

    try:
        fs.remove(path)
        counter = working.counter_between_writes()
        fs.vacuum_into(working.path, path, prepare)
        seal_file(path, fs)
        yield Fresh(path=path, sha256=fs.sha256(path), counter=counter)
    finally:
        with contextlib.suppress(OSError):
            fs.remove(path)


def write(
    working: WorkingCopy, target: Path, seen: FileAsRead | None, *, like: Path | None = None
) -> Written | None:
    """Write the present state in the place of the file that was read (None: where there is none), which is
    then the plan's file; None if that is another by now. With ``like``, it has the rights of that file.
    """
    with made_fresh(working) as fresh:
        done = Pending(target, fresh.sha256, fresh.counter, device_of(target, working.fs))
        with _place(working, target).written(fresh, like or target, working.target) as place:
            working.record(replace(working.origin, pending=done))
            written = _put(working, place, seen, fresh)
            if written is not None:
                working.published(done)
    return written


def write_copy(working: WorkingCopy, target: Path, seen: FileAsRead | None, fresh: Fresh) -> Written | None:
    """The same for a file that is no concern of the working copy's."""
    with _place(working, target).written(fresh, target, working.target) as place:
        return _put(working, place, seen, fresh)


def _place(working: WorkingCopy, target: Path) -> Place:
    return Place(target, working.id, working.data, working.fs, person=working.person)


def _put(working: WorkingCopy, place: Place, seen: FileAsRead | None, fresh: Fresh) -> Written | None:
    """Put what was written in its place, after a backup of what was there."""
    if seen is None:
        try:
            place.put_new()
        except FileExistsError:
            return None
        return Written(path=place.target, backup=None, remark=None)
    if not seen.is_finished:
        return None
    fs, document_id = working.fs, working.info().document_id
    backup, _ = backups.keep_file(seen.copy, document_id, working.data, BackupReason.REPLACED, fs)
    if not place.put_in_place_of(seen, fresh):
        fs.remove(backup)
        return None
    backups.thin_out(document_id, working.data, fs)
    return Written(path=place.target, backup=backup, remark=_remark(place, seen))


def write_beside(working: WorkingCopy, target: Path) -> Written:
    """Write the present state to a new file beside ``target``, which is the plan's file then."""
    while True:
        kept = free_name(target, "kept", working.fs)
        if (written := write(working, kept, None, like=target)) is not None:
            return written


def free_name(target: Path, why: str, fs: FileSystem) -> Path:
    """The name of a file beside ``target`` that says why it is there and since when."""
    moment = fs.now().astimezone().strftime("%Y-%m-%d %H.%M.%S")
    for count in itertools.count(1):
        again = f" ({count})" if count > 1 else ""
        path = target.with_name(fitting_name(target.stem, f" ({why} {moment}){again}", target.suffix))
        if stat_or_none(fs, path) is None:
            return path
    raise AssertionError


def _remark(place: Place, seen: FileAsRead) -> str | None:
    """What a person should know of a file that took another's place, if anything."""
    if seen.names > 1:
        return (
            f"The file had another name too, besides {quoted(place.target)}. The two are parted now: under "
            "the other name it stands as it was before."
        )
    if not place.has_rights:
        return (
            f"Not everyone who could use {quoted(place.target)} could be let in again, so some people may "
            "not be able to open it any more. Whoever looks after the folder can mend that."
        )
    return None


def refuse_read_only(target: Path, fs: FileSystem, *, there: bool) -> None:
    if stat_or_none(fs, target.parent) is None:
        raise FileProblem(
            f"{quoted(target)} could not be saved: the folder for it is not there. {KEPT} {FREE}"
        )
    if not fs.is_writable(target.parent) or (there and not fs.is_writable(target)):
        raise FileProblem(
            f"{quoted(target)} could not be saved: the file or its folder is read-only. {KEPT} Use Save As "
            "to choose another place."
        )
