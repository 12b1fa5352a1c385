"""Words looked for on the pages: every place is marked, and one goes from one to the next."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtPdf import QPdfDocument, QPdfSearchModel
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from cypp_desktop.ui.panels.buttons import sign_button
from cypp_desktop.ui.panels.inputs import LineInput
from cypp_desktop.ui.printing.preview import PagePreview


class SearchBar(QWidget):
    """A line for words, and how many places were found. Enter and F3 go on, with Shift back."""

    def __init__(self, preview: PagePreview) -> None:
        super().__init__()
        self._preview = preview
        self._at = -1
        self._wants_first = False
        self.model = QPdfSearchModel(self)
        self.model.countChanged.connect(self._found)
        preview.set_found(self.model)
        preview.installEventFilter(self)
        self.words = LineInput()
        self.words.setAccessibleName("Find on the pages")
        self.words.setPlaceholderText("Find on the pages")
        self.words.setClearButtonEnabled(True)
        self.words.textChanged.connect(self._look)
        self.words.installEventFilter(self)
        self.count = QLabel()
        self.back = sign_button("arrow-up", "The place before", self.previous)
        self.on = sign_button("arrow-down", "The next place", self.next)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for widget in (self.words, self.count, self.back, self.on):
            row.addWidget(widget)
        self._say()

    def show_document(self, document: QPdfDocument) -> None:
        """Look in another document, for the same words."""
        self._at = -1
        self._preview.show_found(-1)
        self.model.setDocument(document)
        self._say()

    def next(self) -> None:
        """Go to the next place, after the last one to the first."""
        self._go(1)

    def previous(self) -> None:
        """Go to the place before."""
        self._go(-1)

    @property
    def found(self) -> int:
        """How many places there are, as far as is known."""
        return self.model.rowCount(self.model.index(-1, -1))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent):
            return False
        in_words = watched is self.words
        if event.type() == QEvent.Type.ShortcutOverride and self._is_own_shortcut(event, in_words):
            event.accept()  # here they are about the paper, elsewhere about the plan
            return True
        return event.type() == QEvent.Type.KeyPress and self._key_pressed(event, in_words)

    def _is_own_shortcut(self, event: QKeyEvent, in_words: bool) -> bool:
        """Whether a key that is a shortcut elsewhere is meant for the search."""
        return event.key() == Qt.Key.Key_F3 or self._clears(event, in_words)

    def _clears(self, event: QKeyEvent, in_words: bool) -> bool:
        return in_words and event.key() == Qt.Key.Key_Escape and bool(self.words.text())

    def _key_pressed(self, event: QKeyEvent, in_words: bool) -> bool:
        """Whether a key does something here."""
        is_enter = in_words and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter or event.key() == Qt.Key.Key_F3:
            goes_back = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self._go(-1 if goes_back else 1)
            return True
        if self._clears(event, in_words):
            self.words.clear()
            return True
        return False

    def _look(self, words: str) -> None:
        self._at = -1
        self._wants_first = bool(words.strip())
        self._preview.show_found(-1)
        self.model.setSearchString(words.strip())
        self._say()

    def _found(self) -> None:
        if self._wants_first and self.found:
            self._wants_first = False
            self._go(1)
        self._say()

    def _go(self, by: int) -> None:
        found = self.found
        if not found:
            return
        self._at = (self._at + by) % found if self._at >= 0 or by > 0 else found - 1
        self._preview.show_found(self._at)
        self._say()

    def _say(self) -> None:
        found, looked_for = self.found, bool(self.words.text().strip())
        words = f"{self._at + 1} of {found}" if found else "Not found"
        self.count.setText(words if looked_for else "")
        for button in (self.back, self.on):
            button.setEnabled(looked_for and found > 0)
