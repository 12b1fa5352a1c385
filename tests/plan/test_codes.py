"""Addresses: every row can be named, and the name finds it again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from cypp_desktop.errors import UsageError
from cypp_desktop.exchange.plan_json import load_plan
from cypp_desktop.plan.base import row_classes
from cypp_desktop.plan.codes import address_of, row_at
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


@pytest.mark.parametrize(
    "address", ["7", "1/9z", "1/1a/i/x", "1/1a/actions/9", "sections/7", "#0", "#99", "rounds/"]
)
def test_an_address_that_names_nothing_is_said(address: str, tmp_path: Path) -> None:
    editor = small_plan(tmp_path / "p.cypp")
    with pytest.raises(UsageError):
        row_at(editor.session, address)
