"""The side rail: a column of buttons, one for each place of the window."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QToolButton, QVBoxLayout, QWidget

from cypp_desktop.ui import icons, theme


class Rail(QFrame):
    """Chooses the place. Buttons are reached with Tab, and by Ctrl+1, Ctrl+2, …"""

    chosen = Signal(str)

    def __init__(self, places: Sequence[tuple[str, str, str]], parent: QWidget | None = None) -> None:
        """`places` are (key, label, sign); the first is the one shown."""
        super().__init__(parent)
        self.setAccessibleName("Places")
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 6, 4, 6)
        self.buttons: dict[str, QToolButton] = {}
        for key, label, sign in places:
            button = QToolButton()
            button.setText(label)
            button.setAccessibleName(label)
            button.setProperty("sign", sign)
            button.setProperty("key", key)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
            button.setCheckable(True)
            button.setAutoRaise(True)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            button.clicked.connect(self._clicked)
            column.addWidget(button)
            self.buttons[key] = button
        column.addStretch(1)
        self.show_chosen(places[0][0])
        self._dress()

    def show_chosen(self, key: str) -> None:
        """Mark a place as the one shown, without telling anybody."""
        for each, button in self.buttons.items():
            button.setChecked(each == key)

    def offer(self, keys: Collection[str]) -> None:
        """Show the buttons of these places only."""
        for key, button in self.buttons.items():
            button.setVisible(key in keys)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._dress()
        super().changeEvent(event)

    def _dress(self) -> None:
        side = theme.scaled(self, 20)
        for button in self.buttons.values():
            button.setIcon(icons.icon(button.property("sign")))
            button.setIconSize(QSize(side, side))
            button.setMinimumWidth(theme.scaled(self, 58))

    def _clicked(self) -> None:
        pressed = self.sender()
        if isinstance(pressed, QToolButton):
            self.chosen.emit(pressed.property("key"))
