"""The pages on the screen, one below another or in pairs: with zoom, keys, links and marked words.

Qt's own view of a PDF cannot show two pages side by side, and goes white whenever the pages are made anew;
here a page stays in view until the one that comes in its place is drawn. Pages are drawn beside the window,
those in view first and one at a time, so that what is scrolled past is never drawn.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QBuffer, QIODevice, QPoint, QPointF, QRect, QRectF, QSize, Qt, QUrl, Signal
from PySide6.QtGui import (
    QColor,
    QDesktopServices,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtPdf import QPdfDocument, QPdfLink, QPdfLinkModel, QPdfPageRenderer, QPdfSearchModel
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget

from cypp_desktop.ui import theme
from cypp_desktop.ui.printing.page_positions import PagePositions, Zoom

#: The most that one page is drawn with, in pixels; a larger one is stretched. And the most with which it is
#: drawn before it comes into view.
_MOST_PIXELS, _MOST_AHEAD = 16_000_000, 4_000_000
_GAP = 8
#: Words that were found, and those that one has gone to: mixed with the white paper, in the dark as well.
_FOUND, _HERE = QColor("#ffe07a"), QColor("#ffb84d")


class PagePreview(QAbstractScrollArea):
    """Shows a PDF's pages, one below another or two side by side.

    Page Up, Page Down and the arrows scroll; Home and End go to the first and last page; + and − zoom,
    0 fits the width.
    """

    #: Another page is in view, or there are other pages: (page from 1, how many there are).
    page_changed = Signal(int, int)
    #: The zoom has changed: the Zoom.
    zoom_changed = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._empty = QPdfDocument(self)
        self._pages = self._empty
        self._buffer: QBuffer | None = None
        self._renderer: QPdfPageRenderer | None = None
        self._links = QPdfLinkModel(self)
        self._found: QPdfSearchModel | None = None
        self._here = -1
        self._sizes: list[tuple[float, float]] = []
        self._images: dict[int, QImage] = {}
        self._old: set[int] = set()  # images of the pages before, shown until there are others
        self._asked: tuple[int, int] | None = None  # the request under way, and its page
        self._page = 0
        self._columns, self._zoom = 1, Zoom.WIDTH
        self._positions = PagePositions((), 1, Zoom.WIDTH, (1, 1), 1.0, _GAP)
        self._pressed: QPoint | None = None
        self.setAccessibleName("Preview of the pages")
        # Always there, or pages as wide as the room would make it come and go.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.viewport().setMouseTracking(True)

    # ------------------------------------------------------------------ the pages

    def show_pages(self, data: bytes | None) -> None:
        """Show the pages of a PDF in place of those before, at the same spot; None shows nothing."""
        outdated = (self._renderer, self._pages if self._pages is not self._empty else None, self._buffer)
        sizes = self._sizes
        self._pages, self._buffer, self._renderer, self._asked = self._empty, None, None, None
        if data is not None:
            self._buffer = QBuffer(self)
            self._buffer.setData(data)
            self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
            self._pages = QPdfDocument(self)
            self._pages.load(self._buffer)
            # One of its own, for it may still be drawing a page of the document before.
            self._renderer = QPdfPageRenderer(self)
            self._renderer.setRenderMode(QPdfPageRenderer.RenderMode.MultiThreaded)
            self._renderer.setDocument(self._pages)
            self._renderer.pageRendered.connect(self._drawn)
        self._links.setDocument(self._pages)
        for each in outdated:
            if each is not None:
                each.deleteLater()
        points = map(self._pages.pagePointSize, range(self._pages.pageCount()))
        self._sizes = [(size.width(), size.height()) for size in points]
        for page in list(self._images):
            if page >= len(self._sizes) or sizes[page] != self._sizes[page]:
                del self._images[page]
        self._old = set(self._images)
        self._page = max(0, min(self._page, len(self._sizes) - 1))
        self._lay_out()
        self._tell_page()

    def document(self) -> QPdfDocument:
        """The PDF that is shown; one without pages where there is none."""
        return self._pages

    @property
    def count(self) -> int:
        """How many pages are shown."""
        return len(self._sizes)

    @property
    def page(self) -> int:
        """The page in view, from 1."""
        return self._page + 1

    @property
    def columns(self) -> int:
        """How many pages stand side by side."""
        return self._columns

    def show_columns(self, columns: int) -> None:
        """Show one page below another, or two side by side."""
        if columns != self._columns:
            self._columns = columns
            self._lay_out(self._spot())

    def go_to_page(self, page: int) -> None:
        """Bring a page, counted from 1, to the top."""
        if 0 < page <= self.count and page != self.page:
            self._go_to(page - 1, 0.0)

    def show_spot(self, page: int, spot: QPointF) -> None:
        """Bring a place of a page into view: the page counted from 0, the place in points from its corner."""
        if 0 <= page < self.count:
            place, across = self._positions.places[page], self.horizontalScrollBar()
            x, wide = place.x + spot.x() * place.scale, self.viewport().width()
            if not across.value() <= x <= across.value() + 0.8 * wide:
                across.setValue(round(x - 0.3 * wide))
            self._go_to(page, spot.y() * place.scale)

    def _go_to(self, page: int, down: float) -> None:
        place = self._positions.places[page]
        self.verticalScrollBar().setValue(round(place.y - _GAP + down))
        if page != self._page:
            self._page = page
            self._tell_page()

    def _scrolled(self, value: int) -> None:
        """The page in view is that of the row in the upper part of the room, or the last at the very end."""
        bar = self.verticalScrollBar()
        at_end = value == bar.maximum() > 0
        row = self._positions.row_at(
            self._positions.height if at_end else value + 0.3 * self.viewport().height()
        )
        if value == 0:
            row = 0
        if self.count and row != self._positions.row_of(self._page):
            self._page = self._positions.first_of(row)
            self._tell_page()
        self._draw_next()

    def _tell_page(self) -> None:
        self.page_changed.emit(self.page, self.count)

    # ------------------------------------------------------------------ zoom and places

    @property
    def zoom(self) -> Zoom:
        """How large the pages are shown."""
        return self._zoom

    def zoom_to(self, zoom: Zoom) -> None:
        """Show the pages at a zoom."""
        if zoom is not self._zoom:
            spot, self._zoom = self._spot(), zoom
            self._lay_out(spot)
        self.zoom_changed.emit(zoom)

    def zoom_step(self, direction: int) -> None:
        """Show the pages one step larger (1) or smaller (-1)."""
        now = 100.0
        if self.count:
            now = 100 * self._positions.places[self._page].scale / self._dots()
        further = [zoom for zoom in Zoom if zoom.percent and (zoom.percent - now) * direction > 0.5]
        if further:
            self.zoom_to(further[0] if direction > 0 else further[-1])

    def _dots(self) -> float:
        """Pixels to the point at 100 %."""
        return self.logicalDpiX() / 72

    def _spot(self) -> tuple[int, float]:
        """The page at the top, and how far down it the top is, as a part of its height."""
        if not self.count:
            return 0, 0.0
        row = self._positions.row_at(self.verticalScrollBar().value() + _GAP)
        page = self._page if self._positions.row_of(self._page) == row else self._positions.first_of(row)
        place = self._positions.places[page]
        return page, (self.verticalScrollBar().value() + _GAP - place.y) / place.height

    def _lay_out(self, spot: tuple[int, float] | None = None) -> None:
        """Put the pages where they stand now, with a spot of one at the top, or at the same height."""
        room, dots = self.viewport().size(), self._dots()
        middle = self.horizontalScrollBar().value() + room.width() / 2
        middle /= max(self._positions.width, room.width())
        self._positions = PagePositions(
            self._sizes, self._columns, self._zoom, (room.width(), room.height()), dots, _GAP
        )
        down, across = self.verticalScrollBar(), self.horizontalScrollBar()
        told = down.blockSignals(True)
        down.setRange(0, max(0, round(self._positions.height) - room.height()))
        down.setPageStep(room.height() - 2 * _GAP)
        down.setSingleStep(3 * self.fontMetrics().height())
        if spot is not None and spot[0] < self.count:
            place = self._positions.places[spot[0]]
            down.setValue(round(place.y - _GAP + spot[1] * place.height))
        down.blockSignals(told)
        across.setRange(0, max(0, round(self._positions.width) - room.width()))
        across.setPageStep(room.width())
        across.setSingleStep(3 * self.fontMetrics().height())
        across.setValue(round(middle * max(self._positions.width, room.width()) - room.width() / 2))
        self.viewport().update()
        self._draw_next()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out(self._spot())

    def scrollContentsBy(self, across: int, down: int) -> None:
        self.viewport().update()

    # ------------------------------------------------------------------ drawing

    def _in_view(self) -> range:
        top = self.verticalScrollBar().value()
        return self._positions.between(top, top + self.viewport().height())

    def _size(self, page: int) -> QSize:
        """How large a page's picture is to be, in dots of the screen."""
        place, ratio = self._positions.places[page], self.devicePixelRatioF()
        size = QSize(max(1, round(place.width * ratio)), max(1, round(place.height * ratio)))
        over = size.width() * size.height() / _MOST_PIXELS
        return size / over**0.5 if over > 1 else size

    def _draw_next(self) -> None:
        """Have the next page drawn that is in view, or else beside that; forget those far away."""
        if self._renderer is None or self._asked is not None or not self.isVisible():
            return
        shown = self._in_view()
        near = range(max(0, shown.start - self._columns), min(self.count, shown.stop + self._columns))
        self._images = {page: image for page, image in self._images.items() if page in near}
        for page in (*shown, *near):
            if self._is_to_be_drawn(page, page in shown):
                request = self._renderer.requestPage(page, self._size(page))
                if request:
                    self._asked = (request, page)
                return

    def _is_to_be_drawn(self, page: int, is_in_view: bool) -> bool:
        """Whether a page has no picture of its size yet; a large one is drawn only when it is in view."""
        size = self._size(page)
        if not is_in_view and size.width() * size.height() > _MOST_AHEAD:
            return False
        image = self._images.get(page)
        return image is None or image.size() != size or page in self._old

    def _drawn(self, page: int, size: QSize, image: QImage, options: object, request: int) -> None:
        if self._asked != (request, page):
            return  # of a document that is no longer shown
        self._asked = None
        if image.isNull():  # it cannot be drawn: not to be asked for again and again
            image = QImage(size, QImage.Format.Format_RGB32)
            image.fill(Qt.GlobalColor.white)
        self._images[page] = image
        self._old.discard(page)
        self.viewport().update()
        self._draw_next()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.colours_of(self.palette())
        with QPainter(self.viewport()) as painter:
            # Quiet round the paper, which is white on the screen as it is on the table.
            painter.fillRect(event.rect(), QColor(colours.raised))
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.translate(-self.horizontalScrollBar().value(), -self.verticalScrollBar().value())
            for page in self._in_view():
                sheet = self._sheet(page)
                painter.fillRect(sheet, Qt.GlobalColor.white)
                if (image := self._images.get(page)) is not None:
                    painter.drawImage(sheet, image)
                self._mark(painter, page)
                painter.setPen(QColor(colours.border))
                painter.drawRect(sheet.adjusted(-1, -1, 0, 0))
        self._draw_next()

    def _sheet(self, page: int) -> QRect:
        place = self._positions.places[page]
        return QRect(round(place.x), round(place.y), round(place.width), round(place.height))

    # ------------------------------------------------------------------ words that were found

    def set_found(self, found: QPdfSearchModel) -> None:
        """Mark the words that a model finds."""
        self._found = found
        found.countChanged.connect(self.viewport().update)

    def show_found(self, at: int) -> None:
        """Mark one of the words found as the one gone to, and bring it into view; -1 is none."""
        self._here = at
        if self._found is not None and at >= 0:
            link = self._found.resultAtIndex(at)
            self.show_spot(link.page(), QPointF(link.location().x(), max(0.0, link.location().y() - 40)))
        self.viewport().update()

    @property
    def found_shown(self) -> int:
        """Which of the words found is the one gone to; -1 is none."""
        return self._here

    def _mark(self, painter: QPainter, page: int) -> None:
        if self._found is None:
            return
        here = self._found.resultAtIndex(self._here) if self._here >= 0 else None
        painter.save()
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
        for link in self._found.resultsOnPage(page):
            for rectangle in link.rectangles():
                painter.fillRect(self._on_screen(page, rectangle), _FOUND)
        if here is not None and here.page() == page:
            painter.setPen(QPen(Qt.GlobalColor.black, 1.5))
            painter.setBrush(_HERE)
            for rectangle in here.rectangles():
                painter.drawRect(self._on_screen(page, rectangle).adjusted(-1, -1, 1, 1))
        painter.restore()

    def _on_screen(self, page: int, points: QRectF) -> QRectF:
        place = self._positions.places[page]
        x, y = place.x + points.x() * place.scale, place.y + points.y() * place.scale
        return QRectF(x, y, points.width() * place.scale, points.height() * place.scale)

    # ------------------------------------------------------------------ keys, wheel and links

    def keyPressEvent(self, event: QKeyEvent) -> None:
        actions: dict[int, Callable[[], None]] = {
            Qt.Key.Key_Home: partial(self.go_to_page, 1),
            Qt.Key.Key_End: partial(self.go_to_page, self.count),
            Qt.Key.Key_Plus: partial(self.zoom_step, 1),
            Qt.Key.Key_Equal: partial(self.zoom_step, 1),
            Qt.Key.Key_Minus: partial(self.zoom_step, -1),
            Qt.Key.Key_0: partial(self.zoom_to, Zoom.WIDTH),
        }
        if self._zoom is Zoom.PAGE:
            actions[Qt.Key.Key_PageDown] = partial(self._turn, 1)
            actions[Qt.Key.Key_PageUp] = partial(self._turn, -1)
        action = actions.get(event.key())
        if action is None:
            super().keyPressEvent(event)
        else:
            action()

    def _turn(self, by: int) -> None:
        """Go to the pages after or before those in view, which are shown whole."""
        row = self._positions.row_of(self._page) + by
        if row >= 0:
            self.go_to_page(self._positions.first_of(row) + 1)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_step(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        leads = self._link_at(event.position()).isValid()
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if leads else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        here = event.position().toPoint()
        if pressed is None or (here - pressed).manhattanLength() > QApplication.startDragDistance():
            return
        link = self._link_at(event.position())
        if link.isValid() and link.page() >= 0:
            self.show_spot(link.page(), link.location())
        elif link.isValid() and link.url().scheme() in ("http", "https", "mailto"):
            QDesktopServices.openUrl(QUrl(link.url()))

    def _link_at(self, seen: QPointF) -> QPdfLink:
        """The link under a point of the view; an invalid one where there is none."""
        across, down = self.horizontalScrollBar().value(), self.verticalScrollBar().value()
        point = seen + QPointF(across, down)
        for page in self._in_view():
            if self._sheet(page).contains(point.toPoint()):
                place = self._positions.places[page]
                self._links.setPage(page)
                return self._links.linkAt((point - QPointF(place.x, place.y)) / place.scale)
        return QPdfLink()
