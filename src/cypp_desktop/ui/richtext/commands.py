"""What keys and buttons do to the lines of a document. Each command is one step of undo.

Every function takes a text cursor, whose place and selection say what is meant, and changes the
document of that cursor through it. No widgets here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from PySide6.QtGui import QFont, QTextCharFormat, QTextCursor, QTextDocument, QTextTable

from cypp_desktop.plan.blocks import Span, Table
from cypp_desktop.ui.richtext import outline
from cypp_desktop.ui.richtext.document import (
    Placed,
    block_format,
    insert_spans,
    insert_table,
    is_bold,
    path_of,
    placed_lines,
    set_path,
    shade_header,
    table_at,
)
from cypp_desktop.ui.richtext.outline import Path


@contextmanager
def one_step(cursor: QTextCursor) -> Iterator[None]:
    """Everything inside is undone together."""
    cursor.beginEditBlock()
    try:
        yield
    finally:
        cursor.endEditBlock()


# ------------------------------------------------------------------------------ which lines


def line_at(lines: Sequence[Placed], position: int) -> int:
    """Which of ``lines`` the position of a document is in."""
    found = 0
    for at, placed in enumerate(lines):
        if placed.block.position() > position:
            break
        found = at
    return found


def chosen(cursor: QTextCursor) -> tuple[list[Placed], int, int]:
    """All lines, and the first and last of them that the cursor or its selection touches."""
    lines = placed_lines(cursor.document())
    first = line_at(lines, cursor.selectionStart())
    last = line_at(lines, cursor.selectionEnd())
    if last > first and lines[last].block.position() == cursor.selectionEnd():
        last -= 1  # a selection that ends before a line's first letter does not mean that line
    return lines, first, last


def path_at(cursor: QTextCursor) -> Path:
    """The list items around the place where the cursor's selection begins."""
    begin = QTextCursor(cursor.document())
    begin.setPosition(cursor.selectionStart())
    table = table_at(begin)
    return path_of(table.format() if table else begin.blockFormat())


def touches_list(cursor: QTextCursor) -> bool:
    """Whether the cursor or its selection touches an item of a list."""
    lines, first, last = chosen(cursor)
    return any(placed.path for placed in lines[first : last + 1])


def apply(cursor: QTextCursor, lines: Sequence[Placed], paths: Sequence[Path]) -> bool:
    """Give ``lines`` their new ``paths``; whether that changed anything."""
    changed = [(p, path) for p, path in zip(lines, paths, strict=True) if p.path != path]
    if changed:
        edit = QTextCursor(cursor)
        with one_step(edit):
            for placed, path in changed:
                set_path(edit, placed, path)
    return bool(changed)


def paths_of(document: QTextDocument) -> list[Path]:
    """The path of every line."""
    return [placed.path for placed in placed_lines(document)]


# ------------------------------------------------------------------------------ lists


def move(cursor: QTextCursor, change: Callable[[Sequence[Path], int, int], list[Path]]) -> bool:
    """Indent or outdent the items that the cursor touches; whether anything moved."""
    lines, first, last = chosen(cursor)
    return apply(cursor, lines, change([p.path for p in lines], first, last))


def toggle_list(cursor: QTextCursor, start: int | None) -> None:
    """Make a list of the touched lines, numbered from ``start`` or bulleted (None); or no list."""
    lines, first, last = chosen(cursor)
    apply(cursor, lines, outline.toggle([p.path for p in lines], first, last, start))


def new_line(cursor: QTextCursor) -> None:
    """Enter: a new paragraph or item; on an empty item, out of it."""
    with one_step(cursor):
        cursor.removeSelectedText()
        lines, at, _ = chosen(cursor)
        here = lines[at]
        if here.path and here.blank:
            apply(cursor, lines, outline.leave([p.path for p in lines], at))
            return
        style = QTextCharFormat() if here.bold and cursor.atBlockEnd() else _unlinked(cursor.charFormat())
        cursor.insertBlock(block_format(here.path, cursor.document()), style)
        if here.path:
            lines = placed_lines(cursor.document())
            apply(cursor, lines, outline.split([p.path for p in lines], at + 1))


