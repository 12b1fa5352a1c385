"""What a layout is: its columns, what has a row of its own, filters and paper. Declarations only.

A layout is either *of outcomes* (a table for every priority, in which cells span the rows of the
measures that they cover) or *of records* (a list made from the whole plan, such as what is overdue).
Reads nothing; the other modules of this folder fill it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from sqlalchemy.orm import Session

from cypp_desktop.plan.model import (
    Action,
    Lead,
    Measure,
    Organisation,
    Outcome,
    Plan,
    Priority,
    Round,
    Update,
)
from cypp_desktop.plan.rag import AMBER_WITHIN
from cypp_desktop.report.cells import Blocks
from cypp_desktop.report.drawing import Figure
from cypp_desktop.report.paper import PageSetup
from cypp_desktop.report.paper_kinds import PaperSize
from cypp_desktop.report.printed_fields import PrintedFields, Sources
from cypp_desktop.store.queries import priorities

#: Rows of an outcome's part of a table, counted from 0.
RowNumbers = tuple[int, ...]
#: the things of an outcome that each have a row of their own, or (for none) the outcome itself
Rows = Callable[[Outcome, "PrintScope"], Sequence[Measure] | Sequence[Update]]


class LayoutPart(StrEnum):
    """What stands in a print, in the order that the layout says."""

    INTRODUCTION = "introduction"
    NARRATIVE = "narrative"
    SUMMARY = "summary"
    FORM = "form"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class ColumnEntry:
    """Something that stands in a column: read when it is printed, at some of the outcome's rows.

    ``rows`` are the rows that it covers; None is the whole outcome. ``number`` is the printed number of a
    thing in a list; a ``listed`` thing has a bullet where it has no number. ``sources`` says whose words they
    are.
    """

    blocks: Callable[[], Blocks]
    _: KW_ONLY
    rows: RowNumbers | None = None
    number: str | None = None
    listed: bool = False
    continued: str | None = None
    sources: Sources = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FilteredRows:
    """The ids of the rows that a filter leaves."""

    outcomes: set[str] = field(default_factory=set)
    measures: set[str] = field(default_factory=set)
    actions: set[str] = field(default_factory=set)
    updates: set[str] = field(default_factory=set)


@dataclass(frozen=True, kw_only=True)
class PrintScope:
    """What is printed, beside the layout: the round, the day it is printed on, and for whom.

    ``filtered`` is None where everything is printed. ``since`` is a day in ISO form. ``printed`` hears whose
    words are printed.
    """

    session: Session
    plan: Plan
    round: Round | None
    rows: Rows
    day: date = date.min
    since: str | None = None
    organisation: Organisation | None = None
    filtered: FilteredRows | None = None
    amber_within: Decimal = AMBER_WITHIN
    printed: PrintedFields = field(default_factory=PrintedFields)

    def outcomes(self) -> Iterator[tuple[Priority, Outcome]]:
        """The outcomes that are printed, with their priority."""
        for priority in priorities(self.session, whole=True):
            for outcome in priority.outcomes:
                if self.prints(outcome):
                    yield priority, outcome

    def prints(self, outcome: Outcome) -> bool:
        """Whether anything of an outcome is printed."""
        return self.filtered is None or outcome.id in self.filtered.outcomes

    def measures(self, outcome: Outcome) -> Sequence[Measure]:
        """The outcome's measures that are printed."""
        if self.filtered is None:
            return outcome.measures
        return [measure for measure in outcome.measures if measure.id in self.filtered.measures]

    def actions(self, outcome: Outcome) -> Sequence[Action]:
        """The outcome's actions that are printed."""
        if self.filtered is None:
            return outcome.actions
        return [action for action in outcome.actions if action.id in self.filtered.actions]

    def updates(self, outcome: Outcome) -> list[Update]:
        """The outcome's updates of the round, and those that belong to none."""
        rounds = {None, self.round.id if self.round else None}
        found = [update for update in outcome.updates if update.round_id in rounds]
        if self.filtered is None:
            return found
        return [update for update in found if update.id in self.filtered.updates]

    def row_numbers(self, outcome: Outcome) -> dict[str, RowNumbers]:
        """The row of each of the outcome's things that has one, by its id."""
        return {thing.id: (at,) for at, thing in enumerate(self.rows(outcome, self))}


