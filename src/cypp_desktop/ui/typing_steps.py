"""What is typed is a step of undo by itself, apart from a paste, a drop or another insertion before it.

Qt joins a typed letter with whatever was put in last, if that ended where the letter begins, so that one
Ctrl+Z would take back both. For every text that undoes its own typing; knows no plan.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

_CONTROL = Qt.KeyboardModifier.ControlModifier
_COMMAND = _CONTROL | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
_DELETING = (Qt.Key.Key_Backspace, Qt.Key.Key_Delete)


def is_letter(event: QKeyEvent) -> bool:
    """Whether a key writes a letter, a figure or a sign."""
    # Ctrl and Alt together are how Windows says AltGr, which writes letters.
    return bool(event.text()) and event.text().isprintable() and event.modifiers() & _COMMAND != _CONTROL


class TypingSteps:
    """Keeps the typing in one text apart from its other changes."""

    def __init__(self, text: QTextEdit | QPlainTextEdit) -> None:
        self._text = text
        self._typed_until = -1  # the document's revision after the last typed letter

    @contextmanager
    def key(self, event: QKeyEvent) -> Iterator[None]:
        """Inside, Qt acts on a key: letters and deleting are typing, any other key is not."""
        if is_letter(event) or event.key() in _DELETING:
            with self.typing():
                yield
        else:
            yield

    @contextmanager
    def typing(self) -> Iterator[None]:
        """What is typed inside joins with what was typed right before it, and with nothing else."""
        if self._text.document().revision() != self._typed_until:
            self.end()
        yield
        self._typed_until = self._text.document().revision()

    def end(self) -> None:
        """What comes next is a step of its own."""
        self._text.document().setModified(False)  # Qt joins nothing across the state that counts as saved


class PlainText(QPlainTextEdit):
    """Plain words of several lines. Tab goes on to what comes next; typing is undone by itself."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self._steps = TypingSteps(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        with self._steps.key(event):
            super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        with self._steps.typing():
            super().inputMethodEvent(event)
