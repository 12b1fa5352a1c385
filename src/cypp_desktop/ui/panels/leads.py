"""Who leads: lines of an organisation, people, role and note, with completion, made new on the fly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from cypp_desktop.plan.identity import new_id
from cypp_desktop.plan.model import Action, Lead, Measure, Outcome, Person, Priority
from cypp_desktop.plan.shape import parent_of
from cypp_desktop.store.commands import add_row, delete_rows, move_rows, set_lead_people
from cypp_desktop.ui.panels.buttons import sign_button
from cypp_desktop.ui.panels.context import PanelContext
from cypp_desktop.ui.panels.fields import ChoiceField, WordsField
from cypp_desktop.ui.panels.flow_layout import FlowLayout
from cypp_desktop.ui.panels.links import OrganisationField, people_names
from cypp_desktop.ui.panels.panel_field import PanelField
from cypp_desktop.ui.panels.people import PeopleInput
from cypp_desktop.ui.panels.row_widget import Hint, RowGroup, RowWidget

if TYPE_CHECKING:
    from cypp_desktop.plan.base import Row
    from cypp_desktop.store.editor import Changed

_PEOPLE_FIELDS = "lead_person.person_id lead_person.lead_id lead_person.place"


def lead_words(lead: Lead) -> str:
    """A lead on one line: "Nottingham City Council — Public Health consultant (partner)"."""
    people = ", ".join(person.printed for person in lead.people)
    organisation = lead.organisation.name if lead.organisation else ""
    named = " — ".join(said for said in (organisation, people) if said)
    role = f" ({lead.role})" if lead.role and lead.role != "lead" else ""
    return (named or lead.note or "Nobody named") + role


def leads_of(row: Row | None) -> list[Lead]:
    """Who leads a row, in order; nobody leads rows that have no leads."""
    if isinstance(row, (Priority, Outcome, Measure, Action)):
        return list(row.leads)
    return []


class PeopleField(PanelField):
    """The people that a lead names."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__(context, "lead_person.person_id", "People or posts")
        self.setProperty("field", _PEOPLE_FIELDS)
        self.row_type = "lead"
        self.input = PeopleInput("People or posts")
        self.input.line.about_to_complete.connect(self._offer)
        self.input.changed.connect(self.chosen)
        self.input.line.textEdited.connect(self.typed)
        #: The new person whom the name being typed has made.
        self._half_typed: str | None = None
        self.input.opened.connect(self._open)
        self.take(self.input)

    def value(self) -> list[tuple[str | None, str]]:
        """The people named, the one who is being typed at the end; each as (id or None, printed words)."""
        words = self.input.typed_words()
        return [*self.input.people(), *([(self._half_typed, words)] if words else [])]

    def blank(self) -> list[tuple[str | None, str]]:
        return []

    def show_value(self, value: list[tuple[str | None, str]]) -> None:
        self.input.show_people(value)

    def show_anew(self, value: list[tuple[str | None, str]]) -> None:
        """Whoever is just being typed stays in the line, and becomes a chip when the name is done."""
        if value:
            last = value[-1]
            if last[1] == self.input.typed_words() and last not in self.input.people():
                value = value[:-1]
        self.show_value(value)

    def stored(self, row: Row) -> list[tuple[str | None, str]]:
        assert isinstance(row, Lead)
        return [(person.id, person.printed) for person in row.people]

    def write(self, row: Row, value: Any) -> None:
        assert isinstance(row, Lead)
        editor = self.context.editor
        half_typed = editor.find(Person, self._half_typed) if self._half_typed else None
        people = [
            words if known is None or known == self._half_typed else editor.find(Person, known) or words
            for known, words in value
        ]
        made = set_lead_people(editor, row, people, half_typed=half_typed)
        self._half_typed = made.id if made and self.input.typed_words() else None

    def load(self, row: Row | None) -> None:
        super().load(row)
        self._half_typed = None

    def lock(self, locked: bool) -> None:
        self.input.lock(locked)

    def flush(self) -> None:
        if self.input.typed_words():
            self.input.take_line()
        super().flush()

    def keep_typing(self) -> None:
        """Keep the name that is being typed, which stays where it is typed."""
        super().flush()

    def apply(self, changed: Changed) -> None:
        if changed.touches("lead_person", "person") or self.key in changed.added:
            self.refresh()

    def _offer(self) -> None:
        if self.context.is_open:
            self.input.line.suggestions.offer(people_names(self.context))

    def _open(self, person_id: str) -> None:
        self.context.jump.emit("person", person_id)


