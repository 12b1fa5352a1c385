"""The file is written beside the person's work: nothing waits for it but what must, and nothing is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from cypp_desktop.errors import FileProblem
from cypp_desktop.merge.questions_of_plan import questions_of_plan
from cypp_desktop.merge.unmerge import batches
from cypp_desktop.plan.model import Plan
from cypp_desktop.store import schema
from cypp_desktop.store.disk import FileSystem
from cypp_desktop.store.merge_log import report_of
from cypp_desktop.store.plan_file import OpenPlan
from cypp_desktop.ui import document as document_module
from cypp_desktop.ui.document import PlanDocument
from tests.store.away_share import AwayShare
from tests.ui.simple_parts import opened, retitle
from tests.ui.test_shell_files import banner, edit_elsewhere, introduction_in, set_introduction, title_in

Make = Callable[..., Any]


class Gate:
    """Holds every save at the moment in which its file would get its name, until it is opened."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.reached, self.opened = threading.Event(), threading.Event()
        self.threads: set[threading.Thread] = set()
        exchange = FileSystem.exchange

        def held(fs: FileSystem, one: Path, other: Path) -> None:
            self.threads.add(threading.current_thread())
            self.reached.set()
            self.opened.wait()
            exchange(fs, one, other)

        monkeypatch.setattr(FileSystem, "exchange", held)

    def open(self) -> None:
        self.opened.set()


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    made = Gate(monkeypatch)
    yield made
    made.open()


def begin_saving(window: Any, gate: Gate, title: str = "First") -> PlanDocument:
    """Edit the plan and have it saved, up to the moment at which the gate holds that."""
    document: PlanDocument = window.document
    retitle(document, title)
    window.menus.actions["save"].trigger()
    gate.reached.wait()
    assert document.is_saving
    return document


def soon(gate: Gate) -> None:
    """Open the gate while the main thread waits."""
    threading.Timer(0.05, gate.open).start()


def test_editing_goes_on_while_the_file_is_written(
    make_window: Make, qtbot: QtBot, plan_file: Path, gate: Gate
) -> None:
    window = make_window()
    opened(qtbot, window, plan_file)
    document = begin_saving(window, gate)
    assert "being saved to the file…" in window.status.state_text()
    set_introduction(document, "Written meanwhile")
    assert title_in(plan_file) == "A small plan"
    with qtbot.waitSignal(document.published):
        gate.open()
    assert threading.main_thread() not in gate.threads
    assert title_in(plan_file) == "First" and introduction_in(plan_file) is None
    assert document.state.unpublished and "not yet in the file" in window.status.state_text()
    document.set_idle_time(1)
    with qtbot.waitSignal(document.published):
        retitle(document, "Second")
    assert (title_in(plan_file), introduction_in(plan_file)) == ("Second", "Written meanwhile")
    assert not document.state.unpublished


def test_a_change_that_may_be_in_the_file_is_never_amended(
    make_window: Make, qtbot: QtBot, plan_file: Path, gate: Gate
) -> None:
    """Typing in one field is one step until the file travels; while it is made nobody knows what is in it."""
    window = make_window()
    opened(qtbot, window, plan_file)

    def typed(words: str) -> None:
        with window.document.editor.step("Edit the title", sitting="title") as session:
            session.scalars(select(Plan)).one().title = words

    def steps() -> int:
        session = window.document.editor.session
        count = len(session.execute(select(schema.step.c.id)).all())
        session.rollback()
        return count

    typed("One")
    before = steps()
    typed("One and")
    assert steps() == before
    window.menus.actions["save"].trigger()
    gate.reached.wait()
    typed("One and two")
    assert steps() == before + 1
    typed("One and two and")
    assert steps() == before + 2
    gate.open()
    window.document.finish_saving()
    typed("One and two and three")
    assert steps() == before + 3
    typed("One and two and three.")
    assert steps() == before + 3, "what nobody has yet is amended as ever"


def test_saving_again_while_a_save_is_under_way_saves_what_was_done_since(
    make_window: Make, qtbot: QtBot, plan_file: Path, gate: Gate
) -> None:
    window = make_window()
    opened(qtbot, window, plan_file)
    document = begin_saving(window, gate)
    retitle(document, "Second")
    window.menus.actions["save"].trigger()
    with qtbot.waitSignals([document.published, document.published]):
        gate.open()
    assert title_in(plan_file) == "Second" and not document.state.unpublished


