"""Plain words with typed bullets and numbers, as blocks; no Qt here."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from cypp_desktop.plan.blocks import Block, Item, List, Paragraph, Span, normal

#: Bullets as people and programs type them: the signs of Symbol and Wingdings fonts among them.
BULLETS = "-*•·●○◦▪■□◆➢➤‣⁃–—\uf0b7\uf0a7\uf0d8\uf0fc\uf02d"
_MARKED = re.compile(rf"^([ \t\u00a0]*)(?:([{re.escape(BULLETS)}])|(\d{{1,3}})[.)])(?:[ \t\u00a0]+)(?=\S)")
_TAB = 4


@dataclass
class _Entry:
    """A line with a marker, and the lines that go on from it."""

    column: int
    start: int | None
    words: list[str]
    inner: list[_Entry] = field(default_factory=list)


def blocks_from_typed(text: str) -> tuple[Block, ...]:
    """Blocks of plain text: a blank line parts paragraphs, typed bullets and numbers make lists.

    Lines that begin further in than the marker before them are nested under it, or go on with its
    words when they have no marker. A lone line with a dash in front is a list of one.
    """
    blocks: list[Block] = []
    words: list[str] = []
    entries: list[_Entry] = []

    def close() -> None:
        if words:
            blocks.append(Paragraph((Span("\n".join(words)),)))
            words.clear()
        blocks.extend(_lists(entries))
        entries.clear()

    parted = False
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        marked = _MARKED.match(line)
        column = _column(marked[1]) if marked else _column(line[: len(line) - len(line.lstrip())])
        if marked:
            if words:
                close()
            _add(entries, _Entry(column, int(marked[3]) if marked[3] else None, [line[marked.end() :]]))
        elif not line.strip():
            if words:
                close()
        elif entries and not parted and column > entries[-1].column:
            _last(entries).words.append(line.strip())
        else:
            if entries:
                close()
            words.append(line)
        parted = not line.strip()
    close()
    return normal(blocks)


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


def _last(entries: list[_Entry]) -> _Entry:
    entry = entries[-1]
    while entry.inner:
        entry = entry.inner[-1]
    return entry


def _add(entries: list[_Entry], entry: _Entry) -> None:
    """Put an entry under the last one that begins further left, else beside it."""
    at = entries
    while at and entry.column > at[-1].column:
        at = at[-1].inner
    at.append(entry)


def _lists(entries: list[_Entry]) -> list[Block]:
    """Lists of entries of one depth: a new one where bullets give way to numbers or a number is left out."""
    found: list[Block] = []
    group: list[_Entry] = []
    for entry in [*entries, None]:
        if group and (entry is None or not _goes_on(group, entry)):
            items = [Item((Paragraph((Span("\n".join(e.words)),)), *_lists(e.inner))) for e in group]
            found.append(List(tuple(items), group[0].start))
            group = []
        if entry is not None:
            group.append(entry)
    return found


def _goes_on(group: list[_Entry], entry: _Entry) -> bool:
    first, last = group[0].start, group[-1].start
    if first is None or last is None or entry.start is None:
        return first is entry.start
    return entry.start in (last + 1, first)  # "1. 1. 1." is how some type a list
