"""The columns of a document's tables, each with a choice of what it means."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from cypp_desktop.exchange.word.model import ColumnMeaning, FoundColumn, FoundTable
from cypp_desktop.operations.importing.column_choices import ColumnChoices, TableGroup
from cypp_desktop.plan.words import counted
from cypp_desktop.ui import icons, theme
from cypp_desktop.ui.labels import WrappedLabel


class MeaningBox(QComboBox):
    """A choice among the meanings. The wheel scrolls the page and never changes a choice in passing."""

    def __init__(self, table: int, column: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table, self.column = table, column
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        for meaning in ColumnMeaning:
            self.addItem(meaning.label, meaning.value)

    @property
    def meaning(self) -> ColumnMeaning:
        """The meaning chosen."""
        return ColumnMeaning(self.currentData())

    def show_meaning(self, meaning: ColumnMeaning) -> None:
        """Show a meaning; `activated` is not emitted."""
        self.setCurrentIndex(self.findData(meaning.value))

    def showPopup(self) -> None:
        # However narrow the box is, its list shows every meaning in full.
        view = self.view()
        view.setMinimumWidth(view.sizeHintForColumn(0) + view.verticalScrollBar().sizeHint().width())
        super().showPopup()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class _ColumnLine:
    """The widgets of one column: its heading and first words, its meaning, and whether to check it."""

    def __init__(self, group: TableGroup, column: FoundColumn) -> None:
        heading = column.heading or f"Column {column.index + 1}, without a heading"
        self.heading = WrappedLabel(heading, bold=True)
        self.sample = WrappedLabel(column.sample, muted=True)
        self.sample.setVisible(bool(column.sample))
        self.box = MeaningBox(group.tables[0], column.index)
        self._name = f"Meaning of the column “{heading}”, {group.name.lower()}"
        self.box.setAccessibleDescription(f"First words: {column.sample}" if column.sample else "")
        self.heading.setBuddy(self.box)
        self.sign = QLabel()
        self.mark = WrappedLabel("Please check: the heading does not say it")
        self.show_column(group, column)

    def show_column(self, group: TableGroup, column: FoundColumn) -> None:
        """Show the meaning as it is now."""
        unsure = group.unsure(column)
        self.box.show_meaning(column.meaning)
        self.box.setAccessibleName(f"{self._name}{' (please check)' if unsure else ''}")
        self.mark.setVisible(unsure)
        self.sign.setVisible(unsure)

    def dress(self, side: int) -> None:
        """Take sign and colours anew from the theme."""
        self.sign.setPixmap(icons.icon("triangle-alert").pixmap(side, side))

    def add_to(self, below: QVBoxLayout) -> None:
        """Stand at the end of a column of widgets."""
        across = QHBoxLayout()
        across.addWidget(self.heading, 5)
        across.addWidget(self.box, 4)
        check = QHBoxLayout()
        check.addWidget(self.sign)
        check.addWidget(self.mark, 1)
        below.addLayout(across)
        below.addWidget(self.sample)
        below.addLayout(check)
        below.addSpacing(6)


class ColumnsEditor(QScrollArea):
    """All tables of a document with their columns. Says when the person has changed a meaning."""

    changed = Signal()

    def __init__(self, choices: ColumnChoices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choices = choices
        self._groups: list[TableGroup] = []
        self._lines: dict[tuple[int, int], _ColumnLine] = {}
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.apart = QCheckBox("&Each table by itself")
        self.apart.toggled.connect(self._regroup)
        self.recognised = QPushButton("&As recognised")
        self.recognised.setAutoDefault(False)
        self.recognised.setToolTip("Forget the meanings you chose and go back to what was recognised")
        self.recognised.clicked.connect(self._forget)
        self._lead = WrappedLabel(
            "What each column means. Change what is not right; what was found is read anew."
        )
        self._sheet = QWidget()
        self._column = QVBoxLayout(self._sheet)
        self._tables = QWidget()
        self._column.addWidget(self._lead)
        self._column.addWidget(self._tables)
        self._column.addWidget(self.apart)
        self._column.addWidget(self.recognised, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addStretch(1)
        self.setWidget(self._sheet)

    def show_tables(self, tables: Sequence[FoundTable]) -> None:
        """Show the tables as read; the choice that has the focus keeps it where they are the same tables."""
        self._choices.take_in(tables)
        groups = self._choices.groups(apart=self.apart.isChecked())
        if [group.shape for group in groups] == [group.shape for group in self._groups]:
            for group in groups:
                for column in group.columns:
                    self._lines[group.tables[0], column.index].show_column(group, column)
        else:
            self._build(groups)
        self._groups = groups
        self.apart.setVisible(any(len(group.tables) > 1 for group in self._choices.groups()))
        self.recognised.setEnabled(bool(self._choices.chosen))

    def boxes(self) -> list[MeaningBox]:
        """The choices, in the order of the tables and their columns."""
        return [line.box for line in self._lines.values()]

    def to_check(self) -> list[MeaningBox]:
        """The choices that are marked to be checked."""
        return [line.box for line in self._lines.values() if not line.mark.isHidden()]

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange) and hasattr(self, "_sheet"):
            self._dress()
        super().changeEvent(event)

    # ------------------------------------------------------------------ inside

    def _build(self, groups: Sequence[TableGroup]) -> None:
        fresh = QWidget()
        column = QVBoxLayout(fresh)
        column.setContentsMargins(0, 0, 0, 0)
        self._lines = {}
        for group in groups:
            column.addWidget(WrappedLabel(f"{group.name} · {counted(group.rows, 'row')}", bold=True))
            if group.above:
                above = WrappedLabel(group.stands_under, muted=True)
                above.setToolTip("\n".join(group.above))
                column.addWidget(above)
            for each in group.columns:
                line = _ColumnLine(group, each)
                line.box.activated.connect(self._chosen)
                line.add_to(column)
                self._lines[group.tables[0], each.index] = line
            column.addSpacing(14)
        column.addStretch(1)
        self._column.replaceWidget(self._tables, fresh)
        self._tables.hide()
        self._tables.deleteLater()
        self._tables = fresh
        self._in_order()
        self._dress()

    def _in_order(self) -> None:
        """Tab goes down the choices, then to what stands below them."""
        walk: list[QWidget] = [*self.boxes(), self.apart, self.recognised]
        for before, after in itertools.pairwise(walk):
            QWidget.setTabOrder(before, after)

    def _dress(self) -> None:
        side = theme.scaled(self, 16)
        for line in self._lines.values():
            line.dress(side)

    def _chosen(self) -> None:
        box = self.sender()
        if not isinstance(box, MeaningBox):
            return
        group = next(group for group in self._groups if group.tables[0] == box.table)
        if box.meaning != next(each.meaning for each in group.columns if each.index == box.column):
            self._choices.choose(group, box.column, box.meaning)
            self.changed.emit()

    def _forget(self) -> None:
        self._choices.chosen.clear()
        self.changed.emit()

    def _regroup(self) -> None:
        self._groups = self._choices.groups(apart=self.apart.isChecked())
        self._build(self._groups)
