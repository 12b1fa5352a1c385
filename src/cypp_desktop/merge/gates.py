"""The gates that a file passes before anything in it is believed, in their order.

A file that came back is only ever read. Each gate is a function of its own; the first that refuses says why,
the file is refused alone, and the others go on. The plan is not touched.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cypp_desktop.garbage import uncollected
from cypp_desktop.merge import changes_in
from cypp_desktop.merge.altered import (
    Told,
    Unreadable,
    all_rows,
    altered_rows,
    differing_rows,
    retold_creations,
    suspect_rows,
)
from cypp_desktop.merge.asking import reading
from cypp_desktop.merge.model import Received, Refusal, Scope
from cypp_desktop.merge.quarantine import NotTaken, quarantine, take_copy
from cypp_desktop.merge.raw import exact_json
from cypp_desktop.merge.returns import WITHDRAWN
from cypp_desktop.merge.tables import are_ours
from cypp_desktop.merge.typed import is_id, text_fault
from cypp_desktop.merge.within import Within
from cypp_desktop.plan.dates import day_in_words
from cypp_desktop.store import disk, seal
from cypp_desktop.store.changes import CREATED, DELETED, Change
from cypp_desktop.store.files import APPLICATION_ID, CURRENT_VERSION, companions
from cypp_desktop.store.plan_file import OpenPlan

#: How long SQLite may work on one file, in seconds.
PATIENCE = 20.0
#: The longest thing that SQLite may hand out of one file, in bytes: a row with several of the longest values.
_LONGEST_ROW = 8_000_000
_STEPS_BETWEEN_LOOKS = 100_000
_MAGIC = b"SQLite format 3\x00"
_DAMAGED = "The file is damaged. Ask for it to be sent again."
_FOREIGN = "The file is not a return or a plan of this application."
#: The ReceivedFile rows whose file may be taken in again.
UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class _Issued:
    scope: Scope
    round_id: str | None
    organisation_id: str | None
    organisation: str | None
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class _Ours:
    """What the plan knows before any file is looked at."""

    path: Path
    plan_id: str
    issue_id: str | None
    issues: dict[str, _Issued]
    received: dict[str, str]


@dataclass(slots=True)
class _File:
    """A file on its way through the gates, and what they found out about it."""

    path: Path
    copy: Path
    ours: _Ours
    fs: disk.FileSystem
    seen: set[str]
    sha256: str = ""
    db: sqlite3.Connection = field(default_factory=lambda: sqlite3.connect(":memory:"))
    about: dict[str, str] = field(default_factory=dict)
    kind: str = "copy"
    issue: _Issued | None = None
    sealed: bool = True
    new: list[int] = field(default_factory=list)
    changes: tuple[Change, ...] = ()
    inside: list[Change] = field(default_factory=list)
    outside: list[Change] = field(default_factory=list)
    altered: list[Change] = field(default_factory=list)
    outside_altered: list[Change] = field(default_factory=list)


def receive(paths: Sequence[Path], plan: OpenPlan, data: Path | None = None) -> list[Received | Refusal]:
    """Look at files that came back: each is received, or refused alone, in the order given.

    ``data`` is the application's data folder. Reads the plan as it is at this moment and writes nothing to
    it. Raises FileProblem where not the files but the plan or the data folder cannot be used.
    """
    fs = plan.working.fs
    ours = _what_we_know(plan)
    seen: set[str] = set()
    with (
        uncollected(),
        disk.plain_words("Files cannot be received"),
        quarantine(data or plan.working.data, fs) as folder,
    ):
        return [
            _received(_File(path, folder / f"{number}.cypp", ours, fs, seen))
            for number, path in enumerate(paths)
        ]


def _what_we_know(plan: OpenPlan) -> _Ours:
    with reading(plan) as db:
        issues = {
            id_: _Issued(
                Scope.from_json(exact_json(scope)), round_id, organisation_id, name, status == WITHDRAWN
            )
            for id_, scope, round_id, organisation_id, name, status in db.execute(
                "SELECT i.id, i.scope, i.round_id, i.organisation_id, o.name, i.status FROM issued_return i"
                " LEFT JOIN organisation o ON o.id = i.organisation_id"
            )
        }
        received = dict(
            db.execute("SELECT digest, received_at FROM received_file WHERE outcome <> ?", (UNDONE,))
        )
        about = dict(db.execute("SELECT key, value FROM meta WHERE key IN ('plan_id', 'kind', 'issue_id')"))
    issue_id = about.get("issue_id") if about.get(seal.KIND) == seal.RETURN else None
    return _Ours(plan.working.path, about["plan_id"], issue_id, issues, received)


def _received(file: _File) -> Received | Refusal:
    name = ""
    try:
        for gate in GATES:
            name = gate.__name__
            gate(file)
        return _passed(file)
    except (NotTaken, Unreadable) as problem:
        said = str(problem)
        return Refusal(file.path, name, said if isinstance(problem, NotTaken) else _unreadable(said))
    except sqlite3.Error as problem:
        return Refusal(file.path, name, _sqlite_words(problem))
    except OSError as problem:
        return Refusal(file.path, name, f"The file cannot be read: {disk.reason(problem)}.")
    except (ValueError, TypeError, KeyError, RecursionError, MemoryError):
        return Refusal(file.path, name, _unreadable("value that cannot be read"))
    finally:
        file.db.close()
        with contextlib.suppress(OSError):
            file.fs.remove(file.copy)


def _unreadable(what: str) -> str:
    return f"The file holds a {what}, so nothing of it was taken in. Ask for it to be sent again."


def _sqlite_words(problem: sqlite3.Error) -> str:
    code = getattr(problem, "sqlite_errorcode", None)
    code = code & 0xFF if isinstance(code, int) else None
    if code == sqlite3.SQLITE_INTERRUPT:
        return "It would take too long to read the file through, so nothing of it was taken in."
    if code == sqlite3.SQLITE_TOOBIG or isinstance(problem, sqlite3.DataError):
        return _unreadable("value far too long")
    if code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_NOMEM):
        return f"The file cannot be read: {disk.reason(problem)}."
    return _DAMAGED


def _passed(file: _File) -> Received:
    return Received(
        path=file.path,
        sha256=file.sha256,
        kind=file.kind,
        file_id=file.about["file_id"],
        issue_id=file.about.get("issue_id"),
        organisation_id=file.issue.organisation_id if file.issue else None,
        organisation=file.issue.organisation if file.issue else None,
        finished_at=file.about.get("finished_at"),
        sealed=file.sealed,
        withdrawn=file.issue is not None and file.issue.withdrawn,
        changes=tuple(file.inside),
        outside=tuple(file.outside),
        altered=tuple(file.altered),
        outside_altered=tuple(file.outside_altered),
    )


# ------------------------------------------------------------------ the gates, in their order


def copied(file: _File) -> None:
    """A copy of our own is looked at, of a file that is there, is a file and is not too large."""
    file.sha256 = take_copy(file.path, file.copy, file.fs)


def alone(file: _File) -> None:
    """Nothing beside the file says that a part of it was left behind."""
    if beside := companions(file.path, file.fs):
        raise NotTaken(
            f"Beside the file lies another that ends in “{beside[0]}”: a program did not finish writing it, "
            "and part of what it holds is there. Open it in CYPP Desktop, save it, and send it again."
        )


def not_seen_before(file: _File) -> None:
    """The same file is taken in once."""
    at = file.ours.received.get(file.sha256)
    if at is not None:
        raise NotTaken(f"This very file was taken in before{_on_day(at)}. Nothing in it is new.")
    if file.sha256 in file.seen:
        raise NotTaken("This very file is among the others already, perhaps under another name.")
    file.seen.add(file.sha256)


def opened(file: _File) -> None:
    """It is a file of this application, whole as far as its header tells, of this version."""
    with file.copy.open("rb") as copy:
        header = copy.read(100)
    if not any(header):
        raise NotTaken(
            "There is nothing in the file. If it is in a cloud folder, it may not have been downloaded yet."
        )
    if not header.startswith(_MAGIC) or _number(header, 68) != APPLICATION_ID:
        raise NotTaken(_FOREIGN)
    if header[18] != 1 or header[19] != 1:
        raise NotTaken(
            "Another program left the file in a state in which part of what it holds is in a second file "
            "beside it. Open it in CYPP Desktop, save it, and send it again."
        )
    size = file.copy.stat().st_size
    if size != _promised_size(header):
        missing = ": its end is missing" if size < _promised_size(header) else ""
        raise NotTaken(f"The file is damaged{missing}. Ask for it to be sent again.")
    version = _number(header, 60)
    if version // 1000 > CURRENT_VERSION // 1000 or version > CURRENT_VERSION:
        raise NotTaken(
            "The file was saved by a later version of CYPP Desktop. Install that version to take it in."
        )
    if version != CURRENT_VERSION:
        raise NotTaken(
            "The file was saved by an earlier version of CYPP Desktop. Open it in this version, save it, and "
            "take it in again."
        )
    file.db.close()
    file.db = _connect(file.copy)


def schema_is_ours(file: _File) -> None:
    """Its tables are ours to the letter: no view, trigger or virtual table stands where one is read."""
    (encoding,) = file.db.execute("PRAGMA encoding").fetchone()
    found = file.db.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema LIMIT 1000").fetchall()
    if encoding != "UTF-8" or not are_ours(found):
        raise NotTaken(
            "The file has been rebuilt by another program: its tables are not those of a return. Ask for the "
            "changes in a copy made by CYPP Desktop."
        )


def whole(file: _File) -> None:
    """SQLite finds no damage in it."""
    if file.db.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
        raise NotTaken(_DAMAGED)


def of_this_plan(file: _File) -> None:
    """It is of this plan: a return or a copy."""
    for key, value in file.db.execute("SELECT key, value FROM meta LIMIT 100"):
        if not isinstance(key, str) or not isinstance(value, str) or "\x00" in key + value:
            raise Unreadable("value that cannot be read")
        file.about[key] = value
    if not is_id(file.about.get("plan_id")) or not is_id(file.about.get("file_id")):
        raise NotTaken(_DAMAGED)
    if file.about["plan_id"] != file.ours.plan_id:
        raise NotTaken("The file is of another plan. Open that plan to take it in.")
    if text_fault(file.about.get("finished_at", "")) or len(file.about.get("finished_at", "")) > 40:
        raise Unreadable("value that cannot be read")
    file.kind = file.about.get(seal.KIND, "copy")
    if file.kind not in ("copy", seal.RETURN):
        raise NotTaken(_FOREIGN)
    file.db.execute("ATTACH ? AS ours", (disk.uri(file.ours.path),))


def of_a_known_issue(file: _File) -> None:
    """A return answers what the plan knows to have asked, and says the same of what that was."""
    if file.ours.issue_id is not None:
        if file.about.get("issue_id") != file.ours.issue_id:
            raise NotTaken(
                "What is open is a return itself: only a copy of the same return is taken into it."
            )
        file.kind = "copy"
    if file.kind != seal.RETURN:
        return
    file.issue = file.ours.issues.get(file.about.get("issue_id", ""))
    if file.issue is None:
        raise NotTaken(
            "The plan does not know that this return was ever sent out. It may have been sent from another "
            "copy of the plan, or its sending was undone: merge that copy first, or redo the sending."
        )
    if Scope.from_json(exact_json(file.about.get("scope", "null"))) != file.issue.scope:
        raise NotTaken("What the file says it was asked for is not what the plan asked for.")


def of_the_same_past(file: _File) -> None:
    """A change that the plan has too says the same in both."""
    file.new, differs = changes_in.compared(file.db, is_return=file.kind == seal.RETURN)
    if differs:
        raise NotTaken("The file tells another past than the plan: a change that both have differs.")


def readable(file: _File) -> None:
    """Every change that is new to the plan is typed, sized and made upon something."""
    file.changes = changes_in.new_changes(file.db, file.new)


def within_scope(file: _File) -> None:
    """What was asked is told from what was not. Nothing is refused for it."""
    file.inside, file.outside = _parted(file, file.changes)


def rows_as_told(file: _File) -> None:
    """The rows say what their changes say; what they say instead is proposed as an edit."""
    if file.kind != seal.RETURN:
        keys = differing_rows(file.db) | {(change.row_type, change.row_id) for change in file.changes}
    elif file.about.get(seal.SEAL) == seal.seal_of(file.db):
        keys = suspect_rows(file.db, file.changes)
    else:
        file.sealed = False
        keys = all_rows(file.db)
    told = Told(
        file.about["file_id"],
        file.about.get("finished_at") or file.about.get("issued_at") or "",
        changes_in.own_files(file.about),
    )
    found = altered_rows(file.db, keys, told)
    if any(change.field in (CREATED, DELETED) for change in found):
        # another row that nobody touched may be what keeps a row in or out
        found = altered_rows(file.db, all_rows(file.db), told)
    if not file.sealed:
        found += retold_creations(file.db, told)
    known = changes_in.known_ids(file.db, [change.id for change in found])
    file.altered, file.outside_altered = _parted(
        file, [change for change in found if change.id not in known], beside=file.changes
    )


#: Every gate, in order. A refusal names the function that refused.
GATES: tuple[Callable[[_File], None], ...] = (
    copied,
    alone,
    not_seen_before,
    opened,
    schema_is_ours,
    whole,
    of_this_plan,
    of_a_known_issue,
    of_the_same_past,
    readable,
    within_scope,
    rows_as_told,
)


# ------------------------------------------------------------------ what they use


def _parted(
    file: _File, changes: Sequence[Change], *, beside: Sequence[Change] = ()
) -> tuple[list[Change], list[Change]]:
    if file.issue is None or not changes:
        return list(changes), []
    if file.issue.withdrawn:
        return [], list(changes)
    within = Within(file.db, file.issue.scope, file.issue.round_id, [*beside, *changes])
    return within.parted(changes)


def _connect(copy: Path) -> sqlite3.Connection:
    """A connection that reads a file nobody vouches for: nothing in it runs, nothing of it takes for ever."""
    db = disk.connect(copy, immutable=True)
    try:
        db.execute("PRAGMA query_only=ON")
        db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_ROW)
        until = time.monotonic() + PATIENCE
        db.set_progress_handler(lambda: time.monotonic() > until, _STEPS_BETWEEN_LOOKS)
    except BaseException:
        db.close()
        raise
    return db


def _promised_size(header: bytes) -> int:
    page_size = int.from_bytes(header[16:18], "big")
    return (65536 if page_size == 1 else page_size) * _number(header, 28)


def _number(header: bytes, offset: int) -> int:
    return int.from_bytes(header[offset : offset + 4], "big")


def _on_day(moment: str) -> str:
    return f" on {day_in_words(moment[:10])}" if moment else ""
