"""Markdown blocks as measured lines: what stands in a cell, an introduction or a heading.

A :class:`Typesetter` turns blocks into :class:`PrintedLine` objects for one width. A line is the unit that
goes on a page: it is never cut, and a cell is cut between lines. Knows nothing of pages.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate

from cypp_desktop.plan.blocks import Block, Item, List, Paragraph, Span, Spans, Table
from cypp_desktop.plan.links import is_openable
from cypp_desktop.report.cells import Blocks
from cypp_desktop.report.characters import clean
from cypp_desktop.report.palette import RagSpan, parts_of
from cypp_desktop.report.pdf.canvas import LINK
from cypp_desktop.report.pdf.fonts import BOLD, ITALIC, FontBook, Word, WordPiece
from cypp_desktop.report.pdf.lines import Links, PrintedLine, PrintedLines, PrintedRun, TextRoom, TypeStyle
from cypp_desktop.report.pdf.mixed_directions import begins_at_right, set_mixed
from cypp_desktop.report.pdf.shaping import runs_from_right
from cypp_desktop.report.pdf.structure import ElementKind, StructureElement, table_cell

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
#: the header of a sub-table is bold, and so a little wider
_BOLD_WIDENS = 1.06
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
    ) -> PrintedLines:
        """The lines of blocks in a column ``width`` points wide, as pieces of ``parent``.

        ``heading`` is what paragraphs that are headings are in the structure; in a table's cell they
        are paragraphs.
        """
        return PrintedLines(self._blocks(tuple(blocks), TextRoom(0.0, width, style), parent, 0, heading))

    def set_heading(
        self, blocks: Blocks, width: float, style: TypeStyle, element: StructureElement
    ) -> PrintedLines:
        """The lines of a heading: its first paragraph is ``element`` itself, what follows comes after."""
        if not blocks or not isinstance(blocks[0], Paragraph):
            return self.set(blocks, width, style, element.parent)
        room = TextRoom(0.0, width, style)
        lines = self._paragraph(blocks[0].spans, room, element)
        more = self._blocks(blocks[1:], room, element.parent, 0, "P")
        if more:
            more[0].gap = _BLOCK_GAP * style.size
        return PrintedLines(lines + more)

    def widest_word(self, blocks: Iterable[Block], style: TypeStyle) -> float:
        """How wide a column has to be for no word of paragraphs and lists to be cut, save very long ones."""
        widest = 0.0
        for block in blocks:
            if isinstance(block, Paragraph):
                for span in block.spans:
                    widest = max(widest, self._widest_of_span(span, style))
            elif isinstance(block, List):
                for item in block.items:
                    widest = max(widest, self.widest_word(item.blocks, style) + _HANG * style.size)
        return widest

    def _widest_of_span(self, span: Span, style: TypeStyle) -> float:
        widest = 0.0
        if isinstance(span, RagSpan) and len(span.text) < _SHORT_NAME:
            widest = self._width(span.text, replace(style, face=BOLD))
        known = self.fonts.words(_face_of(span, style))
        for word in clean(span.text).split():
            if len(word) <= _LONGEST_KEPT:
                widest = max(widest, known[word].width * style.size)
        return widest

    # -- blocks

    def _blocks(
        self,
        blocks: Blocks,
        room: TextRoom,
        parent: StructureElement | None,
        depth: int,
        heading_kind: ElementKind = "P",
    ) -> list[PrintedLine]:
        """The lines of blocks; ``depth`` is that of the list that they are in."""
        lines: list[PrintedLine] = []
        for place, block in enumerate(blocks):
            following = blocks[place + 1] if place + 1 < len(blocks) else None
            if isinstance(block, Paragraph):
                is_heading = block.is_heading and following is not None
                element = StructureElement(heading_kind if is_heading else "P", parent)
                more = self._paragraph(block.spans, room, element)
                gap = _HEADING_GAP if is_heading else _BLOCK_GAP
                if is_heading or isinstance(following, List):
                    _keep_last(more)
            elif isinstance(block, List):
                more = self._list(block, room, parent, depth)
                gap = _ITEM_GAP if depth or _leads_in(blocks, place) else _BLOCK_GAP
            else:
                more = self._table(block, room, parent)
                gap = _BLOCK_GAP
            if more and lines:
                more[0].gap = gap * room.style.size
            lines += more
        return lines

    def _list(
        self, block: List, room: TextRoom, parent: StructureElement | None, depth: int
    ) -> list[PrintedLine]:
        numbering = "/O/List/ListNumbering/" + ("Disc" if block.start is None else "Decimal")
        element = StructureElement("L", parent, attributes=numbering)
        labels = _labels(block, depth)
        widest = max(self._width(label, room.style) for label in labels)
        hang = self._hang(widest, room)
        lines: list[PrintedLine] = []
        for label, item in zip(labels, block.items, strict=True):
            more = self._labelled_item(item, label, room, (widest, hang), element, depth + 1)
            if lines:
                more[0].gap = _ITEM_GAP * room.style.size
            lines += more
        return lines

    def _hang(self, widest_label: float, room: TextRoom) -> float:
        """How far the items of a list are set in; 0 where there is no room, and labels stand in the text."""
        size = room.style.size
        hang = max(widest_label + 0.45 * size, 1.0 * size)
        left = room.width - hang
        return 0.0 if left < 5 * size and left < 0.6 * room.right else hang

    def _labelled_item(
        self,
        item: Item,
        label: str,
        room: TextRoom,
        widths: tuple[float, float],
        parent: StructureElement,
        depth: int,
    ) -> list[PrintedLine]:
        """An item with its label beside its first line, or above it where it begins with no paragraph.

        ``widths`` are that of the widest label, and how far items are set in.
        """
        widest, hang = widths
        entry = StructureElement("LI", parent)
        label_element = StructureElement("Lbl", entry)
        body = StructureElement("LBody", entry)
        if begins_at_right(item):
            inner, label_at = room._replace(right=room.right - hang), room.right - widest
        else:
            inner, label_at = room._replace(left=room.left + hang), room.left
        lines = self._item(item, inner, body, depth)
        label_room = TextRoom(label_at, room.right + 1.0, room.style)
        label_lines = self._paragraph((Span(label),), label_room, label_element)
        if hang and lines and isinstance(item.blocks[0], Paragraph):
            lines[0].runs[:0] = label_lines[0].runs
            return lines
        label_lines[-1].keep = True
        return label_lines + lines

    def _item(self, item: Item, room: TextRoom, body: StructureElement, depth: int) -> list[PrintedLine]:
        """What stands beside a label; the only paragraph is the body itself, as most items have just one."""
        if len(item.blocks) == 1 and isinstance(item.blocks[0], Paragraph):
            return self._paragraph(item.blocks[0].spans, room, body)
        return self._blocks(item.blocks, room, body, depth)

    def _width(self, label: str, style: TypeStyle) -> float:
        return self.fonts.words(style.face)[label].width * style.size

    # -- paragraphs

    def _paragraph(self, spans: Spans, room: TextRoom, element: StructureElement) -> list[PrintedLine]:
        if spans and isinstance(spans[0], RagSpan):
            room = room._replace(style=replace(room.style, colour=parts_of(spans[0].ink)))
        lines = self._even(spans[0], room, element) if len(spans) == 1 else None
        if lines is None:
            lines = self._uneven(spans, room, Links(element))
        if len(lines) > 1:  # no line of a paragraph alone at the foot or head of a page
            lines[0].keep = lines[-2].keep = True
        return lines

    def _even(self, span: Span, room: TextRoom, element: StructureElement) -> list[PrintedLine] | None:
        """The lines of words that one font draws and that all fit, as nearly all do; else None.

        The same as :meth:`_uneven` finds, with less work for each word.
        """
        text = clean(span.text)
        if span.link is not None or "\n" in text or runs_from_right(text):
            return None
        left, _, style = room
        known = self.fonts.words(_face_of(span, style))
        words = [known[part] for part in text.split(" ") if part]
        if not words:
            return []
        widths, blanks, texts, fonts, _ = zip(*words, strict=True)
        size, wide, font, blank = style.size, room.width / style.size, fonts[0], blanks[0]
        if font is None or fonts.count(font) != len(fonts) or max(widths) > wide:
            return None
        drop = style.drop
        ends = list(accumulate([width + blank for width in widths]))
        lines: list[PrintedLine] = []
        start, before = 0, 0.0
        while start < len(words):
            end = max(bisect_right(ends, before + wide + blank, start), start + 1)
            shown = " ".join(texts[start:end]) + " "
            width = (ends[end - 1] - before - blank) * size
            lines.append(
                PrintedLine(style.leading, [PrintedRun(left, drop, shown, width, font, style, element)])
            )
            start, before = end, ends[end - 1]
        return lines

    def _uneven(self, spans: Spans, room: TextRoom, links: Links) -> list[PrintedLine]:
        """The lines of words of several styles, with links or line breaks, or wider than the column."""
        if any(runs_from_right(span.text) for span in spans):
            return set_mixed(self.fonts, spans, room, links)
        lines: list[PrintedLine] = []
        for words in self._sentences(spans, room.style):
            broken = self._broken(words, room.width, room.style)
            lines += [self._line(line, wide, room, links) for line, wide in broken]
        return lines

    def _sentences(self, spans: Spans, style: TypeStyle) -> Iterator[list[Word]]:
        """The words between one line break of the text and the next.

        A word goes on in the next span where there is no blank between them.
        """
        words: list[Word] = []
        goes_on = False
        for span in spans:
            for number, text in enumerate(clean(span.text).split("\n")):
                if number:
                    yield words
                    words, goes_on = [], False
                if not text:
                    continue
                more = self._words_of(text, span, style)
                if goes_on and more and text[0] != " ":
                    words[-1] = words[-1].glued(more.pop(0))
                words += more
                goes_on = bool(words) and text[-1] != " "
        yield words

    def _words_of(self, text: str, span: Span, style: TypeStyle) -> list[Word]:
        """The words of a text in the style of a span."""
        known = self.fonts.words(_face_of(span, style))
        words = [known[part] for part in text.split(" ") if part]
        if span.link is not None and is_openable(span.link):
            return [word.linked(span.link) for word in words]
        return words

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

    def _line(self, words: list[Word], wide: float, room: TextRoom, links: Links) -> PrintedLine:
        """One line: neighbours of one font are one run, and every run ends with a blank."""
        left, _, style = room
        font = words[0].font
        if font is not None and all(word.font == font for word in words):
            text = " ".join([word.text for word in words]) + " "
            run = PrintedRun(left, style.drop, text, wide * style.size, font, style, links.of(None))
            return PrintedLine(style.leading, [run])
        runs: list[PrintedRun] = []
        x = left
        for word in words:
            for piece in word.pieces:
                x = _add_piece(runs, piece, x, style, links)
            runs[-1].text += " "
            x += word.blank * style.size
        return PrintedLine(style.leading, runs)

    # -- sub-tables

    def _table(self, table: Table, room: TextRoom, parent: StructureElement | None) -> list[PrintedLine]:
        """A small table: each row's cells are set side by side and then go on the page by lines."""
        rows = [row for row in (table.header, *table.rows) if any(row)]
        if not rows:
            return []
        padding, style = self._small_enough(len(table.header), room)
        widths = self._column_widths(rows, room.width, padding, style)
        edges = tuple(accumulate(widths, initial=room.left))
        element = StructureElement("Table", parent)
        has_header = any(table.header)
        head = StructureElement("THead", element) if has_header else None
        body = StructureElement("TBody", element)
        lines: list[PrintedLine] = []
        for number, row in enumerate(rows):
            in_head = head if number == 0 else None
            tr = StructureElement("TR", in_head or body)
            cells = self._table_cells(row, [wide - 2 * padding for wide in widths], style, tr)
            lines += _side_by_side(cells, edges, padding, style, in_head is not None)
        if len(lines) <= _KEPT_WHOLE:
            for line in lines[:-1]:
                line.keep = True
        return lines

    def _table_cells(
        self, row: Sequence[Spans], widths: Sequence[float], style: TypeStyle, tr: StructureElement
    ) -> list[list[PrintedLine]]:
        """The lines of the cells of a sub-table's row."""
        is_header = tr.parent is not None and tr.parent.kind == "THead"
        face = replace(style, face=style.face | BOLD) if is_header else style
        cells: list[list[PrintedLine]] = []
        for spans, wide in zip(row, widths, strict=True):
            element = table_cell(tr, scope="Column" if is_header else None)
            cells.append(self._paragraph(spans, TextRoom(0.0, wide, face), element))
        return cells

    def _small_enough(self, columns: int, room: TextRoom) -> tuple[float, TypeStyle]:
        """Padding and style with which that many columns fit into a room."""
        needed = columns * (2 * _CELL_PADDING + _NARROWEST * room.style.size)
        if needed <= room.width:
            return _CELL_PADDING, room.style
        self.shrunk = True
        factor = max(room.width, 0.1) / needed
        return _CELL_PADDING * factor, room.style.scaled(factor)

    def _column_widths(
        self, rows: Sequence[tuple[Spans, ...]], room: float, padding: float, style: TypeStyle
    ) -> list[float]:
        """Widths after what the columns hold: no word cut and no line broken while there is room."""
        columns = len(rows[0])
        narrowest = _NARROWEST * style.size
        least = [narrowest] * columns
        most = list(least)
        for row in rows:
            for at, cell in enumerate(row):
                widest, whole = self._cell_widths(cell, style)
                least[at] = max(least[at], widest)
                most[at] = max(most[at], whole)
        free = room - 2 * padding * columns
        return [wide + 2 * padding for wide in _widths_between(narrowest, least, most, free)]

    def _cell_widths(self, spans: Spans, style: TypeStyle) -> tuple[float, float]:
        """The width of a cell's widest word, and of all that it says on one line."""
        widest = whole = 0.0
        for sentence in self._sentences(spans, style):
            for word in sentence:
                widest = max(widest, word.width)
                whole += word.width + word.blank
        return _BOLD_WIDENS * style.size * widest, _BOLD_WIDENS * style.size * whole


