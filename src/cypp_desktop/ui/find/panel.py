"""The find list under the window's find box: filters, how many places there are, and the places.

While words are typed in the find box the list follows a moment later; Up and Down move in it from
there, Enter opens a place and Esc goes back to where the person was.
"""

from __future__ import annotations

import contextlib
import functools
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from cypp_desktop.plan.search import Hit, Query, SearchIndex, search
from cypp_desktop.plan.search_texts import RowKey
from cypp_desktop.plan.words import cut
from cypp_desktop.store.disk import connect
from cypp_desktop.store.sqlite_queries import leading_organisations, leading_people
from cypp_desktop.ui.find.results import ResultsModel, ResultsView
from cypp_desktop.ui.labels import WrappedLabel
from cypp_desktop.ui.plan_reader import PlanReader

if TYPE_CHECKING:
    from cypp_desktop.store.editor import Changed
    from cypp_desktop.store.plan_file import OpenPlan
    from cypp_desktop.ui.document import PlanDocument
    from cypp_desktop.ui.window_parts import WindowServices

#: How long after the last key the search begins, in milliseconds.
TYPING_PAUSE: Final = 150
#: No more places are listed than this; more words find fewer.
MOST: Final = 1_000
#: Plans with more measures are made ready for searching off the main thread.
LARGE: Final = 1_500

_WHAT_WORDS: Final = {
    "": "Everything",
    "titles": "Titles and codes",
    "updates": "Updates",
    "actions": "Actions",
    "leads": "Leads, organisations and people",
    "values": "Values",
    "narrative": "Narrative and recommendations",
    "notes": "Notes",
}
_PLACEHOLDER: Final = "placeholder"
_STATE_WORDS: Final = {
    "": "Any state",
    "empty": "Update empty",
    "draft": "Update draft",
    "submitted": "Update submitted",
    "agreed": "Update agreed",
    _PLACEHOLDER: "Placeholders",
    "red": "Red",
    "amber": "Amber",
    "green": "Green",
    "none": "No data",
}
_MARKS: Final = ("red", "amber", "green", "none")
_ASK: Final = "Type words, or choose a lead or a state. Words in double quotes are one phrase."


