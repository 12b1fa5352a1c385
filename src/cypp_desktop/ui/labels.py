"""Labels whose words go on in further lines and never hold a window wide."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QLabel, QSizePolicy


class WrappedLabel(QLabel):
    """Plain words in as many lines as they need at the width there is."""

    def __init__(self, words: str = "", *, bold: bool = False, muted: bool = False) -> None:
        super().__init__(words)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        policy = self.sizePolicy()
        policy.setHorizontalPolicy(QSizePolicy.Policy.Expanding)
        self.setSizePolicy(policy)
        if bold:
            font = QFont()  # only the weight is our own: the size goes on following the window's
            font.setBold(True)
            self.setFont(font)
        if muted:
            self.setForegroundRole(QPalette.ColorRole.PlaceholderText)

    def minimumSizeHint(self) -> QSize:
        # Qt's own asks for the height that the words would need at the least width.
        return QSize(self.fontMetrics().averageCharWidth() * 8, self.fontMetrics().lineSpacing())
