"""The message bar under the menus: things to know that must not stop anybody's work.

A banner stays until it is put away, answered, or replaced by a newer one on the same matter.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QGuiApplication,
    QKeyEvent,
    QPalette,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from cypp_desktop.ui import icons, theme


class MessageKind(StrEnum):
    """What a message is: something to know, something done, a warning, or something that went wrong."""

    INFO = "info"
    DONE = "done"
    WARNING = "warning"
    PROBLEM = "problem"


_SIGNS: Final = {
    MessageKind.INFO: "info",
    MessageKind.DONE: "circle-check",
    MessageKind.WARNING: "triangle-alert",
    MessageKind.PROBLEM: "circle-alert",
}
_KIND_WORDS: Final = {
    MessageKind.INFO: "Note",
    MessageKind.DONE: "Done",
    MessageKind.WARNING: "Warning",
    MessageKind.PROBLEM: "Problem",
}


@dataclass(frozen=True)
class BannerAction:
    """A button of a banner: words that name what it does, and what it does."""

    label: str
    run: Callable[[], object]
    #: Whether the banner goes away once the button was pressed.
    closes: bool = True


class Banner(QFrame):
    """One message with its buttons."""

    closed = Signal(object)

    def __init__(
        self,
        kind: MessageKind,
        text: str,
        actions: Sequence[BannerAction],
        parent: QWidget | None = None,
        *,
        entry: QWidget | None = None,
    ) -> None:
        """``entry`` is what the person fills in, before the buttons."""
        super().__init__(parent)
        self.kind = kind
        self.text = text
        self._actions = tuple(actions)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAutoFillBackground(True)
        self.setAccessibleName(f"{_KIND_WORDS[kind]}: {text}")
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 8, 6)
        self._sign = QLabel()
        row.addWidget(self._sign)
        words = QLabel(text)
        words.setWordWrap(True)
        words.setTextFormat(Qt.TextFormat.PlainText)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row.addWidget(words, 1)
        if entry is not None:
            row.addWidget(entry)
        self.buttons: dict[str, QPushButton] = {}
        for action in self._actions:
            button = QPushButton(action.label)
            button.setAutoDefault(True)
            button.clicked.connect(self._pressed)
            row.addWidget(button)
            self.buttons[action.label] = button
        self._close = QToolButton()
        self._close.setAutoRaise(True)
        self._close.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._close.setAccessibleName("Put this message away")
        self._close.setToolTip("Put this message away (Esc)")
        self._close.clicked.connect(self.close_banner)
        row.addWidget(self._close)
        self._colour()

    def close_banner(self) -> None:
        """Put the message away."""
        self.closed.emit(self)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._colour()
        super().changeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_banner()
        else:
            super().keyPressEvent(event)

    def _colour(self) -> None:
        colours = theme.colours_of(QGuiApplication.palette())
        grounds = {
            MessageKind.WARNING: colours.warning_ground,
            MessageKind.PROBLEM: colours.problem_ground,
        }
        # Only this one colour is our own, so that all others go on following the theme.
        palette = QPalette()
        palette.setColor(self.backgroundRole(), QColor(grounds.get(self.kind, colours.info_ground)))
        if self.palette().color(self.backgroundRole()) != palette.color(self.backgroundRole()):
            self.setPalette(palette)
        side = theme.scaled(self, 16)
        self._sign.setPixmap(icons.icon(_SIGNS[self.kind]).pixmap(side, side))
        self._close.setIcon(icons.icon("x"))

    def _pressed(self) -> None:
        pressed = next(action for action in self._actions if self.buttons[action.label] is self.sender())
        if pressed.closes:
            self.close_banner()
        pressed.run()


class BannerArea(QWidget):
    """The place that stacks banners; empty, it takes no room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(1)
        self._shown: dict[str, Banner] = {}
        self.hide()

    def show_message(
        self,
        kind: MessageKind,
        text: str,
        actions: Sequence[BannerAction] = (),
        *,
        about: str = "",
        entry: QWidget | None = None,
    ) -> Banner:
        """Show a message; a newer one `about` the same matter takes the place of the older. `entry` is what
        the person may fill in: the cursor stays where it is.
        """
        matter = about or text
        self.dismiss(matter)
        banner = Banner(kind, text, actions, self, entry=entry)
        banner.closed.connect(self._closed)
        self._shown[matter] = banner
        self._column.addWidget(banner)
        self.show()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(banner, banner.accessibleName()))
        return banner

    def dismiss(self, about: str) -> None:
        """Put away the message about a matter, if it is shown."""
        banner = self._shown.pop(about, None)
        if banner is not None:
            self._column.removeWidget(banner)
            banner.hide()
            banner.deleteLater()
        self.setVisible(bool(self._shown))

    def clear(self) -> None:
        """Put all messages away, as when another plan is opened."""
        for about in tuple(self._shown):
            self.dismiss(about)

    def messages(self) -> dict[str, Banner]:
        """What is shown now, by matter, oldest first."""
        return dict(self._shown)

    def _closed(self, banner: Banner) -> None:
        for about, shown in tuple(self._shown.items()):
            if shown is banner:
                self.dismiss(about)
