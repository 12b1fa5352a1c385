"""What all that stands in a panel has in common: it shows a row, follows changes, and hands typing over.

``Desk`` is what the parts of one panel area share: the plan's editor, and the signals by which a
part asks the window for something. Nothing here knows one kind of row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from cypp_desktop.errors import CyppError
from cypp_desktop.store.queries import current_round, rounds, the_plan
from cypp_desktop.ui import theme
from cypp_desktop.ui.autosave import Autosave
from cypp_desktop.ui.panels.flow import FlowLayout

if TYPE_CHECKING:
    from cypp_desktop.plan.base import Row
    from cypp_desktop.plan.model import Plan, Round
    from cypp_desktop.store.editor import Changed, Editor
    from cypp_desktop.ui.review.questions import OpenQuestions

AnyFact = TypeVar("AnyFact")
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


class Desk(QObject):
    """The plan under edit, and what the parts of a panel ask of the window."""

    #: What went wrong, in words for the person.
    problem = Signal(str)
    #: Go to a row: (row type, row id).
    jump = Signal(str, str)
    #: Show who changed a field and when: (row type, row id, field).
    history_wanted = Signal(str, str, str)

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
        """The plan's only writer; parts are asked nothing while no plan is open."""
        assert self._editor is not None
        return self._editor

    @editor.setter
    def editor(self, editor: Editor | None) -> None:
        self._editor = editor
        self.forget()

    def fact(self, key: object, ask: Callable[[], AnyFact]) -> AnyFact:
        """What the plan answers to a question that many parts ask, asked once until something changes."""
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

    def level_name(self, row_type: str) -> str:
        """What the plan calls its priorities, outcomes and measures; other rows by their usual name."""
        names = self.fact("level names", lambda: level_names(self.plan))
        return names.get(row_type, row_type.capitalize())


def level_names(plan: Plan) -> dict[str, str]:
    """The plan's own names of its three levels, by row type."""
    return {
        "priority": plan.level_priority or "Priority",
        "outcome": plan.level_outcome or "Outcome",
        "measure": plan.level_measure or "Performance measure",
    }


class Part(QWidget):
    """Something that shows one row, or something of it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.key: RowKey | None = None

    def row(self) -> Row | None:
        """The row shown, or None where there is none (any more)."""
        return self.desk.row(self.key)

    def load(self, row: Row | None) -> None:
        """Show another row, or nothing. What was being typed for the last one must be handed over before."""
        self.key = (row.row_type, row.id) if row is not None else None

    def apply(self, changed: Changed) -> None:
        """Show what a step has changed, leaving alone what is being typed."""

    def flush(self) -> None:
        """Hand what is being typed to the editor now."""


class Group(Part):
    """Parts one below another that show the same row."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.parts: list[Part] = []
        #: each heading with the number of parts that stand before it
        self._headings: list[tuple[Heading, int]] = []
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(10)

    def add(self, part: Part, stretch: int = 0) -> None:
        """Add a part below the others."""
        self.parts.append(part)
        self.column.addWidget(part, stretch)

    def add_line(self, *parts: Part) -> None:
        """Add parts side by side; they go on in the next line where there is no room."""
        line = QWidget()
        flow = FlowLayout(line, spacing=10, tops=True)
        for part in parts:
            self.parts.append(part)
            flow.addWidget(part)
        self.column.addWidget(line)

    def add_heading(self, words: str) -> None:
        """Add a heading over the parts that follow; it is shown with the first of them that is."""
        heading = Heading(words)
        self._headings.append((heading, len(self.parts)))
        self.column.addWidget(heading)

    def end(self) -> None:
        """Keep the parts together at the top where there is more room than they need."""
        self.column.addStretch(1)

    def load(self, row: Row | None) -> None:
        super().load(row)
        for part in self.parts:
            part.load(row)
        end = len(self.parts)
        for heading, first in reversed(self._headings):
            heading.setHidden(all(part.isHidden() for part in self.parts[first:end]))
            end = first

    def apply(self, changed: Changed) -> None:
        for part in self.parts:
            part.apply(changed)

    def flush(self) -> None:
        for part in self.parts:
            part.flush()


class Heading(QLabel):
    """A small heading within a panel."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        font = QFont()  # only the weight is our own: the size goes on following the window's
        font.setBold(True)
        self.setFont(font)
        self.setContentsMargins(0, 8, 0, 0)


class Hint(QLabel):
    """A muted line under a field."""

    def __init__(self, words: str = "") -> None:
        super().__init__(words)
        self.setWordWrap(True)
        self.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.setMinimumWidth(theme.scaled(self, 40))

    def say(self, words: str) -> None:
        """Show words; no words take no room."""
        self.setText(words)
        self.setVisible(bool(words))


def choice_words(value: str | None) -> str:
    """A stored choice as the person reads it: "data provider" as "Data provider"."""
    return value[:1].upper() + value[1:] if value else "Not said"


def cut(words: str | None, length: int = 60) -> str:
    """The first words of a text on one line, with an ellipsis where something is left out."""
    line = " ".join((words or "").split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def edited_fields(changed: Changed, key: RowKey | None) -> Iterable[str]:
    """The names of the fields of a row that a step edited."""
    return changed.edited.get(key, frozenset()) if key is not None else frozenset()


def values_of(row: Any, columns: Iterable[str]) -> dict[str, Any]:
    """Some columns of a row by name."""
    return {column: getattr(row, column) for column in columns}
