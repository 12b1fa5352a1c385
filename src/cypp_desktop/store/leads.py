"""Who leads what, and what that is about: by ids alone, for all rows of the plan at once. Reads only.

``db`` is a plan file that is open without SQLAlchemy.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection


def rounds_in_order(db: sqlite3.Connection) -> list[tuple[str, str]]:
    """The reporting rounds with their states, in the plan's order."""
    return db.execute('SELECT id, state FROM "round" ORDER BY sort_key, id').fetchall()


def organisations_in_order(db: sqlite3.Connection) -> list[tuple[str, str | None]]:
    """The organisations with their names, in the plan's order."""
    return db.execute("SELECT id, name FROM organisation ORDER BY sort_key, id").fetchall()


def outcomes(db: sqlite3.Connection) -> set[str]:
    """All outcomes."""
    return {id_ for (id_,) in db.execute("SELECT id FROM outcome")}


def outcome_of_each(db: sqlite3.Connection, row_type: str) -> dict[str, str]:
    """The outcome in which each measure or action stands."""
    return dict(db.execute(f"SELECT id, outcome_id FROM {row_type}"))


def outcome_of_updates(db: sqlite3.Connection, round_id: str | None) -> dict[str, str]:
    """The outcome in which each update of a round stands."""
    return dict(db.execute('SELECT id, outcome_id FROM "update" WHERE round_id IS ?', (round_id,)))


def measures_served(db: sqlite3.Connection) -> dict[str, set[str]]:
    """The measures that each action serves."""
    return _gathered(db.execute("SELECT action_id, measure_id FROM action_measure"))


def measures_covered(db: sqlite3.Connection, round_id: str | None) -> dict[str, set[str]]:
    """The measures that each update of a round covers."""
    statement = (
        'SELECT l.update_id, l.measure_id FROM "update" u JOIN update_measure l ON l.update_id = u.id'
        " WHERE u.round_id IS ?"
    )
    return _gathered(db.execute(statement, (round_id,)))


def _gathered(pairs: sqlite3.Cursor) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for one, other in pairs:
        found[one].add(other)
    return found


def organisations_named(db: sqlite3.Connection) -> dict[str, set[str]]:
    """The organisations named in the leads of each measure, action or outcome, itself or by their people;
    none where only words are said of who leads.
    """
    statement = """
        SELECT coalesce(l.measure_id, l.action_id, l.outcome_id), l.organisation_id FROM lead l
         WHERE l.priority_id IS NULL AND l.organisation_id IS NOT NULL
        UNION
        SELECT coalesce(l.measure_id, l.action_id, l.outcome_id), p.organisation_id FROM lead l
          LEFT JOIN lead_person lp ON lp.lead_id = l.id LEFT JOIN person p ON p.id = lp.person_id
         WHERE l.priority_id IS NULL AND l.organisation_id IS NULL
    """
    found: dict[str, set[str]] = {}
    for owner, organisation in db.execute(statement):
        named = found.setdefault(owner, set())
        if organisation is not None:
            named.add(organisation)
    return found


# ---------------------------------------------------------------------------------- about some measures


def measures_among(db: sqlite3.Connection, measure_ids: Collection[str]) -> frozenset[str]:
    """Those of the measures that are in the plan."""
    return _ids(db, "SELECT id FROM measure WHERE id IN (SELECT value FROM json_each(?))", measure_ids)


def actions_without_lead(db: sqlite3.Connection, measure_ids: Collection[str]) -> frozenset[str]:
    """The actions that serve one of these measures and have no lead of their own."""
    statement = (
        "SELECT l.action_id FROM action_measure l WHERE l.measure_id IN (SELECT value FROM json_each(?))"
        " AND NOT EXISTS (SELECT 1 FROM lead WHERE lead.action_id = l.action_id)"
    )
    return _ids(db, statement, measure_ids)


def updates_about(
    db: sqlite3.Connection, measure_ids: Collection[str], round_id: str | None
) -> frozenset[str]:
    """The updates of a round that cover one of these measures."""
    statement = (
        "SELECT l.update_id FROM update_measure l WHERE l.measure_id IN (SELECT value FROM json_each(?))"
        ' AND (SELECT u.round_id FROM "update" u WHERE u.id = l.update_id) IS ?'
    )
    return _ids(db, statement, measure_ids, round_id)


def _ids(db: sqlite3.Connection, statement: str, ids: Collection[str], *more: str | None) -> frozenset[str]:
    asked = json.dumps(sorted(ids))
    return frozenset(id_ for (id_,) in db.execute(statement, (asked, *more)))
