"""Which rows are in the plan, where that follows from other rows than their own changes.

Someone deletes a measure while someone else writes an update about it: the update stays, and so must all
that it names. This is pure code over row states; of rows that are not given it asks ``OtherRows``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

from cypp_desktop.plan.base import row_classes
from cypp_desktop.plan.shape import owners_of, within_one_outcome
from cypp_desktop.store.changes import RowState

RowKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Reference:
    """A column that names another row; ``required``: without it the row cannot be."""

    column: str
    target: str
    required: bool


@cache
def references(row_type: str) -> tuple[Reference, ...]:
    """The columns of a row type that name other rows."""
    return tuple(
        Reference(
            column.key,
            key.column.table.name,
            not column.nullable or column.info.get("field") == "place",
        )
        for column in row_classes()[row_type].__table__.columns
        for key in column.foreign_keys
    )


@cache
def referrers(row_type: str) -> tuple[tuple[str, str], ...]:
    """The row types that may name a row of this type, each with the column in which they do."""
    return tuple(
        (other, reference.column)
        for other in row_classes()
        for reference in references(other)
        if reference.target == row_type
    )


def needs(row_type: str, column: str) -> bool:
    """Whether a row cannot be without the one that it names in this column."""
    return any(reference.column == column and reference.required for reference in references(row_type))


def targets(state: RowState) -> list[tuple[Reference, RowKey]]:
    """The rows that a row names."""
    return [
        (reference, (reference.target, state.values[reference.column]))
        for reference in references(state.row_type)
        if state.values.get(reference.column) is not None and reference.column not in state.emptied
    ]


class OtherRows(Protocol):
    """Rows of the plan that are not looked at: they stay as they are."""

    def is_stored(self, key: RowKey) -> bool: ...

    def outcome_of(self, key: RowKey) -> Any: ...


def set_live(states: Mapping[RowKey, RowState], others: OtherRows) -> None:
    """Set which of these rows are live, which only lack something, and which links name a row that cannot be.

    A row is live if it stands by its own changes, if a live row names it, or if it was deleted along with a
    row that stays (in one step, and it names that row): what is left of a row would not be what anybody
    wanted. And it must fit: have what it needs.
    """
    fits = _fitting(states, others)
    lacking = states.keys() - fits
    live = _reached(states, fits)
    parts = _deleted_parts(states, lacking)
    kept: set[RowKey] = set()
    for whole in live & parts.keys():
        kept.update(parts[whole])
    for key, state in states.items():
        state.live = key in live
        state.waits = key in kept or (state.stands and key in lacking)


def _fitting(states: Mapping[RowKey, RowState], others: OtherRows) -> set[RowKey]:
    """The rows that have what they need; their links to rows that cannot be are emptied."""
    order = {row_type: at for at, row_type in enumerate(row_classes())}
    fits: set[RowKey] = set()
    for key in sorted(states, key=lambda key: order[key[0]]):  # what is named comes before what names it
        state = states[key]
        state.emptied = frozenset()
        _fill(state)
        missing = _missing(state, states, fits, others)
        state.emptied = frozenset(reference.column for reference in missing if not reference.required)
        lacks_nothing = not any(reference.required for reference in missing)
        if lacks_nothing and _is_whole(state, states, others):
            fits.add(key)
    return fits


def _missing(
    state: RowState, states: Mapping[RowKey, RowState], fits: Set[RowKey], others: OtherRows
) -> list[Reference]:
    """The columns of a row that name a row which cannot be in the plan."""
    found: list[Reference] = []
    for reference, target in targets(state):
        can_be = target in fits or (target not in states and others.is_stored(target))
        if not can_be:
            found.append(reference)
    return found


@cache
def _defaults(row_type: str) -> tuple[tuple[str, bool, Any], ...]:
    return tuple(
        (column.key, not column.nullable and not column.foreign_keys, column.info.get("default"))
        for column in row_classes()[row_type].__table__.columns
        if not column.primary_key
    )


def _fill(state: RowState) -> None:
    """Columns that changes of an earlier version do not know have their default."""
    for column, needed, default in _defaults(state.row_type):
        if column not in state.values or (needed and state.values[column] is None):
            state.values[column] = default() if callable(default) else default


def _is_whole(state: RowState, states: Mapping[RowKey, RowState], others: OtherRows) -> bool:
    """Whether the rules let a row be: it has its owner, both ends of a link stand in one outcome."""
    named = targets(state)
    return _has_owner(state, named) and (
        state.row_type not in within_one_outcome() or _joins_within_outcome(named, states, others)
    )


def _has_owner(state: RowState, named: Sequence[tuple[Reference, RowKey]]) -> bool:
    """Whether a row names what it needs; of several owners that it may have, exactly one."""
    owning = {column for column, _ in owners_of(state.row_type)}
    if len(owning) > 1:
        return sum(reference.column in owning for reference, _ in named) == 1
    needed = (reference for reference in references(state.row_type) if reference.required)
    return all(state.values[reference.column] is not None for reference in needed)


def _joins_within_outcome(
    named: Sequence[tuple[Reference, RowKey]], states: Mapping[RowKey, RowState], others: OtherRows
) -> bool:
    outcomes: set[Any] = set()
    for _, target in named:
        known = states.get(target)
        outcomes.add(others.outcome_of(target) if known is None else known.values["outcome_id"])
    return len(outcomes) == 1


def _reached(states: Mapping[RowKey, RowState], fits: set[RowKey]) -> set[RowKey]:
    """The rows that stand, and whatever that keeps."""
    parts = _deleted_parts(states, fits)
    live: set[RowKey] = set()
    waiting = [key for key in fits if states[key].stands]
    while waiting:
        key = waiting.pop()
        if key not in live:
            live.add(key)
            waiting += [target for _, target in targets(states[key]) if target in fits]
            waiting += parts.get(key, ())
    return live


def _deleted_parts(states: Mapping[RowKey, RowState], among: Set[RowKey]) -> dict[RowKey, list[RowKey]]:
    """By row that someone deleted: those ``among`` the rows that were deleted in the same steps because they
    stand in it or join it.
    """
    found: dict[RowKey, list[RowKey]] = {}
    for key in among:
        state = states[key]
        if state.stands or not state.deletions:
            continue
        steps = {deletion.step for deletion in state.deletions}
        for reference, target in targets(state):
            other = states.get(target)
            if other is not None and reference.required and steps <= {d.step for d in other.deletions}:
                found.setdefault(target, []).append(key)
    return found
