"""Ctrl+Z takes back typing alone, whatever was put in right before it, and brings it back again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPointF, Qt
from PySide6.QtGui import QDropEvent, QInputMethodEvent, QKeyEvent, QKeySequence, QTextCursor
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from cypp_desktop.plan.blocks import parse
from cypp_desktop.ui.panels.inputs import GrowingText
from cypp_desktop.ui.review.result import ResultEditor
from cypp_desktop.ui.richtext.clipboard import mime_from_blocks
from cypp_desktop.ui.richtext.editor import RichTextEdit
from tests.ui.richtext.test_keys import REDO, UNDO, press

Key = Qt.Key
NONE = Qt.KeyboardModifier.NoModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
PASTE = (Key.Key_V, CONTROL)


@pytest.fixture
def editor(qtbot: QtBot) -> RichTextEdit:
    widget = RichTextEdit()
    qtbot.addWidget(widget)
    widget.resize(600, 400)
    widget.show()
    widget.activateWindow()
    qtbot.waitUntil(widget.isActiveWindow)
    widget.area.setFocus()
    return widget


def offered(*, words: str = "", html: str = "", markdown: str = "") -> QMimeData:
    if markdown:
        return mime_from_blocks(parse(markdown))
    data = QMimeData()
    if html:
        data.setHtml(html)
    if words:
        data.setText(words)
    return data


def paste(**kinds: str) -> Callable[[RichTextEdit], None]:
    def put(editor: RichTextEdit) -> None:
        QApplication.clipboard().setMimeData(offered(**kinds))
        press(PASTE)

    return put


def paste_words_only(editor: RichTextEdit) -> None:
    QApplication.clipboard().setMimeData(offered(html="<b>bold</b>", words="put"))
    press((Key.Key_V, CONTROL | SHIFT))


def paste_from_the_menu(editor: RichTextEdit) -> None:
    QApplication.clipboard().setMimeData(offered(words="put"))
    menu = editor.menu_at(editor.area.cursorRect().center())
    next(action for action in menu.actions() if "Paste" in action.text()).trigger()


def drop(editor: RichTextEdit) -> None:
    """Words of another program, dropped where the cursor stands."""
    area = editor.area
    place = QPointF(area.cursorRect().center())
    words = offered(words="put")  # the event does not keep it
    area.dropEvent(QDropEvent(place, Qt.DropAction.CopyAction, words, Qt.MouseButton.LeftButton, NONE))


def special_sign(editor: RichTextEdit) -> None:
    """As an entry of Qt's own in the menu of the text does it."""
    editor.menu_at(editor.area.cursorRect().center())
    editor.area.insertPlainText("§")


def link(editor: RichTextEdit) -> None:
    press((Key.Key_K, CONTROL))
    field = editor.findChild(QLineEdit)
    assert field is not None and field.hasFocus()
    press("www.example.org", (Key.Key_Return, NONE))
    assert editor.area.hasFocus()


def composed(editor: RichTextEdit) -> None:
    event = QInputMethodEvent("", [])
    event.setCommitString("put")
    QApplication.sendEvent(editor.area, event)


def taken_back_and_brought_again(editor: RichTextEdit) -> None:
    paste(words="put")(editor)
    press(UNDO, REDO)


WAYS = {
    "words": paste(words="put"),
    "words of two lines": paste(words="put\nbelow"),
    "two paragraphs": paste(words="put\n\nbelow"),
    "HTML": paste(html="<p>put <b>bold</b></p>"),
    "HTML of a list": paste(html="<ul><li>put</li><li>two</li></ul>"),
    "our own text": paste(markdown="put **bold**"),
    "our own list": paste(markdown="- put\n- two"),
    "our own link": paste(markdown="[put](https://example.org)"),
    "words only": paste_words_only,
    "from the menu": paste_from_the_menu,
    "drop": drop,
    "sign": special_sign,
    "link": link,
    "redo": taken_back_and_brought_again,
}


@pytest.mark.parametrize("start", ["", "- first", "Before\n\n1. one", "| A | B |\n| --- | --- |\n| c |  |"])
@pytest.mark.parametrize("way", WAYS)
def test_typing_what_is_put_in_and_typing_again_are_three_steps(
    editor: RichTextEdit, way: str, start: str
) -> None:
    editor.set_markdown(start)
    editor.area.moveCursor(QTextCursor.MoveOperation.End)
    if start.startswith("|"):
        press((Key.Key_Left, NONE))
    states = [editor.markdown()]
    press("aaa")
    states.append(editor.markdown())
    WAYS[way](editor)
    states.append(editor.markdown())
    press("bbb")
    states.append(editor.markdown())
    assert len(set(states)) == 4
    for state in reversed(states[:-1]):
        press(UNDO)
        assert editor.markdown() == state
    assert not editor.area.document().isUndoAvailable()
    for state in states[1:]:
        press(REDO)
        assert editor.markdown() == state
    press(UNDO, "ccc")
    after = editor.markdown()
    assert after == states[3].replace("bbb", "ccc")
    press(UNDO)
    assert editor.markdown() == states[2], "typing after an undo is a step of its own"
    press(REDO)
    assert editor.markdown() == after


