"""A partner's window: the same application with only what is asked, how far it has come, and the way back."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from cypp_desktop import settings as preferences
from cypp_desktop.command_line.main import wants_window
from cypp_desktop.merge.gates.receiving import receive
from cypp_desktop.merge.model import Received
from cypp_desktop.plan.model import Action, Measure, Observation, Organisation, Outcome, Plan, Update
from cypp_desktop.settings import Settings
from cypp_desktop.store.commands import set_field
from cypp_desktop.store.plan_file import OpenPlan
from cypp_desktop.ui.returns.page import ReturnsPage
from cypp_desktop.ui.returns.return_bar import ReturnBar
from cypp_desktop.ui.theme import Theme
from cypp_desktop.ui.window_parts import RailPage, WindowServices
from tests.ui.returns_plan import CCG, FEEDING, NOTE, SMOKING, measure_id, window_on, write_return
from tests.ui.scripted import nameless, unreachable
from tests.ui.simple_parts import opened

Make = Callable[..., Any]


@pytest.fixture
def sent(tmp_path: Path) -> Path:
    """A return for the CCG, beside the plan."""
    return write_return(tmp_path, due="2030-06-15", covering_note=NOTE)


@pytest.fixture
def window(make_window: Make, qtbot: QtBot, sent: Path) -> Any:
    return window_on(make_window, qtbot, sent, settings=Settings(author="Pat"))


def bar(window: Any) -> ReturnBar:
    assert isinstance(window.return_bar, ReturnBar)
    return window.return_bar


def shown_rows(window: Any) -> list[str]:
    """The codes and titles of the tree."""
    model = window.tree.model
    return [model.data(model.index_of(node)) for node in model.root.below() if model.is_shown(node)]


def state_in_tree(window: Any, title: str) -> str:
    node = next(node for node in window.tree.model.root.below() if node.title == title)
    return str(node.update_state)


def row(window: Any, cls: type[Any], **said: Any) -> Any:
    statement = select(cls).where(*(getattr(cls, name) == value for name, value in said.items()))
    return window.document.editor.session.scalars(statement).first()


def panel_on(window: Any, cls: type[Any], page: str | None = None, **said: Any) -> Any:
    """The panel of a row, on one of its pages."""
    found = row(window, cls, **said)
    window.go_to(found.row_type, found.id)
    panel = window.panels.panel
    if page is not None:
        panel.pages.turn_to(page)
    return panel


def write_update(window: Any, text: str, **said: Any) -> None:
    """Type this round's update of a measure."""
    page = panel_on(window, Measure, "update", **said).pages.page("update")
    area = page.editors[0].text.input.area
    area.setFocus()
    QTest.keyClicks(area, text)
    window.panels.commit()


# ------------------------------------------------------------------ what is shown


def test_it_shows_who_asks_until_when_and_what_for(window: Any) -> None:
    said = bar(window)
    assert said.whom.text() == f"For {CCG}, asked by Ann · End of year"
    assert said.when.text().startswith("due 15 June 2030 (")
    assert said.note.markdown() == NOTE and said.note.isVisible() and said.note.is_read_only()
    assert said.guidance.isVisible()
    assert said.count.text() == "0 of 2 done"


def test_the_tree_holds_only_what_is_asked_in_the_plans_order(window: Any) -> None:
    assert shown_rows(window) == [
        "About this plan",
        "1  Health",
        "1a  Healthy babies",
        f"i  {SMOKING}",
        f"ii  {FEEDING}",
    ]
    assert state_in_tree(window, SMOKING) == "to do"


def test_the_rows_are_the_same_before_and_after_the_editor_is_loaded(
    make_window: Make, qtbot: QtBot, sent: Path
) -> None:
    window = make_window(real=True)
    early: list[list[str]] = []
    window.outline_shown.connect(lambda: early.append(shown_rows(window)))
    opened(qtbot, window, sent)
    assert early == [shown_rows(window)]


def test_it_begins_at_the_first_measure_that_is_to_do(window: Any) -> None:
    assert window.tree.selected_row() == ("measure", measure_id(window.document.plan, SMOKING))


