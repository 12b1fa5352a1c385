"""Columns wide enough for their words: what narrow ones need is taken from those that have room to spare.

Large print on upright paper would cut words else. Tables with the same columns get the same widths.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from cypp_desktop.report.cells import Blocks, TableCell, TableRow
from cypp_desktop.report.paper import PaperPart, TablePart
from cypp_desktop.report.pdf.fonts import BOLD
from cypp_desktop.report.pdf.lines import TypeStyle
from cypp_desktop.report.pdf.typesetter import Typesetter

#: So many ems hold the words that people write: a column as wide as that is not looked at.
_WIDE_ENOUGH = 9.0
#: No column is made wider than this part of the table for the sake of its words.
_WIDEST = 0.3
#: In so many rows of a table it is looked for words that are wider than their column.
_ROWS_LOOKED_AT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRoom:
    """The room that a table has, in points: its width, and what is left at each side of a cell."""

    width: float
    padding: float


def table_shares(
    parts: Sequence[PaperPart], setter: Typesetter, room: TableRoom
) -> dict[int, tuple[float, ...]]:
    """The columns' shares of the tables among the parts, by their places there."""
    alike: dict[tuple[tuple[float, ...], tuple[Blocks, ...], float], list[int]] = {}
    for at, part in enumerate(parts):
        if isinstance(part, TablePart):
            alike.setdefault((part.shares, part.heads, part.size), []).append(at)
    found: dict[int, tuple[float, ...]] = {}
    for (shares, heads, size), places in alike.items():
        rows: list[Sequence[TableRow]] = [[header_cells(heads)]]
        for at in places:
            part = parts[at]
            if isinstance(part, TablePart):
                rows.append(part.rows[:_ROWS_LOOKED_AT])
        found |= dict.fromkeys(places, shares_wide_enough(shares, chain(*rows), setter, size, room))
    return found


def header_cells(heads: Sequence[Blocks]) -> list[TableCell]:
    """The cells of a header."""
    return [TableCell(number, words, is_header=True) for number, words in enumerate(heads)]


def shares_wide_enough(
    shares: Sequence[float], rows: Iterable[TableRow], setter: Typesetter, size: float, room: TableRoom
) -> tuple[float, ...]:
    """Shares of the width with which words of that size need not be cut, as far as there is any room.

    Those given where all is well. Reads the cells of narrow columns.
    """
    whole = sum(shares)
    widths = [share * room.width / whole for share in shares]
    wide_enough = _WIDE_ENOUGH * size + 2 * room.padding
    if all(width >= wide_enough for width in widths):
        return tuple(shares)
    needs = [0.0 if width < wide_enough else wide_enough for width in widths]
    for row in rows:
        for cell in row:
            if cell.colspan == 1 and widths[cell.column] < wide_enough:
                style = TypeStyle(size, face=BOLD * cell.is_header)
                needed = setter.widest_word(cell.read(), style) + 2 * room.padding + 0.5
                needs[cell.column] = max(needs[cell.column], min(needed, _WIDEST * room.width))
    return _balanced(shares, widths, needs)


def _balanced(shares: Sequence[float], widths: Sequence[float], needs: Sequence[float]) -> tuple[float, ...]:
    """Widths in which the narrow columns have what they need, as far as the others can spare it."""
    over = [need - width for need, width in zip(needs, widths, strict=True)]
    lacking = sum(max(0.0, more) for more in over)
    spare = sum(max(0.0, -more) for more in over)
    if not lacking:
        return tuple(shares)
    moved = min(lacking, spare)
    found: list[float] = []
    for width, more in zip(widths, over, strict=True):
        if more > 0:
            width += more * (moved / lacking)
        elif spare:
            width += more * (moved / spare)
        found.append(width)
    return tuple(found)
