"""What goes into a return: the rows asked for and what they stand on, with the heads of their fields.

No other agency's drafts, no working notes, no history. Reads only.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from cypp_desktop.merge.model import Scope
from cypp_desktop.merge.partner_rights import goes_along
from cypp_desktop.plan.base import Field, fields_of, row_classes
from cypp_desktop.store.changes import CREATED, DELETED, Change, field_state, reopens, to_json
from cypp_desktop.store.foreign_file import WITHHELD
from cypp_desktop.store.raw_rows import (
    LoggedChange,
    changes_of,
    columns_of,
    ids_of,
    select_rows,
    stored_values,
)
from cypp_desktop.store.sqlite_queries import meta_values


@dataclass(slots=True)
class Extract:
    """Rows by type as the tables of the return will hold them, and their changes."""

    rows: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)
    changes: list[LoggedChange] = field(default_factory=list)

    @property
    def held(self) -> list[tuple[str, str]]:
        """The rows of which a decision was taken back, by type and id: what the file says it holds open."""
        found = {(each.row_type, each.row_id) for each in self.changes if each.is_head and _takes_back(each)}
        return sorted(found)


def extract(
    db: sqlite3.Connection, scope: Scope, rounds: Iterable[str | None], organisation_id: str
) -> Extract:
    """The rows and changes of a return of this scope; ``rounds`` are those whose updates are shown."""
    rows = _Gathering(db, scope, [id_ for id_ in rounds if id_ is not None], organisation_id).rows
    found = Extract()
    for row_type in row_classes():
        kept = rows.get(row_type, [])
        values = {row[0]: _shown_values(row_type, row) for row in kept}
        found.changes += _changes(db, row_type, values)
        found.rows[row_type] = [_shown_row(row_type, row) for row in kept]
    return found


class _Gathering:
    """Which rows a return holds: every row that one of them names is there too."""

    def __init__(self, db: sqlite3.Connection, scope: Scope, rounds: list[str], organisation_id: str) -> None:
        self.db = db
        self.rows: dict[str, list[tuple[Any, ...]]] = {}
        self.take("plan", ids_of(db, "plan"))
        self.take("round", rounds)
        self.take("action", scope.actions | self._linked("action_measure", "action_id", scope.measures))
        self.take("update", self._updates(scope, rounds))
        self.take("action_measure", self.ids("action"), by="action_id")
        self.take("update_measure", self.ids("update"), by="update_id")
        # what a shared text is about is named, also where it is another's to answer
        self.take("measure", scope.measures | self.named("action_measure", "measure_id")
                  | self.named("update_measure", "measure_id"))  # fmt: skip
        self.take("observation", scope.measures, by="measure_id")
        standing = (self.named(row_type, "outcome_id") for row_type in ("measure", "action", "update"))
        self.take("outcome", scope.outcomes.union(*standing))
        self.take("priority", self.named("outcome", "priority_id"))
        self._leads(scope)
        self.take("lead_person", self.ids("lead"), by="lead_id")
        self.take("person", self.named("lead_person", "person_id"))
        named = self.named("lead", "organisation_id") | self.named("person", "organisation_id")
        self.take("organisation", named | {organisation_id})

    def take(self, row_type: str, ids: Iterable[str], *, by: str = "id") -> None:
        self.rows[row_type] = select_rows(self.db, row_type, ids, by=by)

    def ids(self, row_type: str) -> set[str]:
        return {row[0] for row in self.rows[row_type]}

    def named(self, row_type: str, column: str) -> set[str]:
        at = columns_of(row_type).index(column)
        return {row[at] for row in self.rows[row_type] if row[at] is not None}

    def _linked(self, link: str, column: str, measures: Iterable[str]) -> set[str]:
        at = columns_of(link).index(column)
        return {row[at] for row in select_rows(self.db, link, measures, by="measure_id")}

    def _updates(self, scope: Scope, rounds: list[str]) -> set[str]:
        """The updates of these rounds that cover what is asked, and the whole outcome's where it is asked."""
        covering = self._linked("update_measure", "update_id", scope.measures)
        of_round = columns_of("update").index("round_id")
        found = {row[0] for row in select_rows(self.db, "update", covering) if row[of_round] in rounds}
        whole = [
            row[0]
            for row in select_rows(self.db, "update", scope.outcomes, by="outcome_id")
            if row[of_round] in rounds
        ]
        return found | scope.updates | (set(whole) - self._covering(whole))

    def _covering(self, updates: Iterable[str]) -> set[str]:
        at = columns_of("update_measure").index("update_id")
        return {row[at] for row in select_rows(self.db, "update_measure", updates, by="update_id")}

    def _leads(self, scope: Scope) -> None:
        found = [
            *select_rows(self.db, "lead", scope.measures, by="measure_id"),
            *select_rows(self.db, "lead", scope.outcomes, by="outcome_id"),
            *select_rows(self.db, "lead", self.ids("action"), by="action_id"),
        ]
        self.rows["lead"] = sorted(found, key=lambda row: str(row[0]))


# ------------------------------------------------------------------ what is shown of them


def _withheld_columns(row_type: str) -> dict[str, Any]:
    """The columns emptied in a return, with what they hold instead."""
    cls = row_classes()[row_type]
    columns = cls.__table__.columns
    found: dict[str, Any] = {}
    for name, field_ in fields_of(cls).items():
        if not goes_along(row_type, name):
            for column in field_.columns:
                default = columns[column].info.get("default")
                found[column] = default() if callable(default) else default
    return found


