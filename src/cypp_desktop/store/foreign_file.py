"""Statements over a file that came back, held against the plan: the gates of a merge ask here.

``db`` is the file, open for reading, with the plan attached as ``ours``; its own tables are ``main``. Nobody
vouches for what is in it, so what comes out of it is looked at by those who ask. Nothing is written.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, Literal

from cypp_desktop.plan.base import row_classes
from cypp_desktop.store import disk
from cypp_desktop.store.by_ids import portions, select_raw
from cypp_desktop.store.log import RowKey
from cypp_desktop.store.raw_rows import columns_of

#: The columns of a change, in the order of :class:`~cypp_desktop.store.changes.Change`.
CHANGE_COLUMNS = (
    "id", "row_type", "row_id", "field", "before", "value", "parents", "author", "file", "at", "step",
    "claim",
)  # fmt: skip
#: The file that came back, and the plan.
Of = Literal["main", "ours"]
MAIN: Final = "main"
OURS: Final = "ours"
_AT_ONCE = 500
#: What stands in a return in place of words that a field once said and says no more.
WITHHELD: Final = "null"


def attach_plan(db: sqlite3.Connection, plan: Path) -> None:
    """Have the plan at hand beside the file, as ``ours``."""
    db.execute("ATTACH ? AS ours", (disk.uri(plan),))


def said_of_itself(db: sqlite3.Connection) -> list[tuple[Any, Any]]:
    """What a file says of itself, by key: as much as a file of ours could."""
    return db.execute("SELECT key, value FROM meta LIMIT 100").fetchall()


# ---------------------------------------------------------------------------------- changes


def unlike_changes(db: sqlite3.Connection, *, values_of_creations: bool, most: int) -> list[tuple[int, bool]]:
    """The changes (their ``seq`` in the file) that the plan does not have, or has otherwise: whether it lacks
    them. Not more than ``most``; what creations say is held against the plan only where that is asked, and
    so is that a change says nothing any more: a return is not told everything.
    """
    value = "c.value IS NOT o.value"
    if not values_of_creations:
        value = f"({value} AND c.field <> '*' AND c.value <> '{WITHHELD}')"
    return db.execute(
        "SELECT c.seq, o.id IS NULL FROM main.change c LEFT JOIN ours.change o ON o.id = c.id"
        " WHERE o.id IS NULL OR c.row_type IS NOT o.row_type OR c.row_id IS NOT o.row_id"
        f" OR c.field IS NOT o.field OR c.parents IS NOT o.parents OR {value} ORDER BY c.seq LIMIT ?",
        (most,),
    ).fetchall()


def removed_here(db: sqlite3.Connection, *, most: int) -> list[tuple[Any, ...]]:
    """What was removed for good in the file and not in the plan, part by part of changes and steps.

    Not more than ``most``; each as item, part, and of the removal id, moment, author and reason.
    """
    return db.execute(
        "SELECT m.item, m.part, r.id, r.at, r.author, r.reason"
        " FROM main.removed m JOIN main.removal r ON r.id = m.removal WHERE NOT EXISTS"
        " (SELECT 1 FROM ours.removed o WHERE o.item = m.item AND o.part = m.part AND o.removal = m.removal)"
        " ORDER BY r.id, m.item, m.part LIMIT ?",
        (most,),
    ).fetchall()


def parts_removed(db: sqlite3.Connection, of: Of, ids: Iterable[str]) -> list[tuple[str, str]]:
    """The changes among these of which something was removed for good, with each part."""
    return select_raw(db, f"SELECT item, part FROM {of}.removed WHERE item IN :ids", ids)


def both_say(db: sqlite3.Connection, seqs: Iterable[int]) -> list[tuple[Any, ...]]:
    """Of changes that both have: id; row type, row, field, parents and value here; the same there."""
    columns = ("row_type", "row_id", "field", "parents", "value")
    here, there = (",".join(f"{of}.{name}" for name in columns) for of in ("c", "o"))
    statement = (
        f"SELECT c.id, {here}, {there} FROM main.change c JOIN ours.change o ON o.id = c.id"
        " WHERE c.seq IN (SELECT value FROM json_each(?)) ORDER BY c.seq"
    )
    return db.execute(statement, (json.dumps(list(seqs)),)).fetchall()


def changes_at(
    db: sqlite3.Connection, seqs: Sequence[int], *, before: bool
) -> Iterator[list[tuple[Any, ...]]]:
    """The changes at these places of the file, in its order and some at a time; each as
    :data:`CHANGE_COLUMNS`.

    What was there before is left out (null, as JSON) where nobody asks for it.
    """
    names = ",".join(name if before or name != "before" else "'null'" for name in CHANGE_COLUMNS)
    for at in range(0, len(seqs), _AT_ONCE):
        some = seqs[at : at + _AT_ONCE]
        marks = ",".join("?" * len(some))
        statement = f"SELECT {names} FROM main.change WHERE seq IN ({marks}) ORDER BY seq"
        yield db.execute(statement, some).fetchall()


def changes_of_rows(db: sqlite3.Connection, row_ids: Iterable[str]) -> Iterable[tuple[Any, ...]]:
    """The changes that the file has of rows with these ids; each as :data:`CHANGE_COLUMNS`."""
    names = ",".join(CHANGE_COLUMNS)
    for some in portions(row_ids):
        marks = ",".join("?" * len(some))
        yield from db.execute(f"SELECT {names} FROM main.change WHERE row_id IN ({marks}) ORDER BY seq", some)


def known_changes(db: sqlite3.Connection, ids: Iterable[str]) -> set[str]:
    """Those of the ids under which the plan has a change."""
    return {id_ for (id_,) in select_raw(db, "SELECT id FROM ours.change WHERE id IN :ids", ids)}


def has_steps(db: sqlite3.Connection, steps: Iterable[str]) -> bool:
    """Whether the plan has a change of one of these steps."""
    return bool(select_raw(db, "SELECT 1 FROM ours.change WHERE step IN :ids LIMIT 1", steps))


def changes_about(db: sqlite3.Connection, of: Of, ids: Iterable[str]) -> dict[str, tuple[str, str, str]]:
    """What the changes with these ids are about, by their ids: row type, row and field."""
    statement = f"SELECT id, row_type, row_id, field FROM {of}.change WHERE id IN :ids"
    return {id_: (row_type, row_id, name) for id_, row_type, row_id, name in select_raw(db, statement, ids)}


def creations_about(db: sqlite3.Connection, row_ids: Iterable[str]) -> dict[str, tuple[str, str, str]]:
    """The creations that the file has of these rows, by their ids: row type, row and field."""
    statement = "SELECT id, row_type, row_id, field FROM main.change WHERE row_id IN :ids AND field = '*'"
    found = select_raw(db, statement, row_ids)
    return {id_: (row_type, row_id, name) for id_, row_type, row_id, name in found}


def received_later_here(db: sqlite3.Connection) -> list[tuple[Any, Any, Any]]:
    """The changes from outside that the file counts from an earlier moment than the plan: id, moment there
    and author.
    """
    return db.execute(
        "SELECT c.id, c.at, c.author FROM ours.change o JOIN main.change c ON c.id = o.id"
        " WHERE o.claim IS NOT NULL AND c.claim IS NOT NULL AND (c.at, c.author) < (o.at, o.author)"
    ).fetchall()


def rows_changed(db: sqlite3.Connection, row_ids: Iterable[str]) -> set[RowKey]:
    """The rows with these ids of which the plan has any change."""
    return set(select_raw(db, "SELECT row_type, row_id FROM ours.change WHERE row_id IN :ids", row_ids))


def rows_created(db: sqlite3.Connection, row_ids: Iterable[str]) -> set[RowKey]:
    """The rows with these ids of which the plan has the creation."""
    statement = "SELECT row_type, row_id FROM ours.change WHERE row_id IN :ids AND field = '*'"
    return set(select_raw(db, statement, row_ids))


def creations(db: sqlite3.Connection, row_type: str, ids: Iterable[str]) -> list[tuple[str, str]]:
    """Of these rows of a type, what the plan's creations say, as JSON."""
    statement = "SELECT row_id, value FROM ours.change WHERE row_id IN :ids AND row_type = ? AND field = '*'"
    return select_raw(db, statement, ids, row_type)


