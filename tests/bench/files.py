"""Opening and publishing a plan of 10,000 measures beside one of 100: ``python -m tests.bench.files``.

The bytes of the files are given too: both works read or write the whole file, so their ratio is the
one to compare with.
"""

from __future__ import annotations

import os
import sqlite3
import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from sqlalchemy import select

from cypp_desktop.exchange.plan_json import load_plan
from cypp_desktop.plan.model import Measure
from cypp_desktop.plan.outline import read_outline
from cypp_desktop.store.commands import set_field
from cypp_desktop.store.plan_file import OpenPlan
from tests.large_plans import large_plan

TIMES = 5


def timed(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return perf_counter() - began


def measured(target: Path, measures: int) -> dict[str, float]:
    """Seconds to make, open, read the tree of and publish a plan of so many measures; and its bytes."""
    data = large_plan(measures)
    with OpenPlan.create(target) as plan:
        found = {"bring in": timed(lambda: load_plan(plan.editor, data))}
        plan.publish()
    opened, outlined, published = [], [], []
    for number in range(TIMES):
        began = perf_counter()
        with OpenPlan.open(target) as plan:
            opened.append(perf_counter() - began)
            db = sqlite3.connect(plan.working.path)
            outlined.append(timed(lambda db=db: read_outline(db)))  # type: ignore[misc]
            db.close()
            measure = plan.editor.session.scalars(select(Measure).limit(1)).one()
            set_field(plan.editor, measure, "title", f"Edit {number}")
            published.append(timed(plan.publish))
    return {
        **found,
        "open": statistics.median(opened),
        "read the tree": statistics.median(outlined),
        "publish": statistics.median(published),
        "bytes": target.stat().st_size,
    }


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["CYPP_DESKTOP_HOME"] = folder
        small = measured(Path(folder) / "small.cypp", 100)
        large = measured(Path(folder) / "large.cypp", 10_000)
    print(f"{'':16}{'100':>12}{'10,000':>12}{'ratio':>9}")
    for name, seconds in small.items():
        shown = (
            (f"{seconds / 1e6:9.1f} MB", f"{large[name] / 1e6:9.1f} MB")
            if name == "bytes"
            else (f"{seconds * 1000:9.1f} ms", f"{large[name] * 1000:9.1f} ms")
        )
        print(f"{name:16}{shown[0]:>12}{shown[1]:>12}{large[name] / seconds:9.1f}")


if __name__ == "__main__":
    main()
