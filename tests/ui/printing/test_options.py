"""How a plan is printed is chosen beside its pages: what, for whom, on what paper, and into which file."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from cypp_desktop.operations.importing.bring_in import make_plan, read_source
from cypp_desktop.operations.plan_access import PlanAccess
from cypp_desktop.operations.printing.print_request import TEXT_SIZES, PrintRequest
from cypp_desktop.operations.printing.prints import PrintCopies, make_pages
from cypp_desktop.plan.model import Lead, Measure, Organisation, Priority, Update
from cypp_desktop.store.plan_file import OpenPlan
from cypp_desktop.ui.printing.page import PrintPage
from cypp_desktop.ui.printing.page_positions import Zoom
from tests.ui.print_parts import PARTS, choose, drawn, drawn_again, longer, shown_words, words_of
from tests.ui.simple_parts import opened, retitle

Make = Callable[..., Any]


def peopled(path: Path) -> None:
    """Two priorities, two organisations of which each leads something, and one that leads nothing."""
    with OpenPlan.open(path, author="Ann") as plan:
        with plan.editor.step("Add") as session:
            session.add(Priority(id="p2", code="2", title="Safeguarding", sort_key="b"))
            measures = session.scalars(select(Measure).order_by(Measure.sort_key)).all()
            for number, name in enumerate(("City Council", "Police: North/South", "Nobody")):
                organisation = Organisation(id=f"org{number}", name=name, sort_key=str(number))
                session.add(organisation)
                if number < 2:
                    session.add(Lead(organisation=organisation, measure=measures[number], sort_key="a"))
        plan.publish()


@pytest.fixture
def window(make_window: Make, qtbot: QtBot, plan_file: Path) -> Any:
    longer(plan_file, 6)
    peopled(plan_file)
    made = make_window(pages=PARTS.pages, print_actions=PARTS.print_actions)
    opened(qtbot, made, plan_file)
    return made


@pytest.fixture
def place(window: Any, qtbot: QtBot) -> PrintPage:
    return shown(window, qtbot)


def shown(window: Any, qtbot: QtBot) -> PrintPage:
    window.show_page("print")
    found = window.stack.currentWidget()
    assert isinstance(found, PrintPage)
    drawn(qtbot, found)
    return found


def said(window: Any, qtbot: QtBot) -> Any:
    """What the banner about paper says, once it does."""
    qtbot.waitUntil(lambda: "paper" in window.banners.messages())
    return window.banners.messages()["paper"]


def saving(place: PrintPage, words: str) -> QAction:
    """A way of saving other than PDF, by its words."""
    return next(action for action in place.other.menu().actions() if action.text() == words)


# ------------------------------------------------------------------ what and for whom


def test_every_layout_and_pack_can_be_drawn(plan_file: Path) -> None:
    class Patient:
        def report(self, done: int, total: int, words: str = "") -> None: ...

        def check(self) -> None: ...

    longer(plan_file, 6)
    with OpenPlan.open(plan_file, read_only=True) as plan:
        copies = PrintCopies(PlanAccess(plan))
        choices = make_pages(copies, PrintRequest(), Patient()).choices  # type: ignore[arg-type]
        wishes = [PrintRequest(layout=one.name) for one in choices.layouts] + [
            PrintRequest(pack=one.name) for one in choices.packs
        ]
        counts = [make_pages(copies, request, Patient()).count for request in wishes]  # type: ignore[arg-type]
        copies.close()
    assert len(wishes) > 12
    assert min(counts) > 0


def test_a_pack_is_shown_with_cover_and_contents(place: PrintPage, qtbot: QtBot) -> None:
    choose(qtbot, place.layout_box, "Board pack")
    drawn_again(qtbot, place, "Contents")
    assert "Board pack" in shown_words(place)


def test_a_pack_for_one_priority_and_of_red_and_amber_only(place: PrintPage, qtbot: QtBot) -> None:
    choose(qtbot, place.layout_box, "Board pack")
    drawn_again(qtbot, place, "Contents")
    choose(qtbot, place.options.priority_box, "Priority 2. Safeguarding")
    drawn_again(qtbot, place, "Only Priority 2. Safeguarding")
    assert "Maternal" not in shown_words(place)
    place.options.exceptions.click()
    drawn_again(qtbot, place, "Only red and amber")


def test_one_priority_only(place: PrintPage, qtbot: QtBot) -> None:
    assert "Maternal" in shown_words(place)
    choose(qtbot, place.options.priority_box, "Priority 2. Safeguarding")
    drawn(qtbot, place)
    assert "Maternal" not in shown_words(place)
    choose(qtbot, place.options.priority_box, "All priorities")
    drawn_again(qtbot, place, "Maternal")


def test_one_organisation_only_of_those_that_lead_something(place: PrintPage, qtbot: QtBot) -> None:
    box = place.options.organisation_box
    assert [box.itemText(at) for at in range(box.count())] == [
        "All organisations", "City Council", "Police: North/South",
    ]  # fmt: skip
    choose(qtbot, box, "City Council")
    drawn(qtbot, place)
    assert "Police" not in shown_words(place)


def test_red_and_amber_only(place: PrintPage, qtbot: QtBot) -> None:
    place.options.exceptions.click()
    drawn(qtbot, place)
    assert "Maternal" not in shown_words(place)


def test_text_is_set_larger_for_large_print(place: PrintPage, qtbot: QtBot) -> None:
    before = place.preview.count
    choose(qtbot, place.options.size_box, "18 point (large print)")
    drawn(qtbot, place)
    assert place.preview.count > before
    assert 18.0 in TEXT_SIZES


def test_changes_are_shown_since_a_day(window: Any, place: PrintPage, qtbot: QtBot) -> None:
    assert not place.options.since.isVisible()
    choose(qtbot, place.layout_box, "Changes")
    drawn(qtbot, place)
    assert place.options.since.isVisible()
    place.options.since.setFocus()
    qtbot.keyClicks(place.options.since, "nonsense")
    assert "Not understood" in place.options.since_hint.text()
    place.options.since.clear()
    qtbot.keyClicks(place.options.since, "1 May 2031")
    qtbot.keyClick(place.options.since, Qt.Key.Key_Return)
    drawn_again(qtbot, place, "Changes since 1 May 2031")


def test_the_choices_of_a_plan_are_there_when_it_is_opened_again(
    window: Any, place: PrintPage, qtbot: QtBot, plan_file: Path
) -> None:
    choose(qtbot, place.layout_box, "Scorecard")
    choose(qtbot, place.paper_box, "A3")
    choose(qtbot, place.options.organisation_box, "City Council")
    drawn(qtbot, place)
    kept = window.settings.session(plan_file).printing
    assert kept == {"layout": "scorecard", "paper": "A3", "organisation": "org0"}
    window.menus.actions["close"].trigger()
    opened(qtbot, window, plan_file)
    shown(window, qtbot)
    assert place.layout_box.currentText() == "Scorecard"
    assert place.paper_box.currentText() == "A3"
    assert place.options.organisation_box.currentText() == "City Council"


@pytest.mark.parametrize(
    "kept", [{}, {"paper": 3, "size": "x", "landscape": "no", "layout": ["a"]}, {"layout": "long gone"}]
)
def test_what_the_settings_can_not_say_is_as_it_is_at_first(kept: dict[str, Any], plan_file: Path) -> None:
    from cypp_desktop.operations.printing.print_request import PrintChoice, PrintChoices
    from cypp_desktop.operations.printing.prints import with_known_name

    choices = PrintChoices(layouts=(PrintChoice(name="update", title="Update", definition="{}"),))
    assert with_known_name(PrintRequest.from_settings(kept), choices) == PrintRequest(layout="update")


# ------------------------------------------------------------------ in the pages


def test_words_are_found_on_the_pages_one_after_another(place: PrintPage, qtbot: QtBot) -> None:
    search = place.search
    search.words.setFocus()
    qtbot.keyClicks(search.words, "what was done")
    qtbot.waitUntil(lambda: search.count.text() == "1 of 6")
    qtbot.keyClick(search.words, Qt.Key.Key_Return)
    assert search.count.text() == "2 of 6"
    assert place.preview.found_shown == 1
    qtbot.keyClick(search.words, Qt.Key.Key_F3, Qt.KeyboardModifier.ShiftModifier)
    search.previous()
    assert search.count.text() == "6 of 6"
    search.words.setText("no such words")
    qtbot.waitUntil(lambda: search.count.text() == "Not found")
    assert not search.on.isEnabled()
    qtbot.keyClick(search.words, Qt.Key.Key_Escape)
    assert search.words.text() == search.count.text() == ""


def test_small_pages_lead_to_the_large_ones_and_follow_them(place: PrintPage, qtbot: QtBot) -> None:
    choose(qtbot, place.layout_box, "Board pack")
    drawn(qtbot, place)
    model = place.thumbnails.model()
    assert model.rowCount() == place.preview.count > 2
    place.preview.zoom_to(Zoom.PERCENT_100)
    place.thumbnails.setCurrentIndex(model.index(1, 0))
    assert place.preview.page == 2
    qtbot.keyClick(place.preview, Qt.Key.Key_Home)
    assert place.thumbnails.currentIndex().row() == 0
    picture = model.index(0, 0).data(Qt.ItemDataRole.DecorationRole)
    assert picture.toImage().pixelColor(3, 3).name() == "#ffffff"


def test_small_pages_are_drawn_only_as_they_come_into_view(
    window: Any, place: PrintPage, qtbot: QtBot, plan_file: Path
) -> None:
    choose(qtbot, place.options.size_box, "18 point (large print)")
    drawn(qtbot, place)
    rewrite(window.document, 400)
    drawn_again(qtbot, place, "Line 399 of what was done")
    assert place.preview.count > 25
    window.resize(1800, 900)
    qtbot.waitUntil(lambda: place.thumbnails.isVisible() and place.thumbnails.drawn > 0)
    assert place.thumbnails.drawn < 20


def rewrite(document: Any, count: int) -> None:
    """Give the update of the plan as many lines."""
    with document.editor.step("Write") as session:
        update = session.scalars(select(Update)).first()
        update.text = "\n\n".join(f"Line {number} of what was done this year." for number in range(count))


# ------------------------------------------------------------------ into files


def test_a_web_page_and_a_word_file_hold_the_same_words(
    window: Any, place: PrintPage, qtbot: QtBot, tmp_path: Path
) -> None:
    for ending, words in ((".html", "As web page…"), (".docx", "As Word file…")):
        target = tmp_path / f"Out{ending}"
        window.dialogs.answers.append(target.with_suffix("") if ending == ".docx" else target)
        saving(place, words).trigger()
        assert said(window, qtbot).text == f"Saved as “{target.name}”."
        window.banners.dismiss("paper")
    assert "Line 5 of what was done" in (tmp_path / "Out.html").read_text(encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "Out.docx") as word:
        assert "Line 5 of what was done" in word.read("word/document.xml").decode()
    suggested, kinds = window.dialogs.suggested[-1]
    assert (suggested.name, kinds) == ("Small plan update.docx", "Word (*.docx)")


def test_each_organisation_has_a_file_of_its_own(
    window: Any, place: PrintPage, qtbot: QtBot, tmp_path: Path
) -> None:
    choose(qtbot, place.layout_box, "Organisation pack")
    drawn(qtbot, place)
    folder = tmp_path / "packs"
    folder.mkdir()
    window.dialogs.answers.append(folder)
    saving(place, "A PDF for each organisation…").trigger()
    assert said(window, qtbot).text == "2 files are saved in “packs”."
    stem = "Small plan organisation pack - "
    assert sorted(path.name for path in folder.iterdir()) == [
        f"{stem}City Council.pdf", f"{stem}Police North South.pdf",
    ]  # fmt: skip
    assert "For City Council" in words_of((folder / f"{stem}City Council.pdf").read_bytes())


def test_a_folder_that_is_not_chosen_changes_nothing(window: Any, place: PrintPage) -> None:
    window.dialogs.answers.append(None)
    saving(place, "A web page for each organisation…").trigger()
    assert window.tasks.running == ()


def test_a_pdf_under_a_password_opens_with_it_only(
    window: Any, place: PrintPage, qtbot: QtBot, tmp_path: Path
) -> None:
    target = tmp_path / "Locked.pdf"
    window.dialogs.answers.append(target)
    place.options.password.setText("a secret")
    place.save.click()
    assert said(window, qtbot).kind == "done"
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(target)
    with pikepdf.open(target, password="a secret") as pdf:
        assert pdf.encryption.R == 6
        assert pdf.allow.accessibility
        with pdf.open_metadata() as metadata:
            assert metadata.get("pdfaid:part") is None
            assert metadata["pdfuaid:part"] == "1"
    assert "secret" not in str(window.settings.session(tmp_path / "Small plan.cypp").printing)
    window.menus.actions["close"].trigger()
    assert place.options.password.text() == ""


@pytest.mark.parametrize("password", ["   ", "\u00a0", "x" * 128, "½"])
def test_a_password_that_would_lock_nothing_is_told_before_a_file_is_asked_for(
    window: Any, place: PrintPage, qtbot: QtBot, password: str
) -> None:
    place.options.password.setText(password)
    place.save.click()
    message = said(window, qtbot)
    assert message.kind == "problem"
    assert "password" in message.text
    assert window.dialogs.asked == []


@pytest.mark.parametrize("at", range(2))
def test_what_cannot_have_a_password_is_not_saved_open_where_one_is_given(
    window: Any, place: PrintPage, qtbot: QtBot, at: int
) -> None:
    place.options.password.setText("a secret")
    place.other.menu().actions()[at].trigger()
    assert "Only a PDF" in said(window, qtbot).text
    assert window.dialogs.asked == []


def test_a_pdf_has_its_password_however_its_ending_is_written(
    window: Any, place: PrintPage, qtbot: QtBot, tmp_path: Path
) -> None:
    target = tmp_path / "Board.PDF"
    window.dialogs.answers.append(target)
    place.options.password.setText("a secret")
    place.save.click()
    assert said(window, qtbot).kind == "done"
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(target)


def test_a_pdf_carries_the_data_of_its_pages_only_where_that_is_ticked_and_it_is_never_remembered(
    window: Any, place: PrintPage, qtbot: QtBot, tmp_path: Path
) -> None:
    def saved(name: str) -> list[str]:
        window.dialogs.answers.append(tmp_path / name)
        place.save.click()
        assert said(window, qtbot).kind == "done"
        window.banners.dismiss("paper")
        with pikepdf.open(tmp_path / name) as pdf:
            return list(pdf.attachments)

    assert saved("Without.pdf") == []
    place.options.data.click()
    drawn(qtbot, place)
    assert saved("With.pdf") == ["plan.json"]
    assert "data" not in window.settings.session(tmp_path / "Small plan.cypp").printing
    assert not PrintRequest.from_settings({"data": True}).data
    choices = place.options
    words = " ".join(label.text() for label in choices.findChildren(QLabel) if label.isVisible())
    assert "Working notes" in words
    assert "not printed" in choices.data.accessibleDescription()
    assert "what changed" in choices.data.accessibleDescription()


# ------------------------------------------------------------------ fast


def test_another_choice_reads_the_plan_no_second_time(
    place: PrintPage, window: Any, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cypp_desktop.store import snapshot as snapshots

    read: list[Path] = []
    real = snapshots.snapshot

    def counting(working: Path) -> Any:
        read.append(working)
        return real(working)

    monkeypatch.setattr(snapshots, "snapshot", counting)
    choose(qtbot, place.paper_box, "A3")
    drawn(qtbot, place)
    assert read == []
    retitle(window.document, "Edited in between")
    drawn_again(qtbot, place, "Edited in between")
    assert len(read) == 1


def test_the_samples_are_offered_their_priorities(tmp_path: Path) -> None:
    from cypp_desktop import paths

    class Patient:
        def report(self, done: int, total: int, words: str = "") -> None: ...

        def check(self) -> None: ...

    found = read_source(paths.resource("samples/city.json"))
    make_plan(tmp_path / "plan.cypp", found.plan, found.name)
    with OpenPlan.open(tmp_path / "plan.cypp", read_only=True) as plan:
        copies = PrintCopies(PlanAccess(plan))
        choices = make_pages(copies, PrintRequest(layout="scorecard"), Patient()).choices  # type: ignore[arg-type]
        copies.close()
    assert choices.layouts[0].name == "update"
    assert choices.priorities[0][1].startswith("Priority 1. ")
    assert choices.problems == ()
