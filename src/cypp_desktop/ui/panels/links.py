"""Fields that name another row: the organisation of a person, the round of an update."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cypp_desktop.plan.model import Lead, Organisation, Person
from cypp_desktop.store.commands import set_field, set_organisation
from cypp_desktop.store.queries import rows_in_order
from cypp_desktop.ui.panels.context import PanelContext
from cypp_desktop.ui.panels.fields import ChoiceField, SuggestField
from cypp_desktop.ui.panels.panel_field import or_none

if TYPE_CHECKING:
    from cypp_desktop.plan.base import Row
    from cypp_desktop.store.editor import Changed

NO_ROUND = "No round"


def organisation_names(context: PanelContext) -> list[str]:
    """The names of all organisations, in the plan's order, then their short names."""
    listed = rows_in_order(context.editor.session, Organisation)
    return [row.name for row in listed] + [row.short_name for row in listed if row.short_name]


def people_names(context: PanelContext) -> list[str]:
    """The names of all people and posts, in the plan's order."""
    listed = rows_in_order(context.editor.session, Person)
    return [row.printed for row in listed]


class OrganisationField(SuggestField):
    """The organisation that a row belongs to, by name; a name not known yet becomes a new one."""

    def __init__(self, context: PanelContext, name: str, label: str | None = None) -> None:
        super().__init__(
            context,
            name,
            label,
            usual=lambda: organisation_names(context),
            chars=32,
            hint="Adds a new organisation.",
        )
        self.hint.hide()
        #: The new organisation that the name being typed has made.
        self._half_typed: str | None = None
        self._is_typing = self._is_writing = False
        #: The name that the words typed here stand for, as the plan holds it.
        self._written: str | None = None

    def stored(self, row: Row) -> str | None:
        assert isinstance(row, (Lead, Person))
        return row.organisation.name if row.organisation else None

    def load(self, row: Row | None) -> None:
        super().load(row)
        self._is_typing, self._half_typed = False, None
        self.hint.hide()

    def write(self, row: Row, value: str | None) -> None:
        assert isinstance(row, (Lead, Person))
        editor = self.context.editor
        half_typed = editor.find(Organisation, self._half_typed) if self._half_typed else None
        self._is_writing = True
        try:
            made = set_organisation(editor, row, value, half_typed=half_typed)
        finally:
            self._is_writing = False
        self._half_typed = made.id if made else None
        named = editor.find(Organisation, row.organisation_id) if row.organisation_id else None
        self._written = named.name if named else None

    def show_anew(self, value: str | None) -> None:
        if self._is_typing and (self._is_writing or value == self._written):
            return  # a short name stands for an organisation only when it is all
        self._is_typing, self._half_typed = False, None
        self.hint.hide()
        super().show_anew(value)

    def typed(self) -> None:
        super().typed()
        self._is_typing = True
        listed = rows_in_order(self.context.editor.session, Organisation)
        known: set[str] = set()
        for row in listed:
            if row.id != self._half_typed:
                known.update(name.casefold() for name in (row.name, row.short_name) if name)
        words = or_none(self.input.text())
        self.hint.setVisible(words is not None and words.casefold() not in known)

    def chosen(self) -> None:
        self._is_typing = False
        super().chosen()

    def left(self) -> None:
        self._is_typing = False
        super().left()
        self._half_typed = None
        self.hint.hide()

    def apply(self, changed: Changed) -> None:
        super().apply(changed)
        if changed.touches("organisation"):
            self.refresh()


class RoundField(ChoiceField):
    """The round that an update was written for."""

    def __init__(self, context: PanelContext, name: str, label: str | None = None) -> None:
        super().__init__(context, name, label)

    def load(self, row: Row | None) -> None:
        self._list_rounds()
        super().load(row)

    def apply(self, changed: Changed) -> None:
        if changed.touches("round"):
            self._list_rounds()
            self.refresh()
        super().apply(changed)

    def write(self, row: Row, value: str | None) -> None:
        set_field(self.context.editor, row, self.name, value)

    def _list_rounds(self) -> None:
        self.input.clear()
        self.input.addItem(NO_ROUND, None)
        if not self.context.is_open:
            return
        for round_ in self.context.rounds:
            self.input.addItem(round_.name, round_.id)
