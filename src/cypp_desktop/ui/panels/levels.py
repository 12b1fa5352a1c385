"""What the panels of priorities, outcomes and measures have in common: code and title above, pages below."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cypp_desktop.store.queries import has_any
from cypp_desktop.ui.panels.context import PanelContext
from cypp_desktop.ui.panels.fields import LineField, WordsField
from cypp_desktop.ui.panels.leads import LeadsBox, LeadSummary
from cypp_desktop.ui.panels.pages import PageKey, PanelPage, PanelPages
from cypp_desktop.ui.panels.row_widget import RowWidget

if TYPE_CHECKING:
    from cypp_desktop.plan.base import Row
    from cypp_desktop.store.editor import Changed, Editor

#: Makes the view of a row's history: the editor, the row's type and its id.
HistoryFactory = Callable[["Editor", str, str], QWidget]


def plan_uses(context: PanelContext, cls: type[Row]) -> Callable[[], bool]:
    """Asks whether the plan has any row of a class."""

    def asked() -> bool:
        return context.fact(cls, lambda: has_any(context.editor.session, cls))

    return asked


class RowHistoryPage(RowWidget):
    """What changed in a row, made by the window's own history view when first shown."""

    def __init__(self, context: PanelContext, factory: Callable[[], HistoryFactory | None]) -> None:
        super().__init__(context)
        self._factory = factory
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._view: QWidget | None = None

    def load(self, row: Row | None) -> None:
        super().load(row)
        if self._view is not None:
            self._column.removeWidget(self._view)
            self._view.hide()
            self._view.deleteLater()
            self._view = None
        factory = self._factory()
        if row is not None and factory is not None:
            self._view = factory(self.context.editor, row.row_type, row.id)
            self._column.addWidget(self._view)


class LevelPanel(RowWidget):
    """Code and title, the pages, and who leads."""

    row_type: ClassVar[str] = ""

    def __init__(self, context: PanelContext, history: Callable[[], HistoryFactory | None]) -> None:
        super().__init__(context)
        self._history = history
        self.code = LineField(context, f"{self.row_type}.code", "Code", chars=7)
        self.title = WordsField(context, f"{self.row_type}.title", "Title")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        top = QHBoxLayout()
        top.addWidget(self.code, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(self.title, 1, Qt.AlignmentFlag.AlignTop)
        column.addLayout(top)
        self.pages = PanelPages(context, self.make_pages())
        column.addWidget(self.pages, 1)
        self.lead = LeadSummary(context, self.edit_leads)
        column.addWidget(self.lead)
        self._widgets: tuple[RowWidget, ...] = (self.code, self.title, self.pages, self.lead)

    def make_pages(self) -> list[PanelPage]:
        """The pages of this kind of row, in their usual order."""
        raise NotImplementedError

    def history_page(self) -> PanelPage:
        """The page of the row's history, offered where the window has a view for it."""
        return PanelPage(
            key=PageKey.HISTORY,
            make=lambda: RowHistoryPage(self.context, self._history),
            used=lambda row: self._history() is not None,
            rank=lambda: 9,
            begins=False,
        )

    def edit_leads(self) -> None:
        """Go to where the leads are edited, beginning one where there is none."""
        details = self.pages.turn_to(PageKey.DETAILS)
        box = details.findChild(LeadsBox)
        if box is None:
            return
        if box.lines:
            box.lines[0].fields.organisation.setFocus()
        else:
            box.add_lead()

    def load(self, row: Row | None) -> None:
        super().load(row)
        for widget in self._widgets:
            widget.load(row)

    def apply(self, changed: Changed) -> None:
        for widget in self._widgets:
            widget.apply(changed)

    def flush(self) -> None:
        for widget in self._widgets:
            widget.flush()
