"""Sends a part of the plan out: a file with what one organisation is asked for, and a row that says so.

A ``.cypp-return`` is a plan file of its own, small, with the same tables: it is opened, edited and saved
like any other.
"""

from __future__ import annotations

import contextlib
import functools
import json
import sqlite3
import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from cypp_desktop.errors import CyppError, FileProblem, UsageError
from cypp_desktop.merge.asking import Leading, rounds_asked, scope_about
from cypp_desktop.merge.model import Scope
from cypp_desktop.merge.return_contents import Extract, extract
from cypp_desktop.merge.sent_out import remember_place
from cypp_desktop.plan.identity import new_id
from cypp_desktop.plan.model import IssuedReturn
from cypp_desktop.plan.ordering import key_between
from cypp_desktop.store import companion_files, drafts, log, return_log, schema, seal
from cypp_desktop.store.authors import said_name
from cypp_desktop.store.disk import plain_words, stat_or_none
from cypp_desktop.store.file_names import fitting_name, part_of_name
from cypp_desktop.store.file_rights import create_private, give_rights, rights_for_new
from cypp_desktop.store.new_file import write_return
from cypp_desktop.store.plan_file import OpenPlan
from cypp_desktop.store.publish import Published, TakenIn
from cypp_desktop.store.raw_rows import reading
from cypp_desktop.store.secrets_of_plan import ISSUE_KEY, SECRET, issue_key
from cypp_desktop.store.sqlite_queries import meta_values
from cypp_desktop.store.timeouts import call_with_timeout

EXTENSION = ".cypp-return"
_NOT_WRITTEN = "The return could not be written"
_CHECK_FOLDER = "Check the folder for it and try again."


@dataclass(frozen=True, slots=True)
class _Issue:
    """What the file and the plan's row both say of one issue."""

    id: str
    issued_at: str
    issued_by: str | None
    due: str | None
    round_id: str | None
    organisation_id: str
    covering_note: str | None
    scope: Scope
    called: str  # the organisation's short name, or its name


@dataclass(frozen=True, slots=True)
class Draft:
    """A return that is written where nobody sees it yet; :func:`put_out` makes it one that is sent."""

    path: Path
    name: str
    _issue: _Issue


def issue_return(
    plan: OpenPlan,
    organisation_id: str,
    folder: Path,
    *,
    due: str | None = None,
    round_id: str | None = None,
    covering_note: str | None = None,
    measure_ids: Collection[str] | None = None,
) -> Path:
    """Write what an organisation is asked for into a new file in ``folder``, and note it in the plan.

    ``due`` is a day as YYYY-MM-DD; ``round_id`` None is the round being written; ``measure_ids`` asks for
    just these measures instead of what the organisation leads. Raises UsageError where there is nothing to
    ask, or no such organisation, round or day; FileProblem where nothing can be written: nothing is then.
    """
    plan.editor.session.rollback()
    draft = draft_return(
        plan,
        organisation_id,
        due=due,
        round_id=round_id,
        covering_note=covering_note,
        measure_ids=measure_ids,
    )
    return put_out(plan, draft, folder)


def draft_return(
    plan: OpenPlan,
    organisation_id: str,
    *,
    due: str | None = None,
    round_id: str | None = None,
    covering_note: str | None = None,
    measure_ids: Collection[str] | None = None,
) -> Draft:
    """The first half of :func:`issue_return`, which takes nearly all of its time; for any thread.

    The plan's editor is asked nothing, and nothing is noted in the plan. Raises as it does.
    """
    issue, content, about = _prepared(plan, organisation_id, due, round_id, covering_note, measure_ids)
    if plan.editor.read_only:
        raise FileProblem(
            "This plan is open for reading only. Save it under another name to send returns out."
        )
    path = plan.working.folder / f"issue-{issue.id}{EXTENSION}"
    with plain_words(_NOT_WRITTEN, _CHECK_FOLDER):
        try:
            write_return(path, content.rows, content.changes, content.held, about)
        except BaseException:
            with contextlib.suppress(OSError):
                plan.working.fs.remove(path)
            raise
    return Draft(path, _file_name(plan, issue.called), issue)


def put_out(plan: OpenPlan, draft: Draft, folder: Path) -> Path:
    """The second half of :func:`issue_return`: the draft becomes a file in ``folder``, noted in the plan."""
    with plain_words(_NOT_WRITTEN, _CHECK_FOLDER):
        try:
            call_with_timeout(functools.partial(stat_or_none, plan.working.fs, folder))
            path = _put_out(plan, draft._issue, draft.path, folder, draft.name)
            remember_place(plan, draft._issue.id, path)
            return path
        finally:
            throw_away(plan, draft)


def throw_away(plan: OpenPlan, draft: Draft) -> None:
    """A draft that is not wanted any more goes; one that is left behind goes with the working copy."""
    with contextlib.suppress(OSError):
        plan.working.fs.remove(draft.path)


def finish(plan: OpenPlan, merger: Callable[[OpenPlan, Path], TakenIn] | None = None) -> Published:
    """Say in a return that the partner is done with it, and save it. Raises FileProblem, UsageError.

    What was overwritten or undone since it was sent or last finished is left out of it, and cannot be undone
    any more. ``merger`` is as for :meth:`OpenPlan.publish`.
    """
    if plan.editor.meta(seal.KIND) != seal.RETURN:
        plan.editor.session.rollback()
        raise UsageError("This is the plan itself, not a return to be finished.")
    if plan.editor.read_only:
        raise FileProblem("This return is open for reading only. Save it under another name to finish it.")
    plan.editor.session.rollback()
    connection = plan.editor.session.connection()
    at = schema.now()
    drafts.leave_out_drafts(connection, author=plan.editor.author, at=at)
    log.set_meta(connection, "finished_at", at)
    plan.editor.session.commit()
    plan.editor.follow(())
    return plan.publish(merger)


