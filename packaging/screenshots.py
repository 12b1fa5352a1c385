"""Take the pictures of the README from the real window, offscreen: `python3 packaging/dev.py screenshots`.

The window is driven as a person would drive it, on a fresh copy of the sample plan and with an empty
home. The font is the one that comes with the application, so that the pictures are the same everywhere.
Names of pictures may be given to take only those.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any, cast

import docx
from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QTabBar, QWidget
from sqlalchemy import select

from cypp_desktop import paths, settings
from cypp_desktop.command_line.main import run as run_command
from cypp_desktop.merge.issue import finish
from cypp_desktop.plan.model import Measure
from cypp_desktop.store.addresses import row_at
from cypp_desktop.store.commands import set_update_text
from cypp_desktop.store.plan_file import OpenPlan
from cypp_desktop.store.queries import current_round, update_of
from cypp_desktop.ui.dialogs import Dialogs
from cypp_desktop.ui.main_window import MainWindow
from cypp_desktop.ui.real_parts import real_parts
from cypp_desktop.ui.theme import Theme

PICTURES = Path(__file__).resolve().parent / "screenshots"
SIZE = (1280, 800)
DIALOG = (1060, 680)
#: What partners say of measures in the returns that came back: who, of which measure, instead of what.
SENT_BACK = (
    ("City Clinical Commissioning Group", "1/1a/i", "17.2%", "16.9%"),
    ("City Council", "1/1a/i", "17.2% of mothers", "17.4% of all mothers"),
    ("City Council", "1/1a/iii", "48.4%", "48.9%"),
    ("Police", "1/1d/ii", "", "- The count for the last quarter is not in yet."),
)
#: Who of them has not finished yet.
BEGUN = "Police"
LONG_UPDATE = "Number of referrals to the behavioural"
ADDRESS = "1/1c/ii"
#: What happened to the measure before the pictures, for its history: who, which field, what it became.
EDITS = (
    ("Children’s mental health commissioner", "definition", "Referrals accepted, by the day of receipt."),
    ("Policy officer", "polarity", "higher"),
    ("Policy officer", "definition", "Referrals received, whether or not they are accepted."),
)
SETTLED = 400  # milliseconds in which the window comes to rest


class PicturingDialogs(Dialogs):
    """Takes the picture of each dialog in place of waiting for a person, and answers with a given file."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.name = ""

    def open_file(self, parent: QWidget | None, title: str, kinds: str, folder: Path) -> Path | None:
        """The given file."""
        return self.file

    def run(self, dialog: QDialog) -> bool:
        """Show the dialog, take its picture and put it away."""
        dialog.show()
        dialog.resize(*DIALOG)
        settle()
        take(dialog, self.name)
        dialog.reject()
        return False


