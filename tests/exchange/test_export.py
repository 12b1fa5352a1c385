"""The plan exported for somebody else, without what is said among colleagues only."""

from __future__ import annotations

import json
from pathlib import Path

from cypp_desktop.exchange.export import export_plan
from cypp_desktop.exchange.plan_json import write_plan
from cypp_desktop.plan.base import fields_of, row_classes
from cypp_desktop.plan.model import Organisation, Person
from tests.report.marked import MarkedPlan, marks_in
from tests.store.plans import small_plan


def test_what_is_left_out_are_the_notes_and_addresses_and_nothing_else(tmp_path: Path) -> None:
    plan = MarkedPlan(tmp_path)
    whole = export_plan(plan.editor.session, notes=True)
    without = export_plan(plan.editor.session, notes=False)
    assert whole.text == write_plan(plan.editor.session)
    gone = {plan.places[mark] for mark in marks_in(whole.text) - marks_in(without.text)}
    kinds = {
        (row_type, column)
        for row_type, cls in row_classes().items()
        for field in fields_of(cls).values()
        for column in field.columns
        if field.about.is_note or field.about.is_contact
    }
    assert gone == kinds
    assert "Working note (" in without.left_out and "E-mail (" in without.left_out
    assert "history of changes" in whole.left_out


def test_a_plan_without_notes_is_the_same_plan_in_all_else(tmp_path: Path) -> None:
    with_notes = small_plan(tmp_path / "plan.cypp")
    with with_notes.step("Say more") as session:
        session.query(Organisation).first().email = "who@example.org"
        session.query(Person).first().email = "she@example.org"
    said = json.loads(write_plan(with_notes.session))
    exported = json.loads(export_plan(with_notes.session, notes=False).text)
    assert exported["notes"] == []
    assert "example.org" not in json.dumps(exported)
    for key in said.keys() - {"notes", "organisations", "people"}:
        assert exported[key] == said[key]
