"""The list of things to look at: what each is at the left, how it stands at the right, and its keys."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTreeView

from cypp_desktop.merge.model import Refusal
from cypp_desktop.operations.review.lines import Line, LineKey, state_of
from cypp_desktop.ui import theme
from cypp_desktop.ui.review.model import LineModel

_GAP: Final = 8
_KEYS: Final = {getattr(Qt.Key, f"Key_{number}"): number for number in range(1, 10)}


class LineList(QTreeView):
    """Lists what there is to look at. Enter goes on, 1 to 9 decide; Tab leaves."""

    #: Another line is the current one, or none.
    current_changed = Signal()
    #: A number was pressed: (number).
    number_pressed = Signal(int)
    #: Enter was pressed on a line.
    entered = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.lines = LineModel(self)
        self.setModel(self.lines)
        self.setItemDelegate(_LineDelegate(self))
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.setAccessibleName(name)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QTreeView.EditTrigger.NoEditTriggers)
        self.setExpandsOnDoubleClick(True)
        self.setIndentation(theme.scaled(self, 12))

    @property
    def current(self) -> Line | None:
        """The line that is current; None on a heading."""
        return self.lines.line(self.currentIndex())

    def choose(self, key: LineKey | None) -> bool:
        """Make a line the current one; False where it is not shown."""
        index = self.lines.index_of(key)
        if not index.isValid():
            return False
        self.setCurrentIndex(index)
        self.scrollTo(index)
        return True

    def currentChanged(
        self, current: QModelIndex | QPersistentModelIndex, previous: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().currentChanged(current, previous)
        self.current_changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _KEYS and event.modifiers() in (
            Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier,
        ):  # fmt: skip
            self.number_pressed.emit(_KEYS[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current is not None:
            self.entered.emit()
        else:
            super().keyPressEvent(event)


class _LineDelegate(QStyledItemDelegate):
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        model = index.model()
        line = model.line(index) if isinstance(model, LineModel) else None
        if line is None:
            super().paint(painter, option, index)
            return
        metrics = option.fontMetrics
        words = metrics.elidedText(state_of(line), Qt.TextElideMode.ElideRight, option.rect.width() // 2)
        taken = metrics.horizontalAdvance(words) + 2 * _GAP
        widget = option.widget
        ground = QStyleOptionViewItem(option)
        widget.style().drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, ground, painter, widget)
        left = QStyleOptionViewItem(option)
        left.rect = option.rect.adjusted(0, 0, -taken, 0)
        super().paint(painter, left, index)
        painter.save()
        painter.setFont(option.font)
        painter.setPen(self._colour(line, option))
        box = QRect(option.rect.right() - taken + _GAP, option.rect.top(), taken, option.rect.height())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
        painter.restore()

    def _colour(self, line: Line, option: QStyleOptionViewItem) -> QColor:
        if option.state & QStyle.StateFlag.State_Selected:
            return option.palette.color(QPalette.ColorRole.HighlightedText)
        colours = theme.colours_of(option.palette)
        waiting = isinstance(line, Refusal) or line.is_left_open
        return QColor(colours.red if waiting else colours.muted)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, option.fontMetrics.height() + theme.scaled(option.widget, 8))
