"""The panel of an outcome: every update and action in it, and its own details."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cypp_desktop.plan.blocks import parse, plain_text
from cypp_desktop.plan.model import Action, Outcome, Round, Update
from cypp_desktop.ui.panels.action import ActionList
from cypp_desktop.ui.panels.covers import covered_words
from cypp_desktop.ui.panels.leads import LeadsBox
from cypp_desktop.ui.panels.levels import LevelPanel, plan_uses
from cypp_desktop.ui.panels.links import NO_ROUND
from cypp_desktop.ui.panels.lists import ListField
from cypp_desktop.ui.panels.pages import Page
from cypp_desktop.ui.panels.part import Desk, Group, choice_words, cut
from cypp_desktop.ui.panels.rows import Column, RowList
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

    def __init__(self, desk: Desk) -> None:
        super().__init__(
            desk,
            "update",
            "update",
            columns=(
                Column("Round", round_words, usual=lambda: NO_ROUND),
                Column("Covers", lambda update: covered_words(desk, update)),
                Column("State", lambda update: choice_words(state_of(update))),
                Column("Text", lambda update: cut(plain_text(parse(update.text)), 160), wide=True),
            ),
            rows=self._listed,
            add=self._new,
            fields=UpdateFields(desk, lines=8),
        )

    def _listed(self, owner: Row) -> list[Update]:
        order = {round_.id: -at for at, round_ in enumerate(self.desk.rounds)}
        found = outcome_updates(self.desk, owner.id)
        return sorted(found, key=lambda update: order.get(update.round_id or "", 1))

    def _new(self, owner: Row, after: Row | None) -> Update:
        assert isinstance(owner, Outcome)
        return begin_outcome_update(self.desk, owner, self.desk.current_round)


class OutcomeDetails(Group):
    """Where an outcome belongs, who leads it, and where it comes from."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.add(LeadsBox(desk))
        self.add(ListField(desk, "outcome.strategic_plans", "Strategic plans", entry="strategic plan"))
        self.add(ListField(desk, "outcome.governance_groups", "Governance groups", entry="governance group"))
        self.add(TextField(desk, "outcome.lineage", "Where it comes from", lines=2))
        self.add(TextField(desk, "outcome.note", "Working note, not printed", lines=2))
        self.end()


class OutcomePanel(LevelPanel):
    """An outcome, key activity or operational objective."""

    row_type = "outcome"

    def make_pages(self) -> list[Page]:
        desk = self.desk
        has_rounds = plan_uses(desk, Round)
        return [
            Page(
                "updates",
                lambda: "Updates" if has_rounds() else "Evidence",
                lambda: OutcomeUpdates(desk),
                lambda row: has_rounds() or plan_uses(desk, Update)(),
                lambda: 0 if has_rounds() else 2,
            ),
            Page(
                "actions",
                lambda: "Actions",
                lambda: ActionList(desk),
                lambda row: plan_uses(desk, Action)(),
                lambda: 1,
            ),
            Page("details", lambda: "Details", lambda: OutcomeDetails(desk), lambda row: True, lambda: 3),
            self.history_page(),
        ]
