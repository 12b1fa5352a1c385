"""What a return may change: the rows asked for, and what stands in them. All else is outside what was asked.

Judged by what the plan knows of its rows, never by what the file says of them, but for rows that the file
itself makes.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from cypp_desktop.merge.model import Scope
from cypp_desktop.merge.partner_rights import PartnerRights, may_change, standing_columns
from cypp_desktop.plan.shape import links_of, owners_of, within_one_outcome
from cypp_desktop.store import foreign_file
from cypp_desktop.store.changes import CREATED, DELETED, Change
from cypp_desktop.store.log import RowKey
from cypp_desktop.store.raw_rows import exact_json

#: Rows whose id follows from what they join: two people who make one apart make one and the same.
_MADE_APART = frozenset(("update", "update_measure", "action_measure", "lead_person"))


class Within:
    """Tells changes within a scope from those outside, for the file that ``changes`` come from.

    ``db`` has the plan attached as ``ours``; ``round_id`` is the round that was asked for.
    """

    def __init__(
        self, db: sqlite3.Connection, scope: Scope, round_id: str | None, changes: Iterable[Change]
    ) -> None:
        self._db = db
        self._scope = scope
        self._rights = PartnerRights(scope, round_id, self)
        listed = [change for change in changes if not self._is_plainly_inside(change)]
        self._known = self._rows_of({(change.row_type, change.row_id) for change in listed})
        self._made: dict[RowKey, dict[str, Any]] = {
            (change.row_type, change.row_id): change.value for change in listed if change.field == CREATED
        }
        self._links: dict[str, list[RowKey]] = defaultdict(list)
        for key, values in self._made.items():
            if key[0] in within_one_outcome():
                ((column, _),) = owners_of(key[0])
                self._links[values[column]].append(key)

    @cached_property
    def _theirs(self) -> set[RowKey]:
        """The rows that were made in the return, whether or not the plan has them by now."""
        made = foreign_file.made_in_return(self._db, (row_id for _, row_id in self._known))
        found = self._known.keys() & made
        return found | {key for key in self._made if key not in self._known or key[0] in _MADE_APART}

    def parted(self, changes: Iterable[Change]) -> tuple[list[Change], list[Change]]:
        """The changes within and those outside. What was deleted along with a row outside is outside too."""
        inside, outside = list[Change](), list[Change]()
        for change in changes:
            (inside if self._may(change) else outside).append(change)
        steps = {change.step for change in outside if change.field == DELETED}
        along = [change for change in inside if change.field == DELETED and change.step in steps]
        if along:
            inside = [change for change in inside if change not in along]
            outside += along
        return inside, outside

    def _may(self, change: Change) -> bool:
        if self._is_plainly_inside(change):
            return True
        key = (change.row_type, change.row_id)
        if change.field == DELETED:
            return self._rights.may_delete(key)
        return self._rights.may_change(key, change.field)

    def _is_plainly_inside(self, change: Change) -> bool:
        """Whether it edits a row that is asked for, in a way that needs no look into the plan: as most do."""
        return (
            change.field != DELETED
            and may_change(change.row_type, change.field)
            and self._scope.holds(change.row_type, change.row_id)
        )

    # ------------------------------------------------------------------ what is known of the rows

    def standing(self, key: RowKey) -> Mapping[str, Any] | None:
        """What the plan knows of a row, or the file where it has made it."""
        return self._known.get(key) or self._made.get(key) or self._rows_of({key}).get(key)

    def is_partners(self, key: RowKey) -> bool:
        """Whether the row was made in the return."""
        return key not in self._known or key in self._theirs

    def measures_of(self, key: RowKey) -> set[str]:
        """The measures that a text is about: in the plan, where it knows the text too."""
        row_type, row_id = key
        if key in self._known:
            link = links_of(row_type)
            assert link is not None
            found = foreign_file.plan_rows(self._db, link, ["measure_id"], [row_id], by=f"{row_type}_id")
            return {id_ for (id_,) in found}
        return {self._made[link]["measure_id"] for link in self._links[row_id]}

    def _rows_of(self, keys: set[RowKey]) -> dict[RowKey, dict[str, Any]]:
        """What the plan knows of rows: as they are, or as they were made where they are no longer there."""
        found: dict[RowKey, dict[str, Any]] = {}
        by_type: dict[str, list[str]] = defaultdict(list)
        for row_type, row_id in keys:
            by_type[row_type].append(row_id)
        for row_type, ids in by_type.items():
            columns = ("id", *standing_columns(row_type))
            for row in foreign_file.plan_rows(self._db, row_type, columns, ids):
                found[row_type, row[0]] = dict(zip(columns, row, strict=True))
            gone = [row_id for row_id in ids if (row_type, row_id) not in found]
            for row_id, value in foreign_file.creations(self._db, row_type, gone):
                found[row_type, row_id] = exact_json(value)
        return found
