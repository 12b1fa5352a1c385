"""Writes what was decided: of a question that the plan asks as a step of its own, in a merge as changes.

A decision is a change like any other: it names all that was seen of its field, and so travels in the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy.engine import Connection

from cypp_desktop.errors import UsageError
from cypp_desktop.merge.question import (
    Answer,
    Decision,
    FieldKey,
    Question,
    check_decision,
    decided_value,
    deletes_row,
)
from cypp_desktop.merge.questions_of_plan import questions_of_plan
from cypp_desktop.plan.base import Row, row_classes
from cypp_desktop.plan.identity import new_change_id
from cypp_desktop.plan.shape import within_one_outcome
from cypp_desktop.store import liveness, log, recorder
from cypp_desktop.store.changes import (
    DELETED,
    Change,
    RowState,
    effective_heads,
    heads,
    reopened_heads,
    to_json,
)
from cypp_desktop.store.commands import delete_rows
from cypp_desktop.store.log import RowKey
from cypp_desktop.store.materialise import load_states
from cypp_desktop.store.rows import rows_naming
from cypp_desktop.store.short_names import short_name

if TYPE_CHECKING:
    from cypp_desktop.store.plan_file import OpenPlan


def decide(
    plan: OpenPlan,
    row: Row | RowKey,
    field: str,
    answer: Answer,
    value: Any = None,
    *,
    side: int | None = None,
) -> None:
    """Decide a question that the plan asks, as one step that can be undone; see :class:`Decision`.

    Raises UsageError where there is no such question, or it cannot be so decided.
    """
    key = row if isinstance(row, tuple) else (row.row_type, row.id)
    asked = questions_of_plan(plan)
    question = next((each for each in asked if any(one.key == (*key, field) for one in each.whole)), None)
    if question is not None:
        key = question.row  # that of which this row is a part
    found = plan.editor.row(*key) if key[0] in row_classes() else None
    if question is None or found is None:
        raise UsageError("There is nothing to decide here (any more).")
    decision = Decision(answer, value, side)
    check_decision(question, decision)
    if not question.is_row:
        words = question.label[:1].lower() + question.label[1:]
        with plan.editor.step(f"Decide {words} of {question.place.words}") as session:
            recorder.decide(session, found, question.field, decided_value(question, decision))
    elif deletes_row(question, decision):
        delete_rows(plan.editor, [found])
    else:
        with plan.editor.step(f"Keep {short_name(found)}") as session:
            rows = [plan.editor.row(*each.row) for each in question.whole]
            recorder.keep(session, [row for row in rows if row is not None])


# ---------------------------------------------------------------------------------- in a merge


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """Whose change it is: what every change of one step says of itself."""

    author: str
    file: str
    at: str
    step: str

    def change(self, key: RowKey, name: str, before: Any, value: Any, parents: Iterable[str]) -> Change:
        """A new change by this hand."""
        return Change(
            id=new_change_id(),
            row_type=key[0],
            row_id=key[1],
            field=name,
            before=before,
            value=value,
            parents=tuple(sorted(parents)),
            author=self.author,
            file=self.file,
            at=self.at,
            step=self.step,
        )


def decision_changes(connection: Connection, questions: Iterable[Question], hand: Hand) -> list[Change]:
    """The changes by which a plan that holds the files' changes comes to say what was decided."""
    of_fields: dict[FieldKey, Change] = {}
    to_delete: dict[RowKey, None] = {}
    to_keep: dict[RowKey, None] = {}
    for question in questions:
        decision = question.decision
        if decision.answer in (Answer.ACCEPT, Answer.LEAVE):
            continue
        if question.is_row:
            if deletes_row(question, decision):
                to_delete |= dict.fromkeys((question.row, *question.along))
            else:
                to_keep |= dict.fromkeys(each.row for each in question.whole)
            continue
        value = decided_value(question, decision)
        if len(question.heads) > 1 or to_json(value) != to_json(question.value):
            seen = [id_ for id_, _ in question.heads]
            of_fields[question.key] = hand.change(question.row, question.field, question.value, value, seen)
    found = [*of_fields.values(), *_keeping(connection, to_keep, hand)]
    return found + _deleting(connection, to_delete, hand, found)


