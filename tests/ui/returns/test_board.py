"""The board of returns: what was sent, what has come back, who is late, and what a reminder says."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from cypp_desktop.merge.apply import merge_files
from cypp_desktop.merge.gates.receiving import receive
from cypp_desktop.merge.issue import finish, issue_return
from cypp_desktop.merge.model import Received
from cypp_desktop.operations.returns.issue_desk import read_desk
from cypp_desktop.plan.model import IssuedReturn, Measure, Organisation, ReceivedFile, Round
from cypp_desktop.store.commands import set_field, set_update_text
from cypp_desktop.store.plan_file import OpenPlan
from cypp_desktop.ui.real_parts import real_parts
from cypp_desktop.ui.returns.board import ReturnsBoard
from cypp_desktop.ui.returns.organisation_list import OrganisationList
from cypp_desktop.ui.returns.page import ReturnsPage
from cypp_desktop.ui.returns.reminders import pages_html
from cypp_desktop.ui.theme import Theme
from cypp_desktop.ui.window_parts import RailPage, WindowServices
from tests.ui.returns_plan import CCG, COUNCIL, POLICE, SMOKING, id_of, measure_id, write_plan
from tests.ui.scripted import nameless, unreachable
from tests.ui.simple_parts import opened

Make = Callable[..., Any]
TODAY = date.today()
LATE, SOON = (TODAY - timedelta(days=3)).isoformat(), (TODAY + timedelta(days=12)).isoformat()


@pytest.fixture
def plan_path(tmp_path: Path) -> Path:
    """A plan that has sent three returns: one is late, one is due soon, one has no day."""
    path = write_plan(tmp_path / "Anytown.cypp")
    (tmp_path / "sent").mkdir()
    with OpenPlan.open(path, author="Ann") as plan:
        rounds = {row.name: row.id for row in plan.editor.session.scalars(select(Round))}
        for name, due, round_name, measures in (
            (COUNCIL, SOON, "End of year", None),
            (CCG, LATE, "End of year", None),
            (POLICE, None, "Mid-year", [measure_id(plan, SMOKING)]),
        ):
            issue_return(
                plan,
                id_of(plan, Organisation, name),
                tmp_path / "sent",
                due=due,
                round_id=rounds[round_name],
                measure_ids=measures,
            )
        plan.publish()
    return path


def fill_in(folder: Path, *organisations: str) -> list[Path]:
    """Write something about what is asked in the returns sent to these organisations, and finish them."""
    found = []
    for path in sorted(folder.iterdir()):
        with OpenPlan.open(path, author="Pat", data=folder.parent / "partner") as returned:
            if returned.editor.meta("organisation") in organisations:
                measure = returned.editor.session.scalars(select(Measure)).first()
                assert measure is not None
                round_ = returned.editor.session.get_one(Round, returned.editor.meta("round_id"))
                set_update_text(returned.editor, measure, round_, "- Fewer smoke")
                finish(returned)
                found.append(path)
    return found


@pytest.fixture
def taken_in() -> list[list[Path]]:
    """What was handed over to be reviewed."""
    return []


@pytest.fixture
def window(make_window: Make, qtbot: QtBot, plan_path: Path, taken_in: list[list[Path]]) -> Any:
    def place(services: WindowServices) -> ReturnsPage:
        return ReturnsPage(services, lambda services, paths: taken_in.append(paths))

    made = make_window(pages=[RailPage(key="returns", label="Returns", sign="upload", make=place)])
    opened(qtbot, made, plan_path)
    return made


@pytest.fixture
def board(window: Any, qtbot: QtBot) -> ReturnsBoard:
    window.menus.actions["board"].trigger()
    found: ReturnsBoard = window.stack.currentWidget().board
    qtbot.waitUntil(lambda: len(found._items()) == 3)
    return found


def rows(board: ReturnsBoard) -> list[list[str]]:
    return [[item.text(column) for column in range(6)] for item in board._items()]


def choose(board: ReturnsBoard, *names: str) -> None:
    board.list.clearSelection()
    for item in board._items():
        item.setSelected(item.text(1) in names)


def dropped(paths: list[Path]) -> tuple[QDragEnterEvent, QDropEvent, QMimeData]:
    """Files dragged over a widget and let go there."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    action, buttons, keys = (
        Qt.DropAction.CopyAction,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    over = QDragEnterEvent(QPointF(5, 5), action, data, buttons, keys)
    return over, QDropEvent(QPointF(5, 5), action, data, buttons, keys), data


