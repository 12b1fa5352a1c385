"""Questions to a plan file that SQLite answers straight, without the mapped classes.

For what is on the screen before SQLAlchemy is loaded, which takes longer than opening the window, and for
work on another thread that has a connection of its own. Imports neither SQLAlchemy nor Qt; reads only.
Every function may raise sqlite3.Error.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


def driver_connection(connection: Connection) -> sqlite3.Connection:
    """SQLite's own connection behind one of SQLAlchemy's."""
    return cast(sqlite3.Connection, connection.connection.driver_connection)


def meta_values(db: sqlite3.Connection, keys: Collection[str]) -> dict[str, str]:
    """What the file says of itself under these keys; a key under which it says nothing is left out."""
    marks = ",".join("?" * len(keys))
    return dict(db.execute(f"SELECT key, value FROM meta WHERE key IN ({marks})", tuple(keys)))


def read_plan_id(db: sqlite3.Connection) -> str | None:
    """The id of the plan that the file holds; None where it does not say."""
    found = meta_values(db, ("plan_id",)).get("plan_id")
    return None if found is None else str(found)


def title_and_measure_count(db: sqlite3.Connection) -> tuple[str, int]:
    """The plan's title (empty where it has none) and how many measures it has."""
    statement = "SELECT (SELECT title FROM plan), (SELECT count(*) FROM measure)"
    title, measures = db.execute(statement).fetchone()
    return title or "", measures


def rounds_with_due_days(db: sqlite3.Connection) -> list[tuple[str, str, str | None]]:
    """Id, name and due day (YYYY-MM-DD) of every reporting round, in order."""
    return db.execute('SELECT id, name, due FROM "round" ORDER BY sort_key, id').fetchall()


def priority_and_outcome_names(db: sqlite3.Connection) -> dict[str, str]:
    """Code and title of every priority and outcome in one line, by id; those without either are left out."""
    rows = db.execute("SELECT id, code, title FROM priority UNION ALL SELECT id, code, title FROM outcome")
    return {id_: f"{code or ''} {title or ''}".strip() for id_, code, title in rows if code or title}


# ------------------------------------------------------------------ who leads


def leading_organisations(db: sqlite3.Connection) -> list[tuple[str, str]]:
    """Id and name of the organisations that lead something, by name."""
    return db.execute(
        "SELECT id, name FROM organisation AS o WHERE EXISTS"
        " (SELECT 1 FROM lead WHERE organisation_id = o.id) ORDER BY name COLLATE NOCASE, id"
    ).fetchall()


def leading_people(db: sqlite3.Connection) -> list[tuple[str, str]]:
    """Id and name (else post, else nothing) of the people that lead something, by name."""
    return db.execute(
        "SELECT id, coalesce(name, post, '') AS said FROM person AS p WHERE EXISTS"
        " (SELECT 1 FROM lead_person WHERE person_id = p.id) ORDER BY said COLLATE NOCASE, id"
    ).fetchall()


# ------------------------------------------------------------------ returns


def rows_made_by_first_step(db: sqlite3.Connection) -> set[str]:
    """The ids of the rows that the file's first step made; of a return, those that it was sent with."""
    rows = db.execute(
        "SELECT row_id FROM change WHERE field = '*' AND step = (SELECT id FROM step ORDER BY seq LIMIT 1)"
    )
    return {id_ for (id_,) in rows}


def outcomes_of_texts(db: sqlite3.Connection) -> dict[str, str]:
    """The id of the outcome in which each action and update stands, by its id."""
    return dict(db.execute('SELECT id, outcome_id FROM action UNION ALL SELECT id, outcome_id FROM "update"'))


@dataclass(frozen=True, slots=True, kw_only=True)
class RowToAsk:
    """A row that a return can ask for: an outcome, or a measure or action in it.

    ``label`` is its code or number. Of an outcome the words ``above`` are the title of its priority.
    """

    row_type: str
    id: str
    label: str | None
    words: str | None
    above: str | None = None


def rows_to_ask(db: sqlite3.Connection) -> Iterator[RowToAsk]:
    """Every outcome in the plan's order, each followed by its measures and then by its actions."""
    outcomes = db.execute(
        "SELECT o.id, o.code, o.title, p.title FROM outcome o JOIN priority p ON p.id = o.priority_id"
        " ORDER BY p.sort_key, p.id, o.sort_key, o.id"
    ).fetchall()
    for outcome_id, code, title, priority in outcomes:
        yield RowToAsk(row_type="outcome", id=outcome_id, label=code, words=title, above=priority)
        for row_type, statement in _IN_OUTCOME.items():
            for id_, label, words in db.execute(statement, (outcome_id,)):
                yield RowToAsk(row_type=row_type, id=id_, label=label, words=words)


_IN_OUTCOME = {
    "measure": "SELECT id, code, title FROM measure WHERE outcome_id = ? ORDER BY sort_key, id",
    "action": "SELECT id, number, substr(text, 1, 200) FROM action WHERE outcome_id = ?"
    " ORDER BY sort_key, id",
}
