"""The values of a measure as a Qt model: cells in words, each edit a command; and the inputs of its cells."""

from __future__ import annotations

from typing import Any, Final, TypeAlias

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtWidgets import QComboBox, QLineEdit, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from cypp_desktop.plan.base import fields_of
from cypp_desktop.plan.dates import parse_span
from cypp_desktop.plan.figures import parsed_value
from cypp_desktop.plan.model import Measure, Observation, ObservationKind
from cypp_desktop.store.commands import set_field
from cypp_desktop.ui.cell_editing import CellEditDelegate
from cypp_desktop.ui.panels.context import PanelContext
from cypp_desktop.ui.panels.inputs import PassUndoOn
from cypp_desktop.ui.panels.row_widget import choice_words, values_of
from cypp_desktop.ui.panels.value_cells import COLUMNS, ValueColumn, cells_of, parsed_kind

AnyIndex: TypeAlias = QModelIndex | QPersistentModelIndex
_ROOT: Final = QModelIndex()
#: The role under which a cell gives and takes what the plan holds, not its words.
STORED: Final = Qt.ItemDataRole.UserRole + 1


def write_cell(
    context: PanelContext, row: Observation, column: ValueColumn, text: str, *, sitting: bool = False
) -> None:
    """Give one cell of a value what was typed or pasted there; a kind that is none is left as it was.

    With ``sitting`` further typing in the same field joins the step.
    """
    if column is ValueColumn.VALUE:
        set_field(context.editor, row, "value", parsed_value(text, row.unit), sitting=sitting)
    elif column is ValueColumn.UNIT:
        set_field(context.editor, row, "value", {"unit": text.strip() or None}, sitting=sitting)
    elif column is ValueColumn.KIND:
        kind = parsed_kind(text)
        if kind is not None:
            set_field(context.editor, row, "kind", kind)
    else:
        set_field(context.editor, row, column, text.strip() or None, sitting=sitting)


class ValuesModel(QAbstractTableModel):
    """The observations of one measure, a row each; every edit is a command."""

    def __init__(self, context: PanelContext, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = context
        self._ids: list[str] = []
        self._cells: list[list[str]] = []
        self._locked = True

    def show_measure(self, measure: Measure | None) -> None:
        """Show a measure's values, or none; where only words differ, selection and place stay."""
        self._locked = measure is None or self._desk.is_locked(measure)
        rows = list(measure.observations) if measure is not None else []
        ids = [row.id for row in rows]
        cells = [cells_of(row) for row in rows]
        if ids == self._ids:
            self._cells = cells
            if ids:
                self.dataChanged.emit(self.index(0, 0), self.index(len(ids) - 1, len(COLUMNS) - 1))
            return
        self.beginResetModel()
        self._ids, self._cells = ids, cells
        self.endResetModel()

    def row_at(self, at: int) -> Observation | None:
        """The observation in a row of the table."""
        return self._desk.editor.find(Observation, self._ids[at]) if 0 <= at < len(self._ids) else None

    def id_at(self, at: int) -> str | None:
        """The id of the observation in a row of the table."""
        return self._ids[at] if 0 <= at < len(self._ids) else None

    def place_of(self, row_id: str) -> int:
        """The row of the table in which an observation stands, or -1."""
        return self._ids.index(row_id) if row_id in self._ids else -1

    def rowCount(self, parent: AnyIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: AnyIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        column = COLUMNS[index.column()]
        words = self._cells[index.row()][index.column()]
        if role == Qt.ItemDataRole.EditRole:
            return words
        if role == STORED:
            return self._stored(index)
        if role == Qt.ItemDataRole.DisplayRole:
            return choice_words(words) if column is ValueColumn.KIND else " ".join(words.split())
        if role == Qt.ItemDataRole.ToolTipRole:
            return _tool_tip(column, words)
        if role == Qt.ItemDataRole.TextAlignmentRole and column is ValueColumn.VALUE:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return COLUMNS[section].heading if orientation == Qt.Orientation.Horizontal else section + 1

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        flags = super().flags(index)
        lines = "\n" in self._cells[index.row()][index.column()] if index.isValid() else False
        # a note of several lines is edited beneath, where it has room
        if self._locked or lines:
            return flags
        return flags | Qt.ItemFlag.ItemIsEditable

    def setData(self, index: AnyIndex, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        row = self.row_at(index.row())
        if row is None:
            return False
        column = COLUMNS[index.column()]
        if role == STORED:
            field = _field_of(column)
            return self._desk.do(lambda: set_field(self._desk.editor, row, field, value, sitting=True))
        if role != Qt.ItemDataRole.EditRole:
            return False
        text = str(value or "")
        if text == self._cells[index.row()][index.column()]:
            return True
        return self._desk.do(lambda: write_cell(self._desk, row, column, text, sitting=True))

    def _stored(self, index: AnyIndex) -> Any:
        """What the plan says in the field that a cell is of."""
        row = self.row_at(index.row())
        field = fields_of(Observation)[_field_of(COLUMNS[index.column()])]
        return field.value_of(values_of(row, field.columns)) if row is not None else None


def _field_of(column: ValueColumn) -> str:
    """The field that a column of the table belongs to: a unit belongs to its value."""
    return "value" if column is ValueColumn.UNIT else column.value


def _tool_tip(column: ValueColumn, words: str) -> str | None:
    if not words:
        return None
    if column is ValueColumn.PERIOD:
        return f"Understood as: {parse_span(words).in_words()}"
    return words


class ValueCellDelegate(CellEditDelegate):
    """A line for words and figures, a list of choices for the kind."""

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: AnyIndex) -> QWidget:
        column = COLUMNS[index.column()]
        made: QWidget
        if column is ValueColumn.KIND:
            box = QComboBox(parent)
            for kind in ObservationKind:
                box.addItem(choice_words(kind.value), kind.value)
            box.activated.connect(lambda: self._done(box))
            made = box
        else:
            made = QLineEdit(parent)
            made.installEventFilter(PassUndoOn(made))
        made.setAccessibleName(column.heading)
        return self.follow(made, index)

    def _done(self, box: QComboBox) -> None:
        self.commitData.emit(box)
        self.closeEditor.emit(box, QStyledItemDelegate.EndEditHint.NoHint)

    def before(self, index: AnyIndex) -> Any:
        return index.data(STORED)

    def put_back(self, model: QAbstractItemModel, index: QModelIndex, before: Any) -> None:
        model.setData(index, before, STORED)

    def fill(self, editor: QWidget, index: AnyIndex) -> None:
        if isinstance(editor, QComboBox):
            editor.setCurrentIndex(editor.findData(index.data(Qt.ItemDataRole.EditRole)))
        else:
            super().fill(editor, index)

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: AnyIndex) -> None:
        if isinstance(editor, QComboBox):
            model.setData(index, editor.currentData())
        else:
            super().setModelData(editor, model, index)
