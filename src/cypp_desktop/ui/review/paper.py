"""The report of a merge as a PDF for the minutes: its title, and its text as it stands."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF
from PySide6.QtGui import (
    QFont,
    QPageLayout,
    QPageSize,
    QPdfWriter,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)

_MARGIN = 20.0  # mm
_SIZE, _TITLE_SIZE = 9.5, 14.0  # points


def text_as_pdf(title: str, text: str) -> bytes:
    """A4 pages with a title over a text whose lines and indents stay. May be asked on any thread."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(title)
    writer.setCreator("CYPP Desktop")
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    margins = QMarginsF(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
    writer.setPageMargins(margins, QPageLayout.Unit.Millimeter)
    document = QTextDocument()
    font = QFont()
    font.setPointSizeF(_SIZE)
    document.setDefaultFont(font)
    cursor = QTextCursor(document)
    heading = QTextCharFormat()
    heading.setFontPointSize(_TITLE_SIZE)
    heading.setFontWeight(QFont.Weight.Bold)
    cursor.insertText(title, heading)
    for line in text.splitlines():
        words = line.lstrip(" ")
        shape = cursor.blockFormat()
        shape.setLeftMargin(4.0 * (len(line) - len(words)))
        cursor.insertBlock(shape, QTextCharFormat())
        cursor.insertText(words)
    document.print_(writer)
    del writer  # the end of the file is written when it goes
    return bytes(data.data())
