"""A bug is shown plainly and logged without a word of the plan; what a person can mend is just said."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from cypp_desktop.bugs import log_file, trail
from cypp_desktop.errors import FileProblem
from cypp_desktop.ui.problem_reporter import BUG_WORDS, ProblemReporter

SECRET = "Family 12 moved to a refuge"


class Screen(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.shown: list[tuple[str, str]] = []

    def show_problem(self, kind: str, words: str) -> None:
        assert threading.current_thread() is threading.main_thread()
        self.shown.append((kind, words))


@pytest.fixture
def screen(qapp: object) -> Screen:
    return Screen()


@pytest.fixture
def reporter(screen: Screen) -> Iterator[ProblemReporter]:
    hooks = sys.excepthook, threading.excepthook
    made = ProblemReporter(screen.show_problem, screen)
    made.install()
    yield made
    made.close_log()
    sys.excepthook, threading.excepthook = hooks


def fail(words: str) -> None:
    try:
        {}[words]
    except KeyError as problem:
        raise ValueError(f"cannot place {words}") from problem


def test_a_bug_is_shown_in_plain_words_and_logged_without_the_plans(
    reporter: ProblemReporter, screen: Screen, qtbot: QtBot
) -> None:
    try:
        fail(SECRET)
    except ValueError as problem:
        sys.excepthook(type(problem), problem, problem.__traceback__)
    qtbot.waitUntil(lambda: bool(screen.shown))
    assert screen.shown == [("problem", BUG_WORDS)]
    logged = log_file().read_text(encoding="utf-8")
    assert SECRET not in logged
    for part in ("ValueError", "KeyError", "fail:"):
        assert part in logged


def test_what_a_person_can_mend_is_said_and_not_logged(
    reporter: ProblemReporter, screen: Screen, qtbot: QtBot
) -> None:
    problem = FileProblem("The disk is full. Free some space.")
    sys.excepthook(FileProblem, problem, None)
    qtbot.waitUntil(lambda: bool(screen.shown))
    assert screen.shown == [("warning", "The disk is full. Free some space.")]
    assert not log_file().exists()


def test_a_bug_in_another_thread_is_shown_on_the_main_one(
    reporter: ProblemReporter, screen: Screen, qtbot: QtBot
) -> None:
    thread = threading.Thread(target=fail, args=(SECRET,))
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: bool(screen.shown))
    assert screen.shown == [("problem", BUG_WORDS)]
    assert SECRET not in log_file().read_text(encoding="utf-8")


def test_the_trail_names_code_and_kinds_only() -> None:
    with pytest.raises(ValueError, match="cannot place") as raised:
        fail(SECRET)
    found = trail(raised.value)
    assert SECRET not in found
    assert found.splitlines()[0] == "ValueError"
    assert "KeyError" in found


def test_a_log_that_cannot_be_written_hides_no_bug(
    reporter: ProblemReporter, screen: Screen, qtbot: QtBot, own_home: object
) -> None:
    log_file().mkdir(parents=True)
    reporter.report(ValueError(SECRET))
    qtbot.waitUntil(lambda: bool(screen.shown))
    assert screen.shown == [("problem", BUG_WORDS)]