def out_of_item(cursor: QTextCursor) -> bool:
    """Backspace at the first letter of an item: one level out. Whether the cursor was there."""
    if cursor.hasSelection() or not cursor.atBlockStart() or table_at(cursor):
        return False
    lines, at, _ = chosen(cursor)
    paths = [p.path for p in lines]
    if outline.begins_item(paths, at):
        return apply(cursor, lines, outline.outdent(paths, at, at))
    if lines[at].path and at and lines[at - 1].table:
        return apply(cursor, lines, outline.leave(paths, at))
    return False


_TYPED_MARKER = re.compile(r"(?:[-*•]|(\d{1,3})[.)])")


def list_from_marker(cursor: QTextCursor) -> bool:
    """Turn "- ", "* " or "1. " before the cursor at a line's start into a list; whether it did."""
    if cursor.hasSelection() or table_at(cursor):
        return False
    typed = cursor.block().text()[: cursor.positionInBlock()]
    marker = _TYPED_MARKER.fullmatch(typed.removesuffix(" "))
    lines, at, _ = chosen(cursor)
    if not marker or not typed.endswith(" ") or lines[at].path:
        return False
    with one_step(cursor):
        cursor.movePosition(QTextCursor.MoveOperation.StartOfBlock, QTextCursor.MoveMode.KeepAnchor)
        cursor.removeSelectedText()
        toggle_list(cursor, int(marker[1]) if marker[1] else None)
    return True


@contextmanager
def no_orphans(cursor: QTextCursor) -> Iterator[None]:
    """What an edit inside leaves without a parent goes to the item above, in the same step of undo."""
    before = paths_of(cursor.document())
    yield
    lines = placed_lines(cursor.document())
    after = [p.path for p in lines]
    mended = after if after == before else outline.adopt(before, after)
    if mended != after:
        edit = QTextCursor(cursor.document())
        edit.joinPreviousEditBlock()
        apply(edit, lines, mended)
        edit.endEditBlock()


# ------------------------------------------------------------------------------ style of words


def is_heading(cursor: QTextCursor) -> bool:
    """Whether the touched paragraphs are sub-headings."""
    block = cursor.document().findBlock(cursor.selectionStart())
    while is_bold(block):
        block = block.next()
        if not block.isValid() or block.position() >= max(cursor.selectionEnd(), cursor.selectionStart() + 1):
            return True
    return False


def toggle_heading(cursor: QTextCursor) -> bool:
    """Make the touched paragraphs sub-headings, or plain if they are; whether they are now."""
    lines, first, last = chosen(cursor)
    bold = not all(placed.bold for placed in lines[first : last + 1])
    style = QTextCharFormat()
    style.setFontWeight(QFont.Weight.Bold if bold else QFont.Weight.Normal)
    edit = QTextCursor(cursor)
    with one_step(edit):
        for placed in lines[first : last + 1]:
            if placed.table is None:
                edit.setPosition(placed.block.position())
                edit.mergeBlockCharFormat(style)
                edit.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
                edit.mergeCharFormat(style)
    return bold


def link_around(cursor: QTextCursor) -> tuple[int, int, str]:
    """The link at the cursor: where its words begin and end, and its address; "" if there is none."""
    block = cursor.block()
    runs: list[tuple[int, int, str]] = []
    at = block.begin()
    while not at.atEnd():
        fragment = at.fragment()
        at += 1
        form = fragment.charFormat()
        address = form.anchorHref() if form.isAnchor() else ""
        begin, end = fragment.position(), fragment.position() + fragment.length()
        if runs and runs[-1][2] == address and runs[-1][1] == begin:
            runs[-1] = (runs[-1][0], end, address)
        else:
            runs.append((begin, end, address))
    for begin, end, address in runs:
        if address and begin <= cursor.selectionStart() and cursor.selectionEnd() <= end:
            return begin, end, address
    return cursor.selectionStart(), cursor.selectionEnd(), ""


def set_link(cursor: QTextCursor, address: str) -> None:
    """Link the chosen words, or the link around the cursor, to ``address``; "" takes the link away.

    With nothing chosen the address itself is written as the words.
    """
    begin, end, before = link_around(cursor)
    if not before:  # blanks chosen with the words are no part of a link
        words = cursor.selectedText()
        begin += len(words) - len(words.lstrip())
        end = max(begin, end - (len(words) - len(words.rstrip())))
    style = QTextCharFormat()
    style.setAnchor(bool(address))
    style.setAnchorHref(address)
    edit = QTextCursor(cursor)
    with one_step(edit):
        if begin == end and address:
            style.merge(_unlinked(cursor.charFormat()))
            insert_spans(edit, (Span(address, link=address),))
            return
        edit.setPosition(begin)
        edit.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        edit.mergeCharFormat(style)