def test_last_rounds_text_stands_under_this_rounds_and_can_be_brought_down(window: Any, qtbot: QtBot) -> None:
    page = panel_on(window, Measure, "update", title=SMOKING).pages.page("update")
    assert page.last.isVisible() and "Mid-year" in page.last.heading.text()
    assert not page.chooser.isVisible(), "one round is asked for"
    page.bring_button.click()
    assert page.editors[0].text.input.markdown() == "- Fewer smoke\n- More feed"
    qtbot.waitUntil(lambda: bar(window).count.text() == "1 of 2 done")


def test_what_is_done_is_counted_and_marked_as_it_is_written(window: Any, qtbot: QtBot) -> None:
    write_update(window, "Fewer smoke", title=SMOKING)
    qtbot.waitUntil(lambda: bar(window).count.text() == "1 of 2 done")
    assert (state_in_tree(window, SMOKING), state_in_tree(window, FEEDING)) == ("done", "to do")
    window.menus.actions["undo"].trigger()
    qtbot.waitUntil(lambda: bar(window).count.text() == "0 of 2 done")
    assert state_in_tree(window, SMOKING) == "to do"


def test_what_is_to_do_can_be_filtered_and_is_read_out(window: Any) -> None:
    write_update(window, "Fewer smoke", title=SMOKING)
    window.tree.set_filter("", "to do")
    assert shown_rows(window)[-1] == f"ii  {FEEDING}" and f"i  {SMOKING}" not in shown_rows(window)
    model = window.tree.model
    spoken = model.data(model.index_of(model.node(measure_id(window.document.plan, FEEDING))),
                        Qt.ItemDataRole.AccessibleTextRole)  # fmt: skip
    assert spoken.endswith("to do")


def test_next_to_do_goes_round_what_is_left(window: Any) -> None:
    bar(window).next.click()
    assert window.tree.selected_row() == ("measure", measure_id(window.document.plan, FEEDING))
    bar(window).next.click()
    assert window.tree.selected_row() == ("measure", measure_id(window.document.plan, SMOKING))
    write_update(window, "Done", title=SMOKING)
    write_update(window, "Done", title=FEEDING)
    bar(window).refresh()
    assert not bar(window).next.isEnabled() and bar(window).count.text() == "2 of 2 done"


def test_the_words_over_the_return_can_be_put_away(window: Any) -> None:
    bar(window).words.click()
    assert not bar(window).note.isVisible() and not bar(window).guidance.isVisible()
    assert bar(window).finish.isVisible()


# ------------------------------------------------------------------ what may be edited


def test_what_is_asked_is_edited_and_what_it_stands_in_is_only_read(window: Any) -> None:
    assert not panel_on(window, Measure, title=SMOKING).title.input.isReadOnly()
    panel = panel_on(window, Outcome, code="1a")
    assert panel.title.input.isReadOnly() and panel.code.input.isReadOnly()
    actions = panel.pages.turn_to("actions")
    assert not actions._buttons["add"].isEnabled(), "the outcome is not asked for"
    assert not actions.fields.text.input.is_read_only(), "this action of it is"


def test_working_notes_and_keys_are_not_shown_and_come_back_with_a_plan(
    window: Any, qtbot: QtBot, tmp_path: Path
) -> None:
    def offered(panel: Any) -> set[str]:
        details = panel.pages.turn_to("details")
        return {part.property("field") for part in details.widgets if part.isVisibleTo(details)}

    in_return = offered(panel_on(window, Measure, title=SMOKING))
    assert "measure.definition" in in_return
    assert not {"measure.note", "measure.key"} & in_return
    opened(qtbot, window, tmp_path / "Anytown.cypp")
    in_plan = offered(panel_on(window, Measure, title=SMOKING))
    assert {"measure.note", "measure.key"} <= in_plan


