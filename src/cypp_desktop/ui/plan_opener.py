"""Opens plans for the window: the file's rows at once, read plainly, then the editor.

The database library takes longer to load than the whole window, and a share may never answer. So each step
runs off the main thread, and nobody waits for it: the window can be used, another plan opened, the window
closed. The newest wish wins.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, QTimer, Signal

from cypp_desktop import paths
from cypp_desktop.errors import CyppError, PlanInUse
from cypp_desktop.settings import Settings
from cypp_desktop.ui import plan_file_tasks, single_window

if TYPE_CHECKING:
    from cypp_desktop.store.plan_file import OpenPlan
    from cypp_desktop.ui.plan_file_tasks import Look
    from cypp_desktop.ui.tasks import Task, Tasks, Work

#: After how long a file that does not answer is told of, in milliseconds: a look at it should take no time.
PATIENCE: Final = 1_500
#: The same while it is opened, which on a slow computer takes a while.
PATIENCE_WHILE_OPENING: Final = 6_000


class PlanOpener(QObject):
    """One window's openings, one at a time."""

    #: A file has been looked at: the `Look`. Whoever hears it calls :meth:`go_on` or :meth:`give_up`.
    looked = Signal(object)
    #: A plan is open: the `PlanDocument`, and the way to its file as it was asked for (None: it was made).
    opened = Signal(object, object)
    #: It could not be opened: the exception, and the way to the file.
    failed = Signal(object, object)
    #: This file has not answered for a while. It is still waited for.
    silent = Signal(object)

    def __init__(self, tasks: Tasks, settings: Settings, parent: QObject) -> None:
        super().__init__(parent)
        self._tasks, self._settings = tasks, settings
        self._task: Task | None = None
        self._look: Look | None = None
        self._asked: Path | None = None
        self._is_read_only = False
        #: Whether what is being opened has not answered for a while.
        self.is_silent = False
        self._silence = QTimer(self)
        self._silence.setSingleShot(True)
        self._silence.timeout.connect(self._say_silent)

    @property
    def is_at_work(self) -> bool:
        """Whether a plan is being opened or made."""
        return self._task is not None or self._look is not None

    def look_at(self, path: Path) -> None:
        """Look at a plan's file; `looked` follows."""
        self.give_up()
        self._asked = path
        self._start(functools.partial(plan_file_tasks.look, path), self._looked)

    def go_on(self) -> None:
        """Open the file that was looked at; `opened` or `failed` follows."""
        if self._look is not None:
            self._make(
                functools.partial(plan_file_tasks.open_file, self._look.path, read_only=self._is_read_only)
            )

    def make(self, make: Callable[[str | None, Path], OpenPlan]) -> None:
        """Make a plan, or go on with one that was left; `opened` or `failed` follows.

        ``make`` is given the author and the data folder, on another thread.
        """
        self.give_up()
        self._make(make)

    def give_up(self) -> None:
        """What is under way is not wanted any more, and nobody hears of it."""
        if self._task is not None:
            self._task.cancel()
        self._task = self._look = self._asked = None
        self._is_read_only = False
        self._be_patient_no_more()

    def _make(self, make: Callable[[str | None, Path], OpenPlan]) -> None:
        try:
            made = functools.partial(make, self._settings.author or None, paths.data_folder())
        except CyppError as problem:
            self._end(self.failed, problem)
            return
        self._start(functools.partial(plan_file_tasks.load_and_make, made), self._made)

    def _start(self, work: Work, done: Callable[[Any], None]) -> None:
        self._be_patient_no_more()
        if self._asked is not None:
            self._silence.start(PATIENCE if self._look is None else PATIENCE_WHILE_OPENING)
        self._task = self._tasks.start(
            "Opening", work, done, failed=self._failed, quiet=True, can_cancel=False, may_hang=True
        )

    def _looked(self, look: Look) -> None:
        if self.sender() is self._task:
            self._task, self._look = None, look
            self._be_patient_no_more()
            self.looked.emit(look)

    def _made(self, plan: OpenPlan) -> None:
        if self.sender() is not self._task:
            plan_file_tasks.let_go(plan)
            return
        try:
            document = plan_file_tasks.document_of(plan)
        except Exception as problem:
            plan_file_tasks.let_go(plan)
            self._end(self.failed, problem)
        else:
            self._end(self.opened, document)

    def _failed(self, problem: Exception) -> None:
        if self.sender() is not self._task:
            return
        is_in_use = isinstance(problem, PlanInUse) and self._look is not None and not self._is_read_only
        # Two starts at once: the other window has come up meanwhile. Else it is one we can't call.
        if is_in_use and self._look is not None and not single_window.bring_forward(self._look.path):
            self._is_read_only = True
            self.go_on()
        else:
            self._end(self.failed, problem)

    def _end(self, signal: Any, result: object) -> None:
        asked = self._asked
        self.give_up()
        signal.emit(result, asked)

    def _say_silent(self) -> None:
        self.is_silent = True
        self.silent.emit(self._asked)

    def _be_patient_no_more(self) -> None:
        self._silence.stop()
        self.is_silent = False
