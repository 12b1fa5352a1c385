"""The Review place: what files bring is listed, decided, merged and undone; nothing is lost on the way."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from cypp_desktop.merge.apply import merge_files
from cypp_desktop.merge.returns import board, take_back
from cypp_desktop.operations.review.lines import key_of, spoken_of
from cypp_desktop.plan.model import Measure, Update
from cypp_desktop.store.addresses import row_at
from cypp_desktop.store.commands import delete_rows, set_field
from cypp_desktop.store.plan_file import OpenPlan
from cypp_desktop.ui.review.merges import UndoFields
from cypp_desktop.ui.review.page import ReviewPage
from tests.merge.copies import digest, faults
from tests.merge.sent import tampered
from tests.ui.review_plans import (
    CCG,
    CLINICS,
    COUNCIL,
    SCHOOLS,
    SMOKING,
    Make,
    answered,
    edited,
    issue,
    lines,
    make_plan,
    merged,
    press,
    receive,
    with_window,
    writes,
)
from tests.ui.scripted import nameless, unreachable

Key = Qt.Key


@pytest.fixture
def window(make_window: Make, qtbot: QtBot, tmp_path: Path) -> Any:
    """A window on the plan that the three organisations are asked about."""
    made = make_window(real=True)
    with_window(qtbot, made, make_plan(tmp_path))
    return made


@pytest.fixture
def sent(window: Any, tmp_path: Path) -> dict[str, Path]:
    """The three returns as they came back."""
    return answered(issue(window.document.plan, tmp_path / "sent"))


def text_of(window: Any, address: str) -> str:
    """The text of the update of a measure."""
    measure = row_at(window.document.editor.session, address)
    assert isinstance(measure, Measure)
    (link,) = measure.update_links
    return str(link.update.text)


def choose(place: ReviewPage, words: str) -> None:
    """Go to the line that begins so."""
    rows = place.page.list
    found = next(line for line in rows.lines.lines() if spoken_of(line).startswith(words))
    rows.choose(key_of(found))
    rows.setFocus()


def decide_update(place: ReviewPage) -> None:
    """Decide about an update that two give differently."""
    choose(place, "1 › 1b › i, Update")
    press(place.page.list, Key.Key_1)


def edit_it_here(window: Any) -> None:
    """Edit the update that was decided about in the plan itself."""
    editor = window.document.editor
    update = next(u for u in editor.session.scalars(select(Update)) if u.text == "Nothing yet.")
    set_field(editor, update, "text", "Ours is another by now.")


def settled(qtbot: QtBot, place: ReviewPage) -> None:
    """Wait until no work is under way, and what was outdated has been worked out anew."""
    qtbot.waitUntil(lambda: not place.is_working and not place._reader.is_outdated, timeout=20_000)


def test_a_refused_file_is_listed_with_its_reason_and_the_others_go_on(
    window: Any, qtbot: QtBot, sent: dict[str, Path], tmp_path: Path
) -> None:
    cut_short = tmp_path / "cut short.cypp-return"
    cut_short.write_bytes(sent[CCG].read_bytes()[:20_000])
    place = receive(qtbot, window, sent[SCHOOLS], cut_short)
    assert place.page.head.text() == "1 file · 2 edits: 2 plain · 1 file refused"
    choose(place, "cut short.cypp-return was refused")
    assert "its end is missing" in place.page.compare.explanation.text()
    assert not place.page.compare.next_button.isVisible()


def test_the_same_file_twice_is_said_and_counted_once(
    window: Any, qtbot: QtBot, sent: dict[str, Path], tmp_path: Path
) -> None:
    copy = Path(shutil.copy(sent[SCHOOLS], tmp_path / "again.cypp-return"))
    receive(qtbot, window, sent[SCHOOLS])
    place = receive(qtbot, window, copy)
    qtbot.waitUntil(lambda: "refused" in place.page.head.text())
    assert place.page.head.text() == "1 file · 2 edits: 2 plain · 1 file refused"


def test_a_file_that_answers_what_was_taken_back_is_told_apart(
    window: Any, qtbot: QtBot, sent: dict[str, Path]
) -> None:
    document = window.document
    [line] = [line for line in board(document.plan) if line.organisation == SCHOOLS]
    take_back(document.plan, [line.issue_id])
    receive(qtbot, window, sent[SCHOOLS])
    place = receive(qtbot, window, sent[CCG])
    qtbot.waitUntil(lambda: place.page.head.text().startswith("2 files"))
    assert {file.organisation: file.withdrawn for file in document.under_review} == {
        SCHOOLS: True,
        CCG: False,
    }
    told = window.banners.messages()["review of what was taken back"].text
    assert "nobody asks for it" in told and "unless you let it in" in told
    assert place.review is not None
    from_schools = [item for item in place.review.questions if item.theirs[0].organisation == SCHOOLS]
    assert {item.kind for item in from_schools} == {"outside"}
    place.put_away()
    assert document.under_review == ()


def test_files_received_later_join_and_decisions_stay(
    window: Any, qtbot: QtBot, sent: dict[str, Path]
) -> None:
    place = receive(qtbot, window, sent[SCHOOLS])
    choose(place, "1 › 1b › i, Update")
    press(place.page.list, Key.Key_1)
    receive(qtbot, window, sent[CCG])
    qtbot.waitUntil(lambda: place.page.head.text().startswith("2 files"))
    assert "✓ i · Update: ours kept: stays" in lines(place)


def test_lines_are_grouped_by_organisation(window: Any, qtbot: QtBot, sent: dict[str, Path]) -> None:
    place = receive(qtbot, window, *sent.values())
    place.page.group_box.setCurrentIndex(1)
    place.page.group_box.activated.emit(1)
    titles = [group.title for group in place.page.list.lines.groups]
    assert titles == [f"{CCG}, {COUNCIL}", f"{COUNCIL}, {SCHOOLS}", SCHOOLS]


def test_one_kind_is_shown_alone(window: Any, qtbot: QtBot, sent: dict[str, Path]) -> None:
    place = receive(qtbot, window, *sent.values())
    at = place.page.filter_box.findText("Combined (1)")
    place.page.filter_box.setCurrentIndex(at)
    place.page.filter_box.activated.emit(at)
    assert lines(place) == ["1a Good maternal health", "≡ ii · Update: combined: please read: changes"]


def test_accept_all_plain_leaves_the_conflicts_to_look_at(
    window: Any, qtbot: QtBot, sent: dict[str, Path]
) -> None:
    place = receive(qtbot, window, *sent.values())
    place.page.accept_button.click()
    assert "2 lines to look at" in place.page.more.text()
    assert "✓ i · Update: accepted: changes" in lines(place)
    assert "⚠ i · Update: conflict, open: stays" in lines(place)
    assert not place.page.accept_button.isEnabled()


def test_what_is_typed_as_the_result_is_what_the_plan_says(
    window: Any, qtbot: QtBot, sent: dict[str, Path]
) -> None:
    place = receive(qtbot, window, *sent.values())
    choose(place, "1 › 1a › i, Update")
    press(place.page.list, Key.Key_4)
    area = place.page.compare.result.rich.area
    assert area.hasFocus()
    area.selectAll()
    QTest.keyClicks(area, "About 17 % smoked.")
    QTest.keyClick(area, Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert "✓ i · Update: written anew: changes" in lines(place)
    merged(qtbot, place)
    assert text_of(window, "1/1a/i") == "About 17 % smoked."


def test_tab_writes_on_in_the_result_and_esc_goes_back_to_the_list(
    window: Any, qtbot: QtBot, sent: dict[str, Path]
) -> None:
    place = receive(qtbot, window, sent[SCHOOLS])
    choose(place, "1 › 1b › i, Update")
    press(place.page.list, Key.Key_4)
    area = place.page.compare.result.rich.area
    area.selectAll()
    QTest.keyClicks(area, "One")
    place.page.compare.result.rich.actions_of_text.bullets.trigger()
    press(area, Key.Key_Return)
    press(area, Key.Key_Tab)
    QTest.keyClicks(area, "two three")
    assert place.page.compare.result.rich.markdown() == "- One\n  - two three"
    press(area, Key.Key_Escape)
    assert place.page.list.hasFocus()
    assert place.page.compare.result.rich.markdown() == "- One\n  - two three"


def test_typing_counts_though_the_person_goes_straight_to_merge(
    window: Any, qtbot: QtBot, sent: dict[str, Path]
) -> None:
    place = receive(qtbot, window, sent[SCHOOLS])
    choose(place, "1 › 1b › i, Update")
    press(place.page.list, Key.Key_4)
    QTest.keyClicks(place.page.compare.result.rich.area, "So: ")
    merged(qtbot, place)
    assert text_of(window, "1/1b/i") == "So: Fewer children were obese this year."


def test_keep_both_puts_the_texts_one_after_another(window: Any, qtbot: QtBot, sent: dict[str, Path]) -> None:
    place = receive(qtbot, window, sent[CCG], sent[COUNCIL])
    choose(place, "1 › 1a › i, Update")
    press(place.page.list, Key.Key_3)
    result = place.page.compare.result.value()
    assert "16.9 %" in result
    assert "17.4 %" in result


def test_a_version_is_taken_by_its_own_button(window: Any, qtbot: QtBot, sent: dict[str, Path]) -> None:
    place = receive(qtbot, window, sent[CCG], sent[COUNCIL])
    choose(place, "1 › 1a › i, Update")
    card = next(card for card in place.page.compare.cards if card.version.who == COUNCIL)
    assert card.button is not None
    card.button.click()
    assert place.page.compare.buttons["theirs"].text() == f"✓ Take theirs: {COUNCIL}  (2)"
    assert "17.4 %" in place.page.compare.result.value()


def test_changed_words_are_marked_by_more_than_colour(
    window: Any, qtbot: QtBot, sent: dict[str, Path]
) -> None:
    place = receive(qtbot, window, sent[CCG], sent[COUNCIL])
    choose(place, "1 › 1a › i, Update")
    card = next(card for card in place.page.compare.cards if card.version.who == CCG)
    assert "line-through" in card.words.text()
    assert "underline" in card.words.text()
    assert card.words.accessibleName() == f"{CCG}: taken out: 17.2. came in: 16.9"


def test_a_row_that_one_deleted_is_never_taken_by_a_single_version(
    window: Any, qtbot: QtBot, sent: dict[str, Path]
) -> None:
    place = receive(qtbot, window, sent[CCG], sent[COUNCIL])
    choose(place, "1 › 1a › i, Value for City 2016/17 deleted")
    assert [card.button for card in place.page.compare.cards] == [None, None, None]
    assert [button.text() for button in place.page.compare.buttons.values()] == [
        "Keep the value, as edited  (1)", "Delete the value  (2)", "✓ Leave open  (5)",
    ]  # fmt: skip


def test_decisions_are_kept_while_the_plan_is_edited(
    window: Any, qtbot: QtBot, sent: dict[str, Path]
) -> None:
    place = receive(qtbot, window, *sent.values())
    choose(place, "1 › 1a › i, Update")
    press(place.page.list, Key.Key_2)
    window.show_page("plan")
    editor = window.document.editor
    set_field(editor, row_at(editor.session, "1/1b"), "title", "Another title")
    window.show_page("review")
    settled(qtbot, place)
    assert "✓ i · Update: theirs taken: changes" in lines(place)
    assert "1b Another title" in lines(place)


def test_a_decision_about_what_was_edited_since_is_asked_again(
    window: Any, qtbot: QtBot, sent: dict[str, Path]
) -> None:
    place = receive(qtbot, window, *sent.values())
    decide_update(place)
    edit_it_here(window)
    settled(qtbot, place)
    assert "please decide again" in window.banners.messages()["review"].text
    under = lines(place)
    assert under[under.index("1b Healthy lifestyles") :] == [
        "1b Healthy lifestyles",
        "⚠ i · Update: conflict, open: stays",
    ]


def test_a_decision_about_what_is_proposed_no_more_is_told_of(
    window: Any, qtbot: QtBot, sent: dict[str, Path]
) -> None:
    place = receive(qtbot, window, sent[SCHOOLS])
    decide_update(place)
    assert place.review is not None
    plan = window.document.plan
    merge_files(plan, place.review.files)
    settled(qtbot, place)
    qtbot.waitUntil(lambda: "review" in window.banners.messages())
    words = window.banners.messages()["review"].text
    assert words.startswith("Nothing is proposed any more at 1 place that you had decided"), words


def test_a_merge_says_how_many_decisions_were_not_made(
    window: Any, qtbot: QtBot, sent: dict[str, Path]
) -> None:
    place = receive(qtbot, window, *sent.values())
    decide_update(place)
    place._reader.pause = 600_000  # the edit and the press on Merge come too close for another look
    edit_it_here(window)
    place.page.merge_button.click()
    qtbot.waitUntil(lambda: "review" in window.banners.messages())
    assert "1 of 1 decision not made: see the report" in window.banners.messages()["review"].text
    assert "1 decision: 0 made, 1 not made" in place.merges.text.toPlainText()


def test_putting_the_files_away_leaves_the_plan_alone(
    window: Any, qtbot: QtBot, sent: dict[str, Path]
) -> None:
    before = digest(window.document.plan)
    place = receive(qtbot, window, *sent.values())
    place.page.away_button.click()
    assert place.review is None
    assert place.receive_button.isVisible()
    assert digest(window.document.plan) == before


def test_files_dropped_on_the_window_are_reviewed(window: Any, qtbot: QtBot, sent: dict[str, Path]) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(sent[SCHOOLS])), QUrl.fromLocalFile("/a letter.docx")])
    how = Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    event = QDropEvent(QPointF(5, 5), *how)
    event.ignore()
    window.dropEvent(event)
    assert event.isAccepted()
    qtbot.waitUntil(lambda: isinstance(window.stack.currentWidget(), ReviewPage))
    place = window.stack.currentWidget()
    qtbot.waitUntil(lambda: place.review is not None, timeout=20_000)
    assert place.page.head.text() == "1 file · 2 edits: 2 plain"


def test_another_copy_of_the_plan_goes_through_the_same_review(
    window: Any, qtbot: QtBot, tmp_path: Path
) -> None:
    window.menus.actions["save"].trigger()
    window.document.finish_saving()
    laptop = tmp_path / "laptop" / "Our plan.cypp"
    laptop.parent.mkdir()
    shutil.copy(window.document.path, laptop)
    with OpenPlan.open(laptop, author="Ann", data=tmp_path / "laptop" / "data") as plan:
        writes("Written on the laptop.", "Nothing yet")(plan)
        plan.publish()
    place = receive(qtbot, window, laptop)
    assert place.page.head.text() == "1 file · 1 edit: 1 plain"
    merged(qtbot, place)
    assert text_of(window, "1/1b/i") == "Written on the laptop."


def test_opening_another_copy_of_the_open_plan_offers_to_review_it(
    window: Any, qtbot: QtBot, tmp_path: Path
) -> None:
    window.menus.actions["save"].trigger()
    window.document.finish_saving()
    copy = Path(shutil.copy(window.document.path, tmp_path / "A copy.cypp"))
    with OpenPlan.open(copy, author="Ann", data=tmp_path / "laptop") as plan:
        writes("Written in the copy.", "Nothing yet")(plan)
        plan.publish()
    window.dialogs.answers += [None, "review", "open"]
    for _ in range(2):
        with qtbot.waitSignal(window.opening_ended) as ended:
            window.open_plan(copy)
        assert ended.args == [False]
        assert window.document.path.name == "Our plan.cypp"
    place = window.stack.currentWidget()
    qtbot.waitUntil(lambda: place.review is not None, timeout=20_000)
    assert place.page.head.text() == "1 file · 1 edit: 1 plain"
    with qtbot.waitSignal(window.opening_ended, timeout=20_000):
        window.open_plan(copy)
    assert window.document.path.name == "A copy.cypp"
    assert place.review is None


def test_a_field_edited_behind_the_application_is_said(
    window: Any, qtbot: QtBot, sent: dict[str, Path]
) -> None:
    with tampered(sent[SCHOOLS]) as db:
        db.execute("UPDATE \"update\" SET text = 'From elsewhere.' WHERE text LIKE 'Fewer%'")
    place = receive(qtbot, window, sent[SCHOOLS])
    choose(place, "1 › 1b › i, Update")
    assert "edited outside the application" in place.page.compare.explanation.text()


def test_what_nobody_asked_for_is_left_out_unless_let_in(window: Any, qtbot: QtBot, tmp_path: Path) -> None:
    paths = issue(window.document.plan, tmp_path / "sent")
    edited(
        paths[SCHOOLS], "Sam",
        lambda plan: delete_rows(plan.editor, [row_at(plan.editor.session, "1/1b/i")]),
    )  # fmt: skip
    place = receive(qtbot, window, paths[SCHOOLS])
    outside = [line for line in place.page.lines if line.kind == "outside"]
    assert outside
    assert "leaves out" in place.page.more.text()
    place.page.list.choose(key_of(outside[0]))
    assert [button.text() for button in place.page.compare.buttons.values()] == [
        "✓ Leave it out  (1)", "Let it in  (2)",
    ]  # fmt: skip
    merged(qtbot, place)
    assert row_at(window.document.editor.session, "1/1b/i") is not None


def test_the_report_is_saved_as_text_and_as_pdf(
    window: Any, qtbot: QtBot, sent: dict[str, Path], tmp_path: Path
) -> None:
    place = receive(qtbot, window, *sent.values())
    merged(qtbot, place)
    assert "7 edits proposed" in place.merges.text.toPlainText()
    for name in ("minutes.txt", "minutes.pdf"):
        window.dialogs.answers.append(tmp_path / name)
        place.merges.save_button.click()
        qtbot.waitUntil(lambda name=name: (tmp_path / name).exists(), timeout=20_000)
    assert "City CCG" in (tmp_path / "minutes.txt").read_text(encoding="utf-8")
    assert (tmp_path / "minutes.pdf").read_bytes().startswith(b"%PDF")
    qtbot.waitUntil(lambda: "minutes.pdf" in window.banners.messages()["review"].text)


def test_the_merges_are_still_listed_after_opening_the_plan_again(
    window: Any, qtbot: QtBot, sent: dict[str, Path]
) -> None:
    place = receive(qtbot, window, *sent.values())
    merged(qtbot, place)
    path = window.document.path
    window.menus.actions["close"].trigger()
    with_window(qtbot, window, path)
    window.show_page("review")
    qtbot.waitUntil(lambda: place.merges.current is not None)
    text = place.merges.text.toPlainText()
    assert "Our plan - City CCG.cypp-return from City CCG: 2 edits" in text
    assert "2  in conflict, open when it was merged" in text


def test_where_no_file_is_under_review_what_waits_for_a_decision_is_shown_first(
    window: Any, qtbot: QtBot, sent: dict[str, Path]
) -> None:
    place = receive(qtbot, window, *sent.values())
    merged(qtbot, place)
    qtbot.waitUntil(lambda: bool(window.questions.listed))
    place.tabs.setCurrentIndex(0)
    assert place.receive_button.isVisible()
    window.show_page("plan")
    window.show_page("review")
    assert place.open_page.isVisible()


def test_an_undo_over_later_work_offers_the_rest_field_by_field(
    window: Any, qtbot: QtBot, sent: dict[str, Path]
) -> None:
    place = receive(qtbot, window, sent[SCHOOLS])
    merged(qtbot, place)
    editor = window.document.editor
    update = next(u for u in editor.session.scalars(select(Update)) if u.text.startswith("Fewer"))
    set_field(editor, update, "text", "Fewer children were obese, we hope.")
    seen: list[str] = []

    def fill_in(dialog: QDialog) -> bool:
        assert isinstance(dialog, UndoFields)
        seen.append(dialog.blocked.item(0).text())
        seen.append(dialog.fields.item(0).text())
        dialog.fields.item(0).setCheckState(Qt.CheckState.Unchecked)
        seen.append(str(dialog.undo_button.isEnabled()))
        dialog.fields.item(0).setCheckState(Qt.CheckState.Checked)
        return True

    window.dialogs.answers.append(fill_in)
    place.merges.undo_button.click()
    qtbot.waitUntil(lambda: window.isEnabled() and text_of(window, "1/1a/ii") == CLINICS, timeout=20_000)
    assert "1 › 1b › i · Update" in seen[0]
    assert seen[1:] == ["1 › 1a › ii · Update", "False"]
    assert text_of(window, "1/1b/i") == "Fewer children were obese, we hope."
    assert faults(window.document.plan) == []


def test_a_plan_open_for_reading_only_is_not_merged_into(
    make_window: Make, qtbot: QtBot, tmp_path: Path
) -> None:
    path = make_plan(tmp_path)
    with OpenPlan.open(path, author="Ann") as plan:
        sent = answered(issue(plan, tmp_path / "sent"))
        plan.publish()
    path.chmod(0o444)
    window = make_window(real=True)
    with_window(qtbot, window, path)
    assert window.document.state.read_only
    assert not window.menus.actions["receive"].isEnabled()
    assert sent


def test_closing_the_plan_while_files_are_looked_at_harms_nothing(
    window: Any, qtbot: QtBot, sent: dict[str, Path]
) -> None:
    window.dialogs.answers.append(list(sent.values()))
    window.menus.actions["receive"].trigger()
    place = window.stack.currentWidget()
    window.menus.actions["close"].trigger()
    assert window.document is None
    assert place.review is None
    qtbot.waitUntil(lambda: not window.tasks._running, timeout=20_000)
    assert place.review is None


def test_nothing_is_closed_while_a_merge_writes(window: Any, qtbot: QtBot, sent: dict[str, Path]) -> None:
    place = receive(qtbot, window, *sent.values())
    place.page.merge_button.click()
    assert not window.close()
    qtbot.waitUntil(lambda: window.isEnabled(), timeout=20_000)
    assert SMOKING in text_of(window, "1/1a/i")


def test_the_review_can_be_used_by_ear_and_keyboard(window: Any, qtbot: QtBot, sent: dict[str, Path]) -> None:
    place = receive(qtbot, window, *sent.values())
    for line in place.page.list.lines.lines():
        place.page.list.choose(key_of(line))
        assert nameless(window) == []
        assert unreachable(window) == []
    merged(qtbot, place)
    for tab in range(place.tabs.count()):
        place.tabs.setCurrentIndex(tab)
        assert nameless(window) == []
        assert unreachable(window) == []


def test_the_dialog_that_undoes_in_part_can_be_used_by_ear_and_keyboard(qtbot: QtBot) -> None:
    dialog = UndoFields([], [(("update", "u", "text"), "1 › 1a · Update")])
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitExposed(dialog)
    assert nameless(dialog) == []
    assert unreachable(dialog) == []
