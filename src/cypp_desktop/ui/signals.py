"""The system's own way to end the application: on Linux and macOS a log-out may be a signal and nothing else.

On Windows a log-out reaches the window by Qt, and there is nothing to do here.
"""

from __future__ import annotations

import os
import signal
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier, Signal


class EndingSignals(QObject):
    """Tells by `wanted` that the system asks the application to end.

    Python runs the handler of a signal only between two of its own steps, and while nothing happens in the
    window there are none. So a signal also writes to a pipe that Qt watches.
    """

    wanted = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._is_wanted = False
        if os.name != "posix":
            return
        self._pipe, written = os.pipe()
        for end in (self._pipe, written):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(written, warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(number, self._note)
        self._notifier = QSocketNotifier(self._pipe, QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._woken)

    def _note(self, number: int, frame: FrameType | None) -> None:
        self._is_wanted = True

    def _woken(self) -> None:
        os.read(self._pipe, 64)
        if self._is_wanted:
            self._is_wanted = False
            self.wanted.emit()
