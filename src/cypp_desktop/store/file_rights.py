"""Who may read and write the files that this application makes: in one place, for every file.

- A file that is written over keeps the mode, owner, group and access list of what it replaces.
- A new file gets what the person's umask gives. One made from a private plan gives nobody more than the plan
  does: :func:`rights_for`.
- Until it is whole, and has these, it is the person's alone, from its first byte: :func:`create_private`.

On Windows a file has the rights of its folder, and nothing here does anything.
"""

from __future__ import annotations

import contextlib
import os
import stat
import sys
import threading
from dataclasses import dataclass, replace
from pathlib import Path

from cypp_desktop.store.disk import FileSystem, stat_or_none

_PRIVATE = 0o600
_OTHERS = 0o007
_GROUP = 0o070
_FOR_FILES = 0o666
_umask_lock = threading.Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """What may be done with a file, and by whom; ``access_list`` is that of POSIX as the system keeps it.

    Without ``owner`` and ``group`` the file belongs to whoever makes it.
    """

    mode: int
    owner: int | None = None
    group: int | None = None
    access_list: bytes | None = None


def rights_of(path: Path, fs: FileSystem) -> Rights | None:
    """The rights of a file; None where there is none. Raises OSError."""
    found = stat_or_none(fs, path)
    if found is None:
        return None
    return Rights(
        mode=stat.S_IMODE(found.st_mode),
        owner=found.st_uid,
        group=found.st_gid,
        access_list=fs.access_list(path),
    )


def rights_for(path: Path, made_from: Path | None, fs: FileSystem) -> Rights:
    """The rights of a file to be written at ``path``: of what stands there, else those of a new one.

    ``made_from`` is the plan, or other file, of which it tells. Raises OSError.
    """
    there = rights_of(path, fs)
    if there is not None:
        return there
    return rights_for_new(made_from, fs)


def rights_for_new(made_from: Path | None, fs: FileSystem) -> Rights:
    """The rights of a new file; its maker's alone where what it is made from is not there to be asked."""
    mode = _FOR_FILES & ~umask()
    if made_from is None:
        return Rights(mode=mode)
    return _no_more_than(rights_of(made_from, fs) or Rights(mode=_PRIVATE), mode)


def create_private(path: Path, fs: FileSystem) -> None:
    """Make an empty file that is nobody else's to read; FileExistsError if there is one."""
    fs.create(path)


def give_rights(path: Path, rights: Rights, fs: FileSystem) -> bool:
    """Give a file these rights, as far as this person can: whom the group is not theirs to give gets nothing.

    False where somebody has fewer than that now; nobody ever has more. On a disk that knows no such rights
    the file stays as it is. Raises OSError where the file is not there.
    """
    if sys.platform == "win32":
        return True
    mode = rights.mode
    now = fs.stat(path)
    if rights.owner is not None and now.st_uid != rights.owner:
        with contextlib.suppress(OSError):
            fs.set_owner(path, rights.owner, None)
    if rights.group is not None and now.st_gid != rights.group:
        with contextlib.suppress(OSError):
            fs.set_owner(path, None, rights.group)
    has_group = rights.group is None or fs.stat(path).st_gid == rights.group
    if rights.access_list is not None:
        if not has_group or not fs.set_access_list(path, rights.access_list):
            mode &= ~_GROUP & ~_OTHERS  # without the list nobody can tell who was meant
    elif not fs.set_access_list(path, None):
        mode &= ~_GROUP & ~_OTHERS  # whom the folder lets in stays in the list
    elif not has_group:
        # whoever was of the group is one of the others now, and the other way round
        both = (mode & _GROUP) >> 3 & mode & _OTHERS
        mode = mode & ~_GROUP & ~_OTHERS | both << 3 | both
    with contextlib.suppress(OSError):
        fs.set_mode(path, mode)
    return mode == rights.mode


def make_folder(folder: Path, made_from: Path | None, fs: FileSystem) -> None:
    """Make a folder that a person has named, with those above it, for files made from ``made_from``.

    One that is there stays as it is. Raises OSError.
    """
    missing = []
    at = folder
    while stat_or_none(fs, at) is None and at != at.parent:
        missing.append(at)
        at = at.parent
    for one in reversed(missing):
        fs.make_folder(one)
        rights = rights_for_new(made_from, fs)
        give_rights(one, replace(rights, mode=_with_entry(rights.mode)), fs)
    fs.make_folder(folder)


def umask() -> int:
    """What this person takes from everybody in new files. It can only be asked by setting it."""
    with _umask_lock:
        found = os.umask(0o077)  # should another thread make a file just now, it is its person's alone
        os.umask(found)
    return found


def _no_more_than(source: Rights, mode: int) -> Rights:
    """The rights of a new file of this mode that gives nobody more than ``source``."""
    others = source.mode & _OTHERS
    limit = others | others << 3 & source.mode | 0o700
    group = None
    if source.access_list is None and source.mode & _GROUP & ~limit:
        # it may be its group's, if it is given to that
        group = source.group
        limit |= source.mode & _GROUP
    return Rights(mode=mode & limit, group=group)


def _with_entry(mode: int) -> int:
    """The mode of a folder for files of a mode: whoever may read them may go in."""
    return mode | (mode & 0o444) >> 2
