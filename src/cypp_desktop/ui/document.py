"""The window's link to an open plan: relays what the editor changed, and writes the file in good time.

The only place where the window holds the store's open plan. Knows no widget and shows nothing:
what a person must know is raised as a CyppError or told by signal, and the window finds the place.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from PySide6.QtCore import QObject, QTimer, Signal

from cypp_desktop.errors import CyppError, FileProblem, PlanRuleBroken
from cypp_desktop.operations.plan_access import PlanAccess
from cypp_desktop.store.disk import connect
from cypp_desktop.store.sqlite_queries import title_and_measure_count
from cypp_desktop.ui.background_save import BackgroundSave, OnMain
from cypp_desktop.ui.status import FileState

if TYPE_CHECKING:
    from cypp_desktop.merge.model import Received
    from cypp_desktop.operations.removal import Order, RemovalDone
    from cypp_desktop.operations.returns.asked_return import AskedReturn
    from cypp_desktop.store.backups import Backup
    from cypp_desktop.store.editor import Changed, Editor
    from cypp_desktop.store.plan_file import OpenPlan
    from cypp_desktop.store.publish import Published, TakenIn
    from cypp_desktop.store.removal_survey import Survey

Merger: TypeAlias = "Callable[[OpenPlan, Path], TakenIn]"
#: How long after the last change the file is written, in milliseconds.
IDLE: Final = 120_000
#: The same once the person has turned to another program.
AWAY: Final = 3_000
#: How long the window waits for a save that is under way where it must, in seconds.
PATIENCE: Final = 30.0
#: The same where the plan is left, and what is not in the file is kept on this machine anyway.
LEAVING: Final = 5.0


class PlanDocument(QObject):
    """One open plan for the lifetime of its window, from opening to `close`."""

    #: The editor's `Changed`: which rows and fields a step has altered.
    changed = Signal(object)
    #: All rows may be others: the plan was reverted or a backup put back.
    replaced = Signal()
    undo_state_changed = Signal()
    publish_state_changed = Signal()
    #: The file was written, or found changed by someone else: the store's `Published`.
    published = Signal(object)
    #: The file could not be written when its time came: the CyppError.
    publish_failed = Signal(object)
    #: Other files than before are under review.
    under_review_changed = Signal()
    #: The plan is about to be written, undone or left: what is being typed must be handed over now.
    typing_wanted = Signal()

    def __init__(
        self, plan: OpenPlan, *, clock: Callable[[], datetime] = datetime.now, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._plan = plan
        #: How other threads read the plan. Another object after `replaced`.
        self.access = PlanAccess(plan)
        self._is_busy = False
        self._saving = BackgroundSave(self)
        self._saving.ended.connect(self._save_ended)
        self._is_save_to_follow = False
        self._is_problem_told = False
        #: Files that came back and are looked at, of which nothing is in the plan yet.
        self.under_review: tuple[Received, ...] = ()
        self._clock = clock
        self._published_at: datetime | None = None
        self._problem: str | None = None
        self._recovered = plan.working.recovered
        self._stop_listening = plan.editor.listen(self._heard)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.publish_if_due)
        self._idle = IDLE
        self._names: tuple[str | None, str | None] | None = None
        self._head: tuple[str, int, str] | None = None
        #: What is asked for where this is a return; None where it is a plan.
        self.asked: AskedReturn | None = self._read_asked()
        if plan.working.has_unpublished_changes():
            self._timer.start(self._idle)

    # ------------------------------------------------------------------ what is so

    @property
    def plan(self) -> OpenPlan:
        """The store's open plan; for parts that print, export or compare."""
        return self._plan

    @property
    def editor(self) -> Editor:
        """The only writer of the plan. Another object after `replaced`."""
        return self._plan.editor

    @property
    def path(self) -> Path | None:
        """The plan's file; None while it has no name."""
        return self._plan.working.target

    @property
    def working_path(self) -> Path:
        """The database that every command commits to; to be read only."""
        return self._plan.working.path

    @property
    def working_id(self) -> str:
        """What the working copy is called in the notes beside the file."""
        return self._plan.working.id

    @property
    def title(self) -> str:
        """The plan's title, or its file's name, or what a plan without either is called."""
        return self._read_head()[0] or (self.path.stem if self.path else "New plan")

    @property
    def measure_count(self) -> int:
        """How many measures the plan holds."""
        return self._read_head()[1]

    @property
    def marking(self) -> str:
        """The plan's protective marking as it is shown; empty where it has none."""
        return self._read_head()[2]

    @property
    def author(self) -> str:
        """Who is written beside changes from now on, and beside those of nobody that are in no file yet."""
        return self.editor.author

    @author.setter
    def author(self, name: str) -> None:
        if name:
            from cypp_desktop.store.authors import give_name

            give_name(self.editor, name)

    @property
    def state(self) -> FileState:
        """Where the changes are."""
        working = self._plan.working
        return FileState(
            unpublished=working.has_unpublished_changes(),
            published_at=self._published_at,
            read_only=working.read_only,
            recovered=self._recovered,
            problem=self._problem,
            is_saving=self._saving.is_running,
            never_published=working.never_published,
            has_file=working.target is not None,
        )

    @property
    def left_at(self) -> datetime | None:
        """When the last of the recovered changes was made, in local time; None when none was recovered."""
        if not self._recovered:
            return None
        return datetime.fromtimestamp(self.working_path.stat().st_mtime)

    @property
    def has_other_names(self) -> bool:
        """Whether the plan's file has another name too, which saving parts from it."""
        return self._plan.working.has_other_names

    @property
    def undo_name(self) -> str | None:
        """What undo would take back, as its step is called; None when there is nothing."""
        return self._undo_names()[0]

    @property
    def redo_name(self) -> str | None:
        """What redo would bring back; None when there is nothing."""
        return self._undo_names()[1]

    # ------------------------------------------------------------------ what can be done

    def undo(self) -> str:
        """Take the last step back and give its name. Raises PlanRuleBroken where there is none."""
        self.typing_wanted.emit()
        return self.editor.undo()

    def redo(self) -> str:
        """Bring the step undone last back and give its name. Raises PlanRuleBroken where there is none."""
        self.typing_wanted.emit()
        return self.editor.redo()

    @property
    def is_busy(self) -> bool:
        """Another thread is writing to the plan: publishing and closing wait until it is done."""
        return self._is_busy

    @is_busy.setter
    def is_busy(self, busy: bool) -> None:
        if busy:
            self.finish_saving()
        self._is_busy = busy

    @property
    def is_saving(self) -> bool:
        """Whether the file is being written beside the person's work."""
        return self._saving.is_running

    def save(self) -> None:
        """Write the file beside the person's work, with what others saved in it meanwhile taken in.

        `published` or `publish_failed` follows. What is edited meanwhile counts as not in the file.
        """
        self._is_problem_told = False
        if self._saving.is_running:
            self._is_save_to_follow = True
        else:
            self._begin_saving()

    def finish_saving(self) -> None:
        """Wait for the end of a save that is under way. Raises FileProblem where its disk does not answer."""
        self._is_save_to_follow = False
        if not self._saving.wait(PATIENCE):
            name = self.path.name if self.path is not None else "The plan"
            raise FileProblem(
                f"“{name}” is being saved, and the disk or share it is on does not answer. Nothing is lost: "
                "your changes are kept on this laptop. Try again in a moment."
            )

    def publish(self) -> Published:
        """Write the file now, and wait for it, with what others saved in it meanwhile taken in.

        Raises FileProblem when it cannot be written; nothing is lost then.
        """
        from cypp_desktop.store.plan_file import OpenPlan

        return self._publish(OpenPlan.publish)

    def finish(self) -> Published:
        """Say in a return that all is done, and write its file. Raises UsageError, FileProblem."""
        from cypp_desktop.merge.issue import finish

        return self._publish(finish)

    def publish_if_due(self) -> None:
        """Write the file if it lacks anything; what goes wrong is told by `publish_failed`, not raised."""
        working = self._plan.working
        if self.is_busy:
            self._timer.start(self._idle)
            return
        self.typing_wanted.emit()
        if working.read_only or working.target is None or not working.has_unpublished_changes():
            return
        # The status line goes on saying what is wrong; one message about it is enough.
        self._is_problem_told = self._problem is not None
        if not self._saving.is_running:
            self._begin_saving()

    def set_idle_time(self, milliseconds: int) -> None:
        """Write the file this long after the last change from now on."""
        self._idle = milliseconds

    def publish_soon(self) -> None:
        """Write the file in a moment, as when the person turns to another program."""
        if self._timer.isActive() and self._problem is None:
            self._timer.start(AWAY)

    def save_as(self, target: Path) -> Published:
        """Write the plan to another file and go on with that; one that is there is backed up first."""
        self.typing_wanted.emit()
        self.finish_saving()
        self._timer.stop()
        result = self._plan.save_as(target, replace=True)
        self._written(result)
        return result

    def save_copy(self, target: Path) -> Path:
        """Write the plan to another file and go on with this; one that is there is backed up first."""
        self.typing_wanted.emit()
        self.finish_saving()
        return self._plan.save_copy(target, replace=True)

    def revert(self) -> None:
        """Go back to what the file holds; what there is now is kept as a backup."""
        self.typing_wanted.emit()
        with self._all_rows_anew():
            self._plan.revert()
        self._published_at = None

    def backups(self) -> list[Backup]:
        """The plan's backups, newest first."""
        return self._plan.backups()

    def restore(self, backup: Backup) -> None:
        """Put a backup back; what there is now is kept as one."""
        self.typing_wanted.emit()
        with self._all_rows_anew():
            self._plan.restore(backup)
        self._timer.start(self._idle)

    def remove_for_good(self, found: Survey, order: Order) -> RemovalDone:
        """Remove a text for good, save the plan, and clean its other files on this machine.

        Raises UsageError, PlanRuleBroken or FileProblem; nothing has changed then.
        """
        from cypp_desktop.operations.removal import remove_for_good

        if self.is_busy:
            raise PlanRuleBroken("Something else is under way in the plan. Try again once it is done.")
        self.typing_wanted.emit()
        self.finish_saving()
        self._timer.stop()
        with self._all_rows_anew():  # nobody may read while the working copy is written anew
            done = remove_for_good(self._plan, found, order)
        if done.published is not None:
            self._written(done.published)
        elif self._plan.working.has_unpublished_changes():
            self._problem = problem_words_of(done.not_saved)
            self._timer.start(self._idle)
            self.publish_state_changed.emit()
        return done

    def accept_recovered(self) -> None:
        """Go on with what was recovered: it is work like any other now."""
        self._recovered = False
        self.publish_state_changed.emit()

    def review(self, files: tuple[Received, ...]) -> None:
        """Say which files are under review from now on."""
        if files != self.under_review:
            self.under_review = files
            self.under_review_changed.emit()

    def close(self) -> None:
        """End the work on the plan. What is not in the file stays kept on this machine."""
        self._end(self._plan.close)

    def discard(self) -> None:
        """End the work on the plan and drop what is not in the file."""
        self._end(self._plan.discard)

    # ------------------------------------------------------------------ inside

    def _end(self, end: Callable[[], None]) -> None:
        """Let go of the plan. A save that hangs keeps nobody: it ends the work itself when it can."""
        self._is_save_to_follow = False
        has_ended = self._saving.wait(LEAVING)
        self._timer.stop()
        self._stop_listening()
        self.access.close()
        if has_ended:
            end()
        else:
            self._saving.leave(end)

    def _begin_saving(self) -> None:
        self.typing_wanted.emit()
        self._timer.stop()
        try:
            publish = self._plan.begin_publishing()
        except CyppError as problem:
            self._not_written(problem)
            return
        self._saving.start(functools.partial(publish_beside, self._plan, publish))
        self.publish_state_changed.emit()

    def _save_ended(self, result: Published | None, problem: Exception | None) -> None:
        self._plan.end_publishing()
        if isinstance(problem, CyppError):
            self._not_written(problem)
        elif problem is not None:
            self.publish_state_changed.emit()
            raise problem
        else:
            assert result is not None
            self._written(result)
            if self._plan.working.has_unpublished_changes() and not self._timer.isActive():
                self._timer.start(self._idle)
        if self._is_save_to_follow:
            self._is_save_to_follow = False
            self._begin_saving()

    def _not_written(self, problem: CyppError) -> None:
        self._problem = problem_words(problem)
        self._timer.start(self._idle)
        self.publish_state_changed.emit()
        if not self._is_problem_told:
            self.publish_failed.emit(problem)

    def _heard(self, changed: Changed) -> None:
        self._names = None
        self._head = None
        self._timer.start(self._idle)
        self.changed.emit(changed)
        self.undo_state_changed.emit()
        self.publish_state_changed.emit()

    def _written(self, result: Published) -> None:
        self._problem = None
        self._recovered = False
        if result.written:
            self._published_at = self._clock()
        self.publish_state_changed.emit()
        self.published.emit(result)

    def _publish(self, write: Callable[[OpenPlan, Merger], Published]) -> Published:
        from cypp_desktop.merge.apply import take_in

        self.typing_wanted.emit()
        self.finish_saving()
        self._timer.stop()
        try:
            result = write(self._plan, take_in)
        except CyppError as problem:
            self._problem = problem_words(problem)
            self.publish_state_changed.emit()
            raise
        self._written(result)
        return result

    @contextlib.contextmanager
    def _all_rows_anew(self) -> Iterator[None]:
        self.finish_saving()
        self._stop_listening()
        self.access.close()
        try:
            yield
        finally:
            self.access = PlanAccess(self._plan)
            self._stop_listening = self.editor.listen(self._heard)
            self._names = None
            self._head = None
            self._recovered = False
            self._problem = None
            self.replaced.emit()
            self.undo_state_changed.emit()
            self.publish_state_changed.emit()

    def _undo_names(self) -> tuple[str | None, str | None]:
        if self._names is None:
            self._names = (self.editor.undo_name, self.editor.redo_name)
        return self._names

    def _read_asked(self) -> AskedReturn | None:
        from cypp_desktop.operations.returns.asked_return import asked_of

        with contextlib.closing(connect(self.working_path)) as db:
            return asked_of(db)

    def _read_head(self) -> tuple[str, int, str]:
        from cypp_desktop.plan.outline import read_marking

        if self._head is None:
            with contextlib.closing(connect(self.working_path)) as db:
                self._head = (*title_and_measure_count(db), read_marking(db))
        return self._head


def publish_beside(
    plan: OpenPlan, publish: Callable[[Callable[[Path], TakenIn]], Published], on_main: OnMain
) -> Published:
    """Publish on a worker's thread: what others saved is looked at here, and taken in on the main thread."""
    from cypp_desktop.merge.apply import look_at_other, take_in_looked_at

    def take_in(theirs: Path) -> TakenIn:
        received = look_at_other(plan, theirs)
        taken: TakenIn = on_main(functools.partial(take_in_looked_at, plan, received, theirs))
        return taken

    return publish(take_in)


def problem_words(problem: CyppError) -> str:
    """The first sentence of a problem, for the one line that there is room for."""
    return str(problem).split(". ")[0].rstrip(".")


def problem_words_of(said: str | None) -> str | None:
    """The same of what was said of one; None where there is none."""
    return None if said is None else said.split(". ")[0].rstrip(".")
