"""What the reader of Word documents leaves out on purpose, so that the last look does not miss it.

Headings that are typed again on each page, names that come again in later rows, words that only say what a
line is ("Priority 2.", "What are our outcomes?", "(continued)"), and the "and" between names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping

from cypp_desktop.exchange.last_look import count_of, words_in
from cypp_desktop.exchange.word.codes import PRIORITY_WORDS
from cypp_desktop.exchange.word.layout import DocumentLayout, PlanCell
from cypp_desktop.exchange.word.model import ColumnMeaning as M
from cypp_desktop.exchange.word.names import words

_CONTINUED = words("continued contd cont")
_NUMBERS = words("one two three four five six seven eight nine ten eleven twelve")
_OUTCOME_SIGNS = (
    words("outcome objective activity operational key strategic priority aim number no") | _CONTINUED
)
_MEASURE_SIGNS = words("measure indicator kpi pi performance number no") | _CONTINUED
_LEAD_SIGNS = words(
    """
    and joint overall strategic operational lead leads officer agency organisation partner partners other key
    support supporting supported by working with
    """
)
_DATE_SIGNS = words("all action actions by to be completed done and") | {str(at) for at in range(1, 100)}
_ACTION_SIGNS = words("action")
_HEADING_SIGNS = PRIORITY_WORDS | _CONTINUED | _NUMBERS | words("section part number no our key strategic")

#: Words that a cell may lose because what its column means says them, by what it means.
_SIGNS: dict[M, frozenset[str] | set[str]] = {
    M.OUTCOME: _OUTCOME_SIGNS,
    M.PRIORITY: _HEADING_SIGNS,
    M.MEASURE: _MEASURE_SIGNS,
    M.ACTIONS: _ACTION_SIGNS,
    M.DUE: _DATE_SIGNS,
    M.STATUS: _DATE_SIGNS,
    M.LEAD: _LEAD_SIGNS,
    M.PARTNERS: _LEAD_SIGNS,
    M.STRATEGIC_PLAN: {"and"},
    M.GOVERNANCE_GROUP: {"and"},
}


def told_words(layout: DocumentLayout, missing: Container[str]) -> Counter[str]:
    """The words that are left out on purpose, each as often as it is; of interest are those ``missing``."""
    found = count_of([*layout.left_out, *_headings_again(layout)])
    signs = {meaning: {word for word in words if word in missing} for meaning, words in _SIGNS.items()}
    heading_signs = {word for word in _HEADING_SIGNS if word in missing}
    for step in layout.steps:
        if step.priority is not None:
            line = step.first_line
            found.update(_signs(line.text if line else "", heading_signs))
        elif step.row is not None and step.section is not None and step.row.full is None:
            found.update(_signs_of_cells(layout.printed_cells(step.section, step.row), signs))
    return found


def _signs_of_cells(cells: Iterable[PlanCell], signs: Mapping[M, set[str]]) -> list[str]:
    found: list[str] = []
    for cell in cells:
        if cell.meaning == M.IGNORE or cell.says_nothing:  # the person chose so, and the report says it
            found += words_in(cell.words)
        elif wanted := signs.get(cell.meaning):
            found += _signs(cell.words, wanted)
    return found


def _signs(text: str, signs: set[str]) -> list[str]:
    return [word for word in words_in(text) if word in signs]


def _headings_again(layout: DocumentLayout) -> Iterator[str]:
    """Headings that were typed before: in rows that come again, and in later tables."""
    known: set[str] = set()
    for section in layout.sections:
        yield from section.again
        if section.index not in layout.plan or section.inherited or not section.headed:
            continue
        for heading in section.headings:
            if heading in known:
                yield heading
        known.update(section.headings)
