"""Blocks through the clipboard: our own form, which loses nothing, HTML and plain words.

Between two of our editors the Markdown itself travels. Other programs get HTML and words; what they
offer is read by ``html`` and ``typed``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from PySide6.QtCore import QByteArray, QMimeData
from PySide6.QtGui import QTextCursor, QTextTable

from cypp_desktop.plan.blocks import Block, List, Paragraph, Span, Spans, Table, normal, parse, render
from cypp_desktop.ui.richtext import commands, outline
from cypp_desktop.ui.richtext.document import (
    Placed,
    document_to_blocks,
    insert_lines,
    insert_spans,
    line_of,
    table_at,
    table_of,
)
from cypp_desktop.ui.richtext.html import blocks_from_html
from cypp_desktop.ui.richtext.outline import TextLine
from cypp_desktop.ui.richtext.typed import blocks_from_typed

#: The Markdown of what was copied, UTF-8.
OWN_TYPE = "application/x-cypp-blocks"


# ------------------------------------------------------------------------------ what is there


def is_text(source: QMimeData) -> bool:
    """Whether there is anything to paste."""
    return source.hasFormat(OWN_TYPE) or source.hasHtml() or source.hasText()


def blocks_from_mime(source: QMimeData, *, plain: bool = False) -> tuple[Block, ...]:
    """What was copied, as blocks; with ``plain`` its words and typed bullets only."""
    if not plain and source.hasFormat(OWN_TYPE):
        return parse(source.data(OWN_TYPE).toStdString())
    if not plain and source.hasHtml():
        blocks = blocks_from_html(source.html())
        if blocks:
            return blocks
    return blocks_from_typed(source.text())


def mime_from_blocks(blocks: tuple[Block, ...]) -> QMimeData:
    """``blocks`` for the clipboard in all three forms."""
    data = QMimeData()
    data.setData(OWN_TYPE, QByteArray(render(blocks).encode()))
    data.setHtml(html_of(blocks))
    data.setText("\n".join(words_of(blocks)))
    return data


# ------------------------------------------------------------------------------ into the text


def put(cursor: QTextCursor, blocks: tuple[Block, ...]) -> None:
    """Put ``blocks`` in at the cursor, over what is selected, as one step of undo.

    Words of one paragraph go into the line; in a table cell everything does. In a list the lines
    become items of it. The cursor ends after what was put in.
    """
    if not blocks:
        return
    with commands.one_step(cursor):
        cursor.removeSelectedText()
        if table_at(cursor):
            insert_spans(cursor, _in_one_line(blocks))
        elif len(blocks) == 1 and isinstance(blocks[0], Paragraph):
            insert_spans(cursor, blocks[0].spans)
        else:
            _put_lines(cursor, outline.flatten(blocks))


def _put_lines(cursor: QTextCursor, put_in: list[TextLine]) -> None:
    """Write the cursor's line anew: what stood before the cursor, ``put_in``, what stood after it."""
    lines, at, _ = commands.chosen(cursor)
    here = lines[at]
    head, tail = line_of(here, 0, cursor.position()), line_of(here, cursor.position())
    after = here.block.position() + here.block.length() - 1 - cursor.position()  # UTF-16 units
    written = outline.within(put_in, here.path)
    flows = not head.blank and not put_in[0].path and not isinstance(put_in[0].content, Table)
    if flows:
        written[0] = TextLine(_joined(head, put_in[0]), here.path)
    elif not head.blank:
        written.insert(0, head)
    joined = flows and not isinstance(written[-1].content, Table)
    if joined:
        written[-1] = TextLine(_joined(written[-1], tail), written[-1].path)
    elif not tail.blank:
        written.append(TextLine(tail.content, outline.beside(here.path)))
    cursor.movePosition(QTextCursor.MoveOperation.StartOfBlock)
    cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
    cursor.removeSelectedText()
    insert_lines(cursor, written, reuse=True)
    _join_lists(cursor, at)
    if joined:
        cursor.setPosition(cursor.position() - after)
    elif not tail.blank:
        cursor.setPosition(cursor.block().position() - 1)


def _join_lists(cursor: QTextCursor, first: int) -> None:
    """Lists that were put in beside a list of their kind become part of it."""
    lines, last, _ = commands.chosen(cursor)
    paths = [p.path for p in lines]
    outline.join(paths, first)
    outline.join(paths, last + 1)
    commands.apply(cursor, lines, paths)


def _joined(one: TextLine, other: TextLine) -> Spans:
    spans: list[Span] = []
    for line in (one, other):
        if not isinstance(line.content, Table):
            spans += line.content
    return tuple(spans)


def _in_one_line(blocks: Iterable[Block]) -> Spans:
    """All words of ``blocks`` for a table cell, parted by blanks."""
    spans: list[Span] = []
    for line in outline.flatten(blocks):
        table = line.content if isinstance(line.content, Table) else Table((line.content,), ())
        for row in (table.header, *table.rows):
            for cell in row:
                spans += [Span(" "), *cell]
    return tuple(Span(s.text.replace("\n", " "), s.bold, s.italic, s.link) for s in spans[1:])


