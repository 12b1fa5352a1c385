"""A plan with one of everything, a panel area on it, and what a person does in its fields."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from cypp_desktop.exchange.plan_json import load_plan
from cypp_desktop.plan.base import Row, row_classes, stored_values
from cypp_desktop.store import schema
from cypp_desktop.store.addresses import row_at
from cypp_desktop.store.editor import Editor
from cypp_desktop.ui.panels import PanelArea
from cypp_desktop.ui.panels.panel_field import PanelField

LAST, NOW = "End of year 2016–17", "End of year 2017–18"

SMOKING: dict[str, Any] = {
    "code": "i",
    "title": "Women smoking at delivery",
    "definition": "Of all women who give birth.",
    "polarity": "lower",
    "leads": [
        {"organisation": "City Council", "people": ["Jo Hill", "Sam Reed"]},
        {"organisation": "City CCG", "people": [], "role": "commissioner", "note": "Until March"},
    ],
    "observations": [
        {"area": "City", "period": "2015/16", "value": 18.1, "unit": "%", "kind": "actual"},
        {"area": "England", "period": "2015/16", "value": 10.6, "unit": "%", "kind": "actual"},
        {"area": "City", "period": "2016/17", "value": "136th of 137", "unit": None, "kind": "estimate"},
    ],
}
PLAN: dict[str, Any] = {
    "title": "A plan for children",
    "columns": ["Outcomes", "Performance measures"],
    "rounds": [
        {"name": LAST, "period": "2016/17", "due": "2017-06-16", "state": "closed"},
        {"name": NOW, "period": "2017/18", "due": "2018-06-15", "state": "open"},
    ],
    "organisations": [
        {"name": "City Council", "short_name": "NCC", "kind": "Council"},
        {"name": "City CCG", "short_name": None, "kind": "NHS"},
        {"name": "Schools", "short_name": None, "kind": None},
    ],
    "priorities": [
        {
            "code": "1",
            "title": "Health and wellbeing",
            "outcomes_sought": ["Babies are **healthy**", "Parents are well"],
            "success_criteria": ["Fewer smokers"],
            "leads": [{"organisation": "City Council", "people": []}],
            "outcomes": [
                {
                    "code": "1a",
                    "title": "Good maternal health",
                    "strategic_plans": ["Health strategy", "Early help strategy", "Joint plan"],
                    "governance_groups": ["Health board"],
                    "measures": [
                        SMOKING,
                        {"code": "ii", "title": "Mental health", "placeholder": True},
                        {"code": "iii", "title": "Breastfeeding at 6–8 weeks"},
                    ],
                    "actions": [
                        {"number": "1", "text": "Train midwives", "due": "March 2017", "measures": ["i"]},
                        {"number": "2", "text": "Open a clinic", "due": "Ongoing", "measures": []},
                        {"number": "3", "text": "Tell parents", "due": None, "measures": ["iii"]},
                    ],
                    "updates": [
                        {"round": LAST, "measures": ["i"], "text": "18.1 % smoked.", "state": "agreed"},
                        {
                            "round": NOW,
                            "measures": ["i", "ii"],
                            "text": "- Down\n- Still high",
                            "state": "draft",
                        },
                        {"round": NOW, "measures": [], "text": "For all of it.", "state": "draft"},
                        {"round": None, "measures": ["i"], "text": "Seen.", "source": "A *report*"},
                    ],
                }
            ],
        }
    ],
    "sections": [{"number": "1", "title": "Foreword", "depth": 1, "text": "Welcome."}],
    "recommendations": [{"number": "1", "text": "Do more.", "section": "3", "due": "June 2018"}],
    "notes": ["Checked by hand"],
}


@cache
def _file_of(which: str) -> tuple[bytes, TemporaryDirectory[str]]:
    """A loaded plan's file, made once in a test run and copied from then on."""
    folder = TemporaryDirectory()
    path = Path(folder.name) / "plan.sqlite"
    schema.create_tables(path)
    engine = schema.connect(path)
    editor = Editor(engine, "Ann")
    load_plan(editor, PLANS[which])
    editor.close()
    engine.dispose()
    return path.read_bytes(), folder


BARE: dict[str, Any] = {
    "title": "A delivery plan",
    "level_names": {"priority": "Priority", "outcome": "Key activity", "measure": "Indicator"},
    "priorities": [
        {
            "code": "1",
            "title": None,
            "outcomes": [
                {
                    "code": "1",
                    "title": "Do it",
                    "measures": [{"code": "a", "title": "Done"}],
                    "actions": [{"number": "1", "text": "Begin", "due": "Begins May 2016", "measures": []}],
                }
            ],
        }
    ],
}
REVIEW: dict[str, Any] = {
    "title": "A review",
    "priorities": [
        {
            "code": "4",
            "title": "Safe",
            "outcomes": [
                {
                    "code": "1",
                    "title": "Hub",
                    "measures": [{"code": "a", "title": "Opened"}],
                    "updates": [
                        {"round": None, "measures": ["a"], "source": "Board report", "text": "It opened."}
                    ],
                }
            ],
        }
    ],
}
PLANS = {"whole": PLAN, "bare": BARE, "review": REVIEW}


@contextmanager
def open_editor(which: str = "whole", *, read_only: bool = False) -> Iterator[Editor]:
    """An editor on a fresh copy of one of the plans above."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "plan.sqlite"
        path.write_bytes(_file_of(which)[0])
        engine = schema.connect(path)
        editor = Editor(engine, "Ann", read_only=read_only)
        try:
            yield editor
        finally:
            editor.close()
            engine.dispose()


def show(area: PanelArea, address: str) -> Row:
    """Show the row at an address; gives it."""
    row = row_at(area.context.editor.session, address)
    area.show_row(row.row_type, row.id)
    return row


def field(area: PanelArea, name: str, *, column: str | None = None) -> Any:
    """The field of the panel shown that edits ``name`` ("measure.title")."""
    panel = area.panel
    assert panel is not None
    found = [
        each
        for each in panel.findChildren(PanelField)
        if name in each.property("field").split() and each.column == column and each.key is not None
    ]
    assert found, f"no field {name} in this panel"
    return found[0]


def type_words(widget: Any, words: str) -> None:
    """Type into a field's input in place of what it says."""
    target = getattr(widget, "area", widget)
    target.setFocus()
    target.selectAll()
    QTest.keyClicks(target, words)


def press(
    widget: QWidget, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    """Press a key; what Qt puts off until the key is done with happens too."""
    QTest.keyClick(widget, key, modifier)
    QApplication.processEvents()


def snapshot(editor: Editor) -> dict[tuple[str, str], dict[str, Any]]:
    """Every row of the plan with all its values."""
    return {
        (row.row_type, row.id): stored_values(row)
        for cls in row_classes().values()
        for row in editor.session.query(cls)
    }
