"""What the open plan still waits for a person to decide or read, worked out once after each change.

The tree, the panels and the line at the foot ask here. The store and the merge are loaded only when a
plan has been open for a moment, so a start pays nothing for them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, QTimer, Signal

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from cypp_desktop.merge.questions import Question
    from cypp_desktop.store.editor import Changed
    from cypp_desktop.ui.document import PlanDocument

RowKey = tuple[str, str]
FieldKey = tuple[str, str, str]
#: How long after a change, in milliseconds: quick steps one after another are asked about once.
_PAUSE: Final = 60


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waits at one place: open conflicts, and combined texts to be read."""

    conflicts: int = 0
    to_read: int = 0

    def __add__(self, other: Waiting) -> Waiting:
        return Waiting(self.conflicts + other.conflicts, self.to_read + other.to_read)


class OpenQuestions(QObject):
    """The questions of the plan that is open. One of these serves a window."""

    #: There are others now.
    changed = Signal()
    #: The person wants to decide one: (row type, row id, field).
    decide_wanted = Signal(str, str, str)
    #: The person has read a combined text and it is right: (row type, row id, field).
    confirmed = Signal(str, str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document: PlanDocument | None = None
        self.listed: tuple[Question, ...] = ()
        #: What waits at each row of the tree, by its id: its own, not what stands in it.
        self.rows: dict[str, Waiting] = {}
        self._by_field: dict[FieldKey, Question] = {}
        self._at_row: dict[str, list[Question]] = {}
        self._timer = QTimer(self, singleShot=True, interval=_PAUSE)
        self._timer.timeout.connect(self.ask_now)

    def set_document(self, document: PlanDocument | None) -> None:
        """Ask an open plan from now on; None forgets."""
        if self._document is not None and document is not self._document:
            self._document.changed.disconnect(self._plan_changed)
        if document is not None and document is not self._document:
            document.changed.connect(self._plan_changed)
        self._document = document
        if document is None:
            self._timer.stop()
            self._take(())
        else:
            self._timer.start()

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

    def ask_now(self) -> None:
        """Ask the plan what is open."""
        self._timer.stop()
        if self._document is None:
            return
        from cypp_desktop.merge.questions import questions_of

        with self._document.plan.engine.connect() as connection:
            found = questions_of(connection)
            connection.rollback()
        self._take(found)

    def where(self, row_type: str, row_id: str) -> RowKey | None:
        """The row of the tree in whose panel a row is shown; None where it is not in the plan."""
        if self._document is None:
            return None
        return next(_shown_at(self._document.editor.session, row_type, row_id), None)

    def _plan_changed(self, changed: Changed) -> None:
        self._timer.start()

    def _take(self, found: tuple[Question, ...] | list[Question]) -> None:
        if tuple(found) == self.listed:
            return
        self.listed = tuple(found)
        self._by_field = {(q.row_type, q.row_id, q.field): q for q in found}
        self.rows, self._at_row = {}, {}
        if self._document is not None:
            session = self._document.editor.session
            for question in found:
                for _, row_id in _shown_at(session, question.row_type, question.row_id):
                    self._at_row.setdefault(row_id, []).append(question)
                    one = Waiting(1, 0) if question.is_open else Waiting(0, 1)
                    self.rows[row_id] = self.rows.get(row_id, Waiting()) + one
        self.changed.emit()


def _shown_at(session: Session, row_type: str, row_id: str) -> Iterator[RowKey]:
    """The rows of the tree in whose panels a row is shown: an update's are the measures that it covers."""
    from cypp_desktop.plan.base import row_classes
    from cypp_desktop.store.commands import parent_of

    cls = row_classes().get(row_type)
    row: Any = session.get(cls, row_id) if cls is not None else None
    if row is None:
        return
    if row_type in ("update", "action"):
        measures = row.measures
        for measure in measures:
            yield "measure", measure.id
        if not measures and row.outcome is not None:
            yield "outcome", row.outcome.id
        return
    if row_type in ("update_measure", "action_measure"):
        yield "measure", row.measure_id
        return
    if row_type in ("lead", "observation"):
        owner = parent_of(row)
        if owner is not None:
            yield from _shown_at(session, owner.row_type, owner.id)
        return
    if row_type == "lead_person":
        yield from _shown_at(session, "lead", row.lead_id)
        return
    yield row_type, row_id
