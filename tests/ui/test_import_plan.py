"""The import preview: what a document holds is shown, can be put right, and is written only when asked."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QTreeWidgetItem
from pytestqt.qtbot import QtBot

from cypp_desktop.exchange.word import ColumnMeaning
from cypp_desktop.operations.importing.bring_in import read_source
from cypp_desktop.settings import Settings
from cypp_desktop.store.plan_file import OpenPlan
from cypp_desktop.ui.banner import BannerArea
from cypp_desktop.ui.import_plan.columns import MeaningBox
from cypp_desktop.ui.import_plan.dialog import ImportDialog
from cypp_desktop.ui.labels import WrappedLabel
from cypp_desktop.ui.real_parts import real_parts
from cypp_desktop.ui.tasks import Tasks
from cypp_desktop.ui.theme import Theme
from tests.exchange.word_writer import Manner, write_plan
from tests.operations.found_plans import plan
from tests.ui.scripted import ScriptedDialogs, controls, nameless, unreachable
from tests.ui.simple_parts import simple_services

Make = Callable[..., Any]
M = ColumnMeaning
DOCUMENTS = Path(os.environ.get("CYPP_DOCUMENTS", Path(__file__).parents[3] / "shared")) / "documents"


@pytest.fixture
def document(tmp_path: Path) -> Path:
    """A Word plan whose headings say what they hold."""
    return write_plan(plan(), tmp_path / "Board paper 7.docx", Manner())


@pytest.fixture
def odd_document(tmp_path: Path) -> Path:
    """A Word plan with a heading that says nothing known."""
    return write_plan(plan(), tmp_path / "Odd.docx", Manner(headings={"update": "Zebra"}))


@pytest.fixture
def preview(qtbot: QtBot, appearance: Theme) -> Any:
    """Makes shown previews that have finished reading; answers to dialogs come first."""
    tasks = Tasks()

    def make(source: Path, *answers: Any, settings: Settings | None = None) -> ImportDialog:
        dialogs = ScriptedDialogs(*answers)
        services = simple_services(dialogs, tasks, BannerArea(), settings)
        qtbot.addWidget(services.banners)
        dialog = ImportDialog(services, source)
        qtbot.addWidget(dialog)
        dialog.show()
        settled(qtbot, dialog)
        return dialog

    yield make
    tasks.stop_all()


def settled(qtbot: QtBot, dialog: ImportDialog) -> None:
    """Wait until nothing is under way."""
    qtbot.waitUntil(lambda: dialog.progress.isHidden() or not dialog.progress.isVisible(), timeout=20_000)


def items(dialog: ImportDialog) -> list[QTreeWidgetItem]:
    found: list[QTreeWidgetItem] = []

    def walk(item: QTreeWidgetItem) -> None:
        for at in range(item.childCount()):
            found.append(item.child(at))
            walk(item.child(at))

    walk(dialog.tree.invisibleRootItem())
    return found


def words(dialog: ImportDialog) -> list[str]:
    return [item.text(0) for item in items(dialog)]


def box_of(dialog: ImportDialog, heading: str, table: int = 0) -> MeaningBox:
    return next(
        box for box in dialog.columns.boxes() if f"“{heading}”" in box.accessibleName() and box.table == table
    )


def choose(qtbot: QtBot, dialog: ImportDialog, box: MeaningBox, meaning: ColumnMeaning) -> None:
    """Go to a meaning with the arrow keys, as a person does, and wait for the reading that follows."""
    box.setFocus()
    while box.meaning != meaning:
        step = 1 if list(M).index(meaning) > list(M).index(box.meaning) else -1
        qtbot.keyClick(box, Qt.Key.Key_Down if step > 0 else Qt.Key.Key_Up)
    settled(qtbot, dialog)


# ------------------------------------------------------------------ looking


def test_the_preview_shows_the_rows_with_what_they_hold(preview: Make, document: Path) -> None:
    dialog = preview(document)
    assert dialog.summary.text().startswith(
        "Found: 2 priorities, 2 outcomes, 3 measures, 3 updates, 3 leads."
    )
    assert words(dialog) == [
        "Our children’s plan",
        "1 Health", "1a Good maternal health", "i Women smoking at delivery", "ii Breastfeeding",
        "2 Safeguarding", "2a Children are safe", "i Repeat referrals",
    ]  # fmt: skip
    holds = {item.text(0): item.text(1) for item in items(dialog)}
    assert holds["1a Good maternal health"] == "2 performance measures, 2 updates"
    assert holds["i Women smoking at delivery"] == "1 update · Nottingham City Council"


def test_the_text_of_the_chosen_row_is_shown(preview: Make, document: Path) -> None:
    dialog = preview(document)
    dialog.tree.setCurrentItem(items(dialog)[3])
    shown = dialog.text.toPlainText()
    assert "Women smoking at delivery" in shown
    assert "Nottingham City Council" in shown
    assert "Fewer women smoke." in shown
    assert "More mothers breastfeed" not in shown


def test_nothing_is_written_by_looking(preview: Make, document: Path) -> None:
    dialog = preview(document)
    dialog.reject()
    assert dialog.made is None
    assert [path.name for path in document.parent.iterdir()] == [document.name]


def test_each_column_has_its_meaning_and_tables_alike_are_one(preview: Make, document: Path) -> None:
    dialog = preview(document)
    assert [box.meaning for box in dialog.columns.boxes()] == [M.OUTCOME, M.MEASURE, M.UPDATE, M.LEAD]
    assert dialog.columns.to_check() == []
    name = "Meaning of the column “Outcomes”, tables 1 and 2"
    assert dialog.columns.boxes()[0].accessibleName() == name


def test_a_column_whose_heading_says_nothing_is_marked(preview: Make, odd_document: Path) -> None:
    dialog = preview(odd_document)
    (box,) = dialog.columns.to_check()
    assert "“Zebra”" in box.accessibleName()
    assert box.accessibleName().endswith("(please check)")
    assert dialog.tabs.tabText(0) == "&Columns (1 to check)"


def test_every_word_without_a_place_is_listed(preview: Make, tmp_path: Path, document: Path) -> None:
    source = docx.Document(str(document))
    source.add_paragraph("A stray remark of the secretary.")
    source.save(str(document))
    dialog = preview(document)
    assert "A stray remark of the secretary." in dialog.notes.toPlainText()
    assert dialog.tabs.tabText(1) == "&To check (1)"


# ------------------------------------------------------------------ putting right


def test_a_meaning_chosen_by_the_person_is_read_anew(preview: Make, qtbot: QtBot, odd_document: Path) -> None:
    dialog = preview(odd_document)
    choose(qtbot, dialog, box_of(dialog, "Zebra"), M.IGNORE)
    assert "updates" not in dialog.summary.text()
    assert dialog.columns.to_check() == []
    choose(qtbot, dialog, box_of(dialog, "Zebra"), M.UPDATE)
    assert "3 updates" in dialog.summary.text()


def test_the_choice_keeps_the_focus_while_the_document_is_read_anew(
    preview: Make, qtbot: QtBot, odd_document: Path
) -> None:
    dialog = preview(odd_document)
    box = box_of(dialog, "Zebra")
    choose(qtbot, dialog, box, M.NOTES)
    assert dialog.focusWidget() is box
    assert box_of(dialog, "Zebra") is box


def test_what_was_recognised_comes_back(preview: Make, qtbot: QtBot, document: Path) -> None:
    dialog = preview(document)
    assert not dialog.columns.recognised.isEnabled()
    choose(qtbot, dialog, box_of(dialog, "Lead organisation"), M.NOTES)
    assert "leads" not in dialog.summary.text()
    dialog.columns.recognised.click()
    settled(qtbot, dialog)
    assert "3 leads" in dialog.summary.text()
    assert box_of(dialog, "Lead organisation").meaning == M.LEAD


def test_one_table_may_mean_something_else(preview: Make, qtbot: QtBot, document: Path) -> None:
    dialog = preview(document)
    dialog.columns.apart.click()
    choose(qtbot, dialog, box_of(dialog, "Lead organisation", 1), M.NOTES)
    assert box_of(dialog, "Lead organisation", 0).meaning == M.LEAD
    assert "2 leads" in dialog.summary.text()


def test_the_tree_stays_where_it_was_when_the_document_is_read_anew(
    preview: Make, qtbot: QtBot, document: Path
) -> None:
    dialog = preview(document)
    dialog.tree.setCurrentItem(items(dialog)[6])
    dialog.tree.topLevelItem(1).setExpanded(False)
    choose(qtbot, dialog, box_of(dialog, "Lead organisation"), M.NOTES)
    assert dialog.tree.currentItem().text(0) == "2a Children are safe"
    assert not dialog.tree.topLevelItem(1).isExpanded()
    assert dialog.tree.topLevelItem(2).isExpanded()


def test_the_wheel_over_a_choice_does_not_change_it(preview: Make, document: Path) -> None:
    dialog = preview(document)
    box = dialog.columns.boxes()[0]
    turn = QWheelEvent(
        QPointF(4, 4), QPointF(4, 4), QPoint(0, -120), QPoint(0, -120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    assert turn.type() == QEvent.Type.Wheel
    QApplication.sendEvent(box, turn)
    assert box.meaning == M.OUTCOME


def test_a_table_that_was_not_taken_for_a_plan_becomes_one(
    preview: Make, qtbot: QtBot, tmp_path: Path
) -> None:
    document = docx.Document()
    rows = [("Good health", "Run more clinics"), ("Safe homes", "Visit families")]
    table = document.add_table(0, 2)
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    path = tmp_path / "Strange.docx"
    document.save(str(path))
    dialog = preview(path)
    assert "no table that reads like an action plan" in dialog.banners.messages()["reading"].text
    assert not dialog.bring_in.isEnabled()
    choose(qtbot, dialog, box_of(dialog, "Column 1, without a heading"), M.OUTCOME)
    choose(qtbot, dialog, box_of(dialog, "Column 2, without a heading"), M.ACTIONS)
    assert dialog.banners.messages() == {}
    assert "2 outcomes" in dialog.summary.text()
    assert "2 actions" in dialog.summary.text()
    assert dialog.bring_in.isEnabled()


# ------------------------------------------------------------------ bringing in


def test_brought_in_from_the_start_page_the_plan_opens(
    make_window: Make, qtbot: QtBot, document: Path, tmp_path: Path
) -> None:
    target = tmp_path / "Brought in.cypp"

    def person(dialog: ImportDialog) -> bool:
        dialog.show()
        settled(qtbot, dialog)
        with qtbot.waitSignal(dialog.accepted, timeout=20_000):
            qtbot.keyClick(dialog.tree, Qt.Key.Key_Return)
        return True

    window = make_window(document, person, target, import_plan=real_parts().import_plan)
    with qtbot.waitSignal(window.opening_ended, timeout=20_000) as ended:
        window.start_page.buttons["import"].click()
    assert ended.args == [True]
    assert window.document.path == target
    assert window.document.measure_count == 3
    assert not window.document.state.unpublished


def test_the_history_of_the_new_plan_says_where_it_is_from(
    preview: Make, qtbot: QtBot, document: Path, tmp_path: Path
) -> None:
    target = tmp_path / "Plan.cypp"
    dialog = preview(document, target, settings=Settings(author="Ann"))
    with qtbot.waitSignal(dialog.accepted, timeout=20_000):
        dialog.bring_in.click()
    assert dialog.made == target
    with OpenPlan.open(target, read_only=True) as made:
        from cypp_desktop.store.history import history

        entries = history(made.editor.session)
        assert {(entry.step, entry.author) for entry in entries} == {("Import Word document", "Ann")}


def test_the_name_proposed_is_the_title_beside_the_source_and_free(
    preview: Make, document: Path, tmp_path: Path
) -> None:
    asked: list[Path] = []

    class Asking(ScriptedDialogs):
        def save_file(self, parent: Any, title: str, kinds: str, suggested: Path) -> Path | None:
            asked.append(suggested)
            return None

    dialog = preview(document)
    object.__setattr__(dialog._services, "dialogs", Asking())
    dialog.bring_in.click()
    (tmp_path / "Our children’s plan.cypp").touch()
    dialog.bring_in.click()
    assert [path.name for path in asked] == ["Our children’s plan.cypp", "Our children’s plan 2.cypp"]
    assert {path.parent for path in asked} == {tmp_path}
    assert dialog.bring_in.isEnabled()


def test_a_place_that_can_not_be_written_is_said_and_the_preview_stays(
    preview: Make, qtbot: QtBot, document: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    dialog = preview(document, tmp_path / "file" / "Plan.cypp")
    dialog.bring_in.click()
    settled(qtbot, dialog)
    assert dialog.banners.messages()["making"].kind == "problem"
    assert dialog.bring_in.isEnabled()
    assert dialog.isVisible()


def test_stopped_while_making_nothing_is_left(
    preview: Make, qtbot: QtBot, document: Path, tmp_path: Path
) -> None:
    target = tmp_path / "Plan.cypp"
    dialog = preview(document, target)
    dialog.bring_in.click()
    dialog.cancel.click()
    settled(qtbot, dialog)
    assert dialog.isVisible()
    assert dialog.banners.messages()["making"].text == "Stopped. No plan was made."
    assert not target.exists()


def test_the_report_is_saved_as_text(preview: Make, document: Path, tmp_path: Path) -> None:
    target = tmp_path / "report.txt"
    dialog = preview(document, target)
    dialog.save_report.click()
    assert target.read_text(encoding="utf-8") == read_source(document).report.as_text()
    assert dialog.banners.messages()["report"].kind == "done"


def test_closing_while_reading_gives_no_plan(qtbot: QtBot, document: Path, appearance: Theme) -> None:
    tasks = Tasks()
    services = simple_services(ScriptedDialogs(), tasks, BannerArea())
    qtbot.addWidget(services.banners)
    dialog = ImportDialog(services, document)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.cancel.click()
    tasks.stop_all()
    qtbot.waitUntil(lambda: tasks.running == ())
    assert not dialog.isVisible()
    assert words(dialog) == []


# ------------------------------------------------------------------ other sources


def test_plan_json_is_shown_without_columns(preview: Make, tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(plan()), encoding="utf-8")
    dialog = preview(path)
    assert "3 measures" in dialog.summary.text()
    assert not dialog.tabs.isTabVisible(0)
    assert "Every word" in dialog.notes.toPlainText()
    assert dialog.bring_in.isEnabled()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "an old Word document (.doc)"),
        (
            "secret.docx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "protected by a password",
        ),
        ("cut.docx", b"PK\x03\x04 cut short", "damaged or was cut short"),
        ("plan.json", b"{", "damaged"),
        ("gone.docx", None, "no file at this place"),
    ],
)
def test_what_can_not_be_read_is_said_in_place(
    preview: Make, tmp_path: Path, name: str, content: bytes | None, words: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    dialog = preview(tmp_path / name)
    assert words in dialog.problem.text()
    assert dialog.problem.isVisible()
    assert not dialog.bring_in.isEnabled()
    assert dialog.cancel.text() == "Close"


def test_a_document_without_tables_is_said_in_place(preview: Make, tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("Minutes of the board.")
    document.save(str(tmp_path / "Minutes.docx"))
    dialog = preview(tmp_path / "Minutes.docx")
    assert "no table that reads like an action plan" in dialog.problem.text()


@pytest.mark.skipif(not DOCUMENTS.is_dir(), reason="the councils’ own documents are not here")
def test_the_councils_own_documents_are_shown(preview: Make) -> None:
    for document in sorted(DOCUMENTS.glob("*.docx")):
        dialog = preview(document)
        counts = read_source(document).report.counts
        assert sum(counts[name] for name in ("priorities", "outcomes", "measures")) == len(words(dialog)) - 1
        assert dialog.columns.to_check() == []
        for item in items(dialog):
            dialog.tree.setCurrentItem(item)
            assert dialog.text.toPlainText().strip(), item.text(0)


# ------------------------------------------------------------------ for everyone


@pytest.mark.parametrize("percent", [100, 200])
def test_the_preview_is_used_by_ear_and_by_keyboard(
    preview: Make, odd_document: Path, appearance: Theme, percent: int
) -> None:
    appearance.apply("dark", percent)
    dialog = preview(odd_document)
    for tab in range(2):
        dialog.tabs.setCurrentIndex(tab)
        assert controls(dialog)
        assert nameless(dialog) == []
        assert unreachable(dialog) == []


def test_no_words_of_the_columns_are_cut_off_at_200_percent(
    preview: Make, document: Path, appearance: Theme, qtbot: QtBot
) -> None:
    appearance.apply("light", 200)
    dialog = preview(document)
    labels = [label for label in dialog.columns.findChildren(WrappedLabel) if label.isVisible()]
    assert len(labels) > 8
    for label in labels:
        assert label.height() >= label.heightForWidth(label.width()), label.text()


# ------------------------------------------------------------------ the words and rules behind it
