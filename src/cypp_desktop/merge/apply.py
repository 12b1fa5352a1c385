"""Makes a review so: one backup, one transaction, one step. Nothing of a batch is in the plan, or all of it.

The review is worked out again on the plan as it is when it is merged, so that nobody's edit of the meantime
is decided over unseen.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.engine import Connection

from cypp_desktop.errors import FileProblem, NotAPlan, PlanRuleBroken
from cypp_desktop.gc_pause import uncollected
from cypp_desktop.merge.decisions import Hand, decision_changes
from cypp_desktop.merge.model import UNPROVEN, Received, Refusal
from cypp_desktop.merge.question import Answer, FieldKey
from cypp_desktop.merge.questions_of_files import questions_of_files
from cypp_desktop.merge.report import MergeReport, make_report
from cypp_desktop.merge.review import Lapsed, Review
from cypp_desktop.plan.base import stored_values
from cypp_desktop.plan.dates import day_in_words
from cypp_desktop.plan.identity import derived_id
from cypp_desktop.plan.model import ReceivedFile
from cypp_desktop.plan.signs import says
from cypp_desktop.store import backups, drafts, log, schema, seal
from cypp_desktop.store.backups import BackupReason
from cypp_desktop.store.changes import CREATED, Change
from cypp_desktop.store.check import check_rows
from cypp_desktop.store.disk import connect
from cypp_desktop.store.materialise import Touched, stored_rows
from cypp_desktop.store.merge_log import has_answer, keep_report, lacks_any
from cypp_desktop.store.publish import TakenIn
from cypp_desktop.store.recorder import OpenStep, store_step
from cypp_desktop.store.schema import StepKind
from cypp_desktop.store.union import Added, add_changes

if TYPE_CHECKING:
    from cypp_desktop.store.plan_file import OpenPlan


#: Makes the decisions about what came in, by the ids of its changes; gives how many there were, and those
#: that could not be made.
Decider = Callable[[Review, Collection[str]], tuple[int, list[Lapsed]]]


def merge(plan: OpenPlan, review: Review, *, progress: Callable[[str], None] | None = None) -> MergeReport:
    """Take in what the files of a review bring, decided as it says. The plan is not published by this.

    Where the plan says something else by now than the person saw, their decision is not made and the place
    stays open: the report says so. Raises FileProblem, PlanRuleBroken; nothing has changed then.
    """

    def decide(now: Review, added: Collection[str]) -> tuple[int, list[Lapsed]]:
        return len(review.decided), [*now.carry_over(review, added), *now.leave_out()]

    merging = _Merge(review.files, review.refusals, decide, review.let_in)
    return merging.into(plan, progress or _quietly)


def merge_files(
    plan: OpenPlan,
    files: Sequence[Received],
    refusals: Sequence[Refusal] = (),
    *,
    open_ones: Answer = Answer.LEAVE,
    progress: Callable[[str], None] | None = None,
) -> MergeReport:
    """Take in files without a review before: what is open is decided by ``open_ones`` (to leave it, or ours,
    theirs or both), where it can be.

    Raises FileProblem, PlanRuleBroken; nothing has changed then.
    """

    def decide(now: Review, added: Collection[str]) -> tuple[int, list[Lapsed]]:
        return (0, []) if open_ones == Answer.LEAVE else (len(now.left_open), now.decide_all(open_ones))

    return _Merge(files, refusals, decide).into(plan, progress or _quietly)


def _quietly(words: str) -> None:
    """Tell nobody how far a merge has come."""


def planned(plan: OpenPlan, review: Review, lapsed: Sequence[Lapsed] = ()) -> MergeReport:
    """The report of what a merge would do, without doing it; ``lapsed`` are decisions that cannot be made."""
    return make_report(
        review.files,
        review.refusals,
        review.questions,
        name=name_of(review.files),
        at=schema.now(),
        author=plan.editor.author,
        open_places=[question.place.words for question in review.left_open],
        decided=len(review.decided) + len(lapsed),
        lapsed=lapsed,
    )


def name_of(files: Sequence[Received]) -> str:
    """The name of the step: "Merge 3 returned files"."""
    if len(files) == 1:
        return f"Merge {files[0].organisation or 'one'} {_noun(files, 1)}".replace("one copy", "another copy")
    return f"Merge {len(files)} {_noun(files, len(files))}"


def _noun(files: Sequence[Received], count: int) -> str:
    if any(file.kind == "copy" for file in files):
        return "copy" if count == 1 else "files"
    return "return" if count == 1 else "returned files"


@dataclass(frozen=True, slots=True)
class _Merge:
    """Files to be taken in, how what they ask is decided, and the fields that a person lets in although
    nobody asked for them.
    """

    files: Sequence[Received]
    refusals: Sequence[Refusal]
    decide: Decider
    let_in: Collection[FieldKey] = ()

    def into(self, plan: OpenPlan, tell: Callable[[str], None]) -> MergeReport:
        """Take the files in, after a backup. Raises FileProblem, PlanRuleBroken."""
        if plan.editor.read_only:
            raise FileProblem(
                "This plan is open for reading only. Save it under another name to merge into it."
            )
        to_record = [file for file in self.files if _is_to_be_recorded(plan, file, self.let_in)]
        if not to_record and all(file.is_empty for file in self.files):
            _count_from_first_receipt(plan, self.files)
            return planned(plan, Review(tuple(self.files), [], tuple(self.refusals)))
        tell("Keeping a backup")
        backups.keep_database(
            plan.working.path,
            plan.working.info().document_id,
            plan.working.data,
            BackupReason.BEFORE_MERGE,
            plan.working.fs,
        )
        tell("Merging")
        report = self.take_in(plan, name_of(self.files), to_record)
        if any(file.removals for file in self.files):
            tell("Taking out of backups what was removed for good")
            plan.follow_removals()
        return report

    @uncollected()  # around the whole of it: what it made is gone before anybody looks for garbage
    def take_in(self, plan: OpenPlan, name: str, to_record: Sequence[Received]) -> MergeReport:
        """One step: the files' changes, the decisions about them, and a note of each file ``to_record``."""
        editor = plan.editor
        editor.session.rollback()
        editor.seal()
        with editor.step(name, kind=StepKind.MERGE) as session:
            step = store_step(session)
            connection = session.connection()
            questions, added = questions_of_files(connection, self.files, batch=step.id, let_in=self.let_in)
            review = Review(tuple(self.files), questions, tuple(self.refusals))
            decided, lapsed = self.decide(review, added.changes)
            hand = Hand(author=step.author, file=step.file, at=step.at, step=step.id)
            own = decision_changes(connection, review.questions, hand)
            report = make_report(
                self.files,
                self.refusals,
                review.questions,
                name=name,
                at=step.at,
                author=step.author,
                batch=step.id,
                changes=len(added.changes),
                open_places=[question.place.words for question in review.left_open],
                decided=decided,
                lapsed=lapsed,
            )
            own += [_received(file, report, hand) for file in to_record]
            added_own = add_changes(connection, own, batch=step.id)
            log.count_from_first_receipt(connection, (each for file in self.files for each in file.earlier))
            _prove(connection, own, added, added_own)
            keep_report(connection, step.id, report.summary())
            tell_of(step, added.emptied, added.rows, added_own.rows)
            session.expire_all()
        return report


