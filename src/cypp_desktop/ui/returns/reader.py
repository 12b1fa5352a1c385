"""Reads the plan off the main thread for a widget: the newest wish wins, nothing is read of a closed plan."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from cypp_desktop.operations.progress import Progress
    from cypp_desktop.ui.tasks import Task, Tasks


class Reader(QObject):
    """One widget's readings, one after another."""

    #: What the newest reading found.
    found = Signal(object)
    #: Why it found nothing: the exception.
    failed = Signal(object)

    def __init__(self, tasks: Tasks, title: str, parent: QObject) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._title = title
        self._number = 0
        self._reading = Lock()
        self._task: Task | None = None

    @property
    def is_reading(self) -> bool:
        """Whether something has been asked that is not answered yet."""
        return self._task is not None

    def ask(
        self, read: Callable[[], object], *, title: str = "", quiet: bool = True, can_cancel: bool = False
    ) -> None:
        """Read on another thread; ``found`` or ``failed`` follows unless something else is asked before."""
        self.forget()
        number, reading = self._number, self._reading

        def work(progress: Progress) -> tuple[int, object]:
            with reading:
                progress.check()
                return number, read()

        self._task = self._tasks.start(
            title or self._title,
            work,
            self._found,
            failed=self._failed,
            quiet=quiet,
            can_cancel=can_cancel,
            cancelled=self._stopped,
        )

    def forget(self) -> None:
        """Nothing that is being read is wanted any more."""
        self._number += 1
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def let_go(self) -> None:
        """The same, and nothing of ours has the plan open afterwards: it may be closed."""
        self.forget()
        with self._reading:
            pass

    def _found(self, result: tuple[int, object]) -> None:
        number, what = result
        if number == self._number:
            self._task = None
            self.found.emit(what)

    def _failed(self, problem: Exception) -> None:
        if self.sender() is self._task:
            self._task = None
            self.failed.emit(problem)

    def _stopped(self) -> None:
        if self.sender() is self._task:
            from cypp_desktop.operations.progress import Cancelled

            self._task = None
            self.failed.emit(Cancelled())
