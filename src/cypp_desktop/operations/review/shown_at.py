"""In which row of the tree, and so in whose panel, other rows are shown; asked for many at once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

RowKey = tuple[str, str]

#: Rows that are shown at another: a statement that gives id, row type and id of that one for some ids.
_AT: Final[Mapping[str, tuple[str, ...]]] = {
    "update": (
        "SELECT update_id, 'measure', measure_id FROM update_measure WHERE update_id",
        "SELECT id, 'outcome', outcome_id FROM \"update\" AS u WHERE NOT EXISTS"
        " (SELECT 1 FROM update_measure WHERE update_id = u.id) AND id",
    ),
    "action": (
        "SELECT action_id, 'measure', measure_id FROM action_measure WHERE action_id",
        "SELECT id, 'outcome', outcome_id FROM action AS a WHERE NOT EXISTS"
        " (SELECT 1 FROM action_measure WHERE action_id = a.id) AND id",
    ),
    "update_measure": ("SELECT id, 'measure', measure_id FROM update_measure WHERE id",),
    "action_measure": ("SELECT id, 'measure', measure_id FROM action_measure WHERE id",),
    "observation": ("SELECT id, 'measure', measure_id FROM observation WHERE id",),
    "lead_person": ("SELECT id, 'lead', lead_id FROM lead_person WHERE id",),
    "lead": tuple(
        f"SELECT id, '{owner}', {owner}_id FROM lead WHERE {owner}_id IS NOT NULL AND id"
        for owner in ("priority", "outcome", "measure", "action")
    ),
}
_ITSELF: Final = (
    "plan", "round", "organisation", "person", "priority", "outcome", "measure", "section", "recommendation",
)  # fmt: skip


def shown_at(connection: Connection, rows: Iterable[RowKey]) -> dict[RowKey, tuple[RowKey, ...]]:
    """The rows of the tree at which these are shown, an update at every measure that it covers; those that
    are not in the plan are left out.
    """
    found: dict[RowKey, tuple[RowKey, ...]] = {}
    by_type: dict[str, set[str]] = {}
    for row_type, row_id in rows:
        by_type.setdefault(row_type, set()).add(row_id)
    for row_type, ids in by_type.items():
        for key, owners in _owners(connection, row_type, ids).items():
            if all(owner[0] in _ITSELF for owner in owners):
                found[key] = tuple(owners)
                continue
            above = shown_at(connection, owners)
            found[key] = tuple(dict.fromkeys(at for owner in owners for at in above.get(owner, ())))
    return found


def _owners(connection: Connection, row_type: str, ids: Iterable[str]) -> dict[RowKey, list[RowKey]]:
    if row_type in _ITSELF:
        statements: tuple[str, ...] = (f"SELECT id, '{row_type}', id FROM \"{row_type}\" WHERE id",)
    else:
        statements = _AT.get(row_type, ())
    wanted = json.dumps(sorted(ids))
    found: dict[RowKey, list[RowKey]] = {}
    for statement in statements:
        rows = connection.exec_driver_sql(f"{statement} IN (SELECT value FROM json_each(?))", (wanted,))
        for row_id, owner_type, owner_id in rows:
            found.setdefault((row_type, row_id), []).append((owner_type, owner_id))
    return found