def test_values_are_added_and_deleted_but_not_moved(window: Any) -> None:
    page = panel_on(window, Measure, "values", title=SMOKING).pages.page("values")
    page.table.setCurrentIndex(page.table.values.index(1, 0))
    on = {name: button.isEnabled() for name, button in page.buttons.items()}
    assert on == {"add": True, "delete": True, "up": False, "down": False}
    before = [each.sort_key for each in window.document.editor.session.scalars(select(Observation))]
    page.move_values(-1)
    assert [e.sort_key for e in window.document.editor.session.scalars(select(Observation))] == before


def test_an_action_that_was_sent_stays_and_one_made_here_can_go(window: Any) -> None:
    page = panel_on(window, Measure, "actions", title=SMOKING).pages.page("actions")
    assert {name: button.isEnabled() for name, button in page._buttons.items()} == {
        "add": True, "copy": False, "delete": False, "up": False, "down": False,
    }  # fmt: skip
    page._buttons["add"].click()
    assert page._buttons["delete"].isEnabled()
    QTest.keyClick(page.table, Qt.Key.Key_Delete)
    assert row(window, Action, number="1") is not None
    page.choose(row(window, Action, number="1").id)
    QTest.keyClick(page.table, Qt.Key.Key_Delete)
    assert row(window, Action, number="1") is not None, "the key does no more than the button"


def test_lists_of_the_plan_itself_are_only_read_by_button_and_by_key(window: Any) -> None:
    plan = window.document.editor.session.scalars(select(Plan)).one()
    window.go_to("plan", plan.id)
    columns = next(p for p in window.panels.panel.widgets if p.property("field") == "plan.notes")
    assert not any(button.isEnabled() for button in columns._buttons.values())
    before = window.document.undo_name
    for key in (Qt.Key.Key_Insert, Qt.Key.Key_Delete):
        QTest.keyClick(columns.input, key)
    window.panels.commit()
    assert window.document.undo_name == before


def test_an_organisation_of_the_plan_is_only_read(window: Any) -> None:
    organisation = row(window, Organisation, name=CCG)
    window.go_to("organisation", organisation.id)
    name = window.panels.panel.widgets[0]
    assert name.property("field") == "organisation.name" and name.input.isReadOnly()


def test_nothing_that_the_window_lets_a_partner_edit_is_outside_what_was_asked(
    window: Any, sent: Path, tmp_path: Path
) -> None:
    write_update(window, "- Fewer smoke", title=SMOKING)
    details = panel_on(window, Measure, title=FEEDING).pages.turn_to("details")
    set_field(window.document.editor, row(window, Measure, title=FEEDING), "definition", "At 6-8 weeks")
    page = panel_on(window, Measure, "values", title=SMOKING).pages.page("values")
    page.add_value()
    actions = panel_on(window, Measure, "actions", title=SMOKING).pages.page("actions")
    actions.add_row()
    panel_on(window, Measure, "update", title=SMOKING).pages.page("update").add_update()
    assert details is not None
    window.menus.actions["finish"].trigger()
    with OpenPlan.open(tmp_path / "Anytown.cypp", author="Ann") as plan:
        (answer,) = receive([sent], plan, plan.working.data)
    assert isinstance(answer, Received), answer
    assert answer.changes and not answer.outside and not answer.altered


# ------------------------------------------------------------------ what is offered


def test_commands_of_a_whole_plan_are_not_offered(window: Any) -> None:
    shown = {name for name, action in window.menus.actions.items() if action.isVisible()}
    assert not {"new", "import", "history", "page:returns", "page:history"} & shown
    assert {"open", "save", "save as", "finish", "undo", "page:print"} <= shown
    assert not window.menus.menus["Re&turns"].menuAction().isVisible()
    rows = window.tree.actions_of_rows.named
    assert {name for name, action in rows.items() if action.isVisible()} == {"copy", "open all", "close all"}
    assert not window.tree.add_bar.isVisible()
    assert not window.rail.buttons["returns"].isVisible()


