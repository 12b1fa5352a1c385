"""The page of a measure's values: the table, its buttons, and beneath it what needs more room than a cell."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from cypp_desktop.plan.model import Measure, Observation
from cypp_desktop.store.commands import add_row, delete_rows, move_rows
from cypp_desktop.ui.panels.buttons import sign_button
from cypp_desktop.ui.panels.context import PanelContext
from cypp_desktop.ui.panels.dates import SpanField
from cypp_desktop.ui.panels.row_widget import Hint, RowGroup, RowWidget, values_of
from cypp_desktop.ui.panels.texts import TextField
from cypp_desktop.ui.panels.value_cells import COLUMNS, ValueColumn, headings_of, table_of
from cypp_desktop.ui.panels.values_model import write_cell
from cypp_desktop.ui.panels.values_table import ValuesTable

if TYPE_CHECKING:
    from cypp_desktop.plan.base import Row
    from cypp_desktop.store.editor import Changed


class ValuesPage(RowWidget):
    """The table of a measure's values, and of the chosen one what needs more room than a cell."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__(context)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.table = ValuesTable(context)
        self.table.add_wanted.connect(self.add_value)
        self.table.delete_wanted.connect(self.delete_values)
        self.table.clear_wanted.connect(self.clear_cells)
        self.table.move_wanted.connect(self.move_values)
        self.table.paste_wanted.connect(self.paste)
        column.addWidget(self.table)
        self.buttons = {
            "add": sign_button("plus", "Add a value", self.add_value, text="Add value"),
            "delete": sign_button("trash-2", "Delete the values chosen (Ctrl+Delete)", self.delete_values),
            "up": sign_button("arrow-up", "Move up (Alt+Up)", functools.partial(self.move_values, -1)),
            "down": sign_button("arrow-down", "Move down (Alt+Down)", functools.partial(self.move_values, 1)),
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
            self.table.setCurrentIndex(self.table.values.index(at, COLUMNS.index(ValueColumn.VALUE)))

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
        same = values_of(beside, ("series", "area", "kind", "unit")) if beside else {}
        editor = self.context.editor
        made = self.context.make(lambda: add_row(editor, Observation, measure, after=beside, **same))
        if made is not None:
            self._show()
            column = ValueColumn.PERIOD if beside else ValueColumn.AREA
            index = self.table.values.index(self.table.values.place_of(made.id), COLUMNS.index(column))
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
        found = [(self.table.values.row_at(at), COLUMNS[number]) for at, number in cells]

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
        columns: Sequence[ValueColumn | None] = COLUMNS[first:]
        named = headings_of(cells[0])
        at = max(index.row(), 0)
        if named is not None:
            columns, cells, at = named, cells[1:], self.table.values.rowCount()
        self.context.do(lambda: self._write_pasted(measure, columns, cells, at))

    def _write_pasted(
        self, measure: Measure, columns: Sequence[ValueColumn | None], cells: list[list[str]], at: int
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
                for column, words in sorted(pairs, key=lambda pair: pair[0] is ValueColumn.VALUE):
                    write_cell(self.context, target, column, words)

    def _chosen(self) -> list[Observation]:
        if self.context.is_locked(self.measure):
            return []
        rows = [self.table.values.row_at(at) for at in self.table.chosen_rows()]
        return [row for row in rows if row is not None]
