"""What received files ask of a plan: one question for each field or row of which they say something new.

The changes of the files come into the plan in the transaction of the connection given here, for good (a
merge) or to be rolled back (a review). Either way this says what each file proposes, what was there before,
and what the plan says with all of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from sqlalchemy.engine import Connection

from cypp_desktop.merge.called_alike import say_what_is_called_alike
from cypp_desktop.merge.folding import Naming, edits_at_stake, fold, new_rows_at_stake
from cypp_desktop.merge.model import UNPROVEN, Received, names_of
from cypp_desktop.merge.places import Places
from cypp_desktop.merge.question import AtStake, FieldKey, Happening, Kind, Proposal, Question, Side
from cypp_desktop.plan.base import Field, field_of, fields_of, row_classes
from cypp_desktop.store import log, removal
from cypp_desktop.store.changes import (
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
from cypp_desktop.store.merge_log import authors_of, rows_created
from cypp_desktop.store.union import Added, add_changes, add_removals

_UPON_REMOVED: Final = (
    "It was written upon a text that has been removed for good since: see that it does not bring that back."
)


def questions_of_files(
    connection: Connection,
    files: Sequence[Received],
    *,
    batch: str,
    let_in: Collection[FieldKey] = (),
) -> tuple[list[Question], Added]:
    """Let the changes of these files into the plan under the step ``batch``; gives what they ask, in the
    plan's order, and what came in.

    ``let_in`` names fields whose changes a person lets in although nobody asked for them.
    """
    removed = add_removals(connection, [each for file in files for each in file.removals])
    incoming = _incoming(connection, files, frozenset(let_in))
    added = add_changes(connection, incoming.inside.values(), batch=batch, all_new=True)
    added = replace(added, emptied=removed)
    asker = _Asker(connection, incoming, added)
    questions: list[Question] = []
    for key in sorted(asker.rows):
        questions += asker.questions_of_row(key)
    questions += asker.questions_outside()
    _say_what_may_bring_back(connection, incoming, questions)
    say_what_is_called_alike(connection, questions)
    questions = asker.folded(questions)
    asker.place([each for question in questions for each in question.whole])
    questions.sort(key=lambda question: (question.order, question.field != CREATED, question.field))
    return questions, added


def _say_what_may_bring_back(
    connection: Connection, incoming: _Incoming, questions: Iterable[Question]
) -> None:
    """Say of edits that were made upon a text which is removed for good by now, that they may repeat it."""
    brought = (*incoming.inside.values(), *incoming.outside.values())
    upon_removed = removal.made_upon_removed(connection, brought)
    for question in questions:
        if any(proposal.change in upon_removed for proposal in question.proposals):
            question.why = f"{question.why} {_UPON_REMOVED}".strip()


# ---------------------------------------------------------------------------------- what comes in


@dataclass(slots=True)
class _Incoming:
    """The changes that come in and those left out, by id.

    ``files`` are the files that bring each change; ``names`` and ``organisations`` say what files are called
    and who sent them, by their digest; ``altered`` are the ids of changes made outside the application;
    ``known_rows`` are the ids of rows that come in and of which the plan had the creation.
    """

    names: dict[str, str]
    organisations: dict[str, str | None]
    inside: dict[str, Change] = field(default_factory=dict)
    outside: dict[str, Change] = field(default_factory=dict)
    files: dict[str, list[Received]] = field(default_factory=dict)
    altered: set[str] = field(default_factory=set)
    known_rows: set[str] = field(default_factory=set)


def _incoming(connection: Connection, files: Sequence[Received], let_in: frozenset[FieldKey]) -> _Incoming:
    """Divide what the files bring into what comes in and what stays outside, without what the plan has."""
    incoming = _Incoming(names_of(files), {file.sha256: file.organisation for file in files})
    for file in files:
        for change in file.brought:
            incoming.files.setdefault(change.id, []).append(file)
        incoming.inside |= {change.id: change for change in (*file.changes, *file.altered)}
        incoming.outside |= {change.id: change for change in (*file.outside, *file.outside_altered)}
        incoming.altered |= {change.id for change in (*file.altered, *file.outside_altered)}
    for id_, change in incoming.outside.items():
        if (change.row_type, change.row_id, change.field) in let_in:
            incoming.inside.setdefault(id_, change)
    for id_ in incoming.inside.keys() & incoming.outside.keys():
        del incoming.outside[id_]
    for id_ in log.known_ids(connection, [*incoming.inside, *incoming.outside]):
        incoming.inside.pop(id_, None)
        incoming.outside.pop(id_, None)
    _leave_out_what_hangs_in_the_air(connection, incoming)
    return incoming


def _leave_out_what_hangs_in_the_air(connection: Connection, incoming: _Incoming) -> None:
    """Changes of rows that neither the plan nor the files know, or of fields of a later version."""
    row_ids = {change.row_id for change in incoming.inside.values()}
    incoming.known_rows = rows_created(connection, row_ids)
    created = {change.row_id for change in incoming.inside.values() if change.field == CREATED}
    known_rows = created | incoming.known_rows
    known_fields = {row_type: {CREATED, DELETED, *fields_of(cls)} for row_type, cls in row_classes().items()}
    for id_, change in list(incoming.inside.items()):
        if change.row_id not in known_rows or change.field not in known_fields.get(change.row_type, ()):
            incoming.outside[id_] = incoming.inside.pop(id_)


# ---------------------------------------------------------------------------------- what is asked


class _Asker:
    """Puts the questions; knows the rows that the files touch, before and after."""

    def __init__(self, connection: Connection, incoming: _Incoming, added: Added) -> None:
        self._connection = connection
        self._incoming = incoming
        self._own_files = log.own_files(connection)
        self._heads = added.heads
        self._now = added.rows.states
        self._before = added.rows.before
        self._fresh: dict[RowKey, dict[str, list[Change]]] = {}  # what came in, by row and field
        for id_ in added.changes:
            change = incoming.inside[id_]
            by_field = self._fresh.setdefault((change.row_type, change.row_id), {})
            by_field.setdefault(change.field, []).append(change)
        self.rows = {*self._fresh, *added.rows.added, *added.rows.removed}
        self._authors = self._authors_before()
        whole = [row_id for row_type, row_id in self.rows if self._is_about_row((row_type, row_id))]
        self._every = log.changes_of_rows(connection, whole, before=False)
        self._last_values: dict[RowKey, Mapping[str, Any]] = {}

    def _authors_before(self) -> dict[str, str]:
        """Who wrote what the plan had before: the changes upon which those that come in were made."""
        parents: set[str] = set()
        for change in self._incoming.inside.values():
            parents.update(change.parents)
        return authors_of(self._connection, parents.difference(self._incoming.inside))

    def _is_live(self, key: RowKey) -> bool:
        """Whether the row is in the plan now."""
        state = self._now.get(key)
        return state is not None and state.live

    def _is_about_row(self, key: RowKey) -> bool:
        """Whether the row itself comes, goes, or was gone: else only some of its fields change."""
        if key not in self._before or not self._is_live(key):
            return True
        fields = self._fresh.get(key, {})
        return CREATED in fields or DELETED in fields

    def _by_file(self, key: RowKey, *names: str) -> dict[str, list[Change]]:
        """What came in of a row, or of these fields of it, by the digest of the file that brings it."""
        found: dict[str, list[Change]] = {}
        fresh = self._fresh.get(key, {})
        for name in names or fresh:
            for change in fresh.get(name, ()):
                for file in self._incoming.files[change.id]:
                    found.setdefault(file.sha256, []).append(change)
        return found

    # ------------------------------------------------------------------ rows of the plan

    def questions_of_row(self, key: RowKey) -> list[Question]:
        """The questions about one row and its fields."""
        fields, now = fields_of(row_classes()[key[0]]), self._now[key]
        self._last_values[key] = self._before.get(key) or now.values
        changed = dict.fromkeys(self._fresh.get(key, ()))
        contested: list[str] = []
        for name in fields:
            is_touched = name in changed or CREATED in changed
            if now.live and is_touched and name in now.several and now.several[name].mark:
                contested.append(name)
        found: list[Question] = []
        asked = contested
        if self._is_about_row(key):
            names = [name for name in changed if name not in contested]
            question = self._about_row(key, now, names)
            question.was, question.apart = self._before.get(key), tuple(contested)
            found.append(question)
        else:
            asked = list(dict.fromkeys((*contested, *changed)))
        return found + [self._about_field(key, fields[name], now) for name in asked]

    def _about_row(self, key: RowKey, now: RowState, names: Sequence[str]) -> Question:
        """The question about a row that comes or goes, together with what is said of the fields ``names``."""
        kind, happening = self._fate_of_row(key, now)
        fresh = {change.id for changes in self._fresh.get(key, {}).values() for change in changes}
        known = [change for change in self._every[key] if change.id not in fresh]
        was_known = any(change.field == CREATED for change in known)
        was = self._before.get(key)
        sides = [_side_of(known, was)] if was_known else []
        for digest, changes in self._by_file(key).items():
            sides.append(self._row_side(key, digest, changes, was or now.values))
        proposals: list[Proposal] = []
        for name in names:
            proposals += self._proposals_in_row(key, name)
        return Question(
            row_type=key[0],
            row_id=key[1],
            field=CREATED,
            kind=kind,
            happening=happening,
            sides=tuple(sides),
            value=now.values if now.live else None,
            heads=_as_heads(_heads_of_all(self._every[key])),
            proposals=tuple(proposals),
            was_deleted_here=was_known and was is None,
        )

    def _row_side(
        self, key: RowKey, digest: str, changes: Sequence[Change], before: Mapping[str, Any]
    ) -> Side:
        """What a file says of a whole row."""
        deletions = heads(change for change in changes if change.field == DELETED)
        values = None
        if not any(deletion.value for deletion in deletions):
            values = {**before, **_said_of_row(key, changes)}
        last = max(changes, key=lambda change: change.id)
        return self._side(values, last, digest, [change.id for change in changes])

    def _fate_of_row(self, key: RowKey, now: RowState) -> tuple[Kind, Happening]:
        was_here = key in self._before
        if not now.live:
            if now.stands:
                return Kind.CONFLICT, Happening.HELD_OUT
            return Kind.PLAIN, Happening.DELETED if was_here else Happening.GONE
        if now.deletions:
            return Kind.DELETED_AND_EDITED, Happening.KEPT
        if was_here and CREATED in self._fresh.get(key, {}):
            return Kind.PLAIN, Happening.ADDED_BY_BOTH
        if was_here or key[1] in self._incoming.known_rows:
            return Kind.PLAIN, Happening.BROUGHT_BACK
        return Kind.PLAIN, Happening.ADDED

    def _about_field(self, key: RowKey, field_: Field, now: RowState) -> Question:
        """The question about a field of a row that stays."""
        name = field_.name
        fresh = self._fresh[key].get(name) or self._fresh[key].get(CREATED, [])
        several = now.several.get(name)
        if several is not None:
            effective = several.heads
        else:
            effective = tuple(change for change in fresh if change.id in self._heads)
        ours = self._our_side(key, field_, effective, fresh)
        if several is not None:
            base, value = several.base, several.value
        else:
            base, value = ours.value if ours is not None else None, field_.value_of(now.values)
        last_words = {
            digest: _last_word(field_, changes, self._own_files)
            for digest, changes in self._by_file(key, name, CREATED).items()
        }
        theirs = self._sides_of_field(last_words)
        return Question(
            row_type=key[0],
            row_id=key[1],
            field=name,
            kind=Kind(several.mark) if several is not None and several.mark else Kind.PLAIN,
            sides=theirs if ours is None else (ours, *theirs),
            base=base,
            value=value,
            heads=_as_heads(effective),
            proposals=self._proposals(name, field_, [last for last, _ in last_words.values()]),
            was=field_.value_of(self._before[key]) if key in self._before else None,
        )

    def _our_side(
        self, key: RowKey, field_: Field, effective: Sequence[Change], fresh: Sequence[Change]
    ) -> Side | None:
        """What the plan said of a field before; None where it did not have the row."""
        was = self._before.get(key)
        if was is None:
            return None
        authors = {head.id: head.author for head in effective if head.id not in self._incoming.inside}
        if not authors:
            for change in fresh:
                for parent in change.parents:
                    if parent in self._authors:
                        authors[parent] = self._authors[parent]
        author = authors[max(authors)] if authors else ""
        return Side(field_.value_of(was), author, changes=tuple(sorted(authors)))

    def _sides_of_field(self, last_words: Mapping[str, tuple[list[Change], Any]]) -> tuple[Side, ...]:
        """What each file says of a field; files that say it by the same change are one side."""
        found: dict[tuple[str, ...], Side] = {}
        for digest, (last, value) in last_words.items():
            ids = tuple(change.id for change in last)
            found.setdefault(ids, self._side(value, last[-1], digest, ids))
        return tuple(found.values())

    def _side(self, value: Any, change: Change, digest: str, ids: Sequence[str]) -> Side:
        incoming = self._incoming
        return Side(value, change.author, incoming.organisations[digest], incoming.names[digest], tuple(ids))

    # ------------------------------------------------------------------ what files propose

    def _proposals_in_row(self, key: RowKey, name: str) -> tuple[Proposal, ...]:
        """What the files propose for a field of a row that comes or goes, or for the row itself."""
        field_ = field_of(key[0], name)
        names = (name, CREATED) if field_ is not None else (name,)
        by_file = self._by_file(key, *names).values()
        return self._proposals(name, field_, [_heads_of(changes, name) for changes in by_file])

    def _proposals(
        self, name: str, field_: Field | None, last_words: Iterable[Iterable[Change]]
    ) -> tuple[Proposal, ...]:
        """The last word of each file on a field; the same change brought by several files is one proposal."""
        changes = {change.id: change for last in last_words for change in last}
        return tuple(
            self._proposal(changes[id_], name, field_, is_head=id_ in self._heads) for id_ in sorted(changes)
        )

    def _proposal(self, change: Change, name: str, field_: Field | None, *, is_head: bool) -> Proposal:
        files = self._incoming.files[change.id]
        names = [self._incoming.names[file.sha256] for file in files]
        return Proposal(
            field=name,
            change=change.id,
            author=change.author,
            organisation=files[0].organisation,
            files=tuple(dict.fromkeys(names)) if len(names) > 1 else tuple(names),
            before=change.before if change.field == name else None,
            value=value_in(change, field_) if field_ is not None else change.value,
            is_head=is_head,
            altered=change.id in self._incoming.altered,
        )

    # ------------------------------------------------------------------ what belongs together

    def folded(self, questions: Sequence[Question]) -> list[Question]:
        """The questions, those about one deletion in one, with the edits that hang on it."""
        steps = {key: frozenset(each.step for each in state.deletions) for key, state in self._now.items()}
        for change in self._incoming.outside.values():
            if change.field == DELETED:
                key = (change.row_type, change.row_id)
                steps[key] = steps.get(key, frozenset()) | {change.step}
        found = fold(self._connection, questions, steps)
        naming = Naming(self._now)
        for question in found:
            if question.is_row and question.kind == Kind.PLAIN and question.value is not None:
                question.along = naming.along(question.row)
                question.named_by = naming.others((question.row, *question.along))
            new = [row for row in question.along if row in self._now and row not in self._before]
            question.along_new = frozenset(new)
            if question.kind == Kind.DELETED_AND_EDITED:
                at_stake: list[AtStake] = []
                for each in question.whole:
                    at_stake += self._at_stake(each)
                new_rows = new_rows_at_stake(self._connection, question, self._side_of_change)
                question.at_stake = (*at_stake, *new_rows)
        return found

    def _at_stake(self, question: Question) -> list[AtStake]:
        if question.happening == Happening.ADDED:
            return [
                AtStake(*question.row, CREATED, None, side.value, side)
                for side in question.theirs
                if side.value is not None
            ]
        changes, deletions = self._every[question.row], self._now[question.row].deletions
        return edits_at_stake(question.row, changes, deletions, self._side_of_change)

    def _side_of_change(self, change: Change, value: Any) -> Side:
        """Who says a change: a file that brings it, or the plan."""
        files = self._incoming.files.get(change.id)
        if files:
            return self._side(value, change, files[0].sha256, (change.id,))
        return Side(value, change.author, changes=(change.id,))

    # ------------------------------------------------------------------ what nobody asked for

    def questions_outside(self) -> list[Question]:
        """What files change that they were not asked for: shown, and left out unless a person lets it in."""
        by_field: dict[FieldKey, list[Change]] = {}
        for change in self._incoming.outside.values():
            by_field.setdefault((change.row_type, change.row_id, change.field), []).append(change)
        known = log.changes_of_rows(self._connection, (row_id for _, row_id, _ in by_field), before=False)
        return [self._outside(key, changes, known.get(key[:2], ())) for key, changes in by_field.items()]

    def _outside(self, key: FieldKey, changes: Sequence[Change], known: Sequence[Change]) -> Question:
        """The question whether changes of a field come in; ``known`` are the plan's changes of its row."""
        row_type, row_id, name = key
        field_ = field_of(row_type, name)
        ours = self._our_side_outside(key, field_, known)
        sides = [] if ours is None else [ours]
        proposals = []
        for head in heads(changes):
            file = self._incoming.files[head.id][0]
            value = None if name == DELETED and head.value else head.value
            sides.append(self._side(value, head, file.sha256, (head.id,)))
            proposals.append(self._proposal(head, name, field_, is_head=True))
            if name == CREATED and isinstance(head.value, Mapping):
                self._last_values.setdefault(key[:2], head.value)
        says = ours.value if ours is not None else None
        return Question(
            row_type=row_type,
            row_id=row_id,
            field=name,
            kind=Kind.OUTSIDE,
            happening=_HAPPENING_OUTSIDE.get(name, Happening.EDITED),
            sides=tuple(sides),
            base=says,
            value=says,
            was=says,
            proposals=tuple(proposals),
            why=self._why_outside(key[:2], changes),
        )

    def _why_outside(self, row: RowKey, changes: Iterable[Change]) -> str:
        """Why what nobody asked for needs a closer look."""
        for change in changes:
            for file in self._incoming.files[change.id]:
                if not file.proven:
                    return f"{UNPROVEN[:1].upper()}{UNPROVEN[1:]}."
                if row in file.doubts:
                    return file.doubts[row]
        return ""

    def _our_side_outside(self, key: FieldKey, field_: Field | None, known: Sequence[Change]) -> Side | None:
        """What the plan says of a field or row by its changes; None where it has none."""
        cls = row_classes().get(key[0])
        state = row_state(known, fields_of(cls), self._own_files) if cls is not None and known else None
        if state is None:
            return None
        self._last_values.setdefault(key[:2], state.values)
        if field_ is None:
            return Side(state.values, known[-1].author, changes=tuple(change.id for change in known))
        last = _heads_of(known, field_.name)
        value = field_.value_of(state.values)
        return Side(value, last[-1].author, changes=tuple(change.id for change in last))

    # ------------------------------------------------------------------ where

    def place(self, questions: Sequence[Question]) -> None:
        """Say where each question stands."""
        known = {question.row for question in questions if question.row_type in row_classes()}
        looked_at = {key for key in known if key in self._now}
        live = {key for key in looked_at if self._is_live(key)}
        live |= stored_rows(self._connection, known - looked_at).keys()
        places = Places(self._connection)
        places.load(live, {key: self._last_values.get(key, {}) for key in known - live})
        for question in questions:
            question.place = places.place(question.row)
            if question.happening in (Happening.ADDED, Happening.HELD_OUT):
                question.place = question.place.never_deleted
            question.order = places.order(question.row)


