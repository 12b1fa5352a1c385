"""How this document's writer works, told from all its tables together.

Whether blank cells mean "as above", whether measures are listed in one cell, whether outcome codes
carry the priority's number, which organisations and people are named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from cypp_desktop.exchange.word import codes
from cypp_desktop.exchange.word.content import Content, Para
from cypp_desktop.exchange.word.layout import Layout
from cypp_desktop.exchange.word.leads import survey
from cypp_desktop.exchange.word.model import ColumnMeaning as M
from cypp_desktop.exchange.word.texts import Entry, entries


class Habits:
    """What the tables of one layout show."""

    def __init__(self, layout: Layout) -> None:
        self._merged: Counter[M] = Counter()
        self._blank: Counter[M] = Counter()
        self._inked: Counter[M] = Counter()
        listed = single = bulleted = coded = 0
        outcome_codes: list[str | None] = []
        lead_cells: list[tuple[list[str], str]] = []
        for section in layout.sections:
            if section.index not in layout.plan:
                continue
            for row in section.data():
                for at, (meaning, _) in enumerate(layout.meanings[section.index]):
                    cell = row.cells[at]
                    counter = self._inked if cell.words else self._merged if cell.merged else self._blank
                    counter[meaning] += 1
                    if not cell.words:
                        continue
                    if meaning == M.MEASURE:
                        many = _several(cell.content)
                        listed += many
                        single += not many
                        bulleted += _is_list(cell.content)
                        coded += codes.measure_code(cell.words)[0] is not None
                    elif meaning == M.OUTCOME:
                        outcome_codes.append(codes.outcome_code(cell.words)[0])
                    elif meaning in (M.LEAD, M.PARTNERS):
                        paras = [p for p in cell.content if isinstance(p, Para)]
                        lines = [line for p in paras for line in p.text.split("\n") if line.strip()]
                        lead_cells.append((lines, section.headings[at]))
        self.known = survey(lead_cells)
        rows_per_outcome = self._rows_per_outcome(layout)
        self.measures_are_listed = listed > 0.34 * (listed + single) or (
            rows_per_outcome < 1.1
            and (listed > 1 or bulleted > 0 or (coded == 0 and single > 0 and _measures_close(layout)))
        )
        leading = [codes.leading_number(code) for code in outcome_codes if code]
        self.codes_follow_priorities = bool(leading) and sum(n is not None for n in leading) > 0.6 * len(
            leading
        )

    def _rows_per_outcome(self, layout: Layout) -> float:
        rows = sum(1 for s in layout.sections if s.index in layout.plan for _ in s.data())
        return rows / max(self._inked[M.OUTCOME], 1)

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


def _measures_close(layout: Layout) -> bool:
    """Whether measures stand after dated actions: they tell of the whole row, not the row of them."""
    for index in layout.plan:
        meanings = [meaning for meaning, _ in layout.meanings[index]]
        if M.DUE in meanings and M.ACTIONS in meanings and M.MEASURE in meanings:
            return meanings.index(M.MEASURE) > meanings.index(M.ACTIONS)
    return False


def _is_list(content: Sequence[Content]) -> bool:
    heads = entries(content)
    return bool(heads) and all(entry.kind == "bullet" for entry in heads)


def _several(content: Sequence[Content]) -> bool:
    """Whether a measure cell lists several measures."""
    tree = entries(content)
    heads = [entry for entry in tree if entry.kind in ("bullet", "number")]
    return len(heads) > 1 or (len(tree) > 1 and all(e.kind == "text" for e in tree) and _capitals(tree))


def _capitals(tree: Sequence[Entry]) -> bool:
    words = [entry.words for entry in tree]
    return all(text[:1].isupper() or text[:1] in "%0123456789" for text in words) and all(
        len(text) > 12 for text in words
    )