def _face_of(span: Span, style: TypeStyle) -> int:
    return style.face | BOLD * span.bold | ITALIC * span.italic


def _labels(block: List, depth: int) -> list[str]:
    """What stands before the items of a list."""
    if block.start is None:
        return [_BULLETS[min(depth, 1)]] * len(block.items)
    return [f"{block.start + number}." for number in range(len(block.items))]


def _keep_last(lines: Sequence[PrintedLine]) -> None:
    """Has the last of some lines stay with what follows it."""
    if lines:
        lines[-1].keep = True


def _leads_in(blocks: Blocks, place: int) -> bool:
    """Whether a list follows a paragraph that introduces it."""
    before = blocks[place - 1] if place else None
    return isinstance(before, Paragraph) and (before.is_heading or before.spans[-1].text.endswith(":"))


def _add_piece(runs: list[PrintedRun], piece: WordPiece, x: float, style: TypeStyle, links: Links) -> float:
    """Adds a part of a word at ``x`` to the last run, or as one of its own; gives where it ends."""
    font, text, width, link = piece
    last = runs[-1] if runs else None
    if last is not None and last.font == font and last.link == link:
        last.text += text
    else:
        last = PrintedRun(x, style.drop, text, 0.0, font, style, links.of(link))
        if link is not None:
            last.link, last.colour = link, LINK
        runs.append(last)
    x += width * style.size
    last.width = x - last.x
    return x


