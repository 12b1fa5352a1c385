"""The table of values as cells of text, and what is pasted into it. No widgets here."""

from __future__ import annotations

from collections.abc import Sequence

from cypp_desktop.plan.model import Observation, ObservationKind

#: The columns of the table of values: field or column of an observation, and heading.
COLUMNS = (
    ("series", "Series"),
    ("area", "Area"),
    ("period", "Period"),
    ("kind", "Kind"),
    ("value", "Value"),
    ("unit", "Unit"),
    ("note", "Note"),
)


def value_words(row: Observation) -> str:
    """What a value says in its cell, to the last digit."""
    return str(row.value) if row.value is not None else row.words or ""


def parsed_kind(text: str) -> str | None:
    """The kind of value that a pasted word means, or None."""
    word = text.strip().casefold()
    return word if word in list(ObservationKind) else None


def cell_words(row: Observation, column: str) -> str:
    """What stands in a cell of the table of values."""
    if column == "value":
        return value_words(row)
    said: str | None = getattr(row, column)
    return said or ""


def table_of(text: str) -> list[list[str]]:
    """Pasted text as rows of cells, as Excel and Word tables put them on the clipboard."""
    return [[_unquoted(cell) for cell in line.split("\t")] for line in _lines(text)]


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
        opened = sum(1 for cell in line.split("\t") if cell.startswith('"') and not cell.endswith('"'))
        closed = sum(1 for cell in line.split("\t") if cell.endswith('"') and not cell.startswith('"'))
        within = (within or opened > closed) and not (within and closed > opened)
    return whole if not within else lines


def _unquoted(cell: str) -> str:
    if len(cell) > 1 and cell.startswith('"') and cell.endswith('"') and ("\n" in cell or '""' in cell):
        return cell[1:-1].replace('""', '"').strip()
    return cell.strip()


def headings_of(cells: Sequence[str]) -> list[str | None] | None:
    """The columns that a pasted heading row names; None where the row is no heading."""
    by_heading = {heading.casefold(): column for column, heading in COLUMNS}
    found = [by_heading.get(cell.casefold()) for cell in cells]
    return found if sum(1 for column in found if column) >= 2 else None
