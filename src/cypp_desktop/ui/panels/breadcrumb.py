"""Where the row shown stands: its ancestors as buttons that lead to them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QToolButton, QWidget

from cypp_desktop.plan.base import Row
from cypp_desktop.plan.model import (
    Action,
    Measure,
    Observation,
    Outcome,
    Person,
    Plan,
    Priority,
    Round,
    Update,
)
from cypp_desktop.plan.shape import parent_of
from cypp_desktop.ui import theme
from cypp_desktop.ui.panels.context import PanelContext
from cypp_desktop.ui.panels.flow_layout import FlowLayout
from cypp_desktop.ui.panels.row_widget import cut

_WORDS = {
    "update": "Update",
    "observation": "Value",
    "section": "Narrative",
    "recommendation": "Recommendation",
    "organisation": "Organisation",
    "person": "Person",
    "round": "Reporting round",
    "lead": "Lead",
}
#: How many letters a step may have, tried in turn until the way fits on one line.
_LENGTHS = (60, 40, 28, 20, 14)


def trail(row: Row) -> list[Row]:
    """The row with all that it stands in, outermost first."""
    found = [row]
    while (above := parent_of(found[0])) is not None:
        found.insert(0, above)
    return found


def crumb_words(row: Row, level_name: str) -> str:
    """What a row is called on the way to another: "Priority 1", "1a Good maternal health", "i"."""
    if isinstance(row, Priority):
        return f"{level_name} {row.code}" if row.code else cut(row.title) or level_name
    if isinstance(row, Outcome):
        return cut(f"{row.code or ''} {row.title}".strip()) or level_name
    if isinstance(row, Measure):
        return row.code or cut(row.title) or level_name
    if isinstance(row, Action):
        return f"Action {row.number}" if row.number else "Action"
    if isinstance(row, Plan):
        return cut(row.title) or "Plan"
    if isinstance(row, Person):
        return cut(row.printed) or "Person"
    if isinstance(row, Round):
        return cut(row.name) or "Reporting round"
    if isinstance(row, (Update, Observation)):
        return _WORDS[row.row_type]
    said = getattr(row, "number", None) or getattr(row, "name", None)
    return f"{_WORDS[row.row_type]} {cut(said)}".strip()


class Breadcrumb(QWidget):
    """The way to a row, each step of it a button."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._desk = context
        self._flow = FlowLayout(self, spacing=2, grow=False)
        self._shown: list[tuple[str, str, str]] = []
        self._steps: list[QToolButton | QLabel] = []
        self.setAccessibleName("Where this row stands")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def show_row(self, row: Row | None) -> None:
        """Show the way to a row."""
        steps = trail(row) if row is not None else []
        wanted = [(r.row_type, r.id, crumb_words(r, self._desk.level_name(r.row_type))) for r in steps]
        if wanted == self._shown:
            return
        self._shown = wanted
        self._steps = []
        while item := self._flow.takeAt(0):
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for at, (row_type, row_id, words) in enumerate(wanted):
            if at:
                separator = QLabel("›")
                separator.setMargin(theme.scaled(self, 4))
                self._flow.addWidget(separator)
            step = self._here(words) if at == len(wanted) - 1 else self._crumb(row_type, row_id, words)
            self._steps.append(step)
            self._flow.addWidget(step)
        self._shorten()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._shorten()

    def _here(self, words: str) -> QLabel:
        here = QLabel()
        here.setTextFormat(Qt.TextFormat.PlainText)
        here.setMargin(theme.scaled(self, 4))
        here.setAccessibleName(words)
        return here

    def _crumb(self, row_type: str, row_id: str, words: str) -> QToolButton:
        button = QToolButton()
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setAccessibleName(f"Go to {words}")
        button.setToolTip(words)
        button.setProperty("row", [row_type, row_id])
        button.clicked.connect(self._go)
        return button

    def _shorten(self) -> None:
        """Say as much of each step as fits on one line."""
        for length in _LENGTHS:
            for step, (_, _, words) in zip(self._steps, self._shown, strict=True):
                said = cut(words, length)
                step.setText(said.replace("&", "&&") if isinstance(step, QToolButton) else said)
            self._flow.invalidate()
            if self._flow.sizeHint().width() <= self.width():
                break
        self.updateGeometry()

    def _go(self) -> None:
        row_type, row_id = self.sender().property("row")
        self._desk.jump.emit(row_type, row_id)
