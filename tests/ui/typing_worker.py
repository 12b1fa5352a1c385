"""A process to be killed: the real window, in which keys are pressed without a pause.

Run as ``python -m tests.ui.typing_worker PLAN.cypp WHERE``. Prints ``typing`` when it begins, then a line
``key MOMENT`` after each key: the moment of the machine's monotonic clock, in seconds. What is typed are the
words of `words_typed`, so that any beginning of them can be told.
"""

from __future__ import annotations

import itertools
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from cypp_desktop.settings import Settings
from cypp_desktop.store.addresses import row_at
from cypp_desktop.ui.main_window import MainWindow
from cypp_desktop.ui.real_parts import real_parts
from cypp_desktop.ui.signals import EndingSignals
from cypp_desktop.ui.theme import Theme
from tests.ui.panel_plans import field, show

#: Between two keys, in milliseconds: as fast as a hand types, and faster than any pause.
BETWEEN = 25
#: Until the window shows its first row, in milliseconds.
SETTLING = 200


def words_typed(count: int) -> str:
    """The first so many letters that are typed."""
    return "".join(itertools.islice(itertools.cycle("abcdefghijklmnopqrstuvwxyz"), count))


def update_text(window: Any) -> QWidget:
    show(window.panels, "1/1a/i")
    area: QWidget = window.panels.panel.pages.turn_to("update").editors[0].text.input.area
    return area


def title_in_tree(window: Any) -> QWidget:
    row = row_at(window.document.editor.session, "1/1a/i")
    window.tree.select_row(row.row_type, row.id)
    window.tree.commands.edit_title()
    found = window.tree.rows.findChild(QLineEdit)
    assert isinstance(found, QWidget)
    return found


def cell_of_values(window: Any) -> QWidget:
    show(window.panels, "1/1a/i")
    table = window.panels.panel.pages.turn_to("values").table
    index = table.values.index(0, 1)
    table.setCurrentIndex(index)
    table.edit(index)
    opened: QWidget = table.cells.open_input
    return opened


def organisation(window: Any) -> QWidget:
    show(window.panels, "1/1a/i")
    window.panels.panel.edit_leads()
    line: QLineEdit = field(window.panels, "lead.organisation_id").input
    return line


#: Where is typed: what puts the cursor there.
PLACES: dict[str, Callable[[Any], QWidget]] = {
    "update": update_text,
    "title": title_in_tree,
    "cell": cell_of_values,
    "organisation": organisation,
}


def main(plan: Path, where: str) -> int:
    app = QApplication([])
    window = MainWindow(real_parts(), Settings(author="Ann"), Theme(app))
    window.show_start_page()
    window.show()
    keys = QTimer(window, interval=BETWEEN)
    count = 0
    inputs: list[Any] = []

    def press() -> None:
        nonlocal count
        count += 1
        if count == 1:  # what is there is typed over
            inputs[0].selectAll()
        QTest.keyClick(inputs[0], words_typed(count)[-1])
        os.write(1, f"key {time.monotonic()}\n".encode())

    def begin() -> None:
        inputs.append(PLACES[where](window))
        inputs[0].setFocus()
        os.write(1, b"typing\n")
        keys.start()

    keys.timeout.connect(press)
    window.opening_ended.connect(lambda well: QTimer.singleShot(SETTLING, begin))
    EndingSignals(app).wanted.connect(window.end)
    window.open_plan(plan)
    return app.exec()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