def test_closing_waits_for_a_save_and_writes_what_was_done_since(
    make_window: Make, qtbot: QtBot, plan_file: Path, gate: Gate
) -> None:
    window = make_window()
    opened(qtbot, window, plan_file)
    retitle(begin_saving(window, gate), "Second")
    soon(gate)
    assert window.close()
    assert title_in(plan_file) == "Second" and window.dialogs.asked == []


def test_a_session_that_ends_waits_for_a_save_and_keeps_what_was_done_since(
    make_window: Make, qtbot: QtBot, plan_file: Path, gate: Gate
) -> None:
    window = make_window()
    opened(qtbot, window, plan_file)
    retitle(begin_saving(window, gate), "Second")
    soon(gate)
    assert window._saving.leave_plan()
    assert title_in(plan_file) == "First"
    with OpenPlan.open(plan_file) as plan:
        assert plan.working.recovered
        assert plan.editor.session.scalars(select(Plan)).one().title == "Second"
        plan.discard()


def test_a_save_that_hangs_keeps_nobody_from_leaving_and_ends_by_itself(
    make_window: Make, qtbot: QtBot, plan_file: Path, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(document_module, "LEAVING", 0.01)
    monkeypatch.setattr(document_module, "PATIENCE", 0.01)
    window = make_window("keep")
    opened(qtbot, window, plan_file)
    document = begin_saving(window, gate)
    (saving,) = gate.threads
    assert window.close()
    assert "does not answer" in window.dialogs.asked[0]
    gate.open()
    saving.join()
    assert title_in(plan_file) == "First"
    assert [path.name for path in plan_file.parent.iterdir() if path.name.startswith(".~")] == []
    with OpenPlan.open(plan_file) as plan:
        assert not plan.working.recovered
    del document


def test_what_must_wait_for_a_save_that_hangs_says_so(
    make_window: Make, qtbot: QtBot, plan_file: Path, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(document_module, "PATIENCE", 0.01)
    window = make_window()
    opened(qtbot, window, plan_file)
    document = begin_saving(window, gate)
    deeds: list[Callable[[], object]] = [
        lambda: document.save_as(plan_file.with_name("Other.cypp")),
        lambda: document.save_copy(plan_file.with_name("Copy.cypp")),
        document.revert,
        document.publish,
    ]
    for deed in deeds:
        with pytest.raises(FileProblem, match="being saved, and the disk or share it is on does not answer"):
            deed()
    assert document.title == "First"
    gate.open()
    monkeypatch.setattr(document_module, "PATIENCE", 60)
    document.finish_saving()
    assert title_in(plan_file) == "First"


def test_save_as_waits_for_a_save_and_goes_on_with_the_new_file(
    make_window: Make, qtbot: QtBot, plan_file: Path, tmp_path: Path, gate: Gate
) -> None:
    other = tmp_path / "Other.cypp"
    window = make_window(other)
    opened(qtbot, window, plan_file)
    document = begin_saving(window, gate)
    retitle(document, "Second")
    soon(gate)
    window.menus.actions["save as"].trigger()
    assert document.path == other
    assert (title_in(plan_file), title_in(other)) == ("First", "Second")
    assert not document.state.unpublished


@pytest.mark.parametrize("way", ["revert", "restore", "copy"])
def test_going_back_and_copies_wait_for_a_save(
    make_window: Make, qtbot: QtBot, plan_file: Path, tmp_path: Path, gate: Gate, way: str
) -> None:
    window = make_window()
    opened(qtbot, window, plan_file)
    document = begin_saving(window, gate)
    retitle(document, "Second")
    soon(gate)
    if way == "revert":
        document.revert()
        assert document.title == "First"
    elif way == "restore":
        document.finish_saving()
        document.restore(document.backups()[0])
        assert document.title == "A small plan"
    else:
        document.save_copy(tmp_path / "Copy.cypp")
        assert (title_in(plan_file), title_in(tmp_path / "Copy.cypp")) == ("First", "Second")


def test_who_writes_to_the_plan_on_another_thread_waits_for_a_save(
    make_window: Make, qtbot: QtBot, plan_file: Path, gate: Gate
) -> None:
    window = make_window()
    opened(qtbot, window, plan_file)
    document = begin_saving(window, gate)
    soon(gate)
    document.is_busy = True
    assert not document.is_saving
    document.publish_if_due()
    assert not document.is_saving
    document.is_busy = False


def test_what_others_saved_comes_in_while_the_person_works(
    make_window: Make, qtbot: QtBot, plan_file: Path, gate: Gate
) -> None:
    window = make_window()
    opened(qtbot, window, plan_file)
    document = begin_saving(window, gate, "Ours")
    gate.opened.clear()
    exchanged_by_another(plan_file, "Theirs", gate)
    set_introduction(document, "Ours too")
    with qtbot.waitSignal(document.published):
        gate.open()
    assert "needs a decision" in banner(window, "publish").text
    window.menus.actions["save"].trigger()
    document.finish_saving()
    assert introduction_in(plan_file) == "Ours too"
    [question] = questions_of_plan(document.plan)
    assert {side.value for side in question.sides} == {"Ours", "Theirs"}


def exchanged_by_another(path: Path, title: str, gate: Gate) -> None:
    """A colleague saves while ours is held at the gate: theirs goes through it first."""
    gate_of_ours, gate.opened = gate.opened, threading.Event()
    gate.opened.set()
    edit_elsewhere(path, title)
    gate.opened = gate_of_ours
    gate.open = gate_of_ours.set  # type: ignore[method-assign]


def test_the_other_side_of_a_conflict_is_named_and_no_temporary_of_ours(
    make_window: Make, qtbot: QtBot, plan_file: Path
) -> None:
    window = make_window()
    opened(qtbot, window, plan_file)
    edit_elsewhere(plan_file, "Theirs")
    retitle(window.document, "Ours")
    window.document.save()
    window.document.finish_saving()
    [batch] = batches(window.document.plan)
    said = report_of(window.document.editor.session.connection(), batch.step)
    assert said is not None
    [name] = [file["name"] for file in said["files"]]
    assert "Cath" in name and "theirs" not in name


# ---------------------------------------------------------------------- problems


def test_what_goes_wrong_beside_is_told_as_ever(
    make_window: Make, qtbot: QtBot, plan_file: Path, tmp_path: Path
) -> None:
    away = tmp_path / "share"
    away.mkdir()
    path = plan_file.rename(away / "Plan.cypp")
    window = make_window("keep")
    opened(qtbot, window, path)
    retitle(window.document, "Kept here")
    away.rename(tmp_path / "gone")
    with qtbot.waitSignal(window.document.publish_failed):
        window.document.publish_if_due()
    assert "could not be saved" in banner(window, "publish").text
    assert "not in the file" in window.status.state_text()
    window.banners.dismiss("publish")
    window.document.publish_if_due()
    window.document.finish_saving()
    assert "publish" not in window.banners.messages(), "told once where nobody asked"
    window.menus.actions["save"].trigger()
    window.document.finish_saving()
    assert "publish" in window.banners.messages(), "but always who asks"


@pytest.mark.parametrize("how", ["idle", "away", "save"])
def test_the_main_thread_asks_the_plans_disk_nothing(
    make_window: Make,
    qtbot: QtBot,
    plan_file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    how: str,
) -> None:
    folder = plan_file.parent / "share"
    folder.mkdir()
    path = plan_file.rename(folder / "Plan.cypp")
    window = make_window()
    opened(qtbot, window, path)
    monkeypatch.setattr(document_module, "AWAY", 1)
    share = AwayShare(folder, monkeypatch)
    document = window.document
    if how == "idle":
        document.set_idle_time(1)
    with qtbot.waitSignal(document.published):
        retitle(document, "Saved beside")
        if how == "away":
            document.publish_soon()
        elif how == "save":
            window.menus.actions["save"].trigger()
    assert share.askers and threading.main_thread() not in share.askers
    assert title_in(path) == "Saved beside"


def test_another_name_of_the_file_is_told_of_at_once(
    make_window: Make, qtbot: QtBot, plan_file: Path, tmp_path: Path
) -> None:
    (tmp_path / "Other name.cypp").hardlink_to(plan_file)
    window = make_window()
    opened(qtbot, window, plan_file)
    assert "has another name too" in banner(window, "another name").text
    retitle(window.document, "Parted")
    window.menus.actions["save"].trigger()
    window.document.finish_saving()
    assert "another name" not in window.banners.messages()
    assert "The two are parted now" in banner(window, "publish").text
    assert title_in(tmp_path / "Other name.cypp") == "A small plan"
