"""Word's tables as a person sees them: one heading row, one cell for each heading in each row.

Undoes what Word does to tables: grid columns that no cell shows, merged cells, headings typed again
on each page, headings in two rows, a table cut in two by a page, a priority in a row of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from cypp_desktop.exchange.word.codes import UNSURE_RANK, priority_heading
from cypp_desktop.exchange.word.columns import looks_like_heading, scores
from cypp_desktop.exchange.word.content import WordTable, WordTableCell, WordTableRow, words_of
from cypp_desktop.exchange.word.figure_columns import figure_column
from cypp_desktop.exchange.word.forms import read_form
from cypp_desktop.exchange.word.inner_tables import with_inner_columns
from cypp_desktop.exchange.word.table_sections import SectionCell, TableRow, TableSection, plain_words


def sections(grid: WordTable, above: TableSection | None) -> list[TableSection]:
    """The parts of a table, each under its own headings; ``above`` is the part that came before it.

    A table of one column has no part: it is no table but a frame round some text.
    """
    form = read_form(grid)
    if form is not None:
        return [form]
    return [with_inner_columns(section) for section in _Tabler(grid, above).read()]


def is_frame(grid: WordTable) -> bool:
    """Whether a table is only a frame round some text: it never has two cells with words in a row."""
    if grid.width != 1 and len(grid.rows) > 2:
        return False
    return all(_cells_with_words(row) <= 1 for row in grid.rows)


def _cells_with_words(row: WordTableRow) -> int:
    return sum(bool(words_of(cell.content)) for cell in row.cells)


class _Tabler:
    def __init__(self, grid: WordTable, above: TableSection | None) -> None:
        self.grid = grid
        self.above = above
        self.found: list[TableSection] = []
        self.waiting: list[TableRow] = []  # full rows before the headings
        self.broken = False
        self.last_was_heading = False

    def read(self) -> list[TableSection]:
        for number, row in enumerate(self.grid.rows, 1):
            texts = [words_of(cell.content) for cell in row.cells]
            if any(texts):
                self._row(row, texts, number)
        if self.waiting:
            self._open_without_headings(None)
        return self.found

    def _row(self, row: WordTableRow, texts: list[str], number: int) -> None:
        """One row with words: ``texts`` are those of its cells."""
        if self._is_full(row, texts):
            self._add(TableRow([], row.content, number=number))
            self.last_was_heading = False
        elif self.last_was_heading and self._is_second_heading(row, texts):
            self._second_heading(row, texts)
        elif self._repeats(texts):
            self.broken = True
            self.found[-1].again += texts
            self.last_was_heading = not self.found[-1].rows
        elif self._is_heading(row, texts):
            self._open(row, texts)
        else:
            self.last_was_heading = False
            self._data(row, number)

    # ------------------------------------------------------------------ kinds of row

    def _is_full(self, row: WordTableRow, texts: list[str]) -> bool:
        """Whether a row is one text over all columns, or a priority's heading in the first of them."""
        inked = [cell for cell, text in zip(row.cells, texts, strict=True) if text]
        if len(inked) != 1 or any(cell.continues for cell in row.cells):
            return False
        only = inked[0]
        if only.span >= self.grid.width or (len(row.cells) == 1 and self.grid.width > 1):
            return True
        if only is not row.cells[0]:
            return False
        return _heads_priority(only) or (only.span > self.grid.width / 2 and only.span > 1)

    def _repeats(self, texts: list[str]) -> bool:
        """Whether the headings come again in the same table: its first row is its own heading."""
        if not self.found or not self.found[-1].headed:
            return False
        return tuple(map(plain_words, texts)) == self.found[-1].key

    def _is_heading(self, row: WordTableRow, texts: list[str]) -> bool:
        """Whether a row holds the headings of columns."""
        inked = [text for text in texts if text]
        if any(len(text) > 130 for text in inked) or any(cell.continues for cell in row.cells):
            return False
        if self.found:
            return self._are_new_headings(row, inked)
        return self._are_first_headings(row, texts, inked)

    def _are_first_headings(self, row: WordTableRow, texts: list[str], inked: list[str]) -> bool:
        """Whether the first row of a table holds headings: Word, the table before or most cells say so."""
        if len(inked) < 2:
            return False
        if row.header or (self.above is not None and tuple(map(plain_words, texts)) == self.above.key):
            return True
        known = sum(looks_like_heading(text) for text in inked)
        if known >= max(2, len(inked) / 2):
            return True
        return row.bold and (known >= 1 or self.above is None)

    def _are_new_headings(self, row: WordTableRow, inked: list[str]) -> bool:
        """Whether a row in the middle of a table holds headings: most cells surely say what they head."""
        if len(inked) < max(2, len(row.cells) - 1):
            return False
        sure = sum(max(scores(text).values(), default=0) >= 0.8 and len(text) <= 60 for text in inked)
        if sure == len(inked):
            return True
        return (row.bold or row.header) and sure >= max(2, len(inked) / 2)

    def _is_second_heading(self, row: WordTableRow, texts: list[str]) -> bool:
        """Whether a row below the headings parts some of them: it looks like one, or parts a wide heading.

        A cell that is merged with a heading is not enough: writers merge blank cells with anything.
        """
        goes_on = any(cell.continues for cell in row.cells)
        short = all(len(text) <= 60 for text in texts)
        if not short or not (goes_on or "" in texts):
            return False
        looks_so = row.bold or row.header
        if self._parts_a_heading(row, texts):
            return looks_so or goes_on or all(looks_like_heading(text) for text in texts if text)
        return looks_so and goes_on

    def _parts_a_heading(self, row: WordTableRow, texts: list[str]) -> bool:
        """Whether all cells of a row that are no blank part a heading that is wider than they."""
        bounds = self.found[-1].bounds
        parting = [cell for cell, text in zip(row.cells, texts, strict=True) if text and not cell.continues]

        def is_parted(start: int, end: int) -> bool:
            return sum(start <= cell.start and cell.end <= end for cell in parting) > 1

        wide = [(start, end) for start, end in bounds if end - start > 1 and is_parted(start, end)]
        return bool(wide) and all(
            any(start <= cell.start and cell.end <= end for start, end in wide) for cell in parting
        )

    # ------------------------------------------------------------------ building

    def _open(self, row: WordTableRow, texts: list[str]) -> None:
        bounds = [(cell.start, cell.end) for cell in row.cells]
        section = TableSection(texts, self.waiting, bounds=bounds)
        self.waiting = []
        self.found.append(section)
        self.last_was_heading = True
        self.broken = False

    def _second_heading(self, row: WordTableRow, texts: list[str]) -> None:
        section = self.found[-1]
        names: list[str] = []
        bounds: list[tuple[int, int]] = []
        for cell, text in zip(row.cells, texts, strict=True):
            names.append(_both(_heading_over(section, cell), text))
            bounds.append((cell.start, cell.end))
            if text and text not in names[-1].split():
                section.again.append(text)
        section.headings, section.bounds = names, bounds

    def _add(self, row: TableRow) -> None:
        if self.found:
            self.found[-1].rows.append(row)
        else:
            self.waiting.append(row)

    def _data(self, row: WordTableRow, number: int) -> None:
        if not self.found:
            self._open_without_headings(row)
        section = self.found[-1]
        cells = [SectionCell() for _ in section.headings]
        for at, cell in self._placed(section, row):
            target = cells[at]
            target.content = [*target.content, *cell.content]
            target.merged = target.merged or cell.continues
            target.borderless = target.borderless or cell.borderless_top
        section.rows.append(TableRow(cells, broken=self.broken, number=number))
        self.broken = False

    def _open_without_headings(self, row: WordTableRow | None) -> None:
        above = self.above
        count = len(row.cells) if row is not None else self.grid.width
        if above is not None and row is not None and len(above.headings) == count:
            bounds = [(cell.start, cell.end) for cell in row.cells]
            section = TableSection(list(above.headings), self.waiting, above.headed, True, bounds)
            self.broken = True
        else:
            bounds = [(cell.start, cell.end) for cell in row.cells] if row is not None else []
            section = TableSection([""] * len(bounds), self.waiting, headed=False, bounds=bounds)
        self.waiting = []
        self.found.append(section)

    def _placed(self, section: TableSection, row: WordTableRow) -> Iterator[tuple[int, WordTableCell]]:
        """Each cell with the heading that it stands under: the one that it shares most width with."""
        if len(row.cells) == len(section.headings):
            yield from enumerate(row.cells)
            return
        if section.bounds:
            for cell in row.cells:
                yield _column_over(section, cell), cell


