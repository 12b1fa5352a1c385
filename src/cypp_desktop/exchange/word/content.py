"""The words of a Word document as paragraphs and tables, with all of Word's wrappings taken off.

Tracked changes are read as accepted; hyperlinks, content controls, fields, footnotes, text boxes
and symbols give up their words. What a word means to a plan is none of this module's business.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from cypp_desktop.exchange.word.bounds import MOST_SPANNED, Bounds
from cypp_desktop.exchange.word.line import Line
from cypp_desktop.exchange.word.package import Element, W, WordPackage, body_pieces
from cypp_desktop.exchange.word.styles import (
    EntryMark,
    Numbering,
    Style,
    WordStyles,
    left_indent,
    number,
    switched,
    value,
)
from cypp_desktop.exchange.word.wrappings import looked_through, unwrapped
from cypp_desktop.plan.blocks import Span


@dataclass(slots=True)
class Para:
    """A paragraph: its words with their style, and what makes it a heading or an entry of a list."""

    spans: list[Span]
    mark: EntryMark | None = None
    indent: int = 0
    heading: int | None = None  # 0 for a document title, 1 for Heading 1 and so on
    style: str = ""
    size: int = 0  # largest letters, in half-points
    underlined: bool = False
    remarks: list[str] = field(default_factory=list)  # footnotes and margin comments
    struck: str = ""  # words that are struck out, where all are

    @property
    def text(self) -> str:
        """The words, without the list's own mark."""
        return "".join(span.text for span in self.spans)

    @property
    def words(self) -> str:
        """The words on one line, as printed: a number that Word made is part of them."""
        label = self.mark.label + " " if self.mark and self.mark.number is not None else ""
        return " ".join((label + self.text).split())

    @property
    def bold(self) -> bool:
        """Whether all words are bold (a heading style counts)."""
        inked = [span for span in self.spans if span.text.strip()]
        return bool(inked) and (self.heading is not None or all(span.bold for span in inked))


@dataclass(slots=True)
class WordTableCell:
    """A cell as Word stores it: ``start`` and ``span`` count grid columns."""

    start: int
    span: int
    continues: bool  # merged with the cell above
    content: list[Content]
    borderless_top: bool = False

    @property
    def end(self) -> int:
        """The grid column after its last one."""
        return self.start + self.span


@dataclass(slots=True)
class WordTableRow:
    cells: list[WordTableCell]
    header: bool = False

    @property
    def content(self) -> list[Content]:
        """What stands in all its cells."""
        found: list[Content] = []
        for cell in self.cells:
            found += cell.content
        return found

    @property
    def bold(self) -> bool:
        """Whether all words of its paragraphs are bold."""
        paras = [piece for piece in self.content if isinstance(piece, Para) and piece.text.strip()]
        return bool(paras) and all(para.bold for para in paras)


@dataclass(slots=True)
class WordTable:
    """A table; ``width`` counts the columns of its grid."""

    rows: list[WordTableRow]
    width: int = field(init=False)

    def __post_init__(self) -> None:
        self.width = max((cell.end for row in self.rows for cell in row.cells), default=0)


Content = Para | WordTable


def words_of(content: Iterable[Content]) -> str:
    """All words of some content on one line."""
    found = []
    for piece in content:
        if isinstance(piece, Para):
            found.append(piece.words)
        else:
            for row in piece.rows:
                found += [words_of(cell.content) for cell in row.cells]
    return " ".join(part for part in found if part)


