"""The versions of the .cypp file: what each holds, and how a file of an older one becomes one of this one.

A plan is an SQLite file with our application id. Its version stands in ``user_version`` as major * 1000 +
minor.

The versions so far
    1.0 (1000)
        The first; it was never released. One table for each class of ``plan/model.py``, named by its row
        type, and beside them the tables of :mod:`cypp_desktop.store.schema`: ``meta`` (what the file says
        of itself), ``step`` (the commands of people) and ``change`` (what each changed). The rows are what
        the changes say, so both are there and must agree.
    2.0 (2000)
        ``meta`` holds the plan's ``secret``, by which a copy of it is known to be one of ours and from which
        the keys of the returns that are sent out follow (:mod:`cypp_desktop.store.secrets_of_plan`); a return
        holds its ``issue_key`` instead. ``change.claim`` tells of a change from outside what it said of
        itself (:mod:`cypp_desktop.store.claims`). A program of version 1 would take both for nothing. A file
        that was saved or sent has a ``file_seal`` in ``meta`` (:mod:`cypp_desktop.store.file_seal`).
        ``removal`` and ``removed`` tell what was taken out for good (:mod:`cypp_desktop.store.removal`): a
        program of version 1 would bring it back. The plan's tables hold no signs that deceive
        (:mod:`cypp_desktop.plan.signs`); older changes still tell of them.

Which number a change of the format needs
    A new minor version
        Where an older program can ignore what is new, such as one more column that may be empty. It opens
        such a file and edits it, and does not know what it passes over.
    A new major version
        Where an older program would misread or damage the file. It refuses to open one, and says so.
    Until a version is released, further changes of the format go into the same number.

How to add a version
    1. Raise ``VERSION_MAJOR`` or ``VERSION_MINOR`` below.
    2. Change the classes in ``plan/model.py``, or the tables in :mod:`cypp_desktop.store.schema`. New files
       are made from these, and :mod:`cypp_desktop.store.table_check` holds opened files against them.
    3. Write a function that changes the tables and rows of a file of the version before, in SQL alone: the
       mapped classes are those of today and will be others tomorrow. Add it to ``UPGRADES``. For a column
       that may be empty, ``adds_column`` makes it. Tables that say the same in other words than those of a
       new file are put into its words afterwards (:mod:`cypp_desktop.store.upgrade`).
    4. Where a field is new, changes of older versions do not know it: a column needs a ``default`` in the
       model, or may be empty. Where a field has another name or meaning, the upgrade rewrites ``change``
       too, or else the rows no longer say what their changes say and ``check`` finds fault with the file.
    5. Describe the version above.
    6. When the program is released, make its file for the tests with ``python -m tests.files.make
       tests/files/vN``. It stays there for ever: each later program must open it.
"""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

VERSION_MAJOR = 2
VERSION_MINOR = 0
CURRENT_VERSION = VERSION_MAJOR * 1000 + VERSION_MINOR


@dataclass(frozen=True, slots=True)
class Upgrade:
    """One step to the file version ``to`` (major * 1000 + minor).

    ``run`` changes tables and rows within the transaction it is called in: no commit, no ``executescript``.
    """

    to: int
    run: Callable[[sqlite3.Connection], object]


def adds_column(table: str, column: str, kind: str) -> Callable[[sqlite3.Connection], object]:
    """A step that gives a table one more column, empty in every row; ``kind`` is SQLite's, such as TEXT."""
    return lambda connection: connection.execute(f'ALTER TABLE "{table}" ADD COLUMN {column} {kind}')


_TABLES_OF_REMOVALS = (
    "CREATE TABLE removal (id VARCHAR(36) NOT NULL, at VARCHAR NOT NULL, author TEXT NOT NULL,"
    " reason TEXT NOT NULL, PRIMARY KEY (id))",
    "CREATE TABLE removed (item VARCHAR(36) NOT NULL, part VARCHAR NOT NULL,"
    " removal VARCHAR(36) NOT NULL, PRIMARY KEY (item, part, removal))",
)


def _to_2(connection: sqlite3.Connection) -> None:
    """The plan gets its secret, changes a place for what they claim, and the log one for what was removed.

    Copies that were made in version 1 must have one secret, whoever brings them up to this one. So it is made
    from what all of them hold and no return ever did: the id of their first step, most of which is chance.
    """
    adds_column("change", "claim", "TEXT")(connection)
    for table in _TABLES_OF_REMOVALS:
        connection.execute(table)
    _clean_rows(connection)
    said = dict(connection.execute("SELECT key, value FROM meta WHERE key IN ('kind', 'plan_id')"))
    if said.get("kind") == "return":
        return
    first = connection.execute("SELECT id FROM step ORDER BY seq LIMIT 1").fetchone()
    words = f"secret of a plan of version 1\x1f{said.get('plan_id')}\x1f{first[0]}" if first else None
    secret = hashlib.sha256(words.encode()).hexdigest() if words else secrets.token_hex(32)
    connection.execute("INSERT OR REPLACE INTO meta (key, value) VALUES ('secret', ?)", (secret,))


#: The tables of version 1 that are not the plan's own rows.
_BOOKS = ("change", "meta", "removal", "removed", "step")


def _clean_rows(connection: sqlite3.Connection) -> None:
    """Take the signs that deceive out of the plan's tables."""
    from cypp_desktop.store.clean_rows import clean_tables

    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    columns: dict[str, list[str]] = {}
    for table in tables:
        if table not in _BOOKS and not table.startswith("sqlite_"):
            listed = connection.execute(f'PRAGMA table_info("{table}")').fetchall()
            columns[table] = [name for _, name, kind, *_ in listed if kind.upper() in ("TEXT", "VARCHAR")]
    clean_tables(connection, columns)


#: How a file of an older version becomes one of this version, in order.
UPGRADES: tuple[Upgrade, ...] = (Upgrade(2000, _to_2),)