class Studio:
    """A window on a fresh copy of the sample plan, and what a person does in it."""

    def __init__(self, application: QApplication, folder: Path) -> None:
        self.plan = folder / "Children and young people's plan 2018.cypp"
        if run_command(["new", str(self.plan), "--sample", "city"]) != 0:
            raise SystemExit("The sample plan could not be made.")
        for author, field, value in EDITS:
            run_command(["set", str(self.plan), ADDRESS, field, value, "--as", author])
        self.sent = folder / "Returns"
        self.sent.mkdir()
        self._send_out()
        source = folder / "Action plan.docx"
        word_document(source)
        self.dialogs = PicturingDialogs(source)
        kept = settings.Settings(author="Policy officer", theme=settings.ColourScheme.LIGHT)
        kept.remember_file(folder / "Delivery plan 2016.cypp")
        kept.remember_file(self.plan)
        self.appearance = Theme(application)
        self.appearance.apply(settings.ColourScheme.LIGHT, 100)
        self.window = MainWindow(real_parts(), kept, self.appearance, dialogs=self.dialogs)
        self.window.resize(*SIZE)
        self.window.show_start_page()
        self.window.show()
        settle()

    def _send_out(self) -> None:
        """Returns for some organisations, in which each has said something."""
        due = (date.today() + timedelta(days=30)).isoformat()
        for organisation in dict.fromkeys(who for who, *_ in SENT_BACK):
            with redirect_stdout(StringIO()):
                run_command(
                    ["issue", str(self.plan), "--to", organisation, "-o", str(self.sent), "--due", due]
                )
        for organisation, address, old, new in SENT_BACK:
            for file in self.sent.iterdir():
                with OpenPlan.open(file, author=organisation) as sent:
                    if sent.editor.meta("organisation") != organisation:
                        continue
                    measure = row_at(sent.editor.session, address)
                    assert isinstance(measure, Measure)
                    round_ = current_round(sent.editor.session)
                    update = update_of(measure, round_)
                    text = update.text if update else ""
                    said = text.replace(old, new, 1) if old else f"{text.rstrip()}\n{new}"
                    set_update_text(sent.editor, measure, round_, said)
                    if organisation == BEGUN:
                        sent.publish()
                    else:
                        finish(sent)

    def open_plan(self) -> None:
        """Open the plan, if it is not open yet, and stand on a measure with a long update."""
        if self.window.document is None:
            waiting = QEventLoop()
            self.window.opening_ended.connect(waiting.quit)
            self.window.open_plan(self.plan)
            waiting.exec()
        self.go_to_measure()

    def go_to_measure(self) -> None:
        """Select the measure with the long update, in tree and panel."""
        document = self.window.document
        assert document is not None
        wanted = select(Measure.id).where(Measure.title.startswith(LONG_UPDATE))
        self.window.go_to("measure", document.editor.session.scalars(wanted).one())
        settle()

    def show_tab(self, words: str) -> None:
        """Choose a tab of the panel by what stands on it."""
        for tabs in self.window.findChildren(QTabBar):
            for number in range(tabs.count()):
                if tabs.isVisible() and words in tabs.tabText(number).replace("&", ""):
                    tabs.setCurrentIndex(number)
        settle()


@contextmanager
def plans_folder() -> Iterator[Path]:
    """A folder of a plain name, for it is seen in the pictures; gone afterwards."""
    folder = Path(tempfile.gettempdir()) / "Plans"
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def settle() -> None:
    """Let the window finish what it has begun."""
    waiting = QEventLoop()
    QTimer.singleShot(SETTLED, waiting.quit)
    waiting.exec()


def take(widget: QWidget, name: str) -> None:
    """Write the picture of a window or dialog."""
    file = PICTURES / f"{name}.png"
    if not widget.grab().save(str(file)):
        raise SystemExit(f"{file} could not be written.")
    print(file)


def word_document(file: Path) -> None:
    """A small action plan as a council writes it in Word, to be imported."""
    rows = (
        ("1a: A good start", "i) Mothers who breastfeed at 6 to 8 weeks", "Train supporters", "Council"),
        ("1a: A good start", "ii) Women who smoke at delivery", "Offer carbon monoxide tests", "CCG"),
        ("1b: Active children", "i) Year 6 children who are obese", "Walk to school in every ward", "TBC"),
    )
    document = docx.Document()
    document.add_heading("Priority 1. Health and wellbeing", level=1)
    table = document.add_table(rows=1, cols=4)
    heads = ("Outcomes", "Performance measures", "Key actions", "Lead organisation")
    for words, cells in ((heads, table.rows[0].cells), *((row, table.add_row().cells) for row in rows)):
        for cell, word in zip(cells, words, strict=True):
            cell.text = word
    document.save(str(file))


def start(studio: Studio) -> None:
    """The first start."""
    take(studio.window, "start")


def measure(studio: Studio) -> None:
    """Tree, and panel of a measure with a long update."""
    studio.open_plan()
    take(studio.window, "measure")


