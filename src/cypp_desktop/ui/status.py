"""The line at the foot of the window: what is kept where, how much there is, and work under way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QStatusBar, QToolButton, QWidget

from cypp_desktop.plan.dates import date_in_words
from cypp_desktop.ui.autosave import Typing
from cypp_desktop.ui.tasks import Task, Tasks

#: How long a passing word stays, in milliseconds.
_PASSING: Final = 5_000


@dataclass(frozen=True, kw_only=True)
class FileState:
    """Where the changes of the open plan are."""

    #: Changes are in the working copy that the file does not have yet.
    unpublished: bool = False
    #: When the file was last written by this window, in local time; None when not since it was opened.
    published_at: datetime | None = None
    #: The file or its folder cannot be written, or the plan was opened to read only.
    read_only: bool = False
    #: The working copy was left by a start that did not end well.
    recovered: bool = False
    #: Why the file could not be written last time, in plain words; None when it could.
    problem: str | None = None
    #: There is no file of this plan yet, though it may have a name already.
    never_published: bool = False
    #: The plan has a file's name.
    has_file: bool = True
    #: The file is being written just now.
    is_saving: bool = False
    #: Whether the plan has what was typed last.
    typing: Typing = Typing.KEPT


def clock_words(moment: datetime, today: datetime) -> str:
    """ "14:02" for a moment of today, "15 June 2018, 14:02" for one of another day."""
    time = f"{moment:%H:%M}"
    return time if moment.date() == today.date() else f"{date_in_words(moment)}, {time}"


def moment_words(moment: datetime, today: datetime) -> str:
    """When something was, for the middle of a sentence: "at 14:02" or "on 15 June 2018, 14:02"."""
    return f"{'at' if moment.date() == today.date() else 'on'} {clock_words(moment, today)}"


def state_words(state: FileState, now: datetime) -> str:
    """The state of the file as the status line says it; nothing is called kept that is not."""
    if state.typing is Typing.UNDER_WAY:
        return "Keeping…"
    if state.typing is Typing.NOT_KEPT:
        return "⚠ What was typed last is not kept yet: it can’t be kept as it stands"
    return _file_words(state, now)


def _file_words(state: FileState, now: datetime) -> str:
    """Where the changes are, once all that was typed is kept."""
    recovered = "Recovered work · " if state.recovered else ""
    if not state.has_file:
        return f"✓ {recovered}Kept on this laptop · no file yet: File, Save as"
    if state.read_only:
        kept = "changes kept on this laptop only" if state.unpublished else "this file can’t be written"
        return f"Read-only · {recovered}{kept}"
    if state.is_saving:
        return f"✓ {recovered}All changes kept on this laptop · being saved to the file…"
    if state.problem:
        return f"⚠ {recovered}Changes kept on this laptop · not in the file: {state.problem}"
    published = f"published {clock_words(state.published_at, now)}" if state.published_at else ""
    if state.unpublished:
        since = f" ({published})" if published else ""
        return f"✓ {recovered}All changes kept on this laptop · not yet in the file{since}"
    if published:
        return f"✓ All changes kept on this laptop · file {published}"
    return "✓ All changes in the file"


class _ElidedLabel(QLabel):
    """Words on one line that end in an ellipsis where there is no room, and never hold a window wide."""

    def minimumSizeHint(self) -> QSize:
        return QSize(self.fontMetrics().averageCharWidth() * 12, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            words = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)


class StatusLine(QStatusBar):
    """Shows the file's state at the left, work with its Cancel in the middle, a count at the right."""

    #: The person wants to see what waits for a decision.
    open_wanted = Signal()

    def __init__(self, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = _ElidedLabel()
        self._state.setTextFormat(Qt.TextFormat.PlainText)
        self._state.setAccessibleName("State of the file")
        self._count = QLabel()
        self._open = QToolButton()
        self._open.setAutoRaise(True)
        self._open.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._open.setToolTip("Show what waits for a decision")
        self._open.clicked.connect(self.open_wanted)
        self._open.hide()
        self._work = QLabel()
        self._bar = QProgressBar()
        self._bar.setMaximumWidth(180)
        self._bar.setAccessibleName("Progress")
        self._cancel = QPushButton("Cancel")
        self._cancel.clicked.connect(self._cancel_shown)
        self.addWidget(self._state, 1)
        for widget in (self._work, self._bar, self._cancel, self._open, self._count):
            self.addPermanentWidget(widget)
        self._task: Task | None = None
        self._tasks = tasks
        tasks.started.connect(self._started)
        tasks.ended.connect(self._ended)
        self._show_task(None)

    def show_state(self, state: FileState | None, now: datetime) -> None:
        """Show the state of the open plan's file, or nothing when no plan is open."""
        words = state_words(state, now) if state else ""
        self._state.setText(words)
        self._state.setToolTip(words)
        self._state.setAccessibleDescription(words)

    def say(self, words: str) -> None:
        """Say in passing what was done."""
        self.showMessage(words, _PASSING)

    def show_opening(self) -> None:
        """Say that the plan on the screen can't be edited yet."""
        self._state.setText("Opening…")

    def show_count(self, measures: int | None) -> None:
        """Show how many measures the plan holds; None shows nothing."""
        words = ""
        if measures is not None:
            words = "1 measure" if measures == 1 else f"{measures:,} measures"
        self._count.setText(words)

    def show_open(self, words: str) -> None:
        """Show how much waits for a decision, such as "2 conflicts open"; no words take no room."""
        self._open.setText(f"⚑ {words}" if words else "")
        self._open.setAccessibleName(words)
        self._open.setVisible(bool(words))

    def open_text(self) -> str:
        """What the line says of what waits for a decision."""
        return self._open.accessibleName() if not self._open.isHidden() else ""

    def state_text(self) -> str:
        """What the line says of the file now."""
        return self._state.text()

    def work_text(self) -> str:
        """What the line says of the work under way; empty when there is none to show."""
        return self._work.text() if self._task is not None else ""

    def _show_task(self, task: Task | None) -> None:
        self._task = task
        for widget in (self._work, self._bar):
            widget.setVisible(task is not None)
        self._cancel.setVisible(task is not None and task.can_cancel)
        self._cancel.setEnabled(True)
        if task is not None:
            self._work.setText(task.title)
            self._bar.setRange(0, 0)
            self._cancel.setAccessibleName(f"Cancel: {task.title}")
            task.progressed.connect(self._progressed)

    def _started(self, task: Task) -> None:
        self._show_task(task)

    def _ended(self, task: Task) -> None:
        if task is self._task:
            self._show_task(None)

    def _progressed(self, done: int, total: int, words: str) -> None:
        if self.sender() is not self._task or self._task is None:
            return
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        self._work.setText(f"{self._task.title}: {words}" if words else self._task.title)

    def _cancel_shown(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._cancel.setEnabled(False)
            self._work.setText(f"Stopping: {self._task.title}")
