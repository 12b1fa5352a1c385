"""What files bring, worked out on a plan that already holds their changes: one item for each field or row.

The union has been made in the transaction of the connection given here, for good (a merge) or to be rolled
back (a review); either way this says what each file proposes, what was there, and what would stand.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy.engine import Connection

from cypp_desktop.merge.model import Received
from cypp_desktop.merge.places import Place, Places
from cypp_desktop.plan.base import Field, fields_of, row_classes
from cypp_desktop.store import log
from cypp_desktop.store.changes import (
    COMBINED,
    CONFLICT,
    CREATED,
    DELETED,
    Change,
    RowState,
    heads,
    heads_of_field,
    row_state,
    said,
    to_json,
    value_in,
)
from cypp_desktop.store.log import RowKey
from cypp_desktop.store.settling import stored_rows
from cypp_desktop.store.union import DELETED_AND_EDITED, Added, add_changes

#: Kinds of item, beside COMBINED, CONFLICT and DELETED_AND_EDITED.
PLAIN: Final = "plain"
OUTSIDE: Final = "outside"
KINDS: Final = (PLAIN, COMBINED, CONFLICT, DELETED_AND_EDITED, OUTSIDE)

FieldKey = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Side:
    """What one party says: ``value`` is a stored value (of a whole row: its columns; None: deleted).

    ``file`` and ``organisation`` are None for the plan itself. ``changes`` are the ids it follows from.
    """

    value: Any
    author: str
    organisation: str | None = None
    file: str | None = None
    changes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """One edit that a file proposes: its last word on one field. ``files`` bring it, by name.

    ``standing`` is False where another change that comes in was made having seen it.
    """

    field: str
    change: str
    author: str
    organisation: str | None
    files: tuple[str, ...]
    before: Any
    value: Any
    standing: bool
    altered: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided about an item.

    ``how``: accept (what stands by itself), leave (open), ours, theirs (``side`` says whose, where they
    differ), both, edit (``value``), and confirm: the combined text was read and is right.
    """

    how: str
    value: Any = None
    side: int | None = None


@dataclass(slots=True)
class Item:
    """One thing to look at: a field (``field`` is its name), or a whole row (``*``).

    ``what`` says in one word what happens: edited, added, deleted, brought back, kept (someone deleted it,
    another edited it), held out (the plan's rules have no room for it) or gone. ``base``, ``ours`` and
    ``result`` are what all began with, what the plan says without these files, and what would stand.
    ``heads`` are the changes that a decision would name, with their values.
    """

    row_type: str
    row_id: str
    field: str
    kind: str
    what: str
    place: Place
    base: Any
    ours: Side | None
    theirs: tuple[Side, ...]
    result: Any
    heads: tuple[tuple[str, str], ...]
    proposals: tuple[Proposal, ...]
    decision: Decision
    deleted_here: bool = False
    order: tuple[tuple[int, str, str], ...] = ()

    @property
    def key(self) -> FieldKey:
        return self.row_type, self.row_id, self.field

    @property
    def row(self) -> RowKey:
        return self.row_type, self.row_id

    @property
    def is_row(self) -> bool:
        """Whether it is about a whole row."""
        return self.field == CREATED

    @property
    def altered(self) -> bool:
        """Whether part of it was edited outside the application."""
        return any(proposal.altered for proposal in self.proposals)


@dataclass(slots=True)
class Proposed:
    """All items in the plan's order, and what the union did."""

    items: list[Item]
    added: Added


@dataclass(slots=True)
class _Gathered:
    """Changes that come in by id, those left out by id, and which files bring each; rows known before."""

    coming: dict[str, Change] = field(default_factory=dict)
    outside: dict[str, Change] = field(default_factory=dict)
    files: dict[str, list[Received]] = field(default_factory=dict)
    altered: set[str] = field(default_factory=set)
    known: set[str] = field(default_factory=set)


def propose(
    connection: Connection,
    files: Sequence[Received],
    *,
    batch: str,
    outside: Collection[FieldKey] = (),
) -> Proposed:
    """Let the changes of these files into the plan, and say what they propose.

    ``outside`` names fields whose changes a person lets in although nobody asked for them.
    """
    gathered = _gather(connection, files, frozenset(outside))
    added = add_changes(connection, gathered.coming.values(), batch=batch)
    work = _Work(connection, gathered, added)
    items = [item for key in sorted(work.rows) for item in work.items_of(key)]
    items += work.items_outside()
    work.place(items)
    items.sort(key=lambda item: (item.order, item.field != CREATED, item.field))
    return Proposed(items, added)


