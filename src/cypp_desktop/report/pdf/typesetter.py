"""Markdown blocks as measured lines: what stands in a cell, an introduction or a heading.

A :class:`Typesetter` turns blocks into :class:`TextLine` objects for one width. A line is the unit that
goes on a page: it is never cut, and a cell is cut between lines. Knows nothing of pages.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import Literal

from cypp_desktop.plan.blocks import Block, Item, List, Paragraph, Span, Spans, Table
from cypp_desktop.report.characters import clean, is_openable
from cypp_desktop.report.palette import RagSpan, parts_of
from cypp_desktop.report.pdf.canvas import LINK
from cypp_desktop.report.pdf.fonts import BOLD, ITALIC, FontBook, Word, WordPiece
from cypp_desktop.report.pdf.lines import Links, TextRun
from cypp_desktop.report.pdf.lines import TextLine as TextLine
from cypp_desktop.report.pdf.lines import TextLines as TextLines
from cypp_desktop.report.pdf.lines import TypeStyle as TypeStyle
from cypp_desktop.report.pdf.mixed_directions import begins_at_right, set_mixed
from cypp_desktop.report.pdf.shaping import runs_from_right
from cypp_desktop.report.pdf.structure import ElementKind, StructureElement, table_cell

Blocks = tuple[Block, ...]


# ---------------------------------------------------------------------------------- setting

_BULLETS = ("•", "–")
_CELL_PADDING = 3.0
#: sub-tables and labels narrower than this many ems are set smaller, or without an indent
_NARROWEST = 1.3
#: sub-tables of so few lines are not torn in two
_KEPT_WHOLE = 12
#: what lists are set in, about, in ems
_HANG = 1.4
#: the names of colours that are this short stay on one line
_SHORT_NAME = 10
#: words of more letters are addresses and the like: no column is made wide enough for them
_LONGEST_KEPT = 20
_ITEM_GAP, _BLOCK_GAP, _HEADING_GAP = 0.16, 0.40, 0.62  # of the size


@dataclass
class Typesetter:
    """Sets texts for one document; remembers what had no glyph and whether anything was shrunk."""

    fonts: FontBook = field(default_factory=FontBook)
    shrunk: bool = False

    def set(
        self,
        blocks: Iterable[Block],
        width: float,
        style: TypeStyle,
        parent: StructureElement | None = None,
        heading: ElementKind = "P",
    ) -> TextLines:
        """The lines of blocks in a column ``width`` points wide, as pieces of ``parent``.

        ``heading`` is what paragraphs that are headings are in the structure; in a table's cell they
        are paragraphs.
        """
        return TextLines(self._blocks(tuple(blocks), 0.0, width, style, parent, 0, heading))

    def set_heading(
        self, blocks: Blocks, width: float, style: TypeStyle, element: StructureElement
    ) -> TextLines:
        """The lines of a heading: its first paragraph is ``element`` itself, what follows comes after."""
        if not blocks or not isinstance(blocks[0], Paragraph):
            return self.set(blocks, width, style, element.parent)
        lines = self._paragraph(blocks[0].spans, 0.0, width, style, element)
        more = self._blocks(blocks[1:], 0.0, width, style, element.parent, 0, "P")
        if more:
            more[0].gap = _BLOCK_GAP * style.size
        return TextLines(lines + more)

    def widest_word(self, blocks: Iterable[Block], style: TypeStyle) -> float:
        """How wide a column has to be for no word of paragraphs and lists to be cut, save very long ones."""
        widest = 0.0
        for block in blocks:
            if isinstance(block, Paragraph):
                for span in block.spans:
                    if isinstance(span, RagSpan) and len(span.text) < _SHORT_NAME:
                        widest = max(widest, self._width(span.text, replace(style, face=BOLD)))
                    known = self.fonts.words(style.face | BOLD * span.bold | ITALIC * span.italic)
                    words = [word for word in clean(span.text).split() if len(word) <= _LONGEST_KEPT]
                    widest = max([widest, *(known[word].width * style.size for word in words)])
            elif isinstance(block, List):
                inner = max(self.widest_word(item.blocks, style) for item in block.items)
                widest = max(widest, inner + _HANG * style.size)
        return widest

    # -- blocks

    def _blocks(
        self,
        blocks: tuple[Block, ...],
        indent: float,
        width: float,
        style: TypeStyle,
        parent: StructureElement | None,
        depth: int,
        heading_kind: ElementKind = "P",
    ) -> list[TextLine]:
        lines: list[TextLine] = []
        for place, block in enumerate(blocks):
            if isinstance(block, Paragraph):
                heading = block.is_heading and place + 1 < len(blocks)
                element = StructureElement(heading_kind if heading else "P", parent)
                more = self._paragraph(block.spans, indent, width, style, element)
                gap = _HEADING_GAP if heading else _BLOCK_GAP
                before_list = place + 1 < len(blocks) and isinstance(blocks[place + 1], List)
                if more and (heading or before_list):
                    more[-1].keep = True
            elif isinstance(block, List):
                more = self._list(block, indent, width, style, parent, depth)
                gap = _ITEM_GAP if depth or _leads_in(blocks, place) else _BLOCK_GAP
            else:
                more = self._table(block, indent, width, style, parent)
                gap = _BLOCK_GAP
            if more and lines:
                more[0].gap = gap * style.size
            lines += more
        return lines

    def _list(
        self,
        block: List,
        indent: float,
        width: float,
        style: TypeStyle,
        parent: StructureElement | None,
        depth: int,
    ) -> list[TextLine]:
        numbering = "/O/List/ListNumbering/" + ("Disc" if block.start is None else "Decimal")
        element = StructureElement("L", parent, attributes=numbering)
        labels = [
            _BULLETS[min(depth, 1)] if block.start is None else f"{block.start + number}."
            for number in range(len(block.items))
        ]
        widest = max(self._width(label, style) for label in labels)
        hang = max(widest + 0.45 * style.size, 1.0 * style.size)
        if width - indent - hang < 5 * style.size and width - indent - hang < 0.6 * width:
            hang = 0.0  # no room for another indent: the label stands in the text
        lines: list[TextLine] = []
        for label, item in zip(labels, block.items, strict=True):
            entry = StructureElement("LI", element)
            label_element = StructureElement("Lbl", entry)
            body = StructureElement("LBody", entry)
            at_right = begins_at_right(item)
            edges = (indent, width - hang) if at_right else (indent + hang, width)
            more = self._item(item, *edges, style, body, depth + 1)
            own_line = not isinstance(item.blocks[0], Paragraph) or not hang or not more
            label_at = width - widest if at_right else indent
            label_lines = self._plain(label, label_at, width + 1.0, style, label_element)
            if own_line:
                label_lines[-1].keep = True
                more = label_lines + more
            else:
                more[0].runs[:0] = label_lines[0].runs
            if lines:
                more[0].gap = _ITEM_GAP * style.size
            lines += more
        return lines

    def _item(
        self, item: Item, indent: float, width: float, style: TypeStyle, body: StructureElement, depth: int
    ) -> list[TextLine]:
        """What stands beside a label; the only paragraph is the body itself, as most items have just one."""
        if len(item.blocks) == 1 and isinstance(item.blocks[0], Paragraph):
            return self._paragraph(item.blocks[0].spans, indent, width, style, body)
        return self._blocks(item.blocks, indent, width, style, body, depth)

    def _width(self, label: str, style: TypeStyle) -> float:
        return self.fonts.words(style.face)[label].width * style.size

    def _plain(
        self, text: str, indent: float, width: float, style: TypeStyle, element: StructureElement
    ) -> list[TextLine]:
        return self._paragraph((Span(text),), indent, width, style, element)

    # -- paragraphs

    def _paragraph(
        self, spans: Spans, indent: float, width: float, style: TypeStyle, element: StructureElement
    ) -> list[TextLine]:
        if spans and isinstance(spans[0], RagSpan):
            style = replace(style, colour=parts_of(spans[0].ink))
        lines = self._even(spans[0], indent, width, style, element) if len(spans) == 1 else None
        if lines is None:
            lines = self._uneven(spans, indent, width, style, Links(element))
        if len(lines) > 1:  # no line of a paragraph alone at the foot or head of a page
            lines[0].keep = lines[-2].keep = True
        return lines

    def _even(
        self, span: Span, indent: float, width: float, style: TypeStyle, element: StructureElement
    ) -> list[TextLine] | None:
        """The lines of words that one font draws and that all fit, as nearly all do; else None.

        The same as :meth:`_uneven` finds, with less work for each word.
        """
        text = clean(span.text)
        if span.link is not None or "\n" in text or runs_from_right(text):
            return None
        known = self.fonts.words(style.face | BOLD * span.bold | ITALIC * span.italic)
        words = [known[part] for part in text.split(" ") if part]
        if not words:
            return []
        widths, blanks, texts, fonts, _ = zip(*words, strict=True)
        size, room, font, blank = style.size, (width - indent) / style.size, fonts[0], blanks[0]
        if font is None or fonts.count(font) != len(fonts) or max(widths) > room:
            return None
        drop = 0.5 * (style.leading - size) + 0.87 * size
        ends = list(accumulate([wide + blank for wide in widths]))
        lines: list[TextLine] = []
        start, before = 0, 0.0
        while start < len(words):
            end = max(bisect_right(ends, before + room + blank, start), start + 1)
            wide = (ends[end - 1] - before - blank) * size
            run = TextRun(indent, drop, " ".join(texts[start:end]) + " ", wide, font, style, element)
            lines.append(TextLine(style.leading, [run]))
            start, before = end, ends[end - 1]
        return lines

    def _uneven(
        self, spans: Spans, indent: float, width: float, style: TypeStyle, links: Links
    ) -> list[TextLine]:
        """The lines of words of several styles, with links or line breaks, or wider than the column."""
        if any(runs_from_right(span.text) for span in spans):
            return set_mixed(self.fonts, spans, indent, width, style, links)
        return [
            self._line(line, wide, indent, style, links)
            for words in self._sentences(spans, style)
            for line, wide in self._broken(words, width - indent, style)
        ]

    def _sentences(self, spans: Spans, style: TypeStyle) -> Iterator[list[Word]]:
        """The words between one line break of the text and the next."""
        words: list[Word] = []
        glued = False
        for span in spans:
            known = self.fonts.words(style.face | BOLD * span.bold | ITALIC * span.italic)
            for number, text in enumerate(clean(span.text).split("\n")):
                if number:
                    yield words
                    words, glued = [], False
                more = [known[part] for part in text.split(" ") if part]
                if span.link is not None and is_openable(span.link):
                    more = [word.linked(span.link) for word in more]
                if glued and more and text[0] != " ":
                    words[-1] = words[-1].glued(more.pop(0))
                words += more
                glued = bool(words) and text[-1:] != " " if text else glued
        yield words

    def _broken(
        self, words: list[Word], width: float, style: TypeStyle
    ) -> Iterator[tuple[list[Word], float]]:
        """Words in lines no wider than ``width``, and how wide; a word wider than that is cut."""
        room = width / style.size
        line: list[Word] = []
        used = blank = 0.0
        for word in words:
            needed = word.width
            if line:
                wide = used + blank + needed
                if wide <= room:
                    line.append(word)
                    used, blank = wide, word.blank
                    continue
                yield line, used
            if needed > room:
                *whole, word = self._cut(word, room)
                yield from (([part], part.width) for part in whole)
            line, used, blank = [word], word.width, word.blank
        if line:
            yield line, used

    def _cut(self, word: Word, room: float) -> list[Word]:
        """A word in parts no wider than ``room`` ems, if it can be: one character at least."""
        parts: list[Word] = []
        pieces: list[WordPiece] = []
        used = 0.0

        def end_part() -> None:
            parts.append(Word(used, word.blank, "", None, tuple(pieces)))

        for font, text, _, link in word.pieces:
            start = 0
            wide = 0.0
            for at, character in enumerate(text):
                advance = self.fonts.advance(font, character)
                if used + wide + advance > room and (pieces or at > start):
                    if at > start:
                        pieces.append(WordPiece(font, text[start:at], wide, link))
                        used += wide
                    end_part()
                    pieces, used, wide, start = [], 0.0, 0.0, at
                wide += advance
            pieces.append(WordPiece(font, text[start:], wide, link))
            used += wide
        end_part()
        return parts

    def _line(
        self, words: list[Word], wide: float, indent: float, style: TypeStyle, links: Links
    ) -> TextLine:
        """One line: neighbours of one font are one run, and every run ends with a blank."""
        size = style.size
        drop = 0.5 * (style.leading - size) + 0.87 * size
        fonts = {word.font for word in words}
        if len(fonts) == 1 and (font := words[0].font) is not None:
            text = " ".join([word.text for word in words]) + " "
            return TextLine(
                style.leading, [TextRun(indent, drop, text, wide * size, font, style, links.of(None))]
            )
        runs: list[TextRun] = []
        x = indent
        for word in words:
            for font, text, width, link in word.pieces:
                last = runs[-1] if runs else None
                if last is not None and last.font == font and last.link == link:
                    last.text += text
                else:
                    last = TextRun(x, drop, text, 0.0, font, style, links.of(link))
                    if link is not None:
                        last.link, last.colour = link, LINK
                    runs.append(last)
                x += width * size
                last.width = x - last.x
            runs[-1].text += " "
            x += word.blank * size
        return TextLine(style.leading, runs)

    # -- sub-tables

    def _table(
        self, table: Table, indent: float, width: float, style: TypeStyle, parent: StructureElement | None
    ) -> list[TextLine]:
        """A small table: each row's cells are set side by side and then go on the page by lines."""
        rows = [row for row in (table.header, *table.rows) if any(row)]
        if not rows:
            return []
        headed = any(table.header)
        room = width - indent
        padding, style = self._small_enough(len(table.header), room, style)
        widths = self._column_widths(rows, room, padding, style)
        edges = tuple(accumulate(widths, initial=indent))
        element = StructureElement("Table", parent)
        head = StructureElement("THead", element) if headed else None
        body = StructureElement("TBody", element)
        lines: list[TextLine] = []
        for number, row in enumerate(rows):
            is_header = headed and number == 0
            face = replace(style, face=style.face | BOLD) if is_header else style
            scope: Literal["Column"] | None = "Column" if is_header else None
            tr = StructureElement("TR", head if head is not None and is_header else body)
            cells = [
                self._paragraph(cell, 0.0, wide - 2 * padding, face, table_cell(tr, scope=scope))
                for cell, wide in zip(row, widths, strict=True)
            ]
            lines += _side_by_side(cells, edges, padding, style, is_header)
        if len(lines) <= _KEPT_WHOLE:
            for line in lines[:-1]:
                line.keep = True
        return lines

    def _small_enough(self, columns: int, room: float, style: TypeStyle) -> tuple[float, TypeStyle]:
        """Padding and style with which that many columns fit into ``room``."""
        needed = columns * (2 * _CELL_PADDING + _NARROWEST * style.size)
        if needed <= room:
            return _CELL_PADDING, style
        self.shrunk = True
        factor = max(room, 0.1) / needed
        return _CELL_PADDING * factor, style.scaled(factor)

    def _column_widths(
        self, rows: Sequence[tuple[Spans, ...]], room: float, padding: float, style: TypeStyle
    ) -> list[float]:
        """Widths after what the columns hold: no word cut and no line broken while there is room."""
        columns = len(rows[0])
        least = [_NARROWEST * style.size] * columns
        most = list(least)
        for row in rows:
            for at, cell in enumerate(row):
                words = [word for line in self._sentences(cell, style) for word in line]
                widest = max((word.width for word in words), default=0.0)
                whole = sum(word.width + word.blank for word in words)
                # 6 %: the header is bold
                least[at] = max(least[at], 1.06 * style.size * widest)
                most[at] = max(most[at], 1.06 * style.size * whole)
        free = room - 2 * padding * columns
        if sum(most) <= free:
            widths = most
        elif sum(least) <= free:
            spare = (free - sum(least)) / (sum(most) - sum(least))
            widths = [low + spare * (high - low) for low, high in zip(least, most, strict=True)]
        else:
            floor = _NARROWEST * style.size
            over = sum(least) - floor * columns
            spare = max(free - floor * columns, 0.0) / over if over else 0.0
            widths = [floor + spare * (low - floor) for low in least]
        return [wide + 2 * padding for wide in widths]


def _leads_in(blocks: tuple[Block, ...], place: int) -> bool:
    """Whether a list follows a paragraph that introduces it."""
    before = blocks[place - 1] if place else None
    return isinstance(before, Paragraph) and (before.is_heading or before.spans[-1].text.endswith(":"))


def _side_by_side(
    cells: list[list[TextLine]], edges: tuple[float, ...], padding: float, style: TypeStyle, is_header: bool
) -> list[TextLine]:
    """The lines of a sub-table's row: line n of every cell beside each other."""
    depth = max(max(map(len, cells)), 1)
    lines: list[TextLine] = []
    for number in range(depth):
        above = 0.6 * padding if number == 0 else 0.0
        below = 0.6 * padding if number == depth - 1 else 0.0
        runs: list[TextRun] = []
        for cell, left in zip(cells, edges[:-1], strict=True):
            for run in cell[number].runs if number < len(cell) else ():
                run.x += left + padding
                run.drop += above
                runs.append(run)
        line = TextLine(above + style.leading + below, runs, grid=edges, shaded=is_header)
        line.opens = number == 0
        line.closes = number == depth - 1
        line.keep = is_header or number < depth - 1
        lines.append(line)
    return lines
