"""The panel of an outcome: every update and action in it, and its own details."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cypp_desktop.plan.blocks import parse, plain_text
from cypp_desktop.plan.model import Action, Outcome, Round, Update
from cypp_desktop.plan.words import cut
from cypp_desktop.ui.panels.action import ActionList
from cypp_desktop.ui.panels.context import PanelContext
from cypp_desktop.ui.panels.covered_measures import covered_words
from cypp_desktop.ui.panels.leads import LeadsBox
from cypp_desktop.ui.panels.levels import LevelPanel, plan_uses
from cypp_desktop.ui.panels.links import NO_ROUND
from cypp_desktop.ui.panels.list_field import ListField
from cypp_desktop.ui.panels.pages import PageKey, PanelPage
from cypp_desktop.ui.panels.panel_field import WORKING_NOTE
from cypp_desktop.ui.panels.row_list import ListColumn, RowList
from cypp_desktop.ui.panels.row_widget import RowGroup, choice_words
from cypp_desktop.ui.panels.texts import TextField
from cypp_desktop.ui.panels.update import UpdateFields, begin_outcome_update, state_of
from cypp_desktop.ui.panels.updates import outcome_updates

if TYPE_CHECKING:
    from cypp_desktop.plan.base import Row


def round_words(update: Update) -> str:
    """The round of an update in few words: its period where it has one."""
    if update.round is None:
        return NO_ROUND
    return update.round.period or cut(update.round.name, 32)


class OutcomeUpdates(RowList):
    """All updates in an outcome: of the whole outcome, and of any measure in it; newest round first."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__(
            context,
            "update",
            "update",
            columns=(
                ListColumn("Round", round_words, usual=lambda: NO_ROUND),
                ListColumn("Covers", lambda update: covered_words(context, update)),
                ListColumn("State", lambda update: choice_words(state_of(update))),
                ListColumn("Text", lambda update: cut(plain_text(parse(update.text)), 160), wide=True),
            ),
            rows=self._listed,
            add=self._new,
            fields=UpdateFields(context, lines=8),
        )

    def _listed(self, owner: Row) -> list[Update]:
        order = {round_.id: -at for at, round_ in enumerate(self.context.rounds)}
        found = outcome_updates(self.context, owner.id)
        return sorted(found, key=lambda update: order.get(update.round_id or "", 1))

    def _new(self, owner: Row, after: Row | None) -> Update:
        assert isinstance(owner, Outcome)
        return begin_outcome_update(self.context, owner, self.context.current_round)


class OutcomeDetails(RowGroup):
    """Where an outcome belongs, who leads it, and where it comes from."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__(context)
        self.add(LeadsBox(context))
        self.add(ListField(context, "outcome.strategic_plans", entry="strategic plan"))
        self.add(ListField(context, "outcome.governance_groups", entry="governance group"))
        self.add(TextField(context, "outcome.lineage", lines=2))
        self.add(TextField(context, "outcome.note", WORKING_NOTE, lines=2))
        self.end()


class OutcomePanel(LevelPanel):
    """An outcome, key activity or operational objective."""

    row_type = "outcome"

    def make_pages(self) -> list[PanelPage]:
        context = self.context
        has_rounds = plan_uses(context, Round)
        has_actions, has_updates = plan_uses(context, Action), plan_uses(context, Update)
        return [
            PanelPage(
                key=PageKey.UPDATES,
                make=lambda: OutcomeUpdates(context),
                used=lambda row: has_rounds() or has_updates(),
                rank=lambda: 0 if has_rounds() else 2,
                words=lambda: "Updates" if has_rounds() else "Evidence",
            ),
            PanelPage(
                key=PageKey.ACTIONS,
                make=lambda: ActionList(context),
                used=lambda row: has_actions(),
                rank=lambda: 1,
            ),
            PanelPage(key=PageKey.DETAILS, make=lambda: OutcomeDetails(context), rank=lambda: 3),
            self.history_page(),
        ]