def test_late_ones_stand_first_then_those_that_are_due_soonest(board: ReturnsBoard) -> None:
    assert [(row[0], row[1]) for row in rows(board)] == [
        ("■ Late", CCG),
        ("○ Asked", COUNCIL),
        ("○ Asked", POLICE),
    ]
    assert rows(board)[0][2].endswith("(3 days late)")
    assert rows(board)[1][2].endswith("(in 12 days)")
    assert rows(board)[2][2] == ""
    assert board.summary.text() == "3 returns sent out: ■ 1 late, ○ 2 asked"


def test_what_is_missing_is_counted_and_listed_under_each(board: ReturnsBoard) -> None:
    assert rows(board)[0][3] == "2 of 2 measures"
    assert rows(board)[2][3] == "nothing", "that round was written long ago"
    item = board._items()[0]
    item.setExpanded(True)
    assert [item.child(at).text(1) for at in range(item.childCount())] == [
        f"1a i {SMOKING}",
        "1a ii Breastfeeding at 6-8 weeks",
    ]


def test_enter_on_a_missing_measure_goes_to_it(window: Any, board: ReturnsBoard) -> None:
    item = board._items()[0]
    item.setExpanded(True)
    board.list.setCurrentItem(item.child(0))
    assert board.go.isEnabled()
    QTest.keyClick(board.list, Qt.Key.Key_Return)
    assert window.tree.selected_row() == ("measure", measure_id(window.document.plan, SMOKING))


def test_it_follows_the_plan_and_keeps_what_was_open(window: Any, board: ReturnsBoard, qtbot: QtBot) -> None:
    board._items()[0].setExpanded(True)
    editor = window.document.editor
    session = editor.session
    round_ = session.scalars(select(Round).where(Round.name == "End of year")).one()
    smoking = session.scalars(select(Measure).where(Measure.title == SMOKING)).one()
    set_update_text(editor, smoking, round_, "- Fewer")
    qtbot.waitUntil(lambda: rows(board)[0][3] == "1 of 2 measures")
    assert board._items()[0].isExpanded() and board._items()[0].childCount() == 1


@pytest.mark.parametrize("outcome, words", [("merged", "✓ Merged"), ("undone", "● Returned")])
def test_what_came_back_says_so(
    window: Any, board: ReturnsBoard, qtbot: QtBot, outcome: str, words: str
) -> None:
    with window.document.editor.step("Remember") as session:
        of_ccg = session.scalars(select(IssuedReturn).where(IssuedReturn.due == LATE)).one()
        file = ReceivedFile(issued_return_id=of_ccg.id, received_at="2018-06-20T10:00:00Z", outcome=outcome)
        session.add(file)
    qtbot.waitUntil(lambda: words in [row[0] for row in rows(board)])
    item = next(item for item in board._items() if item.text(1) == CCG)
    assert item.text(0) == words
    assert item.toolTip(0) == "Last came back on 20 June 2018"
    assert rows(board)[-1][1] == CCG, "those still out come first"


def test_what_is_under_review_is_returned_as_long_as_it_is(
    window: Any, board: ReturnsBoard, qtbot: QtBot, plan_path: Path
) -> None:
    document = window.document
    mailed = shutil.copytree(plan_path.parent / "sent", plan_path.parent / "mailed")
    answers = receive(fill_in(mailed, CCG), document.plan)
    document.review(tuple(one for one in answers if isinstance(one, Received) and one.organisation == CCG))
    qtbot.waitUntil(lambda: "● Returned" in [row[0] for row in rows(board)])
    assert next(row for row in rows(board) if row[1] == CCG)[0] == "● Returned"
    document.review(())
    qtbot.waitUntil(lambda: "● Returned" not in [row[0] for row in rows(board)])
    assert next(row for row in rows(board) if row[1] == CCG)[0] == "■ Late"


