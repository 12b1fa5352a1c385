"""The last look at a Word document: its words are counted, and what is nowhere in the plan becomes a note.

The reading puts everything somewhere on purpose; this holds for what nobody thought of.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from cypp_desktop.exchange.last_look import LostWords, TextCounter, lost_words
from cypp_desktop.exchange.word.draft import PlaceInPlan, PlanDraft
from cypp_desktop.exchange.word.layout import DocumentLayout
from cypp_desktop.exchange.word.package import WordPackage
from cypp_desktop.exchange.word.source_words import source_pieces
from cypp_desktop.exchange.word.told import told_words

#: Fields that only repeat what others say, and those that name measures by their keys.
_DERIVED = frozenset({"key", "flags", "period", "partnership", "status_of_plan", "placeholder"})
_REFERENCES = frozenset({"measures"})


def note_what_is_lost(
    package: WordPackage, layout: DocumentLayout, draft: PlanDraft, plan: dict[str, Any]
) -> None:
    """Adds a note to ``draft`` for each piece of the document with words that are nowhere in ``plan``."""
    kept = _kept(layout, draft, plan)
    for place, words in _by_place(lost_words(lambda: source_pieces(package), kept)):
        draft.note(PlaceInPlan(), words, place)


def _kept(layout: DocumentLayout, draft: PlanDraft, plan: dict[str, Any]) -> Counter[str]:
    """The words that have a place, and those left out on purpose."""
    counter = TextCounter(_DERIVED, _REFERENCES)
    counter.add(plan)
    for _, words, _ in draft.notes:
        counter.add(words)
    return counter.found + told_words(layout)


def _by_place(lost: list[LostWords]) -> Iterator[tuple[str, str]]:
    """Each place with what is lost there: pieces of one place that follow one another together."""
    for place, found in groupby(lost, key=lambda each: str(each.piece.place)):
        yield place, "\n\n".join(each.words for each in found)
