"""Removes a name from a plan for good: ``python -m tests.operations.removal_kill_worker PLAN DATA NAME``.

Says when it begins, so that it can be killed in between.
"""

from __future__ import annotations

import sys
from pathlib import Path

from cypp_desktop.operations.removal import Order, remove_for_good
from cypp_desktop.plan.sought_words import SoughtWords
from cypp_desktop.store.plan_file import OpenPlan
from cypp_desktop.store.removal_search import WordsAnywhere
from cypp_desktop.store.removal_survey import survey


def work(path: Path, data: Path, name: str) -> None:
    with OpenPlan.open(path, author="Ann", data=data) as plan:
        found = survey(plan, WordsAnywhere(SoughtWords([name])))
        print("begins", flush=True)
        remove_for_good(plan, found, Order(reason="asked for"))
    print("done", flush=True)


if __name__ == "__main__":
    work(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
