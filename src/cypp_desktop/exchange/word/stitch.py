"""Rows that a page has cut in two are made one again, before anything in them is read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from cypp_desktop.exchange.word import codes
from cypp_desktop.exchange.word.content import Content, Para
from cypp_desktop.exchange.word.draft import carry_on, goes_on, has_open_end
from cypp_desktop.exchange.word.layout import DocumentLayout, Step
from cypp_desktop.exchange.word.model import ColumnMeaning as M
from cypp_desktop.exchange.word.table_sections import SectionCell, TableRow, TableSection

_LONG_NUMBER = re.compile(r"\d{1,2}(?:\.\d{1,2})+\s")
_KEYS = (M.OUTCOME, M.MEASURE, M.NUMBER)


def stitch(layout: DocumentLayout) -> None:
    """Appends to each row the rows that only carry it on, and takes those out of the reading order.

    A run of rows ends at a heading; it does not end where a table does, if the next has the same columns.
    """
    stitchers = _stitchers(layout)
    kept: list[Step] = []
    run = _Run()
    before: TableSection | None = None
    for step in layout.steps:
        section, row = step.section, step.row
        if section is None or row is None or row.full is not None:
            if not _page_mark(step):
                run, before = _Run(), None
            kept.append(step)
            continue
        if before is not None and section is not before:
            if layout.meanings[section.index] != layout.meanings[before.index]:
                run = _Run()
            elif run.last is not None and not section.form:
                row.broken = True
        before = section
        stitcher = stitchers[section.index]
        if run.last is not None and stitcher.carries_on(row, run):
            run.carry_on(row, stitcher.keys)
        else:
            run.begin(row)
            kept.append(step)
    layout.steps = kept
    for one in {id(stitcher): stitcher for stitcher in stitchers.values()}.values():
        layout.left_out += one.left_out


_ROWS_LOOKED_AT = 80
_MOST_JOINED = 50  # rows that a page has cut one row into; after that, a row is its own


@dataclass(slots=True)
class _Run:
    """Rows in order, as far as one may carry on another: the last, and each column's last cell with words."""

    last: TableRow | None = None
    inked: dict[int, SectionCell] = field(default_factory=dict)
    joined: Counter[int] = field(default_factory=Counter)  # rows that a column's last cell has taken on

    def begin(self, row: TableRow) -> None:
        """A row that carries on none."""
        self.last = row
        for at, cell in enumerate(row.cells):
            if cell.words:
                self.inked[at] = cell
                self.joined[at] = 0

    def carry_on(self, row: TableRow, keys: Sequence[int]) -> None:
        """Adds the words of ``row`` to the cells above, each to the last that it could carry on.

        In the columns ``keys``, which name rows, that is the last name.
        """
        assert self.last is not None
        for at, cell in enumerate(row.cells):
            if not cell.words:
                continue
            own = self.last.cells[at]
            names = at in keys and at in self.inked
            if not own.words and not own.merged and not names:
                self.inked[at] = own
                self.joined[at] = 0
            carry_on(self.inked.setdefault(at, own).content, cell.content)
            self.joined[at] += 1

    def words(self, at: int) -> str:
        """The last words in a column."""
        return self.inked[at].words if at in self.inked else ""

    def is_full(self, row: TableRow) -> bool:
        """Whether a cell would take on more rows than one was ever cut into."""
        return any(self.joined[at] >= _MOST_JOINED for at, cell in enumerate(row.cells) if cell.words)


def _stitchers(layout: DocumentLayout) -> dict[int, _Stitcher]:
    """What knows the columns of each section of the plan, by the section's index."""
    alike: dict[tuple[M, ...], list[int]] = {}
    for index in sorted(layout.plan):
        columns = tuple(meaning for meaning, _ in layout.meanings[index])
        alike.setdefault(columns, []).append(index)
    found: dict[int, _Stitcher] = {}
    for columns, indexes in alike.items():
        stitcher = _Stitcher(columns, [layout.sections[index] for index in indexes])
        found |= dict.fromkeys(indexes, stitcher)
    return found


def _page_mark(step: Step) -> bool:
    """A page number or the like, left standing between two tables."""
    if step.para is None or step.priority is not None:
        return False
    return len(step.para.words) <= 12 and any(letter.isdigit() for letter in step.para.words)


