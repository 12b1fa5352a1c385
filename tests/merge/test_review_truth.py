"""Every line of the review says exactly what merging does: held against the plan before and after."""

from __future__ import annotations

import contextlib
import itertools
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cypp_desktop import paths
from cypp_desktop.errors import UsageError
from cypp_desktop.exchange.plan_json import load_plan, read_plan
from cypp_desktop.merge.apply import merge, take_in
from cypp_desktop.merge.decisions import decide as decide_in_plan
from cypp_desktop.merge.effects import Effect, effect_of, rows_told
from cypp_desktop.merge.question import Answer, Kind, answers
from cypp_desktop.merge.questions_of_plan import questions_of_plan
from cypp_desktop.merge.review import Review
from cypp_desktop.operations.review.lines import state_of, words_of
from cypp_desktop.operations.review.question_words import QuestionWords, answer_words, offered
from cypp_desktop.plan.base import fields_of, row_classes
from cypp_desktop.plan.model import Measure
from cypp_desktop.plan.shape import link_types, within_one_outcome
from cypp_desktop.store.commands import add_row, delete_rows, set_covered, set_field, set_update_text
from cypp_desktop.store.log import RowKey
from cypp_desktop.store.plan_file import OpenPlan
from tests.merge.copies import Rows, at, copy_of, edited, faults, make_plan, opened, review_of, rows_of
from tests.merge.test_invariants import FEW, PARTNERS, Work, at_work, quick_files, reviewed
from tests.store.partners import DEEDS, Deed

__all__ = ["quick_files"]

CHOICES = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 3)), min_size=1, max_size=12)
#: Nobody is told of these as a line: which files came is the matter of the board.
BOOKS = ("received_file",)


@FEW
@given(ours=DEEDS, partners=PARTNERS, choices=CHOICES)
def test_what_merging_changes_is_told_by_exactly_one_line_and_each_line_is_true(
    ours: list[Deed], partners: list[Work], choices: list[tuple[int, int]]
) -> None:
    with at_work(ours, partners) as (plan, files):
        review = reviewed(plan, *files)
        before = rows_of(plan, without=BOOKS)
        for question, (number, side) in zip(review.questions, itertools.cycle(choices), strict=False):
            allowed = [how for how in answers(question) if how != "edit"]
            with contextlib.suppress(UsageError):
                review.decide(
                    question, allowed[number % len(allowed)], side=side % max(1, len(question.theirs))
                )
        assert_nothing_is_called_what_it_is_not(review)
        told = Told(review)
        report = merge(plan, review)
        if any(question.is_let_in for question in review.questions) or report.lapsed:
            return  # what is let in meets the rules of the plan first: its lines say what it is about
        told.hold_against(before, rows_of(plan, without=BOOKS))
        assert faults(plan) == []


def decide(review: Review, choices: list[tuple[int, int]]) -> None:
    for question, (number, side) in zip(review.questions, itertools.cycle(choices), strict=False):
        allowed = [how for how in answers(question) if how != "edit"]
        with contextlib.suppress(UsageError):
            answer = allowed[number % len(allowed)]
            review.decide(question, answer, side=side % max(1, len(question.theirs)))


