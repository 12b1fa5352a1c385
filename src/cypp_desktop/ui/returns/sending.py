"""Writes returns one after another: each is drafted on another thread, then noted in the plan and put out."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from cypp_desktop.errors import CyppError
from cypp_desktop.merge.issue import Draft, draft_return, put_out, throw_away
from cypp_desktop.store.disk import plain_words
from cypp_desktop.store.timeouts import call_with_timeout
from cypp_desktop.ui.plan_reader import PlanReader

if TYPE_CHECKING:
    from cypp_desktop.ui.document import PlanDocument
    from cypp_desktop.ui.tasks import Tasks


@dataclass(frozen=True, slots=True)
class Wish:
    """One return that is to be written; ``measures`` None asks for what the organisation leads."""

    organisation_id: str
    name: str
    due: str | None
    round_id: str | None
    note: str | None
    measures: frozenset[str] | None = None


@dataclass(slots=True)
class Sent:
    """What became of the wishes: files written, problems as (organisation, words), and how many are left."""

    folder: Path
    files: list[Path] = field(default_factory=list)
    organisations: list[str] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    left: int = 0
    stopped: bool = False


class Sending(QObject):
    """Goes through the wishes; between two of them it can be stopped."""

    #: Another return is under way.
    moved = Signal()
    #: All is done or was stopped: the `Sent`.
    ended = Signal(object)

    def __init__(self, tasks: Tasks, parent: QObject) -> None:
        super().__init__(parent)
        self._reader = PlanReader(tasks, "Writing returns", self)
        self._reader.found.connect(self._drafted)
        self._reader.failed.connect(self._not_drafted)
        self._reader.stopped.connect(self.stop)
        self._document: PlanDocument | None = None
        self._wishes: list[Wish] = []
        self._sent = Sent(Path())
        self.count = 0

    @property
    def is_under_way(self) -> bool:
        """Whether returns are being written."""
        return self._document is not None

    @property
    def done(self) -> int:
        """How many wishes are behind us."""
        return self.count - len(self._wishes)

    @property
    def words(self) -> str:
        """What is being written now."""
        return f"Writing the return for {self._wishes[0].name}…" if self._wishes else ""

    def begin(self, document: PlanDocument, folder: Path, wishes: list[Wish]) -> None:
        """Write these returns into a folder, which is made if need be."""
        self._document, self._wishes, self._sent = document, list(wishes), Sent(folder)
        self.count = len(wishes)
        try:
            with plain_words("The folder for the returns cannot be used"):
                call_with_timeout(functools.partial(folder.mkdir, parents=True, exist_ok=True))
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
        self._document, self._wishes = None, []

    def _next(self) -> None:
        if not self._wishes or self._document is None:
            self._end()
            return
        wish = self._wishes[0]
        draft = functools.partial(
            draft_return,
            organisation_id=wish.organisation_id,
            due=wish.due,
            round_id=wish.round_id,
            covering_note=wish.note,
            measure_ids=wish.measures,
        )
        title = f"Writing returns ({self.done + 1} of {self.count})"
        self._reader.ask(functools.partial(self._document.access.read, draft), title=title, quiet=False)
        self.moved.emit()

    def _drafted(self, draft: Draft) -> None:
        if self._document is None:
            return
        wish, plan = self._wishes[0], self._document.plan
        try:
            self._sent.files.append(put_out(plan, draft, self._sent.folder))
            self._sent.organisations.append(wish.organisation_id)
        except CyppError as problem:
            throw_away(plan, draft)
            self._sent.problems.append((wish.name, str(problem)))
        self._wishes.pop(0)
        self._next()

    def _not_drafted(self, problem: Exception) -> None:
        if self._document is None:
            return
        if not isinstance(problem, CyppError):
            self._end()
            raise problem
        self._sent.problems.append((self._wishes[0].name, str(problem)))
        self._wishes.pop(0)
        self._next()

    def _end(self) -> None:
        self._sent.left = len(self._wishes)
        self._document, self._wishes = None, []
        self.ended.emit(self._sent)
