"""The rich text editor, driven with keys: lists, tables, links, undo, focus and what comes out."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QKeySequence, QTextCursor
from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from cypp_desktop.plan.blocks import Block, normal, parse, plain_text, render, word_count
from cypp_desktop.ui.richtext import commands
from cypp_desktop.ui.richtext.editor import RichTextEdit
from cypp_desktop.ui.theme import Theme
from tests.strategies import BLOCKS

Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def editor(qtbot: QtBot) -> RichTextEdit:
    return shown_editor(qtbot)


def shown_editor(qtbot: QtBot) -> RichTextEdit:
    widget = RichTextEdit()
    qtbot.addWidget(widget)
    widget.resize(600, 400)
    widget.show()
    widget.activateWindow()
    qtbot.waitExposed(widget)
    widget.area.setFocus()
    return widget


class Typist:
    """Types into an editor as a person does."""

    def __init__(self, qtbot: QtBot, editor: RichTextEdit) -> None:
        self._qtbot, self._editor = qtbot, editor

    def __call__(self, *keys: str | Qt.Key | tuple[Qt.Key, Qt.KeyboardModifier]) -> Typist:
        for key in keys:
            if isinstance(key, str):
                self._qtbot.keyClicks(self._editor.area, key)
            elif isinstance(key, tuple):
                self._qtbot.keyClick(self._editor.area, key[0], key[1])
            else:
                self._qtbot.keyClick(self._editor.area, key)
        return self

    def go_to(self, words: str, *, after: bool = False, select: bool = False) -> Typist:
        cursor = self._editor.area.document().find(words)
        assert not cursor.isNull(), words
        if not select:
            cursor.setPosition(cursor.selectionEnd() if after else cursor.selectionStart())
        self._editor.area.setTextCursor(cursor)
        return self


@pytest.fixture
def typist(qtbot: QtBot, editor: RichTextEdit) -> Typist:
    return Typist(qtbot, editor)


ENTER, TAB, BACK, UNDO = Key.Key_Return, Key.Key_Tab, Key.Key_Backspace, (Key.Key_Z, CONTROL)
SHIFT_TAB = (Key.Key_Backtab, SHIFT)
KEYS = ["x", ENTER, TAB, SHIFT_TAB, Key.Key_Down, Key.Key_Right, Key.Key_Home, Key.Key_End]


# ------------------------------------------------------------------------------ in and out


@given(BLOCKS)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_a_text_comes_out_as_it_went_in(qtbot: QtBot, blocks: tuple[Block, ...]) -> None:
    editor = RichTextEdit()
    qtbot.addWidget(editor)
    text = render(blocks)
    editor.set_markdown(text)
    assert editor.blocks() == normal(blocks)
    assert editor.markdown() == text
    assert not editor.is_changed()


@pytest.mark.parametrize("text", ["* one\n* two", "1) one\n2) two", "  blanks around  \n\n\n", "a\r\nb"])
def test_a_text_that_nobody_touched_keeps_its_very_letters(editor: RichTextEdit, text: str) -> None:
    editor.set_markdown(text)
    assert editor.markdown() == text


def test_an_edit_taken_back_by_hand_gives_the_old_letters(editor: RichTextEdit, typist: Typist) -> None:
    editor.set_markdown("* one\n* two")
    typist.go_to("two", after=True)("x")
    assert editor.markdown() == "- one\n- twox"
    typist(BACK)
    assert editor.markdown() == "* one\n* two"


def test_setting_a_text_is_no_edit_and_typing_is(qtbot: QtBot, editor: RichTextEdit, typist: Typist) -> None:
    with qtbot.assertNotEmitted(editor.edited):
        editor.set_markdown("**Heading**\n\n- one\n- [two](https://example.org)")
    with qtbot.waitSignal(editor.edited):
        typist("x")


def test_words_are_counted_as_the_plan_counts_them(editor: RichTextEdit, typist: Typist) -> None:
    text = "- **one** two\n- [three](https://x.org)\n\n| four |\n| --- |\n| five |"
    editor.set_markdown(text)
    assert editor.word_count() == word_count(text) == 5
    assert "5 words" in [label.text() for label in editor.findChildren(type(editor._count))]


# ------------------------------------------------------------------------------ lists


def test_a_typed_dash_makes_a_list_and_an_empty_item_ends_it(editor: RichTextEdit, typist: Typist) -> None:
    typist("- one", ENTER, "two", ENTER, ENTER, "after")
    assert editor.markdown() == "- one\n- two\n\nafter"


def test_a_typed_number_makes_a_numbered_list(editor: RichTextEdit, typist: Typist) -> None:
    typist("Intro", ENTER, "3. three", ENTER, "four")
    assert editor.markdown() == "Intro\n\n3. three\n4. four"


def test_a_list_made_from_a_dash_is_a_dash_again_after_undo(editor: RichTextEdit, typist: Typist) -> None:
    typist("- ")
    assert commands.path_at(editor.area.textCursor())
    typist(UNDO)
    assert not commands.path_at(editor.area.textCursor())
    assert editor.area.toPlainText() == "- "


def test_a_dash_in_the_middle_of_words_is_a_dash(editor: RichTextEdit, typist: Typist) -> None:
    typist("17 - 18. ")
    assert editor.markdown() == "17 - 18."


def test_tab_and_shift_tab_change_the_level(editor: RichTextEdit, typist: Typist) -> None:
    typist("- one", ENTER, TAB, "under", ENTER, TAB, "deep")
    assert editor.markdown() == "- one\n  - under\n    - deep"
    typist(SHIFT_TAB)
    assert editor.markdown() == "- one\n  - under\n  - deep"
    typist(SHIFT_TAB, SHIFT_TAB)
    assert editor.markdown() == "- one\n  - under\n\ndeep"


def test_the_first_item_cannot_be_indented(editor: RichTextEdit, typist: Typist) -> None:
    typist("- one", TAB)
    assert editor.markdown() == "- one"


def test_an_item_takes_its_own_items_along(editor: RichTextEdit, typist: Typist) -> None:
    editor.set_markdown("- one\n- two\n  - inner\n- three")
    typist.go_to("two")(TAB)
    assert editor.markdown() == "- one\n  - two\n    - inner\n- three"
    typist(SHIFT_TAB)
    assert editor.markdown() == "- one\n- two\n  - inner\n- three"


def test_outdenting_takes_over_what_follows_inside(editor: RichTextEdit, typist: Typist) -> None:
    editor.set_markdown("- one\n  - a\n  - b\n  - c\n- two")
    typist.go_to("b")(SHIFT_TAB)
    assert editor.markdown() == "- one\n  - a\n- b\n  - c\n- two"


def test_backspace_at_an_items_first_letter_outdents(editor: RichTextEdit, typist: Typist) -> None:
    editor.set_markdown("- one\n  - under")
    typist.go_to("under")(BACK)
    assert editor.markdown() == "- one\n- under"
    typist(BACK)
    assert editor.markdown() == "- one\n\nunder"
    typist(BACK)
    assert editor.markdown() == "- oneunder"


def test_enter_in_the_middle_splits_an_item_and_its_items_follow(
    editor: RichTextEdit, typist: Typist
) -> None:
    editor.set_markdown("1. one two\n   - inner\n2. three")
    typist.go_to("two")(ENTER)
    assert editor.markdown() == "1. one\n2. two\n   - inner\n3. three"


def test_shift_enter_breaks_the_line_inside_an_item(editor: RichTextEdit, typist: Typist) -> None:
    typist("- one", (ENTER, SHIFT), "more", ENTER, "two")
    assert editor.markdown() == "- one\n  more\n- two"


def test_a_numbered_list_goes_on_after_a_paragraph_in_between(editor: RichTextEdit, typist: Typist) -> None:
    editor.set_markdown("1. one\n2. two\n3. three")
    typist.go_to("two")(BACK)
    assert editor.markdown() == "1. one\n\ntwo\n\n2. three"


def test_buttons_make_and_change_lists(editor: RichTextEdit, typist: Typist) -> None:
    editor.set_markdown("one\n\ntwo\n\nthree")
    actions = editor.actions_of_text
    editor.area.selectAll()
    actions.bullets.trigger()
    assert editor.markdown() == "- one\n- two\n- three"
    assert actions.bullets.isChecked()
    actions.numbers.trigger()
    assert editor.markdown() == "1. one\n2. two\n3. three"
    actions.numbers.trigger()
    assert editor.markdown() == "one\n\ntwo\n\nthree"
    assert not actions.numbers.isChecked()


def test_a_paragraph_made_an_item_joins_the_lists_beside_it(editor: RichTextEdit, typist: Typist) -> None:
    editor.set_markdown("- one\n\ntwo\n\n- three")
    typist.go_to("two")
    editor.actions_of_text.bullets.trigger()
    assert editor.markdown() == "- one\n- two\n- three"


def test_deleting_an_item_leaves_its_items_to_the_one_above(editor: RichTextEdit, typist: Typist) -> None:
    editor.set_markdown("- one\n- two\n  - inner\n- three")
    cursor = editor.area.document().find("two")
    cursor.setPosition(cursor.selectionStart() - 1)
    cursor.movePosition(QTextCursor.MoveOperation.Right, QTextCursor.MoveMode.KeepAnchor, 4)
    editor.area.setTextCursor(cursor)
    typist(Key.Key_Delete)
    assert editor.markdown() == "- one\n  - inner\n- three"
    typist(UNDO)
    assert editor.markdown() == "- one\n- two\n  - inner\n- three"


@given(BLOCKS, st.lists(st.sampled_from([*KEYS, " ", BACK, Key.Key_Delete]), max_size=12))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_whatever_is_typed_undo_brings_the_text_back(
    qtbot: QtBot, blocks: tuple[Block, ...], keys: list[str | Qt.Key]
) -> None:
    editor = RichTextEdit()
    qtbot.addWidget(editor)
    editor.set_markdown(render(blocks))
    Typist(qtbot, editor)(*keys)
    assert parse(render(editor.blocks())) == editor.blocks()
    while editor.area.document().isUndoAvailable():
        editor.area.undo()
    assert editor.blocks() == normal(blocks)


@given(
    BLOCKS, st.lists(st.sampled_from(["x", ENTER, TAB, SHIFT_TAB, Key.Key_Down, Key.Key_Right]), max_size=12)
)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_keys_that_delete_nothing_lose_no_word(
    qtbot: QtBot, blocks: tuple[Block, ...], keys: list[str | Qt.Key]
) -> None:
    editor = RichTextEdit()
    qtbot.addWidget(editor)
    text = render(blocks)
    editor.set_markdown(text)
    # A cell that Tab has come to is selected, and typing replaces what is selected, as everywhere.
    Typist(qtbot, editor)(*(key for key in keys if key != "x" or "|" not in text))
    letters = sorted("".join(plain_text(editor.blocks()).split()).replace("x", ""))
    assert letters == sorted("".join(plain_text(normal(blocks)).split()).replace("x", ""))


# ------------------------------------------------------------------------------ style of words


def test_bold_and_italic_by_keys(editor: RichTextEdit, typist: Typist) -> None:
    typist("plain ", (Key.Key_B, CONTROL), "bold", (Key.Key_B, CONTROL), " and ")
    typist((Key.Key_I, CONTROL), "slanted")
    assert editor.markdown() == "plain **bold** and *slanted*"
    typist.go_to("bold", after=True)
    assert editor.actions_of_text.bold.isChecked()
    assert not editor.actions_of_text.italic.isChecked()


def test_a_sub_heading_is_bold_and_the_next_line_is_not(editor: RichTextEdit, typist: Typist) -> None:
    typist((Key.Key_H, CONTROL | SHIFT), "Next steps", ENTER, "Words")
    assert editor.markdown() == "**Next steps**\n\nWords"
    typist.go_to("Next")
    assert editor.actions_of_text.heading.isChecked()
    editor.actions_of_text.heading.trigger()
    assert editor.markdown() == "Next steps\n\nWords"


def test_a_link_is_set_changed_and_removed(qtbot: QtBot, editor: RichTextEdit, typist: Typist) -> None:
    editor.set_markdown("See the site now")
    typist.go_to("the site ", select=True)((Key.Key_K, CONTROL))
    field = editor.findChild(QLineEdit)
    assert field.hasFocus()
    qtbot.keyClicks(field, "www.example.org")
    qtbot.keyClick(field, ENTER)
    assert editor.markdown() == "See [the site](https://www.example.org) now"
    assert editor.area.hasFocus()
    typist.go_to("site")((Key.Key_K, CONTROL))
    assert field.text() == "https://www.example.org"
    field.clear()
    qtbot.keyClick(field, ENTER)
    assert editor.markdown() == "See the site now"


def test_esc_leaves_the_link_as_it_was(qtbot: QtBot, editor: RichTextEdit, typist: Typist) -> None:
    editor.set_markdown("[here](https://example.org)")
    typist.go_to("ere")((Key.Key_K, CONTROL))
    qtbot.keyClick(editor.findChild(QLineEdit), Key.Key_Escape)
    assert editor.area.hasFocus() and editor.markdown() == "[here](https://example.org)"


def test_words_typed_after_a_link_are_not_linked(editor: RichTextEdit, typist: Typist) -> None:
    editor.set_markdown("[here](https://example.org)")
    typist.go_to("here", after=True)(" and there")
    assert editor.markdown() == "[here](https://example.org) and there"


# ------------------------------------------------------------------------------ tables


def test_a_table_is_written_with_tab(editor: RichTextEdit, typist: Typist) -> None:
    typist("Rates", ENTER)
    editor.actions_of_text.table.trigger()
    editor.actions_of_text.remove_column.trigger()
    typist("Ward", TAB, "Rate", TAB, "Aspley", TAB, "17.2%", TAB, "Bulwell", TAB, "16%", TAB, "Total")
    assert editor.markdown() == (
        "Rates\n\n| Ward | Rate |\n| --- | --- |\n| Aspley | 17.2% |\n| Bulwell | 16% |\n| Total |  |"
    )


def test_rows_and_columns_come_and_go(editor: RichTextEdit, typist: Typist) -> None:
    editor.set_markdown("| A | B |\n| --- | --- |\n| c | d |")
    actions = editor.actions_of_text
    typist.go_to("A")
    actions.add_column.trigger()
    actions.add_row.trigger()
    assert editor.markdown().count("|") == 4 * 4
    typist.go_to("d")
    actions.remove_row.trigger()
    typist.go_to("B")
    actions.remove_column.trigger()
    assert plain_text(editor.blocks()).split() == ["A"]
    actions.remove_table.trigger()
    assert editor.markdown() == ""
    assert not actions.add_row.isEnabled()


def test_removing_the_header_makes_the_next_row_the_header(editor: RichTextEdit, typist: Typist) -> None:
    editor.set_markdown("| A | B |\n| --- | --- |\n| c | d |\n| e | f |")
    typist.go_to("A")
    editor.actions_of_text.remove_row.trigger()
    assert editor.markdown() == "| c | d |\n| --- | --- |\n| e | f |"


def test_one_can_write_before_after_and_between_tables(editor: RichTextEdit, typist: Typist) -> None:
    table = "| A | B |\n| --- | --- |\n| c | d |"
    editor.set_markdown(f"{table}\n\n{table}")
    typist((Key.Key_Home, CONTROL), "before", (Key.Key_End, CONTROL), "after")
    typist.go_to("after")(Key.Key_Up, Key.Key_Up, Key.Key_Up, "between")
    assert editor.markdown() == f"before\n\n{table}\n\nbetween\n\n{table}\n\nafter"


# ------------------------------------------------------------------------------ undo, focus, window


class Window(QMainWindow):
    """A window with an editor, another field and an Undo of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.undone = 0
        self.editor, self.other = RichTextEdit(), QLineEdit()
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.addWidget(self.editor)
        column.addWidget(self.other)
        self.setCentralWidget(inside)
        undo = QAction("Undo", self)
        undo.setShortcut(QKeySequence.StandardKey.Undo)
        undo.triggered.connect(self._undo)
        self.addAction(undo)

    def _undo(self) -> None:
        self.undone += 1


