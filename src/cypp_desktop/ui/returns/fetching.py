"""Asks the disk for something that may never answer, such as a share that has gone: nobody waits for it."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal


class Fetching(QObject):
    """One widget's questions to the disk, one at a time, each on a thread that ends with the application."""

    #: What was found, and for whom it was asked.
    fetched = Signal(object, object)
    failed = Signal(object)
    _over = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._is_busy = False
        self._next: tuple[Callable[[], object], object] | None = None
        self._over.connect(self._go_on)

    def ask(self, fetch: Callable[[], object], for_whom: object) -> None:
        """Fetch on another thread; ``fetched`` or ``failed`` follows. While one is under way the newest
        question waits.
        """
        if self._is_busy:
            self._next = fetch, for_whom
            return
        self._is_busy = True
        threading.Thread(target=self._work, args=(fetch, for_whom), daemon=True).start()

    def _work(self, fetch: Callable[[], object], for_whom: object) -> None:
        with contextlib.suppress(RuntimeError):  # the window has gone meanwhile
            try:
                found = fetch()
            except Exception as problem:
                self.failed.emit(problem)
            else:
                self.fetched.emit(found, for_whom)
            self._over.emit()

    def _go_on(self) -> None:
        self._is_busy = False
        question, self._next = self._next, None
        if question is not None:
            self.ask(*question)
