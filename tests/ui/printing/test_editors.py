"""Layouts and packs of an officer's own are made beside the pages and kept with the plan."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrintDialog
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from cypp_desktop.errors import UsageError
from cypp_desktop.operations.printing.print_request import PrintKind
from cypp_desktop.operations.printing.saved_layouts import delete_unused, save_edited
from cypp_desktop.report.layouts import saved_layouts
from cypp_desktop.report.packs import saved_packs
from cypp_desktop.ui.printing.page import PrintPage
from cypp_desktop.ui.theme import Theme
from tests.ui.print_parts import PARTS, choose, drawn, drawn_again, longer, shown_words
from tests.ui.returns_plan import window_on, write_return
from tests.ui.scripted import nameless, unreachable
from tests.ui.simple_parts import opened

Make = Callable[..., Any]


@pytest.fixture
def window(make_window: Make, qtbot: QtBot, plan_file: Path) -> Any:
    longer(plan_file, 6)
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


def kept(window: Any) -> dict[str, Any]:
    session = window.document.editor.session
    return {**saved_layouts(session), **saved_packs(session)}


def pick(box: QComboBox, words: str) -> None:
    """Choose something in a box with the mouse."""
    box.setCurrentIndex(box.findText(words))
    box.activated.emit(box.currentIndex())


def make_layout(place: PrintPage, qtbot: QtBot, name: str) -> None:
    """Copy the layout shown, give it a name, take its last column away, and keep it."""
    place.options.change.click()
    editing = place.options.layout_editor
    editing.name.selectAll()
    qtbot.keyClicks(editing.name, name)
    editing.columns.list.setCurrentRow(3)
    qtbot.keyClick(editing.columns.list, Qt.Key.Key_Delete)
    place.options.keep.click()
    drawn(qtbot, place)


# ------------------------------------------------------------------ layouts


def test_a_copy_of_a_layout_is_changed_in_view_and_kept(window: Any, place: PrintPage, qtbot: QtBot) -> None:
    assert "Lead organisation" in shown_words(place)
    place.options.change.click()
    editing = place.options.layout_editor
    assert editing.name.text() == "Our update"
    editing.columns.list.setCurrentRow(3)
    editing.columns.drop.click()
    pick(editing.columns.add, "Status")
    editing.heading.setFocus()
    qtbot.keyClicks(editing.heading, "How it stands")
    editing.share.setValue(30)
    qtbot.keyClick(editing.columns.list, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    drawn_again(qtbot, place, "How it stands")
    assert "Lead organisation" not in shown_words(place)
    assert kept(window) == {}
    choose(qtbot, place.paper_box, "A3")
    place.options.keep.click()
    drawn(qtbot, place)
    definition = kept(window)["Our update"]
    assert [column["column"] for column in definition["columns"]] == [
        "outcome",
        "measure",
        "status",
        "update",
    ]
    assert definition["columns"][2] == {"column": "status", "share": 30.0, "heading": "How it stands"}
    assert definition["paper"] == "A3"
    assert place.layout_box.currentText() == "Our update (this plan’s)"
    assert place.paper_box.currentIndex() == 0
    assert round(place.preview.document().pagePointSize(0).width()) == 1191


def test_keeping_is_one_step_that_can_be_undone(window: Any, place: PrintPage, qtbot: QtBot) -> None:
    make_layout(place, qtbot, "Board table")
    assert window.document.undo_name == "Save layout"
    window.menus.actions["undo"].trigger()
    drawn(qtbot, place)
    assert kept(window) == {}
    assert place.layout_box.currentText() == "Update"


def test_a_layout_of_the_plan_gets_another_name_in_one_step(
    window: Any, place: PrintPage, qtbot: QtBot
) -> None:
    make_layout(place, qtbot, "Board table")
    make_again = place.options
    assert make_again.change.text() == "&Change"
    make_again.change.click()
    make_again.layout_editor.name.selectAll()
    qtbot.keyClicks(make_again.layout_editor.name, "Meeting table")
    make_again.keep.click()
    drawn(qtbot, place)
    assert list(kept(window)) == ["Meeting table"]
    window.document.undo()
    assert list(kept(window)) == ["Board table"]


def test_what_a_layout_leaves_out_is_kept_with_it_and_can_be_let_in_again(
    window: Any, place: PrintPage, qtbot: QtBot
) -> None:
    choose(qtbot, place.options.priority_box, "Priority 1. Health")
    place.options.exceptions.click()
    make_layout(place, qtbot, "Worst of health")
    assert kept(window)["Worst of health"]["priorities"] == ["p1"]
    assert kept(window)["Worst of health"]["rag"] == ["red", "amber"]
    assert not place.options.exceptions.isChecked()
    place.options.change.click()
    assert place.options.exceptions.isChecked()
    assert place.options.priority_box.currentText() == "Priority 1. Health"
    place.options.exceptions.click()
    place.options.keep.click()
    drawn(qtbot, place)
    assert not kept(window)["Worst of health"].get("rag")


def test_a_layout_is_deleted_and_the_one_that_suits_is_shown(
    window: Any, place: PrintPage, qtbot: QtBot
) -> None:
    make_layout(place, qtbot, "Board table")
    place.options.change.click()
    place.options.delete.click()
    qtbot.waitUntil(lambda: place.layout_box.currentText() == "Update", timeout=20_000)
    drawn(qtbot, place)
    assert kept(window) == {}
    assert window.document.undo_name == "Delete layout"


def test_leaving_keeps_nothing_and_shows_what_was_there(window: Any, place: PrintPage, qtbot: QtBot) -> None:
    place.options.change.click()
    place.options.layout_editor.columns.drop.click()
    drawn(qtbot, place)
    place.options.leave.click()
    drawn_again(qtbot, place, "Outcomes")
    assert kept(window) == {}
    assert place.layout_box.currentText() == "Update"
    assert place.layout_box.isEnabled()


def test_a_name_of_ours_is_refused_in_words(window: Any, place: PrintPage, qtbot: QtBot) -> None:
    place.options.change.click()
    name = place.options.layout_editor.name
    name.selectAll()
    qtbot.keyClicks(name, "update")
    place.options.keep.click()
    assert "comes with the program" in window.banners.messages()["paper"].text
    assert kept(window) == {}


def test_without_name_or_columns_nothing_can_be_kept(place: PrintPage, qtbot: QtBot) -> None:
    place.options.change.click()
    editing = place.options.layout_editor
    editing.name.selectAll()
    qtbot.keyClick(editing.name, Qt.Key.Key_Delete)
    assert not place.options.keep.isEnabled()
    qtbot.keyClicks(editing.name, "Something")
    assert place.options.keep.isEnabled()
    while editing.columns.list.count():
        editing.columns.drop.click()
    assert not place.options.keep.isEnabled()


def test_the_settings_keep_no_words_of_the_plan(
    window: Any, place: PrintPage, qtbot: QtBot, plan_file: Path
) -> None:
    make_layout(place, qtbot, "Board table")
    remembered = window.settings.session(plan_file).printing
    assert "Board" not in str(remembered)
    window.menus.actions["close"].trigger()
    opened(qtbot, window, plan_file)
    shown(window, qtbot)
    assert place.layout_box.currentText() == "Board table (this plan’s)"


# ------------------------------------------------------------------ packs


def make_pack(place: PrintPage, qtbot: QtBot) -> None:
    place.options.make_pack.click()
    editing = place.options.pack_editor
    editing.name.selectAll()
    qtbot.keyClicks(editing.name, "Spring meeting")
    editing.contents.click()
    pick(editing.chapters.add, "Scorecard")
    place.options.keep.click()
    drawn(qtbot, place)


def test_a_pack_is_made_with_ticks_and_chapters_in_order(window: Any, place: PrintPage, qtbot: QtBot) -> None:
    make_pack(place, qtbot)
    assert kept(window)["Spring meeting"]["parts"] == [
        "cover", "rag-summary", "scorecard", "suited", "conflicts", "placeholders",
    ]  # fmt: skip
    assert window.document.undo_name == "Save pack"
    assert place.layout_box.currentText() == "Spring meeting (this plan’s)"
    assert "Spring meeting" in shown_words(place)
    place.options.change.click()
    editing = place.options.pack_editor
    assert [box.isChecked() for box in (editing.cover, editing.contents, editing.summary, editing.annex)] == [
        True, False, True, True,
    ]  # fmt: skip
    editing.summary.click()
    editing.annex.click()
    editing.chapters.list.setCurrentRow(1)
    editing.chapters.up.click()
    place.options.keep.click()
    drawn(qtbot, place)
    assert kept(window)["Spring meeting"]["parts"] == ["cover", "suited", "scorecard"]


def test_a_pack_keeps_what_it_is_for(window: Any, place: PrintPage, qtbot: QtBot) -> None:
    choose(qtbot, place.options.priority_box, "Priority 1. Health")
    make_pack(place, qtbot)
    assert kept(window)["Spring meeting"]["priorities"] == ["p1"]
    assert "Only Priority 1. Health" in shown_words(place)
    assert place.options.priority_box.currentText() == "As the layout has it"


def test_the_print_menu_lists_the_packs_and_prints_one_at_once(
    window: Any, place: PrintPage, qtbot: QtBot
) -> None:
    make_pack(place, qtbot)
    choose(qtbot, place.layout_box, "Scorecard")
    drawn(qtbot, place)
    window.show_page("plan")
    menu = window.menus.menus["P&rint"].actions()[1].menu()
    menu.aboutToShow.emit()
    listed = [action.text() for action in menu.actions()]
    assert listed[:2] == ["Spring meeting…", "Board pack…"]
    seen: list[str] = []

    def look(dialog: QPrintDialog) -> bool:
        seen.append(shown_words(place))
        return False

    window.dialogs.answers.append(look)
    menu.actions()[0].trigger()
    qtbot.waitUntil(lambda: bool(seen))
    assert "Spring meeting" in seen[0]
    assert window.dialogs.asked == ["Print"]


def test_a_pack_that_is_shown_already_is_printed_at_once(window: Any, place: PrintPage, qtbot: QtBot) -> None:
    choose(qtbot, place.layout_box, "Board pack")
    drawn(qtbot, place)
    seen: list[str] = []

    def look(dialog: QPrintDialog) -> bool:
        seen.append(dialog.windowTitle())
        return False

    window.dialogs.answers.append(look)
    place.print_pack("board")
    qtbot.waitUntil(lambda: seen == ["Print"])


def test_a_pack_goes_on_printing_a_layout_under_its_new_name(
    window: Any, place: PrintPage, qtbot: QtBot
) -> None:
    editor = window.document.editor
    save_edited(editor, PrintKind.LAYOUT, "Table", {"based_on": "update"})
    save_edited(editor, PrintKind.PACK, "Meeting", {"parts": ["cover", "Table"]})
    with pytest.raises(UsageError, match="“Meeting” prints this layout"):
        delete_unused(editor, PrintKind.LAYOUT, "Table")
    with pytest.raises(UsageError, match="already"):
        save_edited(editor, PrintKind.LAYOUT, "Table", {"based_on": "delivery"})
    save_edited(editor, PrintKind.LAYOUT, "New table", {"based_on": "update"}, "Table")
    assert window.document.undo_name == "Change layout"
    assert kept(window)["Meeting"]["parts"] == ["cover", "New table"]
    assert "Table" not in kept(window)
    window.document.undo()
    assert kept(window)["Meeting"]["parts"] == ["cover", "Table"]
    assert "New table" not in kept(window)
    delete_unused(editor, PrintKind.PACK, "Meeting")
    delete_unused(editor, PrintKind.LAYOUT, "Table")
    assert kept(window) == {}


# ------------------------------------------------------------------ for everyone


@pytest.mark.parametrize("percent", [100, 200])
@pytest.mark.parametrize("making", ["layout", "pack"])
def test_making_is_done_by_ear_and_by_keyboard(
    window: Any, place: PrintPage, appearance: Theme, qtbot: QtBot, percent: int, making: str
) -> None:
    appearance.apply("dark", percent)
    (place.options.change if making == "layout" else place.options.make_pack).click()
    drawn(qtbot, place)
    assert nameless(place) == []
    assert unreachable(window) == []


def test_a_plan_that_is_open_for_reading_keeps_nothing(
    make_window: Make, qtbot: QtBot, plan_file: Path
) -> None:
    from cypp_desktop.operations.printing.print_request import PrintChoice, PrintChoices, PrintRequest
    from cypp_desktop.ui.printing.options import PrintOptions

    options = PrintOptions()
    qtbot.addWidget(options)
    options.show()
    choices = PrintChoices(layouts=(PrintChoice(name="update", title="Update", definition="{}"),))
    options.show_choices(choices, PrintRequest(layout="update"), can_keep=False)
    assert not options.change.isEnabled()
    assert not options.make_pack.isEnabled()
    options.show_choices(choices, PrintRequest(layout="update"), can_keep=True)
    assert options.change.isEnabled()


def test_a_partner_prints_a_return_but_keeps_no_layouts_in_it(
    make_window: Make, qtbot: QtBot, tmp_path: Path
) -> None:
    window = window_on(make_window, qtbot, write_return(tmp_path))
    place = shown(window, qtbot)
    assert place.preview.count > 0
    assert not place.options.change.isEnabled()
    assert not place.options.make_pack.isEnabled()
