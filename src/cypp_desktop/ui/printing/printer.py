"""Draws the pages of a PDF on a printer, at the printer's own resolution: work for another thread."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QIODevice, QRect, QRectF, QSize
from PySide6.QtGui import QPageLayout, QPageRanges, QPageSize, QPainter
from PySide6.QtPdf import QPdfDocument, QPdfDocumentRenderOptions
from PySide6.QtPrintSupport import QPrinter

from cypp_desktop.errors import FileProblem
from cypp_desktop.operations.progress import Progress

#: The most pixels drawn at once: a page at 1,200 dots an inch takes half a gigabyte as a whole.
_BAND = 16_000_000
_POINTS = 72


def prepare(printer: QPrinter, data: bytes, title: str) -> None:
    """Set a printer's paper to that of the pages, from edge to edge: they have margins of their own."""
    with OpenedPdf(data) as pages:
        size = pages.document.pagePointSize(0)
    landscape = size.width() > size.height()
    paper = QPageSize(size.transposed() if landscape else size, QPageSize.Unit.Point)
    turned = QPageLayout.Orientation.Landscape if landscape else QPageLayout.Orientation.Portrait
    printer.setPageSize(paper)
    printer.setPageOrientation(turned)
    printer.setFullPage(True)
    printer.setDocName(title)


def print_pages(data: bytes, printer: QPrinter, progress: Progress) -> int:
    """Print those of the pages that the printer was asked for; gives the number printed, copies not counted.

    Raises FileProblem where the printer takes nothing, Cancelled when asked to stop.
    """
    with OpenedPdf(data) as pages:
        wanted = pages_wanted(printer, pages.document.pageCount())
        again = 1 if printer.supportsMultipleCopies() else printer.copyCount()
        painter = QPainter()
        if not painter.begin(printer):
            name = printer.printerName() or "The printer"
            raise FileProblem(
                f"{name} did not take the pages. Check that it is switched on and try again, "
                "or save the pages as a PDF."
            )
        try:
            for number, page in enumerate(wanted * again):
                progress.report(number, len(wanted) * again, f"page {number + 1} of {len(wanted) * again}")
                if number:
                    printer.newPage()
                _draw(painter, printer, pages.document, page)
        except BaseException:
            printer.abort()
            raise
        finally:
            painter.end()
    return len(wanted)


def pages_wanted(printer: QPrinter, count: int) -> list[int]:
    """The pages that were asked for in the print dialog, from 0, in the order to print them."""
    ranges = printer.pageRanges()
    if ranges.isEmpty() and printer.fromPage():
        ranges = QPageRanges()
        ranges.addRange(printer.fromPage(), max(printer.fromPage(), printer.toPage()))
    found = [page for page in range(count) if ranges.isEmpty() or ranges.contains(page + 1)]
    return found[::-1] if printer.pageOrder() == QPrinter.PageOrder.LastPageFirst else found


class OpenedPdf:
    """A PDF opened from its bytes, which are kept for as long as it is."""

    def __init__(self, data: bytes) -> None:
        self._buffer = QBuffer()
        self._buffer.setData(data)
        self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self.document = QPdfDocument()
        self.document.load(self._buffer)

    def __enter__(self) -> OpenedPdf:
        return self

    def __exit__(self, *_: object) -> None:
        self.document.close()
        self._buffer.close()


def _draw(painter: QPainter, printer: QPrinter, document: QPdfDocument, page: int) -> None:
    """A page in the middle of the paper, smaller only where the paper is."""
    points = document.pagePointSize(page)
    dots = printer.resolution() / _POINTS
    paper = printer.paperRect(QPrinter.Unit.DevicePixel)
    shrink = min(1.0, paper.width() / (points.width() * dots), paper.height() / (points.height() * dots))
    full = QSize(round(points.width() * dots * shrink), round(points.height() * dots * shrink))
    left, top = (paper.width() - full.width()) / 2, (paper.height() - full.height()) / 2
    lines = max(1, _BAND // full.width())
    for begin in range(0, full.height(), lines):
        band = QRect(0, begin, full.width(), min(lines, full.height() - begin))
        options = QPdfDocumentRenderOptions()
        options.setScaledSize(full)
        options.setScaledClipRect(band)
        image = document.render(page, band.size(), options)
        painter.drawImage(QRectF(left, top + begin, band.width(), band.height()), image)
