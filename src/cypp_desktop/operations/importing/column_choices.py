"""What the person has said about the columns of a document's tables.

Tables with the same headings are shown as one, since a plan prints its table once for each priority.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cypp_desktop.exchange.word.model import ColumnMeaning, FoundColumn, FoundTable

_M = ColumnMeaning
_PLAN = frozenset({_M.OUTCOME, _M.MEASURE, _M.ACTIONS, _M.UPDATE, _M.EVIDENCE})


@dataclass(frozen=True)
class TableGroup:
    """Tables that are shown as one: their numbers from 0, how many rows they have, and their columns."""

    tables: tuple[int, ...]
    rows: int
    above: tuple[str, ...]
    columns: tuple[FoundColumn, ...]

    @property
    def name(self) -> str:
        """ "Table 2", "Tables 1 to 4" or "Tables 1, 2 and 4" """
        numbers = [str(index + 1) for index in self.tables]
        if len(numbers) == 1:
            return f"Table {numbers[0]}"
        if len(numbers) > 2 and self.tables[-1] - self.tables[0] == len(numbers) - 1:
            return f"Tables {numbers[0]} to {numbers[-1]}"
        return f"Tables {', '.join(numbers[:-1])} and {numbers[-1]}"

    @property
    def stands_under(self) -> str:
        """ "Under “Priority 1. Health” and 3 more": the headings above the tables; empty without any."""
        if not self.above:
            return ""
        first = self.above[0]
        if len(first) > 70:
            first = first[:69].rstrip() + "…"
        more = f" and {len(self.above) - 1} more" if len(self.above) > 1 else ""
        return f"Under “{first}”{more}"

    def unsure(self, column: FoundColumn) -> bool:
        """Whether a column wants a person's eye: its heading did not say what it holds.

        Of a table that is not the plan's, a list of contacts say, nothing is asked.
        """
        return not column.certain and any(each.meaning in _PLAN for each in self.columns)

    @property
    def shape(self) -> tuple[tuple[int, ...], tuple[str, ...]]:
        """What stays the same when only meanings change."""
        return self.tables, tuple(column.heading for column in self.columns)


class ColumnChoices:
    """The tables as read last, and the meanings that the person chose."""

    def __init__(self) -> None:
        self.chosen: dict[tuple[int, int], ColumnMeaning] = {}
        self._tables: list[FoundTable] = []

    def take_in(self, tables: Sequence[FoundTable]) -> None:
        """From here on the choices are about these tables, as a reading found them."""
        self._tables = list(tables)

    def groups(self, *, apart: bool = False) -> list[TableGroup]:
        """The tables to show: those with the same headings as one, or each ``apart``."""
        alike: dict[object, list[FoundTable]] = {}
        for table in self._tables:
            alike.setdefault(table.index if apart else _kind(table), []).append(table)
        return [
            TableGroup(
                tuple(table.index for table in tables),
                sum(table.rows for table in tables),
                tuple(dict.fromkeys(table.heading for table in tables if table.heading)),
                tuple(tables[0].columns),
            )
            for tables in alike.values()
        ]

    @property
    def uncertain(self) -> int:
        """How many columns, tables with the same headings counted once, want a person's eye."""
        return sum(group.unsure(column) for group in self.groups() for column in group.columns)

    def choose(self, group: TableGroup, column: int, meaning: ColumnMeaning) -> None:
        """Say what a column of these tables means.

        A reading takes what is said of one table for all with the same headings; those that are not
        meant keep what they have.
        """
        kinds = {_kind(table) for table in self._tables if table.index in group.tables}
        for table in self._tables:
            if table.index in group.tables:
                self.chosen[table.index, column] = meaning
            elif _kind(table) in kinds and column < len(table.columns):
                self.chosen.setdefault((table.index, column), table.columns[column].meaning)


def _kind(table: FoundTable) -> object:
    headings = tuple(" ".join(column.heading.split()).casefold() for column in table.columns)
    return headings if any(headings) else table.index
