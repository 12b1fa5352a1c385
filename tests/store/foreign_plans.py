"""A plan file as another program may write it: full of signs that deceive, and else as ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cypp_desktop.plan import base
from cypp_desktop.plan.base import Row, fields_of
from cypp_desktop.plan.model import Measure, Organisation, Outcome, Plan, Priority, Section
from cypp_desktop.store.plan_file import OpenPlan

SIGN = "\u202e"
DECEIVING = f"good{SIGN}news\u200b"


@contextmanager
def as_another_program(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What is written meanwhile is written by a program that lets signs through."""
    with monkeypatch.context() as patched:
        patched.setattr(base, "cleaned_value", lambda value: value)
        yield


def write_foreign_plan(path: Path, data: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write the file, on a machine with another ``data`` folder."""
    with as_another_program(monkeypatch), OpenPlan.create(path, author=f"Ann{SIGN}", data=data) as plan:
        with plan.editor.step(f"Begin{SIGN}", kind="import") as session:
            session.add_all(_deceiving_rows())
        plan.publish()
    return path


def _deceiving_rows() -> list[Row]:
    """A plan whose every word column, on every row, says something that deceives."""
    plan, priority = Plan(title="A plan"), Priority(code="1", title="Health", sort_key="a")
    outcome = Outcome(code="1a", title="Babies", sort_key="a", priority=priority)
    measure = Measure(code="i", title="Breastfeeding", sort_key="a", outcome=outcome)
    rows: list[Row] = [plan, priority, outcome, measure]
    rows += [Section(title="Vision", sort_key="a"), Organisation(name="Schools", sort_key="a")]
    for row in rows:
        for name, field in fields_of(type(row)).items():
            if field.kind in ("words", "markdown"):
                setattr(row, name, DECEIVING)
            elif field.kind == "list":
                setattr(row, name, [DECEIVING, f"bell\x07{SIGN}"])
    return rows