class LeadFields(RowGroup):
    """One lead, or the place where one can be begun for ``owner``."""

    def __init__(self, context: PanelContext, box: LeadsBox | None = None) -> None:
        super().__init__(context)
        self._box = box
        self.making = False
        self.organisation = OrganisationField(context, "lead.organisation_id", "Organisation")
        self.people = PeopleField(context)
        self.role = ChoiceField(context, "lead.role")
        self.note = WordsField(context, "lead.note")
        self._fields: tuple[PanelField, ...] = (self.organisation, self.people, self.role, self.note)
        self.column.setSpacing(4)
        top = QWidget()
        flow = FlowLayout(top, spacing=10, tops=True)
        first: tuple[PanelField, ...] = (self.organisation, self.role)
        self.widgets += first
        for field in first:
            flow.addWidget(field)
        self.column.addWidget(top)
        self.add(self.people)
        self.add(self.note)
        for field in self._fields:
            field.start = self._start if box is not None else None

    def adopt(self, row: Lead) -> None:
        """Go on with the lead that what was typed here has become."""
        self.key = (row.row_type, row.id)
        for field in self._fields:
            field.adopt(row)

    def _start(self, field: PanelField, value: Any) -> None:
        owner = self._box.row() if self._box is not None else None
        if owner is None:
            return
        editor = self.context.editor
        self.making = True
        try:
            lead_id = new_id()
            with editor.step("Add lead", sitting=f"lead/{lead_id}/{field.name}"):
                lead = add_row(editor, Lead, owner, id=lead_id)
                editor.session.flush()
                field.write(lead, value)
        finally:
            self.making = False


class LeadLine(QFrame):
    """The fields of one lead with the buttons that move and remove it."""

    def __init__(self, context: PanelContext, box: LeadsBox) -> None:
        super().__init__()
        self.setProperty("field", "lead.place")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAccessibleName("A lead")
        self.fields = LeadFields(context, box)
        self.up = sign_button("arrow-up", "Move this lead up", lambda: box.move_lead(self, -1))
        self.down = sign_button("arrow-down", "Move this lead down", lambda: box.move_lead(self, 1))
        self.remove = sign_button("trash-2", "Remove this lead", lambda: box.remove_lead(self))
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 6, 4, 6)
        row.addWidget(self.fields, 1)
        buttons = QVBoxLayout()
        for button in (self.up, self.down, self.remove):
            buttons.addWidget(button)
        buttons.addStretch(1)
        row.addLayout(buttons)


