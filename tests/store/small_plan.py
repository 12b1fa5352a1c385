"""A plan file of one table, for tests of the file layer: it knows no mapped class."""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
import sys
from pathlib import Path

from cypp_desktop.store.files import WORKING_PRAGMAS, stamp
from cypp_desktop.store.working_copy import WorkingCopy

PLAN_ID = "6f0c2f0e-0d5b-4f5e-9b0e-5d3f2f3a1c11"


def write_plan(path: Path, *numbers: int, plan_id: str = PLAN_ID, file_id: str = "file-1") -> Path:
    """Make a plan file at ``path`` that holds ``numbers``."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        stamp(connection)
        connection.execute("CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT)")
        connection.executemany("INSERT INTO meta VALUES (?, ?)", [("plan_id", plan_id), ("file_id", file_id)])
        connection.execute("CREATE TABLE note (number INTEGER)")
        connection.executemany("INSERT INTO note VALUES (?)", [(number,) for number in numbers])
        connection.commit()
    return path


def edit(working: WorkingCopy, *numbers: int) -> None:
    """Commit ``numbers`` to the working copy, as the editor would."""
    with contextlib.closing(sqlite3.connect(working.path, isolation_level=None)) as connection:
        for pragma in WORKING_PRAGMAS:
            connection.execute(pragma)
        # A test cannot cut the power, and a kill needs no sync.
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO note VALUES (?)", [(number,) for number in numbers])
        connection.execute("COMMIT")


def numbers_in(path: Path) -> list[int]:
    """The numbers of a plan file, after proving that the file is whole."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        return [number for (number,) in connection.execute("SELECT number FROM note ORDER BY number")]


def meta_of(path: Path) -> dict[str, str]:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return dict(connection.execute("SELECT key, value FROM meta"))


def litter(folder: Path) -> list[str]:
    """What the application left beside the plan that is no plan."""
    return sorted(path.name for path in folder.iterdir() if path.name.startswith(".~"))


def everything_in(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def leave_unfinished(path: Path, mode: str) -> None:
    """Another program is killed in the middle of a write to the plan."""
    script = f"""
import os, sqlite3
c = sqlite3.connect({str(path)!r}, isolation_level=None)
c.execute("PRAGMA journal_mode={mode}")
c.execute("PRAGMA cache_size=1")
c.execute("PRAGMA wal_autocheckpoint=0")
c.execute("BEGIN")
c.executemany("INSERT INTO note VALUES (?)", [(number,) for number in range(5000)])
if "{mode}" == "wal":
    c.execute("COMMIT")
os._exit(0)
"""
    subprocess.run([sys.executable, "-c", script], check=True)
