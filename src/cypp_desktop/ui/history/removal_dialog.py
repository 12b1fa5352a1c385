"""Asks what is to be removed for good, shows every place, and takes the reason: nothing happens before that.

The places are looked up on another thread, since backups and a share may take their time. The button that
does it names it, and can be pressed once the places of just what is asked for are shown, with a reason.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from cypp_desktop.errors import CyppError, UsageError
from cypp_desktop.operations.removal import Order, Rest, what_is_left
from cypp_desktop.operations.removal_words import CANNOT_BE_UNDONE, preview
from cypp_desktop.plan.sought_words import SoughtWords
from cypp_desktop.plan.words import counted, cut, field_words
from cypp_desktop.store.history_words import HistoryWords
from cypp_desktop.store.removal_search import WordingsOfField, WordsAnywhere
from cypp_desktop.store.removal_survey import survey
from cypp_desktop.ui import theme
from cypp_desktop.ui.labels import WrappedLabel

if TYPE_CHECKING:
    from cypp_desktop.operations.progress import Progress
    from cypp_desktop.store.removal_search import Wanted
    from cypp_desktop.store.removal_survey import Survey
    from cypp_desktop.ui.document import PlanDocument
    from cypp_desktop.ui.tasks import Tasks


class _What(StrEnum):
    """What a person can ask for."""

    WORDING = "one wording of a field"
    FIELD = "all wordings of a field"
    WORDS = "words anywhere"


_REST_WORDS: Final = {
    Rest.EMPTY: "The fields that say it now are left empty",
    Rest.KEPT: "The rest of each text stays, with “[removed]” in place of the words",
    Rest.WRITTEN: "The field says something else:",
}


@dataclass(frozen=True, slots=True)
class OneField:
    """The field from which a person came here; ``wording`` is the one they saw there, if there was one."""

    row_type: str
    row_id: str
    field: str
    wording: Any = None


class RemovalDialog(QDialog):
    """Accepted, it has in ``found`` what is to be removed, and in ``order`` how."""

    def __init__(
        self,
        document: PlanDocument,
        tasks: Tasks,
        about: OneField | None = None,
        *,
        known_files: tuple[Path, ...] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._document, self._tasks, self._about = document, tasks, about
        self._known_files = known_files
        self._asked = 0
        self.found: Survey | None = None
        self.setWindowTitle("Remove a text for good")
        self._make_choices()
        self._make_places()
        self._make_order()
        self._lay_out()
        self._choice_changed()
        if about is not None:
            self.look()

    # ------------------------------------------------------------------ making

    def _make_choices(self) -> None:
        self.what = QComboBox()
        self.what.setAccessibleName("What is to be removed")
        about = self._about
        if about is not None:
            label = field_words(about.row_type, about.field)
            words = HistoryWords(self._document.editor.session)
            said = words.value(about.row_type, about.field, about.wording)
            if said:
                self.what.addItem(f"This wording of {label}: “{cut(said, 50)}”", _What.WORDING)
            self.what.addItem(f"All that {label} has ever said here", _What.FIELD)
        self.what.addItem("Words, wherever they stand in the plan", _What.WORDS)
        self.what.currentIndexChanged.connect(self._choice_changed)
        self.words = QLineEdit()
        self.words.setAccessibleName("Words to be removed")
        self.words.setPlaceholderText("A name, an address; several are separated by a semicolon")
        self.words.textChanged.connect(self._choice_changed)
        self.words.returnPressed.connect(self.look)

    def _make_places(self) -> None:
        self.look_button = QPushButton("Show every place")
        self.look_button.setAutoDefault(False)
        self.look_button.clicked.connect(self.look)
        self.says = WrappedLabel()
        self.places = QTreeWidget()
        self.places.setAccessibleName("Where it stands")
        self.places.setHeaderHidden(True)
        self.places.setWordWrap(True)
        self.places.setMinimumHeight(self.fontMetrics().lineSpacing() * 5)

    def _make_order(self) -> None:
        self.afterwards = QComboBox()
        self.afterwards.setAccessibleName("What the fields say afterwards that say it now")
        self.afterwards.currentIndexChanged.connect(self._refresh)
        self.written = QPlainTextEdit()
        self.written.setAccessibleName("What the field says instead")
        self.written.setTabChangesFocus(True)
        self.written.setMaximumHeight(self.fontMetrics().lineSpacing() * 5)
        self.written.textChanged.connect(self._refresh)
        self.reason = QLineEdit()
        self.reason.setAccessibleName("Reason")
        self.reason.setPlaceholderText("Why it is removed, such as “Asked for by the family”")
        self.reason.textChanged.connect(self._refresh)
        self.delete_unreadable = QCheckBox()
        self.problem = WrappedLabel()
        self.problem.setAccessibleName("What is in the way")
        self.buttons = QDialogButtonBox()
        self.remove_button = self.buttons.addButton(
            "Remove for good", QDialogButtonBox.ButtonRole.DestructiveRole
        )
        self.remove_button.setAutoDefault(False)
        self.remove_button.clicked.connect(self._remove)
        cancel = self.buttons.addButton("Keep it", QDialogButtonBox.ButtonRole.RejectRole)
        cancel.setDefault(True)
        self.buttons.rejected.connect(self.reject)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.addWidget(WrappedLabel("What is to be removed?", bold=True))
        column.addWidget(self.what)
        column.addWidget(self.words)
        column.addWidget(self.look_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.says)
        column.addWidget(self.places, 1)
        column.addWidget(WrappedLabel("Afterwards", bold=True))
        column.addWidget(self.afterwards)
        column.addWidget(self.written)
        column.addWidget(self.delete_unreadable)
        column.addWidget(WrappedLabel("Reason", bold=True))
        column.addWidget(self.reason)
        column.addWidget(
            WrappedLabel(
                "The reason stands in the place of the text, with the day and your name, for everybody "
                "who has the plan: do not repeat the text in it.",
                muted=True,
            )
        )
        column.addWidget(WrappedLabel(CANNOT_BE_UNDONE, bold=True))
        column.addWidget(self.problem)
        column.addWidget(self.buttons)
        self.resize(theme.room_for(self, 660, 640))

    # ------------------------------------------------------------------ the places

    def _wanted(self) -> Wanted:
        """What is asked for. Raises UsageError."""
        about, what = self._about, self.what.currentData()
        if about is None or what == _What.WORDS:
            return WordsAnywhere(SoughtWords(self.words.text().split(";")))
        wordings = (about.wording,) if what == _What.WORDING else None
        return WordingsOfField(about.row_type, about.row_id, about.field, wordings)

    def _choice_changed(self) -> None:
        """Something else is asked for: what was found is of no use."""
        self._asked += 1
        self.found = None
        of_words = self.what.currentData() == _What.WORDS
        self.words.setVisible(of_words)
        self.places.clear()
        self.says.setText("")
        self.delete_unreadable.hide()
        offered = (Rest.EMPTY, Rest.KEPT if of_words else Rest.WRITTEN)
        if [self.afterwards.itemData(at) for at in range(self.afterwards.count())] != list(offered):
            with QSignalBlocker(self.afterwards):
                self.afterwards.clear()
                for rest in offered:
                    self.afterwards.addItem(_REST_WORDS[rest], rest)
        self._refresh()

    def look(self) -> None:
        """Look up every place of what is asked for."""
        try:
            wanted = self._wanted()
        except UsageError as problem:
            self.says.setText(str(problem))
            return
        self._asked += 1
        self.says.setText("Looking through the plan, its history and its backups…")
        self.look_button.setEnabled(False)
        work = functools.partial(_look, self._document, wanted, self._known_files, self._asked)
        self._tasks.start(
            "Looking for a text", work, self._shown, failed=self._failed, quiet=True, may_hang=True
        )

    def _shown(self, answer: tuple[int, Survey]) -> None:
        asked, found = answer
        self.look_button.setEnabled(True)
        if asked != self._asked:
            return
        if not found.is_anywhere:
            self.says.setText("It stands nowhere in the plan, its history or its backups.")
            return
        self.found = found
        self.says.setText("It stands in these places.")
        for group in preview(found, self._document.editor.session):
            item = QTreeWidgetItem(self.places, [group.heading])
            for line in group.lines:
                QTreeWidgetItem(item, [line]).setToolTip(0, line)
            item.setExpanded(True)
        unreadable = len(found.unreadable)
        self.delete_unreadable.setVisible(bool(unreadable))
        self.delete_unreadable.setText(f"Delete {counted(unreadable, 'backup')} that cannot be read any more")
        self._refresh()

    def _failed(self, problem: Exception) -> None:
        self.look_button.setEnabled(True)
        if not isinstance(problem, CyppError):
            raise problem
        self.says.setText(str(problem))

    # ------------------------------------------------------------------ doing it

    @property
    def order(self) -> Order:
        """What the person has decided."""
        unreadable = [file.path for file in self.found.unreadable] if self.found is not None else []
        return Order(
            reason=self.reason.text(),
            rest=self.afterwards.currentData(),
            written=self.written.toPlainText(),
            thrown_away=unreadable if self.delete_unreadable.isChecked() else (),
            also=self._known_files,
        )

    def _refresh(self) -> None:
        self.written.setVisible(self.afterwards.currentData() is Rest.WRITTEN)
        self.remove_button.setEnabled(self.found is not None and bool(self.reason.text().strip()))
        self.problem.setText("")

    def _remove(self) -> None:
        if self.found is None:
            return
        try:
            what_is_left(self.found, self.order)
            if self.found.wanted.holds(self.reason.text()):
                raise UsageError("The reason repeats what is to be removed. Say it without these words.")
        except UsageError as problem:
            self.problem.setText(str(problem))
            return
        self.accept()


def _look(
    document: PlanDocument, wanted: Wanted, known_files: tuple[Path, ...], asked: int, progress: Progress
) -> tuple[int, Survey]:
    """Look for a text; for another thread, may hang."""
    access = document.access
    reading = functools.partial(access.reading, progress)
    return asked, survey(access.plan, wanted, known_files, while_reading=reading)
