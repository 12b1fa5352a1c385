"""Changes, and what follows from them: heads, values, marks, whether a row is live by its own changes.

Pure code over immutable records; no database, no clock. A change names as ``parents`` the changes
of the same field that its author saw, so the changes of a field form a small graph, and what the
field says follows from that graph alone: the same in whatever order the changes arrived. The
creation of a row is the beginning of the graph of each of its fields; a row with a derived id may
have been created twice apart, and then has two beginnings.

A decision between several heads is a change that names them all. Taking it back is a change too, which
names the decision, then those heads, then the decision again: they stand as if nobody had decided.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from json.encoder import encode_basestring
from typing import Any, NamedTuple

from cypp_desktop.plan.base import Field
from cypp_desktop.plan.text_merge import canonical, merge_lists, merge_texts

CREATED = "*"
DELETED = "*deleted"

COMBINED = "combined"
CONFLICT = "conflict"

_DECODER = json.JSONDecoder()
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
#: Where people decided across each other more often than this, only the values still count.
_DEEPEST = 50


class Change(NamedTuple):
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


@dataclass(frozen=True, slots=True)
class Said:
    """What a field says: its stored value, the mark it bears if any, and the heads it follows from.

    ``base`` is what the heads have in common (None where nothing), asked for only with a mark.
    """

    value: Any
    mark: str | None
    heads: tuple[Change, ...]
    base: Any = None


@dataclass(slots=True)
class RowState:
    """What a row is, as changes say: live or deleted, and the stored value of each column.

    ``stands`` follows from its own changes alone, and at first ``live`` is the same. Other rows may keep it
    alive or keep it out: :mod:`cypp_desktop.store.liveness` sets ``live``, in ``waits`` whether only what it
    lacks keeps it out, and in ``emptied`` the links whose target cannot be. ``deletions`` are the heads that
    say it is deleted; ``several`` holds what fields with several heads say; ``reopened`` says whether a
    decision about it was taken back.
    """

    row_type: str
    row_id: str
    live: bool
    values: dict[str, Any] = field(default_factory=dict)
    stands: bool = True
    deletions: tuple[Change, ...] = ()
    several: dict[str, Said] = field(default_factory=dict)
    emptied: frozenset[str] = frozenset()
    waits: bool = False
    reopened: bool = False

    @property
    def hangs(self) -> bool:
        """Whether it is to be looked at with every write, since what it is follows from other rows or
        what is open about it is found by nothing else: such rows are *held*.
        """
        return self.waits or self.reopened or (self.live and bool(self.emptied or not self.stands))

    @property
    def stored(self) -> dict[str, Any]:
        """The values of its columns as the plan's table holds them."""
        return {**self.values, **dict.fromkeys(self.emptied)} if self.emptied else self.values


def to_json(value: Any) -> str:
    """A value as the log keeps it; equal values are equal texts."""
    if value is None:  # the encoder is slow to set up for what is most of all values
        return "null"
    if type(value) is str:
        return encode_basestring(value)
    return _ENCODER.encode(value)


def from_json(text: str) -> Any:
    """A value out of the log. Raises ValueError where it is none."""
    value, end = _DECODER.raw_decode(text)
    if end != len(text):
        raise ValueError("more than a value")
    return value


def reopened(change: Change) -> tuple[str, ...]:
    """The ids of the heads that stand again by a change that takes a decision back; empty for any other."""
    return change.parents[1:-1] if names_again(change.parents) else ()


def names_again(parents: Sequence[str]) -> bool:
    """Whether the parents of a change are those of one that takes a decision back."""
    return len(parents) > 2 and parents[0] == parents[-1]


def reopening(decision: str, stand_again: Iterable[str]) -> tuple[str, ...]:
    """The parents of a change that takes a decision back."""
    return (decision, *sorted(stand_again), decision)


def heads(changes: Iterable[Change]) -> list[Change]:
    """The changes (of one field) that no other of them names as parent, in the order of their ids."""
    listed = list(changes)
    if len(listed) == 1:
        return listed
    named = {parent for change in listed for parent in change.parents}
    return sorted((c for c in listed if c.id not in named), key=lambda c: c.id)


def heads_of_field(changes: Sequence[Change], created: Sequence[Change]) -> list[Change]:
    """The heads of a field among its changes and the creations of its row.

    Whoever edited a row created once has seen its creation, even where what lies between is not at hand.
    """
    if not changes:
        return sorted(created, key=lambda c: c.id)
    tips = heads(changes)
    if len(created) > 1:
        named = {parent for change in changes for parent in change.parents}
        tips = sorted([*tips, *(c for c in created if c.id not in named)], key=lambda c: c.id)
    return tips


