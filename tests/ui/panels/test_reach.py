"""Every field of every kind of row can be edited in some panel, and what is edited can be undone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from cypp_desktop.plan.base import fields_of, row_classes
from cypp_desktop.ui.panels import PanelArea
from cypp_desktop.ui.panels.covered_measures import CoveredMeasuresField
from cypp_desktop.ui.panels.dates import DayField, SpanField
from cypp_desktop.ui.panels.fields import ChoiceField, FlagField, LineField, NumberField, WordsField
from cypp_desktop.ui.panels.leads import PeopleField
from cypp_desktop.ui.panels.levels import LevelPanel
from cypp_desktop.ui.panels.links import OrganisationField
from cypp_desktop.ui.panels.list_field import ListField
from cypp_desktop.ui.panels.panel_field import PanelField
from cypp_desktop.ui.panels.texts import TextField
from tests.ui.panel_plans import open_editor, press, show, snapshot, type_words
from tests.ui.scripted import nameless, unreachable

ADDRESSES = (
    "plan", "rounds/#1", "organisations/#1", "people/#1", "1", "1/1a", "1/1a/i", "1/1a/actions/1",
    "1/1a/updates/#2", "1/1a/i/observations/#1", "sections/1", "recommendations/1",
)  # fmt: skip
#: Kinds of row whose screens come with their own work.
LATER = {
    "print_layout": "an officer's own layouts are made where packs are printed",
    "pack": "packs are put together where they are printed",
    "issued_return": "a return is issued by its own command",
    "received_file": "a received file is written by receiving it",
}
#: Rows that are moved in the tree, by dragging or keys, and so have no place to edit in a panel.
MOVED_IN_TREE = {
    "priority", "outcome", "measure", "round", "organisation", "person", "section", "recommendation",
}  # fmt: skip


@pytest.fixture
def area(qtbot: QtBot) -> Iterator[PanelArea]:
    with open_editor() as editor:
        made = PanelArea()
        qtbot.addWidget(made)
        made.resize(900, 700)
        made.attach(editor)
        made.show()
        yield made
        made.attach(None)


def pages(area: PanelArea) -> list[str | None]:
    """The pages of the panel shown, all of them made."""
    panel = area.panel
    return list(panel.pages.keys()) if isinstance(panel, LevelPanel) else [None]


def turn(area: PanelArea, page: str | None) -> None:
    if page is not None:
        assert isinstance(area.panel, LevelPanel)
        area.panel.pages.turn_to(page)


def test_every_field_of_the_model_is_in_some_panel(area: PanelArea) -> None:
    reached: set[str] = set()
    for address in ADDRESSES:
        show(area, address)
        for page in pages(area):
            turn(area, page)
            assert area.panel is not None
            for widget in (area.panel, *area.panel.findChildren(QWidget)):
                reached.update(str(widget.property("field") or "").split())
    classes = {name: cls for name, cls in row_classes().items() if name not in LATER}
    wanted = {f"{name}.{field}" for name, cls in classes.items() for field in fields_of(cls)}
    wanted -= {f"{name}.place" for name in MOVED_IN_TREE}
    assert sorted(wanted - reached) == []
    assert sorted(reached - wanted) == [], "a panel names a field that no row has"


def edit(widget: PanelField) -> None:
    """Do to a field what a person does, whatever its kind, so that it says something else."""
    if isinstance(widget, ListField):
        widget.add_entry()
        type_words(widget.text or widget._in_place.open_input, "One more")  # type: ignore[arg-type]
    elif isinstance(widget, CoveredMeasuresField):
        widget.open_ticks()
        press(widget.ticks.list, Qt.Key.Key_Space)
        widget.ticks.close()
    elif isinstance(widget, PeopleField):
        type_words(widget.input.line, "Somebody New")
        press(widget.input.line, Qt.Key.Key_Return)
    elif isinstance(widget, OrganisationField):
        type_words(widget.input, "Newly named trust")
        press(widget.input, Qt.Key.Key_Return)
    elif isinstance(widget, DayField):
        type_words(widget.input, "3 July 2019")
    elif isinstance(widget, ChoiceField):
        key = Qt.Key.Key_Up if widget.input.currentIndex() else Qt.Key.Key_Down
        press(widget.input, key)
    elif isinstance(widget, FlagField):
        press(widget.input, Qt.Key.Key_Space)
    elif isinstance(widget, NumberField):
        press(widget.input, Qt.Key.Key_Up)
    else:
        assert isinstance(widget, (LineField, WordsField, TextField, SpanField))
        type_words(widget.input, "Between May 2020 and July 2021")


def changed_fields(before: dict[Any, Any], after: dict[Any, Any]) -> set[str]:
    """What differs between two snapshots, as "measure.title"; of rows made or gone, all fields."""
    found: set[str] = set()
    for key in before.keys() | after.keys():
        cls = row_classes()[key[0]]
        old, new = before.get(key), after.get(key)
        for name, field in fields_of(cls).items():
            if old is None or new is None or any(old[c] != new[c] for c in field.columns):
                found.add(f"{key[0]}.{name}")
    return found


def test_what_is_edited_lands_in_its_field_and_undo_takes_it_back(area: PanelArea) -> None:
    editor = area.context.editor
    problems: list[str] = []
    area.problem.connect(problems.append)
    edited: set[str] = set()
    for address in ADDRESSES:
        show(area, address)
        for page in pages(area):
            turn(area, page)
            assert area.panel is not None
            before = snapshot(editor)
            for widget in area.panel.findChildren(PanelField):
                names = set(widget.property("field").split())
                if widget.key is None or widget.row() is None or not widget.isVisibleTo(area):
                    continue
                shown = widget.value()
                edit(widget)
                widget.flush()
                landed = changed_fields(before, snapshot(editor))
                assert landed & names, f"typing in {names} changed {landed or 'nothing'}"
                own_row = {name for name in landed if name.split(".")[0] == next(iter(names)).split(".")[0]}
                assert own_row <= names | {"update.state"}, f"typing in {names} changed {own_row} too"
                editor.undo()
                assert snapshot(editor) == before, f"undo of {names} left something behind"
                assert widget.value() == shown, f"{names} does not show what undo brought back"
                edited |= names
    assert problems == []
    assert len(edited) > 60


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_control_has_a_name_and_tab_comes_to_it(area: PanelArea, qtbot: QtBot, address: str) -> None:
    show(area, address)
    for page in pages(area):
        turn(area, page)
        assert nameless(area) == []
        assert unreachable(area) == []


def test_every_input_is_its_labels_buddy(area: PanelArea) -> None:
    for address in ADDRESSES:
        show(area, address)
        for page in pages(area):
            turn(area, page)
            assert area.panel is not None
            for widget in area.panel.findChildren(PanelField):
                assert widget.label.buddy() is not None, widget.property("field")


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_plan_open_for_reading_takes_no_typing_but_is_copied_from(qtbot: QtBot, address: str) -> None:
    with open_editor(read_only=True) as editor:
        area = PanelArea()
        qtbot.addWidget(area)
        area.attach(editor)
        area.show()
        before = snapshot(editor)
        show(area, address)
        for page in pages(area):
            turn(area, page)
            assert area.panel is not None
            for widget in area.panel.findChildren(PanelField):
                if isinstance(widget, (LineField, WordsField, SpanField)):
                    assert widget.input.isReadOnly()
                    assert widget.input.isEnabled(), "a disabled text cannot be copied"
                    type_words(widget.input, "No")
                elif isinstance(widget, TextField):
                    assert widget.input.is_read_only()
                    assert widget.input.area.isEnabled()
                    type_words(widget.input, "No")
                elif isinstance(widget, (ChoiceField, FlagField)):
                    assert not widget.input.isEnabled()
        area.flush()
        assert snapshot(editor) == before
        area.attach(None)
