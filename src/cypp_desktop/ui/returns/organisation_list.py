"""The list of organisations on the issue desk: ticks, what each would be asked for, and the rows of it."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QSizePolicy, QTreeWidget, QTreeWidgetItem

from cypp_desktop.merge.returns import ReturnState
from cypp_desktop.operations.returns.board_words import STATES
from cypp_desktop.operations.returns.days import day_words
from cypp_desktop.operations.returns.issue_desk import DeskFacts, OrganisationLine
from cypp_desktop.plan.words import counted, row_words

_ID = Qt.ItemDataRole.UserRole
_COLUMNS = ("Organisation", "Asked for", "Written so far", "Sent for this round")
#: The least width of the first column, in letters.
_LEAST = 28


class OrganisationList(QTreeWidget):
    """Those that lead something come first; an organisation opens to show the rows it is asked for."""

    #: A tick has changed.
    changed = Signal()
    current_changed = Signal()
    #: Enter on an organisation: choose what it is asked for.
    choose_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Organisations to ask")
        self.setColumnCount(len(_COLUMNS))
        self.setHeaderLabels(list(_COLUMNS))
        self.setUniformRowHeights(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        header = self.header()
        header.setStretchLastSection(False)
        for at in range(1, len(_COLUMNS)):
            header.setSectionResizeMode(at, QHeaderView.ResizeMode.ResizeToContents)
        self._ticked: set[str] = set()
        #: Organisations, each with the return that came back empty, if one did: those were offered a tick.
        self._known: set[tuple[str, str | None]] = set()
        self._facts = DeskFacts()
        self.itemChanged.connect(self._item_changed)
        self.itemExpanded.connect(self._opened)
        self.currentItemChanged.connect(self._current_changed)

    # ------------------------------------------------------------------ what is shown

    def show_facts(self, facts: DeskFacts, chosen: set[str]) -> None:
        """Show who would be asked for what; those in ``chosen`` are asked for measures chosen for them."""
        current, opened = self.current, self._open_ids()
        bar = self.verticalScrollBar().value()
        self._facts = facts
        for line in facts.organisations:
            came_back_empty = line.sent is not None and line.sent.state == ReturnState.EMPTY
            known = (
                line.asked.organisation_id,
                line.sent.issue_id if line.sent and came_back_empty else None,
            )
            is_to_ask = came_back_empty or (line.asked.leads and line.sent is None)
            if known not in self._known and is_to_ask:
                self._ticked.add(line.asked.organisation_id)  # until the person says otherwise
            self._known.add(known)
        with QSignalBlocker(self):
            self.clear()
            for line in facts.organisations:
                self._add(line, by_choice=line.asked.organisation_id in chosen)
        for at, item in enumerate(self._items()):
            if item.data(0, _ID) in opened:
                item.setExpanded(True)
            if item.data(0, _ID) == current or (current is None and at == 0):
                self.setCurrentItem(item)
        self.verticalScrollBar().setValue(bar)
        self._give_width()
        self.changed.emit()

    def _add(self, line: OrganisationLine, *, by_choice: bool) -> None:
        asked = line.asked
        words = asked.words or "leads nothing: choose measures for it"
        if by_choice and asked.words:
            words = f"{asked.words}, chosen"
        measures = len(asked.scope.measures)
        written = f"{asked.with_update} of {counted(measures, 'measure')}" if measures else ""
        item = QTreeWidgetItem([line.asked.name, words, written, _sent_words(line)])
        item.setData(0, _ID, line.asked.organisation_id)
        item.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"{line.asked.name}: {words}")
        self.addTopLevelItem(item)
        flag = Qt.ItemFlag
        if asked.scope:
            item.setFlags(flag.ItemIsEnabled | flag.ItemIsSelectable | flag.ItemIsUserCheckable)
            ticked = line.asked.organisation_id in self._ticked
            item.setCheckState(0, Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
            item.setChildIndicatorPolicy(QTreeWidgetItem.ChildIndicatorPolicy.ShowIndicator)
        else:
            item.setFlags(flag.ItemIsEnabled | flag.ItemIsSelectable)
            muted = self.palette().brush(QPalette.ColorRole.PlaceholderText)
            for column in range(len(_COLUMNS)):
                item.setForeground(column, muted)

    def _opened(self, item: QTreeWidgetItem) -> None:
        """The rows of an organisation are listed when they are first looked at."""
        line = self._facts.organisation(item.data(0, _ID))
        if line is None or item.childCount():
            return
        with QSignalBlocker(self):
            for row in self._facts.asked_rows(line.asked.scope):
                child = QTreeWidgetItem([row.words, row_words(row.row_type).capitalize()])
                child.setToolTip(0, f"{row.words}\n{row.under}")
                item.addChild(child)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._give_width()

    def _give_width(self) -> None:
        """The names take the room that the other columns leave, and never less than they can be read in."""
        others = sum(self.header().sectionSize(at) for at in range(1, len(_COLUMNS)))
        least = self.fontMetrics().averageCharWidth() * _LEAST
        self.setColumnWidth(0, max(self.viewport().width() - others, least))

    def clear_all(self) -> None:
        """Show nothing, and forget every tick."""
        self._facts = DeskFacts()
        self.forget_ticks()
        self.clear()

    def forget_ticks(self) -> None:
        """Tick what is usual again when facts are next shown."""
        self._ticked.clear()
        self._known.clear()

    def _open_ids(self) -> set[str]:
        return {item.data(0, _ID) for item in self._items() if item.isExpanded()}

    def _items(self) -> list[QTreeWidgetItem]:
        listed = (self.topLevelItem(at) for at in range(self.topLevelItemCount()))
        return [item for item in listed if item is not None]

    # ------------------------------------------------------------------ what is chosen

    @property
    def current(self) -> str | None:
        """The id of the organisation that is current, or of the one in which the current row stands."""
        item = self.currentItem()
        while item is not None and item.parent() is not None:
            item = item.parent()
        found: str | None = item.data(0, _ID) if item is not None else None
        return found

    def ticked(self) -> set[str]:
        """The ids of the organisations that are ticked and would be asked for something."""
        would_be_asked = [line.asked for line in self._facts.organisations if line.asked.scope]
        return {asked.organisation_id for asked in would_be_asked} & self._ticked

    def tick(self, organisation_id: str, on: bool) -> None:
        """Tick an organisation or take its tick away."""
        self._note_tick(organisation_id, on)
        self._show_ticks()

    def _note_tick(self, organisation_id: str, on: bool) -> None:
        if on:
            self._ticked.add(organisation_id)
        else:
            self._ticked.discard(organisation_id)

    def tick_all(self) -> None:
        """Tick everyone who would be asked for something."""
        would_be_asked = [line.asked for line in self._facts.organisations if line.asked.scope]
        self._ticked |= {asked.organisation_id for asked in would_be_asked}
        self._show_ticks()

    def tick_none(self) -> None:
        """Take every tick away."""
        self._ticked.clear()
        self._show_ticks()

    def _show_ticks(self) -> None:
        with QSignalBlocker(self):
            for item in self._items():
                if item.flags() & Qt.ItemFlag.ItemIsUserCheckable:
                    on = item.data(0, _ID) in self._ticked
                    item.setCheckState(0, Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
        self.viewport().update()
        self.changed.emit()

    def _item_changed(self, item: QTreeWidgetItem, column: int) -> None:
        if item.parent() is None and column == 0:
            on = item.checkState(0) == Qt.CheckState.Checked
            self._note_tick(item.data(0, _ID), on)
            self.changed.emit()

    def _current_changed(self) -> None:
        self.current_changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.choose_wanted.emit()
        else:
            super().keyPressEvent(event)


def _sent_words(line: OrganisationLine) -> str:
    """What the plan alone can say; whether one that is out was opened or finished, the board looks up."""
    if line.sent is None:
        return ""
    sent = f"sent {day_words(line.sent.issued_at)}"
    if line.sent.state not in (ReturnState.MERGED, ReturnState.RETURNED, ReturnState.EMPTY):
        return sent
    shape, word = STATES[line.sent.state]
    return f"{shape} {word}, {sent}"
