"""The pages small, in a column: where one is in the paper, and a way to another page."""

from __future__ import annotations

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtPdf import QPdfDocument
from PySide6.QtWidgets import QListView, QWidget

from cypp_desktop.ui import theme

_WIDTH = 120
#: How many pages are kept drawn: far more than are in view, and little memory.
_MOST_DRAWN = 80
_Index = QModelIndex | QPersistentModelIndex


class _Pages(QAbstractListModel):
    """One row for each page; a page is drawn when it is first looked at."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._document: QPdfDocument | None = None
        self._drawn: dict[int, QPixmap] = {}
        self._width, self._line, self._dots = _WIDTH, 0, 1.0

    def show_document(self, document: QPdfDocument | None, width: int, line: int, dots: float) -> None:
        """Show a document in pictures of a width over a line of a height, in pixels of so many dots."""
        self.beginResetModel()
        self._document, self._width, self._line, self._dots = document, width, line, dots
        self._drawn.clear()
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own default)
        return self._document.pageCount() if self._document is not None and not parent.isValid() else 0

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if self._document is None or not index.isValid():
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return str(index.row() + 1)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"Page {index.row() + 1}"
        if role == Qt.ItemDataRole.DecorationRole:
            return self._picture(index.row())
        if role == Qt.ItemDataRole.SizeHintRole:
            # Said, for the list would else draw every page to see how large it is.
            return self._size(index.row()) + QSize(8, self._line + 10)
        return None

    @property
    def drawn(self) -> int:
        """How many pages are drawn now."""
        return len(self._drawn)

    def _size(self, page: int) -> QSize:
        assert self._document is not None
        points = self._document.pagePointSize(page)
        return QSize(self._width, max(1, round(self._width * points.height() / max(1.0, points.width()))))

    def _picture(self, page: int) -> QPixmap:
        if page not in self._drawn:
            assert self._document is not None
            size = self._size(page) * self._dots
            picture = QPixmap(size)
            picture.fill(Qt.GlobalColor.white)
            with QPainter(picture) as painter:
                painter.drawImage(0, 0, self._document.render(page, size))
            picture.setDevicePixelRatio(self._dots)
            if len(self._drawn) >= _MOST_DRAWN:
                self._drawn.pop(next(iter(self._drawn)))
            self._drawn[page] = picture
        return self._drawn[page]


class Thumbnails(QListView):
    """The pages of a paper, small. The arrow keys go from page to page."""

    #: The person wants to see a page, counted from 1.
    page_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pages = _Pages(self)
        self._told = False
        self._document: QPdfDocument | None = None
        self.setModel(self._pages)
        self.setAccessibleName("Pages, small")
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setFlow(QListView.Flow.TopToBottom)
        self.setWrapping(False)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setSpacing(6)

    def show_document(self, document: QPdfDocument | None) -> None:
        """Show the pages of a document, which must live until another is shown."""
        at = self.currentIndex().row()
        self._document = document
        width = theme.scaled(self, _WIDTH)
        self.setIconSize(QSize(width, 2 * width))
        self.setFixedWidth(width + 2 * self.spacing() + self.verticalScrollBar().sizeHint().width() + 16)
        line = self.fontMetrics().height()
        self._pages.show_document(document, width, line, self.devicePixelRatioF())
        self.show_page(max(0, at) + 1)

    @property
    def drawn(self) -> int:
        """How many pages are drawn now: not many more than have been in view."""
        return self._pages.drawn

    def show_page(self, page: int) -> None:
        """Mark a page, counted from 1, as the one in view."""
        index = self._pages.index(page - 1, 0)
        if index.isValid() and index != self.currentIndex():
            self._told = True
            self.setCurrentIndex(index)
            self._told = False

    def currentChanged(self, current: _Index, previous: _Index) -> None:
        super().currentChanged(current, previous)
        if not self._told and current.isValid():
            self.page_wanted.emit(current.row() + 1)
