"""Changes, and what follows from them: heads, values, marks, whether a row is live by its own changes.

Pure code over immutable records; no database, no clock. A change names as ``parents`` the changes
of the same field that its author saw, so the changes of a field form a small graph, and what the
field says follows from that graph alone: the same in whatever order the changes arrived. The
creation of a row is the beginning of the graph of each of its fields; a row with a derived id may
have been created twice apart, and then has two beginnings.

A decision between several heads is a change that names them all. Taking it back is a change too: it
*reopens* the decision. It names the decision, then those heads, then the decision again, and the heads count
again as if nobody had decided. So the heads from which a value follows (the *effective* heads) are those
that no other change names, with the reopened ones in place of a change that reopens.
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
    """One recorded change of one field of one row; ``at`` is for people and decides nothing.

    ``claim`` is what a change from outside said of itself (:mod:`cypp_desktop.store.claims`), else None.
    """

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
    claim: str | None = None


@dataclass(frozen=True, slots=True)
class FieldState:
    """What a field says by its changes.

    ``value`` is the stored value, ``heads`` are the heads that it follows from, and ``mark`` is COMBINED or
    CONFLICT where these differ. ``base`` is what the heads have in common (None where nothing); it is only
    worked out for a field with a mark.
    """

    value: Any
    mark: str | None
    heads: tuple[Change, ...]
    base: Any = None


@dataclass(slots=True)
class RowState:
    """What a row is by its changes: in the plan or not, and the stored value of each column.

    ``stands`` says whether its own changes alone keep it in the plan. ``live`` says whether it is in the
    plan, which may also depend on other rows: :mod:`cypp_desktop.store.liveness` sets ``live``, and with it
    ``waits`` (only something that it lacks keeps it out) and ``emptied`` (the columns of links that are
    emptied, because the row that they name cannot be in the plan).

    ``deletions`` are the heads that say it is deleted. ``several`` has the state of each field that has
    several heads. ``reopened`` says whether a decision about the row was taken back.
    """

    row_type: str
    row_id: str
    live: bool
    values: dict[str, Any] = field(default_factory=dict)
    stands: bool = True
    deletions: tuple[Change, ...] = ()
    several: dict[str, FieldState] = field(default_factory=dict)
    emptied: frozenset[str] = frozenset()
    waits: bool = False
    reopened: bool = False

    @property
    def is_held(self) -> bool:
        """Whether the row must be looked at again with every write to the plan.

        So it is where other rows decide whether it is in the plan, and where a decision about it was taken
        back, which nothing else in the plan's tables tells.
        """
        depends_on_others = self.live and bool(self.emptied or not self.stands)
        return self.waits or self.reopened or depends_on_others

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


def reopened_heads(change: Change) -> tuple[str, ...]:
    """The ids of the heads that count again by a change that reopens a decision; empty for any other."""
    parents = change.parents  # asked of every change, most of which have one
    return parents[1:-1] if len(parents) > 2 and reopens(parents) else ()


def reopens(parents: Sequence[str]) -> bool:
    """Whether the parents of a change are those of one that reopens a decision."""
    return len(parents) > 2 and parents[0] == parents[-1]


def parents_to_reopen(decision: str, heads: Iterable[str]) -> tuple[str, ...]:
    """The parents of a change that reopens a decision, so that ``heads`` count again."""
    return (decision, *sorted(heads), decision)


def by_field(changes: Iterable[Change]) -> dict[str, list[Change]]:
    """Changes of one row by the field that they are of, each list in the order given."""
    found: dict[str, list[Change]] = {}
    for change in changes:
        found.setdefault(change.field, []).append(change)
    return found


def heads(changes: Iterable[Change]) -> list[Change]:
    """The changes (of one field) that no other of them names as parent, in the order of their ids."""
    listed = list(changes)
    if len(listed) == 1:
        return listed
    named = {parent for change in listed for parent in change.parents}
    return sorted((change for change in listed if change.id not in named), key=_by_id)


def _by_id(change: Change) -> str:
    return change.id


def heads_of_field(changes: Sequence[Change], created: Sequence[Change]) -> list[Change]:
    """The heads of a field among its changes and the creations of its row.

    Whoever edited a row created once has seen its creation, even where what lies between is not at hand.
    """
    if not changes:
        return sorted(created, key=_by_id)
    found = heads(changes)
    if len(created) > 1:
        named = {parent for change in changes for parent in change.parents}
        found += [creation for creation in created if creation.id not in named]
        found.sort(key=_by_id)
    return found


def effective_heads(
    heads: Sequence[Change], changes: Sequence[Change], created: Sequence[Change] = ()
) -> list[Change]:
    """The heads of a field that count: those it reopens in place of one that reopens a decision.

    ``heads`` are some of ``changes`` and of ``created``, the creations of the row. Where none of the heads
    that a change reopens is at hand, it counts itself.
    """
    decisions = {head.parents[0] for head in heads if reopened_heads(head)}
    if not decisions:
        return list(heads)
    graph = _Graph(changes, created)
    found = _with_reopened(heads, graph)
    # of what was reopened, a decision made since, or an edit upon it, may have replaced some again
    replaced: set[str] = set()
    for id_ in found:
        replaced |= graph.named_by(id_, decisions)
    return sorted((head for head in found.values() if head.id not in replaced), key=_by_id)


def _with_reopened(heads: Sequence[Change], graph: _Graph) -> dict[str, Change]:
    """Heads by id, with those that they reopen in their place, and what these reopen in turn."""
    found: dict[str, Change] = {}
    waiting = list(heads)
    while waiting:
        head = waiting.pop()
        at_hand = [graph.find(id_) for id_ in reopened_heads(head)]
        again = [known for known in at_hand if known is not None]
        if again:
            waiting += again
        else:
            found[head.id] = head
    return found


def without_effect(changes: Sequence[Change], created: Sequence[Change] = ()) -> set[str]:
    """The ids of those changes of a field on which no effective head builds: decisions taken back."""
    last = heads(changes)
    if not any(reopened_heads(head) for head in last):
        return set()
    graph = _Graph(changes, created)
    of_effect: set[str] = set()
    for head in effective_heads(last, changes, created):
        of_effect |= graph.line(head.id)
    return {change.id for change in changes} - of_effect


def value_in(change: Change, field_: Field) -> Any:
    """What a change says of a field: its value, or that field of the row it creates."""
    if change.field != CREATED:
        return change.value
    if len(field_.columns) == 1:
        return change.value.get(field_.columns[0])
    return {column: change.value.get(column) for column in field_.columns}


# ------------------------------------------------------------------ what a field says


def field_state(
    field_: Field,
    changes: Sequence[Change],
    created: Sequence[Change],
    own: Collection[str],
    *,
    depth: int = 0,
) -> FieldState:
    """What a field says by its changes and the creations of its row (at least one of both together).

    One head, or heads that agree: that. Several heads of a text or list: all their edits together, where
    none touches what another touched. Otherwise a conflict: the head written in the plan holder's own file
    (``own``: the ids it has had) if there is exactly one, else what the heads have in common.
    """
    counting = effective_heads(heads_of_field(changes, created), changes, created)
    if len(counting) == 1:
        return FieldState(value_in(counting[0], field_), None, tuple(counting))
    opinions = [_Opinion(head, value_in(head, field_)) for head in counting]
    if _agree(opinions):
        return FieldState(_one_of(opinions, own), None, tuple(counting))
    graph = _Graph(changes, created)
    shared = graph.shared(counting)
    base = _common(field_, graph, shared, own, depth)
    for opinion in opinions:
        opinion.decided_over = graph.decided_over(opinion.head.id, shared)
    value, mark = _value_of_opinions(field_, opinions, base, own, begun_apart=not shared)
    return FieldState(value, mark, tuple(counting), base)


@dataclass(slots=True)
class _Opinion:
    """What one of several heads says of a field.

    ``seen`` is its value as people see it. ``decided_over`` are the changes among which a decision on the
    way to it has chosen; None where nobody decided.
    """

    head: Change
    value: Any
    seen: Any = None
    decided_over: list[Change] | None = None

    def __post_init__(self) -> None:
        self.seen = _seen(self.value)

    @property
    def is_decided(self) -> bool:
        return self.decided_over is not None


def _value_of_opinions(
    field_: Field, opinions: Sequence[_Opinion], base: Any, own: Collection[str], *, begun_apart: bool
) -> tuple[Any, str | None]:
    """The value and mark of a field of which several heads say different things."""
    speaking = list(opinions)
    if not begun_apart:
        # who has put the common value back has no opinion, unless that was decided between several
        was = _seen(base)
        speaking = [each for each in opinions if each.is_decided or each.seen != was]
    if _agree(speaking):
        return _one_of(speaking, own), None
    together = _together(field_, base, speaking, begun_apart=begun_apart)
    if together is None:
        return _value_in_conflict(field_, opinions, base, own, begun_apart=begun_apart), CONFLICT
    value, mark = together
    now = _seen(value)
    if any(each.is_decided and each.seen != now for each in speaking):
        mark = COMBINED  # what was decided is never changed silently
    return value, mark


def _value_in_conflict(
    field_: Field, opinions: Sequence[_Opinion], base: Any, own: Collection[str], *, begun_apart: bool
) -> Any:
    """What a field says until somebody decides: the holder's own, else what was there before: of texts that
    were begun apart, nothing.
    """
    mine = [opinion.value for opinion in opinions if opinion.head.file in own]
    if len(mine) == 1:
        return mine[0]
    if begun_apart and field_.is_markdown:
        return [] if field_.kind == "list" else ""
    if begun_apart:
        return min((opinion.value for opinion in opinions), key=to_json)
    return base


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

    def named_by(self, head: str, without: Collection[str]) -> set[str]:
        """What a change goes back to by what it names, other than by way of the changes in ``without``."""
        seen: set[str] = set()
        waiting = [head]
        while waiting:
            at = waiting.pop()
            if at not in seen and at not in without:
                seen.add(at)
                waiting += self.changes[at].parents if at in self.changes else ()
        return seen - {head}

    def line(self, head: str) -> frozenset[str]:
        """A change and all that it goes back to."""
        seen = {self._first} if self._first is not None else set()
        waiting = [head]
        while waiting:
            at = waiting.pop()
            if at not in seen and (at in self.changes or at in self.created):
                seen.add(at)
                waiting += self.changes[at].parents if at in self.changes else ()
        return frozenset(seen)

    def shared(self, heads: Sequence[Change]) -> frozenset[str]:
        """What several changes, none of which goes back to another, all go back to."""
        first, *others = heads
        if all(head.parents == first.parents for head in others):  # as where each partner edits but once
            return self.line(first.id) - {first.id}
        return frozenset.intersection(*(self.line(head.id) for head in heads))

    def decided_over(self, head: str, shared: Collection[str]) -> list[Change] | None:
        """The changes among which the decisions between what is ``shared`` and ``head`` have chosen.

        None where nobody decided on the way.
        """
        if not self._decided:
            return None
        way = self.line(head).difference(shared)
        named: set[str] = set()
        for id_ in way & self.changes.keys():
            parents = self.changes[id_].parents
            if len(parents) > 1:
                named.update(parents)
        if not named:
            return None
        every = {**self.changes, **self.created}
        return [every[id_] for id_ in sorted(named & way)]


def _common(field_: Field, graph: _Graph, shared: Collection[str], own: Collection[str], depth: int) -> Any:
    """What a field said by the changes that all heads go back to; None where there are none."""
    if not shared:
        return None
    changes = [change for id_, change in graph.changes.items() if id_ in shared]
    created = [change for id_, change in graph.created.items() if id_ in shared]
    if depth >= _DEEPEST:
        values = [value_in(head, field_) for head in heads_of_field(changes, created)]
        return min(values, key=to_json)
    return field_state(field_, changes, created, own, depth=depth + 1).value


def _agree(opinions: Sequence[_Opinion]) -> bool:
    return all(opinion.seen == opinions[0].seen for opinion in opinions[1:])


def _seen(value: Any) -> Any:
    """A value without what nobody sees in it: values that differ in that alone agree."""
    if isinstance(value, str):
        return canonical(value)
    if isinstance(value, list):
        return [_seen(item) for item in value]
    if isinstance(value, dict):
        return {key: _seen(item) for key, item in value.items()}
    return value


def _one_of(opinions: Sequence[_Opinion], own: Collection[str]) -> Any:
    """One of several values that differ in nothing anybody sees: the holder's own, or the least."""
    mine = [opinion.value for opinion in opinions if opinion.head.file in own]
    return min(mine or [opinion.value for opinion in opinions], key=to_json)


