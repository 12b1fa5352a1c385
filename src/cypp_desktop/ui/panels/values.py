"""The values of a measure in a table: edited in place, pasted from a spreadsheet, moved and deleted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from cypp_desktop.plan.base import fields_of
from cypp_desktop.plan.dates import parse_span
from cypp_desktop.plan.figures import parsed_value
from cypp_desktop.plan.model import Measure, Observation, ObservationKind
from cypp_desktop.store.commands import add_row, delete_rows, move_rows, set_field
from cypp_desktop.ui import theme
from cypp_desktop.ui.in_place import InPlaceDelegate
from cypp_desktop.ui.panels.buttons import sign_button
from cypp_desktop.ui.panels.context import PanelContext
from cypp_desktop.ui.panels.dates import SpanField
from cypp_desktop.ui.panels.inputs import PassUndoOn
from cypp_desktop.ui.panels.row_widget import Hint, RowGroup, RowWidget, choice_words, values_of
from cypp_desktop.ui.panels.texts import TextField
from cypp_desktop.ui.panels.value_cells import (
    COLUMNS,
    cell_words,
    headings_of,
    parsed_kind,
    table_of,
)

if TYPE_CHECKING:
    from cypp_desktop.plan.base import Row
    from cypp_desktop.store.editor import Changed

AnyIndex = QModelIndex | QPersistentModelIndex
_ROOT: Final = QModelIndex()
#: The role under which a cell gives and takes what the plan holds, not its words.
STORED: Final = Qt.ItemDataRole.UserRole + 1
_FIELDS = " ".join(f"observation.{name}" for name in ("series", "area", "period", "kind", "value", "place"))


def write_cell(
    context: PanelContext, row: Observation, column: str, text: str, *, sitting: bool = False
) -> None:
    """Give one cell of a value what was typed or pasted there; a kind that is none is left as it was.

    With ``sitting`` further typing in the same field joins the step.
    """
    if column == "value":
        value: Any = parsed_value(text, row.unit)
        set_field(context.editor, row, "value", value, sitting=sitting)
    elif column == "unit":
        set_field(context.editor, row, "value", {"unit": text.strip() or None}, sitting=sitting)
    elif column == "kind":
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
        cells = [[cell_words(row, column) for column, _ in COLUMNS] for row in rows]
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
        column = COLUMNS[index.column()][0]
        words = self._cells[index.row()][index.column()]
        if role == Qt.ItemDataRole.EditRole:
            return words
        if role == STORED:
            return self._stored(index)
        if role == Qt.ItemDataRole.DisplayRole:
            return choice_words(words) if column == "kind" else " ".join(words.split())
        if role == Qt.ItemDataRole.ToolTipRole:
            return _understood(words) if column == "period" and words else words or None
        if role == Qt.ItemDataRole.TextAlignmentRole and column == "value":
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return COLUMNS[section][1] if orientation == Qt.Orientation.Horizontal else section + 1

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
        column = COLUMNS[index.column()][0]
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
        field = fields_of(Observation)[_field_of(COLUMNS[index.column()][0])]
        return field.value_of(values_of(row, field.columns)) if row is not None else None


def _field_of(column: str) -> str:
    """The field that a column of the table belongs to: a unit belongs to its value."""
    return "value" if column == "unit" else column


def _understood(period: str) -> str:
    return f"Understood as: {parse_span(period).in_words()}"


class _CellDelegate(InPlaceDelegate):
    """A line for words and figures, a list of choices for the kind."""

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: AnyIndex) -> QWidget:
        column, heading = COLUMNS[index.column()]
        made: QWidget
        if column == "kind":
            box = QComboBox(parent)
            for kind in ObservationKind:
                box.addItem(choice_words(kind.value), kind.value)
            box.activated.connect(lambda: self._done(box))
            made = box
        else:
            made = QLineEdit(parent)
            made.installEventFilter(PassUndoOn(made))
        made.setAccessibleName(heading)
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


class ValuesTable(QTableView):
    """The table: Enter or F2 edits, Delete empties cells, Ctrl+C and Ctrl+V speak with spreadsheets."""

    def __init__(self, context: PanelContext, page: ValuesPage) -> None:
        super().__init__()
        self._page = page
        self.setProperty("field", _FIELDS)
        self.setAccessibleName("Values")
        self.values = ValuesModel(context, self)
        self.setModel(self.values)
        self.cells = _CellDelegate(self, context.autosave)
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
        self._page.context.editor.end_sitting()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.state() == QAbstractItemView.State.EditingState:
            super().keyPressEvent(event)  # what the open cell did not want, Enter among it
            return
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_cells()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self._page.paste(QGuiApplication.clipboard().text())
        elif event.key() == Qt.Key.Key_Delete:
            if control:
                self._page.delete_values()
            else:
                self._page.clear_cells()
        elif event.key() == Qt.Key.Key_Insert and not event.modifiers():
            self._page.add_value()
        elif alt and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._page.move_values(-1 if event.key() == Qt.Key.Key_Up else 1)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not control:
            self.edit(self.currentIndex())
        else:
            super().keyPressEvent(event)

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
        lines = ["\t".join(cells[at] for at in sorted(cells)) for _, cells in sorted(rows.items())]
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


class ValuesPage(RowWidget):
    """The table of a measure's values, and of the chosen one what needs more room than a cell."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__(context)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.table = ValuesTable(context, self)
        column.addWidget(self.table)
        self.buttons = {
            "add": sign_button("plus", "Add a value", self.add_value, text="Add value"),
            "delete": sign_button("trash-2", "Delete the values chosen (Ctrl+Delete)", self.delete_values),
            "up": sign_button("arrow-up", "Move up (Alt+Up)", lambda: self.move_values(-1)),
            "down": sign_button("arrow-down", "Move down (Alt+Down)", lambda: self.move_values(1)),
        }
        line = QHBoxLayout()
        line.setSpacing(2)
        for button in self.buttons.values():
            line.addWidget(button)
        line.addStretch(1)
        column.addLayout(line)
        column.addWidget(
            Hint("A value is a number or words such as “good”. Rows copied in a spreadsheet can be pasted.")
        )
        self.more = RowGroup(context)
        self.more.add(
            SpanField(context, "observation.period", "Period of the value chosen", example="2016/17")
        )
        self.more.add(TextField(context, "observation.note", "Note on the value chosen", lines=2))
        column.addWidget(self.more)
        column.addStretch(1)
        selection = self.table.selectionModel()
        selection.currentRowChanged.connect(self._current_changed)
        self.table.values.modelReset.connect(self._current_changed)

    @property
    def measure(self) -> Measure | None:
        """The measure shown."""
        row = self.row()
        return row if isinstance(row, Measure) else None

    # ------------------------------------------------------------------ what is shown

    def load(self, row: Row | None) -> None:
        super().load(row)
        self.more.load(None)
        self.table.values.show_measure(self.measure)
        if self.table.values.rowCount():
            self.table.setCurrentIndex(self.table.values.index(0, 0))
        self.table.give_room()
        self._current_changed()

    def apply(self, changed: Changed) -> None:
        self.more.apply(changed)
        if changed.touches("observation"):
            self._show()

    def flush(self) -> None:
        self.table.cells.keep_typing()
        self.more.flush()

    def choose(self, row_id: str) -> None:
        """Make an observation the current one."""
        at = self.table.values.place_of(row_id)
        if at >= 0:
            self.table.setCurrentIndex(self.table.values.index(at, 4))

    def _show(self) -> None:
        index = self.table.currentIndex()
        row_id = self.table.values.id_at(index.row())
        at, column = index.row(), max(index.column(), 0)
        self.table.values.show_measure(self.measure)
        self.table.give_room()
        if not self.table.currentIndex().isValid() and self.table.values.rowCount():
            now = self.table.values.place_of(row_id) if row_id else -1
            at = now if now >= 0 else min(max(at, 0), self.table.values.rowCount() - 1)
            self.table.setCurrentIndex(self.table.values.index(at, column))
        self._current_changed()

    def _current_changed(self) -> None:
        row = self.table.values.row_at(self.table.currentIndex().row())
        key = ("observation", row.id) if row is not None else None
        if key != self.more.key:
            self.more.flush()
            self.more.load(row)
        self.more.setVisible(row is not None)
        free, moves = not self.context.is_locked(self.measure), self.context.may_arrange
        for name, button in self.buttons.items():
            can = moves if name in ("up", "down") else free
            button.setEnabled(can and (name == "add" or row is not None))

    # ------------------------------------------------------------------ what is done

    def add_value(self) -> None:
        """Add a value after the current one, for the same series and area, and begin to write it."""
        measure = self.measure
        if measure is None or self.context.is_locked(measure):
            return
        self.flush()
        beside = self.table.values.row_at(self.table.currentIndex().row())
        same = {name: getattr(beside, name) for name in ("series", "area", "kind", "unit")} if beside else {}
        made: list[Observation] = []
        editor = self.context.editor
        if self.context.do(lambda: made.append(add_row(editor, Observation, measure, after=beside, **same))):
            self._show()
            column = 2 if beside else 1
            index = self.table.values.index(self.table.values.place_of(made[0].id), column)
            self.table.setCurrentIndex(index)
            self.table.setFocus()
            self.table.edit(index)

    def delete_values(self) -> None:
        """Delete the values in which something is chosen."""
        found = self._chosen()
        if found:
            self.context.do(lambda: delete_rows(self.context.editor, found))

    def clear_cells(self) -> None:
        """Empty the cells chosen."""
        if self.context.is_locked(self.measure):
            return
        cells = [(i.row(), i.column()) for i in self.table.selectionModel().selectedIndexes()]
        found = [(self.table.values.row_at(at), COLUMNS[number][0]) for at, number in cells]

        def clear() -> None:
            with self.context.editor.step("Clear values"):
                for row, column in found:
                    if row is not None:
                        write_cell(self.context, row, column, "")

        self.context.do(clear)

    def move_values(self, step: int) -> None:
        """Move the values in which something is chosen up (-1) or down (1)."""
        measure, found = self.measure, self._chosen()
        if measure is None or not found or not self.context.may_arrange:
            return
        first = self.table.chosen_rows()[0]
        at = min(max(first + step, 0), self.table.values.rowCount() - len(found))
        self.context.do(lambda: move_rows(self.context.editor, found, measure, at))

    def paste(self, text: str) -> None:
        """Put a table copied in a spreadsheet in from the current cell on; more rows are added as needed.

        A first row that names our columns says where each pasted column goes.
        """
        measure = self.measure
        cells = table_of(text)
        if measure is None or self.context.is_locked(measure) or not any(any(row) for row in cells):
            return
        index = self.table.currentIndex()
        first = max(index.column(), 0)
        columns: Sequence[str | None] = [column for column, _ in COLUMNS[first:]]
        named = headings_of(cells[0])
        at = max(index.row(), 0)
        if named is not None:
            columns, cells, at = named, cells[1:], self.table.values.rowCount()
        self.context.do(lambda: self._write_pasted(measure, columns, cells, at))

    def _write_pasted(
        self, measure: Measure, columns: Sequence[str | None], cells: list[list[str]], at: int
    ) -> None:
        editor = self.context.editor
        present = list(measure.observations)
        with editor.step(f"Paste {len(cells)} values" if len(cells) != 1 else "Paste a value"):
            for offset, row in enumerate(cells):
                if at + offset < len(present):
                    target = present[at + offset]
                else:
                    target = add_row(editor, Observation, measure)
                    editor.session.flush()
                    editor.session.expire(measure, ["observations"])
                # the unit first: a value may bring its own
                pairs = [(c, words) for c, words in zip(columns, row, strict=False) if c is not None]
                for column, words in sorted(pairs, key=lambda pair: pair[0] == "value"):
                    write_cell(self.context, target, column, words)

    def _chosen(self) -> list[Observation]:
        if self.context.is_locked(self.measure):
            return []
        rows = [self.table.values.row_at(at) for at in self.table.chosen_rows()]
        return [row for row in rows if row is not None]