def _keeping(connection: Connection, keys: Iterable[RowKey], hand: Hand) -> list[Change]:
    """These rows stay, and so does what was deleted together with them, and not by somebody else as well."""
    kept: dict[RowKey, Change] = {}
    waiting = list(keys)
    chosen = frozenset(waiting)
    undone: set[str] = set()  # steps in which rows were deleted that are kept
    while waiting:
        steps: set[str] = set()  # those that are new
        new: set[RowKey] = set()
        for key, changes in log.changes_of_rows(connection, (id_ for _, id_ in waiting)).items():
            latest, effective = _deletions(changes)
            is_meant = key in chosen or undone.issuperset(change.step for change in effective)
            if effective and key not in kept and is_meant:
                seen = {change.id for change in (*latest, *effective)}
                kept[key] = hand.change(key, DELETED, True, False, seen)
                new.add(key)
                steps.update(change.step for change in effective)
        undone |= steps
        waiting = _deleted_along(connection, steps, new, kept.keys())
    return list(kept.values())


def _deletions(changes: Iterable[Change]) -> tuple[list[Change], list[Change]]:
    """Of the changes of a row: the last that delete it or take up again what was decided about that, and the
    deletions that hold.
    """
    of_row = [change for change in changes if change.field == DELETED]
    latest = heads(of_row)
    effective = [change for change in effective_heads(latest, of_row) if change.value]
    return [change for change in latest if change.value or reopened_heads(change)], effective


def _deleted_along(
    connection: Connection, steps: Iterable[str], rows: set[RowKey], but: Iterable[RowKey]
) -> list[RowKey]:
    """The rows that were deleted in these steps because they stand in one of ``rows`` or are linked to it."""
    deleted = log.rows_deleted_in(connection, set(steps)).difference(but)
    states = load_states(connection, deleted, log.own_files(connection))
    linked = _ends_of_links(states, rows)
    return [key for key, state in states.items() if key in linked or _stands_in(state, rows)]


def _stands_in(state: RowState, rows: set[RowKey]) -> bool:
    return any(target in rows for reference, target in liveness.targets(state) if reference.required)


def _ends_of_links(states: Mapping[RowKey, RowState], rows: set[RowKey]) -> set[RowKey]:
    """The rows at the other end of a link to one of these: an update goes when what it covers goes."""
    found: set[RowKey] = set()
    for state in states.values():
        if state.row_type not in within_one_outcome():
            continue
        ends = [target for _, target in liveness.targets(state)]
        if not rows.isdisjoint(ends):
            found.update(ends)
    return found


def _deleting(
    connection: Connection, keys: Iterable[RowKey], hand: Hand, also: Sequence[Change]
) -> list[Change]:
    """These rows go, with all that stands in them; every change of them recorded by now has been seen, and
    so have ``also``, which are about to be.
    """
    rows = _with_parts(connection, keys)
    changes = log.changes_of_rows(connection, (id_ for _, id_ in rows))
    for change in also:
        changes.setdefault((change.row_type, change.row_id), []).append(change)
    states = load_states(connection, rows, log.own_files(connection))
    found: list[Change] = []
    for key in rows:
        if key not in states:
            continue
        by_field: dict[str, list[Change]] = {}
        for change in changes.get(key, ()):
            by_field.setdefault(change.field, []).append(change)
        seen = [head.id for of_field in by_field.values() for head in heads(of_field)]
        found.append(hand.change(key, DELETED, dict(states[key].stored), True, seen))
    return found


def _with_parts(connection: Connection, keys: Iterable[RowKey]) -> list[RowKey]:
    """Rows of the plan and all rows that cannot be without them, whole before part."""
    found = dict.fromkeys(keys)
    waiting = list(found)
    while waiting:
        by_type: dict[str, list[str]] = {}
        for row_type, row_id in waiting:
            by_type.setdefault(row_type, []).append(row_id)
        parts: list[RowKey] = []
        for row_type, ids in by_type.items():
            for other, column in liveness.referrers(row_type):
                if liveness.needs(other, column):
                    parts += ((other, id_) for id_ in rows_naming(connection, other, column, ids))
        waiting = [key for key in parts if key not in found]
        found |= dict.fromkeys(waiting)
    return list(found)
