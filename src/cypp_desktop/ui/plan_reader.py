"""Reads the plan that is open on another thread, for whatever part of the window shows something of it.

All reading of a plan in the background goes through `PlanReader`; all other work beside the window, such as
writing a merge or a PDF, through :class:`~cypp_desktop.ui.tasks.Tasks` alone. How the work itself gets at the
plan is told in :mod:`cypp_desktop.operations.plan_access`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QTimer, Signal

from cypp_desktop.ui.tasks import Task, Tasks, Work

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from cypp_desktop.ui.document import PlanDocument

#: How long to wait after a change, so that typing is not read letter by letter, in milliseconds.
PAUSE: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    read: Work
    title: str
    quiet: bool
    can_cancel: bool


class PlanReader(QObject):
    """One part's readings of the plan: what is asked for last is what it gets.

    One reading runs at a time. Asking again stops the one under way, and nobody hears of it any more, neither
    of what it found nor of an error.

    With `follow` it also tells when to ask: a moment after a plan has come, and after each change of it.
    With a ``view`` it tells so only while that widget can be seen, or when it comes into view.
    """

    #: What is shown is not the plan as it is now. Reading it will be due soon.
    outdated = Signal()
    #: It is time to read. Whoever hears it calls `ask`, or `has_read`.
    due = Signal()
    #: What the reading found.
    found = Signal(object)
    #: Why it found nothing: the exception. One that is no CyppError is a bug, to be raised again.
    failed = Signal(object)
    #: The person stopped it.
    stopped = Signal()
    #: How far it has come: how much is done, and the total (0: not known).
    progressed = Signal(int, int)

    def __init__(
        self,
        tasks: Tasks,
        title: str,
        parent: QObject,
        *,
        view: QWidget | None = None,
        pause: int = PAUSE,
        follows_review: bool = False,
        may_hang: bool = False,
    ) -> None:
        """``title`` says what is done, for the state line. ``pause`` is how long after a change reading is
        due, in milliseconds. ``follows_review`` counts it as a change when other files are under review.
        Readings that ``may_hang`` ask a share; nobody waits for their end.
        """
        super().__init__(parent)
        self.document: PlanDocument | None = None
        self.pause = pause
        #: Whether what is shown, or being read, is not the plan as it is now.
        self.is_outdated = True
        self._tasks = tasks
        self._title = title
        self._view = view
        self._follows_review = follows_review
        self._may_hang = may_hang
        self._task: Task | None = None
        self._is_wanted = False
        self._next: _Request | None = None
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._come_due)
        if view is not None:
            view.installEventFilter(self)

    # ------------------------------------------------------------------ when to read

    def follow(self, document: PlanDocument | None) -> None:
        """Follow an open plan from now on; None lets go of it. What was asked before is given up."""
        self.give_up()
        if self._may_hang:
            self._task = None  # it may never end: the next reading does not wait for it
        self._timer.stop()
        if self.document is not None:
            self.document.changed.disconnect(self._plan_changed)
            if self._follows_review:
                self.document.under_review_changed.disconnect(self._plan_changed)
        self.document = document
        if document is not None:
            document.changed.connect(self._plan_changed)
            if self._follows_review:
                document.under_review_changed.connect(self._plan_changed)
        self.mark_outdated()

    def mark_outdated(self, *, pause: int | None = None) -> None:
        """What is shown is not so any more: reading is due after the pause, or once it can be seen."""
        self.is_outdated = True
        self.outdated.emit()
        if self.document is not None and (self._view is None or self._view.isVisible()):
            self._timer.start(self.pause if pause is None else pause)

    def has_read(self) -> None:
        """What is shown, or is about to be, is the plan as it is now."""
        self._timer.stop()
        self.is_outdated = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hear that the widget comes into view or goes."""
        if event.type() == QEvent.Type.Show and self.document is not None and self.is_outdated:
            self._timer.start(0)
        elif event.type() == QEvent.Type.Hide:
            self._timer.stop()
        return False

    def _plan_changed(self, changed: object = None) -> None:
        self.mark_outdated()

    def _come_due(self) -> None:
        if self.document is not None and self.document.is_busy:
            self._timer.start(PAUSE)  # reading now would stand in the way of who is writing
        else:
            self.due.emit()

    # ------------------------------------------------------------------ reading

    @property
    def is_reading(self) -> bool:
        """Whether something has been asked that is not answered yet."""
        return self._is_wanted

    def ask(
        self, read: Work, *, title: str | None = None, quiet: bool = True, can_cancel: bool = True
    ) -> None:
        """Read on another thread; `found`, `failed` or `stopped` follows. What was asked before is given up.

        What is not ``quiet`` is shown in the state line, where the person can stop it if they ``can_cancel``.
        """
        self.give_up()
        self.has_read()
        self._is_wanted = True
        request = _Request(read=read, title=title or self._title, quiet=quiet, can_cancel=can_cancel)
        if self._task is None:
            self._start(request)
        else:
            self._next = request

    def give_up(self) -> None:
        """What has been asked is not wanted any more."""
        self.is_outdated = self.is_outdated or self._is_wanted
        self._is_wanted = False
        self._next = None
        if self._task is not None:
            self._task.cancel()

    def _start(self, request: _Request) -> None:
        self._task = self._tasks.start(
            request.title,
            request.read,
            self._succeeded,
            failed=self._broke_down,
            cancelled=self._ended,
            quiet=request.quiet,
            can_cancel=request.can_cancel,
            may_hang=self._may_hang,
        )
        self._task.progressed.connect(self._came_further)

    def _came_further(self, done: int, total: int, words: str) -> None:
        if self.sender() is self._task and self._is_wanted and self._next is None:
            self.progressed.emit(done, total)

    def _succeeded(self, result: object) -> None:
        if self._is_answered():
            self.found.emit(result)

    def _broke_down(self, problem: Exception) -> None:
        if self._is_answered():
            self.is_outdated = True
            self.failed.emit(problem)

    def _ended(self) -> None:
        if self._is_answered():
            self.is_outdated = True
            self.stopped.emit()

    def _is_answered(self) -> bool:
        """Whether the reading that has just ended is the one asked for last; else that one begins now."""
        if self.sender() is not self._task:
            return False  # it was left behind when another plan came
        self._task = None
        if self._next is not None:
            request, self._next = self._next, None
            self._start(request)
            return False
        was_wanted = self._is_wanted
        self._is_wanted = False
        return was_wanted