def test_no_key_makes_moves_or_deletes_a_row_of_the_tree(window: Any) -> None:
    window.tree.focus_rows()
    before = shown_rows(window)
    for key, modifier in (
        (Qt.Key.Key_Delete, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_Insert, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier),
        (Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier),
        (Qt.Key.Key_F2, Qt.KeyboardModifier.NoModifier),
    ):
        QTest.keyClick(window.tree.rows, key, modifier)
    assert shown_rows(window) == before
    assert window.document.undo_name is None


def test_a_plan_opened_in_the_same_window_has_everything_again(
    window: Any, qtbot: QtBot, tmp_path: Path
) -> None:
    opened(qtbot, window, tmp_path / "Anytown.cypp")
    assert not bar(window).isVisible()
    shown = {name for name, action in window.menus.actions.items() if action.isVisible()}
    assert {"new", "import", "history", "page:returns"} <= shown and "finish" not in shown
    assert window.tree.add_bar.isVisible()
    assert window.rail.buttons["returns"].isVisible()
    assert "2  Safeguarding" in shown_rows(window)


def test_when_the_return_is_closed_the_start_page_offers_what_it_always_does(window: Any) -> None:
    window.menus.actions["close"].trigger()
    assert window.menus.actions["new"].isVisible()
    assert not bar(window).isVisible()


# ------------------------------------------------------------------ the way back


def test_finish_saves_says_where_the_file_is_and_to_whom_it_goes(
    window: Any, qtbot: QtBot, sent: Path
) -> None:
    write_update(window, "Fewer smoke", title=SMOKING)
    write_update(window, "More feed", title=FEEDING)
    bar(window).finish.click()
    said = window.banners.messages()["finished"]
    assert said.kind == "done"
    assert said.text == f"Saved for return: “{sent.name}” in {sent.parent}. Now send this file back to Ann."
    said.buttons["Open the folder"].click()
    assert window.dialogs.asked == [f"Show {sent.parent}"]
    with OpenPlan.open(sent, read_only=True) as plan:
        assert plan.editor.meta("finished_at")
        assert "Fewer smoke" in [text.strip() for text in plan.editor.session.scalars(select(Update.text))]


def test_finish_keeps_what_is_just_being_typed(window: Any, sent: Path) -> None:
    page = panel_on(window, Measure, "update", title=SMOKING).pages.page("update")
    QTest.keyClicks(page.editors[0].text.input.area, "The last words")
    window.menus.actions["finish"].trigger()
    with OpenPlan.open(sent, read_only=True) as plan:
        assert "The last words" in plan.editor.session.scalars(select(Update.text)).all()


def test_finishing_too_early_says_what_is_left(window: Any) -> None:
    write_update(window, "Fewer smoke", title=SMOKING)
    bar(window).finish.click()
    said = window.banners.messages()["finished"]
    assert said.kind == "warning" and "1 of 2 is still to do" in said.text


def test_a_file_that_cannot_be_written_is_said_and_nothing_is_lost(
    window: Any, sent: Path, tmp_path: Path
) -> None:
    write_update(window, "Fewer smoke", title=SMOKING)
    sent.unlink()
    sent.mkdir()
    bar(window).finish.click()
    assert window.banners.messages()["publish"].kind == "problem"
    assert "finished" not in window.banners.messages()
    assert row(window, Update, text="Fewer smoke") is not None
    window.dialogs.answers = ["keep"]
    window.menus.actions["close"].trigger()


def test_saved_under_another_name_it_stays_a_return(
    window: Any, qtbot: QtBot, tmp_path: Path, sent: Path
) -> None:
    window.dialogs.answers = [tmp_path / "Mine.cypp-return"]
    window.menus.actions["save as"].trigger()
    assert window.dialogs.suggested == [(sent, "Returns (*.cypp-return)")]
    assert window.document.path == tmp_path / "Mine.cypp-return"
    assert bar(window).isVisible()


# ------------------------------------------------------------------ how it is opened


def test_it_is_opened_from_the_command_line_and_stands_among_the_recent_files(
    window: Any, sent: Path
) -> None:
    assert wants_window([str(sent)])
    assert window.settings.recent_files[0] == str(sent)


