"""A key action: what is to be done, by when, for which measures, and who leads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cypp_desktop.plan.blocks import parse, plain_text
from cypp_desktop.plan.model import Action, Measure, Outcome
from cypp_desktop.plan.words import cut
from cypp_desktop.store.commands import add_row, set_covered
from cypp_desktop.store.queries import actions_of_outcome, words_in_use
from cypp_desktop.ui.panels.context import PanelContext
from cypp_desktop.ui.panels.covered_measures import CoveredMeasuresField, covered_words, whole_words
from cypp_desktop.ui.panels.dates import SpanField
from cypp_desktop.ui.panels.fields import LineField, SuggestField
from cypp_desktop.ui.panels.leads import LeadsBox, lead_words
from cypp_desktop.ui.panels.panel_field import WORKING_NOTE
from cypp_desktop.ui.panels.row_list import ListColumn, RowList
from cypp_desktop.ui.panels.row_widget import RowGroup
from cypp_desktop.ui.panels.texts import TextField

if TYPE_CHECKING:
    from cypp_desktop.plan.base import Row

USUAL_STATUS = (
    "Not started", "Under way", "On track", "At risk", "Delayed", "Completed", "Ongoing", "No longer needed",
)  # fmt: skip
DUE_EXAMPLE = "Between October 2016 and end March 2017"


def used_words(context: PanelContext, column: Any, usual: tuple[str, ...]) -> list[str]:
    """What the plan says in a column already, then the usual words."""
    said = sorted(words_in_use(context.editor.session, column))
    known = {words.casefold() for words in said}
    return said + [words for words in usual if words.casefold() not in known]


class ActionFields(RowGroup):
    """All fields of one action."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__(context)
        self.number = LineField(context, "action.number", chars=8)
        self.status = SuggestField(
            context,
            "action.status",
            usual=lambda: used_words(context, Action.status, USUAL_STATUS),
            chars=18,
        )
        self.covers = CoveredMeasuresField(context, "action", "Serves")
        self.text = TextField(context, "action.text", lines=3, main=True)
        self.due = SpanField(context, "action.due", example=DUE_EXAMPLE)
        self.add(self.text)
        self.add(self.due)
        self.add_line(self.covers)
        self.add_line(self.number, self.status)
        self.add(LeadsBox(context, "Who leads this action"))
        self.add(TextField(context, "action.note", WORKING_NOTE, lines=2))
        self.end()
        self.setFocusProxy(self.text)


def outcome_actions(context: PanelContext, outcome_id: str) -> list[Action]:
    """The actions of an outcome in order, with what each serves and who leads it."""
    session = context.editor.session
    return context.fact(("actions", outcome_id), lambda: actions_of_outcome(session, outcome_id))


class ActionList(RowList):
    """The actions of an outcome; of a measure, those that serve it or the whole outcome."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__(
            context,
            "action",
            "action",
            columns=(
                ListColumn("No.", lambda action: action.number or ""),
                ListColumn("Key action", lambda action: cut(plain_text(parse(action.text)), 200), wide=True),
                ListColumn("Due", lambda action: action.due or ""),
                ListColumn("Status", lambda action: action.status or ""),
                ListColumn(
                    "Serves",
                    lambda action: covered_words(context, action),
                    usual=lambda: whole_words(context),
                ),
                ListColumn("Lead", lambda action: "; ".join(lead_words(lead) for lead in action.leads)),
            ),
            rows=self._listed,
            add=self._new,
            fields=ActionFields(context),
        )

    def _listed(self, owner: Row) -> list[Action]:
        if isinstance(owner, Outcome):
            return outcome_actions(self.context, owner.id)
        assert isinstance(owner, Measure)
        found = []
        for action in outcome_actions(self.context, owner.outcome_id):
            served = [link.measure_id for link in action.measure_links]
            if not served or owner.id in served:
                found.append(action)
        return found

    def _new(self, owner: Row, after: Row | None) -> Action:
        editor = self.context.editor
        outcome = owner.outcome if isinstance(owner, Measure) else owner
        with editor.step("Add action"):
            action = add_row(editor, Action, outcome, after=after)
            editor.session.flush()
            if isinstance(owner, Measure):
                set_covered(editor, action, [owner])
        return action