def standing(
    tips: Sequence[Change], changes: Sequence[Change], created: Sequence[Change] = ()
) -> list[Change]:
    """The heads of a field, with those that stand again in place of the one that took a decision back.

    Where none of these is at hand, that one stands for itself.
    """
    taken_back = {tip.parents[0] for tip in tips if reopened(tip)}
    if not taken_back:
        return list(tips)
    graph = _Graph(changes, created)
    found: dict[str, Change] = {}
    waiting = list(tips)
    while waiting:
        tip = waiting.pop()
        again = [known for id_ in reopened(tip) if (known := graph.find(id_)) is not None]
        waiting += again
        if not again:
            found[tip.id] = tip
    # a decision made between them since, or an edit upon one, has superseded it again
    lines = {id_: graph.named_by(id_, taken_back) for id_ in found}
    return sorted(
        (
            tip
            for id_, tip in found.items()
            if not any(id_ in lines[other] for other in found if other != id_)
        ),
        key=lambda tip: tip.id,
    )


def spent(changes: Sequence[Change], created: Sequence[Change] = ()) -> set[str]:
    """The ids of those changes of a field from which nothing that stands has come: decisions taken back."""
    tips = heads(changes)
    if not any(reopened(tip) for tip in tips):
        return set()
    graph = _Graph(changes, created)
    lived = {id_ for tip in standing(tips, changes, created) for id_ in graph.line(tip.id)}
    return {change.id for change in changes} - lived


def value_in(change: Change, field_: Field) -> Any:
    """What a change says of a field: its value, or that field of the row it creates."""
    if change.field != CREATED:
        return change.value
    if len(field_.columns) == 1:
        return change.value.get(field_.columns[0])
    return {column: change.value.get(column) for column in field_.columns}


# ------------------------------------------------------------------ what a field says


def said(
    field_: Field,
    changes: Sequence[Change],
    created: Sequence[Change],
    own: Collection[str],
    *,
    depth: int = 0,
) -> Said:
    """What a field says by its changes and the creations of its row (at least one of both together).

    One head, or heads that agree: that. Several heads of a text or list: all their edits together, where
    none touches what another touched. Otherwise a conflict: the head written in the plan holder's own file
    (``own``: the ids it has had) if there is exactly one, else what the heads have in common.
    """
    tips = standing(heads_of_field(changes, created), changes, created)
    if len(tips) == 1:
        return Said(value_in(tips[0], field_), None, tuple(tips))
    values = [value_in(tip, field_) for tip in tips]
    seen = [_seen(value) for value in values]
    if _agree(seen):
        return Said(_one_of(tips, values, own), None, tuple(tips))
    graph = _Graph(changes, created)
    shared = graph.shared(tips)
    base = _common(field_, graph, shared, own, depth)
    over = [graph.decided_over(tip.id, shared) for tip in tips]
    # who put a value back has no opinion, unless that was decided between several
    was = _seen(base)
    speaking = [at for at in range(len(tips)) if not shared or over[at] is not None or seen[at] != was]
    opinions = [values[at] for at in speaking]
    if _agree([seen[at] for at in speaking]):
        return Said(_one_of([tips[at] for at in speaking], opinions, own), None, tuple(tips), base)
    settled = [[value_in(change, field_) for change in over[at] or ()] for at in speaking]
    together = _together(field_, base, opinions, settled, begun_apart=not shared)
    if together is not None:
        value, mark = together
        now = _seen(value)
        if any(over[at] is not None and seen[at] != now for at in speaking):
            mark = COMBINED  # what was decided is never changed silently
        return Said(value, mark, tuple(tips), base)
    mine = [value for tip, value in zip(tips, values, strict=True) if tip.file in own]
    value = mine[0] if len(mine) == 1 else base if shared else min(values, key=to_json)
    return Said(value, CONFLICT, tuple(tips), base)


class _Graph:
    """The changes of a field and the creations of its row, by id, with what each was made upon."""

    def __init__(self, changes: Sequence[Change], created: Sequence[Change]) -> None:
        self.changes = {change.id: change for change in changes}
        self.created = {change.id: change for change in created}
        self._first = next(iter(self.created)) if len(self.created) == 1 else None
        self._decided = any(len(change.parents) > 1 for change in changes)

    def find(self, id_: str) -> Change | None:
        """A change or creation by its id."""
        return self.changes.get(id_) or self.created.get(id_)

    def named_by(self, tip: str, without: Collection[str]) -> set[str]:
        """What a change goes back to by what it names, other than by way of the changes in ``without``."""
        seen: set[str] = set()
        waiting = [tip]
        while waiting:
            at = waiting.pop()
            if at not in seen and at not in without:
                seen.add(at)
                waiting += self.changes[at].parents if at in self.changes else ()
        return seen - {tip}

    def line(self, tip: str) -> frozenset[str]:
        """A change and all that it goes back to."""
        seen = {self._first} if self._first is not None else set()
        waiting = [tip]
        while waiting:
            at = waiting.pop()
            if at not in seen and (at in self.changes or at in self.created):
                seen.add(at)
                waiting += self.changes[at].parents if at in self.changes else ()
        return frozenset(seen)

    def shared(self, tips: Sequence[Change]) -> frozenset[str]:
        """What several changes, none of which goes back to another, all go back to."""
        first, *others = tips
        if all(tip.parents == first.parents for tip in others):  # as where each partner edits but once
            return self.line(first.id) - {first.id}
        return frozenset.intersection(*(self.line(tip.id) for tip in tips))

    def decided_over(self, tip: str, shared: Collection[str]) -> list[Change] | None:
        """What the decisions on the way to ``tip`` from what is shared have settled; None without any."""
        if not self._decided:
            return None
        own = self.line(tip).difference(shared)
        decisions = [
            self.changes[id_] for id_ in own & self.changes.keys() if len(self.changes[id_].parents) > 1
        ]
        if not decisions:
            return None
        every = {**self.changes, **self.created}
        return [every[id_] for id_ in sorted({p for d in decisions for p in d.parents} & own)]


