"""A list of things to look at beside the one that is current: the review of files, and what is open.

Each page is told what to list and hands decisions on; what they mean for the plan is the place's matter.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QSplitter, QVBoxLayout, QWidget

from cypp_desktop.errors import UsageError
from cypp_desktop.merge.model import Refusal
from cypp_desktop.merge.question import Answer, Decision, Kind, Question, decided_value
from cypp_desktop.merge.report import Fate, fates_of
from cypp_desktop.operations.review.lines import (
    REFUSED,
    Line,
    LineKey,
    by_place,
    by_sender,
    is_waiting,
    key_of,
    key_of_question,
)
from cypp_desktop.operations.review.question_words import KIND_WORDS, QuestionWords
from cypp_desktop.plan.words import counted
from cypp_desktop.ui.labels import WrappedLabel
from cypp_desktop.ui.panels.flow_layout import FlowLayout
from cypp_desktop.ui.review.compare import CompareView
from cypp_desktop.ui.review.listing import LineList

if TYPE_CHECKING:
    from cypp_desktop.merge.review import Review

#: What a list shows beside the lines of one kind.
_EVERYTHING: Final = "all"
_WAITING: Final = "waiting"
_PLACE: Final = "place"
_SENDER: Final = "sender"
_SHARES: Final = (2, 3)


class _ListPage(QWidget):
    """A head, a list with its filters, and the compare view of the current line."""

    #: See a row in the plan: (row type, row id).
    go_wanted = Signal(str, str)

    def __init__(self, name: str, *, live: bool) -> None:
        super().__init__()
        self.words: QuestionWords | None = None
        self.read_only = False
        self.head = WrappedLabel(bold=True)
        self.more = WrappedLabel(muted=True)
        self.list = LineList(name)
        self.compare = CompareView(live=live)
        self.bar = QWidget()
        self.flow = FlowLayout(self.bar, spacing=6, grow=False)
        self.list.current_changed.connect(self._current_changed)
        self.list.number_pressed.connect(self.compare.press_number)
        self.list.entered.connect(self.go_next)
        self.compare.next_wanted.connect(self.go_next)
        self.compare.left.connect(self.list.setFocus)
        self.compare.go_wanted.connect(self.go_wanted)
        self.compare.decided.connect(self.decide)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setAccessibleName("List and versions")
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.list)
        self.splitter.addWidget(self.compare)
        for at, share in enumerate(_SHARES):
            self.splitter.setStretchFactor(at, share)
        self.splitter.setSizes([share * 200 for share in _SHARES])
        column = QVBoxLayout(self)
        self.top = QHBoxLayout()
        self.top.addWidget(self.head, 1)
        column.addLayout(self.top)
        for widget in (self.more, self.bar):
            column.addWidget(widget)
        column.addWidget(self.splitter, 1)
        self._shown: LineKey | None = None

    def _combo(self, name: str, choices: Sequence[tuple[str, str]]) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(name)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        for key, words in choices:
            box.addItem(words, key)
        box.activated.connect(self.relist)
        self.flow.addWidget(box)
        return box

    def _button(self, words: str, slot: Any) -> QPushButton:
        button = QPushButton(words)
        button.setAutoDefault(False)
        button.clicked.connect(slot)
        self.flow.addWidget(button)
        return button

    def relist(self) -> None:
        """List anew, staying on the current line where it is still shown."""
        raise NotImplementedError

    def decide(self, decision: Decision) -> None:
        """The person has decided the current thing."""
        raise NotImplementedError

    def go_next(self) -> None:
        """On to the next thing that waits."""
        raise NotImplementedError

    def show_line(self, line: Line) -> None:
        """Show the versions of a line."""
        raise NotImplementedError

    def flush(self) -> None:
        """What is being typed counts now."""
        self.compare.flush()

    def _current_changed(self) -> None:
        line = self.list.current
        key = key_of(line) if line is not None else None
        if key == self._shown and key is not None:
            return
        self.flush()
        self._shown = key
        if line is None:
            self.compare.show_nothing("Choose a line in the list to see what it says.")
        else:
            self.show_line(line)

    def _next_waiting(self, after: Line | None) -> Line | None:
        """The next line after one that waits for the person, round the end of the list once."""
        lines = self.list.lines.lines()
        start = next((at + 1 for at, line in enumerate(lines) if line is after), 0)
        return next((line for line in (*lines[start:], *lines[:start]) if is_waiting(line)), None)


class FilesPage(_ListPage):
    """What returned files ask, question by question, and what the person decides about it."""

    merge_wanted = Signal()
    add_wanted = Signal()
    put_away_wanted = Signal()

    def __init__(self) -> None:
        super().__init__("Edits of the files", live=True)
        self.review: Review | None = None
        self.lines: list[Line] = []
        self._names: dict[str, str] = {}
        self._fates: dict[LineKey, list[Fate]] = {}
        self.group_box = self._combo("Group by", [(_PLACE, "By place"), (_SENDER, "By organisation")])
        self.filter_box = self._combo("Show", [(_EVERYTHING, "Everything")])
        self.accept_button = self._button("&Accept all plain", self.accept_all_plain)
        self.add_button = self._button("Add files…", self.add_wanted)
        self.away_button = self._button("Put the files away", self.put_away_wanted)
        self.merge_button = self._button("&Merge", self.merge_wanted)
        self.flow.removeWidget(self.merge_button)
        self.top.addWidget(self.merge_button, 0, Qt.AlignmentFlag.AlignTop)
        self.compare.show_nothing("")

    # ------------------------------------------------------------------ what is listed

    def show_review(
        self, review: Review, names: dict[str, str], words: QuestionWords, *, read_only: bool
    ) -> None:
        """List a review. What was looked at before stays so where it says the same."""
        seen = {key_of(each): each.heads for each in self._questions() if each.is_seen}
        is_first = self.review is None
        self.review, self._names, self.words, self.read_only = review, names, words, read_only
        self._fates = {}
        for question in review.questions:
            key = key_of(question)
            question.is_seen = key in seen and seen[key] == question.heads
            self._fates[key] = _fates_of(question)
        self.lines = [*review.questions, *review.refusals]
        self._offer_kinds()
        self.relist()
        if is_first or self.list.current is None:
            self._choose_first()

    def forget_review(self) -> None:
        """There is nothing to review any more."""
        self.review, self.lines = None, []

    def _choose_first(self) -> None:
        """Begin with what has to be decided, or at the top."""
        is_open = (line for line in self.lines if isinstance(line, Question) and line.is_open)
        first = next(is_open, self.lines[0] if self.lines else None)
        self.list.choose(key_of(first) if first is not None else None)

    def _questions(self) -> Sequence[Question]:
        return self.review.questions if self.review is not None else ()

    def _offer_kinds(self) -> None:
        assert self.review is not None
        chosen = self.filter_box.currentData()
        counts = self.review.questions_by_kind()
        self.filter_box.clear()
        self.filter_box.addItem(f"Everything ({len(self.lines)})", _EVERYTHING)
        self.filter_box.addItem("To look at", _WAITING)
        for kind, words in KIND_WORDS.items():
            if counts[kind]:
                self.filter_box.addItem(f"{words[:1].upper()}{words[1:]} ({counts[kind]})", str(kind))
        if self.review.refusals:
            self.filter_box.addItem(f"Refused files ({len(self.review.refusals)})", REFUSED)
        self.filter_box.setCurrentIndex(max(0, self.filter_box.findData(chosen)))

    def relist(self) -> None:
        current = self._shown
        shown = [line for line in self.lines if _is_wanted(line, self.filter_box.currentData())]
        is_by_sender = self.group_box.currentData() == _SENDER
        self._shown = None
        self.list.lines.show(by_sender(shown) if is_by_sender else by_place(shown, self._names))
        self.list.expandAll()
        if not self.list.choose(current):
            self.list.choose(key_of(shown[0]) if shown else None)
        if not shown:
            self.compare.show_nothing("Nothing of this kind.")
        self._count()

    # ------------------------------------------------------------------ counting

    def _count(self) -> None:
        review = self.review
        assert review is not None
        head = f"{counted(len(review.files), 'file')} · {counted(review.proposed, 'edit')}"
        kinds = [f"{count} {_kind_noun(kind, count)}" for kind, count in review.counts().items() if count]
        if kinds:
            head += f": {', '.join(kinds)}"
        if review.refusals:
            head += f" · {counted(len(review.refusals), 'file')} refused"
        self.head.setText(head)
        self._count_fates()

    def _count_fates(self) -> None:
        found: Counter[Fate] = Counter()
        for fates in self._fates.values():
            found.update(fates)
        goes_in = found[Fate.TAKEN] + found[Fate.COMBINED] + found[Fate.DECIDED]
        waiting = sum(question.is_waiting for question in self._questions())
        rest = f"{counted(waiting, 'line')} to look at." if waiting else "Everything has been looked at."
        self.more.setText(f"Merging {_fates_in_words(found, goes_in)}. {rest}")
        self.merge_button.setText(f"&Merge {goes_in}" if goes_in else "&Merge")
        self.merge_button.setEnabled(bool(not self.read_only and self.review and self.review.files))
        plain = [each for each in self._questions() if each.kind in (Kind.PLAIN, Kind.COMBINED)]
        self.accept_button.setEnabled(not all(question.is_seen for question in plain))

    # ------------------------------------------------------------------ deciding

    def show_line(self, line: Line) -> None:
        if isinstance(line, Refusal):
            self.compare.show_nothing(line.name, f"Refused. {line.words}")
        elif self.words is not None:
            self.compare.show_question(line, self.words, result_of(line), read_only=self.read_only)

    def decide(self, decision: Decision) -> None:
        question = self.list.lines.line(self.list.lines.index_of(self._shown))
        if self.review is None or not isinstance(question, Question):
            return
        try:
            self.review.decide(question, decision.answer, decision.value, side=decision.side)
        except UsageError as problem:
            self.compare.explanation.setText(str(problem))
            return
        if decision.answer != question.default_decision.answer:
            question.is_seen = True
        self.compare.show_decided(result_of(question))
        self._tell_changed(question)

    def accept_all_plain(self) -> None:
        """Everything that is no conflict is accepted, and on to what is."""
        assert self.review is not None
        self.flush()
        self.review.accept_all_plain()
        for question in self._questions():
            if question.kind in (Kind.PLAIN, Kind.COMBINED):
                question.is_seen = True
        self.relist()
        self._go_to(self._next_waiting(None))

    def go_next(self) -> None:
        """The current line has been looked at; on to the next that has not, or to Merge."""
        self.flush()
        line = self.list.current
        if isinstance(line, Question):
            if line.kind == Kind.COMBINED and line.decision == Decision(Answer.ACCEPT):
                self.decide(Decision(Answer.CONFIRM))
            line.is_seen = True
            self._tell_changed(line)
        following = self._next_waiting(line)
        is_all_that_is_left = following is line and line is not None and is_waiting(line)
        self._go_to(None if is_all_that_is_left else following)

    def _go_to(self, line: Line | None) -> None:
        if line is not None and self.list.choose(key_of(line)):
            self.list.setFocus()
        elif self.merge_button.isEnabled():
            self.merge_button.setFocus()

    def _tell_changed(self, question: Question) -> None:
        key = key_of(question)
        self._fates[key] = _fates_of(question)
        self.list.lines.tell_changed(key)
        self._count_fates()


def result_of(question: Question) -> Any:
    """The stored value that a question comes to by what is decided so far."""
    if question.is_row or question.kind == Kind.OUTSIDE:
        return question.value
    return decided_value(question, question.decision)


def _is_wanted(line: Line, wanted: str) -> bool:
    """Whether a line is shown by a choice of the filter."""
    if wanted == _WAITING:
        return is_waiting(line)
    kind = REFUSED if isinstance(line, Refusal) else line.kind
    return wanted in (_EVERYTHING, kind)


def _fates_of(question: Question) -> list[Fate]:
    return [fate for each in question.whole for fate in fates_of(each)]


def _fates_in_words(counts: Counter[Fate], goes_in: int) -> str:
    """ "takes in 3, leaves 1 open in the plan": what merging would do."""
    still_open = counts[Fate.CONFLICT] + counts[Fate.DELETED_AND_EDITED]
    parts = [f"takes in {goes_in}"]
    if still_open:
        parts.append(f"leaves {still_open} open in the plan")
    if counts[Fate.OUTSIDE]:
        parts.append(f"leaves out {counts[Fate.OUTSIDE]}")
    if counts[Fate.SUPERSEDED]:
        parts.append(f"passes over {counts[Fate.SUPERSEDED]} replaced by a later edit")
    return ", ".join(parts)


def _kind_noun(kind: Kind, count: int) -> str:
    return "conflicts" if kind == Kind.CONFLICT and count != 1 else KIND_WORDS[kind]


class OpenPage(_ListPage):
    """What the plan still waits for a person to decide or read."""

    #: (Question, Decision)
    decision_made = Signal(object, object)

    def __init__(self) -> None:
        super().__init__("What waits for a decision", live=False)
        self._names: dict[str, str] = {}
        self.questions: Sequence[Question] = ()
        self.filter_box = self._combo("Show", [(_EVERYTHING, "Everything"), (_WAITING, "Only what is open")])

    def show_questions(
        self,
        questions: Sequence[Question],
        names: dict[str, str],
        words: QuestionWords | None,
        *,
        read_only: bool,
    ) -> None:
        """List these; the current line stays, or the one that comes after it."""
        keys = [key_of(line) for line in self.list.lines.lines()]
        at = keys.index(self._shown) if self._shown in keys else 0
        shown = next((each for each in self.questions if key_of(each) == self._shown), None)
        self.questions, self._names, self.words, self.read_only = questions, names, words, read_only
        is_unchanged = shown is not None and shown in questions
        self.relist(at, keep=is_unchanged)

    def relist(self, at: int = 0, *, keep: bool = False) -> None:
        """As on every page; without the current line the one ``at`` a number is shown. ``keep`` what is
        being typed about the current one.
        """
        only_open = self.filter_box.currentData() == _WAITING
        shown: list[Line] = [each for each in self.questions if each.is_open or not only_open]
        count_open = sum(question.is_open for question in self.questions)
        self.head.setText(open_words(count_open, len(self.questions) - count_open))
        self.more.setText(
            "Each can be decided now or at any later time; until then the plan shows a mark there."
            if self.questions
            else "Edits that could not be brought together by themselves would be listed here."
        )
        current = self._shown
        if not keep:
            self._shown = None
        self.list.lines.show(by_place(shown, self._names))
        self.list.expandAll()
        self.splitter.setVisible(bool(shown))
        self.bar.setVisible(bool(self.questions))
        lines = self.list.lines.lines()
        if not self.list.choose(current) and lines:
            self.list.choose(key_of(lines[min(at, len(lines) - 1)]))

    def show_line(self, line: Line) -> None:
        if isinstance(line, Question) and self.words is not None:
            self.compare.show_question(line, self.words, line.value, read_only=self.read_only)

    def choose(self, row_type: str, row_id: str, field: str) -> None:
        """Show the question about a field with the cursor on its line."""
        key = key_of_question(row_type, row_id, field)
        if not self.list.choose(key) and self.filter_box.currentIndex():
            self.filter_box.setCurrentIndex(0)
            self.relist()
            self.list.choose(key)
        self.list.setFocus()

    def decide(self, decision: Decision) -> None:
        question = self.list.current
        if isinstance(question, Question):
            self.decision_made.emit(question, decision)

    def go_next(self) -> None:
        following = self._next_waiting(self.list.current)
        if following is not None:
            self.list.choose(key_of(following))
            self.list.setFocus()


def open_words(conflicts: int, to_read: int) -> str:
    """ "2 conflicts open, 1 combined text to read"; nothing open in words of its own."""
    parts = []
    if conflicts:
        parts.append(f"{counted(conflicts, 'conflict')} open")
    if to_read:
        parts.append(f"{counted(to_read, 'combined text')} to read")
    return ", ".join(parts) or "Nothing waits for a decision"
