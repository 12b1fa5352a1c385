"""The fields of panels by what they hold: a line, words, a choice, yes or no, a number.

What all of them do is said in :mod:`cypp_desktop.ui.panels.panel_field`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QCheckBox, QSizePolicy

from cypp_desktop.plan.base import fields_of, row_classes
from cypp_desktop.plan.rag import amber_share
from cypp_desktop.ui.panels.context import PanelContext
from cypp_desktop.ui.panels.inputs import (
    ChoiceBox,
    CompletingLine,
    GrowingText,
    LineInput,
    NumberInput,
)
from cypp_desktop.ui.panels.panel_field import PanelField, or_none
from cypp_desktop.ui.panels.row_widget import choice_words


class LineField(PanelField):
    """A short piece of words: a code, a number, an address."""

    def __init__(
        self,
        context: PanelContext,
        name: str,
        label: str | None = None,
        *,
        chars: int = 24,
        hint: str = "",
        column: str | None = None,
    ) -> None:
        super().__init__(context, name, label, hint=hint, column=column)
        self.input = self.make_input()
        self._chars = chars
        self.input.textEdited.connect(self.typed)
        self.input.returnPressed.connect(self.left)
        self.input.focus_left.connect(self.left)
        self.take(self.input)

    def make_input(self) -> LineInput:
        return LineInput()

    def sizeHint(self) -> QSize:
        width = self.fontMetrics().averageCharWidth() * self._chars
        return QSize(max(width, self.label.sizeHint().width()), super().sizeHint().height())

    def value(self) -> str | None:
        return or_none(self.input.text())

    def show_value(self, value: str | None) -> None:
        self.input.setText(value or "")
        self.input.setCursorPosition(0)

    def lock(self, locked: bool) -> None:
        self.input.setReadOnly(locked)


class SuggestField(LineField):
    """Words with completion from what is used already; ``usual`` gives the words to offer."""

    def __init__(
        self,
        context: PanelContext,
        name: str,
        label: str | None = None,
        *,
        usual: Sequence[str] | Callable[[], Iterable[str]],
        chars: int = 24,
        hint: str = "",
        column: str | None = None,
    ) -> None:
        super().__init__(context, name, label, chars=chars, hint=hint, column=column)
        self._usual = usual
        self.completing.about_to_complete.connect(self._offer)
        self.completing.suggestions.activated.connect(self.chosen)

    def make_input(self) -> LineInput:
        self.completing = CompletingLine()
        return self.completing

    def _offer(self) -> None:
        if not self.context.is_open:
            return
        usual = self._usual() if callable(self._usual) else self._usual
        self.completing.suggestions.offer(usual)


class WordsField(PanelField):
    """Words of one or a few lines: a title, a source."""

    def __init__(self, context: PanelContext, name: str, label: str | None = None, *, hint: str = "") -> None:
        super().__init__(context, name, label, hint=hint)
        self.input = GrowingText()
        self.input.textChanged.connect(self._text_changed)
        self.input.entered.connect(self.left)
        self.input.focus_left.connect(self.left)
        self._showing = False
        self.take(self.input)

    def value(self) -> str | None:
        return or_none(self.input.toPlainText())

    def show_value(self, value: str | None) -> None:
        self._showing = True
        self.input.setPlainText(value or "")
        self._showing = False

    def lock(self, locked: bool) -> None:
        self.input.setReadOnly(locked)

    def _text_changed(self) -> None:
        if not self._showing:
            self.typed()


class ChoiceField(PanelField):
    """One of the field's choices; ``words`` gives those that do not read well as stored."""

    def __init__(
        self,
        context: PanelContext,
        name: str,
        label: str | None = None,
        *,
        words: Mapping[str, str] | None = None,
        inline: bool = False,
    ) -> None:
        super().__init__(context, name, label)
        self.input = ChoiceBox()
        known = words or {}
        for choice in self._choices():
            self.input.addItem(known.get(choice or "") or choice_words(choice), choice)
        self.input.activated.connect(self.chosen)
        self.take(self.input, inline=inline)

    def _choices(self) -> Sequence[str | None]:
        """What can be chosen; None, to leave it unsaid, comes first."""
        cls = row_classes()[self.row_type]
        choices = fields_of(cls)[self.name].choices or ()
        return (None, *choices) if choices and cls.__table__.columns[self.name].nullable else choices

    def value(self) -> str | None:
        found: str | None = self.input.currentData()
        return found

    def show_value(self, value: str | None) -> None:
        at = self.input.findData(value)
        if at < 0:  # a value of a later version: shown, and kept unless another is chosen
            self.input.addItem(choice_words(value), value)
            at = self.input.count() - 1
        self.input.setCurrentIndex(at)

    def lock(self, locked: bool) -> None:
        self.input.setEnabled(not locked)


class FlagField(PanelField):
    """Yes or no."""

    def __init__(self, context: PanelContext, name: str, label: str | None = None, *, hint: str = "") -> None:
        super().__init__(context, name, label, hint=hint)
        self.input = QCheckBox(self.words)
        self.input.clicked.connect(self.chosen)
        self.take(self.input, label=False)

    def value(self) -> bool:
        return self.input.isChecked()

    def show_value(self, value: bool) -> None:
        self.input.setChecked(value)

    def lock(self, locked: bool) -> None:
        self.input.setEnabled(not locked)


class NumberField(PanelField):
    """A small whole number."""

    def __init__(
        self,
        context: PanelContext,
        name: str,
        label: str | None = None,
        *,
        least: int,
        most: int,
        hint: str = "",
    ) -> None:
        super().__init__(context, name, label, hint=hint)
        self.input = NumberInput()
        self.input.setRange(least, most)
        self.input.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._showing = False
        self.input.valueChanged.connect(self._changed)
        self.take(self.input)

    def value(self) -> Any:
        return self.input.value()

    def show_value(self, value: Any) -> None:
        self._showing = True
        self.input.setValue(value)
        self._showing = False

    def lock(self, locked: bool) -> None:
        self.input.setReadOnly(locked)

    def _changed(self) -> None:
        if not self._showing:
            self.typed()


class AmberField(NumberField):
    """How far a value may miss its target and still be amber, in percent of the target."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__(
            context,
            "plan.rag_rules",
            "Amber within",
            least=0,
            most=100,
            hint="A value that misses its target by no more than this is amber, and by more is red.",
        )
        self.input.setSuffix(" % of the target")

    def value(self) -> dict[str, Any]:
        row = self.row()
        known = dict(self.stored(row)) if row is not None else {}
        if round(amber_share(known) * 100) == self.input.value():
            return known
        return {**known, "amber_within": self.input.value()}

    def show_value(self, value: Mapping[str, Any]) -> None:
        super().show_value(round(amber_share(value) * 100))