@pytest.fixture
def window(qtbot: QtBot) -> Window:
    window = Window()
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitActive(window)
    window.editor.area.setFocus()
    return window


def test_undo_is_the_editors_while_there_is_typing_then_the_windows(qtbot: QtBot, window: Window) -> None:
    window.editor.set_markdown("Words")
    typist = Typist(qtbot, window.editor)
    typist("x", UNDO)
    assert window.editor.markdown() == "Words" and window.undone == 0
    typist(UNDO)
    assert window.editor.markdown() == "Words" and window.undone == 1


def test_leaving_the_editor_ends_the_sitting(qtbot: QtBot, window: Window) -> None:
    typist = Typist(qtbot, window.editor)
    typist("typed")
    with qtbot.waitSignal(window.editor.focus_left):
        window.other.setFocus()
    window.editor.area.setFocus()
    typist(UNDO)
    assert window.editor.markdown() == "typed" and window.undone == 1


def test_the_link_bar_is_still_in_the_editor(qtbot: QtBot, window: Window) -> None:
    with qtbot.assertNotEmitted(window.editor.focus_left):
        Typist(qtbot, window.editor)("typed", (Key.Key_K, CONTROL))
    assert window.editor.area.document().isUndoAvailable()


def test_a_refreshed_text_keeps_cursor_and_undo_where_nothing_differs(qtbot: QtBot, window: Window) -> None:
    window.editor.set_markdown("one")
    Typist(qtbot, window.editor)("x")
    window.editor.refresh_markdown("xone")
    assert window.editor.area.textCursor().position() == 1
    assert window.editor.area.document().isUndoAvailable()
    assert not window.editor.is_changed()
    window.editor.refresh_markdown("other words")
    assert window.editor.markdown() == "other words"


