"""What all fields of panels do: each is one thing of a row, kept while it is typed and on leaving it.

A field never writes over words that came into the plan while somebody typed in it: both are joined, or
theirs stand and what was typed is in the history.

Every field carries the property ``field`` ("measure.definition"), its label is the buddy of its
input, and what it writes goes through the commands of :mod:`cypp_desktop.store.commands`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from cypp_desktop.plan.base import fields_of, row_classes
from cypp_desktop.store.commands import set_field
from cypp_desktop.store.short_names import short_name
from cypp_desktop.ui.panels.context import PanelContext
from cypp_desktop.ui.panels.question_strips import QuestionStrip, strip_words
from cypp_desktop.ui.panels.row_widget import Hint, RowWidget, edited_fields

if TYPE_CHECKING:
    from cypp_desktop.plan.base import Row
    from cypp_desktop.store.editor import Changed

#: What a field gives where what it says cannot be kept yet (half a date).
NOT_YET: Final = object()
#: What a field gives where what two people made of it cannot be joined.
NOT_JOINED: Final = object()


#: How a field for notes of the people who keep the plan is called.
WORKING_NOTE: Final = "Working note, not printed"


class PanelField(RowWidget):
    """One field of a row with its label; subclasses say how it is shown and read.

    ``column`` names one column where the field is a group of several inputs (a unit and its format).
    """

    def __init__(
        self,
        context: PanelContext,
        name: str,
        label: str | None = None,
        *,
        hint: str = "",
        column: str | None = None,
    ) -> None:
        """``name`` is row type and field: "measure.definition". Without a ``label`` the model's is shown."""
        super().__init__(context)
        self.row_type, _, self.name = name.partition(".")
        self.column = column
        self.words = label or fields_of(row_classes()[self.row_type])[self.name].label
        self.setProperty("field", name)
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(0, 0, 0, 0)
        self.box.setSpacing(2)
        self.label = QLabel(self.words)
        self.label.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.box.addWidget(self.label)
        self.hint = Hint(hint)
        if not hint:
            self.hint.hide()
        #: Makes the row with this value where there is none yet; without it a field without a row is idle.
        self.start: Callable[[PanelField, Any], object] | None = None
        #: Says that the plan waits for a decision about this field, while it does.
        self.question_strip: QuestionStrip | None = None
        if context.questions is not None:
            context.questions.changed.connect(self._show_question)
        self._pending = False
        #: What the plan said when it was last shown here.
        self._seen: Any = None
        self._is_withheld = False
        history = QAction("History of this field", self, shortcut=QKeySequence("Ctrl+Alt+H"))
        history.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        history.triggered.connect(self._ask_history)
        self.addAction(history)
        self.label.addAction(history)
        removal = QAction("Remove its text for good…", self)
        removal.triggered.connect(self._ask_removal)
        self.label.addAction(removal)

    def take(self, widget: QWidget, *, label: bool = True, inline: bool = False) -> None:
        """Put in the input widget, named by the label, which stands above it or (``inline``) before it."""
        widget.setAccessibleName(self.words)
        self.setFocusProxy(widget)
        self.label.setBuddy(widget)
        if not label:
            self.label.hide()
        if inline:
            line = QHBoxLayout()
            self.box.removeWidget(self.label)
            line.addWidget(self.label)
            line.addWidget(widget)
            self.box.addLayout(line)
        else:
            self.box.addWidget(widget)
        self.box.addWidget(self.hint)

    # ------------------------------------------------------------------ what subclasses say

    def value(self) -> Any:
        """What the input says, as the editor takes it, or NOT_YET."""
        raise NotImplementedError

    def show_value(self, value: Any) -> None:
        """Make the input say this."""
        raise NotImplementedError

    def lock(self, locked: bool) -> None:
        """Only let what is there be read and copied."""
        raise NotImplementedError

    # ------------------------------------------------------------------ the plan

    def stored(self, row: Row) -> Any:
        """What the plan says: a mapping for a field of several columns, unless one of them is shown."""
        if self.column is not None:
            return getattr(row, self.column)
        field = fields_of(type(row))[self.name]
        return field.value_of({column: getattr(row, column) for column in field.columns})

    def write(self, row: Row, value: Any) -> None:
        """Hand a value to the editor."""
        given = {self.column: value} if self.column is not None else value
        set_field(self.context.editor, row, self.name, given, sitting=True)

    def load(self, row: Row | None) -> None:
        self.flush()
        self._tell_of_dropped()
        super().load(row)
        self._forget_typing()
        self.setEnabled(row is not None or self.start is not None)
        if row is not None:
            self._seen = self.stored(row)
            self.show_value(self._seen)
        elif self.start is not None and self.context.is_open:
            self.show_value(self.blank())
        self.lock(self.context.is_locked(row))
        self._withhold()
        self._show_question()

    def offer(self, shown: bool) -> None:
        """Show the field or not; one that a return withholds is never shown."""
        self.setVisible(shown and not self._is_withheld)

    def _withhold(self) -> None:
        withheld = self.context.withholds(self.row_type, self.name)
        if withheld != self._is_withheld:
            self._is_withheld = withheld
            self.offer(True)

    def blank(self) -> Any:
        """What the field of a new row says."""
        column = row_classes()[self.row_type].__table__.columns[self.column or self.name]
        return column.info.get("default")

    def adopt(self, row: Row) -> None:
        """Show this row, which has just been made out of what was typed here or beside it."""
        self.key = (row.row_type, row.id)
        self.refresh()
        self._show_question()

    def apply(self, changed: Changed) -> None:
        if self.name in edited_fields(changed, self.key) or self.key in changed.added:
            self.refresh()

    def refresh(self) -> None:
        """Show what the plan says now, unless something is being typed."""
        row = self.row()
        if row is None or self._pending:
            return
        self._seen = self.stored(row)
        self.show_anew(self._seen)
        self.note_stored(row)

    def show_anew(self, value: Any) -> None:
        """Make the input say this, leaving the cursor where it says so already."""
        if self.value() != value:
            self.show_value(value)

    def note_stored(self, row: Row) -> None:
        """The plan has been read: a chance to show what it makes of the value."""

    def flush(self) -> None:
        if not self._pending or not self.context.is_open:
            return
        row = self.row()
        value = self.value()
        if value is NOT_YET or (row is None and self.start is None):
            return
        self._pending = False
        if self.context.do(lambda: self._write_or_start(row, value)):
            self.context.autosave.forget(self)
        else:
            self._pending = True  # still only here: the next occasion tries again

    def keep_typing(self) -> None:
        """Hand what is being typed to the editor while the typing goes on."""
        self.flush()

    def _write_or_start(self, row: Row | None, value: Any) -> None:
        if row is None:
            if self.start is not None and value != self.blank():
                self.start(self, value)
            return
        now = self.stored(row)
        if now == self._seen:
            self.write(row, value)
        else:
            self._write_over_others(row, value, now)
        self._seen = self.stored(row)

    def _write_over_others(self, row: Row, value: Any, now: Any) -> None:
        """The plan says ``now``, which came in after what the person saw and before they had done typing."""
        joined = self.joined(self._seen, value, now)
        if joined is not NOT_JOINED:
            self.write(row, joined)
            self.show_value(joined)
            return
        with self.context.editor.step(f"Edit {self.words.lower()} of {short_name(row)}"):
            self.write(row, value)
        with self.context.editor.step(f"Keep what came in: {self.words.lower()} of {short_name(row)}"):
            self.write(row, now)
        self.show_value(now)
        self.context.problem.emit(
            f"“{self.words}” was changed elsewhere while you typed in it, and says what came in. "
            "What you typed is kept in its history (Ctrl+Alt+H)."
        )

    def joined(self, before: Any, typed: Any, now: Any) -> Any:
        """What two people made of one value, where that can be told without asking, or NOT_JOINED."""
        return now if typed in (now, before) else NOT_JOINED

    def typed(self) -> None:
        """The person has typed: kept in a moment."""
        self._pending = True
        self.context.autosave.typed(self)

    def chosen(self) -> None:
        """The person has chosen: kept at once."""
        self._pending = True
        self.flush()

    def left(self) -> None:
        """The person has gone elsewhere: what was typed is kept, and shown as it was kept."""
        self.flush()
        self.refresh()

    @property
    def is_pending(self) -> bool:
        """Whether something was typed that the editor does not have yet."""
        return self._pending

    def _forget_typing(self) -> None:
        self._pending = False
        self.context.autosave.forget(self)

    def _tell_of_dropped(self) -> None:
        """Say that what is typed here goes, because the plan cannot keep it as it stands."""
        row = self.row()
        if self._pending and row is not None and self.value() is NOT_YET:
            self.context.problem.emit(
                f"“{self.words}” of {short_name(row)} says what it said before: what you typed there last "
                "could not be kept as it stood."
            )

    def _show_question(self) -> None:
        """Say over the input whether the plan waits for a decision here."""
        questions = self.context.questions
        found = questions.of_field(self.key, self.name) if questions is not None else None
        if self.question_strip is not None and self.question_strip.question != found:
            self.box.removeWidget(self.question_strip)
            self.question_strip.hide()
            self.question_strip.deleteLater()
            self.question_strip = None
        if questions is not None and found is not None and self.question_strip is None:
            self.question_strip = QuestionStrip(questions, found, strip_words(found))
            self.box.insertWidget(1, self.question_strip)
            self.question_strip.show()

    def _ask_history(self) -> None:
        if self.key is not None:
            self.flush()
            self.context.history_wanted.emit(*self.key, self.name)

    def _ask_removal(self) -> None:
        if self.key is not None and self.context.limits is None and not self.context.read_only:
            self.flush()
            self.context.removal_wanted.emit(*self.key, self.name)


def or_none(words: str) -> str | None:
    """Typed words as a plan holds them: without blanks around, None for nothing."""
    return words.strip() or None
