"""Which organisation leads what, and so what each would be asked for in a round. Reads only."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from cypp_desktop.merge.model import Scope
from cypp_desktop.plan.outline import written_measures
from cypp_desktop.plan.placeholders import is_placeholder
from cypp_desktop.store.disk import connect, plain_words
from cypp_desktop.store.plan_file import OpenPlan


@dataclass(frozen=True, slots=True)
class Asked:
    """What one organisation would be asked for. ``with_update`` of its measures have words for the round;
    ``leads`` says whether it leads anything.
    """

    organisation_id: str
    name: str
    scope: Scope
    with_update: int
    leads: bool

    @property
    def words(self) -> str:
        """In a few words: "4 measures, 1 outcome and 2 actions"."""
        counted = [
            f"{len(ids)} {one if len(ids) == 1 else several}"
            for ids, one, several in (
                (self.scope.measures, "measure", "measures"),
                (self.scope.outcomes, "outcome", "outcomes"),
                (self.scope.actions, "action", "actions"),
            )
            if ids
        ]
        return " and ".join([", ".join(counted[:-1]), counted[-1]] if len(counted) > 1 else counted)


@contextmanager
def reading(plan: OpenPlan) -> Iterator[sqlite3.Connection]:
    """The plan as it is at this moment, for reading on any thread."""
    with (
        plain_words("The plan cannot be read"),
        contextlib.closing(connect(plan.working.path)) as db,
    ):
        db.execute("BEGIN")
        yield db


def rounds_asked(db: sqlite3.Connection, round_id: str | None) -> tuple[str | None, str | None]:
    """The round asked for and the one before it; None is the round being written: the last open one."""
    listed = db.execute('SELECT id, state FROM "round" ORDER BY sort_key, id').fetchall()
    ids = [id_ for id_, _ in listed]
    if round_id is None:
        still_open = [id_ for id_, state in listed if state == "open"]
        round_id = (still_open or ids or [None])[-1]
    at = ids.index(round_id) if round_id in ids else 0
    return round_id, ids[at - 1] if at > 0 else None


def asked_of_each(
    db: sqlite3.Connection, round_id: str | None, chosen: Mapping[str, Collection[str]] | None = None
) -> list[Asked]:
    """What every organisation would be asked for in a round, in the plan's order; ``chosen`` are measures
    chosen instead, by the organisation. Whose name holds a place only, as "TBC" does, is nobody to ask.
    """
    leading, written = Leading(db, round_id), written_measures(db, round_id)
    found = []
    for id_, name in db.execute("SELECT id, name FROM organisation ORDER BY sort_key, id").fetchall():
        if is_placeholder(name):
            continue
        led = leading.scope(id_)
        scope = scope_about(db, round_id, chosen[id_]) if chosen and id_ in chosen else led
        found.append(Asked(id_, name or "Without a name", scope, len(scope.measures & written), bool(led)))
    return found


def scope_about(db: sqlite3.Connection, round_id: str | None, measure_ids: Collection[str]) -> Scope:
    """The rows about just these measures, whoever leads them. The cost follows their number."""
    asked = json.dumps(sorted(measure_ids))
    found = (
        frozenset(id_ for (id_,) in db.execute(query, {"asked": asked, "round": round_id}))
        for query in _ABOUT
    )
    measures, actions, updates = found
    return Scope(measures, frozenset(), actions, updates)


_ABOUT = (
    "SELECT id FROM measure WHERE id IN (SELECT value FROM json_each(:asked))",
    "SELECT l.action_id FROM action_measure l WHERE l.measure_id IN (SELECT value FROM json_each(:asked))"
    " AND NOT EXISTS (SELECT 1 FROM lead WHERE lead.action_id = l.action_id)",
    "SELECT l.update_id FROM update_measure l WHERE l.measure_id IN (SELECT value FROM json_each(:asked))"
    ' AND (SELECT u.round_id FROM "update" u WHERE u.id = l.update_id) IS :round',
)


class Leading:
    """Who leads what. Leads stand with a measure or action; one without takes them from where it belongs."""

    def __init__(self, db: sqlite3.Connection, round_id: str | None) -> None:
        self._outcomes = {id_ for (id_,) in db.execute("SELECT id FROM outcome")}
        self._outcome_of = dict(db.execute("SELECT id, outcome_id FROM measure"))
        self._actions = dict(db.execute("SELECT id, outcome_id FROM action"))
        self._serves: dict[str, set[str]] = defaultdict(set)
        for action, measure in db.execute("SELECT action_id, measure_id FROM action_measure"):
            self._serves[action].add(measure)
        self._updates = dict(
            db.execute('SELECT id, outcome_id FROM "update" WHERE round_id IS ?', (round_id,))
        )
        self._covers: dict[str, set[str]] = defaultdict(set)
        for update, measure in db.execute(
            'SELECT l.update_id, l.measure_id FROM "update" u JOIN update_measure l ON l.update_id = u.id'
            " WHERE u.round_id IS ?",
            (round_id,),
        ):
            self._covers[update].add(measure)
        # owner to the organisations named in its leads; an owner of whom only words are said has none
        self._named: dict[str, set[str]] = {}
        self._owned: dict[str, set[str]] = defaultdict(set)
        for owner, organisation in db.execute(_LEADS):
            self._named.setdefault(owner, set())
            if organisation is not None:
                self._named[owner].add(organisation)
                self._owned[organisation].add(owner)

    def scope(self, organisation_id: str) -> Scope:
        """The rows that the organisation answers for."""
        owned = self._owned.get(organisation_id, set())
        outcomes = owned & self._outcomes
        measures = {
            measure
            for measure, outcome in self._outcome_of.items()
            if measure in owned or (outcome in outcomes and measure not in self._named)
        }
        actions = owned & self._actions.keys()
        actions |= {
            action
            for action, outcome in self._actions.items()
            if action not in self._named
            and (self._serves[action] & measures if self._serves.get(action) else outcome in outcomes)
        }
        updates = {
            update
            for update, outcome in self._updates.items()
            if (self._covers[update] & measures if self._covers.get(update) else outcome in outcomes)
        }
        return Scope(frozenset(measures), frozenset(outcomes), frozenset(actions), frozenset(updates))


_LEADS = """
SELECT coalesce(l.measure_id, l.action_id, l.outcome_id), l.organisation_id FROM lead l
 WHERE l.priority_id IS NULL AND l.organisation_id IS NOT NULL
UNION
SELECT coalesce(l.measure_id, l.action_id, l.outcome_id), p.organisation_id FROM lead l
  LEFT JOIN lead_person lp ON lp.lead_id = l.id LEFT JOIN person p ON p.id = lp.person_id
 WHERE l.priority_id IS NULL AND l.organisation_id IS NULL
"""
