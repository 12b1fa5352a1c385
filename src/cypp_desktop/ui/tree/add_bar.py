"""The buttons under the tree that add a row of a level, in the plan's own words, on however narrow a line."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QWidget

from cypp_desktop.ui import icons, theme

_GAP = 6
#: A button that shows fewer letters of its words than this is no help: one with a menu stands for all.
_FEWEST_LETTERS = 8


class AddBar(QWidget):
    """Side by side in full where there is room; else the longest words are cut short first.

    Where hardly any of them would be left, one button with a menu takes their place.
    """

    def __init__(self, actions: Sequence[QAction]) -> None:
        super().__init__()
        self.buttons = [_AddButton(action, self) for action in actions]
        self.all_in_one = _AddMenuButton(actions, self)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def say(self, kinds: Sequence[str]) -> None:
        """What the buttons add, in words, such as "key activity"."""
        for button, kind in zip(self.buttons, kinds, strict=True):
            button.say(kind)
        self._place()

    def sizeHint(self) -> QSize:
        return QSize(
            sum(button.wanted() + _GAP for button in self.buttons), self.buttons[0].sizeHint().height()
        )

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.buttons[0].sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            for button in (*self.buttons, self.all_in_one):
                button.size_icon()
            self.updateGeometry()
            self._place()
        if event.type() == QEvent.Type.PaletteChange:
            for button in (*self.buttons, self.all_in_one):
                button.setIcon(icons.icon("plus"))

    def _place(self) -> None:
        room = self.width() - _GAP * (len(self.buttons) - 1)
        wanted = [button.wanted() for button in self.buttons]
        widths = shared(wanted, room)
        least = self.buttons[0].frame() + self.fontMetrics().averageCharWidth() * _FEWEST_LETTERS
        in_one = any(width < min(want, least) for want, width in zip(wanted, widths, strict=True))
        x = 0
        for button, width in zip(self.buttons, widths, strict=True):
            button.setVisible(not in_one)
            button.setGeometry(x, 0, width, self.height())
            button.cut_words()
            x += width + _GAP
        self.all_in_one.setVisible(in_one)
        self.all_in_one.setGeometry(
            0, 0, min(self.all_in_one.sizeHint().width(), self.width()), self.height()
        )


def shared(wanted: Sequence[int], room: int) -> list[int]:
    """How ``room`` is shared out: all get what they want, or the largest of them give way to one limit."""
    limit = max(wanted, default=0)
    left, count = room, len(wanted)
    for width in sorted(wanted):
        if width * count >= left:
            limit = max(left // count, 0)
            break
        left -= width
        count -= 1
    return [min(width, limit) for width in wanted]


class _PlusButton(QPushButton):
    """A button whose sign grows with its words."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setIcon(icons.icon("plus"))
        self.size_icon()

    def size_icon(self) -> None:
        """Let the sign grow with the words."""
        side = theme.scaled(self, 14)
        self.setIconSize(QSize(side, side))


class _AddMenuButton(_PlusButton):
    def __init__(self, actions: Sequence[QAction], parent: QWidget) -> None:
        super().__init__(parent)
        self.setText("Add…")
        self.setAccessibleName("Add to the plan")
        menu = QMenu(self)
        menu.addActions(actions)
        self.setMenu(menu)


class _AddButton(_PlusButton):
    def __init__(self, action: QAction, parent: QWidget) -> None:
        super().__init__(parent)
        self._action = action
        self._words = ""
        self.clicked.connect(action.trigger)
        action.enabledChanged.connect(self.setEnabled)
        self.setEnabled(action.isEnabled())

    def say(self, kind: str) -> None:
        """What the button adds, such as "key activity"."""
        self._words = kind
        self.setAccessibleName(f"Add {kind}")
        self.setToolTip(f"Add {kind}")

    def wanted(self) -> int:
        """The width at which the words stand in full."""
        return self.fontMetrics().horizontalAdvance(self._words) + 2 + self.frame()  # 2: it is rounded

    def cut_words(self) -> None:
        """Show as many of the words as there is room for."""
        room = max(self.width() - self.frame(), 0)
        self.setText(self.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideRight, room))

    def frame(self) -> int:
        """The width of all but the words."""
        return self.iconSize().width() + self.fontMetrics().averageCharWidth() * 4
