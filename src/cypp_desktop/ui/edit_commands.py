"""The head of the Edit menu: undo and redo, which name the step that they would take back or bring back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence

from cypp_desktop.ui.menus import Menus
from cypp_desktop.ui.status import StatusLine

if TYPE_CHECKING:
    from cypp_desktop.ui.document import PlanDocument


class EditCommands(QObject):
    """Undo and redo in the open plan. One of these serves a window."""

    def __init__(self, window: QObject, status: StatusLine, *, keep_typing: Callable[[], None]) -> None:
        """`keep_typing` hands what is being typed to the plan, so that it can be undone too."""
        super().__init__(window)
        self._status = status
        self._keep_typing = keep_typing
        self._document: PlanDocument | None = None

    def set_document(self, document: PlanDocument | None) -> None:
        """Undo in an open plan from now on."""
        self._document = document

    def add_to(self, menus: Menus) -> None:
        """Put the commands into the Edit menu."""
        keys = QKeySequence.StandardKey
        menus.add("&Edit", "undo", "&Undo", self.undo, keys.Undo)
        menus.add("&Edit", "redo", "&Redo", self.redo, keys.Redo)

    def refresh(self, menus: Menus) -> None:
        """Name what undo and redo would do; grey what can't be done."""
        undo, redo = None, None
        if self._document is not None:
            undo, redo = self._document.undo_name, self._document.redo_name
        menus.actions["undo"].setText(f"&Undo: {undo}" if undo else "&Undo")
        menus.actions["redo"].setText(f"&Redo: {redo}" if redo else "&Redo")
        menus.enable({"undo": bool(undo), "redo": bool(redo)})

    def undo(self) -> None:
        """Take the last step back."""
        if self._document is not None:
            self._keep_typing()
            self._status.say(f"Undone: {self._document.undo()}")

    def redo(self) -> None:
        """Bring the step undone last back."""
        if self._document is not None:
            self._keep_typing()
            self._status.say(f"Redone: {self._document.redo()}")
