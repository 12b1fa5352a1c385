"""How long the window stands still while it saves: large plans and many changes beside a small plan.

``python -m tests.bench.saving``. A timer of the window's own thread ticks every millisecond; the figure is
the longest time between two ticks from the moment at which a save comes due until it is over, the median of
several saves. The ratio counts: what it costs must not grow with the plan.
"""

from __future__ import annotations

import os
import statistics
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication
from sqlalchemy import select

from cypp_desktop.exchange.plan_json import load_plan
from cypp_desktop.plan.model import Measure, Plan
from cypp_desktop.store.commands import set_field
from cypp_desktop.store.plan_file import OpenPlan
from cypp_desktop.ui.document import PlanDocument
from tests.large_plans import large_plan

ROUNDS = 9
AT_ONCE = 100


class Ticks:
    """The longest time between two ticks of the main thread."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._last = perf_counter()
        self._timer = QTimer()
        self._timer.setInterval(1)
        self._timer.timeout.connect(self.tick)

    def tick(self) -> None:
        now = perf_counter()
        self.longest = max(self.longest, now - self._last)
        self._last = now

    def during(self, do: Any, ended: Any) -> float:
        """The longest time while ``do`` and what it begins is under way, until the signal ``ended``."""
        loop = QEventLoop()
        ended.connect(loop.quit)
        self._timer.start()
        QTimer.singleShot(30, do)
        QTimer.singleShot(25, self.reset)
        loop.exec()
        self.tick()
        self._timer.stop()
        ended.disconnect(loop.quit)
        return self.longest

    def reset(self) -> None:
        self.longest, self._last = 0.0, perf_counter()


def made(folder: Path, measures: int, changes: int = 0) -> PlanDocument:
    """An open plan of so many measures, with so many further changes in its history."""
    plan = OpenPlan.create(folder / f"{measures}-{changes}.cypp", author="Ann")
    load_plan(plan.editor, large_plan(measures), name="Large")
    rows = plan.editor.session.scalars(select(Measure).order_by(Measure.id)).all()
    for first in range(0, changes, AT_ONCE):
        with plan.editor.step("Edit titles"):
            for number in range(first, first + AT_ONCE):
                rows[number % len(rows)].title = f"Title {number}"
    plan.publish()
    return PlanDocument(plan)


def stall(document: PlanDocument, deed: str) -> float:
    """The longest time that the window stands still in a save, in seconds."""
    from sqlalchemy import select

    found = []
    for number in range(ROUNDS):
        row = document.editor.session.scalars(select(Plan)).one()
        set_field(document.editor, row, "title", f"{deed} {number}")
        found.append(Ticks().during(getattr(document, deed), document.published))
    return statistics.median(found)


def main() -> None:
    app = QApplication([])
    with tempfile.TemporaryDirectory() as folder:
        os.environ["CYPP_DESKTOP_HOME"] = folder
        documents = {
            "100 measures": made(Path(folder), 100),
            "1,000 measures, 5,000 changes": made(Path(folder), 1_000, 5_000),
            "10,000 measures": made(Path(folder), 10_000),
        }
        for deed, words in (("publish_if_due", "saved beside the work"), ("publish", "saved while it waits")):
            first = 0.0
            for name, document in documents.items():
                assert document.path is not None
                seconds = stall(document, deed)
                first = first or seconds
                size = document.path.stat().st_size / 1e6
                print(
                    f"{words}: {name} ({size:.1f} MB): stands still {seconds * 1000:6.1f} ms"
                    f" = {seconds / first:5.1f} × the small plan"
                )
        for document in documents.values():
            document.close()
    app.quit()


if __name__ == "__main__":
    main()
