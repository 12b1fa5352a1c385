"""Draw the application's icon in the formats that systems want, from the one drawing that is the source.

Run it after a change of resources/icons/application.svg; its results are kept with the source, so
that building and installing need no drawing:

    .venv/bin/python packaging/build_icons.py
"""

from __future__ import annotations

import os
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PIL import Image
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

ICONS = Path(__file__).resolve().parent.parent / "resources" / "icons"
WINDOWS_SIZES = (16, 20, 24, 32, 40, 48, 64, 128, 256)
MACOS_SIZES = (16, 32, 64, 128, 256, 512)


def drawn(renderer: QSvgRenderer, size: int) -> Image.Image:
    """The drawing as a picture of that many pixels each way, each size drawn anew and not scaled."""
    image = QImage(size, size, QImage.Format.Format_RGBA8888)
    image.fill(0)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    return Image.frombytes("RGBA", (size, size), bytes(image.constBits()))


def main() -> None:
    """Write application.png (256 pixels), application.ico (Windows) and application.icns (macOS)."""
    application = QGuiApplication([])
    renderer = QSvgRenderer(str(ICONS / "application.svg"))
    pictures = {size: drawn(renderer, size) for size in {*WINDOWS_SIZES, *MACOS_SIZES}}
    pictures[256].save(ICONS / "application.png", optimize=True)
    ico = [pictures[size] for size in WINDOWS_SIZES]
    sizes = [picture.size for picture in ico]
    ico[-1].save(ICONS / "application.ico", sizes=sizes, append_images=ico[:-1])
    icns = [pictures[size] for size in MACOS_SIZES]
    icns[-1].save(ICONS / "application.icns", append_images=icns[:-1])
    application.quit()


if __name__ == "__main__":
    main()