def _prove(connection: Connection, own: Sequence[Change], added: Added, added_own: Added) -> None:
    """Before it counts: every change is recorded, the rows are what their changes say, the rules hold.

    The database itself refuses a row that names one which is not there.
    """
    expected = {*added.changes, *(change.id for change in own)}
    if {*added.changes, *added_own.changes} != expected or log.known_ids(connection, expected) != expected:
        raise RuntimeError("a merge lost a change")
    states = added.rows.states | added_own.rows.states
    kept, told = stored_rows(connection, states), {k: row.stored for k, row in states.items() if row.live}
    if kept.keys() != told.keys() or not all(says(kept[key], told[key]) for key in kept):
        raise RuntimeError("a merged row is not what its changes say")
    faults = check_rows(connection, states)
    if faults:
        raise PlanRuleBroken(f"The files do not fit this plan, so nothing was merged. {faults[0]}")


# ---------------------------------------------------------------------------------- files that came back


def _is_to_be_recorded(plan: OpenPlan, file: Received, let_in: Collection[FieldKey]) -> bool:
    """Whether the plan remembers this file: it brings something, or is the first answer to what was asked.

    One that answers what was taken back, and of which nothing is let in, may be wanted another time.
    """
    if file.kind != "return":
        return False
    if file.withdrawn or not file.proven:
        brought = (*file.outside, *file.outside_altered)
        return any((change.row_type, change.row_id, change.field) in let_in for change in brought)
    if not file.is_empty:
        return True
    is_answered = has_answer(plan.editor.session.connection(), file.issue_id)
    plan.editor.session.rollback()
    return not is_answered