def test_a_read_only_text_cannot_be_changed(qtbot: QtBot, window: Window) -> None:
    window.editor.set_markdown("- one\n- two")
    window.editor.set_read_only(True)
    Typist(qtbot, window.editor)("x", ENTER, BACK, (Key.Key_B, CONTROL), UNDO)
    assert window.editor.markdown() == "- one\n- two"
    assert not window.editor.actions_of_text.bold.isEnabled()
    window.editor.set_read_only(False)
    Typist(qtbot, window.editor)("x")
    assert window.editor.is_changed()


def test_full_screen_shows_the_same_text_and_esc_returns(qtbot: QtBot, window: Window) -> None:
    editor = window.editor
    with qtbot.assertNotEmitted(editor.focus_left):
        typist = Typist(qtbot, editor)
        typist("before ", Key.Key_F11)
        assert editor.is_full_screen() and editor.area.window() is not window
        typist("inside")
        typist(Key.Key_Escape)
    assert not editor.is_full_screen() and editor.area.window() is window
    assert editor.markdown() == "before inside"
    assert editor.area.document().isUndoAvailable()


def test_larger_text_stands_further_in_and_stays_the_same(editor: RichTextEdit) -> None:
    text = "Intro\n\n1. one\n   - two\n\n| A | B |\n| --- | --- |\n| c | d |"
    editor.set_markdown(text)
    before = editor.area.cursorRect(editor.area.document().find("two")).left()
    font = editor.font()
    font.setPointSizeF(font.pointSizeF() * 2)
    editor.setFont(font)
    assert editor.area.cursorRect(editor.area.document().find("two")).left() > 1.5 * before
    assert editor.markdown() == text


