"""What the Help menu shows: the keys, read off the menus themselves, and what this program is."""

from __future__ import annotations

import platform
from collections.abc import Iterable

from PySide6.QtCore import qVersion
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QMenu,
    QMenuBar,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from cypp_desktop import __version__
from cypp_desktop.ui import theme
from cypp_desktop.ui.richtext.actions import TextActions
from cypp_desktop.ui.richtext.area import TextArea

#: Keys that are no command of a menu: what they do, and the key.
WINDOW_KEYS = (
    ("Next part of the window: tree, panel, find, places, messages", "F6"),
    ("The part before", "Shift+F6"),
    ("From the panel back to the row in the tree", "Esc"),
)
TEXT_KEYS = (
    ("List: item further in. Table: next cell, after the last a new row", "Tab"),
    ("List: item further out. Table: cell before", "Shift+Tab"),
    ("Out of the text to what comes next, from lists and tables too", "Ctrl+Tab"),
    ("Out of the text to what comes before", "Ctrl+Shift+Tab"),
    ("Out of the text, back to the row", "Esc"),
)


def about_words() -> str:
    """Version and terms, for the About box and for a person asking for help."""
    return (
        f"Version {__version__}. Edit, trust and print a Children and Young People’s Plan, offline.\n\n"
        "Everything stays on this computer: the program never uses a network.\n\n"
        "Free software under the MIT licence. Made with Qt (LGPL), SQLAlchemy, ReportLab "
        "and the Lucide icons.\n\n"
        f"Qt {qVersion()}, Python {platform.python_version()}, {platform.system()}"
    )


class KeysDialog(QDialog):
    """Every command that has a key, menu by menu."""

    def __init__(self, bar: QMenuBar, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keyboard shortcuts")
        self.table = QTreeWidget()
        self.table.setAccessibleName("Commands and their keys")
        self.table.setHeaderLabels(["Command", "Keys"])
        self.table.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.table.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.table.header().setStretchLastSection(False)
        for menu_action in bar.actions():
            menu = menu_action.menu()
            if isinstance(menu, QMenu):
                self._add_menu(menu)
        self._add("In the window", WINDOW_KEYS)
        self._add("In a text", (*TEXT_KEYS, *_text_commands()))
        self.table.expandAll()
        buttons = QDialogButtonBox()
        buttons.addButton("Close", QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(self.table)
        column.addWidget(buttons)
        self.resize(theme.room_for(self, 560, 600))

    def _add_menu(self, menu: QMenu) -> None:
        with_keys = [action for action in _all_actions(menu) if not action.shortcut().isEmpty()]
        if not with_keys:
            return
        self._add(menu.title().replace("&", ""), [_with_key(action) for action in with_keys])

    def _add(self, title: str, commands: Iterable[tuple[str, str]]) -> None:
        top = QTreeWidgetItem(self.table, [title, ""])
        for words, keys in commands:
            QTreeWidgetItem(top, [words, keys])


def _with_key(action: QAction) -> tuple[str, str]:
    keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    return action.text().replace("&", "").rstrip("…"), keys


def _text_commands() -> list[tuple[str, str]]:
    """The commands of the rich text editor, read off one that nobody sees."""
    area = TextArea()
    return [_with_key(action) for action in TextActions(area).all() if not action.shortcut().isEmpty()]


def _all_actions(menu: QMenu) -> list[QAction]:
    found: list[QAction] = []
    for action in menu.actions():
        under = action.menu()
        if isinstance(under, QMenu):
            found += _all_actions(under)
        else:
            found.append(action)
    return found
