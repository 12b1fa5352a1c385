"""Starts the window: Qt, appearance, the last plan or the one named, and what catches a bug.

Everything here counts in the time to the first window, so it imports as little as it can: the
database library, Word, paper and Qt's network come later, when something needs them.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication

from cypp_desktop import paths
from cypp_desktop import settings as preferences
from cypp_desktop.ui import icons, single_window
from cypp_desktop.ui.main_window import MainWindow
from cypp_desktop.ui.problem_reporter import ProblemReporter
from cypp_desktop.ui.real_parts import real_parts
from cypp_desktop.ui.signals import EndingSignals
from cypp_desktop.ui.theme import Theme
from cypp_desktop.ui.view_commands import APPLICATION_NAME

#: Set to 1, the application says "shown" and "ready" on standard output and ends: for proofs and benchmarks.
QUIT_VARIABLE = "CYPP_DESKTOP_QUIT_AFTER_START"


def run(words: Sequence[str] = ()) -> int:
    """Open the window and return the exit code when it closes.

    `words` may name a plan file; without, the plan that was open last is opened again. A plan that
    another window shows is brought forward there, and this start ends at once.
    """
    plan = paths.absolute(Path(words[0])) if words else None
    app = Application(sys.argv[:1])
    if plan is not None and single_window.bring_forward(plan):
        return 0
    settings = preferences.load()
    appearance = Theme(app)
    appearance.apply(settings.theme, settings.text_scale)
    window = MainWindow(real_parts(), settings, appearance)
    app.file_wanted.connect(window.open_plan)
    reporter = ProblemReporter(window.show_problem, app)
    reporter.install()
    app.aboutToQuit.connect(icons.forget_all)
    EndingSignals(app).wanted.connect(window.end)
    start = Start(window, plan, plan_of_last_time(settings) if plan is None else None)
    start.begin()
    return app.exec()


def plan_of_last_time(settings: preferences.Settings) -> Path | None:
    """The plan that was open when the window was last closed, if it is to be opened again.

    Whether its file is there is not asked: there is no window yet, and its share may not answer.
    """
    if not (settings.reopen_last and settings.last_file):
        return None
    path = Path(settings.last_file)
    return None if single_window.has_window(path) else path


class Application(QApplication):
    """Qt's application under our name."""

    #: macOS hands over a plan that was opened in the Finder: its path.
    file_wanted = Signal(object)

    def __init__(self, arguments: list[str]) -> None:
        super().__init__(arguments)
        self.setApplicationName("cypp-desktop")
        self.setApplicationDisplayName(APPLICATION_NAME)
        self.setDesktopFileName("cypp-desktop")

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QFileOpenEvent) and event.file():
            self.file_wanted.emit(Path(event.file()))
            return True
        return super().event(event)


class Start(QObject):
    """Shows the window first and then loads; says so and quits where that is asked for."""

    def __init__(self, window: MainWindow, named: Path | None, last: Path | None = None) -> None:
        """`named` is the plan that was asked for, `last` the one of last time."""
        super().__init__(window)
        self._window = window
        self._named, self._last = named, last
        self._code = 0
        self._quits = os.environ.get(QUIT_VARIABLE) == "1"

    def begin(self) -> None:
        """Show the window; the rest follows from the event loop."""
        self._window.opening_ended.connect(self._offer_the_rest)
        self._window.file_silent.connect(self._offer_the_rest)
        if self._named is not None:
            self._window.handed_over.connect(self._handed_over)
        if self._quits:
            self._window.outline_shown.connect(self._outline_shown)
            self._window.opening_ended.connect(self._opened)
        if self._named is None and self._last is None:
            self._window.show_start_page()
        self._window.show()
        QTimer.singleShot(0, self._load)

    def _load(self) -> None:
        if self._named is not None:
            self._window.open_plan(self._named)
        elif self._last is not None:
            self._window.open_plan(self._last, of_last_time=True)
        else:
            self._window.offer_what_was_left()
            self._opened(True)

    def _offer_the_rest(self, well: bool = False) -> None:
        """The plan is open, or is not and may not be soon: then there is room for what was left."""
        self._window.opening_ended.disconnect(self._offer_the_rest)
        self._window.file_silent.disconnect(self._offer_the_rest)
        if self._named is not None:
            self._window.handed_over.disconnect(self._handed_over)
        if not well:
            self._window.offer_what_was_left()

    def _handed_over(self) -> None:
        """Another window shows the plan: this start is not needed."""
        self._quits = False
        self._window.close()

    def _outline_shown(self) -> None:
        # Painted now, so that what is said to be shown is.
        self._window.repaint()
        _say("shown")

    def _opened(self, well: bool) -> None:
        if self._quits:
            _say("ready" if well else "failed")
            self._code = 0 if well else 1
            QTimer.singleShot(0, self._end)

    def _end(self) -> None:
        self._window.close()
        QApplication.exit(self._code)


def _say(word: str) -> None:
    # A bundle without a console has no standard output.
    if sys.stdout is not None:
        print(word, flush=True)
