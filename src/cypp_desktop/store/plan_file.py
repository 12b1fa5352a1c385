"""An open plan: its working copy, the engine over it, and the editor. What every front end holds.

Opening, creating, publishing and going back all pass through here, so that the engine is never open
while a file is swapped, and so that what leaves this machine is sealed first.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from sqlalchemy.engine import Engine

from cypp_desktop import paths
from cypp_desktop.errors import CyppError, FileProblem, NotAPlan
from cypp_desktop.plan.model import Plan
from cypp_desktop.store import backups, going_back, publish, removal, removal_work, schema, table_check
from cypp_desktop.store.authors import NOT_NAMED
from cypp_desktop.store.backups import Backup
from cypp_desktop.store.clean_rows import clean_working_copy, remember_file
from cypp_desktop.store.disk import DISK, plain_words
from cypp_desktop.store.editor import Editor
from cypp_desktop.store.file_seal import Standing
from cypp_desktop.store.left_over import is_sound, lost_words
from cypp_desktop.store.proof import Proof, damaged_words, prove, refuse_unsound
from cypp_desktop.store.publish import Merger, Published, TakenIn
from cypp_desktop.store.recoverable import DAMAGED, Recoverable
from cypp_desktop.store.removal import Removal
from cypp_desktop.store.removal_files import PlanFile, PlanFileKind, clean, compact, sweep_working_folder
from cypp_desktop.store.removal_work import Followed
from cypp_desktop.store.save_steps import KEPT
from cypp_desktop.store.schema import StepKind
from cypp_desktop.store.union import add_removals
from cypp_desktop.store.working_copy import WorkingCopy
from cypp_desktop.store.working_copy_upgrade import upgrade_working_copy

Swapped = TypeVar("Swapped")


class OpenPlan:
    """A plan that is open for editing (or only reading). Close it, or use it as a context manager."""

    def __init__(
        self, working: WorkingCopy, author: str | None = None, *, even_damaged: bool = False
    ) -> None:
        self.working = working
        self._author = author or NOT_NAMED
        #: What was done on this machine about texts that were removed for good, when last anything was.
        self.followed: Followed | None = None
        self._following: set[str] = set()
        #: The removals of which nothing is left in the working copy: a file is saved without what they took.
        self._compact_of: set[str] = set()
        upgrade_working_copy(working)
        self._begin()
        #: What to know of a file that is not as it was saved. Where it has a fault, it is only read.
        self.proof = Proof() if even_damaged and working.standing is Standing.NO_SEAL else self._prove()
        if self.proof.fault and not even_damaged:
            self._end()
            raise NotAPlan(self.proof.fault)
        if not self.proof.fault:
            if not (working.recovered or working.origin.read_only):
                self._compact_of = self._removal_ids()
            self.follow_removals()

    def _prove(self) -> Proof:
        if self.working.never_published or self.working.recovered:
            return Proof()  # it was proved when it was opened, or when it was found again
        standing = self.working.standing
        if standing is Standing.AS_SAVED and self.working.info().issue_id is not None:
            standing = Standing.NO_SEAL  # whoever sends a return can have sealed anything
        return prove(self.working.path, self.working.target or self.working.path, standing)

    @classmethod
    def open(
        cls,
        target: Path,
        *,
        author: str | None = None,
        read_only: bool = False,
        resume: bool = True,
        even_damaged: bool = False,
        data: Path | None = None,
    ) -> OpenPlan:
        """Open a plan file. Unpublished changes left by a kill are resumed, unless ``resume`` is False.

        A file that ``check`` refuses is refused, but may be read as far as it goes with ``even_damaged``; its
        ``proof`` says then what is wrong. Raises NotAPlan, NewerPlan, PlanInUse or FileProblem.
        """
        working = WorkingCopy.open(
            target,
            data or paths.data_folder(),
            read_only=read_only,
            resume=resume,
            is_sound=is_sound,
            person=author or "",
        )
        return cls._over(working, author, even_damaged=even_damaged and read_only)

    @classmethod
    def create(
        cls,
        target: Path | None,
        *,
        title: str | None = None,
        author: str | None = None,
        replace: bool = False,
        data: Path | None = None,
    ) -> OpenPlan:
        """A new plan with nothing in it but its title (None: not even the plan's row, to import into).

        The file is made when it is first published. Raises FileProblem where ``target`` is taken.
        """
        working = WorkingCopy.create(
            target, schema.create_tables, data or paths.data_folder(), replace=replace, person=author or ""
        )
        opened = cls._over(working, author)
        if title is not None:
            try:
                with opened.editor.step("New plan", kind=StepKind.IMPORT) as session:
                    session.add(Plan(title=title))
            except BaseException:
                opened.discard()
                raise
        return opened

    @classmethod
    def recover(cls, found: Recoverable, *, author: str | None = None, data: Path | None = None) -> OpenPlan:
        """Go on with a working copy that was left over."""
        if found.problem is None and not is_sound(found, DISK):
            raise FileProblem(lost_words(replace(found, problem=DAMAGED)))
        working = WorkingCopy.recover(found, data or paths.data_folder(), person=author or "")
        return cls._over(working, author)

    @classmethod
    def _over(cls, working: WorkingCopy, author: str | None, *, even_damaged: bool = False) -> OpenPlan:
        try:
            return cls(working, author, even_damaged=even_damaged)
        except (CyppError, OSError):
            working.close()
            raise
        except BaseException as problem:
            working.close()
            is_no_damage = isinstance(problem, MemoryError) or not isinstance(problem, Exception)
            if working.standing is Standing.AS_SAVED or is_no_damage:
                raise
            raise NotAPlan(damaged_words(working.target or working.path)) from problem

    def _begin(self, *, is_of_file: bool = True) -> None:
        table_check.refuse_without_tables(self.working.path, self.working.target or self.working.path)
        self._is_file_clean = False
        with contextlib.suppress(
            sqlite3.DatabaseError
        ):  # others look why it cannot be read, and tell of that
            self._is_file_clean = clean_working_copy(self.working, is_of_file=is_of_file) and is_of_file
        self.engine: Engine = schema.connect(self.working.path)
        self.editor = Editor(self.engine, self._author, read_only=self.working.origin.read_only)
        if self.working.recovered:
            self.editor.seal()  # what was going on when the program ended may have travelled

    def _end(self) -> None:
        self._author = self.editor.author
        self.editor.close()
        self.engine.dispose()

    # ------------------------------------------------------------------ what is so

    @property
    def target(self) -> Path | None:
        """The plan's file; None while it has no name."""
        return self.working.target

    @property
    def plan_id(self) -> str:
        return self.editor.meta("plan_id") or ""

    def backups(self) -> list[Backup]:
        """The backups of this plan or return on this machine, newest first."""
        return backups.list_backups(self.working.info().document_id, self.working.data)

    # ------------------------------------------------------------------ writing the file

    def publish(self, merger: Callable[[OpenPlan, Path], TakenIn] | None = None) -> Published:
        """Bring the plan's file to the present state. Raises FileProblem; nothing is lost then.

        ``merger`` takes in what someone else made of the file meanwhile; without one both are kept.
        """
        with self._backups_followed():
            return self._publish(merger)

    def _publish(self, merger: Callable[[OpenPlan, Path], TakenIn] | None) -> Published:
        self._make_final()
        if merger is None:
            return self._noted(publish.publish(self.working))
        merge = merger

        def take_in(theirs: Path) -> TakenIn:
            taken = merge(self, theirs)
            self._make_final()
            return taken

        return self._noted(publish.publish(self.working, take_in))

    def _noted(self, result: Published) -> Published:
        """What was saved is clean, as the working copy is."""
        self._is_file_clean = True
        return result

    def begin_publishing(self) -> Callable[[Merger], Published]:
        """What does the same as :meth:`publish` on another thread, while this one goes on editing: what is
        edited meanwhile counts as not published. Its merger is called on the other thread too.

        :meth:`end_publishing` is to be called once it is done.
        """
        self._make_final()
        self.editor.begin_travelling()
        return self._publish_beside

    def _publish_beside(self, merger: Merger) -> Published:
        since = self.working.fs.now()
        result = self._noted(publish.publish(self.working, merger))
        with self.engine.connect() as connection:
            self._clean_backups(since, removal.removals_of(connection))
        return result

    def end_publishing(self) -> None:
        """The publishing on another thread is done."""
        self.editor.end_travelling()
        self.follow_removals()

    def save_as(self, target: Path, *, replace: bool = False) -> Published:
        """Publish under another name and go on with that file."""
        self._make_final()
        was_read_only = self.working.read_only
        with self._backups_followed():
            result = publish.save_as(self.working, target, replace=replace)
        if was_read_only:
            self.editor.read_only = self.working.origin.read_only
        return result

    def save_copy(self, target: Path, *, replace: bool = False) -> Path:
        """Write the present state to another file and go on with this one."""
        self._make_final()
        with self._backups_followed():
            return publish.save_copy(self.working, target, replace=replace)

    def revert(self) -> Path | None:
        """Go back to what the file holds; gives the backup of the state left, if there was one.

        The editor is another afterwards.
        """
        return self._swapped(lambda: going_back.revert_to_published(self.working, refuse_unsound))

    def restore(self, backup: Backup) -> Path:
        """Go back to a backup; gives the backup of the state left. The editor is another afterwards."""
        return self._swapped(lambda: going_back.restore_backup(self.working, backup, refuse_unsound))

    def _make_final(self) -> None:
        """Nothing under way, and no recorded change amended any more: the file is about to travel.

        Raises FileProblem.
        """
        self.editor.session.rollback()
        with plain_words("The plan could not be saved", KEPT):
            if self.working.has_unpublished_changes():
                self.editor.seal()

    def _swapped(self, swap: Callable[[], Swapped]) -> Swapped:
        """Swap the working copy's content while nothing holds it open; what was removed stays removed."""
        removals = removal.removals_of(self.editor.session.connection())
        self._end()
        try:
            result = swap()
            upgrade_working_copy(self.working)
        finally:
            self._begin(is_of_file=False)
        if removals:
            with self.engine.begin() as connection:
                add_removals(connection, removals)
            self.compact()
        return result

    # ------------------------------------------------------------------ texts removed for good

    def compact(self) -> None:
        """Write the working copy anew, so that nothing is left in it of what was removed. That is no change.

        Raises FileProblem.
        """
        with self.working.busy, plain_words("The working copy could not be written anew"):
            self.editor.session.rollback()
            clean = not self.working.has_unpublished_changes()
            compact(self.working.path)
            if clean:
                counter = self.working.counter_between_writes()
                self.working.record(replace(self.working.origin, counter=counter))
            self._compact_of = self._removal_ids()

    def _removal_ids(self) -> set[str]:
        found = removal.ids_of(self.editor.session.connection())
        self.editor.session.rollback()
        return found

    def follow_removals(self) -> Followed | None:
        """Bring this machine in line with what was removed, where that is new to it; gives what was done.

        What cannot be done now is done when the plan is next opened; nobody is kept from working for it.
        """
        if self.working.origin.read_only:
            return None
        removals = removal_work.unfinished(self.editor.session, self.working)
        if not removals or self._following.issuperset(each.id for each in removals):
            return None
        with contextlib.suppress(CyppError, OSError, sqlite3.Error):
            if self.followed is None and self.working.recovered:
                sweep_working_folder(self.working.folder, self.working.fs)
            if not self._compact_of.issuperset(each.id for each in removals):
                self.compact()
            self.followed = removal_work.follow(self.working, self.plan_id, removals)
            if not self.working.has_unpublished_changes():
                self._following.update(each.id for each in removals)
            return self.followed
        return None

    @contextlib.contextmanager
    def _backups_followed(self) -> Iterator[None]:
        """A file is replaced inside, of which a backup is kept: that may hold what was removed here since."""
        since = self.working.fs.now()
        yield
        removals = removal.removals_of(self.editor.session.connection())
        self.editor.session.rollback()
        if removals:
            self._clean_backups(since, removals)
            self.follow_removals()

    def _clean_backups(self, since: datetime, removals: Sequence[Removal]) -> None:
        """Take what was removed out of the backups made ``since``; on any thread."""
        data, fs = self.working.data, self.working.fs
        if removals:
            for backup in backups.list_backups(self.working.info().document_id, data, fs):
                if backup.at >= since:
                    clean(PlanFile(backup.path, PlanFileKind.BACKUP), removals, data, fs)

    # ------------------------------------------------------------------ ending

    def close(self) -> None:
        """End the work; what is not published is kept on this machine and offered at the next opening."""
        self._end()
        self._remember_file()
        self.working.close()

    def discard(self) -> None:
        """End the work and throw away what is not published."""
        self._end()
        self._remember_file()
        self.working.discard()

    def _remember_file(self) -> None:
        """Once the plan's file has no sign that deceives, as every file that is saved here."""
        if self._is_file_clean:
            remember_file(self.working)

    def __enter__(self) -> OpenPlan:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()
