"""Everywhere that a text stands which is to be removed for good, and where it may be that nobody can reach.

Reads only. Backups and other files of the plan hold what its own log does not know: what was undone before it
was ever saved, what was reverted. So these are looked through too, before anything is removed, and what is
found in them is marked like the rest.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from cypp_desktop.errors import CyppError
from cypp_desktop.store import return_log
from cypp_desktop.store.disk import plain_words
from cypp_desktop.store.file_words import files_that_say
from cypp_desktop.store.log import RowKey
from cypp_desktop.store.raw_rows import reading
from cypp_desktop.store.removal import Mark
from cypp_desktop.store.removal_files import PlanFile, PlanFileKind, files_of_plan, in_memory, with_problem
from cypp_desktop.store.removal_search import Found, Known, LivePlace, Wanted, search
from cypp_desktop.store.return_log import Issued
from cypp_desktop.store.sqlite_queries import read_plan_id

if TYPE_CHECKING:
    from cypp_desktop.store.plan_file import OpenPlan


@dataclass(frozen=True, slots=True)
class FileFound:
    """A file of the plan on this machine, and in how many changes and steps of it the text stands."""

    file: PlanFile
    texts: int = 0


@dataclass(slots=True, kw_only=True)
class Survey:
    """Where a text stands: in the plan now (``live``) and in its history (``past``, a number of changes, and
    numbers of ``steps`` and of earlier ``removals``); in ``files`` of this machine. ``sent`` are the returns
    that were sent out since it was first written; ``prints`` are other files beside the plan's that say it,
    or may: prints, exports, returns.
    """

    wanted: Wanted
    live: list[LivePlace] = field(default_factory=list)
    past: int = 0
    steps: int = 0
    removals: int = 0
    rows: set[RowKey] = field(default_factory=set)
    marks: set[Mark] = field(default_factory=set)
    files: list[FileFound] = field(default_factory=list)
    sent: list[Issued] = field(default_factory=list)
    prints: list[Path] = field(default_factory=list)
    since: str | None = None

    @property
    def is_anywhere(self) -> bool:
        """Whether the text stands anywhere at all."""
        return bool(self.marks or self.live)

    @property
    def unreadable(self) -> list[PlanFile]:
        """Backups that nobody can read, so that what is in them cannot be removed from them."""
        files = [found.file for found in self.files]
        return [file for file in files if file.unreadable and file.kind is PlanFileKind.BACKUP]


def survey(
    plan: OpenPlan,
    wanted: Wanted,
    also: Iterable[Path] = (),
    while_reading: Callable[[], AbstractContextManager[object]] = contextlib.nullcontext,
) -> Survey:
    """Look for a text in a plan and in its other files. For any thread.

    ``also`` are other places where files of the plan may be. The plan itself is read only within
    ``while_reading``; the other files may lie on a share that does not answer. Raises FileProblem.
    """
    found = Survey(wanted=wanted)
    known: Known = {}
    with while_reading(), reading(plan.working.path) as db:
        in_plan = search(db, wanted, known)
        _take_over(found, in_plan)
        issued = return_log.issued_returns(db)
        # a clock that was wrong when the text was written says nothing; the log knows what came first
        after = return_log.sent_out_after(db, in_plan.first)
        plan_id = read_plan_id(db) or ""
    fs, data = plan.working.fs, plan.working.data
    with plain_words("The other files of the plan cannot be looked through"):
        files = files_of_plan(plan_id, plan.target, data, fs, own=plan.working.id, also=also)
    for file in files:
        found.files.append(_look_into(file, found, known, plan))
    if plan.target is not None:
        with contextlib.suppress(CyppError, OSError, sqlite3.Error, UnicodeDecodeError):
            _add_marks(found, _found_in(plan.target, found.wanted, known, plan))
        found.prints = files_that_say(wanted.sought_words(), plan.target.parent)
    if found.since is not None:
        since = found.since[:10]
        found.sent = [each for each in issued if each.issued_at[:10] >= since or each.issue_id in after]
    return found


def _take_over(survey_: Survey, found: Found) -> None:
    """What was found in the plan itself."""
    _add_marks(survey_, found)
    survey_.live = found.live
    survey_.rows = found.rows
    items: dict[str, set[str]] = {}
    for mark in found.marks:
        kind = mark.part.partition(".")[0]
        items.setdefault(kind if kind in ("step", "removal") else "change", set()).add(mark.item)
    survey_.past, survey_.steps, survey_.removals = (
        len(items.get(kind, ())) for kind in ("change", "step", "removal")
    )


def _add_marks(survey_: Survey, found: Found) -> None:
    survey_.marks |= found.marks
    if found.since is not None:
        survey_.since = min(survey_.since or found.since, found.since)


def _look_into(file: PlanFile, survey_: Survey, known: Known, plan: OpenPlan) -> FileFound:
    """A file of the plan, with how often the text stands in it."""
    if file.problem is not None and file.kind is not PlanFileKind.WORKING_COPY:
        return FileFound(file)
    try:
        found = _found_in(file.path, survey_.wanted, known, plan)
    except (CyppError, OSError, sqlite3.Error, UnicodeDecodeError) as problem:
        return FileFound(with_problem(file, problem) if file.problem is None else file)
    _add_marks(survey_, found)
    return FileFound(replace(file), found.texts)


def _found_in(path: Path, wanted: Wanted, known: Known, plan: OpenPlan) -> Found:
    with in_memory(path, plan.working.fs) as db:
        return search(db, wanted, known)
