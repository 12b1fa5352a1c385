"""Two people keep one plan on a share: whoever saves second takes in what the first one saved."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cypp_desktop.errors import PlanRuleBroken
from cypp_desktop.merge.apply import take_in
from cypp_desktop.merge.questions_of_plan import questions_of_plan
from cypp_desktop.store.commands import set_field
from cypp_desktop.store.editor import Changed
from cypp_desktop.store.plan_file import OpenPlan
from tests.merge.copies import at, copy_of, digest, faults, make_plan, opened
from tests.merge.sent import tampered


@pytest.fixture
def plan_file(tmp_path: Path) -> Path:
    return make_plan(tmp_path / "plan.cypp")


def says(path: Path, address: str, field: str = "title") -> object:
    """What the file itself says."""
    with OpenPlan.open(path, read_only=True, data=path.parent / "data of a reader") as plan:
        return getattr(at(plan, address), field)


def test_who_saves_second_takes_in_what_the_first_saved(plan_file: Path) -> None:
    with opened(plan_file, "Ann") as ann, opened(plan_file, "Bea") as bea:
        set_field(ann.editor, at(ann, "1/1a/i"), "title", "Ann's")
        assert ann.publish(take_in).taken_in is None
        set_field(bea.editor, at(bea, "1/1a/ii"), "title", "Bea's")
        result = bea.publish(take_in)
        assert result.taken_in is not None and (result.taken_in.edits, result.taken_in.to_decide) == (1, 0)
        assert result.kept_beside is None and "One edit of theirs was taken in" in result.message
        assert (at(bea, "1/1a/i").title, at(bea, "1/1a/ii").title) == ("Ann's", "Bea's")  # type: ignore[attr-defined]
        assert faults(bea) == []
        heard: list[Changed] = []
        ann.editor.listen(heard.append)
        result = ann.publish(take_in)
        assert result.taken_in is not None and not result.written, "the file says it all already"
        assert [name for changed in heard for names in changed.edited.values() for name in names] == ["title"]
        assert digest(ann) == digest(bea)
        assert not ann.working.has_unpublished_changes()
        assert bea.publish(take_in).taken_in is None, "and so the two come to rest"
        assert ann.publish(take_in).taken_in is None
    assert (says(plan_file, "1/1a/i"), says(plan_file, "1/1a/ii")) == ("Ann's", "Bea's")
    assert sorted(path.name for path in plan_file.parent.glob("*.cypp")) == ["plan.cypp"]


def test_both_having_changed_one_field_is_a_conflict_in_both_windows(plan_file: Path) -> None:
    with opened(plan_file, "Ann") as ann, opened(plan_file, "Bea") as bea:
        set_field(ann.editor, at(ann, "1/1a/i"), "title", "Ann's")
        ann.publish(take_in)
        set_field(bea.editor, at(bea, "1/1a/i"), "title", "Bea's")
        result = bea.publish(take_in)
        assert result.taken_in is not None and result.taken_in.to_decide == 1
        assert "needs a decision" in result.message
        ann.publish(take_in)
        for plan in (ann, bea):
            [question] = questions_of_plan(plan)
            assert {(side.author, side.value) for side in question.sides} == {
                ("Ann", "Ann's"),
                ("Bea", "Bea's"),
            }
        assert digest(ann) == digest(bea)
        set_field(ann.editor, at(ann, "1/1a/i"), "title", "Both")
        ann.publish(take_in)
        bea.publish(take_in)
        assert questions_of_plan(bea) == [] and digest(ann) == digest(bea)


def test_what_is_no_copy_of_the_plan_is_left_and_ours_is_kept_beside(plan_file: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = make_plan(tmp_path / "other" / "plan.cypp")
    with opened(plan_file) as plan:
        set_field(plan.editor, at(plan, "1/1a/i"), "title", "Ours")
        shutil.copy(other, plan_file)
        result = plan.publish(take_in)
        assert result.taken_in is None and result.kept_beside is not None
        assert says(result.kept_beside, "1/1a/i") == "Ours"
    assert plan_file.read_bytes() == other.read_bytes()


def test_a_damaged_file_is_left_and_ours_is_kept_beside(plan_file: Path) -> None:
    with opened(plan_file) as plan:
        set_field(plan.editor, at(plan, "1/1a/i"), "title", "Ours")
        plan_file.write_bytes(plan_file.read_bytes()[:-5000])
        result = plan.publish(take_in)
        assert result.kept_beside is not None and says(result.kept_beside, "1/1a/i") == "Ours"


def test_an_older_state_put_back_by_a_sync_client_loses_nothing(plan_file: Path) -> None:
    with opened(plan_file) as plan:
        older = plan_file.read_bytes()
        set_field(plan.editor, at(plan, "1/1a/i"), "title", "Newer")
        plan.publish(take_in)
        plan_file.write_bytes(older)
        result = plan.publish(take_in)
        assert result.written and result.kept_beside is None
    assert says(plan_file, "1/1a/i") == "Newer"


def test_undo_does_not_sweep_away_what_others_wrote(plan_file: Path) -> None:
    with opened(plan_file, "Ann") as ann:
        set_field(ann.editor, at(ann, "1/1a/i"), "title", "Ann's")
        ann.publish(take_in)
        with opened(plan_file, "Bea") as bea:
            set_field(bea.editor, at(bea, "1/1a/i"), "title", "Bea's, upon Ann's")
            bea.publish(take_in)
        ann.publish(take_in)
        with pytest.raises(PlanRuleBroken, match="Others have worked"):
            ann.editor.undo()
        assert at(ann, "1/1a/i").title == "Bea's, upon Ann's"  # type: ignore[attr-defined]
        set_field(ann.editor, at(ann, "1/1a/ii"), "title", "Ann's other")
        ann.editor.undo()
        assert at(ann, "1/1a/ii").title == "Breastfeeding at 6-8 weeks"  # type: ignore[attr-defined]


def test_a_copy_that_says_nothing_new_leaves_no_trace(plan_file: Path) -> None:
    copy = copy_of(plan_file, "copy")
    with opened(plan_file) as plan:
        plan.editor.listen(lambda changed: pytest.fail("nothing changed"))
        taken = take_in(plan, copy)
        assert (taken.edits, taken.to_decide) == (0, 0)
        assert not plan.working.has_unpublished_changes()


def test_what_another_program_alone_changed_in_a_copy_is_taken_in_too(plan_file: Path) -> None:
    copy = copy_of(plan_file, "copy")
    with tampered(copy) as db:
        db.execute("UPDATE measure SET title = 'By hand' WHERE code = 'ii'")
    with opened(plan_file) as plan:
        assert take_in(plan, copy).edits == 1
        assert at(plan, "1/1a/ii").title == "By hand"  # type: ignore[attr-defined]