class LeadsBox(RowWidget):
    """All leads of a priority, outcome, measure or action."""

    def __init__(self, context: PanelContext, label: str = "Lead organisations and people") -> None:
        super().__init__(context)
        self.setAccessibleName(label)
        self.lines: list[LeadLine] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self.label = QLabel(label)
        column.addWidget(self.label)
        self._nobody = Hint("Nobody is named yet.")
        column.addWidget(self._nobody)
        self._column = QVBoxLayout()
        column.addLayout(self._column)
        self.add_button = sign_button("user-plus", "Add a lead", self.add_lead, text="Add lead")
        column.addWidget(self.add_button)

    # ------------------------------------------------------------------ what is shown

    def load(self, row: Row | None) -> None:
        super().load(row)
        self._show(keep=False)
        self.add_button.setEnabled(row is not None and not self.context.is_locked(row))

    def apply(self, changed: Changed) -> None:
        for line in self.lines:
            line.fields.apply(changed)
        if changed.touches("lead"):
            self._show(keep=True)

    def flush(self) -> None:
        for line in tuple(self.lines):
            line.fields.flush()

    def _leads(self) -> list[Lead]:
        return leads_of(self.row())

    def _show(self, *, keep: bool) -> None:
        """Show the leads, each in the line it had; with ``keep``, a line begun and not yet kept stays."""
        leads = self._leads()
        begun = self._begun_line() if keep else None
        lines: list[LeadLine] = []
        spare = self._spare_lines(leads, begun)
        for lead in leads:
            line = self._line_of(lead)
            if line is None and begun is not None and begun.fields.making:
                line, begun = begun, None
                line.fields.adopt(lead)
            elif line is None:
                line = spare.pop() if spare else LeadLine(self.context, self)
                line.fields.load(lead)
            elif not keep:
                line.fields.load(lead)
            lines.append(line)
        if begun is not None:
            lines.append(begun)
        for line in spare:
            self._drop(line)
        self._put_in_order(lines)
        self._enable()

    def _put_in_order(self, lines: list[LeadLine]) -> None:
        self.lines = lines
        for at, line in enumerate(lines):
            if self._column.indexOf(line) != at:
                self._column.insertWidget(at, line)

    def _begun_line(self) -> LeadLine | None:
        """The line of a lead that is begun and not yet kept."""
        for line in self.lines:
            if line.fields.key is None:
                return line
        return None

    def _line_of(self, lead: Lead) -> LeadLine | None:
        """The line that shows a lead; the last, should there be two."""
        found = None
        for line in self.lines:
            if line.fields.key is not None and line.fields.key[1] == lead.id:
                found = line
        return found

    def _spare_lines(self, leads: list[Lead], begun: LeadLine | None) -> list[LeadLine]:
        """The lines that show none of these leads, and can be given to others."""
        shown = [self._line_of(lead) for lead in leads]
        return [line for line in self.lines if line is not begun and line not in shown]

    def _drop(self, line: LeadLine) -> None:
        line.fields.load(None)
        line.hide()
        line.deleteLater()

    def _enable(self) -> None:
        free, moves = not self.context.is_locked(self.row()), self.context.may_arrange
        count = sum(1 for line in self.lines if line.fields.key)
        for at, line in enumerate(self.lines):
            kept = line.fields.key is not None
            line.up.setEnabled(moves and kept and at > 0)
            line.down.setEnabled(moves and kept and at < count - 1)
            line.remove.setEnabled(free)
            line.show()
        self._nobody.setVisible(not self.lines)

    # ------------------------------------------------------------------ what is done

    def add_lead(self) -> None:
        """Begin a new lead; it is kept once something is said in it."""
        self.flush()
        begun = self._begun_line()
        if begun is None:
            begun = LeadLine(self.context, self)
            self.lines.append(begun)
            self._column.addWidget(begun)
            begun.fields.load(None)
        self._enable()
        begun.fields.organisation.setFocus()

    def remove_lead(self, line: LeadLine) -> None:
        """Remove a lead."""
        lead = line.fields.row()
        if lead is not None:
            self.context.do(lambda: delete_rows(self.context.editor, [lead]))
            return
        self.lines.remove(line)
        self._drop(line)
        self._enable()

    def move_lead(self, line: LeadLine, step: int) -> None:
        """Move a lead up (-1) or down (1)."""
        self.flush()
        lead = line.fields.row()
        at = self.lines.index(line) + step
        if lead is not None and 0 <= at < len(self._leads()):
            self.context.do(lambda: move_rows(self.context.editor, [lead], parent_of(lead), at))


class LeadSummary(RowWidget):
    """Who leads, in words, at the foot of a panel, with a button to the place where it is edited."""

    def __init__(self, context: PanelContext, edit: Any) -> None:
        super().__init__(context)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 4, 0, 0)
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setAccessibleName("Lead")
        row.addWidget(self.words, 1)
        self.button = sign_button("pencil", "Edit who leads", edit, text="Edit lead")
        row.addWidget(self.button)

    def load(self, row: Row | None) -> None:
        super().load(row)
        self._say()

    def apply(self, changed: Changed) -> None:
        if changed.touches("lead", "lead_person", "person", "organisation"):
            self._say()

    def _say(self) -> None:
        row = self.row()
        leads = leads_of(row)
        self.words.setText("Lead: " + ("; ".join(lead_words(lead) for lead in leads) or "nobody named yet"))
        self.button.setEnabled(not self.context.is_locked(row))
