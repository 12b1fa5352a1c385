"""The changes as a list: a heading for each step, under it what the step changed; read piece by piece."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from cypp_desktop.operations.change_words import spoken, when_words
from cypp_desktop.plan.base import Row
from cypp_desktop.store.editor import Editor
from cypp_desktop.store.history import HistoryEntry, history, ids_with_parts
from cypp_desktop.store.history_words import HistoryWords, Said

AnyIndex = QModelIndex | QPersistentModelIndex
_ROOT: Final = QModelIndex()
#: How many changes are read at a time.
PIECE: Final = 200
LINE_ROLE: Final = Qt.ItemDataRole.UserRole
_KINDS: Final = {"undo": "Undo: ", "redo": "Redo: "}


@dataclass(frozen=True, slots=True)
class HistoryScope:
    """What a history is of: the whole plan, a row with its parts, or one field of a row."""

    row_type: str | None = None
    row_id: str | None = None
    field: str | None = None


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One line of the list: a step (``said`` is None) or a change of it."""

    entry: HistoryEntry
    said: Said | None = None
    place: str = ""

    @property
    def step_name(self) -> str:
        """What the step is called: "Edit title of 1a.i", "Undo: Edit title of 1a.i"."""
        return _KINDS.get(self.entry.kind, "") + self.entry.step

    @property
    def step_words(self) -> str:
        """Who, when, and what the step is called."""
        return f"{self.entry.author}, {when_words(self.entry)}: {self.step_name}"


class HistoryModel(QAbstractListModel):
    """The history of a scope, newest first. More is read when the view comes to the end."""

    def __init__(self, editor: Editor, scope: HistoryScope, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.editor = editor
        self.scope = scope
        self.author: str | None = None
        self.since: str | None = None
        self._lines: list[HistoryLine] = []
        self._ids: Sequence[str] | None = None
        self._own_place = ""
        self._words = HistoryWords(editor.session)
        self._ended = False

    def reload(self) -> None:
        """Read the newest changes anew."""
        self.beginResetModel()
        self._lines = []
        self._ended = False
        self._words = HistoryWords(self.editor.session)
        row = self._asked_row()
        self._own_place = self._words.way(row) if row is not None else ""
        self._ids = self._asked_ids(row)
        self._lines = self._read()
        self.endResetModel()

    def _asked_row(self) -> Row | None:
        scope = self.scope
        return self.editor.row(scope.row_type, scope.row_id) if scope.row_type and scope.row_id else None

    def _asked_ids(self, row: Row | None) -> Sequence[str] | None:
        if self.scope.row_id is None:
            return None
        if self.scope.field is not None or row is None:
            return [self.scope.row_id]
        return ids_with_parts(self.editor.session, row)

    def _read(self) -> list[HistoryLine]:
        """The next changes with the headings of their steps."""
        last = self._lines[-1].entry if self._lines else None
        entries = history(
            self.editor.session,
            rows=self._ids,
            field=self.scope.field,
            since=self.since,
            author=self.author,
            before=last.seq if last else None,
            limit=PIECE,
        )
        self._ended = len(entries) < PIECE
        lines: list[HistoryLine] = []
        for entry in entries:
            if last is None or entry.step_id != last.step_id:
                lines.append(HistoryLine(entry))
            lines.append(HistoryLine(entry, self._words.said(entry), self._place(entry)))
            last = entry
        return lines

    def _place(self, entry: HistoryEntry) -> str:
        """Where a change was made; nothing where that is the row whose history this is."""
        if self.scope.field is not None:
            return ""
        place = self._words.place(entry)
        return "" if place == self._own_place else place

    def to_open(self, entry: HistoryEntry) -> tuple[str, str] | None:
        """The row in whose panel a person sees what a change is about; None where it is gone."""
        return self._words.to_open(entry)

    def line(self, index: AnyIndex) -> HistoryLine | None:
        """A line of the list."""
        return self._lines[index.row()] if index.isValid() and index.row() < len(self._lines) else None

    def row_of(self, seq: int) -> int:
        """Where the change of that number stands, or -1."""
        return next((at for at, line in enumerate(self._lines) if line.said and line.entry.seq == seq), -1)

    # ------------------------------------------------------------------ what Qt asks

    def rowCount(self, parent: AnyIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._lines)

    def canFetchMore(self, parent: AnyIndex) -> bool:
        return not parent.isValid() and not self._ended and bool(self._lines)

    def fetchMore(self, parent: AnyIndex) -> None:
        if not self.canFetchMore(parent):
            return
        more = self._read()
        if more:
            at = len(self._lines)
            self.beginInsertRows(QModelIndex(), at, at + len(more) - 1)
            self._lines += more
            self.endInsertRows()

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        line = self.line(index)
        if line is not None and line.said is None:
            return Qt.ItemFlag.ItemNeverHasChildren  # a heading: passed over by the keys
        return super().flags(index)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line = self.line(index)
        if line is None:
            return None
        if role == LINE_ROLE:
            return line
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            if line.said is None:
                return line.step_words
            about = ", ".join(filter(None, (line.place, line.said.label)))
            return f"{about}: {spoken(line.said)} ({line.step_words})"
        return None
