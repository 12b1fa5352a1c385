"""What the window does about returns: the Returns menu, what suits a partner's window, and files dropped.

Knows the window and the place for returns through its description only; what is done there is the matter of
:mod:`cypp_desktop.ui.returns`, which is not loaded before it is needed.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import QObject
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cypp_desktop.ui import opening
from cypp_desktop.ui.menus import Menus
from cypp_desktop.ui.parts import ReturnBarPart, ReturnsPart

if TYPE_CHECKING:
    from cypp_desktop.ui.main_window import MainWindow

PLACE: Final = "returns"
_MENU: Final = "Re&turns"
_COMMANDS: Final = (
    ("send returns", "&Send returns out…", "show_desk"),
    ("board", "&Board of returns", "show_board"),
)
#: What makes no sense while a return is open.
_NOT_IN_RETURN: Final = ("new", "import", "history", _MENU)
_RETURN: Final = ".cypp-return"
_ENDINGS: Final = (".cypp", _RETURN)


class ReturnCommands(QObject):
    """One of these serves a window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        #: What stands over a return, once one was open.
        self.bar: QWidget | None = None
        window.setAcceptDrops(True)

    def add_to(self, menus: Menus) -> None:
        """Put the commands into a menu of their own, where the window has the place for them."""
        if self._has_place():
            for name, words, what in _COMMANDS:
                menus.add(_MENU, name, words, functools.partial(self._do, what))

    def refresh(self, menus: Menus) -> None:
        """Grey the commands while no plan is open."""
        menus.enable({name: self._window.document is not None for name, _, _ in _COMMANDS})

    def _do(self, what: str) -> None:
        getattr(self._place(), what)()

    def _has_place(self) -> bool:
        return any(place.key == PLACE for place in self._window.parts.places)

    def _place(self) -> ReturnsPart:
        self._window.show_place(PLACE)
        return cast(ReturnsPart, self._window.stack.currentWidget())

    # ------------------------------------------------------------------ a return is open

    def offer_what_suits(self, column: QVBoxLayout, finish: Callable[[], None]) -> list[str]:
        """Offer the commands and places of a plan, or of a return, under its bar; the keys of the places."""
        window = self._window
        is_return = window.document is not None and window.document.asked is not None
        places = [place.key for place in window.parts.places if place.in_return or not is_return]
        window.menus.offer({f"place:{place.key}": place.key in places for place in window.parts.places})
        window.menus.offer(dict.fromkeys(_NOT_IN_RETURN, not is_return))
        window.menus.offer({"finish": is_return})
        if is_return and self.bar is None and window.parts.return_bar is not None:
            self.bar = window.parts.return_bar(window.services)
            cast(ReturnBarPart, self.bar).finish_wanted.connect(finish)
            column.insertWidget(column.indexOf(window.banners) + 1, self.bar)
            cast(ReturnBarPart, self.bar).set_document(window.document)
        return places

    # ------------------------------------------------------------------ files dropped on the window

    def would_take(self, event: QDropEvent) -> None:
        """Say that plans and returns can be let go here."""
        if plan_files(event):
            event.acceptProposedAction()

    def take(self, event: QDropEvent) -> None:
        """Open what is let go over the window; returns and copies of the open plan are taken in instead."""
        paths = plan_files(event)
        if not paths:
            return
        event.acceptProposedAction()
        document = self._window.document
        if document is None or document.asked is not None or not self._has_place():
            self._window.open_plan(paths[0])
            return
        look = functools.partial(opening.plan_ids_of, paths)
        self._window.tasks.start("Looking at files", look, self._looked, quiet=True, may_hang=True)

    def _looked(self, plan_ids: dict[Path, str | None]) -> None:
        """Returns that the open plan has sent out, and other copies of it, are taken in."""
        document, paths = self._window.document, list(plan_ids)
        if document is not None and all(
            path != document.path and plan_id == document.plan.plan_id for path, plan_id in plan_ids.items()
        ):
            self._place().take_in(paths)
        else:
            self._window.open_plan(paths[0])


def plan_files(event: QDropEvent) -> list[Path]:
    """The plans and returns among what is dragged."""
    urls = event.mimeData().urls() if event.mimeData().hasUrls() else []
    paths = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
    return [path for path in paths if path.suffix.lower() in _ENDINGS]
