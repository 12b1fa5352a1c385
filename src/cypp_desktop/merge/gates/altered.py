"""What another program did to the rows of a file behind the application's back, as proposed changes.

A row must say what its changes say. Where it does not, what it says instead is put forward like any edit,
for a person to take or leave. ``db`` is a file that went through the gates before, with the plan attached as
``ours``.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cypp_desktop.merge.gates.refused import Unreadable
from cypp_desktop.merge.gates.typed import is_id, row_fault, value_fault
from cypp_desktop.merge.partner_rights import goes_along
from cypp_desktop.plan.base import fields_of, row_classes
from cypp_desktop.plan.identity import derived_id
from cypp_desktop.plan.signs import says
from cypp_desktop.store import foreign_file, liveness
from cypp_desktop.store.changes import (
    CREATED,
    DELETED,
    Change,
    RowState,
    heads,
    heads_of_field,
    reopened_heads,
    row_state,
    to_json,
    value_in,
)
from cypp_desktop.store.log import RowKey
from cypp_desktop.store.raw_rows import columns_of, exact_json, select_rows, stored_values
from cypp_desktop.store.removal import VALUE, part_of

#: Who is said to have made a change that the application did not record.
OUTSIDE = "Another program"


@dataclass(frozen=True, slots=True)
class Told:
    """What proposed changes say of themselves: the file they come from and when that was last finished."""

    file_id: str
    at: str
    own: frozenset[str]


def suspect_rows(db: sqlite3.Connection, changes: Iterable[Change]) -> set[RowKey]:
    """Of the rows that these changes are about, those that may say something else than the changes do.

    A quick look, at the fields that were changed alone: for a return whose seal holds.
    """
    last: dict[tuple[RowKey, str], list[Change]] = defaultdict(list)
    for change in changes:
        last[(change.row_type, change.row_id), change.field].append(change)
    stored = _stored_rows(db, {key for key, _ in last}, _columns_about(last))
    contested = foreign_file.rows_with_several_heads(db)
    return {
        key
        for (key, name), listed in last.items()
        if key[1] in contested or not _is_said(key, name, listed, stored.get(key), last)
    }


def _columns_about(fields: Iterable[tuple[RowKey, str]]) -> dict[str, set[str]]:
    """By row type, the columns of these fields of rows; where a row was made, all of them."""
    found: dict[str, set[str]] = defaultdict(set)
    for (row_type, _), name in fields:
        if name == CREATED:
            found[row_type].update(columns_of(row_type)[1:])
        elif name != DELETED:
            found[row_type].update(fields_of(row_classes()[row_type])[name].columns)
    return found


def _is_said(
    key: RowKey,
    name: str,
    changes: Sequence[Change],
    stored: dict[str, Any] | None,
    last: Mapping[tuple[RowKey, str], Sequence[Change]],
) -> bool:
    """Whether a row says what the changes of one of its fields say; where in doubt, it does not."""
    tips = changes if len(changes) == 1 else heads(changes)
    if stored is None or len(tips) != 1 or name == DELETED or reopened_heads(tips[0]):
        return False
    if name == CREATED:
        fields = fields_of(row_classes()[key[0]]).values()
        return all(
            (key, field_.name) in last or says(field_.value_of(stored), value_in(tips[0], field_))
            for field_ in fields
        )
    return says(fields_of(row_classes()[key[0]])[name].value_of(stored), tips[0].value)


def altered_rows(db: sqlite3.Connection, keys: Collection[RowKey], told: Told) -> list[Change]:
    """What the given rows say instead of what their changes say, as changes that the plan may take.

    Raises Unreadable where a row cannot be in a plan, or is one of the plan's whose changes were taken out.
    """
    changes = _changes_of(db, keys)
    states = {
        key: state
        for key, listed in changes.items()
        if (state := row_state(listed, fields_of(row_classes()[key[0]]), told.own)) is not None
    }
    liveness.set_live(states, _Stored(db, states))
    stored = _stored_rows(db, keys)
    found: list[Change] = []
    for key in sorted({*states, *stored}):
        found += _differences(key, states.get(key), stored.get(key), changes.get(key, ()), told)
    made = [(change.row_type, change.row_id) for change in found if change.field == CREATED]
    if not foreign_file.rows_changed(db, (row_id for _, row_id in made)).isdisjoint(made):
        raise Unreadable("a row whose changes were taken out of it")
    return found


def retold_creations(db: sqlite3.Connection, told: Told) -> list[Change]:
    """What creations in a return tell of fields that nobody has changed since, and the plan never said.

    Whoever alters a row and its creation alike leaves a row that says what its changes say.
    """
    found: list[Change] = []
    changed = foreign_file.changed_fields(db)
    listed = foreign_file.retold(db)
    removed: dict[str, set[str]] = defaultdict(set)
    for id_, part in foreign_file.parts_removed(db, foreign_file.OURS, (each[0] for each in listed)):
        removed[id_].add(part)
    for id_, row_type, row_id, here, there in listed:
        says, said = exact_json(here), exact_json(there)
        # what was removed here for good stood in the return when it was sent: nobody has written it since
        says |= {name: said.get(name) for name in says if part_of(VALUE, name) in removed[id_]}
        for name, field_ in fields_of(row_classes()[row_type]).items():
            if not goes_along(row_type, name) or (row_type, row_id, name) in changed:
                continue
            value, before = (field_.value_of({**dict.fromkeys(field_.columns), **v}) for v in (says, said))
            # a link whose other end cannot be is empty in the plan's tables
            if value != before and not (field_.kind == "link" and value is None):
                found.append(_proposed((row_type, row_id), name, before, value, (id_,), told))
    return found


def _differences(
    key: RowKey,
    state: RowState | None,
    stored: dict[str, Any] | None,
    changes: Sequence[Change],
    told: Told,
) -> list[Change]:
    """What a row says (``stored``) instead of what its changes say (``state``), as proposed changes."""
    if state is None:
        return [] if stored is None else [_proposed(key, CREATED, None, stored, (), told)]
    by_field = _by_field(changes)
    if stored is None:
        if not state.live:
            return []
        seen = [head for of_field in by_field.values() for head in heads(of_field)]
        ids = tuple(sorted(head.id for head in seen))
        return [_proposed(key, DELETED, state.stored, True, ids, told)]
    found: list[Change] = []
    if not state.live:
        found.append(_proposed(key, DELETED, True, False, _ids(heads(by_field.get(DELETED, ()))), told))
    for name, field_ in fields_of(row_classes()[key[0]]).items():
        value, said = field_.value_of(stored), field_.value_of(state.stored)
        if not says(value, said):
            seen = heads_of_field(by_field.get(name, ()), by_field[CREATED])
            found.append(_proposed(key, name, said, value, _ids(seen), told))
    return found


def _proposed(
    key: RowKey, name: str, before: Any, value: Any, parents: tuple[str, ...], told: Told
) -> Change:
    """The same alteration has the same id in whatever file it comes: it can be taken in but once."""
    if not is_id(key[1]):
        raise Unreadable("row with an id that is none")
    if fault := value_fault(key[0], name, value):
        raise Unreadable(f"value {fault}")
    id_ = derived_id("altered", *key, name, to_json(value), *parents)
    step = derived_id("altered", told.file_id)
    return Change(id_, *key, name, before, value, parents, OUTSIDE, told.file_id, told.at, step)


def _ids(changes: Iterable[Change]) -> tuple[str, ...]:
    return tuple(change.id for change in changes)


def _by_field(changes: Iterable[Change]) -> dict[str, list[Change]]:
    found: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        found[change.field].append(change)
    return found


# ------------------------------------------------------------------ reading


def _changes_of(db: sqlite3.Connection, keys: Collection[RowKey]) -> dict[RowKey, list[Change]]:
    """All changes of the rows in the file. New ones were looked at before, and known ones are the plan's
    own, but for creations: in a return they tell what the row said when it was sent.
    """
    wanted = set(keys)
    found: dict[RowKey, list[Change]] = defaultdict(list)
    for row in foreign_file.changes_of_rows(db, (row_id for _, row_id in wanted)):
        if (row[1], row[2]) in wanted:
            found[row[1], row[2]].append(_change(row))
    return found


def _change(row: tuple[Any, ...]) -> Change:
    id_, row_type, row_id, name, _, value, parents, *rest = row
    said = exact_json(value)
    if name == CREATED and (fault := row_fault(row_type, said)):
        raise Unreadable(f"value {fault}")
    return Change(id_, row_type, row_id, name, None, said, tuple(exact_json(parents)), *rest)


def _stored_rows(
    db: sqlite3.Connection, keys: Iterable[RowKey], about: Mapping[str, Collection[str]] | None = None
) -> dict[RowKey, dict[str, Any]]:
    """What the tables of the file hold of rows: all columns, or those ``about`` which it is, by row type."""
    by_type: dict[str, list[str]] = defaultdict(list)
    for row_type, row_id in keys:
        by_type[row_type].append(row_id)
    found: dict[RowKey, dict[str, Any]] = {}
    for row_type, ids in by_type.items():
        wanted = columns_of(row_type)[1:] if about is None else tuple(about[row_type])
        for row in select_rows(db, row_type, ids, columns=wanted):
            try:
                values = stored_values(row_type, row, wanted)
            except (ValueError, TypeError, RecursionError):
                raise Unreadable("value that cannot be read") from None
            found[row_type, row[0]] = values
    return found


class _Stored:
    """Rows of the file that are not being looked at: they are where its tables say."""

    def __init__(self, db: sqlite3.Connection, states: Mapping[RowKey, RowState]) -> None:
        self._outcomes: dict[RowKey, Any] = {}
        by_type: dict[str, set[str]] = defaultdict(set)
        for state in states.values():
            for reference in liveness.references(state.row_type):
                target = state.values.get(reference.column)
                if isinstance(target, str) and (reference.target, target) not in states:
                    by_type[reference.target].add(target)
        for row_type, ids in by_type.items():
            names = columns_of(row_type)
            at = names.index("outcome_id") if "outcome_id" in names else None
            for row in select_rows(db, row_type, ids):
                self._outcomes[row_type, row[0]] = row[at] if at is not None else None

    def is_stored(self, key: RowKey) -> bool:
        return key in self._outcomes

    def outcome_of(self, key: RowKey) -> Any:
        return self._outcomes.get(key)
