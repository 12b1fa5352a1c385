"""Makes of the changes of a file from outside what the plan takes them for: proposals, and nothing else.

What may be believed of them, and why it is done like this, stands in :mod:`cypp_desktop.store.claims`.
Changes of a proven copy of the plan are a colleague's, and stay as they are.

``db`` is the file with the plan attached as ``ours``.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from cypp_desktop.plan.base import fields_of, row_classes
from cypp_desktop.plan.identity import derived_id
from cypp_desktop.plan.signs import cleaned_value
from cypp_desktop.store import foreign_file
from cypp_desktop.store.changes import CREATED, DELETED, Change, to_json
from cypp_desktop.store.claims import Claim, counts_at, said_by
from cypp_desktop.store.log import RowKey
from cypp_desktop.store.raw_rows import columns_of, exact_json, stored_values

#: As much of a change's id as tells when it was made; the rest of what it is called here follows from what it
#: says. So changes of one file keep their order, and none can be made that has the name of another.
_TIME_IN_ID = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Where a file is from, as far as that is proven: the return it answers, to whom that was sent and when;
    and when it was received. Nothing is known of a stranger.
    """

    issue_id: str | None = None
    organisation: str | None = None
    issued_at: str | None = None
    received_at: str

    def name(self, kind: str, said: str) -> str:
        """What is called ``said`` in a file of this return, as the plan calls it."""
        return derived_id("received", kind, self.issue_id or "", said)


class _Origin(NamedTuple):
    """What a change counts as coming from, and what it said of that."""

    author: str
    file: str
    at: str
    step: str
    claim: str  # the last fields of a Change, in their order


class Claimed:
    """Takes the changes of a file for what they are; ``elsewhere`` are the parents that it does not have."""

    def __init__(self, db: sqlite3.Connection, sender: Sender, elsewhere: Collection[str]) -> None:
        self._db = db
        self._sender = sender
        self._elsewhere = elsewhere
        self._origins: dict[tuple[str, str, str, str], _Origin] = {}

    def taken(self, *lists: Sequence[Change]) -> list[list[Change]]:
        """These lists of changes (all that the file brings) as the plan takes them, without what it has."""
        every = [change for listed in lists for change in listed]
        names = {change.id: self._id(change) for change in every}
        known = self._known(every, names)
        # of a row that the plan does not have, what it was made with was there
        there = {_key(change): change.value for change in every if change.field == CREATED}
        there |= self._what_is_there(every)
        return [
            [
                self._taken(change, names, _before(change, there.get(_key(change))))
                for change in listed
                if names[change.id] not in known
            ]
            for listed in lists
        ]

    def _known(self, changes: Iterable[Change], names: Mapping[str, str]) -> set[str]:
        """Those of the names under which the plan has a change: none where it has nothing of their steps.

        A change that two files tell under different steps is left out where the files are merged.
        """
        steps = {self._sender.name("step", step) for step in {change.step for change in changes}}
        if not foreign_file.has_steps(self._db, steps):
            return set()
        return foreign_file.known_changes(self._db, names.values())

    def _taken(self, change: Change, names: Mapping[str, str], before: Any) -> Change:
        # the file has every change upon which it was honestly made; and what it says is not to be something
        # else than what it brings about, as where a decision is taken back
        parents = [names.get(id_, id_) for id_ in change.parents if id_ not in self._elsewhere]
        origin = self._origin(change)
        return Change(
            names[change.id],
            change.row_type,
            change.row_id,
            change.field,
            before,
            cleaned_value(change.value),
            tuple(dict.fromkeys(parents)) if len(parents) > 1 else tuple(parents),
            *origin,
        )

    def _origin(self, change: Change) -> _Origin:
        """The same for all that one person did in one step."""
        said = (change.author, change.file, change.at, change.step)
        known = self._origins.get(said)
        if known is None:
            sender = self._sender
            known = _Origin(
                said_by(sender.organisation, change.author),
                sender.name("file", change.file),
                counts_at(change.at, sender.issued_at, sender.received_at),
                sender.name("step", change.step),
                Claim(sender.issue_id, change.author, change.at).as_text(),
            )
            self._origins[said] = known
        return known

    def _id(self, change: Change) -> str:
        id_, row_type, row_id, field, _, value, parents, *_ = change
        # so that no text says what another value or more than one says
        said = f"text {len(value)} {value}" if isinstance(value, str) else to_json(value)
        says = (self._sender.issue_id or "", id_, row_type, row_id, field, said, *parents)
        digest = hashlib.sha256("\x1f".join(says).encode()).hexdigest()
        return f"{id_[:_TIME_IN_ID]}-8{digest[:3]}-{digest[3:15]}"

    def _what_is_there(self, changes: Iterable[Change]) -> dict[RowKey, dict[str, Any]]:
        """What the plan says now of what these are about; of rows that are gone, how they were made."""
        fields: dict[str, set[str]] = defaultdict(set)
        ids: dict[str, set[str]] = defaultdict(set)
        for change in changes:
            if change.field != CREATED:
                fields[change.row_type].add(change.field)
                ids[change.row_type].add(change.row_id)
        found: dict[RowKey, dict[str, Any]] = {}
        for row_type, wanted in ids.items():
            columns = _columns_of(row_type, fields[row_type])
            quoted = [f'"{name}"' for name in ("id", *columns)]
            for row in foreign_file.plan_rows(self._db, row_type, quoted, wanted):
                found[row_type, row[0]] = stored_values(row_type, row, columns)
            gone = [row_id for row_id in wanted if (row_type, row_id) not in found]
            for row_id, value in foreign_file.creations(self._db, row_type, gone):
                found[row_type, row_id] = exact_json(value)
        return found


def _columns_of(row_type: str, fields: set[str]) -> tuple[str, ...]:
    """The columns that must be read for what was there before changes of these fields."""
    if DELETED in fields:
        return columns_of(row_type)[1:]
    known = fields_of(row_classes()[row_type])
    return tuple(column for name in sorted(fields) for column in known[name].columns)


def _key(change: Change) -> RowKey:
    return change.row_type, change.row_id


def _before(change: Change, values: dict[str, Any] | None) -> Any:
    """What was there before a change of a row of which these ``values`` were there."""
    if change.field == CREATED:
        return None
    if change.field == DELETED:
        return values if change.value else True
    if values is None:
        return None
    columns = _columns_of_field(change.row_type, change.field)
    if len(columns) == 1:
        return values.get(columns[0])
    return {column: values.get(column) for column in columns}


@cache
def _columns_of_field(row_type: str, field: str) -> tuple[str, ...]:
    return fields_of(row_classes()[row_type])[field].columns
