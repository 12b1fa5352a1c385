"""What happens when something goes wrong that nobody caught: it is shown plainly, and a bug is logged.

Exceptions in Qt's slots do not stop the program, so they all end here. The log holds where it went
wrong and never what was said: an error's own words may quote the plan.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from cypp_desktop import paths
from cypp_desktop.errors import CyppError

if TYPE_CHECKING:
    from pathlib import Path

LOG_NAME = "cypp-desktop.log"
BUG_WORDS = (
    "Something went wrong in the program itself. Every change that you see in the history is kept. "
    "If it happens again, close the window and open the plan anew."
)


def trail(problem: BaseException) -> str:
    """Where a problem arose: its kinds and the lines of code, without any of its words."""
    lines: list[str] = []
    seen: BaseException | None = problem
    while seen is not None:
        lines.append(type(seen).__qualname__)
        step: TracebackType | None = seen.__traceback__
        while step is not None:
            code = step.tb_frame.f_code
            module = step.tb_frame.f_globals.get("__name__", "?")
            lines.append(f"  {module}.{code.co_qualname}:{step.tb_lineno}")
            step = step.tb_next
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return "\n".join(lines)


def log_file() -> Path:
    """Where the log of bugs is."""
    return paths.log_folder() / LOG_NAME


class ProblemReporter(QObject):
    """Takes every uncaught exception of any thread and gives it to the window on the main thread."""

    _caught = Signal(object)

    def __init__(self, show: Callable[[str, str], None], parent: QObject | None = None) -> None:
        """`show(kind, words)` is called on the main thread: "warning", or "problem" for a bug."""
        super().__init__(parent)
        self._show = show
        self._logger: logging.Logger | None = None
        self._caught.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """From now on uncaught exceptions come here."""
        sys.excepthook = self._from_main
        threading.excepthook = self._from_thread

    def report(self, problem: BaseException) -> None:
        """Log a bug, and show it or the plain words of what a person can mend. From any thread."""
        if not isinstance(problem, CyppError):
            self._log(problem)
        self._caught.emit(problem)

    def close_log(self) -> None:
        """Let go of the log file; a later bug opens it again."""
        if self._logger is not None:
            for handler in tuple(self._logger.handlers):
                handler.close()
            self._logger = None

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

    def _log(self, problem: BaseException) -> None:
        if self._logger is None:
            from logging.handlers import RotatingFileHandler

            try:
                handler = RotatingFileHandler(log_file(), maxBytes=500_000, backupCount=2, encoding="utf-8")
            except (OSError, CyppError):
                # No log can be written here; the person is told all the same.
                return
            handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s\n%(message)s"))
            self._logger = logging.Logger("cypp_desktop.problems")
            self._logger.addHandler(handler)
        self._logger.error(trail(problem))

    def _tell(self, problem: BaseException) -> None:
        if isinstance(problem, CyppError):
            self._show("warning", str(problem))
        else:
            self._show("problem", BUG_WORDS)