def makers(db: sqlite3.Connection, row_ids: Iterable[str]) -> list[tuple[str, str, str | None, int]]:
    """Who made the plan's rows with these ids: row type, row, the claim of each creation, and whether the
    file has that very creation too, so that whoever wrote in it has seen the row.
    """
    statement = (
        "SELECT o.row_type, o.row_id, o.claim, c.id IS NOT NULL FROM ours.change o"
        " LEFT JOIN main.change c ON c.id = o.id WHERE o.row_id IN :ids AND o.field = '*'"
    )
    return select_raw(db, statement, row_ids)


def retold(db: sqlite3.Connection) -> list[tuple[str, str, str, str, str]]:
    """The creations that say something else in the file than in the plan: id, row type, row, and both."""
    return db.execute(
        "SELECT c.id, c.row_type, c.row_id, c.value, o.value FROM main.change c"
        " JOIN ours.change o ON o.id = c.id WHERE c.field = '*' AND c.value <> o.value ORDER BY c.seq"
    ).fetchall()


def changed_fields(db: sqlite3.Connection) -> set[tuple[str, str, str]]:
    """The fields that were changed in the file after their row was made: row type, row and field."""
    return set(db.execute("SELECT row_type, row_id, field FROM main.change WHERE field <> '*'"))


def rows_with_several_heads(db: sqlite3.Connection) -> set[str]:
    """The ids of the file's rows of which a field has several heads."""
    rows = db.execute(
        "SELECT row_id FROM main.change WHERE is_head = 1 GROUP BY row_id, field HAVING count(*) > 1"
    )
    return {row_id for (row_id,) in rows}


