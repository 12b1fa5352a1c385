"""Editors of a layout or pack of the plan's own, in the side panel: what it is called and what it holds.

Both show their declaration as it would be kept after every change, and keep nothing themselves.
"""

from __future__ import annotations

import json
from typing import Any, ClassVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QLabel, QVBoxLayout, QWidget

from cypp_desktop.operations.printing.print_request import PrintChoice, PrintChoices, PrintKind
from cypp_desktop.ui import theme
from cypp_desktop.ui.panels.inputs import LineInput, NumberInput
from cypp_desktop.ui.printing.ordered_list import OrderedList

_COVER, _CONTENTS, _BEST_LAYOUT, _SUMMARY = "cover", "contents", "suited", "rag-summary"
_ANNEX = ("conflicts", "placeholders")
_FEWEST, _MOST = 1, 1000


class DeclarationEditor(QWidget):
    """What the editors of a layout and of a pack have in common: a name, and a declaration."""

    #: What it edits.
    kind: ClassVar[PrintKind]
    #: Something of it was changed.
    edited = Signal()

    def __init__(self, label: str) -> None:
        super().__init__()
        self.name = LineInput()
        self.name.setMaxLength(100)
        self.name.textEdited.connect(self._told)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self.labelled(label, self.name)

    def labelled(self, words: str, widget: QWidget) -> QLabel:
        """Put a widget under a label that leads to it."""
        label = QLabel(words)
        label.setBuddy(widget)
        label.setContentsMargins(0, theme.scaled(self, 6), 0, 0)
        self._column.addWidget(label)
        self._column.addWidget(widget)
        return label

    def called(self) -> str:
        """The name that it is to have."""
        return " ".join(self.name.text().split())

    def definition(self) -> dict[str, Any]:
        """Its declaration."""
        raise NotImplementedError

    def _told(self, *_: object) -> None:
        self.edited.emit()


class LayoutEditor(DeclarationEditor):
    """The columns of a layout: which, in what order, how wide, under which headings."""

    kind = PrintKind.LAYOUT

    def __init__(self) -> None:
        super().__init__("Name of the layout")
        self._definition: dict[str, Any] = {}
        self._columns: dict[str, dict[str, Any]] = {}
        self._headings: dict[str, str] = {}
        self.columns = OrderedList("Columns", "Add a column")
        self.labelled("Columns, from the left", self.columns)
        self.heading = LineInput()
        self.labelled("Heading of the chosen column", self.heading)
        self.share = NumberInput()
        self.share.setRange(_FEWEST, _MOST)
        self.share.setAccessibleName("Width of the chosen column, as a share")
        self.labelled("Width of the chosen column, as a share", self.share)
        self.columns.edited.connect(self._told)
        self.columns.chosen.connect(self._show_column)
        self.heading.textEdited.connect(self._heading_typed)
        self.share.valueChanged.connect(self._width_typed)

    def begin(self, choice: PrintChoice, name: str) -> None:
        """Begin with a layout, under a name."""
        self._definition = json.loads(choice.definition)
        self._headings = dict(choice.columns)
        self._columns = {str(column["column"]): dict(column) for column in self._definition["columns"]}
        self.name.setText(name)
        self.columns.show_choices(_told_apart(choice.columns))
        self.columns.show_keys(list(self._columns))

    def definition(self) -> dict[str, Any]:
        columns = [self._column_of(key) for key in self.columns.in_order()]
        return {**self._definition, "title": self.called(), "columns": columns}

    def _column_of(self, key: str) -> dict[str, Any]:
        return self._columns.setdefault(key, {"column": key, "share": 15.0})

    def _show_column(self, key: str) -> None:
        usual = self._headings.get(key, key)
        for widget in (self.heading, self.share):
            widget.setEnabled(bool(key))
        if key:
            column = self._column_of(key)
            self.heading.setText(column.get("heading", ""))
            self.heading.setPlaceholderText(usual)
            self.share.blockSignals(True)
            self.share.setValue(round(column["share"]))
            self.share.blockSignals(False)

    def _heading_typed(self, words: str) -> None:
        column = self._column_of(self.columns.current())
        column.pop("heading", None)
        if words.strip():
            column["heading"] = " ".join(words.split())
        self.edited.emit()

    def _width_typed(self, share: int) -> None:
        if key := self.columns.current():
            self._column_of(key)["share"] = float(share)
            self.edited.emit()


class PackEditor(DeclarationEditor):
    """What a pack holds: cover, contents and annex, and its chapters in order."""

    kind = PrintKind.PACK

    def __init__(self) -> None:
        super().__init__("Name of the pack")
        self._definition: dict[str, Any] = {}
        self.cover = self._tick("Cover")
        self.contents = self._tick("Contents with page numbers")
        self.summary = self._tick("Red, amber and green")
        self.annex = self._tick("Annex of what is open")
        self.summary.toggled.connect(self._summary_ticked)
        self.chapters = OrderedList("Chapters", "Add a chapter")
        self.labelled("Chapters, in order", self.chapters)
        self.chapters.edited.connect(self._chapters_edited)

    def begin(self, choice: PrintChoice, name: str, choices: PrintChoices) -> None:
        """Begin with a pack, under a name; the chapters are the layouts that there are."""
        self._definition = json.loads(choice.definition)
        parts = [str(part) for part in self._definition["parts"]]
        self.name.setText(name)
        chapters = [(_BEST_LAYOUT, "The best suited layout")]
        chapters += [(layout.name, layout.title) for layout in choices.layouts if layout.name not in _ANNEX]
        self.chapters.show_choices(chapters)
        for box, wanted in (
            (self.cover, _COVER in parts),
            (self.contents, _CONTENTS in parts),
            (self.annex, any(part in _ANNEX for part in parts)),
            (self.summary, _SUMMARY in parts),
        ):
            box.blockSignals(True)
            box.setChecked(wanted)
            box.blockSignals(False)
        self.chapters.show_keys([part for part in parts if part not in (_COVER, _CONTENTS, *_ANNEX)])

    def definition(self) -> dict[str, Any]:
        parts: list[str] = []
        if self.cover.isChecked():
            parts.append(_COVER)
        if self.contents.isChecked():
            parts.append(_CONTENTS)
        parts += self.chapters.in_order()
        if self.annex.isChecked():
            parts += _ANNEX
        return {**self._definition, "title": self.called(), "parts": parts}

    def _tick(self, words: str) -> QCheckBox:
        box = QCheckBox(words)
        box.toggled.connect(self._told)
        self._column.addWidget(box)
        return box

    def _summary_ticked(self, wanted: bool) -> None:
        if wanted and _SUMMARY not in self.chapters.in_order():
            self.chapters.add_key(_SUMMARY, 0)
        elif not wanted:
            self.chapters.remove_key(_SUMMARY)

    def _chapters_edited(self) -> None:
        self.summary.blockSignals(True)
        self.summary.setChecked(_SUMMARY in self.chapters.in_order())
        self.summary.blockSignals(False)
        self.edited.emit()


def _told_apart(columns: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    """Columns by their headings, those with the same heading by their keys too."""
    headings = [heading for _, heading in columns]
    found: list[tuple[str, str]] = []
    for key, heading in columns:
        if headings.count(heading) > 1:
            heading = f"{heading} ({key.replace('-', ' ')})"
        found.append((key, heading))
    return found