class ContentReader:
    """Reads the body of a package once, in order. ``remarks`` says what has no words to bring."""

    def __init__(self, package: WordPackage) -> None:
        self._package = package
        self._styles = WordStyles(package)
        self._numbering = Numbering(package)
        self._notes = {
            "footnote": _by_id(package.footnotes, "footnote"),
            "endnote": _by_id(package.endnotes, "endnote"),
            "comment": _by_id(package.comments, "comment"),
        }
        #: the number of each note that was read, by its kind and id
        self._numbers: dict[str, dict[str, int]] = {"footnote": {}, "endnote": {}, "comment": {}}
        self._bounds = Bounds()
        self.pictures = 0
        self.hidden: list[str] = []

    def body(self) -> list[Content]:
        """Paragraphs and tables of the main text. Raises ImportProblem where it is damaged."""
        blocks, rows = _Blocks(self), _Rows(self)
        for element, in_table in body_pieces(self._package):
            if in_table:
                rows.add(element)
            elif element.tag == W + "tbl":
                blocks.found.append(WordTable(rows.found))
                rows = _Rows(self)
            else:
                blocks.add(element)
        return blocks.all()

    def margins(self) -> list[str]:
        """The lines of headers and footers."""
        lines = []
        for part in self._package.headers:
            lines += [words_of([block]) for block in self.blocks(part)]
        return [line for line in lines if line]

    # ------------------------------------------------------------------ blocks

    def blocks(self, parent: Element) -> list[Content]:
        """The paragraphs and tables in an element."""
        blocks = _Blocks(self)
        for child in parent:
            blocks.add(child)
        return blocks.all()

    def row(self, row: Element, widest: int) -> tuple[WordTableRow | None, int]:
        """A row of a table, if it was not deleted, and how many grid columns the widest row has so far."""
        properties = row.find(W + "trPr")
        if properties is not None and properties.find(W + "del") is not None:
            return None, widest
        at = _grid_columns(value(properties, "gridBefore"))
        cells: list[WordTableCell] = []
        for cell in unwrapped(row):
            if cell.tag == W + "tc":
                at = self._cell(cell, at, cells)
        widest = max(widest, at)
        self._bounds.row(at, widest)
        return WordTableRow(cells, switched(properties, "tblHeader") is True), widest

    def _cell(self, cell: Element, at: int, cells: list[WordTableCell]) -> int:
        properties = cell.find(W + "tcPr")
        span = max(1, _grid_columns(value(properties, "gridSpan")))
        merge = None if properties is None else properties.find(W + "vMerge")
        continues = merge is not None and merge.get(W + "val", "continue") == "continue"
        deleted = properties is not None and properties.find(W + "cellDel") is not None
        content: list[Content] = [] if deleted else self.blocks(cell)
        if value(properties, "hMerge") == "continue" and cells:
            cells[-1].span += span
            cells[-1].content += [piece for piece in content if words_of([piece])]
        else:
            top = None if properties is None else properties.find(f"{W}tcBorders/{W}top")
            bare = top is not None and top.get(W + "val") in ("nil", "none")
            cells.append(WordTableCell(at, span, continues, content, bare))
        return at + span

    # ------------------------------------------------------------------ paragraphs

    def paragraph(self, paragraph: Element) -> tuple[Para, list[Content]]:
        """A paragraph, and what stands in text boxes that hang on it."""
        properties = paragraph.find(W + "pPr")
        style_id = value(properties, "pStyle") or self._styles.default_paragraph
        style = self._styles.get(style_id)
        line = Line(self, style)
        line.read(paragraph)
        para = Para(line.spans, style=style.name.casefold(), size=line.size, remarks=line.remarks)
        para.heading = _heading_level(style, properties)
        para.struck = "" if para.text.strip() else line.struck.strip()
        inked = [s for s in line.spans if s.text.strip()]
        para.underlined = bool(inked) and line.plain == 0
        para.mark = self._mark(properties, style, style_id)  # an empty one counts too
        own = left_indent(properties)
        if own is not None:
            para.indent = own
        elif para.mark is not None:
            para.indent = para.mark.indent
        else:
            para.indent = style.indent or 0
        return para, line.boxes

    def _mark(self, properties: Element | None, style: Style, style_id: str | None) -> EntryMark | None:
        own = None if properties is None else properties.find(W + "numPr")
        list_id = value(own, "numId")
        level = value(own, "ilvl")
        if list_id is None:
            list_id = style.list_id
            if list_id is None:
                return None
            if level is None:
                tied = self._numbering.level_of_style(list_id, style_id)
                level = str(tied if tied is not None else style.list_level or 0)
        return self._numbering.mark(list_id, number(level) or 0)

    def style(self, identity: str | None) -> Style:
        """The character style of a run."""
        return self._styles.get(identity)

    def note(self, kind: str, identity: str) -> tuple[str, str]:
        """The mark and the words of a footnote, endnote or margin comment: words where it is first named."""
        note = self._notes[kind].get(identity)
        if note is None:
            return "", ""
        numbers = self._numbers[kind]
        is_first = identity not in numbers
        number = numbers.setdefault(identity, len(numbers) + 1)
        words = self._words_of_note(note) if is_first else ""
        if kind == "comment":
            by = f" by {author}" if (author := note.get(W + "author", "")) else ""
            return "", f"Comment{by}: {words}" if is_first else ""
        return (f"[^{number}]" if kind == "footnote" else f"[^e{number}]"), words

    def _words_of_note(self, note: Element) -> str:
        with self._bounds.note():
            return words_of(self.blocks(note))

    def link(self, identity: str | None) -> str | None:
        """The address of a hyperlink by its relationship."""
        address = self._package.links.get(identity or "")
        self._bounds.link(address or "")
        return address

    def blocks_of_box(self, box: Element) -> list[Content]:
        """The paragraphs and tables in a text box."""
        return [block for block in self.blocks(box) if words_of([block])]


