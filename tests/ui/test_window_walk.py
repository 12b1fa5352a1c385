"""Whatever is done in the window in whatever order, what it shows is what the plan says."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from cypp_desktop.errors import CyppError
from cypp_desktop.plan.base import row_classes
from cypp_desktop.plan.model import Lead, Measure, Observation, Organisation, Outcome, Round, Update
from cypp_desktop.store import commands
from cypp_desktop.store.editor import Changed, Editor
from cypp_desktop.store.plan_file import OpenPlan
from cypp_desktop.ui.autosave import Typing
from cypp_desktop.ui.panels import PanelArea
from cypp_desktop.ui.panels.dates import SpanField
from cypp_desktop.ui.panels.inputs import CompletingLine
from cypp_desktop.ui.panels.levels import LevelPanel
from cypp_desktop.ui.panels.list_field import ListField
from cypp_desktop.ui.panels.panel_field import PanelField
from cypp_desktop.ui.tree.changes import outline_of
from cypp_desktop.ui.tree.model import PlanTreeModel
from tests.ui.panel_plans import PLAN, press
from tests.ui.panels.test_reach import edit
from tests.ui.panels.test_stale import shown
from tests.ui.tree_plans import shown as rows_shown

_SHOWN_ROWS = (
    "plan", "priority", "outcome", "measure", "section", "recommendation", "organisation", "person", "round",
)  # fmt: skip
#: Pages that show all that they can show at once; on others a row is chosen.
_WHOLE = (None, "details", "update")
_WORDS = ("Housing", "17 %", "March 2017", "a - b", "Early help", "x")


@pytest.fixture
def window(make_window: Callable[..., Any], tmp_path: Path, qtbot: QtBot) -> Any:
    from cypp_desktop.exchange.plan_json import load_plan

    path = tmp_path / "Plan.cypp"
    with OpenPlan.create(path, author="Ann") as plan:
        load_plan(plan.editor, PLAN)
        plan.publish()
    made = make_window(real=True)
    with qtbot.waitSignal(made.opening_ended):
        made.open_plan(path)
    return made


class Walker:
    """Somebody who goes about in a window without a plan of what to do; the same for the same chance."""

    def __init__(self, window: Any, chance: random.Random) -> None:
        self.window = window
        self.chance = chance
        self.said: list[str] = []

    @property
    def editor(self) -> Editor:
        editor: Editor = self.window.document.editor
        return editor

    def any_row(self, *row_types: str) -> Any:
        found = [
            row
            for row_type in row_types
            for row in self.editor.session.scalars(select(row_classes()[row_type]))
        ]
        return self.chance.choice(found) if found else None

    def go(self) -> None:
        row = self.any_row(*_SHOWN_ROWS)
        if row is not None:
            self.window.go_to(row.row_type, row.id)

    def turn_page(self) -> None:
        panel = self.window.panels.panel
        if isinstance(panel, LevelPanel):
            offered = set(panel.pages.keys()) - {"history"}
            panel.pages.turn_to(self.chance.choice(sorted(offered)))

    def fields(self) -> list[PanelField]:
        panel = self.window.panels.panel
        if panel is None:
            return []
        return [f for f in panel.findChildren(PanelField) if f.isVisibleTo(panel) and f.key is not None]

    def edit_field(self) -> None:
        found = [field for field in self.fields() if field.isEnabled()]
        if found:
            edit(self.chance.choice(found))

    def type_in_field(self) -> None:
        """Type and stay there."""
        inputs = [getattr(field, "input", None) for field in self.fields()]
        found = [text for text in inputs if isinstance(text, (QLineEdit, QPlainTextEdit))]
        if found:
            text = self.chance.choice(found)
            if isinstance(text, CompletingLine):
                return  # its list of words to choose from would keep the focus
            text.setFocus()
            QTest.keyClicks(text, self.chance.choice(_WORDS))

    def open_title(self) -> None:
        """Begin a title in the tree and leave it open."""
        if self.window.tree.rows.in_place.open_input is None:
            self.window.tree.commands.edit_title()
        line = self.window.tree.rows.in_place.open_input
        if line is not None:
            QTest.keyClicks(line, self.chance.choice(_WORDS))

    def open_cell(self) -> None:
        row = self.any_row("measure")
        if row is None or not row.observations:
            return
        self.window.go_to("measure", row.id)
        table = self.window.panels.panel.pages.turn_to("values").table
        index = table.values.index(self.chance.randrange(len(row.observations)), self.chance.randrange(5))
        table.setCurrentIndex(index)
        if table.cells.open_input is None and index.flags() & Qt.ItemFlag.ItemIsEditable:
            table.edit(index)
        if isinstance(table.cells.open_input, QLineEdit):
            QTest.keyClicks(table.cells.open_input, self.chance.choice(_WORDS))

    def finish_cell(self) -> None:
        now = self.window.focusWidget()
        if now is not None:
            press(now, self.chance.choice([Qt.Key.Key_Return, Qt.Key.Key_Escape]))

    def undo(self) -> None:
        self.window.document.undo()

    def redo(self) -> None:
        self.window.document.redo()

    def publish(self) -> None:
        self.window.document.publish()

    def revert(self) -> None:
        self.window.document.revert()

    def colleague(self) -> None:
        """A colleague's work comes in, as a merge brings it."""
        self.window.keep_typing()
        self.editor.session.rollback()
        other = Editor(self.editor.session.get_bind().engine, "Partner")
        heard: list[Changed] = []
        other.listen(heard.append)
        try:
            self.chance.choice([_retitle, _delete, _write_update, _lead, _add, _close_round, _value])(
                other, self.chance
            )
        finally:
            other.close()
            self.editor.follow(heard)

    def step(self) -> None:
        usual = [
            self.go,
            self.turn_page,
            self.edit_field,
            self.type_in_field,
            self.open_title,
            self.open_cell,
        ]
        rare = [self.finish_cell, self.undo, self.redo, self.colleague, self.publish, self.revert]
        done = self.chance.choice([*usual, *usual, *rare, self.undo, self.colleague])
        self.said.append(done.__name__)
        try:
            done()
        except CyppError as refused:
            self.said.append(str(refused))


