"""Rows that a page has cut in two are made one again, before anything in them is read."""

from __future__ import annotations

from collections.abc import Sequence

from cypp_desktop.exchange.word import codes
from cypp_desktop.exchange.word.content import Content, Para
from cypp_desktop.exchange.word.draft import goes_on, joined
from cypp_desktop.exchange.word.grid import Row, Section
from cypp_desktop.exchange.word.layout import Layout, Step
from cypp_desktop.exchange.word.model import ColumnMeaning as M

_KEYS = (M.OUTCOME, M.MEASURE, M.NUMBER)


def stitch(layout: Layout) -> None:
    """Appends to each row the rows that only carry it on, and takes those out of the reading order.

    A run of rows ends at a heading; it does not end where a table does, if the next has the same columns.
    """
    alike: dict[tuple[M, ...], list[Section]] = {}
    for index in sorted(layout.plan):
        alike.setdefault(_columns(layout, index), []).append(layout.sections[index])
    stitchers = {columns: _Stitcher(columns, same) for columns, same in alike.items()}
    kept: list[Step] = []
    run: list[Row] = []
    before: Section | None = None
    for step in layout.steps:
        section = step.section
        if step.row is None or section is None or step.row.full is not None:
            if step.priority is not None or step.other is not None or not _page_mark(step):
                run, before = [], None
            kept.append(step)
            continue
        if before is not None and section is not before:
            if layout.meanings[section.index] != layout.meanings[before.index]:
                run = []
            elif run and not section.form:
                step.row.broken = True
        before = section
        stitcher = stitchers[_columns(layout, section.index)]
        if run and stitcher.carries_on(step.row, run):
            stitcher.append(step.row, run)
        else:
            run.append(step.row)
            kept.append(step)
    layout.steps = kept


def _columns(layout: Layout, index: int) -> tuple[M, ...]:
    return tuple(meaning for meaning, _ in layout.meanings[index])


def _page_mark(step: Step) -> bool:
    """A page number or the like, left standing between two tables."""
    return step.para is not None and len(step.para.words) <= 12 and any(c.isdigit() for c in step.para.words)


class _Stitcher:
    """Knows the columns of sections that are alike: which name a row, and whether they carry codes."""

    def __init__(self, meanings: Sequence[M], same: Sequence[Section]) -> None:
        self.meanings = meanings
        rows = [row for s in same for row in s.data()]
        self.keys = [at for at, meaning in enumerate(self.meanings) if meaning in _KEYS]
        self.coded = {at: self._is_coded(rows, at) for at in self.keys}
        listed = [row.cells[at].content for row in rows for at in self.keys if self.meanings[at] == M.MEASURE]
        if sum(_long(content) for content in listed) > 0.3 * max(len(listed), 1):
            self.keys = [at for at in self.keys if self.meanings[at] != M.MEASURE]
        self.single_rows = any(
            not row.broken
            and not any(row.cells[at].words for at in self.keys)
            and self._inked(row, M.ACTIONS)
            for row in rows[1:]
        )

    def _is_coded(self, rows: list[Row], at: int) -> bool:
        words = [row.cells[at].words for row in rows if row.cells[at].words]
        return len(words) > 0 and sum(self._code(text, at) is not None for text in words) >= 0.6 * len(words)

    def _code(self, text: str, at: int) -> str | None:
        if self.meanings[at] == M.NUMBER:
            return codes.bare_code(text)
        return (codes.outcome_code if self.meanings[at] == M.OUTCOME else codes.measure_code)(text)[0]

    def _inked(self, row: Row, meaning: M) -> bool:
        return any(row.cells[at].words for at, m in enumerate(self.meanings) if m == meaning)

    def carries_on(self, row: Row, run: Sequence[Row]) -> bool:
        """Whether ``row`` is the rest of the last row of ``run``."""
        inked = [at for at in self.keys if row.cells[at].words]
        for at in list(inked):
            words, continued = codes.without_continued(row.cells[at].words)
            above = self._above(run, at)
            again = _plain(above) == _plain(words) or (continued and _begins_alike(above, words))
            if above and again and (continued or row.broken):
                row.cells[at].content = []
                inked.remove(at)
        if not inked:
            return self._goes_on_below(row, run) if row.broken else self._ends_sentences(row, run)
        return all(self._ends_title(row, at, inked, run) for at in inked)

    def _ends_title(self, row: Row, at: int, inked: list[int], run: Sequence[Row]) -> bool:
        """Whether the words in a naming column are the end of the name above."""
        cell = row.cells[at]
        if self._code(cell.words, at) is not None or _numbered(cell.content):
            return False
        first = next((p for p in cell.content if isinstance(p, Para) and p.text.strip()), None)
        if first is None:
            return False
        if self.coded[at] and row.broken:
            return True
        open_end = goes_on(self._above(run, at), first)
        return open_end and (row.broken or self._rest_is_thin(row, inked))

    def _rest_is_thin(self, row: Row, inked: list[int]) -> bool:
        """A row that only ends a title: no lead or date of its own."""
        own = [m for at, m in enumerate(self.meanings) if row.cells[at].words and at not in inked]
        return not {M.LEAD, M.DUE, M.PARTNERS} & set(own)

    def _goes_on_below(self, row: Row, run: Sequence[Row]) -> bool:
        """A row without outcome or measure after a page break: the end of the row before it."""
        for at, meaning in enumerate(self.meanings):
            first = next((p for p in row.cells[at].content if isinstance(p, Para) and p.text.strip()), None)
            if first is not None and goes_on(self._above(run, at), first):
                return True
            if meaning == M.EVIDENCE_SOURCE and row.cells[at].words:
                return False
        return not (self.single_rows and self._inked(row, M.DUE))

    def _ends_sentences(self, row: Row, run: Sequence[Row]) -> bool:
        """A row that no page mark stands before, but every cell of it ends the sentence above."""
        firsts = [
            (at, next((p for p in cell.content if isinstance(p, Para) and p.text.strip()), None))
            for at, cell in enumerate(row.cells)
            if cell.words
        ]
        return bool(firsts) and all(
            first is not None and first.text.lstrip()[0].islower() and goes_on(self._above(run, at), first)
            for at, first in firsts
        )

    def _above(self, run: Sequence[Row], at: int) -> str:
        return next((row.cells[at].words for row in reversed(run) if row.cells[at].words), "")

    def append(self, row: Row, run: Sequence[Row]) -> None:
        """Adds the words of ``row`` to the cells above, each to the last that it could carry on."""
        for at, cell in enumerate(row.cells):
            if not cell.words:
                continue
            for above in reversed(run):
                target = above.cells[at]
                if target.words or (above is run[-1] and not target.merged):
                    target.content = joined(target.content, cell.content)
                    break


def _plain(text: str) -> str:
    return "".join(text.casefold().split())


def _begins_alike(above: str, words: str) -> bool:
    return _plain(above).startswith(_plain(words)[:30])


def _long(content: Sequence[Content]) -> bool:
    return sum(isinstance(p, Para) and bool(p.text.strip()) for p in content) > 1


def _numbered(content: Sequence[Content]) -> bool:
    first = next((p for p in content if isinstance(p, Para) and p.text.strip()), None)
    return first is not None and first.mark is not None and first.mark.number is not None
