"""What the Help menu shows: the keys, read off the menus themselves, and what this program is."""

from __future__ import annotations

import platform

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
        more = QTreeWidgetItem(self.table, ["In the window", ""])
        QTreeWidgetItem(more, ["Next part of the window: tree, panel, find, places, messages", "F6"])
        QTreeWidgetItem(more, ["The part before", "Shift+F6"])
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
        top = QTreeWidgetItem(self.table, [menu.title().replace("&", ""), ""])
        for action in with_keys:
            keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            QTreeWidgetItem(top, [action.text().replace("&", "").rstrip("…"), keys])


def _all_actions(menu: QMenu) -> list[QAction]:
    found: list[QAction] = []
    for action in menu.actions():
        under = action.menu()
        if isinstance(under, QMenu):
            found += _all_actions(under)
        else:
            found.append(action)
    return found
