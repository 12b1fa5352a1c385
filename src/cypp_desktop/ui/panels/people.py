"""The people of a lead: each a chip that can be moved and taken away, and a line to add one more."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from cypp_desktop.ui.panels.buttons import sign_button
from cypp_desktop.ui.panels.flow_layout import FlowLayout
from cypp_desktop.ui.panels.inputs import CompletingLine


class Chip(QFrame):
    """One person, with a button to take them away. Alt+Left and Alt+Right move the chip."""

    removed = Signal(object)
    moved = Signal(object, int)
    opened = Signal(str)

    def __init__(self, words: str, person_id: str | None) -> None:
        """``person_id`` is None for somebody the plan does not know yet."""
        super().__init__()
        self.words, self.person_id = words, person_id
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 0, 0, 0)
        row.setSpacing(0)
        if person_id is None:
            row.addWidget(QLabel(words))
        else:
            name = QToolButton()
            name.setText(words.replace("&", "&&"))
            name.setAutoRaise(True)
            name.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            name.setToolTip(f"Go to {words}")
            name.setAccessibleName(f"Go to {words}")
            name.clicked.connect(self._open)
            name.installEventFilter(self)
            row.addWidget(name)
        self.remove_button = sign_button("x", f"Remove {words}", self._remove)
        self.remove_button.installEventFilter(self)
        row.addWidget(self.remove_button)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event.modifiers() & Qt.KeyboardModifier.AltModifier and event.key() in steps:
            self.moved.emit(self, steps[Qt.Key(event.key())])
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._remove()
        else:
            return False
        return True

    def _remove(self) -> None:
        if self.remove_button.isEnabled():
            self.removed.emit(self)

    def _open(self) -> None:
        self.opened.emit(self.person_id)


class PeopleInput(QWidget):
    """People in order. ``changed`` is emitted when the person has changed whom it names."""

    changed = Signal()
    opened = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.chips: list[Chip] = []
        self._flow = FlowLayout(self, spacing=4)
        self.line = CompletingLine()
        self.line.setPlaceholderText("Add a person or post")
        self.line.setAccessibleName(f"{name}: add a person or post")
        self.line.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.line.returnPressed.connect(self.take_line)
        self.line.focus_left.connect(self.take_line)
        self.line.textEdited.connect(self._parted)
        self.line.suggestions.activated.connect(self._picked)
        self._flow.addWidget(self.line)
        self.setFocusProxy(self.line)
        self._locked = False

    def people(self) -> list[tuple[str | None, str]]:
        """Each person as (id or None, printed words)."""
        return [(chip.person_id, chip.words) for chip in self.chips]

    def typed_words(self) -> str:
        """The name that is being typed and is no chip yet."""
        return " ".join(self.line.text().split())

    def show_people(self, people: Sequence[tuple[str | None, str]]) -> None:
        """Show these people, each as (id or None, printed words)."""
        if list(people) == self.people():
            return
        focused = self.isAncestorOf(self.window().focusWidget()) if self.window().focusWidget() else False
        for chip in self.chips:
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self.chips = []
        for person_id, words in people:
            self._add_chip(words, person_id)
        if focused and not self.line.hasFocus():
            self.line.setFocus()

    def lock(self, locked: bool) -> None:
        """Only show whom it names."""
        self._locked = locked
        self.line.setVisible(not locked)
        for chip in self.chips:
            chip.remove_button.setEnabled(not locked)

    def take_line(self) -> None:
        """Make what stands in the line a chip; names may be parted by semicolons."""
        names = [name.strip() for name in self.line.text().split(";") if name.strip()]
        self.line.clear()
        for name in names:
            if name not in [chip.words for chip in self.chips]:
                self._add_chip(name, None)
        if names:
            self.changed.emit()

    def _parted(self, words: str) -> None:
        """A semicolon ends a name; what follows it goes on in the line."""
        if ";" in words:
            done, _, rest = words.rpartition(";")
            self.line.setText(done)
            self.take_line()
            self.line.setText(rest.lstrip())

    def _picked(self, words: str) -> None:
        self.line.setText(words)
        self.take_line()

    def _add_chip(self, words: str, person_id: str | None) -> None:
        chip = Chip(words, person_id)
        chip.removed.connect(self._remove)
        chip.moved.connect(self._move)
        chip.opened.connect(self.opened)
        chip.remove_button.setEnabled(not self._locked)
        self._flow.insert_widget(len(self.chips), chip)
        self.chips.append(chip)

    def _remove(self, chip: Chip) -> None:
        self.show_people([(c.person_id, c.words) for c in self.chips if c is not chip])
        self.changed.emit()

    def _move(self, chip: Chip, step: int) -> None:
        at = self.chips.index(chip)
        to = at + step
        if self._locked or not 0 <= to < len(self.chips):
            return
        people = self.people()
        people.insert(to, people.pop(at))
        self.show_people(people)
        self.chips[to].remove_button.setFocus()
        self.changed.emit()
