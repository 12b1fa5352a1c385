"""The pages on the screen: Qt's own view of a PDF, with keys, and staying where it was when drawn anew."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QEvent, QIODevice, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPalette, QResizeEvent, QWheelEvent
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPdfWidgets import QPdfView
from PySide6.QtWidgets import QWidget

from cypp_desktop.ui import theme

#: Zoom steps in percent of the paper's size.
STEPS = (25, 50, 75, 100, 125, 150, 200, 300, 400)


class PagePreview(QPdfView):
    """Shows a PDF's pages one below another.

    Page Up, Page Down and the arrows scroll; Home and End go to the first and last page; + and − zoom,
    0 fits the width.
    """

    #: Another page is in view, or there are other pages: (page from 1, how many there are).
    page_changed = Signal(int, int)
    #: The zoom has changed: what `zoom_key` says.
    zoom_changed = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._buffer: QBuffer | None = None
        self._empty = QPdfDocument(self)
        self._pages = self._empty
        self.setDocument(self._empty)
        self.setAccessibleName("Preview of the pages")
        self.setPageMode(QPdfView.PageMode.MultiPage)
        self.setZoomMode(QPdfView.ZoomMode.FitToWidth)
        self.pageNavigator().currentPageChanged.connect(self._page_turned)
        self._colour()

    # ------------------------------------------------------------------ the pages

    def show_pages(self, data: bytes | None) -> None:
        """Show the pages of a PDF in place of those before, at the same spot; None shows nothing."""
        across, down = self.horizontalScrollBar().value(), self.verticalScrollBar().value()
        before, buffer_before = self._pages, self._buffer
        if data is None:
            self._pages, self._buffer = self._empty, None
        else:
            self._buffer = QBuffer(self)
            self._buffer.setData(data)
            self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
            self._pages = QPdfDocument(self)
            self._pages.load(self._buffer)
        self.setDocument(self._pages)
        # The view has let go of the old pages only now.
        if before is not self._empty:
            before.close()
            before.deleteLater()
        if buffer_before is not None:
            buffer_before.deleteLater()
        self.horizontalScrollBar().setValue(across)
        self.verticalScrollBar().setValue(down)
        self._tell_page()

    @property
    def count(self) -> int:
        """How many pages are shown."""
        return self._pages.pageCount() if self._pages is not self._empty else 0

    @property
    def page(self) -> int:
        """The page in view, from 1."""
        return self.pageNavigator().currentPage() + 1

    def go_to_page(self, page: int) -> None:
        """Bring a page, counted from 1, to the top."""
        if 0 < page <= self.count and page != self.page:
            self.pageNavigator().jump(page - 1, QPointF(), self.pageNavigator().currentZoom())

    # ------------------------------------------------------------------ zoom

    @property
    def zoom_key(self) -> str:
        """The zoom: "width", "page", or a whole number of percent."""
        mode = self.zoomMode()
        if mode == QPdfView.ZoomMode.Custom:
            return str(round(self.zoomFactor() * 100))
        return "width" if mode == QPdfView.ZoomMode.FitToWidth else "page"

    def zoom_to(self, key: str) -> None:
        """Show the pages at a zoom as `zoom_key` names it."""
        if key == "width":
            self.setZoomMode(QPdfView.ZoomMode.FitToWidth)
        elif key == "page":
            self.setZoomMode(QPdfView.ZoomMode.FitInView)
        else:
            self.setZoomMode(QPdfView.ZoomMode.Custom)
            self.setZoomFactor(int(key) / 100)
        self.zoom_changed.emit(self.zoom_key)

    def zoom_step(self, direction: int) -> None:
        """Show the pages one step larger (1) or smaller (-1)."""
        now = self._percent()
        further = [step for step in STEPS if (step - now) * direction > 0.5]
        if further:
            self.zoom_to(str(further[0] if direction > 0 else further[-1]))

    def _percent(self) -> float:
        """How large the pages are shown now, whatever the mode."""
        size = self._pages.pagePointSize(0)
        if self.zoomMode() == QPdfView.ZoomMode.Custom or size.isEmpty():
            return self.zoomFactor() * 100
        margins = self.documentMargins()
        dots = self.logicalDpiX() / 72
        wide = (self.viewport().width() - margins.left() - margins.right()) / (size.width() * dots)
        if self.zoomMode() == QPdfView.ZoomMode.FitToWidth:
            return wide * 100
        high = (self.viewport().height() - self.pageSpacing()) / (size.height() * dots)
        return min(wide, high) * 100

    # ------------------------------------------------------------------ keys and looks

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key == Qt.Key.Key_Home:
            self.go_to_page(1)
        elif key == Qt.Key.Key_End:
            self.go_to_page(self.count)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_step(1)
        elif key == Qt.Key.Key_Minus:
            self.zoom_step(-1)
        elif key == Qt.Key.Key_0:
            self.zoom_to("width")
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_step(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell_page()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_pages"):
            self._colour()
        super().changeEvent(event)

    def _colour(self) -> None:
        """Quiet round the paper, which is white on the screen as it is on the table."""
        wanted = QColor(theme.colours_of(self.palette()).raised)
        if self.palette().color(QPalette.ColorRole.Dark) != wanted:
            palette = QPalette()
            palette.setColor(QPalette.ColorRole.Dark, wanted)
            self.setPalette(palette)

    def _page_turned(self, page: int) -> None:
        self._tell_page()

    def _tell_page(self) -> None:
        if hasattr(self, "_pages"):
            self.page_changed.emit(self.page, self.count)
