"""Opens plans for the window: the way from a file's name to a `PlanDocument`.

Loads the store, and with it the database library, only inside its functions: the window is on the
screen before any of them is called.
"""

from __future__ import annotations

import contextlib
import sqlite3
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cypp_desktop import paths
from cypp_desktop.garbage import uncollected
from cypp_desktop.settings import Settings
from cypp_desktop.ui.status import clock_words

if TYPE_CHECKING:
    from cypp_desktop.store.leftovers import Recoverable
    from cypp_desktop.ui.document import PlanDocument
    from cypp_desktop.ui.tasks import Progress

_SAMPLE = "samples/city.json"


def just_to_look(path: Path) -> sqlite3.Connection:
    """A connection that leaves no trace at the file and waits for nobody. Raises sqlite3.Error."""
    from cypp_desktop.store.disk import uri

    return sqlite3.connect(uri(path, immutable=True), uri=True, timeout=0)


def plan_id_of(path: Path) -> str | None:
    """Which plan a file is of; None where it cannot be told without opening it."""
    with contextlib.suppress(sqlite3.Error), contextlib.closing(just_to_look(path)) as db:
        row = db.execute("SELECT value FROM meta WHERE key = 'plan_id'").fetchone()
        return str(row[0]) if row is not None else None
    return None


def load_store(progress: Progress) -> None:
    """Load what editing a plan takes; work for another thread."""
    with uncollected():  # what is loaded stays: looking through it would take a fifth of the time
        import cypp_desktop.store.plan_file
        import cypp_desktop.ui.document  # noqa: F401


def open_file(path: Path, settings: Settings, *, read_only: bool = False) -> PlanDocument:
    """Open a plan file, with what a kill left of it. Raises NotAPlan, NewerPlan, PlanInUse or FileProblem."""
    from cypp_desktop.store.plan_file import OpenPlan
    from cypp_desktop.ui.document import PlanDocument

    return PlanDocument(OpenPlan.open(path, author=settings.author or None, read_only=read_only))


def new_file(path: Path, settings: Settings) -> PlanDocument:
    """Begin an empty plan and write its file, after a backup of one that is there. Raises FileProblem."""
    from cypp_desktop.store.plan_file import OpenPlan
    from cypp_desktop.ui.document import PlanDocument

    plan = OpenPlan.create(path, title=path.stem, author=settings.author or None, replace=True)
    try:
        plan.publish()
    except BaseException:
        plan.discard()
        raise
    return PlanDocument(plan)


def sample(settings: Settings) -> PlanDocument:
    """The sample as a plan without a file."""
    from cypp_desktop.exchange import plan_json
    from cypp_desktop.store.plan_file import OpenPlan
    from cypp_desktop.ui.document import PlanDocument

    content = plan_json.read_plan(paths.resource(_SAMPLE))
    plan = OpenPlan.create(None, author=settings.author or None)
    try:
        plan_json.load_plan(plan.editor, content, name="Sample")
    except BaseException:
        plan.discard()
        raise
    return PlanDocument(plan)


def find_left(progress: Progress) -> list[Recoverable]:
    """Work in no file that nobody has open; work for another thread."""
    from cypp_desktop.store.working_copy import WorkingCopy

    return WorkingCopy.find_unpublished(paths.data_folder())


def recover(left: Recoverable, settings: Settings) -> PlanDocument:
    """Go on with work that was left. Raises PlanInUse or FileProblem."""
    from cypp_desktop.store.plan_file import OpenPlan
    from cypp_desktop.ui.document import PlanDocument

    return PlanDocument(OpenPlan.recover(left, author=settings.author or None))


def throw_away(left: Recoverable) -> None:
    """Drop work that was left. Raises PlanInUse or FileProblem."""
    from cypp_desktop.store.working_copy import WorkingCopy

    with contextlib.closing(WorkingCopy.recover(left, paths.data_folder())) as working:
        working.discard()


def who_else(path: Path, own: str, progress: Progress) -> list[str]:
    """Who else says to have the plan open, as "name on machine since when"; work for another thread."""
    from cypp_desktop.store.beside import who_has_it_open

    now = datetime.now()
    # The longest first, so that of several windows of one person the first is named.
    since = {(note.who, note.machine): note.since for note in reversed(who_has_it_open(path, but=own))}
    return [
        f"{who} on {machine} since {clock_words(at.astimezone().replace(tzinfo=None), now)}"
        for (who, machine), at in since.items()
    ]
