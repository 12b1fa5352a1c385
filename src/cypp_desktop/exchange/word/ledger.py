"""The last look: words of the document that are nowhere in the plan become notes.

The reading puts everything somewhere on purpose; this holds for what nobody thought of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from cypp_desktop.exchange.word.codes import PRIORITY_WORDS
from cypp_desktop.exchange.word.content import words_of
from cypp_desktop.exchange.word.draft import PlaceInPlan, PlanDraft
from cypp_desktop.exchange.word.front import inline_label, label_of
from cypp_desktop.exchange.word.layout import DocumentLayout
from cypp_desktop.exchange.word.model import ColumnMeaning as M
from cypp_desktop.exchange.word.names import words

_WORD = re.compile(r"[^\W_]{3,}")
# Words that a code, a date or a repeated heading may lawfully lose.
_SIGNS = words(
    """
    all actions action outcome objective operational key activity measure indicator kpi priority strategic aim
    theme goal ambition pledge commitment section part continued contd cont number and for the one two three
    four five six seven eight nine ten eleven twelve viii xii xiii iii vii what are our outcomes will
    introduction contents success look like lead leads by to be completed done how know
    """
)


def note_what_is_lost(layout: DocumentLayout, draft: PlanDraft, plan: dict[str, Any]) -> None:
    """Adds a note to ``draft`` for each cell or line with words that ``plan`` does not have."""
    kept: set[str] = set()
    for text in _texts(plan):
        kept.update(_words(text))
    for _, text, _ in draft.notes:
        kept.update(_words(text))
    for section in layout.sections:
        for heading in section.headings:
            kept.update(_words(heading))
    for where, text in _words_by_place(layout):
        if set(_words(text)) - kept - _SIGNS - PRIORITY_WORDS:
            draft.note(PlaceInPlan(), text, where)


def _words(text: str) -> Iterator[str]:
    return (match.group() for match in _WORD.finditer(text.casefold()))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)


def _words_by_place(layout: DocumentLayout) -> Iterator[tuple[str, str]]:
    """Where each cell of the plan's tables and each line of the document stands, and its words."""
    for step in layout.steps:
        if step.row is not None and step.section is not None and step.row.full is None:
            for cell in layout.plan_cells(step.section, step.row):
                if cell.meaning != M.IGNORE:
                    yield f"table {step.section.index + 1}, row {step.row.number}", cell.words
        elif step.other is None and label_of(words_of(step.content)) is None:
            words = words_of(step.content)
            inline = inline_label(words)
            yield "a line of the document", words[inline[1] :] if inline else words