def _gather(connection: Connection, files: Sequence[Received], let_in: frozenset[FieldKey]) -> _Gathered:
    found = _Gathered()
    for file in files:
        inside, outside = (*file.changes, *file.altered), (*file.outside, *file.outside_altered)
        for change in (*inside, *outside):
            found.files.setdefault(change.id, []).append(file)
        found.coming |= {change.id: change for change in inside}
        found.outside |= {change.id: change for change in outside}
        found.altered |= {change.id for change in (*file.altered, *file.outside_altered)}
    for id_, change in found.outside.items():
        if (change.row_type, change.row_id, change.field) in let_in:
            found.coming.setdefault(id_, change)
    found.outside = {id_: change for id_, change in found.outside.items() if id_ not in found.coming}
    known = log.known_ids(connection, [*found.coming, *found.outside])
    for id_ in known:
        found.coming.pop(id_, None)
        found.outside.pop(id_, None)
    _leave_out_what_hangs_in_the_air(connection, found)
    return found


def _leave_out_what_hangs_in_the_air(connection: Connection, found: _Gathered) -> None:
    """Changes of rows that neither the plan nor the files know, or of fields of a later version."""
    for some in log.portions(change.row_id for change in found.coming.values()):
        rows = connection.exec_driver_sql(
            f"SELECT row_id FROM change WHERE row_id IN ({_marks(some)}) AND field = '*'", tuple(some)
        )
        found.known.update(row_id for (row_id,) in rows)
    made = {change.row_id for change in found.coming.values() if change.field == CREATED} | found.known
    for id_, change in list(found.coming.items()):
        cls = row_classes().get(change.row_type)
        is_field = cls is not None and change.field in (CREATED, DELETED, *fields_of(cls))
        if change.row_id not in made or not is_field:
            found.outside[id_] = found.coming.pop(id_)


