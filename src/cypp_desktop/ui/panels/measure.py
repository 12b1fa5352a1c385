"""The panel of a measure: its update, its values, what it is, and the actions that serve it."""

from __future__ import annotations

from cypp_desktop.plan.model import Action, Measure, Observation, Round, Update
from cypp_desktop.ui.panels.action import ActionList, used_words
from cypp_desktop.ui.panels.context import PanelContext
from cypp_desktop.ui.panels.fields import ChoiceField, FlagField, LineField, SuggestField, WordsField
from cypp_desktop.ui.panels.leads import LeadsBox
from cypp_desktop.ui.panels.levels import LevelPanel, plan_uses
from cypp_desktop.ui.panels.list_field import ListField
from cypp_desktop.ui.panels.pages import PageKey, PanelPage
from cypp_desktop.ui.panels.panel_field import WORKING_NOTE
from cypp_desktop.ui.panels.row_widget import RowGroup
from cypp_desktop.ui.panels.texts import TextField
from cypp_desktop.ui.panels.updates import UpdatePage
from cypp_desktop.ui.panels.values import ValuesPage

USUAL_UNITS = (
    "%", "percentage points", "count", "per 1,000", "per 10,000", "per 100,000", "£", "rank", "days",
)  # fmt: skip
USUAL_FORMATS = (
    "%", "count", "rate per 1,000", "rate per 10,000", "rate per 100,000", "ratio", "money",
    "rank n of N", "grade", "yes/no", "words",
)  # fmt: skip
USUAL_FREQUENCIES = ("Monthly", "Quarterly", "Every term", "Every six months", "Annually", "Every two years")
POLARITY_WORDS = {"higher": "Higher is better", "lower": "Lower is better", "neutral": "Neither is better"}


class MeasureDetails(RowGroup):
    """What a measure is: leads, definition, unit, source, lineage."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__(context)
        self.add(LeadsBox(context))
        self.add(
            FlagField(
                context,
                "measure.placeholder",
                hint="Holds the place of a measure still to be found: counted, never taken as content.",
            )
        )
        example = "Such as “Nottingham Plan target”."
        self.add(ListField(context, "measure.flags", entry="flag", hint=example))
        self.add(TextField(context, "measure.definition", lines=3))
        self.add_line(
            ChoiceField(context, "measure.polarity", words=POLARITY_WORDS),
            SuggestField(context, "measure.unit", usual=USUAL_UNITS, chars=16, column="unit"),
            SuggestField(
                context, "measure.unit", "Shown as", usual=USUAL_FORMATS, chars=16, column="value_format"
            ),
            SuggestField(
                context,
                "measure.frequency",
                usual=lambda: used_words(context, Measure.frequency, USUAL_FREQUENCIES),
                chars=16,
            ),
        )
        self.add(WordsField(context, "measure.source"))
        self.add(TextField(context, "measure.lineage", lines=2))
        self.add(TextField(context, "measure.note", WORKING_NOTE, lines=2))
        self.add(
            LineField(
                context,
                "measure.key",
                chars=14,
                hint="Tells this measure apart where printed codes repeat or are missing. It is not printed.",
            )
        )
        self.end()


class MeasurePanel(LevelPanel):
    """A performance measure or indicator."""

    row_type = "measure"

    def make_pages(self) -> list[PanelPage]:
        context = self.context
        has_rounds, has_values = plan_uses(context, Round), plan_uses(context, Observation)
        has_actions, has_updates = plan_uses(context, Action), plan_uses(context, Update)
        return [
            PanelPage(
                key=PageKey.UPDATE,
                make=lambda: UpdatePage(context),
                used=lambda row: has_rounds() or has_updates(),
                rank=lambda: 0 if has_rounds() else 1,
                words=lambda: "Update" if has_rounds() else "Evidence",
            ),
            PanelPage(
                key=PageKey.VALUES,
                make=lambda: ValuesPage(context),
                used=lambda row: has_values(),
                rank=lambda: 2,
            ),
            PanelPage(key=PageKey.DETAILS, make=lambda: MeasureDetails(context), rank=lambda: 3),
            PanelPage(
                key=PageKey.ACTIONS,
                make=lambda: ActionList(context),
                used=lambda row: has_actions(),
                rank=lambda: 4 if has_rounds() else 0,
            ),
            self.history_page(),
        ]
