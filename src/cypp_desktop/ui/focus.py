"""Where the keyboard is and where it goes next: a ring round what has the focus, and Tab in reading order.

Fusion shows the focus of flat buttons, tabs and texts hardly or not at all, and Qt's own order of Tab is
the one in which controls were made, which in panels that grow and change is no order. Knows no plan.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import shiboken6
from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QMenu,
    QMenuBar,
    QScrollArea,
    QWidget,
)

#: Made of others that have no place of their own in the order.
_WHOLE = (QAbstractSpinBox, QComboBox)
#: These show by themselves which of their entries is meant.
_SHOWN_BY_ITSELF = (QMenu, QMenuBar)
_LINE = 2.0


def in_reading_order(root: QWidget) -> list[QWidget]:
    """What Tab reaches in a widget: line by line from the top, each from the left, a group at a time."""
    return list(_reached(root))


def move_focus(root: QWidget, *, forward: bool) -> bool:
    """Give the focus to what comes next (or before) in a widget, in sight; False where there is none."""
    order = in_reading_order(root)
    now: QWidget | None = root.focusWidget()
    while now is not None and now not in order:
        now = now.parentWidget() if now is not root else None
    if not order:
        return False
    step = 1 if forward else -1
    at = 0 if forward else -1
    if now is not None:
        at = order.index(now) + step
    wanted = order[at % len(order)]
    wanted.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
    bring_into_sight(wanted)
    return True


def pane_after(panes: Sequence[QWidget], now: QWidget | None, step: int) -> QWidget:
    """The pane so many steps after the one in which the focus is (before it: negative)."""
    here = -1
    for at, pane in enumerate(panes):
        if now is not None and (pane is now or pane.isAncestorOf(now)):
            here = at
            break
    return panes[(here + step) % len(panes)]


def focus_first(pane: QWidget) -> None:
    """Put the cursor on a pane, or on the first thing in it that takes it."""
    takes = pane.focusPolicy() & Qt.FocusPolicy.TabFocus
    inside = [pane] if takes else in_reading_order(pane)
    if inside:
        inside[0].setFocus(Qt.FocusReason.TabFocusReason)
        bring_into_sight(inside[0])


def bring_into_sight(widget: QWidget) -> None:
    """Scroll what a widget stands in so that it can be seen."""
    above = widget.parentWidget()
    while above is not None:
        if isinstance(above, QScrollArea):
            above.ensureWidgetVisible(widget)
        above = above.parentWidget()


def _reached(root: QWidget) -> Iterator[QWidget]:
    inside = [
        child
        for child in root.children()
        if isinstance(child, QWidget) and not child.isWindow() and child.isVisible() and child.isEnabled()
    ]
    for child in _by_lines(inside):
        if child.focusPolicy() & Qt.FocusPolicy.TabFocus and child.focusProxy() is None:
            yield child
        if not isinstance(child, _WHOLE):
            yield from _reached(child)


def _by_lines(widgets: Sequence[QWidget]) -> Iterator[QWidget]:
    """Side by side is what begins before the first of a line is half over."""
    left = sorted(widgets, key=lambda widget: widget.y())
    while left:
        end = left[0].y() + max(left[0].height() // 2, 1)
        line = [widget for widget in left if widget.y() < end]
        left = left[len(line) :]
        yield from sorted(line, key=lambda widget: widget.x())


class FocusMark(QObject):
    """Keeps a ring round the widget that has the focus, in all windows of the application."""

    def __init__(self, app: QApplication, parent: QObject) -> None:
        super().__init__(parent)
        self.ring: QWidget | None = None
        app.focusChanged.connect(self._moved)

    @Slot(QWidget, QWidget)
    def _moved(self, before: QWidget | None, now: QWidget | None) -> None:
        if self.ring is not None and shiboken6.isValid(self.ring):
            self.ring.hide()
            self.ring.deleteLater()
        self.ring = None
        if now is None or isinstance(now, _SHOWN_BY_ITSELF):
            return
        if now.window().windowType() == Qt.WindowType.Popup:
            return
        self.ring = _Ring(now)


class _Ring(QWidget):
    """Lies over a widget and lets everything through to it."""

    def __init__(self, around: QWidget) -> None:
        super().__init__(around)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        around.installEventFilter(self)
        self.resize(around.size())
        self.raise_()
        self.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self.resize(watched.size())
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), _LINE))
        half = _LINE / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), 3, 3)
        painter.end()
