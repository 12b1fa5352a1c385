"""One save of a plan beside the person's work, on a thread of its own, for which nobody need wait.

What only the main thread may do to the plan, as taking in what somebody else had saved, is handed to it; it
does that between two events, or while it waits for the save to end. A save that hangs on a disk that does not
answer can be left: it ends by itself, or with the process, and the next start finds what it left.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Signal

from cypp_desktop.gc_pause import uncollected
from cypp_desktop.operations.progress import Cancelled

if TYPE_CHECKING:
    from cypp_desktop.store.publish import Published

_Given = TypeVar("_Given")
#: Does something on the main thread, and gives or raises what that does.
OnMain = Callable[[Callable[[], Any]], Any]


@dataclass(slots=True)
class _MainThreadCall:
    """What the main thread is asked to do, and what came of it."""

    do: Callable[[], Any]
    done: threading.Event = field(default_factory=threading.Event)
    result: Any = None
    problem: BaseException | None = None

    def carry_out(self) -> None:
        try:
            self.result = self.do()
        except BaseException as problem:
            self.problem = problem
        self.done.set()


class BackgroundSave(QObject):
    """Saves under way, one at a time. Lives on the main thread; `ended` comes there."""

    #: The save is over: what it gave (`Published`), or why it did not (an exception).
    ended = Signal(object, object)
    _wanted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._requests: queue.SimpleQueue[_MainThreadCall] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._ending = threading.Lock()
        self._is_over = False
        self._left: Callable[[], None] | None = None
        self._wanted.connect(self._serve)

    @property
    def is_running(self) -> bool:
        """Whether a save is under way whose end has not been told yet."""
        return self._thread is not None

    def start(self, save: Callable[[OnMain], Published]) -> None:
        """Save on another thread; `ended` follows."""
        assert self._thread is None
        self._is_over = False
        self._thread = threading.Thread(target=self._run, args=(save,), daemon=True)
        self._thread.start()

    def wait(self, seconds: float) -> bool:
        """Wait for the end of what is under way, which is told before this returns; False if it takes longer.

        Meanwhile the main thread does what the save asks of it, and nothing else.
        """
        until = time.monotonic() + seconds
        while self._thread is not None:
            left = until - time.monotonic()
            try:
                request = self._requests.get(timeout=max(left, 0))
            except queue.Empty:
                return False
            request.carry_out()
        return True

    def leave(self, then: Callable[[], None]) -> None:
        """Wait no longer: the save ends when it can, and does ``then``. Nothing of it is told any more."""
        with self._ending:
            self._left = then
            is_over = self._is_over
        if is_over:
            then()

    # ------------------------------------------------------------------ the worker's thread

    def _run(self, save: Callable[[OnMain], Published]) -> None:
        result: Published | None = None
        problem: Exception | None = None
        try:
            with uncollected():  # or garbage of the window would be thrown away on this thread
                result = save(self._on_main)
        except Exception as found:
            problem = found
        with self._ending:
            self._is_over = True
            left = self._left
        if left is not None:
            left()
        else:
            self._ask(_MainThreadCall(lambda: self._end(result, problem)))

    def _on_main(self, do: Callable[[], _Given]) -> _Given:
        request = _MainThreadCall(do)
        self._ask(request)
        while not request.done.wait(0.1):
            if self._left is not None:
                raise Cancelled  # the plan has been left meanwhile
        if request.problem is not None:
            raise request.problem
        given: _Given = request.result
        return given

    def _ask(self, request: _MainThreadCall) -> None:
        self._requests.put(request)
        try:
            self._wanted.emit()
        except RuntimeError:  # the window has gone
            raise Cancelled from None

    # ------------------------------------------------------------------ the main thread

    def _serve(self) -> None:
        while self._left is None:
            try:
                request = self._requests.get_nowait()
            except queue.Empty:
                return
            request.carry_out()

    def _end(self, result: Published | None, problem: Exception | None) -> None:
        self._thread = None
        self.ended.emit(result, problem)
