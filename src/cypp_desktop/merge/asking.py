"""Which organisation leads what, and so what each would be asked for in a round. Reads only."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from cypp_desktop.merge.model import Scope
from cypp_desktop.plan.outline import written_measures
from cypp_desktop.plan.placeholders import is_placeholder
from cypp_desktop.store import leads


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
        parts = []
        for ids, one, several in (
            (self.scope.measures, "measure", "measures"),
            (self.scope.outcomes, "outcome", "outcomes"),
            (self.scope.actions, "action", "actions"),
        ):
            if ids:
                parts.append(f"{len(ids)} {one if len(ids) == 1 else several}")
        if len(parts) > 1:
            parts = [", ".join(parts[:-1]), parts[-1]]
        return " and ".join(parts)


def rounds_asked(db: sqlite3.Connection, round_id: str | None) -> tuple[str | None, str | None]:
    """The round asked for and the one before it; None is the round being written: the last open one."""
    listed = leads.rounds_in_order(db)
    ids = [id_ for id_, _ in listed]
    if round_id is None and ids:
        still_open = [id_ for id_, state in listed if state == "open"]
        round_id = (still_open or ids)[-1]
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
    for id_, name in leads.organisations_in_order(db):
        if is_placeholder(name):
            continue
        led = leading.scope(id_)
        scope = scope_about(db, round_id, chosen[id_]) if chosen and id_ in chosen else led
        found.append(Asked(id_, name or "Without a name", scope, len(scope.measures & written), bool(led)))
    return found


def scope_about(db: sqlite3.Connection, round_id: str | None, measure_ids: Collection[str]) -> Scope:
    """The rows about just these measures, whoever leads them. The cost follows their number."""
    return Scope(
        measures=leads.measures_among(db, measure_ids),
        actions=leads.actions_without_lead(db, measure_ids),
        updates=leads.updates_about(db, measure_ids, round_id),
    )


class Leading:
    """Who leads what. Leads stand with a measure or action; one without takes them from where it belongs."""

    def __init__(self, db: sqlite3.Connection, round_id: str | None) -> None:
        self._outcomes = leads.outcomes(db)
        self._outcome_of_measure = leads.outcome_of_each(db, "measure")
        self._outcome_of_action = leads.outcome_of_each(db, "action")
        self._outcome_of_update = leads.outcome_of_updates(db, round_id)
        self._served = leads.measures_served(db)
        self._covered = leads.measures_covered(db, round_id)
        self._leading = leads.organisations_named(db)
        self._led: dict[str, set[str]] = defaultdict(set)
        for owner, organisations in self._leading.items():
            for organisation in organisations:
                self._led[organisation].add(owner)

    def scope(self, organisation_id: str) -> Scope:
        """The rows that the organisation answers for."""
        led = self._led.get(organisation_id, set())
        outcomes = led & self._outcomes
        measures = set()
        for measure, outcome in self._outcome_of_measure.items():
            if measure in led or (outcome in outcomes and measure not in self._leading):
                measures.add(measure)

        def is_about(asked: set[str] | None, outcome: str) -> bool:
            """Whether a text about some measures, or about a whole outcome, is the organisation's."""
            return bool(asked & measures) if asked else outcome in outcomes

        actions = led & self._outcome_of_action.keys()
        for action, outcome in self._outcome_of_action.items():
            if action not in self._leading and is_about(self._served.get(action), outcome):
                actions.add(action)
        updates = set()
        for update, outcome in self._outcome_of_update.items():
            if is_about(self._covered.get(update), outcome):
                updates.add(update)
        return Scope(frozenset(measures), frozenset(outcomes), frozenset(actions), frozenset(updates))
