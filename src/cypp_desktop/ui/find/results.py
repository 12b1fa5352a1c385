"""The list of what was found: a row of two lines each, with what was looked for marked in it.

What is shown of a hit is worked out when it is painted, so a list of any length costs no more than
what is on the screen.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPalette,
    QTextCharFormat,
    QTextLayout,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from cypp_desktop.plan.folding import Range, utf16_place
from cypp_desktop.plan.search import Hit, Snippet
from cypp_desktop.ui import theme

AnyIndex = QModelIndex | QPersistentModelIndex
_ROOT: Final = QModelIndex()
_HIT: Final = Qt.ItemDataRole.UserRole
#: How much of a line may stand before the first thing found.
_FIRST_WITHIN: Final = 0.6


class ResultsModel(QAbstractListModel):
    """The hits of one search."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hits: list[Hit] = []
        self._shown: dict[int, tuple[str, Snippet]] = {}

    def show_hits(self, hits: Sequence[Hit]) -> None:
        """Show these hits instead of those before."""
        self.beginResetModel()
        self._hits = list(hits)
        self._shown.clear()
        self.endResetModel()

    @property
    def hits(self) -> list[Hit]:
        """All hits, from the top."""
        return self._hits

    def shown(self, at: int) -> tuple[str, Snippet]:
        """The two lines of a hit: where it stands, and the words around what was found."""
        if at not in self._shown:
            hit = self._hits[at]
            where = " — ".join(dict.fromkeys((hit.place, hit.label)))
            self._shown[at] = where, hit.snippet
        return self._shown[at]

    def rowCount(self, parent: AnyIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._hits)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        if role == _HIT:
            return self._hits[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            where, snippet = self.shown(index.row())
            return f"{where}: {snippet.text}"
        return None


class HitDelegate(QStyledItemDelegate):
    """Paints a hit: its place, and under it its words with what was found bold, underlined and tinted."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        model = index.model()
        if not isinstance(model, ResultsModel):
            return
        view = option.widget
        ground = QStyleOptionViewItem(option)
        view.style().drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, ground, painter, view)
        where, snippet = model.shown(index.row())
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        colours = theme.colours_of(option.palette)
        text = option.palette.color(QPalette.ColorRole.HighlightedText if chosen else QPalette.ColorRole.Text)
        gap = theme.scaled(view, 6)
        box = option.rect.adjusted(gap, gap, -gap, -gap)
        line = option.fontMetrics.lineSpacing()
        painter.save()
        painter.setFont(option.font)
        painter.setPen(text if chosen else QColor(colours.muted))
        top = QRect(box.left(), box.top(), box.width(), line)
        middle = Qt.TextElideMode.ElideMiddle
        painter.drawText(top, 0, option.fontMetrics.elidedText(where, middle, box.width()))
        painter.setPen(text)
        mark = QTextCharFormat()
        mark.setFontWeight(QFont.Weight.Bold)
        mark.setFontUnderline(True)
        if not chosen:
            mark.setBackground(QColor(colours.warning_ground))
        below = QRect(box.left(), box.top() + line, box.width(), line)
        draw_marked(painter, below, option.font, snippet, mark)
        if option.state & QStyle.StateFlag.State_HasFocus:
            focus = QStyleOptionViewItem(option)
            view.style().drawPrimitive(QStyle.PrimitiveElement.PE_FrameFocusRect, focus, painter, view)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        gap = theme.scaled(option.widget, 6)
        return QSize(0, 2 * option.fontMetrics.lineSpacing() + 2 * gap)


def draw_marked(painter: QPainter, box: QRect, font: QFont, snippet: Snippet, mark: QTextCharFormat) -> None:
    """Draw one line of words with some of them marked; the first of these is always in sight."""
    bold = QFont(font)
    bold.setBold(True)
    text, ranges = fitted(snippet, QFontMetrics(bold), box.width())
    layout = QTextLayout(text, font)
    formats = []
    for start, end in ranges:
        marked = QTextLayout.FormatRange()
        before = utf16_place(text, start)
        marked.start, marked.length, marked.format = before, utf16_place(text, end) - before, mark
        formats.append(marked)
    layout.setFormats(formats)
    layout.beginLayout()
    line = layout.createLine()
    line.setLineWidth(1_000_000)
    layout.endLayout()
    layout.draw(painter, QPointF(box.topLeft()), [], box)


def fitted(snippet: Snippet, metrics: QFontMetrics, width: int) -> tuple[str, list[Range]]:
    """As much of a snippet as fits a width, from so far on that the first thing found is in it."""
    text, ranges = snippet.text, snippet.ranges
    cut = 0
    if ranges:
        room = int(width * _FIRST_WITHIN)
        first, end = ranges[0]
        while cut < first and metrics.horizontalAdvance(text[cut:end]) > room:
            blank = text.find(" ", cut + 1, first)
            cut = blank + 1 if blank >= 0 else first
    if cut:
        text = "…" + text[cut:]
        ranges = [(start - cut + 1, end - cut + 1) for start, end in ranges]
    fitting = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
    length = len(fitting) if fitting == text else len(fitting) - 1
    return fitting, [(start, min(end, length)) for start, end in ranges if start < length]


class ResultsView(QListView):
    """The list. Enter and a click open a hit."""

    opened = Signal(QModelIndex)
    #: Up from the first hit: back to where words are typed.
    left_at_top = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Places found")
        self.setItemDelegate(HitDelegate(self))
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.clicked.connect(self.opened)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain:
            if self.currentIndex().isValid():
                self.opened.emit(self.currentIndex())
            return
        if event.key() == Qt.Key.Key_Up and plain and self.currentIndex().row() <= 0:
            self.left_at_top.emit()
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.scheduleDelayedItemsLayout()
