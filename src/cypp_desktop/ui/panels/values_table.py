"""The table in which the values of a measure are edited: its keys, and what it puts on the clipboard."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QSizePolicy, QTableView

from cypp_desktop.ui import theme
from cypp_desktop.ui.panels.context import PanelContext
from cypp_desktop.ui.panels.value_cells import COLUMNS
from cypp_desktop.ui.panels.values_model import ValueCellDelegate, ValuesModel

_FIELDS: Final = " ".join(
    f"observation.{name}" for name in ("series", "area", "period", "kind", "value", "place")
)


class ValuesTable(QTableView):
    """The table: Enter or F2 edits, Delete empties cells, Ctrl+C and Ctrl+V speak with spreadsheets."""

    #: What is wanted of the values in which something is chosen, or from the current cell on.
    add_wanted = Signal()
    delete_wanted = Signal()
    clear_wanted = Signal()
    #: Up (-1) or down (1).
    move_wanted = Signal(int)
    #: The words on the clipboard are to be put in.
    paste_wanted = Signal(str)

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context = context
        self.setProperty("field", _FIELDS)
        self.setAccessibleName("Values")
        self.values = ValuesModel(context, self)
        self.setModel(self.values)
        self.cells = ValueCellDelegate(self, context.autosave)
        self.cells.opened.connect(self._begin_sitting)
        self.setItemDelegate(self.cells)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.setTabKeyNavigation(False)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.DoubleClicked | triggers.EditKeyPressed | triggers.AnyKeyPressed)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.horizontalHeader().setStretchLastSection(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.give_room()

    def _begin_sitting(self) -> None:
        self._context.editor.end_sitting()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.state() == QAbstractItemView.State.EditingState:
            super().keyPressEvent(event)  # what the open cell did not want, Enter among it
            return
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_cells()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.paste_wanted.emit(QGuiApplication.clipboard().text())
        elif not self._key_pressed(event):
            super().keyPressEvent(event)

    def _key_pressed(self, event: QKeyEvent) -> bool:
        """Do what a key stands for; whether it stands for anything."""
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        match event.key():
            case Qt.Key.Key_Delete if control:
                self.delete_wanted.emit()
            case Qt.Key.Key_Delete:
                self.clear_wanted.emit()
            case Qt.Key.Key_Insert if not event.modifiers():
                self.add_wanted.emit()
            case Qt.Key.Key_Up if alt:
                self.move_wanted.emit(-1)
            case Qt.Key.Key_Down if alt:
                self.move_wanted.emit(1)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if not control:
                self.edit(self.currentIndex())
            case _:
                return False
        return True

    def moveCursor(
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        """Tab in the last cell ends the editing; Qt would go on in the first one, to be typed over."""
        moves = QAbstractItemView.CursorAction
        last = self.values.index(self.values.rowCount() - 1, len(COLUMNS) - 1)
        ends = {moves.MoveNext: last, moves.MovePrevious: self.values.index(0, 0)}
        if self.currentIndex().isValid() and self.currentIndex() == ends.get(action):
            return QModelIndex()
        return super().moveCursor(action, modifiers)

    def copy_cells(self) -> None:
        """Put the cells chosen on the clipboard, parted by tabs."""
        chosen = self.selectionModel().selectedIndexes()
        rows: dict[int, dict[int, str]] = {}
        for index in chosen:
            words = index.data(Qt.ItemDataRole.EditRole)
            rows.setdefault(index.row(), {})[index.column()] = " ".join(words.split())
        lines = []
        for _, cells in sorted(rows.items()):
            words_in_order = [words for _, words in sorted(cells.items())]
            lines.append("\t".join(words_in_order))
        if lines:
            QGuiApplication.clipboard().setText("\n".join(lines))

    def chosen_rows(self) -> list[int]:
        """The rows of the table in which something is chosen."""
        return sorted({index.row() for index in self.selectionModel().selectedIndexes()})

    def give_room(self) -> None:
        """As high as its rows, up to a dozen or so."""
        line = self.fontMetrics().lineSpacing() + theme.scaled(self, 8)
        self.verticalHeader().setDefaultSectionSize(line)
        rows = min(max(self.values.rowCount(), 2), 14)
        header = self.horizontalHeader().sizeHint().height()
        bar = self.horizontalScrollBar().sizeHint().height()
        self.setFixedHeight(header + rows * line + bar + 2 * self.frameWidth())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "values"):
            self.give_room()