def test_what_came_back_untouched_is_empty_may_be_reminded_and_is_ticked_for_asking_again(
    window: Any, board: ReturnsBoard, qtbot: QtBot, plan_path: Path
) -> None:
    document = window.document
    answers = receive(sorted((plan_path.parent / "sent").iterdir()), document.plan)
    files = [one for one in answers if isinstance(one, Received) and one.organisation == CCG]
    document.review(tuple(files))
    qtbot.waitUntil(lambda: "□ Came back empty" in [row[0] for row in rows(board)])
    merge_files(document.plan, files)
    document.review(())
    board.reload()
    qtbot.waitUntil(lambda: next(row for row in rows(board) if row[1] == CCG)[0] == "□ Came back empty")
    assert "1 came back empty" in board.summary.text()
    choose(board, CCG)
    assert board.copy.isEnabled() and board.print.isEnabled() and board.back.isEnabled()
    board.copy.click()
    assert "with nothing filled in" in QApplication.clipboard().text()
    (item,) = [each for each in board._items() if each.text(1) == CCG]
    assert "still to be answered" in item.toolTip(0)
    desk = OrganisationList()
    qtbot.addWidget(desk)
    facts = read_desk(document.plan, None, {})
    desk.show_facts(facts, set())
    ccg = id_of(document.plan, Organisation, CCG)
    assert desk.ticked() == {ccg}, "the council is still out, and asked for nothing twice"
    desk.tick(ccg, False)
    desk.show_facts(facts, set())
    assert desk.ticked() == set(), "the person said otherwise"


def test_what_was_asked_by_mistake_is_taken_back_undone_and_asked_for_again(
    window: Any, board: ReturnsBoard, qtbot: QtBot
) -> None:
    def shown(name: str) -> list[str]:
        return next(row for row in rows(board) if row[1] == name)

    choose(board, CCG)
    assert board.back.text() == "&Take back what was asked"
    board.back.click()
    qtbot.waitUntil(lambda: shown(CCG)[0] == "– Taken back")
    assert shown(CCG)[3] == "" and "late" not in board.summary.text()
    assert "1 taken back" in board.summary.text()
    choose(board, CCG)
    assert not board.copy.isEnabled() and not board.print.isEnabled()
    assert "Undo asks for it again" in window.banners.messages()["returns"].text
    window.menus.actions["undo"].trigger()
    qtbot.waitUntil(lambda: shown(CCG)[0] == "■ Late")
    choose(board, CCG, COUNCIL)
    board.back.click()
    qtbot.waitUntil(lambda: shown(COUNCIL)[0] == shown(CCG)[0] == "– Taken back")
    choose(board, CCG, COUNCIL)
    assert board.back.text() == "&Ask for it after all"
    board.back.click()
    qtbot.waitUntil(lambda: shown(CCG)[0] == "■ Late" and shown(COUNCIL)[0] == "○ Asked")


def test_one_round_alone_can_be_shown(board: ReturnsBoard) -> None:
    board.round_box.setCurrentIndex(board.round_box.findText("Mid-year"))
    board.round_box.activated.emit(0)
    assert [row[1] for row in rows(board)] == [POLICE]
    assert board.summary.text() == "1 return sent out: ○ 1 asked"


def test_a_reminder_is_copied_with_what_is_missing(window: Any, board: ReturnsBoard) -> None:
    choose(board, CCG)
    board.copy.click()
    text = QApplication.clipboard().text()
    assert text.startswith(f"To {CCG}\n") and "Your return is late" in text and SMOKING in text
    assert "in the clipboard" in window.banners.messages()["reminder"].text


def test_reminders_to_several_are_printed_each_on_its_own_page(
    window: Any, board: ReturnsBoard, tmp_path: Path
) -> None:
    def to_file(dialog: Any) -> bool:
        assert isinstance(dialog, QPrintDialog)
        dialog.printer().setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        dialog.printer().setOutputFileName(str(tmp_path / "reminders.pdf"))
        return True

    window.dialogs.answers = [to_file]
    choose(board, CCG, COUNCIL)
    board.print.click()
    with pikepdf.open(tmp_path / "reminders.pdf") as printed:
        assert len(printed.pages) == 2


def test_a_reminder_on_paper_takes_no_word_of_the_plan_for_markup() -> None:
    assert "&lt;b&gt;A &amp; B&lt;/b&gt;<br/>next" in pages_html(["<b>A & B</b>\nnext\n\nlast"])


def test_files_chosen_are_handed_over_to_be_reviewed(
    window: Any, board: ReturnsBoard, taken_in: list[list[Path]], tmp_path: Path
) -> None:
    window.dialogs.answers = [[tmp_path / "a.cypp-return", tmp_path / "b.cypp-return"], []]
    board.receive.click()
    assert taken_in == [[tmp_path / "a.cypp-return", tmp_path / "b.cypp-return"]]
    board.receive.click()
    assert len(taken_in) == 1, "nothing was chosen the second time"


