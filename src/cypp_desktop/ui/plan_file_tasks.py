"""What the window has done with plan files on other threads: looking, opening, making, finding what was left.

Loads the store, and with it the database library, only inside its functions: the window is on the
screen before any of them is called.
"""

from __future__ import annotations

import contextlib
import sqlite3
import stat
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cypp_desktop import paths
from cypp_desktop.errors import CyppError
from cypp_desktop.gc_pause import uncollected
from cypp_desktop.ui.status import clock_words

if TYPE_CHECKING:
    from cypp_desktop.operations.progress import Progress
    from cypp_desktop.plan.outline import Outline
    from cypp_desktop.store.origin import Origin
    from cypp_desktop.store.plan_file import OpenPlan
    from cypp_desktop.store.recoverable import Recoverable
    from cypp_desktop.ui.document import PlanDocument

_SAMPLE = "samples/city.json"
#: What reading may meet in a file that nobody has proved yet.
_NOT_READABLE = (
    *(CyppError, OSError, sqlite3.Error, ValueError),
    *(TypeError, AttributeError, LookupError, ArithmeticError, RecursionError),
)


@dataclass(frozen=True, slots=True)
class Look:
    """What a plan's file says before it is opened: the real path to it, which plan it is of, and its rows.

    Both are None where they cannot be told; whatever is wrong with the file, the opening proper says it.
    """

    asked: Path
    path: Path
    plan_id: str | None = None
    outline: Outline | None = None


def look(path: Path, progress: Progress) -> Look:
    """Look at a plan's file, leaving no trace there; work for another thread, which may hang."""
    from cypp_desktop.operations.returns.asked_return import shown_outline
    from cypp_desktop.store.disk import DISK, connect, stat_or_none
    from cypp_desktop.store.origin import real_path
    from cypp_desktop.store.sqlite_queries import read_plan_id

    real, plan_id, outline = path, None, None
    with contextlib.suppress(*_NOT_READABLE):
        real = real_path(path)
        found = stat_or_none(DISK, real)
        if found is not None and stat.S_ISREG(found.st_mode):  # a pipe would be waited for
            with contextlib.closing(connect(real, immutable=True)) as db:
                plan_id = read_plan_id(db)
                outline = shown_outline(db)
    return Look(path, real, plan_id, outline)


def plan_ids_of(files: Sequence[Path], progress: Progress) -> dict[Path, str | None]:
    """Which plans files are of; None where that cannot be told. Work for another thread, which may hang."""
    from cypp_desktop.store.disk import connect
    from cypp_desktop.store.sqlite_queries import read_plan_id

    found: dict[Path, str | None] = {}
    for path in files:
        found[path] = None
        readable = contextlib.suppress(*_NOT_READABLE)
        with readable, contextlib.closing(connect(path, immutable=True)) as db:
            found[path] = read_plan_id(db)
    return found


def load_and_make(make: Callable[[], OpenPlan], progress: Progress) -> OpenPlan:
    """Load what editing a plan takes, then open or make one; work for another thread, which may hang."""
    with uncollected():  # what is loaded stays: looking through it would take a fifth of the time
        import cypp_desktop.store.plan_file
        import cypp_desktop.ui.document  # noqa: F401
    progress.check()
    plan = make()
    try:
        progress.check()
    except BaseException:
        let_go(plan)
        raise
    return plan


def let_go(plan: OpenPlan) -> None:
    """Close a plan that nobody waits for any more; one that was just made for nothing is dropped."""
    if plan.working.target is None and not plan.working.recovered:
        plan.discard()
    else:
        plan.close()


def document_of(plan: OpenPlan) -> PlanDocument:
    """The window's link to an open plan; for the main thread."""
    from cypp_desktop.ui.document import PlanDocument

    return PlanDocument(plan)


def open_file(path: Path, author: str | None, data: Path, *, read_only: bool = False) -> OpenPlan:
    """Open a plan file, with what a kill left of it. Raises NotAPlan, NewerPlan, PlanInUse or FileProblem."""
    from cypp_desktop.store.plan_file import OpenPlan

    return OpenPlan.open(path, author=author, read_only=read_only, data=data)


def new_file(path: Path, author: str | None, data: Path) -> OpenPlan:
    """Begin an empty plan and write its file, after a backup of one that is there. Raises FileProblem."""
    from cypp_desktop.store.plan_file import OpenPlan

    plan = OpenPlan.create(path, title=path.stem, author=author, replace=True, data=data)
    try:
        plan.publish()
    except BaseException:
        plan.discard()
        raise
    return plan


def sample(author: str | None, data: Path) -> OpenPlan:
    """The sample as a plan without a file."""
    from cypp_desktop.exchange import plan_json
    from cypp_desktop.store.plan_file import OpenPlan

    content = plan_json.read_plan(paths.resource(_SAMPLE))
    plan = OpenPlan.create(None, author=author, data=data)
    try:
        plan_json.load_plan(plan.editor, content, name="Sample")
    except BaseException:
        plan.discard()
        raise
    return plan


def recover(left: Recoverable, author: str | None, data: Path) -> OpenPlan:
    """Go on with work that was left. Raises PlanInUse or FileProblem."""
    from cypp_desktop.store.plan_file import OpenPlan

    return OpenPlan.recover(left, author=author, data=data)


def find_left(data: Path, progress: Progress) -> tuple[list[Recoverable], list[Origin]]:
    """Work in no file that nobody has open, and what was thrown away because it was none; work for another
    thread. Asks no share.
    """
    from cypp_desktop.store.recoverable import find_recoverable

    return find_recoverable(data)


def settle_left(left: Recoverable, data: Path, progress: Progress) -> tuple[Recoverable, bool]:
    """Whether what was left is in no file, where only the file can tell; for another thread, may hang."""
    from cypp_desktop.store.recoverable import confirm_unpublished

    return left, confirm_unpublished(left, data)


def go_on_removing(data: Path, progress: Progress) -> None:
    """Go on with texts whose removal for good was begun when the program ended, as far as that goes without
    opening the plan: the rest follows when that is done. Work for another thread, which may hang.
    """
    if any((data / "removals").glob("*.json")):
        from cypp_desktop.store import removal_work
        from cypp_desktop.store.disk import DISK

        removal_work.go_on(data, DISK)


def tidy_up(removed: Origin, progress: Progress) -> None:
    """Remove what was left beside a plan's file; work for another thread, which may hang."""
    from cypp_desktop.store import recoverable

    recoverable.remove_companions([removed])


def throw_away(left: Recoverable) -> None:
    """Drop work that was left. Raises PlanInUse or FileProblem."""
    from cypp_desktop.store.working_copy import WorkingCopy

    with contextlib.closing(WorkingCopy.recover(left, paths.data_folder())) as working:
        working.discard()


def who_else(path: Path, own: str, progress: Progress) -> list[str]:
    """Who else says to have the plan open, as "name on machine since when", or "someone on …" where they
    have given no name; work for another thread.
    """
    from cypp_desktop.store.companion_files import who_has_it_open

    now = datetime.now()
    # The longest first, so that of several windows of one person the first is named.
    since = {(note.who, note.machine): note.since for note in reversed(who_has_it_open(path, but=own))}
    return [
        f"{who or 'Someone'} on {machine} since {clock_words(at.astimezone().replace(tzinfo=None), now)}"
        for (who, machine), at in since.items()
    ]
