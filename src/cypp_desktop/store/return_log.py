"""What the plan knows of returns: those that were sent out, and the files that came back. Reads only.

``db`` is a plan file that is open without SQLAlchemy.
"""

from __future__ import annotations

import json
import sqlite3
from typing import Any, NamedTuple

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


def last_received(db: sqlite3.Connection, outcome: str | None = None) -> dict[str, str]:
    """When a file last came that answers each return; only of those files with this ``outcome``."""
    where = "" if outcome is None else "WHERE outcome = ?"
    rows = db.execute(
        f"SELECT issued_return_id, max(received_at) FROM received_file {where} GROUP BY issued_return_id",
        () if outcome is None else (outcome,),
    )
    return {issue_id: at for issue_id, at in rows if at is not None}


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
