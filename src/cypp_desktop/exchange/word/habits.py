"""How this document's writer works, told from all its tables together.

Whether blank cells mean "as above", whether measures are listed in one cell, whether outcome codes
carry the priority's number, which organisations and people are named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from cypp_desktop.exchange.word import codes
from cypp_desktop.exchange.word.content import Content, Para
from cypp_desktop.exchange.word.layout import DocumentLayout, PlanCell
from cypp_desktop.exchange.word.leads import survey
from cypp_desktop.exchange.word.model import ColumnMeaning as M
from cypp_desktop.exchange.word.texts import EntryKind, TextEntry, entries


class Habits:
    """What the tables of one layout show."""

    def __init__(self, layout: DocumentLayout) -> None:
        self._merged: Counter[M] = Counter()
        self._blank: Counter[M] = Counter()
        self._inked: Counter[M] = Counter()
        cells = list(_cells_of_plan(layout))
        for cell in cells:
            self._counter_of(cell)[cell.meaning] += 1
        inked = [cell for cell in cells if cell.words]
        outcomes = [cell for cell in inked if cell.meaning == M.OUTCOME]
        measures = [cell for cell in inked if cell.meaning == M.MEASURE]
        leads = [cell for cell in inked if cell.meaning in (M.LEAD, M.PARTNERS)]
        self.known = survey((_typed_lines(cell), cell.heading) for cell in leads)
        self.measures_are_listed = self._are_listed(measures, layout)
        self.codes_follow_priorities = _mostly_numbered(outcomes)
        self.leads_are_of_actions = _are_of_actions(layout)

    def _counter_of(self, cell: PlanCell) -> Counter[M]:
        if cell.words:
            return self._inked
        return self._merged if cell.merged else self._blank

    def _are_listed(self, measures: Sequence[PlanCell], layout: DocumentLayout) -> bool:
        """Whether the measures of an outcome stand in one cell, and not one in each row."""
        listed = sum(_several(cell.content) for cell in measures)
        if listed > 0.34 * len(measures):
            return True
        if self._rows_per_outcome(layout) >= 1.1:
            return False
        if listed > 1 or any(_is_list(cell.content) for cell in measures):
            return True
        has_code = any(codes.measure_code(cell.words)[0] is not None for cell in measures)
        return listed < len(measures) and not has_code and _measures_close(layout)

    def _rows_per_outcome(self, layout: DocumentLayout) -> float:
        count = 0
        for index in layout.plan:
            count += sum(1 for _ in layout.sections[index].data())
        return count / max(self._inked[M.OUTCOME], 1)

    def blank_is_as_above(self, meaning: M) -> bool:
        """Whether a blank cell of this column stands for the cell above it.

        A writer who merges cells in this column leaves a cell blank when there is nothing to say. One
        who merges cells nowhere leaves the cells blank that another would have merged. One who merges
        only in other columns is taken for the second, unless the column is mostly blank.
        """
        if self._merged[meaning]:
            return False
        if not sum(self._merged.values()):
            return True
        return self._blank[meaning] <= 0.5 * (self._blank[meaning] + self._inked[meaning])


def _cells_of_plan(layout: DocumentLayout) -> Iterator[PlanCell]:
    """Every cell of the plan's tables."""
    for section in layout.sections:
        if section.index in layout.plan:
            for row in section.data():
                yield from layout.plan_cells(section, row)


def _are_of_actions(layout: DocumentLayout) -> bool:
    """Whether tables name a lead for each action: below an outcome come rows with both, and no measure."""
    for index in layout.plan:
        meanings = {meaning for meaning, _ in layout.meanings[index]}
        if M.MEASURE in meanings or not {M.OUTCOME, M.ACTIONS, M.LEAD} <= meanings:
            continue
        section = layout.sections[index]
        for row in section.data():
            inked = {cell.meaning for cell in layout.plan_cells(section, row) if cell.words}
            if {M.ACTIONS, M.LEAD} <= inked and M.OUTCOME not in inked:
                return True
    return False


def _typed_lines(cell: PlanCell) -> list[str]:
    lines: list[str] = []
    for piece in cell.content:
        if isinstance(piece, Para):
            lines += [line for line in piece.text.split("\n") if line.strip()]
    return lines


def _mostly_numbered(outcomes: Sequence[PlanCell]) -> bool:
    """Whether most codes of outcomes begin with a number, as that of their priority."""
    printed = [code for cell in outcomes if (code := codes.outcome_code(cell.words)[0])]
    numbered = [code for code in printed if codes.leading_number(code) is not None]
    return len(numbered) > 0.6 * len(printed)


def _measures_close(layout: DocumentLayout) -> bool:
    """Whether measures stand after dated actions: they tell of the whole row, not the row of them."""
    for index in layout.plan:
        meanings = [meaning for meaning, _ in layout.meanings[index]]
        if M.DUE in meanings and M.ACTIONS in meanings and M.MEASURE in meanings:
            return meanings.index(M.MEASURE) > meanings.index(M.ACTIONS)
    return False


def _is_list(content: Sequence[Content]) -> bool:
    heads = entries(content)
    return bool(heads) and all(entry.kind == EntryKind.BULLET for entry in heads)


def _several(content: Sequence[Content]) -> bool:
    """Whether a measure cell lists several measures."""
    tree = entries(content)
    if sum(entry.is_in_list for entry in tree) > 1:
        return True
    return len(tree) > 1 and all(entry.kind == EntryKind.TEXT for entry in tree) and _capitals(tree)


def _capitals(tree: Sequence[TextEntry]) -> bool:
    words = [entry.words for entry in tree]
    return all(text[:1].isupper() or text[:1] in "%0123456789" for text in words) and all(
        len(text) > 12 for text in words
    )
