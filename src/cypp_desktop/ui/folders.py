"""Where file dialogs begin. A dialog waits for the folder that it shows: never one that is out of reach."""

from __future__ import annotations

import functools
import stat
from pathlib import Path

from PySide6.QtCore import QStandardPaths


def begins_in(*wanted: Path | str | None) -> Path:
    """The first of these folders that is there and answers, else the person's documents, else their home."""
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    folders = [Path(folder) for folder in (*wanted, documents) if folder]
    return next((folder for folder in folders if is_folder(folder)), Path.home())


def is_folder(path: Path) -> bool:
    """Whether a folder is there and answers."""
    from cypp_desktop.store.disk import DISK, stat_or_none
    from cypp_desktop.store.timeouts import call_with_timeout

    try:
        found = call_with_timeout(functools.partial(stat_or_none, DISK, path))
    except OSError:
        return False
    return found is not None and stat.S_ISDIR(found.st_mode)
