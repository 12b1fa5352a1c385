"""What a database file consists of, asked of one that nobody vouches for. Knows no mapped class."""

from __future__ import annotations

import sqlite3
from typing import Any

#: What a database says of one of its parts: type, name, table, and its SQL (None for what SQLite adds).
Part = tuple[str, str, str, str | None]


def encoding(db: sqlite3.Connection) -> Any:
    """How a file keeps its texts."""
    return db.execute("PRAGMA encoding").fetchone()[0]


def parts(db: sqlite3.Connection) -> list[Part]:
    """The parts of a file, as many as one of ours could have."""
    return db.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema LIMIT 1000").fetchall()


def is_whole(db: sqlite3.Connection) -> bool:
    """Whether SQLite finds no damage in a file. Reads all of it."""
    found = db.execute("PRAGMA integrity_check(1)").fetchone()
    return bool(found == ("ok",))


def meta_value(db: sqlite3.Connection, key: str) -> Any:
    """What a file says of itself under a key; None where it says nothing."""
    found = db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return found[0] if found is not None else None
