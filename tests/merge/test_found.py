"""Counter-examples that generated cases found (:mod:`tests.merge.test_invariants`), kept as fixed tests."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from cypp_desktop.merge.apply import merge, merge_files
from cypp_desktop.merge.decisions import decide
from cypp_desktop.merge.gates.receiving import receive
from cypp_desktop.merge.model import Received
from cypp_desktop.merge.question import Kind, decided_value
from cypp_desktop.merge.questions_of_plan import questions_of_plan
from cypp_desktop.merge.review import Review, build_review
from cypp_desktop.merge.unmerge import LaterWork, unmerge
from cypp_desktop.plan.model import Measure, Round, Update
from cypp_desktop.store.commands import delete_rows, set_covered, set_field, set_update_text, write_update
from cypp_desktop.store.plan_file import OpenPlan
from tests.merge.copies import copy_of, digest, faults
from tests.merge.sent import COUNCIL, officer, one, partner, row, send

TITLES = ("Smoking at delivery", "Breastfeeding at 6-8 weeks", "Placeholder for a third measure")


@pytest.fixture
def plan(tmp_path: Path) -> Iterator[OpenPlan]:
    with officer(tmp_path) as opened:
        yield opened
        assert faults(opened) == []


def changed(path: Path, name: str, work: Callable[[OpenPlan], object]) -> Path:
    """Have a partner do something in a file."""
    with partner(path, name) as theirs:
        work(theirs)
        theirs.publish()
    return path


def to_council(plan: OpenPlan) -> Path:
    """A return about all measures for the later round; the text of the earlier one is only to read."""
    measures = [measure.id for measure in plan.editor.session.scalars(select(Measure))]
    return send(plan, COUNCIL, round_name="End of year", measure_ids=measures)


def mid_year(plan: OpenPlan) -> Update:
    found: Update = row(plan, Update, round_id=row(plan, Round, name="Mid-year").id)
    return found


def cover_all(plan: OpenPlan) -> None:
    set_covered(plan.editor, mid_year(plan), [row(plan, Measure, title=title) for title in TITLES])


def begin(plan: OpenPlan) -> Update:
    """Start the later round's update of a measure: whoever does so starts the same one."""
    round_ = row(plan, Round, name="End of year")
    measure = row(plan, Measure, title=TITLES[0])
    set_update_text(plan.editor, measure, round_, "- Begun")
    found: Update = row(plan, Update, text="- Begun")
    return found


def reviewed(plan: OpenPlan, *paths: Path) -> Review:
    answers = receive(list(paths), plan, plan.working.data)
    return build_review(plan, [file for file in answers if isinstance(file, Received)])


def test_a_link_that_two_made_apart_can_lose_one_of_its_makings(tmp_path: Path, plan: OpenPlan) -> None:
    plan.publish()
    copy = changed(copy_of(tmp_path / "Our plan.cypp", "copy"), "Pat", cover_all)
    cover_all(plan)
    before = digest(plan)
    merge_files(plan, [one(plan, copy)])
    unmerge(plan)
    assert digest(plan) == before


def test_what_was_begun_apart_and_taken_back_is_within_what_was_asked_at_once(
    tmp_path: Path, plan: OpenPlan
) -> None:
    sent = changed(to_council(plan), "Pat", lambda theirs: delete_rows(theirs.editor, [begin(theirs)]))
    begin(plan)
    received = one(plan, sent)
    assert received.changes and received.outside == ()
    merge_files(plan, [received])
    saved = tmp_path / "saved again.cypp-return"
    with contextlib.closing(sqlite3.connect(sent, isolation_level=None)) as db:
        db.execute("VACUUM INTO ?", (str(saved),))
    assert one(plan, saved).is_empty


def test_what_was_decided_holds_where_what_nobody_asked_for_was_let_in_beside_it(plan: OpenPlan) -> None:
    def write(theirs: OpenPlan) -> None:
        write_update(theirs.editor, mid_year(theirs), "- New")

    files = [changed(send(plan), "Pat", write), changed(to_council(plan), "Col", write)]
    review = reviewed(plan, *files)
    asked, let_in = sorted(review.questions, key=lambda item: item.kind == Kind.OUTSIDE)
    assert (asked.key, let_in.kind) == (let_in.key, Kind.OUTSIDE)
    review.decide(asked, "ours")
    review.decide(let_in, "accept")
    merge(plan, review)
    assert mid_year(plan).text == "- Fewer smoke\n- More feed"


