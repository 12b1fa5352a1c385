"""A list of things to look at beside the one that is current: the review of files, and what is open.

Each page is told what to list and hands decisions on; what they mean for the plan is the place's matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QSplitter, QVBoxLayout, QWidget

from cypp_desktop.errors import UsageError
from cypp_desktop.merge.proposals import OUTSIDE, PLAIN, Decision, Item
from cypp_desktop.merge.report import DECIDED, FATES, SUPERSEDED, TAKEN, edit_of
from cypp_desktop.merge.review import OPEN, default_decision
from cypp_desktop.operations.review.cases import KIND_WORDS, CaseWords, result_of
from cypp_desktop.operations.review.entries import (
    EVERYTHING,
    REFUSED,
    WAITING,
    Entry,
    ItemEntry,
    QuestionEntry,
    RefusalEntry,
    by_place,
    by_sender,
)
from cypp_desktop.plan.words import counted
from cypp_desktop.store.changes import COMBINED, CONFLICT
from cypp_desktop.store.union import DELETED_AND_EDITED
from cypp_desktop.ui.labels import WrappedLabel
from cypp_desktop.ui.panels.flow_layout import FlowLayout
from cypp_desktop.ui.review.compare import CompareView
from cypp_desktop.ui.review.listing import EntryList

if TYPE_CHECKING:
    from cypp_desktop.merge.questions import Question
    from cypp_desktop.merge.review import Review

_PLACE: Final = "place"
_SENDER: Final = "sender"
_SHARES: Final = (2, 3)


class _Page(QWidget):
    """A head, a list with its filters, and the compare view of the current line."""

    #: See a row in the plan: (row type, row id).
    go_wanted = Signal(str, str)

    def __init__(self, name: str, *, live: bool) -> None:
        super().__init__()
        self.words: CaseWords | None = None
        self.read_only = False
        self.head = WrappedLabel(bold=True)
        self.more = WrappedLabel(muted=True)
        self.list = EntryList(name)
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
        self._shown: tuple[object, ...] | None = None

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

    def decide(self, how: str, side: int | None, value: Any) -> None:
        """The person has decided the current thing."""
        raise NotImplementedError

    def go_next(self) -> None:
        """On to the next thing that waits."""
        raise NotImplementedError

    def show_entry(self, entry: Entry) -> None:
        """Show the versions of a line."""
        raise NotImplementedError

    def flush(self) -> None:
        """What is being typed counts now."""
        self.compare.flush()

    def _current_changed(self) -> None:
        entry = self.list.current
        key = entry.key if entry is not None else None
        if key == self._shown and key is not None:
            return
        self.flush()
        self._shown = key
        if entry is None:
            self.compare.show_nothing("Choose a line in the list to see what it says.")
        else:
            self.show_entry(entry)

    def _next_waiting(self, after: Entry | None) -> Entry | None:
        """The next line after one that waits for the person, round the end of the list once."""
        entries = self.list.entries.entries()
        start = next((at + 1 for at, entry in enumerate(entries) if entry is after), 0)
        return next((entry for entry in (*entries[start:], *entries[:start]) if entry.is_waiting), None)


class ReviewPage(_Page):
    """What returned files bring, item by item, and what the person decides about it."""

    merge_wanted = Signal()
    add_wanted = Signal()
    put_away_wanted = Signal()

    def __init__(self) -> None:
        super().__init__("Edits of the files", live=True)
        self.review: Review | None = None
        self.entries: list[Entry] = []
        self._names: dict[str, str] = {}
        self._fates: dict[tuple[object, ...], list[str]] = {}
        self.group_box = self._combo("Group by", [(_PLACE, "By place"), (_SENDER, "By organisation")])
        self.filter_box = self._combo("Show", [(EVERYTHING, "Everything")])
        self.accept_button = self._button("&Accept all plain", self.accept_all_plain)
        self.add_button = self._button("Add files…", self.add_wanted)
        self.away_button = self._button("Put the files away", self.put_away_wanted)
        self.merge_button = self._button("&Merge", self.merge_wanted)
        self.flow.removeWidget(self.merge_button)
        self.top.addWidget(self.merge_button, 0, Qt.AlignmentFlag.AlignTop)
        self.compare.show_nothing("")

    # ------------------------------------------------------------------ what is listed

    def show_review(
        self, review: Review, names: dict[str, str], words: CaseWords, *, read_only: bool
    ) -> None:
        """List a review. What was looked at before stays so where it says the same."""
        seen = {entry.key: entry.item.heads for entry in self._items() if entry.seen}
        first = self.review is None
        self.review, self._names, self.words, self.read_only = review, names, words, read_only
        items = [ItemEntry(item) for item in review.items]
        for entry in items:
            entry.seen = entry.key in seen and seen[entry.key] == entry.item.heads
        refused = [RefusalEntry(refusal, number) for number, refusal in enumerate(review.refusals)]
        self.entries = [*items, *refused]
        self._fates = {entry.key: _fates_of(entry.item) for entry in items}
        self._offer_kinds()
        self.relist()
        if first or self.list.current is None:
            waiting = next((entry for entry in self.entries if entry.kind in OPEN), None)
            chosen = waiting or (self.entries[0] if self.entries else None)
            self.list.choose(chosen.key if chosen else None)

    def _items(self) -> list[ItemEntry]:
        return [entry for entry in self.entries if isinstance(entry, ItemEntry)]

    def _offer_kinds(self) -> None:
        assert self.review is not None
        chosen = self.filter_box.currentData()
        counts = self.review.items_by_kind()
        self.filter_box.clear()
        self.filter_box.addItem(f"Everything ({len(self.entries)})", EVERYTHING)
        self.filter_box.addItem("To look at", WAITING)
        for kind, words in KIND_WORDS.items():
            if counts.get(kind):
                self.filter_box.addItem(f"{words[:1].upper()}{words[1:]} ({counts[kind]})", kind)
        if self.review.refusals:
            self.filter_box.addItem(f"Refused files ({len(self.review.refusals)})", REFUSED)
        self.filter_box.setCurrentIndex(max(0, self.filter_box.findData(chosen)))

    def relist(self) -> None:
        current = self._shown
        wanted = self.filter_box.currentData()
        shown = [
            entry
            for entry in self.entries
            if wanted in (EVERYTHING, entry.kind) or (wanted == WAITING and entry.is_waiting)
        ]
        sender = self.group_box.currentData() == _SENDER
        self._shown = None
        self.list.entries.show(by_sender(shown) if sender else by_place(shown, self._names))
        self.list.expandAll()
        if not self.list.choose(current):
            self.list.choose(shown[0].key if shown else None)
        if not shown:
            self.compare.show_nothing("Nothing of this kind.")
        self._count()

    # ------------------------------------------------------------------ counting

    def _count(self) -> None:
        review = self.review
        assert review is not None
        counts = {kind: count for kind, count in review.counts().items() if count}
        kinds = [f"{count} {_kind_noun(kind, count)}" for kind, count in counts.items()]
        files = counted(len(review.files), "file")
        edits = counted(review.proposed, "edit")
        refused = f" · {counted(len(review.refusals), 'file')} refused" if review.refusals else ""
        self.head.setText(f"{files} · {edits}{': ' + ', '.join(kinds) if kinds else ''}{refused}")
        self._count_fates()

    def _count_fates(self) -> None:
        found = dict.fromkeys(FATES, 0)
        for fates in self._fates.values():
            for fate in fates:
                found[fate] += 1
        goes_in = found[TAKEN] + found[COMBINED] + found[DECIDED]
        still_open = found[CONFLICT] + found[DELETED_AND_EDITED]
        parts = [f"takes in {goes_in}"]
        if still_open:
            parts.append(f"leaves {still_open} open in the plan")
        if found[OUTSIDE]:
            parts.append(f"leaves out {found[OUTSIDE]}")
        if found[SUPERSEDED]:
            parts.append(f"passes over {found[SUPERSEDED]} replaced by a later edit")
        waiting = sum(entry.is_waiting for entry in self._items())
        rest = f" {counted(waiting, 'line')} to look at." if waiting else " Everything has been looked at."
        self.more.setText(f"Merging {', '.join(parts)}.{rest}")
        self.merge_button.setText(f"&Merge {goes_in}" if goes_in else "&Merge")
        can_merge = not self.read_only and bool(self.review and self.review.files)
        self.merge_button.setEnabled(can_merge)
        plain = any(e.kind in (PLAIN, COMBINED) and not e.seen for e in self._items())
        self.accept_button.setEnabled(plain)

    # ------------------------------------------------------------------ deciding

    def show_entry(self, entry: Entry) -> None:
        if isinstance(entry, RefusalEntry):
            self.compare.show_nothing(entry.words, f"Refused. {entry.refusal.words}")
        elif isinstance(entry, ItemEntry) and self.words is not None:
            item = entry.item
            case = self.words.of_item(item)
            decision = item.decision
            self.compare.show_case(
                case, decision.how, decision.side, result_of(item), read_only=self.read_only
            )

    def decide(self, how: str, side: int | None, value: Any) -> None:
        entry = self.list.entries.entry(self.list.entries.index_of(self._shown))
        if self.review is None or not isinstance(entry, ItemEntry):
            return
        try:
            self.review.decide(entry.item, how, value, side=side)
        except UsageError as problem:
            self.compare.explanation.setText(str(problem))
            return
        entry.seen = entry.seen or how != default_decision(entry.item).how
        self.compare.show_decision(how, side, result_of(entry.item))
        self._tell_changed(entry)

    def accept_all_plain(self) -> None:
        """Everything that is no conflict is accepted, and on to what is."""
        assert self.review is not None
        self.flush()
        self.review.accept_all_plain()
        for entry in self._items():
            if entry.kind == PLAIN or entry.kind == COMBINED:
                entry.seen = True
        self.relist()
        self._go_to(self._next_waiting(None))

    def go_next(self) -> None:
        """The current line has been looked at; on to the next that has not, or to Merge."""
        self.flush()
        entry = self.list.current
        if isinstance(entry, ItemEntry):
            if entry.kind == COMBINED and entry.item.decision == Decision("accept"):
                self.decide("confirm", None, None)
            entry.seen = True
            self._tell_changed(entry)
        open_left = entry is not None and entry.is_waiting
        following = self._next_waiting(entry)
        self._go_to(following if following is not entry or not open_left else None)

    def _go_to(self, entry: Entry | None) -> None:
        if entry is not None and self.list.choose(entry.key):
            self.list.setFocus()
        elif self.merge_button.isEnabled():
            self.merge_button.setFocus()

    def _tell_changed(self, entry: ItemEntry) -> None:
        self._fates[entry.key] = _fates_of(entry.item)
        self.list.entries.tell_changed(entry.key)
        self._count_fates()


def _fates_of(item: Item) -> list[str]:
    return [edit_of(item, proposal).fate for proposal in item.proposals]


def _kind_noun(kind: str, count: int) -> str:
    return "conflicts" if kind == CONFLICT and count != 1 else KIND_WORDS[kind]


class OpenPage(_Page):
    """What the plan still waits for a person to decide or read."""

    #: (question, how, side or None, stored value or None)
    decision_made = Signal(object, str, object, object)

    def __init__(self) -> None:
        super().__init__("What waits for a decision", live=False)
        self._names: dict[str, str] = {}
        self.questions: Sequence[Question] = ()
        self.filter_box = self._combo("Show", [(EVERYTHING, "Everything"), (WAITING, "Only what is open")])

    def show_questions(
        self,
        questions: Sequence[Question],
        names: dict[str, str],
        words: CaseWords | None,
        *,
        read_only: bool,
    ) -> None:
        """List these; the current line stays, or the one that comes after it."""
        at = next((n for n, entry in enumerate(self.list.entries.entries()) if entry.key == self._shown), 0)
        unchanged = {(q.row_type, q.row_id, q.field): q for q in self.questions}.get(self._shown)  # type: ignore[arg-type]
        self.questions, self._names, self.words, self.read_only = questions, names, words, read_only
        typing = unchanged is not None and unchanged in questions
        self.relist(at, keep=typing)

    def relist(self, at: int = 0, *, keep: bool = False) -> None:
        only_open = self.filter_box.currentData() == WAITING
        shown: list[Entry] = [QuestionEntry(q) for q in self.questions if q.is_open or not only_open]
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
        self.list.entries.show(by_place(shown, self._names))
        self.list.expandAll()
        self.splitter.setVisible(bool(shown))
        self.bar.setVisible(bool(self.questions))
        entries = self.list.entries.entries()
        if not self.list.choose(current) and entries:
            self.list.choose(entries[min(at, len(entries) - 1)].key)

    def show_entry(self, entry: Entry) -> None:
        if isinstance(entry, QuestionEntry) and self.words is not None:
            question = entry.question
            case = self.words.of_question(question)
            self.compare.show_case(case, "", None, question.value, read_only=self.read_only)

    def choose(self, key: tuple[object, ...]) -> None:
        """Show a question with the cursor on its line."""
        if not self.list.choose(key) and self.filter_box.currentIndex():
            self.filter_box.setCurrentIndex(0)
            self.relist()
            self.list.choose(key)
        self.list.setFocus()

    def decide(self, how: str, side: int | None, value: Any) -> None:
        entry = self.list.current
        if isinstance(entry, QuestionEntry):
            self.decision_made.emit(entry.question, how, side, value)

    def go_next(self) -> None:
        following = self._next_waiting(self.list.current)
        if following is not None:
            self.list.choose(following.key)
            self.list.setFocus()


def open_words(conflicts: int, to_read: int) -> str:
    """ "2 conflicts open, 1 combined text to read"; nothing open in words of its own."""
    parts = []
    if conflicts:
        parts.append(f"{counted(conflicts, 'conflict')} open")
    if to_read:
        parts.append(f"{counted(to_read, 'combined text')} to read")
    return ", ".join(parts) or "Nothing waits for a decision"