def test_it_is_opened_again_where_the_partner_left_off(
    window: Any, make_window: Make, qtbot: QtBot, sent: Path
) -> None:
    bar(window).next.click()
    window.menus.actions["close"].trigger()
    window.services.keep_settings()
    again = window_on(make_window, qtbot, sent, settings=preferences.load())
    assert again.tree.selected_row() == ("measure", measure_id(again.document.plan, FEEDING))


def drop(window: Any, *paths: Path) -> bool:
    """Drop files on the window; whether it would take them."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    action, buttons = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    keys = Qt.KeyboardModifier.NoModifier
    over = QDragEnterEvent(QPointF(5, 5), action, data, buttons, keys)
    over.ignore()
    QApplication.sendEvent(window, over)
    if over.isAccepted():
        QApplication.sendEvent(window, QDropEvent(QPointF(5, 5), action, data, buttons, keys))
    return over.isAccepted()


def test_dropped_on_the_window_it_is_opened(make_window: Make, qtbot: QtBot, sent: Path) -> None:
    window = make_window(real=True)
    with qtbot.waitSignal(window.opening_ended, timeout=20_000):
        assert drop(window, sent)
    assert bar(window).isVisible()
    assert not drop(window, sent.with_suffix(".docx"))


def test_dropped_on_the_plan_that_sent_it_it_is_taken_in(
    make_window: Make, qtbot: QtBot, sent: Path, tmp_path: Path
) -> None:
    taken: list[list[Path]] = []

    def place(services: WindowServices) -> ReturnsPage:
        return ReturnsPage(services, lambda services, paths: taken.append(paths))

    window = make_window(pages=[RailPage(key="returns", label="Returns", sign="upload", make=place)])
    opened(qtbot, window, tmp_path / "Anytown.cypp")
    assert drop(window, sent)
    qtbot.waitUntil(lambda: taken == [[sent]])
    assert window.document.path == tmp_path / "Anytown.cypp"


# ------------------------------------------------------------------ for everyone


def test_every_control_has_a_name_and_tab_comes_to_it(window: Any, appearance: Theme) -> None:
    for theme, percent in (("light", 100), ("dark", 200)):
        appearance.apply(theme, percent)
        assert nameless(window) == []
        assert unreachable(window) == []


def test_f6_comes_to_what_stands_over_the_return(window: Any) -> None:
    window.tree.focus_rows()
    for _ in range(8):
        window.next_pane()
        now = window.focusWidget()
        if now is not None and bar(window).isAncestorOf(now):
            return
    raise AssertionError("F6 never came to the bar")


@pytest.mark.parametrize("scope", ["nonsense", "[1]", '{"measures": 3, "outcomes": [7]}', ""])
def test_a_return_that_says_nothing_sensible_of_what_it_asks_asks_for_nothing(
    make_window: Make, qtbot: QtBot, sent: Path, scope: str
) -> None:
    with closing(sqlite3.connect(sent)) as db:
        db.execute("UPDATE meta SET value = ? WHERE key = 'scope'", (scope,))
        db.commit()
    window = window_on(make_window, qtbot, sent)
    assert shown_rows(window) == ["About this plan"]
    assert bar(window).count.text() == "0 of 0 done"


def test_a_return_without_a_note_or_a_day_says_so(make_window: Make, qtbot: QtBot, tmp_path: Path) -> None:
    window = window_on(make_window, qtbot, write_return(tmp_path))
    assert bar(window).when.text() == "no due date"
    assert not bar(window).note.isVisible()


def test_a_heading_over_nothing_that_a_partner_sees_is_not_shown(window: Any) -> None:
    from cypp_desktop.ui.panels.row_widget import PanelHeading

    panel = panel_on(window, Plan)
    headings = {heading.text(): heading.isVisibleTo(panel) for heading in panel.findChildren(PanelHeading)}
    assert headings["What this plan calls its levels"]
    assert not headings["Printing and judging"]
    assert not any(
        part.isVisibleTo(panel) for part in panel.widgets if part.property("field") == "plan.notes"
    )
