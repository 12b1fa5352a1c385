"""Blocks in a QTextDocument and back, exactly.

Qt's own lists cannot say everything that blocks can (a paragraph inside an item, two lists that
touch, a list in a list's first line), so they are not used. Each line's path is kept as a property
of its block or table; the writing surface paints bullets and numbers from it. What Qt cannot hold
in words (its own separators) is shown as a substitute and kept as a property of the character.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontMetricsF,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrameFormat,
    QTextLength,
    QTextTable,
    QTextTableFormat,
)

from cypp_desktop.plan.blocks import Block, Span, Spans, Table
from cypp_desktop.ui.richtext.outline import Level, Path, TextLine, flatten, unflatten

_PATH = QTextFormat.Property.UserProperty.value + 1
_LITERAL = QTextFormat.Property.UserProperty.value + 2

_SUBSTITUTE = "\ufffd"
_UNSAYABLE = re.compile("([\u2028\u2029\ufdd0\ufdd1\ufffc\r\0])")
_LINE_BREAK = "\u2028"  # Qt's line break inside a paragraph

# Half-transparent grey is a quiet rule on white and on black alike.
_RULE = QColor(128, 128, 128, 140)
_HEADER = QColor(128, 128, 128, 45)
# Gaps between lines, in heights of a line; of two that meet, the larger counts.
_PARAGRAPH_GAP, _ITEM_GAP = 0.4, 0.15


@dataclass(frozen=True, slots=True)
class Placed:
    """A line of a document: its block, or its table with the block of the first cell."""

    block: QTextBlock
    table: QTextTable | None
    path: Path

    @property
    def blank(self) -> bool:
        """Whether this is a paragraph without words."""
        return self.table is None and not self.block.text().strip()

    @property
    def bold(self) -> bool:
        """Whether this is a paragraph with words that are all bold, as a sub-heading is."""
        return self.table is None and is_bold(self.block)


# ------------------------------------------------------------------------------ the whole text


def blocks_to_document(blocks: Iterable[Block], document: QTextDocument) -> None:
    """Fill ``document`` with ``blocks`` and nothing else. There is nothing to undo afterwards."""
    undo = document.isUndoRedoEnabled()
    document.setUndoRedoEnabled(False)
    document.clear()
    document.setIndentWidth(indent_width(document.defaultFont()))
    cursor = QTextCursor(document)
    cursor.beginEditBlock()
    cursor.setBlockFormat(block_format((), document))
    insert_lines(cursor, flatten(blocks), reuse=True)
    cursor.endEditBlock()
    document.setModified(False)
    document.setUndoRedoEnabled(undo)


def document_to_blocks(document: QTextDocument) -> tuple[Block, ...]:
    """The blocks of ``document``, in normal form."""
    return unflatten(line_of(placed) for placed in placed_lines(document))


# ------------------------------------------------------------------------------ reading


def placed_lines(document: QTextDocument) -> list[Placed]:
    """The lines of ``document``, top to bottom; a table is one line."""
    found: list[Placed] = []
    block = document.begin()
    while block.isValid():
        table = table_at(QTextCursor(block))
        if table is None:
            found.append(Placed(block, None, path_of(block.blockFormat())))
            block = block.next()
        else:
            found.append(Placed(block, table, path_of(table.format())))
            block = document.findBlock(table.lastPosition() + 1)
    return found


def table_at(cursor: QTextCursor) -> QTextTable | None:
    """The table that the cursor is in."""
    table: QTextTable | None = cursor.currentTable()  # Qt's stubs do not say that there may be none
    return table


def line_of(placed: Placed, begin: int = 0, end: int | None = None) -> TextLine:
    """The words and path of a line; of a paragraph only from ``begin`` to ``end`` (document positions)."""
    if placed.table is not None:
        return TextLine(table_of(placed.table), placed.path)
    return TextLine(tuple(spans_of(placed.block, begin, end)), placed.path)


def spans_of(block: QTextBlock, begin: int = 0, end: int | None = None) -> Iterator[Span]:
    """The spans of one block, or of its part between two positions of the document."""
    at = block.begin()
    while not at.atEnd():
        fragment = at.fragment()
        at += 1
        form = fragment.charFormat()
        # Positions count UTF-16 units, Python counts characters: cut in the former.
        units = fragment.text().encode("utf-16-le", "surrogatepass")
        first = max(begin - fragment.position(), 0)
        last = fragment.length() if end is None else min(end - fragment.position(), fragment.length())
        if first >= last:
            continue
        text = units[2 * first : 2 * last].decode("utf-16-le", "replace")
        literal = form.property(_LITERAL)
        if literal is not None:
            text = text.replace(_SUBSTITUTE, str(literal))
        else:
            text = text.replace(_LINE_BREAK, "\n").replace("\ufffc", "")
        link = form.anchorHref() if form.isAnchor() else ""
        yield Span(text, form.fontWeight() >= QFont.Weight.DemiBold, form.fontItalic(), link or None)


def is_bold(block: QTextBlock) -> bool:
    """Whether a block has words and all of them are bold."""
    return bool(block.text().strip()) and all(s.bold for s in spans_of(block) if s.text.strip())


def table_of(table: QTextTable, rows: range | None = None, columns: range | None = None) -> Table:
    """The cells of ``table``, or of the given rows and columns; the first row is the header."""
    cells = [_row_cells(table, row, columns) for row in rows or range(table.rows())]
    return Table(cells[0], tuple(cells[1:]))


def _row_cells(table: QTextTable, row: int, columns: range | None) -> tuple[Spans, ...]:
    return tuple(cell_spans(table, row, column) for column in columns or range(table.columns()))


def cell_spans(table: QTextTable, row: int, column: int) -> Spans:
    """The spans of one cell; blocks that got into it are parted by a blank."""
    cell = table.cellAt(row, column)
    block = cell.firstCursorPosition().block()
    last = cell.lastPosition()
    spans = list(spans_of(block))
    while block.next().isValid() and block.next().position() <= last:
        block = block.next()
        spans += [Span(" "), *spans_of(block)]
    return tuple(spans)


def path_of(form: QTextFormat) -> Path:
    """The path kept in a block's or a table's format."""
    kept = form.property(_PATH)
    return _read_path(kept) if kept else ()


@lru_cache(maxsize=4096)
def _read_path(kept: str) -> Path:
    levels = []
    for part in kept.split("/"):
        list_id, item_id, start = part.split(":")
        levels.append(Level(int(list_id), int(item_id), int(start) if start else None))
    return tuple(levels)


# ------------------------------------------------------------------------------ writing


def insert_lines(cursor: QTextCursor, lines: Sequence[TextLine], *, reuse: bool) -> None:
    """Write ``lines`` from the cursor on, each as a block of its own; the cursor ends after the last.

    The cursor stands at the end of a block outside tables. With ``reuse`` that block is empty and
    takes the first line. After a table Qt keeps a block of its own: the next line goes there.
    """
    document = cursor.document()
    for line in lines:
        if isinstance(line.content, Table):
            if reuse:
                cursor.setBlockFormat(block_format(line.path, document))
            insert_table(cursor, line.content, line.path)
            reuse = True
            continue
        if reuse:
            cursor.setBlockFormat(block_format(line.path, document))
        else:
            cursor.insertBlock(block_format(line.path, document), QTextCharFormat())
        cursor.setBlockCharFormat(QTextCharFormat())
        insert_spans(cursor, line.content)
        reuse = False


def insert_spans(cursor: QTextCursor, spans: Spans) -> None:
    """Write words and their style at the cursor."""
    for span in spans:
        form = span_format(span)
        for piece in _UNSAYABLE.split(span.text):
            if not piece:
                continue
            if _UNSAYABLE.fullmatch(piece):
                kept = QTextCharFormat(form)
                kept.setProperty(_LITERAL, piece)
                cursor.insertText(_SUBSTITUTE, kept)
            else:
                cursor.insertText(piece.replace("\n", _LINE_BREAK), form)


def insert_table(cursor: QTextCursor, content: Table, path: Path = ()) -> QTextTable:
    """Write a table below the cursor's block; the cursor ends in the block after it."""
    document = cursor.document()
    cells = (content.header, *content.rows)
    table = cursor.insertTable(len(cells), len(content.header), table_format(path, document))
    for r, row in enumerate(cells):
        for c, spans in enumerate(row):
            inside = table.cellAt(r, c).firstCursorPosition()
            inside.setBlockFormat(QTextBlockFormat())
            insert_spans(inside, spans)
    shade_header(table)
    cursor.setPosition(table.lastPosition() + 1)
    cursor.setBlockFormat(block_format(path, document))
    return table


