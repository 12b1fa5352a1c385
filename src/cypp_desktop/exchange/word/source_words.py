"""The words of a Word file, part by part, as its XML has them: what the last look counts against.

Stands beside the reader and shares little with it but the package: it knows paragraphs, tables and places,
and no plan. Deleted text (a change that is accepted) is none of its words; the same box stored twice is one.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from cypp_desktop.exchange.last_look import PieceKind, SourcePiece
from cypp_desktop.exchange.word.colours import colour_of_cell, may_have_colours
from cypp_desktop.exchange.word.inserted import chunk_text, drawn_texts
from cypp_desktop.exchange.word.package import SAFE, Element, W, WordPackage, WordPart
from cypp_desktop.exchange.word.source_runs import ParagraphWords, RunsReader, pieces_of
from cypp_desktop.exchange.word.styles import WordStyles

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_Places = dict[tuple[str, str], object]

_MARGINS = {"header": "the page header", "footer": "the page footer"}
_NOTES = {"footnotes": "footnote", "endnotes": "endnote", "comments": "comment"}
_BODY = "a line of the document"
_DRAWN = {"chart": "a chart", "chartex": "a chart", "diagramdata": "a diagram"}


def source_pieces(package: WordPackage, *, with_places: bool = True) -> Iterator[SourcePiece]:
    """All that is written in a Word file, in its order: the body first, then every other part.

    Without places it is faster.
    """
    styles = WordStyles(package)
    notes: _Places = {}
    body = WordPart("body", package.main, package.links)
    yield from _Story(body, styles, notes).pieces(with_places)
    margins: set[str] = set()
    for part in package.parts:
        if part.kind in _NOTES:
            yield from _Story(part, styles, notes).pieces(with_places)
        elif part.kind in _DRAWN:
            yield SourcePiece(PieceKind.TEXT, _DRAWN[part.kind], "\n".join(drawn_texts(part.data)))
        elif part.kind in _MARGINS:
            for piece in _Story(part, styles, notes).pieces(with_places):
                if piece.words not in margins:  # the first page and the others have margins of their own
                    margins.add(piece.words)
                    yield piece
        else:
            text = chunk_text(part)
            kind = PieceKind.UNREAD if text is None else PieceKind.TEXT
            yield SourcePiece(kind, "a document inside the document", text or part.name)


@dataclass(slots=True)
class _TableWalk:
    """Where in a table the walk has got to; ``columns`` are its headings by where they begin."""

    number: int
    inside: object | None  # the place of the table that it stands in
    row: int = 0
    at: int = 0
    columns: list[tuple[int, str]] = field(default_factory=list)
    heading_row: int = 0
    inked: list[str] = field(default_factory=list)  # the words of the cell

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
            return f"a table in {table.inside}"
        if self.row == table.heading_row:
            return f"the headings of table {table.number}"
        heading = " ".join(table.heading(self.at).split())
        column = f", column “{heading[:60]}”" if heading else f", column {self.at + 1}"
        return f"table {table.number}, row {self.row}{column}"


@dataclass(frozen=True, slots=True)
class _Line:
    """A paragraph of the body, by what it says."""

    words: str

    def __str__(self) -> str:
        words = " ".join(self.words.split())
        return f"the line “{words[:40]}{'…' if len(words) > 40 else ''}”" if words else _BODY


@dataclass(frozen=True, slots=True)
class _At:
    """Something that stands in or hangs on a place."""

    what: str
    place: object

    def __str__(self) -> str:
        return f"{self.what} {self.place}"


_OPTIONS = tuple(_MC + name for name in ("Choice", "Fallback"))
_NOTE_TAGS = {W + name: name for name in ("footnote", "endnote", "comment")}
_WALKED = (*(W + name for name in ("tbl", "tr", "tc", "p", "txbxContent")), *_OPTIONS, *_NOTE_TAGS)
_BARE = (W + "p", W + "tr")
_OPTIONS_IN = re.compile(rb"AlternateContent")
_TAKEN = "taken"  # a mark of ours on alternatives of which one with words was read


class _Story:
    """One part of the package, walked as it is parsed."""

    def __init__(self, part: WordPart, styles: WordStyles, notes: _Places) -> None:
        self._part = part
        self._name: object = _MARGINS.get(part.kind, _BODY)
        self._kind = PieceKind.MARGIN if part.kind in _MARGINS else PieceKind.TEXT
        self._runs = RunsReader(part, styles)
        self._notes = notes
        self._tables: list[_TableWalk] = []
        self._count = 0
        self._boxes: list[list[_TableWalk]] = []  # the tables round each open text box
        self._options: list[bool] = []  # open alternatives: whether words were found in them

    def pieces(self, with_places: bool) -> Iterator[SourcePiece]:
        """The pieces of the part, with their places or without."""
        return self._pieces() if with_places or _OPTIONS_IN.search(self._part.data) else self._bare_pieces()

    def _bare_pieces(self) -> Iterator[SourcePiece]:
        """The pieces without their places; of colours only that there may be some."""
        events = etree.iterparse(io.BytesIO(self._part.data), events=("end",), tag=_BARE, **SAFE)
        for _, element in events:
            if element.tag == W + "p":
                text = self._runs.plain_text(element)
                if text is None:
                    words = self._runs.read(element)
                    for kind, some in pieces_of(words):
                        yield SourcePiece(self._kind if kind == PieceKind.TEXT else kind, None, some)
                    yield from _beside(words, None)
                elif text:
                    yield SourcePiece(self._kind, None, text)
            element.clear()
        if may_have_colours(self._part.data):
            yield SourcePiece(PieceKind.COLOUR, None, "")

    def _pieces(self) -> Iterator[SourcePiece]:
        events = etree.iterparse(io.BytesIO(self._part.data), events=("start", "end"), tag=_WALKED, **SAFE)
        for event, element in events:
            if event == "start":
                self._start(element)
            elif element.tag == W + "p":
                yield from self._paragraph(element)
                element.clear()
            else:
                yield from self._end(element)

    def _start(self, element: Element) -> None:
        tag = element.tag
        if tag == W + "tbl":
            inside = self._place() if self._tables or self._kind == PieceKind.MARGIN or self._boxes else None
            self._count += inside is None
            self._tables.append(_TableWalk(self._count, inside))
        elif tag == W + "tr" and self._tables:
            self._tables[-1].row += 1
            self._tables[-1].at = 0
        elif tag == W + "txbxContent":
            self._boxes.append(self._tables)
            self._tables = []
        elif tag in _OPTIONS:
            self._options.append(False)
        elif tag in _NOTE_TAGS:
            self._start_note(_NOTE_TAGS[tag], element.get(W + "id", ""))

    def _start_note(self, kind: str, identity: str) -> None:
        place = self._notes.get((kind, identity))
        self._kind = PieceKind.TEXT if place is not None else PieceKind.MARGIN
        on = "on" if kind == "comment" else "in"
        self._name = (
            _At(f"the {kind} {on}", place) if place is not None else f"a {kind} that no text refers to"
        )

    def _end(self, element: Element) -> Iterator[SourcePiece]:
        tag = element.tag
        if tag == W + "txbxContent":
            self._tables = self._boxes.pop()
        elif tag in _OPTIONS:
            self._end_option(element)
        elif self._tables and tag in (W + "tc", W + "tr", W + "tbl"):
            yield from self._end_of_table_part(element, self._tables[-1])

    def _end_option(self, element: Element) -> None:
        """One of several renderings of the same thing: the first with words is the one."""
        has_words = self._options.pop() or any((text.text or "").strip() for text in element.iter(W + "t"))
        alternatives = element.getparent()
        if alternatives.get(_TAKEN):
            element.clear()
        elif has_words:
            alternatives.set(_TAKEN, "1")
            self._options = [True for _ in self._options]

    def _end_of_table_part(self, element: Element, table: _TableWalk) -> Iterator[SourcePiece]:
        if element.tag == W + "tc":
            if table.row != table.heading_row:
                colour = colour_of_cell(element, " ".join(table.inked), table.heading(table.at))
                if colour:
                    yield SourcePiece(PieceKind.COLOUR, self._place(), colour)
            table.inked = []
            span = element.find(f"{W}tcPr/{W}gridSpan")
            table.at += 1 if span is None else _whole(span.get(W + "val"))
            return
        if element.tag == W + "tbl":
            self._tables.pop()
        elif not table.heading_row:
            if len(table.columns) > 1:
                table.heading_row = table.row
            else:
                table.columns = []
        element.clear()

    def _place(self) -> object:
        if self._tables:
            table = self._tables[-1]
            return _CellPlace(table, table.row, table.at)
        return "a text box" if self._boxes else self._name

    def _paragraph(self, paragraph: Element) -> Iterator[SourcePiece]:
        if self._options and self._is_other_rendering(paragraph):
            return
        words = self._runs.read(paragraph)
        place = self._place()
        if place is _BODY:
            place = _Line("".join(words.texts.get(PieceKind.TEXT, ())))
        for note in words.notes:
            self._notes.setdefault(note, place)
        for kind, text in pieces_of(words):
            if kind == PieceKind.TEXT:
                yield SourcePiece(self._kind_here(), place, text)
                self._take_in(text)
            else:
                yield SourcePiece(kind, place, text)
        yield from _beside(words, place)

    def _kind_here(self) -> PieceKind:
        """A table in a page's margin is more than the margin."""
        return PieceKind.TEXT if self._tables else self._kind

    def _is_other_rendering(self, paragraph: Element) -> bool:
        """Whether a paragraph stands in a rendering of what was read already."""
        return any(
            above.tag in _OPTIONS and above.getparent().get(_TAKEN) for above in paragraph.iterancestors()
        )

    def _take_in(self, text: str) -> None:
        """Words of the first row that has several cells with words are headings."""
        self._options = [True for _ in self._options]
        if not self._tables:
            return
        table = self._tables[-1]
        table.inked.append(text)
        if table.heading_row:
            return
        if table.columns and table.columns[-1][0] == table.at:
            table.columns[-1] = (table.at, f"{table.columns[-1][1]} {text}")
        else:
            table.columns.append((table.at, text))


def _beside(words: ParagraphWords, place: object) -> Iterator[SourcePiece]:
    """What a paragraph holds beside its words: where its links lead, what its pictures show."""
    for address in words.addresses:
        yield SourcePiece(PieceKind.ADDRESS, _At("the address of a link in", place), address)
    for text in words.pictures:
        yield SourcePiece(PieceKind.TEXT, _At("the description of a picture in", place), text)


def _whole(text: str | None) -> int:
    found = re.fullmatch(r"\s*(\d{1,3})\s*", text or "")
    return max(1, int(found[1])) if found else 1
