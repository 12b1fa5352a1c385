"""Icons: the status shapes, drawn here, and the signs of one open set (Lucide), read as SVG.

Both take their colours from the application's palette at the time of asking, so a caller asks
again when painting and never keeps an icon across a change of theme.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QIcon,
    QImage,
    QImageReader,
    QPainter,
    QPen,
    QPixmap,
    QPolygonF,
)

from cypp_desktop import paths
from cypp_desktop.ui import theme

#: Each status with the words that say it aloud; every one has a shape of its own.
STATUS_WORDS: Final = {
    "green": "green",
    "amber": "amber",
    "red": "red",
    "placeholder": "placeholder",
    "none": "no data",
}
_SIZES: Final = (16, 20, 24, 32, 48, 64)


def status(name: str) -> QIcon:
    """The shape of a status: "green" ▲, "amber" ●, "red" ■, "placeholder" ◌, "none" ○.

    Raises KeyError for a name that is not in `STATUS_WORDS`.
    """
    STATUS_WORDS[name]
    return _status(name, theme.is_dark(QGuiApplication.palette()))


def icon(name: str) -> QIcon:
    """A sign of the icon set by its file name without ".svg", in the colour of text."""
    return _sign(name, theme.is_dark(QGuiApplication.palette()))


def application_icon() -> QIcon:
    """The application's own mark, for windows and the task bar: three statuses, each with its line."""
    mark = QIcon()
    for size in (16, 32, 64, 128):
        image = _blank(size)
        with QPainter(image) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            unit = size / 16
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.LIGHT.accent))
            painter.drawRoundedRect(QRectF(0, 0, size, size), 3 * unit, 3 * unit)
            white = QColor("#ffffff")
            for row, name in ((4.0, "green"), (8.0, "amber"), (12.0, "red")):
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(white)
                _draw_shape(painter, name, QRectF(2.6 * unit, (row - 1.4) * unit, 2.8 * unit, 2.8 * unit))
                painter.setPen(QPen(white, 1.2 * unit))
                painter.drawLine(QPointF(7.4 * unit, row * unit), QPointF(13.2 * unit, row * unit))
        mark.addPixmap(QPixmap.fromImage(image))
    return mark


def forget_all() -> None:
    """Let go of every kept picture; called when the application ends, before Qt does."""
    _status.cache_clear()
    _sign.cache_clear()


def _blank(size: int) -> QImage:
    image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    return image


@lru_cache(maxsize=32)
def _status(name: str, dark: bool) -> QIcon:
    colours = theme.DARK if dark else theme.LIGHT
    colour = {"green": colours.green, "amber": colours.amber, "red": colours.red}.get(name, colours.muted)
    result = QIcon()
    for size in _SIZES:
        result.addPixmap(_shape(name, size, colour))
        # On the accent of a selected row the shape alone speaks: no status colour stands out there.
        result.addPixmap(_shape(name, size, colours.on_accent), QIcon.Mode.Selected)
    return result


def _shape(name: str, size: int, colour: str) -> QPixmap:
    image = _blank(size)
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = max(1.5, size / 10)
        if name in ("placeholder", "none"):
            pen = QPen(QColor(colour), line)
            if name == "placeholder":
                pen.setCapStyle(Qt.PenCapStyle.FlatCap)
                pen.setDashPattern([1.3, 1.3])
            painter.setPen(pen)
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colour))
        room = size * 0.14
        _draw_shape(painter, name, QRectF(room, room, size - 2 * room, size - 2 * room))
    return QPixmap.fromImage(image)


def _draw_shape(painter: QPainter, name: str, box: QRectF) -> None:
    if name == "green":
        painter.drawPolygon(
            QPolygonF([QPointF(box.center().x(), box.top()), box.bottomRight(), box.bottomLeft()])
        )
    elif name == "red":
        painter.drawRect(box)
    else:
        painter.drawEllipse(box)


@lru_cache(maxsize=256)
def _sign(name: str, dark: bool) -> QIcon:
    colours = theme.DARK if dark else theme.LIGHT
    drawing = (paths.resource("icons") / f"{name}.svg").read_text(encoding="utf-8")
    result = QIcon()
    for colour, mode in ((colours.text, QIcon.Mode.Normal), (colours.muted, QIcon.Mode.Disabled)):
        coloured = QByteArray(drawing.replace("currentColor", colour).encode())
        for size in (16, 24, 32, 48):
            result.addPixmap(_rendered(coloured, size), mode)
    return result


def _rendered(svg: QByteArray, size: int) -> QPixmap:
    """The drawing at one size; through the image plug-in, which spares the start a Qt module."""
    source = QBuffer()
    source.setData(svg)
    reader = QImageReader(source, b"svg")
    reader.setScaledSize(QSize(size, size))
    return QPixmap.fromImage(reader.read())
