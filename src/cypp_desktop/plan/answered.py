"""How far a partner has come in a return: which of the rows asked for count, and which are answered.

Like :mod:`cypp_desktop.plan.outline` straight from SQLite, and before anything heavy is loaded. Reads only.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection

from cypp_desktop.plan.outline import written_measures


def counted_and_done(
    db: sqlite3.Connection,
    measures: Collection[str],
    outcomes: Collection[str],
    actions: Collection[str],
    round_id: str | None,
) -> tuple[frozenset[str], frozenset[str]]:
    """The ids of the rows that count, and of those that are done, for what a return asks for.

    A measure counts, and so does an outcome of which no measure is asked for, be it only for an action in it.
    A measure is done once an update of the round says something about it; where no round is asked for, once
    anything about it was changed since the return was sent, as is an outcome.
    """
    standing = dict(db.execute("SELECT id, outcome_id FROM measure"))
    there = standing.keys() & measures
    of_actions = {row[1] for row in db.execute("SELECT id, outcome_id FROM action") if row[0] in actions}
    known = {id_ for (id_,) in db.execute("SELECT id FROM outcome")}
    leaves = (known.intersection(outcomes) | of_actions) - {standing[id_] for id_ in there}
    touched_measures, touched_outcomes = _touched(db)
    done = written_measures(db, round_id) if round_id is not None else touched_measures
    done_outcomes = touched_outcomes | _written_outcomes(db, round_id)
    return frozenset(there | leaves), frozenset(there & done | leaves & done_outcomes)


def _written_outcomes(db: sqlite3.Connection, round_id: str | None) -> set[str]:
    """The outcomes about which something is said as a whole for the round."""
    if round_id is None:
        return set()
    rows = db.execute(
        "SELECT u.outcome_id FROM \"update\" u WHERE u.round_id = ? AND u.state <> 'empty'"
        " AND trim(u.text, ' ' || char(9, 10, 13)) <> ''"
        " AND NOT EXISTS (SELECT 1 FROM update_measure l WHERE l.update_id = u.id)",
        (round_id,),
    )
    return {id_ for (id_,) in rows}


def _touched(db: sqlite3.Connection) -> tuple[set[str], set[str]]:
    """The measures and outcomes about which anything was changed here, and not taken back."""
    keys = set(db.execute(_CHANGED_HERE))
    measures = {id_ for row_type, id_ in keys if row_type == "measure"}
    outcomes = {id_ for row_type, id_ in keys if row_type == "outcome"}
    for row_type, id_, measure, outcome in db.execute(_ABOUT):
        if (row_type, id_) in keys:
            measures.add(measure)
            outcomes.add(outcome)
    return measures, outcomes


#: The first step is the sending. What was undone is no answer, and neither is the undoing.
_CHANGED_HERE = (
    "SELECT DISTINCT c.row_type, c.row_id FROM change c JOIN step s ON s.id = c.step"
    " WHERE s.state = 'done' AND s.kind = 'do' AND s.seq > (SELECT min(seq) FROM step)"
)
_ABOUT = """
SELECT 'observation', id, measure_id, NULL FROM observation
UNION ALL SELECT 'lead', id, measure_id, outcome_id FROM lead
UNION ALL SELECT 'update', u.id, l.measure_id, u.outcome_id FROM "update" u
          LEFT JOIN update_measure l ON l.update_id = u.id
UNION ALL SELECT 'action', a.id, l.measure_id, a.outcome_id FROM action a
          LEFT JOIN action_measure l ON l.action_id = a.id
"""
