"""Long work off the main thread, with progress and a way to stop it.

Work that asks a disk which may never answer, such as a share that has gone, "may hang": nobody waits for
it, not even the end of the application.

The work itself must not touch a widget or the window's own database connection. What it returns
is delivered on the main thread, and only to bound methods of QObjects that live there: anything
else would silently run in the worker.
"""

from __future__ import annotations

import contextlib
import functools
import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, QThreadPool, Signal

from cypp_desktop.operations.progress import Cancelled, Progress

#: What is given to work: `report(done, total, words)`; total 0 means "can't be told".
Work = Callable[[Progress], object]


class Task(QObject):
    """One piece of work under way. Lives on the main thread; the signals arrive there."""

    progressed = Signal(int, int, str)
    succeeded = Signal(object)
    failed = Signal(object)
    cancelled = Signal()
    #: The work is over, (the task, what tells how): the one word from the worker, so that nobody on
    #: the main thread sees a result of work that still counts as running.
    over = Signal(object, object)

    def __init__(self, title: str, work: Work, parent: QObject | None, *, can_cancel: bool) -> None:
        super().__init__(parent)
        self.title = title
        self.can_cancel = can_cancel
        self._work = work
        self._progress = Progress(self.progressed.emit)

    def cancel(self) -> None:
        """Ask the work to stop; `cancelled` follows once it has."""
        self._progress.stop()

    def run(self) -> None:
        """Do the work; called on the worker's thread."""
        tell: Callable[[], object]
        try:
            tell = functools.partial(self.succeeded.emit, self._work(self._progress))
        except Cancelled:
            tell = self.cancelled.emit
        except Exception as problem:
            tell = functools.partial(self.failed.emit, problem)
        with contextlib.suppress(RuntimeError):  # the window has gone, which waits for no share
            self.over.emit(self, tell)


class Tasks(QObject):
    """Starts work and tells who asked. One of these serves a window."""

    started = Signal(object)
    ended = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        # Work is mostly waiting for the disk; two at once is enough and keeps the window lively.
        self._pool.setMaxThreadCount(2)
        self._running: list[Task] = []

    def start(
        self,
        title: str,
        work: Work,
        done: Callable[[Any], object],
        *,
        failed: Callable[[Exception], object] | None = None,
        cancelled: Callable[[], object] | None = None,
        can_cancel: bool = True,
        quiet: bool = False,
        may_hang: bool = False,
    ) -> Task:
        """Run `work` on another thread, and `done` with its result on the main thread.

        Without `failed`, an exception is raised again on the main thread, where the window shows
        it. `quiet` work is not announced by `started`. What `may_hang` has a thread of its own. Raises
        TypeError when a callback is not a bound method of a QObject that lives on the main thread.
        """
        # Without a parent, what hangs outlives the window.
        task = Task(title, work, None if may_hang else self, can_cancel=can_cancel)
        for signal, wanted in (
            (task.succeeded, done),
            (task.failed, failed or self._raise),
            (task.cancelled, cancelled),
            (task.over, self._over),
        ):
            if wanted is not None:
                _insist_on_main_thread(wanted)
                signal.connect(wanted)
        self._running.append(task)
        if not quiet:
            self.started.emit(task)
        if may_hang:
            threading.Thread(target=task.run, daemon=True).start()
        else:
            self._pool.start(task.run)
        return task

    @property
    def running(self) -> tuple[Task, ...]:
        """The work under way, oldest first."""
        return tuple(self._running)

    def stop_all(self) -> None:
        """Ask all work to stop and wait until it has, but for what may hang; for closing the window."""
        for task in self._running:
            task.cancel()
        self._pool.waitForDone()

    def _over(self, task: Task, tell: Callable[[], object]) -> None:
        self._running.remove(task)
        self.ended.emit(task)
        tell()
        task.deleteLater()

    def _raise(self, problem: Exception) -> None:
        raise problem


def _insist_on_main_thread(callback: Callable[..., object]) -> None:
    owner = getattr(callback, "__self__", None)
    app = QCoreApplication.instance()
    if not isinstance(owner, QObject) or app is None or owner.thread() is not app.thread():
        raise TypeError("a task's result goes to a bound method of a QObject on the main thread")