def _together(
    field_: Field, base: Any, opinions: Sequence[_Opinion], *, begun_apart: bool
) -> tuple[Any, str | None] | None:
    """What several say of a text, list or place together, and its mark; None where they disagree."""
    if field_.kind == "markdown":
        values, settled = _values(field_, opinions, "")
        text = merge_texts(base or "", values, settled)
        return None if text.text is None else (text.text, COMBINED if text.combined else None)
    if field_.kind == "list":
        values, settled = _values(field_, opinions, [])
        items = merge_lists(base or [], values, settled, of_texts=field_.is_markdown)
        return None if items.items is None else (items.items, COMBINED if items.combined else None)
    if field_.kind == "place" and begun_apart:
        return _place_together([opinion.value for opinion in opinions])
    return None


def _values(field_: Field, opinions: Sequence[_Opinion], empty: Any) -> tuple[list[Any], list[list[Any]]]:
    """What each says, and the values among which it has decided; ``empty`` where there is none."""
    values = [opinion.value or empty for opinion in opinions]
    settled: list[list[Any]] = []
    for opinion in opinions:
        over = opinion.decided_over or ()
        settled.append([value_in(change, field_) or empty for change in over])
    return values, settled


def _place_together(places: Sequence[Any]) -> tuple[Any, None] | None:
    """The place of a row that several people made apart; None where they put it into different rows.

    Different places of one list are no disagreement.
    """
    if isinstance(places[0], dict):
        lists = {to_json({**place, "sort_key": None}) for place in places}
        if len(lists) > 1:
            return None
    return min(places, key=to_json), None


