"""Undoes a merge: takes its changes out of the log, so that merging the files again brings them back.

Where somebody has gone on working upon what came in, that is said, and nothing is taken from under them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy.engine import Connection

from cypp_desktop.errors import FileProblem, PlanRuleBroken, UsageError
from cypp_desktop.merge.apply import tell_of
from cypp_desktop.merge.places import Places
from cypp_desktop.merge.question import FieldKey
from cypp_desktop.plan.base import row_classes
from cypp_desktop.plan.words import field_words, row_words
from cypp_desktop.store import backups, liveness, log, merge_log
from cypp_desktop.store.backups import BackupReason
from cypp_desktop.store.changes import CREATED, DELETED, Change, without_effect
from cypp_desktop.store.check import check_rows
from cypp_desktop.store.materialise import Touched, held_rows, load_states, materialise_rows
from cypp_desktop.store.recorder import store_step
from cypp_desktop.store.schema import StepKind
from cypp_desktop.store.union import built_upon, retract_changes

if TYPE_CHECKING:
    from cypp_desktop.store.plan_file import OpenPlan


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Batch:
    """A merge that was made: its step, what it is called, when and by whom, and what it brought in."""

    step: str
    name: str
    at: str
    author: str
    changes: int


@dataclass(frozen=True, slots=True)
class BuiltUpon:
    """A field that cannot be taken back, because of later work upon it by ``author``."""

    key: FieldKey
    address: str | None
    place: str
    label: str
    author: str


@dataclass(frozen=True, slots=True)
class Undoable:
    """What of a merge can be taken back, field by field, and what not."""

    batch: Batch
    fields: tuple[FieldKey, ...]
    blocked: tuple[BuiltUpon, ...]


@dataclass(frozen=True, slots=True)
class Unmerged:
    """What was taken back: so many changes; ``left`` are those of the merge that stay."""

    batch: Batch
    changes: int
    left: int


class LaterWork(PlanRuleBroken):
    """A merge that cannot be undone as a whole; ``blocked`` says where others have gone on working."""

    def __init__(self, blocked: tuple[BuiltUpon, ...]) -> None:
        self.blocked = blocked
        some = "; ".join(f"{one.place}, {one.label}, by {one.author}" for one in blocked[:5])
        more = f"; and {len(blocked) - 5} more" if len(blocked) > 5 else ""
        super().__init__(
            f"Later work builds on what this merge brought in: {some}{more}. Nothing was undone. "
            "The other fields can be undone without these."
        )


def batches(plan: OpenPlan) -> list[Batch]:
    """The merges whose changes are in the plan, the latest first."""
    connection = plan.editor.session.connection()
    made = merge_log.merges_made(connection)
    plan.editor.session.rollback()
    return [Batch(*merge) for merge in made]


def what_can_be_undone(plan: OpenPlan, batch: str | None = None) -> Undoable:
    """What of a merge (None: the last one) can be taken back. Writes nothing. Raises UsageError."""
    chosen = _chosen(plan, batch)
    connection = plan.editor.session.connection()
    try:
        return _undoable(connection, chosen)
    finally:
        plan.editor.session.rollback()


def unmerge(
    plan: OpenPlan,
    batch: str | None = None,
    *,
    fields: Collection[FieldKey] | None = None,
    what_can: bool = False,
) -> Unmerged:
    """Take back what a merge (None: the last one) brought in, the decisions made with it too.

    ``fields`` takes back only these; ``what_can`` all but those upon which later work builds. Raises
    LaterWork, UsageError or FileProblem; nothing has changed then.
    """
    if plan.editor.read_only:
        raise FileProblem("This plan is open for reading only. Save it under another name to edit it.")
    chosen = _chosen(plan, batch)
    editor = plan.editor
    editor.session.rollback()
    backups.keep_database(
        plan.working.path,
        plan.working.info().document_id,
        plan.working.data,
        BackupReason.BEFORE_UNMERGE,
        plan.working.fs,
    )
    editor.seal()
    name = f"Undo: {chosen.name[:1].lower()}{chosen.name[1:]}"
    with editor.step(name, kind=StepKind.UNMERGE) as session:
        connection = session.connection()
        found = _undoable(connection, chosen)
        wanted = set(fields if fields is not None else _fields_of_batch(connection, chosen))
        if not what_can:
            _refuse_blocked(found, wanted)
        ids = _ids_of(connection, chosen, wanted & set(found.fields))
        if not ids:
            raise UsageError("There is nothing of this merge that could be undone.")
        step = store_step(session)
        taken_back = _taken_back(connection, {id_: id_ for id_ in ids}, built_upon(connection, ids))
        merge_log.drop_from_redo(connection, taken_back)
        ids += taken_back
        touched = retract_changes(connection, ids)
        _prove(connection, ids, touched)
        left = len(_changes_of(connection, chosen))
        merge_log.note_undoing(connection, step.id, chosen.step, wholly=not left)
        tell_of(step, touched)
        session.expire_all()
    return Unmerged(chosen, len(ids) - len(taken_back), left)


def _refuse_blocked(found: Undoable, wanted: set[FieldKey]) -> None:
    blocked = tuple(one for one in found.blocked if one.key in wanted)
    if blocked:
        raise LaterWork(blocked)


def _chosen(plan: OpenPlan, batch: str | None) -> Batch:
    listed = batches(plan)
    if not listed:
        raise UsageError("There is no merge to undo.")
    if batch is None:
        return listed[0]
    found = [one for one in listed if one.step == batch or (len(batch) >= 8 and one.step.startswith(batch))]
    if len(found) != 1:
        raise UsageError(f"There is no merge {batch} to undo.")
    return found[0]


# ---------------------------------------------------------------------------------- what builds on what


def _changes_of(connection: Connection, batch: Batch) -> list[Change]:
    """Every change that a merge brought in, decisions and notes of files with it."""
    return merge_log.changes_of_merge(connection, batch.step)


def _fields_of_batch(connection: Connection, batch: Batch) -> list[FieldKey]:
    return list(dict.fromkeys(_key(change) for change in _changes_of(connection, batch)))


def _ids_of(connection: Connection, batch: Batch, fields: Collection[FieldKey]) -> list[str]:
    return [change.id for change in _changes_of(connection, batch) if _key(change) in fields]


def _key(change: Change) -> FieldKey:
    return change.row_type, change.row_id, change.field


def _undoable(connection: Connection, batch: Batch) -> Undoable:
    """Divides the fields of a merge into those that can go and those that later work needs."""
    changes = _changes_of(connection, batch)
    by_field: dict[FieldKey, list[str]] = {}
    for change in changes:
        by_field.setdefault(_key(change), []).append(change.id)
    blocked: dict[FieldKey, str] = {}
    while True:
        ids = [id_ for key, listed in by_field.items() if key not in blocked for id_ in listed]
        more = _needed(connection, ids, by_field, blocked)
        if not more:
            break
        blocked |= more
    fields = tuple(key for key in by_field if key not in blocked)
    places = Places(connection)
    known = {key[:2] for key in blocked if key[0] in row_classes()}
    places.load(known)
    told = []
    for key, author in blocked.items():
        place = places.place(key[:2])
        told.append(BuiltUpon(key, place.address, place.words, _label(key), author))
    return Undoable(batch, fields, tuple(sorted(told, key=lambda one: places.order(one.key[:2]))))


def _label(key: FieldKey) -> str:
    row_type, _, name = key
    if name == CREATED:
        return f"new {row_words(row_type)}"
    return f"deleted {row_words(row_type)}" if name == DELETED else field_words(row_type, name)


def _needed(
    connection: Connection,
    ids: list[str],
    by_field: Mapping[FieldKey, list[str]],
    blocked: Mapping[FieldKey, str],
) -> dict[FieldKey, str]:
    """The fields that cannot go if just these changes go, with who built upon them."""
    batch = set(ids)
    field_of = {id_: key for key, listed in by_field.items() for id_ in listed if id_ in batch}
    later = built_upon(connection, batch)
    taken_back = _taken_back(connection, field_of, later)
    if taken_back:
        field_of |= taken_back
        later = built_upon(connection, field_of)
    found: dict[FieldKey, str] = {}
    for change in later:
        for parent in field_of.keys() & set(change.parents):
            found.setdefault(field_of[parent], change.author)
    if found:
        return found
    made = [key for key in by_field if key[2] == CREATED and key not in blocked]
    found = _changed_since(connection, made, field_of.keys())
    return found or _left_without(connection, ids, {key[:2] for key in made})


def _changed_since(
    connection: Connection, made: Sequence[FieldKey], going: Collection[str]
) -> dict[FieldKey, str]:
    """The rows among those ``made`` of which changes would be left without a creation, with their author."""
    found: dict[FieldKey, str] = {}
    rows = log.changes_of_rows(connection, (row_id for _, row_id, _ in made))
    for key in made:
        left = [change for change in rows.get(key[:2], ()) if change.id not in going]
        if left and not any(change.field == CREATED for change in left):  # made twice apart, it may lose one
            found[key] = left[-1].author
    return found


def _taken_back(connection: Connection, changes: Mapping[str, T], later: Iterable[Change]) -> dict[str, T]:
    """The decisions among the ``later`` changes built upon these that were taken back, and their taking back,
    by id: that is no work. Each has what is given with the change that it goes back to.
    """
    found: dict[str, T] = {}
    rows = log.changes_of_rows(connection, {change.row_id for change in later}, before=False)
    for listed in rows.values():
        created = [change for change in listed if change.field == CREATED]
        by_field: dict[str, list[Change]] = {}
        for change in listed:
            by_field.setdefault(change.field, []).append(change)
        for name, of_field in by_field.items():
            idle = without_effect(of_field, created if name != DELETED else ())
            _follow([change for change in of_field if change.id in idle], changes, found)
    return found


def _follow(idle: Sequence[Change], changes: Mapping[str, T], found: dict[str, T]) -> None:
    """Add to ``found`` the idle changes that go back to one of ``changes``, by way of any number of others,
    each with what is given with that one.
    """
    is_growing = True
    while is_growing:
        more: dict[str, T] = {}
        for change in idle:
            if change.id in found:
                continue
            for parent in change.parents:
                if parent in changes:
                    more[change.id] = changes[parent]
                elif parent in found:
                    more[change.id] = found[parent]
        found |= more
        is_growing = bool(more)


def _left_without(connection: Connection, ids: list[str], made: set[log.RowKey]) -> dict[FieldKey, str]:
    """The rows of which the going would take later rows out of the plan, or their links: tried and undone."""
    held = held_rows(connection)
    attempt = connection.begin_nested()
    try:
        retract_changes(connection, ids)
        lost = held_rows(connection) - held
    finally:
        attempt.rollback()
    found: dict[FieldKey, str] = {}
    if lost:
        states = load_states(connection, lost, log.own_files(connection))
        rows = log.changes_of_rows(connection, (id_ for _, id_ in lost))
        for key, state in states.items():
            for _, target in liveness.targets(state):
                if target in made:
                    found.setdefault((*target, CREATED), rows[key][-1].author)
    return found


def _prove(connection: Connection, ids: Iterable[str], touched: Touched) -> None:
    """Before it counts: the changes are gone, the rows are what the others say, the rules hold."""
    rows = touched.added | touched.removed | touched.edited.keys()
    if log.known_ids(connection, ids) or materialise_rows(connection, rows):
        raise RuntimeError("a merge was not wholly undone")
    faults = check_rows(connection, rows)
    if faults:
        raise PlanRuleBroken(
            f"Without this merge the plan would break a rule, so nothing was undone. {faults[0]}"
        )
