"""Long work runs beside the window, reports, stops when asked, and gives its result on the main thread."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QObject, QThread
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from cypp_desktop.operations.progress import Progress
from cypp_desktop.ui.status import StatusLine
from cypp_desktop.ui.tasks import Task, Tasks


class Receiver(QObject):
    """Keeps what it was given, and on which thread."""

    def __init__(self) -> None:
        super().__init__()
        self.got: list[tuple[str, Any]] = []
        self.threads: set[threading.Thread] = set()

    def _take(self, how: str, what: Any) -> None:
        self.got.append((how, what))
        self.threads.add(threading.current_thread())

    def done(self, result: Any) -> None:
        self._take("done", result)

    def failed(self, problem: Exception) -> None:
        self._take("failed", problem)

    def cancelled(self) -> None:
        self._take("cancelled", None)

    def progressed(self, done: int, total: int, words: str) -> None:
        self._take("progress", (done, total, words))


@pytest.fixture
def receiver(qapp: object) -> Receiver:
    return Receiver()


@pytest.fixture
def tasks(qtbot: QtBot) -> Any:
    made = Tasks()
    yield made
    made.stop_all()


def until_stopped(started: threading.Event) -> Callable[[Progress], None]:
    """Work that goes on for as long as it is allowed to."""

    def work(progress: Progress) -> None:
        while True:
            progress.report(1, 2, "half way")
            started.set()

    return work


def test_the_result_arrives_on_the_main_thread(tasks: Tasks, receiver: Receiver, qtbot: QtBot) -> None:
    tasks.start("Count", lambda progress: QThread.currentThread().isMainThread(), receiver.done)
    qtbot.waitUntil(lambda: bool(receiver.got))
    assert receiver.got == [("done", False)]
    assert receiver.threads == {threading.main_thread()}


def test_progress_arrives_in_order_and_before_the_result(
    tasks: Tasks, receiver: Receiver, qtbot: QtBot
) -> None:
    go = threading.Event()

    def work(progress: Progress) -> str:
        assert go.wait(5)
        for step in range(3):
            progress.report(step, 3, "step")
        return "end"

    task = tasks.start("Steps", work, receiver.done)
    task.progressed.connect(receiver.progressed)
    go.set()
    qtbot.waitUntil(lambda: ("done", "end") in receiver.got)
    assert [what for how, what in receiver.got if how == "progress"] == [(i, 3, "step") for i in range(3)]
    assert receiver.got[-1] == ("done", "end")


def test_cancelled_work_stops_and_says_so(tasks: Tasks, receiver: Receiver, qtbot: QtBot) -> None:
    started = threading.Event()
    task = tasks.start("Long", until_stopped(started), receiver.done, cancelled=receiver.cancelled)
    assert started.wait(5)
    task.cancel()
    qtbot.waitUntil(lambda: bool(receiver.got))
    assert receiver.got == [("cancelled", None)]
    assert tasks.running == ()


def test_a_failure_goes_to_who_asked(tasks: Tasks, receiver: Receiver, qtbot: QtBot) -> None:
    problem = ValueError("no")

    def work(progress: Progress) -> None:
        raise problem

    tasks.start("Fail", work, receiver.done, failed=receiver.failed)
    qtbot.waitUntil(lambda: bool(receiver.got))
    assert receiver.got == [("failed", problem)]


def test_a_failure_nobody_asked_for_is_raised_on_the_main_thread(
    tasks: Tasks, receiver: Receiver, qtbot: QtBot
) -> None:
    def work(progress: Progress) -> None:
        raise ValueError("no")

    with qtbot.captureExceptions() as raised:
        tasks.start("Fail", work, receiver.done)
        qtbot.waitUntil(lambda: bool(raised))
    assert [str(each[1]) for each in raised] == ["no"]


def test_only_bound_methods_of_main_thread_objects_are_told(tasks: Tasks, receiver: Receiver) -> None:
    class Plain:
        def done(self, result: object) -> None:
            """Not a QObject: Qt could not move the call to the main thread."""

    for callback in (lambda result: None, Plain().done, print):
        with pytest.raises(TypeError):
            tasks.start("Wrong", lambda progress: None, callback)
    assert tasks.running == ()


def test_closing_waits_until_all_work_has_stopped(tasks: Tasks, receiver: Receiver, qtbot: QtBot) -> None:
    started = threading.Event()
    tasks.start("Long", until_stopped(started), receiver.done)
    assert started.wait(5)
    tasks.stop_all()
    qtbot.waitUntil(lambda: tasks.running == ())
    assert receiver.got == []


def test_the_status_line_shows_work_and_its_cancel_stops_it(
    tasks: Tasks, receiver: Receiver, qtbot: QtBot
) -> None:
    line = StatusLine(tasks)
    qtbot.addWidget(line)
    line.show()
    (cancel,) = line.findChildren(QPushButton)
    assert not cancel.isVisible()
    started = threading.Event()
    tasks.start("Printing", until_stopped(started), receiver.done, cancelled=receiver.cancelled)
    assert cancel.isVisible()
    assert cancel.accessibleName() == "Cancel: Printing"
    qtbot.waitUntil(lambda: line.work_text() == "Printing: half way")
    cancel.click()
    assert not cancel.isEnabled()
    qtbot.waitUntil(lambda: bool(receiver.got))
    assert receiver.got == [("cancelled", None)]
    qtbot.waitUntil(lambda: not cancel.isVisible())


def test_quiet_work_and_work_that_must_end_show_no_cancel(
    tasks: Tasks, receiver: Receiver, qtbot: QtBot
) -> None:
    line = StatusLine(tasks)
    qtbot.addWidget(line)
    line.show()
    (cancel,) = line.findChildren(QPushButton)
    go = threading.Event()
    tasks.start("Quiet", lambda progress: go.wait(5), receiver.done, quiet=True)
    assert line.work_text() == ""
    tasks.start("Must end", lambda progress: go.wait(5), receiver.done, can_cancel=False)
    assert line.work_text() == "Must end"
    assert not cancel.isVisible()
    go.set()
    qtbot.waitUntil(lambda: len(receiver.got) == 2)


def test_a_task_tells_its_title(tasks: Tasks, receiver: Receiver, qtbot: QtBot) -> None:
    told: list[Task] = []
    tasks.started.connect(told.append)
    task = tasks.start("Import", lambda progress: None, receiver.done)
    assert (told, task.title) == ([task], "Import")
    qtbot.waitUntil(lambda: bool(receiver.got))