def _unlinked(form: QTextCharFormat) -> QTextCharFormat:
    plain = QTextCharFormat(form)
    for name in (
        QTextCharFormat.Property.IsAnchor,
        QTextCharFormat.Property.AnchorHref,
        QTextCharFormat.Property.AnchorName,
    ):
        plain.clearProperty(name.value)
    return plain


def style_to_type(cursor: QTextCursor) -> QTextCharFormat | None:
    """The style that typed words should have, where it is not the one of the letter before.

    Words typed after a link's last letter are not part of the link.
    """
    form = cursor.charFormat()
    if not form.isAnchor() or cursor.hasSelection():
        return None
    _, end, address = link_around(cursor)
    return _unlinked(form) if cursor.position() == end or not address else None


# ------------------------------------------------------------------------------ tables


def put_table(cursor: QTextCursor, rows: int = 3, columns: int = 3) -> None:
    """A table of empty cells below the cursor's line, and the cursor in its first cell."""
    if table_at(cursor):
        return
    with one_step(cursor):
        lines, at, _ = chosen(cursor)
        path = lines[at].path
        if lines[at].blank and at and lines[at - 1].table is None:
            cursor.deletePreviousChar()  # no empty line above the table
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock)
        empty = ((),) * columns
        table = insert_table(cursor, Table(empty, (empty,) * (rows - 1)), path)
    cursor.setPosition(table.firstPosition())


def add_row(cursor: QTextCursor) -> None:
    """A row below the cursor's."""
    if table := table_at(cursor):
        with one_step(cursor):
            table.insertRows(table.cellAt(cursor).row() + 1, 1)
            shade_header(table)


def add_column(cursor: QTextCursor) -> None:
    """A column to the right of the cursor's."""
    if table := table_at(cursor):
        with one_step(cursor):
            table.insertColumns(table.cellAt(cursor).column() + 1, 1)
            shade_header(table)


def remove_row(cursor: QTextCursor) -> None:
    """The cursor's row away; the last one takes the table with it."""
    if table := table_at(cursor):
        _remove(cursor, table, rows=1, columns=0)


def remove_column(cursor: QTextCursor) -> None:
    """The cursor's column away; the last one takes the table with it."""
    if table := table_at(cursor):
        _remove(cursor, table, rows=0, columns=1)


def _remove(cursor: QTextCursor, table: QTextTable, *, rows: int, columns: int) -> None:
    cell = table.cellAt(cursor)
    row, column = cell.row(), cell.column()
    if table.rows() == rows or table.columns() == columns:
        remove_table(cursor)
        return
    with one_step(cursor):
        table.removeRows(row, rows)
        table.removeColumns(column, columns)
        shade_header(table)
    cell = table.cellAt(min(row, table.rows() - 1), min(column, table.columns() - 1))
    cursor.setPosition(cell.firstPosition())


def remove_table(cursor: QTextCursor) -> None:
    """The table around the cursor away, with its words."""
    if table := table_at(cursor):
        with one_step(cursor):
            table.removeRows(0, table.rows())


def to_cell(cursor: QTextCursor, table: QTextTable, step: int) -> None:
    """The cursor to the next cell (1) or the one before (-1); past the last cell a new row.

    Before the first cell there is none, and the cursor stays.
    """
    cell = table.cellAt(cursor)
    at = cell.row() * table.columns() + cell.column() + step
    if at < 0:
        return
    if at >= table.rows() * table.columns():
        add_row(cursor)
    _select_cell(cursor, table, at // table.columns(), at % table.columns())


def below_cell(cursor: QTextCursor, table: QTextTable) -> None:
    """The cursor to the cell below, or out of the table from the last row."""
    cell = table.cellAt(cursor)
    if cell.row() + 1 < table.rows():
        _select_cell(cursor, table, cell.row() + 1, cell.column())
    else:
        cursor.setPosition(table.lastPosition() + 1)


def _select_cell(cursor: QTextCursor, table: QTextTable, row: int, column: int) -> None:
    cell = table.cellAt(row, column)
    cursor.setPosition(cell.firstPosition())
    cursor.setPosition(cell.lastPosition(), QTextCursor.MoveMode.KeepAnchor)
