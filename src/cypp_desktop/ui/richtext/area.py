"""The writing surface: keys, painting of bullets and numbers, and the clipboard.

A QTextEdit whose document holds lines with paths. It knows nothing of toolbars or of plans.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMimeData, QPointF, QRectF, Qt, QUrl, Signal
from PySide6.QtGui import (
    QAction,
    QDesktopServices,
    QFontMetricsF,
    QGuiApplication,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QApplication, QTextEdit, QWidget

from cypp_desktop.plan.links import is_openable
from cypp_desktop.ui.richtext import clipboard, commands, outline
from cypp_desktop.ui.richtext.document import blocks_to_document, placed_lines, redress, table_at
from cypp_desktop.ui.typing_steps import TypingSteps, is_letter

if TYPE_CHECKING:
    from cypp_desktop.ui.richtext.outline import ListMark

Key = Qt.Key
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_CONTROL = Qt.KeyboardModifier.ControlModifier
_META = Qt.KeyboardModifier.MetaModifier  # the Ctrl key of a Mac
_KEYPAD = Qt.KeyboardModifier.KeypadModifier
_NONE = Qt.KeyboardModifier.NoModifier
_TABS = (Key.Key_Tab, Key.Key_Backtab)


class _LinkPaint(QSyntaxHighlighter):
    """Links in the palette's colour, without putting a colour into the document."""

    def __init__(self, document: QTextDocument, palette: QPalette) -> None:
        super().__init__(document)
        self._style = QTextCharFormat()
        self.recolour(palette)

    def recolour(self, palette: QPalette) -> None:
        self._style.setForeground(palette.color(QPalette.ColorRole.Link))
        self._style.setFontUnderline(True)
        self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        block = self.currentBlock()
        at = block.begin()
        while not at.atEnd():
            fragment = at.fragment()
            if fragment.charFormat().isAnchor():
                self.setFormat(fragment.position() - block.position(), fragment.length(), self._style)
            at += 1