def _received(file: Received, report: MergeReport, hand: Hand) -> Change:
    """The creation of the row by which the plan remembers a file."""
    about = next(each for each in report.files if each["sha256"] == file.sha256)
    row = ReceivedFile(
        id=derived_id("received_file", file.issue_id or "", file.sha256),
        issued_return_id=file.issue_id,
        digest=file.sha256,
        received_at=hand.at,
        sender=file.organisation,
        report={
            "name": about["name"],
            "proposed": about["proposed"],
            "answered": about["answered"],
            "batch": hand.step,
        },
    )
    return hand.change((row.row_type, row.id), CREATED, None, stored_values(row), ())


# ---------------------------------------------------------------------------------- a copy of the plan


def take_in(plan: OpenPlan, other: Path) -> TakenIn:
    """Take in what another file of the plan holds, undecided: for a file that someone else changed.

    Raises FileProblem where it is not a sound copy of the same plan.
    """
    return take_in_looked_at(plan, look_at_other(plan, other), other)


def look_at_other(plan: OpenPlan, other: Path) -> Received:
    """The first half of :func:`take_in`, which takes most of its time; for any thread. Raises as it does."""
    from cypp_desktop.merge.gates.receiving import receive

    (received,) = receive([other], plan, plan.working.data)
    if isinstance(received, Refusal):
        raise NotAPlan(received.words)
    if received.kind != "copy":  # what a return answers is for a person to see first
        raise NotAPlan(f"“{received.name}” is a return of this plan, and not the plan itself.")
    if not received.proven:
        raise NotAPlan(f"“{received.name}” is not taken in: {UNPROVEN}.")
    return received


def take_in_looked_at(plan: OpenPlan, received: Received, other: Path) -> TakenIn:
    """The second half of :func:`take_in`, for the thread of the plan's editor."""
    new = len(received.changes)
    lacks_ours = lacks_any(other, plan.working.path, new)
    _learn_of_finishing(plan, other)
    if received.is_empty:
        _count_from_first_receipt(plan, [received])
        return TakenIn(0, 0, lacks_ours)
    received = replace(received, called=_saved_by(received))
    merging = _Merge([received], (), lambda review, added: (0, []))
    report = merging.take_in(plan, "Take in what others saved", to_record=())
    return TakenIn(report.proposed, len(report.open_places), lacks_ours)


def _saved_by(received: Received) -> str:
    """What a colleague's save of the same plan is called: nobody knows the file in which we looked at it."""
    last = max(received.brought, key=lambda change: (change.at, change.id), default=None)
    if last is None:
        return "saved by a colleague in this plan’s file"
    return f"saved by {last.author} on {day_in_words(last.at[:10])} in this plan’s file"


def _count_from_first_receipt(plan: OpenPlan, files: Iterable[Received]) -> None:
    """Where a colleague received changes from outside before us, they count from then."""
    earlier = [change for file in files for change in file.earlier]
    if earlier:
        log.count_from_first_receipt(plan.editor.session.connection(), earlier)
        plan.editor.session.commit()


def _learn_of_finishing(plan: OpenPlan, other: Path) -> None:
    """Of another copy of an open return, what stood in it when it was finished is no draft here either."""
    if plan.editor.meta(seal.KIND) != seal.RETURN:
        plan.editor.session.rollback()
        return
    with contextlib.closing(connect(other)) as db:
        steps = drafts.steps_in(db)
    drafts.add_finished_steps(plan.editor.session.connection(), steps)
    plan.editor.session.commit()


def tell_of(step: OpenStep, *unions: Touched) -> None:
    """Note in the step what was touched, so that who listens to the editor hears of it."""
    for rows in unions:
        step.added |= rows.added
        step.removed = (step.removed | rows.removed) - rows.added
        step.added -= rows.removed
        for key, names in rows.edited.items():
            if key not in step.added:
                step.edited.setdefault(key, set()).update(names)
