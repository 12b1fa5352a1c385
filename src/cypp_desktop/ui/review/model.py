"""Things to look at as a Qt model of two levels: headings, and lines under them. Read only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont

from cypp_desktop.operations.review.lines import (
    Line,
    LineGroup,
    LineKey,
    is_waiting,
    key_of,
    sign_of,
    spoken_of,
    words_of,
)

Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole


class LineModel(QAbstractItemModel):
    """Headings with their lines. An index under heading N names it by N + 1, a heading by 0."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.groups: Sequence[LineGroup] = ()
        self._at: dict[LineKey, tuple[int, int]] = {}

    def show(self, groups: Sequence[LineGroup]) -> None:
        """Show other lines."""
        self.beginResetModel()
        self.groups = groups
        self._at = {}
        for number, group in enumerate(groups):
            for at, line in enumerate(group.lines):
                self._at[key_of(line)] = (number, at)
        self.endResetModel()

    # ------------------------------------------------------------------ lines

    def line(self, index: Index) -> Line | None:
        """The line at an index; None for a heading."""
        if not index.isValid() or index.internalId() == 0:
            return None
        return self.groups[int(index.internalId()) - 1].lines[index.row()]

    def index_of(self, key: LineKey | None) -> QModelIndex:
        """Where a line stands; no index where it is not shown."""
        at = self._at.get(key) if key is not None else None
        return self.createIndex(at[1], 0, at[0] + 1) if at is not None else QModelIndex()

    def lines(self) -> list[Line]:
        """All lines in their order."""
        return [line for group in self.groups for line in group.lines]

    def tell_changed(self, key: LineKey) -> None:
        """A line says something else now."""
        index = self.index_of(key)
        if index.isValid():
            self.dataChanged.emit(index, index)
            self.dataChanged.emit(index.parent(), index.parent())

    # ------------------------------------------------------------------ Qt reads

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008
        if column != 0 or not 0 <= row < self.rowCount(parent):
            return QModelIndex()
        return self.createIndex(row, 0, parent.row() + 1 if parent.isValid() else 0)

    def parent(self, index: Index = QModelIndex()) -> Any:  # noqa: B008
        if not index.isValid() or index.internalId() == 0:
            return QModelIndex()
        return self.createIndex(int(index.internalId()) - 1, 0, 0)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        if not parent.isValid():
            return len(self.groups)
        return len(self.groups[parent.row()].lines) if parent.internalId() == 0 else 0

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 1

    def data(self, index: Index, role: int = _Role.DisplayRole) -> Any:
        line = self.line(index)
        if line is None:
            return self._heading(self.groups[index.row()], role) if index.isValid() else None
        if role == _Role.DisplayRole:
            return f"{sign_of(line)} {words_of(line)}"
        if role in (_Role.AccessibleTextRole, _Role.ToolTipRole):
            return spoken_of(line)
        return None

    def _heading(self, group: LineGroup, role: int) -> Any:
        if role == _Role.DisplayRole:
            return group.title
        if role == _Role.FontRole:
            font = QFont()
            font.setBold(True)
            return font
        if role in (_Role.AccessibleTextRole, _Role.ToolTipRole):
            waiting = sum(is_waiting(line) for line in group.lines)
            rest = f", {waiting} to look at" if waiting else ""
            return f"{group.title}, {len(group.lines)}{rest}"
        return None