def test_files_dropped_on_the_board_are_handed_over_and_others_are_not_taken(
    board: ReturnsBoard, taken_in: list[list[Path]], tmp_path: Path
) -> None:
    wanted, other = tmp_path / "a.cypp-return", tmp_path / "letter.docx"
    over, drop, kept = dropped([wanted, other])
    QApplication.sendEvent(board, over)
    QApplication.sendEvent(board, drop)
    assert over.isAccepted() and taken_in == [[wanted]] and kept.hasUrls()
    over, drop, kept = dropped([other])
    over.ignore()
    QApplication.sendEvent(board, over)
    QApplication.sendEvent(board, drop)
    assert not over.isAccepted() and len(taken_in) == 1 and kept.hasUrls()


def test_a_plan_that_sent_nothing_says_how_that_is_done(
    make_window: Make, qtbot: QtBot, plan_file: Path
) -> None:
    window = make_window(pages=[place for place in real_parts().pages if place.key == "returns"])
    opened(qtbot, window, plan_file)
    window.menus.actions["board"].trigger()
    board = window.stack.currentWidget().board
    qtbot.waitUntil(lambda: "Nothing has been sent out yet" in board.nothing.text())
    assert board.nothing.isVisible() and not board.list.isVisible()


def test_the_colour_never_speaks_alone_and_follows_the_theme(
    board: ReturnsBoard, appearance: Theme, qtbot: QtBot
) -> None:
    light = board._items()[0].foreground(0).color().name()
    appearance.apply("dark", 200)
    qtbot.waitUntil(lambda: board._items()[0].foreground(0).color().name() != light)
    assert board._items()[0].text(0) == "■ Late"


def test_every_control_has_a_name_and_tab_comes_to_it(
    window: Any, board: ReturnsBoard, appearance: Theme
) -> None:
    choose(board, CCG)
    for theme, percent in (("light", 100), ("dark", 200)):
        appearance.apply(theme, percent)
        assert nameless(window) == []
        assert unreachable(window) == []


def test_without_a_plan_the_menu_offers_nothing_of_it(window: Any) -> None:
    window.menus.actions["close"].trigger()
    assert not any(window.menus.actions[name].isEnabled() for name in ("send returns", "board"))


def test_a_return_in_which_somebody_has_begun_to_write_where_it_was_put_is_known_to_be_opened(
    window: Any, board: ReturnsBoard, qtbot: QtBot, tmp_path: Path
) -> None:
    (item,) = [each for each in board._items() if each.text(1) == COUNCIL]
    assert (item.text(0), item.toolTip(0)) == ("○ Asked", "Whether it was opened is not known")
    (path,) = (tmp_path / "sent").glob("* AC.*")
    with OpenPlan.open(path, author="Pat", data=tmp_path / "partner") as returned:
        measure = returned.editor.session.scalars(select(Measure)).first()
        assert measure is not None
        with returned.editor.step("Write"):
            measure.definition = "Begun"
        returned.publish()
    board.reload()
    qtbot.waitUntil(lambda: any(row[0] == "◐ Opened" for row in rows(board)))
    (item,) = [each for each in board._items() if each.text(1) == COUNCIL]
    assert "is not finished yet" in item.toolTip(0)
    assert "1 opened" in board.summary.text()
    smoking = window.document.editor.session.scalars(select(Measure).where(Measure.title == SMOKING)).one()
    set_field(window.document.editor, smoking, "definition", "Words")
    qtbot.waitUntil(lambda: not board._reader._timer.isActive() and not board._reader.is_reading)
    assert any(row[0] == "◐ Opened" for row in rows(board)), "also after an edit"


def test_finished_returns_are_taken_in_from_where_they_lie(
    window: Any, board: ReturnsBoard, qtbot: QtBot, tmp_path: Path, taken_in: list[list[Path]]
) -> None:
    assert not board.take.isEnabled()
    finished = fill_in(tmp_path / "sent", CCG, COUNCIL)
    board.reload()
    qtbot.waitUntil(lambda: sum(row[0] == "● Returned" for row in rows(board)) == 2)
    board.list.selectAll()
    board.take.click()
    assert [sorted(paths) for paths in taken_in] == [finished]
