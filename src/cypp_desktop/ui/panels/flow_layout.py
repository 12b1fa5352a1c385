"""A layout that puts widgets side by side and goes on in the next line where they do not fit.

So that short fields share a line on a wide window and stand one below another at 200 % text.
Knows nothing of plans.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class FlowLayout(QLayout):
    """Items in lines; those that can grow share what is left of their line.

    In a line they stand middle to middle, or with ``tops`` top to top, as fields with labels over them do.
    """

    def __init__(
        self, parent: QWidget | None = None, *, spacing: int = 8, grow: bool = True, tops: bool = False
    ) -> None:
        super().__init__(parent)
        self._tops = tops
        self._items: list[QLayoutItem] = []
        self._grow = grow
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(spacing)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def insert_widget(self, at: int, widget: QWidget) -> None:
        """Add a widget before the one that stands at ``at``."""
        self.addWidget(widget)
        self._items.insert(at, self._items.pop())
        self.invalidate()

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation.Horizontal

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._place(QRect(0, 0, width, 0), apply=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._place(rect, apply=True)

    def sizeHint(self) -> QSize:
        hints = [item.sizeHint() for item in self._shown()]
        width = sum(hint.width() for hint in hints) + self.spacing() * max(0, len(hints) - 1)
        return QSize(width, max((hint.height() for hint in hints), default=0))

    def minimumSize(self) -> QSize:
        sizes = [item.minimumSize() for item in self._shown()]
        return QSize(max((s.width() for s in sizes), default=0), max((s.height() for s in sizes), default=0))

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _place(self, rect: QRect, *, apply: bool) -> int:
        """Lay the lines out in ``rect``'s width; gives the height used, in pixels."""
        top = rect.top()
        line: list[QLayoutItem] = []
        used = 0
        for item in self._shown():
            width = item.sizeHint().width()
            if line and used + self.spacing() + width > rect.width():
                top += self._place_line(line, rect, top, used, apply) + self.spacing()
                line, used = [], 0
            used += width + (self.spacing() if line else 0)
            line.append(item)
        if line:
            top += self._place_line(line, rect, top, used, apply)
        return top - rect.top()

    def _place_line(self, line: list[QLayoutItem], rect: QRect, top: int, used: int, apply: bool) -> int:
        """Lay out one line from ``top`` on; gives its height, in pixels."""
        widths = self._widths(line, rect.width(), used)
        heights = [_height(item, width) for item, width in zip(line, widths, strict=True)]
        if apply:
            left = rect.left()
            for item, width, height in zip(line, widths, heights, strict=True):
                at = top if self._tops else top + (max(heights) - height) // 2
                item.setGeometry(QRect(QPoint(left, at), QSize(width, height)))
                left += width + self.spacing()
        return max(heights)

    def _widths(self, line: list[QLayoutItem], room: int, used: int) -> list[int]:
        """The widths of the items of a line, of whose ``room`` so much is used by their usual widths."""
        growing = [item for item in line if self._grow and _grows(item)]
        share = max(0, room - used) // len(growing) if growing else 0
        widths = []
        for item in line:
            width = item.sizeHint().width()
            if item in growing:
                width += share
            widths.append(min(width, room))
        return widths


def _height(item: QLayoutItem, width: int) -> int:
    return item.heightForWidth(width) if item.hasHeightForWidth() else item.sizeHint().height()


def _grows(item: QLayoutItem) -> bool:
    return bool(item.expandingDirections() & Qt.Orientation.Horizontal)
