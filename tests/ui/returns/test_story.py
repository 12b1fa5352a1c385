"""From the issue desk to a partner's window and back: one return through the windows of two people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from cypp_desktop.plan.model import Measure, Update
from cypp_desktop.settings import Settings
from tests.ui.returns_plan import CCG, COUNCIL, FEEDING, SMOKING, Make, window_on, write_plan
from tests.ui.review_plans import merged, press, review_place


def board_rows(window: Any) -> dict[str, str]:
    """What the board says: organisation to state."""
    place = window.pages._made["returns"].board
    return {item.text(1): item.text(0) for item in place._items()}


def type_updates(window: Any, words: dict[str, str]) -> None:
    """Go from one measure that is to do to the next, as the bar leads, and type its update."""
    for title, text in words.items():
        _, row_id = window.tree.selected_row()
        assert window.document.editor.find(Measure, row_id).title == title
        page = window.panels.panel.pages.page("update")
        QTest.keyClicks(page.editors[0].text.input.area, text)
        window.panels.commit()
        window.return_bar.refresh()
        window.return_bar.next.click()


def test_a_return_goes_out_is_filled_in_comes_back_and_is_merged(
    make_window: Make, qtbot: QtBot, tmp_path: Path
) -> None:
    officer = window_on(make_window, qtbot, write_plan(tmp_path / "Anytown.cypp"))
    officer.menus.actions["send returns"].trigger()
    place = officer.stack.currentWidget()
    qtbot.waitUntil(lambda: place.desk.send.isEnabled())
    with qtbot.waitSignal(place.desk._writer.ended, timeout=20_000):
        QTest.keyClick(place.desk.send, Qt.Key.Key_Space)
    place.show_board()
    qtbot.waitUntil(lambda: len(board_rows(officer)) == 2)
    assert set(board_rows(officer)) == {CCG, COUNCIL}

    sent = tmp_path / "Returns" / "Anytown - Anytown CCG.cypp-return"
    partner = window_on(make_window, qtbot, sent, settings=Settings(author="Pat"))
    type_updates(partner, {SMOKING: "Fewer smoke.", FEEDING: "More feed."})
    partner.return_bar.finish.click()
    assert partner.banners.messages()["finished"].kind == "done"
    partner.menus.actions["close"].trigger()

    officer.dialogs.answers = [[sent]]
    place.board.receive.click()
    review = review_place(officer)
    qtbot.waitUntil(lambda: review.review is not None and not review.is_working, timeout=20_000)
    press(review.page.accept_button, Qt.Key.Key_Space)
    merged(qtbot, review)
    texts = officer.document.editor.session.scalars(select(Update.text)).all()
    assert {"Fewer smoke.", "More feed."} <= {text.strip() for text in texts}
    officer.menus.actions["board"].trigger()
    qtbot.waitUntil(lambda: board_rows(officer)[CCG] == "✓ Merged")
    assert board_rows(officer)[COUNCIL] != "✓ Merged"
