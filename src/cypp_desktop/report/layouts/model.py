"""What a layout is: its columns, what has a row of its own, filters and paper. Declarations only.

A layout is either *of outcomes* (a table for every priority, in which cells span the rows of the
measures that they cover) or *of records* (a list made from the whole plan, such as what is overdue).
Reads nothing; the other modules of this folder fill it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from cypp_desktop.plan.model import Action, Lead, Measure, Organisation, Outcome, Plan, Round, Update
from cypp_desktop.plan.rag import AMBER_WITHIN
from cypp_desktop.report.drawing import Figure
from cypp_desktop.report.layouts.words import Blocks
from cypp_desktop.report.printed_fields import PrintedFields, Sources

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

Positions = tuple[int, ...]
#: the things of an outcome that each have a row of their own, or (for none) the outcome itself
Rows = Callable[[Outcome, "PrintScope"], Sequence[Measure] | Sequence[Update]]
#: What stands in a print beside its tables, in the order it is printed.
LayoutPart = Literal["introduction", "narrative", "summary", "form", "table"]


@dataclass(frozen=True, slots=True)
class ColumnEntry:
    """Something that stands in a column: read when it is printed, at some of the outcome's rows.

    ``rows`` are the rows that it covers, counted from 0; None is the whole outcome. ``number`` is the
    printed number of a thing in a list; a ``listed`` thing has a bullet where it has no number. ``of`` says
    whose words they are.
    """

    blocks: Callable[[], Blocks]
    rows: Positions | None = None
    number: str | None = None
    listed: bool = False
    continued: str | None = None
    of: Sources = ()


@dataclass(frozen=True, slots=True)
class FilteredRows:
    """The ids of the rows that a filter leaves."""

    outcomes: frozenset[str]
    measures: frozenset[str]
    actions: frozenset[str]
    updates: frozenset[str]


@dataclass(frozen=True)
class PrintScope:
    """What is printed, beside the layout: the round, the day it is printed on, and for whom.

    ``selection`` is None where everything is printed. ``since`` is a day in ISO form. ``printed`` hears whose
    words are printed.
    """

    plan: Plan
    round: Round | None
    rows: Rows
    day: date = date.min
    since: str | None = None
    organisation: Organisation | None = None
    selection: FilteredRows | None = None
    amber_within: Decimal = AMBER_WITHIN
    session: Session | None = None
    printed: PrintedFields = field(default_factory=PrintedFields)

    def measures(self, outcome: Outcome) -> Sequence[Measure]:
        """The outcome's measures that are printed."""
        chosen = self.selection
        if chosen is None:
            return outcome.measures
        return [measure for measure in outcome.measures if measure.id in chosen.measures]

    def actions(self, outcome: Outcome) -> Sequence[Action]:
        """The outcome's actions that are printed."""
        chosen = self.selection
        if chosen is None:
            return outcome.actions
        return [action for action in outcome.actions if action.id in chosen.actions]

    def updates(self, outcome: Outcome) -> list[Update]:
        """The outcome's updates of the round, and those that belong to none."""
        wanted = {None, self.round.id if self.round else None}
        chosen = self.selection
        return [
            update
            for update in outcome.updates
            if update.round_id in wanted and (chosen is None or update.id in chosen.updates)
        ]

    def places(self, outcome: Outcome) -> dict[str, Positions]:
        """The row of each of the outcome's things that has one."""
        return {thing.id: (at,) for at, thing in enumerate(self.rows(outcome, self))}


@dataclass(frozen=True, slots=True)
class Record:
    """A row of a list made from the whole plan: what stands in it, and whose words that are, by the name of
    the column.
    """

    values: Mapping[str, Blocks | Callable[[], Blocks]]
    of: Mapping[str, Sources] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RecordGroup:
    """Records under a heading of their own; no heading where there is but one group."""

    heading: str
    records: Sequence[Record]
    of: Sources = ()


Records = Callable[[PrintScope], Iterable[RecordGroup]]
Drawing = Callable[[PrintScope, float], Figure | None]


def _nothing(outcome: Outcome, scope: PrintScope) -> Iterable[ColumnEntry]:
    return ()


@dataclass(frozen=True, slots=True)
class LayoutColumn:
    """A column: ``heading`` is used where none of the plan's own headings matches ``known_as``.

    ``key`` names it in a saved layout and, in a list of records, the value that stands in it. ``own``
    is a heading that an officer gave it; ``level`` is what of the plan row its usual heading says.
    """

    key: str
    heading: Callable[[PrintScope], str]
    share: float
    entries: Callable[[Outcome, PrintScope], Iterable[ColumnEntry]] = _nothing
    known_as: str | None = None
    is_header: bool = False
    own: str | None = None
    level: str | None = None


@dataclass(frozen=True, slots=True)
class PrintFilter:
    """Which part of the plan is printed; empty is everything. Priorities and organisation are ids.

    ``rag`` holds ``red``, ``amber``, ``green`` and ``none`` (which cannot be told); ``with_values`` leaves
    the measures that have any value.
    """

    priorities: frozenset[str] = frozenset()
    organisation: str | None = None
    rag: frozenset[str] = frozenset()
    with_values: bool = False

    def __bool__(self) -> bool:
        return bool(self.priorities or self.organisation or self.rag or self.with_values)

    def narrowed(self, asked: PrintFilter) -> PrintFilter:
        """This filter with what is asked of a print as well: that comes in place of what stands here.

        Of the colours those are left that both want, or those asked for where no colour is left.
        """
        return PrintFilter(
            asked.priorities or self.priorities,
            asked.organisation or self.organisation,
            (self.rag & asked.rag) or asked.rag or self.rag,
            self.with_values or asked.with_values,
        )


@dataclass(frozen=True)
class Layout:
    """How the plan is printed. ``above`` are the lists over a priority's table: heading and field.

    ``records`` makes it a list of records; else ``rows`` says what has a row in a table of outcomes.
    ``drawing`` makes what stands over its table, for text of a size in points; None where there is nothing to
    draw. ``nothing`` is said where there is nothing to print. ``size`` is that of the text, in points.
    """

    name: str
    title: str
    columns: tuple[LayoutColumn, ...]
    rows: Rows
    size: float = 9.5
    above: tuple[tuple[str, str], ...] = ()
    parts: tuple[LayoutPart, ...] = ("introduction", "table")
    records: Records | None = None
    drawing: Drawing | None = None
    filter: PrintFilter = field(default_factory=PrintFilter)
    paper: str = "A4"
    landscape: bool = True
    nothing: str = "There is nothing to print here."
    priority_leads: bool = True
    based_on: str = ""

    @cached_property
    def base(self) -> str:
        """The name of the layout of ours that it is, or was made from."""
        return self.based_on or self.name


def leads_of(measure: Measure) -> Sequence[Lead]:
    """Who answers for a measure: its own leads, else the outcome's, else the priority's."""
    return measure.leads or measure.outcome.leads or measure.outcome.priority.leads
