"""What the log knows of merges: which there were, what each took in, and what it said of it."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Connection

from cypp_desktop.store import by_ids, log, schema
from cypp_desktop.store.changes import CREATED, Change
from cypp_desktop.store.disk import connect, uri

#: What the report of a merge says of a file.
FileSaid = dict[str, Any]


def files_of_merges(connection: Connection, change_ids: Iterable[str]) -> dict[str, list[FileSaid]]:
    """Of changes that a merge brought in: by change, what the report of that merge says of its files."""
    found: dict[str, list[FileSaid]] = {}
    reports: dict[str, list[FileSaid]] = {}
    statement = (
        "SELECT c.id, s.id, s.report FROM change AS c JOIN step AS s ON s.id = c.batch"
        " WHERE c.id IN :ids AND s.report IS NOT NULL"
    )
    for change_id, step, report in by_ids.select(connection, statement, change_ids):
        if step not in reports:
            reports[step] = json.loads(report).get("files", [])
        found[change_id] = reports[step]
    return found


def rows_created(connection: Connection, row_ids: Iterable[str]) -> set[str]:
    """Those of the rows of which the log knows the creation, whether or not they are in the plan."""
    statement = "SELECT row_id FROM change WHERE row_id IN :ids AND field = ?"
    return {row_id for (row_id,) in by_ids.select(connection, statement, row_ids, CREATED)}


def authors_of(connection: Connection, change_ids: Iterable[str]) -> dict[str, str]:
    """Who made those of the changes that are recorded, by id."""
    statement = "SELECT id, author FROM change WHERE id IN :ids"
    return dict(by_ids.select(connection, statement, change_ids))


def lacks_any(other: Path, ours: Path, new: int) -> bool:
    """Whether another file of the plan, with ``new`` changes that ours does not have, lacks any that ours
    has, or does not know of something that was removed for good here.
    """
    with contextlib.closing(connect(other)) as db:
        db.execute("ATTACH ? AS ours", (uri(ours),))
        here, there = (
            int(db.execute(f"SELECT count(*) FROM {of}.change").fetchone()[0]) for of in ("main", "ours")
        )
        unknown = db.execute("SELECT * FROM ours.removed EXCEPT SELECT * FROM main.removed LIMIT 1")
        return there + new > here or unknown.fetchone() is not None


def has_answer(connection: Connection, issue_id: str | None) -> bool:
    """Whether a file that answers this return is in the plan."""
    statement = "SELECT 1 FROM received_file WHERE issued_return_id = ? LIMIT 1"
    return connection.exec_driver_sql(statement, (issue_id,)).first() is not None


# ---------------------------------------------------------------------------------- merges as steps


def merges_made(connection: Connection) -> list[tuple[str, str, str, str, int]]:
    """The merges that are in the plan, the latest first: step, name, moment, author, number of changes."""
    rows = connection.exec_driver_sql(
        "SELECT s.id, s.name, s.at, s.author,"
        " (SELECT count(*) FROM change AS c WHERE c.batch = s.id) FROM step AS s"
        " WHERE s.kind = 'merge' AND s.state = 'done' ORDER BY s.seq DESC"
    )
    return [(step, name, at, author, count) for step, name, at, author, count in rows]


def changes_of_merge(connection: Connection, step: str) -> list[Change]:
    """The changes that a merge brought in and that are still recorded, decisions and notes of files too."""
    return log.read_changes(connection, schema.change.c.batch == step)


def report_of(connection: Connection, step: str) -> dict[str, Any] | None:
    """What the plan keeps of the report of a merge."""
    said = connection.exec_driver_sql("SELECT report FROM step WHERE id = ?", (step,)).scalar()
    return json.loads(said) if said else None


def keep_report(connection: Connection, step: str, report: dict[str, Any]) -> None:
    """Have the plan keep the report of a merge with its step."""
    said = json.dumps(report, ensure_ascii=False)
    table = schema.step
    connection.execute(table.update().where(table.c.id == step).values(report=said))


def note_undoing(connection: Connection, step: str, merge: str, *, wholly: bool) -> None:
    """Say of a step that it undoes a merge, and of the merge whether nothing of it is left."""
    table = schema.step
    connection.execute(table.update().where(table.c.id == step).values(target=merge))
    if wholly:
        connection.execute(table.update().where(table.c.id == merge).values(state="undone"))


def drop_from_redo(connection: Connection, change_ids: Iterable[str]) -> None:
    """The undone steps that made these changes cannot be redone any more."""
    statement = (
        "UPDATE step SET state = 'dropped' WHERE state = 'undone'"
        " AND id IN (SELECT step FROM change WHERE id IN :ids)"
    )
    by_ids.change(connection, statement, change_ids)
