"""What the open plan still waits for a person to decide or read, worked out once after each change.

The tree, the panels and the line at the foot ask here. The store and the merge are loaded only when a
plan has been open for a moment, so a start pays nothing for them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from cypp_desktop.errors import CyppError
from cypp_desktop.operations.plan_access import PlanAccess
from cypp_desktop.operations.progress import Progress
from cypp_desktop.ui.plan_reader import PlanReader
from cypp_desktop.ui.tasks import Tasks

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from cypp_desktop.merge.question import FieldKey, Question
    from cypp_desktop.store.editor import Changed
    from cypp_desktop.store.log import RowKey
    from cypp_desktop.store.union import MergeMark
    from cypp_desktop.ui.document import PlanDocument

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
    they are shown.
    """

    questions: list[Question]
    marks: dict[RowKey, list[MergeMark]]
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
        self._document: PlanDocument | None = None
        self.listed: tuple[Question, ...] = ()
        #: What waits at each row of the tree, by its id: its own, not what stands in it.
        self.rows: dict[str, Waiting] = {}
        self._by_field: dict[FieldKey, Question] = {}
        self._at_row: dict[str, list[Question]] = {}
        self._marks: dict[RowKey, list[MergeMark]] = {}
        self._touched: set[RowKey] = set()
        self._is_new = False
        self._reader = PlanReader(tasks, "Looking for open questions", self, pause=_PAUSE)
        self._reader.due.connect(self.ask_now)
        self._reader.found.connect(self._asked)
        self._reader.failed.connect(self._failed)

    def set_document(self, document: PlanDocument | None) -> None:
        """Ask an open plan from now on; None forgets."""
        if self._document is not None and document is not self._document:
            self._document.changed.disconnect(self._plan_changed)
        if document is not None and document is not self._document:
            document.changed.connect(self._plan_changed)
        self._document = document
        # What was known may be of another plan.
        self._marks, self._touched, self._is_new = {}, set(), True
        self._reader.follow(document)
        if document is None:
            self._take((), {})

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
        if self._document is None or self._reader.is_reading:
            return  # once it is answered, it is asked again if something was touched meanwhile
        unchanged = {key: marks for key, marks in self._marks.items() if key not in self._touched}
        many = self._is_new or len(self._touched) > _FEW or len(self.listed) > _SOME
        self._touched, self._is_new = set(), False
        if many:
            self._reader.ask(partial(_ask_a_copy, self._document.access, unchanged))
            return
        self._reader.has_read()
        with self._document.plan.engine.connect() as connection:
            asked = _ask(connection, unchanged)
            connection.rollback()
        self._asked(asked)

    def _asked(self, asked: _Asked) -> None:
        self._marks = asked.marks
        self._take(asked.questions, asked.shown_at)
        if self._touched:
            self._reader.mark_outdated()

    def _failed(self, problem: Exception) -> None:
        """What was known goes on being shown; the next change asks for everything again."""
        self._is_new = True
        if not isinstance(problem, CyppError):
            raise problem

    def _plan_changed(self, changed: Changed) -> None:
        self._touched |= changed.added | changed.removed | changed.edited.keys()

    def _take(self, found: Sequence[Question], shown_at: Mapping[RowKey, Sequence[RowKey]]) -> None:
        if tuple(found) == self.listed:
            return
        self.listed = tuple(found)
        self._by_field = {question.key: question for question in found}
        self.rows, self._at_row = {}, {}
        for question in found:
            for _, row_id in shown_at.get(question.row, ()):
                self._at_row.setdefault(row_id, []).append(question)
                one = Waiting(1, 0) if question.is_open else Waiting(0, 1)
                self.rows[row_id] = self.rows.get(row_id, Waiting()) + one
        self.changed.emit()


def _ask(connection: Connection, unchanged: Mapping[RowKey, Sequence[MergeMark]]) -> _Asked:
    from cypp_desktop.merge.questions_of_plan import questions_from
    from cypp_desktop.store.shown_at import shown_at
    from cypp_desktop.store.union import marks

    found = marks(connection, unchanged)
    by_row: dict[RowKey, list[MergeMark]] = {}
    for mark in found:
        by_row.setdefault((mark.row_type, mark.row_id), []).append(mark)
    return _Asked(questions_from(connection, found), by_row, shown_at(connection, by_row))


def _ask_a_copy(
    access: PlanAccess, unchanged: Mapping[RowKey, Sequence[MergeMark]], progress: Progress
) -> _Asked:
    """As :func:`_ask`, on another thread: the plan is copied first, so that nobody waits for the reading."""
    with access.copied(progress) as session:
        return _ask(session.connection(), unchanged)