def _shown_values(row_type: str, row: tuple[Any, ...]) -> dict[str, Any]:
    return {**stored_values(row_type, row, columns_of(row_type)[1:]), **_withheld_columns(row_type)}


def _shown_row(row_type: str, row: tuple[Any, ...]) -> tuple[Any, ...]:
    withheld = _withheld_columns(row_type)
    return tuple(
        _as_column(withheld[name]) if name in withheld else value
        for name, value in zip(columns_of(row_type), row, strict=True)
    )


def _as_column(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, list | dict) else value


def _changes(db: sqlite3.Connection, row_type: str, shown: dict[str, dict[str, Any]]) -> list[LoggedChange]:
    """The heads of the rows, with creations that tell what the rows say now in place of what they once said.

    Where a field has several heads, or a row was made twice, what it says follows from more than that: then
    all of its changes go along.
    """
    by_row = _by_row(changes_of(db, row_type, shown, only_heads=True))
    contested = {row_id: _contested(row_type, heads) for row_id, heads in by_row.items()}
    whole = _by_row(changes_of(db, row_type, [row_id for row_id, names in contested.items() if names]))
    own = _files_of_plan(db)
    found: list[LoggedChange] = []
    for row_id, heads in by_row.items():
        names = contested[row_id]
        kept = [change for change in heads if change.field not in names]
        kept += [change for change in whole.get(row_id, ()) if change.field in names - {CREATED}]
        sent = [change for change in kept if _is_sent(row_type, change)]
        sent.sort(key=lambda change: str(change.id))
        as_sent = [_as_sent(row_type, change, shown[row_id], names) for change in sent]
        found += _without_history(as_sent, names, own) if names else as_sent
    return found


def _without_history(
    changes: list[LoggedChange], contested: Collection[str], own: Collection[str]
) -> list[LoggedChange]:
    """The changes of a row without what contested fields once said and say no more: of such a change only its
    place among the others goes along, unless what the field says now follows from its words too.
    """
    kept = list(changes)
    for name in contested:
        field_ = fields_of(row_classes()[changes[0].row_type])[name]
        if not any(change.field == CREATED for change in changes):
            continue
        says = _said_by(kept, field_, own)
        for at, change in enumerate(kept):
            if change.field == name and not change.is_head:
                emptied = [*kept[:at], change._replace(value=WITHHELD), *kept[at + 1 :]]
                if _said_by(emptied, field_, own) == says:
                    kept = emptied
    return kept


def _said_by(changes: Iterable[LoggedChange], field_: Field, own: Collection[str]) -> tuple[Any, ...] | None:
    """What a field says by the changes of its row, and how: its value, mark and what its heads have in
    common. None where that cannot be told.
    """
    read = [
        Change(
            one.id, one.row_type, one.row_id, one.field, None, json.loads(one.value),
            tuple(json.loads(one.parents)), one.author, one.file, one.at, one.step,
        )
        for one in changes
        if one.field in (field_.name, CREATED)
    ]  # fmt: skip
    created = [one for one in read if one.field == CREATED]
    try:
        found = field_state(field_, [one for one in read if one.field != CREATED], created, own)
    except (TypeError, KeyError, AttributeError):
        return None
    return found.value, found.mark, found.base, tuple(head.value for head in found.heads)


def _files_of_plan(db: sqlite3.Connection) -> frozenset[str]:
    """The ids that the plan's own file has had."""
    said = meta_values(db, ("file_id", "own_files"))
    return frozenset((*json.loads(said.get("own_files", "[]")), said["file_id"]))


def _by_row(changes: Iterable[LoggedChange]) -> dict[str, list[LoggedChange]]:
    found: dict[str, list[LoggedChange]] = defaultdict(list)
    for change in changes:
        found[change.row_id].append(change)
    return found


def _is_sent(row_type: str, change: LoggedChange) -> bool:
    # that a row was once deleted is history; that it was made again is what later deletions have seen
    return goes_along(row_type, change.field) and not (change.field == DELETED and change.value == "true")


def _takes_back(change: LoggedChange) -> bool:
    return change.parents.count(",") > 1 and reopens(json.loads(change.parents))


def _contested(row_type: str, heads: Iterable[LoggedChange]) -> frozenset[str]:
    """The fields of a row that have several heads, or one that takes a decision back: all, where the row
    was made twice.
    """
    counts: dict[str, int] = defaultdict(int)
    for change in heads:
        counts[change.field] += 2 if _takes_back(change) else 1
    if counts[CREATED] > 1:
        return frozenset(fields_of(row_classes()[row_type]))
    return frozenset(name for name, count in counts.items() if count > 1 and name != DELETED)


def _as_sent(
    row_type: str, change: LoggedChange, shown: dict[str, Any], contested: frozenset[str]
) -> LoggedChange:
    """A change as it goes along: a creation says what the row says now, but for contested fields and what
    is withheld.
    """
    if change.field != CREATED:
        return change
    said_once = json.loads(change.value)
    fields = fields_of(row_classes()[row_type])
    values = dict(shown)
    for name in contested:
        if goes_along(row_type, name):
            values.update(
                (column, said_once[column]) for column in fields[name].columns if column in said_once
            )
    return change._replace(value=to_json(values))
