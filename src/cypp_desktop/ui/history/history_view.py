"""The history of a field, a row with its parts, or the whole plan: filters, changes, what can be put back."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QModelIndex, QSignalBlocker, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from cypp_desktop.errors import CyppError
from cypp_desktop.operations.change_words import in_universal_time, understood_day
from cypp_desktop.plan.dates import day_in_words
from cypp_desktop.plan.signs import shown_on_one_line
from cypp_desktop.store.history import authors
from cypp_desktop.store.put_back import can_put_back, put_back
from cypp_desktop.ui.history.change_list import ChangesView
from cypp_desktop.ui.history.history_model import HistoryLine, HistoryModel, HistoryScope
from cypp_desktop.ui.labels import WrappedLabel
from cypp_desktop.ui.panels.flow_layout import FlowLayout

if TYPE_CHECKING:
    from cypp_desktop.store.editor import Changed, Editor

_EVERYBODY = "Everybody"
_TYPING_PAUSE = 300


class HistoryView(QWidget):
    """Who changed what, newest first. Without a row it is the history of the whole plan."""

    #: Go to what a change is about: (row type, row id).
    jump = Signal(str, str)
    #: What the plan refused, in words for the person.
    problem = Signal(str)
    #: The person wants the text of a change gone for good: the HistoryEntry.
    removal_wanted = Signal(object)

    def __init__(
        self,
        editor: Editor,
        row_type: str | None = None,
        row_id: str | None = None,
        field: str | None = None,
        *,
        today: Callable[[], date] = date.today,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._editor = editor
        self._today = today
        self._outdated = True
        self.model = HistoryModel(editor, HistoryScope(row_type, row_id, field), self)
        self.list = ChangesView()
        self.list.setModel(self.model)
        self.list.opened.connect(self._go)
        self.list.current_changed.connect(self._refresh_buttons)
        self.who = QComboBox()
        self.who.setAccessibleName("Changes made by")
        self.who.currentIndexChanged.connect(self.reload)
        self.since = QLineEdit()
        self.since.setAccessibleName("Changes since")
        self.since.setPlaceholderText("Since, such as 1 March")
        self.since.setClearButtonEnabled(True)
        self.since.textChanged.connect(self._since_typed)
        self.understood = QLabel()
        self.understood.hide()
        self.value_button = self._button("Put this back", partial(self.put_back, earlier=False))
        self.earlier_button = self._button(
            "Put back what was there before", partial(self.put_back, earlier=True)
        )
        self.remove_button = self._button("Remove for good…", self._ask_to_remove)
        self.go_button = self._button("Go to it", self._go_to_current)
        self._nothing = WrappedLabel("Nothing has been changed yet.", muted=True)
        self._timer = QTimer(self, singleShot=True)
        self._timer.setInterval(_TYPING_PAUSE)
        self._timer.timeout.connect(self.reload)
        self._lay_out()
        stop = editor.listen(self._heard)
        self.destroyed.connect(partial(_stop_once, stop))

    def _button(self, words: str, run: Callable[[], object]) -> QPushButton:
        button = QPushButton(words)
        button.setAutoDefault(False)
        button.clicked.connect(lambda: run())
        return button

    def _lay_out(self) -> None:
        filters, buttons = QWidget(), QWidget()
        above = FlowLayout(filters, spacing=6)
        for widget in (self.who, self.since, self.understood):
            above.addWidget(widget)
        below = FlowLayout(buttons, spacing=6)
        for button in (self.value_button, self.earlier_button, self.remove_button, self.go_button):
            below.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(filters)
        column.addWidget(self._nothing)
        column.addWidget(self.list, 1)
        column.addWidget(buttons)
        self.setAccessibleName("History")
        whole_plan = self.model.scope.row_type is None
        self.go_button.setVisible(self.model.scope.field is None)
        self.setMinimumHeight(self.fontMetrics().lineSpacing() * (10 if whole_plan else 14))

    # ------------------------------------------------------------------ what is shown

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._outdated:
            self.reload()

    def hideEvent(self, event: QHideEvent) -> None:
        """What is not seen is not read: the plan may be closed before it is seen again."""
        super().hideEvent(event)
        self._outdated = self._outdated or self._timer.isActive()
        self._timer.stop()

    def _heard(self, changed: Changed) -> None:
        if not shiboken6.isValid(self):
            return
        self._outdated = True
        if self.isVisible():
            self._timer.start(0)

    def reload(self) -> None:
        """Read the newest changes anew, staying on the change that is current."""
        self._timer.stop()
        self._outdated = False
        self._offer_people()
        line = self.current
        bar = self.list.verticalScrollBar().value()
        self.model.author = self.who.currentData()
        day = understood_day(self.since.text(), self._today()) if self.since.text().strip() else None
        self._say_understood(day)
        self.model.since = in_universal_time(day) if day is not None else None
        self.model.reload()
        at = self.model.row_of(line.entry.seq) if line is not None else -1
        if at >= 0:
            self.list.setCurrentIndex(self.model.index(at))
            self.list.verticalScrollBar().setValue(bar)
        elif self.model.rowCount() > 1:
            self.list.setCurrentIndex(self.model.index(1))
            self.list.scrollToTop()
        found = self.model.rowCount() > 0
        self.list.setVisible(found)
        self._nothing.setVisible(not found)
        filtered = self.model.author or self.model.since
        self._nothing.setText("Nothing was changed then." if filtered else "Nothing has been changed yet.")
        self._refresh_buttons()

    def _offer_people(self) -> None:
        names = [None, *authors(self._editor.session)]
        if names == [self.who.itemData(at) for at in range(self.who.count())]:
            return
        chosen = self.who.currentData()
        with QSignalBlocker(self.who):
            self.who.clear()
            for name in names:
                self.who.addItem(shown_on_one_line(name or "") or _EVERYBODY, name)
            self.who.setCurrentIndex(max(0, names.index(chosen) if chosen in names else 0))

    def _since_typed(self) -> None:
        self._timer.start(_TYPING_PAUSE)

    def _say_understood(self, day: date | None) -> None:
        self.understood.setVisible(bool(self.since.text().strip()))
        self.understood.setText(f"from {day_in_words(day.isoformat())}" if day else "no day understood")

    # ------------------------------------------------------------------ the current change

    @property
    def current(self) -> HistoryLine | None:
        """The change that is current in the list."""
        line = self.model.line(self.list.currentIndex())
        return line if line is not None and line.said is not None else None

    def _refresh_buttons(self) -> None:
        line = self.current
        free = line is not None and not self._editor.read_only
        self.value_button.setEnabled(bool(free and line and can_put_back(self._editor, line.entry)))
        earlier = bool(free and line and can_put_back(self._editor, line.entry, earlier=True))
        self.earlier_button.setEnabled(earlier)
        self.remove_button.setEnabled(bool(free))
        self.go_button.setEnabled(line is not None and self.model.to_open(line.entry) is not None)

    def put_back(self, *, earlier: bool = False) -> None:
        """Make the plan say what the current change says, or what was there before it."""
        line = self.current
        if line is None:
            return
        try:
            put_back(self._editor, line.entry, earlier=earlier)
        except CyppError as refused:
            self.problem.emit(str(refused))

    def _ask_to_remove(self) -> None:
        line = self.current
        if line is not None:
            self.removal_wanted.emit(line.entry)

    def _go_to_current(self) -> None:
        self._go(self.list.currentIndex())

    def _go(self, index: QModelIndex) -> None:
        line = self.model.line(index)
        key = self.model.to_open(line.entry) if line is not None else None
        if key is not None:
            self.jump.emit(*key)


def _stop_once(stop: Callable[[], None], *_: object) -> None:
    """Take a listener off; the editor may have been closed, and its listeners gone, before."""
    with suppress(ValueError):
        stop()
