"""Where the row shown stands: its ancestors as buttons that lead to them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QToolButton, QWidget

from cypp_desktop.plan.base import Row
from cypp_desktop.plan.row_names import crumb
from cypp_desktop.plan.shape import upward
from cypp_desktop.plan.words import cut
from cypp_desktop.ui import theme
from cypp_desktop.ui.panels.context import PanelContext
from cypp_desktop.ui.panels.flow_layout import FlowLayout

#: How many letters a step may have, tried in turn until the way fits on one line.
_LENGTHS = (60, 40, 28, 20, 14)


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
        steps = reversed(list(upward(row))) if row is not None else ()
        wanted = [(r.row_type, r.id, crumb(r, self._desk.level_name(r.row_type))) for r in steps]
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
