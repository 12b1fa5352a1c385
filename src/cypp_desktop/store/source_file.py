"""Asks a plan's file, which may lie on a share: what it is like, and our own copy of it, read once."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from cypp_desktop.errors import FileProblem
from cypp_desktop.store.disk import FileSystem, reason, signature, stat_or_none
from cypp_desktop.store.files import companions, must_be_copied_to_read, not_whole, quoted

_TRIES = 3


def digest_to_replace(target: Path, fs: FileSystem, *, replace: bool) -> str | None:
    """The SHA-256 of a file that a new plan may replace; None if there is none. Raises FileProblem."""
    if stat_or_none(fs, target) is None:
        return None
    if not replace:
        raise FileProblem(f"{quoted(target)} is already there. Choose another name.")
    return fs.sha256(target)


def device_of(target: Path, fs: FileSystem) -> int | None:
    """The device of the folder of ``target``; None if there is no such folder."""
    folder = stat_or_none(fs, target.parent)
    return folder.st_dev if folder else None


def take_in(source: Path, copy: Path, fs: FileSystem) -> str:
    """Copy a plan that others may be replacing meanwhile; returns the SHA-256 of the file that was copied.

    It is read once. A file with an unfinished write beside it is copied together with that, and the write is
    finished or rolled back in the copy: the source and its folder are only read. Raises FileProblem if it
    does not keep still.
    """
    try:
        for _ in range(_TRIES):
            before, beside = signature(source, fs), companions(source, fs)
            digest = fs.copy(source, copy)
            for suffix in beside:
                fs.copy(source.with_name(source.name + suffix), copy.with_name(copy.name + suffix))
            if (signature(source, fs), companions(source, fs)) == (before, beside):
                if must_be_copied_to_read(copy, fs):
                    fs.finish_transactions(copy)
                return digest
            for suffix in ("", "-journal", "-wal", "-shm"):
                fs.remove(copy.with_name(copy.name + suffix))
    except sqlite3.DatabaseError as error:
        if reason(error) is None:
            raise
        raise not_whole(source, error) from error
    raise FileProblem(
        f"{quoted(source)} is being changed by another program just now. Try again in a moment."
    )