class Told:
    """What the lines of a review say: of whole rows, and of fields of rows that stay."""

    def __init__(self, review: Review) -> None:
        self.rows: dict[RowKey, list[Effect]] = {}
        self.fields: dict[tuple[str, str, str], list[Effect]] = {}
        self.decides_places = any(each.field == "place" and each.is_decided for each in review.questions)
        for question in review.questions:
            if question.kind == Kind.OUTSIDE:
                continue
            if not question.is_row:
                self.fields.setdefault(question.key, []).append(effect_of(question))
                continue
            for row, effect in rows_told(question).items():
                self.rows.setdefault(row, []).append(effect)

    def hold_against(self, before: Rows, after: Rows) -> None:
        for key in before.keys() | after.keys() | self.rows.keys():
            was, now = before.get(key), after.get(key)
            said = [effect for effect in self.rows.get(key, []) if effect != Effect.LEAVES]
            if key[0] in within_one_outcome() and self.decides_places:
                continue  # where both ends come to stand is decided elsewhere; the link waits, and says so
            if was is None or now is None:
                happened = [] if was is now else [Effect.DELETES if now is None else Effect.ADDS]
                assert said == happened, (key, said, happened)
                continue
            assert set(said) <= {Effect.CHANGES}, (key, said)
            self._hold_fields(key, was, now, is_told_with_row=bool(said))

    def _hold_fields(
        self, key: RowKey, was: dict[str, object], now: dict[str, object], *, is_told_with_row: bool
    ) -> None:
        changed_with_row = False
        for name, field in fields_of(row_classes()[key[0]]).items():
            changed = any(was[column] != now[column] for column in field.columns)
            said = self.fields.get((*key, name), [])
            if said:
                assert said == [Effect.CHANGES if changed else Effect.LEAVES], (key, name, said)
            else:
                changed_with_row = changed_with_row or changed
        assert changed_with_row == is_told_with_row, (key, changed_with_row)


def assert_nothing_is_called_what_it_is_not(review: Review) -> None:
    """No button deletes what is not there, and no line speaks of links as of things."""
    for question in review.questions:
        said = f"{words_of(question)} {state_of(question)}"
        assert "theirs.cypp" not in said
        if question.row_type in link_types():
            assert not any(
                words in said.lower() for words in ("measure covered", "measure served", "person named")
            ), said
        if "deletes" in state_of(question):
            assert effect_of(question) == Effect.DELETES, said
        for answer in offered(question):
            words = answer_words(question, answer)
            if words.startswith("Delete") and question.kind != Kind.OUTSIDE:
                assert question.was is not None or question.in_plan, (question, words)


# ------------------------------------------------------------------ cases


@pytest.fixture
def city(tmp_path: Path) -> Iterator[OpenPlan]:
    """A plan in which a measure has leads, people, values and updates."""
    with OpenPlan.create(tmp_path / "Our plan.cypp", author="Ann", data=tmp_path / "data of Ann") as plan:
        load_plan(plan.editor, read_plan(paths.resource("samples/city.json")))
        plan.publish()
        yield plan


def edited_update(path: Path, words: str) -> Path:
    """A colleague's copy in which an update about the measure was written anew."""
    copy = copy_of(path, "copy")
    with opened(copy, "Bea") as theirs:
        measure = at(theirs, "1/1a/i")
        set_update_text(theirs.editor, measure, measure.update_links[0].update.round, words)  # type: ignore[attr-defined]
        theirs.publish()
    return copy


def test_a_measure_deleted_and_an_edit_under_it_are_one_question_that_shows_the_words(
    city: OpenPlan, tmp_path: Path
) -> None:
    copy = edited_update(tmp_path / "Our plan.cypp", "- Midwives were trained")
    before = rows_of(city)
    delete_rows(city.editor, [at(city, "1/1a/i")])
    gone = before.keys() - rows_of(city).keys()
    review = review_of(city, copy)
    [question] = review.questions
    words = QuestionWords(city.editor.session, review)
    shown = [(version.who, version.words) for version in words.versions(question)]
    assert ("Deleted here, by Ann", "(deleted)\nWith it: 2 leads, 4 values and 2 updates") in shown
    assert any(who == "Edited by Bea" and "Midwives were trained" in said for who, said in shown)
    assert {question.row, *question.along} == gone and len(gone) == 13
    assert [answer_words(question, answer) for answer in offered(question)] == [
        "Leave the measure deleted",
        "Bring the measure back, as edited",
        "Leave open",
    ]
    assert merge(city, review).open_places == [question.place.words]
    [waiting] = questions_of_plan(city)
    shown = [(version.who, version.words) for version in QuestionWords(city.editor.session).versions(waiting)]
    assert any(who == "Edited by Bea" and "Midwives were trained" in said for who, said in shown)
    for answer, there in (("keep", gone), ("delete", set())):
        decide_in_plan(city, waiting.row, "*", Answer(answer))
        assert questions_of_plan(city) == [] and gone & rows_of(city).keys() == there
        city.editor.undo()
    assert faults(city) == []


