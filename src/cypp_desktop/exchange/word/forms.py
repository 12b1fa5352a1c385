"""Forms: labels with what is answered beside them, as a table with the labels for headings.

A form may have two labels beside each other, a label over several rows (merged, or blank below it), and
beside a label a table of its own with headings: measures with their figures, actions with their dates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from cypp_desktop.exchange.word.columns import looks_like_heading, scores
from cypp_desktop.exchange.word.content import Content, Para, WordTable, WordTableCell, WordTableRow, words_of
from cypp_desktop.exchange.word.model import ColumnMeaning as M
from cypp_desktop.exchange.word.table_sections import SectionCell, TableRow, TableSection
from cypp_desktop.exchange.word.texts import split_spans
from cypp_desktop.plan.blocks import Span

_CORE = {M.OUTCOME, M.MEASURE, M.ACTIONS, M.UPDATE, M.EVIDENCE}
_LONGEST_LABEL = 90
#: "Objective 1.2", "Outcome 3:", "Priority A": what the label is, and the code of the row that it begins.
_CODED_LABEL = re.compile(r"(\D*?[^\W\d_]{3,})\s+([A-Z]{0,3}\d{1,3}(?:[.\-/]\d{1,3}){0,3}[a-z]?|[A-Z])\W*")
_CODED_ROW = re.compile(
    r"\s*((\D*?[^\W\d_]{3,})\s+[A-Z]{0,3}\d{1,3}(?:[.\-/]\d{1,3}){0,3}[a-z]?\s*[:–—-]\s+)(?=\S)"
)
#: A column of a form: its heading, and for a table in the form the label that the table stands beside.
_Column = tuple[str, str]


def read_form(grid: WordTable) -> TableSection | None:
    """A form as a part of a table with the labels for headings; None for a table that is no such form.

    A label that comes again begins the next row; each row of a table in the form is one, too.
    """
    blocks = _blocks(grid)
    if blocks is None:
        return None
    pieces: list[_Answer | _Inner | TableRow] = []
    for block in blocks:
        pieces += [_coded_row(block) or block] if isinstance(block, TableRow) else _pieces_of(block)
    columns = _columns(pieces)
    if not _are_labels(pieces) or not _say_a_plan([heading for _, heading in columns]):
        return None
    rows = _Rows(columns)
    section = TableSection([heading for _, heading in columns], rows.of(pieces), form=True)
    section.again = rows.again
    return section


# ------------------------------------------------------------------ what stands in the form


@dataclass(slots=True)
class _Block:
    """A label, and what stands to its right: the cells of one row or of several."""

    label: WordTableCell
    rows: list[list[WordTableCell]]
    number: int


@dataclass(slots=True)
class _Answer:
    """What stands beside a label of a form; without a label it belongs to the one above."""

    label: str
    content: list[Content]
    number: int


@dataclass(slots=True)
class _Inner:
    """A table in a form, beside a label: headings, and rows of content under them."""

    label: str
    headings: list[str]
    rows: list[list[list[Content]]]
    number: int


def _blocks(grid: WordTable) -> list[_Block | TableRow] | None:
    """The labels of a form with their rows, and rows of one text; None where rows have other cells."""
    found: list[_Block | TableRow] = []
    for number, row in enumerate(grid.rows, 1):
        cells = row.cells
        if len([cell for cell in cells if not cell.continues]) == 1 and len(cells) == 1:
            found.append(TableRow([], cells[0].content, number=number))
            continue
        if len(cells) < 2:
            return None
        label, *rest = cells
        above = found[-1] if found else None
        goes_on = label.continues or not words_of(label.content)
        if goes_on and isinstance(above, _Block):
            above.rows.append(rest)
        elif len(words_of(label.content)) > _LONGEST_LABEL:
            return None
        else:
            found.append(_Block(label, [rest], number))
    return found


def _coded_row(row: TableRow) -> _Answer | None:
    """A row of one text that begins with a label and its code, as the label's answer: "Measure 1a: Decayed
    teeth". What such a row says of a priority is left to those who read headings.
    """
    content = [piece for piece in row.full or [] if words_of([piece])]
    first = content[0] if content else None
    if not isinstance(first, Para):
        return None
    found = _CODED_ROW.match(first.text)
    if found is None or not {M.OUTCOME, M.MEASURE} & set(scores(found[2])):
        return None
    rest = replace(first, spans=split_spans(first.spans, found.end(1))[1])
    return _Answer(found[1].rstrip(" :.–—-"), [rest, *content[1:]], row.number)


def _pieces_of(block: _Block) -> Iterator[_Answer | _Inner]:
    label = words_of(block.label.content)
    inner = _table_in_rows(block) or _table_in_cell(block)
    if inner is not None:
        yield inner
        return
    for at, row in enumerate(block.rows):
        cells = [cell for cell in row if not cell.continues]
        number = block.number + at
        if len(cells) % 2 == 0:
            content: list[Content] = []
            for cell in cells:
                content += cell.content
            yield _Answer(label if at == 0 else "", content, number)
            continue
        yield _Answer(label if at == 0 else "", cells[0].content, number)
        for left, right in zip(cells[1::2], cells[2::2], strict=True):
            yield _Answer(words_of(left.content), right.content, number)


def _table_in_rows(block: _Block) -> _Inner | None:
    """The table that the rows beside a label are, where the first of them is its headings."""
    first, *others = block.rows
    headings = [words_of(cell.content) for cell in first]
    if not others or len(first) < 2 or not _are_headings(WordTableRow(first), headings):
        return None
    rows: list[list[list[Content]]] = []
    for row in others:
        placed: list[list[Content]] = [[] for _ in first]
        for cell in row:
            placed[_under(first, cell)] += cell.content
        rows.append(placed)
    return _Inner(words_of(block.label.content), headings, rows, block.number + 1)


def _table_in_cell(block: _Block) -> _Inner | None:
    """The table with headings that is all that stands beside a label."""
    if len(block.rows) != 1 or len(block.rows[0]) != 1:
        return None
    pieces = [piece for piece in block.rows[0][0].content if words_of([piece])]
    if len(pieces) != 1 or not isinstance(pieces[0], WordTable) or len(pieces[0].rows) < 2:
        return None
    first, *others = pieces[0].rows
    cells = [_Block(block.label, [row.cells for row in (first, *others)], block.number)]
    return _table_in_rows(cells[0])


def _are_headings(row: WordTableRow, headings: Sequence[str]) -> bool:
    """Whether cells beside a label are the headings of a table: most say what stands below them."""
    inked = [heading for heading in headings if heading]
    if len(inked) < 2 or any(len(heading) > 60 for heading in inked):
        return False
    known = sum(looks_like_heading(heading) for heading in inked)
    return known >= (1 if row.bold else len(inked) / 2) and known >= 1


def _under(headings: Sequence[WordTableCell], cell: WordTableCell) -> int:
    """The heading that a cell shares most width with."""
    shared = [min(each.end, cell.end) - max(each.start, cell.start) for each in headings]
    return shared.index(max(shared))


# ------------------------------------------------------------------ as a table


def _heading_and_code(label: str) -> tuple[str, str | None]:
    """A label without the code of its row: "Objective 1.2" is "Objective", of row "1.2"."""
    found = _CODED_LABEL.fullmatch(label)
    if found is None or not {M.OUTCOME, M.MEASURE, M.PRIORITY} & set(scores(found[1])):
        return label.strip().rstrip(":"), None
    return found[1].strip(), found[2]


def _columns(pieces: Sequence[_Answer | _Inner | TableRow]) -> list[_Column]:
    """The columns that labels and the tables in the form make, each once, in order."""
    found: dict[_Column, None] = {}
    for piece in pieces:
        if isinstance(piece, _Answer) and piece.label:
            found.setdefault(("", _heading_and_code(piece.label)[0]))
        elif isinstance(piece, _Inner):
            for heading in piece.headings:
                found.setdefault((piece.label, heading))
    return list(found)


def _are_labels(pieces: Sequence[_Answer | _Inner | TableRow]) -> bool:
    """Whether most labels say what a column of a plan's table would, and answers do not."""
    labels: dict[str, bool] = {}
    answers_like_labels = 0
    first = next((piece for piece in pieces if isinstance(piece, _Answer)), None)
    if first and looks_like_heading(first.label) and looks_like_heading(words_of(first.content)):
        return False  # the headings of two columns
    for piece in pieces:
        if isinstance(piece, TableRow):
            continue
        if piece.label:
            label = _heading_and_code(piece.label)[0]
            labels[label] = looks_like_heading(label)
        if isinstance(piece, _Answer):
            answers_like_labels += looks_like_heading(words_of(piece.content))
    return len(labels) >= 3 and sum(labels.values()) >= 0.6 * len(labels) and answers_like_labels <= 1


