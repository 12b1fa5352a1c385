"""Fields of their kinds: dates in words, lists of texts, choices that scrolling does not change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cypp_desktop.plan.outline import measure_marks
from cypp_desktop.store.addresses import row_at
from cypp_desktop.store.commands import set_field
from cypp_desktop.ui.panels import PanelArea
from cypp_desktop.ui.panels.levels import LevelPanel
from tests.ui.panel_plans import field, open_editor, press, show, type_words

ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def area(qtbot: QtBot) -> Iterator[PanelArea]:
    with open_editor() as editor:
        made = PanelArea()
        qtbot.addWidget(made)
        made.resize(700, 800)
        made.attach(editor)
        made.show()
        yield made
        made.attach(None)


def details(area: PanelArea, address: str) -> Any:
    row = show(area, address)
    assert isinstance(area.panel, LevelPanel)
    area.panel.pages.turn_to("details")
    return row


def test_a_due_date_in_words_shows_what_was_understood(area: PanelArea) -> None:
    action: Any = show(area, "1/1a/actions/1")
    due = field(area, "action.due")
    assert due.hint.text() == "Understood as: 1 March 2017 to 31 March 2017"
    type_words(due.input, "Begins May 2016")
    assert due.hint.text() == "Understood as: from 1 May 2016", "even before it is kept"
    area.flush()
    assert (action.due, action.due_start, action.due_end) == ("Begins May 2016", "2016-05-01", None)
    type_words(due.input, "when funded")
    area.flush()
    assert due.hint.text() == "Understood as: no date understood"
    assert (action.due, action.due_start, action.due_precision) == ("when funded", None, "unknown")


def test_the_days_can_be_said_where_words_were_not_understood(area: PanelArea) -> None:
    action: Any = show(area, "1/1a/actions/1")
    due = field(area, "action.due")
    type_words(due.input, "when funded")
    due.days_button.click()
    type_words(due.first, "1 May 2018")
    area.flush()
    assert (action.due, action.due_start, action.due_end) == ("when funded", "2018-05-01", None)
    assert due.hint.text() == "Understood as: from 1 May 2018"
    type_words(due.last, "nonsense")
    area.flush()
    assert action.due_end is None
    assert "not kept" in due.hint.text()
    type_words(due.last, "May 2018")
    area.flush()
    assert action.due_end == "2018-05-31"
    assert action.due_precision == "range"
    type_words(due.last, "April 2018")
    area.flush()
    assert action.due_end == "2018-05-31"
    assert due.hint.text() == "The last day is before the first, so these days are not kept."


def test_a_day_is_typed_in_words_and_shown_as_printed(area: PanelArea) -> None:
    round_: Any = show(area, "rounds/#2")
    due = field(area, "round.due")
    assert due.input.text() == "15 June 2018"
    type_words(due.input, "1/7/18")
    press(due.input, Qt.Key.Key_Return)
    assert round_.due == "2018-07-01"
    assert due.input.text() == "1 July 2018"
    type_words(due.input, "soon")
    press(due.input, Qt.Key.Key_Return)
    assert round_.due == "2018-07-01"
    assert "not kept" in due.hint.text()
    type_words(due.input, " ")
    press(due.input, Qt.Key.Key_Return)
    assert round_.due is None


def test_entries_of_a_list_are_added_moved_and_removed_by_keys(area: PanelArea) -> None:
    outcome = details(area, "1/1a")
    plans = field(area, "outcome.strategic_plans")
    plans.input.setCurrentRow(0)
    press(plans.input, Qt.Key.Key_Down, ALT)
    assert list(outcome.strategic_plans) == ["Early help strategy", "Health strategy", "Joint plan"]
    press(plans.input, Qt.Key.Key_Delete)
    assert list(outcome.strategic_plans) == ["Early help strategy", "Joint plan"]
    press(plans.input, Qt.Key.Key_Insert)
    type_words(plans._in_place.open_input, "Third plan")
    press(plans._in_place.open_input, Qt.Key.Key_Return)
    assert list(outcome.strategic_plans) == ["Early help strategy", "Joint plan", "Third plan"]
    press(plans.input, Qt.Key.Key_F2)
    type_words(plans._in_place.open_input, "Renamed plan")
    area.flush()
    assert list(outcome.strategic_plans)[2] == "Renamed plan"


def test_an_entry_left_empty_is_not_kept(area: PanelArea) -> None:
    outcome = details(area, "1/1a")
    plans = field(area, "outcome.strategic_plans")
    plans.add_entry()
    press(plans._in_place.open_input, Qt.Key.Key_Return)
    area.flush()
    assert list(outcome.strategic_plans) == ["Health strategy", "Early help strategy", "Joint plan"]


def test_markdown_entries_are_edited_in_the_rich_editor(area: PanelArea) -> None:
    priority = details(area, "1")
    sought = field(area, "priority.outcomes_sought")
    assert sought.input.item(0).text() == "Babies are healthy"
    sought.input.setCurrentRow(0)
    assert sought.text.markdown() == "Babies are **healthy**"
    sought.input.setCurrentRow(1)
    type_words(sought.text, "Parents are happy")
    area.flush()
    assert list(priority.outcomes_sought) == ["Babies are **healthy**", "Parents are happy"]
    area.context.editor.undo()
    assert sought.text.markdown() == "Parents are well"


def test_scrolling_over_a_choice_changes_nothing(area: PanelArea) -> None:
    details(area, "1/1a/i")
    choice = field(area, "measure.polarity").input
    middle = QPointF(choice.rect().center())
    turn = QWheelEvent(
        middle,
        choice.mapToGlobal(middle),
        QPoint(0, -120),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(choice, turn)
    assert choice.currentText() == "Lower is better"


def test_unit_and_format_are_two_inputs_of_one_field(area: PanelArea) -> None:
    measure = details(area, "1/1a/i")
    type_words(field(area, "measure.unit", column="unit").input, "women")
    type_words(field(area, "measure.unit", column="value_format").input, "%")
    area.flush()
    assert (measure.unit, measure.value_format) == ("women", "%")


def test_amber_is_said_in_percent_of_the_target(area: PanelArea) -> None:
    plan: Any = show(area, "plan")
    amber = field(area, "plan.rag_rules")
    assert amber.input.value() == 10
    type_words(amber.input.lineEdit(), "15")
    area.flush()
    assert plan.rag_rules == {"amber_within": 15}


def test_a_rich_text_that_nobody_changed_is_never_written(area: PanelArea) -> None:
    measure = details(area, "1/1a/i")
    odd = "* a\n* b\n\n\n1) x"
    set_field(area.context.editor, measure, "definition", odd)
    definition = field(area, "measure.definition")
    definition.input.area.setFocus()
    press(definition.input.area, Qt.Key.Key_Right)
    area.flush()
    assert measure.definition == odd


def test_an_update_is_moved_to_another_round(area: PanelArea) -> None:
    update: Any = show(area, "1/1a/updates/#2")
    panel: Any = area.panel
    panel.more_button.click()
    press(field(area, "update.round_id").input, Qt.Key.Key_Up)
    assert update.round.name == "End of year 2016–17"


def test_fields_grow_with_the_text_size(area: PanelArea, appearance: Any, qtbot: QtBot) -> None:
    details(area, "1/1a/i")
    title = field(area, "measure.title").input
    before = title.height()
    appearance.apply("light", 200)
    qtbot.waitUntil(lambda: title.height() > 1.5 * before)


def test_amber_as_the_plan_says_it_marks_the_measures(area: PanelArea) -> None:
    editor = area.context.editor
    measure: Any = row_at(editor.session, "1/1a/i")
    said = (("actual", "115"), ("target", "100"), ("baseline", "1"))
    for row, (kind, value) in zip(measure.observations, said, strict=True):
        set_field(editor, row, "area", "City")
        set_field(editor, row, "kind", kind)
        set_field(editor, row, "value", {"value": value, "words": None})
    assert marks_of(area) == {measure.id: "red"}
    show(area, "plan")
    type_words(field(area, "plan.rag_rules").input.lineEdit(), "15")
    area.flush()
    assert marks_of(area) == {measure.id: "amber"}


def marks_of(area: PanelArea) -> dict[str, str]:
    database: Any = area.context.editor.session.connection().connection.driver_connection
    return measure_marks(database)
