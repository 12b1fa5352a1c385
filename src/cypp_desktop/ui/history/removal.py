"""Removing a text for good from the window: by the Edit menu, from histories and from fields."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from cypp_desktop.errors import CyppError, UsageError
from cypp_desktop.ui.banner import MessageKind
from cypp_desktop.ui.menus import Menus
from cypp_desktop.ui.window_parts import WindowServices

if TYPE_CHECKING:
    from cypp_desktop.store.history import HistoryEntry
    from cypp_desktop.ui.document import PlanDocument
    from cypp_desktop.ui.history.removal_dialog import OneField

_ABOUT = "removal"


class RemovalCommands(QObject):
    """The command of the Edit menu. One of these serves a window."""

    def __init__(self, window: QWidget, services: WindowServices) -> None:
        super().__init__(window)
        self._window, self._services = window, services
        self._document: PlanDocument | None = None

    def set_document(self, document: PlanDocument | None) -> None:
        """Remove from an open plan from now on."""
        self._document = document

    def add_to(self, menus: Menus) -> None:
        """Put the command into the Edit menu."""
        menus.add("&Edit", "remove for good", "Remove a text for &good…", self.remove)

    def refresh(self, menus: Menus) -> None:
        """Grey it where nothing can be removed."""
        document = self._document
        can = document is not None and document.asked is None and not document.state.read_only
        menus.enable({"remove for good": can})

    def remove(self) -> None:
        """Ask which words, and remove them."""
        if self._document is not None:
            remove_for_good(self._services, self._document, self._window)


def field_of_entry(entry: HistoryEntry) -> OneField | None:
    """The field that a change is of, with what it says or what was there before; None for a whole row, or
    where there is no text.
    """
    from cypp_desktop.store.removal_search import WordingsOfField
    from cypp_desktop.ui.history.removal_dialog import OneField

    try:
        WordingsOfField(entry.row_type, entry.row_id, entry.field)
    except UsageError:
        return None
    wording = entry.value if entry.gap("value") is None else None
    if wording in (None, "", []) and entry.gap("before") is None:
        wording = entry.before
    return OneField(entry.row_type, entry.row_id, entry.field, wording or None)


def remove_for_good(
    services: WindowServices, document: PlanDocument, parent: QWidget, about: OneField | None = None
) -> None:
    """Ask what is to be removed, do it, and say what was done and what is left to do."""
    from cypp_desktop.operations.removal_words import done_words
    from cypp_desktop.ui.history.removal_dialog import RemovalDialog

    document.typing_wanted.emit()
    known = tuple(Path(name) for name in services.settings.recent_files)
    dialog = RemovalDialog(document, services.tasks, about, known_files=known, parent=parent)
    try:
        if not services.dialogs.run(dialog) or dialog.found is None:
            return
        QGuiApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
        try:
            done = document.remove_for_good(dialog.found, dialog.order)
        finally:
            QGuiApplication.restoreOverrideCursor()
    except CyppError as problem:
        services.banners.show_message(MessageKind.PROBLEM, str(problem), about=_ABOUT)
        return
    finally:
        dialog.deleteLater()
    words = dialog.found.wanted.sought_words()
    if words is not None and services.settings.forget_words(words.in_value):
        services.keep_settings()
    kind = MessageKind.DONE if done.is_through else MessageKind.WARNING
    services.banners.show_message(kind, " ".join(done_words(done)), about=_ABOUT)
