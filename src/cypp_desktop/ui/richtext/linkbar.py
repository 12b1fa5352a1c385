"""The small bar in which the address of a link is typed; no dialog."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget


class LinkBar(QWidget):
    """Asks for an address. Enter or the button sets it, an empty one takes the link away, Esc leaves."""

    chosen = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._address = QLineEdit()
        self._address.setAccessibleName("Address of the link")
        self._address.setPlaceholderText("https://…")
        label = QLabel("&Link to")
        label.setBuddy(self._address)
        self._set = QPushButton("Set link")
        self._remove = QPushButton("Remove link")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(label)
        row.addWidget(self._address, 1)
        row.addWidget(self._set)
        row.addWidget(self._remove)
        self._address.returnPressed.connect(self._choose)
        self._set.clicked.connect(self._choose)
        self._remove.clicked.connect(self._take_away)
        self.hide()

    def ask(self, address: str) -> None:
        """Open with the address that is there now ("" for none)."""
        self._address.setText(address)
        self._remove.setVisible(bool(address))
        self.show()
        self._address.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._address.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _choose(self) -> None:
        self.chosen.emit(complete_address(self._address.text()))

    def _take_away(self) -> None:
        self.chosen.emit("")


def complete_address(typed: str) -> str:
    """An address as typed, with what people leave out: "www.x.org" and "name@x.org" are completed."""
    typed = typed.strip()
    if ":" in typed or not typed or "." not in typed:
        return typed
    return f"mailto:{typed}" if "@" in typed and "/" not in typed else f"https://{typed}"
