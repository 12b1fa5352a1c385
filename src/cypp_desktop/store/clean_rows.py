"""Takes the signs that deceive out of the plan's tables, where another program or version has left them.

All that is typed, brought in or merged is cleaned on its way (:mod:`cypp_desktop.plan.signs`). A file that is
opened may come from anywhere, so its rows are looked through once, before anybody sees them. What its changes
say stays, since colleagues have the same: that is shown with its signs where history tells of it.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import String

from cypp_desktop.plan.base import JsonObject, TextList, row_classes
from cypp_desktop.plan.signs import cleaned, cleaned_value
from cypp_desktop.store import disk
from cypp_desktop.store.disk import connect
from cypp_desktop.store.working_copy import WorkingCopy

#: In the application's own folder: the SHA-256 of files that were looked through, the latest last.
_LOOKED_THROUGH: Final = "looked-through.json"
_MOST_REMEMBERED: Final = 500
_LONGEST: Final = 100_000


def clean_working_copy(working: WorkingCopy, *, is_of_file: bool) -> bool:
    """Look through the rows of a plan that was just opened, unless this machine knows its file by now.

    Gives whether there was nothing to take out.

    ``is_of_file``: they come from there, and not from a backup. Cleaning alone is no change of the person's:
    if all was published before, all counts as published after.
    """
    digest = working.origin.sha256
    if is_of_file and digest is not None and digest in _looked_through(working):
        return True
    with contextlib.closing(connect(working.path)) as db:
        if not has_signs(db, _columns_of_words()):
            return True
    with working.busy:
        clean = not working.has_unpublished_changes()
        with contextlib.closing(connect(working.path, "rw")) as db:
            db.execute("BEGIN IMMEDIATE")
            clean_tables(db, _columns_of_words())
            db.execute("COMMIT")
        if clean:
            working.record(replace(working.origin, counter=working.counter_between_writes()))
    return False


def remember_file(working: WorkingCopy) -> None:
    """Note that the plan's file, as it is known to be, need not be looked through again."""
    digest, known = working.origin.sha256, _looked_through(working)
    if digest is None or digest in known:
        return
    with contextlib.suppress(OSError):
        words = json.dumps([*known, digest][-_MOST_REMEMBERED:])
        disk.write_atomically(working.fs, working.data / _LOOKED_THROUGH, words.encode())


def _looked_through(working: WorkingCopy) -> list[str]:
    try:
        known = json.loads(working.fs.read(working.data / _LOOKED_THROUGH, _LONGEST))
    except (OSError, ValueError):
        return []
    return [digest for digest in known if isinstance(digest, str)] if isinstance(known, list) else []


def _columns_of_words() -> dict[str, list[str]]:
    """By table, the columns in which words stand."""
    found: dict[str, list[str]] = {}
    for row_type, cls in row_classes().items():
        named = [
            column for column in cls.__table__.columns if not column.primary_key and not column.foreign_keys
        ]
        found[row_type] = [
            column.key for column in named if isinstance(column.type, String | TextList | JsonObject)
        ]
    return found


# ---------------------------------------------------------------------------------- tables


def has_signs(db: sqlite3.Connection, columns: Mapping[str, Sequence[str]]) -> bool:
    """Whether a sign that deceives stands in one of these columns, by table."""
    for table, names in columns.items():
        listed = ", ".join(f'"{name}"' for name in names)
        for row in db.execute(f'SELECT {listed} FROM "{table}"') if names else ():
            if any(without_signs(value) is not value for value in row):
                return True
    return False


def clean_tables(db: sqlite3.Connection, columns: Mapping[str, Iterable[str]]) -> None:
    """Take the signs out of these columns, by table, in the open transaction."""
    db.create_function("without_signs", 1, without_signs, deterministic=True)
    for table, names in columns.items():
        for name in names:
            db.execute(
                f'UPDATE "{table}" SET "{name}" = without_signs("{name}")'
                f' WHERE without_signs("{name}") IS NOT "{name}"'
            )


def without_signs(value: Any) -> Any:
    """What a column holds, without signs: the same object where there are none. Lists stand there as JSON."""
    if not isinstance(value, str):
        return value
    if value[:1] in ("[", "{") and "\\u" in value:  # JSON spells controls out
        with contextlib.suppress(ValueError, RecursionError):
            said = json.loads(value)
            told = cleaned_value(said)
            return value if told is said else json.dumps(told, ensure_ascii=False)
    return cleaned(value)