def _common(field_: Field, graph: _Graph, shared: Collection[str], own: Collection[str], depth: int) -> Any:
    """What a field said by the changes that all heads go back to; None where there are none."""
    changes = [change for id_, change in graph.changes.items() if id_ in shared]
    created = [change for id_, change in graph.created.items() if id_ in shared]
    if not shared:
        return None
    if depth >= _DEEPEST:
        return min((value_in(tip, field_) for tip in heads_of_field(changes, created)), key=to_json)
    return said(field_, changes, created, own, depth=depth + 1).value


def _agree(seen: Sequence[Any]) -> bool:
    return all(value == seen[0] for value in seen[1:])


def _seen(value: Any) -> Any:
    """A value without what nobody sees in it: values that differ in that alone agree."""
    if isinstance(value, str):
        return canonical(value)
    if isinstance(value, list):
        return [_seen(item) for item in value]
    if isinstance(value, dict):
        return {key: _seen(item) for key, item in value.items()}
    return value


def _one_of(tips: Sequence[Change], values: Sequence[Any], own: Collection[str]) -> Any:
    """One of several values that differ in nothing anybody sees: the holder's own, or the least."""
    mine = [value for tip, value in zip(tips, values, strict=True) if tip.file in own]
    return min(mine or values, key=to_json)


def _together(
    field_: Field, base: Any, values: Sequence[Any], settled: Sequence[Sequence[Any]], *, begun_apart: bool
) -> tuple[Any, str | None] | None:
    """What several say of a text, list or place together, and its mark; None where they disagree."""
    if field_.kind == "markdown":
        text = merge_texts(
            base or "", [v or "" for v in values], [[v or "" for v in over] for over in settled]
        )
        return None if text.text is None else (text.text, COMBINED if text.combined else None)
    if field_.kind == "list":
        items = merge_lists(
            base or [], [v or [] for v in values], [[v or [] for v in over] for over in settled]
        )
        return None if items.items is None else (items.items, COMBINED if items.combined else None)
    if field_.kind == "place" and begun_apart and isinstance(values[0], dict):
        # one row made by two people apart, at different places of one list: that is no disagreement
        parents = {to_json({**value, "sort_key": None}) for value in values}
        return (min(values, key=to_json), None) if len(parents) == 1 else None
    if field_.kind == "place" and begun_apart:
        return min(values, key=to_json), None
    return None


# ------------------------------------------------------------------ what a row is


def row_state(
    changes: Iterable[Change], fields: Mapping[str, Field], own: Collection[str]
) -> RowState | None:
    """A row rebuilt from its changes; None where its creation is not among them.

    ``fields`` are those of the row's class. Changes that are no heads may be left out, but for the fields
    that have several heads.
    """
    by_field: dict[str, list[Change]] = {}
    for change in changes:
        by_field.setdefault(change.field, []).append(change)
    created = by_field.pop(CREATED, None)
    if not created:
        return None
    of_row = by_field.pop(DELETED, [])
    deleting = heads(of_row)
    deletions = standing(deleting, of_row)
    first = created[0]
    state = RowState(first.row_type, first.row_id, True, dict(first.value))
    alone = len(created) == 1
    state.reopened = any(map(reopened, deleting))
    for name, field_ in fields.items():
        listed = by_field.get(name, ())
        if alone and not listed:
            continue
        if alone and len(listed) == 1:
            value = listed[0].value
            state.reopened = state.reopened or bool(reopened(listed[0]))
        else:
            if any(map(reopened, listed)):
                state.reopened = state.reopened or any(map(reopened, heads(listed)))
            found = said(field_, listed, created, own)
            value = found.value
            if len(found.heads) > 1:
                state.several[name] = found
        state.values.update(field_.as_columns(value))
    if deletions:
        state.deletions = tuple(change for change in deletions if change.value)
        state.stands = len(state.deletions) < len(deletions) or _edited_unseen(by_field, created, deletions)
        state.live = state.stands
    return state


def _edited_unseen(
    by_field: Mapping[str, Sequence[Change]], created: Sequence[Change], deletions: Sequence[Change]
) -> bool:
    """Whether someone edited (or made) the row without having seen that it was deleted."""
    seen = {parent for deletion in deletions for parent in deletion.parents}
    if not seen.issuperset(change.id for change in created):
        return True
    unseen = ((tip, listed) for listed in by_field.values() for tip in heads(listed) if tip.id not in seen)
    return any(
        not seen.issuperset(again.id for again in standing([tip], listed, created)) for tip, listed in unseen
    )