class _Work:
    """What is known of the rows that the files touch, before and after."""

    def __init__(self, connection: Connection, gathered: _Gathered, added: Added) -> None:
        self.connection = connection
        self.gathered = gathered
        self.own = log.own_files(connection)
        self.states, self.before = added.rows.states, added.rows.before
        self.files = {file.sha256: file for listed in gathered.files.values() for file in listed}
        self.fresh: dict[RowKey, dict[str, list[Change]]] = {}
        for id_ in added.changes:
            change = gathered.coming[id_]
            by_field = self.fresh.setdefault((change.row_type, change.row_id), {})
            by_field.setdefault(change.field, []).append(change)
        self.rows = {*self.fresh, *added.rows.added, *added.rows.removed}
        self.standing = _heads_among(connection, added.changes)
        self.seen = _authors(connection, gathered.coming.values())
        whole = [key for key in self.rows if self._is_about_row(key)]
        self.every = log.changes_of_rows(connection, (row_id for _, row_id in whole), before=False)
        self.last: dict[RowKey, Mapping[str, Any]] = {}

    def is_live(self, key: RowKey) -> bool:
        """Whether the row is in the plan now."""
        state = self.states.get(key)
        return state is not None and state.live

    def _is_about_row(self, key: RowKey) -> bool:
        """Whether the row itself comes, goes, or was gone: else only some of its fields change."""
        names = self.fresh.get(key, {})
        return (
            (key in self.before) != self.is_live(key)
            or not names.keys().isdisjoint((CREATED, DELETED))
            or (key not in self.before)
        )

    # ------------------------------------------------------------------ rows of the plan

    def items_of(self, key: RowKey) -> list[Item]:
        """The items about one row and its fields."""
        fields, now = fields_of(row_classes()[key[0]]), self.states[key]
        self.last[key] = self.before.get(key) or now.values
        names = dict.fromkeys(self.fresh.get(key, ()))
        marked = [n for n in fields if n in now.several and (n in names or CREATED in names)]
        contested = [n for n in marked if now.several[n].mark] if now.live else []
        found: list[Item] = []
        if self._is_about_row(key):
            found.append(self._row_item(key, now, [name for name in names if name not in contested]))
            names = dict.fromkeys(contested)
        shown = dict.fromkeys((*contested, *names))
        return [*found, *(self._field_item(key, fields[name], now) for name in shown)]

    def _row_item(self, key: RowKey, now: RowState, names: Sequence[str]) -> Item:
        kind, what = self._fate_of_row(key, now)
        fresh = {change.id for listed in self.fresh.get(key, {}).values() for change in listed}
        known = [change for change in self.every[key] if change.id not in fresh]
        was_known = any(change.field == CREATED for change in known)
        was = self.before.get(key)
        theirs = []
        for digest, changes in self._by_file(key).items():
            deleted = [c for c in heads(c for c in changes if c.field == DELETED) if c.value]
            values = None if deleted else {**(was or now.values), **_said_of_row(key, changes)}
            last = max(changes, key=lambda change: change.id)
            theirs.append(self._side(values, last, digest, [change.id for change in changes]))
        ours = None
        if was_known:
            last = max(known, key=lambda change: change.id)
            ours = Side(was, last.author, changes=(last.id,))
        return Item(
            *key, CREATED, kind, what, _NOWHERE, None, ours, tuple(theirs),
            now.values if now.live else None, _seen(_all_heads(self.every[key])),
            tuple(p for name in names for p in self._proposals(key, name)),
            Decision("accept" if kind == PLAIN else "leave"), was_known and was is None,
        )  # fmt: skip

    def _fate_of_row(self, key: RowKey, now: RowState) -> tuple[str, str]:
        if not now.live:
            if now.stands:
                return CONFLICT, "held out"
            return PLAIN, "deleted" if key in self.before else "gone"
        if now.deletions:
            return DELETED_AND_EDITED, "kept"
        if key in self.before:
            return PLAIN, "kept"
        return PLAIN, "brought back" if key[1] in self.gathered.known else "added"

    def _field_item(self, key: RowKey, field_: Field, now: RowState) -> Item:
        name, was = field_.name, self.before.get(key)
        several = now.several.get(name)
        result = several.value if several else field_.value_of(now.values)
        fresh = self.fresh[key].get(name) or self.fresh[key].get(CREATED, [])
        tips = several.heads if several else tuple(c for c in fresh if c.id in self.standing)
        ours = None
        if was is not None:
            seen = {c.id: c.author for c in tips if c.id not in self.gathered.coming}
            if not seen:
                seen = {p: self.seen[p] for c in fresh for p in c.parents if p in self.seen}
            author = seen[max(seen)] if seen else ""
            ours = Side(field_.value_of(was), author, changes=tuple(sorted(seen)))
        base = several.base if several else ours.value if ours is not None else None
        kind = (several.mark if several else None) or PLAIN
        return Item(
            *key, name, kind, "edited", _NOWHERE, base, ours, self._sides(key, field_), result, _seen(tips),
            tuple(self._proposals(key, name)), Decision("leave" if kind == CONFLICT else "accept"),
        )  # fmt: skip

    def _by_file(self, key: RowKey, *names: str) -> dict[str, list[Change]]:
        """The changes of a row (of these fields) by the file that brings them, which its digest names."""
        found: dict[str, list[Change]] = {}
        fresh = self.fresh.get(key, {})
        for name in names or fresh:
            for change in fresh.get(name, ()):
                for file in self.gathered.files[change.id]:
                    found.setdefault(file.sha256, []).append(change)
        return found

    def _sides(self, key: RowKey, field_: Field) -> tuple[Side, ...]:
        """What each file says of a field; files that say it by the same change are one side."""
        found: dict[tuple[str, ...], Side] = {}
        for digest, changes in self._by_file(key, field_.name, CREATED).items():
            tips, value = _last_word(field_, changes, self.own)
            ids = tuple(tip.id for tip in tips)
            found.setdefault(ids, self._side(value, tips[-1], digest, ids))
        return tuple(found.values())

    def _side(self, value: Any, change: Change, digest: str, ids: Sequence[str]) -> Side:
        file = self.files[digest]
        return Side(value, change.author, file.organisation, file.name, tuple(ids))

    def _proposals(self, key: RowKey, name: str) -> list[Proposal]:
        """The last word of each file on a field; the same change brought by several files is one proposal."""
        field_ = fields_of(row_classes()[key[0]]).get(name)
        found: dict[str, Proposal] = {}
        names = (name, CREATED) if field_ is not None else (name,)
        for changes in self._by_file(key, *names).values():
            for tip in _heads_of(changes, name):
                if tip.id not in found:
                    found[tip.id] = self._proposal(tip, name, field_, standing=tip.id in self.standing)
        return [found[id_] for id_ in sorted(found)]

    def _proposal(self, tip: Change, name: str, field_: Field | None, *, standing: bool) -> Proposal:
        files = self.gathered.files[tip.id]
        value = value_in(tip, field_) if field_ is not None else tip.value
        before = tip.before if tip.field == name else None
        names = (files[0].name,) if len(files) == 1 else tuple(dict.fromkeys(file.name for file in files))
        altered = tip.id in self.gathered.altered
        return Proposal(
            name, tip.id, tip.author, files[0].organisation, names, before, value, standing, altered
        )

    # ------------------------------------------------------------------ what nobody asked for

    def items_outside(self) -> list[Item]:
        """What files change that they were not asked for: shown, and left out unless a person lets it in."""
        by_field: dict[FieldKey, list[Change]] = {}
        for change in self.gathered.outside.values():
            by_field.setdefault((change.row_type, change.row_id, change.field), []).append(change)
        rows = log.changes_of_rows(self.connection, (id_ for _, id_, _ in by_field), before=False)
        found: list[Item] = []
        for (row_type, row_id, name), changes in by_field.items():
            cls = row_classes().get(row_type)
            field_ = fields_of(cls).get(name) if cls is not None else None
            known = rows.get((row_type, row_id), ())
            state = row_state(known, fields_of(cls), self.own) if cls is not None and known else None
            ours = None
            if state is not None:
                self.last.setdefault((row_type, row_id), state.values)
                said_now = field_.value_of(state.values) if field_ is not None else state.values
                tips = _heads_of(known, name) if field_ is not None else list(known)
                ours = Side(said_now, tips[-1].author, changes=tuple(tip.id for tip in tips))
            proposals, theirs = [], []
            for tip in heads(changes):
                file = self.gathered.files[tip.id][0]
                proposals.append(self._proposal(tip, name, field_, standing=True))
                value = None if name == DELETED and tip.value else tip.value
                theirs.append(Side(value, tip.author, file.organisation, file.name, (tip.id,)))
            found.append(
                Item(
                    row_type, row_id, name, OUTSIDE, _WHATS.get(name, "edited"), _NOWHERE,
                    ours.value if ours else None, ours, tuple(theirs), ours.value if ours else None,
                    (), tuple(proposals), Decision("leave"),
                )
            )  # fmt: skip
        return found

    def place(self, items: Iterable[Item]) -> None:
        """Say where each item stands."""
        listed = list(items)
        known = {item.row for item in listed if item.row_type in row_classes()}
        settled = {key for key in known if key in self.states}
        live = {key for key in settled if self.is_live(key)}
        live |= stored_rows(self.connection, known - settled).keys()
        places = Places(self.connection)
        places.load(live, {key: self.last.get(key, {}) for key in known - live})
        for item in listed:
            item.place = places.place(item.row)
            item.order = places.order(item.row)


