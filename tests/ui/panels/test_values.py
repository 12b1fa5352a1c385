"""The table of values: exact numbers or words, edited in place, pasted from a spreadsheet, moved."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cypp_desktop.store.addresses import row_at
from cypp_desktop.ui.panels import PanelArea
from cypp_desktop.ui.panels.value_cells import COLUMNS, table_of
from tests.ui.panel_plans import field, open_editor, press, show, type_words

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def area(qtbot: QtBot) -> Iterator[PanelArea]:
    with open_editor() as editor:
        made = PanelArea()
        qtbot.addWidget(made)
        made.resize(700, 800)
        made.attach(editor)
        made.show()
        yield made
        made.attach(None)


def table(area: PanelArea, address: str = "1/1a/i") -> Any:
    show(area, address)
    panel: Any = area.panel
    shown = panel.pages.turn_to("values").table
    QApplication.processEvents()
    return shown


def values(area: PanelArea, address: str = "1/1a/i") -> list[tuple[Any, ...]]:
    rows = row_at(area.context.editor.session, address).observations  # type: ignore[attr-defined]
    return [(r.area, r.period, r.value if r.value is not None else r.words, r.unit) for r in rows]


def choose(shown: Any, row: int, column: str) -> None:
    shown.setCurrentIndex(shown.values.index(row, [each.value for each in COLUMNS].index(column)))


def write(area: PanelArea, shown: Any, row: int, column: str, words: str) -> None:
    choose(shown, row, column)
    press(shown, Qt.Key.Key_F2)
    type_words(shown.cells.open_input, words)
    press(shown.cells.open_input, Qt.Key.Key_Return)


@given(st.lists(st.lists(st.text('ab "1,\n', max_size=5), min_size=1, max_size=3), min_size=1, max_size=4))
def test_any_clipboard_is_read_as_some_table(rows: list[list[str]]) -> None:
    text = "\n".join("\t".join(row) for row in rows)
    found = table_of(text)
    assert all(isinstance(cell, str) for row in found for cell in row)


def test_a_cell_of_several_lines_stays_one_cell() -> None:
    assert table_of('a\t"b\nc ""d"""\te\nf\tg') == [["a", 'b\nc "d"', "e"], ["f", "g"]]
    assert table_of('5" pipe\tx\nnext\ty') == [['5" pipe', "x"], ["next", "y"]]


def test_a_value_is_edited_in_place_and_kept_to_the_last_digit(area: PanelArea) -> None:
    shown = table(area)
    write(area, shown, 0, "value", "17.20")
    assert str(values(area)[0][2]) == "17.20"
    write(area, shown, 0, "value", "not known")
    assert values(area)[0] == ("City", "2015/16", "not known", "%")
    area.context.editor.undo()
    assert shown.values.index(0, 4).data() == "17.20"


def test_a_comma_that_could_be_a_point_keeps_the_words(area: PanelArea) -> None:
    shown = table(area)
    write(area, shown, 0, "value", "0,500")
    assert values(area)[0][2] == "0,500"
    write(area, shown, 0, "value", "1,234")
    assert values(area)[0][2] == Decimal(1234)
    choose(shown, 0, "value")
    QGuiApplication.clipboard().setText("12,34\n2,500")
    press(shown, Qt.Key.Key_V, CONTROL)
    assert [row[2] for row in values(area)[:2]] == ["12,34", Decimal(2500)]


def test_a_period_and_a_kind_are_edited_in_place(area: PanelArea) -> None:
    shown = table(area)
    write(area, shown, 0, "period", "2017/18")
    choose(shown, 0, "kind")
    press(shown, Qt.Key.Key_F2)
    press(shown.cells.open_input, Qt.Key.Key_Down)
    row: Any = row_at(area.context.editor.session, "1/1a/i").observations[0]  # type: ignore[attr-defined]
    assert (row.period, row.period_start, row.period_end) == ("2017/18", "2017-04-01", "2018-03-31")
    assert row.kind == "target"


