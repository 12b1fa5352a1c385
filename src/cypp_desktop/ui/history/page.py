"""Where histories are seen: the page of the whole plan's, the window of a field's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from cypp_desktop.plan.words import field_words
from cypp_desktop.ui import theme
from cypp_desktop.ui.banner import MessageKind
from cypp_desktop.ui.history.history_view import HistoryView
from cypp_desktop.ui.history.removal import field_of_entry, remove_for_good
from cypp_desktop.ui.labels import WrappedLabel

if TYPE_CHECKING:
    from cypp_desktop.store.editor import Editor
    from cypp_desktop.store.history import HistoryEntry
    from cypp_desktop.ui.document import PlanDocument
    from cypp_desktop.ui.window_parts import WindowServices


class HistoryPage(QWidget):
    """The history of the whole plan, as a page of the window."""

    def __init__(self, services: WindowServices) -> None:
        super().__init__()
        self._services = services
        self.view: HistoryView | None = None
        self._document: PlanDocument | None = None
        self._column = QVBoxLayout(self)
        self.setAccessibleName("History of the plan")

    def set_document(self, document: PlanDocument | None) -> None:
        """Show the history of an open plan from now on; None empties the page."""
        self._document = document
        if self.view is not None:
            self._column.removeWidget(self.view)
            self.view.hide()
            self.view.deleteLater()
            self.view = None
        if document is not None:
            self.view = HistoryView(document.editor)
            self.view.jump.connect(self._services.go_to)
            self.view.problem.connect(self._tell)
            self.view.removal_wanted.connect(self._remove)
            self._column.addWidget(self.view)

    def _tell(self, words: str) -> None:
        self._services.banners.show_message(MessageKind.PROBLEM, words, about="history")

    def _remove(self, entry: HistoryEntry) -> None:
        if self._document is not None:
            remove_for_good(self._services, self._document, self, field_of_entry(entry))


class FieldHistory(QDialog):
    """The history of one field, in a window of its own."""

    def __init__(
        self, editor: Editor, row_type: str, row_id: str, field: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"History: {field_words(row_type, field)}")
        self.view = HistoryView(editor, row_type, row_id, field)
        self.view.problem.connect(self._tell)
        self._problem = WrappedLabel()
        self._problem.hide()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(self.view, 1)
        column.addWidget(self._problem)
        column.addWidget(buttons)

    def sizeHint(self) -> QSize:
        return QSize(theme.scaled(self, 640), theme.scaled(self, 480))

    def _tell(self, words: str) -> None:
        self._problem.setText(words)
        self._problem.show()