_NOWHERE = Place(None, "")
_WHATS = {CREATED: "added", DELETED: "deleted"}


def _marks(values: Sequence[str]) -> str:
    return ",".join("?" * len(values))


def _heads_among(connection: Connection, ids: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for some in log.portions(ids):
        rows = connection.exec_driver_sql(
            f"SELECT id FROM change WHERE id IN ({_marks(some)}) AND is_head = 1", tuple(some)
        )
        found.update(id_ for (id_,) in rows)
    return found


def _authors(connection: Connection, coming: Iterable[Change]) -> dict[str, str]:
    """Who wrote what the plan had before: the changes upon which those that come in were made."""
    found: dict[str, str] = {}
    listed = list(coming)
    new = {change.id for change in listed}
    for some in log.portions({parent for change in listed for parent in change.parents} - new):
        rows = connection.exec_driver_sql(
            f"SELECT id, author FROM change WHERE id IN ({_marks(some)})", tuple(some)
        )
        found.update((id_, author) for id_, author in rows)
    return found


def _last_word(field_: Field, changes: Sequence[Change], own: Collection[str]) -> tuple[list[Change], Any]:
    """The changes of one file by which it says something of a field, and what that is."""
    if len(changes) == 1:
        return list(changes), value_in(changes[0], field_)
    created = [change for change in changes if change.field == CREATED]
    named = [change for change in changes if change.field != CREATED]
    return heads_of_field(named, created), said(field_, named, created, own).value


def _heads_of(changes: Sequence[Change], name: str) -> list[Change]:
    """The heads of a field among changes of one row, its creations being the beginning."""
    if len(changes) == 1:
        return list(changes)
    named = [change for change in changes if change.field == name]
    if name in (CREATED, DELETED):
        return heads(named)
    return heads_of_field(named, [change for change in changes if change.field == CREATED])


def _all_heads(changes: Iterable[Change]) -> list[Change]:
    by_field: dict[str, list[Change]] = {}
    for change in changes:
        by_field.setdefault(change.field, []).append(change)
    return [tip for listed in by_field.values() for tip in heads(listed)]


def _seen(tips: Iterable[Change]) -> tuple[tuple[str, str], ...]:
    return tuple((tip.id, to_json(tip.value)) for tip in sorted(tips, key=lambda tip: tip.id))


def _said_of_row(key: RowKey, changes: Iterable[Change]) -> dict[str, Any]:
    """The columns of a row that a file's changes speak of, as the last of each says."""
    fields = fields_of(row_classes()[key[0]])
    found: dict[str, Any] = {}
    listed = sorted(changes, key=lambda c: (c.field != CREATED, c.id))
    for change in listed:
        if change.field == CREATED:
            found |= change.value
        elif change.field in fields:
            found |= fields[change.field].as_columns(change.value)
    return found
