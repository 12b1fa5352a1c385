"""A small plan with every branch, an editor on it, and what a tree shows of it as plain text."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt

from cypp_desktop.exchange.plan_json import load_plan
from cypp_desktop.plan.model import Section
from cypp_desktop.plan.ordering import spread_keys
from cypp_desktop.store import schema
from cypp_desktop.store.editor import Editor
from cypp_desktop.ui.tree.model import PlanTreeModel
from cypp_desktop.ui.tree.nodes import Node


def measure(code: str, title: str, **more: Any) -> dict[str, Any]:
    return {"code": code, "key": f"{code}-{title}", "title": title, **more}


ROUND = "End of year 2017–18"
PLAN: dict[str, Any] = {
    "title": "A plan for children",
    "level_names": {"priority": "Priority", "outcome": "Outcome", "measure": "Measure"},
    "rounds": [{"name": ROUND, "state": "open"}],
    "priorities": [
        {
            "code": "1",
            "title": "Health and wellbeing",
            "outcomes": [
                {
                    "code": "1a",
                    "title": "Good maternal health",
                    "measures": [
                        measure("i", "Women smoking at delivery"),
                        measure("ii", "Mental health", placeholder=True),
                        measure("iii", "Breastfeeding at 6–8 weeks"),
                    ],
                    "updates": [
                        {
                            "round": ROUND,
                            "measures": ["i-Women smoking at delivery"],
                            "text": "Down.",
                            "state": "draft",
                        }
                    ],
                },
                {"code": "1b", "title": "Healthy lifestyles", "measures": [measure("i", "Smoking at 15")]},
            ],
        },
        {
            "code": "2",
            "title": None,
            "outcomes": [{"code": "2a", "title": "Safe homes", "measures": [measure("i", "Re-referrals")]}],
        },
    ],
    "recommendations": [
        {"number": "1", "text": "- **Ask** schools.\n- Then act."},
        {"number": "2", "text": "Act."},
    ],
}
SECTIONS = [
    (1, "Children here"),
    (2, "Who they are"),
    (2, "Where they live"),
    (1, "What we did"),
    (2, "Early help"),
]


@cache
def _file(sections: bool) -> bytes:
    """The plan's file, made once."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "plan.db"
        schema.create_tables(path)
        engine = schema.connect(path)
        editor = Editor(engine, "Jo Smith")
        load_plan(editor, PLAN)
        if sections:
            with editor.step("Write the narrative") as session:
                for key, (depth, title) in zip(spread_keys(len(SECTIONS)), SECTIONS, strict=True):
                    session.add(Section(sort_key=key, depth=depth, title=title))
        editor.close()
        engine.dispose()
        return path.read_bytes()


@contextmanager
def edited_plan(folder: Path, *, sections: bool = True) -> Iterator[Editor]:
    """An editor on the plan, with a narrative of five sections in two chapters or without."""
    path = folder / "plan.db"
    path.write_bytes(_file(sections))
    engine = schema.connect(path)
    editor = Editor(engine, "Jo Smith")
    try:
        yield editor
    finally:
        editor.close()
        engine.dispose()


def shown(model: QAbstractItemModel, parent: QModelIndex | None = None, depth: int = 0) -> list[str]:
    """What a model shows, a line for each row, indented; with what is read out."""
    lines = []
    under = parent or QModelIndex()
    for row in range(model.rowCount(under)):
        index = model.index(row, 0, under)
        lines.append("  " * depth + str(model.data(index, Qt.ItemDataRole.AccessibleTextRole)))
        lines += shown(model, index, depth + 1)
    return lines


def titles(model: QAbstractItemModel, parent: QModelIndex | None = None, depth: int = 0) -> list[str]:
    """The rows' own words, indented."""
    lines = []
    under = parent or QModelIndex()
    for row in range(model.rowCount(under)):
        index = model.index(row, 0, under)
        lines.append("  " * depth + str(model.data(index, Qt.ItemDataRole.DisplayRole)))
        lines += titles(model, index, depth + 1)
    return lines


def named(model: PlanTreeModel, title: str) -> Node:
    """The row of this title."""
    return next(node for node in model.root.below() if node.title == title)
