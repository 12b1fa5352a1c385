"""One thing to look at: its versions side by side, what it is to say, and the buttons that decide it.

Writes nothing and knows no plan: what the person chooses is told by signals.
"""

from __future__ import annotations

from collections.abc import Callable
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

from cypp_desktop.merge.question import Answer, Decision, Kind, Question
from cypp_desktop.operations.review.effect_words import sentence
from cypp_desktop.operations.review.question_words import (
    KIND_WORDS,
    QuestionWords,
    Version,
    answer_words,
    explanation,
    offered,
)
from cypp_desktop.ui import theme
from cypp_desktop.ui.labels import WrappedLabel
from cypp_desktop.ui.panels.flow_layout import FlowLayout
from cypp_desktop.ui.review import marking
from cypp_desktop.ui.review.result import NOT_YET, ResultEditor

#: How long after the last key a typed result counts, in milliseconds.
_PAUSE: Final = 500
#: The least width of a version beside others, in letters.
_NARROWEST: Final = 26


_NUMBERS: Final = {
    Answer.OURS: 1, Answer.KEEP: 1, Answer.THEIRS: 2, Answer.DELETE: 2, Answer.BOTH: 3, Answer.EDIT: 4,
    Answer.ACCEPT: 5, Answer.LEAVE: 5, Answer.CONFIRM: 6,
}  # fmt: skip


def numbers_of(question: Question) -> dict[Answer, int]:
    """The keys by which a question is answered: the same number always means the same."""
    if question.kind == Kind.OUTSIDE:
        return {Answer.LEAVE: 1, Answer.ACCEPT: 2}
    numbers = {answer: _NUMBERS[answer] for answer in offered(question)}
    if Answer.ACCEPT in numbers and Answer.THEIRS not in numbers:
        numbers[Answer.ACCEPT] = 2
    return numbers


