"""The table of values as cells of text, and what is pasted into it. No widgets here."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from cypp_desktop.plan.model import Observation, ObservationKind


class ValueColumn(StrEnum):
    """The columns of the table of values, as the columns of an observation are called."""

    SERIES = "series"
    AREA = "area"
    PERIOD = "period"
    KIND = "kind"
    VALUE = "value"
    UNIT = "unit"
    NOTE = "note"

    @property
    def heading(self) -> str:
        """What stands over the column."""
        return self.capitalize()


COLUMNS: Final = tuple(ValueColumn)


def value_words(row: Observation) -> str:
    """What a value says in its cell, to the last digit."""
    return str(row.value) if row.value is not None else row.words or ""


def parsed_kind(text: str) -> str | None:
    """The kind of value that a pasted word means, or None."""
    word = text.strip().casefold()
    return word if word in list(ObservationKind) else None


def cell_words(row: Observation, column: ValueColumn) -> str:
    """What stands in a cell of the table of values."""
    if column is ValueColumn.VALUE:
        return value_words(row)
    said: str | None = getattr(row, column)
    return said or ""


def cells_of(row: Observation) -> list[str]:
    """What stands in all cells of a value."""
    return [cell_words(row, column) for column in COLUMNS]


def table_of(text: str) -> list[list[str]]:
    """Pasted text as rows of cells, as Excel and Word tables put them on the clipboard."""
    return [_cells_in(line) for line in _lines(text)]


def _cells_in(line: str) -> list[str]:
    return [_unquoted(cell) for cell in line.split("\t")]


def _lines(text: str) -> list[str]:
    """The rows of a pasted table: a line break within a quoted cell is none."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n").split("\n")
    whole: list[str] = []
    within = False
    for line in lines:
        if within:
            whole[-1] += "\n" + line
        else:
            whole.append(line)
        opened = _quotes_opened(line)
        within = opened > 0 or (within and opened == 0)
    return lines if within else whole


def _quotes_opened(line: str) -> int:
    """How many more cells of a line begin a quotation than end one."""
    opened = 0
    for cell in line.split("\t"):
        opened += cell.startswith('"') and not cell.endswith('"')
        opened -= cell.endswith('"') and not cell.startswith('"')
    return opened


def _unquoted(cell: str) -> str:
    if len(cell) > 1 and cell.startswith('"') and cell.endswith('"') and ("\n" in cell or '""' in cell):
        return cell[1:-1].replace('""', '"').strip()
    return cell.strip()


def headings_of(cells: Sequence[str]) -> list[ValueColumn | None] | None:
    """The columns that a pasted heading row names; None where the row is no heading."""
    by_heading = {column.heading.casefold(): column for column in COLUMNS}
    found = [by_heading.get(cell.casefold()) for cell in cells]
    is_heading = len(found) - found.count(None) >= 2
    return found if is_heading else None
