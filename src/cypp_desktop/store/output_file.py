"""A result that a person has written to a file of their choice: an export, an import report, a print.

Whole or not at all, never in the place of a plan, and only where a document can be: a device or a pipe is
left alone. Who may read it is for ``file_rights``. Plans themselves are written by ``publish``.
"""

from __future__ import annotations

import contextlib
import stat
import uuid
from pathlib import Path

from cypp_desktop.errors import FileProblem, NotAPlan
from cypp_desktop.store import file_rights
from cypp_desktop.store.disk import DISK, FileSystem, plain_words, stat_or_none
from cypp_desktop.store.file_rights import create_private, give_rights, rights_for
from cypp_desktop.store.files import EXTENSION, inspect, quoted
from cypp_desktop.store.origin import real_path


def write_output(path: Path, data: bytes, fs: FileSystem = DISK, *, made_from: Path | None) -> None:
    """Write ``data`` to ``path``, or to what a link there leads to, in place of any document of that name.

    ``made_from`` is the plan or document of which it tells: nobody gets more of it than of that (None: it
    tells of none that has a file). Raises FileProblem where that cannot be done, or where it would put an end
    to a plan.
    """
    path = real_path(path, fs)
    with plain_words(f"{quoted(path)} cannot be written"):
        _refuse_wrong_place(path, fs)
        fresh = path.with_name(f".~{uuid.uuid4().hex[:12]}.new")
        try:
            create_private(fresh, fs)
            fs.write(fresh, data)
            give_rights(fresh, rights_for(path, made_from, fs), fs)
            fs.replace(fresh, path)
        except BaseException:
            with contextlib.suppress(OSError):
                fs.remove(fresh)
            raise
        fs.fsync_folder(path.parent)


def make_output_folder(folder: Path, *, made_from: Path | None, fs: FileSystem = DISK) -> None:
    """Make a folder for such files, unless it is there. Raises FileProblem."""
    with plain_words(f"The folder {folder} cannot be used"):
        file_rights.make_folder(folder, made_from, fs)


def _refuse_wrong_place(path: Path, fs: FileSystem) -> None:
    found = stat_or_none(fs, path)
    if found is not None and stat.S_ISDIR(found.st_mode):
        raise FileProblem(f"{quoted(path)} is a folder. Give the name of a file.")
    if found is not None and not stat.S_ISREG(found.st_mode):
        raise FileProblem(f"{quoted(path)} is not a file, so nothing was written to it.")
    if path.suffix.lower() == EXTENSION or (found is not None and _is_plan(path, fs)):
        raise FileProblem(f"{quoted(path)} is the name of a plan, which this would replace. Choose another.")


def _is_plan(path: Path, fs: FileSystem) -> bool:
    try:
        inspect(path, fs)
    except NotAPlan:
        return False
    except FileProblem:
        return True
    return True
