"""What a check costs grows as the number of changes does, however many of them one field has."""

from __future__ import annotations

import math
import sqlite3
import sys
from pathlib import Path
from types import FrameType
from typing import cast

from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from cypp_desktop.exchange.plan_json import load_plan
from cypp_desktop.store import schema
from cypp_desktop.store.check import CheckReport, check_file
from cypp_desktop.store.plan_file import OpenPlan
from tests.large_plans import add_edits, large_plan

#: The number of edits of every text, each time so many more.
YEARS = (8, 8, 16, 32)
_STEPS_AT_ONCE = 500


class Cost:
    """Counts the steps of SQLite's machine, and the calls of Python: both are the same each time."""

    def __init__(self) -> None:
        self.sqlite = self.calls = 0

    def of(self, path: Path) -> CheckReport:
        engine = schema.connect(path)

        @event.listens_for(engine, "connect")
        def _count(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
            cast(sqlite3.Connection, connection).set_progress_handler(self._stepped, _STEPS_AT_ONCE)

        sys.setprofile(self._called)
        try:
            return check_file(engine)
        finally:
            sys.setprofile(None)
            engine.dispose()

    def _stepped(self) -> None:
        self.sqlite += 1

    def _called(self, frame: FrameType, event: str, what: object) -> None:
        self.calls += event in ("call", "c_call")


def exponent(sizes: list[int], costs: list[int]) -> float:
    """With which power of the size the cost grows, from the smallest to the largest."""
    return math.log(costs[-1] / costs[0]) / math.log(sizes[-1] / sizes[0])


def test_a_check_is_linear_in_the_number_of_changes(tmp_path: Path) -> None:
    changes, sqlite, calls = [], [], []
    with OpenPlan.create(tmp_path / "plan.cypp") as plan:
        load_plan(plan.editor, large_plan(20, words=19))
        plan.editor.session.rollback()
        for more in YEARS:
            add_edits(plan.working.path, more)
            cost = Cost()
            report = cost.of(plan.working.path)
            assert report.is_clean, report.faults
            changes.append(report.changes)
            sqlite.append(cost.sqlite)
            calls.append(cost.calls)
    assert changes[-1] > 4 * changes[0]
    assert exponent(changes, sqlite) < 1.15, (changes, sqlite)
    assert exponent(changes, calls) < 1.15, (changes, calls)
