"""What comes of the pages: a PDF, a web page, a Word file, a file for each organisation, printed paper."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from cypp_desktop.errors import CyppError, UsageError
from cypp_desktop.operations.printing.print_request import FileRequest
from cypp_desktop.operations.printing.prints import (
    PrintCopies,
    PrintedPages,
    save_print,
    save_print_for_each,
)
from cypp_desktop.operations.progress import Progress
from cypp_desktop.report.paper_kinds import FileKind
from cypp_desktop.store.files import quoted
from cypp_desktop.ui import folders
from cypp_desktop.ui.banner import MessageKind

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

    from cypp_desktop.ui.document import PlanDocument
    from cypp_desktop.ui.window_parts import WindowServices

#: What can be saved: words in menus, Qt's filter for files of the kind.
KINDS = {
    FileKind.PDF: ("PDF", "PDF (*.pdf)"),
    FileKind.WEB_PAGE: ("web page", "Web page (*.html)"),
    FileKind.WORD: ("Word file", "Word (*.docx)"),
}


class PrintOutput(QObject):
    """Asks where to, and does the work beside the window. Says what came of it in a banner."""

    def __init__(self, services: WindowServices, parent: QWidget) -> None:
        super().__init__(parent)
        self._services = services
        self._window = parent

    def can_lock(self, wanted: FileRequest) -> bool:
        """Whether the password, if there is one, locks such a file; says why where it does not."""
        from cypp_desktop.report.pdf.password import usable_password

        if not wanted.password:
            return True
        try:
            if wanted.kind is not FileKind.PDF:
                raise UsageError("Only a PDF can be given a password. Clear the password, or save a PDF.")
            usable_password(wanted.password)
        except UsageError as problem:
            self.say(problem)
            return False
        return True

    def save_pdf(self, document: PlanDocument, pages: PrintedPages, title: str) -> None:
        """Save the pages as a PDF, the very one that is shown."""
        path = self._ask(document, title, FileKind.PDF)
        if path is not None:
            self._start("Saving the PDF", functools.partial(_save, path, pages.data, document.path))

    def save_as(self, document: PlanDocument, copies: PrintCopies, title: str, wanted: FileRequest) -> None:
        """Save what is shown as a web page, as a Word file, or as a PDF under a password."""
        path = self._ask(document, title, wanted.kind)
        if path is not None:
            work = functools.partial(_save_as, copies, wanted, path)
            self._start(f"Saving the {KINDS[wanted.kind][0]}", work)

    def save_each(self, document: PlanDocument, copies: PrintCopies, title: str, wanted: FileRequest) -> None:
        """Save a file for each organisation that leads anything, in a folder."""
        base = self._folder(document)
        folder = self._services.dialogs.folder(self._window, "Folder for the files of organisations", base)
        if folder is not None:
            self._services.settings.last_folder = str(folder)
            stem = self._name(document, title, "")
            work = functools.partial(_save_each, copies, wanted, folder, stem)
            self._start("Saving a file for each organisation", work)

    def print_pages(self, document: PlanDocument, pages: PrintedPages) -> None:
        """Ask for a printer and print the pages, all or a range, just as they are shown."""
        from PySide6.QtPrintSupport import QAbstractPrintDialog, QPrintDialog, QPrinter

        from cypp_desktop.ui.printing.printer import prepare

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        prepare(printer, pages.data, document.title)
        dialog = QPrintDialog(printer, self._window)
        dialog.setWindowTitle("Print")
        dialog.setMinMax(1, pages.count)
        dialog.setOption(QAbstractPrintDialog.PrintDialogOption.PrintPageRange)
        if self._services.dialogs.run(dialog):
            work = functools.partial(_print, pages.data, printer)
            self._services.tasks.start(
                "Printing", work, self._done, failed=self._not_done, cancelled=self._printing_stopped
            )
        dialog.deleteLater()

    def say(self, problem: CyppError) -> None:
        """Say what went wrong."""
        self._services.banners.show_message(MessageKind.PROBLEM, str(problem), about="paper")

    # ------------------------------------------------------------------ inside

    def _start(self, title: str, work: functools.partial[str]) -> None:
        self._services.tasks.start(
            title, work, self._done, failed=self._not_done, cancelled=self._saving_stopped
        )

    def _ask(self, document: PlanDocument, title: str, kind: FileKind) -> Path | None:
        words, kinds = KINDS[kind]
        suggested = self._folder(document) / self._name(document, title, kind)
        path = self._services.dialogs.save_file(self._window, f"Save as {words}", kinds, suggested)
        if path is None:
            return None
        self._services.settings.last_folder = str(path.parent)
        return path if path.suffix.lower() == kind else path.with_name(path.name + kind)

    def _folder(self, document: PlanDocument) -> Path:
        return folders.begins_in(
            document.path.parent if document.path is not None else None, self._services.settings.last_folder
        )

    def _name(self, document: PlanDocument, title: str, ending: str) -> str:
        from cypp_desktop.store.file_names import fitting_name

        plan = document.path.stem if document.path is not None else "Plan"
        fit = "".join(" " if c in '<>:"/\\|?*' or c < " " else c for c in title)
        return fitting_name(plan, f" {' '.join(fit.split()).lower()[:80]}".rstrip(" ."), ending)

    def _done(self, words: str) -> None:
        self._services.banners.show_message(MessageKind.DONE, words, about="paper")

    def _not_done(self, problem: Exception) -> None:
        if not isinstance(problem, CyppError):
            raise problem
        self.say(problem)

    def _saving_stopped(self) -> None:
        self._services.banners.show_message(MessageKind.INFO, "Stopped.", about="paper")

    def _printing_stopped(self) -> None:
        words = "Stopped. Pages that had gone to the printer before may still come out."
        self._services.banners.show_message(MessageKind.INFO, words, about="paper")


# ------------------------------------------------------------------ work for another thread


def _save(path: Path, data: bytes, made_from: Path | None, progress: Progress) -> str:
    from cypp_desktop.store.output_file import write_output

    write_output(path, data, made_from=made_from)
    return f"The pages are saved as {quoted(path)}."


def _save_as(copies: PrintCopies, wanted: FileRequest, path: Path, progress: Progress) -> str:
    save_print(copies, wanted, path, progress)
    return f"Saved as {quoted(path)}."


def _save_each(copies: PrintCopies, wanted: FileRequest, folder: Path, stem: str, progress: Progress) -> str:
    count = save_print_for_each(copies, wanted, folder, stem, progress)
    files = "1 file is" if count == 1 else f"{count:,} files are"
    return f"{files} saved in “{folder.name}”."


def _print(data: bytes, printer: QPrinter, progress: Progress) -> str:
    from cypp_desktop.ui.printing.printer import print_pages

    count = print_pages(data, printer, progress)
    pages = "1 page was" if count == 1 else f"{count:,} pages were"
    return f"{pages} sent to {printer.outputFileName() or printer.printerName() or 'the printer'}."
