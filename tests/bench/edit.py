"""What a durable edit costs: in a large plan, in a small one, and beside one bare SQLite commit.

``python -m tests.bench.edit``. The three take turns, so that a slow spell of the disk meets all of them; the
figures are medians. A bare commit is one UPDATE of a small table with the same durability.
"""

from __future__ import annotations

import os
import sqlite3
import statistics
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from time import perf_counter

from sqlalchemy import select

from cypp_desktop.exchange.plan_json import load_plan
from cypp_desktop.plan.model import Update
from cypp_desktop.store.commands import set_field
from cypp_desktop.store.files import WORKING_PRAGMAS
from cypp_desktop.store.plan_file import OpenPlan
from tests.large_plans import large_plan

ROUNDS = 300


def editing(plan: OpenPlan) -> Callable[[int], None]:
    """One durable edit of an update's text, each time of another of fifty."""
    updates = plan.editor.session.scalars(select(Update).order_by(Update.id).limit(50)).all()

    def edit(number: int) -> None:
        update = updates[number % len(updates)]
        set_field(plan.editor, update, "text", f"{update.text[:1200]}\n- Edit {number}")

    return edit


def bare(path: Path) -> Callable[[int], None]:
    """One durable commit of SQLite's own."""
    db = sqlite3.connect(path, isolation_level=None)
    for pragma in WORKING_PRAGMAS:
        db.execute(pragma)
    db.execute("CREATE TABLE note (id INTEGER PRIMARY KEY, words TEXT)")
    db.executemany("INSERT INTO note (words) VALUES (?)", [("x" * 1200,)] * 100)

    def commit(number: int) -> None:
        db.execute("BEGIN")
        db.execute("UPDATE note SET words = ? WHERE id = ?", (f"{number}" * 300, number % 100 + 1))
        db.execute("COMMIT")

    return commit


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        os.environ["CYPP_DESKTOP_HOME"] = folder
        works: dict[str, Callable[[int], None]] = {"bare SQLite commit": bare(Path(folder) / "bare.db")}
        for measures in (100, 10_000):
            plan = stack.enter_context(OpenPlan.create(Path(folder) / f"{measures}.cypp"))
            load_plan(plan.editor, large_plan(measures))
            plan.publish()
            works[f"edit, {measures:,} measures"] = editing(plan)
        taken: dict[str, list[float]] = {name: [] for name in works}
        for number in range(ROUNDS):
            for name, work in works.items():
                began = perf_counter()
                work(number)
                taken[name].append(perf_counter() - began)
    medians = {name: statistics.median(times[20:]) for name, times in taken.items()}
    for name, median in medians.items():
        print(f"{name:28} {median * 1000:7.2f} ms")
    alone, small, large = medians.values()
    print(f"large plan / small plan      {large / small:7.2f}   (to reach: at most 1.5)")
    print(f"edit / bare commit           {large / alone:7.2f}   (to reach: at most 4)")


if __name__ == "__main__":
    main()
