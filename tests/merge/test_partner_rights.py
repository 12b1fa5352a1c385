"""What a partner may see and change: one rule, asked by the gate, the window and what a return is made of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from cypp_desktop.merge.issue import finish
from cypp_desktop.merge.partner_rights import goes_along, is_shown, may_change
from cypp_desktop.operations.returns.return_limits import limits_of
from cypp_desktop.plan.base import Field, Partner, fields_of, row_classes, stored_value
from cypp_desktop.plan.model import Action, Measure, Observation, Plan, Update
from cypp_desktop.store.commands import set_field
from cypp_desktop.store.plan_file import OpenPlan
from tests.merge.sent import officer, one, partner, row, send

#: A row of each kind that a partner is asked about in the small plan, or sees.
ROWS: dict[str, Any] = {
    "measure": lambda p: row(p, Measure, title="Smoking at delivery"),
    "update": lambda p: row(p, Update),
    "action": lambda p: row(p, Action),
    "observation": lambda p: row(p, Observation, kind="actual"),
    "plan": lambda p: row(p, Plan),
}
EVERY_FIELD = [
    (row_type, name)
    for row_type in ROWS
    for name, field in fields_of(row_classes()[row_type]).items()
    if field.kind not in ("place", "link", "object")
]


@pytest.fixture
def plan(tmp_path: Path) -> Iterator[OpenPlan]:
    with officer(tmp_path) as opened:
        yield opened


def another_value(field: Field, row: Any) -> Any:
    """Something else than the field says now."""
    now = stored_value(getattr(row, field.columns[0]))
    if field.choices is not None:
        return next(choice for choice in field.choices if choice != now)
    if field.name == "value":
        return {"value": None, "words": "zq other words"}
    if field.name == "unit":
        return {"unit": "zq unit"}
    return {"list": ["zq other words"], "flag": not now}.get(field.kind, "zq other words")


@pytest.mark.parametrize(("row_type", "name"), EVERY_FIELD)
def test_the_gate_lets_in_what_the_model_says_a_partner_answers(
    row_type: str, name: str, plan: OpenPlan
) -> None:
    path = send(plan)
    with partner(path) as returned:
        changed = ROWS[row_type](returned)
        set_field(returned.editor, changed, name, another_value(fields_of(type(changed))[name], changed))
        finish(returned)
    received = one(plan, path)
    asked = row_type != "plan" and may_change(row_type, name)
    assert ((row_type, name) in {(c.row_type, c.field) for c in received.changes}) is asked
    assert bool(received.outside) is not asked


@pytest.mark.parametrize(("row_type", "name"), EVERY_FIELD)
def test_what_the_window_shows_and_lets_edit_comes_in(row_type: str, name: str, plan: OpenPlan) -> None:
    with partner(send(plan)) as returned:
        limits = limits_of(returned.editor)
        assert limits is not None
        is_edited = limits.allows(ROWS[row_type](returned)) and not limits.withholds(row_type, name)
    assert is_edited is (row_type != "plan" and may_change(row_type, name))


@pytest.mark.parametrize("row_type", ROWS)
def test_what_does_not_go_along_is_emptied_in_the_return_and_in_its_changes(
    row_type: str, plan: OpenPlan
) -> None:
    cls = row_classes()[row_type]
    texts = [name for name, field in fields_of(cls).items() if field.kind == "markdown"]
    kept = [name for name in texts if not goes_along(row_type, name)]
    with plan.editor.step("Mark") as session:
        for each in session.scalars(select(cls)):
            for name in kept:
                setattr(each, name, "zq secret")
    path = send(plan)
    assert b"zq secret" not in path.read_bytes()
    with partner(path) as returned:
        sent = returned.editor.session.scalars(select(cls)).all()
        assert not [name for each in sent for name in kept if getattr(each, name)]


def test_a_field_says_what_a_partner_may_do_with_it() -> None:
    said = {
        f"{row_type}.{name}": field.partner
        for row_type, cls in row_classes().items()
        for name, field in fields_of(cls).items()
    }
    assert said["update.text"] is Partner.ANSWERS
    assert said["update.note"] is Partner.KEPT_FROM
    assert said["update.round_id"] is Partner.CARRIES
    assert said["measure.key"] is Partner.CARRIES
    assert said["plan.title"] is Partner.READS
    assert said["plan.notes"] is Partner.KEPT_FROM
    assert said["measure.place"] is Partner.CARRIES


def test_a_field_that_this_version_does_not_know_is_not_for_a_partner_to_change() -> None:
    assert not may_change("measure", "of a later version")
    assert is_shown("measure", "title") and not is_shown("measure", "key")
