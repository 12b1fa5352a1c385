"""Plain words with typed bullets and numbers, as blocks; no Qt here."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from cypp_desktop.plan.blocks import Block, Item, List, Paragraph, Span, normal
from cypp_desktop.plan.symbol_fonts import signs_without_font

#: Bullets as people and programs type them: the signs of Symbol and Wingdings fonts among them.
BULLETS = "-*•·●○◦▪■□◆➢➤‣⁃–—\uf0b7\uf0a7\uf0d8\uf02d"
_MARKED = re.compile(rf"^([ \t\u00a0]*)(?:([{re.escape(BULLETS)}])|(\d{{1,3}})[.)])(?:[ \t\u00a0]+)(?=\S)")
_TAB = 4


@dataclass
class _TypedItem:
    """A line with a marker, and the lines that go on from it."""

    column: int
    start: int | None
    words: list[str]
    inner: list[_TypedItem] = field(default_factory=list)


def blocks_from_typed(text: str) -> tuple[Block, ...]:
    """Blocks of plain text: a blank line parts paragraphs, typed bullets and numbers make lists.

    Lines that begin further in than the marker before them are nested under it, or go on with its
    words when they have no marker. A lone line with a dash in front is a list of one.
    """
    reader = _TypedReader()
    for line in signs_without_font(text).replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        reader.read(line)
    reader.close()
    return normal(reader.blocks)


class _TypedReader:
    """Reads typed lines one by one. Of ``words`` and ``items`` only one is under way at a time."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._words: list[str] = []
        self._items: list[_TypedItem] = []
        self._is_after_blank = False

    def read(self, line: str) -> None:
        """Read the next line."""
        marked = _MARKED.match(line)
        if marked:
            self._end_paragraph()
            start = int(marked[3]) if marked[3] else None
            _add(self._items, _TypedItem(_column(marked[1]), start, [line[marked.end() :]]))
        elif not line.strip():
            self._end_paragraph()
        elif self._goes_on_with_item(line):
            _last(self._items).words.append(line.strip())
        else:
            self._end_list()
            self._words.append(line)
        self._is_after_blank = not line.strip()

    def close(self) -> None:
        """End what is under way."""
        self._end_paragraph()
        self._end_list()

    def _goes_on_with_item(self, line: str) -> bool:
        column = _column(line[: len(line) - len(line.lstrip())])
        return bool(self._items) and not self._is_after_blank and column > self._items[-1].column

    def _end_paragraph(self) -> None:
        if self._words:
            self.blocks.append(Paragraph((Span("\n".join(self._words)),)))
            self._words = []

    def _end_list(self) -> None:
        self.blocks += _lists(self._items)
        self._items = []


def without_bullet(text: str) -> str | None:
    """``text`` without the bullet it begins with, typed as a sign that nobody uses for a dash; else None.

    For lines that are known to be paragraphs of a page: a dash there is a dash.
    """
    marked = _MARKED.match(text)
    if not marked or not marked[2] or marked[2] in "-*–—":
        return None
    return text[marked.end() :]


def _column(blanks: str) -> int:
    return len(blanks.expandtabs(_TAB))


def _last(entries: list[_TypedItem]) -> _TypedItem:
    entry = entries[-1]
    while entry.inner:
        entry = entry.inner[-1]
    return entry


def _add(entries: list[_TypedItem], entry: _TypedItem) -> None:
    """Put an entry under the last one that begins further left, else beside it."""
    at = entries
    while at and entry.column > at[-1].column:
        at = at[-1].inner
    at.append(entry)


def _lists(entries: list[_TypedItem]) -> list[Block]:
    """Lists of entries of one depth: a new one where bullets give way to numbers or a number is left out."""
    found: list[Block] = []
    group: list[_TypedItem] = []
    for entry in [*entries, None]:
        if group and (entry is None or not _goes_on(group, entry)):
            items = [Item((Paragraph((Span("\n".join(e.words)),)), *_lists(e.inner))) for e in group]
            found.append(List(tuple(items), group[0].start))
            group = []
        if entry is not None:
            group.append(entry)
    return found


def _goes_on(group: list[_TypedItem], entry: _TypedItem) -> bool:
    first, last = group[0].start, group[-1].start
    if first is None or last is None or entry.start is None:
        return first is entry.start
    return entry.start in (last + 1, first)  # "1. 1. 1." is how some type a list
