"""What the window does about returns: the Returns menu, what suits a partner's window, and files dropped.

Knows the page for returns through its description only; what is done there is the matter of
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

from cypp_desktop.ui import plan_file_tasks
from cypp_desktop.ui.menus import Menus
from cypp_desktop.ui.window_parts import ReturnBarPart, ReturnsPart, WindowParts, WindowServices

if TYPE_CHECKING:
    from cypp_desktop.ui.document import PlanDocument

PAGE: Final = "returns"
_MENU: Final = "Re&turns"
#: What the window calls the commands.
_SEND: Final = "send returns"
_BOARD: Final = "board"
#: What makes no sense while a return is open.
_NOT_IN_RETURN: Final = ("new", "import", "export", "history", _MENU)
_RETURN: Final = ".cypp-return"
_ENDINGS: Final = (".cypp", _RETURN)


class ReturnCommands(QObject):
    """One of these serves a window."""

    def __init__(
        self,
        window: QWidget,
        services: WindowServices,
        parts: WindowParts,
        *,
        open_plan: Callable[[Path], None],
        ask_for_name: Callable[[], None],
    ) -> None:
        super().__init__(window)
        self._services, self._parts = services, parts
        self._open_plan, self._ask_for_name = open_plan, ask_for_name
        self._document: PlanDocument | None = None
        #: What stands over a return, once one was open.
        self.bar: QWidget | None = None
        window.setAcceptDrops(True)

    def set_document(self, document: PlanDocument | None) -> None:
        """Send returns from an open plan, or answer one, from now on."""
        self._document = document
        if self.bar is not None:
            cast(ReturnBarPart, self.bar).set_document(document)

    def add_to(self, menus: Menus) -> None:
        """Put the commands into a menu of their own, where the window has the page for them."""
        if self._has_page():
            menus.add(_MENU, _SEND, "&Send returns out…", self._show_desk)
            menus.add(_MENU, _BOARD, "&Board of returns", self._show_board)

    def refresh(self, menus: Menus) -> None:
        """Grey the commands while no plan is open."""
        menus.enable(dict.fromkeys((_SEND, _BOARD), self._document is not None))

    def _show_desk(self) -> None:
        self._page().show_desk()
        self._ask_for_name()

    def _show_board(self) -> None:
        self._page().show_board()

    def _has_page(self) -> bool:
        return any(page.key == PAGE for page in self._parts.pages)

    def _page(self) -> ReturnsPart:
        return cast(ReturnsPart, self._services.show_page(PAGE))

    # ------------------------------------------------------------------ a return is open

    def offer_what_suits(self, menus: Menus, column: QVBoxLayout, finish: Callable[[], None]) -> list[str]:
        """Offer the commands and pages of a plan, or of a return, under its bar; the keys of the pages."""
        is_return = self._document is not None and self._document.asked is not None
        pages = [page.key for page in self._parts.pages if page.in_return or not is_return]
        menus.offer({f"page:{page.key}": page.key in pages for page in self._parts.pages})
        menus.offer(dict.fromkeys(_NOT_IN_RETURN, not is_return))
        menus.offer({"finish": is_return})
        if is_return and self.bar is None and self._parts.return_bar is not None:
            self.bar = self._parts.return_bar(self._services)
            cast(ReturnBarPart, self.bar).finish_wanted.connect(finish)
            column.insertWidget(column.indexOf(self._services.banners) + 1, self.bar)
            cast(ReturnBarPart, self.bar).set_document(self._document)
        return pages

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
        document = self._document
        if document is None or document.asked is not None or not self._has_page():
            self._open_plan(paths[0])
            return
        look = functools.partial(plan_file_tasks.plan_ids_of, paths)
        self._services.tasks.start("Looking at files", look, self._looked, quiet=True, may_hang=True)

    def _looked(self, plan_ids: dict[Path, str | None]) -> None:
        """Returns that the open plan has sent out, and other copies of it, are taken in."""
        document, paths = self._document, list(plan_ids)
        if document is not None and all(
            path != document.path and plan_id == document.plan.plan_id for path, plan_id in plan_ids.items()
        ):
            self._page().take_in(paths)
        else:
            self._open_plan(paths[0])


def plan_files(event: QDropEvent) -> list[Path]:
    """The plans and returns among what is dragged."""
    urls = event.mimeData().urls() if event.mimeData().hasUrls() else []
    paths = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
    return [path for path in paths if path.suffix.lower() in _ENDINGS]
