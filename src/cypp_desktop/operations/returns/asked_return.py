"""What a return asks for, as its file says it, and the rows of a plan or a return as the tree shows them.

Read straight from SQLite: no Qt and no mapped classes, because the rows are on the screen before those are
loaded.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass

from cypp_desktop.plan.answered import counted_and_done
from cypp_desktop.plan.outline import DONE, TO_DO, Outline, read_outline
from cypp_desktop.store.sqlite_queries import meta_values, outcomes_of_texts

_KEYS = (
    "kind", "scope", "organisation", "issued_by", "issued_at", "due", "round_id", "round_name",
    "covering_note", "plan_title", "plan_id", "finished_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedReturn:
    """Who asks whom for what, until when. Days are YYYY-MM-DD, moments ISO 8601, the note is Markdown."""

    organisation: str
    issued_by: str
    issued_at: str
    due: str | None
    round_id: str | None
    round_name: str | None
    covering_note: str
    plan_id: str
    measures: frozenset[str]
    outcomes: frozenset[str]
    actions: frozenset[str]
    updates: frozenset[str]

    def holds(self, row_type: str, row_id: str) -> bool:
        """Whether this row is one of those asked for."""
        asked = {
            "measure": self.measures,
            "outcome": self.outcomes,
            "action": self.actions,
            "update": self.updates,
        }
        return row_id in asked.get(row_type, frozenset())

    def counted_and_done(self, db: sqlite3.Connection) -> tuple[frozenset[str], frozenset[str]]:
        """The ids of the measures and outcomes that count as to be done, and of those that are done."""
        return counted_and_done(db, self.measures, self.outcomes, self.actions, self.round_id)


def asked_of(db: sqlite3.Connection) -> AskedReturn | None:
    """What a return asks for; None where the file is a plan. Raises sqlite3.Error."""
    said = meta_values(db, _KEYS)
    if said.get("kind") != "return":
        return None
    scope = _scope(said.get("scope"))
    nothing: frozenset[str] = frozenset()
    return AskedReturn(
        organisation=said.get("organisation") or "",
        issued_by=said.get("issued_by") or "",
        issued_at=said.get("issued_at") or "",
        due=said.get("due") or None,
        round_id=said.get("round_id") or None,
        round_name=said.get("round_name") or None,
        covering_note=said.get("covering_note") or "",
        plan_id=said.get("plan_id") or "",
        measures=scope.get("measures", nothing),
        outcomes=scope.get("outcomes", nothing),
        actions=scope.get("actions", nothing),
        updates=scope.get("updates", nothing),
    )


def _scope(said: str | None) -> dict[str, frozenset[str]]:
    """The ids asked for; a file that says nothing sensible asks for nothing."""
    try:
        found = json.loads(said or "{}")
    except ValueError:
        return {}
    scope: dict[str, frozenset[str]] = {}
    for name, ids in found.items() if isinstance(found, dict) else ():
        if isinstance(ids, list):
            scope[name] = frozenset(id_ for id_ in ids if isinstance(id_, str))
    return scope


def shown_outline(db: sqlite3.Connection) -> Outline:
    """The rows that the tree shows: of a plan all, of a return what it asks for and what that stands in."""
    outline = read_outline(db)
    asked = asked_of(db)
    return narrowed(outline, asked, db) if asked is not None else outline


def narrowed(outline: Outline, asked: AskedReturn, db: sqlite3.Connection) -> Outline:
    """An outline with only what is asked for, each row that counts marked as done or to do."""
    counted, done = asked.counted_and_done(db)
    outcomes = asked.outcomes | _outcomes_of(db, asked)
    for priority in outline.priorities:
        for outcome in priority.children:
            outcome.children = [row for row in outcome.children if row.id in asked.measures]
            for row in (outcome, *outcome.children):
                row.update_state = ""
                if row.id in counted:
                    row.update_state = DONE if row.id in done else TO_DO
        priority.children = [row for row in priority.children if row.children or row.id in outcomes]
    outline.priorities = [row for row in outline.priorities if row.children]
    outline.sections = []
    outline.recommendations = []
    outline.organisations = []
    outline.people = []
    outline.rounds = []
    return outline


def _outcomes_of(db: sqlite3.Connection, asked: AskedReturn) -> set[str]:
    """The outcomes in which actions and updates that are asked for stand."""
    texts = asked.actions | asked.updates
    return {outcome for id_, outcome in outcomes_of_texts(db).items() if id_ in texts}