def test_a_table_row_made_with_tab_is_a_step_between_two_typings(editor: RichTextEdit) -> None:
    editor.set_markdown("| A |\n| --- |\n| c |")
    cursor = editor.area.document().find("c")
    cursor.clearSelection()
    editor.area.setTextCursor(cursor)
    tab = (Key.Key_Tab, NONE)
    press("x", tab, "y")
    rows = [editor.area.document().find("cx").currentTable().rows()]
    assert editor.markdown() == "| A |\n| --- |\n| cx |\n| y |"
    for words in ("cx", "cx", "c"):
        press(UNDO)
        rows.append(editor.area.document().find(words).currentTable().rows())
    assert rows == [3, 3, 2, 2]
    assert editor.markdown() == "| A |\n| --- |\n| c |"
    press(REDO, REDO, REDO)
    assert editor.markdown() == "| A |\n| --- |\n| cx |\n| y |"


def test_what_was_cut_and_what_was_then_deleted_are_two_steps(editor: RichTextEdit) -> None:
    press("one two three")
    for _ in "three":
        press((Key.Key_Left, SHIFT))
    press((Key.Key_X, CONTROL), (Key.Key_Backspace, NONE), (Key.Key_Backspace, NONE))
    assert editor.markdown() == "one tw"
    press(UNDO)
    assert editor.area.toPlainText() == "one two "
    press(UNDO)
    assert editor.markdown() == "one two three"


def test_each_key_for_redo_brings_a_paste_back(editor: RichTextEdit) -> None:
    QApplication.clipboard().setMimeData(offered(words="pasted"))
    press("typed ", PASTE, " again")
    bindings = [keys[0] for keys in QKeySequence.keyBindings(QKeySequence.StandardKey.Redo)]  # type: ignore[index]
    keys = [(key.key(), key.keyboardModifiers()) for key in bindings if key.keyboardModifiers() != NONE]
    assert keys
    for key in keys:
        press(UNDO, UNDO)
        assert editor.markdown() == "typed"
        press(key, key)
        assert editor.markdown() == "typed pasted again"


def test_words_typed_without_a_break_are_one_step(editor: RichTextEdit) -> None:
    press("one two three")
    press(UNDO)
    assert editor.markdown() == "" and not editor.area.document().isUndoAvailable()


def test_words_typed_over_what_was_chosen_are_one_step(editor: RichTextEdit) -> None:
    editor.set_markdown("one two")
    editor.area.selectAll()
    press("three four")
    assert editor.markdown() == "three four"
    press(UNDO)
    assert editor.markdown() == "one two"


def test_signs_composed_between_letters_are_typing(editor: RichTextEdit) -> None:
    QApplication.clipboard().setMimeData(offered(words="pasted"))
    press(PASTE)
    composed(editor)
    press("typed")
    assert editor.markdown() == "pastedputtyped"
    press(UNDO)
    assert editor.markdown() == "pasted"


def test_signs_typed_with_alt_gr_are_typing(editor: RichTextEdit) -> None:
    press("a")
    held = CONTROL | Qt.KeyboardModifier.AltModifier  # as Windows says it
    QApplication.sendEvent(editor.area, QKeyEvent(QEvent.Type.KeyPress, Key.Key_At, held, "@"))
    press("b")
    assert editor.markdown() == "a@b"
    press(UNDO)
    assert editor.markdown() == ""


def growing() -> tuple[GrowingText, QPlainTextEdit]:
    text = GrowingText()
    return text, text


def result() -> tuple[ResultEditor, QPlainTextEdit]:
    made = ResultEditor()
    made._stack.setCurrentWidget(made.plain)
    return made, made.plain


@pytest.mark.parametrize("make", [growing, result])
def test_in_plain_texts_too_typing_after_a_paste_is_taken_back_alone(
    qtbot: QtBot, make: Callable[[], tuple[QPlainTextEdit, QPlainTextEdit]]
) -> None:
    widget, text = make()
    qtbot.addWidget(widget)
    widget.show()
    widget.activateWindow()
    qtbot.waitUntil(widget.isActiveWindow)
    text.setFocus()
    QApplication.clipboard().setMimeData(offered(words="pasted"))
    press("typed ", PASTE, " again")
    assert text.toPlainText() == "typed pasted again"
    for state in ("typed pasted", "typed ", ""):
        press(UNDO)
        assert text.toPlainText() == state
    for state in ("typed ", "typed pasted", "typed pasted again"):
        press(REDO)
        assert text.toPlainText() == state


def test_in_a_line_typing_after_a_paste_is_taken_back_alone(qtbot: QtBot) -> None:
    line = QLineEdit()
    qtbot.addWidget(line)
    line.show()
    line.activateWindow()
    qtbot.waitUntil(line.isActiveWindow)
    line.setFocus()
    QApplication.clipboard().setMimeData(offered(words="pasted"))
    press("typed ", PASTE, " again", UNDO)
    assert line.text() == "typed pasted"