class _Blocks:
    """Gathers the paragraphs and tables that stand in one place."""

    def __init__(self, reader: ContentReader) -> None:
        self._reader = reader
        self._carried: Para | None = None  # a paragraph whose end mark is deleted runs into the next one
        self.found: list[Content] = []

    def add(self, child: Element) -> None:
        """What stands in one child of the place."""
        for element in looked_through(child):
            if element.tag == W + "p":
                self._paragraph(element)
            elif element.tag == W + "tbl":
                rows = _Rows(self._reader)
                for row in element:
                    rows.add(row)
                self.found.append(WordTable(rows.found))

    def _paragraph(self, element: Element) -> None:
        para, boxes = self._reader.paragraph(element)
        before = self._carried
        if before is not None:
            para = replace(para, spans=before.spans + para.spans, remarks=before.remarks + para.remarks)
        self._carried = para if _end_deleted(element) else None
        if self._carried is None:
            self.found.append(para)
        self.found += boxes

    def all(self) -> list[Content]:
        """All that was found."""
        return self.found if self._carried is None else [*self.found, self._carried]


class _Rows:
    """Gathers the rows of one table."""

    def __init__(self, reader: ContentReader) -> None:
        self._reader = reader
        self._widest = 0
        self.found: list[WordTableRow] = []

    def add(self, child: Element) -> None:
        """The rows in one child of the table."""
        for element in looked_through(child):
            if element.tag == W + "tr":
                row, self._widest = self._reader.row(element, self._widest)
                if row is not None:
                    self.found.append(row)


def _by_id(part: Element | None, kind: str) -> dict[str, Element]:
    """The notes of one kind in a part of the package."""
    if part is None:
        return {}
    return {note.get(W + "id", ""): note for note in part.findall(W + kind)}


def _end_deleted(paragraph: Element) -> bool:
    mark = paragraph.find(f"{W}pPr/{W}rPr")
    return mark is not None and (mark.find(W + "del") is not None or mark.find(W + "moveFrom") is not None)


def _heading_level(style: Style, properties: Element | None) -> int | None:
    name = style.name.casefold()
    if name in ("title", "subtitle"):
        return 0
    numbered = re.fullmatch(r"(?:heading|titre|überschrift)\s*(\d)", name)
    if numbered:
        return int(numbered.group(1))
    level = number(value(properties, "outlineLvl"))
    level = style.outline if level is None else level
    return level + 1 if level is not None and 0 <= level < 9 else None


def _grid_columns(text: str | None) -> int:
    return min(max(number(text) or 0, 0), MOST_SPANNED)
