"""Strips that say where the plan waits for a person: at a field, and over the panel of a row.

What is open is known by the window's questions; deciding happens in the Review place, not here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from cypp_desktop.ui import theme
from cypp_desktop.ui.labels import WrappedLabel

if TYPE_CHECKING:
    from cypp_desktop.merge.question import Question
    from cypp_desktop.ui.review.questions import OpenQuestions

_OPEN: Final = "⚑ Two versions are open here."
_SEVERAL: Final = "⚑ {} versions are open here."
_COMBINED: Final = "≡ Put together from what several people wrote: please read it."
#: So many questions are listed over a panel; the rest is counted.
_MOST: Final = 3
#: What no field of a panel shows by itself.
_WITHOUT_FIELD: Final = ("lead", "lead_person", "observation", "update_measure", "action_measure")


class QuestionStrip(QFrame):
    """What waits at one field or row, with the button that decides it."""

    def __init__(self, questions: OpenQuestions, question: Question, words: str) -> None:
        super().__init__()
        self._questions, self.question = questions, question
        self.setAutoFillBackground(True)
        line = QHBoxLayout(self)
        line.setContentsMargins(8, 4, 6, 4)
        self.words = WrappedLabel(words)
        line.addWidget(self.words, 1)
        if not question.is_open:
            self._button("Confirm", "The combined text reads well", self._confirm, line)
        self.decide_button = self._button("Decide…", f"Decide: {question.label}", self._decide, line)
        self._colour()

    def _button(self, words: str, spoken: str, slot: object, line: QHBoxLayout) -> QPushButton:
        button = QPushButton(words)
        button.setAccessibleName(spoken)
        button.setToolTip(spoken)
        button.setAutoDefault(False)
        button.clicked.connect(slot)
        line.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        return button

    def _decide(self) -> None:
        self._questions.decide_wanted.emit(*self.question.key)

    def _confirm(self) -> None:
        self._questions.confirmed.emit(*self.question.key)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._colour()

    def _colour(self) -> None:
        ground = theme.colours_of(QGuiApplication.palette()).warning_ground
        palette = QPalette()
        palette.setColor(self.backgroundRole(), ground)
        if self.palette().color(self.backgroundRole()) != palette.color(self.backgroundRole()):
            self.setPalette(palette)


def strip_words(question: Question) -> str:
    """What a strip at a field says."""
    if not question.is_open:
        return _COMBINED
    count = len(question.sides)
    return _OPEN if count == 2 else _SEVERAL.format(count)


class RowQuestions(QWidget):
    """What waits at the row of a panel and is at none of its fields: deleted rows, leads, values."""

    def __init__(self, questions: OpenQuestions) -> None:
        super().__init__()
        self._questions = questions
        self._row_id: str | None = None
        self.strips: list[QuestionStrip] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        self._rest = WrappedLabel(muted=True)
        self._column.addWidget(self._rest)
        questions.changed.connect(self._refresh)
        self.hide()

    def show_row(self, row_id: str | None) -> None:
        """Tell of another row; None tells of nothing."""
        self._row_id = row_id
        self._refresh()

    def _refresh(self) -> None:
        for strip in self.strips:
            self._column.removeWidget(strip)
            strip.hide()
            strip.deleteLater()
        found = self._questions.at_row(self._row_id) if self._row_id is not None else []
        found = [each for each in found if each.is_row or each.row_type in _WITHOUT_FIELD]
        self.strips = [
            QuestionStrip(self._questions, question, f"⚑ {question.label}.") for question in found[:_MOST]
        ]
        for at, strip in enumerate(self.strips):
            self._column.insertWidget(at, strip)
        self._rest.setText(f"and {len(found) - _MOST} more" if len(found) > _MOST else "")
        self._rest.setVisible(len(found) > _MOST)
        self.setVisible(bool(found))