def test_everything_that_takes_the_focus_has_a_name(editor: RichTextEdit) -> None:
    editor.set_accessible_name("Update for 1a i")
    editor.actions_of_text.link.trigger()
    for widget in editor.findChildren(QWidget):
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible():
            assert widget.accessibleName() or getattr(widget, "text", str)(), widget
    for action in editor.actions_of_text.all():
        assert action.text()
    assert editor.area.accessibleName() == "Update for 1a i"


def test_the_menu_offers_what_fits_the_place(editor: RichTextEdit, typist: Typist) -> None:
    editor.set_markdown("[here](https://example.org)\n\n| A | B |\n| --- | --- |\n| c | d |")
    at_link = editor.area.cursorRect(editor.area.document().find("he")).center()
    words = [action.text() for action in editor.menu_at(at_link).actions()]
    assert "Open link" in words and "Remove row" not in words
    typist.go_to("A")
    words = [action.text() for action in editor.menu_at(QPoint(1, 1)).actions()]
    assert "Remove row" in words


def test_another_theme_or_text_size_is_no_edit(editor: RichTextEdit, qtbot: QtBot, appearance: Theme) -> None:
    editor.set_markdown(
        "- one **bold** [link](https://example.org)\n- two\n\n| a | b |\n| --- | --- |\n| 1 | 2 |"
    )
    edits: list[bool] = []
    editor.edited.connect(lambda: edits.append(True))
    for theme, percent in (("dark", 100), ("dark", 200), ("light", 100)):
        appearance.apply(theme, percent)
        QApplication.processEvents()
    assert edits == []
