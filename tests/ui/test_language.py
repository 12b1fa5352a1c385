"""The window speaks English and works, whatever language the computer is set to."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QSpinBox
from pytestqt.qtbot import QtBot

from cypp_desktop import ui


def test_numbers_are_written_as_the_words_around_them(qtbot: QtBot) -> None:
    assert QLocale().language() == QLocale.Language.English
    number = QSpinBox()
    qtbot.addWidget(number)
    number.setValue(17)
    assert number.text() == "17"


def test_no_property_whose_name_begins_with_i_is_given_by_keyword() -> None:
    """PySide looks for the setter with a capital letter, which in a Turkish session is İ, and fails."""
    keyword = re.compile(r"\bQ[A-Z]\w+\([^()\n]*\bi\w*=")
    package = Path(ui.__file__).parent
    found = [file.name for file in package.rglob("*.py") if keyword.search(file.read_text("utf-8"))]
    assert found == []
