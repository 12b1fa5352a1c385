"""Other threads read an open plan, and its file is not swapped or thrown away while they do."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from sqlalchemy import select

from cypp_desktop.operations.plan_access import PlanAccess
from cypp_desktop.operations.printing.prints import PrintCopies
from cypp_desktop.operations.progress import Cancelled, Progress
from cypp_desktop.plan.model import Plan
from cypp_desktop.store.plan_file import OpenPlan


def progress() -> Progress:
    return Progress(lambda done, total, words: None)


@pytest.fixture
def plan(tmp_path: Path) -> OpenPlan:
    """An open plan with a title, and nothing else."""
    made = OpenPlan.create(tmp_path / "plan.cypp", author="Ann", data=tmp_path / "data")
    with made.editor.step("Begin", kind="import") as session:
        session.add(Plan(title="As it was"))
    return made


def retitle(plan: OpenPlan, title: str) -> None:
    with plan.editor.step("Edit the title") as session:
        session.scalars(select(Plan)).one().title = title


def title_in(plan: OpenPlan) -> str | None:
    return plan.editor.session.scalars(select(Plan.title)).one()


def test_closing_waits_for_who_is_reading(plan: OpenPlan) -> None:
    access = PlanAccess(plan)
    closing = threading.Thread(target=access.close)
    with access.reading(progress()):
        closing.start()
        closing.join(0.05)
        assert closing.is_alive()
    closing.join(5)
    assert not closing.is_alive()
    plan.close()


def test_who_comes_once_it_is_closing_is_not_let_in(plan: OpenPlan) -> None:
    access = PlanAccess(plan)
    access.close()
    with pytest.raises(Cancelled), access.reading(progress()):
        pytest.fail("nobody reads a plan that is closed")
    plan.close()


def test_work_that_was_stopped_is_not_let_in(plan: OpenPlan) -> None:
    stopped = progress()
    stopped.stop()
    with pytest.raises(Cancelled), PlanAccess(plan).reading(stopped):
        pytest.fail("it was asked to stop")
    plan.close()


def test_several_read_at_the_same_time(plan: OpenPlan) -> None:
    access = PlanAccess(plan)
    with access.reading(progress()) as one, access.reading(progress()) as other:
        assert one is other is plan
    plan.close()


def test_who_has_broken_down_reads_no_more(plan: OpenPlan) -> None:
    access = PlanAccess(plan)
    with pytest.raises(ValueError, match="broken"), access.reading(progress()):
        raise ValueError("broken")
    access.close()
    plan.close()


def test_a_copy_stays_as_it_was_and_keeps_nobody_from_closing(plan: OpenPlan) -> None:
    access = PlanAccess(plan)
    with access.copied(progress()) as session:
        retitle(plan, "Another")
        access.close()
        plan.close()
        assert session.scalars(select(Plan.title)).one() == "As it was"


def test_what_is_tried_on_a_copied_plan_is_nobodys(plan: OpenPlan) -> None:
    with PlanAccess(plan).copied_plan(progress()) as other:
        retitle(other, "Only tried")
        assert title_in(other) == "Only tried"
    assert title_in(plan) == "As it was"
    plan.close()


def test_the_copy_for_prints_is_kept_until_the_plan_changes(plan: OpenPlan) -> None:
    copies = PrintCopies(PlanAccess(plan))
    with copies.current(progress()) as first:
        pass
    with copies.current(progress()) as again:
        assert again is first
    retitle(plan, "Another")
    with copies.current(progress()) as after:
        assert after.session.scalars(select(Plan.title)).one() == "Another"
    copies.close()
    plan.close()
