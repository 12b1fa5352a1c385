"""Where the row shown stands: its ancestors as buttons that lead to them."""

from __future__ import annotations

from PySide6.QtCore import Qt
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
from cypp_desktop.store.commands import parent_of
from cypp_desktop.ui import theme
from cypp_desktop.ui.panels.flow import FlowLayout
from cypp_desktop.ui.panels.part import Desk, cut

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


def trail(row: Row) -> list[Row]:
    """The row with all that it stands in, outermost first."""
    found = [row]
    while (above := parent_of(found[0])) is not None:
        found.insert(0, above)
    return found


def crumb_words(row: Row, level_name: str) -> str:
    """What a row is called on the way to another: "Priority 1", "1a Good maternal health", "i"."""
    if isinstance(row, Priority):
        return f"{level_name} {row.code}" if row.code else cut(row.title, 40) or level_name
    if isinstance(row, Outcome):
        return cut(f"{row.code or ''} {row.title}".strip(), 40) or level_name
    if isinstance(row, Measure):
        return row.code or cut(row.title, 30) or level_name
    if isinstance(row, Action):
        return f"Action {row.number}" if row.number else "Action"
    if isinstance(row, Plan):
        return cut(row.title, 60) or "Plan"
    if isinstance(row, Person):
        return cut(row.printed, 40) or "Person"
    if isinstance(row, Round):
        return cut(row.name, 40) or "Reporting round"
    if isinstance(row, (Update, Observation)):
        return _WORDS[row.row_type]
    said = getattr(row, "number", None) or getattr(row, "name", None)
    return f"{_WORDS[row.row_type]} {cut(said, 40)}".strip()


class Breadcrumb(QWidget):
    """The way to a row, each step of it a button."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._flow = FlowLayout(self, spacing=2, grow=False)
        self._shown: list[tuple[str, str, str]] = []
        self.setAccessibleName("Where this row stands")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def show_row(self, row: Row | None) -> None:
        """Show the way to a row."""
        steps = trail(row) if row is not None else []
        wanted = [(r.row_type, r.id, crumb_words(r, self._desk.level_name(r.row_type))) for r in steps]
        if wanted == self._shown:
            return
        self._shown = wanted
        while item := self._flow.takeAt(0):
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for at, (row_type, row_id, words) in enumerate(wanted):
            if at:
                separator = QLabel("›")
                separator.setMargin(theme.scaled(self, 4))
                separator.setAccessibleName("in it")
                self._flow.addWidget(separator)
            self._flow.addWidget(self._crumb(row_type, row_id, words, is_last=at == len(wanted) - 1))
        self.updateGeometry()

    def _crumb(self, row_type: str, row_id: str, words: str, *, is_last: bool) -> QWidget:
        if is_last:
            here = QLabel(words)
            here.setTextFormat(Qt.TextFormat.PlainText)
            here.setMargin(theme.scaled(self, 4))
            return here
        button = QToolButton()
        button.setText(words.replace("&", "&&"))
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setAccessibleName(f"Go to {words}")
        button.setProperty("row", [row_type, row_id])
        button.clicked.connect(self._go)
        return button

    def _go(self) -> None:
        row_type, row_id = self.sender().property("row")
        self._desk.jump.emit(row_type, row_id)
