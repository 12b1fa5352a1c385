"""Edits and publishes a plan until it is killed: ``python -m tests.store.file_kill_worker PLAN DATA FIRST``.

Prints each number once it is committed, as a person is told that it is kept.
"""

from __future__ import annotations

import itertools
import sys
from pathlib import Path

from cypp_desktop.store.publish import publish
from cypp_desktop.store.working_copy import WorkingCopy
from tests.store.small_plan import edit


def work(plan: Path, data: Path, first: int) -> None:
    """Commit ``first``, ``first`` + 1 and so on; publish every third, open anew every tenth."""
    working = WorkingCopy.open(plan, data)
    for number in itertools.count(first):
        edit(working, number)
        print(number, flush=True)
        if number % 3 == 0:
            publish(working)
        if number % 10 == 0:
            working.close()
            working = WorkingCopy.open(plan, data)


if __name__ == "__main__":
    work(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
