"""The versions of the .cypp file, and how a file of an older one is brought up to this one.

A plan is an SQLite file with our application id. Its version stands in ``user_version`` as major * 1000 +
minor; :mod:`cypp_desktop.store.files` holds the number that this program writes.

The versions so far
    1.0 (1000)
        The first; it was never released. One table for each class of ``plan/model.py``, named by its row
        type, and beside them the tables of :mod:`cypp_desktop.store.schema`: ``meta`` (what the file says
        of itself), ``step`` (the commands of people) and ``change`` (what each changed). The rows are what
        the changes say, so both are there and must agree.

Which number a change of the format needs
    A new minor version
        Where an older program can ignore what is new, such as one more column that may be empty. It opens
        such a file and edits it, and does not know what it passes over.
    A new major version
        Where an older program would misread or damage the file. It refuses to open one, and says so.
    Until a version is released, further changes of the format go into the same number.

How to add a version
    1. Raise ``VERSION_MAJOR`` or ``VERSION_MINOR`` in :mod:`cypp_desktop.store.files`.
    2. Change the classes in ``plan/model.py``, or the tables in :mod:`cypp_desktop.store.schema`. New files
       are made from these, and :mod:`cypp_desktop.store.table_check` holds opened files against them.
    3. Write a function that changes the tables and rows of a file of the version before, in SQL alone: the
       mapped classes are those of today and will be others tomorrow. Add it to ``UPGRADES``.
    4. Where a field is new, changes of older versions do not know it: a column needs a ``default`` in the
       model, or may be empty. Where a field has another name or meaning, the upgrade rewrites ``change``
       too, or else the rows no longer say what their changes say and ``check`` finds fault with the file.
    5. Describe the version above.
    6. When the program is released, make its file for the tests with ``python -m tests.files.make
       tests/files/vN``. It stays there for ever: each later program must open it.

An upgrade works on the working copy, after a backup, in one transaction: all of it is done or nothing. The
plan's own file is of the new version once a change is published.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cypp_desktop.errors import FileProblem
from cypp_desktop.store import backups
from cypp_desktop.store.backups import BackupReason
from cypp_desktop.store.disk import connect, plain_words
from cypp_desktop.store.working_copy import WorkingCopy


@dataclass(frozen=True, slots=True)
class Upgrade:
    """One step to the file version ``to`` (major * 1000 + minor).

    ``run`` changes tables and rows within the transaction it is called in: no commit, no ``executescript``.
    """

    to: int
    run: Callable[[sqlite3.Connection], None]


#: How a file of an older version becomes one of this version, in order.
UPGRADES: tuple[Upgrade, ...] = ()


def upgrade_if_older(path: Path, steps: Sequence[Upgrade]) -> bool:
    """Run the steps above the file's version, in order, in one transaction; True if there were any.

    Raises FileProblem, with the file as it was, if the result breaks a foreign key.
    """
    with contextlib.closing(connect(path, "rw")) as connection:
        # Foreign keys cannot be switched within a transaction, and tables are rebuilt without them.
        connection.execute("PRAGMA foreign_keys=OFF")
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
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
    return bool(due)


def upgrade_working_copy(working: WorkingCopy, steps: Sequence[Upgrade] = UPGRADES) -> bool:
    """Upgrade an open plan of an older version, after a backup; True if it was one.

    That alone is no change of the person's: if all was published before, all counts as published after. The
    file itself is upgraded when a change is next published. Raises FileProblem.
    """
    with working.busy, plain_words("The plan could not be brought up to this version"):
        info = working.info()
        if not any(step.to > info.version for step in steps):
            return False
        clean = not working.has_unpublished_changes()
        backups.keep_database(
            working.path, info.plan_id, working.data, BackupReason.BEFORE_UPGRADE, working.fs
        )
        upgraded = upgrade_if_older(working.path, steps)
        if clean:
            working.record(replace(working.origin, counter=working.counter_between_writes()))
        return upgraded
