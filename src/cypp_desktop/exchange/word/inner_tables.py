"""Tables in the cells of a column, each with headings of its own: their columns stand beside the others.

"Actions and leads" over a small table of action, lead and date in each row is read as three columns, and
each row of the small table as a row that is merged with the one above in all that stands beside it.
"""

from __future__ import annotations

from collections.abc import Sequence

from cypp_desktop.exchange.word.columns import looks_like_heading, scores
from cypp_desktop.exchange.word.content import WordTable, words_of
from cypp_desktop.exchange.word.model import ColumnMeaning as M
from cypp_desktop.exchange.word.table_sections import SectionCell, TableRow, TableSection, plain_words


def with_inner_columns(section: TableSection) -> TableSection:
    """The section with the tables in its cells opened, where a column holds nothing but tables of one shape.

    Opens the first such column only: a row cannot be parted by two tables at once.
    """
    for at in range(len(section.headings)):
        headings = _headings_below(section, at)
        if headings is not None:
            return _opened(section, at, headings)
    return section


def _headings_below(section: TableSection, at: int) -> list[str] | None:
    """The headings of the tables in a column; None where cells hold anything else, or unlike tables."""
    headings: list[str] | None = None
    for row in section.data():
        cell = row.cells[at]
        if not cell.words:
            continue
        table = _only_table(cell)
        if table is None:
            return None
        own = _headings_of(table)
        if headings is not None and list(map(plain_words, own)) != list(map(plain_words, headings)):
            return None
        headings = headings or own
    return headings if headings and _say_actions_and_more(headings) else None


def _only_table(cell: SectionCell) -> WordTable | None:
    """The table of several rows and columns that is all that a cell holds."""
    pieces = [piece for piece in cell.content if words_of([piece])]
    if len(pieces) != 1 or not isinstance(pieces[0], WordTable):
        return None
    table = pieces[0]
    return table if len(table.rows) > 1 and table.width > 1 else None


def _headings_of(table: WordTable) -> list[str]:
    return [words_of(cell.content) for cell in table.rows[0].cells]


def _say_actions_and_more(headings: Sequence[str]) -> bool:
    """Whether headings say what is done, and of it who does it, by when or how far it is."""
    said = [scores(heading) for heading in headings if looks_like_heading(heading)]
    meanings = {max(found, key=lambda meaning: found[meaning]) for found in said}
    return M.ACTIONS in meanings and bool(meanings & {M.LEAD, M.DUE, M.STATUS})


def _opened(section: TableSection, at: int, headings: list[str]) -> TableSection:
    rows: list[TableRow] = []
    is_first_table = True
    for row in section.rows:
        if row.full is not None:
            rows.append(row)
            continue
        table = _only_table(row.cells[at])
        if table is None:
            blank = [SectionCell() for _ in headings]
            rows.append(
                TableRow([*row.cells[:at], *blank, *row.cells[at + 1 :]], None, row.broken, row.number)
            )
            continue
        if not is_first_table:
            section.again += headings
        is_first_table = False
        rows += _rows_of(row, at, table, len(headings))
    section.again.append(section.headings[at])
    section.headings = [*section.headings[:at], *headings, *section.headings[at + 1 :]]
    section.rows = rows
    section.bounds = []
    return section


def _rows_of(row: TableRow, at: int, table: WordTable, width: int) -> list[TableRow]:
    """A row for each of the rows of the table in one of its cells."""
    found: list[TableRow] = []
    for inner in table.rows[1:]:
        inside = [SectionCell() for _ in range(width)]
        for place, cell in enumerate(inner.cells[:width]):
            inside[place].content = list(cell.content)
            inside[place].merged = cell.continues
        for cell in inner.cells[width:]:
            inside[-1].content += cell.content
        if not any(cell.words for cell in inside) and found:
            continue
        before, after = row.cells[:at], row.cells[at + 1 :]
        if found:
            before, after = _merged(before), _merged(after)
        found.append(TableRow([*before, *inside, *after], None, row.broken and not found, row.number))
    return found


def _merged(cells: Sequence[SectionCell]) -> list[SectionCell]:
    """Cells that are one with those above them."""
    return [SectionCell(merged=True) for _ in cells]
