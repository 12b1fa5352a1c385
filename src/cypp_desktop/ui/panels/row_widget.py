"""What all that stands in a panel has in common: it shows a row, follows changes, and hands typing over.

Nothing here knows one kind of row.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from cypp_desktop.ui import theme
from cypp_desktop.ui.panels.context import PanelContext, RowKey
from cypp_desktop.ui.panels.flow_layout import FlowLayout

if TYPE_CHECKING:
    from cypp_desktop.plan.base import Row
    from cypp_desktop.store.editor import Changed


class RowWidget(QWidget):
    """Something that shows one row, or something of it."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self.context = context
        self.key: RowKey | None = None

    def row(self) -> Row | None:
        """The row shown, or None where there is none (any more)."""
        return self.context.row(self.key)

    def load(self, row: Row | None) -> None:
        """Show another row, or nothing. What was being typed for the last one must be handed over before."""
        self.key = (row.row_type, row.id) if row is not None else None

    def apply(self, changed: Changed) -> None:
        """Show what a step has changed, leaving alone what is being typed."""

    def flush(self) -> None:
        """Hand what is being typed to the editor now."""


class RowGroup(RowWidget):
    """Widgets one below another that show the same row."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__(context)
        self.widgets: list[RowWidget] = []
        #: each heading with the number of widgets that stand before it
        self._headings: list[tuple[PanelHeading, int]] = []
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(10)

    def add(self, widget: RowWidget, stretch: int = 0) -> None:
        """Add a widget below the others."""
        self.widgets.append(widget)
        self.column.addWidget(widget, stretch)

    def add_line(self, *widgets: RowWidget) -> None:
        """Add widgets side by side; they go on in the next line where there is no room."""
        line = QWidget()
        flow = FlowLayout(line, spacing=10, tops=True)
        for widget in widgets:
            self.widgets.append(widget)
            flow.addWidget(widget)
        self.column.addWidget(line)

    def add_heading(self, words: str) -> None:
        """Add a heading over the widgets that follow; it is shown with the first of them that is."""
        heading = PanelHeading(words)
        self._headings.append((heading, len(self.widgets)))
        self.column.addWidget(heading)

    def end(self) -> None:
        """Keep the widgets together at the top where there is more room than they need."""
        self.column.addStretch(1)

    def load(self, row: Row | None) -> None:
        super().load(row)
        for widget in self.widgets:
            widget.load(row)
        end = len(self.widgets)
        for heading, first in reversed(self._headings):
            heading.setHidden(all(widget.isHidden() for widget in self.widgets[first:end]))
            end = first

    def apply(self, changed: Changed) -> None:
        for widget in self.widgets:
            widget.apply(changed)

    def flush(self) -> None:
        for widget in self.widgets:
            widget.flush()


class PanelHeading(QLabel):
    """A small heading within a panel."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        font = QFont()  # only the weight is our own: the size goes on following the window's
        font.setBold(True)
        self.setFont(font)
        self.setContentsMargins(0, 8, 0, 0)


class Hint(QLabel):
    """A muted line under a field."""

    def __init__(self, words: str = "") -> None:
        super().__init__(words)
        self.setWordWrap(True)
        self.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.setMinimumWidth(theme.scaled(self, 40))

    def say(self, words: str) -> None:
        """Show words; no words take no room."""
        self.setText(words)
        self.setVisible(bool(words))


def choice_words(value: str | None) -> str:
    """A stored choice as the person reads it: "data provider" as "Data provider"."""
    return value[:1].upper() + value[1:] if value else "Not said"


def edited_fields(changed: Changed, key: RowKey | None) -> Iterable[str]:
    """The names of the fields of a row that a step edited."""
    return changed.edited.get(key, frozenset()) if key is not None else frozenset()


def values_of(row: Any, columns: Iterable[str]) -> dict[str, Any]:
    """Some columns of a row by name."""
    return {column: getattr(row, column) for column in columns}
