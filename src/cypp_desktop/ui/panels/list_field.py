"""A field that holds a list of texts: add, remove, reorder, and edit in place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QWidget,
)

from cypp_desktop.plan.blocks import parse, plain_text
from cypp_desktop.plan.words import cut
from cypp_desktop.ui.cell_editing import CellEditDelegate
from cypp_desktop.ui.panels.buttons import sign_button
from cypp_desktop.ui.panels.context import PanelContext
from cypp_desktop.ui.panels.inputs import GrowingText
from cypp_desktop.ui.panels.panel_field import PanelField
from cypp_desktop.ui.panels.texts import FittingText

AnyIndex = QModelIndex | QPersistentModelIndex
_WORDS: Final = Qt.ItemDataRole.UserRole


class _EntryDelegate(CellEditDelegate):
    """Edits an entry where it stands, with room for its words to wrap."""

    role = _WORDS

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: AnyIndex) -> QWidget:
        text = GrowingText(parent, most_lines=6)
        text.setAccessibleName("Entry")
        text.entered.connect(lambda: self._done(text))
        return self.follow(text, index)

    def _done(self, text: GrowingText) -> None:
        self.commitData.emit(text)
        self.closeEditor.emit(text, QStyledItemDelegate.EndEditHint.NoHint)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Qt's own filter would take Enter as the end and Tab as the next entry
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key()
            in (
                Qt.Key.Key_Return,
                Qt.Key.Key_Enter,
            )
        ):
            return False
        return super().eventFilter(watched, event)

    def fill(self, editor: QWidget, index: AnyIndex) -> None:
        super().fill(editor, index)
        assert isinstance(editor, GrowingText)
        editor.selectAll()

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        editor.move(option.rect.topLeft())
        editor.setFixedWidth(option.rect.width())


class _Entries(QListWidget):
    """The entries, as high as they need to be."""

    def __init__(self) -> None:
        super().__init__()
        self.setWordWrap(True)
        self.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setTabKeyNavigation(False)

    def sizeHint(self) -> QSize:
        line = self.fontMetrics().lineSpacing()
        needed = sum(self.sizeHintForRow(at) for at in range(self.count())) + 2 * self.frameWidth() + 4
        return QSize(line * 12, max(2 * line, min(needed, 12 * line)))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.fontMetrics().averageCharWidth() * 16, self.sizeHint().height())


class ListField(PanelField):
    """A list of texts. ``markdown`` entries are edited in the rich editor beneath the list."""

    def __init__(
        self,
        context: PanelContext,
        name: str,
        label: str | None = None,
        *,
        entry: str,
        markdown: bool = False,
        hint: str = "",
    ) -> None:
        """``entry`` is what one of the list is called: "outcome sought"."""
        super().__init__(context, name, label, hint=hint)
        self.entry = entry
        self.markdown = markdown
        self.input = _Entries()
        self._locked = False
        self._showing = False
        self.take(self.input)
        self.input.installEventFilter(self)
        self._in_place = _EntryDelegate(self.input, context.autosave)
        self.input.setItemDelegate(self._in_place)
        self.input.itemChanged.connect(self._entry_changed)
        self.input.currentRowChanged.connect(self._current_changed)
        self.text: FittingText | None = self._make_text() if markdown else None
        self._buttons = self._make_buttons()
        triggers = QAbstractItemView.EditTrigger
        wanted = triggers.NoEditTriggers if markdown else triggers.DoubleClicked | triggers.EditKeyPressed
        self._triggers = wanted
        self._current_changed(-1)

    def _make_text(self) -> FittingText:
        text = FittingText(2, 12)
        text.set_accessible_name(f"{self.words}: {self.entry}")
        text.edited.connect(self._text_edited)
        text.focus_left.connect(self.left)
        self.box.insertWidget(self.box.indexOf(self.input) + 1, text)
        text.hide()
        return text

    def _make_buttons(self) -> dict[str, QToolButton]:
        row = QHBoxLayout()
        row.setSpacing(2)
        made: dict[str, QToolButton] = {}
        signs: tuple[tuple[str, str, str, Callable[[], object]], ...] = (
            ("add", "plus", f"Add {self.entry}", self.add_entry),
            ("remove", "trash-2", f"Remove {self.entry}", self.remove_entry),
            ("up", "arrow-up", f"Move {self.entry} up", lambda: self.move_entry(-1)),
            ("down", "arrow-down", f"Move {self.entry} down", lambda: self.move_entry(1)),
        )
        for key, sign, words, run in signs:
            made[key] = sign_button(sign, words, run)
            row.addWidget(made[key])
        row.addStretch(1)
        self.box.insertLayout(self.box.indexOf(self.input) + 1, row)
        return made

    # ------------------------------------------------------------------ the field

    def value(self) -> list[str]:
        found = [self._words(at) for at in range(self.input.count())]
        return [words for words in found if words.strip()]

    def show_value(self, value: list[str]) -> None:
        with self._quietly():
            at = self.input.currentRow()
            self.input.clear()
            for words in value:
                self._append(words)
            self.input.setCurrentRow(min(at, len(value) - 1))
        self._current_changed(self.input.currentRow())
        self.input.updateGeometry()

    def lock(self, locked: bool) -> None:
        self._locked = locked
        none = QAbstractItemView.EditTrigger.NoEditTriggers
        self.input.setEditTriggers(none if locked else self._triggers)
        if self.text is not None:
            self.text.set_read_only(locked)
        self._enable_buttons()

    def flush(self) -> None:
        self._in_place.keep_typing()
        super().flush()

    # ------------------------------------------------------------------ what the person does

    def add_entry(self) -> None:
        """Add an empty entry at the end, or after the current one, and go to it. Empty ones are not kept."""
        at = self.input.currentRow() + 1 or self.input.count()
        with self._quietly():
            self.input.insertItem(at, self._item(""))
            self.input.setCurrentRow(at)
        self.input.updateGeometry()
        self._current_changed(at)
        if self.text is not None:
            self.text.setFocus()
        else:
            self.input.editItem(self.input.item(at))

    def remove_entry(self) -> None:
        """Remove the current entry."""
        at = self.input.currentRow()
        if at < 0:
            return
        with self._quietly():
            self.input.takeItem(at)
            self.input.setCurrentRow(min(at, self.input.count() - 1))
        self.input.updateGeometry()
        self._current_changed(self.input.currentRow())
        self.chosen()

    def move_entry(self, step: int) -> None:
        """Move the current entry up (-1) or down (1)."""
        at = self.input.currentRow()
        to = at + step
        if at < 0 or not 0 <= to < self.input.count():
            return
        with self._quietly():
            item = self.input.takeItem(at)
            self.input.insertItem(to, item)
            self.input.setCurrentRow(to)
        self._current_changed(to)
        self.chosen()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is not self.input or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        if event.type() != QEvent.Type.KeyPress or self._locked:
            return False
        return self._key_pressed(event)

    def _key_pressed(self, event: QKeyEvent) -> bool:
        """Do what a key stands for; whether it stands for anything."""
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        match event.key():
            case Qt.Key.Key_Up if alt:
                self.move_entry(-1)
            case Qt.Key.Key_Down if alt:
                self.move_entry(1)
            case Qt.Key.Key_Delete:
                self.remove_entry()
            case Qt.Key.Key_Insert:
                self.add_entry()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if self.input.currentItem():
                self._edit_current()
            case _:
                return False
        return True

    def _edit_current(self) -> None:
        if self.text is not None:
            self.text.setFocus()
        else:
            self.input.editItem(self.input.currentItem())

    # ------------------------------------------------------------------ inside

    def _words(self, at: int) -> str:
        words: str = self.input.item(at).data(_WORDS)
        return words

    def _item(self, words: str) -> QListWidgetItem:
        item = QListWidgetItem()
        item.setData(_WORDS, words)
        item.setText(self._shown(words))
        if not self.markdown:
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
        return item

    def _append(self, words: str) -> None:
        self.input.addItem(self._item(words))

    def _shown(self, words: str) -> str:
        if not words:
            return f"(new {self.entry})"
        return cut(plain_text(parse(words)), 160) if self.markdown else words

    def _entry_changed(self, item: QListWidgetItem) -> None:
        if self._showing:
            return
        with self._quietly():
            item.setText(self._shown(item.data(_WORDS)))
        self.input.updateGeometry()
        self.chosen()

    def _text_edited(self) -> None:
        item = self.input.currentItem()
        if item is None or self.text is None:
            return
        words = self.text.markdown()
        with self._quietly():
            item.setData(_WORDS, words)
            item.setText(self._shown(words))
        self.typed()

    def _current_changed(self, at: int) -> None:
        if self._showing:
            return
        if self.text is not None:
            self.text.setVisible(at >= 0)
            words = self._words(at) if at >= 0 else ""
            if self.text.markdown() != words:
                self.text.set_markdown(words)
        self._enable_buttons()

    def _enable_buttons(self) -> None:
        if not hasattr(self, "_buttons"):
            return
        at, count, free = self.input.currentRow(), self.input.count(), not self._locked
        for key, sense in (("add", True), ("remove", at >= 0), ("up", at > 0), ("down", 0 <= at < count - 1)):
            self._buttons[key].setEnabled(free and sense)

    @contextmanager
    def _quietly(self) -> Iterator[None]:
        """Changes to the list that are not a person's typing in it."""
        before, self._showing = self._showing, True
        try:
            yield
        finally:
            self._showing = before

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "input"):
            self.input.doItemsLayout()
            self.input.updateGeometry()
