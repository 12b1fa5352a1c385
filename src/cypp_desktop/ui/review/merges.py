"""The merges that were made: what each did, its report for the minutes, and undoing it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from cypp_desktop.merge.question import FieldKey
from cypp_desktop.merge.report import Fate, file_lines, lapsed_lines, refusal_lines
from cypp_desktop.operations.change_words import moment_words
from cypp_desktop.plan.signs import shown_on_one_line
from cypp_desktop.plan.words import counted
from cypp_desktop.ui import theme
from cypp_desktop.ui.labels import WrappedLabel
from cypp_desktop.ui.panels.flow_layout import FlowLayout

if TYPE_CHECKING:
    from cypp_desktop.merge.report import MergeReport
    from cypp_desktop.merge.unmerge import Batch, BuiltUpon

#: More letters than these of a report are not shown at once.
_MOST_SHOWN: Final = 60_000
_FATE_WORDS: Final[Mapping[Fate, str]] = {
    Fate.TAKEN: "taken as proposed",
    Fate.COMBINED: "combined, to be read",
    Fate.CONFLICT: "in conflict, open when it was merged",
    Fate.DELETED_AND_EDITED: "about rows deleted by one and edited by another, open when it was merged",
    Fate.DECIDED: "decided by a person",
    Fate.SUPERSEDED: "replaced by a later edit in another of the files",
    Fate.OUTSIDE: "outside what was asked for, left out",
}


class MergesPage(QWidget):
    """Lists the merges, newest first, and tells of the one chosen."""

    undo_wanted = Signal(object)
    save_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.head = WrappedLabel("Nothing has been merged into this plan yet.", bold=True)
        self.list = QListWidget()
        self.list.setAccessibleName("Merges")
        self.list.currentItemChanged.connect(self._current_changed)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName("What the merge did")
        self.undo_button = QPushButton("&Undo this merge…")
        self.undo_button.clicked.connect(self._undo)
        self.save_button = QPushButton("&Save the report…")
        self.save_button.clicked.connect(self._save)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setAccessibleName("Merges and what they did")
        self.splitter.setChildrenCollapsible(False)
        beside = QWidget()
        right = QVBoxLayout(beside)
        right.setContentsMargins(0, 0, 0, 0)
        right.addWidget(self.text, 1)
        buttons = QWidget()
        flow = FlowLayout(buttons, spacing=6, grow=False)
        flow.addWidget(self.save_button)
        flow.addWidget(self.undo_button)
        right.addWidget(buttons)
        self.splitter.addWidget(self.list)
        self.splitter.addWidget(beside)
        self.splitter.setStretchFactor(0, 2)
        self.splitter.setStretchFactor(1, 3)
        self.splitter.setSizes([400, 600])
        column = QVBoxLayout(self)
        column.addWidget(self.head)
        column.addWidget(self.splitter, 1)
        self._batches: dict[str, Batch] = {}
        self._texts: dict[str, str] = {}
        self._read_only = False

    def show_merges(self, merges: Sequence[Batch], texts: Mapping[str, str], *, read_only: bool) -> None:
        """List the merges of a plan; ``texts`` tell of each, by its step."""
        current = self.current
        self._batches = {batch.step: batch for batch in merges}
        self._texts, self._read_only = dict(texts), read_only
        self.list.clear()
        for batch in merges:
            item = QListWidgetItem(
                f"{batch.name}\n{moment_words(batch.at)}, {shown_on_one_line(batch.author)}"
            )
            item.setData(Qt.ItemDataRole.UserRole, batch.step)
            self.list.addItem(item)
        self.splitter.setVisible(bool(merges))
        count = counted(len(merges), "merge")
        self.head.setText(count if merges else "Nothing has been merged into this plan yet.")
        self.choose(current.step if current is not None and current.step in self._batches else None)

    @property
    def current(self) -> Batch | None:
        """The merge chosen."""
        item = self.list.currentItem()
        return self._batches.get(item.data(Qt.ItemDataRole.UserRole)) if item is not None else None

    def choose(self, step: str | None) -> None:
        """Choose a merge by its step; None chooses the newest."""
        steps = list(self._batches)
        if steps:
            self.list.setCurrentRow(steps.index(step) if step in steps else 0)

    def _current_changed(self) -> None:
        batch = self.current
        self.text.setPlainText(_shortened(self._texts.get(batch.step, "")) if batch is not None else "")
        self.undo_button.setEnabled(batch is not None and not self._read_only)
        self.save_button.setEnabled(batch is not None)

    def _undo(self) -> None:
        if self.current is not None:
            self.undo_wanted.emit(self.current)

    def _save(self) -> None:
        if self.current is not None:
            self.save_wanted.emit(self.current)


def _shortened(text: str) -> str:
    """A report as far as it can be shown at once."""
    if len(text) <= _MOST_SHOWN:
        return text
    shown = text[:_MOST_SHOWN].rpartition("\n")[0]
    left = text.count("\n") - shown.count("\n")
    return f"{shown}\n\n… and {left:,} more lines: save the report to see them.\n"


def done_words(report: MergeReport) -> str:
    """What a merge did, in a sentence for the message over the window."""
    counts = report.counts
    goes_in = counts[Fate.TAKEN] + counts[Fate.COMBINED] + counts[Fate.DECIDED]
    parts = [f"{counted(goes_in, 'edit')} came in"]
    if report.open_places:
        parts.append(f"{counted(len(report.open_places), 'place')} still to decide")
    if counts[Fate.OUTSIDE]:
        parts.append(f"{counts[Fate.OUTSIDE]} left out")
    if report.lapsed:
        parts.append(
            f"{len(report.lapsed)} of {counted(report.decided, 'decision')} not made: see the report"
        )
    return f"{report.name}: {', '.join(parts)}."


def summary_text(said: Mapping[str, Any]) -> str:
    """What the plan itself remembers of a merge, as text: files, counts and decisions."""
    lines = [f"{said.get('name', 'Merge')}, {said.get('at', '')} by {said.get('author', '')}"]
    lines += file_lines(said.get("files", ()))
    lines += refusal_lines(said.get("refused", ()))
    lines.append(f"{counted(said.get('proposed', 0), 'edit')} proposed:")
    counts = said.get("counts", {})
    for fate, words in _FATE_WORDS.items():
        if counts.get(fate):
            lines.append(f"  {counts[fate]:>6}  {words}")
    lines += lapsed_lines(said.get("decided", 0), said.get("lapsed", ()))
    if said.get("decisions"):
        lines += ["", "Decided:"]
        lines += [f"  {each['place']}: {each['decision']}" for each in said["decisions"]]
    return "\n".join(lines) + "\n"


# ---------------------------------------------------------------------------------- undoing field by field


class UndoFields(QDialog):
    """Says where later work builds on a merge, and lets the person choose what else to undo."""

    def __init__(
        self,
        blocked: Sequence[BuiltUpon],
        fields: Sequence[tuple[FieldKey, str]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Undo a merge in part")
        column = QVBoxLayout(self)
        column.addWidget(WrappedLabel("Later work builds on what this merge brought in, so these stay:"))
        self.blocked = QListWidget()
        self.blocked.setAccessibleName("What stays")
        for one in blocked:
            self.blocked.addItem(f"{one.place} · {one.label} (worked on by {shown_on_one_line(one.author)})")
        column.addWidget(self.blocked, 1)
        label = QLabel("&Undo the rest:")
        self.fields = QListWidget()
        self.fields.setAccessibleName("What is undone")
        label.setBuddy(self.fields)
        for key, words in fields:
            item = QListWidgetItem(words)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked)
            item.setData(Qt.ItemDataRole.UserRole, key)
            self.fields.addItem(item)
        self.fields.itemChanged.connect(self._refresh)
        column.addWidget(label)
        column.addWidget(self.fields, 2)
        buttons = QDialogButtonBox()
        row = QHBoxLayout()
        self.undo_button = buttons.addButton("Undo these", QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton("Leave everything", QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        row.addWidget(buttons)
        column.addLayout(row)
        self._refresh()

    def sizeHint(self) -> QSize:
        return theme.room_for(self, 620, 480)

    @property
    def chosen(self) -> list[FieldKey]:
        """The fields that are ticked."""
        items = [self.fields.item(at) for at in range(self.fields.count())]
        ticked = [item for item in items if item.checkState() == Qt.CheckState.Checked]
        return [tuple(item.data(Qt.ItemDataRole.UserRole)) for item in ticked]

    def _refresh(self, *_: object) -> None:
        self.undo_button.setEnabled(bool(self.chosen))
