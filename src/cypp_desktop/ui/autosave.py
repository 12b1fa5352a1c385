"""Autosave: what is typed anywhere in the window reaches the plan at most two seconds after the key.

An input that has typing to hand over says so with `typed`. It is asked to hand it over after a short
pause, and also while the typing goes on. Everything that reads, saves, undoes or leaves the plan calls
`keep_now` first. Knows no plan and no widget.
"""

from __future__ import annotations

from enum import Enum
from typing import Final, Protocol

from PySide6.QtCore import QObject, QTimer, Signal

#: How long after the last key typing is handed over, in milliseconds.
PAUSE: Final = 600
#: How long after the first key that is not kept yet, in milliseconds, also while the typing goes on.
AT_LATEST: Final = 1_500
#: How long until what could not be kept is tried again, in milliseconds.
AGAIN: Final = 5_000


class Input(Protocol):
    """Something that a person types in."""

    @property
    def is_pending(self) -> bool:
        """Whether something was typed that the plan does not have yet."""
        ...

    def keep_typing(self) -> None:
        """Hand what was typed to the plan; it stays pending where the plan cannot take it."""
        ...


class Typing(Enum):
    """Where the person's typing is."""

    KEPT = "kept"
    #: It will be kept in a moment.
    UNDER_WAY = "under way"
    #: The plan could not take it: half a date, or a disk that is full.
    NOT_KEPT = "not kept"


class Autosave(QObject):
    """Which inputs of a window have typing to hand over, and when they are asked for it."""

    #: The state is another one.
    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._inputs: list[Input] = []
        self._state = Typing.KEPT
        self._is_keeping = False
        self._pause = self._timer(PAUSE)
        self._at_latest = self._timer(AT_LATEST)
        self._again = self._timer(AGAIN)

    def _timer(self, milliseconds: int) -> QTimer:
        timer = QTimer(self, singleShot=True)
        timer.setInterval(milliseconds)
        timer.timeout.connect(self.keep_now)
        return timer

    @property
    def state(self) -> Typing:
        """Where the typing of all inputs is."""
        return self._state

    def typed(self, source: Input) -> None:
        """An input has typing to hand over."""
        if not any(source is known for known in self._inputs):
            self._inputs.append(source)
        self._pause.start()
        if not self._at_latest.isActive():
            self._at_latest.start()
        self._say(Typing.UNDER_WAY)

    def forget(self, source: Input) -> None:
        """An input has nothing to hand over any more."""
        self._inputs = [known for known in self._inputs if known is not source]
        if not self._inputs and not self._is_keeping:
            self._rest(Typing.KEPT)

    def keep_now(self) -> None:
        """Have everything that was typed handed over."""
        if self._is_keeping:
            return
        self._is_keeping = True
        try:
            for source in tuple(self._inputs):
                source.keep_typing()
        finally:
            self._is_keeping = False
            self._inputs = [source for source in self._inputs if source.is_pending]
            self._rest(Typing.NOT_KEPT if self._inputs else Typing.KEPT)

    def _rest(self, state: Typing) -> None:
        self._pause.stop()
        self._at_latest.stop()
        if state is Typing.NOT_KEPT:
            self._again.start()
        else:
            self._again.stop()
        self._say(state)

    def _say(self, state: Typing) -> None:
        if state is not self._state:
            self._state = state
            self.changed.emit()
