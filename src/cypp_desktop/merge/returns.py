"""The board of returns: what was asked of whom, what has come back, what is late, and what is still missing.

All of this is worked out from the plan. What was asked by mistake can be taken back.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cypp_desktop.errors import PlanRuleBroken
from cypp_desktop.merge.model import Received, Scope
from cypp_desktop.plan.answered import counted_and_done
from cypp_desktop.plan.dates import day_in_words
from cypp_desktop.plan.marking import marked
from cypp_desktop.plan.model import IssuedReturn
from cypp_desktop.plan.outline import read_marking, written_measures
from cypp_desktop.plan.row_names import label, whole_code
from cypp_desktop.store import return_log
from cypp_desktop.store.plan_file import OpenPlan
from cypp_desktop.store.raw_rows import reading
from cypp_desktop.store.return_log import Came
from cypp_desktop.store.sqlite_queries import meta_values

_MOST_LISTED = 40


class ReturnState(StrEnum):
    """How it stands with a return that was sent out. The plan stores some of these words."""

    ASKED = "asked"
    #: Somebody has begun to write in it.
    OPENED = "opened"
    #: It came back and is not in the plan yet.
    RETURNED = "returned"
    #: It came back, and nothing of what was asked was filled in: it is still to be answered.
    EMPTY = "came back empty"
    #: It is past its day and has not come back.
    LATE = "late"
    MERGED = "merged"
    #: It was asked by mistake.
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Missing:
    """A measure of which nothing is said yet for the round, under its code as printed: "1a iv", "2/3 iv"."""

    measure_id: str
    code: str | None
    title: str

    @property
    def words(self) -> str:
        return label(self.code, self.title)


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueLine:
    """One return that was sent out.

    ``is_opened`` says whether somebody is known to have written in it without finishing it; a late one may
    be opened too. ``found_at`` is the path of a finished file that lies where it was put. Moments are ISO
    8601, days YYYY-MM-DD. ``measures`` counts those asked for that are still in the plan.
    """

    issue_id: str
    organisation_id: str | None
    organisation: str
    round_name: str | None
    issued_at: str
    issued_by: str | None
    due: str | None
    state: ReturnState
    received_at: str | None
    measures: int
    missing: tuple[Missing, ...]
    is_opened: bool = False
    found_at: str | None = None

    @property
    def is_withdrawn(self) -> bool:
        """Whether it was asked by mistake, and nobody waits for it."""
        return self.state == ReturnState.WITHDRAWN


@dataclass(frozen=True, slots=True)
class AnswerProgress:
    """How much of what a return asks for has been answered."""

    done: int
    asked: int

    @property
    def words(self) -> str:
        return f"{self.done} of {self.asked} done"


def board(
    plan: OpenPlan,
    received: Iterable[Received] = (),
    *,
    found: Iterable[Received] = (),
    today: date | None = None,
) -> list[IssueLine]:
    """Every return sent out, the last first. ``received`` are files that are here but not merged yet; those
    of which the merge was undone are remembered by the plan. ``found`` are files where they were put, as a
    :class:`~cypp_desktop.merge.sent_out.Lookout` finds them: finished ones are as good as here.
    """
    here, finished = list(received), [file for file in found if file.finished_at]
    whereabouts = _Whereabouts(
        filled={file.issue_id for file in (*here, *finished) if not file.is_empty},
        empty={file.issue_id for file in (*here, *finished) if file.is_empty},
        opened={file.issue_id for file in found if not file.finished_at},
        finished={file.issue_id: str(file.path) for file in finished},
    )
    day = (today or date.today()).isoformat()
    with reading(plan.working.path) as db:
        measures = _measures(db)
        merged, came = return_log.files_in_plan(db), _ever_came(db)
        written: dict[str | None, set[str]] = {}
        lines = []
        for sent in return_log.issued_returns(db):
            if sent.round_id not in written:
                written[sent.round_id] = written_measures(db, sent.round_id)
            in_scope = Scope.from_json(json.loads(sent.scope)).measures
            asked = [each for each in measures if each.measure_id in in_scope]
            in_plan, last = merged.get(sent.issue_id), came.get(sent.issue_id)
            latest = in_plan or last
            line = IssueLine(
                issue_id=sent.issue_id,
                organisation_id=sent.organisation_id,
                organisation=sent.organisation or "",
                round_name=sent.round_name,
                issued_at=sent.issued_at,
                issued_by=sent.issued_by,
                due=sent.due,
                state=whereabouts.state_of(sent, in_plan, last, day),
                received_at=latest.at if latest is not None else None,
                measures=len(asked),
                missing=tuple(each for each in asked if each.measure_id not in written[sent.round_id]),
                is_opened=sent.issue_id in whereabouts.opened,
                found_at=whereabouts.finished.get(sent.issue_id),
            )
            lines.append(line)
    return lines


@dataclass(frozen=True, slots=True, kw_only=True)
class _Whereabouts:
    """Of returns, by the ids of their issues: those of which a file is here in which something was filled in,
    or nothing; those that somebody has begun, and the paths of those that are finished where they
    lie.
    """

    filled: Collection[str | None]
    empty: Collection[str | None]
    opened: Collection[str | None]
    finished: Mapping[str | None, str]

    def state_of(
        self, sent: return_log.Issued, merged: Came | None, came: Came | None, day: str
    ) -> ReturnState:
        """How it stands with a return on a day, YYYY-MM-DD. ``merged`` tells of the files of which the plan
        holds what they brought, ``came`` of those that ever came, also where the merge was undone.
        """
        if sent.status == ReturnState.WITHDRAWN:
            return ReturnState.WITHDRAWN
        if merged is not None and merged.is_answer:
            return ReturnState.MERGED
        if (came is not None and came.is_answer) or sent.issue_id in self.filled:
            return ReturnState.RETURNED
        if came is not None or merged is not None or sent.issue_id in self.empty:
            return ReturnState.EMPTY
        if sent.due and sent.due < day:
            return ReturnState.LATE
        return ReturnState.OPENED if sent.issue_id in self.opened else ReturnState.ASKED


def _measures(db: sqlite3.Connection) -> list[Missing]:
    """Every measure in the plan's order; the code of its outcome goes before its own."""
    found = []
    for each in return_log.measures_with_codes(db):
        code = label(whole_code(each.priority_code, each.outcome_code), each.code)
        found.append(Missing(each.measure_id, code or None, each.title))
    return found


