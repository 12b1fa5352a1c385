"""Boxes name what their buttons do, and give back what the person chose."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLineEdit, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from cypp_desktop.settings import Settings
from cypp_desktop.store.backups import Backup
from cypp_desktop.ui.backups_dialog import BackupsDialog
from cypp_desktop.ui.dialogs import Choice, Dialogs
from cypp_desktop.ui.preferences import PreferencesDialog
from tests.ui.scripted import nameless, unreachable

CHOICES = [Choice("copy", "Open a copy"), Choice("drop", "Drop my changes", destructive=True)]


class Hand(QObject):
    """Does something with the box that is open, as soon as it is."""

    def __init__(self, act: Callable[[QWidget], None]) -> None:
        super().__init__()
        self._act = act
        QTimer.singleShot(0, self._look)

    def _look(self) -> None:
        box = QApplication.activeModalWidget()
        if box is None:
            QTimer.singleShot(0, self._look)
        else:
            self._act(box)


def button(box: QWidget, label: str) -> QPushButton:
    return next(each for each in box.findChildren(QPushButton) if each.text().replace("&", "") == label)


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    return widget


@pytest.mark.parametrize(
    ("label", "answer"), [("Open a copy", "copy"), ("Drop my changes", "drop"), ("Cancel", None)]
)
def test_a_question_gives_the_choice_of_the_button(parent: QWidget, label: str, answer: str | None) -> None:
    hand = Hand(lambda box: button(box, label).click())
    assert Dialogs().ask(parent, "Open", "It is open elsewhere.", CHOICES) == answer
    hand.deleteLater()


def test_enter_takes_the_first_choice_and_escape_none(parent: QWidget, qtbot: QtBot) -> None:
    enter = Hand(lambda box: qtbot.keyClick(box, Qt.Key.Key_Return))
    assert Dialogs().ask(parent, "Open", "It is open elsewhere.", CHOICES) == "copy"
    escape = Hand(lambda box: qtbot.keyClick(box, Qt.Key.Key_Escape))
    assert Dialogs().ask(parent, "Open", "It is open elsewhere.", CHOICES) is None
    enter.deleteLater()
    escape.deleteLater()


def test_a_question_shows_its_words_as_they_are(parent: QWidget) -> None:
    seen: list[str] = []

    def read(box: QWidget) -> None:
        assert isinstance(box, QMessageBox)
        seen.extend([box.text(), box.informativeText()])
        box.reject()

    hand = Hand(read)
    Dialogs().ask(parent, "Open", "<b>words</b>", CHOICES, detail="a < b")
    assert seen == ["<b>words</b>", "a < b"]
    assert hand is not None


def test_being_told_something_needs_one_key(parent: QWidget, qtbot: QtBot) -> None:
    hand = Hand(lambda box: qtbot.keyClick(box, Qt.Key.Key_Return))
    Dialogs().tell(parent, "Saved", "It is saved beside the file.")
    assert hand is not None


def test_a_line_of_text_comes_back_trimmed(parent: QWidget) -> None:
    def type_and_accept(box: QWidget) -> None:
        assert isinstance(box, QDialog)
        box.findChildren(QLineEdit)[0].setText("  Priority 5 ")
        box.accept()

    hand = Hand(type_and_accept)
    assert Dialogs().ask_text(parent, "Name", "Name:", "old") == "Priority 5"
    refuse = Hand(lambda box: box.close() and None)
    assert Dialogs().ask_text(parent, "Name", "Name:", "old") is None
    assert hand is not refuse


def test_a_name_without_an_ending_gets_the_plans(parent: QWidget, tmp_path: Path) -> None:
    def name_it(box: QWidget) -> None:
        assert isinstance(box, QFileDialog)
        box.findChildren(QLineEdit)[0].setText("Our plan")
        box.accept()

    hand = Hand(name_it)
    given = Dialogs().save_file(parent, "Save", "Plans (*.cypp)", tmp_path / "Plan.cypp")
    assert given == tmp_path / "Our plan.cypp"
    assert hand is not None


def test_backing_out_of_a_file_box_gives_nothing(parent: QWidget, tmp_path: Path) -> None:
    for ask in (
        lambda: Dialogs().save_file(parent, "Save", "Plans (*.cypp)", tmp_path / "Plan.cypp"),
        lambda: Dialogs().open_file(parent, "Open", "Plans (*.cypp)", tmp_path),
        lambda: Dialogs().folder(parent, "Folder", tmp_path),
    ):
        hand = Hand(lambda box: box.close() and None)
        assert ask() is None
        hand.deleteLater()


def test_preferences_change_only_what_was_changed(qtbot: QtBot) -> None:
    settings = Settings(author="Ann", theme="dark", text_scale=130, reopen_last=False)
    dialog = PreferencesDialog(settings)
    qtbot.addWidget(dialog)
    before = Settings(**vars(settings))
    dialog.apply_to(settings)
    assert settings == before
    dialog.author.setText(" Bob ")
    dialog.theme.setCurrentIndex(dialog.theme.findData("light"))
    dialog.text_scale.setCurrentIndex(dialog.text_scale.findData(200))
    dialog.reopen_last.setChecked(True)
    dialog.apply_to(settings)
    assert (settings.author, settings.theme, settings.text_scale, settings.reopen_last) == (
        "Bob",
        "light",
        200,
        True,
    )


def backup(number: int, why: str) -> Backup:
    from datetime import datetime

    at = datetime(2018, 6, number, 14, 2).astimezone()
    return Backup(Path(f"{number}.cypp"), at, why, 4096 * number)


def test_backups_are_listed_with_when_why_and_size(qtbot: QtBot) -> None:
    dialog = BackupsDialog([backup(16, "saved"), backup(15, "before-revert")], can_restore=True)
    qtbot.addWidget(dialog)
    first = dialog.list.topLevelItem(0)
    assert first is not None
    assert first.text(0) == "16 June 2018, 14:02"
    assert first.text(1) == "Before the file was saved"
    assert first.text(2) == "64 KiB"
    assert dialog.chosen == backup(16, "saved")
    assert dialog.restore.isEnabled()


def test_without_backups_or_leave_nothing_can_be_put_back(qtbot: QtBot) -> None:
    for listed, allowed in (([], True), ([backup(1, "saved")], False)):
        dialog = BackupsDialog(listed, can_restore=allowed)
        qtbot.addWidget(dialog)
        assert not dialog.restore.isEnabled()


@pytest.mark.parametrize(
    "make",
    [lambda: PreferencesDialog(Settings()), lambda: BackupsDialog([backup(1, "saved")], can_restore=True)],
    ids=["preferences", "backups"],
)
def test_every_control_of_our_dialogs_has_a_name_and_is_reached(
    qtbot: QtBot, make: Callable[[], QDialog]
) -> None:
    dialog = make()
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitExposed(dialog)
    assert nameless(dialog) == []
    assert unreachable(dialog) == []
