"""What the open plan still waits for a person to decide or read, worked out once after each change.

The tree, the panels and the line at the foot ask here. The store and the merge are loaded only when a
plan has been open for a moment, so a start pays nothing for them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from cypp_desktop.errors import CyppError
from cypp_desktop.operations.progress import Progress
from cypp_desktop.ui.tasks import Task, Tasks

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from cypp_desktop.merge.questions import Question
    from cypp_desktop.store.editor import Changed
    from cypp_desktop.store.union import Mark
    from cypp_desktop.ui.document import PlanDocument

RowKey = tuple[str, str]
FieldKey = tuple[str, str, str]
#: How long after a change, in milliseconds: quick steps one after another are asked about once.
_PAUSE: Final = 60
#: So many rows touched, and so many questions known, are asked about on the spot.
_FEW, _SOME = 40, 200


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waits at one place: open conflicts, and combined texts to be read."""

    conflicts: int = 0
    to_read: int = 0

    def __add__(self, other: Waiting) -> Waiting:
        return Waiting(self.conflicts + other.conflicts, self.to_read + other.to_read)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a plan answered: its questions, the marks behind them by row, and the rows of the tree at which
    they are shown. ``number`` says which asking.
    """

    number: int
    questions: list[Question]
    marks: dict[RowKey, list[Mark]]
    shown_at: dict[RowKey, tuple[RowKey, ...]]


class OpenQuestions(QObject):
    """The questions of the plan that is open. One of these serves a window.

    A few are asked about on the spot; many, and those of a plan just opened, on another thread, on a copy.
    """

    #: There are others now.
    changed = Signal()
    #: The person wants to decide one: (row type, row id, field).
    decide_wanted = Signal(str, str, str)
    #: The person has read a combined text and it is right: (row type, row id, field).
    confirmed = Signal(str, str, str)

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._document: PlanDocument | None = None
        self.listed: tuple[Question, ...] = ()
        #: What waits at each row of the tree, by its id: its own, not what stands in it.
        self.rows: dict[str, Waiting] = {}
        self._by_field: dict[FieldKey, Question] = {}
        self._at_row: dict[str, list[Question]] = {}
        self._marks: dict[RowKey, list[Mark]] = {}
        self._touched: set[RowKey] = set()
        self._is_new = False
        self._number = 0
        self._asking: Task | None = None
        self._reading = Lock()
        self._timer = QTimer(self, singleShot=True)
        self._timer.setInterval(_PAUSE)
        self._timer.timeout.connect(self.ask_now)

    def set_document(self, document: PlanDocument | None) -> None:
        """Ask an open plan from now on; None forgets."""
        if self._document is not None and document is not self._document:
            self._document.changed.disconnect(self._plan_changed)
        if document is not None and document is not self._document:
            document.changed.connect(self._plan_changed)
        self._document = document
        self._forget()
        if document is None:
            self._timer.stop()
            self._take((), {})
        else:
            self._timer.start()

    def _forget(self) -> None:
        """What was known may be of another plan: ask for all of it, and let go of the one before."""
        self._marks, self._touched, self._is_new = {}, set(), True
        self._number += 1
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None
        with self._reading:
            pass  # nothing of ours reads the working copy any more

    @property
    def total(self) -> Waiting:
        """How much waits in the whole plan."""
        conflicts = sum(question.is_open for question in self.listed)
        return Waiting(conflicts, len(self.listed) - conflicts)

    def of_field(self, key: RowKey | None, field: str) -> Question | None:
        """What waits at a field."""
        return self._by_field.get((*key, field)) if key is not None else None

    def at_row(self, row_id: str) -> list[Question]:
        """Everything that waits at a row of the tree."""
        return self._at_row.get(row_id, [])

    def where(self, row_type: str, row_id: str) -> RowKey | None:
        """The row of the tree in whose panel a row is shown; None where it is not in the plan."""
        if self._document is None:
            return None
        from cypp_desktop.store.shown_at import shown_at

        key = (row_type, row_id)
        with self._document.plan.engine.connect() as connection:
            found = shown_at(connection, [key])
            connection.rollback()
        return next(iter(found.get(key, ())), None)

    # ------------------------------------------------------------------ asking

    def ask_now(self) -> None:
        """Ask the plan what is open."""
        self._timer.stop()
        if self._document is None or self._asking is not None:
            return  # whoever is asking asks again, if something was touched meanwhile
        if self._document.is_busy:
            self._timer.start()  # reading now would stand in the way of who is writing
            return
        unchanged = {key: marks for key, marks in self._marks.items() if key not in self._touched}
        many = self._is_new or len(self._touched) > _FEW or len(self.listed) > _SOME
        self._touched, self._is_new = set(), False
        self._number += 1
        if many:
            work = partial(_ask_a_copy, self._number, self._document.working_path, self._reading, unchanged)
            self._asking = self._tasks.start(
                "Looking for open questions", work, self._asked, failed=self._failed, quiet=True
            )
            return
        with self._document.plan.engine.connect() as connection:
            asked = _ask(self._number, connection, unchanged)
            connection.rollback()
        self._asked(asked)

    def _asked(self, asked: _Asked) -> None:
        if asked.number != self._number:
            return
        self._asking = None
        self._marks = asked.marks
        self._take(asked.questions, asked.shown_at)
        if self._touched:
            self._timer.start()

    def _failed(self, problem: Exception) -> None:
        """What was known goes on being shown; the next change asks for everything again."""
        self._asking, self._is_new = None, True
        if not isinstance(problem, CyppError):
            raise problem

    def _plan_changed(self, changed: Changed) -> None:
        self._touched |= changed.added | changed.removed | changed.edited.keys()
        self._timer.start()

    def _take(self, found: Sequence[Question], shown_at: Mapping[RowKey, Sequence[RowKey]]) -> None:
        if tuple(found) == self.listed:
            return
        self.listed = tuple(found)
        self._by_field = {(q.row_type, q.row_id, q.field): q for q in found}
        self.rows, self._at_row = {}, {}
        for question in found:
            for _, row_id in shown_at.get((question.row_type, question.row_id), ()):
                self._at_row.setdefault(row_id, []).append(question)
                one = Waiting(1, 0) if question.is_open else Waiting(0, 1)
                self.rows[row_id] = self.rows.get(row_id, Waiting()) + one
        self.changed.emit()


def _ask(number: int, connection: Connection, unchanged: Mapping[RowKey, Sequence[Mark]]) -> _Asked:
    from cypp_desktop.merge.questions import questions_from
    from cypp_desktop.store.shown_at import shown_at
    from cypp_desktop.store.union import marks

    found = marks(connection, unchanged)
    by_row: dict[RowKey, list[Mark]] = {}
    for mark in found:
        by_row.setdefault((mark.row_type, mark.row_id), []).append(mark)
    return _Asked(number, questions_from(connection, found), by_row, shown_at(connection, by_row))


def _ask_a_copy(
    number: int,
    working: Path,
    reading: Lock,
    unchanged: Mapping[RowKey, Sequence[Mark]],
    progress: Progress,
) -> _Asked:
    """As :func:`_ask`, on another thread: the plan is copied first, so that nobody waits for the reading."""
    from cypp_desktop.store.snapshot import snapshot

    with ExitStack() as until_asked:
        with reading:
            progress.check()
            session = until_asked.enter_context(snapshot(working))
        return _ask(number, session.connection(), unchanged)
