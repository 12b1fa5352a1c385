"""The whole story of a round through a real window: sent out, edited, reviewed, merged, printed, undone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from cypp_desktop.plan.model import Observation, Update
from cypp_desktop.ui.panels.update import UpdateFields
from cypp_desktop.ui.printing.page import PrintPage
from cypp_desktop.ui.review.page import ReviewPage
from tests.merge.copies import digest, faults
from tests.ui.review_plans import (
    CLINICS,
    SMOKING,
    Make,
    answered,
    issue,
    lines,
    make_plan,
    merged,
    press,
    receive,
    review_place,
    with_window,
)

Key = Qt.Key


def texts(window: Any) -> list[str]:
    """What the updates of the plan say, in their order."""
    session = window.document.editor.session
    return [update.text for update in session.scalars(select(Update).order_by(Update.sort_key, Update.id))]


def printed(qtbot: QtBot, window: Any) -> str:
    """All words of the plan on paper, as the Print place shows it."""
    window.show_page("print")
    place = window.stack.currentWidget()
    assert isinstance(place, PrintPage)
    qtbot.waitUntil(place.print.isEnabled, timeout=20_000)
    pages = place.preview.document()
    return " ".join(pages.getAllText(page).text() for page in range(pages.pageCount()))


def decide_everything(place: ReviewPage) -> None:
    """Go through the list by keys alone: keep, take the second of theirs, read, accept; then Merge."""
    rows = place.page.list
    assert rows.hasFocus()
    assert place.page.compare.place.text().startswith("1 › 1a › i · Value for City 2016/17 deleted")
    press(rows, Key.Key_1, Key.Key_Return)
    assert place.page.compare.place.text() == "1 › 1a › i · Update"
    press(rows, Key.Key_2, Key.Key_2, Key.Key_Return)
    assert place.page.compare.kind.text() == "Combined"
    press(rows, Key.Key_Return)
    assert place.page.compare.kind.text() == "Plain"
    press(rows, Key.Key_Return)
    assert place.page.merge_button.hasFocus()


def test_a_round_from_sending_out_to_merging_twice(make_window: Make, qtbot: QtBot, tmp_path: Path) -> None:
    window = make_window(real=True)
    with_window(qtbot, window, make_plan(tmp_path))
    plan = window.document.plan
    sent = answered(issue(plan, tmp_path / "sent"))
    before = digest(plan)

    place = receive(qtbot, window, *sent.values())
    assert place.page.head.text() == (
        "3 files · 7 edits: 1 plain, 2 combined, 2 conflicts, 2 deleted and edited"
    )
    assert lines(place) == [
        "1a Good maternal health",
        "⚠ i · Value for City 2016/17 deleted by one, edited by another: deleted and edited, open: changes",
        "⚠ i · Update: conflict, open: stays",
        "≡ ii · Update: combined: please read: changes",
        "1b Healthy lifestyles",
        "○ i · Update: plain: changes",
    ]
    decide_everything(place)
    assert place.page.more.text() == "Merging takes in 7. Everything has been looked at."
    assert digest(plan) == before

    merged(qtbot, place)
    session = window.document.editor.session
    assert str(session.scalars(select(Observation)).one().value) == "16.9"
    both = CLINICS.replace("Two", "Three").replace("third", "fourth")
    council = SMOKING.replace("17.2", "17.4")
    assert set(texts(window)) == {council, both, "Fewer children were obese this year."}
    assert "7 edits came in" in window.banners.messages()["review"].text
    assert window.questions.listed == ()
    paper = printed(qtbot, window)
    assert "17.4 %" in paper
    assert "17.2 %" not in paper

    window.show_page("review")
    window.dialogs.answers.append("undo")
    place.merges.undo_button.click()
    qtbot.waitUntil(lambda: place.merges.current is None, timeout=20_000)
    assert digest(plan) == before
    assert set(texts(window)) == {SMOKING, CLINICS, "Nothing yet."}
    assert "17.2 %" in printed(qtbot, window)

    again = receive(qtbot, window, *sent.values())
    press(again.page.accept_button, Key.Key_Space)
    merged(qtbot, again)
    assert council not in texts(window)
    assert both in texts(window)
    qtbot.waitUntil(lambda: bool(window.questions.listed))
    assert window.status.open_text() == "2 conflicts open · 1 combined text to read"
    decide_from_the_panel(qtbot, window)
    assert council in texts(window)
    assert faults(plan) == []


def decide_from_the_panel(qtbot: QtBot, window: Any) -> None:
    """The open text is decided later, from the panel that shows it; the others wait."""
    question = next(q for q in window.questions.listed if q.row_type == "update" and q.is_open)
    window.go_to(*window.questions.where("update", question.row_id))
    fields = window.panels.panel.findChildren(UpdateFields)
    mark = next(field.text.question_strip for field in fields if field.key == ("update", question.row_id))
    assert mark is not None
    assert "Two versions are open here" in mark.words.text()
    mark.decide_button.click()
    place = review_place(window)
    assert place.open_page.compare.place.text() == "1 › 1a › i · Update"
    council = next(card for card in place.open_page.compare.cards if card.version.who == "City Council")
    assert council.button is not None
    council.button.click()
    assert question.row_id not in {q.row_id for q in window.questions.listed}
    assert window.status.open_text() == "1 conflict open · 1 combined text to read"
