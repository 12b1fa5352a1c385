"""Changes, and what follows from them: heads, values, whether a row is live.

Pure code over immutable records; no database, no clock. A change names as ``parents`` the changes
of the same field that its author saw, so the changes of a field form a small graph, and what the
field says follows from that graph alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

CREATED = "*"
DELETED = "*deleted"

_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Change:
    """One recorded change of one field of one row; ``at`` is for people and decides nothing."""

    id: str
    row_type: str
    row_id: str
    field: str
    before: Any
    value: Any
    parents: tuple[str, ...]
    author: str
    file: str
    at: str
    step: str


@dataclass(slots=True)
class RowState:
    """What a row is, as its changes say: live or deleted, and the stored value of each column."""

    row_type: str
    row_id: str
    live: bool
    values: dict[str, Any] = field(default_factory=dict)


def to_json(value: Any) -> str:
    """A value as the log keeps it; equal values are equal texts."""
    return _ENCODER.encode(value)


def heads(changes: Iterable[Change]) -> list[Change]:
    """The changes (of one field) that no other of them names as parent, in the order of their ids."""
    listed = list(changes)
    named = {parent for change in listed for parent in change.parents}
    return sorted((c for c in listed if c.id not in named), key=lambda c: c.id)


def settled(changes: Sequence[Change], own_file: str) -> Change | None:
    """The change whose value a field says; None where that is what the row was created with.

    One head, or heads that agree: that value. Otherwise the head written in the plan holder's own
    file if there is exactly one, else the nearest common ancestor.
    """
    tips = heads(changes)
    if len({to_json(tip.value) for tip in tips}) == 1:
        return tips[0]
    own = [tip for tip in tips if tip.file == own_file]
    if len(own) == 1:
        return own[0]
    return _common_ancestor(changes, tips)


def _common_ancestor(changes: Sequence[Change], tips: Sequence[Change]) -> Change | None:
    by_id = {change.id: change for change in changes}

    def line(tip: Change) -> set[str]:
        seen: set[str] = set()
        waiting = [tip.id]
        while waiting:
            at = waiting.pop()
            if at in by_id and at not in seen:
                seen.add(at)
                waiting += by_id[at].parents
        return seen

    shared = set.intersection(*(line(tip) for tip in tips))
    if not shared:
        return None
    return by_id[max(shared, key=lambda id_: (len(line(by_id[id_])), id_))]


def row_state(
    changes: Sequence[Change], fields: Mapping[str, tuple[str, ...]], own_file: str
) -> RowState | None:
    """A row rebuilt from all its changes; None where its creation is not among them.

    ``fields`` gives the columns of each field of the row's class.
    """
    by_field: dict[str, list[Change]] = {}
    for change in changes:
        by_field.setdefault(change.field, []).append(change)
    created = by_field.get(CREATED)
    if not created:
        return None
    first = settled(created, own_file) or created[0]
    state = RowState(first.row_type, first.row_id, True, dict(first.value))
    for name, columns in fields.items():
        if name in by_field:
            said = settled(by_field[name], own_file)
            if said is not None:
                state.values.update({columns[0]: said.value} if len(columns) == 1 else said.value)
    tips = heads(by_field.get(DELETED, ()))
    state.live = not tips or not all(tip.value for tip in tips)
    return state
