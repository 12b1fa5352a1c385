"""The side panel of the page about paper: what to print, for whom, on what; and making layouts and packs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from cypp_desktop.operations.printing.print_request import (
    PAPERS,
    TEXT_SIZES,
    PrintChoice,
    PrintChoices,
    PrintKind,
    PrintRequest,
)
from cypp_desktop.plan.dates import day_in_words
from cypp_desktop.report.paper_kinds import LARGE_PRINT
from cypp_desktop.ui import theme
from cypp_desktop.ui.labels import WrappedLabel
from cypp_desktop.ui.panels.dates import NOT_A_DAY, day_of
from cypp_desktop.ui.panels.flow_layout import FlowLayout
from cypp_desktop.ui.panels.inputs import ChoiceBox, LineInput
from cypp_desktop.ui.printing.editors import DeclarationEditor, LayoutEditor, PackEditor

_AS_IS = "As the layout has it"
#: The colours of a declaration that leaves what is red or amber.
_EXCEPTIONS = ["red", "amber"]
_GOES_ALONG = (
    "Whoever has the PDF can then open as a plan what stands on these pages. Working notes, texts of other "
    "rounds, e‑mail addresses and all else that is not printed stay out; so do lists of what changed and of "
    "what waits to be decided."
)


class PrintOptions(QScrollArea):
    """Shows a request and lets the person change it.

    While a layout or pack is being made, the request has it as a draft; `save_asked` and `delete_asked` ask
    that it is kept in the plan, or no longer.
    """

    #: The person asks for another print: the PrintRequest.
    request_changed = Signal(object)
    #: Keep a layout or pack: (PrintKind, name, declaration, name it was kept under before or "").
    save_asked = Signal(object, str, object, str)
    #: Delete a layout or pack of the plan's own: (PrintKind, name).
    delete_asked = Signal(object, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._request = PrintRequest()
        self._choices = PrintChoices()
        self._own: PrintChoice | None = None
        self._can_keep = True
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._build()

    # ------------------------------------------------------------------ what is shown

    def show_choices(self, choices: PrintChoices, request: PrintRequest, can_keep: bool) -> None:
        """Show what there is to choose from and what is chosen; ``can_keep``: the plan may change."""
        self._choices, self._can_keep = choices, can_keep
        box = self.layout_box
        box.clear()
        for layout in choices.layouts:
            box.addItem(_titled(layout), (PrintKind.LAYOUT, layout.name))
        box.insertSeparator(box.count())
        for pack in choices.packs:
            box.addItem(_titled(pack), (PrintKind.PACK, pack.name))
        _fill(self.priority_box, "All priorities", choices.priorities)
        _fill(self.organisation_box, "All organisations", choices.organisations)
        self.problems.setText("\n".join(choices.problems))
        self.problems.setVisible(bool(choices.problems))
        self.show_request(request)

    def show_request(self, request: PrintRequest) -> None:
        """Show what is chosen."""
        self._request = request
        chosen = (request.kind, request.pack or request.layout)
        for at in range(self.layout_box.count()):
            if self.layout_box.itemData(at) == chosen:
                self.layout_box.setCurrentIndex(at)
        for box, value in (
            (self.paper_box, request.paper),
            (self.turned_box, request.landscape),
            (self.size_box, request.size),
            (self.priority_box, request.priority),
            (self.organisation_box, request.organisation),
        ):
            box.setCurrentIndex(max(0, box.findData(value)))
        for tick, on in ((self.exceptions, request.exceptions), (self.data, request.data)):
            tick.blockSignals(True)
            tick.setChecked(on)
            tick.blockSignals(False)
        if not self.since.hasFocus():
            self.since.setText(day_in_words(request.since) if request.since else "")
        self._show_what_applies()

    @property
    def chosen(self) -> PrintChoice | None:
        """The layout or pack that is chosen."""
        return self._choices.pack(self._request.pack) or self._choices.layout(self._request.layout)

    @property
    def title(self) -> str:
        """What the layout or pack that is chosen is called."""
        if self._editor is not None:
            return self._editor.called()
        return self.chosen.title if self.chosen is not None else "Plan"

    def end_editing(self) -> None:
        """Leave what was being made without keeping it."""
        if self._editor is not None:
            self._show_editor(None)
            self._change_request(draft=None)

    # ------------------------------------------------------------------ making the widgets

    def _build(self) -> None:
        inside = QWidget()
        inside.setAccessibleName("How to print")
        self._column = QVBoxLayout(inside)
        self._column.setSpacing(4)
        self.layout_box = self._choice("&Layout or pack", ())
        self.layout_box.activated.connect(self._layout_chosen)
        self.problems = WrappedLabel(muted=True)
        self._column.addWidget(self.problems)
        self._build_editing()
        self.since = LineInput()
        self.since.setPlaceholderText("15 June 2018")
        self.since.textChanged.connect(self._since_typed)
        self.since.returnPressed.connect(self._since_left)
        self.since.focus_left.connect(self._since_left)
        self._since_label = self._labelled("Changes s&ince", self.since)
        self.since_hint = WrappedLabel(muted=True)
        self._column.addWidget(self.since_hint)
        self.paper_box = self._choice("P&aper", [(None, _AS_IS), *((one, one) for one in PAPERS)])
        turned = [(None, _AS_IS), (True, "Landscape"), (False, "Portrait")]
        self.turned_box = self._choice("Paper upright or across", turned)
        self.size_box = self._choice("Te&xt size", [(None, _AS_IS), *((s, _size(s)) for s in TEXT_SIZES)])
        self.priority_box = self._choice("Only this priority", ())
        self.organisation_box = self._choice("Only what this organisation leads", ())
        for box in (self.paper_box, self.turned_box, self.size_box, self.priority_box, self.organisation_box):
            box.activated.connect(self._something_chosen)
        self.exceptions = self._tick("Red and amber only")
        self.data = self._tick("Put the data of these pages into the PDF")
        self._column.addWidget(WrappedLabel(_GOES_ALONG, muted=True))
        self.data.setAccessibleDescription(_GOES_ALONG)
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setPlaceholderText("None")
        self._labelled("Password for the PDF", self.password)
        hint = WrappedLabel("With a password, a PDF is no archive copy.", muted=True)
        self._column.addWidget(hint)
        self._column.addStretch(1)
        self.setWidget(inside)
        inside.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        inside = self.widget()
        if inside is not None and watched is inside and event.type() == QEvent.Type.LayoutRequest:
            # As wide as what is in it, so that nothing is cut off where the text is large.
            bar = self.verticalScrollBar().sizeHint().width()
            self.setMinimumWidth(inside.minimumSizeHint().width() + bar)
        return super().eventFilter(watched, event)

    def _build_editing(self) -> None:
        self._editor: DeclarationEditor | None = None
        self.change = QPushButton("&Change a copy")
        self.change.clicked.connect(self._change)
        self.make_pack = QPushButton("New pac&k")
        self.make_pack.clicked.connect(self._new_pack)
        self._column.addWidget(_side_by_side(self.change, self.make_pack))
        self.layout_editor, self.pack_editor = LayoutEditor(), PackEditor()
        for editor in (self.layout_editor, self.pack_editor):
            editor.edited.connect(self._draft_edited)
            editor.hide()
            self._column.addWidget(editor)
        self.editing_hint = WrappedLabel(muted=True)
        self._column.addWidget(self.editing_hint)
        self.keep = QPushButton("&Keep in the plan")
        self.keep.clicked.connect(self._keep)
        self.delete = QPushButton("Delete from the plan")
        self.delete.clicked.connect(self._delete)
        self.leave = QPushButton("&Back without keeping")
        self.leave.clicked.connect(self.end_editing)
        self._keep_row = _side_by_side(self.keep, self.leave, self.delete)
        self._keep_row.hide()
        self.editing_hint.hide()
        self._column.addWidget(self._keep_row)

    def _labelled(self, words: str, widget: QWidget) -> QLabel:
        label = QLabel(words)
        label.setBuddy(widget)
        label.setContentsMargins(0, theme.scaled(self, 6), 0, 0)
        self._column.addWidget(label)
        self._column.addWidget(widget)
        return label

    def _choice(self, label: str, choices: Sequence[tuple[Any, str]]) -> ChoiceBox:
        box = ChoiceBox()
        box.setSizeAdjustPolicy(ChoiceBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(12)
        for value, words in choices:
            box.addItem(words, value)
        self._labelled(label, box)
        return box

    def _tick(self, words: str) -> QCheckBox:
        box = QCheckBox(words)
        box.toggled.connect(self._something_chosen)
        self._column.addWidget(box)
        return box

    def _show_what_applies(self) -> None:
        """Only what makes a difference for what is chosen can be chosen."""
        chosen = self.chosen
        asks_since = chosen is not None and chosen.has_changes
        for widget in (self._since_label, self.since):
            widget.setVisible(asks_since)
        self.since_hint.setVisible(asks_since and bool(self.since_hint.text()))
        self._show_what_is_limited(chosen)
        self._show_editing_buttons(chosen)

    def _show_what_is_limited(self, chosen: PrintChoice | None) -> None:
        """A layout or pack of the plan's own may be for one priority or organisation already."""
        definition = json.loads(chosen.definition) if chosen is not None and chosen.is_own else {}
        for box, key, everything in (
            (self.priority_box, "priorities", "All priorities"),
            (self.organisation_box, "organisation", "All organisations"),
        ):
            box.setItemText(0, _AS_IS if definition.get(key) else everything)

    def _show_editing_buttons(self, chosen: PrintChoice | None) -> None:
        is_editing = self._editor is not None
        self.layout_box.setEnabled(not is_editing)
        self.change.setText("&Change" if chosen is not None and chosen.is_own else "&Change a copy")
        for button in (self.change, self.make_pack):
            button.setVisible(not is_editing)
            button.setEnabled(self._can_keep and chosen is not None)
        self.delete.setVisible(is_editing and self._own is not None)
        self._keep_row.setVisible(is_editing)
        self.editing_hint.setVisible(is_editing)

    # ------------------------------------------------------------------ choosing

    def _change_request(self, **changes: Any) -> None:
        request = replace(self._request, **changes)
        if request != self._request:
            self.show_request(request)
            self.request_changed.emit(request)

    def _layout_chosen(self) -> None:
        kind, name = self.layout_box.currentData()
        self._change_request(**_naming(PrintKind(kind), name))

    def _something_chosen(self) -> None:
        self._change_request(
            paper=self.paper_box.currentData(),
            landscape=self.turned_box.currentData(),
            size=self.size_box.currentData(),
            priority=self.priority_box.currentData(),
            organisation=self.organisation_box.currentData(),
            exceptions=self.exceptions.isChecked(),
            data=self.data.isChecked(),
        )

    def _since_typed(self, words: str) -> None:
        understood = day_of(words)
        self.since_hint.setText("" if not words.strip() or understood else NOT_A_DAY)
        self.since_hint.setVisible(bool(self.since_hint.text()))

    def _since_left(self) -> None:
        words = self.since.text().strip()
        since = day_of(words)
        if since or not words:
            self._change_request(since=since)

    # ------------------------------------------------------------------ making layouts and packs

    def _change(self) -> None:
        chosen = self.chosen
        if chosen is None:
            return
        if chosen.is_own:
            as_kept = chosen
            chosen, self._request = self._loosened(chosen)
            self._begin(self._request.kind, chosen, chosen.name, as_kept)
        else:
            self._begin(self._request.kind, chosen, self._free_name(chosen.title), None)

    def _loosened(self, own: PrintChoice) -> tuple[PrintChoice, PrintRequest]:
        """What is kept of paper, size and filter as choices of the person, to be chosen otherwise."""
        definition = json.loads(own.definition)
        based_on = self._choices.layout(definition.get("based_on"))
        base = json.loads(based_on.definition) if based_on is not None else {}
        changes = self._loosened_paper(definition, base) | self._loosened_filter(definition, base)
        return replace(own, definition=json.dumps(definition)), replace(self._request, **changes)

    def _loosened_paper(self, definition: dict[str, Any], base: dict[str, Any]) -> dict[str, Any]:
        """What can be chosen here of the paper is taken out of the declaration; what it was, if unusual."""
        changes: dict[str, Any] = {}
        for key, to_choose in (("paper", PAPERS), ("landscape", (True, False)), ("size", TEXT_SIZES)):
            kept, usual = definition.get(key), base.get(key)
            if kept == usual or kept in to_choose:
                definition.pop(key, None)
                if kept != usual and getattr(self._request, key) is None:
                    changes[key] = kept
        return changes

    def _loosened_filter(self, definition: dict[str, Any], base: dict[str, Any]) -> dict[str, Any]:
        """What can be chosen here of the filter is taken out of the declaration; what it was."""
        changes: dict[str, Any] = {}
        if len(definition.get("priorities", ())) == 1:
            changes["priority"] = self._request.priority or definition.pop("priorities")[0]
        if definition.get("organisation"):
            changes["organisation"] = self._request.organisation or definition.pop("organisation")
        if definition.get("rag") == _EXCEPTIONS and base.get("rag") != _EXCEPTIONS:
            changes["exceptions"] = True
            definition.pop("rag")
        return changes

    def _new_pack(self) -> None:
        name = self._free_name("Pack")
        parts = ["cover", "contents", "rag-summary", "suited", "conflicts", "placeholders"]
        definition = json.dumps({"format": 1, "title": name, "parts": parts})
        self._begin(PrintKind.PACK, PrintChoice(name=name, title=name, definition=definition), name, None)

    def _begin(self, kind: PrintKind, choice: PrintChoice, name: str, own: PrintChoice | None) -> None:
        """Begin to edit a layout or pack under a name; ``own`` is the plan's own that it is, if any."""
        self._own = own
        self.show_request(self._request)
        if kind is PrintKind.PACK:
            self.pack_editor.begin(choice, name, self._choices)
            self._show_editor(self.pack_editor)
        else:
            self.layout_editor.begin(choice, name)
            self._show_editor(self.layout_editor)
        self._draft_edited()
        assert self._editor is not None
        self._editor.name.setFocus()
        self._editor.name.selectAll()

    def _show_editor(self, editor: DeclarationEditor | None) -> None:
        self._editor = editor
        for one in (self.layout_editor, self.pack_editor):
            one.setVisible(one is editor)
        self.editing_hint.setText("The paper, text size and limits chosen below are kept with it.")
        self._show_what_applies()

    def _draft_edited(self) -> None:
        editor = self._editor
        if editor is None:
            return
        name, definition = editor.called(), editor.definition()
        can_be_kept = bool(name) and bool(definition.get("parts") or definition.get("columns"))
        self.keep.setEnabled(can_be_kept)
        if not can_be_kept:
            return
        request = replace(self._request, draft=json.dumps(definition), **_naming(editor.kind, name))
        if request != self._request:
            self._request = request
            self._show_what_applies()
            self.request_changed.emit(request)

    def _keep(self) -> None:
        editor, request = self._editor, self._request
        assert editor is not None
        definition = editor.definition() | request.paper_changes()
        if request.priority:
            definition["priorities"] = [request.priority]
        if request.organisation:
            definition["organisation"] = request.organisation
        if request.exceptions:
            definition["rag"] = _EXCEPTIONS
        name_before = self._own.name if self._own else ""
        self.save_asked.emit(editor.kind, editor.called(), definition, name_before)

    def kept(self, kind: PrintKind, name: str) -> None:
        """It is kept in the plan: choose it, with the choices that are part of it now as it has them."""
        self._show_editor(None)
        self._change_request(
            paper=None,
            landscape=None,
            size=None,
            draft=None,
            priority=None,
            organisation=None,
            exceptions=False,
            **_naming(kind, name),
        )

    def _delete(self) -> None:
        assert self._own is not None and self._editor is not None
        self.delete_asked.emit(self._editor.kind, self._own.name)

    def deleted(self) -> None:
        """It is no longer in the plan: go back to what suits the plan best."""
        self._show_editor(None)
        self._change_request(draft=None, layout=None, pack=None)

    def _free_name(self, title: str) -> str:
        """A title with a number that no other layout or pack has."""
        taken = {one.name.casefold() for one in (*self._choices.layouts, *self._choices.packs)}
        number = 1
        while True:
            name = f"Our {title[:80].lower()}" + (f" {number}" if number > 1 else "")
            if name.casefold() not in taken:
                return name
            number += 1


def _naming(kind: PrintKind, name: str) -> dict[str, Any]:
    """The part of a request that names a layout or pack."""
    if kind is PrintKind.PACK:
        return {"pack": name, "layout": None}
    return {"layout": name, "pack": None}


def _titled(choice: PrintChoice) -> str:
    return f"{choice.title} (this plan’s)" if choice.is_own else choice.title


def _size(points: float) -> str:
    return f"{points:g} point" + (" (large print)" if points >= LARGE_PRINT else "")


def _fill(box: ChoiceBox, everything: str, rest: Sequence[tuple[str, str]]) -> None:
    box.clear()
    box.addItem(everything, None)
    for key, words in rest:
        box.addItem(words, key)


def _side_by_side(*widgets: QWidget) -> QWidget:
    holder = QWidget()
    flow = FlowLayout(holder, spacing=theme.scaled(holder, 6), grow=False)
    for widget in widgets:
        flow.addWidget(widget)
    return holder
