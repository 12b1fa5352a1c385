"""The board of returns: every return that was sent out, what has come back, and what is still missing."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSignalBlocker, Qt
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QComboBox,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from cypp_desktop.errors import CyppError
from cypp_desktop.merge.returns import IssueLine, ReturnState, ask_again, reminder, take_back
from cypp_desktop.merge.sent_out import Lookout, Seen
from cypp_desktop.operations.returns.board_words import (
    COLUMNS,
    STATES,
    cells,
    in_order,
    more_of_state,
    summary,
)
from cypp_desktop.ui import theme
from cypp_desktop.ui.banner import MessageKind
from cypp_desktop.ui.labels import WrappedLabel
from cypp_desktop.ui.panels.flow_layout import FlowLayout
from cypp_desktop.ui.plan_reader import PlanReader
from cypp_desktop.ui.return_commands import plan_files
from cypp_desktop.ui.review import choose_files

if TYPE_CHECKING:
    from cypp_desktop.operations.progress import Progress
    from cypp_desktop.store.working_copy import WorkingCopy
    from cypp_desktop.ui.document import PlanDocument
    from cypp_desktop.ui.window_parts import WindowServices

#: Takes files in: services, the widget asked from, the plan and the files.
Receive = Callable[["WindowServices", list[Path]], None]

_ALL = "All rounds"
_TAKE_BACK, _ASK_AGAIN = "&Take back what was asked", "&Ask for it after all"
_NOTHING_SENT = "Nothing has been sent out yet. “Send returns out” writes a file for each organisation."
#: The widest that a column is made by itself, in letters.
_WIDEST = 36


class ReturnsBoard(QWidget):
    """Follows the open plan for as long as it is in view. Files dropped on it are taken in."""

    def __init__(
        self,
        services: WindowServices,
        receive: Receive,
        *,
        today: Callable[[], date] = date.today,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._services = services
        self._receive = receive
        self._today = today
        self._lines: list[IssueLine] = []
        self._reader = PlanReader(
            services.tasks, "Looking what has come back", self, view=self, follows_review=True
        )
        self._reader.due.connect(self.reload)
        self._reader.found.connect(self._read)
        self._reader.failed.connect(self._not_read)
        self._lookout = Lookout()
        self._seen: list[Seen] = []
        self._looking = PlanReader(services.tasks, "Looking where returns were put", self, may_hang=True)
        self._looking.found.connect(self._looked)
        self._looking.failed.connect(self._not_looked)
        self.setAccessibleName("Board of returns")
        self.setAcceptDrops(True)
        self._build()
        self._refresh()

    # ------------------------------------------------------------------ making

    def _build(self) -> None:
        self.round_box = QComboBox()
        self.round_box.setAccessibleName("Show returns of the round")
        self.round_box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.round_box.setMinimumContentsLength(16)
        self.round_box.addItem(_ALL, None)
        self.round_box.activated.connect(self._list)
        self.receive = _button("&Receive files…", self.choose_files)
        self.take = _button("Receive &selected", self.take_in_found)
        self.copy = _button("&Copy reminder", self.copy_reminder)
        self.print = _button("&Print reminder…", self.print_reminder)
        self.go = _button("&Go to the measure", self._go)
        self.back = _button(_TAKE_BACK, self.take_back)
        top = FlowLayout(spacing=6, grow=False)
        for widget in (self.receive, self.take, self.round_box, self.copy, self.print, self.go, self.back):
            top.addWidget(widget)
        self.summary = WrappedLabel()
        self.summary.setAccessibleName("Summary of returns")
        self.list = self._make_list()
        self.nothing = WrappedLabel(muted=True)
        self.hint = WrappedLabel("Files that come back can be dropped here.", muted=True)
        column = QVBoxLayout(self)
        column.addLayout(top)
        column.addWidget(self.summary)
        column.addWidget(self.list, 1)
        column.addWidget(self.nothing, 1)
        column.addWidget(self.hint)

    def _make_list(self) -> QTreeWidget:
        found = QTreeWidget()
        found.setAccessibleName("Returns sent out")
        found.setColumnCount(len(COLUMNS))
        found.setHeaderLabels(list(COLUMNS))
        found.setUniformRowHeights(True)
        found.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        found.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        found.setTabKeyNavigation(False)
        found.itemExpanded.connect(self._opened)
        found.itemSelectionChanged.connect(self._refresh)
        found.itemDoubleClicked.connect(self._go)
        found.installEventFilter(self)
        return found

    # ------------------------------------------------------------------ the plan

    @property
    def _document(self) -> PlanDocument | None:
        return self._reader.document

    def set_document(self, document: PlanDocument | None) -> None:
        """Follow an open plan from now on; None lets go of it at once."""
        self._looking.give_up()
        if document is not self._reader.document:
            self._lines, self._seen = [], []
            self.list.clear()
        self._reader.follow(document)
        self._refresh()

    def reload(self) -> None:
        """Read the board anew."""
        if self._document is not None:
            read = functools.partial(
                self._lookout.board,
                received=self._document.under_review,
                seen=self._seen,
                today=self._today(),
            )
            self._reader.ask(functools.partial(self._document.access.read, read))

    def _read(self, lines: list[IssueLine]) -> None:
        """Show what the plan knows, and look where returns were put: that may take long, on a share."""
        self._show(lines)
        if self._document is not None:
            self._looking.ask(
                functools.partial(_look_where_put, self._lookout, self._document.plan.working, lines)
            )

    def _looked(self, seen: list[Seen]) -> None:
        before = {(one.issue_id, one.now) for one in self._seen}
        if {(one.issue_id, one.now) for one in seen} != before:
            self._seen = seen
            self.reload()

    def _not_read(self, problem: Exception) -> None:
        """Say why; a bug is raised, for the reporter to log."""
        if not isinstance(problem, CyppError):
            raise problem
        self.summary.setText(str(problem))

    def _not_looked(self, problem: Exception) -> None:
        """Then nothing is known of these files. A bug is raised, for the reporter to log."""
        if not isinstance(problem, CyppError):
            raise problem

    # ------------------------------------------------------------------ what is shown

    def _show(self, lines: list[IssueLine]) -> None:
        self._lines = in_order(lines)
        names = list(dict.fromkeys(line.round_name for line in lines))
        chosen = self.round_box.currentData()
        with QSignalBlocker(self.round_box):
            self.round_box.clear()
            self.round_box.addItem(_ALL, None)
            for name in names:
                self.round_box.addItem(name or "No round", name or "")
            self.round_box.setCurrentIndex(max(0, self.round_box.findData(chosen)))
        self.round_box.setVisible(len(names) > 1)
        self._list()

    def shown_lines(self) -> list[IssueLine]:
        """The returns listed, from the top."""
        wanted = self.round_box.currentData()
        return [line for line in self._lines if wanted is None or (line.round_name or "") == wanted]

    def _list(self) -> None:
        chosen = {line.issue_id for line in self.chosen_lines()}
        opened = {self._line_of(item).issue_id for item in self._items() if item.isExpanded()}
        with QSignalBlocker(self.list):
            self.list.clear()
            for line in self.shown_lines():
                self._add(line)
            for item in self._items():
                line = self._line_of(item)
                item.setSelected(line.issue_id in chosen)
                if line.issue_id in opened:
                    self._opened(item)
                    item.setExpanded(True)
        if not chosen and self._items():
            self.list.setCurrentItem(self._items()[0])
        self._give_widths()
        self.summary.setText(summary(self.shown_lines()))
        self._refresh()

    def _add(self, line: IssueLine) -> None:
        item = QTreeWidgetItem(cells(line, self._today()))
        item.setData(0, Qt.ItemDataRole.UserRole, line)
        word = STATES[line.state][1]
        item.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"{word}: {line.organisation}")
        item.setForeground(0, self._colour(line.state))
        for column in (1, 5):
            item.setToolTip(column, item.text(column))
        item.setToolTip(0, more_of_state(line))
        if line.missing and not line.is_withdrawn:
            item.setChildIndicatorPolicy(QTreeWidgetItem.ChildIndicatorPolicy.ShowIndicator)
        self.list.addTopLevelItem(item)

    def _opened(self, item: QTreeWidgetItem) -> None:
        """What is missing is listed when it is first looked at."""
        is_asked = not self._line_of(item).is_withdrawn
        if item.parent() is None and not item.childCount() and is_asked:
            for missing in self._line_of(item).missing:
                child = QTreeWidgetItem(item, ["", missing.words])
                child.setToolTip(1, missing.words)
                child.setData(0, Qt.ItemDataRole.UserRole + 1, missing.measure_id)
                child.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"Missing: {missing.words}")
                child.setFirstColumnSpanned(False)

    def _colour(self, state: ReturnState) -> QColor:
        colours = theme.colours_of(self.palette())
        named = {
            ReturnState.LATE: colours.red,
            ReturnState.MERGED: colours.green,
            ReturnState.ASKED: colours.text,
            ReturnState.WITHDRAWN: colours.text,
        }
        return QColor(named.get(state, colours.amber))

    def _refresh(self) -> None:
        """Offer what can be done now."""
        lines = self.shown_lines()
        self.list.setVisible(bool(lines))
        self.nothing.setVisible(not lines)
        is_first_look = self._reader.is_reading and not self._lines
        self.nothing.setText("Looking…" if is_first_look else _NOTHING_SENT)
        can_receive = self._document is not None and not self._document.state.read_only
        self.receive.setEnabled(can_receive)
        self.hint.setVisible(can_receive)
        chosen = self.chosen_lines()
        self.take.setEnabled(can_receive and bool(self._found_files()))
        asked = [line for line in chosen if not line.is_withdrawn]
        self.copy.setEnabled(bool(asked))
        self.print.setEnabled(bool(asked))
        self.back.setText(_ASK_AGAIN if chosen and not asked else _TAKE_BACK)
        self.back.setEnabled(can_receive and any(line.state != ReturnState.MERGED for line in chosen))
        self.go.setEnabled(self._measure() is not None)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange) and hasattr(self, "hint"):
            for item in self._items():
                item.setForeground(0, self._colour(self._line_of(item).state))
            self._give_widths()

    def _give_widths(self) -> None:
        """As wide as their words, but no column so wide that the others are out of sight."""
        most = self.fontMetrics().averageCharWidth() * _WIDEST
        for column in range(len(COLUMNS)):
            self.list.resizeColumnToContents(column)
            self.list.setColumnWidth(column, min(self.list.columnWidth(column), most))

    # ------------------------------------------------------------------ what is chosen

    def _items(self) -> list[QTreeWidgetItem]:
        listed = (self.list.topLevelItem(at) for at in range(self.list.topLevelItemCount()))
        return [item for item in listed if item is not None]

    def _line_of(self, item: QTreeWidgetItem) -> IssueLine:
        line: IssueLine = (item.parent() or item).data(0, Qt.ItemDataRole.UserRole)
        return line

    def chosen_lines(self) -> list[IssueLine]:
        """The returns that are selected, or those in which something is."""
        found = {self._line_of(item).issue_id for item in self.list.selectedItems()}
        return [line for line in self.shown_lines() if line.issue_id in found]

    def _measure(self) -> str | None:
        item = self.list.currentItem()
        found: str | None = item.data(0, Qt.ItemDataRole.UserRole + 1) if item is not None else None
        return found

    # ------------------------------------------------------------------ what is done

    def _go(self) -> None:
        measure = self._measure()
        if measure is not None:
            self._services.go_to("measure", measure)

    def _reminders(self) -> list[str]:
        if self._document is None:
            return []
        plan = self._document.plan
        lines = [line for line in self.chosen_lines() if not line.is_withdrawn]
        return [reminder(plan, line, today=self._today()) for line in lines]

    def take_back(self) -> None:
        """Say that asking the organisations chosen was a mistake, or where that is said, that it was none."""
        if self._document is None:
            return
        lines = [line for line in self.chosen_lines() if line.state != ReturnState.MERGED]
        asked = [line.issue_id for line in lines if not line.is_withdrawn]
        try:
            if asked:
                take_back(self._document.plan, asked)
            else:
                ask_again(self._document.plan, [line.issue_id for line in lines])
        except CyppError as refused:
            self._services.banners.show_message(MessageKind.PROBLEM, str(refused), about="returns")
            return
        self.reload()
        if asked:
            words = "Taken back" if len(asked) == 1 else f"{len(asked)} returns taken back"
            self._services.banners.show_message(
                MessageKind.DONE,
                f"{words}: nobody is reminded, and what comes back nonetheless stays out of the plan unless "
                "you let it in. Undo asks for it again.",
                about="returns",
            )

    def copy_reminder(self) -> None:
        """Put a reminder to each of the organisations chosen into the clipboard."""
        texts = self._reminders()
        if texts:
            QApplication.clipboard().setText("\n\n".join(texts))
            words = "The reminder is" if len(texts) == 1 else f"{len(texts)} reminders are"
            self._services.banners.show_message(
                MessageKind.DONE,
                f"{words} in the clipboard, ready to be pasted into a letter.",
                about="reminder",
            )

    def print_reminder(self) -> None:
        """Print a reminder to each of the organisations chosen, each on a page of its own."""
        from cypp_desktop.ui.returns.reminders import print_reminders

        texts = self._reminders()
        if texts:
            print_reminders(self._services, self, texts)

    def choose_files(self) -> None:
        """Ask for files that came back, and take them in."""
        if self._document is not None:
            self.take_in(choose_files(self._services, self))

    def _found_files(self) -> list[Path]:
        return [Path(line.found_at) for line in self.chosen_lines() if line.found_at]

    def take_in_found(self) -> None:
        """Take in the returns chosen that lie, finished, where they were put."""
        self.take_in(self._found_files())

    def take_in(self, paths: Sequence[Path]) -> None:
        """Hand files that came back to the review."""
        if paths and self._document is not None:
            self._receive(self._services, list(paths))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.receive.isEnabled() and plan_files(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = plan_files(event)
        if self.receive.isEnabled() and paths:
            event.acceptProposedAction()
            self.take_in(paths)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if enter and self._measure() is not None:
                self._go()
                return True
        return False


def _look_where_put(
    lookout: Lookout, working: WorkingCopy, lines: Sequence[IssueLine], progress: Progress
) -> list[Seen]:
    """What has become of returns where they were put. Asks the disk, and nothing of the plan."""
    return lookout.fetch(working.data, working.fs, lines)


def _button(words: str, run: object) -> QPushButton:
    button = QPushButton(words)
    button.setAutoDefault(False)
    button.clicked.connect(run)
    return button
