"""A list of rows that belong to the one shown, each of which can be gone to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QSizePolicy, QVBoxLayout

from cypp_desktop.plan.base import Row
from cypp_desktop.plan.levels import LEVELS
from cypp_desktop.plan.model import Update
from cypp_desktop.plan.row_names import crumb
from cypp_desktop.plan.shape import upward
from cypp_desktop.ui.panels.buttons import sign_button
from cypp_desktop.ui.panels.context import PanelContext
from cypp_desktop.ui.panels.covered_measures import covered_words
from cypp_desktop.ui.panels.row_widget import PanelHeading, RowWidget, choice_words
from cypp_desktop.ui.panels.update import state_of

if TYPE_CHECKING:
    from cypp_desktop.store.editor import Changed

#: What the way to a row is called by.
_ON_THE_WAY: Final = ("plan", *LEVELS, "action")


@dataclass(frozen=True)
class RelatedRow:
    """A row to go to, and what it is called here."""

    row_type: str
    row_id: str
    words: str

    @classmethod
    def of(cls, context: PanelContext, row: Row) -> RelatedRow:
        """A row by the way to it."""
        steps = [crumb(step, context.level_name(step.row_type)) for step in upward(row)]
        words = " › ".join(reversed(steps))
        if isinstance(row, Update):
            above = " › ".join(reversed(steps[1:]))
            words = f"{above} › {covered_words(context, row)}: {choice_words(state_of(row))}"
        return cls(row.row_type, row.id, words)


class _Rows(QListWidget):
    def sizeHint(self) -> QSize:
        line = self.fontMetrics().lineSpacing()
        needed = sum(self.sizeHintForRow(at) for at in range(self.count())) + 2 * self.frameWidth() + 4
        return QSize(line * 12, min(needed, 14 * line))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.fontMetrics().averageCharWidth() * 16, self.sizeHint().height())


class RelatedRows(RowWidget):
    """A heading and the rows found; none takes no room. Enter and a double click go to a row."""

    def __init__(
        self,
        context: PanelContext,
        words: str,
        find: Callable[[PanelContext, Row], Sequence[RelatedRow]],
        *,
        watches: tuple[str, ...],
        add: tuple[str, Callable[[], tuple[str, str] | None]] | None = None,
    ) -> None:
        """``watches`` are the row types whose changes may change the list; ``add`` makes one more."""
        super().__init__(context)
        self._words, self._find, self._watches = words, find, watches
        self._add = add[1] if add else None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.heading = PanelHeading(words)
        column.addWidget(self.heading)
        self.list = _Rows()
        self.list.setAccessibleName(words)
        self.list.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.list.itemDoubleClicked.connect(self._go)
        self.list.installEventFilter(self)
        column.addWidget(self.list)
        self.add_button = sign_button("plus", add[0], self._add_one, text=add[0]) if add else None
        if self.add_button is not None:
            column.addWidget(self.add_button)

    def load(self, row: Row | None) -> None:
        super().load(row)
        self._show()

    def apply(self, changed: Changed) -> None:
        if changed.touches(*self._watches, *_ON_THE_WAY):
            self._show()

    def rows(self) -> list[RelatedRow]:
        """The rows listed."""
        return [self.list.item(at).data(Qt.ItemDataRole.UserRole) for at in range(self.list.count())]

    def _show(self) -> None:
        row = self.row()
        found = list(self._find(self.context, row)) if row is not None else []
        self.list.clear()
        for each in found:
            item = QListWidgetItem(each.words)
            item.setData(Qt.ItemDataRole.UserRole, each)
            self.list.addItem(item)
        self.heading.setText(f"{self._words} ({len(found)})" if found else self._words)
        self.list.setVisible(bool(found))
        self.heading.setVisible(bool(found) or self._add is not None)
        self.list.updateGeometry()
        if self.add_button is not None:
            self.add_button.setEnabled(not self.context.is_locked(row))

    def _go(self, item: QListWidgetItem) -> None:
        found: RelatedRow = item.data(Qt.ItemDataRole.UserRole)
        self.context.jump.emit(found.row_type, found.row_id)

    def _add_one(self) -> None:
        key = self.context.make(self._add) if self._add is not None else None
        if key is not None:
            self.context.jump.emit(*key)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            item = self.list.currentItem()
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and item is not None:
                self._go(item)
                return True
        return False
