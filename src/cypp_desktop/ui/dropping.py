"""Files dropped on the window: a plan or a return is opened, returns of the open plan are taken in."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject
from PySide6.QtGui import QDropEvent

from cypp_desktop.ui import opening

if TYPE_CHECKING:
    from cypp_desktop.ui.document import PlanDocument
    from cypp_desktop.ui.main_window import MainWindow

RETURN: Final = ".cypp-return"
_ENDINGS: Final = (".cypp", RETURN)


def plan_files(event: QDropEvent) -> list[Path]:
    """The plans and returns among what is dragged."""
    urls = event.mimeData().urls() if event.mimeData().hasUrls() else []
    paths = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
    return [path for path in paths if path.suffix.lower() in _ENDINGS]


class FileDrops(QObject):
    """Takes what is dropped on a window and on no part of it that takes files itself."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        window.setAcceptDrops(True)

    def take(self, event: QDropEvent) -> None:
        """Open or take in what is let go over the window."""
        paths = plan_files(event)
        if not paths:
            return
        event.acceptProposedAction()
        document = self._window.document
        if document is not None and document.asked is None and _are_returns_of(document, paths):
            self._window.receive(paths)
        else:
            self._window.open_plan(paths[0])


def _are_returns_of(document: PlanDocument, paths: Sequence[Path]) -> bool:
    """Whether these are returns that the open plan has sent out."""
    from cypp_desktop.ui.returns.asked import asked_of

    for path in paths:
        asked = None
        if path.suffix.lower() == RETURN:
            with contextlib.suppress(sqlite3.Error), contextlib.closing(opening.just_to_look(path)) as db:
                asked = asked_of(db)
        if asked is None or asked.plan_id != document.plan.plan_id:
            return False
    return True
