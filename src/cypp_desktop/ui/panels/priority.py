"""The panel of a priority: what it seeks, how success is told, and who leads it."""

from __future__ import annotations

from cypp_desktop.ui.panels.context import PanelContext
from cypp_desktop.ui.panels.leads import LeadsBox
from cypp_desktop.ui.panels.levels import LevelPanel
from cypp_desktop.ui.panels.list_field import ListField
from cypp_desktop.ui.panels.pages import PageKey, PanelPage
from cypp_desktop.ui.panels.panel_field import WORKING_NOTE
from cypp_desktop.ui.panels.row_widget import RowGroup
from cypp_desktop.ui.panels.texts import TextField


class PriorityDetails(RowGroup):
    """All fields of a priority but its code and title."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__(context)
        seeks = ListField(context, "priority.outcomes_sought", entry="outcome sought", markdown=True)
        success = ListField(context, "priority.success_criteria", entry="success criterion", markdown=True)
        self.add(seeks)
        self.add(success)
        self.add(LeadsBox(context))
        self.add(TextField(context, "priority.lineage", lines=2))
        self.add(TextField(context, "priority.note", WORKING_NOTE, lines=2))
        self.end()


class PriorityPanel(LevelPanel):
    """A priority or strategic objective."""

    row_type = "priority"

    def make_pages(self) -> list[PanelPage]:
        context = self.context
        return [
            PanelPage(key=PageKey.DETAILS, make=lambda: PriorityDetails(context), rank=lambda: 0),
            self.history_page(),
        ]
