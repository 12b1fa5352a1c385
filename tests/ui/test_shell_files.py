"""What happens to files: saved, copied, reverted, recovered, taken away, changed by others."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from cypp_desktop.plan.model import Plan
from cypp_desktop.store.plan_file import OpenPlan
from cypp_desktop.ui.banner import Banner
from cypp_desktop.ui.document import PlanDocument
from tests.ui.simple_parts import opened, retitle

Make = Callable[..., Any]


def title_in(path: Path) -> str:
    """The title as the file has it, whatever any window thinks."""
    from contextlib import closing

    from cypp_desktop.store.disk import connect

    with closing(connect(path)) as db:
        return str(db.execute("SELECT title FROM plan").fetchone()[0])


def banner(window: Any, about: str) -> Banner:
    shown = window.banners.messages()
    assert about in shown, f"shown are {list(shown)}"
    return shown[about]  # type: ignore[no-any-return]


def press(message: Banner, label: str) -> None:
    message.buttons[label].click()


def edit_elsewhere(path: Path, title: str) -> None:
    """What a colleague does to the same file on another machine."""
    with OpenPlan.open(path, author="Cath", data=path.parent / "another machine") as plan:
        with plan.editor.step("Edit the title") as session:
            session.scalars(select(Plan)).one().title = title
        plan.publish()


def set_introduction(document: PlanDocument, words: str) -> None:
    with document.editor.step("Edit the introduction") as session:
        session.scalars(select(Plan)).one().introduction = words


def introduction_in(path: Path) -> str | None:
    with OpenPlan.open(path, read_only=True, data=path.parent / "a reader") as plan:
        return plan.editor.session.scalars(select(Plan)).one().introduction


def test_a_new_plan_is_a_file_at_once(make_window: Make, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "Our plan.cypp"
    window = make_window(path)
    with qtbot.waitSignal(window.opening_ended):
        window.start_page.buttons["new"].click()
    assert window.document.title == "Our plan"
    assert title_in(path) == "Our plan"
    assert window.settings.recent_files == [str(path)]


def test_the_sample_has_no_file_and_goes_without_a_word_if_untouched(make_window: Make, qtbot: QtBot) -> None:
    window = make_window()
    with qtbot.waitSignal(window.opening_ended):
        window.start_page.buttons["sample"].click()
    assert window.document.measure_count > 10
    assert "no file yet" in window.status.state_text()
    assert window.close()
    assert window.dialogs.asked == []


def test_a_changed_sample_is_asked_about(make_window: Make, qtbot: QtBot, tmp_path: Path) -> None:
    kept = tmp_path / "Mine.cypp"
    window = make_window(None, "save", kept)
    with qtbot.waitSignal(window.opening_ended):
        window.start_page.buttons["sample"].click()
    retitle(window.document, "Mine now")
    assert not window.close()
    assert window.document is not None
    assert window.close()
    assert title_in(kept) == "Mine now"


def test_closing_publishes_without_asking(make_window: Make, qtbot: QtBot, plan_file: Path) -> None:
    window = make_window()
    opened(qtbot, window, plan_file)
    retitle(window.document, "Published on closing")
    assert window.close()
    assert title_in(plan_file) == "Published on closing"
    assert window.dialogs.asked == []


def test_an_idle_plan_is_published(make_window: Make, qtbot: QtBot, plan_file: Path) -> None:
    window = make_window()
    opened(qtbot, window, plan_file)
    retitle(window.document, "Published when idle")
    window.document.set_idle_time(1)
    with qtbot.waitSignal(window.document.published):
        retitle(window.document, "Published when idle for a moment")
    assert title_in(plan_file) == "Published when idle for a moment"


def test_save_as_goes_on_with_the_new_file(
    make_window: Make, qtbot: QtBot, plan_file: Path, tmp_path: Path
) -> None:
    other = tmp_path / "Other.cypp"
    window = make_window(other)
    opened(qtbot, window, plan_file)
    retitle(window.document, "Under another name")
    window.menus.actions["save as"].trigger()
    assert window.document.path == other
    assert (title_in(plan_file), title_in(other)) == ("A small plan", "Under another name")
    assert window.settings.recent_files[0] == str(other)


def test_a_copy_leaves_the_window_with_its_own_file(
    make_window: Make, qtbot: QtBot, plan_file: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "Copy.cypp"
    window = make_window(copy)
    opened(qtbot, window, plan_file)
    window.menus.actions["save copy"].trigger()
    assert title_in(copy) == "A small plan"
    assert window.document.path == plan_file
    assert "Copy.cypp" in banner(window, "copy").text


def test_revert_asks_and_keeps_a_backup(make_window: Make, qtbot: QtBot, plan_file: Path) -> None:
    window = make_window(None, "revert")
    opened(qtbot, window, plan_file)
    revert = window.menus.actions["revert"]
    assert not revert.isEnabled()
    retitle(window.document, "A mistake")
    revert.trigger()
    assert window.document.title == "A mistake"
    revert.trigger()
    assert window.document.title == "A small plan"
    assert window.panels.line.text() == "A small plan"
    assert [backup.why for backup in window.document.backups()] == ["before-revert"]


def test_a_backup_is_put_back_from_the_list(make_window: Make, qtbot: QtBot, plan_file: Path) -> None:
    window = make_window(lambda dialog: dialog.chosen is not None)
    opened(qtbot, window, plan_file)
    retitle(window.document, "A mistake, saved")
    window.menus.actions["save"].trigger()
    window.document.finish_saving()
    window.menus.actions["backups"].trigger()
    assert window.document.title == "A small plan"
    assert "put back" in banner(window, "restored").text
    assert window.close()
    assert title_in(plan_file) == "A small plan"


def test_edits_after_a_revert_are_heard_and_undone(make_window: Make, qtbot: QtBot, plan_file: Path) -> None:
    window = make_window("revert")
    opened(qtbot, window, plan_file)
    retitle(window.document, "A mistake")
    window.menus.actions["revert"].trigger()
    retitle(window.document, "Right now")
    assert window.windowTitle().startswith("Right now")
    assert window.menus.actions["undo"].text() == "&Undo: Edit the title"


def killed_while_editing(path: Path) -> None:
    """Another process edits the plan and is killed."""
    code = textwrap.dedent(
        """
        import os, sys
        from pathlib import Path
        from sqlalchemy import select
        from cypp_desktop.plan.model import Plan
        from cypp_desktop.store.plan_file import OpenPlan
        plan = OpenPlan.open(Path(sys.argv[1]), author="Ann")
        with plan.editor.step("Edit the title") as session:
            session.scalars(select(Plan)).one().title = "Not yet published"
        os._exit(9)
        """
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], env=dict(os.environ), check=False)
    assert done.returncode == 9


def test_after_a_kill_the_changes_are_offered_and_gone_on_with(
    make_window: Make, qtbot: QtBot, plan_file: Path
) -> None:
    killed_while_editing(plan_file)
    window = make_window()
    opened(qtbot, window, plan_file)
    assert window.document.title == "Not yet published"
    assert "Recovered work" in window.status.state_text()
    message = banner(window, "recovered")
    assert "were not yet published" in message.text
    press(message, "Continue with them")
    assert "recovered" not in window.banners.messages()
    assert "Recovered" not in window.status.state_text()
    assert window.close()
    assert title_in(plan_file) == "Not yet published"


def test_after_a_kill_the_published_file_can_be_shown_instead(
    make_window: Make, qtbot: QtBot, plan_file: Path
) -> None:
    killed_while_editing(plan_file)
    window = make_window()
    opened(qtbot, window, plan_file)
    press(banner(window, "recovered"), "Show the published file")
    assert window.document.title == "A small plan"
    assert "among the backups" in banner(window, "recovered").text
    assert window.close()
    assert title_in(plan_file) == "A small plan"


def test_work_left_by_a_kill_is_offered_on_the_start_page(
    make_window: Make, qtbot: QtBot, plan_file: Path
) -> None:
    killed_while_editing(plan_file)
    window = make_window("throw")
    window.offer_what_was_left()
    qtbot.waitUntil(lambda: bool(window.banners.messages()))
    (message,) = window.banners.messages().values()
    assert "Small plan.cypp" in message.text
    with qtbot.waitSignal(window.opening_ended):
        press(message, "Open them")
    assert window.document.title == "Not yet published"


def test_work_left_by_a_kill_can_be_thrown_away_after_a_question(
    make_window: Make, qtbot: QtBot, plan_file: Path
) -> None:
    killed_while_editing(plan_file)
    window = make_window(None, "throw")
    window.offer_what_was_left()
    qtbot.waitUntil(lambda: bool(window.banners.messages()))
    (message,) = window.banners.messages().values()
    press(message, "Throw them away…")
    assert window.banners.messages()
    press(message, "Throw them away…")
    assert not window.banners.messages()
    opened(qtbot, window, plan_file)
    assert window.document.title == "A small plan"


def test_what_someone_else_saved_meanwhile_is_taken_in_when_saving(
    make_window: Make, qtbot: QtBot, plan_file: Path
) -> None:
    window = make_window()
    opened(qtbot, window, plan_file)
    edit_elsewhere(plan_file, "Theirs")
    set_introduction(window.document, "Ours")
    window.menus.actions["save"].trigger()
    window.document.finish_saving()
    assert window.document.title == title_in(plan_file) == "Theirs"
    assert introduction_in(plan_file) == "Ours"
    assert window.document.path == plan_file
    assert "One edit of theirs was taken in" in banner(window, "publish").text


def test_a_field_that_both_changed_waits_for_a_decision(
    make_window: Make, qtbot: QtBot, plan_file: Path
) -> None:
    window = make_window()
    opened(qtbot, window, plan_file)
    edit_elsewhere(plan_file, "Theirs")
    retitle(window.document, "Ours")
    window.menus.actions["save"].trigger()
    window.document.finish_saving()
    assert "One place needs a decision" in banner(window, "publish").text
    assert window.document.title == title_in(plan_file) == "A small plan"


def test_what_waits_for_a_decision_is_said_in_a_box_on_closing(
    make_window: Make, qtbot: QtBot, plan_file: Path
) -> None:
    window = make_window()
    opened(qtbot, window, plan_file)
    edit_elsewhere(plan_file, "Theirs")
    retitle(window.document, "Ours")
    assert window.close()
    assert "needs a decision" in window.dialogs.asked[0]


def test_what_someone_else_saved_comes_in_also_when_there_is_nothing_to_save(
    make_window: Make, qtbot: QtBot, plan_file: Path
) -> None:
    window = make_window()
    opened(qtbot, window, plan_file)
    edit_elsewhere(plan_file, "Theirs")
    window.menus.actions["save"].trigger()
    window.document.finish_saving()
    assert window.document.title == "Theirs"


def test_a_file_in_whose_place_is_another_plan_is_left_and_ours_saved_beside_it(
    make_window: Make, qtbot: QtBot, plan_file: Path, tmp_path: Path
) -> None:
    window = make_window()
    opened(qtbot, window, plan_file)
    with OpenPlan.create(tmp_path / "other.cypp", title="Another plan") as other:
        other.publish()
    shutil.copy(tmp_path / "other.cypp", plan_file)
    retitle(window.document, "Ours")
    window.menus.actions["save"].trigger()
    window.document.finish_saving()
    assert title_in(plan_file) == "Another plan"
    assert title_in(window.document.path) == "Ours"
    assert "Someone else has changed" in banner(window, "publish").text
    assert window.settings.recent_files[0] == str(window.document.path)


def test_when_the_folder_is_gone_the_changes_stay_and_the_window_says_so(
    make_window: Make, qtbot: QtBot, plan_file: Path, tmp_path: Path
) -> None:
    away, elsewhere = tmp_path / "share", tmp_path / "Rescued.cypp"
    away.mkdir()
    path = Path(shutil.copy(plan_file, away / "Plan.cypp"))
    window = make_window(None, "keep", elsewhere)
    opened(qtbot, window, path)
    retitle(window.document, "Kept here")
    shutil.rmtree(away)
    window.menus.actions["save"].trigger()
    window.document.finish_saving()
    message = banner(window, "publish")
    assert "could not be saved" in message.text
    assert "not in the file" in window.status.state_text()
    assert not window.close()
    assert window.close()
    assert "could not be saved" in window.dialogs.asked[0]
    again = make_window(elsewhere)
    again.offer_what_was_left()
    qtbot.waitUntil(lambda: bool(again.banners.messages()))
    (left,) = again.banners.messages().values()
    with qtbot.waitSignal(again.opening_ended):
        press(left, "Open them")
    again.menus.actions["save as"].trigger()
    assert title_in(elsewhere) == "Kept here"


def test_a_failed_save_is_told_once_and_tried_again(
    make_window: Make, qtbot: QtBot, plan_file: Path, tmp_path: Path
) -> None:
    away, back = tmp_path / "share", tmp_path / "unplugged"
    away.mkdir()
    path = Path(shutil.copy(plan_file, away / "Plan.cypp"))
    window = make_window()
    opened(qtbot, window, path)
    retitle(window.document, "Saved in the end")
    away.rename(back)
    window.document.publish_if_due()
    window.document.finish_saving()
    window.banners.dismiss("publish")
    window.document.publish_if_due()
    window.document.finish_saving()
    assert "publish" not in window.banners.messages()
    window.menus.actions["save"].trigger()
    window.document.finish_saving()
    back.rename(away)
    press(banner(window, "publish"), "Try again")
    window.document.finish_saving()
    assert "publish" not in window.banners.messages()
    assert title_in(path) == "Saved in the end"


def test_a_file_that_cannot_be_written_is_shown_read_only(
    make_window: Make, qtbot: QtBot, plan_file: Path
) -> None:
    plan_file.chmod(0o400)
    window = make_window()
    opened(qtbot, window, plan_file)
    assert window.status.state_text().startswith("Read-only")
    assert "Save as…" in banner(window, "read-only").buttons
    assert not window.menus.actions["save"].isEnabled()


def test_a_plan_that_another_process_holds_is_shown_read_only(
    make_window: Make, qtbot: QtBot, plan_file: Path, tmp_path: Path
) -> None:
    with OpenPlan.open(plan_file, author="Ann"):
        window = make_window(tmp_path / "Own.cypp")
        opened(qtbot, window, plan_file)
        assert window.status.state_text().startswith("Read-only")
        assert not window.menus.actions["save"].isEnabled()
        press(banner(window, "read-only"), "Save as…")
        assert window.document.path == tmp_path / "Own.cypp"
        retitle(window.document, "Our own")
    assert window.menus.actions["save"].isEnabled()


@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "is not there"), (b"", "is empty"), (b"PK\x03\x04 a Word document", "is not a plan")],
    ids=["missing", "empty", "foreign"],
)
def test_what_is_no_plan_is_said_in_plain_words_and_the_start_page_stays(
    make_window: Make, qtbot: QtBot, tmp_path: Path, content: bytes | None, words: str
) -> None:
    path = tmp_path / "Odd.cypp"
    if content is not None:
        path.write_bytes(content)
    window = make_window()
    with qtbot.waitSignal(window.opening_ended) as ended:
        window.open_plan(path)
    assert ended.args == [False]
    assert words in banner(window, "problem").text
    assert window.stack.currentWidget() is window.start_page


def test_a_colleague_who_has_the_plan_open_is_named(
    make_window: Make, qtbot: QtBot, plan_file: Path, tmp_path: Path
) -> None:
    with OpenPlan.open(plan_file, author="Cath", data=tmp_path / "another machine"):
        window = make_window()
        opened(qtbot, window, plan_file)
        qtbot.waitUntil(lambda: "open elsewhere" in window.banners.messages())
    assert "who else has it open" in banner(window, "open elsewhere").text


def test_opening_another_plan_closes_the_first(
    make_window: Make, qtbot: QtBot, plan_file: Path, tmp_path: Path
) -> None:
    second = Path(shutil.copy(plan_file, tmp_path / "Second.cypp"))
    window = make_window()
    opened(qtbot, window, plan_file)
    retitle(window.document, "First, changed")
    opened(qtbot, window, second)
    assert title_in(plan_file) == "First, changed"
    assert window.document.path == second
    assert window.document.title == "A small plan"


def test_a_plan_taken_from_a_source_document_is_opened(
    make_window: Make, qtbot: QtBot, plan_file: Path, tmp_path: Path
) -> None:
    asked: list[Path] = []

    def take_in(services: Any, parent: Any, source: Path) -> Path:
        asked.append(source)
        return plan_file

    window = make_window(tmp_path / "Plan.docx", import_plan=take_in)
    with qtbot.waitSignal(window.opening_ended):
        window.start_page.buttons["import"].click()
    assert asked == [tmp_path / "Plan.docx"]
    assert window.document.path == plan_file


def test_closing_while_a_plan_is_loading_opens_nothing(
    make_window: Make, qtbot: QtBot, plan_file: Path
) -> None:
    window = make_window()
    window.open_plan(plan_file)
    assert window.close()
    with qtbot.assertNotEmitted(window.opening_ended, wait=50):
        pass
    assert window.document is None
