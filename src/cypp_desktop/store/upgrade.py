"""Bringing an older file up to this version: on the working copy, after a backup, all or nothing."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cypp_desktop.errors import FileProblem
from cypp_desktop.store import backups
from cypp_desktop.store.disk import connect, plain_words
from cypp_desktop.store.working_copy import WorkingCopy


@dataclass(frozen=True, slots=True)
class Upgrade:
    """One step to the file version ``to`` (major * 1000 + minor).

    ``run`` changes tables and rows within the transaction it is called in: no commit, no ``executescript``.
    """

    to: int
    run: Callable[[sqlite3.Connection], None]


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


def upgrade_working_copy(working: WorkingCopy, steps: Sequence[Upgrade]) -> bool:
    """Upgrade an open plan of an older version, after a backup; True if it was one.

    That alone is no change of the person's: if all was published before, all counts as published after. The
    file itself is upgraded when a change is next published. Raises FileProblem.
    """
    with working.busy, plain_words("The plan could not be brought up to this version"):
        info = working.info()
        if not any(step.to > info.version for step in steps):
            return False
        clean = not working.has_unpublished_changes()
        backups.keep_database(working.path, info.plan_id, working.data, backups.BEFORE_UPGRADE, working.fs)
        upgraded = upgrade_if_older(working.path, steps)
        if clean:
            working.record(replace(working.origin, counter=working.settled_counter()))
        return upgraded
