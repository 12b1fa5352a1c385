"""``check`` of a plan after 1, 2.5, 5 and 10 years of edits: ``python -m tests.bench.check``.

A year is 40 edits of every title and text of 100 measures. What counts is the power with which the time grows
with the number of changes: 1 is in proportion.
"""

from __future__ import annotations

import math
import os
import tempfile
from pathlib import Path
from time import process_time

from cypp_desktop.exchange.plan_json import load_plan
from cypp_desktop.store.check import check_file
from cypp_desktop.store.plan_file import OpenPlan
from tests.large_plans import add_edits, large_plan

YEARS = (1.0, 2.5, 5.0, 10.0)
EDITS_A_YEAR = 40
TIMES = 3


def main() -> None:
    found: list[tuple[int, float]] = []
    print(f"{'years':>6}{'changes':>10}{'seconds':>10}{'power':>8}")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["CYPP_DESKTOP_HOME"] = folder
        with OpenPlan.create(Path(folder) / "plan.cypp") as plan:
            load_plan(plan.editor, large_plan(100))
            plan.editor.session.rollback()
            before = 0.0
            for years in YEARS:
                add_edits(plan.working.path, round((years - before) * EDITS_A_YEAR))
                before = years
                changes, seconds = timed(plan)
                power = ""
                if found:
                    power = f"{math.log(seconds / found[0][1]) / math.log(changes / found[0][0]):.2f}"
                found.append((changes, seconds))
                print(f"{years:6}{changes:10,}{seconds:10.2f}{power:>8}", flush=True)


def timed(plan: OpenPlan) -> tuple[int, float]:
    """The number of changes, and the seconds of the processor in the quickest of some checks."""
    best = math.inf
    for _ in range(TIMES):
        began = process_time()
        report = check_file(plan.engine)
        best = min(best, process_time() - began)
        assert report.is_clean, report.faults
    return report.changes, best


if __name__ == "__main__":
    main()