def test_a_decision_about_a_text_holds_where_the_deletion_of_its_row_was_let_in(
    tmp_path: Path, plan: OpenPlan
) -> None:
    gone = changed(to_council(plan), "Col", lambda theirs: delete_rows(theirs.editor, [mid_year(theirs)]))
    plan.publish()
    copy = changed(
        copy_of(tmp_path / "Our plan.cypp", "copy"),
        "Pat",
        lambda theirs: write_update(theirs.editor, mid_year(theirs), "- New"),
    )
    review = reviewed(plan, gone, copy)
    for item in review.questions:
        review.decide(item, "accept" if item.kind == Kind.OUTSIDE else "both")
    [text] = [item for item in review.questions if item.decision.answer == "both"]
    merge(plan, review)
    assert mid_year(plan).text == decided_value(text, text.decision)


def in_conflict(tmp_path: Path, plan: OpenPlan) -> Path:
    """A copy of the plan that says something else in a title than the plan does by now, merged."""
    plan.publish()

    def retitle(theirs: OpenPlan) -> None:
        set_field(theirs.editor, row(theirs, Measure, title=TITLES[0]), "title", "Theirs")

    copy = changed(copy_of(tmp_path / "Our plan.cypp", "copy"), "Pat", retitle)
    set_field(plan.editor, row(plan, Measure, title=TITLES[0]), "title", "Ours")
    merge_files(plan, [one(plan, copy)])
    return copy


def test_a_decision_taken_back_is_open_again_in_a_file_sent_out_too(tmp_path: Path, plan: OpenPlan) -> None:
    in_conflict(tmp_path, plan)
    decide(plan, row(plan, Measure, title="Ours"), "title", "theirs")
    assert questions_of_plan(plan) == []
    plan.editor.undo()
    [question] = questions_of_plan(plan)
    assert sorted(side.value for side in question.sides) == ["Ours", "Theirs"]
    assert faults(plan) == []
    sent = to_council(plan)
    with partner(sent, "Col") as theirs:
        [question] = questions_of_plan(theirs)
        assert sorted(side.value for side in question.sides) == ["Ours", "Theirs"]
        assert faults(theirs) == []
        set_field(theirs.editor, row(theirs, Measure, title="Ours"), "title", "Settled")
        theirs.publish()
    merge_files(plan, [one(plan, sent)])
    assert row(plan, Measure, title="Settled") and questions_of_plan(plan) == []


def test_a_merge_can_be_undone_when_what_was_decided_about_it_was_taken_back(
    tmp_path: Path, plan: OpenPlan
) -> None:
    copy = in_conflict(tmp_path, plan)
    decide(plan, row(plan, Measure, title="Ours"), "title", "theirs")
    with pytest.raises(LaterWork):
        unmerge(plan)
    plan.editor.undo()
    unmerge(plan)
    assert questions_of_plan(plan) == [] and faults(plan) == []
    assert row(plan, Measure, title="Ours")
    assert plan.editor.redo_name is None, "there is nothing to decide any more"
    merge_files(plan, [one(plan, copy)])
    [question] = questions_of_plan(plan)
    assert sorted(side.value for side in question.sides) == ["Ours", "Theirs"]


def test_a_review_decides_a_conflict_that_was_opened_again(tmp_path: Path, plan: OpenPlan) -> None:
    in_conflict(tmp_path, plan)

    def retitle(theirs: OpenPlan) -> None:
        set_field(theirs.editor, row(theirs, Measure, title=TITLES[0]), "title", "A third")

    third = changed(copy_of(tmp_path / "Our plan.cypp", "third"), "Kim", retitle)
    decide(plan, row(plan, Measure, title="Ours"), "title", "theirs")
    plan.editor.undo()
    before = digest(plan)
    review = reviewed(plan, third)
    [item] = review.questions
    assert len(item.heads) == 3
    review.decide(item, "theirs")
    merge(plan, review)
    assert questions_of_plan(plan) == [] and faults(plan) == []
    assert row(plan, Measure, title="A third")
    unmerge(plan)
    [question] = questions_of_plan(plan)
    assert sorted(side.value for side in question.sides) == ["Ours", "Theirs"]
    assert digest(plan) == before
