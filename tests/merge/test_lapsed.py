"""Decisions that cannot be made any more are told of, one by one; none is dropped in silence."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from cypp_desktop.command_line.main import run
from cypp_desktop.merge.apply import merge, merge_files
from cypp_desktop.merge.question import Kind, chosen_side
from cypp_desktop.merge.questions_of_plan import questions_of_plan
from cypp_desktop.merge.report import MergeReport
from cypp_desktop.merge.review import NO_PLACE, NOTHING_LEFT, SAYS_ELSE, Review
from cypp_desktop.plan.model import Measure, Outcome, Priority, Update
from cypp_desktop.store.commands import add_row, delete_rows, move_rows, set_covered, set_field
from cypp_desktop.store.plan_file import OpenPlan
from tests.merge.copies import copy_of, edited, faults, make_plan, opened, review_of
from tests.merge.sent import officer, partner, row, send

SMOKING, FEEDING = "Smoking at delivery", "Breastfeeding at 6-8 weeks"


@pytest.fixture
def plan(tmp_path: Path) -> Iterator[OpenPlan]:
    with officer(tmp_path) as opened:
        yield opened
        assert faults(opened) == []


@pytest.fixture
def files(tmp_path: Path, plan: OpenPlan) -> list[Path]:
    """Two copies that say something else in the titles of two measures."""
    plan.publish()
    return [
        edited(
            copy_of(tmp_path / "Our plan.cypp", name),
            name,
            ("1/1a/i", "title", f"Smoking by {name}"),
            ("1/1a/ii", "title", f"Feeding by {name}"),
        )
        for name in ("Bea", "Cy")
    ]


def review(plan: OpenPlan, *paths: Path) -> Review:
    """The review of files, every conflict decided for the first of theirs."""
    found = review_of(plan, *paths)
    for item in found.left_open:
        found.decide(item, "theirs", side=0)
    return found


def told(report: MergeReport) -> list[tuple[str, str, str, bool]]:
    """The decisions not made, in the report and in what the plan keeps of it: they must agree."""
    assert report.summary()["lapsed"] == report.lapsed == json.loads(report.as_json())["lapsed"]
    assert report.proposed == sum(report.counts.values())
    assert report.needs_an_eye or not report.lapsed
    text = report.as_text()
    assert all(f"{one['place']} · {one['label']}" in text for one in report.lapsed)
    return [(one["field"], one["decision"], one["why"], one["again"]) for one in report.lapsed]


def test_a_place_that_says_something_else_by_now_is_open_and_told_of(
    plan: OpenPlan, files: list[Path]
) -> None:
    decided = review(plan, *files)
    set_field(plan.editor, row(plan, Measure, title=SMOKING), "title", "Edited meanwhile")
    report = merge(plan, decided)
    assert told(report) == [("title", "theirs", SAYS_ELSE, True)]
    assert report.decided == 2
    assert "2 decisions: 1 made, 1 not made" in report.as_text()
    assert "please decide again" in report.as_text()
    [question] = questions_of_plan(plan)
    assert question.value == "Edited meanwhile"
    assert row(plan, Measure, title="Feeding by Bea")


def test_what_has_been_merged_meanwhile_by_another_way_is_told_of(plan: OpenPlan, files: list[Path]) -> None:
    decided = review(plan, *files)
    merge_files(plan, decided.files, open_ones="leave")
    report = merge(plan, decided)
    assert told(report) == [("title", "theirs", NOTHING_LEFT, False)] * 2
    assert report.decided == 2
    assert len(questions_of_plan(plan)) == 2, "both wait for a person still"


def test_a_decision_about_a_row_deleted_since_is_made_and_the_row_waits(
    plan: OpenPlan, files: list[Path]
) -> None:
    decided = review(plan, *files)
    delete_rows(plan.editor, [row(plan, Measure, title=FEEDING)])
    report = merge(plan, decided)
    assert told(report) == [] and report.decided == 2
    assert row(plan, Measure, title="Feeding by Bea")
    assert {(one.row_type, one.field) for one in questions_of_plan(plan)} >= {("measure", "*")}


def test_what_was_refused_and_has_no_place_by_now_is_to_be_decided_again(
    tmp_path: Path, plan: OpenPlan
) -> None:
    third = "Placeholder for a third measure"
    plan.publish()
    copy = copy_of(tmp_path / "Our plan.cypp", "Bea")
    with opened(copy, "Bea") as theirs:
        update = row(theirs, Update, text="- Fewer smoke\n- More feed")
        set_covered(theirs.editor, update, [*update.measures, row(theirs, Measure, title=third)])
        theirs.publish()
    found = review_of(plan, copy)
    [link] = found.questions
    found.decide(link, "ours")
    move_rows(plan.editor, [row(plan, Measure, title=third)], row(plan, Outcome, code="1b"), 0)
    assert told(merge(plan, found)) == [("*", "ours", SAYS_ELSE, True)]


def test_what_was_let_in_and_has_no_place_is_not_said_to_be_taken(plan: OpenPlan) -> None:
    sent = send(plan)
    with partner(sent) as theirs:
        new = add_row(theirs.editor, Outcome, row(theirs, Priority, code="1"), title="New")
        set_field(theirs.editor, new, "title", "New and edited")
        theirs.publish()
    found = review_of(plan, sent)
    [edit] = [item for item in found.questions if item.kind == Kind.OUTSIDE and item.field == "title"]
    found.decide(edit, "accept")
    report = merge(plan, found)
    assert told(report) == [("title", "accept", NO_PLACE, False)]
    assert report.counts["taken"] == 0 and report.counts[Kind.OUTSIDE] == report.proposed


def test_what_was_let_in_and_came_in_is_no_decision_dropped(plan: OpenPlan) -> None:
    sent = send(plan)
    with partner(sent) as theirs:
        add_row(theirs.editor, Outcome, row(theirs, Priority, code="1"), title="New")
        theirs.publish()
    found = review_of(plan, sent)
    for item in found.questions:
        found.decide(item, "accept")
    report = merge(plan, found)
    assert told(report) == [] and report.decided == len(found.questions) > 0
    assert row(plan, Outcome, title="New")


def test_more_of_what_nobody_asked_for_is_not_let_in_unseen(tmp_path: Path, plan: OpenPlan) -> None:
    titles = iter(("By Pat", "By Kim"))

    def outside() -> Path:
        sent = send(plan)
        with partner(sent) as theirs:
            set_field(theirs.editor, row(theirs, Priority, code="1"), "title", next(titles))
            theirs.publish()
        return sent

    one, other = outside(), outside()
    first = review_of(plan, one)
    for item in first.questions:
        first.decide(item, "accept")
    both = review_of(plan, one, other)
    [lapsed] = both.carry_over(first)
    assert (lapsed.why, lapsed.again) == (SAYS_ELSE, True)
    assert not both.decided


@pytest.mark.parametrize("more", [[], ["--dry-run"]])
def test_the_command_line_says_what_could_not_be_decided_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], more: list[str]
) -> None:
    path = make_plan(tmp_path / "plan.cypp")
    copies = [
        edited(
            copy_of(path, name), name, ("1/1a/i", "title", f"By {name}"), ("1/1a/updates/#1", "text", text)
        )
        for name, text in (("Bea", "- One"), ("Cy", "- Other"))
    ]
    report = tmp_path / "report.json"
    said = ["merge", str(path), *map(str, copies), "--decide", "both", "--report", str(report), *more]
    assert run(said) == 3
    text = capsys.readouterr().out
    assert "2 decisions: 1 made, 1 not made" in text
    assert "not “both kept”, because it cannot be decided so; please decide again" in text
    whole = json.loads(report.read_text("utf-8"))
    assert whole["decided"] == 2 and [one["field"] for one in whole["lapsed"]] == ["title"]
    assert len(whole["open"]) == 1


def test_where_every_decision_was_made_nothing_is_said_of_it(plan: OpenPlan, files: list[Path]) -> None:
    report = merge(plan, review(plan, *files))
    assert told(report) == [] and report.decided == 2
    assert "not made" not in report.as_text()


@pytest.mark.parametrize("answer", ["ours", "theirs"])
def test_a_decision_about_a_row_is_made_where_its_deletion_was_let_in_beside_it(
    answer: str, tmp_path: Path, plan: OpenPlan
) -> None:
    sent = send(plan)
    plan.publish()
    copy = edited(copy_of(tmp_path / "Our plan.cypp", "Bea"), "Bea", ("1/1a/ii", "title", "Feeding by Bea"))
    with partner(sent) as theirs:
        delete_rows(theirs.editor, [row(theirs, Measure, title=FEEDING)])
        theirs.publish()
    gone = row(plan, Measure, title=FEEDING).id
    delete_rows(plan.editor, [row(plan, Measure, title=FEEDING)])
    found = review_of(plan, sent, copy)
    decided = 0
    for item in found.questions:
        if item.kind == Kind.OUTSIDE:
            found.decide(item, "accept")
        elif item.row_id == gone and item.is_row:
            assert item.kind == "deleted-and-edited"
            found.decide(item, answer)
            decided += 1
    report = merge(plan, found)
    assert decided == 1 and told(report) == []
    stands = plan.editor.find(Measure, gone)
    assert (None if stands is None else stands.title) == (None if answer == "ours" else "Feeding by Bea")


def test_a_side_that_was_chosen_stays_chosen_when_an_older_file_of_another_comes(
    tmp_path: Path, plan: OpenPlan
) -> None:
    plan.publish()
    file = tmp_path / "Our plan.cypp"
    late, other = copy_of(file, "Bea"), copy_of(file, "Cy")
    edited(late, "Bea", ("1/1a/i", "title", "First by Bea"))
    early = copy_of(late, "Bea before")
    edited(late, "Bea", ("1/1a/i", "title", "Last by Bea"))
    edited(other, "Cy", ("1/1a/i", "title", "By Cy"))
    first = review_of(plan, late, other)
    [question] = first.questions
    first.decide(question, "theirs", side=1)
    assert chosen_side(question, question.decision).value == "By Cy"
    both = review_of(plan, late, other, early)
    assert both.carry_over(first) == []
    [question] = both.questions
    assert chosen_side(question, question.decision).value == "By Cy"