# ------------------------------------------------------------------------------ out of the text


def selected_blocks(cursor: QTextCursor) -> tuple[Block, ...]:
    """What is selected: the whole text exactly; else lines, cells, or words of one line."""
    if not cursor.hasSelection():
        return ()
    begin, end = cursor.selectionStart(), cursor.selectionEnd()
    document = cursor.document()
    if begin == 0 and end >= document.characterCount() - 1:
        return document_to_blocks(document)
    if table := table_at(cursor):
        return _selected_in_table(cursor, table)
    return _selected_lines(cursor)


def _selected_lines(cursor: QTextCursor) -> tuple[Block, ...]:
    """The lines in which something is selected, or words of one line."""
    begin, end = cursor.selectionStart(), cursor.selectionEnd()
    lines, first, last = commands.chosen(cursor)
    chosen = [line_of(placed, begin, end) for placed in lines[first : last + 1]]
    chosen = [line for line in chosen if not line.blank]
    if len(chosen) < 2 and not any(isinstance(line.content, Table) for line in chosen):
        return outline.unflatten(TextLine(line.content) for line in chosen)
    # Items that began above the selection are not part of it, only what is in them.
    outer = outline.shared(lines[first - 1].path, lines[first].path) if first else 0
    return outline.unflatten(outline.without_outer(chosen, outer))


def _selected_in_table(cursor: QTextCursor, table: QTextTable) -> tuple[Block, ...]:
    """The cells that are selected whole, or words of one cell."""
    row, rows, column, columns = _selected_cells(cursor)
    if rows > 0:
        return normal([table_of(table, range(row, row + rows), range(column, column + columns))])
    begin, end = cursor.selectionStart(), cursor.selectionEnd()
    line = line_of(Placed(cursor.document().findBlock(begin), None, ()), begin, end)
    if isinstance(line.content, Table):
        return ()
    return normal([Paragraph(line.content)])


def _selected_cells(cursor: QTextCursor) -> tuple[int, int, int, int]:
    """First row, rows, first column, columns of selected whole cells; (-1, -1, -1, -1) if none are."""
    # Qt gives these through four references; the stubs know nothing of the tuple that Python gets.
    cells: tuple[int, int, int, int] = cursor.selectedTableCells()  # type: ignore[assignment]
    return cells


# ------------------------------------------------------------------------------ other forms


def html_of(blocks: Iterable[Block]) -> str:
    """``blocks`` as HTML that mail and word processors understand."""
    return "<html><head><meta charset='utf-8'></head><body>" + _html(blocks) + "</body></html>"


def _html(blocks: Iterable[Block]) -> str:
    parts: list[str] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            parts.append(f"<p>{_html_spans(block.spans)}</p>")
        elif isinstance(block, List):
            tag = "ul" if block.start is None else "ol"
            start = f' start="{block.start}"' if block.start not in (None, 1) else ""
            items = "".join(f"<li>{_html_item(item.blocks)}</li>" for item in block.items)
            parts.append(f"<{tag}{start}>{items}</{tag}>")
        else:
            body = _html_row(block.header, "th") + "".join(_html_row(row, "td") for row in block.rows)
            parts.append(f'<table border="1" cellspacing="0" cellpadding="4">{body}</table>')
    return "".join(parts)


def _html_row(cells: Iterable[Spans], tag: str) -> str:
    return "<tr>" + "".join(f"<{tag}>{_html_spans(cell)}</{tag}>" for cell in cells) + "</tr>"


def _html_item(blocks: tuple[Block, ...]) -> str:
    """An item's content: its first paragraph bare, so that no gap stands between bullets."""
    if blocks and isinstance(blocks[0], Paragraph):
        return _html_spans(blocks[0].spans) + _html(blocks[1:])
    return _html(blocks)


def _html_spans(spans: Spans) -> str:
    parts: list[str] = []
    for span in spans:
        words = escape(span.text).replace("\n", "<br>").replace("\u00a0", "&nbsp;")
        words = f"<i>{words}</i>" if span.italic else words
        words = f"<b>{words}</b>" if span.bold else words
        parts.append(f'<a href="{escape(span.link)}">{words}</a>' if span.link else words)
    return "".join(parts)


def words_of(blocks: Iterable[Block], margin: str = "") -> Iterator[str]:
    """The lines of ``blocks`` in plain words, with typed bullets and numbers, tabs between cells."""
    for block in blocks:
        if isinstance(block, Paragraph):
            for line in _words(block.spans).split("\n"):
                yield margin + line
        elif isinstance(block, List):
            for offset, item in enumerate(block.items):
                mark = "- " if block.start is None else f"{block.start + offset}. "
                inner = list(words_of(item.blocks, margin + " " * len(mark)))
                yield margin + mark + inner[0].lstrip()
                yield from inner[1:]
        else:
            for row in (block.header, *block.rows):
                yield margin + "\t".join(_words(cell) for cell in row)


def _words(spans: Spans) -> str:
    return "".join(span.text for span in spans)
