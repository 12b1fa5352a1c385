"""The review of returned files: what they ask, what a person decides about it. Nothing is written here.

The plan is asked what it would say with all the files in it, in a transaction that is rolled back. A
decision is only noted; :mod:`cypp_desktop.merge.apply` makes it so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from cypp_desktop.errors import UsageError
from cypp_desktop.gc_pause import uncollected
from cypp_desktop.merge.question import (
    Answer,
    Decision,
    FieldKey,
    Happening,
    Kind,
    Question,
    Side,
    check_decision,
    chosen_side,
    deletes_row,
)
from cypp_desktop.merge.questions_of_files import questions_of_files
from cypp_desktop.store import liveness
from cypp_desktop.store.changes import CREATED
from cypp_desktop.store.log import RowKey
from cypp_desktop.store.trial import trying_out

if TYPE_CHECKING:
    from cypp_desktop.merge.model import Received, Refusal
    from cypp_desktop.store.plan_file import OpenPlan

#: Why a decision is not made.
SAYS_ELSE: Final = "the plan or the files say something else by now"
NOTHING_LEFT: Final = "nothing is proposed here any more"
NO_PLACE: Final = "the plan has no place for it"
NOT_SO: Final = "it cannot be decided so"


@dataclass(frozen=True, slots=True)
class Lapsed:
    """A decision that was not made: ``question`` as it was when it was decided, and ``why`` in plain words.

    ``again`` says whether there still is something to decide.
    """

    question: Question
    decision: Decision
    why: str
    again: bool


@dataclass(slots=True)
class Review:
    """Everything that some files bring, question by question in the plan's order, and what was decided so
    far.
    """

    files: tuple[Received, ...]
    questions: list[Question]
    refusals: tuple[Refusal, ...] = ()
    _by_key: dict[tuple[bool, FieldKey], Question] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for question in self.questions:
            self._by_key[question.kind == Kind.OUTSIDE, question.key] = question

    # ------------------------------------------------------------------ counting

    @property
    def proposed(self) -> int:
        """How many edits the files propose in all."""
        return sum(self.counts().values())

    def counts(self) -> dict[Kind, int]:
        """The proposed edits by kind of question; they add up to :attr:`proposed`."""
        found = dict.fromkeys(Kind, 0)
        for question in self.questions:
            found[question.kind] += sum(len(each.proposals) for each in question.whole)
        return found

    def questions_by_kind(self) -> dict[Kind, int]:
        """How many questions there are of each kind, as a list of them shows."""
        found = Counter(question.kind for question in self.questions)
        return {kind: found[kind] for kind in Kind}

    @property
    def left_open(self) -> list[Question]:
        """The questions that a person should still decide."""
        return [question for question in self.questions if question.is_left_open]

    @property
    def decided(self) -> list[Question]:
        """The questions that a person decided, and let not only go what goes by itself."""
        return [question for question in self.questions if question.is_decided]

    @property
    def let_in(self) -> frozenset[FieldKey]:
        """The fields whose changes a person lets in although nobody asked for them."""
        let_in = (question.whole for question in self.questions if question.is_let_in)
        return frozenset(each.key for whole in let_in for each in whole)

    # ------------------------------------------------------------------ deciding

    def find(self, row_type: str, row_id: str, name: str, *, outside: bool = False) -> Question | None:
        """The question about a field (``*``: about the row), if there is one."""
        return self._by_key.get((outside, (row_type, row_id, name)))

    def accept_all_plain(self) -> int:
        """Take everything that is no conflict; gives how many questions that are. What was decided stays."""
        plain = [question for question in self.questions if question.kind in (Kind.PLAIN, Kind.COMBINED)]
        for question in plain:
            if question.decision.answer == Answer.LEAVE:
                question.decision = Decision(Answer.ACCEPT)
        return len(plain)

    def decide(
        self, question: Question, answer: Answer, value: Any = None, *, side: int | None = None
    ) -> None:
        """Note a decision: see :class:`Decision`. Raises UsageError where it cannot be decided so."""
        decision = Decision(answer, value, side)
        check_decision(question, decision)
        question.decision = decision
        if question.is_row:
            self._note_what_goes()

    def _note_what_goes(self) -> None:
        """Have every question know whether its row goes, or stays, by what is decided about others."""
        deleting = [question for question in self.questions if _deletes(question)]
        going = {row for question in deleting for row in (question.row, *question.along)}
        waiting = deleting
        while waiting:  # what a row names that stays, stays
            staying = [each for each in waiting if not going.issuperset(each.named_by)]
            if not staying:
                break
            going.difference_update(row for each in staying for row in (each.row, *each.along))
            waiting = [each for each in waiting if each.row in going]
        kept = _named_by_kept(self.questions)
        along = {row for question in waiting for row in question.along}
        of_fields = {question.row for question in waiting} | along
        for question in self.questions:
            question.stays_anyway = (
                question.row in kept
                if question.decision.answer == Answer.ACCEPT
                else question.row not in going
            )
            question.goes_anyway = question.row in (along if question.is_row else of_fields)

    def decide_all(self, answer: Answer) -> list[Lapsed]:
        """Decide every open question so; gives those that cannot be, which stay open."""
        not_so: list[Lapsed] = []
        for question in self.left_open:
            try:
                self.decide(question, answer)
            except UsageError:
                not_so.append(Lapsed(question, Decision(answer), NOT_SO, again=True))
        return not_so

    def leave_out(self) -> list[Lapsed]:
        """What nobody asked for and a person let in, where it did not come in: it stays out."""
        lapsed: list[Lapsed] = []
        for question in self.questions:
            if question.is_let_in:
                lapsed.append(Lapsed(question, question.decision, NO_PLACE, again=False))
                question.decision = Decision(Answer.LEAVE)
        return lapsed

    # ------------------------------------------------------------------ the same plan, reviewed before

    def carry_over(self, earlier: Review, let_in: Collection[str] = ()) -> list[Lapsed]:
        """Take over the decisions of an earlier review of the same plan; gives those that were not taken
        over, because there is something else to decide by now, or nothing.

        ``let_in`` are the ids of changes that came in although nobody asked for them: that was decided.
        """
        lapsed: list[Lapsed] = []
        let_in_by_row = earlier._let_in_by_row()
        for was in earlier.questions:
            if was.decision == was.default_decision:
                continue
            now = self.find(*was.key, outside=was.kind == Kind.OUTSIDE) or self._out_of_row(was)
            beside = let_in_by_row.get(was.row, ())
            decision = _still_meant(now, was, beside) if now is not None else None
            if now is not None and decision is not None:
                now.decision = decision
            elif was.is_decided and not (was.is_let_in and _brought(was).issubset(let_in)):
                why = NOTHING_LEFT if now is None else SAYS_ELSE
                lapsed.append(Lapsed(was, was.decision, why, again=now is not None))
        self._note_what_goes()
        return lapsed

    def _let_in_by_row(self) -> dict[RowKey, list[Question]]:
        """The questions of which a person lets in what nobody asked for, by row."""
        found: dict[RowKey, list[Question]] = {}
        for question in self.questions:
            if question.is_let_in:
                found.setdefault(question.row, []).append(question)
        return found

    def _out_of_row(self, was: Question) -> Question | None:
        """The question about a field that is by now part of the one about its row: a deletion of that was
        let in.
        """
        if was.kind == Kind.OUTSIDE or was.is_row:
            return None
        whole = next((each for each in self.questions if _is_part(was.row, each)), None)
        row = next((each for each in whole.whole if each.row == was.row), None) if whole is not None else None
        if whole is None or row is None or row.value is None:
            return None
        seen = {id_ for id_, _ in was.heads}
        now = {each.change for each in row.proposals if each.field == was.field and each.is_head}
        if not seen.issuperset(now) or not set(row.heads).issuperset(was.heads):
            return None
        question = replace(was, proposals=())
        self.questions.insert(self.questions.index(whole) + 1, question)
        self._by_key[False, question.key] = question
        return question


def build_review(plan: OpenPlan, received: Sequence[Received], refusals: Iterable[Refusal] = ()) -> Review:
    """What these files ask of a plan. Writes nothing; may be called from any thread."""
    with uncollected(), plan.engine.connect() as connection, trying_out(connection):
        questions, _ = questions_of_files(connection, received, batch="")
    return Review(tuple(received), questions, tuple(refusals))


def _is_part(row: RowKey, question: Question) -> bool:
    """Whether a row comes, goes or stays with what a question is about."""
    return question.field == CREATED and any(each.row == row for each in question.whole)


def _named_by_kept(questions: Iterable[Question]) -> set[RowKey]:
    """The rows that stay because a person keeps another that somebody deleted, and that names them."""
    found: set[RowKey] = set()
    for question in questions:
        decided = question.decision.answer not in (Answer.ACCEPT, Answer.LEAVE)
        if question.happening == Happening.DELETED and decided and not _deletes(question) and question.was:
            for reference in liveness.references(question.row_type):
                if question.was.get(reference.column):
                    found.add((reference.target, question.was[reference.column]))
    return found


def _deletes(question: Question) -> bool:
    """Whether a person deletes a row, or leaves it out."""
    decided = question.decision.answer not in (Answer.ACCEPT, Answer.LEAVE)
    return (
        question.is_row
        and question.kind != Kind.OUTSIDE
        and decided
        and deletes_row(question, question.decision)
    )


def _still_meant(now: Question, was: Question, let_in: Iterable[Question]) -> Decision | None:
    """What was decided about a question in an earlier review; None where the person had not seen all that is
    there now. ``let_in`` is what nobody had asked for about the same row and was let in: that was seen too.
    """
    if now.kind == Kind.OUTSIDE:
        return was.decision if _brought(now) <= _brought(was) else None
    if now.heads == was.heads and now.kind == was.kind and now.theirs == was.theirs:
        return was.decision
    seen: set[str] = set()
    for question in let_in:
        if was.is_row or question.field == was.field:
            seen |= _brought(question)
    if not all(head in was.heads or head[0] in seen for head in now.heads):
        return None
    decision = was.decision
    try:
        if decision.answer == Answer.THEIRS and was.kind != Kind.DELETED_AND_EDITED:
            decision = Decision(Answer.THEIRS, side=_same_side(now, chosen_side(was, decision)))
        check_decision(now, decision)
    except (UsageError, ValueError):
        return None
    return decision


def _same_side(question: Question, chosen: Side) -> int:
    """Which side of a question says what another review showed as ``chosen``. Raises ValueError."""
    for number, side in enumerate(question.theirs):
        if not set(side.changes) >= set(chosen.changes):
            continue
        if question.is_row:
            says_the_same = (side.value is None) == (chosen.value is None)
        else:
            says_the_same = side.value == chosen.value
        if says_the_same:
            return number
    raise ValueError("no side says that")


def _brought(question: Question) -> set[str]:
    """The ids of the changes that others bring."""
    return {id_ for each in question.whole for side in each.theirs for id_ in side.changes}
