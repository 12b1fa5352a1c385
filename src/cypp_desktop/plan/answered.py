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

    Where a round is asked for, a measure counts, and is done once an update of the round says something about
    it; so does an outcome of which no measure is asked for. Where none is, as in a plan of actions, every
    outcome in which something is asked for counts, and is done once anything in it was changed.
    """
    standing = dict(db.execute("SELECT id, outcome_id FROM measure"))
    there = standing.keys() & measures
    of_measures = {standing[id_] for id_ in there}
    of_actions = {row[1] for row in db.execute("SELECT id, outcome_id FROM action") if row[0] in actions}
    known = {id_ for (id_,) in db.execute("SELECT id FROM outcome")}
    found = known.intersection(outcomes) | of_actions
    if round_id is None:
        counted = found | of_measures
        return frozenset(counted), frozenset(counted & _touched(db))
    leaves = found - of_measures
    done = there & written_measures(db, round_id) | leaves & (_written(db, round_id) | _touched(db))
    return frozenset(there | leaves), frozenset(done)


def _written(db: sqlite3.Connection, round_id: str) -> set[str]:
    """The outcomes about which something is said as a whole for the round."""
    rows = db.execute(
        "SELECT u.outcome_id FROM \"update\" u WHERE u.round_id = ? AND u.state <> 'empty'"
        " AND trim(u.text, ' ' || char(9, 10, 13)) <> ''"
        " AND NOT EXISTS (SELECT 1 FROM update_measure l WHERE l.update_id = u.id)",
        (round_id,),
    )
    return {id_ for (id_,) in rows}


def _touched(db: sqlite3.Connection) -> set[str]:
    """The outcomes in which anything was changed here, and not taken back."""
    keys = set(db.execute(_CHANGED_HERE))
    return {outcome for row_type, id_, outcome in db.execute(_STANDS_IN) if (row_type, id_) in keys}


#: The first step is the sending. What was undone is no answer, and neither is the undoing.
_CHANGED_HERE = (
    "SELECT DISTINCT c.row_type, c.row_id FROM change c JOIN step s ON s.id = c.step"
    " WHERE s.state = 'done' AND s.kind = 'do' AND s.seq > (SELECT min(seq) FROM step)"
)
_STANDS_IN = """
SELECT 'outcome', id, id FROM outcome
UNION ALL SELECT 'measure', id, outcome_id FROM measure
UNION ALL SELECT 'action', id, outcome_id FROM action
UNION ALL SELECT 'update', id, outcome_id FROM "update"
UNION ALL SELECT 'observation', o.id, m.outcome_id FROM observation o JOIN measure m ON m.id = o.measure_id
UNION ALL SELECT 'lead', l.id, coalesce(l.outcome_id, m.outcome_id, a.outcome_id) FROM lead l
          LEFT JOIN measure m ON m.id = l.measure_id LEFT JOIN action a ON a.id = l.action_id
"""
