"""What a panel shows is what the plan says, whatever changed it while the panel was hidden."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QTableView,
    QTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from cypp_desktop.plan.model import Lead, Update
from cypp_desktop.store import schema
from cypp_desktop.store.addresses import row_at
from cypp_desktop.store.commands import set_field, set_organisation, set_update_text
from cypp_desktop.store.editor import Changed, Editor
from cypp_desktop.store.queries import current_round, update_of
from cypp_desktop.ui.panels import PanelArea
from cypp_desktop.ui.panels.levels import LevelPanel
from cypp_desktop.ui.panels.panel_field import PanelField
from tests.ui.panel_plans import field, open_editor, show, type_words
from tests.ui.panels.test_reach import ADDRESSES, edit, pages, turn


@pytest.fixture
def make_area(qtbot: QtBot) -> Iterator[Callable[[Editor], PanelArea]]:
    made: list[PanelArea] = []

    def make(editor: Editor) -> PanelArea:
        area = PanelArea()
        qtbot.addWidget(area)
        area.resize(900, 700)
        area.attach(editor)
        area.show()
        made.append(area)
        return area

    yield make
    for area in made:
        area.attach(None)


@pytest.fixture
def editor() -> Iterator[Editor]:
    with open_editor() as opened:
        yield opened


def words_of(widget: QWidget) -> str | None:
    """What a widget says; None for one that only holds others."""
    if isinstance(widget, PanelField):
        return repr(widget.value())
    if isinstance(widget, (QLabel, QLineEdit)):
        return widget.text()
    if isinstance(widget, (QPlainTextEdit, QTextEdit)):
        return widget.toPlainText()
    if isinstance(widget, QComboBox):
        return widget.currentText()
    if isinstance(widget, QAbstractButton):
        return f"{widget.text()} {widget.accessibleName()} {widget.isEnabled()} {widget.isChecked()}"
    if isinstance(widget, QListWidget):
        return str([widget.item(at).text() for at in range(widget.count())])
    if isinstance(widget, QTableView):
        model = widget.model()
        rows, columns = range(model.rowCount()), range(model.columnCount())
        return str([[model.index(row, column).data() or "" for column in columns] for row in rows])
    return None


def shown(area: PanelArea) -> list[tuple[str, str, str]]:
    """All that a panel says, from top to bottom: kind of widget, field and words."""
    QApplication.processEvents()
    panel = area.panel
    assert panel is not None
    found = []
    for widget in panel.findChildren(QWidget):
        words = words_of(widget)
        if words and widget.isVisibleTo(panel):
            found.append((type(widget).__name__, str(widget.property("field") or ""), words))
    return sorted(found)


def edit_all(area: PanelArea) -> int:
    """Edit every field that the page on the screen shows; gives how many."""
    panel = area.panel
    assert panel is not None
    names = [f for f in panel.findChildren(PanelField) if f.isVisibleTo(panel) and f.key is not None]
    done = 0
    for each in names:
        if each.isVisibleTo(panel) and each.key is not None and each.isEnabled():
            edit(each)
            area.flush()
            done += 1
    return done


ELSEWHERE = {address: "sections/1" if address == "plan" else "plan" for address in ADDRESSES}


@pytest.mark.parametrize("hidden", ["behind another kind of row", "behind another page", "not at all"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_every_page_says_what_was_edited_elsewhere(
    address: str, hidden: str, editor: Editor, make_area: Callable[[Editor], PanelArea]
) -> None:
    used, other = make_area(editor), make_area(editor)
    row = show(used, address)
    key = (row.row_type, row.id)  # its address is edited too
    edited = 0
    for page in pages(used):
        used.show_row(*key)
        turn(used, page)
        if hidden == "behind another kind of row":
            show(used, ELSEWHERE[address])
        elif hidden == "behind another page" and page is not None:
            turn(used, "details" if page != "details" else pages(used)[0])
        other.show_row(*key)
        turn(other, page)
        edited += edit_all(other)
        assert_as_fresh(used, key, page, make_area)
    assert edited
    while editor.undo_name is not None:
        editor.undo()
    for page in pages(used):
        assert_as_fresh(used, key, page, make_area)


def assert_as_fresh(
    used: PanelArea, key: tuple[str, str], page: str | None, make_area: Callable[[Editor], PanelArea]
) -> None:
    """The panel that was shown before says the same as one that has just been made."""
    fresh = make_area(used.context.editor)
    for area in (used, fresh):
        area.show_row(*key)
        turn(area, page)
    assert shown(used) == shown(fresh), f"{key[0]}, {page}"
    fresh.attach(None)
    fresh.hide()


def written(editor: Editor) -> str:
    update = update_of(row_at(editor.session, "1/1a/i"), current_round(editor.session))  # type: ignore[arg-type]
    assert update is not None
    return update.text


def update_page(area: PanelArea) -> Any:
    show(area, "1/1a/i")
    panel: Any = area.panel
    return panel.pages.turn_to("update")


@pytest.mark.parametrize("behind", ["1/1a", "1", "plan", "1/1a/ii", "1/1a/iii"])
def test_the_next_key_goes_on_with_the_partners_words(
    behind: str, editor: Editor, make_area: Callable[[Editor], PanelArea]
) -> None:
    area = make_area(editor)
    update_page(area)
    show(area, behind)
    measure: Any = row_at(editor.session, "1/1a/i")
    set_update_text(editor, measure, current_round(editor.session), "- The partner wrote this.")
    text = update_page(area).editors[0].text.input
    assert text.markdown() == "- The partner wrote this."
    text.area.setFocus()
    text.area.moveCursor(text.area.textCursor().MoveOperation.End)
    type_at_end(text, " more")
    area.flush()
    assert written(editor) == "- The partner wrote this. more"


def test_the_place_for_a_new_update_names_its_measure_as_it_is_called_now(
    editor: Editor, make_area: Callable[[Editor], PanelArea]
) -> None:
    area = make_area(editor)
    measure: Any = show(area, "1/1a/iii")
    panel: Any = area.panel
    covers = panel.pages.turn_to("update").editors[0].covers
    set_field(editor, measure, "code", "xii")
    assert "xii" in covers.button.text()


@pytest.mark.parametrize("address", ["rounds/#2", "organisations/#1", "people/#1"])
@pytest.mark.parametrize("renamed", ["1", "1/1a", "1/1a/i"])
def test_rows_to_go_to_are_named_as_they_are_called_now(
    address: str, renamed: str, editor: Editor, make_area: Callable[[Editor], PanelArea]
) -> None:
    area = make_area(editor)
    row = show(area, address)
    set_field(editor, row_at(editor.session, renamed), "code", "xii")
    set_field(editor, row_at(editor.session, "plan"), "level_priority", "Aim")
    assert_as_fresh(area, (row.row_type, row.id), None, make_area)


def type_at_end(text: Any, words: str) -> None:
    from PySide6.QtTest import QTest

    QTest.keyClicks(text.area, words)


# ------------------------------------------------------------------ while somebody types


class Beside:
    """Somebody else who works on the same plan, as a merge does: an editor of their own."""

    def __init__(self, editor: Editor) -> None:
        self.ours = editor
        self.editor = Editor(editor.session.get_bind().engine, "Partner")
        self.changed: list[Changed] = []
        self.editor.listen(self.changed.append)

    def told(self) -> None:
        """What they did comes in."""
        self.ours.follow(self.changed)
        self.editor.close()


@pytest.fixture
def beside(editor: Editor) -> Beside:
    return Beside(editor)


def test_a_paragraph_that_came_in_while_another_was_typed_joins_it(
    editor: Editor, beside: Beside, make_area: Callable[[Editor], PanelArea]
) -> None:
    area = make_area(editor)
    text = update_page(area).editors[0].text.input
    text.area.setFocus()
    text.area.moveCursor(text.area.textCursor().MoveOperation.End)
    type_at_end(text, " and rising")
    update_id = update_page(area).editors[0].key[1]
    editor.session.rollback()
    update: Any = beside.editor.find(Update, update_id)
    set_field(beside.editor, update, "text", "- Down by half\n- Still high")
    beside.told()
    area.flush()
    assert written(editor) == "- Down by half\n- Still high and rising"
    assert text.markdown() == "- Down by half\n- Still high and rising"


def test_words_that_came_in_stand_and_what_was_typed_over_them_is_in_the_history(
    editor: Editor, beside: Beside, make_area: Callable[[Editor], PanelArea], qtbot: QtBot
) -> None:
    area = make_area(editor)
    measure: Any = show(area, "1/1a/i")
    title = field(area, "measure.title")
    type_words(title.input, "My words")
    editor.session.rollback()
    theirs: Any = row_at(beside.editor.session, "1/1a/i")
    set_field(beside.editor, theirs, "title", "Their words")
    beside.told()
    with qtbot.waitSignal(area.problem) as told:
        area.flush()
    assert measure.title == "Their words"
    assert title.input.toPlainText() == "Their words"
    assert "history" in told.args[0]
    said = editor.session.execute(
        schema.change.select().where(schema.change.c.row_id == measure.id, schema.change.c.field == "title")
    )
    assert '"My words"' in [change.value for change in said]


def test_the_same_words_typed_twice_need_no_question(
    editor: Editor, beside: Beside, make_area: Callable[[Editor], PanelArea]
) -> None:
    area = make_area(editor)
    measure: Any = show(area, "1/1a/i")
    told: list[str] = []
    area.problem.connect(told.append)
    type_words(field(area, "measure.title").input, "The same")
    editor.session.rollback()
    theirs: Any = row_at(beside.editor.session, "1/1a/i")
    set_field(beside.editor, theirs, "title", "The same")
    beside.told()
    area.flush()
    assert measure.title == "The same"
    assert told == []


def test_an_organisation_that_came_in_is_not_typed_over(
    editor: Editor, beside: Beside, make_area: Callable[[Editor], PanelArea]
) -> None:
    area = make_area(editor)
    measure: Any = show(area, "1/1a/i")
    assert isinstance(area.panel, LevelPanel)
    area.panel.edit_leads()
    organisation = field(area, "lead.organisation_id")
    type_words(organisation.input, "Police")
    editor.session.rollback()
    lead = beside.editor.find(Lead, organisation.key[1])
    assert lead is not None
    set_organisation(beside.editor, lead, "Schools")
    beside.told()
    area.flush()
    assert measure.leads[0].organisation.name == "Schools"
    assert organisation.input.text() == "Schools"


@pytest.mark.parametrize("address", ["1/1a/i", "1/1a", "plan"])
def test_showing_a_row_again_and_typing_nothing_writes_nothing(
    address: str, editor: Editor, make_area: Callable[[Editor], PanelArea]
) -> None:
    area = make_area(editor)
    show(area, address)
    show(area, "sections/1")
    steps: list[str] = []
    editor.listen(lambda changed: steps.append(changed.step))
    show(area, address)
    area.setFocus(Qt.FocusReason.OtherFocusReason)
    area.flush()
    assert steps == []
