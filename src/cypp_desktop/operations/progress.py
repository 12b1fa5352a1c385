"""How long work says how far it is, and learns that it should stop."""

from __future__ import annotations

from collections.abc import Callable


class Cancelled(Exception):
    """Raised inside work that has been asked to stop; it is how such work ends."""


class Progress:
    """The worker's side of long work: it reports, and learns here that it should stop."""

    def __init__(self, tell: Callable[[int, int, str], object]) -> None:
        """``tell`` is called on the worker's thread with what is done, the total (0: unknown) and words."""
        self._tell = tell
        self._stop = False

    def report(self, done: int, total: int, words: str = "") -> None:
        """Say how far the work is. Raises Cancelled when the person has asked to stop."""
        self.check()
        self._tell(done, total, words)

    def check(self) -> None:
        """Raise Cancelled when the person has asked to stop."""
        if self._stop:
            raise Cancelled

    def stop(self) -> None:
        """Ask the work to stop at its next report."""
        self._stop = True