@dataclass(frozen=True, slots=True)
class RecordCell:
    """What stands in a list under one column, and whose words that are."""

    blocks: Blocks | Callable[[], Blocks] = ()
    sources: Sources = ()

    def read(self) -> Blocks:
        """What it holds."""
        return self.blocks() if callable(self.blocks) else self.blocks


#: A row of a list made from the whole plan: what stands in it, by the key of the column.
Record = Mapping[str, RecordCell]


@dataclass(frozen=True, slots=True)
class RecordGroup:
    """Records under a heading of their own; no heading where there is but one group."""

    heading: str
    records: Sequence[Record]
    sources: Sources = ()


Records = Callable[[PrintScope], Iterable[RecordGroup]]
Drawing = Callable[[PrintScope, float], Figure | None]


def _no_entries(outcome: Outcome, scope: PrintScope) -> Iterable[ColumnEntry]:
    return ()


@dataclass(frozen=True, slots=True)
class LayoutColumn:
    """A column: ``heading`` is used where none of the plan's own headings matches ``known_as``.

    ``key`` names it in a saved layout and, in a list of records, the value that stands in it. ``share`` is
    that of the width. ``own_heading`` is one that an officer gave it; ``level`` is the column of the plan's
    row that its usual heading is made of.
    """

    key: str
    heading: Callable[[PrintScope], str]
    share: float
    _: KW_ONLY
    entries: Callable[[Outcome, PrintScope], Iterable[ColumnEntry]] = _no_entries
    known_as: str | None = None
    is_header: bool = False
    own_heading: str | None = None
    level: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintFilter:
    """Which part of the plan is printed; empty is everything. Priorities and organisation are ids.

    ``rag`` are the colours that are left; ``with_values`` leaves the measures that have any value.
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
            priorities=asked.priorities or self.priorities,
            organisation=asked.organisation or self.organisation,
            rag=(self.rag & asked.rag) or asked.rag or self.rag,
            with_values=self.with_values or asked.with_values,
        )


@dataclass(frozen=True, kw_only=True)
class PaperLayout:
    """How the plan is printed. ``above`` are the lists over a priority's table: heading and field.

    ``records`` makes it a list of records; else ``rows`` says what has a row in a table of outcomes.
    ``size`` is that of the text, in points. ``drawing`` makes what stands over its table, for text of a size;
    None where there is nothing to draw. ``when_empty`` is said where there is nothing to print.
    """

    name: str
    title: str
    columns: tuple[LayoutColumn, ...]
    rows: Rows
    #: It prints the whole plan, under the plan's title alone; the others are parts of packs, or for work.
    prints_whole_plan: bool = False
    size: float = 9.5
    paper: PaperSize = PaperSize.A4
    landscape: bool = True
    parts: tuple[LayoutPart, ...] = (LayoutPart.INTRODUCTION, LayoutPart.TABLE)
    above: tuple[tuple[str, str], ...] = ()
    records: Records | None = None
    drawing: Drawing | None = None
    filter: PrintFilter = field(default_factory=PrintFilter)
    when_empty: str = "There is nothing to print here."
    shows_priority_leads: bool = True
    #: What a reader has to know first.
    note: Callable[[PrintScope], str] | None = None
    #: Whether a note says for which organisation only it is.
    names_organisation: bool = True
    #: A filter by colour is not for it: a count without some of the colours would say that there are none.
    has_all_colours: bool = False
    #: In a pack it is left out where there is nothing of it.
    optional_in_pack: bool = False
    #: the name of the layout of ours that it was made from
    based_on: str = ""

    @cached_property
    def base(self) -> str:
        """The name of the layout of ours that it is, or was made from."""
        return self.based_on or self.name

    @property
    def setup(self) -> PageSetup:
        """The paper that it is printed on."""
        return PageSetup(paper=self.paper, landscape=self.landscape, size=self.size)


def leads_of(measure: Measure) -> Sequence[Lead]:
    """Who answers for a measure: its own leads, else the outcome's, else the priority's."""
    return measure.leads or measure.outcome.leads or measure.outcome.priority.leads


def leads_of_action(action: Action) -> Sequence[Lead]:
    """Who answers for an action: its own leads, else the outcome's, else the priority's."""
    return action.leads or action.outcome.leads or action.outcome.priority.leads
