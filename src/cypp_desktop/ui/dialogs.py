"""Every message box, question and file dialog of the window, behind one object.

Widgets are given a `Dialogs` and never open a box themselves; tests give them one that answers
from a script. Buttons name the action ("Open read-only"), never "Yes" or "OK" for a choice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QAbstractButton,
    QDialog,
    QFileDialog,
    QInputDialog,
    QMessageBox,
    QPushButton,
    QWidget,
)


@dataclass(frozen=True)
class Choice:
    """A button of a question: the answer it stands for, its words, and whether it loses something."""

    key: str
    label: str
    destructive: bool = False


class Dialogs:
    """The real boxes. Every method returns None where the person backs out."""

    def tell(self, parent: QWidget | None, title: str, text: str, detail: str = "") -> None:
        """Say something that cannot wait in a banner."""
        self.ask(parent, title, text, [Choice("close", "Close")], detail=detail)

    def ask(
        self, parent: QWidget | None, title: str, text: str, choices: Sequence[Choice], *, detail: str = ""
    ) -> str | None:
        """Ask for one of the choices and return its key; the first is what Enter takes.

        Escape and closing the box give None.
        """
        box = QMessageBox(parent)
        box.setWindowTitle(title)
        box.setText(text)
        box.setInformativeText(detail)
        role = QMessageBox.ButtonRole
        buttons: dict[QAbstractButton | None, str] = {}
        first: QPushButton | None = None
        for choice in choices:
            button = box.addButton(
                choice.label, role.DestructiveRole if choice.destructive else role.AcceptRole
            )
            buttons[button] = choice.key
            first = first or button
        if first is not None:
            box.setDefaultButton(first)
        if len(choices) > 1:
            box.addButton("Cancel", role.RejectRole)
        box.exec()
        return buttons.get(box.clickedButton())

    def ask_text(self, parent: QWidget | None, title: str, label: str, initial: str = "") -> str | None:
        """Ask for one line of text."""
        text, given = QInputDialog.getText(parent, title, label, text=initial)
        return text.strip() if given else None

    def open_file(self, parent: QWidget | None, title: str, kinds: str, folder: Path) -> Path | None:
        """Ask for a file that exists; `kinds` is Qt's filter text, such as "Plans (*.cypp)"."""
        name, _ = QFileDialog.getOpenFileName(parent, title, str(folder), kinds)
        return Path(name) if name else None

    def open_files(self, parent: QWidget | None, title: str, kinds: str, folder: Path) -> list[Path]:
        """Ask for any number of files that exist; none where the person backs out."""
        names, _ = QFileDialog.getOpenFileNames(parent, title, str(folder), kinds)
        return [Path(name) for name in names]

    def save_file(self, parent: QWidget | None, title: str, kinds: str, suggested: Path) -> Path | None:
        """Ask where to write; the box itself asks before an existing file is replaced.

        A name typed without an ending gets the suggested one's.
        """
        box = QFileDialog(parent, title, str(suggested.parent), kinds)
        box.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        box.setDefaultSuffix(suggested.suffix.removeprefix("."))
        box.selectFile(suggested.name)
        if box.exec() != QDialog.DialogCode.Accepted or not box.selectedFiles():
            return None
        return Path(box.selectedFiles()[0])

    def folder(self, parent: QWidget | None, title: str, start: Path) -> Path | None:
        """Ask for a folder."""
        name = QFileDialog.getExistingDirectory(parent, title, str(start))
        return Path(name) if name else None

    def show_folder(self, folder: Path) -> None:
        """Show a folder in the system's own file manager."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    def run(self, dialog: QDialog) -> bool:
        """Show a dialog of our own until it is accepted (True) or put away (False)."""
        return dialog.exec() == QDialog.DialogCode.Accepted
