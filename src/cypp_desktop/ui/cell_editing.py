"""Cells of trees, tables and lists that are edited where they stand, and kept while they are typed in."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QStyledItemDelegate, QWidget

from cypp_desktop.ui.autosave import Autosave

Index = QModelIndex | QPersistentModelIndex


class CellEditDelegate(QStyledItemDelegate):
    """Follows the one input that is open. Esc brings back what the cell said when it was opened.

    What others do to the cell meanwhile, or an undo, is shown in the input, and Esc leaves it as it is.
    Subclasses make the input, hand it to `follow`, and may say in which role the words are.
    """

    #: An input was opened: what is typed in it is one step of its own.
    opened = Signal()
    #: The role under which the model gives and takes the words.
    role: int = Qt.ItemDataRole.EditRole

    def __init__(self, parent: QObject, autosave: Autosave) -> None:
        super().__init__(parent)
        self._autosave = autosave
        self.open_input: QWidget | None = None
        self._index = QPersistentModelIndex()
        self._before: Any = None
        #: What the cell said when the input last had the same words.
        self._said: Any = None
        self._is_writing = False
        self._is_filling = False
        self._is_typed_in = False
        self._pending = False
        self._is_kept = False

    # ------------------------------------------------------------------ what subclasses may say

    def before(self, index: Index) -> Any:
        """What Esc brings back."""
        return index.data(self.role)

    def put_back(self, model: QAbstractItemModel, index: QModelIndex, before: Any) -> None:
        """Bring back what the cell said when it was opened."""
        model.setData(index, before, self.role)

    # ------------------------------------------------------------------ the open input

    def follow(self, made: QWidget, index: Index) -> QWidget:
        """Keep what is typed in an input that has just been made for a cell; gives the input."""
        self.open_input = made
        self._index = QPersistentModelIndex(index)
        self._before = self.before(index)
        self._said = index.data(self.role)
        self._is_typed_in = self._pending = self._is_kept = False
        self.opened.emit()
        if isinstance(made, QLineEdit):
            made.textEdited.connect(self._typed)
        elif isinstance(made, QPlainTextEdit):
            made.textChanged.connect(self._typed)
        return made

    def destroyEditor(self, editor: QWidget, index: Index) -> None:
        if editor is self.open_input:
            self.open_input = None
            self._pending = False
            self._autosave.forget(self)
        super().destroyEditor(editor, index)

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        if editor is self.open_input and self._is_typed_in:
            if self._is_writing or self._pending or index.data(self.role) == self._said:
                return  # the model tells of what was just kept: the typing goes on undisturbed
            self._is_typed_in = self._is_kept = False
        if editor is self.open_input:
            self._before, self._said = self.before(index), index.data(self.role)
        self._is_filling = True
        try:
            self.fill(editor, index)
        finally:
            self._is_filling = False

    def fill(self, editor: QWidget, index: Index) -> None:
        """Make the input say what the cell says."""
        words = index.data(self.role) or ""
        if isinstance(editor, QLineEdit):
            editor.setText(words)
        elif isinstance(editor, QPlainTextEdit):
            editor.setPlainText(words)

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        taken = True
        self._is_writing = True
        try:
            if isinstance(editor, QLineEdit):
                taken = model.setData(index, editor.text(), self.role)
            elif isinstance(editor, QPlainTextEdit):
                taken = model.setData(index, editor.toPlainText().strip(), self.role)
        finally:
            self._is_writing = False
        self._pending = self._pending and not taken
        if self._index.isValid():
            self._said = self._index.data(self.role)

    # ------------------------------------------------------------------ keeping

    @property
    def is_pending(self) -> bool:
        """Whether something was typed that the plan does not have yet."""
        return self._pending

    def keep_typing(self) -> None:
        """Hand what is typed so far to the model; the input stays open."""
        if self.open_input is None or not self._pending:
            return
        self.commitData.emit(self.open_input)
        if not self.is_pending:
            self._is_kept = True
            self._autosave.forget(self)

    def _typed(self) -> None:
        if self._is_filling:
            return
        self._is_typed_in = self._pending = True
        self._autosave.typed(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_escape = (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() == Qt.Key.Key_Escape
        )
        if is_escape and watched is self.open_input:
            self._pending = False
            if self._is_kept and self._index.isValid():
                self._is_kept = False
                model, place = self._index.model(), self._index
                self.put_back(model, model.index(place.row(), place.column(), place.parent()), self._before)
        return super().eventFilter(watched, event)
