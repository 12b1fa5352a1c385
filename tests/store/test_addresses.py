"""Addresses: every row can be named, and the name finds it again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from cypp_desktop.errors import UsageError
from cypp_desktop.exchange.plan_json import load_plan
from cypp_desktop.plan.base import row_classes
from cypp_desktop.plan.model import Lead, Priority
from cypp_desktop.store.addresses import address_of, row_at
from cypp_desktop.store.commands import LeadEntry, set_leads
from cypp_desktop.store.queries import rows_in_order
from tests.store.plans import open_editor, small_plan

AWKWARD: dict[str, Any] = {
    "title": "T",
    "priorities": [
        {"code": None, "title": "No code"},
        {"code": "1", "title": "One"},
        {"code": "1", "title": "One again", "outcomes": [{"code": "a/b", "title": "Slash", "measures": []}]},
        {
            "code": "2.a",
            "title": "Two",
            "outcomes": [
                {"code": None, "title": "N", "measures": [{"code": "iv", "key": "iv-2", "title": "m"}]}
            ],
        },
    ],
    "organisations": [{"name": "Health/ CCG"}, {"name": "Schools"}],
}


@pytest.mark.parametrize("which", ["small", "awkward"])
def test_every_row_is_found_again_by_its_address(which: str, tmp_path: Path) -> None:
    editor = small_plan(tmp_path / "p.cypp") if which == "small" else open_editor(tmp_path / "p.cypp")
    if which == "awkward":
        load_plan(editor, AWKWARD)
    found = 0
    for name, cls in row_classes().items():
        if name in ("action_measure", "update_measure", "lead_person"):
            continue
        for row in editor.session.scalars(select(cls)):
            assert row_at(editor.session, address_of(row)) is row
            found += 1
    assert found > 8


def test_codes_are_taken_whatever_their_case(tmp_path: Path) -> None:
    editor = small_plan(tmp_path / "p.cypp")
    assert row_at(editor.session, "1/1A/II") is row_at(editor.session, "/1/1a/ii/")


def test_a_code_that_repeats_asks_for_the_position(tmp_path: Path) -> None:
    editor = open_editor(tmp_path / "p.cypp")
    load_plan(editor, AWKWARD)
    with pytest.raises(UsageError, match="#2, #3"):
        row_at(editor.session, "1")
    assert row_at(editor.session, "#3").title == "One again"  # type: ignore[attr-defined]


def test_codes_that_an_address_cannot_say_give_way_to_positions(tmp_path: Path) -> None:
    codes = ["plan", "sections", "a:b", " 1", "#9", "x" * 50, "line\nend"]
    editor = open_editor(tmp_path / "p.cypp")
    load_plan(editor, {"priorities": [{"code": code} for code in codes]})
    listed = rows_in_order(editor.session, Priority)
    assert [address_of(row) for row in listed] == [f"#{at}" for at in range(1, len(codes) + 1)]


def test_the_lead_of_an_action_is_found_below_it(tmp_path: Path) -> None:
    editor = small_plan(tmp_path / "p.cypp")
    set_leads(editor, row_at(editor.session, "1/1a/actions/1"), [LeadEntry("Police")])
    lead = row_at(editor.session, "1/1a/actions/1/leads/#1")
    assert isinstance(lead, Lead) and address_of(lead) == "1/1a/actions/1/leads/#1"


@pytest.mark.parametrize(
    "address",
    ["7", "1/9z", "1/1a/i/x", "1/1a/actions", "1/1a/actions/9", "sections/7", "#0", "#" + "9" * 99],
)
def test_an_address_that_names_nothing_is_said(address: str, tmp_path: Path) -> None:
    editor = small_plan(tmp_path / "p.cypp")
    with pytest.raises(UsageError):
        row_at(editor.session, address)
