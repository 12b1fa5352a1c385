"""The panel area: which panel is shown, what follows a change made elsewhere, and the way back up."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from cypp_desktop.plan.model import Action, Lead, Measure
from cypp_desktop.store.addresses import row_at
from cypp_desktop.store.commands import add_row, delete_rows, set_field
from cypp_desktop.store.editor import Editor
from cypp_desktop.ui.autosave import PAUSE
from cypp_desktop.ui.panels import PanelArea
from cypp_desktop.ui.panels.levels import LevelPanel
from cypp_desktop.ui.theme import Theme
from tests.ui.panel_plans import field, open_editor, press, show, type_words


@pytest.fixture
def area(qtbot: QtBot, request: pytest.FixtureRequest) -> Iterator[PanelArea]:
    with open_editor(getattr(request, "param", "whole")) as editor:
        made = PanelArea()
        qtbot.addWidget(made)
        made.resize(700, 700)
        made.attach(editor)
        made.show()
        yield made
        made.attach(None)


def level_panel(area: PanelArea) -> LevelPanel:
    assert isinstance(area.panel, LevelPanel)
    return area.panel


def crumbs(area: PanelArea) -> list[str]:
    QApplication.processEvents()
    steps = area.breadcrumb.findChildren(QWidget)
    shown = [step for step in steps if isinstance(step, (QLabel, QToolButton)) and not step.isHidden()]
    return [step.text() for step in shown if step.text() != "›"]


def test_typing_is_kept_after_a_pause_without_leaving_the_field(area: PanelArea, qtbot: QtBot) -> None:
    measure = show(area, "1/1a/i")
    title = field(area, "measure.title")
    type_words(title.input, "Smoking")
    assert measure.title == "Women smoking at delivery"  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: measure.title == "Smoking", timeout=10 * PAUSE)  # type: ignore[attr-defined]


def test_typing_in_one_field_is_one_step(area: PanelArea) -> None:
    measure = show(area, "1/1a/i")
    title = field(area, "measure.title")
    for words in ("S", "Sm", "Smoking"):
        type_words(title.input, words)
        area.flush()
    assert area.context.editor.undo() == "Edit title of 1a.i"
    assert measure.title == "Women smoking at delivery"  # type: ignore[attr-defined]
    assert title.input.toPlainText() == "Women smoking at delivery"


def test_what_is_being_typed_is_left_alone_when_others_change_the_row(area: PanelArea) -> None:
    measure = show(area, "1/1a/i")
    editor = area.context.editor
    title, code = field(area, "measure.title"), field(area, "measure.code")
    type_words(title.input, "My words")
    set_field(editor, measure, "code", "x")
    assert title.input.toPlainText() == "My words"
    assert code.input.text() == "x"
    area.flush()
    assert measure.title == "My words"  # type: ignore[attr-defined]


def test_going_to_another_row_keeps_what_was_typed_in_this_one(area: PanelArea) -> None:
    measure = show(area, "1/1a/i")
    type_words(field(area, "measure.title").input, "Typed and left")
    show(area, "1/1a/ii")
    assert measure.title == "Typed and left"  # type: ignore[attr-defined]
    assert field(area, "measure.title").input.toPlainText() == "Mental health"


def test_looking_at_every_row_changes_nothing(area: PanelArea) -> None:
    editor = area.context.editor
    steps: list[str] = []
    editor.listen(lambda changed: steps.append(changed.step))
    for address in ("plan", "rounds/#1", "1", "1/1a", "1/1a/i", "1/1a/ii", "sections/1", "people/#1", "plan"):
        show(area, address)
        if isinstance(area.panel, LevelPanel):
            pages = area.panel.pages
            for key in pages.keys():  # noqa: SIM118
                pages.turn_to(key)
    area.flush()
    assert steps == []


def test_the_breadcrumb_leads_up(area: PanelArea, qtbot: QtBot) -> None:
    show(area, "1/1a/i")
    assert crumbs(area) == ["Priority 1", "1a Good maternal health", "i"]
    outcome = row_at(area.context.editor.session, "1/1a")
    button = next(b for b in area.breadcrumb.findChildren(QToolButton) if b.text().startswith("1a"))
    with qtbot.waitSignal(area.jump_requested) as jumped:
        button.click()
    assert jumped.args == ["outcome", outcome.id]


def test_the_breadcrumb_follows_a_new_title(area: PanelArea) -> None:
    show(area, "1/1a/i")
    set_field(area.context.editor, row_at(area.context.editor.session, "1/1a"), "title", "Well mothers")
    assert crumbs(area)[1] == "1a Well mothers"


def test_a_deleted_row_is_no_longer_shown_and_says_so(area: PanelArea) -> None:
    measure = show(area, "1/1a/i")
    type_words(field(area, "measure.title").input, "Half typed")
    delete_rows(area.context.editor, [measure])
    assert area.shown_row is None
    assert any("deleted" in label.text() for label in area.findChildren(QLabel) if label.isVisible())
    area.flush()


def test_what_the_plan_refuses_is_told(area: PanelArea, qtbot: QtBot) -> None:
    show(area, "1/1a/i")
    type_words(field(area, "measure.title").input, "Never kept")
    area.context.editor.read_only = True
    with qtbot.waitSignal(area.problem) as told:
        area.flush()
    assert "reading only" in told.args[0]
    assert field(area, "measure.title").input.toPlainText() == "Never kept"
    area.context.editor.read_only = False
    area.flush()
    assert row_at(area.context.editor.session, "1/1a/i").title == "Never kept"  # type: ignore[attr-defined]


def test_a_lead_is_shown_where_it_leads(area: PanelArea) -> None:
    measure = row_at(area.context.editor.session, "1/1a/i")
    assert isinstance(measure, Measure)
    area.show_row("lead", measure.leads[0].id)
    assert area.shown_row == ("measure", measure.id)
    assert level_panel(area).pages.current == "details"
    action = row_at(area.context.editor.session, "1/1a/actions/1")
    lead = add_row(area.context.editor, Lead, action)
    area.show_row("lead", lead.id)
    assert area.shown_row == ("action", action.id)


def test_the_page_stays_from_measure_to_measure(area: PanelArea) -> None:
    show(area, "1/1a/i")
    level_panel(area).pages.turn_to("values")
    show(area, "1/1a/iii")
    assert level_panel(area).pages.current == "values"


@pytest.mark.parametrize(
    ("area", "address", "wanted"),
    [
        ("whole", "1/1a/i", ["update", "values", "details", "actions"]),
        ("whole", "1/1a", ["updates", "actions", "details"]),
        ("bare", "1/1/a", ["actions", "details"]),
        ("bare", "1/1", ["actions", "details"]),
        ("review", "4/1/a", ["update", "details"]),
        ("review", "4/1", ["updates", "details"]),
    ],
    indirect=["area"],
)
def test_only_what_the_plan_uses_is_offered(area: PanelArea, address: str, wanted: list[str]) -> None:
    show(area, address)
    pages = level_panel(area).pages
    assert pages.keys() == wanted
    assert pages.current == wanted[0]


@pytest.mark.parametrize("area", ["bare"], indirect=True)
def test_what_is_not_used_yet_can_be_begun(area: PanelArea) -> None:
    show(area, "1/1/a")
    pages = level_panel(area).pages
    values = next(action for action in pages.begin_button.menu().actions() if action.text() == "Values")
    values.trigger()
    assert pages.current == "values"
    show(area, "1/1")
    show(area, "1/1/a")
    offered = pages.keys()
    assert "values" not in offered, "nothing was written, so the page goes again"


def test_history_is_offered_once_there_is_a_view_for_it(area: PanelArea) -> None:
    show(area, "1/1a/i")
    offered = level_panel(area).pages.keys()
    assert "history" not in offered
    asked: list[tuple[str, str]] = []

    def make(editor: Editor, row_type: str, row_id: str) -> QWidget:
        asked.append((row_type, row_id))
        return QLabel("What changed")

    area.history_factory = make
    measure = show(area, "1/1a/ii")
    level_panel(area).pages.turn_to("history")
    assert asked == [("measure", measure.id)]


def test_the_history_of_a_field_is_asked_for_by_key(area: PanelArea, qtbot: QtBot) -> None:
    measure = show(area, "1/1a/i")
    title = field(area, "measure.title")
    title.input.setFocus()
    with qtbot.waitSignal(area.history_requested) as asked:
        keys = Qt.KeyboardModifier
        press(title.input, Qt.Key.Key_H, keys.ControlModifier | keys.AltModifier)
    assert asked.args == ["measure", measure.id, "title"]


def test_undo_goes_to_the_window_where_a_field_has_nothing_of_its_own(area: PanelArea, qtbot: QtBot) -> None:
    from PySide6.QtGui import QAction, QKeySequence

    undone: list[Any] = []
    action = QAction(area, shortcut=QKeySequence.StandardKey.Undo)
    action.triggered.connect(lambda: undone.append(1))
    area.addAction(action)
    show(area, "1/1a/i")
    qtbot.waitActive(area)
    for name in ("measure.title", "measure.code"):
        widget = field(area, name).input
        widget.setFocus()
        press(widget, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(undone) == 2
    type_words(field(area, "measure.code").input, "ix")
    press(field(area, "measure.code").input, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(undone) == 2, "typing is taken back in the field first"


def test_actions_of_a_measure_are_its_own_and_the_whole_outcomes(area: PanelArea) -> None:
    show(area, "1/1a/i")
    listed: Any = level_panel(area).pages.turn_to("actions")
    said = [listed.table.item(at, 1).text() for at in range(listed.table.rowCount())]
    assert said == ["Train midwives", "Open a clinic"]
    listed.add_row()
    outcome = row_at(area.context.editor.session, "1/1a")
    made = [action for action in outcome.actions if not action.text]  # type: ignore[attr-defined]
    assert [measure.code for action in made for measure in action.measures] == ["i"]


def test_an_action_is_moved_past_its_neighbour_in_the_list(area: PanelArea) -> None:
    outcome: Any = show(area, "1/1a")
    listed: Any = level_panel(area).pages.turn_to("actions")
    listed.table.setCurrentCell(2, 1)
    press(listed.table, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert [action.number for action in outcome.actions] == ["1", "3", "2"]
    assert listed.current_id == outcome.actions[1].id
    assert isinstance(listed.fields.row(), Action)
    assert listed.fields.row().number == "3"


def test_a_row_deleted_in_a_list_gives_way_to_the_next(area: PanelArea) -> None:
    outcome: Any = show(area, "1/1a")
    listed: Any = level_panel(area).pages.turn_to("actions")
    listed.table.setCurrentCell(0, 1)
    press(listed.table, Qt.Key.Key_Delete)
    assert [action.number for action in outcome.actions] == ["2", "3"]
    assert listed.fields.row().number == "2"
    area.context.editor.undo()
    assert listed.table.rowCount() == 3


def test_a_person_added_to_an_organisation_is_gone_to(area: PanelArea, qtbot: QtBot) -> None:
    organisation = show(area, "organisations/City CCG")
    button = next(b for b in area.findChildren(QToolButton) if b.text() == "Add person")
    with qtbot.waitSignal(area.jump_requested) as jumped:
        button.click()
    area.show_row(*jumped.args)
    assert field(area, "person.organisation_id").input.text() == "City CCG"
    assert organisation.people[0].id == jumped.args[1]  # type: ignore[attr-defined]


def test_a_panel_put_away_asks_nothing_more_of_its_plan(qtbot: QtBot, appearance: Theme) -> None:
    made = PanelArea()
    qtbot.addWidget(made)
    with open_editor() as editor:
        made.attach(editor)
        made.show()
        for address in ("1/1a/i", "1/1a/updates/#2", "1/1a", "rounds/#1", "1/1a/iii"):
            show(made, address)
            if isinstance(made.panel, LevelPanel):
                for key in made.panel.pages.keys():  # noqa: SIM118
                    made.panel.pages.turn_to(key)
        type_words(field(made, "measure.title").input, "Half typed")
        made.attach(None)
    assert made.shown_row is None
    appearance.apply("light", 150)
    QApplication.processEvents()
    made.flush()


def test_another_plan_is_shown_without_a_trace_of_the_first(area: PanelArea) -> None:
    show(area, "1/1a/i")
    with open_editor("review") as editor:
        area.attach(editor)
        assert area.shown_row is None
        show(area, "4/1/a")
        assert crumbs(area) == ["Priority 4", "1 Hub", "a"]
        area.attach(None)


def test_the_way_back_up_works_where_the_tree_stands_on_that_row_already(qtbot: QtBot) -> None:
    gone_to: list[tuple[str, str]] = []
    services: Any = SimpleNamespace(go_to=lambda *key: gone_to.append(key), questions=None, autosave=None)
    with open_editor() as editor:
        made = PanelArea(services)
        qtbot.addWidget(made)
        made.attach(editor)
        made.show()
        outcome = row_at(editor.session, "1/1a")
        show(made, "1/1a/updates/#2")
        next(b for b in made.breadcrumb.findChildren(QToolButton) if b.text().startswith("1a")).click()
        assert gone_to == [("outcome", outcome.id)]
        assert made.shown_row == ("outcome", outcome.id)
        made.attach(None)
