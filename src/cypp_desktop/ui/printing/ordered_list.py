"""A list of things that a person puts in order, takes away and adds to. Knows nothing of what they are."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from cypp_desktop.ui.panels.buttons import sign_button
from cypp_desktop.ui.panels.inputs import ChoiceBox

_KEY = Qt.ItemDataRole.UserRole
_ROWS = 7


class OrderedList(QWidget):
    """Keys with words, in an order. Ctrl+Up and Ctrl+Down move the current one, Delete takes it away."""

    #: The person has moved, added or taken away something.
    edited = Signal()
    #: Another one is the current one: its key, empty where there is none.
    chosen = Signal(str)

    def __init__(self, name: str, adding: str) -> None:
        super().__init__()
        self._words: dict[str, str] = {}
        self._adding = adding
        self.list = QListWidget()
        self.list.setAccessibleName(name)
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentItemChanged.connect(self._current_changed)
        self.list.installEventFilter(self)
        self.up = sign_button("arrow-up", "Move up", self.move_up)
        self.down = sign_button("arrow-down", "Move down", self.move_down)
        self.drop = sign_button("x", "Take away", self.take_away)
        self.add = ChoiceBox()
        self.add.setAccessibleName(adding)
        self.add.setMinimumContentsLength(8)
        self.add.setSizeAdjustPolicy(ChoiceBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.add.activated.connect(self._add_chosen)
        row = QHBoxLayout()
        row.addWidget(self.add, 1)
        for button in (self.up, self.down, self.drop):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list)
        column.addLayout(row)
        self._fit()

    def show_choices(self, words: Sequence[tuple[str, str]]) -> None:
        """What there is to add, as (key, words)."""
        self._words = dict(words)
        self._show_rest()

    def show_keys(self, keys: Sequence[str]) -> None:
        """Show these, in this order; what is not offered is shown by its key."""
        self.list.blockSignals(True)
        self.list.clear()
        for key in keys:
            self._insert(self.list.count(), key)
        self.list.blockSignals(False)
        self.list.setCurrentRow(0)
        self._show_rest()

    def in_order(self) -> list[str]:
        """The keys in their order."""
        return [str(self.list.item(at).data(_KEY)) for at in range(self.list.count())]

    def current(self) -> str:
        """The key of the current one; empty where there is none."""
        item = self.list.currentItem()
        return str(item.data(_KEY)) if item is not None else ""

    def add_key(self, key: str, at: int | None = None) -> None:
        """Add one at a place, at the end where none is given, and make it the current one."""
        at = self.list.count() if at is None else at
        self._insert(at, key)
        self.list.setCurrentRow(at)
        self._changed()

    def remove_key(self, key: str) -> None:
        """Take one away, where it is there."""
        if key in self.in_order():
            self.list.takeItem(self.in_order().index(key))
            self._changed()

    def move_up(self) -> None:
        self._move(-1)

    def move_down(self) -> None:
        self._move(1)

    def take_away(self) -> None:
        if self.list.currentRow() >= 0:
            self.list.takeItem(self.list.currentRow())
            self._changed()

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if watched is self.list and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._key_pressed(event)
        return False

    def _key_pressed(self, event: QKeyEvent) -> bool:
        """Whether a key does something to the list."""
        with_control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() == Qt.Key.Key_Delete:
            self.take_away()
        elif with_control and event.key() == Qt.Key.Key_Up:
            self.move_up()
        elif with_control and event.key() == Qt.Key.Key_Down:
            self.move_down()
        else:
            return False
        return True

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "list"):
            self._fit()

    def _fit(self) -> None:
        self.list.setFixedHeight(self.fontMetrics().lineSpacing() * _ROWS)

    def _insert(self, at: int, key: str) -> None:
        item = QListWidgetItem(self._words.get(key, key))
        item.setData(_KEY, key)
        self.list.insertItem(at, item)

    def _move(self, by: int) -> None:
        at = self.list.currentRow()
        if at < 0 or not 0 <= at + by < self.list.count():
            return
        item = self.list.takeItem(at)
        self.list.insertItem(at + by, item)
        self.list.setCurrentRow(at + by)
        self._changed()

    def _changed(self) -> None:
        self._show_rest()
        self.edited.emit()

    def _show_rest(self) -> None:
        there = set(self.in_order())
        self.add.clear()
        self.add.addItem(f"{self._adding}…", "")
        for key, words in self._words.items():
            if key not in there:
                self.add.addItem(words, key)
        self.add.setEnabled(self.add.count() > 1)

    def _add_chosen(self, index: int) -> None:
        if key := self.add.itemData(index):
            self.add_key(str(key), self.list.currentRow() + 1 if self.list.count() else 0)

    def _current_changed(self, current: QListWidgetItem | None, before: QListWidgetItem | None) -> None:
        self.chosen.emit(str(current.data(_KEY)) if current is not None else "")
