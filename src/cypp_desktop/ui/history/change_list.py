"""The list of changes: painted as rich text, the place of a change is a link that can be clicked."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QResizeEvent,
    QTextDocument,
    QTextOption,
)
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from cypp_desktop.ui import theme
from cypp_desktop.ui.history.change_html import change_html, heading_html
from cypp_desktop.ui.history.history_model import AnyIndex, HistoryLine, HistoryModel

_KEPT: Final = 400


class ChangeDelegate(QStyledItemDelegate):
    """Paints a step as a heading and a change as its label, place and marked words."""

    def __init__(self, view: QListView) -> None:
        super().__init__(view)
        self._view = view
        self._laid_out: dict[tuple[int, bool, int, str], QTextDocument] = {}

    def forget(self) -> None:
        """Lay everything out anew: texts, colours or letters are others."""
        self._laid_out.clear()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        model = index.model()
        line = model.line(index) if isinstance(model, HistoryModel) else None
        if line is None:
            return
        palette = self._view.palette()
        colours = theme.colours_of(palette)
        painter.save()
        current = line.said is not None and self._view.currentIndex() == index
        if current:
            painter.fillRect(option.rect, QColor(colours.info_ground))
            bar = QRect(option.rect)
            bar.setWidth(theme.scaled(self._view, 3))
            painter.fillRect(bar, QColor(colours.accent))
        origin = self._origin(option.rect.topLeft(), line)
        document = self._document(line)
        painter.translate(origin)
        context = QAbstractTextDocumentLayout.PaintContext()
        context.palette = palette
        painter.setClipRect(QRectF(QPointF(), document.size()))
        document.documentLayout().draw(painter, context)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        model = index.model()
        line = model.line(index) if isinstance(model, HistoryModel) else None
        if line is None:
            return QSize()
        gap = theme.scaled(self._view, 4)
        extra = 3 * gap if line.said is None else 2 * gap
        return QSize(self._view.viewport().width(), round(self._document(line).size().height()) + extra)

    def anchor_at(self, place: QPoint, index: QModelIndex, line: HistoryLine) -> str:
        """The link under a place of the viewport, or ""."""
        within = QPointF(place) - self._origin(self._view.visualRect(index).topLeft(), line)
        return self._document(line).documentLayout().anchorAt(within)

    def _origin(self, corner: QPoint, line: HistoryLine) -> QPointF:
        gap = theme.scaled(self._view, 4)
        heading = line.said is None
        return QPointF(corner) + QPointF(gap if heading else 5 * gap, 2 * gap if heading else gap)

    def _document(self, line: HistoryLine) -> QTextDocument:
        colours = theme.colours_of(self._view.palette())
        key = (line.entry.seq, line.said is None, self._view.viewport().width(), colours.text)
        found = self._laid_out.get(key)
        if found is None:
            if len(self._laid_out) > _KEPT:
                self._laid_out.clear()
            found = self._laid_out[key] = self._made(line, colours)
        return found

    def _made(self, line: HistoryLine, colours: theme.Colours) -> QTextDocument:
        document = QTextDocument()
        document.setDefaultFont(self._view.font())
        document.setDocumentMargin(0)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        document.setDefaultTextOption(option)
        gap = theme.scaled(self._view, 4)
        document.setTextWidth(max(60, self._view.viewport().width() - (7 if line.said else 2) * gap))
        if line.said is None:
            document.setHtml(heading_html(line.step_name, line.entry, colours))
        else:
            document.setHtml(change_html(line.said, line.place, colours, link=True))
        return document


class ChangesView(QListView):
    """The list. Enter and a click on a place go to what a change is about."""

    opened = Signal(QModelIndex)
    current_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Changes")
        self.changes = ChangeDelegate(self)
        self.setItemDelegate(self.changes)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMouseTracking(True)

    def currentChanged(self, current: AnyIndex, previous: AnyIndex) -> None:
        super().currentChanged(current, previous)
        self.viewport().update()
        self.current_changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex())
            return
        super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        over = self._link_at(event.position().toPoint()).isValid()
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self._link_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index.isValid():
            self.opened.emit(index)

    def _link_at(self, place: QPoint) -> QModelIndex:
        """The change whose place is written there."""
        index = self.indexAt(place)
        model = self.model()
        line = model.line(index) if isinstance(model, HistoryModel) else None
        if line is not None and line.said is not None and self.changes.anchor_at(place, index, line):
            return index
        return QModelIndex()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.changes.forget()
            self.scheduleDelayedItemsLayout()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.PaletteChange) and hasattr(self, "changes"):
            self.changes.forget()
            self.scheduleDelayedItemsLayout()
