"""An update's fields: its text first, then whom it covers, its state, and where it comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from cypp_desktop.plan.identity import new_id, update_id
from cypp_desktop.plan.model import Measure, Outcome, Round, Update
from cypp_desktop.store.commands import add_row, delete_rows, set_update_text, write_update
from cypp_desktop.store.short_names import short_name
from cypp_desktop.ui.panels.buttons import sign_button
from cypp_desktop.ui.panels.context import PanelContext
from cypp_desktop.ui.panels.covered_measures import CoveredMeasuresField
from cypp_desktop.ui.panels.fields import ChoiceField
from cypp_desktop.ui.panels.flow_layout import FlowLayout
from cypp_desktop.ui.panels.links import RoundField
from cypp_desktop.ui.panels.panel_field import WORKING_NOTE, PanelField
from cypp_desktop.ui.panels.row_widget import RowGroup
from cypp_desktop.ui.panels.texts import TextField

if TYPE_CHECKING:
    from cypp_desktop.plan.base import Row
    from cypp_desktop.store.editor import Changed


class UpdateText(TextField):
    """The text of an update; an empty update becomes a draft with its first words."""

    def write(self, row: Row, value: Any) -> None:
        assert isinstance(row, Update)
        write_update(self.context.editor, row, value or "", sitting=True)

    def blank(self) -> None:
        return None


class UpdateFields(RowGroup):
    """One update, or the place where one can be begun.

    ``begin_for`` names the measure (or outcome) and round that an update begun here is for.
    """

    def __init__(self, context: PanelContext, *, lines: int = 9) -> None:
        super().__init__(context)
        self.making = False
        self._for: tuple[str, str, str | None] | None = None
        self.state = ChoiceField(context, "update.state", inline=True)
        self.covers = CoveredMeasuresField(context, "update", "Covers")
        self.round = RoundField(context, "update.round_id")
        self.text = UpdateText(context, "update.text", lines=lines, most=30, main=True, titled=False)
        self.source = TextField(context, "update.source", lines=2)
        self.note = TextField(context, "update.note", WORKING_NOTE, lines=2)
        self.delete_button = sign_button("trash-2", "Delete this update", self.delete_update)
        self.more_button = sign_button("ellipsis", "Source, round and note of this update", self._turn_more)
        self.more_button.setCheckable(True)
        self._lay_out()
        for field in self._fields():
            field.start = self._start

    def _lay_out(self) -> None:
        line = QWidget()
        flow = FlowLayout(line, spacing=10)
        for field in (self.state, self.covers):
            flow.addWidget(field)
        for button in (self.more_button, self.delete_button):
            flow.addWidget(button)
        self.column.addWidget(line)
        self.widgets += [self.state, self.covers]
        self.add(self.text, 1)
        self.add(self.source)
        self.add(self.round)
        self.add(self.note)

    def _fields(self) -> tuple[PanelField, ...]:
        return (self.state, self.covers, self.text, self.source, self.round, self.note)

    # ------------------------------------------------------------------ what is shown

    def begin_for(self, owner: Measure | Outcome, round_: Round | None) -> None:
        """Show an empty place; what is written in it becomes the update of ``owner`` for that round."""
        self._for = (owner.row_type, owner.id, round_.id if round_ else None)
        self.covers.outcome_id = owner.outcome_id if isinstance(owner, Measure) else owner.id
        self.covers.to_cover = (owner.id,) if isinstance(owner, Measure) else ()
        self.load(None)
        self.round.show_value(round_.id if round_ else None)

    def load(self, row: Row | None) -> None:
        super().load(row)
        self._arrange()

    def adopt(self, row: Update) -> None:
        """Go on with the update that what was typed here has become."""
        self.key = (row.row_type, row.id)
        for field in self._fields():
            field.adopt(row)
        self._arrange()

    def _arrange(self) -> None:
        """Show what this plan uses: evidence with its source, an update for a round with its state."""
        row = self.row()
        is_evidence = not (self.context.is_open and self.context.rounds)
        has_source = has_note = False
        if isinstance(row, Update):
            is_evidence = is_evidence or row.round_id is None
            has_source, has_note = bool(row.source), bool(row.note)
        more = self.more_button.isChecked()
        self.text.input.set_accessible_name("Evidence" if is_evidence else "Update")
        self.source.setVisible(is_evidence or has_source or more)
        self.round.offer(more)
        self.note.offer(has_note or more)
        self.delete_button.setEnabled(row is not None and self.context.may_go(row))

    def _turn_more(self) -> None:
        self._arrange()

    def apply(self, changed: Changed) -> None:
        super().apply(changed)
        if changed.touches("update", "round"):
            self._arrange()

    # ------------------------------------------------------------------ what is done

    def delete_update(self) -> None:
        """Delete this update."""
        row = self.row()
        if row is not None:
            self.context.do(lambda: delete_rows(self.context.editor, [row]))

    def _start(self, field: PanelField, value: Any) -> None:
        """Make the update out of the first thing said of it."""
        editor = self.context.editor
        if self._for is None:
            return
        row_type, owner_id, round_id = self._for
        owner = editor.row(row_type, owner_id)
        round_ = editor.find(Round, round_id) if round_id else None
        self.making = True
        try:
            if isinstance(owner, Measure) and field is self.text:
                self._begin_text(owner, round_, value)
                return
            with editor.step(f"Edit update for {short_name(owner)}" if owner else "Add update"):
                if isinstance(owner, Measure):
                    update = self._begin_text(owner, round_, "")
                elif isinstance(owner, Outcome):
                    update = begin_outcome_update(self.context, owner, round_)
                else:
                    return
                editor.session.flush()
                field.write(update, value)
        finally:
            self.making = False

    def _begin_text(self, measure: Measure, round_: Round | None, text: str) -> Update:
        return set_update_text(self.context.editor, measure, round_, text, sitting=True)


def state_of(update: Update) -> str:
    """The state that an update is shown with: one without words is empty, whatever it was called."""
    return update.state if update.text.strip() else "empty"


def begin_outcome_update(context: PanelContext, outcome: Outcome, round_: Round | None) -> Update:
    """A new update of the whole outcome for a round."""
    round_id = round_.id if round_ else None
    own = update_id(round_id, (), outcome.id)
    free = context.editor.find(Update, own) is None
    return add_row(context.editor, Update, outcome, id=own if free else new_id(), round_id=round_id)
