"""Every kind of thing that a file can bring is said in words, and every kind of field can be typed anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from cypp_desktop.merge.question import Question, answers
from cypp_desktop.merge.review import Review
from cypp_desktop.operations.review.effect_words import sentence
from cypp_desktop.operations.review.question_words import (
    KIND_WORDS,
    QuestionWords,
    Version,
    answer_words,
    explanation,
    offered,
)
from cypp_desktop.plan.model import Measure, Organisation
from cypp_desktop.store.commands import add_row, delete_rows, set_field
from cypp_desktop.store.plan_file import OpenPlan
from cypp_desktop.ui.review.compare import numbers_of
from cypp_desktop.ui.review.marking import MOST, marked_html, spoken
from cypp_desktop.ui.review.pages import result_of
from cypp_desktop.ui.review.result import NOT_YET, ResultEditor
from cypp_desktop.ui.theme import LIGHT
from tests.merge.copies import at, copy_of, make_plan, opened, review_of

Deed = Callable[[OpenPlan], object]


@contextmanager
def brought(folder: Path, deed: Deed, ours: Deed | None = None) -> Iterator[tuple[OpenPlan, Review]]:
    """The plan, and the review of a copy in which something was done; ``ours`` is done in the plan."""
    path = make_plan(folder / "Our plan.cypp")
    copy = copy_of(path, "Bob")
    with opened(copy, "Bob") as plan:
        deed(plan)
        plan.publish()
    with opened(path) as plan:
        if ours is not None:
            ours(plan)
        yield plan, review_of(plan, copy)


def sets(address: str, field: str, value: Any) -> Deed:
    return lambda plan: set_field(plan.editor, at(plan, address), field, value)


def versions(plan: OpenPlan, review: Review, question: Question) -> list[Version]:
    return QuestionWords(plan.editor.session, review).versions(question)


#: A field of every kind that can be typed, with another value.
TYPED = {
    "markdown": ("sections/1", "text", "Other *words*.\n\n- one\n- two"),
    "words": ("1/1a", "title", "Another title"),
    "list": ("1", "outcomes_sought", ["Babies are well.", "Parents are well."]),
    "choice": ("1/1a/i", "polarity", "higher"),
    "flag": ("1/1a/ii", "placeholder", True),
    "day": ("rounds/Mid-year", "due", "2018-01-31"),
    "span": (
        "1/1a/actions/1", "due",
        {"due": "April 2017", "due_start": "2017-04-01", "due_end": "2017-04-30", "due_precision": "month"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", TYPED)
def test_a_field_of_every_kind_shows_its_result_and_gives_it_back(
    qtbot: QtBot, tmp_path: Path, kind: str
) -> None:
    address, field, value = TYPED[kind]
    with brought(tmp_path, sets(address, field, value)) as (_plan, review):
        (question,) = review.questions
        editor = ResultEditor()
        qtbot.addWidget(editor)
        assert "edit" in offered(question)
        assert editor.show_value(question, result_of(question), read_only=False)
        assert editor.value() == value
        review.decide(question, "edit", editor.value())


def test_half_a_date_is_not_taken_for_one(qtbot: QtBot, tmp_path: Path) -> None:
    with brought(tmp_path, sets("rounds/Mid-year", "due", "2018-01-31")) as (_plan, review):
        editor = ResultEditor()
        qtbot.addWidget(editor)
        editor.show_value(review.questions[0], "2018-01-31", read_only=False)
        editor.line.setText("the 3")
        assert editor.value() is NOT_YET
        editor.line.clear()
        assert editor.value() is None


def test_typing_is_told_and_showing_is_not(qtbot: QtBot, tmp_path: Path) -> None:
    with brought(tmp_path, sets("1/1a", "title", "Another title")) as (_plan, review):
        editor = ResultEditor()
        qtbot.addWidget(editor)
        told: list[int] = []
        editor.edited.connect(lambda: told.append(1))
        editor.show_value(review.questions[0], "Another title", read_only=False)
        assert told == []
        editor.plain.setPlainText("Typed")
        assert told


def test_a_link_is_chosen_and_not_typed(tmp_path: Path) -> None:
    def leads(plan: OpenPlan) -> None:
        lead = at(plan, "1/1a/i/leads/#1")
        other = add_row(plan.editor, Organisation, name="Anytown Schools")
        set_field(plan.editor, lead, "organisation_id", other.id)

    with brought(tmp_path, leads) as (plan, review):
        lead = next(question for question in review.questions if question.row_type == "lead")
        assert "edit" not in offered(lead)
        assert [version.words for version in versions(plan, review, lead)] == [
            "Anytown CCG",
            "Anytown Schools",
        ]


def test_a_new_row_is_said_field_by_field_and_can_be_left_out(tmp_path: Path) -> None:
    def adds(plan: OpenPlan) -> None:
        add_row(plan.editor, Measure, at(plan, "1/1b"), code="ii", title="Sugar")

    with brought(tmp_path, adds) as (plan, review):
        (question,) = review.questions
        assert question.label == "New measure"
        (version,) = versions(plan, review, question)
        assert "Code: ii" in version.words
        assert "Title: Sugar" in version.words
        assert {answer: answer_words(question, answer) for answer in offered(question)} == {
            "accept": "Take the measure in", "ours": "Leave the measure out",
        }  # fmt: skip
        assert numbers_of(question) == {"ours": 1, "accept": 2}


def test_a_deletion_offers_to_keep_the_row(tmp_path: Path) -> None:
    deletes: Deed = lambda plan: delete_rows(plan.editor, [at(plan, "1/1b/i")])  # noqa: E731
    with brought(tmp_path, deletes) as (plan, review):
        (question,) = review.questions
        assert [each.words for each in versions(plan, review, question) if each.side is not None] == [
            "(deleted)"
        ]
        assert {answer: answer_words(question, answer) for answer in offered(question)} == {
            "accept": "Delete the measure", "ours": "Keep the measure",
        }  # fmt: skip


def test_what_was_deleted_here_and_edited_there_says_which_button_does_what(tmp_path: Path) -> None:
    def deletes(plan: OpenPlan) -> None:
        delete_rows(plan.editor, [at(plan, "1/1b/i")])

    with brought(tmp_path, sets("1/1b/i", "title", "Obesity"), deletes) as (_plan, review):
        (question,) = review.questions
        said = {answer: answer_words(question, answer) for answer in offered(question)}
        assert said == {
            "ours": "Leave the measure deleted",
            "theirs": "Bring the measure back, as edited",
            "leave": "Leave open",
        }
        assert explanation(question).endswith("It comes back in until someone decides.")
        assert sentence(question) == "Merging brings it back in."
        review.decide(question, "ours")
        assert sentence(question) == "Merging leaves it out."


def test_what_comes_back_or_goes_along_is_said_as_that(tmp_path: Path) -> None:
    def deletes(plan: OpenPlan) -> None:
        delete_rows(plan.editor, [at(plan, "1/1a/i")])

    edits = sets("1/1a/i", "title", "Smoking")
    ways = {"here": (edits, deletes), "there": (deletes, edits)}
    said = {}
    for where, (theirs, ours) in ways.items():
        folder = tmp_path / where
        folder.mkdir()
        with brought(folder, theirs, ours) as (_plan, review):
            (question,) = review.questions
            said[where] = explanation(question).partition("edited it. ")[2]
    assert said == {
        "here": "It comes back in until someone decides. "
        "With it come back in or stay out 1 lead, 2 values and 1 action.",
        "there": "It stays until someone decides. With it stay or go 1 lead, 2 values and 1 action.",
    }


def test_what_was_added_here_to_what_is_deleted_there_is_shown(tmp_path: Path) -> None:
    def adds(plan: OpenPlan) -> None:
        add_row(plan.editor, Measure, at(plan, "1/1b"), code="ii", title="Sugar")

    def deletes(plan: OpenPlan) -> None:
        delete_rows(plan.editor, [at(plan, "1/1b")])

    with brought(tmp_path, deletes, adds) as (plan, review):
        (question,) = review.questions
        said = {version.who: version.words for version in versions(plan, review, question)}
        assert said["Deleted by Bob"] == "(deleted)\nWith it: 2 measures"
        assert said["Edited here, by Ann"] == "New measure:\nCode: ii\nTitle: Sugar"


def test_what_was_edited_here_and_deleted_there_says_which_button_does_what(tmp_path: Path) -> None:
    def deletes(plan: OpenPlan) -> None:
        delete_rows(plan.editor, [at(plan, "1/1b/i")])

    with brought(tmp_path, deletes, sets("1/1b/i", "title", "Obesity")) as (_plan, review):
        (question,) = review.questions
        said = {answer: answer_words(question, answer) for answer in offered(question)}
        assert said == {
            "ours": "Keep the measure, as edited",
            "theirs": "Delete the measure",
            "leave": "Leave open",
        }
        assert sentence(question) == "Merging leaves it as it is."
        review.decide(question, "theirs")
        assert sentence(question) == "Merging deletes 1 measure."


def test_every_way_that_is_offered_is_one_that_the_review_takes(tmp_path: Path) -> None:
    with brought(tmp_path, sets("1/1a", "title", "Theirs"), sets("1/1a", "title", "Ours")) as (plan, review):
        (question,) = review.questions
        assert KIND_WORDS[question.kind] == "conflict"
        assert set(offered(question)) <= set(answers(question))
        assert QuestionWords(plan.editor.session, review).base(question) == "Healthy babies"
        for answer in offered(question):
            review.decide(question, answer, "Mine" if answer == "edit" else None)
            assert answer_words(question, answer)


def test_bullets_are_shown_and_read_out_as_they_stand(tmp_path: Path) -> None:
    with brought(tmp_path, sets("sections/1", "text", "Words:\n\n- one\n  - deeper\n- two")) as (
        plan,
        review,
    ):
        (question,) = review.questions
        assert versions(plan, review, question)[-1].words == "Words:\n• one\n   • deeper\n• two"


def test_markup_in_a_text_is_shown_and_not_obeyed() -> None:
    html = marked_html("one", "<b>one</b> & two", LIGHT)
    assert "&lt;" in html
    assert "<b>" not in html
    assert spoken("one two", "one three") == "taken out: two. came in: three"
    assert spoken(None, "one") == "one"


def test_a_text_beyond_measure_is_cut_for_the_eye() -> None:
    assert len(marked_html(None, "word " * MOST, LIGHT)) < MOST + 200
