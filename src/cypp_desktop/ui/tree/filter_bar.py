"""The filter over the tree: a box for words, a list of states, and how many rows match."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from cypp_desktop.ui import icons
from cypp_desktop.ui.tree.filter import STATES, TreeFilter

_WITH_SHAPE = ("placeholder", "red", "amber", "green")


class FilterBar(QWidget):
    """Emits `changed` at every keystroke and choice."""

    changed = Signal()
    #: Down or Enter in the box: on to the rows.
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.box = QLineEdit()
        self.box.setPlaceholderText("Filter")
        self.box.setAccessibleName("Filter rows by words in code or title")
        self.box.setClearButtonEnabled(True)
        self.box.installEventFilter(self)
        self.state = QComboBox()
        self.state.setAccessibleName("Filter measures by state")
        self.state.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.state.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.count = QLabel()
        self.count.setAccessibleName("Rows that match the filter")
        self.count.hide()
        line = QHBoxLayout()
        line.addWidget(self.box, 1)
        line.addWidget(self.state)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(line)
        column.addWidget(self.count)
        self.offer([""])
        self.box.textChanged.connect(self.changed)
        self.state.currentIndexChanged.connect(self.changed)

    def filter(self) -> TreeFilter:
        """What is asked for."""
        return TreeFilter.of(self.box.text(), self.state.currentData() or "")

    def clear(self) -> None:
        """Ask for nothing any more."""
        if not self.filter():
            return
        with QSignalBlocker(self.box), QSignalBlocker(self.state):
            self.box.clear()
            self.state.setCurrentIndex(0)
        self.changed.emit()

    def offer(self, states: Sequence[str]) -> None:
        """Offer these states of `STATES`; the chosen one stays while it is in use."""
        chosen = self.state.currentData() or ""
        listed = [state for state in STATES if state in states or state in ("", chosen)]
        if listed == [self.state.itemData(at) for at in range(self.state.count())]:
            return
        with QSignalBlocker(self.state):
            self.state.clear()
            for state in listed:
                self.state.addItem(STATES[state], state)
                if state in _WITH_SHAPE:
                    self.state.setItemIcon(self.state.count() - 1, icons.status(state))
            self.state.setCurrentIndex(listed.index(chosen))
        self.state.setVisible(len(listed) > 1)

    def say_count(self, matching: int | None) -> None:
        """Say how many rows match; None where nothing is asked for."""
        self.count.setVisible(matching is not None)
        self.count.setText("1 row matches" if matching == 1 else f"{matching} rows match")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.box and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.left.emit()
                return True
            if event.key() == Qt.Key.Key_Escape and self.filter():
                self.clear()
                return True
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            for at in range(self.state.count()):
                if self.state.itemData(at) in _WITH_SHAPE:
                    self.state.setItemIcon(at, icons.status(self.state.itemData(at)))
        super().changeEvent(event)