def _widths_between(
    narrowest: float, least: Sequence[float], most: Sequence[float], free: float
) -> Sequence[float]:
    """The widths of columns that need ``least`` and want ``most``, in as much room as is ``free``.

    Where there is too little, each has the same part of what it needs beyond the ``narrowest``.
    """
    if sum(most) <= free:
        return most
    if sum(least) <= free:
        part = (free - sum(least)) / (sum(most) - sum(least))
        return [low + part * (high - low) for low, high in zip(least, most, strict=True)]
    columns = len(least)
    over = sum(least) - narrowest * columns
    part = max(free - narrowest * columns, 0.0) / over if over else 0.0
    return [narrowest + part * (low - narrowest) for low in least]


def _side_by_side(
    cells: list[list[PrintedLine]],
    edges: tuple[float, ...],
    padding: float,
    style: TypeStyle,
    is_header: bool,
) -> list[PrintedLine]:
    """The lines of a sub-table's row: line n of every cell beside each other."""
    depth = max(max(map(len, cells)), 1)
    lines: list[PrintedLine] = []
    for number in range(depth):
        above = 0.6 * padding if number == 0 else 0.0
        below = 0.6 * padding if number == depth - 1 else 0.0
        runs: list[PrintedRun] = []
        for cell, left in zip(cells, edges[:-1], strict=True):
            for run in cell[number].runs if number < len(cell) else ():
                run.x += left + padding
                run.drop += above
                runs.append(run)
        line = PrintedLine(above + style.leading + below, runs, grid=edges, shaded=is_header)
        line.opens = number == 0
        line.closes = number == depth - 1
        line.keep = is_header or number < depth - 1
        lines.append(line)
    return lines
