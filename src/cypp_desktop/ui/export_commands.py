"""The export of the open plan for somebody else: what it is to hold is asked, and what it lacks is said."""

from __future__ import annotations

import functools
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from cypp_desktop.errors import CyppError
from cypp_desktop.store.files import quoted
from cypp_desktop.ui import folders
from cypp_desktop.ui.banner import MessageKind
from cypp_desktop.ui.dialogs import Choice
from cypp_desktop.ui.menus import Menus

if TYPE_CHECKING:
    from cypp_desktop.operations.plan_access import PlanAccess
    from cypp_desktop.operations.progress import Progress
    from cypp_desktop.ui.document import PlanDocument
    from cypp_desktop.ui.window_parts import WindowServices

EXPORT: Final = "export"
_KINDS: Final = "Plan JSON (*.json)"
_DETAIL: Final = (
    "Without working notes the file also says of nobody how to reach them: it can be given to others. With "
    "them it is for colleagues only. The history of changes is in neither."
)


class _Holds(StrEnum):
    """What the file is to hold."""

    NO_NOTES = "without working notes"
    ALL = "with working notes"


class ExportCommands(QObject):
    """One of these serves a window."""

    def __init__(self, window: QWidget, services: WindowServices) -> None:
        super().__init__(window)
        self._window, self._services = window, services
        self._document: PlanDocument | None = None

    def set_document(self, document: PlanDocument | None) -> None:
        """Export an open plan from now on."""
        self._document = document

    def add_to(self, menus: Menus) -> None:
        """Put the command into the File menu."""
        menus.add("&File", EXPORT, "E&xport as plan JSON…", self.export)

    def refresh(self, menus: Menus) -> None:
        """Grey the command while no plan is open."""
        menus.enable({EXPORT: self._document is not None})

    def export(self) -> None:
        """Ask what the file is to hold and where it is to be, and write it."""
        document = self._document
        if document is None:
            return
        document.typing_wanted.emit()
        choices = [
            Choice(_Holds.NO_NOTES, "Export without working notes"),
            Choice(_Holds.ALL, "Export with working notes"),
        ]
        words = "Export the whole plan as a file that other programs can read?"
        answer = self._services.dialogs.ask(self._window, "Export", words, choices, detail=_DETAIL)
        path = self._where(document) if answer is not None else None
        if path is not None:
            notes = answer == _Holds.ALL
            work = functools.partial(_export, document.access, path, notes, document.path)
            self._services.tasks.start(
                "Exporting the plan", work, self._done, failed=self._not_done, cancelled=self._stopped
            )

    def _where(self, document: PlanDocument) -> Path | None:
        stem = document.path.stem if document.path is not None else "Plan"
        beside = document.path.parent if document.path is not None else None
        folder = folders.begins_in(beside, self._services.settings.last_folder)
        path = self._services.dialogs.save_file(
            self._window, "Export as plan JSON", _KINDS, folder / f"{stem}.json"
        )
        if path is not None:
            self._services.settings.last_folder = str(path.parent)
        return path

    def _done(self, words: str) -> None:
        self._services.banners.show_message(MessageKind.DONE, words, about=EXPORT)

    def _not_done(self, problem: Exception) -> None:
        if not isinstance(problem, CyppError):
            raise problem
        self._services.banners.show_message(MessageKind.PROBLEM, str(problem), about=EXPORT)

    def _stopped(self) -> None:
        self._services.banners.show_message(MessageKind.INFO, "Stopped.", about=EXPORT)


def _export(access: PlanAccess, path: Path, notes: bool, made_from: Path | None, progress: Progress) -> str:
    """Write the file; gives what is said of it. Work for another thread. Raises Cancelled and CyppError."""
    from cypp_desktop.exchange.export import export_plan
    from cypp_desktop.store.output_file import write_output

    with access.copied(progress) as session:
        exported = export_plan(session, notes=notes)
    progress.check()
    write_output(path, exported.text.encode("utf-8"), made_from=made_from)
    return f"The plan is exported as {quoted(path)}. {exported.left_out}"