# ------------------------------------------------------------------ what is asked


def _prepared(
    plan: OpenPlan,
    organisation_id: str,
    due: str | None,
    round_id: str | None,
    covering_note: str | None,
    measure_ids: Collection[str] | None,
) -> tuple[_Issue, Extract, dict[str, str]]:
    """Read everything that the file will hold, as the plan is at this moment."""
    _insist_on_day(due)
    with reading(plan.working.path) as db:
        called = return_log.name_of_organisation(db, organisation_id, short=True)
        if called is None:
            raise UsageError("This organisation is not in the plan (any more).")
        asked, last = rounds_asked(db, round_id)
        if round_id and return_log.name_of_round(db, asked) is None:
            raise UsageError("This reporting round is not in the plan (any more).")
        if measure_ids is None:
            scope = Leading(db, asked).scope(organisation_id)
        else:
            scope = scope_about(db, asked, measure_ids)
        if not scope:
            raise UsageError(
                "None of these measures is in the plan (any more), so there is nothing to ask."
                if measure_ids is not None
                else "This organisation leads nothing in the plan, so there is nothing to ask. "
                "Name it as a lead, or choose measures for it."
            )
        issue = _Issue(
            new_id(), schema.now(), said_name(plan.editor.author), due, asked, organisation_id,
            covering_note or None, scope, called,
        )  # fmt: skip
        content = extract(db, scope, (asked, last), organisation_id)
        return issue, content, _about(db, issue)


def _insist_on_day(due: str | None) -> None:
    if due is not None:
        try:
            date.fromisoformat(due)
        except ValueError:
            raise UsageError("The day by which it is due is no day. Write it as 2018-03-31.") from None


def _about(db: sqlite3.Connection, issue: _Issue) -> dict[str, str]:
    """What the file says of itself."""
    known = meta_values(db, ("plan_id", "file_id", "own_files", SECRET))
    if SECRET not in known:
        raise UsageError("This is a return itself. Returns are sent out from the plan.")
    own = {*json.loads(known.get("own_files", "[]")), known["file_id"]}
    said = {
        "plan_id": known["plan_id"],
        "file_id": str(uuid.uuid4()),
        "created_at": issue.issued_at,
        "sealed_step": "1",
        # what the holder wrote goes on counting as theirs, so that the plan reads the same in the return
        "own_files": json.dumps(sorted(own)),
        seal.KIND: seal.RETURN,
        "issue_id": issue.id,
        ISSUE_KEY: issue_key(known[SECRET], issue.id),
        "issued_by": issue.issued_by,
        "issued_at": issue.issued_at,
        "due": issue.due,
        "round_id": issue.round_id,
        "round_name": return_log.name_of_round(db, issue.round_id),
        "organisation_id": issue.organisation_id,
        "organisation": return_log.name_of_organisation(db, issue.organisation_id),
        "covering_note": issue.covering_note,
        "plan_title": return_log.plan_title(db),
        "scope": json.dumps(issue.scope.to_json()),
    }
    return {key: value for key, value in said.items() if value is not None}


# ------------------------------------------------------------------ the file


def _file_name(plan: OpenPlan, called: str) -> str:
    """Named after the plan's file and the organisation: nothing that the plan says is in it."""
    stem = plan.target.stem if plan.target else "Plan"
    return f"{part_of_name(stem, 'Plan')} - {part_of_name(called, 'return')}"


def _put_out(plan: OpenPlan, issue: _Issue, draft: Path, folder: Path, name: str) -> Path:
    """Copy the file to its folder, note the issue in the plan, and give the file its name.

    In that order: a file that the plan does not know could never come back.
    """
    fs = plan.working.fs
    temporary = companion_files.temporary(folder / (name + EXTENSION), plan.working.id)
    try:
        fs.remove(temporary)
        create_private(temporary, fs)
        fs.copy(draft, temporary)
        give_rights(temporary, rights_for_new(plan.target, fs), fs)
        _note(plan, issue)
        try:
            return _named(plan, temporary, folder, name)
        except (OSError, CyppError):
            _forget(plan, issue.id)
            raise
    finally:
        with contextlib.suppress(OSError):
            fs.remove(temporary)


def _named(plan: OpenPlan, temporary: Path, folder: Path, name: str) -> Path:
    fs = plan.working.fs
    for count in range(1, 1000):
        target = folder / fitting_name(name, f" ({count})" if count > 1 else "", EXTENSION)
        with contextlib.suppress(FileExistsError):
            fs.rename_new(temporary, target)
            fs.fsync_folder(folder)
            return target
    raise FileProblem("There are too many returns of this name in the folder. Choose another folder.")


def _note(plan: OpenPlan, issue: _Issue) -> None:
    """Have the plan remember what was sent, to whom, and until when."""
    with plan.editor.step("Send a return out") as session:
        last = return_log.last_place(session)
        session.add(
            IssuedReturn(
                id=issue.id,
                sort_key=key_between(last, None),
                organisation_id=issue.organisation_id,
                round_id=issue.round_id,
                issued_at=issue.issued_at,
                issued_by=issue.issued_by,
                due=issue.due,
                covering_note=issue.covering_note,
                scope=issue.scope.to_json(),
            )
        )


def _forget(plan: OpenPlan, issue_id: str) -> None:
    with plan.editor.step("Take a return back that could not be written") as session:
        session.delete(session.get_one(IssuedReturn, issue_id))