def test_a_cell_being_typed_in_is_kept_when_the_plan_is_saved(area: PanelArea) -> None:
    shown = table(area)
    choose(shown, 0, "area")
    press(shown, Qt.Key.Key_F2)
    type_words(shown.cells.open_input, "Nottingham")
    area.flush()
    assert values(area)[0][0] == "Nottingham"


def test_a_new_value_begins_like_the_one_before(area: PanelArea) -> None:
    shown = table(area)
    choose(shown, 1, "value")
    press(shown, Qt.Key.Key_Insert)
    assert values(area)[2] == ("England", None, None, "%")
    assert shown.currentIndex().row() == 2
    assert shown.cells.open_input is not None


def test_rows_copied_in_a_spreadsheet_are_pasted_in_one_step(area: PanelArea) -> None:
    shown = table(area)
    choose(shown, 2, "area")
    QGuiApplication.clipboard().setText(
        "Derby\t2016/17\tactual\t12.10\t%\r\nLeeds\t2016/17\ttarget\t1,000\tper 1,000\r\n"
    )
    press(shown, Qt.Key.Key_V, CONTROL)
    assert values(area)[2:] == [
        ("Derby", "2016/17", Decimal("12.10"), "%"),
        ("Leeds", "2016/17", Decimal("1000"), "per 1,000"),
    ]
    assert area.context.editor.undo() == "Paste 2 values"
    assert len(values(area)) == 3
    assert values(area)[2][2] == "136th of 137"


def test_pasted_headings_say_where_each_column_goes(area: PanelArea) -> None:
    shown = table(area, "1/1a/iii")
    QGuiApplication.clipboard().setText("Period\tOther\tValue\tArea\n2016/17\tx\t48.4%\tCity\n")
    press(shown, Qt.Key.Key_V, CONTROL)
    assert values(area, "1/1a/iii") == [("City", "2016/17", Decimal("48.4"), "%")]


def test_cells_are_copied_as_a_spreadsheet_takes_them(area: PanelArea) -> None:
    shown = table(area)
    choose(shown, 0, "series")
    press(shown, Qt.Key.Key_End, Qt.KeyboardModifier.ShiftModifier)
    press(shown, Qt.Key.Key_C, CONTROL)
    assert QGuiApplication.clipboard().text() == "\tCity\t2015/16\tactual\t18.1\t%\t"


def test_values_are_moved_and_deleted_by_keys(area: PanelArea) -> None:
    shown = table(area)
    choose(shown, 0, "area")
    press(shown, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert [row[0] for row in values(area)] == ["England", "City", "City"]
    assert shown.currentIndex().row() == 1, "the value stays the current one"
    press(shown, Qt.Key.Key_Delete)
    assert values(area)[1][0] is None
    press(shown, Qt.Key.Key_Delete, CONTROL)
    assert len(values(area)) == 2
    area.context.editor.undo()
    area.context.editor.undo()
    assert [row[0] for row in values(area)] == ["England", "City", "City"]


def test_the_note_and_period_of_the_chosen_value_have_room_beneath(area: PanelArea) -> None:
    shown = table(area)
    choose(shown, 1, "area")
    note = field(area, "observation.note")
    type_words(note.input, "Provisional")
    area.flush()
    row: Any = row_at(area.context.editor.session, "1/1a/i").observations[1]  # type: ignore[attr-defined]
    assert row.note == "Provisional"
    assert shown.values.index(1, 6).data() == "Provisional"
    choose(shown, 0, "area")
    assert field(area, "observation.note").input.markdown() == ""


def test_letters_typed_on_a_cell_begin_to_edit_it(area: PanelArea) -> None:
    shown = table(area)
    choose(shown, 0, "area")
    QTest.keyClick(shown, Qt.Key.Key_D, Qt.KeyboardModifier.ShiftModifier)
    assert shown.cells.open_input is not None
