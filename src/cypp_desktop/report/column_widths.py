"""Columns wide enough for their words: what narrow ones need is taken from those that have room to spare.

Large print on upright paper would cut words else. Tables with the same columns get the same widths.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

from cypp_desktop.report.cells import Blocks, TableCell, TableRow
from cypp_desktop.report.paper import PaperPart, TablePart
from cypp_desktop.report.pdf.fonts import BOLD
from cypp_desktop.report.pdf.lines import TypeStyle
from cypp_desktop.report.pdf.typesetter import Typesetter

#: So many ems hold the words that people write: a column as wide as that is not looked at.
_ROOMY = 9.0
#: No column is made wider than this part of the table for the sake of its words.
_WIDEST = 0.3
#: In so many rows of a table it is looked for words that are wider than their column.
_ROWS_LOOKED_AT = 200


def table_shares(
    parts: Sequence[PaperPart], setter: Typesetter, width: float, padding: float
) -> dict[int, tuple[float, ...]]:
    """The columns' shares of the tables among the parts, by their places there.

    ``width`` is that of a table, ``padding`` what is left at each side of a cell, in points.
    """
    alike: dict[tuple[tuple[float, ...], tuple[Blocks, ...], float], list[int]] = {}
    for at, part in enumerate(parts):
        if isinstance(part, TablePart):
            alike.setdefault((part.shares, part.heads, part.size), []).append(at)
    found: dict[int, tuple[float, ...]] = {}
    for (shares, heads, size), places in alike.items():
        grids = [part for at in places if isinstance(part := parts[at], TablePart)]
        rows = chain([header_cells(heads)], *(grid.rows[:_ROWS_LOOKED_AT] for grid in grids))
        found |= dict.fromkeys(places, shares_wide_enough(shares, rows, setter, size, width, padding))
    return found


def header_cells(heads: Sequence[Blocks]) -> list[TableCell]:
    """The header's cells."""
    return [TableCell(number, words, is_header=True) for number, words in enumerate(heads)]


def shares_wide_enough(
    shares: Sequence[float],
    rows: Iterable[TableRow],
    setter: Typesetter,
    size: float,
    width: float,
    padding: float,
) -> tuple[float, ...]:
    """Shares of the width with which words of that size need not be cut, as far as there is any room.

    Those given where all is well. Reads the cells of narrow columns.
    """
    have = [share * width / sum(shares) for share in shares]
    roomy = _ROOMY * size + 2 * padding
    need = [0.0 if wide < roomy else roomy for wide in have]
    if all(need):
        return tuple(shares)
    for row in rows:
        for cell in row:
            if cell.colspan == 1 and have[cell.column] < roomy:
                blocks = cell.blocks() if callable(cell.blocks) else cell.blocks
                style = TypeStyle(size, face=BOLD * cell.is_header)
                wanted = min(setter.widest_word(blocks, style) + 2 * padding + 0.5, _WIDEST * width)
                need[cell.column] = max(need[cell.column], wanted)
    lacking = sum(max(0.0, least - wide) for least, wide in zip(need, have, strict=True))
    spare = sum(max(0.0, wide - least) for least, wide in zip(need, have, strict=True))
    if not lacking:
        return tuple(shares)
    moved = min(lacking, spare)
    return tuple(
        wide + (least - wide) * (moved / lacking if least > wide else moved / spare if spare else 0.0)
        for least, wide in zip(need, have, strict=True)
    )
