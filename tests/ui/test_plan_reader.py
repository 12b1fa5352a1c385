"""A part of the window reads the open plan beside it: what was asked for last is what it gets."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from cypp_desktop.operations.progress import Progress
from cypp_desktop.store.disk import connect
from cypp_desktop.store.plan_file import OpenPlan
from cypp_desktop.ui.document import PlanDocument
from cypp_desktop.ui.plan_reader import PlanReader
from cypp_desktop.ui.tasks import Tasks
from tests.ui.simple_parts import retitle


class Listener(QObject):
    """Keeps what a reader told."""

    def __init__(self, reader: PlanReader) -> None:
        super().__init__()
        self.heard: list[tuple[str, Any]] = []
        reader.due.connect(self.due)
        reader.found.connect(self.found)
        reader.failed.connect(self.failed)
        reader.stopped.connect(self.stopped)

    def due(self) -> None:
        self.heard.append(("due", None))

    def found(self, what: object) -> None:
        self.heard.append(("found", what))

    def failed(self, problem: Exception) -> None:
        self.heard.append(("failed", str(problem)))

    def stopped(self) -> None:
        self.heard.append(("stopped", None))


class Held:
    """Work that has begun and goes on until it may end, whether or not it is asked to stop."""

    def __init__(self, end: Callable[[], object]) -> None:
        self.begun, self.may_end = threading.Event(), threading.Event()
        self._end = end

    def __call__(self, progress: Progress) -> object:
        self.begun.set()
        assert self.may_end.wait(10)
        return self._end()


def gives(result: object) -> Callable[[Progress], object]:
    return lambda progress: result


def broken() -> object:
    raise ValueError("broken")


@pytest.fixture
def tasks(qtbot: QtBot) -> Iterator[Tasks]:
    made = Tasks()
    yield made
    made.stop_all()


@pytest.fixture
def reader(tasks: Tasks) -> PlanReader:
    return PlanReader(tasks, "Reading", tasks)


@pytest.fixture
def heard(reader: PlanReader) -> Iterator[list[tuple[str, Any]]]:
    listener = Listener(reader)
    yield listener.heard
    listener.deleteLater()


@pytest.fixture
def document(qtbot: QtBot, plan_file: Path) -> Iterator[PlanDocument]:
    made = PlanDocument(OpenPlan.open(plan_file, author="Ann"))
    yield made
    with contextlib.suppress(Exception):
        made.discard()


# ------------------------------------------------------------------ the newest request


def test_it_gives_what_was_read(reader: PlanReader, heard: list[Any], qtbot: QtBot) -> None:
    reader.ask(gives("words"))
    assert reader.is_reading
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == [("found", "words")]
    assert not reader.is_reading


def test_what_is_asked_last_is_all_that_is_heard(
    reader: PlanReader, tasks: Tasks, heard: list[Any], qtbot: QtBot
) -> None:
    first = Held(lambda: "first")
    reader.ask(first)
    assert first.begun.wait(5)
    reader.ask(gives("second"))
    reader.ask(gives("third"))
    assert len(tasks.running) == 1, "one reading at a time"
    first.may_end.set()
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == [("found", "third")]
    assert tasks.running == ()


def test_an_error_of_what_is_not_wanted_any_more_is_not_heard(
    reader: PlanReader, heard: list[Any], qtbot: QtBot
) -> None:
    first = Held(broken)
    reader.ask(first)
    assert first.begun.wait(5)
    reader.ask(gives("second"))
    first.may_end.set()
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == [("found", "second")]


def test_nothing_is_heard_of_what_was_given_up(
    reader: PlanReader, tasks: Tasks, heard: list[Any], qtbot: QtBot
) -> None:
    given_up = Held(broken)
    reader.ask(given_up)
    assert given_up.begun.wait(5)
    reader.give_up()
    assert not reader.is_reading
    given_up.may_end.set()
    qtbot.waitUntil(lambda: tasks.running == ())
    assert heard == []
    reader.ask(gives("anew"))
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == [("found", "anew")]


def test_an_error_is_told_and_what_is_shown_counts_as_outdated(
    reader: PlanReader, heard: list[Any], qtbot: QtBot
) -> None:
    reader.ask(lambda progress: broken())
    assert not reader.is_outdated
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == [("failed", "broken")]
    assert reader.is_outdated


def test_who_stops_it_in_the_state_line_is_answered(
    reader: PlanReader, tasks: Tasks, heard: list[Any], qtbot: QtBot
) -> None:
    begun = threading.Event()

    def work(progress: Progress) -> None:
        while True:
            begun.set()
            progress.check()

    reader.ask(work, quiet=False)
    assert begun.wait(5)
    tasks.running[0].cancel()
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == [("stopped", None)]


def test_what_hangs_keeps_no_other_plan_waiting(tasks: Tasks, document: PlanDocument, qtbot: QtBot) -> None:
    """A share hangs while files of one plan are looked at; then another plan is opened in the window."""
    owner = QObject()
    reader = PlanReader(tasks, "Looking at the files", owner, may_hang=True)
    listener = Listener(reader)
    heard = listener.heard
    hanging = Held(lambda: "of the first plan")
    reader.ask(hanging)
    assert hanging.begun.wait(5)
    reader.follow(document)
    reader.ask(gives("of the second plan"))
    try:
        qtbot.waitUntil(lambda: bool(heard))
        assert heard == [("found", "of the second plan")]
        assert len(tasks.running) == 1, "the first still hangs"
    finally:
        hanging.may_end.set()
    qtbot.waitUntil(lambda: tasks.running == ())
    assert heard == [("found", "of the second plan")]
    assert not reader.is_reading


# ------------------------------------------------------------------ the plan


def test_the_file_is_not_swapped_before_it_is_let_go_of(
    reader: PlanReader, document: PlanDocument, heard: list[Any], tasks: Tasks, qtbot: QtBot
) -> None:
    """The plan goes back to what its file holds, while it is read on another thread."""
    retitle(document, "Edited")
    access, inside, titles = document.access, threading.Event(), []
    is_closing = threading.Event()

    def read(plan: OpenPlan) -> None:
        inside.set()
        assert is_closing.wait(10)
        with contextlib.closing(connect(plan.working.path)) as db:
            titles.append(db.execute("SELECT title FROM plan").fetchone()[0])

    def tell_when_closing() -> None:
        while not access.is_closed:
            pass
        is_closing.set()

    reader.follow(document)
    reader.ask(lambda progress: access.read(read, progress))
    assert inside.wait(5)
    threading.Thread(target=tell_when_closing, daemon=True).start()
    document.replaced.connect(lambda: reader.follow(document))
    document.revert()
    assert titles == ["Edited"], "read to the end before anything was swapped"
    assert document.title == "A small plan"
    assert document.access is not access
    qtbot.waitUntil(lambda: tasks.running == ())
    assert not any(how == "found" for how, _ in heard)


def test_a_plan_closed_while_it_is_read_is_heard_of_no_more(
    reader: PlanReader, document: PlanDocument, heard: list[Any], tasks: Tasks, qtbot: QtBot
) -> None:
    first = Held(lambda: "first")
    reader.follow(document)
    reader.ask(first)
    assert first.begun.wait(5)
    reader.ask(lambda progress: document.access.read(lambda plan: "of a closed plan", progress))
    reader.follow(None)
    document.discard()
    first.may_end.set()
    qtbot.waitUntil(lambda: tasks.running == ())
    assert heard == []


def test_closing_the_window_does_not_wait_for_what_may_hang(tasks: Tasks, qtbot: QtBot) -> None:
    reader = PlanReader(tasks, "Looking at a share", tasks, may_hang=True)
    hanging = Held(lambda: "too late")
    reader.ask(hanging)
    assert hanging.begun.wait(5)
    tasks.stop_all()
    hanging.may_end.set()
    qtbot.waitUntil(lambda: tasks.running == ())


# ------------------------------------------------------------------ when to read


def test_reading_is_due_a_moment_after_changes_and_only_once(
    reader: PlanReader, document: PlanDocument, heard: list[Any], qtbot: QtBot
) -> None:
    reader.pause = 20
    reader.follow(document)
    for number in range(5):
        retitle(document, f"Name {number}")
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == [("due", None)]


def test_out_of_view_nothing_is_due_until_it_is_seen_again(
    tasks: Tasks, document: PlanDocument, qtbot: QtBot
) -> None:
    view = QWidget()
    qtbot.addWidget(view)
    reader = PlanReader(tasks, "Reading", view, view=view, pause=0)
    listener = Listener(reader)
    heard = listener.heard
    reader.follow(document)
    retitle(document, "Unseen")
    assert not reader._timer.isActive()
    view.show()
    qtbot.waitUntil(lambda: bool(heard))
    reader.ask(gives("words"))
    qtbot.waitUntil(lambda: heard == [("due", None), ("found", "words")])
    view.hide()
    view.show()
    assert not reader._timer.isActive(), "nothing has changed since"


def test_nothing_is_read_while_another_thread_writes(
    reader: PlanReader, document: PlanDocument, heard: list[Any], qtbot: QtBot
) -> None:
    reader.pause = 0
    document.is_busy = True
    reader.follow(document)
    qtbot.waitUntil(lambda: reader._timer.isActive() and reader._timer.interval() > 0)
    assert heard == []
    document.is_busy = False
    qtbot.waitUntil(lambda: heard == [("due", None)])
