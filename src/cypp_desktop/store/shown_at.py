"""In which row of the tree, and so in whose panel, other rows are shown; asked for many at once."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from cypp_desktop.plan.base import row_classes
from cypp_desktop.plan.levels import LEVELS
from cypp_desktop.plan.shape import is_of_plan, links_of, owners_of, within_one_outcome

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

RowKey = tuple[str, str]


@cache
def _is_in_tree(row_type: str) -> bool:
    """Whether rows of a type have a line of their own in the tree."""
    return row_type == "plan" or row_type in LEVELS or is_of_plan(row_type)


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
            if all(_is_in_tree(owner[0]) for owner in owners):
                found[key] = tuple(owners)
                continue
            above = shown_at(connection, owners)
            found[key] = tuple(dict.fromkeys(at for owner in owners for at in above.get(owner, ())))
    return found


def _owners(connection: Connection, row_type: str, ids: Iterable[str]) -> dict[RowKey, list[RowKey]]:
    """For each of these rows that is in the plan the rows at which it is shown, or through which it is."""
    wanted = json.dumps(sorted(ids))
    found: dict[RowKey, list[RowKey]] = {}
    for statement in _statements(row_type):
        rows = connection.exec_driver_sql(f"{statement} IN (SELECT value FROM json_each(?))", (wanted,))
        for row_id, owner_type, owner_id in rows:
            found.setdefault((row_type, row_id), []).append((owner_type, owner_id))
    return found


@cache
def _statements(row_type: str) -> tuple[str, ...]:
    """Statements, each to be followed by ``IN`` and some ids of rows of this type.

    Each gives of some of those rows: its id, then type and id of the row at which it is shown.
    """
    if _is_in_tree(row_type):
        return (f"SELECT id, '{row_type}', id FROM \"{row_type}\" WHERE id",)
    if row_type not in row_classes():
        return ()
    if row_type in within_one_outcome():
        return (f"SELECT id, 'measure', measure_id FROM {row_type} WHERE id",)
    links = links_of(row_type)
    if links is not None:  # a text: at the measures that it covers, else at its outcome
        return (
            f"SELECT {row_type}_id, 'measure', measure_id FROM {links} WHERE {row_type}_id",
            f"SELECT id, 'outcome', outcome_id FROM \"{row_type}\" AS t WHERE NOT EXISTS"
            f" (SELECT 1 FROM {links} WHERE {row_type}_id = t.id) AND id",
        )
    return tuple(
        f"SELECT id, '{owner}', {column} FROM {row_type} WHERE {column} IS NOT NULL AND id"
        for column, owner in owners_of(row_type)
    )
