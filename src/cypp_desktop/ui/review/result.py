"""What a thing is to say: the result, typed anew where that can be, in the input that fits its field."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QSizePolicy, QStackedLayout, QWidget

from cypp_desktop.merge.question import Question
from cypp_desktop.operations.review.question_words import editable
from cypp_desktop.plan.base import field_of, fields_of, row_classes
from cypp_desktop.plan.dates import day_in_words, parse_span
from cypp_desktop.ui.panels.inputs import LineInput
from cypp_desktop.ui.panels.texts import FittingText
from cypp_desktop.ui.typing_steps import PlainText

#: What an input gives that cannot be kept yet: half a date.
NOT_YET: Final = object()
_NAME: Final = "Result"


class ResultEditor(QWidget):
    """Shows one value in the input of its kind; ``edited`` tells of each change by the person."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._kind: str | None = None
        self._question: Question | None = None
        self._showing = False
        self.rich = FittingText(4, 16)
        self.rich.set_accessible_name(_NAME)
        self.rich.edited.connect(self._typed)
        self.plain = PlainText()
        self.plain.textChanged.connect(self._typed)
        self.line = LineInput()
        self.line.textEdited.connect(self._typed)
        self.choice = QComboBox()
        self.choice.activated.connect(self._typed)
        self._stack = QStackedLayout(self)
        for widget in (self.rich, self.plain, self.line, self.choice):
            widget.setAccessibleName(_NAME)
            self._stack.addWidget(widget)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def show_value(self, question: Question, value: Any, *, read_only: bool = False) -> bool:
        """Show a stored value of what a question is about; False where it cannot be typed."""
        self._kind, self._question = editable(question.row_type, question.field), question
        if self._kind is None:
            return False
        self._showing = True
        try:
            self._fill(value)
        finally:
            self._showing = False
        self.rich.set_read_only(read_only)
        self.plain.setReadOnly(read_only)
        self.line.setReadOnly(read_only)
        self.choice.setEnabled(not read_only)
        return True

    def value(self) -> Any:
        """What it says as a stored value, or NOT_YET."""
        question = self._question
        assert question is not None
        shown = self._stack.currentWidget()
        if shown is self.rich:
            return self.rich.markdown() or self._nothing(question)
        if shown is self.choice:
            return self.choice.currentData()
        if shown is self.plain:
            return self._lines() if self._kind == "list" else self._words(question)
        words = self.line.text().strip()
        if self._kind == "date":
            return (parse_span(words).end or NOT_YET) if words else None
        return self._span(question, words or None)

    def _lines(self) -> list[str]:
        lines = (line.strip() for line in self.plain.toPlainText().splitlines())
        return [line for line in lines if line]

    def _words(self, question: Question) -> str | None:
        return self.plain.toPlainText().strip() or self._nothing(question)

    def focus_input(self) -> None:
        """Put the cursor into it."""
        shown = self._stack.currentWidget()
        if shown is not None:
            shown.setFocus()

    def _fill(self, value: Any) -> None:
        assert self._question is not None
        match self._kind:
            case "markdown":
                self.rich.set_markdown(value)
                self._stack.setCurrentWidget(self.rich)
            case "list" | "words":
                words = "\n".join(value or []) if self._kind == "list" else value
                self.plain.setPlainText(words or "")
                self._stack.setCurrentWidget(self.plain)
            case "choice" | "flag":
                self._fill_choice(self._question, value)
                self._stack.setCurrentWidget(self.choice)
            case "date":
                self._fill_line(day_in_words(value) if value else None)
            case _:
                self._fill_line((value or {}).get(self._question.field))

    def _fill_line(self, words: str | None) -> None:
        self.line.setText(words or "")
        self._stack.setCurrentWidget(self.line)

    def _fill_choice(self, question: Question, value: Any) -> None:
        self.choice.clear()
        if self._kind == "flag":
            for words, choice in (("Yes", True), ("No", False)):
                self.choice.addItem(words, choice)
        else:
            field = field_of(question.row_type, question.field)
            choices = field.choices if field is not None else None
            for word in dict.fromkeys([*(choices or ()), value]):
                self.choice.addItem(str(word)[:1].upper() + str(word)[1:] if word else "Not said", word)
        self.choice.setCurrentIndex(max(0, self.choice.findData(value)))

    def _nothing(self, question: Question) -> str | None:
        column = row_classes()[question.row_type].__table__.columns[question.field]
        return None if column.nullable else ""

    def _span(self, question: Question, words: str | None) -> dict[str, Any]:
        name, span = question.field, parse_span(words)
        found = {name: words, f"{name}_start": span.start, f"{name}_end": span.end}
        if f"{name}_precision" in fields_of(row_classes()[question.row_type])[name].columns:
            found[f"{name}_precision"] = span.precision if words else None
        return found

    def _typed(self, *_: object) -> None:
        if not self._showing:
            self.edited.emit()
