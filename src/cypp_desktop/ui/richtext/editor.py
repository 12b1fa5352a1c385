"""The rich text editor that panels embed: a text goes in as Markdown and comes out as Markdown.

A text that nobody changed comes out as the very string that went in.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAction, QPalette, QTextCursor
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QSizePolicy,
    QToolBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from cypp_desktop.plan.blocks import Block, parse, render
from cypp_desktop.plan.links import is_openable
from cypp_desktop.ui.richtext import commands
from cypp_desktop.ui.richtext.actions import TextActions
from cypp_desktop.ui.richtext.area import TextArea
from cypp_desktop.ui.richtext.document import blocks_to_document, document_to_blocks, table_at
from cypp_desktop.ui.richtext.fullscreen import FullScreen
from cypp_desktop.ui.richtext.linkbar import LinkBar

_KEYS_HELP = (
    "Tab and Shift+Tab change the level of a list item and move between the cells of a table; "
    "elsewhere they leave the text. Ctrl+Tab, Ctrl+Shift+Tab and Esc leave it from anywhere."
)


class RichTextEdit(QWidget):
    """A text with its toolbar and word count.

    A *sitting* lasts from the text's arrival, or from when the focus came, until the focus goes
    elsewhere in the window. Ctrl+Z undoes typing of this sitting while there is any; after that the
    key goes on to the window.
    """

    #: The person changed something. The owner waits for a pause before it saves.
    edited = Signal()
    #: The focus went out of the editor, its toolbar and its link bar.
    focus_left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._given = ""
        self._given_blocks: tuple[Block, ...] = ()
        self._loading = False
        self._moving = False
        self._full_screen: FullScreen | None = None
        self._name = ""
        self._page = QWidget(self)
        self.area = TextArea(self._page)
        self.actions_of_text = TextActions(self.area)
        self._bar = self._make_bar()
        self._link_bar = LinkBar(self._page)
        self._count = QLabel("0 words")
        self._lay_out()
        self._connect()
        self.set_accessible_name("Text")

    # -------------------------------------------------------------------------- the text

    def set_markdown(self, text: str | None) -> None:
        """Show another text. The cursor goes to its beginning and a new sitting begins."""
        self._given = text or ""
        self._given_blocks = parse(text)
        self._loading = True
        try:
            blocks_to_document(self._given_blocks, self.area.document())
            self.area.moveCursor(QTextCursor.MoveOperation.Start)
        finally:
            self._loading = False
        self._link_bar.hide()
        self._after_change()

    def refresh_markdown(self, text: str | None) -> None:
        """Show the same text as stored now. Where nothing differs, cursor and sitting stay."""
        if parse(text) == self.blocks():
            self._given = text or ""
            self._given_blocks = parse(text)
            return
        position = self.area.textCursor().position()
        self.set_markdown(text)
        cursor = self.area.textCursor()
        cursor.setPosition(min(position, self.area.document().characterCount() - 1))
        self.area.setTextCursor(cursor)

    def markdown(self) -> str:
        """The text as Markdown; unchanged, to the letter, unless its blocks were changed."""
        blocks = self.blocks()
        return self._given if blocks == self._given_blocks else render(blocks)

    def blocks(self) -> tuple[Block, ...]:
        """The text as blocks, in normal form."""
        return document_to_blocks(self.area.document())

    def is_changed(self) -> bool:
        """Whether the text differs from the one that was set."""
        return self.blocks() != self._given_blocks

    def word_count(self) -> int:
        """How many words the text has, as a person would count."""
        return len(self.area.document().toPlainText().split())

    def end_sitting(self) -> None:
        """Forget what Ctrl+Z would undo here; from now on it is the plan's own undo."""
        self.area.document().clearUndoRedoStacks()

    # -------------------------------------------------------------------------- how it is used

    def set_read_only(self, read_only: bool) -> None:
        """Only to be read: no toolbar, and no key changes anything; words can be selected."""
        self.area.setReadOnly(read_only)
        if read_only:
            self.area.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
            self._link_bar.hide()
        self._bar.setVisible(not read_only)
        self.actions_of_text.follow_cursor()

    def is_read_only(self) -> bool:
        return self.area.isReadOnly()

    def set_placeholder(self, words: str) -> None:
        """Quiet words that stand in an empty text."""
        self.area.setPlaceholderText(words)

    def set_accessible_name(self, name: str) -> None:
        """The name by which a screen reader says the text, and the title of the full-screen window."""
        self._name = name
        self.area.setAccessibleName(name)
        self.area.setAccessibleDescription(_KEYS_HELP)
        self._bar.setAccessibleName(f"{name}: formatting")

    def set_full_screen(self, on: bool) -> None:
        """Give the text the whole screen, or take it back into the panel."""
        if on == (self._full_screen is not None):
            return
        self._moving = True
        if on:
            self._full_screen = FullScreen(self._page, self._name, self)
            self._full_screen.left.connect(self._leave_full_screen)
            self.area.setFrameShape(QFrame.Shape.NoFrame)
            self._full_screen.showFullScreen()
        elif self._full_screen is not None:
            window, self._full_screen = self._full_screen, None
            self.layout().addWidget(self._page)  # type: ignore[union-attr]
            self._page.show()
            self.area.setFrameShape(QFrame.Shape.StyledPanel)
            window.hide()
            window.deleteLater()
            self.window().activateWindow()
        self.area.setFocus()
        self._moving = False
        self.actions_of_text.full_screen.setChecked(on)

    def is_full_screen(self) -> bool:
        return self._full_screen is not None

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(metrics.averageCharWidth() * 60, metrics.lineSpacing() * 12)

    def minimumSizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(metrics.averageCharWidth() * 24, metrics.lineSpacing() * 5)

    # -------------------------------------------------------------------------- put together

    def _make_bar(self) -> QToolBar:
        actions = self.actions_of_text
        bar = QToolBar(self._page)
        groups: tuple[tuple[QAction, ...], ...] = (
            (actions.bold, actions.italic, actions.heading),
            (actions.bullets, actions.numbers, actions.indent, actions.outdent),
            (actions.table, actions.link),
            (actions.full_screen,),
        )
        for at, group in enumerate(groups):
            if at:
                bar.addSeparator()
            bar.addActions(list(group))
        menu = QMenu("Table", bar)
        menu.addActions([actions.table, *actions.of_tables])
        for group in groups:
            for action in group:
                button = bar.widgetForAction(action)
                button.setAccessibleName(action.text())
                button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # every button has its keys
                if action is actions.table and isinstance(button, QToolButton):
                    button.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
                    button.setMenu(menu)
        more = bar.findChild(QToolButton, "qt_toolbar_ext_button")
        if more is not None:
            more.setAccessibleName("More formatting")
            more.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        bar.setMovable(False)
        return bar

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(0, 0, 0, 0)
        self._bar.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        top.addWidget(self._bar, 1)
        top.addWidget(self._count)
        self._count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._count.setMargin(self.fontMetrics().height() // 4)
        self._count.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        column = QVBoxLayout(self._page)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(top)
        column.addWidget(self._link_bar)
        column.addWidget(self.area, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._page)
        self.setFocusProxy(self.area)
        self._measure()

    def _connect(self) -> None:
        actions = self.actions_of_text
        self._page.addActions(list(actions.all()))
        self.area.own_actions = list(actions.all())
        self.area.textChanged.connect(self._text_changed)
        self.area.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.area.customContextMenuRequested.connect(self._show_menu)
        actions.link.triggered.connect(self._ask_link)
        actions.full_screen.triggered.connect(self.set_full_screen)
        self._link_bar.chosen.connect(self._set_link)
        self._link_bar.left.connect(self._close_link_bar)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._focus_moved)

    def _measure(self) -> None:
        side = round(self.fontMetrics().height() * 1.1)
        self._bar.setIconSize(QSize(side, side))
        self.area.setMinimumHeight(self.fontMetrics().lineSpacing() * 4)
        self.updateGeometry()

    # -------------------------------------------------------------------------- what happens

    def _text_changed(self) -> None:
        if self._loading or self.area.redressing:
            return
        self._after_change()
        self.edited.emit()

    def _after_change(self) -> None:
        words = self.word_count()
        self._count.setText("1 word" if words == 1 else f"{words:,} words")

    def _focus_moved(self, old: QWidget | None, new: QWidget | None) -> None:
        if self._moving or old is None or not self._page.isAncestorOf(old):
            return
        if new is not None and self._page.isAncestorOf(new):
            return
        self.focus_left.emit()
        if new is not None:  # another window's turn is not the end of the sitting
            self.end_sitting()

    def _leave_full_screen(self) -> None:
        self.set_full_screen(False)

    def _ask_link(self) -> None:
        self._link_bar.ask(commands.link_around(self.area.textCursor())[2])

    def _set_link(self, address: str) -> None:
        cursor = self.area.textCursor()
        commands.set_link(cursor, address)
        self._close_link_bar()

    def _close_link_bar(self) -> None:
        self.area.setFocus(Qt.FocusReason.OtherFocusReason)
        self._link_bar.hide()

    def _show_menu(self, place: QPoint) -> None:
        menu = self.menu_at(place)
        with commands.no_orphans(self.area.textCursor()):
            menu.exec(self.area.viewport().mapToGlobal(place))
        menu.deleteLater()

    def menu_at(self, place: QPoint) -> QMenu:
        """The menu for a place of the writing surface: Qt's own entries and those of the text there."""
        self.area.end_typing()
        menu = self.area.createStandardContextMenu(place)
        actions = self.actions_of_text
        if not self.is_read_only():
            menu.addAction(actions.paste_plain)
            menu.addSeparator()
            menu.addActions([actions.link, actions.table])
            if table_at(self.area.textCursor()):
                menu.addActions(list(actions.of_tables))
        address = self.area.anchorAt(place)
        if is_openable(address):
            menu.addSeparator()
            opening = menu.addAction("Open link")
            opening.triggered.connect(lambda: self.area.open_link(address))
        return menu

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.actions_of_text.repaint_signs()
        elif event.type() == QEvent.Type.FontChange:
            self._measure()
