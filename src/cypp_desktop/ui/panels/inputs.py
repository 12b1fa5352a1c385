"""Input widgets that fields are made of: they hold words and choices and know nothing of a plan.

All of them give Ctrl+Z to the window once they have nothing of their own to undo, and none changes
its value because somebody scrolled past it.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject, QSize, QStringListModel, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QCompleter, QLineEdit, QPlainTextEdit, QSizePolicy, QSpinBox, QWidget

from cypp_desktop.ui.typing_steps import PlainText


class PassUndoOn(QObject):
    """An event filter: undo and redo keys go to the window where the input has nothing to take back."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return False
        undo = event.matches(QKeySequence.StandardKey.Undo)
        redo = event.matches(QKeySequence.StandardKey.Redo)
        if (undo and not _can_undo(watched)) or (redo and not _can_redo(watched)):
            event.ignore()
            return True
        return False


def _can_undo(watched: QObject) -> bool:
    if isinstance(watched, QPlainTextEdit):
        return watched.document().isUndoAvailable() and not watched.isReadOnly()
    return isinstance(watched, QLineEdit) and watched.isUndoAvailable()


def _can_redo(watched: QObject) -> bool:
    if isinstance(watched, QPlainTextEdit):
        return watched.document().isRedoAvailable() and not watched.isReadOnly()
    return isinstance(watched, QLineEdit) and watched.isRedoAvailable()


class LineInput(QLineEdit):
    """One line of words."""

    focus_left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.installEventFilter(PassUndoOn(self))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        # a menu or completion list over the field is not leaving it
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.focus_left.emit()


class GrowingText(PlainText):
    """Plain words that wrap, as high as they need to be; Enter ends, Shift+Enter begins a new line."""

    focus_left = Signal()
    entered = Signal()

    def __init__(self, parent: QWidget | None = None, *, most_lines: int = 12) -> None:
        super().__init__(parent)
        self._most = most_lines
        self.installEventFilter(PassUndoOn(self))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(3)
        self.document().contentsChanged.connect(self._fit)
        self._fit()

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().averageCharWidth() * 30, self.minimumHeight())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.entered.emit()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.focus_left.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        # the height of a plain text document is a number of lines
        lines = max(1, min(self._most, round(self.document().size().height())))
        room = 2 * (self.document().documentMargin() + self.frameWidth())
        self.setFixedHeight(round(self.fontMetrics().lineSpacing() * lines + room + 2))
        policy = Qt.ScrollBarPolicy
        needed = self.document().size().height() > self._most
        self.setVerticalScrollBarPolicy(policy.ScrollBarAsNeeded if needed else policy.ScrollBarAlwaysOff)


class ChoiceBox(QComboBox):
    """A list of choices that scrolling over it does not change."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class NumberInput(QSpinBox):
    """A whole number that scrolling over it does not change."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def setAccessibleName(self, name: str) -> None:
        super().setAccessibleName(name)
        self.lineEdit().setAccessibleName(name)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class Suggestions(QCompleter):
    """Completion from a list of words, wherever in them the typed letters stand."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._words = QStringListModel(self)
        self.setModel(self._words)
        self.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setFilterMode(Qt.MatchFlag.MatchContains)
        self.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)

    def offer(self, words: Iterable[str]) -> None:
        """Complete from these words from now on."""
        listed = list(dict.fromkeys(word for word in words if word))
        if listed != self._words.stringList():
            self._words.setStringList(listed)


class CompletingLine(LineInput):
    """One line of words that offers what is known already; other words are as good.

    ``about_to_complete`` is emitted on entering the line, so that what is offered is never stale.
    """

    about_to_complete = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.suggestions = Suggestions(self)
        self.setCompleter(self.suggestions)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.about_to_complete.emit()
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down opens the whole list, as in a list of choices."""
        popup = self.suggestions.popup()
        is_open = popup is not None and popup.isVisible()
        if event.key() == Qt.Key.Key_Down and not is_open and not self.isReadOnly():
            self.suggestions.setCompletionPrefix("")
            self.suggestions.complete()
            return
        super().keyPressEvent(event)
