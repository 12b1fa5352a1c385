"""The update page of a measure: this round's text, and last round's beneath it to look at or bring down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from cypp_desktop.plan.model import Measure, Round, Update
from cypp_desktop.store.commands import add_row, set_covered, set_update_text
from cypp_desktop.store.queries import updates_of_outcome
from cypp_desktop.ui import theme
from cypp_desktop.ui.panels.buttons import sign_button
from cypp_desktop.ui.panels.context import PanelContext
from cypp_desktop.ui.panels.inputs import ChoiceBox
from cypp_desktop.ui.panels.links import NO_ROUND
from cypp_desktop.ui.panels.row_widget import PanelHeading, RowWidget
from cypp_desktop.ui.panels.texts import FittingText
from cypp_desktop.ui.panels.update import UpdateFields

if TYPE_CHECKING:
    from cypp_desktop.plan.base import Row
    from cypp_desktop.store.editor import Changed


def outcome_updates(context: PanelContext, outcome_id: str) -> list[Update]:
    """The updates in an outcome, in order, with what each covers."""
    session = context.editor.session
    return context.fact(("updates", outcome_id), lambda: updates_of_outcome(session, outcome_id))


def covering(updates: Sequence[Update], measure: Measure, round_id: str | None) -> list[Update]:
    """Those updates that cover a measure in a round."""
    found = []
    for update in updates:
        covered = [link.measure_id for link in update.measure_links]
        if update.round_id == round_id and measure.id in covered:
            found.append(update)
    return found


class LastRound(RowWidget):
    """What was written in an earlier round, to read and to bring down."""

    def __init__(self, context: PanelContext, bring_down: QWidget) -> None:
        super().__init__(context)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.scaled(self, 6), 0, 0)
        top = QHBoxLayout()
        self.heading = PanelHeading("")
        self.heading.setWordWrap(True)
        top.addWidget(self.heading, 1)
        top.addWidget(bring_down)
        column.addLayout(top)
        self.text = FittingText(1, 12, quiet=True)
        self.text.set_read_only(True)
        column.addWidget(self.text)

    def say(self, round_name: str, text: str) -> None:
        """Show a text and the round that it was written for."""
        self.heading.setText(f"Last time: {round_name} (read only)")
        self.text.set_accessible_name(f"Update of {round_name}, read only")
        if self.text.markdown() != text:
            self.text.set_markdown(text)


class UpdatePage(RowWidget):
    """All that is written about one measure, round by round."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__(context)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(10)
        self.chooser = ChoiceBox()
        self.chooser.setAccessibleName("Reporting round shown")
        self.chooser.activated.connect(self._round_chosen)
        self._chooser_line = QWidget()
        line = QHBoxLayout(self._chooser_line)
        line.setContentsMargins(0, 0, 0, 0)
        label = QLabel("Round")
        label.setBuddy(self.chooser)
        line.addWidget(label)
        line.addWidget(self.chooser, 1)
        self._column.addWidget(self._chooser_line)
        self.editors: list[UpdateFields] = []
        self._updates = QVBoxLayout()
        self._column.addLayout(self._updates, 1)
        self.add_button = sign_button("plus", "Add another update", self.add_update, text="Add another")
        self._column.addWidget(self.add_button)
        self.bring_button = sign_button(
            "arrow-up", "Bring this text down into the update", self.bring_down, text="Bring down"
        )
        self.last = LastRound(context, self.bring_button)
        self._column.addWidget(self.last)
        self._chosen: str | None = None
        self._followed = True

    # ------------------------------------------------------------------ what is shown

    @property
    def measure(self) -> Measure | None:
        """The measure shown."""
        row = self.row()
        return row if isinstance(row, Measure) else None

    @property
    def round(self) -> Round | None:
        """The round shown; None for what belongs to no round."""
        return self.context.editor.find(Round, self._chosen) if self._chosen else None

    def load(self, row: Row | None) -> None:
        super().load(row)
        for editor in self.editors:
            editor.load(None)
        if row is not None:
            self._list_rounds()
            self._show()

    def apply(self, changed: Changed) -> None:
        for editor in self.editors:
            editor.apply(changed)
        if changed.touches("round"):
            self._list_rounds()
        if changed.touches("round", "update", "update_measure"):
            self._show()

    def flush(self) -> None:
        for editor in self.editors:
            editor.flush()

    def show_update(self, update: Update) -> None:
        """Show the round in which an update stands."""
        self._followed = False
        self._chosen = update.round_id
        self._list_rounds()
        self._show()

    def _list_rounds(self) -> None:
        """The rounds to choose from; the current one is shown until another is chosen."""
        listed = self.context.rounds
        if self._followed or self._chosen not in {None, *(round_.id for round_ in listed)}:
            self._chosen = self._current_round_id()
        measure = self.measure
        has_loose = measure is not None and bool(self._covering(measure, None))
        self.chooser.clear()
        for round_ in listed:
            self.chooser.addItem(round_.name or "Round without a name", round_.id)
        if has_loose or not listed or self._chosen is None:
            self.chooser.addItem(NO_ROUND, None)
        self.chooser.setCurrentIndex(self.chooser.findData(self._chosen))
        self._chooser_line.setVisible(bool(listed) and self.context.limits is None)

    def _current_round_id(self) -> str | None:
        current = self.context.current_round
        return current.id if current else None

    def show_round(self, round_id: str | None) -> None:
        """Show what is written for a round; None is what belongs to no round."""
        at = self.chooser.findData(round_id)
        if at >= 0 and round_id != self._chosen:
            self.chooser.setCurrentIndex(at)
            self._round_chosen()

    def _round_chosen(self) -> None:
        self.flush()
        self._chosen = self.chooser.currentData()
        self._followed = self._chosen == self._current_round_id()
        self._show()

    def _show(self) -> None:
        measure = self.measure
        if measure is None:
            return
        updates = outcome_updates(self.context, measure.outcome_id)
        here = covering(updates, measure, self._chosen)
        self._show_updates(measure, here)
        self.add_button.setVisible(bool(here) and not self.context.is_locked(measure))
        words = "Add another update" if self._chosen else "Add more evidence"
        self.add_button.setText(words)
        self._show_last(measure, updates)

    def _show_updates(self, measure: Measure, here: Sequence[Update]) -> None:
        """Show each update in the editor that it had; without any, one in which one can be begun."""
        wanted = max(1, len(here))
        while len(self.editors) < wanted:
            editor = UpdateFields(self.context, lines=9)
            self.editors.append(editor)
            self._updates.addWidget(editor, 1)
        by_key = {editor.key: editor for editor in self.editors if editor.key}
        for at, update in enumerate(here):
            self._show_update_at(at, update, by_key.get(("update", update.id)))
        if not here:
            self.editors[0].begin_for(measure, self.round)
        for editor in self.editors[wanted:]:
            if editor.key is not None:
                editor.load(None)
            editor.hide()

    def _show_update_at(self, at: int, update: Update, had: UpdateFields | None) -> None:
        """Show an update as the one at a place; ``had`` is the editor that shows it already."""
        editor = had or self.editors[at]
        if editor is not self.editors[at]:
            self.editors.remove(editor)
            self.editors.insert(at, editor)
            self._updates.insertWidget(at, editor, 1)
        if editor.key is None and editor.making:
            editor.adopt(update)
        elif editor.key != ("update", update.id):
            editor.load(update)
        editor.show()

    def _show_last(self, measure: Measure, updates: Sequence[Update]) -> None:
        found = self._last_text(measure, updates)
        self.last.setVisible(found is not None)
        if found is not None:
            self.last.say(*found)
        self.bring_button.setEnabled(not self.context.is_locked(measure))

    def _last_text(self, measure: Measure, updates: Sequence[Update]) -> tuple[str, str] | None:
        """The name and text of the latest round before the one shown in which something was written."""
        if self._chosen is None:
            return None
        listed = self.context.rounds
        at = next((at for at, round_ in enumerate(listed) if round_.id == self._chosen), 0)
        for round_ in reversed(listed[:at]):
            texts = [update.text for update in covering(updates, measure, round_.id) if update.text.strip()]
            if texts:
                return round_.name, "\n\n".join(texts)
        return None

    # ------------------------------------------------------------------ what is done

    def bring_down(self) -> None:
        """Put last round's text into this round's update, after what stands there."""
        self.flush()
        measure = self.measure
        if measure is None:
            return
        found = self._last_text(measure, outcome_updates(self.context, measure.outcome_id))
        if found is None:
            return
        here = self._covering(measure, self._chosen)
        now = here[0].text if here else ""
        text = f"{now.rstrip()}\n\n{found[1]}" if now.strip() else found[1]
        self.context.do(lambda: set_update_text(self.context.editor, measure, self.round, text))

    def add_update(self) -> None:
        """Add another update of this measure for the round shown, unless the last has no words yet.

        The cursor goes where its words are written.
        """
        self.flush()
        measure = self.measure
        if measure is None:
            return
        editor = self.context.editor
        last = self._last_here(measure)
        if last is not None and not last.text.strip():
            self._write_in(last)
            return

        def add() -> None:
            with editor.step("Add update" if self._chosen else "Add evidence"):
                after = self._last_here(measure)
                update = add_row(editor, Update, measure.outcome, after=after, round_id=self._chosen)
                editor.session.flush()
                set_covered(editor, update, [measure])

        if self.context.do(add):
            self._write_in(self._last_here(measure))

    def _write_in(self, update: Update | None) -> None:
        """Put the cursor in the text of an update that is shown."""
        for editor in self.editors:
            if update is not None and editor.key == ("update", update.id):
                editor.text.input.setFocus()

    def _last_here(self, measure: Measure) -> Update | None:
        here = self._covering(measure, self._chosen)
        return here[-1] if here else None

    def _covering(self, measure: Measure, round_id: str | None) -> list[Update]:
        return covering(outcome_updates(self.context, measure.outcome_id), measure, round_id)
