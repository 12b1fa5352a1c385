"""The Print place shows the very pages, follows the plan and the choices, and brings them to paper."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PySide6.QtCore import QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QPageLayout, QPageRanges, QWheelEvent
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from cypp_desktop.operations.importing.bring_in import make_plan, read_source
from cypp_desktop.operations.plan_access import PlanAccess
from cypp_desktop.operations.printing.print_request import PrintRequest
from cypp_desktop.operations.printing.prints import PrintCopies, make_pages
from cypp_desktop.operations.progress import Cancelled
from cypp_desktop.plan.model import Plan
from cypp_desktop.store.plan_file import OpenPlan
from cypp_desktop.store.snapshot import snapshot
from cypp_desktop.ui.printing.page import PrintPage
from cypp_desktop.ui.printing.page_positions import Zoom
from cypp_desktop.ui.printing.printer import OpenedPdf, pages_wanted, prepare, print_pages
from cypp_desktop.ui.theme import Theme
from tests.ui.print_parts import PARTS, choose, drawn, drawn_again, longer, shown_words, words_of
from tests.ui.scripted import nameless, unreachable
from tests.ui.simple_parts import opened, retitle

Make = Callable[..., Any]


@pytest.fixture
def window(make_window: Make, qtbot: QtBot, plan_file: Path) -> Any:
    """A window on a plan of several pages, with the Print place beside simple parts."""
    longer(plan_file)
    made = make_window(pages=PARTS.pages, print_actions=PARTS.print_actions)
    opened(qtbot, made, plan_file)
    return made


@pytest.fixture
def place(window: Any, qtbot: QtBot) -> PrintPage:
    """The Print place, opened and drawn."""
    window.show_page("print")
    found = window.stack.currentWidget()
    assert isinstance(found, PrintPage)
    drawn(qtbot, found)
    return found


# ------------------------------------------------------------------ coming here


def test_ctrl_p_opens_the_place(window: Any, qtbot: QtBot) -> None:
    action = window.menus.menus["P&rint"].actions()[0]
    assert action.shortcut().toString() == "Ctrl+P"
    action.trigger()
    assert isinstance(window.stack.currentWidget(), PrintPage)
    assert window.rail.buttons["print"].isChecked()


def test_without_a_plan_there_is_nothing_to_print(make_window: Make) -> None:
    window = make_window(pages=PARTS.pages, print_actions=PARTS.print_actions)
    assert [action.isEnabled() for action in window.menus.menus["P&rint"].actions()] == [False, False]


def test_nothing_of_paper_is_loaded_before_the_place_is_opened() -> None:
    import subprocess
    import sys

    code = (
        "import sys, cypp_desktop.ui.app as app\n"
        "from cypp_desktop.ui.real_parts import real_parts\n"
        "real_parts()\n"
        "heavy = ('PySide6.QtPdf', 'PySide6.QtPrintSupport', 'reportlab', 'pikepdf', 'docx')\n"
        "print([name for name in heavy if name in sys.modules])\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


# ------------------------------------------------------------------ what is shown


def test_the_pages_are_shown_with_their_number(place: PrintPage) -> None:
    assert place.preview.count > 2
    assert place.state.text() == f"{place.preview.count} pages"
    assert place.page_box.text() == f"1 of {place.preview.count}"
    assert "A small plan" in shown_words(place)
    assert "Line 59 of what was done this year." in shown_words(place)


def test_the_layout_that_suits_the_plan_comes_first(place: PrintPage) -> None:
    titles = [place.layout_box.itemText(at) for at in range(place.layout_box.count())]
    assert {"Action plan", "Delivery plan", "Evidence", "Progress report", "Scorecard"} <= set(titles)
    assert place.layout_box.currentIndex() == 0
    assert titles[0] == "Update"


@pytest.mark.parametrize(
    ("sample", "layout"), [("city", "update"), ("county", "delivery"), ("review", "evidence")]
)
def test_each_sample_has_its_own_layout(sample: str, layout: str, tmp_path: Path) -> None:
    from cypp_desktop import paths
    from cypp_desktop.report.layout_choice import best_layout

    found = read_source(paths.resource(f"samples/{sample}.json"))
    make_plan(tmp_path / "plan.cypp", found.plan, found.name)
    with OpenPlan.open(tmp_path / "plan.cypp", read_only=True) as plan:
        assert best_layout(plan.editor.session).name == layout


def test_another_layout_is_drawn_anew(place: PrintPage, qtbot: QtBot) -> None:
    assert "Governance Group" not in shown_words(place)
    choose(qtbot, place.layout_box, "Delivery plan")
    assert not place.print.isEnabled()
    drawn(qtbot, place)
    assert "Governance Group" in shown_words(place)


def test_paper_and_its_turn_are_those_of_the_pages(place: PrintPage, qtbot: QtBot) -> None:
    def size() -> tuple[int, int]:
        points = place.preview.document().pagePointSize(0)
        return round(points.width()), round(points.height())

    assert size() == (842, 595)
    choose(qtbot, place.turned_box, "Portrait")
    drawn(qtbot, place)
    assert size() == (595, 842)
    choose(qtbot, place.paper_box, "A3")
    drawn(qtbot, place)
    assert size() == (842, 1191)


def test_letters_without_a_font_are_named(window: Any, place: PrintPage, qtbot: QtBot) -> None:
    assert not place.warning.isVisible()
    retitle(window.document, "A plan for 児")
    drawn_again(qtbot, place, "A plan for")
    assert "児" in place.warning.text()
    assert place.warning.isVisible()


# ------------------------------------------------------------------ following the plan


def test_an_edit_is_drawn_and_the_place_in_the_pages_kept(
    window: Any, place: PrintPage, qtbot: QtBot
) -> None:
    place.preview.zoom_to(Zoom.PERCENT_100)
    place.preview.go_to_page(2)
    spot = place.preview.verticalScrollBar().value()
    assert spot > 0
    retitle(window.document, "A plan of another name")
    assert not place.print.isEnabled()
    drawn_again(qtbot, place, "A plan of another name")
    assert place.preview.page == 2
    assert place.preview.verticalScrollBar().value() == spot


def test_several_edits_in_a_row_end_in_the_last(window: Any, place: PrintPage, qtbot: QtBot) -> None:
    for number in range(5):
        retitle(window.document, f"Name {number}")
        QTest.qWait(0)
    drawn(qtbot, place)
    assert "Name 4" in shown_words(place)
    qtbot.waitUntil(lambda: window.tasks.running == ())


def test_out_of_view_nothing_is_drawn_until_it_is_seen_again(
    window: Any, place: PrintPage, qtbot: QtBot
) -> None:
    window.show_page("plan")
    before = shown_words(place)
    qtbot.waitUntil(lambda: window.tasks.running == ())
    retitle(window.document, "Seen later")
    assert window.tasks.running == ()
    assert shown_words(place) == before
    window.show_page("print")
    drawn_again(qtbot, place, "Seen later")


def test_what_is_overtaken_is_stopped_and_edits_do_not_wait(
    window: Any, place: PrintPage, qtbot: QtBot
) -> None:
    retitle(window.document, "First")
    qtbot.waitUntil(lambda: bool(window.tasks.running))
    retitle(window.document, "Second")
    assert window.document.title == "Second"
    drawn_again(qtbot, place, "Second")


def test_another_plan_is_shown_in_its_own_layout(
    window: Any, place: PrintPage, qtbot: QtBot, tmp_path: Path
) -> None:
    from cypp_desktop import paths

    found = read_source(paths.resource("samples/county.json"))
    make_plan(tmp_path / "county.cypp", found.plan, found.name)
    opened(qtbot, window, tmp_path / "county.cypp")
    window.show_page("print")
    drawn(qtbot, place)
    assert place.layout_box.currentText() == "Delivery plan"
    assert "A small plan" not in shown_words(place)


def test_a_closed_plan_leaves_no_pages(window: Any, place: PrintPage) -> None:
    window.menus.actions["close"].trigger()
    assert window.document is None
    assert place.preview.count == 0
    assert not place.print.isEnabled()


def test_stopped_drawing_can_be_taken_up_again(window: Any, place: PrintPage, qtbot: QtBot) -> None:
    retitle(window.document, "Stopped in between")
    qtbot.waitUntil(place.progress.isVisible)
    place.again.click()
    assert place.state.text().startswith("Stopped.")
    assert not place.save.isEnabled()
    assert place.again.text() == "&Draw again"
    place.again.click()
    drawn_again(qtbot, place, "Stopped in between")


def test_a_snapshot_stays_as_it_was_and_holds_nobody_up(plan_file: Path) -> None:
    with OpenPlan.open(plan_file, author="Ann") as plan:
        with snapshot(plan.working.path) as session:
            before = session.scalars(select(Plan)).one()
            with plan.editor.step("Edit the title") as editing:
                editing.scalars(select(Plan)).one().title = "Edited meanwhile"
            session.expire_all()
            assert session.scalars(select(Plan)).one().title == before.title == "A small plan"
        with snapshot(plan.working.path) as session:
            assert session.scalars(select(Plan)).one().title == "Edited meanwhile"


def test_making_pages_stops_when_asked_to(plan_file: Path) -> None:
    class Stopping:
        def report(self, done: int, total: int, words: str = "") -> None:
            raise Cancelled

        def check(self) -> None:
            """Not asked to stop before the first row."""

    with OpenPlan.open(plan_file, read_only=True) as plan, pytest.raises(Cancelled):
        make_pages(PrintCopies(PlanAccess(plan)), PrintRequest(), Stopping())  # type: ignore[arg-type]


# ------------------------------------------------------------------ pages and zoom


def test_pages_are_turned_by_number_and_by_key(place: PrintPage, qtbot: QtBot) -> None:
    count = place.preview.count
    place.page_box.setFocus()
    place.page_box.selectAll()
    qtbot.keyClicks(place.page_box, "2")
    qtbot.keyClick(place.page_box, Qt.Key.Key_Return)
    assert place.preview.page == 2
    qtbot.keyClick(place.preview, Qt.Key.Key_End)
    assert place.page_box.value() == count
    qtbot.keyClick(place.preview, Qt.Key.Key_Home)
    assert place.page_box.value() == 1
    place.preview.zoom_to(Zoom.PERCENT_100)
    bar = place.preview.verticalScrollBar()
    bar.setValue(bar.maximum())
    assert place.page_box.value() == count


def test_zoom_by_choice_key_button_and_wheel(place: PrintPage, qtbot: QtBot) -> None:
    assert place.zoom_box.currentText() == "Fit width"
    choose(qtbot, place.zoom_box, "100 %")
    assert place.preview.zoom is Zoom.PERCENT_100
    place.larger.click()
    assert place.zoom_box.currentText() == "125 %"
    qtbot.keyClick(place.preview, Qt.Key.Key_Minus)
    qtbot.keyClick(place.preview, Qt.Key.Key_Minus)
    assert place.zoom_box.currentText() == "75 %"
    turn = QWheelEvent(
        QPointF(9, 9), QPointF(9, 9), QPoint(0, 120), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.ControlModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(place.preview.viewport(), turn)
    assert place.zoom_box.currentText() == "100 %"
    qtbot.keyClick(place.preview, Qt.Key.Key_0)
    assert place.zoom_box.currentText() == "Fit width"
    assert place.preview.horizontalScrollBar().maximum() == 0


def test_two_pages_side_by_side(place: PrintPage, qtbot: QtBot) -> None:
    place.pairs.setFocus()
    qtbot.keyClick(place.pairs, Qt.Key.Key_Space)
    choose(qtbot, place.zoom_box, "Whole page")
    assert place.preview.columns == 2
    qtbot.keyClick(place.preview, Qt.Key.Key_PageDown)
    assert place.page_box.value() == 3
    assert place.thumbnails.currentIndex().row() == 2
    qtbot.keyClick(place.pairs, Qt.Key.Key_Space)
    assert place.preview.columns == 1
    assert place.page_box.value() == 3


def test_paper_stays_white_in_the_dark(place: PrintPage, appearance: Theme, qtbot: QtBot) -> None:
    appearance.apply("dark", 100)

    def corner_of_page() -> str:
        image = place.preview.viewport().grab().toImage()
        return str(image.pixelColor(image.width() // 2, 14).name())

    qtbot.waitUntil(lambda: corner_of_page() == "#ffffff")


# ------------------------------------------------------------------ to paper


def test_the_pdf_saved_is_the_one_shown(window: Any, place: PrintPage, qtbot: QtBot, tmp_path: Path) -> None:
    target = tmp_path / "Printed.pdf"
    window.dialogs.answers.append(target)
    place.save.click()
    qtbot.waitUntil(lambda: "paper" in window.banners.messages())
    assert window.banners.messages()["paper"].text == "The pages are saved as “Printed.pdf”."
    assert words_of(target.read_bytes()) == shown_words(place)


def test_a_place_that_can_not_be_written_is_said(
    window: Any, place: PrintPage, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    window.dialogs.answers.append(tmp_path / "file" / "Printed.pdf")
    place.save.click()
    qtbot.waitUntil(lambda: "paper" in window.banners.messages())
    assert window.banners.messages()["paper"].kind == "problem"


def to_file(path: Path, first: int = 0, last: int = 0) -> Callable[[QPrintDialog], bool]:
    """A person who prints into a file, all pages or some, on a printer that is not too fine."""

    def fill_in(dialog: QPrintDialog) -> bool:
        printer = dialog.printer()
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(path))
        printer.setResolution(72)
        if first:
            printer.setFromTo(first, last)
        return True

    return fill_in


def test_pages_are_sent_to_the_printer(window: Any, place: PrintPage, qtbot: QtBot, tmp_path: Path) -> None:
    target = tmp_path / "paper.pdf"
    window.dialogs.answers.append(to_file(target))
    place.print.click()
    qtbot.waitUntil(lambda: "paper" in window.banners.messages(), timeout=20_000)
    assert window.banners.messages()["paper"].kind == "done"
    paper = QPdfDocument()
    paper.load(str(target))
    assert paper.pageCount() == place.preview.count
    on_paper = paper.render(0, QSize(400, 283))
    colours = [on_paper.pixelColor(x, y) for x in range(400) for y in range(283)]
    assert sum(colour.alpha() > 0 and colour.lightness() < 128 for colour in colours) > 100
    paper.close()


def test_only_the_pages_asked_for_are_printed(
    window: Any, place: PrintPage, qtbot: QtBot, tmp_path: Path
) -> None:
    target = tmp_path / "paper.pdf"
    window.dialogs.answers.append(to_file(target, 2, 3))
    place.print.click()
    qtbot.waitUntil(lambda: "paper" in window.banners.messages(), timeout=20_000)
    with pikepdf.open(target) as paper:
        assert len(paper.pages) == 2


def test_nothing_is_printed_when_the_dialog_is_put_away(
    window: Any, place: PrintPage, tmp_path: Path
) -> None:
    window.dialogs.answers.append(lambda dialog: False)
    place.print.click()
    assert window.tasks.running == ()
    assert window.banners.messages().get("paper") is None


class Counting:
    """Keeps what was reported, and may ask to stop at a page."""

    def __init__(self, stop_at: int | None = None) -> None:
        self.told: list[str] = []
        self._stop_at = stop_at

    def report(self, done: int, total: int, words: str = "") -> None:
        if done == self._stop_at:
            raise Cancelled
        self.told.append(words)


def blank(count: int, width: float = 595, height: float = 842) -> bytes:
    pdf = pikepdf.new()
    for _ in range(count):
        pdf.add_blank_page(page_size=(width, height))
    out = BytesIO()
    pdf.save(out)
    return out.getvalue()


def pdf_printer(path: Path) -> QPrinter:
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(path))
    printer.setResolution(72)
    return printer


def test_the_printer_takes_the_paper_of_the_pages(tmp_path: Path, qapp: QApplication) -> None:
    printer = pdf_printer(tmp_path / "out.pdf")
    prepare(printer, blank(1, 1191, 842), "A3 across")
    layout = printer.pageLayout()
    assert layout.orientation() == QPageLayout.Orientation.Landscape
    assert layout.pageSize().name() == "A3"
    assert printer.docName() == "A3 across"


def test_pages_in_ranges_and_from_the_last(tmp_path: Path, qapp: QApplication) -> None:
    printer = pdf_printer(tmp_path / "out.pdf")
    assert pages_wanted(printer, 4) == [0, 1, 2, 3]
    ranges = QPageRanges()
    ranges.addPage(1)
    ranges.addRange(3, 9)
    printer.setPageRanges(ranges)
    assert pages_wanted(printer, 4) == [0, 2, 3]
    printer.setPageOrder(QPrinter.PageOrder.LastPageFirst)
    assert pages_wanted(printer, 4) == [3, 2, 0]


def test_printing_reports_each_page_and_stops_between_two(tmp_path: Path, qapp: QApplication) -> None:
    data = blank(3)
    counting = Counting()
    assert print_pages(data, pdf_printer(tmp_path / "all.pdf"), counting) == 3  # type: ignore[arg-type]
    assert counting.told == ["page 1 of 3", "page 2 of 3", "page 3 of 3"]
    stopping = Counting(stop_at=1)
    with pytest.raises(Cancelled):
        print_pages(data, pdf_printer(tmp_path / "part.pdf"), stopping)  # type: ignore[arg-type]
    assert stopping.told == ["page 1 of 3"]


def test_pages_too_large_for_the_paper_are_made_to_fit(tmp_path: Path, qapp: QApplication) -> None:
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(842, 1191))
    page.Contents = pdf.make_stream(b"0 0 842 1191 re f")
    out = BytesIO()
    pdf.save(out)
    printer = pdf_printer(tmp_path / "out.pdf")
    prepare(printer, blank(1), "A4")
    print_pages(out.getvalue(), printer, Counting())  # type: ignore[arg-type]
    with OpenedPdf((tmp_path / "out.pdf").read_bytes()) as pages:
        image = pages.document.render(0, QSize(595, 842))
    inside = [image.pixelColor(x, y).alpha() > 0 for x, y in ((8, 8), (586, 8), (8, 832), (586, 832))]
    assert inside == [True] * 4


# ------------------------------------------------------------------ for everyone


@pytest.mark.parametrize("percent", [100, 200])
def test_the_place_is_used_by_ear_and_by_keyboard(
    window: Any, place: PrintPage, appearance: Theme, qtbot: QtBot, percent: int
) -> None:
    appearance.apply("dark", percent)
    assert nameless(place) == []
    assert unreachable(window) == []


def test_no_letter_leads_to_two_things(window: Any, place: PrintPage) -> None:
    from PySide6.QtWidgets import QLabel, QPushButton

    words = [action.text() for action in window.menuBar().actions()]
    shown: list[QWidget] = [*place.findChildren(QLabel), *place.findChildren(QPushButton)]
    words += [widget.text() for widget in shown if widget.isVisible()]  # type: ignore[attr-defined]
    letters = [text[text.index("&") + 1].lower() for text in words if "&" in text]
    assert len(letters) > 8
    assert len(letters) == len(set(letters)), letters
