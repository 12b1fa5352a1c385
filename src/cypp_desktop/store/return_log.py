"""What the plan knows of returns: those that were sent out, and the files that came back. Reads only.

``db`` is a plan file that is open without SQLAlchemy.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cypp_desktop.plan.model import IssuedReturn


class Issued(NamedTuple):
    """A return that was sent out, with the names of whom and what it asks; ``scope`` is JSON."""

    issue_id: str
    organisation_id: str | None
    organisation: str | None
    round_id: str | None
    round_name: str | None
    issued_at: str
    issued_by: str | None
    due: str | None
    status: str
    scope: str


def issued_returns(db: sqlite3.Connection) -> list[Issued]:
    """Every return that was sent out, the last first."""
    rows = db.execute(
        "SELECT i.id, i.organisation_id, o.name, i.round_id, r.name, i.issued_at, i.issued_by, i.due,"
        " i.status, i.scope"
        " FROM issued_return i LEFT JOIN organisation o ON o.id = i.organisation_id"
        ' LEFT JOIN "round" r ON r.id = i.round_id ORDER BY i.sort_key DESC, i.id'
    )
    return [Issued(*row) for row in rows]


def sent_out_after(db: sqlite3.Connection, seq: int | None) -> set[str]:
    """The ids of the returns that were noted as sent out after a change, by its place in the log."""
    statement = "SELECT row_id FROM change WHERE row_type = 'issued_return' AND field = '*' AND seq > ?"
    return {row_id for (row_id,) in db.execute(statement, (seq,))} if seq is not None else set()


class Came(NamedTuple):
    """When a file last came that answers a return, and whether any of them said something."""

    at: str
    is_answer: bool


NOT_COME: Final = Came("", is_answer=False)


def files_in_plan(db: sqlite3.Connection) -> dict[str, Came]:
    """By the return that they answer: the files of which the plan holds what they brought."""
    return _received(db, "outcome = 'merged'")


def files_taken_out(db: sqlite3.Connection) -> dict[str, Came]:
    """By the return that they answer: the files of which the plan remembers that it does not hold them."""
    return _received(db, "outcome <> 'merged'")


def _received(db: sqlite3.Connection, where: str) -> dict[str, Came]:
    rows = db.execute(f"SELECT issued_return_id, received_at, report FROM received_file WHERE {where}")
    found: dict[str, Came] = {}
    for issue_id, at, report in rows:
        before = found.get(issue_id, NOT_COME)
        is_answer = before.is_answer or not came_back_empty(json.loads(report or "{}"))
        found[issue_id] = Came(max(at or "", before.at), is_answer)
    return found


def came_back_empty(file: Mapping[str, Any]) -> bool:
    """Whether a file brought nothing of what was asked, by what the report of its merge says of it. What
    answered a return taken back is asked for by nobody, and may be wanted another time.
    """
    counted = "proposed" if file.get("withdrawn") else "answered"
    return bool(file.get(counted, file.get("proposed")) == 0)


def received_digests(db: sqlite3.Connection, *, without: str) -> dict[str, str]:
    """When each file came, by its SHA-256, but for those with the outcome ``without``."""
    return dict(db.execute("SELECT digest, received_at FROM received_file WHERE outcome <> ?", (without,)))


def reports_of_merges(db: sqlite3.Connection) -> list[tuple[str, dict[str, Any]]]:
    """When each merge was made, also those undone since, and what the plan keeps of its report."""
    rows = db.execute("SELECT at, report FROM step WHERE kind = 'merge' AND report IS NOT NULL ORDER BY seq")
    return [(at, json.loads(report)) for at, report in rows]


def last_place(session: Session) -> str | None:
    """The place in its list of the return that was sent out last."""
    return session.scalar(select(func.max(IssuedReturn.sort_key)))


class MeasureCodes(NamedTuple):
    """A measure and the codes of what it stands in."""

    measure_id: str
    priority_code: str | None
    outcome_code: str | None
    code: str | None
    title: str


def measures_with_codes(db: sqlite3.Connection) -> list[MeasureCodes]:
    """Every measure in the plan's order."""
    rows = db.execute(
        "SELECT m.id, p.code, o.code, m.code, m.title FROM measure m JOIN outcome o ON o.id = m.outcome_id"
        " JOIN priority p ON p.id = o.priority_id"
        " ORDER BY p.sort_key, p.id, o.sort_key, o.id, m.sort_key, m.id"
    )
    return [MeasureCodes(*row) for row in rows]


# ---------------------------------------------------------------------------------- names


def plan_title(db: sqlite3.Connection) -> str:
    """The title of the plan."""
    (title,) = db.execute("SELECT title FROM plan").fetchone()
    return str(title)


def name_of_organisation(db: sqlite3.Connection, id_: str, *, short: bool = False) -> str | None:
    """The name of an organisation, or its ``short`` name where it has one; None where there is none."""
    name = "coalesce(nullif(short_name, ''), name)" if short else "name"
    found = db.execute(f"SELECT {name} FROM organisation WHERE id = ?", (id_,)).fetchone()
    return found[0] if found is not None else None


def name_of_round(db: sqlite3.Connection, id_: str | None) -> str | None:
    """The name of a reporting round; None where there is none."""
    found = db.execute('SELECT name FROM "round" WHERE id = ?', (id_,)).fetchone()
    return found[0] if found is not None else None
