"""Word's tables as a person sees them: one heading row, one cell for each heading in each row.

Undoes what Word does to tables: grid columns that no cell shows, merged cells, headings typed again
on each page, headings in two rows, a table cut in two by a page, a priority in a row of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from cypp_desktop.exchange.word.codes import UNSURE_RANK, priority_heading
from cypp_desktop.exchange.word.columns import looks_like_heading, scores
from cypp_desktop.exchange.word.content import Content, WordTable, WordTableCell, WordTableRow, words_of
from cypp_desktop.exchange.word.model import ColumnMeaning as M


@dataclass(slots=True)
class SectionCell:
    """What one row holds under one heading. ``merged``: it is one cell with the row above."""

    content: list[Content] = field(default_factory=list)
    merged: bool = False
    borderless: bool = False  # no line to the cell above, as if merged

    @property
    def words(self) -> str:
        return words_of(self.content)


@dataclass(slots=True)
class TableRow:
    """A row of a table: a cell for each column, or one text over all columns (``full``).

    ``broken`` says that a page ended just before: the headings were typed again, or a new table
    goes on without any.
    """

    cells: list[SectionCell]
    full: list[Content] | None = None
    broken: bool = False
    number: int = 0


@dataclass(slots=True)
class TableSection:
    """Rows under one set of headings. ``headed`` is False where no heading row was found."""

    headings: list[str]
    rows: list[TableRow]
    headed: bool = True
    inherited: bool = False
    bounds: list[tuple[int, int]] = field(default_factory=list)
    form: bool = False  # its headings stood before their cells, not above them
    index: int = -1
    again: list[str] = field(default_factory=list)  # headings that were typed again

    @property
    def key(self) -> tuple[str, ...]:
        """The headings without accidents of typing: sections of one kind have the same."""
        return tuple(_plain(heading) for heading in self.headings)

    def data(self) -> Iterator[TableRow]:
        """The rows that are not one text over all columns."""
        return (row for row in self.rows if row.full is None)


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text.casefold()).strip()


def sections(grid: WordTable, above: TableSection | None) -> list[TableSection]:
    """The parts of a table, each under its own headings; ``above`` is the part that came before it.

    A table of one column has no part: it is no table but a frame round some text.
    """
    form = _form(grid)
    return [form] if form is not None else _Tabler(grid, above).read()


_FORM_CORE = {M.OUTCOME, M.MEASURE, M.ACTIONS, M.UPDATE, M.EVIDENCE}


def _form(grid: WordTable) -> TableSection | None:
    """A form of labels with their answers beside them, as a table with the labels for headings.

    A label that comes again begins the next row. None for a table that is no such form.
    """
    parts = _parts_of_form(grid)
    if parts is None:
        return None
    opening, answers = parts
    labels = list(dict.fromkeys(answer.label for answer in answers if answer.label))
    if not _are_labels_of_a_plan(labels, answers):
        return None
    section = TableSection(labels, opening, form=True)
    filled: set[str] = set()
    seen: set[str] = set()
    label = labels[0]
    for answer in answers:
        if not section.rows or section.rows[-1].full is not None or answer.label in filled:
            section.rows.append(TableRow([SectionCell() for _ in labels], number=answer.row_number))
            filled = set()
        if answer.label:
            if answer.label in seen:
                section.again.append(answer.label)
            seen.add(answer.label)
            label = answer.label
            filled.add(label)
        section.rows[-1].cells[labels.index(label)].content += answer.content
    return section


@dataclass(slots=True)
class _Answer:
    """What stands beside a label of a form; without a label it belongs to the one above."""

    label: str
    content: list[Content]
    row_number: int


def _parts_of_form(grid: WordTable) -> tuple[list[TableRow], list[_Answer]] | None:
    """The rows of one text before a form, and its answers; None where rows have other than pairs of cells."""
    opening: list[TableRow] = []
    answers: list[_Answer] = []
    for number, row in enumerate(grid.rows, 1):
        cells = [cell for cell in row.cells if not cell.continues]
        if len(cells) == 1 and not answers:
            opening.append(TableRow([], cells[0].content, number=number))
        elif len(cells) not in (2, 4):
            return None
        else:
            for left, right in zip(cells[::2], cells[1::2], strict=True):
                answers.append(_Answer(words_of(left.content), right.content, number))
    return opening, answers


def _are_labels_of_a_plan(labels: Sequence[str], answers: Sequence[_Answer]) -> bool:
    """Whether labels say what columns of a plan's table would, and answers do not."""
    said = [scores(label) for label in labels if looks_like_heading(label)]
    meanings = {max(found, key=lambda meaning: found[meaning]) for found in said}
    if len(meanings) < 3 or len(meanings & _FORM_CORE) < 2:
        return False
    if looks_like_heading(labels[0]) and looks_like_heading(words_of(answers[0].content)):
        return False  # the headings of two columns
    answers_like_labels = sum(looks_like_heading(words_of(answer.content)) for answer in answers)
    return answers_like_labels <= 1 and len(said) >= 0.6 * len(labels)


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
        return tuple(map(_plain, texts)) == self.found[-1].key

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
        if row.header or (self.above is not None and tuple(map(_plain, texts)) == self.above.key):
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
            return looks_so or goes_on
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
            upper = _heading_over(section, cell)
            names.append(upper if text in upper else f"{upper} {text}".strip())
            bounds.append((cell.start, cell.end))
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
