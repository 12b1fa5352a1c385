"""How other threads read a plan that is open in the window.

The window edits the plan on the main thread. Work on another thread that wants to read it asks the plan's
:class:`PlanAccess` each time. So the working copy's file is never swapped or thrown away while it is read.
Work that comes too late finds the access closed. No Qt here.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from threading import Condition
from typing import TYPE_CHECKING, TypeVar

from cypp_desktop.operations.progress import Cancelled, Progress

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from cypp_desktop.store.plan_file import OpenPlan

_Found = TypeVar("_Found")


class PlanAccess:
    """The way to one open plan for any number of threads, until it is closed.

    Read the plan itself for as short as can be: it cannot be closed meanwhile. Whatever takes longer works on
    a copy. Ask no disk that may hang, such as a share, while reading: closing the plan would wait for it.
    """

    def __init__(self, plan: OpenPlan) -> None:
        #: The open plan itself. What it keeps on the disk is read within `reading` only.
        self.plan = plan
        self._changed = Condition()
        self._readers = 0
        self._is_closed = False

    @property
    def is_closed(self) -> bool:
        """Whether nobody may read the plan any more."""
        return self._is_closed

    @contextmanager
    def reading(self, progress: Progress) -> Iterator[OpenPlan]:
        """The plan, to be read within the block. Its editor belongs to the main thread and is not touched.

        Raises Cancelled where the work should stop, or the plan has been closed.
        """
        with self._changed:
            progress.check()
            if self._is_closed:
                raise Cancelled
            self._readers += 1
        try:
            yield self.plan
        finally:
            with self._changed:
                self._readers -= 1
                self._changed.notify_all()

    def read(self, find: Callable[[OpenPlan], _Found], progress: Progress) -> _Found:
        """What ``find`` finds in the plan. Raises as `reading` does, and as ``find`` does."""
        with self.reading(progress) as plan:
            return find(plan)

    @contextmanager
    def copied(self, progress: Progress) -> Iterator[Session]:
        """A copy of the plan in memory, for this thread. Making it takes milliseconds; then nobody waits.

        Raises as `reading` does, and FileProblem.
        """
        from cypp_desktop.store.snapshot import snapshot

        with ExitStack() as until_done:
            with self.reading(progress) as plan:
                session = until_done.enter_context(snapshot(plan.working.path))
            yield session

    @contextmanager
    def copied_plan(self, progress: Progress) -> Iterator[OpenPlan]:
        """The same as an open plan with an editor, to try things on. What is written there is nobody's."""
        from cypp_desktop.store.editor import Editor

        with self.copied(progress) as session:
            other = copy.copy(self.plan)
            other.engine = session.get_bind().engine
            other.editor = Editor(other.engine, self.plan.editor.author)
            try:
                yield other
            finally:
                other.editor.close()

    def close(self) -> None:
        """Let nobody in any more, and wait until nobody reads: then the file may be swapped or removed."""
        with self._changed:
            self._is_closed = True
            self._changed.wait_for(self._has_no_readers)

    def _has_no_readers(self) -> bool:
        return self._readers == 0