def _heads_priority(cell: WordTableCell) -> bool:
    """Whether a cell begins with the heading of a priority beyond doubt."""
    heading = priority_heading(words_of(cell.content[:1]) or words_of(cell.content))
    return heading is not None and heading.marked and heading.rank < UNSURE_RANK


def _both(upper: str, lower: str) -> str:
    """The heading of a column below a heading that is parted: "Progress Q1", but "Baseline" of a measure."""
    if lower in upper:
        return upper
    both = f"{upper} {lower}".strip()
    return lower if figure_column(lower) is not None and figure_column(both) is None else both


def _heading_over(section: TableSection, cell: WordTableCell) -> str:
    """The heading over the left edge of a cell."""
    for heading, (start, end) in zip(section.headings, section.bounds, strict=True):
        if start <= cell.start < end:
            return heading
    return ""


def _column_over(section: TableSection, cell: WordTableCell) -> int:
    """The column that a cell shares most width with; the first of those that it spans whole, if several."""
    shared: list[int] = []
    whole: list[int] = []
    for at, (start, end) in enumerate(section.bounds):
        width = min(end, cell.end) - max(start, cell.start)
        shared.append(width)
        if 0 < width == end - start:
            whole.append(at)
    return whole[0] if len(whole) > 1 else shared.index(max(shared))
