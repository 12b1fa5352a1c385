"""Who leads: organisations and people from the plan with completion, or made new as they are named."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from cypp_desktop.plan.model import Organisation, Person
from cypp_desktop.store.addresses import row_at
from cypp_desktop.store.commands import lead_entry
from cypp_desktop.ui.panels import PanelArea
from cypp_desktop.ui.panels.leads import LeadsBox
from tests.ui.panel_plans import open_editor, press, show, type_words


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


def box(area: PanelArea, address: str = "1/1a/i") -> LeadsBox:
    show(area, address)
    panel: Any = area.panel
    found = panel.pages.turn_to("details").findChild(LeadsBox)
    assert isinstance(found, LeadsBox)
    return found


def entries(area: PanelArea, address: str = "1/1a/i") -> list[tuple[str | None, tuple[str, ...], str | None]]:
    leads = row_at(area.context.editor.session, address).leads  # type: ignore[attr-defined]
    return [(e.organisation, e.people, e.role) for e in map(lead_entry, leads)]


def test_leads_are_shown_line_by_line(area: PanelArea) -> None:
    lines = box(area).lines
    assert [line.fields.organisation.input.text() for line in lines] == ["City Council", "City CCG"]
    assert [chip.words for chip in lines[0].fields.people.input.chips] == ["Jo Hill", "Sam Reed"]
    assert lines[1].fields.role.input.currentText() == "Commissioner"
    assert lines[1].fields.note.input.toPlainText() == "Until March"


def test_an_organisation_is_completed_from_the_plans_own(area: PanelArea) -> None:
    line = box(area).lines[0].fields.organisation.input
    line.setFocus()
    line.suggestions.setCompletionPrefix("sch")
    model = line.suggestions.completionModel()
    assert [model.index(at, 0).data() for at in range(model.rowCount())] == ["Schools"]


def test_a_short_name_stands_for_its_organisation(area: PanelArea) -> None:
    line = box(area).lines[1].fields.organisation
    type_words(line.input, "NCC")
    press(line.input, Qt.Key.Key_Return)
    assert entries(area)[1][0] == "City Council"
    assert line.input.text() == "City Council"


def test_half_a_name_makes_no_organisation(area: PanelArea, qtbot: QtBot) -> None:
    line = box(area).lines[1].fields.organisation
    type_words(line.input, "Pol")
    assert line.hint.isVisible()
    type_words(line.input, "Police")
    press(line.input, Qt.Key.Key_Return)
    names = [row.name for row in area.context.editor.session.query(Organisation)]
    assert "Police" in names
    assert "Pol" not in names
    area.context.editor.undo()
    assert entries(area)[1][0] == "City CCG"
    assert "Police" not in [row.name for row in area.context.editor.session.query(Organisation)]


def test_a_new_lead_is_kept_once_something_is_said_in_it(area: PanelArea) -> None:
    leads = box(area, "1/1a/iii")
    leads.add_button.click()
    assert entries(area, "1/1a/iii") == []
    line = leads.lines[0].fields
    type_words(line.organisation.input, "Schools")
    press(line.organisation.input, Qt.Key.Key_Return)
    type_words(line.people.input.line, "Head teachers; Ada Byron")
    press(line.people.input.line, Qt.Key.Key_Return)
    assert entries(area, "1/1a/iii") == [("Schools", ("Head teachers", "Ada Byron"), None)]
    assert leads.lines[0].fields is line, "the line that was begun goes on"
    assert len(leads.lines) == 1


def test_a_known_person_is_not_made_twice(area: PanelArea) -> None:
    leads = box(area, "1/1a/iii")
    leads.add_button.click()
    people = leads.lines[0].fields.people.input
    type_words(people.line, "Jo Hill")
    press(people.line, Qt.Key.Key_Return)
    assert [p.name for p in area.context.editor.session.query(Person)].count("Jo Hill") == 1


def test_removing_the_first_lead_leaves_the_others_as_they_are(area: PanelArea) -> None:
    leads = box(area)
    kept: Any = row_at(area.context.editor.session, "1/1a/i").leads[1].id  # type: ignore[attr-defined]
    leads.lines[0].remove.click()
    measure: Any = row_at(area.context.editor.session, "1/1a/i")
    assert [lead.id for lead in measure.leads] == [kept]
    assert entries(area) == [("City CCG", (), "commissioner")]
    assert [line.fields.organisation.input.text() for line in leads.lines] == ["City CCG"]
    area.context.editor.undo()
    assert [line.fields.organisation.input.text() for line in leads.lines] == ["City Council", "City CCG"]


def test_leads_and_people_are_moved(area: PanelArea) -> None:
    leads = box(area)
    leads.lines[0].down.click()
    assert [entry[0] for entry in entries(area)] == ["City CCG", "City Council"]
    assert [line.fields.organisation.input.text() for line in leads.lines] == ["City CCG", "City Council"]
    chips = leads.lines[1].fields.people.input
    press(chips.chips[1].remove_button, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert entries(area)[1][1] == ("Sam Reed", "Jo Hill")
    press(chips.chips[0].remove_button, Qt.Key.Key_Delete)
    assert entries(area)[1][1] == ("Jo Hill",)


def test_the_lead_is_said_at_the_foot_of_the_panel(area: PanelArea) -> None:
    leads = box(area)
    panel: Any = area.panel
    assert panel.lead.words.text() == "Lead: City Council — Jo Hill, Sam Reed; City CCG (commissioner)"
    leads.lines[1].remove.click()
    assert panel.lead.words.text() == "Lead: City Council — Jo Hill, Sam Reed"


def test_a_person_is_gone_to_from_their_chip(area: PanelArea, qtbot: QtBot) -> None:
    from PySide6.QtWidgets import QToolButton

    chip = box(area).lines[0].fields.people.input.chips[0]
    with qtbot.waitSignal(area.jump_requested) as jumped:
        next(b for b in chip.findChildren(QToolButton) if b.text() == "Jo Hill").click()
    assert jumped.args == ["person", chip.person_id]