def shade_header(table: QTextTable) -> None:
    """The quiet ground that tells the first row from the others."""
    for row in range(min(2, table.rows())):
        for column in range(table.columns()):
            cell = table.cellAt(row, column)
            form = cell.format().toTableCellFormat()
            form.setBackground(QBrush(_HEADER) if row == 0 else QBrush())
            cell.setFormat(form)


def set_path(cursor: QTextCursor, placed: Placed, path: Path) -> None:
    """Give a line another path."""
    if placed.table is not None:
        placed.table.setFormat(table_format(path, cursor.document()))
        return
    cursor.setPosition(placed.block.position())
    cursor.setBlockFormat(block_format(path, cursor.document()))


# ------------------------------------------------------------------------------ formats


def span_format(span: Span) -> QTextCharFormat:
    """How words of the style of ``span`` are kept. Colour of links is left to the painting."""
    form = QTextCharFormat()
    if span.bold:
        form.setFontWeight(QFont.Weight.Bold)
    if span.italic:
        form.setFontItalic(True)
    if span.link:
        form.setAnchor(True)
        form.setAnchorHref(span.link)
    return form


def block_format(path: Path, document: QTextDocument) -> QTextBlockFormat:
    """How a paragraph of ``path`` stands on the page."""
    em = QFontMetricsF(document.defaultFont()).height()
    form = QTextBlockFormat()
    form.setIndent(len(path))
    gap = em * (_ITEM_GAP if path else _PARAGRAPH_GAP)
    form.setTopMargin(gap)
    form.setBottomMargin(gap)
    if path:
        form.setProperty(_PATH, _kept(path))
    return form


