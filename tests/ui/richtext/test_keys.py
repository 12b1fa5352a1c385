"""Tab and the ways out of a text, in windows where a key could press the text's neighbours by mistake."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QKeySequence, QShortcut, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from cypp_desktop.plan.blocks import Block, parse, plain_text, render
from cypp_desktop.ui.richtext import commands
from cypp_desktop.ui.richtext.document import table_at
from cypp_desktop.ui.richtext.editor import RichTextEdit
from cypp_desktop.ui.richtext.outline import MOST_LEVELS
from tests.strategies import BLOCKS

Key = Qt.Key
NONE = Qt.KeyboardModifier.NoModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
META = Qt.KeyboardModifier.MetaModifier
ALT = Qt.KeyboardModifier.AltModifier

Press = tuple[Qt.Key, Qt.KeyboardModifier]
TAB: Press = (Key.Key_Tab, NONE)
SHIFT_TAB: Press = (Key.Key_Backtab, SHIFT)
CONTROL_TAB: Press = (Key.Key_Tab, CONTROL)
CONTROL_SHIFT_TAB: Press = (Key.Key_Backtab, CONTROL | SHIFT)
ESC: Press = (Key.Key_Escape, NONE)
UNDO: Press = (Key.Key_Z, CONTROL)
REDO: Press = (Key.Key_Z, CONTROL | SHIFT)

TABLE = "| A | B |\n| --- | --- |\n| c | d |"


def press(*keys: str | Press) -> None:
    """Press keys as the keyboard does: the window gets them, for whatever has the focus there."""
    for key in keys:
        for each in key if isinstance(key, str) else [key]:
            now = QApplication.focusWidget()
            assert now is not None, "nothing would get the key"
            window = now.window().windowHandle()
            if isinstance(each, str):
                QTest.keyClick(window, each)  # type: ignore[call-overload]
            else:
                QTest.keyClick(window, *each)  # type: ignore[call-overload]
            QApplication.processEvents()


class Neighbours(QWidget):
    """A text between two buttons that count how often they were pressed."""

    def __init__(self) -> None:
        super().__init__()
        self.pressed: list[str] = []
        self.before, self.after = QPushButton("Add before"), QPushButton("Add another update")
        self.editor = RichTextEdit()
        column = QVBoxLayout(self)
        for widget in (self.before, self.editor, self.after):
            column.addWidget(widget)
        self.before.clicked.connect(lambda: self.pressed.append("before"))
        self.after.clicked.connect(lambda: self.pressed.append("after"))

    def write_at(self, text: str, words: str, *, after: bool = False) -> None:
        """Show a text, with the cursor at some words of it."""
        self.editor.set_markdown(text)
        self.go_to(words, after=after)

    def go_to(self, words: str, *, after: bool = False) -> None:
        cursor = self.editor.area.document().find(words)
        assert not cursor.isNull(), words
        cursor.setPosition(cursor.selectionEnd() if after else cursor.selectionStart())
        self.editor.area.setTextCursor(cursor)
        self.editor.area.setFocus()

    @property
    def in_text(self) -> bool:
        return QApplication.focusWidget() is self.editor.area


@pytest.fixture
def window(qtbot: QtBot) -> Neighbours:
    window = Neighbours()
    qtbot.addWidget(window)
    window.resize(600, 500)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.editor.area.setFocus()
    return window


# ------------------------------------------------------------------------------ in a list


def test_tab_indents_an_item_and_the_next_words_go_on_in_it(window: Neighbours) -> None:
    window.write_at("- one\n- two", "two", after=True)
    press(TAB, " more words here")
    assert window.editor.markdown() == "- one\n  - two more words here"
    assert window.in_text and window.pressed == []


def test_shift_tab_outdents_an_item_and_then_takes_it_out_of_the_list(window: Neighbours) -> None:
    window.write_at("- one\n  - two", "two", after=True)
    press(SHIFT_TAB, " a b")
    assert window.editor.markdown() == "- one\n- two a b"
    press(SHIFT_TAB, " c d")
    assert window.editor.markdown() == "- one\n\ntwo a b c d"
    assert window.in_text and window.pressed == []


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("- one\n- two", "one"),
        ("1. one\n2. two", "one"),
        ("Words\n\n- one", "one"),
        ("- one\n\n  more of it\n- two", "more"),
        ("- a\n  - one\n  - two", "one"),
    ],
)
def test_an_item_that_cannot_go_further_in_stays_and_keeps_the_cursor(
    window: Neighbours, text: str, at: str
) -> None:
    window.write_at(text, at)
    press(TAB, TAB, "x ")
    assert window.editor.markdown() == text.replace(at, f"x {at}")
    assert window.in_text and window.pressed == []


def test_an_empty_item_is_indented_and_outdented_as_any_other(window: Neighbours) -> None:
    press("- one", (Key.Key_Return, NONE), TAB, "a b", (Key.Key_Return, NONE), SHIFT_TAB, "c d")
    assert window.editor.markdown() == "- one\n  - a b\n- c d"
    press((Key.Key_Return, NONE), SHIFT_TAB, "e f")
    assert window.editor.markdown() == "- one\n  - a b\n- c d\n\ne f"


def test_items_go_in_as_far_as_word_processors_let_them(window: Neighbours) -> None:
    press("- 0")
    for depth in range(1, MOST_LEVELS + 3):
        press((Key.Key_Return, NONE), *[TAB] * depth, str(depth))
    depths = [len(path) for path in commands.paths_of(window.editor.area.document())]
    assert max(depths) == MOST_LEVELS
    assert window.in_text
    assert parse(window.editor.markdown()) == window.editor.blocks()


def test_an_item_does_not_push_what_is_in_it_too_deep(window: Neighbours) -> None:
    lines = ["- one", "- two", *("  " * depth + f"- {depth}" for depth in range(1, MOST_LEVELS))]
    window.write_at("\n".join(lines), "two")
    press(TAB)
    assert window.editor.markdown() == "\n".join(lines)


def test_items_deeper_than_that_stay_as_they_are_and_can_come_out(window: Neighbours) -> None:
    lines = ["  " * depth + f"- {depth}" for depth in range(MOST_LEVELS + 2)]
    window.write_at("\n".join(lines), str(MOST_LEVELS + 1))
    press(TAB)
    assert window.editor.markdown() == "\n".join(lines)
    press(SHIFT_TAB)
    assert window.editor.markdown() == "\n".join([*lines[:-1], lines[-1][2:]])


def test_all_items_chosen_are_indented_as_one_step(window: Neighbours) -> None:
    text = "- one\n- two\n- three\n- four"
    window.write_at(text, "two")
    press((Key.Key_Down, SHIFT), (Key.Key_End, SHIFT), TAB)
    assert window.editor.markdown() == "- one\n  - two\n  - three\n- four"
    press(TAB)
    press(UNDO)
    assert window.editor.markdown() == "- one\n  - two\n  - three\n- four"
    press(UNDO)
    assert window.editor.markdown() == text
    press(REDO)
    assert window.editor.markdown() == "- one\n  - two\n  - three\n- four"


def test_items_chosen_together_with_a_paragraph_are_indented_and_nothing_is_left(window: Neighbours) -> None:
    window.write_at("Words\n\n- one\n- two", "Words")
    press((Key.Key_End, CONTROL | SHIFT), TAB)
    assert window.editor.markdown() == "Words\n\n- one\n  - two"
    assert window.in_text


# ------------------------------------------------------------------------------ in a table


def test_tab_goes_from_cell_to_cell_and_shift_tab_back(window: Neighbours) -> None:
    window.write_at(TABLE, "A")
    press(TAB, "b b", TAB, "c c", SHIFT_TAB, "B B")
    assert window.editor.markdown() == "| A | B B |\n| --- | --- |\n| c c | d |"
    assert window.in_text and window.pressed == []


def test_tab_in_the_last_cell_adds_a_row_as_one_step(window: Neighbours) -> None:
    window.write_at(TABLE, "d")
    press(TAB, "e e", TAB, "f f")
    assert window.editor.markdown() == f"{TABLE}\n| e e | f f |"
    press(UNDO)
    assert window.editor.markdown() == f"{TABLE}\n| e e |  |"
    press(UNDO)
    assert plain_text(window.editor.blocks()).split() == ["A", "B", "c", "d"]
    assert window.editor.area.document().isUndoAvailable()
    press(UNDO)
    assert window.editor.markdown() == TABLE
    press(REDO, REDO)
    assert window.editor.markdown() == f"{TABLE}\n| e e |  |"
    assert window.pressed == []


def test_shift_tab_in_the_first_cell_stays_there(window: Neighbours) -> None:
    window.write_at(TABLE, "A")
    press(SHIFT_TAB, "x ")
    assert window.editor.markdown() == TABLE.replace("A", "x A")
    assert window.in_text


def test_in_a_table_that_stands_in_a_list_tab_goes_from_cell_to_cell(window: Neighbours) -> None:
    text = "- one\n\n  " + TABLE.replace("\n", "\n  ") + "\n- two"
    window.write_at(text, "A")
    press(TAB, "x y")
    assert window.editor.markdown() == text.replace("B", "x y")
    window.go_to("two")
    press(TAB)
    assert len(commands.path_at(window.editor.area.textCursor())) == 2


# ------------------------------------------------------------------------------ the ways out


def test_elsewhere_tab_goes_on_and_shift_tab_goes_back(window: Neighbours) -> None:
    window.write_at(f"Words\n\n- one\n\n{TABLE}", "Words")
    before = window.editor.markdown()
    press(TAB)
    assert QApplication.focusWidget() is window.after
    window.editor.area.setFocus()
    press(SHIFT_TAB)
    assert QApplication.focusWidget() is window.before
    assert window.editor.markdown() == before and window.pressed == []


@pytest.mark.parametrize(
    ("key", "forward"),
    [
        (CONTROL_TAB, True),
        ((Key.Key_Tab, META), True),
        (ESC, True),
        (CONTROL_SHIFT_TAB, False),
        ((Key.Key_Backtab, META | SHIFT), False),
    ],
)
@pytest.mark.parametrize("at", ["Words", "one", "two", "A", "d"])
@pytest.mark.parametrize("read_only", [False, True])
def test_control_tab_and_esc_leave_from_everywhere(
    window: Neighbours, at: str, key: Press, forward: bool, read_only: bool
) -> None:
    text = f"Words\n\n- one\n- two\n\n{TABLE}"
    window.write_at(text, at)
    window.editor.set_read_only(read_only)
    press(key)
    assert QApplication.focusWidget() is (window.after if forward else window.before)
    assert window.editor.markdown() == text
    assert not window.editor.area.document().isUndoAvailable()
    assert window.pressed == []


def test_no_shortcut_of_the_window_comes_before_the_way_out(window: Neighbours) -> None:
    taken: list[str] = []
    for keys in ("Esc", "Ctrl+Tab", "Tab"):
        QShortcut(QKeySequence(keys), window).activated.connect(lambda keys=keys: taken.append(keys))
    window.write_at("- one\n- two", "two")
    press(CONTROL_TAB)
    assert QApplication.focusWidget() is window.after
    window.write_at("- one\n- two", "two")
    press(TAB)
    assert window.editor.markdown() == "- one\n  - two"
    assert taken == []
    press(ESC)
    assert QApplication.focusWidget() is window.after


@pytest.mark.parametrize("at", ["Words", "one", "two", "A", "d"])
def test_in_a_text_to_read_tab_always_moves_on(window: Neighbours, at: str) -> None:
    window.write_at(f"Words\n\n- one\n- two\n\n{TABLE}", at)
    window.editor.set_read_only(True)
    press(TAB)
    assert QApplication.focusWidget() is window.after
    window.editor.area.setFocus()
    press(SHIFT_TAB)
    assert QApplication.focusWidget() is window.before
    assert window.pressed == []


@pytest.mark.parametrize("text", ["Words", "- Words", TABLE.replace("A", "Words")])
def test_a_key_of_the_desktop_writes_no_tab(window: Neighbours, text: str) -> None:
    window.write_at(text, "Words")
    press((Key.Key_Tab, ALT))
    assert window.editor.markdown() == text and window.in_text


def test_esc_asks_first_what_is_around_the_text(qtbot: QtBot) -> None:
    class Leading(QWidget):
        def keyPressEvent(self, event: QKeyEvent) -> None:
            if event.key() == Key.Key_Escape:
                window.before.setFocus()

    window = Neighbours()
    around = Leading()
    qtbot.addWidget(around)
    QVBoxLayout(around).addWidget(window)
    around.show()
    around.activateWindow()
    qtbot.waitUntil(around.isActiveWindow)
    window.write_at("- one\n- two", "two")
    press(ESC)
    assert QApplication.focusWidget() is window.before


def test_over_the_whole_screen_tab_stays_in_the_text_and_control_tab_comes_back(
    window: Neighbours, qtbot: QtBot
) -> None:
    window.write_at("Words\n\n- one\n- two", "Words")
    window.editor.set_full_screen(True)
    qtbot.waitUntil(window.editor.area.window().isActiveWindow)
    press(TAB, SHIFT_TAB)
    assert window.editor.is_full_screen() and window.in_text
    assert window.editor.markdown() == "Words\n\n- one\n- two"
    press(CONTROL_TAB)
    assert not window.editor.is_full_screen()


def compose(window: Neighbours, words: str, *, done: bool = False) -> None:
    """What an input method says while, and once, a word is composed."""
    event = QInputMethodEvent("" if done else words, [])
    if done:
        event.setCommitString(words)
    QApplication.sendEvent(window.editor.area, event)


def test_a_word_half_composed_is_kept_when_its_item_is_indented(window: Neighbours) -> None:
    window.write_at("- one\n- two", "two", after=True)
    compose(window, "e")
    press(TAB)
    compose(window, "é", done=True)
    assert window.editor.markdown() == "- one\n  - twoé"
    press(UNDO)
    assert window.editor.markdown() == "- one\n  - two"


@given(BLOCKS, st.data(), st.sampled_from([TAB, SHIFT_TAB]))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_wherever_the_cursor_is_tab_loses_and_writes_nothing(
    window: Neighbours, blocks: tuple[Block, ...], data: st.DataObject, key: Press
) -> None:
    window.editor.set_markdown(render(blocks))
    area = window.editor.area
    cursor = area.textCursor()
    last = area.document().characterCount() - 1
    cursor.setPosition(data.draw(st.integers(0, last)))
    cursor.setPosition(data.draw(st.integers(0, last)), QTextCursor.MoveMode.KeepAnchor)
    area.setTextCursor(cursor)
    area.setFocus()
    cursor = area.textCursor()
    stays = table_at(cursor) is not None or commands.touches_list(cursor)
    before = area.toPlainText()
    press(key)
    assert window.in_text == stays
    assert area.toPlainText().replace("\n", "") == before.replace("\n", "")  # a new row is empty
    assert window.pressed == []


def test_a_screen_reader_is_told_of_tab_and_the_ways_out(window: Neighbours) -> None:
    words = window.editor.area.accessibleDescription()
    assert all(key in words for key in ("Tab", "Shift+Tab", "Ctrl+Tab", "Esc"))


def test_the_keys_are_handled_before_qt_moves_the_focus(window: Neighbours) -> None:
    window.write_at("- one\n- two", "two")
    event = QKeyEvent(QEvent.Type.KeyPress, *TAB, "\t")
    QApplication.sendEvent(window.editor.area, event)
    assert event.isAccepted() and window.in_text
