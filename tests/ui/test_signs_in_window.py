"""Nothing in the window deceives, though a plan, its file's name and what its log tells are full of signs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from cypp_desktop.plan.outline import read_outline
from cypp_desktop.settings import Settings
from cypp_desktop.store.disk import connect
from tests.store.foreign_plans import SIGN, write_foreign_plan
from tests.ui.scripted import accessible_name

Make = Callable[..., Any]
ROLES = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole)


def words_on(window: QWidget) -> Iterator[str]:
    """All that a window says to the eye or to a screen reader, hidden parts too."""
    yield window.windowTitle()
    for widget in (window, *window.findChildren(QWidget)):
        yield from (
            widget.toolTip(),
            widget.statusTip(),
            widget.accessibleDescription(),
            accessible_name(widget),
        )
        yield from (action.text() for action in widget.actions())
        match widget:
            case QLabel() | QLineEdit() | QAbstractButton():
                yield widget.text()
            case QTextEdit() | QPlainTextEdit():
                yield widget.toPlainText()
            case QComboBox():
                yield from (widget.itemText(at) for at in range(widget.count()))
            case QAbstractItemView() if widget.model() is not None:
                yield from words_in(widget.model(), QModelIndex())


def words_in(model: QAbstractItemModel, parent: QModelIndex) -> Iterator[str]:
    columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount(parent)
    for row in range(model.rowCount(parent)):
        for column in range(columns):
            index = model.index(row, column, parent)
            yield from (str(index.data(role) or "") for role in ROLES)
        yield from words_in(model, model.index(row, 0, parent))


def deceiving(window: QWidget) -> list[str]:
    return [words for words in words_on(window) if SIGN in words]


@pytest.fixture
def foreign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return write_foreign_plan(tmp_path / f"Plan{SIGN}nalp.cypp", tmp_path / "elsewhere", monkeypatch)


def test_no_part_of_the_window_shows_them(make_window: Make, qtbot: QtBot, foreign: Path) -> None:
    window = make_window(real=True, settings=Settings(recent_files=[str(foreign)], author="Bo"))
    assert deceiving(window) == []
    with qtbot.waitSignal(window.opening_ended, timeout=20_000):
        window.open_plan(foreign)
    nodes = [node for node in window.tree.model.root.below() if node.row_type != "branch"]
    rows = [(node.row_type, node.id) for node in nodes]
    assert len(rows) > 4
    for row_type, row_id in rows:
        window.go_to(row_type, row_id)
        assert deceiving(window) == [], row_type
    for key in window.rail.buttons:
        window.show_page(key)
        qtbot.wait(50)
        assert deceiving(window) == [], key
    assert "goodnews" in " ".join(words_on(window))


def test_nor_does_the_tree_that_is_there_first(foreign: Path) -> None:
    with closing(connect(foreign)) as db:
        outline = read_outline(db)
    rows = [*outline.priorities, *outline.priorities[0].children, *outline.sections, *outline.organisations]
    assert len(rows) == 4
    assert not [row for row in rows if SIGN in row.title or SIGN in row.code]
    assert outline.title == "goodnews"
