"""What a person decides in the review of a merge, and what may be written there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cypp_desktop.errors import UsageError
from cypp_desktop.merge.apply import merge
from cypp_desktop.merge.question import answers, fitting
from cypp_desktop.plan.base import fields_of, row_classes
from cypp_desktop.plan.model import Measure
from cypp_desktop.store.commands import add_row, delete_rows, set_field
from cypp_desktop.store.plan_file import OpenPlan
from cypp_desktop.store.union import DELETED_AND_EDITED
from tests.merge.copies import at, copy_of, edited, make_plan, opened, review_of


@pytest.fixture
def plan(tmp_path: Path) -> Iterator[OpenPlan]:
    with opened(make_plan(tmp_path / "Our plan.cypp")) as made:
        yield made


@pytest.mark.parametrize("words", ["Babies whose mothers smoke", None])
def test_what_a_person_writes_in_the_review_is_what_stands(
    words: str | None, tmp_path: Path, plan: OpenPlan
) -> None:
    copy = edited(copy_of(tmp_path / "Our plan.cypp", "copy"), "Bea", ("1/1a/i", "definition", "All births"))
    set_field(plan.editor, at(plan, "1/1a/i"), "definition", "Births here")
    review = review_of(plan, copy)
    [item] = review.questions
    review.decide(item, "edit", words)
    merge(plan, review)
    assert at(plan, "1/1a/i").definition == words  # type: ignore[attr-defined]


def test_the_review_knows_on_which_side_a_row_was_deleted(tmp_path: Path, plan: OpenPlan) -> None:
    file = tmp_path / "Our plan.cypp"
    wanted = edited(copy_of(file, "Bea"), "Bea", ("1/1a/i", "title", "Still wanted"))
    gone = copy_of(file, "Cy")
    with opened(gone, "Cy") as theirs:
        delete_rows(theirs.editor, [at(theirs, "1/1a/i")])
        theirs.publish()
    with opened(wanted, "Bea") as edited_here:
        [item] = [one for one in review_of(edited_here, gone).questions if one.row_type == "measure"]
        assert item.kind == DELETED_AND_EDITED and not item.was_deleted_here
    with opened(gone, "Cy") as deleted_here:
        [item] = [one for one in review_of(deleted_here, wanted).questions if one.row_type == "measure"]
        assert item.kind == DELETED_AND_EDITED and item.was_deleted_here


def test_how_a_change_can_be_decided_follows_from_what_it_is(tmp_path: Path, plan: OpenPlan) -> None:
    """Texts put together want to be seen; two titles cannot both stand, and neither can texts begun apart."""
    set_field(plan.editor, at(plan, "1/1a/i"), "note", "Asked the CCG.")
    plan.publish()
    copy = copy_of(tmp_path / "Our plan.cypp", "copy")
    with opened(copy, "Bea") as theirs:
        add_row(theirs.editor, Measure, at(theirs, "1/1a"), code="x", title="New")
        delete_rows(theirs.editor, [at(theirs, "1/1a/ii")])
        set_field(theirs.editor, at(theirs, "1/1a/i"), "title", "Theirs")
        set_field(theirs.editor, at(theirs, "1/1a/i"), "definition", "All births")
        set_field(theirs.editor, at(theirs, "1/1a/i"), "note", "Rang first.\n\nAsked the CCG.")
        set_field(theirs.editor, at(theirs, "1/1a/i"), "source", "NHS")
        theirs.publish()
    set_field(plan.editor, at(plan, "1/1a/ii"), "title", "Still wanted")
    set_field(plan.editor, at(plan, "1/1a/i"), "title", "Ours")
    set_field(plan.editor, at(plan, "1/1a/i"), "definition", "Births here")
    set_field(plan.editor, at(plan, "1/1a/i"), "note", "Asked the CCG.\n\nNo answer.")
    items = review_of(plan, copy).questions
    ways = {
        item.happening if item.is_row else item.field: answers(item)
        for item in items
        if item.row_type == "measure"
    }
    assert ways == {
        "added": ("accept", "ours", "theirs"),
        "kept": ("ours", "theirs", "leave"),
        "title": ("ours", "theirs", "edit", "leave"),
        "definition": ("ours", "theirs", "both", "edit", "leave"),
        "note": ("accept", "ours", "theirs", "both", "edit", "confirm"),
        "source": ("accept", "ours", "theirs", "edit"),
    }


def test_until_somebody_decides_what_is_no_question_is_taken_and_what_is_one_left_open(
    tmp_path: Path, plan: OpenPlan
) -> None:
    copy = copy_of(tmp_path / "Our plan.cypp", "copy")
    with opened(copy, "Bea") as theirs:
        add_row(theirs.editor, Measure, at(theirs, "1/1a"), code="x", title="New")
        delete_rows(theirs.editor, [at(theirs, "1/1a/ii")])
        set_field(theirs.editor, at(theirs, "1/1a/i"), "title", "Theirs")
        set_field(theirs.editor, at(theirs, "1/1a/i"), "source", "NHS")
        theirs.publish()
    set_field(plan.editor, at(plan, "1/1a/ii"), "title", "Still wanted")
    set_field(plan.editor, at(plan, "1/1a/i"), "title", "Ours")
    items = [item for item in review_of(plan, copy).questions if item.row_type == "measure"]
    held = {item.happening if item.is_row else item.field: item.decision.answer for item in items}
    assert held == {"added": "accept", "kept": "leave", "title": "leave", "source": "accept"}
    assert all(item.decision == item.default_decision for item in items)


@pytest.mark.parametrize(
    ("row_type", "field", "value"),
    [
        ("measure", "title", "Other"),
        ("measure", "definition", None),
        ("measure", "polarity", "higher"),
        ("measure", "polarity", None),
        ("measure", "placeholder", True),
        ("measure", "flags", ["new"]),
        ("measure", "flags", []),
        ("section", "depth", 2),
        ("plan", "rag_rules", {}),
        ("observation", "value", {"value": "17.0", "words": None, "unit": "%"}),
    ],
)
def test_what_fits_a_field_can_be_written_in_the_review(row_type: str, field: str, value: Any) -> None:
    assert fitting(row_type, fields_of(row_classes()[row_type])[field], value) == value


@pytest.mark.parametrize(
    ("row_type", "field", "value"),
    [
        ("measure", "title", None),
        ("measure", "title", 7),
        ("measure", "polarity", "sideways"),
        ("measure", "placeholder", "yes"),
        ("measure", "flags", "new"),
        ("measure", "flags", ["new", 7]),
        ("plan", "rag_rules", []),
        ("section", "depth", []),
        ("observation", "value", "17"),
        ("observation", "value", {"value": "17", "words": None}),
    ],
)
def test_what_does_not_fit_a_field_is_refused_in_the_review(row_type: str, field: str, value: Any) -> None:
    with pytest.raises(UsageError):
        fitting(row_type, fields_of(row_classes()[row_type])[field], value)


def test_the_report_of_what_is_open_says_what_was_there_before_where_anything_was(
    tmp_path: Path, plan: OpenPlan
) -> None:
    copy = copy_of(tmp_path / "Our plan.cypp", "copy")
    edited(copy, "Bea", ("1/1a/i", "title", "Smoking when born"), ("1/1a/i", "source", "NHS"))
    set_field(plan.editor, at(plan, "1/1a/i"), "title", "Smoking")
    set_field(plan.editor, at(plan, "1/1a/i"), "source", "Council")
    report = [line.strip() for line in merge(plan, review_of(plan, copy)).as_text().splitlines()]
    title, source = (report.index(f"Bea: “{words}”") for words in ("Smoking when born", "NHS"))
    assert report[title - 1] == "was: “Smoking at delivery”"
    assert "Source of the data: in conflict" in report[source - 1]
