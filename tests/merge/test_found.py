"""Counter-examples that generated cases found (:mod:`tests.merge.test_invariants`), kept as fixed tests."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from cypp_desktop.merge.apply import merge, merge_files
from cypp_desktop.merge.gates import receive
from cypp_desktop.merge.model import Received
from cypp_desktop.merge.proposals import OUTSIDE
from cypp_desktop.merge.review import Review, build_review, decided_value
from cypp_desktop.merge.unmerge import unmerge
from cypp_desktop.plan.model import Measure, Round, Update
from cypp_desktop.store.commands import delete_rows, set_covered, set_update_text, write_update
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
    asked, let_in = sorted(review.items, key=lambda item: item.kind == OUTSIDE)
    assert (asked.key, let_in.kind) == (let_in.key, OUTSIDE)
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
    for item in review.items:
        review.decide(item, "accept" if item.kind == OUTSIDE else "both")
    [text] = [item for item in review.items if item.decision.how == "both"]
    merge(plan, review)
    assert mid_year(plan).text == decided_value(text, text.decision)
