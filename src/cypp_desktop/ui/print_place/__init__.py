"""The Print place of the window: the pages as they will be, saved as PDF or sent to a printer.

``making`` and ``printing`` do the work off the main thread; ``preview`` shows pages, ``place`` puts it
all together. Qt's PDF and printing modules are loaded when the place is first opened.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, cast

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

#: What the window calls this place.
KEY = "print"


class _Window(Protocol):
    def show_place(self, key: str) -> None: ...


def print_actions(window: QWidget) -> Sequence[QAction]:
    """What the Print menu holds: the way to this place."""

    def show(*_: object) -> None:
        cast(_Window, window).show_place(KEY)

    action = QAction("&Preview and print…", window)
    action.setShortcut(QKeySequence(QKeySequence.StandardKey.Print))
    action.triggered.connect(show)
    return [action]
