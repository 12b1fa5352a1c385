"""Gives a panel area its History page and the window of a field's history, loaded when first asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from cypp_desktop.store.editor import Editor
    from cypp_desktop.store.history import HistoryEntry
    from cypp_desktop.ui.history.history_view import HistoryView
    from cypp_desktop.ui.panels import PanelArea
    from cypp_desktop.ui.window_parts import WindowServices


class PanelHistories(QObject):
    """The histories of a panel area, whose child this is."""

    def __init__(self, area: PanelArea, services: WindowServices) -> None:
        super().__init__(area)
        self._area, self._services = area, services
        area.history_factory = self.page
        area.history_requested.connect(self.show_field)
        area.removal_requested.connect(self.remove_texts)

    def page(self, editor: Editor, row_type: str, row_id: str) -> HistoryView:
        """The history of the row that a panel shows."""
        from cypp_desktop.ui.history.history_view import HistoryView

        view = HistoryView(editor, row_type, row_id)
        view.jump.connect(self._services.go_to)
        view.problem.connect(self._area.context.problem)
        view.removal_wanted.connect(self._remove)
        return view

    def show_field(self, row_type: str, row_id: str, field: str) -> None:
        """Show who changed a field and when."""
        from cypp_desktop.ui.history.page import FieldHistory

        dialog = FieldHistory(self._area.context.editor, row_type, row_id, field, self._area)
        dialog.view.removal_wanted.connect(self._remove)
        self._services.dialogs.run(dialog)
        dialog.deleteLater()

    def remove_texts(self, row_type: str, row_id: str, field: str) -> None:
        """Remove for good what a field has said."""
        from cypp_desktop.ui.history.removal import remove_for_good
        from cypp_desktop.ui.history.removal_dialog import OneField

        if self._area.document is not None:
            about = OneField(row_type, row_id, field)
            remove_for_good(self._services, self._area.document, self._area, about)

    def _remove(self, entry: HistoryEntry) -> None:
        from cypp_desktop.ui.history.removal import field_of_entry, remove_for_good

        if self._area.document is not None:
            about = field_of_entry(entry)
            remove_for_good(self._services, self._area.document, self._area, about)
