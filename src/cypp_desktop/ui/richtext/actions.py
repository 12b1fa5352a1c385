"""What can be done to a text, as actions with names, keys and states that follow the cursor."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QFont, QKeySequence, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QApplication

from cypp_desktop.ui import icons
from cypp_desktop.ui.richtext import commands, outline
from cypp_desktop.ui.richtext.area import TextArea
from cypp_desktop.ui.richtext.document import table_at


class TextActions(QObject):
    """The actions of one writing surface. The toolbar, the menu and the keys all use these."""

    def __init__(self, area: TextArea) -> None:
        super().__init__(area)
        self._area = area
        self._signs: dict[QAction, str] = {}
        make = self._make
        self.bold = make("Bold", "Ctrl+B", "bold", self._toggle_bold, checkable=True)
        self.italic = make("Italic", "Ctrl+I", "italic", self._toggle_italic, checkable=True)
        self.heading = make("Sub-heading", "Ctrl+Shift+H", "heading", self._toggle_heading, checkable=True)
        self.bullets = make("Bulleted list", "Ctrl+Shift+8", "list", self._toggle_bullets, checkable=True)
        self.numbers = make(
            "Numbered list", "Ctrl+Shift+7", "list-ordered", self._toggle_numbers, checkable=True
        )
        self.indent = make("Indent", "Ctrl+]", "indent-increase", self._indent, also="Tab")
        self.outdent = make("Outdent", "Ctrl+[", "indent-decrease", self._outdent, also="Shift+Tab")
        self.table = make("Insert table", "Ctrl+Shift+T", "table", self._cursor_command(commands.put_table))
        self.add_row = make("Add row below", "", "", self._cursor_command(commands.add_row))
        self.add_column = make("Add column to the right", "", "", self._cursor_command(commands.add_column))
        self.remove_row = make("Remove row", "", "", self._cursor_command(commands.remove_row))
        self.remove_column = make("Remove column", "", "", self._cursor_command(commands.remove_column))
        self.remove_table = make("Remove table", "", "", self._cursor_command(commands.remove_table))
        self.paste_plain = make("Paste without formatting", "Ctrl+Shift+V", "", self._paste_plain)
        self.link = make("Link", "Ctrl+K", "link", None)
        self.full_screen = make("Full-screen writing", "F11", "maximize", None, checkable=True)
        self.of_tables = (
            self.add_row, self.add_column, self.remove_row, self.remove_column, self.remove_table,
        )  # fmt: skip
        area.cursorPositionChanged.connect(self.follow_cursor)
        area.currentCharFormatChanged.connect(self.follow_cursor)
        area.textChanged.connect(self.follow_cursor)
        self.repaint_signs()
        self.follow_cursor()

    def _make(
        self,
        name: str,
        keys: str,
        sign: str,
        act: Callable[[], None] | None,
        *,
        checkable: bool = False,
        also: str = "",
    ) -> QAction:
        action = QAction(name, self)
        action.setCheckable(checkable)
        if keys:
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shown = " or ".join(
            QKeySequence(k).toString(QKeySequence.SequenceFormat.NativeText) for k in (also, keys) if k
        )
        action.setToolTip(f"{name} ({shown})" if shown else name)
        action.setStatusTip("")
        if act is not None:
            action.triggered.connect(lambda: act())
        self._signs[action] = sign
        return action

    def all(self) -> Iterator[QAction]:
        """Every action, in the order of the toolbar."""
        yield from self._signs

    def repaint_signs(self) -> None:
        """Take the icons anew, in the colours of the palette as it is now."""
        for action, sign in self._signs.items():
            if sign:
                action.setIcon(icons.icon(sign))

    def follow_cursor(self, *_: object) -> None:
        """Check and enable the actions as the words at the cursor ask."""
        area, cursor = self._area, self._area.textCursor()
        writable = not area.isReadOnly()
        in_table = table_at(cursor) is not None
        path = commands.path_at(cursor)
        is_item = bool(path) and not in_table
        self.bold.setChecked(area.fontWeight() >= QFont.Weight.DemiBold)
        self.italic.setChecked(area.fontItalic())
        self.heading.setChecked(not in_table and commands.is_heading(cursor))
        self.bullets.setChecked(is_item and not path[-1].numbered)
        self.numbers.setChecked(is_item and path[-1].numbered)
        self._enable(writable=writable, in_table=in_table, in_list=bool(path))

    def _enable(self, *, writable: bool, in_table: bool, in_list: bool) -> None:
        for action in self._signs:
            action.setEnabled(writable)
        for action in (self.heading, self.bullets, self.numbers, self.table):
            action.setEnabled(writable and not in_table)
        for action in (self.indent, self.outdent):
            action.setEnabled(writable and in_list)
        for action in self.of_tables:
            action.setEnabled(writable and in_table)
        self.full_screen.setEnabled(True)

    # -------------------------------------------------------------------------- acting

    def _cursor_command(self, command: Callable[[QTextCursor], object]) -> Callable[[], None]:
        def act() -> None:
            cursor = self._area.textCursor()
            command(cursor)
            self._area.setTextCursor(cursor)
            self._area.ensureCursorVisible()
            self.follow_cursor()

        return act

    def _toggle_bold(self) -> None:
        style = QTextCharFormat()
        heavy = self._area.fontWeight() >= QFont.Weight.DemiBold
        style.setFontWeight(QFont.Weight.Normal if heavy else QFont.Weight.Bold)
        self._area.mergeCurrentCharFormat(style)
        self.follow_cursor()

    def _toggle_italic(self) -> None:
        style = QTextCharFormat()
        style.setFontItalic(not self._area.fontItalic())
        self._area.mergeCurrentCharFormat(style)
        self.follow_cursor()

    def _toggle_heading(self) -> None:
        cursor = self._area.textCursor()
        style = QTextCharFormat()
        bold = commands.toggle_heading(cursor)
        style.setFontWeight(QFont.Weight.Bold if bold else QFont.Weight.Normal)
        if not cursor.hasSelection():
            self._area.mergeCurrentCharFormat(style)
        self.follow_cursor()

    def _toggle_bullets(self) -> None:
        self._cursor_command(lambda cursor: commands.toggle_list(cursor, None))()

    def _toggle_numbers(self) -> None:
        self._cursor_command(lambda cursor: commands.toggle_list(cursor, 1))()

    def _indent(self) -> None:
        self._cursor_command(lambda cursor: commands.move(cursor, outline.indent))()

    def _outdent(self) -> None:
        self._cursor_command(lambda cursor: commands.move(cursor, outline.outdent))()

    def _paste_plain(self) -> None:
        self._area.paste_blocks(QApplication.clipboard().mimeData(), plain=True)