def _say_a_plan(headings: Sequence[str]) -> bool:
    """Whether headings say three things of a plan, two of them at its core."""
    said = [scores(heading) for heading in headings if looks_like_heading(heading)]
    meanings = {max(found, key=lambda meaning: found[meaning]) for found in said}
    return len(meanings) >= 3 and len(meanings & _CORE) >= 2


class _Rows:
    """The rows that a form makes under its columns. What has no answer is absent, not blank."""

    def __init__(self, columns: Sequence[_Column]) -> None:
        self._columns = columns
        self._rows: list[TableRow] = []
        self._record: TableRow | None = None  # the one that answers go into
        self._answered: set[int] = set()
        self._last = 0
        self._seen: set[int] = set()
        self.again: list[str] = []  # labels and headings that are printed, and are no column of their own

    def of(self, pieces: Sequence[_Answer | _Inner | TableRow]) -> list[TableRow]:
        """The rows, in order: of each record first what is answered once, then its tables."""
        for piece in pieces:
            if isinstance(piece, TableRow):
                self._rows.append(piece)
                self._record = None
            elif isinstance(piece, _Answer):
                self._answer(piece)
            else:
                self._table(piece)
        return self._rows

    def _new_row(self, number: int) -> TableRow:
        row = TableRow([SectionCell(absent=True) for _ in self._columns], number=number)
        self._rows.append(row)
        return row

    def _see(self, columns: Sequence[int]) -> None:
        self.again += [self._columns[at][1] for at in columns if at in self._seen]
        self._seen.update(columns)

    def _answer(self, answer: _Answer) -> None:
        heading, code = _heading_and_code(answer.label)
        at = self._columns.index(("", heading)) if answer.label else self._last
        if answer.label:
            self._see([at])
        comes_again = bool(answer.label) and at in self._answered and at != self._last
        if self._record is None or comes_again:
            self._record = self._new_row(answer.number)
            self._answered = set()
        self._answered.add(at)
        self._last = at
        _fill(self._record.cells[at], _with_code(answer.content, code))

    def _table(self, table: _Inner) -> None:
        columns = [self._columns.index((table.label, heading)) for heading in table.headings]
        self._see(columns)
        self.again.append(table.label)
        for number, row in enumerate(table.rows, table.number):
            new = self._new_row(number)
            for at, content in zip(columns, row, strict=True):
                _fill(new.cells[at], content)


def _fill(cell: SectionCell, content: list[Content]) -> None:
    if words_of(content):
        cell.absent = False
        cell.content = [*cell.content, *content]


def _with_code(content: list[Content], code: str | None) -> list[Content]:
    """Content that begins with a code that stood in its label."""
    if code is None:
        return content
    for at, piece in enumerate(content):
        if isinstance(piece, Para) and piece.words:
            coded = replace(piece, spans=[Span(f"{code}. "), *piece.spans])
            return [*content[:at], coded, *content[at + 1 :]]
    return content
