"""What happens when something goes wrong that nobody caught: it is shown plainly, and a bug is logged.

Exceptions in Qt's slots do not stop the program, so they all end here.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal

from cypp_desktop.bugs import BugLog
from cypp_desktop.errors import CyppError, FileProblem
from cypp_desktop.store.disk import DAMAGED_WORDS, is_damage
from cypp_desktop.ui.banner import MessageKind

BUG_WORDS = (
    "Something went wrong in the program itself. Every change that you see in the history is kept. "
    "If it happens again, close the window and open the plan anew."
)


class ProblemReporter(QObject):
    """Takes every uncaught exception of any thread and gives it to the window on the main thread."""

    _caught = Signal(object)

    def __init__(self, show: Callable[[MessageKind, str], None], parent: QObject | None = None) -> None:
        """`show` is called on the main thread: with a warning, or with a problem for a bug."""
        super().__init__(parent)
        self._show = show
        self._log = BugLog()
        self._caught.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """From now on uncaught exceptions come here."""
        sys.excepthook = self._from_main
        threading.excepthook = self._from_thread

    def report(self, problem: BaseException) -> None:
        """Log a bug, and show it or the plain words of what a person can mend. From any thread."""
        if is_damage(problem) and not isinstance(problem, CyppError):
            problem = FileProblem(DAMAGED_WORDS)
        if not isinstance(problem, CyppError):
            self._log.write(problem)
        self._caught.emit(problem)

    def close_log(self) -> None:
        """Let go of the log file; a later bug opens it again."""
        self._log.close()

    def _from_main(
        self, kind: type[BaseException], problem: BaseException, trace: TracebackType | None
    ) -> None:
        if isinstance(problem, KeyboardInterrupt):
            sys.__excepthook__(kind, problem, trace)
            return
        self.report(problem)

    def _from_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self.report(args.exc_value)

    def _tell(self, problem: BaseException) -> None:
        if isinstance(problem, CyppError):
            self._show(MessageKind.WARNING, str(problem))
        else:
            self._show(MessageKind.PROBLEM, BUG_WORDS)
