"""Small questions to a disk that may never answer, such as a share that has gone: asked for a moment only.

Long work that may hang has a thread of its own in the window (``ui.tasks``), for which nobody waits.
"""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Callable
from typing import TypeVar

#: How long a disk is given for a small question, in seconds.
SECONDS = 2.0

Answer = TypeVar("Answer")


def call_with_timeout(ask: Callable[[], Answer]) -> Answer:
    """What ``ask`` gives, or raises. TimeoutError, an OSError, where it takes longer than ``SECONDS``.

    A call that takes too long goes on by itself, on a thread that ends with the process; what it gives or
    raises then is lost.
    """
    answers: list[Answer] = []
    problems: list[BaseException] = []

    def work() -> None:
        try:
            answers.append(ask())
        except BaseException as problem:
            problems.append(problem)

    asking = threading.Thread(target=work, daemon=True)
    asking.start()
    asking.join(SECONDS)
    if problems:
        raise problems[0]
    if not answers:
        raise TimeoutError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT))
    return answers[0]