# ---------------------------------------------------------------------------------- rows


def differing_rows(db: sqlite3.Connection) -> set[RowKey]:
    """The rows that are not the same here and in the plan, or only in one of them. SQLite's own work."""
    found: set[RowKey] = set()
    for row_type in row_classes():
        columns = ",".join(f'"{name}"' for name in columns_of(row_type))
        here, there = (f'SELECT {columns} FROM {of}."{row_type}"' for of in ("main", "ours"))
        for query in (f"{here} EXCEPT {there}", f"{there} EXCEPT {here}"):
            found.update((row_type, row[0]) for row in db.execute(query))
    return found


def all_rows(db: sqlite3.Connection) -> set[RowKey]:
    """Every row in the tables of the file, and every row that its changes tell of."""
    told = db.execute("SELECT DISTINCT row_type, row_id FROM main.change")
    found: set[RowKey] = {key for key in told if key[0] in row_classes()}
    for row_type in row_classes():
        found.update((row_type, id_) for (id_,) in db.execute(f'SELECT id FROM main."{row_type}"'))
    return found


def every_plan_row(db: sqlite3.Connection, row_type: str, columns: Sequence[str]) -> list[tuple[Any, ...]]:
    """The id and these columns of all rows of a type in the plan."""
    return db.execute(f'SELECT id,{",".join(columns)} FROM ours."{row_type}"').fetchall()


def plan_rows(
    db: sqlite3.Connection, row_type: str, columns: Sequence[str], ids: Iterable[str], *, by: str = "id"
) -> list[tuple[Any, ...]]:
    """These columns of the plan's rows that have one of the ids in the column ``by``."""
    statement = f'SELECT {",".join(columns)} FROM ours."{row_type}" WHERE "{by}" IN :ids'
    return select_raw(db, statement, ids)
