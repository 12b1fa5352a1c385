"""The issue desk asks the organisations chosen, for what they lead or what is chosen for them, in one go."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from cypp_desktop.plan.model import IssuedReturn, Measure, Organisation
from cypp_desktop.store.commands import delete_rows
from cypp_desktop.store.plan_file import OpenPlan
from cypp_desktop.ui.returns.issue_desk import NOT_A_DAY, IssueDesk
from cypp_desktop.ui.returns.measure_chooser import MeasureChooser
from cypp_desktop.ui.theme import Theme
from tests.ui.returns_plan import CCG, COUNCIL, NOTE, OBESITY, POLICE, SMOKING, window_on, write_plan
from tests.ui.scripted import nameless, unreachable

Make = Callable[..., Any]


@pytest.fixture
def plan_path(tmp_path: Path) -> Path:
    return write_plan(tmp_path / "Anytown.cypp")


@pytest.fixture
def window(make_window: Make, qtbot: QtBot, plan_path: Path) -> Any:
    return window_on(make_window, qtbot, plan_path)


@pytest.fixture
def desk(window: Any, qtbot: QtBot) -> IssueDesk:
    """The desk as the menu brings it up, with what it has read of the plan."""
    window.menus.actions["send returns"].trigger()
    found: IssueDesk = window.stack.currentWidget().desk
    assert found.isVisible()
    qtbot.waitUntil(lambda: found.list.topLevelItemCount() == 3)
    return found


def lines(desk: IssueDesk) -> dict[str, list[str]]:
    """What the list says: organisation to the words of the other columns."""
    return {item.text(0): [item.text(1), item.text(2), item.text(3)] for item in desk.list._items()}


def current(desk: IssueDesk, name: str) -> None:
    item = next(item for item in desk.list._items() if item.text(0) == name)
    desk.list.setCurrentItem(item)


def issued(window: Any) -> list[IssuedReturn]:
    session = window.document.editor.session
    return list(session.scalars(select(IssuedReturn).order_by(IssuedReturn.sort_key)))


def write(qtbot: QtBot, desk: IssueDesk) -> None:
    with qtbot.waitSignal(desk._writer.ended, timeout=20_000):
        desk.send.click()


def test_it_lists_who_leads_what_and_then_the_others(desk: IssueDesk) -> None:
    assert list(lines(desk)) == [CCG, COUNCIL, POLICE] or list(lines(desk)) == [COUNCIL, CCG, POLICE]
    assert lines(desk)[CCG] == ["2 measures and 1 action", "0 of 2 measures", ""]
    assert lines(desk)[COUNCIL] == ["1 measure", "0 of 1 measure", ""]
    assert "leads nothing" in lines(desk)[POLICE][0]


def test_those_that_lead_something_are_ticked_at_first_and_the_button_counts_them(desk: IssueDesk) -> None:
    assert desk.send.text() == "&Write 2 returns"
    desk.tick_none.click()
    assert not desk.send.isEnabled()
    assert desk.state.text() == "Tick the organisations to ask."
    desk.tick_all.click()
    assert len(desk.list.ticked()) == 2, "nobody is asked for nothing"


def test_a_tick_is_set_and_taken_away_from_the_keyboard(desk: IssueDesk) -> None:
    desk.list.setFocus()
    desk.list.setCurrentItem(desk.list._items()[0])
    QTest.keyClick(desk.list, Qt.Key.Key_Space)
    assert len(desk.list.ticked()) == 1


def test_an_organisation_opens_to_show_the_rows_it_would_be_asked_for(desk: IssueDesk) -> None:
    item = next(item for item in desk.list._items() if item.text(0) == CCG)
    item.setExpanded(True)
    said = [(item.child(at).text(0), item.child(at).text(1)) for at in range(item.childCount())]
    assert said[0] == (f"1a i {SMOKING}", "Measure")
    assert said[-1] == ("1 Train midwives", "Action")


def test_the_round_being_written_is_asked_for_with_its_own_due_date(desk: IssueDesk) -> None:
    assert desk.round_box.currentText() == "End of year"
    assert (desk.due.text(), desk.due_day) == ("15 June 2018", "2018-06-15")


def test_another_round_brings_its_own_due_date_unless_one_was_typed(desk: IssueDesk, qtbot: QtBot) -> None:
    desk.round_box.setCurrentIndex(desk.round_box.findText("Mid-year"))
    desk.round_box.activated.emit(0)
    qtbot.waitUntil(lambda: desk.due.text() == "31 October 2017")
    assert lines(desk)[CCG][1] == "2 of 2 measures", "what was written in that round"
    QTest.keyClicks(desk.due, " 2019")
    desk.due.setText("")
    QTest.keyClicks(desk.due, "1 May 2018")
    desk.round_box.setCurrentIndex(desk.round_box.findText("End of year"))
    desk.round_box.activated.emit(0)
    qtbot.waitUntil(lambda: lines(desk)[CCG][1] == "0 of 2 measures")
    assert desk.due.text() == "1 May 2018"


def test_it_says_how_the_due_date_was_understood_and_refuses_words_that_are_no_day(desk: IssueDesk) -> None:
    desk.due.clear()
    QTest.keyClicks(desk.due, "end of May 2031")
    assert desk.understood.text() == "Understood as: 31 May 2031"
    QTest.keyClick(desk.due, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(desk.due, "31 May 2011")
    assert desk.understood.text() == "Understood as: 31 May 2011, which is past"
    QTest.keyClicks(desk.due, " or so, perhaps")
    assert desk.understood.text() == NOT_A_DAY
    assert not desk.send.isEnabled()
    desk.due.clear()
    desk.due.textEdited.emit("")
    assert desk.send.isEnabled()


def test_a_file_is_written_for_each_and_the_plan_remembers_all_of_it(
    window: Any, desk: IssueDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = tmp_path / "To send"
    desk.folder.setText(str(folder))
    desk.note.set_markdown(NOTE)
    write(qtbot, desk)
    assert sorted(path.name for path in folder.iterdir()) == [
        "Anytown - AC.cypp-return",
        "Anytown - Anytown CCG.cypp-return",
    ]
    assert {row.covering_note for row in issued(window)} == {NOTE}
    assert {row.due for row in issued(window)} == {"2018-06-15"}
    assert window.document.undo_name == "Send a return out"
    said = window.banners.messages()["returns written"]
    assert said.kind == "done" and "2 returns are written to" in said.text
    said.buttons["Open the folder"].click()
    assert window.dialogs.asked == [f"Show {folder}"]


def test_whoever_got_a_file_is_no_longer_ticked_and_the_list_says_when_it_was_sent(
    desk: IssueDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    desk.folder.setText(str(tmp_path / "out"))
    write(qtbot, desk)
    assert desk.list.ticked() == set()
    qtbot.waitUntil(lambda: "sent" in lines(desk)[CCG][2])
    assert lines(desk)[POLICE][2] == ""


def test_only_measures_chosen_are_asked_for_whoever_leads_them(
    window: Any, desk: IssueDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    def choose(dialog: Any) -> bool:
        assert isinstance(dialog, MeasureChooser)
        assert not dialog.take.isEnabled(), "nothing is chosen for the police yet"
        dialog.box.setText("obes")
        (item,) = [item for item in dialog._items() if not item.isHidden()]
        assert item.text() == f"1b i {OBESITY}"
        item.setCheckState(Qt.CheckState.Checked)
        return dialog.take.isEnabled()

    window.dialogs.answers = [choose]
    desk.tick_none.click()
    current(desk, POLICE)
    QTest.keyClick(desk.list, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: lines(desk)[POLICE][0] == "1 measure, chosen")
    assert desk.send.text() == "&Write 1 return"
    desk.folder.setText(str(tmp_path / "out"))
    write(qtbot, desk)
    (row,) = issued(window)
    asked = [window.document.editor.find(Measure, id_).title for id_ in row.scope["measures"]]
    assert asked == [OBESITY]


def test_choosing_can_be_taken_back(window: Any, desk: IssueDesk, qtbot: QtBot) -> None:
    def choose(dialog: Any) -> bool:
        dialog._items()[0].setCheckState(Qt.CheckState.Unchecked)
        return True

    window.dialogs.answers = [choose]
    current(desk, CCG)
    assert not desk.as_led.isEnabled()
    desk.choose.click()
    qtbot.waitUntil(lambda: "chosen" in lines(desk)[CCG][0])
    desk.as_led.click()
    qtbot.waitUntil(lambda: lines(desk)[CCG][0] == "2 measures and 1 action")


def test_a_folder_is_chosen_by_dialog_and_the_first_one_lies_beside_the_plan(
    window: Any, desk: IssueDesk, plan_path: Path, tmp_path: Path
) -> None:
    assert Path(desk.folder.text()) == plan_path.parent / "Returns"
    window.dialogs.answers = [tmp_path / "elsewhere"]
    desk.browse.click()
    assert Path(desk.folder.text()) == tmp_path / "elsewhere"


def test_a_folder_that_cannot_be_used_is_said_and_the_plan_remembers_nothing(
    window: Any, desk: IssueDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "a file").write_text("in the way")
    desk.folder.setText(str(tmp_path / "a file" / "below"))
    write(qtbot, desk)
    assert window.banners.messages()["returns written"].kind == "problem"
    assert issued(window) == []
    assert len(desk.list.ticked()) == 2, "to be tried again elsewhere"


def test_one_that_cannot_be_written_does_not_keep_the_others_from_theirs(
    window: Any, desk: IssueDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    editor = window.document.editor
    gone = editor.session.scalars(select(Organisation).where(Organisation.name == COUNCIL)).one()
    desk.folder.setText(str(tmp_path / "out"))
    desk._reader.pause = 10_000  # the list still shows what was there before
    with editor.step("Take the council out"):
        for lead in list(gone.leads):
            editor.session.delete(lead)
    write(qtbot, desk)
    said = window.banners.messages()["returns written"]
    assert said.kind == "problem"
    assert "1 return is written" in said.text and f"{COUNCIL}: This organisation leads nothing" in said.text


def test_stopped_between_two_it_says_how_many_are_left(
    window: Any, desk: IssueDesk, qtbot: QtBot, tmp_path: Path
) -> None:
    desk.folder.setText(str(tmp_path / "out"))
    with qtbot.waitSignal(desk._writer.ended, timeout=20_000):
        desk.send.click()
        desk.stop.click()
    assert issued(window) == []
    assert "2 organisations got no file" in window.banners.messages()["returns written"].text
    window.tasks._pool.waitForDone()
    assert not list((tmp_path / "out").iterdir())


def test_closing_the_plan_while_returns_are_written_leaves_it_whole(
    window: Any, desk: IssueDesk, plan_path: Path, tmp_path: Path
) -> None:
    desk.folder.setText(str(tmp_path / "out"))
    desk.send.click()
    window.menus.actions["close"].trigger()
    assert window.document is None
    with OpenPlan.open(plan_path) as plan:
        assert len(plan.editor.session.scalars(select(IssuedReturn)).all()) == len(
            list((tmp_path / "out").iterdir())
        )


def test_it_follows_what_is_changed_elsewhere(window: Any, desk: IssueDesk, qtbot: QtBot) -> None:
    editor = window.document.editor
    smoking = editor.session.scalars(select(Measure).where(Measure.title == SMOKING)).one()
    delete_rows(editor, [smoking])
    qtbot.waitUntil(lambda: lines(desk)[CCG][1] == "0 of 1 measure")


def test_a_plan_that_is_only_read_sends_nothing_out(make_window: Make, qtbot: QtBot, plan_path: Path) -> None:
    with OpenPlan.open(plan_path):  # so that the window has it to read only
        window = window_on(make_window, qtbot, plan_path)
        window.menus.actions["send returns"].trigger()
        desk = window.stack.currentWidget().desk
        qtbot.waitUntil(lambda: desk.list.topLevelItemCount() == 3)
        assert not desk.send.isEnabled()
        assert "reading only" in desk.state.text()


def test_every_control_has_a_name_and_tab_comes_to_it(
    window: Any, desk: IssueDesk, qtbot: QtBot, appearance: Theme
) -> None:
    for theme, percent in (("light", 100), ("dark", 200)):
        appearance.apply(theme, percent)
        assert nameless(window) == []
        assert unreachable(window) == []


def test_the_dialog_of_measures_is_used_from_the_keyboard(desk: IssueDesk, qtbot: QtBot) -> None:
    dialog = MeasureChooser(CCG, desk._facts.measures, (), desk)
    qtbot.addWidget(dialog)
    dialog.show()
    assert nameless(dialog) == [] and unreachable(dialog) == []
    QTest.keyClicks(dialog.box, "smoking")
    QTest.keyClick(dialog.box, Qt.Key.Key_Down)
    assert dialog.focusWidget() is dialog.list
    QTest.keyClick(dialog.list, Qt.Key.Key_Space)
    assert len(dialog.ticked()) == 1 and dialog.count.text() == "1 measure chosen"
