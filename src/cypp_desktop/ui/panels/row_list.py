"""A list of rows with the fields of the chosen one beneath: the actions or updates of an outcome."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QSizePolicy,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
)

from cypp_desktop.plan.base import Row
from cypp_desktop.plan.shape import parent_of
from cypp_desktop.store.commands import delete_rows, duplicate_rows, move_rows, siblings
from cypp_desktop.ui import theme
from cypp_desktop.ui.panels.buttons import SignButton, sign_button
from cypp_desktop.ui.panels.context import PanelContext
from cypp_desktop.ui.panels.row_widget import Hint, RowWidget

if TYPE_CHECKING:
    from cypp_desktop.store.editor import Changed


@dataclass(frozen=True)
class ListColumn:
    """A column of the list: its heading and what it says of a row; one column takes the spare room."""

    heading: str
    words: Callable[[Any], str]
    wide: bool = False
    #: Words that say nothing: a column in which all rows say them, or nothing, is not shown.
    usual: Callable[[], str] = str


class RowList(RowWidget):
    """Rows to choose from, with buttons to add, copy, delete and move them, over the chosen one's fields."""

    def __init__(
        self,
        context: PanelContext,
        row_type: str,
        what: str,
        *,
        columns: Sequence[ListColumn],
        rows: Callable[[Row], Sequence[Row]],
        add: Callable[[Row, Row | None], Row],
        fields: RowWidget,
    ) -> None:
        """``what`` is what one row is called ("action"); ``add`` makes one after another and gives it."""
        super().__init__(context)
        self._type, self.what = row_type, what
        self._columns, self._rows, self._add = columns, rows, add
        self.fields = fields
        self._ids: list[str] = []
        self._filling = False
        self.table = self._make_table()
        self._buttons = self._make_buttons()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table)
        line = QHBoxLayout()
        line.setSpacing(2)
        for button in self._buttons.values():
            line.addWidget(button)
        line.addStretch(1)
        column.addLayout(line)
        self._nothing = Hint(f"There is no {what} yet.")
        column.addWidget(self._nothing)
        column.addWidget(fields, 1)

    def _make_table(self) -> QTableWidget:
        table = QTableWidget(0, len(self._columns))
        table.setAccessibleName(f"List: {self.what}")
        table.setProperty("field", f"{self._type}.place")
        table.setHorizontalHeaderLabels([column.heading for column in self._columns])
        table.verticalHeader().hide()
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setTabKeyNavigation(False)
        table.setWordWrap(False)
        table.setTextElideMode(Qt.TextElideMode.ElideRight)
        table.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        for at, column in enumerate(self._columns):
            mode = QHeaderView.ResizeMode.Stretch if column.wide else QHeaderView.ResizeMode.ResizeToContents
            header.setSectionResizeMode(at, mode)
        header.setMaximumSectionSize(self.fontMetrics().averageCharWidth() * 40)
        table.currentCellChanged.connect(self._current_changed)
        table.installEventFilter(self)
        return table

    def _make_buttons(self) -> dict[str, SignButton]:
        return {
            "add": sign_button("plus", f"Add {self.what}", self.add_row, text=f"Add {self.what}"),
            "copy": sign_button("copy", f"Duplicate {self.what}", self.duplicate_row),
            "delete": sign_button("trash-2", f"Delete {self.what}", self.delete_row),
            "up": sign_button("arrow-up", f"Move {self.what} up", lambda: self.move_row(-1)),
            "down": sign_button("arrow-down", f"Move {self.what} down", lambda: self.move_row(1)),
        }

    # ------------------------------------------------------------------ what is shown

    def load(self, row: Row | None) -> None:
        super().load(row)
        self.fields.load(None)
        self._fill(None)

    def apply(self, changed: Changed) -> None:
        self.fields.apply(changed)
        others = ("measure", "round", "lead", "lead_person", "organisation")
        if changed.touches(self._type, f"{self._type}_measure", *others):
            self._fill(self.current_id)

    def flush(self) -> None:
        self.fields.flush()

    @property
    def current_id(self) -> str | None:
        """The id of the row chosen."""
        at = self.table.currentRow()
        return self._ids[at] if 0 <= at < len(self._ids) else None

    def choose(self, row_id: str) -> bool:
        """Choose a row; False where it is not in the list."""
        if row_id not in self._ids:
            return False
        self.table.setCurrentCell(self._ids.index(row_id), 0)
        return True

    def _fill(self, chosen: str | None) -> None:
        owner = self.row()
        rows = list(self._rows(owner)) if owner is not None else []
        before = self.table.currentRow()
        self._filling = True
        self._ids = [row.id for row in rows]
        self.table.setRowCount(len(rows))
        for at, row in enumerate(rows):
            for number, column in enumerate(self._columns):
                self._say(at, number, column.words(row))
        at = self._ids.index(chosen) if chosen in self._ids else min(max(before, 0), len(rows) - 1)
        if at >= 0:
            self.table.setCurrentCell(at, 0)
        self._filling = False
        if rows:
            self._hide_usual(rows)
        self._give_room()
        self._nothing.setVisible(not rows)
        self.table.setVisible(bool(rows))
        self._current_changed()

    def _hide_usual(self, rows: Sequence[Row]) -> None:
        """Hide the columns in which all rows say nothing, or what is usual."""
        for number, column in enumerate(self._columns):
            said = {column.words(row) for row in rows} - {"", column.usual()}
            self.table.setColumnHidden(number, not said and not column.wide)

    def _say(self, at: int, number: int, words: str) -> None:
        item = self.table.item(at, number)
        if item is None:
            item = QTableWidgetItem()
            self.table.setItem(at, number, item)
        if item.text() != words:
            item.setText(words)
        item.setToolTip(words if len(words) > 40 else "")

    def _give_room(self) -> None:
        """As high as its rows up to about a dozen lines, so that the fields stay in sight."""
        line = self.table.fontMetrics().lineSpacing()
        self.table.verticalHeader().setDefaultSectionSize(line + theme.scaled(self, 8))
        needed = self.table.horizontalHeader().sizeHint().height() + 2 * self.table.frameWidth() + 2
        needed += sum(self.table.rowHeight(at) for at in range(self.table.rowCount()))
        self.table.setFixedHeight(min(needed, 12 * line))

    def _current_changed(self) -> None:
        if self._filling:
            return
        current = self.current_id
        row = self.context.editor.row(self._type, current) if current else None
        key = (row.row_type, row.id) if row is not None else None
        if key != self.fields.key:
            self.fields.flush()
            self.fields.load(row)
        self.fields.setVisible(row is not None)
        at, moves = self.table.currentRow(), self.context.may_arrange
        offered = {
            "add": not self.context.is_locked(self.row()),
            "copy": moves and row is not None,
            "delete": row is not None and self.context.may_go(row),
            "up": moves and at > 0,
            "down": moves and 0 <= at < len(self._ids) - 1,
        }
        for name, on in offered.items():
            self._buttons[name].setEnabled(on)

    # ------------------------------------------------------------------ what is done

    def add_row(self) -> None:
        """Add a row after the chosen one and go to it."""
        owner = self.row()
        if owner is None:
            return
        self.flush()
        after = self._chosen_row()
        made = self.context.make(lambda: self._add(owner, after))
        if made is not None:
            self._fill(made.id)
            self.fields.setFocus()

    def duplicate_row(self) -> None:
        """Copy the chosen row."""
        self.flush()
        row = self._chosen_row()
        if row is None:
            return
        made = self.context.make(lambda: duplicate_rows(self.context.editor, [row]))
        if made is not None:
            self._fill(made[0].id)

    def delete_row(self) -> None:
        """Delete the chosen row."""
        self.flush()
        row = self._chosen_row()
        if row is not None:
            self.context.do(lambda: delete_rows(self.context.editor, [row]))

    def move_row(self, step: int) -> None:
        """Move the chosen row up (-1) or down (1) past its neighbour in this list."""
        self.flush()
        row = self._chosen_row()
        to = self.table.currentRow() + step
        if row is None or not 0 <= to < len(self._ids):
            return
        parent = parent_of(row)
        staying = [
            other.id for other in siblings(self.context.editor, type(row), parent) if other.id != row.id
        ]
        at = staying.index(self._ids[to]) + (1 if step > 0 else 0)
        self.context.do(lambda: move_rows(self.context.editor, [row], parent, at))

    def _chosen_row(self) -> Row | None:
        current = self.current_id
        return self.context.editor.row(self._type, current) if current else None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent) or self.context.read_only:
            return False
        moves = (Qt.Key.Key_Up, Qt.Key.Key_Down)
        if event.modifiers() & Qt.KeyboardModifier.AltModifier and event.key() in moves:
            self._press("up" if event.key() == Qt.Key.Key_Up else "down")
        elif event.key() == Qt.Key.Key_Delete:
            self._press("delete")
        elif event.key() == Qt.Key.Key_Insert:
            self._press("add")
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.fields.setFocus()
        else:
            return False
        return True

    def _press(self, name: str) -> None:
        """A key does what its button does, and no more than that."""
        if self._buttons[name].isEnabled():
            self._buttons[name].click()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "table"):
            self._give_room()
