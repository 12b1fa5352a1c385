"""What tests of the print place share: a plan of several pages, waiting for pages, reading them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from cypp_desktop.plan.model import Measure, Update, UpdateMeasure
from cypp_desktop.store.plan_file import OpenPlan
from cypp_desktop.ui.printing.page import PrintPage
from cypp_desktop.ui.printing.printer import OpenedPdf
from cypp_desktop.ui.real_parts import real_parts

PARTS = real_parts()


def longer(path: Path, count: int = 60) -> None:
    """Give the first measure of a plan an update that takes several pages."""
    with OpenPlan.open(path, author="Ann") as plan:
        with plan.editor.step("Write") as session:
            measure = session.scalars(select(Measure).order_by(Measure.sort_key)).first()
            assert measure is not None
            text = "\n\n".join(f"Line {number} of what was done this year." for number in range(count))
            update = Update(text=text, sort_key="a", outcome=measure.outcome)
            session.add(update)
            session.add(UpdateMeasure(update=update, measure=measure))
        plan.publish()


def drawn(qtbot: QtBot, place: PrintPage) -> None:
    """Wait until the pages shown are those of the plan as it is."""
    qtbot.waitUntil(place.print.isEnabled, timeout=20_000)


def shown_words(place: PrintPage) -> str:
    """All words of the pages shown."""
    document = place.preview.document()
    return "\n".join(document.getAllText(page).text() for page in range(document.pageCount()))


def choose(qtbot: QtBot, box: QComboBox, words: str) -> None:
    """Go to a choice with the arrow keys."""
    box.setFocus()
    down = box.findText(words) > box.currentIndex()
    while box.currentText() != words:
        qtbot.keyClick(box, Qt.Key.Key_Down if down else Qt.Key.Key_Up)


def words_of(data: bytes) -> str:
    with OpenedPdf(data) as pages:
        return "\n".join(pages.document.getAllText(page).text() for page in range(pages.document.pageCount()))


def drawn_again(qtbot: QtBot, place: PrintPage, words: str) -> None:
    """Wait until the pages with these words are shown."""
    qtbot.waitUntil(lambda: place.print.isEnabled() and words in shown_words(place), timeout=20_000)
