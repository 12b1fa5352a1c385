"""A field of long text, edited in the rich editor as the Markdown that the plan holds."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from cypp_desktop.ui import theme
from cypp_desktop.ui.panels.fields import Field
from cypp_desktop.ui.panels.part import Desk
from cypp_desktop.ui.richtext.editor import RichTextEdit


class TextField(Field):
    """A text of the plan. ``lines`` is about how many lines of it are seen at least."""

    def __init__(self, desk: Desk, name: str, label: str, *, lines: int = 4, hint: str = "") -> None:
        super().__init__(desk, name, label, hint=hint)
        self._lines = lines
        self.input = RichTextEdit()
        self.input.edited.connect(self.typed)
        self.input.focus_left.connect(self.left)
        self.take(self.input)
        policy = QSizePolicy.Policy
        self.input.setSizePolicy(policy.Expanding, policy.Expanding if lines > 6 else policy.Preferred)
        self._give_room()

    def take(self, widget: QWidget, *, label: bool = True) -> None:
        super().take(widget, label=label)
        self.input.set_accessible_name(self.words)

    def value(self) -> str | None:
        return self.input.markdown() or None

    def show_value(self, value: str | None) -> None:
        self.input.set_markdown(value)

    def refresh(self) -> None:
        row = self.row()
        if row is not None and not self.is_pending:
            self.input.refresh_markdown(self.stored(row))

    def lock(self, locked: bool) -> None:
        self.input.set_read_only(locked)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "input"):
            self._give_room()

    def _give_room(self) -> None:
        self.input.setMinimumHeight(self.fontMetrics().lineSpacing() * self._lines + theme.scaled(self, 40))
