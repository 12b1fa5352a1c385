"""What the widgets of a panel area share: the plan's editor, what may be edited, and questions to the window.

Nothing here knows one kind of row.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from PySide6.QtCore import QObject, Signal

from cypp_desktop.errors import CyppError
from cypp_desktop.plan.levels import LEVEL_COLUMNS, level_names
from cypp_desktop.store.queries import current_round, rounds, the_plan
from cypp_desktop.ui.autosave import Autosave

if TYPE_CHECKING:
    from cypp_desktop.plan.base import Row
    from cypp_desktop.plan.model import Plan, Round
    from cypp_desktop.store.editor import Editor
    from cypp_desktop.ui.review.questions import OpenQuestions

AnyFact = TypeVar("AnyFact")
Made = TypeVar("Made")
RowKey = tuple[str, str]


class Limits(Protocol):
    """What may be edited in a file that is no whole plan."""

    @property
    def round(self) -> Round | None:
        """The round that is being written."""
        ...

    def allows(self, row: Row) -> bool:
        """Whether the fields of a row may be edited."""
        ...

    def may_go(self, row: Row) -> bool:
        """Whether a row may be deleted."""
        ...

    def withholds(self, row_type: str, field: str) -> bool:
        """Whether a field is not shown at all."""
        ...


class PanelContext(QObject):
    """The plan under edit, and what the widgets of a panel ask of the window."""

    #: What went wrong, in words for the person.
    problem = Signal(str)
    #: Go to a row: (row type, row id).
    jump = Signal(str, str)
    #: Show who changed a field and when: (row type, row id, field).
    history_wanted = Signal(str, str, str)
    #: Remove for good what a field has said: (row type, row id, field).
    removal_wanted = Signal(str, str, str)

    def __init__(self, parent: QObject | None = None, autosave: Autosave | None = None) -> None:
        super().__init__(parent)
        #: Asks the fields for what is typed in them.
        self.autosave = autosave or Autosave(self)
        self._editor: Editor | None = None
        self._facts: dict[object, Any] = {}
        #: What may be edited in a return; None where that is everything.
        self.limits: Limits | None = None
        #: The row that the panel shows: what is begun in it is edited where it is.
        self.shown: RowKey | None = None
        #: What the plan waits for a person to decide; None where nobody asks it.
        self.questions: OpenQuestions | None = None

    @property
    def editor(self) -> Editor:
        """The plan's only writer; widgets ask for nothing while no plan is open."""
        assert self._editor is not None
        return self._editor

    @editor.setter
    def editor(self, editor: Editor | None) -> None:
        self._editor = editor
        self.forget()

    def fact(self, key: object, ask: Callable[[], AnyFact]) -> AnyFact:
        """What the plan answers to a question that many widgets ask, asked once until something changes."""
        if key not in self._facts:
            self._facts[key] = ask()
        found: AnyFact = self._facts[key]
        return found

    def forget(self) -> None:
        """Something has changed: ask again."""
        self._facts.clear()

    @property
    def is_open(self) -> bool:
        """Whether there is a plan to show."""
        return self._editor is not None

    @property
    def read_only(self) -> bool:
        """Whether texts may only be read and copied."""
        return self._editor is None or self._editor.read_only

    def is_locked(self, row: Row | None) -> bool:
        """Whether a row may only be read; None is one that is begun in the row shown."""
        if self.read_only or self.limits is None:
            return self.read_only
        asked = row or self.row(self.shown)
        return asked is None or not self.limits.allows(asked)

    def may_go(self, row: Row) -> bool:
        """Whether a row may be deleted."""
        return not self.read_only and (self.limits is None or self.limits.may_go(row))

    @property
    def may_arrange(self) -> bool:
        """Whether rows may be moved and copied."""
        return not self.read_only and self.limits is None

    def withholds(self, row_type: str, field: str) -> bool:
        """Whether a field is nothing that a return shows."""
        return self.limits is not None and self.limits.withholds(row_type, field)

    @property
    def plan(self) -> Plan:
        """The plan's own row."""
        return self.fact("plan", lambda: the_plan(self.editor.session))

    @property
    def rounds(self) -> list[Round]:
        """The reporting rounds in order."""
        return self.fact("rounds", lambda: list(rounds(self.editor.session)))

    @property
    def current_round(self) -> Round | None:
        """The round that is being written."""
        if self.limits is not None:
            return self.limits.round
        return self.fact("current round", lambda: current_round(self.editor.session))

    def row(self, key: RowKey | None) -> Row | None:
        """The row of a key, or None where it is not (or no longer) in the plan."""
        return self.editor.row(*key) if key is not None and self._editor is not None else None

    def do(self, command: Callable[[], object]) -> bool:
        """Run a command of the person; what it refuses is told by ``problem``. Whether it was done."""
        try:
            command()
        except CyppError as refused:
            self.problem.emit(str(refused))
            return False
        return True

    def make(self, command: Callable[[], Made]) -> Made | None:
        """What a command of the person makes; None where it is refused, which is told by ``problem``."""
        try:
            return command()
        except CyppError as refused:
            self.problem.emit(str(refused))
            return None

    def level_name(self, row_type: str) -> str:
        """What the plan calls its priorities, outcomes and measures; other rows by their usual name."""
        names = self.fact("level names", self._level_names)
        return names.get(row_type, row_type.capitalize())

    def _level_names(self) -> dict[str, str]:
        return level_names(getattr(self.plan, column) for column in LEVEL_COLUMNS)