def _pick(editor: Editor, chance: random.Random, cls: type[Any]) -> Any:
    found = sorted(editor.session.scalars(select(cls)), key=lambda row: str(row.id))
    return chance.choice(found) if found else None


def _retitle(editor: Editor, chance: random.Random) -> None:
    row = _pick(editor, chance, chance.choice([Measure, Outcome]))
    if row is not None:
        commands.set_field(editor, row, "title", f"Theirs {chance.random()}")


def _delete(editor: Editor, chance: random.Random) -> None:
    row = _pick(editor, chance, chance.choice([Measure, Lead, Observation, Update]))
    if row is not None:
        commands.delete_rows(editor, [row])


def _write_update(editor: Editor, chance: random.Random) -> None:
    row, round_ = _pick(editor, chance, Measure), _pick(editor, chance, Round)
    if row is not None:
        commands.set_update_text(editor, row, round_, f"- Theirs {chance.random()}")


def _lead(editor: Editor, chance: random.Random) -> None:
    lead = _pick(editor, chance, Lead)
    if lead is not None:
        commands.set_organisation(editor, lead, chance.choice(["Schools", "City CCG", "Their trust"]))


def _add(editor: Editor, chance: random.Random) -> None:
    outcome, measure = _pick(editor, chance, Outcome), _pick(editor, chance, Measure)
    if outcome is not None and measure is not None:
        with editor.step("Add"):
            commands.add_row(editor, Measure, outcome, title="Added")
            commands.add_row(editor, Observation, measure, area="City", period="2019")
            commands.add_row(editor, Lead, measure)
            commands.add_row(editor, Organisation, name=f"Trust {chance.random()}")


