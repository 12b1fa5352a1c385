"""A person's decisions as changes: each names all that was seen of its field, and so travels like any other.

Pure but for reading which rows hang together; the union writes what is made here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Connection

from cypp_desktop.merge.proposals import Item
from cypp_desktop.merge.review import decided_value
from cypp_desktop.plan.identity import new_change_id
from cypp_desktop.plan.shape import within_one_outcome
from cypp_desktop.store import liveness, log
from cypp_desktop.store.changes import (
    DELETED,
    Change,
    RowState,
    effective_heads,
    heads,
    reopened_heads,
    to_json,
)
from cypp_desktop.store.log import RowKey
from cypp_desktop.store.materialise import load_states
from cypp_desktop.store.union import DELETED_AND_EDITED


@dataclass(frozen=True, slots=True)
class Hand:
    """Whose change it is: what every change of one step says of itself."""

    author: str
    file: str
    at: str
    step: str

    def change(self, key: RowKey, name: str, before: Any, value: Any, parents: Iterable[str]) -> Change:
        """A new change by this hand."""
        return Change(
            new_change_id(), *key, name, before, value, tuple(sorted(parents)),
            self.author, self.file, self.at, self.step,
        )  # fmt: skip


def decisions(connection: Connection, items: Iterable[Item], hand: Hand) -> list[Change]:
    """The changes by which a plan that holds the files' changes comes to say what was decided."""
    found: dict[tuple[str, str, str], Change] = {}
    to_delete: dict[RowKey, None] = {}
    to_keep: dict[RowKey, None] = {}
    for item in items:
        if item.decision.how in ("accept", "leave"):
            continue
        if item.is_row:
            (to_delete if _wants_deletion(item) else to_keep).setdefault(item.row)
            continue
        value = decided_value(item, item.decision)
        if len(item.heads) > 1 or to_json(value) != to_json(item.result):
            parents = [id_ for id_, _ in item.heads]
            found[item.key] = hand.change(item.row, item.field, item.result, value, parents)
    changes = list(found.values())
    changes += _keeping(connection, to_keep, hand)
    return changes + _deleting(connection, to_delete, hand, changes)


def _wants_deletion(item: Item) -> bool:
    """Whether the side that a person chose has no such row."""
    if item.decision.how == "ours":
        return item.ours is None or item.ours.value is None
    if item.kind == DELETED_AND_EDITED and not item.deleted_here:
        return True  # theirs, where ours is the edit
    side = item.theirs[item.decision.side or 0] if item.theirs else None
    return side is not None and side.value is None


def _keeping(connection: Connection, keys: Iterable[RowKey], hand: Hand) -> list[Change]:
    """These rows stay, and so does what was deleted together with them."""
    waiting = list(keys)
    found: dict[RowKey, Change] = {}
    while waiting:
        deletions: dict[RowKey, list[Change]] = {}
        for key, listed in log.changes_of_rows(connection, (id_ for _, id_ in waiting)).items():
            of_row = [change for change in listed if change.field == DELETED]
            tips = heads(of_row)
            deleting = [tip for tip in effective_heads(tips, of_row) if tip.value]
            if deleting and key not in found:
                deletions[key] = deleting
                seen = {tip.id for tip in (*tips, *deleting) if tip.value or reopened_heads(tip)}
                found[key] = hand.change(key, DELETED, True, False, seen)
        along = log.rows_deleted_in(connection, {t.step for tips in deletions.values() for t in tips})
        states = load_states(connection, along - found.keys(), log.own_files(connection))
        kept = found.keys() & deletions.keys()
        ends = _ends_of_links(states, kept)
        waiting = [key for key, state in states.items() if key in ends or _stands_in(state, kept)]
    return list(found.values())


def _stands_in(state: RowState, rows: Iterable[RowKey]) -> bool:
    wanted = set(rows)
    return any(target in wanted for reference, target in liveness.targets(state) if reference.required)


def _ends_of_links(states: Mapping[RowKey, RowState], rows: Iterable[RowKey]) -> set[RowKey]:
    """The rows at the other end of a link to one of these: an update goes when what it covers goes."""
    wanted = set(rows)
    found: set[RowKey] = set()
    for state in states.values():
        if state.row_type not in within_one_outcome():
            continue
        ends = [target for _, target in liveness.targets(state)]
        if not wanted.isdisjoint(ends):
            found.update(ends)
    return found


def _deleting(
    connection: Connection, keys: Iterable[RowKey], hand: Hand, also: Iterable[Change]
) -> list[Change]:
    """These rows go, with all that stands in them; every change of them recorded by now has been seen."""
    rows = _with_parts(connection, keys)
    listed = log.changes_of_rows(connection, (id_ for _, id_ in rows))
    for change in also:
        listed.setdefault((change.row_type, change.row_id), []).append(change)
    states = load_states(connection, rows, log.own_files(connection))
    found: list[Change] = []
    for key in rows:
        if key not in states:
            continue
        by_field: dict[str, list[Change]] = {}
        for change in listed.get(key, ()):
            by_field.setdefault(change.field, []).append(change)
        tips = [tip for changes in by_field.values() for tip in heads(changes)]
        before = dict(states[key].stored)
        found.append(hand.change(key, DELETED, before, True, (tip.id for tip in tips)))
    return found


def _with_parts(connection: Connection, keys: Iterable[RowKey]) -> list[RowKey]:
    """Rows of the plan and all rows that cannot be without them, whole before part."""
    found = dict.fromkeys(keys)
    waiting = list(found)
    while waiting:
        more: list[RowKey] = []
        by_type: dict[str, list[str]] = {}
        for row_type, row_id in waiting:
            by_type.setdefault(row_type, []).append(row_id)
        for row_type, ids in by_type.items():
            for other, column in liveness.referrers(row_type):
                if not any(r.column == column and r.required for r in liveness.references(other)):
                    continue
                for some in log.portions(ids):
                    marks = ",".join("?" * len(some))
                    rows = connection.exec_driver_sql(
                        f'SELECT id FROM "{other}" WHERE {column} IN ({marks})', tuple(some)
                    )
                    more += [(other, row_id) for (row_id,) in rows]
        waiting = [key for key in more if key not in found]
        found |= dict.fromkeys(waiting)
    return list(found)
