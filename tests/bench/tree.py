"""Prints how long the tree takes with a plan of 10,000 measures: ``python -m tests.bench.tree [MEASURES]``.

A frame is 16 ms at sixty a second. "done" is when the view has painted and has nothing more to do;
"longest" is the longest that the window did not answer meanwhile.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cypp_desktop.exchange.plan_json import load_plan
from cypp_desktop.plan.outline import read_outline
from cypp_desktop.store import commands, schema
from cypp_desktop.store.editor import Editor
from cypp_desktop.ui.tree import PlanTree

_SUBJECTS = (
    "smoking at delivery",
    "breastfeeding",
    "school readiness",
    "looked after children",
    "first entrants",
)


def plan_of(measures: int) -> dict[str, Any]:
    """A plan in plan JSON: ten priorities, outcomes of ten measures each."""
    outcomes = max(1, measures // 100)
    return {
        "title": "Bench",
        "level_names": {"priority": "Priority", "outcome": "Outcome", "measure": "Performance measure"},
        "priorities": [
            {
                "code": str(p + 1),
                "title": f"Priority number {p + 1}",
                "outcomes": [
                    {
                        "code": f"{p + 1}.{o + 1}",
                        "title": f"Outcome {o + 1} about {_SUBJECTS[o % 5]}",
                        "measures": [
                            {
                                "code": str(m + 1),
                                "title": f"Percentage of {_SUBJECTS[(o + m) % 5]} in area {o * 10 + m}",
                                "placeholder": m % 7 == 0,
                            }
                            for m in range(10)
                        ],
                    }
                    for o in range(outcomes)
                ],
            }
            for p in range(10)
        ],
    }


class Bench:
    """Runs what a person does and says how long it took."""

    def __init__(self, app: QApplication, tree: PlanTree) -> None:
        self.app = app
        self.tree = tree

    def timed(self, words: str, act: Callable[[], object]) -> None:
        """Time an act until it returns, until its first painting, and until all is done."""
        began = perf_counter()
        act()
        answered = perf_counter()
        self.app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 1)
        longest = painted = perf_counter()
        longest -= began
        while self.tree.rows.is_opening():
            before = perf_counter()
            self.app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 1)
            longest = max(longest, perf_counter() - before)
        done = perf_counter()
        figures = (answered - began, painted - began, longest, done - began)
        print(f"{words:<46}" + "".join(f"{figure * 1000:>10.1f}" for figure in figures), flush=True)


def main(measures: int) -> None:
    """Make the plan, show it, and do what a person does with it."""
    app = QApplication([])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.db"
        schema.create_tables(path)
        engine = schema.connect(path)
        editor = Editor(engine, "bench")
        load_plan(editor, plan_of(measures))
        editor.session.commit()
        tree = PlanTree()
        tree.resize(420, 800)
        tree.show()
        app.processEvents()
        run(Bench(app, tree), editor, path)
        tree.detach()
        editor.close()
        engine.dispose()


def run(bench: Bench, editor: Editor, path: Path) -> None:
    """What a person does, one after the other."""
    tree = bench.tree
    print(f"{'milliseconds until':<46}{'returned':>10}{'painted':>10}{'longest':>10}{'done':>10}")
    with sqlite3.connect(path) as db:
        outline = read_outline(db)
        bench.timed("read the outline", lambda: read_outline(db))
    print(f"{outline.measure_count} measures")
    bench.timed("show the outline", lambda: tree.show_outline(outline))
    bench.timed("attach the editor", lambda: tree.attach(editor))
    bench.timed("open all", tree.open_all)
    measures = [m for p in outline.priorities for o in p.children for m in o.children]
    for at in (0, len(measures) // 2, -1):
        bench.timed(f"select measure {at}", lambda at=at: tree.select_row("measure", measures[at].id))
    for key in ("Down", "PgDown", "Home"):
        code = getattr(Qt.Key, f"Key_{key.replace('PgDown', 'PageDown')}")
        bench.timed(f"key {key}", lambda code=code: QTest.keyClick(tree.rows, code))
    for letter in "smoking":
        bench.timed(
            f"filter: type {letter!r}", lambda letter=letter: QTest.keyClicks(tree.filter_bar.box, letter)
        )
    bench.timed("filter: clear", tree.filter_bar.clear)
    bench.timed("filter: placeholders", lambda: tree.set_filter("", "placeholder"))
    bench.timed("filter: clear", tree.filter_bar.clear)
    bench.timed("close all", tree.close_all)
    bench.timed("open one priority", lambda: tree.rows.open_branch(tree.model.root.rows[3]))
    bench.timed("select a measure in a closed branch", lambda: tree.select_row("measure", measures[-1].id))
    row = editor.row("measure", measures[-1].id)
    assert row is not None
    bench.timed(
        "edit a title (commit included)", lambda: commands.set_field(editor, row, "title", "Other words")
    )
    bench.timed("move a row up (commit included)", tree.commands.move_up)
    tree.open_all()
    bench.timed("all open: move a row up (commit included)", tree.commands.move_up)
    bench.timed("all open: duplicate a row (commit included)", tree.commands.duplicate)
    bench.timed("all open: delete it (commit included)", tree.commands.delete)
    bench.timed("all open: undo (commit included)", editor.undo)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
