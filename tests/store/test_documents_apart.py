"""A plan and the returns of it share an id, and may lie on one machine: neither takes the other's place."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from cypp_desktop.errors import CyppError, FileProblem
from cypp_desktop.merge.apply import take_in
from cypp_desktop.merge.issue import finish
from cypp_desktop.store import seal
from cypp_desktop.store.backups import BackupReason, keep_file, list_backups
from cypp_desktop.store.commands import set_field
from cypp_desktop.store.plan_file import OpenPlan
from tests.merge.copies import at, make_plan, opened, rows_of
from tests.merge.sent import send


@pytest.fixture
def plan(tmp_path: Path) -> Iterator[OpenPlan]:
    with opened(make_plan(tmp_path / "plan.cypp")) as plan:
        yield plan


def filled_in_here(plan: OpenPlan) -> Path:
    """A return that the officer fills in for a partner, on the machine of the plan; saved twice."""
    sent = send(plan)
    plan.publish()
    with OpenPlan.open(sent, author="Ann", data=plan.working.data) as returned:
        for words in ("Yearly", "Weekly"):
            set_field(returned.editor, at(returned, "1/1a/i"), "frequency", words)
            returned.publish()
        assert len(returned.backups()) == 2
        finish(returned)
    return sent


def test_the_backups_of_a_return_are_none_of_the_plan(plan: OpenPlan) -> None:
    before = [backup.path for backup in plan.backups()]
    sent = filled_in_here(plan)
    own = plan.backups()
    assert {backup.path for backup in own} >= set(before)
    for backup in own:
        with OpenPlan.open(backup.path, read_only=True, data=plan.working.data / "other") as looked_at:
            assert looked_at.editor.meta(seal.KIND) is None
    with OpenPlan.open(sent, author="Ann", data=plan.working.data) as returned:
        assert len(returned.backups()) == 3
        assert {backup.path for backup in returned.backups()}.isdisjoint(backup.path for backup in own)


def test_a_return_is_not_restored_into_the_plan_nor_the_plan_into_a_return(plan: OpenPlan) -> None:
    sent = filled_in_here(plan)
    plan.publish()
    data, document = plan.working.data, plan.working.info().document_id
    before = rows_of(plan)
    keep_file(sent, document, data, BackupReason.REPLACED)
    with pytest.raises(FileProblem, match="not the plan itself"):
        plan.restore(plan.backups()[0])
    assert rows_of(plan) == before
    with OpenPlan.open(sent, author="Ann", data=data) as returned:
        whole = next(
            backup for backup in list_backups(document, data) if backup.path != plan.backups()[0].path
        )
        with pytest.raises(FileProblem, match="not this return"):
            returned.restore(whole)
        assert returned.editor.meta(seal.KIND) == seal.RETURN


def test_a_return_in_the_place_of_the_plans_file_is_not_taken_in(plan: OpenPlan) -> None:
    sent = filled_in_here(plan)
    assert plan.target is not None
    shutil.copy(sent, plan.target)
    set_field(plan.editor, at(plan, "1/1a/ii"), "title", "Ann's words")
    before = rows_of(plan)
    with pytest.raises(CyppError, match="not the plan itself"):
        plan.revert()
    published = plan.publish(take_in)
    assert published.kept_beside is not None and published.taken_in is None
    assert rows_of(plan) == before
