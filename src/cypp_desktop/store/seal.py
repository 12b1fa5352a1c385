"""The seal of a return: a digest over its rows and changes, so that another program's doings are noticed.

It is written wherever this application is about to let the file go. Whoever forges it as well has still
to make the rows say what their changes say.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable

from cypp_desktop.store import file_seal

SEAL = "seal"
KIND = "kind"
RETURN = "return"

_AT_ONCE = 100
_NOTHING = b"\0"


def digest_of_rows(connection: sqlite3.Connection, row_types: Iterable[str]) -> str:
    """SHA-256 over every row of these types and every change, as SQLite hands them out.

    Raises sqlite3.Error.
    """
    digest = hashlib.sha256()
    as_before = connection.text_factory
    connection.text_factory = bytes  # nothing is read as text only to be made bytes again
    try:
        tables = [(row_type, "id") for row_type in sorted(row_types)]
        for table, order in (("change", "seq"), *tables):
            digest.update(table.encode())
            rows = connection.execute(f'SELECT * FROM main."{table}" ORDER BY "{order}"')
            # in portions: quicker than one by one, and no table is ever held whole
            while some := rows.fetchmany(_AT_ONCE):
                cells = [
                    cell if cell.__class__ is bytes else _NOTHING if cell is None else b"\0%r" % cell
                    for row in some
                    for cell in row
                ]
                digest.update(b"\x1f".join(cells))
                digest.update(b"\x1f")
    finally:
        connection.text_factory = as_before
    return digest.hexdigest()


def seal_of(connection: sqlite3.Connection) -> str:
    """The digest over every row of the plan's tables and every change. Raises sqlite3.Error."""
    from cypp_desktop.plan.base import row_classes  # heavy, and not needed where only digests are made

    return digest_of_rows(connection, row_classes())


def make_final(db: sqlite3.Connection) -> None:
    """Make a copy of a working copy ready to travel: no change in it is amended any more, a return says what
    its rows are now, and there is a place for the seal of the file.
    """
    tables = {name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    if not {"meta", "step", "change"} <= tables:
        return  # of another version, which is not ours to finish
    db.execute("UPDATE meta SET value = (SELECT coalesce(max(seq), 0) FROM step) WHERE key = 'sealed_step'")
    place = (file_seal.KEY, file_seal.NOT_YET)
    db.execute("INSERT OR IGNORE INTO meta (key, value) VALUES (?, ?)", place)
    if db.execute("SELECT value FROM meta WHERE key = ?", (KIND,)).fetchone() == (RETURN,):
        db.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (SEAL, seal_of(db)))
