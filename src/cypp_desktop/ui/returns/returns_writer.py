"""Writes returns one after another: each is drafted on another thread, then noted in the plan and put out."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from cypp_desktop.errors import CyppError
from cypp_desktop.merge.issue import Draft, draft_return, put_out, throw_away
from cypp_desktop.operations.returns.requests import ReturnRequest, ReturnsWritten
from cypp_desktop.store.disk import plain_words
from cypp_desktop.store.output_file import make_output_folder
from cypp_desktop.store.timeouts import call_with_timeout
from cypp_desktop.ui.plan_reader import PlanReader

if TYPE_CHECKING:
    from cypp_desktop.ui.document import PlanDocument
    from cypp_desktop.ui.tasks import Tasks


class ReturnsWriter(QObject):
    """Goes through the requests; between two of them it can be stopped."""

    #: Another return is under way.
    moved = Signal()
    #: All is done or was stopped: the `ReturnsWritten`.
    ended = Signal(object)

    def __init__(self, tasks: Tasks, parent: QObject) -> None:
        super().__init__(parent)
        self._reader = PlanReader(tasks, "Writing returns", self)
        self._reader.found.connect(self._drafted)
        self._reader.failed.connect(self._not_drafted)
        self._reader.stopped.connect(self.stop)
        self._document: PlanDocument | None = None
        self._requests: list[ReturnRequest] = []
        self._sent = ReturnsWritten(Path())
        self.count = 0

    @property
    def is_under_way(self) -> bool:
        """Whether returns are being written."""
        return self._document is not None

    @property
    def done(self) -> int:
        """How many requests are behind us."""
        return self.count - len(self._requests)

    @property
    def words(self) -> str:
        """What is being written now."""
        return f"Writing the return for {self._requests[0].name}…" if self._requests else ""

    def begin(self, document: PlanDocument, folder: Path, requests: list[ReturnRequest]) -> None:
        """Write these returns into a folder, which is made if need be."""
        self._document, self._requests, self._sent = document, list(requests), ReturnsWritten(folder)
        self.count = len(requests)
        try:
            with plain_words("The folder for the returns cannot be used"):
                call_with_timeout(functools.partial(make_output_folder, folder, made_from=document.path))
        except CyppError as problem:
            self._sent.problems.append(("No return was written", str(problem)))
            self._end()
            return
        self._next()

    def stop(self) -> None:
        """Write no more of them."""
        if self._document is not None:
            self._reader.give_up()
            self._sent.stopped = True
            self._end()

    def let_go(self) -> None:
        """The plan is about to be closed: stop, and tell nobody."""
        self._reader.give_up()
        self._document, self._requests = None, []

    def _next(self) -> None:
        if not self._requests or self._document is None:
            self._end()
            return
        request = self._requests[0]
        draft = functools.partial(
            draft_return,
            organisation_id=request.organisation_id,
            due=request.due,
            round_id=request.round_id,
            covering_note=request.note,
            measure_ids=request.measures,
        )
        title = f"Writing returns ({self.done + 1} of {self.count})"
        self._reader.ask(functools.partial(self._document.access.read, draft), title=title, quiet=False)
        self.moved.emit()

    def _drafted(self, draft: Draft) -> None:
        if self._document is None:
            return
        request, plan = self._requests[0], self._document.plan
        try:
            self._sent.files.append(put_out(plan, draft, self._sent.folder))
            self._sent.organisations.append(request.organisation_id)
        except CyppError as problem:
            throw_away(plan, draft)
            self._sent.problems.append((request.name, str(problem)))
        self._requests.pop(0)
        self._next()

    def _not_drafted(self, problem: Exception) -> None:
        if self._document is None:
            return
        if not isinstance(problem, CyppError):
            self._end()
            raise problem
        self._sent.problems.append((self._requests[0].name, str(problem)))
        self._requests.pop(0)
        self._next()

    def _end(self) -> None:
        self._sent.left = len(self._requests)
        self._document, self._requests = None, []
        self.ended.emit(self._sent)
