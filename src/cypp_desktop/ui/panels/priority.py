"""The panel of a priority: what it seeks, how success is told, and who leads it."""

from __future__ import annotations

from cypp_desktop.ui.panels.leads import LeadsBox
from cypp_desktop.ui.panels.levels import LevelPanel
from cypp_desktop.ui.panels.lists import ListField
from cypp_desktop.ui.panels.pages import Page
from cypp_desktop.ui.panels.part import Desk, Group
from cypp_desktop.ui.panels.texts import TextField


class PriorityDetails(Group):
    """All fields of a priority but its code and title."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        seeks = ListField(
            desk, "priority.outcomes_sought", "Outcomes sought", entry="outcome sought", markdown=True
        )
        success = ListField(
            desk, "priority.success_criteria", "Success criteria", entry="success criterion", markdown=True
        )
        self.add(seeks)
        self.add(success)
        self.add(LeadsBox(desk))
        self.add(TextField(desk, "priority.lineage", "Where it comes from", lines=2))
        self.add(TextField(desk, "priority.note", "Working note, not printed", lines=2))
        self.end()


class PriorityPanel(LevelPanel):
    """A priority or strategic objective."""

    row_type = "priority"

    def make_pages(self) -> list[Page]:
        desk = self.desk
        return [
            Page("details", lambda: "Details", lambda: PriorityDetails(desk), lambda row: True, lambda: 0),
            self.history_page(),
        ]
