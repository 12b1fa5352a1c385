"""Find: typing in the find box lists places, keys move and open, and the plan shows the words found."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QTextEdit
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from cypp_desktop.exchange.plan_json import load_plan
from cypp_desktop.plan.model import Measure
from cypp_desktop.plan.search import Query, Snippet, search
from cypp_desktop.store.commands import delete_rows, set_field
from cypp_desktop.store.plan_file import OpenPlan
from cypp_desktop.ui.find import panel as find_panel
from cypp_desktop.ui.find.results import ResultsModel, fitted
from cypp_desktop.ui.theme import Theme
from tests.store.plans import SMALL
from tests.ui.scripted import nameless, unreachable
from tests.ui.simple_parts import opened

Make = Callable[..., Any]


@pytest.fixture
def window(make_window: Make, qtbot: QtBot, tmp_path: Path) -> Any:
    """The application's own window on the small plan."""
    path = tmp_path / "Anytown.cypp"
    with OpenPlan.create(path, author="Ann") as plan:
        load_plan(plan.editor, SMALL)
        plan.publish()
    window = make_window(real=True)
    opened(qtbot, window, path)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


def measure(window: Any, title: str) -> Measure:
    return window.document.editor.session.scalars(select(Measure).where(Measure.title == title)).one()


def find(qtbot: QtBot, window: Any, words: str) -> Any:
    """Type words into the find box and wait for what is found."""
    qtbot.keyClick(window.focusWidget() or window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(window.find_box, words)
    panel = window.stack.currentWidget()
    qtbot.waitUntil(lambda: not panel._timer.isActive() and not panel._outdated)
    return panel


def listed(panel: Any) -> list[str]:
    model = panel.model
    return [model.index(at).data(Qt.ItemDataRole.AccessibleTextRole) for at in range(model.rowCount())]


def key(qtbot: QtBot, name: Qt.Key) -> None:
    qtbot.keyClick(QApplication.focusWidget(), name)


# ------------------------------------------------------------------ typing and keys


def test_typing_in_the_find_box_lists_the_places(window: Any, qtbot: QtBot) -> None:
    panel = find(qtbot, window, "smok")
    assert listed(panel) == [
        "1 › 1a › i — Performance measure: i Smoking at delivery",
        "1 › 1a › i, ii — Update, Mid-year: Fewer smoke More feed",
    ]
    assert panel.count.text() == "2 places"
    assert QApplication.focusWidget() is window.find_box
    qtbot.keyClicks(window.find_box, "e more")
    qtbot.waitUntil(lambda: panel.model.rowCount() == 1)


def test_keys_in_the_find_box_move_in_the_list_and_enter_opens_the_place(window: Any, qtbot: QtBot) -> None:
    panel = find(qtbot, window, "smok")
    key(qtbot, Qt.Key.Key_Down)
    assert panel.list.currentIndex().row() == 1
    key(qtbot, Qt.Key.Key_Down)
    assert panel.list.currentIndex().row() == 1
    key(qtbot, Qt.Key.Key_Up)
    assert panel.list.currentIndex().row() == 0
    key(qtbot, Qt.Key.Key_Return)
    assert window.stack.currentWidget() is window.plan_page
    assert window.tree.selected_row() == ("measure", measure(window, "Smoking at delivery").id)
    assert isinstance(QApplication.focusWidget(), QPlainTextEdit)
    assert QApplication.focusWidget().textCursor().selectedText() == "Smok"


def test_a_text_found_is_shown_in_its_field_with_the_words_selected(window: Any, qtbot: QtBot) -> None:
    find(qtbot, window, "more feed")
    key(qtbot, Qt.Key.Key_Return)
    area = QApplication.focusWidget()
    assert isinstance(area, QTextEdit)
    assert area.textCursor().selectedText() == "More"
    page = window.panels.panel.pages.page("update")
    assert page.round.name == "Mid-year"  # the round in which it was written, not the current one


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ("midwives", "action.text"),
        ('"march 2017"', "action.due"),
        ("b. khan", "lead.organisation_id"),
        ("tbc", "update.text"),
        ("17 anytown actual", "observation.value"),
        ("babies are well", "priority.outcomes_sought"),
        ("introduction", "section.title"),
        ("do it", "recommendation.text"),
        ("read with care", "plan.notes"),
        ("31 october 2017", "round.due"),
        ("council ac", "organisation.name"),
    ],
)
def test_every_place_found_leads_to_its_field(window: Any, qtbot: QtBot, words: str, field: str) -> None:
    panel = find(qtbot, window, words)
    rows = [at for at, hit in enumerate(panel.model.hits) if hit.field == field]
    assert rows, listed(panel)
    panel.list.setCurrentIndex(panel.model.index(rows[0]))
    key(qtbot, Qt.Key.Key_Return)
    at = QApplication.focusWidget()
    while at is not None and field not in str(at.property("field") or "").split():
        at = at.parentWidget()
    assert at is not None, f"the cursor is in {QApplication.focusWidget()}"


