"""The log of bugs, for the window and the command line: where it went wrong and never what was said.

An error's own words may quote the plan, so only kinds of errors and lines of code are written down.
"""

from __future__ import annotations

import logging
from pathlib import Path
from types import TracebackType

from cypp_desktop import paths
from cypp_desktop.errors import CyppError

LOG_NAME = "cypp-desktop.log"


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


class BugLog:
    """Writes bugs down; the file is opened with the first of them. Where it cannot be, nothing is written."""

    def __init__(self) -> None:
        self._logger: logging.Logger | None = None

    def write(self, problem: BaseException) -> None:
        """Add the trail of a problem. Never raises."""
        if self._logger is None:
            from logging.handlers import RotatingFileHandler

            try:
                handler = RotatingFileHandler(log_file(), maxBytes=500_000, backupCount=2, encoding="utf-8")
            except (OSError, CyppError):
                return
            handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s\n%(message)s"))
            self._logger = logging.Logger("cypp_desktop.problems")
            self._logger.addHandler(handler)
        self._logger.error(trail(problem))

    def close(self) -> None:
        """Let go of the file; a later bug opens it again."""
        if self._logger is not None:
            for handler in tuple(self._logger.handlers):
                handler.close()
            self._logger = None
