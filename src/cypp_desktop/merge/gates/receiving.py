"""The gates that a file passes before anything in it is believed, in their order.

A file that came back is only ever read. Each gate is a function of its own; the first that refuses says why,
the file is refused alone, and the others go on. The plan is not touched. The first gates are those of
:mod:`~cypp_desktop.merge.gates.read_through`; here are those that ask what a file has to do with this plan.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections import Counter
from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from cypp_desktop.gc_pause import uncollected
from cypp_desktop.merge.gates import changes_in
from cypp_desktop.merge.gates.altered import Told, altered_rows, retold_creations, suspect_rows
from cypp_desktop.merge.gates.claimed import Claimed, Sender
from cypp_desktop.merge.gates.quarantine import connect_copy, quarantine
from cypp_desktop.merge.gates.read_ahead import each_read_through
from cypp_desktop.merge.gates.read_through import ReadThrough, Tables, comparable
from cypp_desktop.merge.gates.refused import DAMAGED, FOREIGN, NotTaken, Unreadable, first_refusal
from cypp_desktop.merge.gates.removals_in import removals_in
from cypp_desktop.merge.gates.typed import is_id
from cypp_desktop.merge.gates.within import AskedFor, Within
from cypp_desktop.merge.model import Received, Refusal, Scope
from cypp_desktop.merge.returns import ReturnState
from cypp_desktop.plan.base import row_classes
from cypp_desktop.plan.dates import day_in_words
from cypp_desktop.store import disk, foreign_file, return_log, schema, seal
from cypp_desktop.store.changes import CREATED, DELETED, Change
from cypp_desktop.store.claims import moment
from cypp_desktop.store.log import RowKey
from cypp_desktop.store.new_file import parts_of_a_file
from cypp_desktop.store.plan_file import OpenPlan
from cypp_desktop.store.raw_rows import exact_json, reading
from cypp_desktop.store.removal import Removal
from cypp_desktop.store.secrets_of_plan import ISSUE_KEY, SECRET, proves_copy, proves_issue
from cypp_desktop.store.sqlite_queries import meta_values

#: The ReceivedFile rows whose file may be taken in again.
UNDONE = "undone"


#: Of one field, in one file: as many people as might have worked apart on copies of it.
_MOST_VERSIONS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class _Issued:
    scope: Scope
    round_id: str | None
    organisation_id: str | None
    organisation: str | None
    issued_at: str
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class _Ours:
    """What the plan knows before any file is looked at."""

    path: Path
    about: dict[str, str]
    issue_id: str | None
    issues: dict[str, _Issued]
    received: dict[str, str]


@dataclass(slots=True)
class _FileAtGates:
    """A file on its way through the gates, and what they found out about it."""

    path: Path
    ours: _Ours
    read: ReadThrough
    db: sqlite3.Connection
    seen: set[str]
    received_at: str = field(default_factory=schema.now)
    about: dict[str, str] = field(default_factory=dict)
    kind: str = "copy"
    proven: bool = False
    issue: _Issued | None = None
    sealed: bool = True
    new: list[int] = field(default_factory=list)
    changes: Sequence[Change] = ()
    elsewhere: set[str] = field(default_factory=set)
    inside: list[Change] = field(default_factory=list)
    outside: list[Change] = field(default_factory=list)
    altered: list[Change] = field(default_factory=list)
    outside_altered: list[Change] = field(default_factory=list)
    doubts: dict[RowKey, str] = field(default_factory=dict)
    earlier: list[tuple[str, str, str]] = field(default_factory=list)
    removals: tuple[Removal, ...] = ()

    @property
    def is_ours(self) -> bool:
        """Whether it is proven to be a copy of what is open, so that colleagues made what is in it."""
        return self.proven and self.kind == "copy"


def receive(paths: Sequence[Path], plan: OpenPlan, data: Path | None = None) -> list[Received | Refusal]:
    """Look at files that came back: each is received, or refused alone, in the order given.

    ``data`` is the application's data folder. Reads the plan as it is at this moment and writes nothing to
    it. Raises FileProblem where not the files but the plan or the data folder cannot be used.
    """
    with uncollected(), contextlib.closing(receive_each(paths, plan, data)) as each:
        return list(each)


def receive_each(
    paths: Sequence[Path],
    plan: OpenPlan,
    data: Path | None = None,
    while_reading: Callable[[], AbstractContextManager[object]] = contextlib.nullcontext,
) -> Generator[Received | Refusal, None, None]:
    """The same one after another, for who says how far it has come or may stop: then it is to be closed.

    The plan is read only within ``while_reading``. The files themselves, which may lie on a share that does
    not answer, are copied outside of it.
    """
    fs = plan.working.fs
    with while_reading():
        ours = _what_we_know(plan)
    seen: set[str] = set()
    with (
        disk.plain_words("Files cannot be received"),
        quarantine(data or plan.working.data, fs) as folder,
        contextlib.closing(each_read_through(paths, folder, our_tables(), fs)) as each,
    ):
        for path, (copy, said) in zip(paths, each, strict=True):
            with while_reading():
                found = _looked_into(path, copy, said, ours, seen)
            with contextlib.suppress(OSError):
                fs.remove(copy)
            yield found


def _looked_into(
    path: Path, copy: Path, read: ReadThrough, ours: _Ours, seen: set[str]
) -> Received | Refusal:
    if read.refusal is not None:
        return Refusal(path, *read.refusal)
    with contextlib.closing(connect_copy(copy)) as db:
        file = _FileAtGates(path, ours, read, db, seen)
        refusal = first_refusal(GATES, file)
        return Refusal(path, *refusal) if refusal is not None else _passed(file)


def _what_we_know(plan: OpenPlan) -> _Ours:
    with reading(plan.working.path) as db:
        sent = return_log.issued_returns(db)
        received = return_log.received_digests(db, without=UNDONE)
        about = meta_values(db, ("plan_id", seal.KIND, "issue_id", SECRET, ISSUE_KEY))
    issues = {
        each.issue_id: _Issued(
            scope=Scope.from_json(exact_json(each.scope)),
            round_id=each.round_id,
            organisation_id=each.organisation_id,
            organisation=each.organisation,
            issued_at=each.issued_at,
            withdrawn=each.status == ReturnState.WITHDRAWN,
        )
        for each in sent
    }
    issue_id = about.get("issue_id") if about.get(seal.KIND) == seal.RETURN else None
    return _Ours(plan.working.path, about, issue_id, issues, received)


@cache
def our_tables() -> Tables:
    """What a file of this version consists of."""
    return Tables(frozenset(map(comparable, parts_of_a_file())), tuple(sorted(row_classes())))


def _passed(file: _FileAtGates) -> Received:
    return Received(
        path=file.path,
        sha256=file.read.sha256,
        kind=file.kind,
        file_id=file.about["file_id"] if file.is_ours else _sender(file).name("file", file.about["file_id"]),
        issue_id=file.about.get("issue_id") if file.proven else None,
        organisation_id=file.issue.organisation_id if file.issue else None,
        organisation=file.issue.organisation if file.issue else None,
        finished_at=file.about.get("finished_at"),
        sealed=file.sealed,
        withdrawn=file.issue is not None and file.issue.withdrawn,
        proven=file.proven,
        changes=tuple(file.inside),
        outside=tuple(file.outside),
        altered=tuple(file.altered),
        outside_altered=tuple(file.outside_altered),
        doubts=file.doubts,
        earlier=tuple(file.earlier),
        removals=file.removals,
    )


def _sender(file: _FileAtGates) -> Sender:
    """Where a file from outside is from, as far as that is proven."""
    if file.issue is None:
        return Sender(received_at=file.received_at)
    return Sender(
        issue_id=file.about["issue_id"],
        organisation=file.issue.organisation,
        issued_at=file.issue.issued_at,
        received_at=file.received_at,
    )


# ------------------------------------------------------------------ the gates, in their order


def not_seen_before(file: _FileAtGates) -> None:
    """The same file is taken in once."""
    at = file.ours.received.get(file.read.sha256)
    if at is not None:
        raise NotTaken(f"This very file was taken in before{_on_day(at)}. Nothing in it is new.")
    if file.read.sha256 in file.seen:
        raise NotTaken("This very file is among the others already, perhaps under another name.")
    file.seen.add(file.read.sha256)


def of_this_plan(file: _FileAtGates) -> None:
    """It is of this plan: a return or a copy."""
    for key, value in foreign_file.said_of_itself(file.db):
        if not isinstance(key, str) or not isinstance(value, str) or "\x00" in key + value:
            raise Unreadable("value that cannot be read")
        file.about[key] = value
    if not is_id(file.about.get("plan_id")) or not is_id(file.about.get("file_id")):
        raise NotTaken(DAMAGED)
    if file.about["plan_id"] != file.ours.about["plan_id"]:
        raise NotTaken("The file is of another plan. Open that plan to take it in.")
    if "finished_at" in file.about and moment(file.about["finished_at"]) is None:
        raise Unreadable("day of finishing that no calendar has")
    file.kind = file.about.get(seal.KIND, "copy")
    if file.kind not in ("copy", seal.RETURN):
        raise NotTaken(FOREIGN)
    foreign_file.attach_plan(file.db, file.ours.path)


def of_a_known_issue(file: _FileAtGates) -> None:
    """A return answers what the plan knows to have asked, and says the same of what that was.

    Here a file shows that it is what it says; one that does not is read as a stranger's.
    """
    if file.ours.issue_id is not None:
        if file.about.get("issue_id") != file.ours.issue_id:
            raise NotTaken(
                "What is open is a return itself: only a copy of the same return is taken into it."
            )
        file.kind = "copy"
    if file.kind != seal.RETURN:
        file.proven = proves_copy(file.about, file.ours.about)
        return
    issue_id = file.about.get("issue_id", "")
    issue = file.ours.issues.get(issue_id)
    if issue is None:
        raise NotTaken(
            "The plan does not know that this return was ever sent out. It may have been sent from another "
            "copy of the plan, or its sending was undone: merge that copy first, or redo the sending."
        )
    if Scope.from_json(exact_json(file.about.get("scope", "null"))) != issue.scope:
        raise NotTaken("What the file says it was asked for is not what the plan asked for.")
    file.proven = proves_issue(file.about, file.ours.about.get(SECRET), issue_id)
    file.issue = issue if file.proven else None


def of_the_same_past(file: _FileAtGates) -> None:
    """A change that the plan has too says the same in both."""
    file.new, differs = changes_in.compared(file.db, is_return=file.kind == seal.RETURN)
    if differs:
        raise NotTaken("The file tells another past than the plan: a change that both have differs.")
    if file.is_ours:
        file.removals = removals_in(file.db)


def readable(file: _FileAtGates) -> None:
    """Every change that is new to the plan is typed, sized and made upon something."""
    file.changes, file.elsewhere = changes_in.new_changes(file.db, file.new, is_ours=file.is_ours)


def few_versions(file: _FileAtGates) -> None:
    """No field is said in more ways side by side than people would: merging holds each against each."""
    said: Counter[tuple[str, str, str]] = Counter()
    if len({(change.row_type, change.row_id, change.field) for change in file.changes}) == len(file.changes):
        return
    followed = {parent for change in file.changes for parent in change.parents}
    for change in file.changes:
        said[change.row_type, change.row_id, change.field] += change.id not in followed
    most = max(said.values(), default=0)
    if most > _MOST_VERSIONS:
        raise NotTaken(
            f"The file says one thing in {most:,} ways at once, which nobody can decide between. Ask for a "
            f"file in which at most {_MOST_VERSIONS} stand side by side."
        )


def within_scope(file: _FileAtGates) -> None:
    """What was asked is told from what was not. Nothing is refused for it."""
    file.inside, file.outside = _parted(file, file.changes)


def rows_as_told(file: _FileAtGates) -> None:
    """The rows say what their changes say; what they say instead is proposed as an edit."""
    if file.is_ours:
        keys = foreign_file.differing_rows(file.db) | {
            (change.row_type, change.row_id) for change in file.changes
        }
    elif file.read.digest is not None and file.about.get(seal.SEAL) == file.read.digest:
        keys = suspect_rows(file.db, file.changes)
    else:
        file.sealed = False
        keys = foreign_file.all_rows(file.db)
    told = Told(
        file.about["file_id"],
        file.about.get("finished_at") or file.about.get("issued_at") or "",
        changes_in.own_files(file.about),
    )
    found = altered_rows(file.db, keys, told)
    if any(change.field in (CREATED, DELETED) for change in found):
        # another row that nobody touched may be what keeps a row in or out
        found = altered_rows(file.db, foreign_file.all_rows(file.db), told)
    if not file.sealed:
        found += retold_creations(file.db, told)
    known = foreign_file.known_changes(file.db, [change.id for change in found])
    file.altered, file.outside_altered = _parted(
        file, [change for change in found if change.id not in known], beside=file.changes
    )


def as_claimed(file: _FileAtGates) -> None:
    """Of what is from outside, no more is taken than what it proposes."""
    if file.is_ours:
        file.earlier = changes_in.received_earlier(file.db)
        return
    taken = Claimed(file.db, _sender(file), file.elsewhere).taken(
        file.inside, file.outside, file.altered, file.outside_altered
    )
    file.inside, file.outside, file.altered, file.outside_altered = taken


#: These gates, in order. A refusal names the function that refused.
GATES: tuple[Callable[[_FileAtGates], None], ...] = (
    not_seen_before,
    of_this_plan,
    of_a_known_issue,
    of_the_same_past,
    readable,
    few_versions,
    within_scope,
    rows_as_told,
    as_claimed,
)


# ------------------------------------------------------------------ what they use


def _parted(
    file: _FileAtGates, changes: Sequence[Change], *, beside: Sequence[Change] = ()
) -> tuple[list[Change], list[Change]]:
    if file.is_ours or not changes:
        return list(changes), []
    if file.issue is None or file.issue.withdrawn:
        return [], list(changes)
    asked = AskedFor(file.about["issue_id"], file.issue.scope, file.issue.round_id)
    within = Within(file.db, asked, [*beside, *changes])
    parted = within.parted(changes)
    file.doubts |= within.doubts
    return parted


def _on_day(moment: str) -> str:
    return f" on {day_in_words(moment[:10])}" if moment else ""
