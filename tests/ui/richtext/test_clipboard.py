"""Copy, cut and paste in the rich text editor, between two of them and with other programs."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cypp_desktop.plan.blocks import Block, normal, plain_text, render
from cypp_desktop.ui.richtext.clipboard import OWN_TYPE, blocks_from_mime, mime_from_blocks
from cypp_desktop.ui.richtext.editor import RichTextEdit
from tests.strategies import BLOCKS

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def editor(qtbot: QtBot) -> RichTextEdit:
    widget = RichTextEdit()
    qtbot.addWidget(widget)
    widget.show()
    widget.area.setFocus()
    return widget


def copied(editor: RichTextEdit) -> QMimeData:
    return editor.area.createMimeDataFromSelection()


def paste(editor: RichTextEdit, source: QMimeData) -> None:
    editor.area.insertFromMimeData(source)


@given(BLOCKS)
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_a_text_copied_from_one_editor_to_another_is_the_same(
    qtbot: QtBot, blocks: tuple[Block, ...]
) -> None:
    one, other = RichTextEdit(), RichTextEdit()
    qtbot.addWidget(one)
    qtbot.addWidget(other)
    one.set_markdown(render(blocks))
    one.area.selectAll()
    if one.area.textCursor().hasSelection():
        paste(other, copied(one))
    assert other.blocks() == normal(blocks)


@given(BLOCKS)
@settings(max_examples=50)
def test_our_html_says_nearly_all_to_ourselves(blocks: tuple[Block, ...]) -> None:
    offered = mime_from_blocks(normal(blocks))
    offered.removeFormat(OWN_TYPE)
    read = "".join(plain_text(blocks_from_mime(offered)).split())
    for word in plain_text(normal(blocks)).split():
        if word.isalnum():
            assert word in read


def test_copy_and_paste_by_keys(qtbot: QtBot, editor: RichTextEdit) -> None:
    editor.set_markdown("- one\n  - **two**\n- three")
    editor.area.selectAll()
    qtbot.keyClick(editor.area, Qt.Key.Key_C, CONTROL)
    offered = QApplication.clipboard().mimeData()
    assert offered.text() == "- one\n  - two\n- three"
    assert "<ul><li>one<ul><li><b>two</b></li></ul></li><li>three</li></ul>" in offered.html()
    editor.set_markdown("")
    qtbot.keyClick(editor.area, Qt.Key.Key_V, CONTROL)
    assert editor.markdown() == "- one\n  - **two**\n- three"
    qtbot.keyClick(editor.area, Qt.Key.Key_A, CONTROL)
    qtbot.keyClick(editor.area, Qt.Key.Key_V, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    assert editor.markdown() == "- one\n  - two\n- three"


def at(editor: RichTextEdit, words: str, *, after: bool = True) -> None:
    cursor = editor.area.document().find(words)
    cursor.setPosition(cursor.selectionEnd() if after else cursor.selectionStart())
    editor.area.setTextCursor(cursor)


def markdown_mime(text: str) -> QMimeData:
    data = QMimeData()
    data.setData(OWN_TYPE, text.encode())
    return data


@pytest.mark.parametrize(
    ("text", "place", "pasted", "expected"),
    [
        ("one two", "one", "**x**", "one**x** two"),
        ("one two", "one", "x\n\ny", "onex\n\ny two"),
        ("one", "one", "- x\n- y", "one\n\n- x\n- y"),
        ("- one\n- two", "one", "- x\n- y", "- one\n- x\n- y\n- two"),
        ("- one\n- two", "one", "x\n\ny", "- onex\n- y\n- two"),
        ("- one\n  - in", "one", "- x", "- one\n- x\n  - in"),
        ("one\n\n- two", "one", "- x", "one\n\n- x\n- two"),
        ("1. one\n2. two", "one", "- x\n  - y", "1. one\n2. x\n   - y\n3. two"),
        ("one\n\ntwo", "one", "| A |\n| --- |\n| b |", "one\n\n| A |\n| --- |\n| b |\n\ntwo"),
        ("| A |\n| --- |\n| b |", "A", "x\n\n- y\n- **z**", "| Ax y **z** |\n| --- |\n| b |"),
    ],
)
def test_what_is_pasted_fits_in(
    editor: RichTextEdit, text: str, place: str, pasted: str, expected: str
) -> None:
    editor.set_markdown(text)
    at(editor, place)
    paste(editor, markdown_mime(pasted))
    assert editor.markdown() == expected
    editor.area.undo()
    assert editor.markdown() == text


def test_the_cursor_stands_after_what_was_pasted(editor: RichTextEdit) -> None:
    editor.set_markdown("one two")
    at(editor, "one")
    paste(editor, markdown_mime("x\n\ny"))
    editor.area.insertPlainText("!")
    assert editor.markdown() == "onex\n\ny! two"


@given(BLOCKS, BLOCKS, st.integers(0, 200))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_pasting_anywhere_loses_nothing_and_can_be_undone(
    qtbot: QtBot, text: tuple[Block, ...], pasted: tuple[Block, ...], place: int
) -> None:
    editor = RichTextEdit()
    qtbot.addWidget(editor)
    editor.set_markdown(render(text))
    cursor = editor.area.textCursor()
    cursor.movePosition(QTextCursor.MoveOperation.Right, n=place)
    editor.area.setTextCursor(cursor)
    paste(editor, mime_from_blocks(normal(pasted)))
    letters = "".join((plain_text(normal(text)) + plain_text(normal(pasted))).split())
    assert sorted("".join(plain_text(editor.blocks()).split())) == sorted(letters)
    while editor.area.document().isUndoAvailable():
        editor.area.undo()
    assert editor.blocks() == normal(text)


def test_part_of_a_text_is_copied_as_what_it_is(editor: RichTextEdit) -> None:
    editor.set_markdown("Intro\n\n- one\n- two\n  - in a\n  - in b\n\n| H | I |\n| --- | --- |\n| j | k |")

    def select(first: str, last: str) -> str:
        begin, end = editor.area.document().find(first), editor.area.document().find(last)
        cursor = editor.area.textCursor()
        cursor.setPosition(begin.selectionStart())
        cursor.setPosition(end.selectionEnd(), QTextCursor.MoveMode.KeepAnchor)
        editor.area.setTextCursor(cursor)
        return render(blocks_from_mime(copied(editor)))

    assert select("ne", "ne") == "ne"
    assert select("one", "two") == "- one\n- two"
    assert select("in a", "in b") == "- in a\n- in b"
    assert select("tro", "wo") == "tro\n\n- one\n- two"
    assert select("H", "H") == "H"
    assert select("H", "k") == "| H | I |\n| --- | --- |\n| j | k |"
    assert select("j", "k") == "| j | k |\n| --- | --- |"
    assert select("in b", "j") == "- in b\n\n| H | I |\n| --- | --- |\n| j | k |"


def test_cutting_items_leaves_a_proper_list(qtbot: QtBot, editor: RichTextEdit) -> None:
    editor.set_markdown("- one\n- two\n  - in\n- three")
    begin = editor.area.document().find("two").selectionStart()
    cursor = editor.area.textCursor()
    cursor.setPosition(begin)
    cursor.setPosition(editor.area.document().find("in").selectionStart(), QTextCursor.MoveMode.KeepAnchor)
    editor.area.setTextCursor(cursor)
    qtbot.keyClick(editor.area, Qt.Key.Key_X, CONTROL)
    assert editor.markdown() == "- one\n  - in\n- three"


def test_nothing_is_pasted_into_a_text_to_be_read(editor: RichTextEdit) -> None:
    editor.set_markdown("one")
    editor.set_read_only(True)
    paste(editor, markdown_mime("x"))
    assert editor.markdown() == "one"
