"""The words of a Word file, part by part, as its XML has them: what the last look counts against.

Stands beside the reader and shares nothing with it but the package: it knows paragraphs, tables and
places, and no plan. Deleted text (a change that is accepted) is none of its words; the same box stored
twice is one.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from cypp_desktop.exchange.last_look import PieceKind, SourcePiece
from cypp_desktop.exchange.word.package import SAFE, Element, W, WordPackage, WordPart

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


def source_pieces(package: WordPackage) -> Iterator[SourcePiece]:
    """All that is written in a Word file, in its order: the body first, then every other part."""
    notes: _Places = {}
    yield from _Story(WordPart("document", package.main, package.links), "", notes).pieces()


_Places = dict[tuple[str, str], object]


@dataclass(slots=True)
class _TableWalk:
    """Where in a table the walk has got to; ``columns`` are its headings by where they begin."""

    number: int
    inside: object | None  # the place of the table that it stands in
    row: int = 0
    at: int = 0
    columns: list[tuple[int, str]] = field(default_factory=list)
    heading_row: int = 0

    def heading(self, at: int) -> str:
        """What stands over a column."""
        found = ""
        for start, words in self.columns:
            if start <= at:
                found = words
        return found


@dataclass(frozen=True, slots=True)
class _CellPlace:
    table: _TableWalk
    row: int
    at: int

    def __str__(self) -> str:
        table = self.table
        if table.inside is not None:
            return f"a table within {table.inside}"
        if self.row == table.heading_row:
            return f"the headings of table {table.number}"
        heading = " ".join(table.heading(self.at).split())
        column = f", column “{heading[:60]}”" if heading else f", column {self.at + 1}"
        return f"table {table.number}, row {self.row}{column}"


_T, _TAB, _BREAK, _RETURN = W + "t", W + "tab", W + "br", W + "cr"
_BLANKS = {_TAB, _BREAK, _RETURN, W + "ptab"}
_HYPHEN, _SYMBOL = W + "noBreakHyphen", W + "sym"
_LETTERS = (_T, *_BLANKS, _HYPHEN, _SYMBOL, _MATH + "t", _DRAWING + "t")
_WALKED = tuple(W + name for name in ("tbl", "tr", "tc", "p")) + tuple(
    _MC + name for name in ("AlternateContent", "Choice", "Fallback")
)


class _Story:
    """One part of the package, walked as it is parsed."""

    def __init__(self, part: WordPart, name: str, notes: _Places) -> None:
        self._part = part
        self._name = name or "a line of the document"
        self._notes = notes
        self._tables: list[_TableWalk] = []
        self._count = 0

    def pieces(self) -> Iterator[SourcePiece]:
        """The pieces of the part."""
        events = etree.iterparse(io.BytesIO(self._part.data), events=("start", "end"), tag=_WALKED, **SAFE)
        for event, element in events:
            if event == "start":
                self._start(element)
            elif element.tag == W + "p":
                yield from self._paragraph(element)
                element.clear()
            else:
                self._end(element)

    def _start(self, element: Element) -> None:
        if element.tag == W + "tbl":
            inside = self._place() if self._tables else None
            self._count += inside is None
            self._tables.append(_TableWalk(self._count, inside))
        elif element.tag == W + "tr" and self._tables:
            self._tables[-1].row += 1
            self._tables[-1].at = 0

    def _end(self, element: Element) -> None:
        if not self._tables:
            return
        table = self._tables[-1]
        if element.tag == W + "tc":
            span = element.find(f"{W}tcPr/{W}gridSpan")
            table.at += 1 if span is None else _whole(span.get(W + "val"))
        elif element.tag == W + "tr":
            if not table.heading_row and len(table.columns) > 1:
                table.heading_row = table.row
            elif not table.heading_row:
                table.columns = []
            element.clear()
        elif element.tag == W + "tbl":
            self._tables.pop()
            element.clear()

    def _place(self) -> object:
        if not self._tables:
            return self._name
        table = self._tables[-1]
        return _CellPlace(table, table.row, table.at)

    def _paragraph(self, paragraph: Element) -> Iterator[SourcePiece]:
        found: list[str] = []
        for letter in paragraph.iter(*_LETTERS):
            tag = letter.tag
            if tag in _BLANKS:
                found.append(" ")
            elif tag == _HYPHEN:
                found.append("-")
            elif tag == _SYMBOL:
                found.append("•")
            else:
                found.append(letter.text or "")
        text = "".join(found)
        if text.strip():
            self._take_heading(text)
            yield SourcePiece(PieceKind.TEXT, self._place(), text)

    def _take_heading(self, text: str) -> None:
        """Words of the first row that has several cells with words are headings."""
        if not self._tables or self._tables[-1].heading_row:
            return
        table = self._tables[-1]
        if table.columns and table.columns[-1][0] == table.at:
            table.columns[-1] = (table.at, f"{table.columns[-1][1]} {text}")
        else:
            table.columns.append((table.at, text))


def _whole(text: str | None) -> int:
    found = re.fullmatch(r"\s*(\d{1,3})\s*", text or "")
    return max(1, int(found[1])) if found else 1