class TextArea(QTextEdit):
    """Where the words are written."""

    focus_left = Signal(Qt.FocusReason)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAutoFormatting(QTextEdit.AutoFormattingFlag.AutoNone)
        self.setTabChangesFocus(True)
        self.document().setDefaultFont(self.font())
        blocks_to_document((), self.document())
        self._links = _LinkPaint(self.document(), self.palette())
        self._steps = TypingSteps(self)
        #: The looks of the words are being changed, not the words.
        self.redressing = False
        #: What has keys of its own here; they come before Qt's and before those of the window.
        self.own_actions: list[QAction] = []

    # -------------------------------------------------------------------------- keys

    def event(self, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent):
            return super().event(event)
        if event.type() == QEvent.Type.ShortcutOverride:
            if event.key() in (*_TABS, Key.Key_Escape) or self._own_action(event) is not None:
                event.accept()  # no shortcut of the window comes before these
                return True
            if self._is_undo_for_the_window(event):
                event.ignore()
                return False
        elif event.type() == QEvent.Type.KeyPress and event.key() in _TABS:
            self._tab(event)  # Qt would move the focus before it asked for the meaning of the key
            return True
        return super().event(event)

    def _is_undo_for_the_window(self, event: QKeyEvent) -> bool:
        """Whether the key is Undo or Redo and there is nothing to undo or redo here."""
        document = self.document()
        if event.matches(QKeySequence.StandardKey.Undo):
            return self.isReadOnly() or not document.isUndoAvailable()
        if event.matches(QKeySequence.StandardKey.Redo):
            return self.isReadOnly() or not document.isRedoAvailable()
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Key.Key_Escape and event.modifiers() == _NONE:
            self._escape()
        elif action := self._own_action(event):
            action.trigger()
        elif self._is_undo_for_the_window(event):
            event.ignore()
        elif self.isReadOnly():
            super().keyPressEvent(event)
        elif not self._own_key(event):
            self._type(event)

    def _own_action(self, event: QKeyEvent) -> QAction | None:
        """The action that a key stands for, if it can be done now."""
        pressed = QKeySequence(event.keyCombination())
        for action in self.own_actions:
            if action.isEnabled() and pressed in action.shortcuts():
                return action
        return None

    def _own_key(self, event: QKeyEvent) -> bool:
        """Act on a key that means something else here than in Qt; whether it was one."""
        key = event.key()
        cursor = self.textCursor()
        if event.modifiers() & ~(_SHIFT | _KEYPAD) != _NONE:
            return False
        if key in (Key.Key_Return, Key.Key_Enter):
            self._enter(cursor, line_break=bool(event.modifiers() & _SHIFT))
        elif key != Key.Key_Backspace or not commands.out_of_item(cursor):
            return False
        self.setTextCursor(cursor)
        self.ensureCursorVisible()
        event.accept()
        return True

    def _tab(self, event: QKeyEvent) -> None:
        """Tab works in lists and tables and never leaves them; elsewhere, and with Ctrl, it goes on."""
        back = event.key() == Key.Key_Backtab or bool(event.modifiers() & _SHIFT)
        held = event.modifiers() & ~(_SHIFT | _KEYPAD)
        if held not in (_NONE, _CONTROL, _META):
            event.ignore()  # a key of the desktop
            return
        QGuiApplication.inputMethod().commit()  # a word half composed is written where it stands
        if held == _NONE and not self.isReadOnly() and self._tab_inside(back):
            return
        if not self.focusNextPrevChild(not back) and held != _NONE:
            self._escape()

    def _tab_inside(self, back: bool) -> bool:
        """What Tab does in a table or list; False where it has nothing to do."""
        cursor = self.textCursor()
        if table := table_at(cursor):
            commands.to_cell(cursor, table, -1 if back else 1)
        elif commands.touches_list(cursor):
            commands.move(cursor, outline.outdent if back else outline.indent)
        else:
            return False
        self.setTextCursor(cursor)
        self.ensureCursorVisible()
        return True

    def _escape(self) -> None:
        """Leave for where what is around the text leads (a list, a row); where nothing does, go on as Tab."""
        QGuiApplication.inputMethod().commit()
        window, around = self.window(), self.parentWidget()
        if around is not None:
            QApplication.sendEvent(around, QKeyEvent(QEvent.Type.KeyPress, Key.Key_Escape, _NONE))
        if self.hasFocus() and self.window() is window:
            self.focusNextPrevChild(True)

    def _enter(self, cursor: QTextCursor, *, line_break: bool) -> None:
        if table := table_at(cursor):
            commands.below_cell(cursor, table)
        elif line_break:
            cursor.insertText("\u2028")
        else:
            with commands.no_orphans(cursor):
                commands.new_line(cursor)

    def _type(self, event: QKeyEvent) -> None:
        """A key that Qt knows best: letters, moving, deleting."""
        if is_letter(event):
            self._style_typing()
        cursor = self.textCursor()
        deletes = event.key() in (Key.Key_Backspace, Key.Key_Delete)
        with self._steps.key(event):
            if deletes or cursor.hasSelection():
                with commands.no_orphans(cursor):
                    super().keyPressEvent(event)
            else:
                super().keyPressEvent(event)
        if event.text() == " ":
            cursor = self.textCursor()
            if commands.list_from_marker(cursor):
                self.setTextCursor(cursor)

    def end_typing(self) -> None:
        """What comes next is undone by itself, also if Qt puts it in as it does letters."""
        self._steps.end()

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        if not self.isReadOnly():
            self._style_typing()
        with self._steps.typing():
            super().inputMethodEvent(event)

    def _style_typing(self) -> None:
        style = commands.style_to_type(self.textCursor())
        if style is not None:
            self.setCurrentCharFormat(style)

    def focusOutEvent(self, event: QEvent) -> None:
        super().focusOutEvent(event)  # type: ignore[arg-type]
        self.focus_left.emit(event.reason())  # type: ignore[attr-defined]

    # -------------------------------------------------------------------------- links

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        follow = event.modifiers() & _CONTROL or self.isReadOnly()
        if follow and event.button() == Qt.MouseButton.LeftButton and not self.textCursor().hasSelection():
            self.open_link(self.anchorAt(event.position().toPoint()))

    @staticmethod
    def open_link(address: str) -> bool:
        """Open a web or mail address with the person's own programs; other addresses are not opened."""
        return is_openable(address) and QDesktopServices.openUrl(QUrl(address))

    # -------------------------------------------------------------------------- clipboard

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return clipboard.is_text(source)

    def insertFromMimeData(self, source: QMimeData) -> None:
        self.paste_blocks(source, plain=False)

    def paste_blocks(self, source: QMimeData, *, plain: bool) -> None:
        """Put in what another program or editor copied; ``plain`` takes its words only."""
        if self.isReadOnly():
            return
        cursor = self.textCursor()
        with commands.no_orphans(cursor):
            clipboard.put(cursor, clipboard.blocks_from_mime(source, plain=plain))
        self.setTextCursor(cursor)
        self.ensureCursorVisible()

    def createMimeDataFromSelection(self) -> QMimeData:
        return clipboard.mime_from_blocks(clipboard.selected_blocks(self.textCursor()))

    # -------------------------------------------------------------------------- looks

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        self.redressing = True
        if event.type() == QEvent.Type.FontChange:
            self.document().setDefaultFont(self.font())
            redress(self.document())
        elif event.type() == QEvent.Type.PaletteChange:
            self._links.recolour(self.palette())
        self.redressing = False

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self.palette().color(QPalette.ColorRole.Text))
        lines = placed_lines(self.document())
        for placed, beside in zip(lines, outline.marks(p.path for p in lines), strict=True):
            if not beside:
                continue
            row = self.cursorRect(QTextCursor(placed.block))
            if row.bottom() < event.rect().top():
                continue
            if row.top() > event.rect().bottom():
                break
            for mark in beside:
                self._paint_mark(painter, mark, QRectF(row))
        painter.end()

    def _paint_mark(self, painter: QPainter, mark: ListMark, row: QRectF) -> None:
        """A bullet or number in the gutter of its level, on the line of the first words."""
        metrics = QFontMetricsF(self.document().defaultFont())
        width = self.document().indentWidth()
        left = self.document().documentMargin() + mark.depth * width - self.horizontalScrollBar().value()
        gap = metrics.horizontalAdvance(" ") * 1.2
        if mark.number is not None:
            words = f"{mark.number}."
            right = left + width - gap
            baseline = row.top() + metrics.ascent()
            painter.drawText(QPointF(right - metrics.horizontalAdvance(words), baseline), words)
            return
        size = metrics.xHeight() * (0.62 if mark.depth % 3 != 2 else 0.5)
        centre = QPointF(left + width - gap - size, row.top() + metrics.ascent() - metrics.xHeight() * 0.5)
        box = QRectF(centre.x() - size / 2, centre.y() - size / 2, size, size)
        colour = self.palette().color(QPalette.ColorRole.Text)
        painter.save()
        if mark.depth % 3 == 0:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawEllipse(box)
        elif mark.depth % 3 == 1:
            painter.setPen(QPen(colour, max(1.0, size / 6)))
            painter.drawEllipse(box)
        else:
            painter.fillRect(box, colour)
        painter.restore()