class CompareView(QWidget):
    """Shows a question. ``live`` ones take typing as it comes; else it counts when the button is pressed."""

    #: A decision was made: (Decision).
    decided = Signal(object)
    #: On to the next thing.
    next_wanted = Signal()
    #: See the row in the plan.
    go_wanted = Signal(str, str)
    #: The person wants back to the list.
    left = Signal()

    def __init__(self, *, live: bool) -> None:
        super().__init__()
        self._live = live
        self.question: Question | None = None
        self._typed = False
        self.buttons: dict[Answer, QPushButton] = {}
        self.cards: list[VersionCard] = []
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
        self.effect = WrappedLabel()
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
        for widget in (self.kind, self.explanation, self.effect, self._versions, self.result_label):
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
        for widget in (
            self.go_button,
            self.effect,
            self._versions,
            self.result_label,
            self.result,
            self.fixed,
        ):
            widget.hide()
        self._buttons.hide()

    def show_question(self, question: Question, words: QuestionWords, value: Any, *, read_only: bool) -> None:
        """Show a question as it is decided: ``value`` is what it comes to."""
        self._show(question)
        self.place.setText(f"{question.place.words} · {question.label}")
        kind = KIND_WORDS[question.kind]
        self.kind.setText(kind[:1].upper() + kind[1:])
        self.kind.show()
        self.explanation.setText(explanation(question))
        self._say_effect(question)
        self.explanation.show()
        self.go_button.show()
        self._show_versions(question, words.versions(question))
        self._show_result(question, value, read_only)
        self._show_buttons(question, read_only)
        self.scroller.verticalScrollBar().setValue(0)

    def show_decided(self, value: Any) -> None:
        """The question shown is decided otherwise now; what is being typed is left alone."""
        assert self.question is not None
        if self.question.decision.answer != Answer.EDIT:
            self._show_result(self.question, value, False)
        self._say_effect(self.question)
        self._tick_buttons(self.question)

    def _say_effect(self, question: Question) -> None:
        """What merging does about it, as it is decided so far."""
        self.effect.setText(sentence(question))
        self.effect.setVisible(bool(self.effect.text()))

    def _show(self, question: Question | None) -> None:
        self._timer.stop()
        self._typed = False
        self.question = question

    def _show_versions(self, question: Question, versions: list[Version]) -> None:
        for card in self.cards:
            self._beside.removeWidget(card)
            card.hide()
            card.deleteLater()
        can_choose = len(question.theirs) > 1 and not question.is_row and Answer.THEIRS in offered(question)
        self.cards = []
        for version in versions:
            take = None
            if can_choose and version.side is not None:
                take = partial(self._choose, Decision(Answer.THEIRS, side=version.side))
            card = VersionCard(version, take)
            self.cards.append(card)
            self._beside.addWidget(card, 1)
            card.show()
        self._versions.show()
        self._arrange()

    def _show_result(self, question: Question, value: Any, read_only: bool) -> None:
        can_edit = Answer.EDIT in offered(question)
        shown = can_edit and self.result.show_value(question, value, read_only=read_only)
        self._typed = False
        self.result.setVisible(shown)
        self.result_label.setVisible(shown)
        self.fixed.hide()

    def _show_buttons(self, question: Question, read_only: bool) -> None:
        for button in self.buttons.values():
            self._flow.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._flow.removeWidget(self.next_button)
        self.buttons = {}
        numbers = numbers_of(question)
        for answer in sorted(numbers, key=numbers.__getitem__):
            button = QPushButton()
            button.setCheckable(self._live)
            button.setAutoDefault(False)
            button.setEnabled(not read_only)
            button.clicked.connect(partial(self._pressed, answer))
            self.buttons[answer] = button
            self._flow.addWidget(button)
        self._flow.addWidget(self.next_button)
        self._tick_buttons(question)
        self._buttons.show()
        for button in self.buttons.values():
            button.show()

    def _tick_buttons(self, question: Question) -> None:
        numbers = numbers_of(question)
        for answer, button in self.buttons.items():
            chosen = self._live and answer == question.decision.answer
            words = self._button_words(question, answer, chosen)
            button.setChecked(chosen)
            button.setText(f"{'✓ ' if chosen else ''}{words}  ({numbers[answer]})")
            button.setAccessibleName(words)
        self.next_button.setText(f"{self._next_words(question)}  (Enter)")

    def _button_words(self, question: Question, answer: Answer, chosen: bool) -> str:
        if answer == Answer.EDIT and self._typed and not self._live:
            return "Keep what I wrote"
        words = answer_words(question, answer)
        if chosen and answer == Answer.THEIRS and len(question.theirs) > 1:
            return f"{words}: {self._who(question.decision.side or 0)}"
        return words

    def _who(self, side: int) -> str:
        """Who says the version of theirs with this number."""
        return next(card.version.who for card in self.cards if card.version.side == side)

    def _next_words(self, question: Question) -> str:
        if not self._live:
            return "Next"
        if question.is_left_open:
            return "Leave open, next"
        if question.decision.answer == Answer.ACCEPT and question.kind == Kind.COMBINED:
            return "It reads well, next"
        if question.decision.answer == Answer.ACCEPT and question.kind == Kind.PLAIN:
            return "Accept, next"
        return "Next"

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
        if self.question is None:
            return False
        for answer, key in numbers_of(self.question).items():
            if key == number and answer in self.buttons and self.buttons[answer].isEnabled():
                self._pressed(answer)
                return True
        return False

    def _pressed(self, answer: Answer, *_: object) -> None:
        question = self.question
        if question is None:
            return
        if answer == Answer.EDIT:
            self._edit(question)
        elif answer == Answer.THEIRS and len(question.theirs) > 1:
            if self._live:
                self._choose(Decision(Answer.THEIRS, side=_next_side(question)))
            else:  # this writes at once, so that the key only leads to the buttons
                self._to_next_version()
        else:
            self._choose(Decision(answer))

    def _to_next_version(self) -> None:
        """Put the cursor on the button that takes the first version, or the one after where it is."""
        buttons = [card.button for card in self.cards if card.button is not None]
        at = next((at + 1 for at, button in enumerate(buttons) if button.hasFocus()), 0)
        if buttons:
            buttons[at % len(buttons)].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _choose(self, decision: Decision, *_: object) -> None:
        self._timer.stop()
        self._typed = False
        self.decided.emit(decision)

    def _edit(self, question: Question) -> None:
        if self._typed and not self._live:
            self._hand_over()
            return
        self.result.focus_input()
        self._tick_buttons(question)

    def _result_typed(self) -> None:
        if self.question is None:
            return
        self._typed = True
        if self._live:
            self._timer.start()
        else:
            self._tick_buttons(self.question)

    def flush(self) -> None:
        """What was typed counts now; of a question that takes no typing as it comes, nothing happens."""
        self._timer.stop()
        if self._typed and self._live:
            self._hand_over()

    def _hand_over(self) -> None:
        value = self.result.value()
        if value is not NOT_YET and self.question is not None:
            self._typed = False
            self.decided.emit(Decision(Answer.EDIT, value))

    def _done_writing(self) -> None:
        """Ctrl+Enter: what was written is kept, and on to the next."""
        if self._typed:
            self._hand_over()
        if self._live:
            self.next_wanted.emit()

    def _go(self) -> None:
        if self.question is not None:
            self.go_wanted.emit(*self.question.row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        number = event.key() - Qt.Key.Key_0
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif not (1 <= number <= 9 and not event.modifiers() and self.press_number(number)):
            super().keyPressEvent(event)


def _next_side(question: Question) -> int:
    """The version of theirs to take: the first, or the one after that which is taken."""
    decision = question.decision
    if decision.answer != Answer.THEIRS or decision.side is None:
        return 0
    return (decision.side + 1) % len(question.theirs)


class VersionCard(QFrame):
    """One version: who says it, and its words with what is new in it marked."""

    def __init__(self, version: Version, take: Callable[[], object] | None) -> None:
        super().__init__()
        self.version = version
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        column = QVBoxLayout(self)
        column.setContentsMargins(9, 7, 9, 7)
        column.addWidget(WrappedLabel(version.who, bold=True))
        if version.detail:
            column.addWidget(WrappedLabel(version.detail, muted=True))
        self.words = QLabel()
        self.words.setTextFormat(Qt.TextFormat.RichText)
        self.words.setWordWrap(True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.words.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.words.setAccessibleName(f"{version.who}: {marking.spoken(version.before, version.words)}")
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.words.setSizePolicy(policy)
        column.addWidget(self.words)
        column.addStretch(1)
        self.button: QPushButton | None = None
        if take is not None:
            self.button = QPushButton("Take this")
            self.button.setAccessibleName(f"Take the version of {version.who}")
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
        self.words.setText(marking.marked_html(self.version.before, self.version.words, colours))
