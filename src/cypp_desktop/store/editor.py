"""The only writer of a plan: named steps, undo and redo that survive closing the file.

One command of the person is one step, one transaction and one line in the history. Inside
``with editor.step("Edit update for 1a.i"):`` the mapped rows are changed like any object; what
changed is recorded by :mod:`cypp_desktop.store.recorder`, committed at once, and told to listeners.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import inspect, select
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import RelationshipDirection, Session

from cypp_desktop.errors import CyppError, FileProblem, PlanRuleBroken
from cypp_desktop.plan.base import Row, column_value, fields_of, row_classes
from cypp_desktop.plan.identity import new_change_id
from cypp_desktop.plan.signs import shown_on_one_line
from cypp_desktop.store import recorder, schema
from cypp_desktop.store.changes import CREATED, DELETED, Change, by_field, effective_heads
from cypp_desktop.store.log import RowKey, changes_of_rows, read_changes
from cypp_desktop.store.materialise import load_states
from cypp_desktop.store.recorder import OpenStep
from cypp_desktop.store.schema import StepKind, StepState
from cypp_desktop.store.sqlite_queries import driver_connection

AnyRow = TypeVar("AnyRow", bound=Row)

#: Typing in one field belongs to one step while no pause between two commits is longer than this.
SITTING = timedelta(minutes=10)


_MERGED_SINCE = """
    SELECT 1 FROM change AS ours JOIN change AS theirs ON theirs.row_id = ours.row_id
    WHERE ours.step = ? AND theirs.batch IS NOT NULL AND theirs.seq > ours.seq
    AND (theirs.field = ours.field OR ours.field IN ('*', '*deleted')) LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Changed:
    """What a step changed: rows as (row type, id), and for edited rows the names of the fields."""

    step: str
    added: frozenset[RowKey]
    removed: frozenset[RowKey]
    edited: dict[RowKey, frozenset[str]]

    def touches(self, *row_types: str) -> bool:
        """Whether any row of these types was added, removed or edited."""
        return any(key[0] in row_types for keys in (self.added, self.removed, self.edited) for key in keys)


