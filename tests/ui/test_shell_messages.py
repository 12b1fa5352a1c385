"""The message bar and the line at the foot of the window."""

from __future__ import annotations

from datetime import datetime

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QLabel, QToolButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from cypp_desktop.ui import theme
from cypp_desktop.ui.banner import Banner, BannerAction, BannerArea
from cypp_desktop.ui.status import FileState, clock_words, moment_words, state_words
from cypp_desktop.ui.theme import Theme

NOON = datetime(2018, 6, 15, 12, 0)
AT_TWO = datetime(2018, 6, 15, 14, 2)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (FileState(), "✓ All changes in the file"),
        (FileState(published_at=AT_TWO), "✓ All changes kept on this laptop · file published 14:02"),
        (FileState(unpublished=True), "✓ All changes kept on this laptop · not yet in the file"),
        (
            FileState(unpublished=True, published_at=AT_TWO),
            "✓ All changes kept on this laptop · not yet in the file (published 14:02)",
        ),
        (
            FileState(unpublished=True, recovered=True),
            "✓ Recovered work · All changes kept on this laptop · not yet in the file",
        ),
        (FileState(read_only=True), "Read-only · this file can’t be written"),
        (FileState(read_only=True, unpublished=True), "Read-only · changes kept on this laptop only"),
        (
            FileState(unpublished=True, problem="The disk is full"),
            "⚠ Changes kept on this laptop · not in the file: The disk is full",
        ),
        (FileState(unpublished=True, has_file=False), "✓ Kept on this laptop · no file yet: File, Save as"),
    ],
)
def test_the_state_is_said_in_words(state: FileState, words: str) -> None:
    assert state_words(state, AT_TWO) == words


def test_a_moment_of_another_day_has_its_date() -> None:
    assert clock_words(AT_TWO, NOON) == "14:02"
    assert moment_words(AT_TWO, NOON) == "at 14:02"
    assert moment_words(AT_TWO, datetime(2018, 6, 16, 9, 0)) == "on 15 June 2018, 14:02"
    assert clock_words(AT_TWO, datetime(2018, 6, 16, 9, 0)) == "15 June 2018, 14:02"


@pytest.fixture
def area(qtbot: QtBot) -> BannerArea:
    made = BannerArea()
    qtbot.addWidget(made)
    return made


def test_a_newer_message_on_a_matter_takes_the_place_of_the_older(area: BannerArea) -> None:
    area.show_message("info", "First", about="file")
    area.show_message("info", "Another thing", about="other")
    area.show_message("problem", "Second", about="file")
    assert [(about, shown.text) for about, shown in area.messages().items()] == [
        ("other", "Another thing"),
        ("file", "Second"),
    ]


def test_messages_take_no_room_once_they_are_put_away(area: BannerArea, qtbot: QtBot) -> None:
    message = area.show_message("info", "Look here")
    assert area.isVisible()
    qtbot.keyClick(message, Qt.Key.Key_Escape)
    assert not area.isVisible()
    again = area.show_message("info", "Look here")
    again.findChildren(QToolButton)[0].click()
    assert area.messages() == {}


def test_a_long_message_takes_as_many_lines_as_it_needs(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    area = BannerArea()
    column.addWidget(area)
    column.addStretch(1)
    window.resize(500, 500)
    window.show()
    long = area.show_message("info", "Many words " * 30, about="length")
    qtbot.waitUntil(lambda: long.height() > 5 * long.fontMetrics().lineSpacing())
    words = long.findChildren(QLabel)[1]
    needed = words.fontMetrics().boundingRect(
        QRect(0, 0, words.width(), 10_000), Qt.TextFlag.TextWordWrap, words.text()
    )
    assert words.height() >= needed.height()


def test_a_button_does_what_it_says_and_closes_its_message_only_if_meant_to(area: BannerArea) -> None:
    done: list[str] = []
    actions = [
        BannerAction("Stay", lambda: done.append("stay"), closes=False),
        BannerAction("Go", lambda: done.append("go")),
    ]
    message = area.show_message("warning", "Choose", actions)
    message.buttons["Stay"].click()
    assert area.messages()
    message.buttons["Go"].click()
    assert done == ["stay", "go"]
    assert not area.messages()


def test_an_action_can_show_the_next_message_on_the_same_matter(area: BannerArea) -> None:
    def answer() -> None:
        area.show_message("done", "Done", about="file")

    message = area.show_message("warning", "Shall I?", [BannerAction("Do it", answer)], about="file")
    message.buttons["Do it"].click()
    assert [shown.text for shown in area.messages().values()] == ["Done"]


@pytest.mark.parametrize("kind", ["info", "done", "warning", "problem"])
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_words_can_be_read_on_the_ground_of_every_message(
    qtbot: QtBot, appearance: Theme, kind: str, mode: str
) -> None:
    appearance.apply(mode, 100)
    message = Banner(kind, "Words", [])
    qtbot.addWidget(message)
    ground = message.palette().color(message.backgroundRole()).name()
    text = message.palette().color(message.foregroundRole()).name()
    assert theme.contrast(ground, text) >= 7
    assert message.accessibleName().endswith(": Words")


def test_a_message_follows_a_change_of_theme(area: BannerArea, appearance: Theme, qtbot: QtBot) -> None:
    message = area.show_message("warning", "Words")
    appearance.apply("dark", 100)
    dark = theme.DARK.warning_ground
    qtbot.waitUntil(lambda: message.palette().color(message.backgroundRole()).name() == dark)
    assert theme.is_dark(message.palette())
