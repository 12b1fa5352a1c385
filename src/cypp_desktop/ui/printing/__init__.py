"""The page of the window about paper: the pages as they will be, saved as PDF or sent to a printer.

``page`` puts it all together: ``options`` (what to print, and how) with ``editors`` (layouts and packs of the
plan's own), ``preview`` with ``page_positions``, ``thumbnails`` and ``search_bar``, and ``output`` (files and
the ``printer``). Qt's PDF and printing modules are loaded when the page is first opened.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol, cast

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QStackedWidget, QWidget

if TYPE_CHECKING:
    from cypp_desktop.ui.document import PlanDocument
    from cypp_desktop.ui.printing.page import PrintPage

#: What the window calls this page.
KEY = "print"


class _Window(Protocol):
    document: PlanDocument | None
    stack: QStackedWidget

    def show_page(self, key: str) -> None: ...


def print_menu_actions(window: QWidget) -> Sequence[QAction]:
    """What the Print menu holds: the way to this page, and the plan's packs to print again."""
    shown = cast(_Window, window)

    def show(*_: object) -> None:
        shown.show_page(KEY)

    def print_pack(name: str, *_: object) -> None:
        shown.show_page(KEY)
        cast("PrintPage", shown.stack.currentWidget()).print_pack(name)

    def list_packs() -> None:
        packs.clear()
        for name, title in _packs(shown.document):
            packs.addAction(title.replace("&", "&&") + "…").triggered.connect(
                functools.partial(print_pack, name)
            )

    action = QAction("&Preview and print…", window)
    action.setShortcut(QKeySequence(QKeySequence.StandardKey.Print))
    action.triggered.connect(show)
    packs = QMenu("Print a pac&k", window)
    packs.aboutToShow.connect(list_packs)
    return [action, packs.menuAction()]


def _packs(document: PlanDocument | None) -> list[tuple[str, str]]:
    """Packs by name and title: the plan's own, then those that come with the program."""
    from cypp_desktop.errors import UsageError
    from cypp_desktop.report.packs import PACKS, read_pack, saved_packs

    found: list[tuple[str, str]] = []
    for name, definition in (saved_packs(document.editor.session) if document is not None else {}).items():
        try:
            found.append((name, read_pack(name, definition).title))
        except UsageError:
            continue
    own = {name for name, _ in found}
    return found + [(name, pack.title) for name, pack in PACKS.items() if name not in own]
