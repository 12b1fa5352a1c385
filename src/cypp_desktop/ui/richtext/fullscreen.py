"""A window with nothing but the text: wide margins, the whole screen, Esc returns."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

_LINE_CHARACTERS = 80  # a line longer than this is hard to read


class FullScreen(QWidget):
    """Lends its whole screen to a widget, the same one that sits in the panel."""

    left = Signal()

    def __init__(self, page: QWidget, title: str, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle(title)
        self.setGeometry(parent.screen().geometry())
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setAutoFillBackground(True)
        self._layout = QVBoxLayout(self)
        self._layout.addWidget(page)
        page.show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        em = self.fontMetrics().height()
        side = max(em, (self.width() - self.fontMetrics().averageCharWidth() * _LINE_CHARACTERS) // 2)
        self._layout.setContentsMargins(side, 2 * em, side, 2 * em)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing is going back: the text lives in the panel."""
        event.ignore()
        self.left.emit()
