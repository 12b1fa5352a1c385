"""The twenty nasty cases of the design. Those that a merge itself has to stand are here, in this order:

the same file twice or renamed · two returns of one partner, the older arriving last · a copy given to a
colleague · a return against an issue two rounds old · only line ends, trailing spaces or Unicode form
differ · edited and put back · deleted and made again with the same id · parent deleted here, child added
there · a paragraph moved by one and edited by another, both adding a bullet · a field edited outside the
application · a conflict decided, then the 57th file brings a third value · a full disk or a locked file
at the commit of file 63 of 100 (killed there: :mod:`tests.merge.test_merge_kill`).

At the gates, in :mod:`tests.merge.gates.test_receiving` and :mod:`tests.merge.gates.test_content`:
another plan's file · a file without its ``-wal`` · copied in mid-transaction · one bit flipped inside a
text · truncated, empty, a cloud placeholder · a view, trigger or virtual table · a value of 300 MB, 100,000
equal bullets · invalid UTF-8, NUL, a blob in a text column, ``Inf``.
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from cypp_desktop.errors import FileProblem, UsageError
from cypp_desktop.merge.apply import merge, merge_files, take_in
from cypp_desktop.merge.decisions import decide
from cypp_desktop.merge.gates.receiving import receive
from cypp_desktop.merge.model import Received
from cypp_desktop.merge.question import Kind
from cypp_desktop.merge.questions_of_plan import questions_of_plan
from cypp_desktop.merge.report import Fate, MergeReport
from cypp_desktop.merge.returns import board
from cypp_desktop.merge.review import Review, build_review
from cypp_desktop.merge.unmerge import BuiltUpon, LaterWork, batches, unmerge, what_can_be_undone
from cypp_desktop.plan.model import Measure, Observation, Outcome, ReceivedFile, Round, Update
from cypp_desktop.store.backups import BackupReason
from cypp_desktop.store.changes import COMBINED
from cypp_desktop.store.commands import add_row, delete_rows, set_covered, set_field, write_update
from cypp_desktop.store.editor import Changed
from cypp_desktop.store.plan_file import OpenPlan
from cypp_desktop.store.union import DELETED_AND_EDITED
from tests.merge.copies import at, copy_of, digest, edited, faults, opened, review_of
from tests.merge.sent import answered, officer, one, partner, row, send, tampered

TEXT = "- Fewer smoke\n- More feed"


@pytest.fixture
def plan(tmp_path: Path) -> Iterator[OpenPlan]:
    with officer(tmp_path) as opened_plan:
        yield opened_plan


def took(plan: OpenPlan, *paths: Path, how: str = "leave") -> MergeReport:
    files = [f for f in receive(list(paths), plan, plan.working.data) if isinstance(f, Received)]
    report = merge_files(plan, files, open_ones=how)
    assert faults(plan) == []
    assert sum(report.counts.values()) == report.proposed
    return report


def update_text(plan: OpenPlan) -> str:
    return str(row(plan, Update, round_id=row(plan, Round, name="Mid-year").id).text)


def write(path: Path, name: str, text: str) -> Path:
    with partner(path, name) as returned:
        write_update(returned.editor, returned.editor.session.scalars(select(Update)).one(), text)
        returned.publish()
    return path


# ---------------------------------------------------------------------------------- returns


def test_a_return_is_merged_remembered_and_can_be_undone_and_merged_again(plan: OpenPlan) -> None:
    path = answered(send(plan))
    before = digest(plan)
    report = took(plan, path)
    assert report.name == "Merge Anytown CCG return" and [edit.fate for edit in report.edits] == [Fate.TAKEN]
    assert update_text(plan).endswith("- All well")
    remembered = plan.editor.session.scalars(select(ReceivedFile)).one()
    assert (remembered.sender, remembered.report["proposed"]) == ("Anytown CCG", 1)
    assert board(plan)[0].state == "merged"
    unmerge(plan)
    assert digest(plan) == before and board(plan)[0].state == "returned"
    took(plan, path)
    assert update_text(plan).endswith("- All well")
    assert {backup.why for backup in plan.backups()} >= {
        BackupReason.BEFORE_MERGE,
        BackupReason.BEFORE_UNMERGE,
    }


def test_a_return_in_which_nothing_was_done_is_remembered_and_changes_nothing_else(plan: OpenPlan) -> None:
    path = send(plan)
    with partner(path):
        pass
    text = update_text(plan)
    report = took(plan, path)
    assert (report.proposed, update_text(plan)) == (0, text)
    assert board(plan)[0].state == "came back empty"


def test_the_same_file_twice_or_renamed(plan: OpenPlan) -> None:
    path = answered(send(plan))
    renamed = path.with_name("again.cypp-return")
    shutil.copy(path, renamed)
    review = review_of(plan, path, renamed)
    assert (len(review.files), len(review.refusals), review.proposed) == (1, 1, 1)
    merge(plan, review)
    said = digest(plan)
    assert [refusal.gate for refusal in review_of(plan, path, renamed).refusals] == ["not_seen_before"] * 2
    assert digest(plan) == said


def test_two_returns_of_one_partner_the_older_arriving_last(plan: OpenPlan) -> None:
    path = write(send(plan), "Pat", f"{TEXT}\n- First")
    older = path.with_name("older.cypp-return")
    shutil.copy(path, older)
    write(path, "Pat", f"{TEXT}\n- Second")
    both = review_of(plan, path, older)
    assert sorted(len(p.files) for item in both.questions for p in item.proposals) == [1, 2]
    assert both.counts()["conflict"] == 0
    took(plan, path)
    assert took(plan, older).proposed == 0, "what the older says was in the newer"
    assert update_text(plan).endswith("- Second")


def test_an_edit_that_a_later_file_replaced_is_told_as_such(plan: OpenPlan) -> None:
    path = write(send(plan), "Pat", f"{TEXT}\n- First")
    older = path.with_name("older.cypp-return")
    shutil.copy(path, older)
    write(path, "Pat", f"{TEXT}\n- Second")
    report = took(plan, older, path)
    assert sorted(edit.fate for edit in report.edits) == [Fate.SUPERSEDED, Fate.TAKEN]


def test_a_partner_gave_the_copy_to_a_colleague_two_files_for_one_issue(plan: OpenPlan) -> None:
    path = send(plan)
    colleague = path.with_name("colleague.cypp-return")
    shutil.copy(path, colleague)
    write(path, "Pat", f"{TEXT}\n- Pat's")
    write(colleague, "Col", TEXT.replace("More feed", "Many more feed"))
    report = took(plan, path, colleague)
    assert {edit.fate for edit in report.edits} == {COMBINED}
    assert update_text(plan) == "- Fewer smoke\n- Many more feed\n- Pat's"
    assert len(plan.editor.session.scalars(select(ReceivedFile)).all()) == 2


def test_a_return_against_an_issue_two_rounds_old(plan: OpenPlan) -> None:
    path = send(plan)
    for name in ("Autumn", "Winter"):
        add_row(plan.editor, Round, name=name)
        send(plan, round_name=name)
    answered(path)
    report = took(plan, path)
    assert [edit.fate for edit in report.edits] == [Fate.TAKEN]
    states = {line.round_name: line.state for line in board(plan)}
    assert states == {"Mid-year": "merged", "Autumn": "asked", "Winter": "asked"}


def test_what_nobody_asked_for_is_shown_and_left_out_unless_let_in(plan: OpenPlan) -> None:
    path = send(plan)
    with partner(path) as returned:
        set_field(returned.editor, returned.editor.session.scalars(select(Outcome)).one(), "title", "Theirs")
        returned.publish()
    review = review_of(plan, path)
    [item] = review.questions
    assert (item.kind, item.decision.answer, review.counts()[Kind.OUTSIDE]) == (Kind.OUTSIDE, "leave", 1)
    assert item.ours is not None and item.ours.value == "Healthy babies"
    assert [side.value for side in item.theirs] == ["Theirs"]
    report = merge(plan, review)
    assert report.counts[Fate.OUTSIDE] == 1 and report.needs_an_eye
    assert at(plan, "1/1a").title == "Healthy babies"  # type: ignore[attr-defined]
    unmerge(plan)
    review = review_of(plan, path)
    review.decide(review.questions[0], "accept")
    assert merge(plan, review).counts[Fate.TAKEN] == 1
    assert at(plan, "1/1a").title == "Theirs"  # type: ignore[attr-defined]
    assert faults(plan) == []


def test_a_field_edited_outside_the_application_is_proposed_as_an_edit(plan: OpenPlan) -> None:
    path = send(plan)
    with tampered(path) as db:
        db.execute("UPDATE \"update\" SET text = '- Typed into the database'")
    review = review_of(plan, path)
    assert [(item.altered, item.kind) for item in review.questions] == [(True, "plain")]
    report = merge(plan, review)
    assert "edited outside the application" in report.as_text()
    assert update_text(plan) == "- Typed into the database"
    assert took(plan, path).proposed == 0


# ---------------------------------------------------------------------------------- edits


def test_only_line_ends_trailing_spaces_or_unicode_form_differ(plan: OpenPlan) -> None:
    path = write(send(plan), "Pat", "- Fewer smoke  \r\n- More feed\r\n")
    write_update(plan.editor, row(plan, Update, text=TEXT), f"{TEXT}\n- Ours")
    report = took(plan, path)
    assert Fate.CONFLICT not in {edit.fate for edit in report.edits}
    assert "- Ours" in update_text(plan) and questions_of_plan(plan) == []


def test_edited_and_put_back_is_no_opinion(plan: OpenPlan) -> None:
    path = write(send(plan), "Pat", "- Something else")
    write(path, "Pat", TEXT)
    write_update(plan.editor, row(plan, Update, text=TEXT), "- Ours")
    took(plan, path)
    assert update_text(plan) == "- Ours" and questions_of_plan(plan) == []


def test_deleted_and_made_again_with_the_same_id(tmp_path: Path, plan: OpenPlan) -> None:
    plan.publish()
    copy = copy_of(tmp_path / "Our plan.cypp", "copy")
    with opened(copy, "Bea") as theirs:
        update = row(theirs, Update, text=TEXT)
        covered = list(update.measures)
        set_covered(theirs.editor, update, [])
        set_covered(theirs.editor, update, covered)
        theirs.publish()
    links = {link.id for link in row(plan, Update, text=TEXT).measure_links}
    took(plan, copy)
    assert {link.id for link in row(plan, Update, text=TEXT).measure_links} == links
    assert [q for q in questions_of_plan(plan) if q.kind == Kind.CONFLICT] == []


def test_parent_deleted_here_child_added_there(plan: OpenPlan) -> None:
    path = send(plan)
    with partner(path) as returned:
        smoking = row(returned, Measure, title="Smoking at delivery")
        add_row(returned.editor, Observation, smoking, words="better")
        returned.publish()
    delete_rows(plan.editor, [row(plan, Measure, title="Smoking at delivery")])
    review = review_of(plan, path)
    merge(plan, review)
    assert row(plan, Observation, words="better").measure.title == "Smoking at delivery"
    [kept] = [q for q in questions_of_plan(plan) if q.row_type == "measure"]
    assert kept.kind == DELETED_AND_EDITED
    decide(plan, (kept.row_type, kept.row_id), "*", "delete")
    assert plan.editor.session.scalars(select(Observation).where(Observation.words == "better")).all() == []
    assert faults(plan) == []


def test_who_listens_hears_of_a_row_that_goes_because_nothing_keeps_it_any_more(plan: OpenPlan) -> None:
    path = send(plan)
    with partner(path) as returned:
        smoking = row(returned, Measure, title="Smoking at delivery")
        add_row(returned.editor, Observation, smoking, words="better")
        returned.publish()
    measure = row(plan, Measure, title="Smoking at delivery")
    key = (measure.row_type, measure.id)
    delete_rows(plan.editor, [measure])
    merge(plan, review_of(plan, path))
    heard: list[Changed] = []
    plan.editor.listen(heard.append)
    delete_rows(plan.editor, [row(plan, Observation, words="better")])
    assert [key in changed.removed for changed in heard] == [True]
    plan.editor.undo()
    assert [key in changed.added for changed in heard] == [False, True]
    assert faults(plan) == []


@pytest.mark.parametrize("how", ["ours", "theirs"])
def test_a_row_that_one_deleted_and_another_edited_can_be_decided_in_the_review(
    tmp_path: Path, plan: OpenPlan, how: str
) -> None:
    plan.publish()
    copy = copy_of(tmp_path / "Our plan.cypp", "copy")
    with opened(copy, "Bea") as theirs:
        delete_rows(theirs.editor, [at(theirs, "1/1a/i")])
        theirs.publish()
    set_field(plan.editor, at(plan, "1/1a/i"), "title", "Still wanted")
    review = review_of(plan, copy)
    [item] = [one for one in review.questions if one.row_type == "measure"]
    assert (item.kind, item.happening) == (DELETED_AND_EDITED, "kept")
    review.decide(item, how)
    merge(plan, review)
    there = plan.editor.session.scalars(select(Measure).where(Measure.title == "Still wanted")).all()
    assert len(there) == (1 if how == "ours" else 0)
    assert [q for q in questions_of_plan(plan) if q.row_id == item.row_id] == []
    assert faults(plan) == []


def test_a_row_whose_deletion_is_wanted_goes_with_what_was_added_to_it_meanwhile(
    tmp_path: Path, plan: OpenPlan
) -> None:
    plan.publish()
    copy = copy_of(tmp_path / "Our plan.cypp", "copy")
    with opened(copy, "Bea") as theirs:
        delete_rows(theirs.editor, [at(theirs, "1/1a/i")])
        theirs.publish()
    add_row(plan.editor, Observation, at(plan, "1/1a/i"), words="better")
    review = review_of(plan, copy)
    [item] = [one for one in review.questions if one.row_type == "measure"]
    review.decide(item, "theirs")
    merge(plan, review)
    assert plan.editor.session.scalars(select(Observation).where(Observation.words == "better")).all() == []
    assert questions_of_plan(plan) == [] and faults(plan) == []


def test_a_deletion_that_is_not_wanted_brings_back_all_that_went_with_it(
    tmp_path: Path, plan: OpenPlan
) -> None:
    plan.publish()
    before = digest(plan)
    copy = copy_of(tmp_path / "Our plan.cypp", "copy")
    with opened(copy, "Bea") as theirs:
        delete_rows(theirs.editor, [at(theirs, "1/1a")])
        theirs.publish()
    review = review_of(plan, copy)
    [outcome] = [item for item in review.questions if item.row_type == "outcome"]
    review.decide(outcome, "ours")
    merge(plan, review)
    assert digest(plan) == before and faults(plan) == []
    assert took(plan, copy).proposed == 0 and digest(plan) == before


def test_a_paragraph_moved_by_one_and_edited_by_another_who_both_add_a_bullet_there(plan: OpenPlan) -> None:
    began = f"{TEXT}\n- All are well"
    write_update(plan.editor, row(plan, Update, text=TEXT), began)
    path = send(plan)
    colleague = path.with_name("colleague.cypp-return")
    shutil.copy(path, colleague)
    write(path, "Pat", "- All are well\n- Fewer smoke\n- More feed\n- Pat's")
    write(colleague, "Col", "- Fewer smoke\n- More feed\n- All are well now\n- Col's")
    report = took(plan, path, colleague)
    [question] = questions_of_plan(plan)
    assert question.kind == Kind.CONFLICT and {edit.fate for edit in report.edits} == {Fate.CONFLICT}
    assert update_text(plan) == began, "until it is decided"
    decide(plan, (question.row_type, question.row_id), "text", "both")
    assert "- Pat's" in update_text(plan) and "- Col's" in update_text(plan)
    assert questions_of_plan(plan) == [] and faults(plan) == []


def test_a_conflict_decided_then_the_57th_file_brings_a_third_value(tmp_path: Path, plan: OpenPlan) -> None:
    plan.publish()
    copies = [
        edited(
            copy_of(tmp_path / "Our plan.cypp", f"copy {n}"),
            f"Partner {n}",
            ("1/1a/i", "title", f"Title {n}"),
        )
        for n in range(3)
    ]
    review = review_of(plan, *copies[:2])
    review.decide(review.questions[0], "edit", "Decided")
    merge(plan, review)
    assert at(plan, "1/1a/i").title == "Decided" and questions_of_plan(plan) == []  # type: ignore[attr-defined]
    report = took(plan, copies[2])
    assert at(plan, "1/1a/i").title == "Decided"  # type: ignore[attr-defined]
    assert [edit.fate for edit in report.edits] == [Fate.CONFLICT]
    [question] = questions_of_plan(plan)
    assert {side.value for side in question.sides} == {"Decided", "Title 2"}


def test_ours_kept_over_a_plain_change_travels_and_merging_again_does_not_bring_it_back(
    tmp_path: Path, plan: OpenPlan
) -> None:
    plan.publish()
    theirs = edited(copy_of(tmp_path / "Our plan.cypp", "theirs"), "Bea", ("1/1a/i", "title", "Not wanted"))
    review = review_of(plan, theirs)
    review.decide(review.questions[0], "ours")
    merge(plan, review)
    assert at(plan, "1/1a/i").title == "Smoking at delivery"  # type: ignore[attr-defined]
    assert took(plan, theirs).proposed == 0
    plan.publish(take_in)
    with opened(theirs, "Bea") as bea:
        merge_files(bea, [f for f in receive([plan.target or theirs], bea) if isinstance(f, Received)])
        assert at(bea, "1/1a/i").title == "Smoking at delivery"  # type: ignore[attr-defined]
        assert questions_of_plan(bea) == []


# ---------------------------------------------------------------------------------- reviews and undoing


def test_what_changed_since_the_review_was_seen_is_not_decided_over(tmp_path: Path, plan: OpenPlan) -> None:
    plan.publish()
    theirs = edited(copy_of(tmp_path / "Our plan.cypp", "theirs"), "Bea", ("1/1a/i", "title", "Theirs"))
    review = review_of(plan, theirs)
    review.decide(review.questions[0], "theirs")
    set_field(plan.editor, at(plan, "1/1a/i"), "title", "Ours, just now")
    report = merge(plan, review)
    assert report.counts[Fate.CONFLICT] == 1 and report.open_places
    assert at(plan, "1/1a/i").title == "Ours, just now"  # type: ignore[attr-defined]


def test_a_decision_that_makes_no_sense_is_refused(tmp_path: Path, plan: OpenPlan) -> None:
    plan.publish()
    file = tmp_path / "Our plan.cypp"
    copies = [edited(copy_of(file, name), name, ("1/1a/i", "title", name)) for name in ("Bea", "Cy")]
    copies.append(edited(copy_of(file, "Di"), "Di", ("1/1a/updates/#1", "state", "agreed")))
    review = review_of(plan, *copies)
    title, status = sorted(review.questions, key=lambda item: item.field == "state")
    for how, value in (("both", None), ("theirs", None), ("edit", 7), ("confirm", None), ("paint", None)):
        with pytest.raises(UsageError):
            review.decide(title, how, value)
    with pytest.raises(UsageError, match="one of"):
        review.decide(status, "edit", "wild")
    for side in (-1, 2):
        with pytest.raises(UsageError, match="not so many sides"):
            review.decide(title, "theirs", side=side)
    review.decide(title, "theirs", side=1)
    assert title.decision.side == 1 and review.left_open == []
    assert review.accept_all_plain() == 1


def test_later_work_upon_a_merge_is_named_and_the_rest_can_be_undone(tmp_path: Path, plan: OpenPlan) -> None:
    plan.publish()
    copy = copy_of(tmp_path / "Our plan.cypp", "copy")
    with opened(copy, "Bea") as theirs:
        set_field(theirs.editor, at(theirs, "1/1a/i"), "title", "Theirs")
        set_field(theirs.editor, at(theirs, "1/1a/ii"), "title", "Theirs too")
        add_row(theirs.editor, Measure, at(theirs, "2/2a"), code="x", title="New")
        theirs.publish()
    took(plan, copy)
    set_field(plan.editor, at(plan, "1/1a/i"), "title", "Ours upon theirs")
    add_row(plan.editor, Observation, at(plan, "2/2a/x"), words="ours in theirs")
    with pytest.raises(LaterWork) as problem:
        unmerge(plan)
    assert [(one.address, one.label) for one in problem.value.blocked] == [
        ("1/1a/i", "Title"),
        ("2/2a/x", "new measure"),
    ]
    assert "1 › 1a › i, Title, by Ann" in str(problem.value)
    can = what_can_be_undone(plan)
    assert len(can.fields) == 1 and can.blocked == problem.value.blocked
    unmerge(plan, fields=can.fields)
    assert at(plan, "1/1a/ii").title == "Breastfeeding at 6-8 weeks"  # type: ignore[attr-defined]
    assert at(plan, "1/1a/i").title == "Ours upon theirs"  # type: ignore[attr-defined]
    assert at(plan, "2/2a/x").title == "New"  # type: ignore[attr-defined]
    assert faults(plan) == [] and batches(plan)[0].changes == 2


@pytest.mark.parametrize(("count", "more"), [(1, ""), (5, ""), (6, "; and 1 more"), (8, "; and 3 more")])
def test_of_much_later_work_five_places_are_named_and_the_others_counted(count: int, more: str) -> None:
    blocked = [
        BuiltUpon(("measure", str(n), "title"), None, f"1 › 1a › {n}", "Title", "Ann") for n in range(count)
    ]
    named = "; ".join(f"1 › 1a › {n}, Title, by Ann" for n in range(min(count, 5)))
    assert f"brought in: {named}{more}. Nothing was undone" in str(LaterWork(tuple(blocked)))


def test_nothing_is_merged_where_the_disk_is_full_or_the_plan_is_locked(
    plan: OpenPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = answered(send(plan))
    files: list[Any] = [one(plan, path)]
    before = digest(plan)
    plan.editor.session.rollback()
    with tampered(plan.working.path) as db:
        db.execute("BEGIN IMMEDIATE")
        monkeypatch.setattr("cypp_desktop.store.schema.now", lambda: "2018-01-01T00:00:00Z")
        plan.editor.session.connection().exec_driver_sql("PRAGMA busy_timeout=1")
        plan.editor.session.rollback()
        with pytest.raises(FileProblem, match="Another program"):
            merge_files(plan, files)
        db.execute("ROLLBACK")
    assert digest(plan) == before and faults(plan) == []
    pages = plan.editor.session.connection().exec_driver_sql("PRAGMA page_count").scalar_one()
    plan.editor.session.rollback()
    plan.editor.session.connection().exec_driver_sql(f"PRAGMA max_page_count={pages}")
    plan.editor.session.rollback()
    big = write(path, "Pat", "- " + "word " * 200_000)
    with pytest.raises(FileProblem, match="full"):
        merge_files(plan, [one(plan, big)])
    assert digest(plan) == before and faults(plan) == [] and batches(plan) == []
    plan.editor.session.connection().exec_driver_sql("PRAGMA max_page_count=1000000")
    plan.editor.session.rollback()
    assert merge_files(plan, [one(plan, big)]).proposed == 1


def test_a_full_disk_at_the_63rd_of_a_hundred_files_leaves_nothing_of_any(
    tmp_path: Path, plan: OpenPlan
) -> None:
    plan.publish()
    text = "- " + "word " * 400
    first = edited(copy_of(tmp_path / "Our plan.cypp", "copy 0"), "Partner", ("1/1a/i", "definition", text))
    files: list[Path] = []
    for number in range(100):
        files.append(first.with_name(f"copy {number}.cypp"))
        if number:
            shutil.copy(first, files[-1])
            with tampered(files[-1]) as db:  # as if each had written a text of their own
                id_ = str(uuid.uuid4())
                db.execute(
                    "UPDATE change SET id = ?, value = ? WHERE author = 'Partner'", (id_, f'"{text}{number}"')
                )
                db.execute(
                    "UPDATE measure SET definition = ? WHERE definition = ?", (f"{text}{number}", text)
                )
    received = [file for file in receive(files, plan) if isinstance(file, Received)]
    assert len(received) == 100 and not any(file.altered for file in received)
    before = digest(plan)
    connection = plan.editor.session.connection()
    pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 63}")
    plan.editor.session.rollback()
    with pytest.raises(FileProblem, match="full"):
        merge_files(plan, received)
    assert digest(plan) == before and faults(plan) == [] and batches(plan) == []
    plan.editor.session.connection().exec_driver_sql("PRAGMA max_page_count=1000000")
    plan.editor.session.rollback()
    assert merge_files(plan, received).proposed == 100
    assert faults(plan) == []


def test_a_plan_open_for_reading_only_is_not_merged_into_or_out_of(plan: OpenPlan, tmp_path: Path) -> None:
    path = answered(send(plan))
    plan.publish()
    review: Review = build_review(plan, [one(plan, path)])
    with OpenPlan.open(tmp_path / "Our plan.cypp", read_only=True, data=tmp_path / "reader") as reader:
        for work in (lambda: merge(reader, review), lambda: unmerge(reader)):
            with pytest.raises(FileProblem, match="reading only"):
                work()