@pytest.mark.parametrize(("answer", "stays"), [("ours", False), ("theirs", True)])
def test_one_answer_decides_the_whole_of_a_deletion(
    city: OpenPlan, tmp_path: Path, answer: str, stays: bool
) -> None:
    copy = edited_update(tmp_path / "Our plan.cypp", "- Midwives were trained")
    before = rows_of(city).keys()
    delete_rows(city.editor, [at(city, "1/1a/i")])
    gone = before - rows_of(city).keys()
    review = review_of(city, copy)
    review.decide(review.questions[0], Answer(answer))
    report = merge(city, review)
    assert report.counts["decided"] == report.proposed == 1
    assert questions_of_plan(city) == []
    assert gone & rows_of(city).keys() == (gone if stays else set())


def test_links_are_told_as_what_they_mean(city: OpenPlan, tmp_path: Path) -> None:
    copy = copy_of(tmp_path / "Our plan.cypp", "copy")
    with opened(copy, "Bea") as theirs:
        measure = at(theirs, "1/1a/i")
        lead = measure.leads[0]  # type: ignore[attr-defined]
        with theirs.editor.step("Nobody is named") as session:
            session.delete(lead.people_links[0])
        update = measure.update_links[0].update  # type: ignore[attr-defined]
        set_covered(theirs.editor, update, measure.outcome.measures[:3])  # type: ignore[attr-defined]
        theirs.publish()
    told = {question.label: state_of(question) for question in review_of(city, copy).questions}
    assert told.pop("Consultant in Public Health no longer named for lead City Council") == "plain: changes"
    assert told
    for label, state in told.items():
        assert label.startswith("Update for End of year update for 2016–2017 now covers measure i"), label
        assert state == "plain: comes in"


def test_where_the_plan_never_had_a_row_the_edit_wins_unless_the_deletion_is_chosen(tmp_path: Path) -> None:
    path = make_plan(tmp_path / "Our plan.cypp")
    with_row = copy_of(path, "Bea")
    with opened(with_row, "Bea") as theirs:
        add_row(theirs.editor, Measure, at(theirs, "1/1a"), code="x", title="New")
        theirs.publish()
    without = copy_of(with_row, "Cy")
    with opened(without, "Cy") as theirs:
        delete_rows(theirs.editor, [at(theirs, "1/1a/x")])
        theirs.publish()
    edited(with_row, "Bea", ("1/1a/x", "title", "Newer"))
    for answer, is_there in (("keep", True), ("delete", False), ("leave", True), (None, True)):
        mine = Path(shutil.copy(path, tmp_path / f"mine {answer}.cypp"))
        with opened(mine) as plan:
            review = review_of(plan, with_row, without)
            [question] = [each for each in review.questions if each.row_type == "measure"]
            assert set(answers(question)) == {"keep", "delete", "leave"}
            if answer is not None:
                review.decide(question, Answer(answer))
            merge(plan, review)
            assert any(row.get("title") == "Newer" for row in rows_of(plan).values()) is is_there


def test_what_a_colleague_saved_is_named_by_who_saved_it_and_never_by_our_own_file(tmp_path: Path) -> None:
    path = make_plan(tmp_path / "plan.cypp")
    with opened(path, "Ann") as ann, opened(path, "Bea") as bea:
        set_field(ann.editor, at(ann, "1/1a/i"), "title", "Ann's")
        ann.publish(take_in)
        set_field(bea.editor, at(bea, "1/1a/i"), "title", "Bea's")
        bea.publish(take_in)
        [question] = questions_of_plan(bea)
        [theirs] = question.theirs
        assert theirs.file is not None and theirs.file.startswith("saved by Ann on ")
        assert theirs.file.endswith(" in this plan’s file")
        versions = QuestionWords(bea.editor.session).versions(question)
        assert [version.who for version in versions] == ["As it was sent", "Ours", "Ann"]
        told = str(versions) + json.dumps(question.as_json())
        told += " ".join(answer_words(question, answer) for answer in offered(question))
        assert "theirs.cypp" not in told and "Take Ann’s" in told
