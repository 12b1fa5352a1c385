"""The narrative of an annual report: its sections, each with the recommendations that were made in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from cypp_desktop.plan.blocks import Block, Paragraph, parse, plain_text
from cypp_desktop.plan.model import Recommendation, Section
from cypp_desktop.report.layouts.model import PrintScope
from cypp_desktop.report.layouts.recommendations import (
    RECOMMENDATION_COLUMNS,
    all_recommendations,
    recommendation_record,
)
from cypp_desktop.report.layouts.words import literal
from cypp_desktop.report.paper import BoxPart, HeadingPart, PaperPart, TablePart, TextPart
from cypp_desktop.report.printed_fields import Source, source
from cypp_desktop.report.record_tables import record_rows
from cypp_desktop.store.queries import rows_in_order

#: In a section a recommendation has its number and its text.
_COLUMNS: Final = RECOMMENDATION_COLUMNS[:2]
_SHARES: Final = (14.0, 86.0)


def narrative(
    scope: PrintScope, size: float, level: int, heading: Callable[[int, str], HeadingPart]
) -> list[PaperPart]:
    """The sections with headings from ``level`` on, as ``heading`` makes them; ``size`` is that of tables."""
    made_in: dict[str, list[Recommendation]] = {}
    for row in all_recommendations(scope):
        made_in.setdefault(_bare(row.section or ""), []).append(row)
    found: list[PaperPart] = []
    for section in rows_in_order(scope.session, Section):
        title = " ".join(filter(None, (section.number, section.title)))
        scope.printed.add(source(section, "number", "title", "depth", "text"))
        found.append(heading(level + max(section.depth, 1) - 1, title))
        here = made_in.pop(_bare(section.number), []) if section.number else []
        found += _SectionText(scope, size, here).parts_of(parse(section.text))
    return found


def not_in_narrative(scope: PrintScope) -> Sequence[Recommendation]:
    """The recommendations that a narrative does not show; all, where it has none in its texts."""
    listed = all_recommendations(scope)
    sections = rows_in_order(scope.session, Section)
    called: set[str] = set()
    for section in sections:
        for block in parse(section.text):
            called.add(_bare(plain_text((block,))))
    if listed and not any(_bare(row.number) in called for row in listed):
        return listed
    numbers = {_bare(section.number) for section in sections if section.number}
    return [row for row in listed if _bare(row.section or "") not in numbers]


class _SectionText:
    """A section's text. Where it calls for a recommendation that was made in it, that stands there.

    It is called for by its number ("REC 1:"), and then stands in a table, or as "Recommendation 1:", and
    then in a box; those that are not called for stand in boxes at the end.
    """

    def __init__(self, scope: PrintScope, size: float, here: Sequence[Recommendation]) -> None:
        self._scope, self._size, self._here = scope, size, here
        self._by_number = {_bare(row.number): row for row in here}
        self._by_title = {_bare(f"Recommendation {row.number}"): row for row in here}
        self._parts: list[PaperPart] = []
        self._text: list[Block] = []
        self._rows: list[Recommendation] = []
        self._shown: set[str] = set()
        scope.printed.add(Source(row, ("number", "text", "section")) for row in here)

    def parts_of(self, blocks: Sequence[Block]) -> list[PaperPart]:
        for block in blocks:
            self._add(block)
        self._end_text()
        self._end_table()
        for row in self._here:
            if row.id not in self._shown:
                self._parts.append(BoxPart(_title(row), parse(row.text)))
        return self._parts

    def _add(self, block: Block) -> None:
        words = plain_text((block,)) if isinstance(block, Paragraph) else ""
        called = _bare(words)
        if (row := self._by_number.get(called)) is not None:
            self._end_text()
            self._rows.append(row)
            self._shown.add(row.id)
        elif (row := self._by_title.get(called)) is not None:
            self._end_text()
            self._end_table()
            self._parts.append(BoxPart(" ".join(words.split()), parse(row.text)))
            self._shown.add(row.id)
        else:
            self._end_table()
            self._text.append(block)

    def _end_text(self) -> None:
        if self._text:
            self._parts.append(TextPart(tuple(self._text)))
            self._text = []

    def _end_table(self) -> None:
        if self._rows:
            records = [recommendation_record(row) for row in self._rows]
            self._parts.append(
                TablePart(
                    caption="Recommendations",
                    heads=(literal("No."), literal("Recommendation")),
                    shares=_SHARES,
                    rows=record_rows(_COLUMNS, records, self._scope),
                    size=self._size,
                )
            )
            self._rows = []


def _title(row: Recommendation) -> str:
    number = row.number.strip()
    return f"Recommendation {number}" if re.fullmatch(r"[\d.]*", number) else number


def _bare(words: str) -> str:
    """Letters and digits only, for comparing a number with how a text calls it: "REC: 6:" is "REC 6"."""
    return re.sub(r"\W+", "", words).casefold()