def table_format(path: Path, document: QTextDocument) -> QTextTableFormat:
    """How a table of ``path`` stands on the page."""
    em = QFontMetricsF(document.defaultFont()).height()
    form = QTextTableFormat()
    form.setBorder(1)
    form.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
    form.setBorderBrush(QBrush(_RULE))
    form.setBorderCollapse(True)
    form.setCellPadding(em * 0.2)
    form.setLeftMargin(len(path) * document.indentWidth())
    form.setTopMargin(em * _ITEM_GAP)
    form.setBottomMargin(em * _PARAGRAPH_GAP)
    form.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
    if path:
        form.setProperty(_PATH, _kept(path))
    return form


def indent_width(font: QFont) -> float:
    """How far one level of a list stands in, in pixels: room for two digits and a stop."""
    return QFontMetricsF(font).horizontalAdvance("00. ") * 1.15


def redress(document: QTextDocument) -> None:
    """Measure indents and gaps anew after the font changed. There is nothing to undo afterwards."""
    undo = document.isUndoRedoEnabled()
    document.setUndoRedoEnabled(False)
    document.setIndentWidth(indent_width(document.defaultFont()))
    cursor = QTextCursor(document)
    for placed in placed_lines(document):
        set_path(cursor, placed, placed.path)
    document.setUndoRedoEnabled(undo)


def _kept(path: Path) -> str:
    return "/".join(f"{v.list_id}:{v.item_id}:{'' if v.start is None else v.start}" for v in path)
