"""The dialog in which measures are chosen for an organisation: a list of ticks with a filter over it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from cypp_desktop.operations.returns.issue_desk import AskedRow
from cypp_desktop.plan.words import counted
from cypp_desktop.ui import theme
from cypp_desktop.ui.labels import WrappedLabel

_ID = Qt.ItemDataRole.UserRole
_FOLDED = Qt.ItemDataRole.UserRole + 1


class MeasureChooser(QDialog):
    """Ticks among all measures of the plan, in its order."""

    def __init__(
        self, organisation: str, rows: Sequence[AskedRow], ticked: Collection[str], parent: QWidget | None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Choose measures")
        self.box = QLineEdit()
        self.box.setPlaceholderText("Filter")
        self.box.setAccessibleName("Filter measures by words")
        self.box.setClearButtonEnabled(True)
        self.box.textChanged.connect(self._filter)
        self.box.installEventFilter(self)
        self.list = QListWidget()
        self.list.setAccessibleName("Measures to ask for")
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setUniformItemSizes(True)
        flag = Qt.ItemFlag
        for row in rows:
            item = QListWidgetItem(row.words)
            item.setToolTip(row.under)
            item.setData(_ID, row.id)
            item.setData(_FOLDED, f"{row.words} {row.under}".casefold())
            item.setFlags(flag.ItemIsEnabled | flag.ItemIsSelectable | flag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if row.id in ticked else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.count = WrappedLabel()
        self.list.itemChanged.connect(self._say)
        buttons = QDialogButtonBox()
        self.take = buttons.addButton("Ask for these", QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(WrappedLabel(f"What is {organisation} to be asked for?", bold=True))
        column.addWidget(self.box)
        column.addWidget(self.list, 1)
        column.addWidget(self.count)
        column.addWidget(buttons)
        self._say()

    def sizeHint(self) -> QSize:
        return QSize(theme.scaled(self, 620), theme.scaled(self, 520))

    def ticked(self) -> frozenset[str]:
        """The ids of the measures that are ticked."""
        return frozenset(i.data(_ID) for i in self._items() if i.checkState() == Qt.CheckState.Checked)

    def _items(self) -> list[QListWidgetItem]:
        return [self.list.item(at) for at in range(self.list.count())]

    def _filter(self, words: str) -> None:
        wanted = words.casefold().split()
        for item in self._items():
            item.setHidden(not all(word in item.data(_FOLDED) for word in wanted))

    def _say(self) -> None:
        count = len(self.ticked())
        self.count.setText(f"{counted(count, 'measure')} chosen")
        self.take.setEnabled(count > 0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """From the filter to the list with Down or Enter."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            wanted = (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if watched is self.box and event.key() in wanted:
                self.list.setFocus(Qt.FocusReason.OtherFocusReason)
                shown = [item for item in self._items() if not item.isHidden()]
                if shown and self.list.currentItem() not in shown:
                    self.list.setCurrentItem(shown[0])
                return True
        return super().eventFilter(watched, event)