def history(studio: Studio) -> None:
    """Who changed what, and when."""
    studio.open_plan()
    studio.show_tab("History")
    take(studio.window, "history")
    studio.show_tab("Update")


def returns(studio: Studio) -> None:
    """What was asked of whom, and what has come back."""
    studio.open_plan()
    studio.window.show_page("returns")
    settle()
    take(studio.window, "returns")


def review(studio: Studio) -> None:
    """What came back beside what the plan says, where two partners differ."""
    from cypp_desktop.ui.review import receive_files

    studio.open_plan()
    window = studio.window
    assert window.document is not None
    receive_files(window.services, sorted(studio.sent.iterdir()))
    settle()
    settle()
    take(window, "review")


def printing(studio: Studio) -> None:
    """The paper before it is printed."""
    studio.open_plan()
    studio.window.show_page("print")
    place = cast(Any, studio.window.stack.currentWidget())
    while not place.print.isEnabled():
        settle()
    settle()
    take(studio.window, "print")
    studio.window.show_page("plan")


def partner(studio: Studio) -> None:
    """A return, as the partner sees it."""
    kept = settings.Settings(author="Maternity commissioning manager", theme=settings.ColourScheme.LIGHT)
    window = MainWindow(real_parts(), kept, studio.appearance, dialogs=studio.dialogs)
    window.resize(*SIZE)
    window.show()
    waiting = QEventLoop()
    window.opening_ended.connect(waiting.quit)
    window.open_plan(next(file for file in sorted(studio.sent.iterdir()) if "CCG" in file.name))
    waiting.exec()
    settle()
    take(window, "partner")
    window.close()


def find(studio: Studio) -> None:
    """What was found in the whole plan."""
    studio.open_plan()
    box = studio.window.find_box
    if box is None:
        raise SystemExit("This window cannot find.")
    box.setFocus()
    QTest.keyClicks(box, "mental health")
    settle()
    take(studio.window, "find")
    QTest.keyClick(box, Qt.Key.Key_Escape)
    box.clear()


def dark(studio: Studio) -> None:
    """The same in the dark."""
    studio.open_plan()
    studio.appearance.apply(settings.ColourScheme.DARK, 100)
    settle()
    take(studio.window, "dark")
    studio.appearance.apply(settings.ColourScheme.LIGHT, 100)


def large(studio: Studio) -> None:
    """The same with text at 200 %."""
    studio.open_plan()
    studio.appearance.apply("light", 200)
    settle()
    take(studio.window, "large")
    studio.appearance.apply(settings.ColourScheme.LIGHT, 100)


def import_preview(studio: Studio) -> None:
    """What was found in a Word document, before anything is written."""
    studio.dialogs.name = "import"
    studio.window.menus.actions["import"].trigger()


#: In this order: the first needs a window without a plan.
SHOTS: dict[str, Callable[[Studio], None]] = {
    "start": start,
    "import": import_preview,
    "measure": measure,
    "history": history,
    "find": find,
    "print": printing,
    "returns": returns,
    "review": review,
    "partner": partner,
    "dark": dark,
    "large": large,
}


def main(words: Sequence[str]) -> int:
    """Exit code 0 when all the pictures wanted are there; 2 when a name is not known."""
    unknown = set(words) - SHOTS.keys()
    if unknown:
        print(f"There are: {', '.join(SHOTS)}", file=sys.stderr)
        return 2
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name, plans_folder() as plans:
        os.environ[paths.HOME_VARIABLE] = name
        os.environ["LOGNAME"] = "Policy officer"  # who made the sample plan, in its history
        application = QApplication(sys.argv[:1])
        for font in sorted(paths.resource("fonts").glob("NotoSans-*.ttf")):
            QFontDatabase.addApplicationFont(str(font))
        application.setFont(QFont("Noto Sans", 10))
        studio = Studio(application, plans)
        for shot in words or SHOTS:
            SHOTS[shot](studio)
        studio.window.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
