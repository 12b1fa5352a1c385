"""The value of an observation in a field of its own: an exact number, or words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cypp_desktop.plan.figures import parsed_value
from cypp_desktop.plan.model import Observation
from cypp_desktop.store.commands import set_field
from cypp_desktop.ui.panels.context import PanelContext
from cypp_desktop.ui.panels.fields import LineField
from cypp_desktop.ui.panels.value_cells import value_words

if TYPE_CHECKING:
    from cypp_desktop.plan.base import Row


class ValueField(LineField):
    """A number kept to the last digit, or words such as "good" or "136th of 137"."""

    def __init__(self, context: PanelContext, name: str, label: str | None = None) -> None:
        super().__init__(context, name, label, chars=16, hint="A number, or words.")

    def value(self) -> Any:
        return self.input.text().strip()

    def stored(self, row: Row) -> str:
        assert isinstance(row, Observation)
        return value_words(row)

    def write(self, row: Row, value: Any) -> None:
        assert isinstance(row, Observation)
        set_field(self.context.editor, row, "value", parsed_value(value, row.unit), sitting=True)