class FindPanel(QWidget):
    """Where something occurs in the plan. It is told the words, and can follow a find box."""

    #: A place was opened: the Hit.
    chosen = Signal(object)
    #: The person wants back to where they were.
    left = Signal()

    def __init__(self, services: WindowServices) -> None:
        super().__init__()
        self._services = services
        self._document: PlanDocument | None = None
        self._box: QLineEdit | None = None
        self._index: SearchIndex | None = SearchIndex()
        self._missed: list[Changed] = []
        self._words = ""
        self._outdated = False
        self._reader = PlanReader(services.tasks, "Reading the plan for Find", self)
        self._reader.found.connect(self._have_read)
        self._reader.failed.connect(self._could_not_read)
        self._timer = QTimer(self, singleShot=True)
        self._timer.setInterval(TYPING_PAUSE)
        self._timer.timeout.connect(self._search)
        self.model = ResultsModel(self)
        self.list = ResultsView()
        self.list.setModel(self.model)
        self.list.opened.connect(self._open)
        self.list.left_at_top.connect(self._to_box)
        self.what = self._combo("What to look through", _WHAT_WORDS)
        self.lead = self._combo("Led by", {})
        self.state = self._combo("State of the measure", _STATE_WORDS)
        self.count = QLabel()
        self.count.setAccessibleName("How many places were found")
        self.clear_button = QPushButton("Clear")
        self.clear_button.setAccessibleName("Clear words and filters")
        self.clear_button.setAutoDefault(False)
        self.clear_button.clicked.connect(self.clear)
        self._hint = WrappedLabel(_ASK, muted=True)
        self._lay_out()

    def _combo(self, name: str, words: dict[str, str]) -> QComboBox:
        combo = QComboBox()
        combo.setAccessibleName(name)
        combo.setMinimumContentsLength(12)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for key, said in words.items():
            combo.addItem(said, key)
        combo.currentIndexChanged.connect(self._search)
        return combo

    def _lay_out(self) -> None:
        filters = QHBoxLayout()
        for combo in (self.what, self.lead, self.state):
            filters.addWidget(combo, 1)
        filters.addWidget(self.clear_button)
        column = QVBoxLayout(self)
        column.addLayout(filters)
        column.addWidget(self.count)
        column.addWidget(self._hint)
        column.addWidget(self.list, 1)
        self.setAccessibleName("Find in the plan")

    # ------------------------------------------------------------------ the plan

    def set_document(self, document: PlanDocument | None) -> None:
        """Search in an open plan from now on; None empties the list."""
        if self._document is not None and self._document is not document:
            self._document.changed.disconnect(self._heard)
        if document is not None and self._document is not document:
            document.changed.connect(self._heard)
        self._document = document
        self._index = SearchIndex()
        self._reader.give_up()
        self._timer.stop()
        if document is None:
            self._words = ""
            self.model.show_hits([])
            return
        self._offer_leads()
        self._later()

    def _heard(self, changed: Changed) -> None:
        if self._index is not None:
            self._index.note(changed)
        else:
            self._missed.append(changed)
        if changed.touches("organisation", "person", "lead", "lead_person"):
            self._offer_leads()
        self._later()

    def _later(self) -> None:
        """Search again in a moment, or when the list is next seen."""
        self._outdated = True
        if self.isVisible():
            self._timer.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._outdated:
            self._timer.start()

    def _offer_leads(self) -> None:
        """Offer everybody who leads something; the one chosen stays where it still does."""
        chosen = self.lead.currentData()
        with QSignalBlocker(self.lead):
            self.lead.clear()
            self.lead.addItem("Any lead", None)
            for row_type, found in self._leads().items():
                if found:
                    self.lead.insertSeparator(self.lead.count())
                for id_, name in found:
                    self.lead.addItem(cut(name, 80) or "Without a name", (row_type, id_))
            self.lead.setCurrentIndex(max(0, self._index_of_lead(chosen)))

    def _index_of_lead(self, key: object) -> int:
        return next((at for at in range(self.lead.count()) if self.lead.itemData(at) == key), 0)

    def _leads(self) -> dict[str, list[tuple[str, str]]]:
        """Id and name of the organisations and people that lead something, by name."""
        if self._document is None:
            return {}
        with contextlib.closing(connect(self._document.working_path)) as db:
            return {"organisation": leading_organisations(db), "person": leading_people(db)}

    # ------------------------------------------------------------------ what is asked

    def query(self) -> Query:
        """What is asked for by words and filters."""
        query = Query(words=self._words, lead=self._chosen_lead(), what=self.what.currentData() or "")
        state: str = self.state.currentData() or ""
        if state == _PLACEHOLDER:
            return replace(query, placeholder=True)
        if state in _MARKS:
            return replace(query, mark=state)
        return replace(query, state=state)

    def _chosen_lead(self) -> RowKey | None:
        found = self.lead.currentData()  # Qt gives a list for the tuple that was put in
        return (found[0], found[1]) if found else None

    def look_for(self, words: str) -> None:
        """Show where the words occur, now."""
        self._words = words
        self._search()

    def follow(self, box: QLineEdit) -> None:
        """Search for what is typed in a box, and let its keys move in the list."""
        self._box = box
        self._words = box.text()
        box.textChanged.connect(self._typed)
        box.installEventFilter(self)

    def clear(self) -> None:
        """Ask for nothing any more."""
        for combo in (self.what, self.lead, self.state):
            with QSignalBlocker(combo):
                combo.setCurrentIndex(0)
        self._words = ""
        if self._box is not None:
            self._box.clear()
            self._box.setFocus(Qt.FocusReason.OtherFocusReason)
        self._search()

    def _typed(self, words: str) -> None:
        self._words = words
        if self._document is not None:
            self._later()

    # ------------------------------------------------------------------ searching

    def _search(self) -> None:
        self._timer.stop()
        self._outdated = False
        document = self._document
        if document is None:
            return
        query = self.query()
        if query and self._index is not None and not self._index.is_ready and document.measure_count > LARGE:
            self._read_first(document)
        if self._index is None:
            self._show(query, [], waiting=bool(query))
            return
        with contextlib.closing(connect(document.working_path)) as db:
            hits = search(db, query, self._index, limit=MOST + 1)
        self._show(query, hits)

    def _read_first(self, document: PlanDocument) -> None:
        """Read the words of a large plan on another thread; what changes meanwhile is told it afterwards."""
        self._index = None
        self._missed = []
        read = functools.partial(document.access.read, _read_index)
        self._reader.ask(read, quiet=False, can_cancel=False)

    def _could_not_read(self, problem: Exception) -> None:
        raise problem

    def _have_read(self, index: SearchIndex) -> None:
        self._index = index
        for changed in self._missed:
            index.note(changed)
        self._missed = []
        self._search()

    def _show(self, query: Query, hits: list[Hit], *, waiting: bool = False) -> None:
        at = self.list.currentIndex().row()
        before = self.model.hits[at] if 0 <= at < len(self.model.hits) else None
        self.model.show_hits(hits[:MOST])
        same = [n for n, hit in enumerate(self.model.hits) if before and hit.key == before.key]
        if hits:
            self.list.setCurrentIndex(self.model.index(same[0] if same else 0))
        self.list.setVisible(bool(hits))
        self._hint.setVisible(not hits)
        self.count.setVisible(bool(hits))
        self.count.setText(count_words(len(hits)))
        self._hint.setText("" if hits else self._nothing_words(query, waiting))
        self.clear_button.setEnabled(bool(query) or bool(self._words))

    def _nothing_words(self, query: Query, waiting: bool) -> str:
        if waiting:
            return "The plan is being read. What is found shows in a moment."
        if not query:
            return _ASK
        filtered = query.lead or query.asks_for_measures or query.what
        words = f"“{cut(query.words)}” is nowhere" if query.words.strip() else "Nothing is"
        return f"{words} in what is chosen above." if filtered else f"{words} in this plan."

    # ------------------------------------------------------------------ moving about

    def open_current(self) -> None:
        """Open the place that is current in the list, searching first for what was typed last."""
        if self._timer.isActive() or self._outdated:
            self._search()
        self._open(self.list.currentIndex())

    def open_next(self, step: int = 1) -> bool:
        """Open the place after (or before) the last one opened; False where there is none."""
        if self._outdated:
            self._search()
        at = self.list.currentIndex().row() + step
        if not 0 <= at < len(self.model.hits):
            return False
        self.list.setCurrentIndex(self.model.index(at))
        self._open(self.list.currentIndex())
        return True

    def _open(self, index: QModelIndex) -> None:
        if index.isValid():
            self.chosen.emit(self.model.hits[index.row()])

    def _to_box(self) -> None:
        if self._box is not None:
            self._box.setFocus(Qt.FocusReason.OtherFocusReason)

    def _move(self, by: int) -> None:
        at = min(max(0, self.list.currentIndex().row() + by), len(self.model.hits) - 1)
        if at >= 0:
            self.list.setCurrentIndex(self.model.index(at))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is not self._box or not self.isVisible():
            return False
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        page = max(1, self.list.viewport().height() // max(1, self.list.sizeHintForRow(0)) - 1)
        moves = {
            Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: page, Qt.Key.Key_PageUp: -page,
        }  # fmt: skip
        if event.key() in moves:
            self._move(moves[Qt.Key(event.key())])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.open_current()
        else:
            return False
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return
        super().keyPressEvent(event)


def _read_index(plan: OpenPlan) -> SearchIndex:
    """What there is to find in a plan; work for another thread."""
    index = SearchIndex()
    with contextlib.closing(connect(plan.working.path)) as db:
        index.refresh(db)
    return index


def count_words(found: int) -> str:
    """How many places were found, in words."""
    if found > MOST:
        return f"The first {MOST:,} places. Type more words to find fewer."
    return "1 place" if found == 1 else f"{found:,} places"
