"""One thing to look at: its versions side by side, what it is to say, and the buttons that decide it.

Writes nothing and knows no plan: what the person chooses is told by signals.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from cypp_desktop.merge.proposals import OUTSIDE, PLAIN
from cypp_desktop.merge.review import OPEN
from cypp_desktop.operations.review.cases import Case, Voice, how_words
from cypp_desktop.store.changes import COMBINED
from cypp_desktop.ui import theme
from cypp_desktop.ui.labels import WrappedLabel
from cypp_desktop.ui.panels.flow_layout import FlowLayout
from cypp_desktop.ui.review import marking
from cypp_desktop.ui.review.result import NOT_YET, ResultEditor

#: How long after the last key a typed result counts, in milliseconds.
_PAUSE: Final = 500
#: The least width of a version beside others, in letters.
_NARROWEST: Final = 26


def numbers_of(case: Case) -> dict[str, int]:
    """The keys by which a case is decided, by how: the same number always means the same."""
    if case.kind == OUTSIDE:
        return {"leave": 1, "accept": 2}
    known = {"ours": 1, "keep": 1, "theirs": 2, "delete": 2, "both": 3, "edit": 4, "accept": 5, "leave": 5}
    if "theirs" not in case.hows:
        known["accept"] = 2
    return {how: known.get(how, 6) for how in case.hows}


class CompareView(QWidget):
    """Shows a case. ``live`` ones take typing as it comes; else it counts when the button is pressed."""

    #: A decision was made: (how, side or None, stored value or None).
    decided = Signal(str, object, object)
    #: On to the next thing.
    next_wanted = Signal()
    #: See the row in the plan.
    go_wanted = Signal(str, str)
    #: The person wants back to the list.
    left = Signal()

    def __init__(self, *, live: bool) -> None:
        super().__init__()
        self._live = live
        self.case: Case | None = None
        self._how = ""
        self._side: int | None = None
        self._typed = False
        self.buttons: dict[str, QPushButton] = {}
        self.cards: list[VoiceCard] = []
        self._timer = QTimer(self, singleShot=True)
        self._timer.setInterval(_PAUSE)
        self._timer.timeout.connect(self.flush)
        self._build()
        self.setAccessibleName("What the versions say")
        QShortcut(
            QKeySequence("Ctrl+Return"), self, self._done_writing,
            context=Qt.ShortcutContext.WidgetWithChildrenShortcut,
        )  # fmt: skip
        self.show_nothing("")

    def _build(self) -> None:
        self.place = WrappedLabel(bold=True)
        self.go_button = QToolButton()
        self.go_button.setText("Go to it")
        self.go_button.setToolTip("Show this row in the plan")
        self.go_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.go_button.clicked.connect(self._go)
        self.kind = WrappedLabel()
        self.explanation = WrappedLabel(muted=True)
        self._versions = QWidget()
        self._beside = QBoxLayout(QBoxLayout.Direction.LeftToRight, self._versions)
        self._beside.setContentsMargins(0, 0, 0, 0)
        self.result_label = QLabel("What the plan will say")
        self.result = ResultEditor()
        self.result.edited.connect(self._result_typed)
        self.result_label.setBuddy(self.result)
        self.fixed = WrappedLabel()
        self._buttons = QWidget()
        self._flow = FlowLayout(self._buttons, spacing=6, grow=False)
        self.next_button = QPushButton("Next")
        self.next_button.clicked.connect(self.next_wanted)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(4, 0, 8, 8)
        above = QHBoxLayout()
        above.addWidget(self.place, 1)
        above.addWidget(self.go_button, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(above)
        for widget in (self.kind, self.explanation, self._versions, self.result_label):
            column.addWidget(widget)
        column.addWidget(self.result)
        column.addWidget(self.fixed)
        column.addStretch(1)
        self.scroller = QScrollArea()
        self.scroller.setFrameShape(QFrame.Shape.NoFrame)
        self.scroller.setWidgetResizable(True)
        self.scroller.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.scroller.setWidget(inside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.scroller, 1)
        whole.addWidget(self._buttons)

    # ------------------------------------------------------------------ what is shown

    def show_nothing(self, words: str, detail: str = "") -> None:
        """Show only words: nothing is chosen, or there is nothing to decide."""
        self._show(None)
        self.place.setText(words)
        self.kind.setText("")
        self.kind.hide()
        self.explanation.setText(detail)
        self.explanation.setVisible(bool(detail))
        for widget in (self.go_button, self._versions, self.result_label, self.result, self.fixed):
            widget.hide()
        self._buttons.hide()

    def show_case(self, case: Case, how: str, side: int | None, value: Any, *, read_only: bool) -> None:
        """Show a case as it is decided: ``value`` is what it comes to."""
        self._show(case)
        self._how, self._side = how, side
        self.place.setText(f"{case.place} · {case.label}")
        self.kind.setText(case.kind_words[:1].upper() + case.kind_words[1:])
        self.kind.show()
        self.explanation.setText(case.explanation)
        self.explanation.show()
        self.go_button.show()
        self._show_voices(case)
        self._show_result(case, value, read_only)
        self._show_buttons(case, read_only)
        self.scroller.verticalScrollBar().setValue(0)

    def show_decision(self, how: str, side: int | None, value: Any) -> None:
        """The case shown is decided otherwise now; what is being typed is left alone."""
        assert self.case is not None
        self._how, self._side = how, side
        if how != "edit":
            self._show_result(self.case, value, False)
        self._tick_buttons()

    def _show(self, case: Case | None) -> None:
        self._timer.stop()
        self._typed = False
        self.case = case

    def _show_voices(self, case: Case) -> None:
        for card in self.cards:
            self._beside.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards = []
        ours = next((voice for voice in case.voices if voice.is_ours), None)
        before = case.base
        if before is not None and (ours is None or ours.words != before):
            self._add_card(Voice("As it was sent", "", before, None), None, None)
        if before is None and ours is not None and ours.value is not None:
            before = ours.words
        several = len(case.theirs) > 1 and "theirs" in case.hows and not case.whole_row
        for voice in case.voices:
            take = partial(self._choose, "theirs", voice.side) if several and not voice.is_ours else None
            self._add_card(voice, before if before != voice.words else None, take)
        self._versions.show()
        self._arrange()

    def _add_card(self, voice: Voice, before: str | None, take: Callable[[], object] | None) -> None:
        card = VoiceCard(voice, before, take)
        self.cards.append(card)
        self._beside.addWidget(card, 1)
        card.show()

    def _show_result(self, case: Case, value: Any, read_only: bool) -> None:
        can_edit = "edit" in case.hows
        shown = can_edit and self.result.show_value(case, value, read_only=read_only)
        self._typed = False
        self.result.setVisible(shown)
        self.result_label.setVisible(shown)
        self.fixed.hide()

    def _show_buttons(self, case: Case, read_only: bool) -> None:
        for button in self.buttons.values():
            self._flow.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._flow.removeWidget(self.next_button)
        self.buttons = {}
        for how in sorted(case.hows, key=lambda each: numbers_of(case)[each]):
            button = QPushButton()
            button.setCheckable(self._live)
            button.setAutoDefault(False)
            button.setEnabled(not read_only)
            button.clicked.connect(partial(self._pressed, how))
            self.buttons[how] = button
            self._flow.addWidget(button)
        self._flow.addWidget(self.next_button)
        self._tick_buttons()
        self._buttons.show()
        for button in self.buttons.values():
            button.show()

    def _tick_buttons(self) -> None:
        case = self.case
        assert case is not None
        for how, button in self.buttons.items():
            chosen = self._live and how == self._how
            words = how_words(case, how)
            if how == "edit" and self._typed and not self._live:
                words = "Keep what I wrote"
            if chosen and how == "theirs" and len(case.theirs) > 1:
                words = f"{words}: {case.theirs[self._side or 0].who}"
            button.setChecked(chosen)
            button.setText(f"{'✓ ' if chosen else ''}{words}  ({numbers_of(case)[how]})")
            button.setAccessibleName(words)
        self.next_button.setText(f"{self._next_words(case)}  (Enter)")

    def _next_words(self, case: Case) -> str:
        if not self._live:
            return "Next"
        if case.kind in OPEN and self._how == "leave":
            return "Leave open, next"
        if case.kind == COMBINED and self._how == "accept":
            return "It reads well, next"
        return "Accept, next" if case.kind == PLAIN and self._how == "accept" else "Next"

    def _arrange(self) -> None:
        """Versions beside each other where each has room, else one below another."""
        letters = self.fontMetrics().averageCharWidth() * _NARROWEST
        fits = self.width() >= letters * len(self.cards) + 40
        direction = QBoxLayout.Direction.LeftToRight if fits else QBoxLayout.Direction.TopToBottom
        if self._beside.direction() != direction:
            self._beside.setDirection(direction)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_beside"):
            self._arrange()

    # ------------------------------------------------------------------ what is chosen

    def press_number(self, number: int) -> bool:
        """Decide by a key; False where the number means nothing here. 2 again takes the next version."""
        case = self.case
        if case is None:
            return False
        how = next((each for each, key in numbers_of(case).items() if key == number), None)
        if how is None or how not in self.buttons or not self.buttons[how].isEnabled():
            return False
        self._pressed(how)
        return True

    def _pressed(self, how: str, *_: object) -> None:
        case = self.case
        if case is None:
            return
        if how == "edit":
            self._edit()
            return
        side = None
        if how == "theirs" and len(case.theirs) > 1:
            sides: Sequence[int | None] = [voice.side for voice in case.theirs]
            again = self._how == "theirs" and self._side in sides
            side = sides[(sides.index(self._side) + 1) % len(sides)] if again else sides[0]
            if not self._live:  # this writes at once, so that the key only leads to the buttons
                self._to_next_version()
                return
        elif how == "theirs" and not self._live:
            side = case.theirs[0].side
        self._choose(how, side)

    def _to_next_version(self) -> None:
        """Put the cursor on the button that takes the first version, or the one after where it is."""
        buttons = [card.button for card in self.cards if card.button is not None]
        at = next((at + 1 for at, button in enumerate(buttons) if button.hasFocus()), 0)
        if buttons:
            buttons[at % len(buttons)].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _choose(self, how: str, side: int | None, *_: object) -> None:
        self._timer.stop()
        self._typed = False
        self.decided.emit(how, side, None)

    def _edit(self) -> None:
        if self._typed and not self._live:
            self._hand_over()
            return
        self.result.focus_input()
        self._tick_buttons()

    def _result_typed(self) -> None:
        if self.case is None:
            return
        self._typed = True
        if self._live:
            self._timer.start()
        else:
            self._tick_buttons()

    def flush(self) -> None:
        """What was typed counts now; of a case that takes no typing as it comes, nothing happens."""
        self._timer.stop()
        if self._typed and self._live:
            self._hand_over()

    def _hand_over(self) -> None:
        value = self.result.value()
        if value is not NOT_YET and self.case is not None:
            self._typed = False
            self.decided.emit("edit", None, value)

    def _done_writing(self) -> None:
        """Ctrl+Enter: what was written is kept, and on to the next."""
        if self._typed:
            self._hand_over()
        if self._live:
            self.next_wanted.emit()

    def _go(self) -> None:
        if self.case is not None:
            self.go_wanted.emit(self.case.row_type, self.case.row_id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        number = event.key() - Qt.Key.Key_0
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif not (1 <= number <= 9 and not event.modifiers() and self.press_number(number)):
            super().keyPressEvent(event)


class VoiceCard(QFrame):
    """One version: who says it, and its words with what is new in it marked."""

    def __init__(self, voice: Voice, before: str | None, take: Callable[[], object] | None) -> None:
        super().__init__()
        self.voice, self._before = voice, before
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        column = QVBoxLayout(self)
        column.setContentsMargins(9, 7, 9, 7)
        column.addWidget(WrappedLabel(voice.who, bold=True))
        if voice.detail:
            column.addWidget(WrappedLabel(voice.detail, muted=True))
        self.words = QLabel()
        self.words.setTextFormat(Qt.TextFormat.RichText)
        self.words.setWordWrap(True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.words.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.words.setAccessibleName(f"{voice.who}: {marking.spoken(before, voice.words)}")
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.words.setSizePolicy(policy)
        column.addWidget(self.words)
        column.addStretch(1)
        self.button: QPushButton | None = None
        if take is not None:
            self.button = QPushButton("Take this")
            self.button.setAccessibleName(f"Take the version of {voice.who}")
            self.button.setAutoDefault(False)
            self.button.clicked.connect(take)
            column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        self._paint_words()

    def sizeHint(self) -> QSize:
        return QSize(theme.scaled(self, 200), super().sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        with QPainter(self) as painter:  # a frame of the style's own is not to be seen in the dark
            painter.setPen(QColor(theme.colours_of(self.palette()).border))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "words"):
            self._paint_words()

    def _paint_words(self) -> None:
        colours = theme.colours_of(self.palette())
        self.words.setText(marking.marked_html(self._before, self.voice.words, colours))
