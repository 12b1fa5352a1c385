"""What a return may change: the rows asked for, and what stands in them. All else is outside what was asked.

Judged by what the plan knows of its rows, never by what the file says of them, but for rows that the file
itself makes.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from cypp_desktop.merge.model import Scope
from cypp_desktop.merge.partner_rights import PartnerRights, may_change, standing_columns
from cypp_desktop.plan.base import fields_of, row_classes
from cypp_desktop.plan.likeness import looks
from cypp_desktop.plan.shape import links_of, owners_of, within_one_outcome
from cypp_desktop.plan.words import cut
from cypp_desktop.store import foreign_file
from cypp_desktop.store.changes import CREATED, DELETED, Change
from cypp_desktop.store.claims import claim_of
from cypp_desktop.store.liveness import references
from cypp_desktop.store.log import RowKey
from cypp_desktop.store.raw_rows import exact_json

#: Rows whose id follows from what they join: two people who make one apart make one and the same.
_MADE_APART = frozenset(("update", "update_measure", "action_measure", "lead_person"))


#: Who is named, by row type: the fields by which people know them.
NAMES: Final = {"organisation": ("name", "short_name"), "person": ("name",)}
#: What names them: the row type and its column, by the type of what is named.
_NAMED_IN: Final = {
    "organisation": (("lead", "organisation_id"), ("person", "organisation_id")),
    "person": (("lead_person", "person_id"),),
}
_NAMES_ONE_LEFT_OUT: Final = "It names somebody new who comes in only if you let them."
_NAMED_BY_NOTHING: Final = "Nothing that was asked for names it."


@dataclass(frozen=True, slots=True)
class AskedFor:
    """What a return was sent out for: its id, the rows, and the round."""

    issue_id: str
    scope: Scope
    round_id: str | None


class Within:
    """Tells changes within what was ``asked`` from those outside, for the file that ``changes`` come from.

    ``db`` has the plan attached as ``ours``. ``doubts`` are the organisations and people that the file makes
    and that come in only if a person lets them, with the reason in a sentence.
    """

    def __init__(self, db: sqlite3.Connection, asked: AskedFor, changes: Iterable[Change]) -> None:
        self._db = db
        self._issue_id = asked.issue_id
        self._scope = asked.scope
        self._rights = PartnerRights(asked.scope, asked.round_id, self)
        self.doubts: dict[RowKey, str] = {}
        listed = [change for change in changes if not self._is_plainly_inside(change)]
        self._to_look_at = {change.id for change in listed}
        self._known = self._rows_of({(change.row_type, change.row_id) for change in listed})
        self._made: dict[RowKey, dict[str, Any]] = {
            (change.row_type, change.row_id): change.value for change in listed if change.field == CREATED
        }
        self._links: dict[str, list[RowKey]] = defaultdict(list)
        for key, values in self._made.items():
            if key[0] in within_one_outcome():
                ((column, _),) = owners_of(key[0])
                self._links[values[column]].append(key)
        self._partners: dict[RowKey, bool] = {}
        self._looks: dict[str, dict[str, list[tuple[str, str]]]] = {}
        self._named = self._said_to_be_called(listed)
        self._naming = self._rows_that_name(listed)

    def parted(self, changes: Iterable[Change]) -> tuple[list[Change], list[Change]]:
        """The changes within and those outside. What was deleted along with a row outside is outside too."""
        inside, outside = list[Change](), list[Change]()
        for change in changes:
            is_plain = change.id not in self._to_look_at
            (inside if is_plain or self._comes_in(change) else outside).append(change)
        for change in outside:
            if change.field == CREATED and change.row_type in NAMES:
                self.doubts.setdefault((change.row_type, change.row_id), _NAMED_BY_NOTHING)
        inside, more = self._without_what_names(self._left_out(outside), inside)
        outside += more
        steps = {change.step for change in outside if change.field == DELETED}
        along = [change for change in inside if change.field == DELETED and change.step in steps]
        if along:
            inside = [change for change in inside if change not in along]
            outside += along
        return inside, outside

    def _left_out(self, outside: Iterable[Change]) -> set[RowKey]:
        """The organisations and people that the plan does not have and that do not come in by themselves."""
        made = {(change.row_type, change.row_id) for change in outside if change.field == CREATED}
        return {key for key in made if key[0] in NAMES and key not in self._known}

    def _without_what_names(
        self, left_out: set[RowKey], changes: list[Change]
    ) -> tuple[list[Change], list[Change]]:
        """The changes that can come in without these rows, and the others: what names one of them would
        come in without it, and take away what the plan says there.
        """
        others: list[Change] = []
        is_growing = bool(left_out)
        while is_growing:
            naming = [change for change in changes if self._names_one(change, left_out)]
            others += naming
            changes = [change for change in changes if change not in naming]
            for change in naming:
                key = (change.row_type, change.row_id)
                self.doubts.setdefault(key, _NAMES_ONE_LEFT_OUT)
                if change.field == CREATED and key not in self._known:
                    left_out.add(key)
            is_growing = bool(naming)
        return changes, others

    def _names_one(self, change: Change, rows: set[RowKey]) -> bool:
        """Whether a change is about one of these rows or names it."""
        if (change.row_type, change.row_id) in rows:
            return True
        if change.field == DELETED:
            return False
        says = change.value
        if change.field != CREATED:
            says = fields_of(row_classes()[change.row_type])[change.field].as_columns(change.value)
        return any((each.target, says.get(each.column)) in rows for each in references(change.row_type))

    def _comes_in(self, change: Change) -> bool:
        return self._may(change) and not self._is_doubtful(change)

    def _may(self, change: Change) -> bool:
        key = (change.row_type, change.row_id)
        if change.field == DELETED:
            return self._rights.may_delete(key)
        return self._rights.may_change(key, change.field) and self._may_stand_there(key, change)

    def _may_stand_there(self, key: RowKey, change: Change) -> bool:
        """Whether what a change says of where a row stands, or of what it joins, is in what was asked too."""
        columns = standing_columns(key[0])
        if change.field == CREATED:
            return self._rights.may_stand(key, {**dict.fromkeys(columns), **change.value})
        moved = [name for name in fields_of(row_classes()[key[0]])[change.field].columns if name in columns]
        if not moved:
            return True
        says = fields_of(row_classes()[key[0]])[change.field].as_columns(change.value)
        return self._rights.may_stand(key, {**(self.standing(key) or {}), **says})

    def _is_plainly_inside(self, change: Change) -> bool:
        """Whether it edits a row that is asked for, in a way that needs no look into the plan: as most do."""
        return (
            change.field != DELETED
            and may_change(change.row_type, change.field)
            and self._scope.holds(change.row_type, change.row_id)
        )

    # ------------------------------------------------------------------ organisations and people

    def _is_doubtful(self, change: Change) -> bool:
        """Whether it is about a new organisation or person that looks like one that the plan has."""
        key = (change.row_type, change.row_id)
        names = self._named.get(key, ())
        if key in self._known:  # who came in before is taken for one more: only another name is in doubt
            names = [change.value] if change.field in NAMES.get(change.row_type, ()) else ()
        for name in filter(None, names):
            known = self._who_is_called(key, name)
            if known is not None:
                self.doubts[key] = f"It is called like “{cut(known, 80)}”, which is in the plan already."
                return True
        return False

    def _said_to_be_called(self, changes: Iterable[Change]) -> dict[RowKey, list[str]]:
        """Of organisations and people, the names that the file gives them."""
        found: dict[RowKey, list[str]] = defaultdict(list)
        for change in changes:
            fields = NAMES.get(change.row_type, ())
            if change.field == CREATED:
                names = [change.value.get(field) for field in fields]
            else:
                names = [change.value] if change.field in fields else []
            found[change.row_type, change.row_id] += [name for name in names if name and looks(name)]
        return found

    def _who_is_called(self, key: RowKey, name: str) -> str | None:
        """What another one in the plan is called that looks like this; None where there is none."""
        for id_, known in self._known_by_looks(key[0]).get(looks(name), ()):
            if id_ != key[1]:
                return known
        return None

    def _known_by_looks(self, row_type: str) -> dict[str, list[tuple[str, str]]]:
        """Those of the plan by how their names look, but for those that came in from outside: what comes in
        must not depend on which return was received first.
        """
        if row_type not in self._looks:
            found: dict[str, list[tuple[str, str]]] = defaultdict(list)
            rows = foreign_file.every_plan_row(self._db, row_type, NAMES[row_type])
            made_here = self._made_here({id_ for id_, *_ in rows})
            for id_, *names in rows:
                if id_ in made_here:
                    for name in filter(None, names):
                        found[looks(name)].append((id_, name))
            self._looks[row_type] = found
        return self._looks[row_type]

    def _made_here(self, ids: set[str]) -> set[str]:
        """Those of the plan's rows that somebody made who keeps it."""
        return {row_id for _, row_id, claim, _ in foreign_file.makers(self._db, ids) if claim is None}

    def named_by(self, key: RowKey) -> list[RowKey]:
        """The rows of the plan and of the file that name an organisation or a person."""
        found = list(self._naming.get(key, ()))
        for row_type, column in _NAMED_IN[key[0]]:
            listed = foreign_file.plan_rows(self._db, row_type, ["id"], [key[1]], by=column)
            found += [(row_type, id_) for (id_,) in listed]
        return found

    def _rows_that_name(self, changes: Iterable[Change]) -> dict[RowKey, list[RowKey]]:
        """The rows that name an organisation or a person, as the file's changes say it."""
        found: dict[RowKey, list[RowKey]] = defaultdict(list)
        for change in changes:
            for named, naming in _NAMED_IN.items():
                for row_type, column in naming:
                    if change.row_type == row_type and change.field in (CREATED, column):
                        says = change.value.get(column) if change.field == CREATED else change.value
                        if says is not None:
                            found[named, says].append((row_type, change.row_id))
        return found

    # ------------------------------------------------------------------ what is known of the rows

    def standing(self, key: RowKey) -> Mapping[str, Any] | None:
        """What the plan knows of a row, or the file where it has made it."""
        return self._known.get(key) or self._made.get(key) or self._rows_of({key}).get(key)

    def is_partners(self, key: RowKey) -> bool:
        """Whether the row was made in this return, whether or not the plan has it by now."""
        if key not in self._partners:
            alike = {other for other in (*self._known, *self._made) if other[0] == key[0]}
            self._find_makers({key, *alike})
        return self._partners[key]

    def _find_makers(self, keys: set[RowKey]) -> None:
        """A row that others made is the partner's too where both made it apart: it was not in the file."""
        made_by_others: dict[RowKey, list[bool]] = defaultdict(list)
        known: set[RowKey] = set()
        for row_type, row_id, claim, was_sent in foreign_file.makers(self._db, {id_ for _, id_ in keys}):
            known.add((row_type, row_id))
            said = claim_of(claim)
            if said is None or said.issue != self._issue_id:
                made_by_others[row_type, row_id].append(bool(was_sent))
        for key in keys:
            is_made_here = key in self._made and (key not in known or key[0] in _MADE_APART)
            others = made_by_others[key]
            self._partners[key] = (is_made_here and not any(others)) or (key in known and not others)

    def measures_of(self, key: RowKey) -> set[str]:
        """The measures that a text is about: in the plan, where it knows the text too."""
        row_type, row_id = key
        link = links_of(row_type)
        assert link is not None
        if key in self._known or self._rows_of({key}):
            found = foreign_file.plan_rows(self._db, link, ["measure_id"], [row_id], by=f"{row_type}_id")
            return {id_ for (id_,) in found}
        return {self._made[other]["measure_id"] for other in self._links[row_id]}

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