# ------------------------------------------------------------------ what a row is


def row_state(
    changes: Iterable[Change], fields: Mapping[str, Field], own: Collection[str]
) -> RowState | None:
    """A row rebuilt from its changes; None where its creation is not among them.

    ``fields`` are those of the row's class. Changes that are no heads may be left out, but for the fields
    that have several heads.
    """
    listed_by_field = by_field(changes)
    created = listed_by_field.pop(CREATED, None)
    if not created:
        return None
    deleting = listed_by_field.pop(DELETED, [])
    first = created[0]
    state = RowState(first.row_type, first.row_id, True, dict(first.value))
    for name, field_ in fields.items():
        listed = listed_by_field.get(name, ())
        if listed or len(created) > 1:
            _add_field(state, field_, listed, created, own)
    if deleting:
        _add_deletions(state, deleting, listed_by_field, created)
    return state


def _add_field(
    state: RowState, field_: Field, changes: Sequence[Change], created: Sequence[Change], own: Collection[str]
) -> None:
    """Have the state of a row say what a field of it says by its changes."""
    if len(changes) == 1 and len(created) == 1:
        (change,) = changes
        value = change.value
        state.reopened = state.reopened or bool(reopened_heads(change))
    else:
        if any(map(reopened_heads, changes)):
            state.reopened = state.reopened or any(map(reopened_heads, heads(changes)))
        found = field_state(field_, changes, created, own)
        value = found.value
        if len(found.heads) > 1:
            state.several[field_.name] = found
    state.values.update(field_.as_columns(value))


def _add_deletions(
    state: RowState,
    deleting: Sequence[Change],
    fields: Mapping[str, Sequence[Change]],
    created: Sequence[Change],
) -> None:
    """Have the state of a row say whether it still stands, where somebody has deleted it."""
    last = heads(deleting)
    state.reopened = state.reopened or any(map(reopened_heads, last))
    counting = effective_heads(last, deleting)
    state.deletions = tuple(change for change in counting if change.value)
    somebody_keeps_it = len(state.deletions) < len(counting)
    state.stands = somebody_keeps_it or _edited_unseen(fields, created, counting)
    state.live = state.stands


def _edited_unseen(
    fields: Mapping[str, Sequence[Change]], created: Sequence[Change], deletions: Sequence[Change]
) -> bool:
    """Whether someone edited (or made) the row without having seen that it was deleted."""
    seen: set[str] = set()
    for deletion in deletions:
        seen.update(deletion.parents)
    if not seen.issuperset(change.id for change in created):
        return True
    for changes in fields.values():
        for head in heads(changes):
            if head.id in seen:
                continue
            counting = effective_heads([head], changes, created)
            if not seen.issuperset(change.id for change in counting):
                return True
    return False