def _close_round(editor: Editor, chance: random.Random) -> None:
    round_ = _pick(editor, chance, Round)
    if round_ is not None:
        commands.set_field(editor, round_, "state", chance.choice(["open", "closed"]))


def _value(editor: Editor, chance: random.Random) -> None:
    row = _pick(editor, chance, Observation)
    if row is not None:
        commands.set_field(editor, row, "area", f"Area {chance.random()}")


def assert_as_the_plan_says(walker: Walker) -> None:
    """Each field, the rows of the tree, and the panel as one that has just been made."""
    walker.window.keep_typing()
    QApplication.processEvents()
    for field in walker.fields():
        row = field.row()
        assert row is not None
        if not field.is_pending:
            assert said_by(field) == stored(field, row), field.property("field")
    model = PlanTreeModel()
    model.set_outline(outline_of(walker.editor))
    tree = walker.window.tree
    assert sorted(rows_shown(tree.model)) == sorted(rows_shown(model))
    line = tree.rows.in_place.open_input
    if line is not None:
        assert line.text() == (tree.rows.currentIndex().data(Qt.ItemDataRole.EditRole) or "")


def said_by(field: PanelField) -> Any:
    if isinstance(field, SpanField):
        return field.input.text().strip() or None
    return field.value()


def stored(field: PanelField, row: Any) -> Any:
    value = field.stored(row)
    return value[field.name] if isinstance(field, SpanField) else value


def assert_as_fresh(walker: Walker, qtbot: QtBot) -> None:
    """The panel says the same as one that has just been made."""
    panels = walker.window.panels
    page = panels.panel.pages.current if isinstance(panels.panel, LevelPanel) else None
    if panels.shown_row is None or panels.context.autosave.state is not Typing.KEPT or page not in _WHOLE:
        return
    walker.window.tree.focus_rows()  # what was being typed is shown as it is kept
    QApplication.processEvents()
    fresh = PanelArea()
    qtbot.addWidget(fresh)
    fresh.resize(panels.size())
    fresh.attach(walker.editor)
    fresh.show()
    fresh.show_row(*panels.shown_row)
    if isinstance(fresh.panel, LevelPanel) and page is not None:
        fresh.panel.pages.turn_to(page)
    for entries in (*panels.findChildren(ListField), *fresh.findChildren(ListField)):
        entries.input.setCurrentRow(-1)
    mine, theirs = said(panels), said(fresh)
    fresh.attach(None)
    fresh.hide()
    assert [each for each in mine if each not in theirs] == [each for each in theirs if each not in mine]


def said(area: PanelArea) -> list[tuple[str, str, str]]:
    """All that a panel says but for what is begun and no more: an empty line, an entry without words."""
    return [(kind, name, words.strip()) for kind, name, words in shown(area) if kind != "_Entries"]


def walk(window: Any, qtbot: QtBot, seed: int, steps: int) -> None:
    walker = Walker(window, random.Random(seed))
    walker.go()
    try:
        for number in range(steps):
            walker.step()
            assert_as_the_plan_says(walker)
            if number % 5 == 4:
                assert_as_fresh(walker, qtbot)
    except AssertionError as wrong:
        raise AssertionError(f"walk {seed}: {', '.join(walker.said)}\n{wrong}") from wrong
    finally:
        window.dialogs.answers = ["close"]  # half a date may have been typed last


@pytest.mark.parametrize("seed", range(6))
def test_what_the_window_shows_is_what_the_plan_says(window: Any, qtbot: QtBot, seed: int) -> None:
    walk(window, qtbot, seed, 40)


@pytest.mark.slow
@pytest.mark.parametrize("number", range(100))
def test_what_the_window_shows_is_what_the_plan_says_on_ways_never_gone(
    window: Any, qtbot: QtBot, number: int
) -> None:
    walk(window, qtbot, time.time_ns(), 60)
