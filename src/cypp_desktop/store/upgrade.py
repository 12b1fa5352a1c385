"""Brings a file of an older version up to this one; what the versions are stands in :mod:`.versions`.

An upgrade works on the working copy, after a backup, in one transaction: all of it is done or nothing. The
plan's own file is of the new version once a change is published.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from cypp_desktop.errors import FileProblem
from cypp_desktop.store.disk import connect
from cypp_desktop.store.file_parts import parts
from cypp_desktop.store.versions import CURRENT_VERSION, UPGRADES, Upgrade


def upgrade_if_older(path: Path, steps: Sequence[Upgrade]) -> bool:
    """Run the steps above the file's version, in order, in one transaction; True if there were any.

    Raises FileProblem, with the file as it was, if the result breaks a foreign key.
    """
    with contextlib.closing(connect(path, "rw")) as connection:
        return upgrade_database(connection, steps)


def upgrade_database(connection: sqlite3.Connection, steps: Sequence[Upgrade] = UPGRADES) -> bool:
    """The same for a database that is open, outside of any transaction."""
    # Foreign keys cannot be switched within a transaction, and tables are rebuilt without them.
    connection.execute("PRAGMA foreign_keys=OFF")
    connection.execute("PRAGMA legacy_alter_table=ON")  # or links would follow a table that is put aside
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        due = sorted((step for step in steps if step.to > version), key=lambda step: step.to)
        for step in due:
            step.run(connection)
            connection.execute(f"PRAGMA user_version={step.to:d}")
        if due and connection.execute("PRAGMA foreign_key_check").fetchone() is not None:
            raise FileProblem(
                "The plan could not be brought up to this version: rows in it do not fit together."
            )
        if due and due[-1].to == CURRENT_VERSION:
            _as_of_a_new_file(connection)
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    return bool(due)


def _as_of_a_new_file(connection: sqlite3.Connection) -> None:
    """Make again each table that a step has altered, in the words in which a new file has it.

    The gate for files that come back asks for them to the letter.
    """
    from cypp_desktop.store.new_file import parts_of_a_file

    there = {(kind, name): sql for kind, name, _, sql in parts(connection)}
    for kind, name, _, sql in parts_of_a_file():
        if kind == "table" and sql is not None and there.get((kind, name)) != sql:
            columns = ",".join(f'"{row[1]}"' for row in connection.execute(f'PRAGMA table_info("{name}")'))
            connection.execute(f'ALTER TABLE "{name}" RENAME TO "{name} before"')
            connection.execute(sql)
            connection.execute(f'INSERT INTO "{name}" ({columns}) SELECT {columns} FROM "{name} before"')
            connection.execute(f'DROP TABLE "{name} before"')
            for _, _, table, index in parts_of_a_file():
                if table == name and index is not None and index != sql:
                    connection.execute(index)
