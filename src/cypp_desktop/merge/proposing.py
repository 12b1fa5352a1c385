"""Works out what files bring, on a plan that already holds their changes: one item for each field or row.

The union has been made in the transaction of the connection given here, for good (a merge) or to be rolled
back (a review); either way this says what each file proposes, what was there, and what would stand.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.engine import Connection

from cypp_desktop.merge.model import Received, names_of
from cypp_desktop.merge.places import Place, Places
from cypp_desktop.merge.proposals import OUTSIDE, PLAIN, Decision, FieldKey, Item, Proposal, Side
from cypp_desktop.plan.base import Field, fields_of, row_classes
from cypp_desktop.store import log
from cypp_desktop.store.changes import (
    CONFLICT,
    CREATED,
    DELETED,
    Change,
    RowState,
    field_state,
    heads,
    heads_of_field,
    row_state,
    to_json,
    value_in,
)
from cypp_desktop.store.log import RowKey
from cypp_desktop.store.materialise import stored_rows
from cypp_desktop.store.union import DELETED_AND_EDITED, Added, add_changes


@dataclass(slots=True)
class Proposed:
    """All items in the plan's order, and what the union did."""

    items: list[Item]
    added: Added


@dataclass(slots=True)
class _Gathered:
    """Changes that come in by id, those left out by id, and which files bring each; rows known before; what
    the files are called.
    """

    coming: dict[str, Change] = field(default_factory=dict)
    outside: dict[str, Change] = field(default_factory=dict)
    files: dict[str, list[Received]] = field(default_factory=dict)
    altered: set[str] = field(default_factory=set)
    known: set[str] = field(default_factory=set)
    names: dict[str, str] = field(default_factory=dict)


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
    added = add_changes(connection, gathered.coming.values(), batch=batch, all_new=True)
    work = _Work(connection, gathered, added)
    items = [item for key in sorted(work.rows) for item in work.items_of(key)]
    items += work.items_outside()
    work.place(items)
    items.sort(key=lambda item: (item.order, item.field != CREATED, item.field))
    return Proposed(items, added)


def _gather(connection: Connection, files: Sequence[Received], let_in: frozenset[FieldKey]) -> _Gathered:
    found = _Gathered(names=names_of(files))
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
        ).all()
        found.known.update(row_id for (row_id,) in rows)
    made = {change.row_id for change in found.coming.values() if change.field == CREATED} | found.known
    names = {row_type: {CREATED, DELETED, *fields_of(cls)} for row_type, cls in row_classes().items()}
    for id_, change in list(found.coming.items()):
        if change.row_id not in made or change.field not in names.get(change.row_type, ()):
            found.outside[id_] = found.coming.pop(id_)


class _Work:
    """What is known of the rows that the files touch, before and after."""

    def __init__(self, connection: Connection, gathered: _Gathered, added: Added) -> None:
        self.connection = connection
        self.gathered = gathered
        self.own = log.own_files(connection)
        self.states, self.before = added.rows.states, added.rows.before
        self.files = {file.sha256: file for listed in gathered.files.values() for file in listed}
        self.names = gathered.names
        self.fresh: dict[RowKey, dict[str, list[Change]]] = {}
        for id_ in added.changes:
            change = gathered.coming[id_]
            by_field = self.fresh.setdefault((change.row_type, change.row_id), {})
            by_field.setdefault(change.field, []).append(change)
        self.rows = {*self.fresh, *added.rows.added, *added.rows.removed}
        self.standing = added.heads
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
            tuple(p for name in names for p in self._proposals_in_row(key, name)),
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
            return PLAIN, "added by both" if CREATED in self.fresh.get(key, {}) else "brought back"
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
        last_words = {
            digest: _last_word(field_, changes, self.own)
            for digest, changes in self._by_file(key, name, CREATED).items()
        }
        return Item(
            *key, name, kind, "edited", _NOWHERE, base, ours, self._sides(last_words), result, _seen(tips),
            self._proposals(name, field_, (said_last for said_last, _ in last_words.values())),
            Decision("leave" if kind == CONFLICT else "accept"),
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

    def _sides(self, last_words: Mapping[str, tuple[list[Change], Any]]) -> tuple[Side, ...]:
        """What each file says of a field; files that say it by the same change are one side."""
        found: dict[tuple[str, ...], Side] = {}
        for digest, (tips, value) in last_words.items():
            ids = tuple(tip.id for tip in tips)
            found.setdefault(ids, self._side(value, tips[-1], digest, ids))
        return tuple(found.values())

    def _side(self, value: Any, change: Change, digest: str, ids: Sequence[str]) -> Side:
        file = self.files[digest]
        return Side(value, change.author, file.organisation, self.names[digest], tuple(ids))

    def _proposals_in_row(self, key: RowKey, name: str) -> tuple[Proposal, ...]:
        """What the files propose for a field of a row that comes or goes, or for the row itself."""
        field_ = fields_of(row_classes()[key[0]]).get(name)
        names = (name, CREATED) if field_ is not None else (name,)
        by_file = self._by_file(key, *names).values()
        return self._proposals(name, field_, (_heads_of(changes, name) for changes in by_file))

    def _proposals(
        self, name: str, field_: Field | None, last_words: Iterable[Iterable[Change]]
    ) -> tuple[Proposal, ...]:
        """The last word of each file on a field; the same change brought by several files is one proposal."""
        tips = {tip.id: tip for said_last in last_words for tip in said_last}
        return tuple(
            self._proposal(tips[id_], name, field_, standing=id_ in self.standing) for id_ in sorted(tips)
        )

    def _proposal(self, tip: Change, name: str, field_: Field | None, *, standing: bool) -> Proposal:
        files = self.gathered.files[tip.id]
        value = value_in(tip, field_) if field_ is not None else tip.value
        before = tip.before if tip.field == name else None
        names = tuple(dict.fromkeys(self.names[file.sha256] for file in files))
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
                theirs.append(self._side(value, tip, file.sha256, (tip.id,)))
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


def _authors(connection: Connection, coming: Iterable[Change]) -> dict[str, str]:
    """Who wrote what the plan had before: the changes upon which those that come in were made."""
    found: dict[str, str] = {}
    listed = list(coming)
    new = {change.id for change in listed}
    for some in log.portions({parent for change in listed for parent in change.parents} - new):
        rows = connection.exec_driver_sql(
            f"SELECT id, author FROM change WHERE id IN ({_marks(some)})", tuple(some)
        ).all()
        found.update((id_, author) for id_, author in rows)
    return found


def _last_word(field_: Field, changes: Sequence[Change], own: Collection[str]) -> tuple[list[Change], Any]:
    """The changes of one file by which it says something of a field, and what that is."""
    if len(changes) == 1:
        return list(changes), value_in(changes[0], field_)
    created = [change for change in changes if change.field == CREATED]
    named = [change for change in changes if change.field != CREATED]
    return heads_of_field(named, created), field_state(field_, named, created, own).value


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