def _ever_came(db: sqlite3.Connection) -> dict[str, Came]:
    """The files that ever came, by the return that they answer: also those of which the merge was undone."""
    found = return_log.files_taken_out(db)
    for at, report in return_log.reports_of_merges(db):
        for file in report.get("files", ()):
            if file.get("issue_id"):
                before = found.get(file["issue_id"], return_log.NOT_COME)
                is_answer = before.is_answer or not return_log.came_back_empty(file)
                found[file["issue_id"]] = Came(max(at, before.at), is_answer)
    return found


# ---------------------------------------------------------------------------------- asked by mistake


def take_back(plan: OpenPlan, issue_ids: Iterable[str]) -> None:
    """Say of returns that they were sent by mistake, as one step: nobody is reminded of them, and what comes
    back nonetheless is outside what was asked. Raises PlanRuleBroken where one has been merged.
    """
    _ask(plan, issue_ids, ReturnState.WITHDRAWN, "Take back {}")


def ask_again(plan: OpenPlan, issue_ids: Iterable[str]) -> None:
    """Say of returns taken back that they are asked for after all, as one step."""
    _ask(plan, issue_ids, ReturnState.ASKED, "Ask again for {}")


def _ask(plan: OpenPlan, issue_ids: Iterable[str], status: ReturnState, name: str) -> None:
    """Give returns another status in a step of this name, in which ``{}`` stands for what they are."""
    wanted = set(issue_ids)
    lines = [line for line in board(plan) if line.issue_id in wanted]
    merged = [line.organisation for line in lines if line.state == ReturnState.MERGED]
    if merged:
        raise PlanRuleBroken(
            f"What {', '.join(merged)} sent back is in the plan, so it is too late to take back what was "
            "asked. Undo the merge first."
        )
    taking_back = status == ReturnState.WITHDRAWN
    changing = [line for line in lines if line.is_withdrawn != taking_back]
    if not changing:
        return
    what = f"{len(changing)} returns"
    if len(changing) == 1:
        what = f"the return sent to {changing[0].organisation}"
    rows = (plan.editor.find(IssuedReturn, line.issue_id) for line in changing)
    with plan.editor.step(name.format(what)):
        for row in filter(None, rows):
            row.status = status.value


def progress(plan: OpenPlan) -> AnswerProgress:
    """How far a partner has come in a return that is open: of the rows that count, those answered."""
    with reading(plan.working.path) as db:
        about = meta_values(db, ("scope", "round_id"))
        scope = Scope.from_json(json.loads(about["scope"])) if "scope" in about else Scope()
        counted, done = counted_and_done(
            db, scope.measures, scope.outcomes, scope.actions, about.get("round_id")
        )
        return AnswerProgress(len(done), len(counted))


def reminder(plan: OpenPlan, line: IssueLine, *, today: date | None = None) -> str:
    """A reminder in plain English, to print or to paste into a letter."""
    with reading(plan.working.path) as db:
        title, marking = return_log.plan_title(db), read_marking(db)
    about = f"{title}, {line.round_name}" if line.round_name else title
    late = bool(line.due) and str(line.due) < (today or date.today()).isoformat()
    parts = [
        f"To {line.organisation}",
        marked(marking, f"{'Your return is late' if late else 'A reminder'}: {about}"),
        f"On {day_in_words(line.issued_at[:10])} we sent you a file to fill in. "
        + _how_it_stands(line, late=late),
    ]
    if line.missing:
        listed = [f"- {one.words}" for one in line.missing[:_MOST_LISTED]]
        left = len(line.missing) - len(listed)
        listed += [f"- and {left} more"] if left else []
        of_what = f"{len(line.missing)} of {line.measures} measures" if line.measures > 1 else "this measure"
        parts.append("\n".join([f"We have no update yet for {of_what}:", *listed]))
    parts += [
        "Open the file in CYPP Desktop, fill in what is asked, choose Finish and save for return, and send "
        "the file back to us. If you have sent it already, please tell us.",
        f"Thank you\n{line.issued_by or ''}".rstrip(),
    ]
    return "\n\n".join(parts) + "\n"


def _how_it_stands(line: IssueLine, *, late: bool) -> str:
    """What a reminder says of the file itself."""
    if line.state != ReturnState.EMPTY:
        return _due_words(line.due, late=late)
    came = f" on {day_in_words(line.received_at[:10])}" if line.received_at else ""
    due = (
        f"{'was due' if late else 'is due'} back by {day_in_words(line.due)}"
        if line.due
        else "is still wanted"
    )
    return f"It came back{came} with nothing filled in. Your answer {due}."


def _due_words(due: str | None, *, late: bool) -> str:
    if not due:
        return "It has not come back to us yet."
    if late:
        return f"It was due back by {day_in_words(due)} and has not come back to us yet."
    return f"Please send it back by {day_in_words(due)}."
