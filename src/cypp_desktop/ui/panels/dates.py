"""Fields for days, due dates and periods: words are typed, and what was understood stands beneath."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from cypp_desktop.plan.dates import DaySpan, day_in_words, kept_span, parse_span, runs_backwards
from cypp_desktop.store.commands import set_field
from cypp_desktop.ui.panels.context import PanelContext
from cypp_desktop.ui.panels.fields import LineField
from cypp_desktop.ui.panels.flow_layout import FlowLayout
from cypp_desktop.ui.panels.inputs import LineInput
from cypp_desktop.ui.panels.panel_field import NOT_YET, PanelField, or_none

if TYPE_CHECKING:
    from cypp_desktop.plan.base import Row

NOT_A_DAY = "Not understood as a day, so not kept. Try “15 June 2018”."
BACKWARDS = "The last day is before the first, so these days are not kept."


def day_of(words: str) -> str | None:
    """The ISO day that words name: a day itself, or the last day of a month or year; None for others."""
    return parse_span(words).end


class DayField(LineField):
    """One day, typed in words."""

    def __init__(self, context: PanelContext, name: str, label: str | None = None) -> None:
        super().__init__(context, name, label, chars=18)
        self.input.setPlaceholderText("15 June 2018")
        self.input.textChanged.connect(self._say)

    def value(self) -> Any:
        words = self.input.text().strip()
        return (day_of(words) or NOT_YET) if words else None

    def show_value(self, value: str | None) -> None:
        super().show_value(day_in_words(value) if value else None)

    def _say(self, words: str) -> None:
        understood = day_of(words)
        if not words.strip() or (understood and day_in_words(understood) == words.strip()):
            self.hint.say("")
        else:
            self.hint.say(day_in_words(understood) if understood else NOT_A_DAY)

    def left(self) -> None:
        super().left()
        row = self.row()
        if not self.is_pending and row is not None:
            self.show_value(self.stored(row))


class SpanField(PanelField):
    """A due date or period: the printed words, what days they stand for, and a way to say the days.

    The field group is ``name`` with ``_start``, ``_end`` and perhaps ``_precision``.
    """

    def __init__(self, context: PanelContext, name: str, label: str | None = None, *, example: str) -> None:
        super().__init__(context, name, label)
        self.input = LineInput()
        self.input.setPlaceholderText(example)
        self.input.textEdited.connect(self._words_typed)
        self.input.returnPressed.connect(self.left)
        self.input.focus_left.connect(self.left)
        self.take(self.input)
        self.box.removeWidget(self.hint)
        below = QHBoxLayout()
        below.addWidget(self.hint, 1)
        self.days_button = QToolButton()
        self.days_button.setText("Days…")
        self.days_button.setCheckable(True)
        self.days_button.setAutoRaise(True)
        self.days_button.setAccessibleName(f"Say the days of: {self.words}")
        self.days_button.setToolTip("Say the first and the last day where the words were not understood")
        self.days_button.toggled.connect(self._show_days)
        below.addWidget(self.days_button)
        self.box.addLayout(below)
        self._days = QWidget()
        flow = FlowLayout(self._days)
        self.first = self._day_line(flow, "From")
        self.last = self._day_line(flow, "To")
        self.box.addWidget(self._days)
        self._days.hide()
        self._days_said = False

    def _day_line(self, flow: FlowLayout, words: str) -> LineInput:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        label = QLabel(words)
        line = LineInput()
        line.setAccessibleName(f"{self.words}, {words.lower()}")
        line.setPlaceholderText("15 June 2018")
        label.setBuddy(line)
        line.textEdited.connect(self._days_typed)
        line.focus_left.connect(self.left)
        line.returnPressed.connect(self.left)
        row.addWidget(label)
        row.addWidget(line, 1)
        holder.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        flow.addWidget(holder)
        return line

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().averageCharWidth() * 32, super().sizeHint().height())

    # ------------------------------------------------------------------ value

    def value(self) -> Any:
        """The words alone, from which the editor works the days out; a mapping where days were said."""
        words = or_none(self.input.text())
        if not self._days_said:
            return words
        days = {}
        for part, line in (("start", self.first), ("end", self.last)):
            said = line.text().strip()
            days[f"{self.name}_{part}"] = day_of(said) if said else None
            if said and days[f"{self.name}_{part}"] is None:
                return NOT_YET
        return NOT_YET if runs_backwards(*days.values()) else {self.name: words, **days}

    def write(self, row: Row, value: Any) -> None:
        if isinstance(value, dict) and hasattr(row, f"{self.name}_precision"):
            value = {**value, f"{self.name}_precision": _precision(value, self.name)}
        set_field(self.context.editor, row, self.name, value, sitting=True)
        self.note_stored(row)

    def show_value(self, value: dict[str, Any]) -> None:
        self._days_said = False
        self.input.setText(value[self.name] or "")
        self.input.setCursorPosition(0)
        self._show_span(_span(value, self.name))

    def show_anew(self, value: dict[str, Any]) -> None:
        if or_none(self.input.text()) != value[self.name]:
            self.show_value(value)

    def note_stored(self, row: Row) -> None:
        self._days_said = False
        self._show_span(_span(self.stored(row), self.name))

    def load(self, row: Row | None) -> None:
        super().load(row)
        self.days_button.setChecked(False)

    def lock(self, locked: bool) -> None:
        for line in (self.input, self.first, self.last):
            line.setReadOnly(locked)

    # ------------------------------------------------------------------ what is shown

    def _words_typed(self, words: str) -> None:
        self._days_said = False
        self._show_span(parse_span(words))
        self.typed()

    def _days_typed(self) -> None:
        self._days_said = True
        if self.value() is NOT_YET:
            known = all(day_of(said) for line in (self.first, self.last) if (said := line.text().strip()))
            self.hint.say(BACKWARDS if known else NOT_A_DAY)
        self.typed()

    def _show_span(self, span: DaySpan) -> None:
        has_words = bool(self.input.text().strip() or span.start or span.end)
        self.hint.say(f"Understood as: {span.in_words()}" if has_words else "")
        for line, day in ((self.first, span.start), (self.last, span.end)):
            words = day_in_words(day) if day else ""
            is_being_typed = line.hasFocus() and day_of(line.text().strip()) == day
            if line.text() != words and not is_being_typed:
                line.setText(words)

    def _show_days(self, shown: bool) -> None:
        self._days.setVisible(shown)


def _span(value: dict[str, Any], name: str) -> DaySpan:
    days = value[f"{name}_start"], value[f"{name}_end"]
    return kept_span(value[name], *days, value.get(f"{name}_precision"))


def _precision(value: dict[str, Any], name: str) -> str | None:
    """How exact days are that a person said."""
    start, end = value[f"{name}_start"], value[f"{name}_end"]
    if not start and not end:
        return "unknown" if value[name] else None
    return "day" if start == end or not (start and end) else "range"