class _Stitcher:
    """Knows the columns of sections that are alike: which name a row, and whether they carry codes."""

    def __init__(self, meanings: Sequence[M], same: Sequence[TableSection]) -> None:
        self.meanings = meanings
        rows: list[TableRow] = []
        for section in same:
            rows += section.data()
        self.rows = rows
        self._small: dict[int, bool] = {}
        self.keys = [at for at, meaning in enumerate(self.meanings) if meaning in _KEYS]
        self.coded = {at: self._is_coded(rows, at) for at in self.keys}
        if self._measures_are_listed(rows):
            self.keys = [at for at in self.keys if self.meanings[at] != M.MEASURE]
        self.left_out: list[str] = []  # names that came again on the next page
        self.single_rows = any(self._is_more_actions(row) for row in rows[1:])

    def _measures_are_listed(self, rows: Sequence[TableRow]) -> bool:
        """Whether cells of measures often hold several lines, so that more of them begin no new row."""
        columns = [at for at in self.keys if self.meanings[at] == M.MEASURE]
        long = 0
        for row in rows:
            long += sum(_long(row.cells[at].content) for at in columns)
        return long > 0.3 * max(len(rows) * len(columns), 1)

    def _is_more_actions(self, row: TableRow) -> bool:
        """Whether a row in the middle of a page has actions and names nothing."""
        names_something = any(row.cells[at].words for at in self.keys)
        return not row.broken and not names_something and self._inked(row, M.ACTIONS)

    def _is_coded(self, rows: list[TableRow], at: int) -> bool:
        words = [row.cells[at].words for row in rows if row.cells[at].words]
        return len(words) > 0 and sum(self._code(text, at) is not None for text in words) >= 0.6 * len(words)

    def _code(self, text: str, at: int) -> str | None:
        if self.meanings[at] == M.NUMBER:
            return codes.bare_code(text)
        return (codes.outcome_code if self.meanings[at] == M.OUTCOME else codes.measure_code)(text)[0]

    def _inked(self, row: TableRow, meaning: M) -> bool:
        return any(row.cells[at].words for at, m in enumerate(self.meanings) if m == meaning)

    def carries_on(self, row: TableRow, run: _Run) -> bool:
        """Whether ``row`` is the rest of the last row of ``run``."""
        if run.is_full(row):
            return False
        inked = [at for at in self.keys if row.cells[at].words]
        for at in list(inked):
            words, continued = codes.without_continued(row.cells[at].words)
            above = run.words(at)
            again = _plain(above) == _plain(words) or (continued and _begins_alike(above, words))
            if above and again and (continued or row.broken):
                self.left_out.append(row.cells[at].words)
                row.cells[at].content = []
                inked.remove(at)
        if not inked:
            return self._goes_on_below(row, run) if row.broken else self._ends_sentences(row, run)
        return all(self._ends_title(row, at, inked, run) for at in inked)

    def _ends_title(self, row: TableRow, at: int, inked: list[int], run: _Run) -> bool:
        """Whether the words in a naming column are the end of the name above."""
        cell = row.cells[at]
        if self._code(cell.words, at) is not None or _numbered(cell.content):
            return False
        if _LONG_NUMBER.match(cell.words):
            return False
        first = _first_para(cell.content)
        if first is None:
            return False
        if self.coded[at] and row.broken:
            return True
        if not goes_on(run.words(at), first):
            return False
        if not self._is_cut(at, run):
            return False
        if row.broken:
            return True
        begins_anew = first.text.lstrip()[0].isupper()
        return not begins_anew and self._rest_is_thin(row, inked)

    def _is_cut(self, at: int, run: _Run) -> bool:
        """Whether a small letter at the beginning of a cell says that the one above goes on in it."""
        return has_open_end(run.words(at)) or not self._begins_small(at)

    def _rest_is_thin(self, row: TableRow, inked: list[int]) -> bool:
        """A row that only ends a title: no lead or date of its own."""
        own = [m for at, m in enumerate(self.meanings) if row.cells[at].words and at not in inked]
        return not {M.LEAD, M.DUE, M.PARTNERS} & set(own)

    def _goes_on_below(self, row: TableRow, run: _Run) -> bool:
        """A row without outcome or measure after a page break: the end of the row before it."""
        for at, meaning in enumerate(self.meanings):
            first = _first_para(row.cells[at].content)
            if first is not None and goes_on(run.words(at), first):
                return True
            if meaning == M.EVIDENCE_SOURCE and row.cells[at].words:
                return False
        return not (self.single_rows and self._inked(row, M.DUE))

    def _ends_sentences(self, row: TableRow, run: _Run) -> bool:
        """A row that no page mark stands before, but every cell of it ends the sentence above."""
        inked = [at for at, cell in enumerate(row.cells) if cell.words]
        return bool(inked) and all(self._ends_sentence(row, at, run) for at in inked)

    def _ends_sentence(self, row: TableRow, at: int, run: _Run) -> bool:
        first = _first_para(row.cells[at].content)
        if first is None or not first.text.lstrip()[0].islower():
            return False
        return self._is_cut(at, run) and goes_on(run.words(at), first)

    def _begins_small(self, at: int) -> bool:
        """Whether the writer begins cells of a column with small letters, so that one more says nothing."""
        if at not in self._small:
            words = [row.cells[at].words for row in self.rows[:_ROWS_LOOKED_AT] if row.cells[at].words]
            small = sum(text[0].islower() for text in words)
            self._small[at] = words[:1] == [] or words[0][0].islower() or small > 0.4 * len(words)
        return self._small[at]


def _plain(text: str) -> str:
    return "".join(text.casefold().split())


def _begins_alike(above: str, words: str) -> bool:
    return _plain(above).startswith(_plain(words)[:30])


def _first_para(content: Sequence[Content]) -> Para | None:
    """The first paragraph with words."""
    return next((piece for piece in content if isinstance(piece, Para) and piece.text.strip()), None)


def _long(content: Sequence[Content]) -> bool:
    return sum(isinstance(p, Para) and bool(p.text.strip()) for p in content) > 1


def _numbered(content: Sequence[Content]) -> bool:
    first = _first_para(content)
    return first is not None and first.mark is not None and first.mark.number is not None
