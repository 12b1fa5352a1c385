"""What a partner wrote and does not want any more is not in the file that goes back, and merging is as right.

The long run: ``CYPP_TEST_EXAMPLES=10000 python3 packaging/dev.py slow tests/merge/test_drafts.py``.
"""

from __future__ import annotations

import functools
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from cypp_desktop.merge.apply import merge_files, take_in
from cypp_desktop.merge.issue import finish
from cypp_desktop.merge.questions_of_plan import questions_of_plan
from cypp_desktop.plan.model import Measure, Observation, Update
from cypp_desktop.store.commands import add_row, delete_rows, set_field
from cypp_desktop.store.drafts import finished_steps, leave_out_drafts
from cypp_desktop.store.plan_file import OpenPlan
from tests.merge.copies import digest, faults, rows_of
from tests.merge.sent import officer, one, partner, row, send
from tests.store.partners import LATER_DEEDS, Deed, Person, new_changes

#: Files take time; the slow run tries many more.
FEW = settings(max_examples=settings.default.max_examples // 6)
DRAFT = "zqdraft of a text that nobody is to read"


@pytest.fixture
def plan(tmp_path: Path) -> Iterator[OpenPlan]:
    with officer(tmp_path) as opened:
        yield opened
        assert faults(opened) == []


def write(returned: OpenPlan, text: str) -> None:
    update = returned.editor.session.scalars(select(Update)).one()
    with returned.editor.step("Write"):
        update.text = text


def drafts_left(path: Path) -> bool:
    """Whether the words are anywhere among the bytes of the file, its free pages included."""
    return b"zqdraft" in path.read_bytes()


def test_an_overwritten_and_an_undone_draft_are_not_in_the_finished_file(plan: OpenPlan) -> None:
    path = send(plan)
    with partner(path) as returned:
        write(returned, DRAFT)
        write(returned, "- What is so")
        set_field(returned.editor, returned.editor.session.scalars(select(Measure)).first(), "title", DRAFT)
        returned.editor.undo()
        returned.publish()
        assert drafts_left(path)
        finish(returned)
        assert faults(returned) == []
    assert not drafts_left(path)
    (change,) = one(plan, path).changes
    assert (change.field, change.value) == ("text", "- What is so")
    known = sqlite3.connect(plan.working.path).execute("SELECT id FROM change").fetchall()
    assert set(change.parents) <= {id_ for (id_,) in known}


def test_a_row_that_was_made_and_thrown_away_is_not_in_the_finished_file(plan: OpenPlan) -> None:
    path = send(plan)
    with partner(path) as returned:
        measure = row(returned, Measure, title="Smoking at delivery")
        made = add_row(returned.editor, Observation, measure)
        set_field(returned.editor, made, "area", DRAFT)
        delete_rows(returned.editor, [made])
        again = add_row(returned.editor, Observation, measure)
        set_field(returned.editor, again, "area", DRAFT)
        set_field(returned.editor, again, "area", "Anytown")
        finish(returned)
        assert faults(returned) == []
    assert not drafts_left(path)
    (change,) = one(plan, path).changes
    assert change.value["area"] == "Anytown"


def test_what_is_typed_and_taken_back_leaves_the_return_untouched(plan: OpenPlan) -> None:
    path = send(plan)
    with partner(path) as returned:
        before = returned.editor.session.scalars(select(Update)).one().text
        write(returned, DRAFT)
        write(returned, before)
        finish(returned)
    assert one(plan, path).is_empty
    assert not drafts_left(path)


def test_what_a_finished_file_held_stays_when_it_is_finished_again(plan: OpenPlan, tmp_path: Path) -> None:
    path = send(plan)
    older = tmp_path / "older.cypp-return"
    with partner(path) as returned:
        write(returned, "- First answer")
        finish(returned)
        older.write_bytes(path.read_bytes())
        write(returned, DRAFT)
        write(returned, "- Second answer")
        finish(returned)
    assert not drafts_left(path)
    merge_files(plan, [one(plan, path)])
    newest = digest(plan)
    merge_files(plan, [one(plan, older)])  # the older file arrives last
    rows = rows_of(plan, without=("received_file",))
    assert [row["text"] for key, row in rows.items() if key[0] == "update" and "answer" in row["text"]] == [
        "- Second answer"
    ]
    assert questions_of_plan(plan) == []
    assert newest


def test_after_finishing_there_is_nothing_to_undo_step_by_step(plan: OpenPlan) -> None:
    with partner(send(plan)) as returned:
        write(returned, DRAFT)
        write(returned, "- So it is")
        returned.editor.undo()
        finish(returned)
        assert (returned.editor.undo_name, returned.editor.redo_name) == (None, None)
        write(returned, "- And more")
        assert returned.editor.undo_name == "Write"
        returned.editor.undo()


def test_another_window_of_the_return_knows_what_was_finished(plan: OpenPlan, tmp_path: Path) -> None:
    path = send(plan)
    mine = tmp_path / "mine.cypp-return"
    mine.write_bytes(path.read_bytes())
    with partner(path, "Pat") as pat:
        write(pat, "- As Pat finished it")
        finish(pat)
    with partner(mine, "Sam") as sam:
        take_in(sam, path)
        write(sam, "- As Sam says")
        finish(sam)
        assert len(finished_steps(sam.editor.session.connection())) == 2
    merge_files(plan, [one(plan, path)])
    merge_files(plan, [one(plan, mine)])
    assert questions_of_plan(plan) == []


# ---------------------------------------------------------------------------------- whatever partners do


@functools.cache
def sent_return() -> Path:
    folder = Path(tempfile.mkdtemp())
    with officer(folder) as plan:
        everything = [measure.id for measure in plan.editor.session.scalars(select(Measure))]
        path = send(plan, round_name="End of year", measure_ids=everything)
        plan.publish()
        assert plan.target is not None
        plan.target.rename(folder / "plan.cypp")
    return path


def finished(person: Person) -> None:
    """Leave a person's drafts out: nothing else of the file may be another afterwards."""
    before = person.snapshot(), person.rows()
    person.editor.session.rollback()
    with person.engine.begin() as connection:
        leave_out_drafts(connection, author=person.editor.author, at="2018-07-01T00:00:00Z")
    person.editor.follow(())
    after = person.snapshot(), person.rows()
    assert after[1] == before[1]
    assert [mark[:4] for mark in after[0][1]] == [mark[:4] for mark in before[0][1]]
    assert person.faults() == []


def kept(person: Person, holder: Person) -> set[str]:
    return {change.id for change in new_changes(person, holder)}


@FEW
@given(first=LATER_DEEDS, then=LATER_DEEDS, again=LATER_DEEDS)
def test_leaving_drafts_out_changes_nothing_that_the_return_says(first, then, again) -> None:  # type: ignore[no-untyped-def]
    plan = Person("plan", sent_return().parents[1] / "plan.cypp")
    returned = Person("returned", sent_return())
    whole = Person("whole", sent_return())
    returned.does(first)
    whole.merge(new_changes(returned, plan))
    finished(returned)
    left = new_changes(returned, plan)
    heads = {change.id for change in left} - {parent for change in left for parent in change.parents}
    assert heads == {change.id for change in left}, "a draft is left that something else has overwritten"
    stays = kept(returned, plan)
    returned.does(then)
    finished(returned)
    assert stays <= kept(returned, plan), "what stood in a finished file is gone"
    newest = Person("newest", plan)
    newest.merge(new_changes(returned, plan))
    older_last = Person("older", plan)
    older_last.merge(new_changes(returned, plan))
    older_last.merge(left)
    assert older_last.snapshot() == newest.snapshot()
    assert newest.faults() == []
    returned.does(again)
    finished(returned)


#: What others do meanwhile; a row that they delete stays where a draft was written in it, and goes without.
EDITS = st.lists(st.builds(Deed, st.sampled_from(("edit", "write")), st.integers(0, 26), st.integers(0, 300)))


@FEW
@given(deeds=LATER_DEEDS, theirs=EDITS)
def test_a_return_without_drafts_brings_what_it_brought_with_them(deeds, theirs) -> None:  # type: ignore[no-untyped-def]
    plan = Person("plan", sent_return().parents[1] / "plan.cypp")
    returned = Person("returned", sent_return()).does(deeds)
    plan.does(theirs)
    with_drafts, without = Person("with", plan), Person("without", plan)
    with_drafts.merge(new_changes(returned, plan))
    finished(returned)
    without.merge(new_changes(returned, plan))
    assert without.faults() == []
    assert without.snapshot()[0] == with_drafts.snapshot()[0]
