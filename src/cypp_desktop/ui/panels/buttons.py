"""Small buttons with a sign: their words are the tooltip and what a screen reader says."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QToolButton

from cypp_desktop.ui import icons


class SignButton(QToolButton):
    """A flat button with a sign of the icon set that follows the colours of the window."""

    def __init__(self, sign: str, words: str, run: Callable[[], object], *, text: str = "") -> None:
        super().__init__()
        self._sign = sign
        self._run = run
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setToolTip(words)
        self.setAccessibleName(words)
        if text:
            self.setText(text)
            self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.clicked.connect(self._pressed)
        self._paint()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange) and hasattr(self, "_sign"):
            self._paint()

    def _paint(self) -> None:
        self.setIcon(icons.icon(self._sign))
        side = self.fontMetrics().height()
        self.setIconSize(self.iconSize().scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio))

    def _pressed(self) -> None:
        self._run()


def sign_button(sign: str, words: str, run: Callable[[], object], *, text: str = "") -> SignButton:
    """A button that runs something; ``words`` say what, ``text`` stands beside the sign where given."""
    return SignButton(sign, words, run, text=text)
