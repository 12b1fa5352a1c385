"""The Returns page of the side rail: the board of what was sent, and the desk that returns are sent from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from cypp_desktop.ui.returns.board import Receive, ReturnsBoard
from cypp_desktop.ui.returns.issue_desk import IssueDesk
from cypp_desktop.ui.review import receive_files

if TYPE_CHECKING:
    from cypp_desktop.ui.document import PlanDocument
    from cypp_desktop.ui.window_parts import WindowServices

BOARD, DESK = 0, 1


class ReturnsPage(QWidget):
    """Two pages: the board comes first, as it is looked at most often."""

    def __init__(
        self, services: WindowServices, receive: Receive | None = None, parent: QWidget | None = None
    ) -> None:
        """``receive`` takes files in that came back."""
        super().__init__(parent)
        self.setAccessibleName("Returns")
        self.board = ReturnsBoard(services, receive or receive_files)
        self.desk = IssueDesk(services)
        self.pages = QTabWidget()
        self.pages.setDocumentMode(True)
        self.pages.setAccessibleName("Pages of the returns")
        self.pages.tabBar().setAccessibleName("Pages of the returns")
        self.pages.addTab(self.board, "&Board")
        self.pages.addTab(self.desk, "&Send returns out")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 4)
        column.addWidget(self.pages)

    def set_document(self, document: PlanDocument | None) -> None:
        """Follow an open plan from now on; None empties the page."""
        self.board.set_document(document)
        self.desk.set_document(document)

    def take_in(self, paths: Sequence[Path]) -> None:
        """Take files in that came back."""
        self.show_board()
        self.board.take_in(list(paths))

    def show_board(self) -> None:
        """Show what was sent and what has come back."""
        self.pages.setCurrentIndex(BOARD)
        self.board.list.setFocus()

    def show_desk(self) -> None:
        """Show where returns are sent from."""
        self.pages.setCurrentIndex(DESK)
        self.desk.list.setFocus()
