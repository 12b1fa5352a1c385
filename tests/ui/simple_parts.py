"""Simple parts for tests of the window itself: a tree and a panel that do what the window asks, no more."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit, QListWidget, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from cypp_desktop.plan.outline import Outline, OutlineRow
from cypp_desktop.settings import Settings
from cypp_desktop.ui.banner import BannerArea
from cypp_desktop.ui.dialogs import Dialogs
from cypp_desktop.ui.document import PlanDocument
from cypp_desktop.ui.main_window import MainWindow
from cypp_desktop.ui.tasks import Tasks
from cypp_desktop.ui.window_parts import RailPage, WindowParts, WindowServices

ROLE = 0x0100


class SimpleTree(QWidget):
    """Lists priorities, outcomes and measures by their titles."""

    row_selected = Signal(str, str)

    def __init__(self, services: WindowServices) -> None:
        super().__init__()
        self.tree = QTreeWidget()
        self.tree.setAccessibleName("Plan tree")
        self.tree.setHeaderHidden(True)
        column = QVBoxLayout(self)
        column.addWidget(self.tree)
        self.document: PlanDocument | None = None
        self.items: dict[str, QTreeWidgetItem] = {}
        self.tree.currentItemChanged.connect(self._chosen)
        self.action = QAction("Add a &priority", self)

    def show_outline(self, outline: Outline) -> None:
        self.tree.clear()
        self.items = {}
        for row in outline.priorities:
            self._add(self.tree.invisibleRootItem(), row)

    def _add(self, parent: QTreeWidgetItem, row: OutlineRow) -> None:
        item = QTreeWidgetItem(parent, [row.text])
        item.setData(0, ROLE, (row.row_type, row.id))
        self.items[row.id] = item
        for child in row.children:
            self._add(item, child)

    def set_document(self, document: PlanDocument | None) -> None:
        self.document = document
        if document is None:
            self.tree.clear()
            self.items = {}
            return
        from cypp_desktop.plan.outline import read_outline
        from cypp_desktop.store.disk import connect

        db = connect(document.working_path)
        self.show_outline(read_outline(db))
        db.close()

    def select_row(self, row_type: str, row_id: str) -> bool:
        if row_id not in self.items:
            return False
        self.tree.setCurrentItem(self.items[row_id])
        return True

    def selected_row(self) -> tuple[str, str] | None:
        item = self.tree.currentItem()
        return tuple(item.data(0, ROLE)) if item else None  # type: ignore[return-value]

    def expanded_rows(self) -> list[str]:
        return [key for key, item in self.items.items() if item.isExpanded()]

    def expand_rows(self, row_ids: Sequence[str]) -> None:
        for key, item in self.items.items():
            item.setExpanded(key in row_ids)

    def focus_rows(self) -> None:
        self.tree.setFocus()

    def menu_actions(self) -> Sequence[QAction]:
        return [self.action]

    def _chosen(self, current: QTreeWidgetItem | None, before: Any) -> None:
        if current is not None:
            self.row_selected.emit(*current.data(0, ROLE))


class SimplePanel(QWidget):
    """One line, which is the title of the plan; a change waits until the window asks for it."""

    def __init__(self, services: WindowServices) -> None:
        super().__init__()
        self.line = QLineEdit()
        self.line.setAccessibleName("Plan title")
        self.shown: list[tuple[str, str]] = []
        column = QVBoxLayout(self)
        column.addWidget(self.line)
        self.document: PlanDocument | None = None

    def set_document(self, document: PlanDocument | None) -> None:
        self.document = document
        self.line.setText(document.title if document else "")
        self.line.setModified(False)

    def show_row(self, row_type: str, row_id: str) -> None:
        self.shown.append((row_type, row_id))

    def show_field(self, field: str, row_id: str, words: Sequence[str] = ()) -> bool:
        return False

    def commit(self) -> None:
        if self.document is not None and self.line.isModified():
            self.line.setModified(False)
            retitle(self.document, self.line.text())


class SimpleFind(QListWidget):
    """Shows the words that were looked for."""

    chosen = Signal(object)
    left = Signal()

    def __init__(self, services: WindowServices) -> None:
        super().__init__()
        self.setAccessibleName("Found")

    def set_document(self, document: PlanDocument | None) -> None:
        self.clear()

    def look_for(self, words: str) -> None:
        self.addItem(words)

    def follow(self, box: QLineEdit) -> None:
        self.box = box

    def open_next(self, step: int = 1) -> bool:
        return False


def simple_services(
    dialogs: Dialogs, tasks: Tasks, banners: BannerArea, settings: Settings | None = None
) -> WindowServices:
    """What parts use of a window, where there is none: going to a row or a page does nothing."""
    return WindowServices(
        dialogs=dialogs,
        tasks=tasks,
        banners=banners,
        settings=settings or Settings(),
        go_to=lambda row_type, row_id: None,
        show_page=lambda key: QWidget(),
    )


def opened(qtbot: QtBot, window: MainWindow, path: Path) -> None:
    """Open a plan in a window and wait until it can be edited."""
    with qtbot.waitSignal(window.opening_ended) as ended:
        window.open_plan(path)
    assert ended.args == [True]


def retitle(document: PlanDocument, title: str) -> None:
    """An edit like any other, under a name of its own."""
    from sqlalchemy import select

    from cypp_desktop.plan.model import Plan

    with document.editor.step("Edit the title") as session:
        session.scalars(select(Plan)).one().title = title


def simple_parts(**others: Any) -> WindowParts:
    """Parts with a tree, a panel, a find list and one further place."""
    page = RailPage(key="list", label="List", sign="list", make=SimpleFind)
    return WindowParts(
        **{"tree": SimpleTree, "panels": SimplePanel, "find": SimpleFind, "pages": [page], **others}
    )
