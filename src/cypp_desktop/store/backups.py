"""Backups of a plan in the application's data folder: made before a file is replaced, kept by a simple rule.

Whose a backup is, the ``document_id`` of its file says: each return that is filled in on this machine has its
own, in a folder in that of its plan.

The last twenty are kept, and of the last thirty days the last one of each day. What a wrong clock dates later
than now does not count among these. Only ``keep_*`` and ``thin_out`` write here, and only below
``data/backups``. What a backup holds is a whole .cypp file that opens as it is.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import re
import stat
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from cypp_desktop.errors import CyppError
from cypp_desktop.store.disk import DISK, FileSystem, plain_words, stat_or_none
from cypp_desktop.store.file_seal import seal_file
from cypp_desktop.store.files import EXTENSION

KEEP_LAST = 20
KEEP_DAYS = 30


class BackupReason(StrEnum):
    """Why a backup was made, as it stands in the name of its file."""

    REPLACED = "saved"
    BEFORE_RESTORE = "before-restore"
    BEFORE_REVERT = "before-revert"
    BEFORE_UPGRADE = "before-upgrade"
    BEFORE_MERGE = "before-merge"
    BEFORE_UNMERGE = "before-unmerge"


_UNFINISHED = ".part"
_TIME = "%Y%m%dT%H%M%S.%fZ"
_NAME = re.compile(r"(\d{8}T\d{6}\.\d{6}Z)-([a-z-]+)(?:~\d+)?\.cypp")
_ADVICE = "Free some space or mend the folder and try again; the plan itself was not touched."


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup: ``at`` is when it was put away (UTC), ``why`` a BackupReason, ``size`` in bytes.

    A later version may have made it for a reason that this one does not know."""

    path: Path
    at: datetime
    why: str
    size: int


def list_backups(document_id: str, data: Path, fs: FileSystem = DISK) -> list[Backup]:
    """The backups of a plan, or of a return of it, newest first."""
    return _backups_in(folder_of(document_id, data), fs)


def folders_with_backups(plan_id: str, data: Path, fs: FileSystem = DISK) -> list[Path]:
    """The folder with the backups of a plan, and those with the backups of its returns."""
    folder = folder_of(plan_id, data)
    with plain_words("The backups cannot be listed"):
        names = fs.names(folder) if stat_or_none(fs, folder) else []
        returns = [folder / name for name in names if not name.endswith((EXTENSION, _UNFINISHED))]
        return [folder, *(each for each in returns if stat.S_ISDIR(fs.stat(each).st_mode))]


def every_backup(plan_id: str, data: Path, fs: FileSystem = DISK) -> list[Backup]:
    """The backups of a plan, and of the returns of it that were filled in on this machine."""
    return [
        backup for folder in folders_with_backups(plan_id, data, fs) for backup in _backups_in(folder, fs)
    ]


def _backups_in(folder: Path, fs: FileSystem) -> list[Backup]:
    found = []
    with plain_words("The backups cannot be listed"):
        names = fs.names(folder) if stat_or_none(fs, folder) else []
        for name in names:
            match = _NAME.fullmatch(name)
            about = stat_or_none(fs, folder / name) if match else None
            if match and about:
                at = datetime.strptime(match[1], _TIME).replace(tzinfo=UTC)
                found.append(Backup(folder / name, at, match[2], about.st_size))
    return sorted(found, key=lambda backup: (backup.at, backup.path.name), reverse=True)


def time_of(path: Path) -> datetime | None:
    """When a backup was put away, by the name of its file; None where that is no backup's."""
    match = _NAME.fullmatch(path.name)
    return datetime.strptime(match[1], _TIME).replace(tzinfo=UTC) if match else None


def keep_file(
    path: Path, document_id: str, data: Path, why: BackupReason, fs: FileSystem = DISK
) -> tuple[Path, str]:
    """Put a copy of a file's bytes away; returns the backup and the SHA-256 of what was copied."""
    return _put_away(lambda part: fs.copy(path, part), document_id, data, why, fs)


def keep_database(path: Path, document_id: str, data: Path, why: BackupReason, fs: FileSystem = DISK) -> Path:
    """Put the present state of a database away that may be open for writing; returns the backup."""

    def write(part: Path) -> str:
        fs.vacuum_into(path, part)
        seal_file(part, fs)
        fs.fsync_file(part)
        return ""

    return _put_away(write, document_id, data, why, fs)[0]


def thin_out(document_id: str, data: Path, fs: FileSystem = DISK) -> None:
    """Remove the backups that the rule does not keep. What cannot be removed stays: no reason to stop
    anyone.
    """
    with contextlib.suppress(OSError, CyppError):
        for backup in superfluous(list_backups(document_id, data, fs), fs.now()):
            fs.remove(backup.path)
        folder = folder_of(document_id, data)
        for name in fs.names(folder):
            # Left by a program that was killed; one of today may be in the making.
            if name.endswith(_UNFINISHED) and _older_than_a_day(folder / name, fs):
                fs.remove(folder / name)


def superfluous(backups: list[Backup], now: datetime) -> list[Backup]:
    """Which of ``backups`` (newest first) the rule does not keep.

    Those dated later than now were made while the clock was wrong. The last of them are kept as well, and do
    not count among the others.
    """
    later = [backup for backup in backups if backup.at > now]
    gone = later[KEEP_LAST:]
    days: set[object] = set()
    for place, backup in enumerate(backups[len(later) :]):
        day = backup.at.astimezone().date()
        last_of_day = day not in days and now - backup.at <= timedelta(days=KEEP_DAYS)
        days.add(day)
        if place >= KEEP_LAST and not last_of_day:
            gone.append(backup)
    return gone


def _put_away(
    write: Callable[[Path], str], document_id: str, data: Path, why: BackupReason, fs: FileSystem
) -> tuple[Path, str]:
    """``write`` fills a file that gets its name once it is whole, so that half a backup is never listed."""
    folder = folder_of(document_id, data)
    stem = f"{fs.now().astimezone(UTC).strftime(_TIME)}-{why}"
    part = folder / (stem + _UNFINISHED)
    with plain_words("The backup could not be kept", _ADVICE):
        fs.make_folder(folder)
        try:
            digest = write(part)
            for name in itertools.chain([stem], (f"{stem}~{count}" for count in itertools.count(2))):
                try:
                    fs.rename_new(part, whole := folder / (name + EXTENSION))
                    break
                except FileExistsError:
                    continue
            fs.fsync_folder(folder)
        finally:
            with contextlib.suppress(OSError):
                fs.remove(part)
    return whole, digest


def _older_than_a_day(path: Path, fs: FileSystem) -> bool:
    return fs.now().timestamp() - fs.stat(path).st_mtime > timedelta(days=1).total_seconds()


def folder_of(document_id: str, data: Path) -> Path:
    """Where the backups of a plan are, or those of a return: in a folder in that of its plan.

    The ids come from a file, so they become names of folders only if they look like ids.
    """
    plain = re.fullmatch(r"[0-9A-Za-z-]{1,64}(?:/[0-9A-Za-z-]{1,64})?", document_id)
    name = document_id if plain else hashlib.sha256(document_id.encode("utf-8", "replace")).hexdigest()
    return data / "backups" / name
