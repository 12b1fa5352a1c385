"""Reminders on paper: plain words, each on a page of its own. Loaded only when something is printed."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QMarginsF
from PySide6.QtGui import QFont, QPageLayout, QTextDocument
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from cypp_desktop.ui.window_parts import WindowServices

_MARGIN = 20.0  # millimetres


def print_reminders(services: WindowServices, parent: QWidget, texts: Sequence[str]) -> None:
    """Ask for a printer and print the texts."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName("Reminders" if len(texts) > 1 else "Reminder")
    margins = QMarginsF(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
    printer.setPageMargins(margins, QPageLayout.Unit.Millimeter)
    dialog = QPrintDialog(printer, parent)
    dialog.setWindowTitle("Print reminders")
    if services.dialogs.run(dialog):
        document = QTextDocument()
        document.setDefaultFont(QFont("Noto Sans", 11))
        document.setHtml(pages_html(texts))
        document.print_(printer)
    dialog.deleteLater()


def pages_html(texts: Sequence[str]) -> str:
    """The texts as HTML, a new page before each but the first."""
    pages = []
    for at, text in enumerate(texts):
        style = "page-break-before: always" if at else ""
        paragraphs = [html.escape(part).replace("\n", "<br/>") for part in text.strip().split("\n\n")]
        first, *rest = [f"<p>{part}</p>" for part in paragraphs]
        pages.append(first.replace("<p>", f'<p style="{style}">', 1) + "".join(rest))
    return "".join(pages)