def test_a_click_opens_a_place(window: Any, qtbot: QtBot) -> None:
    panel = find(qtbot, window, "obesity")
    box = panel.list.visualRect(panel.model.index(0))
    qtbot.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=box.center())
    assert window.tree.selected_row() == ("measure", measure(window, "Obesity, year 6").id)


def test_escape_goes_back_to_where_the_person_was(window: Any, qtbot: QtBot) -> None:
    window.go_to("measure", measure(window, "Obesity, year 6").id)
    window.panels.show_field("measure.title", measure(window, "Obesity, year 6").id)
    before = QApplication.focusWidget()
    find(qtbot, window, "smoking")
    key(qtbot, Qt.Key.Key_Escape)
    assert window.stack.currentWidget() is window.plan_page
    assert QApplication.focusWidget() is before
    panel = find(qtbot, window, "smoking")
    panel.list.setFocus()
    key(qtbot, Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is before


def test_up_from_the_first_place_goes_back_to_the_find_box(window: Any, qtbot: QtBot) -> None:
    panel = find(qtbot, window, "smok")
    panel.list.setFocus()
    key(qtbot, Qt.Key.Key_Down)
    key(qtbot, Qt.Key.Key_Up)
    assert QApplication.focusWidget() is panel.list
    key(qtbot, Qt.Key.Key_Up)
    assert QApplication.focusWidget() is window.find_box


def test_find_next_goes_from_place_to_place_without_the_list(window: Any, qtbot: QtBot) -> None:
    find(qtbot, window, "smok")
    key(qtbot, Qt.Key.Key_Return)
    qtbot.keyClick(window, Qt.Key.Key_F3)
    assert window.stack.currentWidget() is window.plan_page
    assert QApplication.focusWidget().textCursor().selectedText() == "smok"
    qtbot.keyClick(window, Qt.Key.Key_F3, Qt.KeyboardModifier.ShiftModifier)
    assert QApplication.focusWidget().textCursor().selectedText() == "Smok"
    qtbot.keyClick(window, Qt.Key.Key_F3, Qt.KeyboardModifier.ShiftModifier)
    assert window.stack.currentWidget() is not window.plan_page  # there is none before: the list shows


# ------------------------------------------------------------------ filters


def choose(combo: Any, words: str) -> None:
    combo.setCurrentIndex(combo.findText(words))


def test_by_lead_state_and_kind_of_text(window: Any, qtbot: QtBot) -> None:
    panel = find(qtbot, window, "anytown")
    choose(panel.lead, "Anytown CCG")
    choose(panel.what, "Values")
    assert {hit.field for hit in panel.model.hits} == {"observation.value"}
    panel.clear_button.click()
    assert (panel.query(), panel.model.rowCount(), window.find_box.text()) == (Query(), 0, "")
    choose(panel.state, "Placeholders")
    assert listed(panel) == ["1 › 1a › iii — Performance measure: iii Placeholder for a third measure"]
    choose(panel.state, "Red")
    assert listed(panel) == ["1 › 1a › i — Performance measure: i Smoking at delivery"]
    choose(panel.state, "Update draft")
    assert panel.count.text() == "1 place"


def test_who_leads_something_can_be_chosen_also_when_that_changes(window: Any, qtbot: QtBot) -> None:
    panel = find(qtbot, window, "smoking")
    names = [panel.lead.itemText(at) for at in range(panel.lead.count())]
    assert names == [
        "Any lead", "", "Anytown CCG", "Anytown Council", "", "A. Jones", "B. Khan", "Director of Health",
    ]  # fmt: skip
    choose(panel.lead, "B. Khan")
    delete_rows(window.document.editor, [measure(window, "Smoking at delivery").leads[0]])
    qtbot.waitUntil(lambda: panel.lead.findText("B. Khan") < 0)
    assert panel.lead.currentText() == "Any lead"


def test_nothing_found_is_said_and_so_is_nothing_asked(window: Any, qtbot: QtBot) -> None:
    panel = find(qtbot, window, "quixotic")
    assert panel._hint.text() == "“quixotic” is nowhere in this plan."
    assert panel._hint.isVisible()
    choose(panel.state, "Red")
    assert panel._hint.text() == "“quixotic” is nowhere in what is chosen above."
    panel.clear_button.click()
    assert panel._hint.text().startswith("Type words")


# ------------------------------------------------------------------ the plan changes


def test_the_list_follows_edits_and_undo(window: Any, qtbot: QtBot) -> None:
    panel = find(qtbot, window, "smok")
    panel.list.setCurrentIndex(panel.model.index(1))
    set_field(window.document.editor, measure(window, "Obesity, year 6"), "title", "Smoking, year 6")
    qtbot.waitUntil(lambda: panel.model.rowCount() == 3)
    assert panel.model.hits[panel.list.currentIndex().row()].field == "update.text"  # still the same one
    window.menus.actions["undo"].trigger()
    qtbot.waitUntil(lambda: panel.model.rowCount() == 2)


def test_a_list_that_was_not_seen_is_brought_up_to_date_when_it_is(window: Any, qtbot: QtBot) -> None:
    panel = find(qtbot, window, "obesity")
    key(qtbot, Qt.Key.Key_Return)
    delete_rows(window.document.editor, [measure(window, "Obesity, year 6")])
    assert panel.model.rowCount() == 1
    window.find_box.setFocus()
    key(qtbot, Qt.Key.Key_Return)
    assert panel.model.rowCount() == 0


def test_closing_the_plan_empties_the_list(window: Any, qtbot: QtBot) -> None:
    panel = find(qtbot, window, "smok")
    document = window.document
    window.release_document()
    assert panel.model.rowCount() == 0
    assert not window.find_box.isVisible()
    document.discard()


def test_a_large_plan_is_read_off_the_main_thread_and_changes_meanwhile_are_heard(
    window: Any, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(find_panel, "LARGE", 0)
    titles: list[str] = []

    def edit(task: Any) -> None:
        titles.append(task.title)
        set_field(window.document.editor, measure(window, "Obesity, year 6"), "title", "Smoking, year 6")

    window.tasks.started.connect(edit)
    panel = find(qtbot, window, "smok")
    qtbot.waitUntil(lambda: panel.model.rowCount() == 3)
    assert titles == ["Reading the plan for Find"]
    assert not window.tasks.running


# ------------------------------------------------------------------ how it looks


def test_the_list_can_be_used_by_ear_and_by_keyboard(window: Any, qtbot: QtBot) -> None:
    find(qtbot, window, "smok")
    assert nameless(window) == []
    assert unreachable(window) == []


def test_the_model_keeps_qts_rules(window: Any, qtbot: QtBot) -> None:
    import contextlib

    from cypp_desktop.store.disk import connect

    model = ResultsModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    with contextlib.closing(connect(window.document.working_path)) as db:
        model.show_hits(search(db, Query("a")))
    assert model.rowCount() > 3
    model.show_hits([])
    del tester


def test_what_was_found_is_in_sight_in_a_narrow_list(qtbot: QtBot) -> None:
    box = QLineEdit()
    qtbot.addWidget(box)
    metrics = QFontMetrics(box.font())
    text = "some words come first and then the needle, followed by more and more words than fit"
    start = text.index("needle")
    width = metrics.horizontalAdvance("x" * 30)
    shown, ranges = fitted(Snippet(text, [(start, start + 6)]), metrics, width)
    assert [shown[a:b] for a, b in ranges] == ["needle"]
    assert shown.startswith("…") and shown.endswith("…")
    assert metrics.horizontalAdvance(shown) <= width
    assert fitted(Snippet("short needle", [(6, 12)]), metrics, 10_000) == ("short needle", [(6, 12)])


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_what_was_found_is_marked_by_more_than_colour(
    window: Any, qtbot: QtBot, appearance: Theme, mode: str
) -> None:
    appearance.apply(mode, 100)
    panel = find(qtbot, window, "smoking")
    panel.list.setCurrentIndex(panel.model.index(-1, 0))
    picture = panel.list.grab().toImage()
    panel.model._shown[0] = (panel.model.shown(0)[0], Snippet(panel.model.shown(0)[1].text, []))
    panel.list.viewport().update()
    assert panel.list.grab().toImage() != picture