_HAPPENING_OUTSIDE: Final = {CREATED: Happening.ADDED, DELETED: Happening.DELETED}


def _side_of(known: Sequence[Change], values: Mapping[str, Any] | None) -> Side:
    """What the plan's own file says of a whole row by what it knew of it."""
    last = max(known, key=lambda change: change.id)
    return Side(values, last.author, changes=(last.id,))


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


def _heads_of_all(changes: Iterable[Change]) -> list[Change]:
    """The heads of every field among changes of one row."""
    by_field: dict[str, list[Change]] = {}
    for change in changes:
        by_field.setdefault(change.field, []).append(change)
    return [head for of_field in by_field.values() for head in heads(of_field)]


def _as_heads(changes: Iterable[Change]) -> tuple[tuple[str, str], ...]:
    """Changes as a question names them: their ids and what they say, in the order of the ids."""
    return tuple((change.id, to_json(change.value)) for change in sorted(changes, key=lambda each: each.id))


def _said_of_row(key: RowKey, changes: Iterable[Change]) -> dict[str, Any]:
    """The columns of a row that a file's changes speak of, as the last of each says."""
    fields = fields_of(row_classes()[key[0]])
    found: dict[str, Any] = {}
    for change in sorted(changes, key=lambda each: (each.field != CREATED, each.id)):
        if change.field == CREATED:
            found |= change.value
        elif change.field in fields:
            found |= fields[change.field].as_columns(change.value)
    return found