class Editor:
    """Writes one plan through one session; ``author`` and the file's id go into every change."""

    def __init__(
        self,
        engine: Engine,
        author: str,
        *,
        clock: Callable[[], str] = schema.now,
        read_only: bool = False,
    ) -> None:
        self.session = Session(engine, autoflush=False, expire_on_commit=False)
        self.author = shown_on_one_line(author)
        self.read_only = read_only
        self._clock = clock
        self._listeners: list[Callable[[Changed], None]] = []
        recorder.attach(self.session)
        self.file_id = self.meta("file_id") or ""
        self._can_redo = self.redo_name is not None
        self._is_sitting_over = False
        self._is_travelling = False
        self._travelled_until = 0
        self.session.rollback()

    # ------------------------------------------------------------------ reading

    def find(self, cls: type[AnyRow], row_id: str) -> AnyRow | None:
        """The row of this class and id, or None where it is not (or no longer) in the plan."""
        return self.session.get(cls, row_id)

    def row(self, row_type: str, row_id: str) -> Row | None:
        """The row of this type and id, or None where it is not (or no longer) in the plan."""
        return self.session.get(row_classes()[row_type], row_id)

    @property
    def sqlite(self) -> sqlite3.Connection:
        """SQLite's own connection behind the session, to read with and not to write."""
        return driver_connection(self.session.connection())

    def meta(self, key: str) -> str | None:
        """What the file says of itself under ``key``: plan_id, file_id, created_at, sealed_step."""
        statement = select(schema.meta.c.value).where(schema.meta.c.key == key)
        return self.session.execute(statement).scalar_one_or_none()

    # ------------------------------------------------------------------ writing

    def listen(self, listener: Callable[[Changed], None]) -> Callable[[], None]:
        """Call ``listener`` after every step; the answer takes it off again."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    @contextmanager
    def step(
        self, name: str, *, sitting: str | None = None, kind: StepKind = StepKind.DO
    ) -> Iterator[Session]:
        """One command of the person: all that is changed inside is committed together, or not at all.

        A step inside a step is part of the outer one. ``sitting`` names a field being typed in:
        a further step of the same sitting goes into the last one, if nothing came between.

        Raises PlanRuleBroken where the plan's rules refuse the change, FileProblem where the working
        copy cannot be written; in both cases nothing has changed.
        """
        if "step" in self.session.info:
            yield self.session
            return
        if self.read_only:
            raise FileProblem("This plan is open for reading only. Save it under another name to edit it.")
        step = self._resumed(sitting) or self._new_step(name, kind, sitting=sitting)
        self.session.info["step"] = step
        try:
            yield self.session
            self.session.flush()
            self._close_amended(step)
            self.session.commit()
            self._forget_lists(step)
        except IntegrityError as problem:
            self.session.rollback()
            raise PlanRuleBroken(
                "The plan still refers to this elsewhere, so it was left as it was."
            ) from problem
        except OperationalError as problem:
            self.session.rollback()
            raise working_copy_problem(problem) from problem
        except UnicodeEncodeError as problem:
            self.session.rollback()
            raise PlanRuleBroken("A text holds half of a character, which no file can keep.") from problem
        except BaseException:
            self.session.rollback()
            raise
        finally:
            self.session.info.pop("step", None)
            self.session.info.pop("drafts", None)
        self._can_redo = step.kind != StepKind.DO and (self._can_redo or step.kind == StepKind.UNDO)
        self._tell(step)

    def _forget_lists(self, step: OpenStep) -> None:
        """Lists that hold other rows now, or in another order, are read anew when next asked for."""
        fields: set[str] = set()
        fields.update(*step.edited.values())
        moved = any(name == "place" or name.endswith("_id") for name in fields)
        if step.added or step.removed or moved:
            self.session.expire_all()

    def _new_step(self, name: str, kind: StepKind, *, sitting: str | None = None) -> OpenStep:
        return OpenStep(
            id=new_change_id(),
            name=name,
            author=self.author,
            file=self.file_id,
            at=self._clock(),
            kind=kind,
            sitting=sitting,
            ends_redo=self._can_redo,
        )

    def _resumed(self, sitting: str | None) -> OpenStep | None:
        """The last step again, if it is of this sitting, of this author and not yet sent anywhere."""
        if sitting is None:
            return None
        if self._is_sitting_over:
            self._is_sitting_over = False
            return None
        table = schema.step
        last = self.session.execute(select(table).order_by(table.c.seq.desc()).limit(1)).one_or_none()
        now = self._clock()
        if last is None or last.sitting != sitting or not self._may_be_amended(last, now):
            return None
        return OpenStep(
            id=last.id,
            name=last.name,
            author=last.author,
            file=self.file_id,
            at=now,
            kind=StepKind(last.kind),
            target=last.target,
            sitting=sitting,
            stored=True,
        )

    def _may_be_amended(self, step: Any, now: str) -> bool:
        """Whether a row of the table of steps is of this author, a moment old, and not sent anywhere."""
        if step.author != self.author or step.state != StepState.DONE:
            return False
        if self._is_travelling or step.seq <= self._travelled_until:
            return False
        if step.seq <= int(self.meta("sealed_step") or 0):
            return False
        return _moment(now) - _moment(step.at) <= SITTING

    def _close_amended(self, step: OpenStep) -> None:
        """A step typed back to where it began is no step; one that went on has a later moment."""
        if step.sitting is None or not step.stored:
            return
        table, changes = schema.step, schema.change
        kept = self.session.execute(select(changes.c.id).where(changes.c.step == step.id).limit(1)).first()
        here = table.c.id == step.id
        connection = self.session.connection()
        connection.execute(
            table.update().where(here).values(at=step.at) if kept else table.delete().where(here)
        )

    def _tell(self, step: OpenStep) -> None:
        if not (step.added or step.removed or step.edited):
            return
        edited = {key: frozenset(names) for key, names in step.edited.items()}
        changed = Changed(step.name, frozenset(step.added), frozenset(step.removed), edited)
        for listener in tuple(self._listeners):
            listener(changed)

    def follow(self, changed: Sequence[Changed]) -> None:
        """Another editor over the same plan, on another thread, has made these steps: everything is read
        anew, and who listens here is told of them.
        """
        self.session.rollback()
        self.session.expire_all()
        self._can_redo = self.redo_name is not None
        self.session.rollback()
        for each in changed:
            for listener in tuple(self._listeners):
                listener(each)

    def end_sitting(self) -> None:
        """What is typed from now on is a step of its own, in the same field too."""
        self._is_sitting_over = True

    def seal(self) -> None:
        """From here on no recorded change is amended: the file is about to leave this machine.

        Raises FileProblem where the working copy cannot be written.
        """
        seq = str(self._last_seq())
        if seq == self.meta("sealed_step"):
            self.session.rollback()
            return
        table = schema.meta
        statement = table.update().where(table.c.key == "sealed_step").values(value=seq)
        try:
            self.session.connection().execute(statement)
            self.session.commit()
        except OperationalError as problem:
            self.session.rollback()
            raise working_copy_problem(problem) from problem

    def begin_travelling(self) -> None:
        """A copy of the plan is about to be made on another thread: which changes are in it, nobody can say,
        so none is amended until :meth:`end_travelling`, and none of those later. Raises as `seal` does.
        """
        self.seal()
        self._is_travelling = True

    def end_travelling(self) -> None:
        """The copy is made: what is edited from now on is not in it."""
        self._travelled_until = self._last_seq()
        self.session.rollback()
        self._is_travelling = False

    def _last_seq(self) -> int:
        last = self.session.execute(select(schema.step.c.seq).order_by(schema.step.c.seq.desc()).limit(1))
        return last.scalar_one_or_none() or 0

    # ------------------------------------------------------------------ undo and redo

    @property
    def undo_name(self) -> str | None:
        """The name of the step that undo would take back, or None."""
        found = self._stack_end(StepState.DONE)
        return found[1] if found else None

    @property
    def redo_name(self) -> str | None:
        """The name of the step that redo would bring back, or None."""
        found = self._stack_end(StepState.UNDONE)
        return found[1] if found else None

    def undo(self) -> str:
        """Take the last step back; gives its name. Raises PlanRuleBroken where there is none."""
        return self._revisit(StepState.DONE, StepKind.UNDO, "There is nothing to undo.")

    def redo(self) -> str:
        """Bring back the step undone last; gives its name. Raises PlanRuleBroken where there is none."""
        return self._revisit(StepState.UNDONE, StepKind.REDO, "There is nothing to redo.")

    def _stack_end(self, state: StepState) -> tuple[str, str] | None:
        """Id and name of the step that is next to be undone, or of those that are undone to be redone."""
        table = schema.step
        order = table.c.seq.desc() if state == StepState.DONE else table.c.seq.asc()
        statement = (
            select(table.c.id, table.c.name)
            .where(table.c.state == state, table.c.kind == StepKind.DO)
            .order_by(order)
            .limit(1)
        )
        row = self.session.execute(statement).one_or_none()
        return (row.id, row.name) if row else None

    def _revisit(self, state: StepState, kind: StepKind, nothing: str) -> str:
        """Undo the last step that is done, or redo the first that is undone; gives its name.

        Raises PlanRuleBroken, with ``nothing`` as its words, where there is no such step.
        """
        found = self._stack_end(state)
        if found is None:
            self.session.rollback()
            raise PlanRuleBroken(nothing)
        target, name = found
        self._refuse_over_merged(target)
        backwards = kind == StepKind.UNDO
        changes = read_changes(self.session.connection(), schema.change.c.step == target)
        if backwards:
            changes.reverse()
        with self.step(name, kind=kind):
            self.session.info["step"].target = target
            # a row may come back before the one that it stands in, which then follows from it
            self.session.connection().exec_driver_sql("PRAGMA defer_foreign_keys=ON")
            for change in changes:
                self._apply(change, backwards=backwards)
            becomes = StepState.UNDONE if backwards else StepState.DONE
            table = schema.step
            self.session.connection().execute(
                table.update().where(table.c.id == target).values(state=becomes)
            )
        return name

    def _refuse_over_merged(self, target: str) -> None:
        """What came in from others after a step is not swept away with it."""
        found = self.session.connection().exec_driver_sql(_MERGED_SINCE, (target,)).first()
        if found is not None:
            self.session.rollback()
            raise PlanRuleBroken(
                "Others have worked on what this step changed, and a merge has brought that in since, so it "
                "cannot be taken back. Undo the merge first, or edit the text."
            )

    def _apply(self, change: Change, *, backwards: bool) -> None:
        """Have the plan say again what a change of an earlier step said, or what was there before it."""
        row = self.session.get(row_classes()[change.row_type], change.row_id)
        if change.field == DELETED and change.before is False and change.value is False:
            self._apply_that_row_stays(change, row, backwards=backwards)
        elif change.field in (CREATED, DELETED):
            self._apply_existence(change, row, backwards=backwards)
            self.session.flush()
        elif row is not None:
            self._apply_field(change, row, backwards=backwards)
        else:
            raise PlanRuleBroken("What this step changed has since been deleted, so it cannot be taken back.")

    def _apply_that_row_stays(self, change: Change, row: Row | None, *, backwards: bool) -> None:
        """It was decided that a row stays that somebody had deleted: it was there before too."""
        if row is None:
            return
        if backwards:
            recorder.reopen(self.session, row, DELETED, False, self._decided_between(change))
        else:
            recorder.keep(self.session, [row])

    def _apply_existence(self, change: Change, row: Row | None, *, backwards: bool) -> None:
        """A row was made or deleted, or came back."""
        made = change.field == CREATED or not change.value
        to_be_there = made != backwards
        if to_be_there and row is None:
            between = self._decided_between(change)
            row = self._revive(change)
            if between and backwards:
                recorder.reopen(self.session, row, DELETED, False, between)
        elif not to_be_there and row is not None:
            self.session.flush()  # what named this row may just have been given back its old value
            self._forget_in_lists(row)
            self.session.delete(row)

    def _apply_field(self, change: Change, row: Row, *, backwards: bool) -> None:
        """A field of a row that is there got another value."""
        value = change.before if backwards else change.value
        between = self._decided_between(change)
        if between and backwards:
            recorder.reopen(self.session, row, change.field, change.before, between)
        elif between:
            recorder.decide(self.session, row, change.field, value)
        else:
            cls = type(row)
            for column, stored in fields_of(cls)[change.field].as_columns(value).items():
                setattr(row, column, column_value(cls, column, stored))

    def _decided_between(self, change: Change) -> list[str]:
        """The ids of the heads among which a change decided, of ``*deleted`` where some said that the row is;
        empty for a change that found nothing to decide.
        """
        if not change.parents or change.field == CREATED:
            return []
        found = self._heads_before(change)
        several = len(found) > 1
        if change.field == DELETED:
            several = any(head.value for head in found)
        return [head.id for head in found] if several else []

    def _heads_before(self, change: Change) -> list[Change]:
        """The effective heads of a field that a change of it found."""
        connection = self.session.connection()
        of_row = by_field(changes_of_rows(connection, [change.row_id])[change.row_type, change.row_id])
        of_field = of_row.get(change.field, [])
        created = of_row.get(CREATED, []) if change.field != DELETED else []
        named = [other for other in (*of_field, *created) if other.id in change.parents]
        return effective_heads(named, of_field, created)

    def _forget_in_lists(self, row: Row) -> None:
        """Lists of other rows in which this one stands are read anew: it must not be deleted twice."""
        for link in inspect(type(row)).relationships:
            if link.direction is RelationshipDirection.MANYTOONE and link.back_populates:
                (column,) = link.local_columns
                key = link.mapper.identity_key_from_primary_key((getattr(row, column.key or ""),))
                other = self.session.identity_map.get(key)
                if other is not None:
                    self.session.expire(other, [link.back_populates])

    def _revive(self, change: Change) -> Row:
        """The row that a change has made or deleted, as a new object of the session."""
        cls = row_classes()[change.row_type]
        values: Any = change.value if change.field == CREATED else change.before
        if not isinstance(values, dict):  # it was made again under the id it had: as its changes say it
            key = (change.row_type, change.row_id)
            values = load_states(self.session.connection(), [key], frozenset([self.file_id]))[key].values
        known = {column: column_value(cls, column, value) for column, value in values.items()}
        row = cls(id=change.row_id, **known)
        self.session.add(row)
        return row

    def close(self) -> None:
        self.session.close()


def working_copy_problem(problem: DBAPIError) -> CyppError:
    """What went wrong with the working copy, in words that say what to do."""
    words = str(problem.orig).lower()
    if "full" in words:
        return FileProblem(
            "The disk of this laptop is full, so the last edit could not be kept. "
            "Free some space and make the edit again; everything before it is safe."
        )
    if "readonly" in words or "read-only" in words:
        return FileProblem(
            "The folder where this plan is being edited has become read-only. Restart and try again."
        )
    if "locked" in words or "busy" in words:
        return FileProblem("Another program is holding this plan's working copy. Try again in a moment.")
    if "malformed" in words or "not a database" in words:
        return FileProblem("The working copy of this plan is damaged. Close the plan and restore a backup.")
    return FileProblem(
        "The last edit could not be written to this laptop's disk. Everything before it is safe."
    )


def _moment(at: str) -> datetime:
    return datetime.fromisoformat(at.replace("Z", "+00:00"))
