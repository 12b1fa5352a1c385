"""The side panel of the print place: what to print, for whom, on what paper; and making layouts and packs."""

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
    LARGE_PRINT,
    PAPERS,
    TEXT_SIZES,
    PrintChoice,
    PrintChoices,
    PrintRequest,
)
from cypp_desktop.plan.dates import day_in_words
from cypp_desktop.ui import theme
from cypp_desktop.ui.labels import WrappedLabel
from cypp_desktop.ui.panels.days import NOT_A_DAY, day_of
from cypp_desktop.ui.panels.flow import FlowLayout
from cypp_desktop.ui.panels.inputs import Choice, Line
from cypp_desktop.ui.printing.editors import DeclarationEditor, LayoutEditor, PackEditor

_AS_IS = "As the layout has it"
_GOES_ALONG = (
    "Whoever has the PDF can then open as a plan what stands on these pages. Working notes, texts of other "
    "rounds, e‑mail addresses and all else that is not printed stay out; so do lists of what changed and of "
    "what waits to be decided."
)


class PrintOptions(QScrollArea):
    """Shows a wish and lets the person change it.

    While a layout or pack is being made, the wish has it as a draft; `keeping` and `deleting` ask that it is
    kept in the plan, or no longer.
    """

    #: The person wants it otherwise: the Wish.
    wished = Signal(object)
    #: Keep a layout or pack: ("layout" or "pack", name, declaration, name it was kept under before or "").
    keeping = Signal(str, str, object, str)
    #: Delete a layout or pack of the plan's own: ("layout" or "pack", name).
    deleting = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wish = PrintRequest()
        self._offer = PrintChoices()
        self._own: PrintChoice | None = None
        self._can_keep = True
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._build()

    # ------------------------------------------------------------------ what is shown

    def show_offer(self, offer: PrintChoices, wish: PrintRequest, can_keep: bool) -> None:
        """Show what there is to choose from and what is chosen; ``can_keep``: the plan may change."""
        self._offer, self._can_keep = offer, can_keep
        box = self.layout_box
        box.clear()
        for layout in offer.layouts:
            box.addItem(_titled(layout), ("layout", layout.name))
        box.insertSeparator(box.count())
        for pack in offer.packs:
            box.addItem(_titled(pack), ("pack", pack.name))
        _fill(self.priority_box, "All priorities", offer.priorities)
        _fill(self.organisation_box, "All organisations", offer.organisations)
        self.problems.setText("\n".join(offer.problems))
        self.problems.setVisible(bool(offer.problems))
        self.show_wish(wish)

    def show_wish(self, wish: PrintRequest) -> None:
        """Show what is chosen."""
        self._wish = wish
        kind, name = ("pack", wish.pack) if wish.pack else ("layout", wish.layout)
        for at in range(self.layout_box.count()):
            if self.layout_box.itemData(at) == (kind, name):
                self.layout_box.setCurrentIndex(at)
        for box, value in (
            (self.paper_box, wish.paper),
            (self.turned_box, wish.landscape),
            (self.size_box, wish.size),
            (self.priority_box, wish.priority),
            (self.organisation_box, wish.organisation),
        ):
            box.setCurrentIndex(max(0, box.findData(value)))
        for tick, on in ((self.exceptions, wish.exceptions), (self.data, wish.data)):
            tick.blockSignals(True)
            tick.setChecked(on)
            tick.blockSignals(False)
        if not self.since.hasFocus():
            self.since.setText(day_in_words(wish.since) if wish.since else "")
        self._show_what_applies()

    @property
    def chosen(self) -> PrintChoice | None:
        """The layout or pack that is chosen."""
        return self._offer.pack(self._wish.pack) or self._offer.layout(self._wish.layout)

    @property
    def title(self) -> str:
        """What the layout or pack that is chosen is called."""
        if self._editing is not None:
            return self._editing.called()
        return self.chosen.title if self.chosen is not None else "Plan"

    def end_making(self) -> None:
        """Leave what was being made without keeping it."""
        if self._editing is not None:
            self._show_editing(None)
            self._wish_for(draft=None)

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
        self._build_making()
        self.since = Line()
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

    def _build_making(self) -> None:
        self._editing: DeclarationEditor | None = None
        self.change = QPushButton("&Change a copy")
        self.change.clicked.connect(self._change)
        self.make_pack = QPushButton("New pac&k")
        self.make_pack.clicked.connect(self._new_pack)
        self._column.addWidget(_side_by_side(self.change, self.make_pack))
        self.layout_editing, self.pack_editing = LayoutEditor(), PackEditor()
        for editing in (self.layout_editing, self.pack_editing):
            editing.edited.connect(self._draft_edited)
            editing.hide()
            self._column.addWidget(editing)
        self.making_hint = WrappedLabel(muted=True)
        self._column.addWidget(self.making_hint)
        self.keep = QPushButton("&Keep in the plan")
        self.keep.clicked.connect(self._keep)
        self.delete = QPushButton("Delete from the plan")
        self.delete.clicked.connect(self._delete)
        self.leave = QPushButton("&Back without keeping")
        self.leave.clicked.connect(self.end_making)
        self._keep_row = _side_by_side(self.keep, self.leave, self.delete)
        self._keep_row.hide()
        self.making_hint.hide()
        self._column.addWidget(self._keep_row)

    def _labelled(self, words: str, widget: QWidget) -> QLabel:
        label = QLabel(words)
        label.setBuddy(widget)
        label.setContentsMargins(0, theme.scaled(self, 6), 0, 0)
        self._column.addWidget(label)
        self._column.addWidget(widget)
        return label

    def _choice(self, label: str, choices: Sequence[tuple[Any, str]]) -> Choice:
        box = Choice()
        box.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
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
        dated = chosen is not None and chosen.dated
        for widget in (self._since_label, self.since):
            widget.setVisible(dated)
        self.since_hint.setVisible(dated and bool(self.since_hint.text()))
        own_filter = json.loads(chosen.definition) if chosen is not None and chosen.row is not None else {}
        for box, key, everything in (
            (self.priority_box, "priorities", "All priorities"),
            (self.organisation_box, "organisation", "All organisations"),
        ):
            box.setItemText(0, _AS_IS if own_filter.get(key) else everything)
        making = self._editing is not None
        self.layout_box.setEnabled(not making)
        own = chosen is not None and chosen.row is not None
        self.change.setText("&Change" if own else "&Change a copy")
        for button in (self.change, self.make_pack):
            button.setVisible(not making)
            button.setEnabled(self._can_keep and chosen is not None)
        self.delete.setVisible(making and self._own is not None)
        self._keep_row.setVisible(making)
        self.making_hint.setVisible(making)

    # ------------------------------------------------------------------ choosing

    def _wish_for(self, **changes: Any) -> None:
        wish = replace(self._wish, **changes)
        if wish != self._wish:
            self.show_wish(wish)
            self.wished.emit(wish)

    def _layout_chosen(self) -> None:
        kind, name = self.layout_box.currentData()
        is_pack = kind == "pack"
        self._wish_for(layout=None if is_pack else name, pack=name if is_pack else None)

    def _something_chosen(self) -> None:
        self._wish_for(
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
            self._wish_for(since=since)

    # ------------------------------------------------------------------ making layouts and packs

    def _change(self) -> None:
        chosen = self.chosen
        if chosen is not None:
            own = chosen if chosen.row is not None else None
            name = chosen.name if own else self._free_name(chosen.title)
            if own is not None:
                chosen, self._wish = self._loosened(own)
            self._begin("pack" if self._wish.pack else "layout", chosen, name, own)

    def _loosened(self, own: PrintChoice) -> tuple[PrintChoice, PrintRequest]:
        """What is kept of paper, size and filter as choices of the person, to be chosen otherwise."""
        definition = json.loads(own.definition)
        based_on = self._offer.layout(definition.get("based_on"))
        base = json.loads(based_on.definition) if based_on is not None else {}
        changes: dict[str, Any] = {}
        for key, offered in (("paper", PAPERS), ("landscape", (True, False)), ("size", TEXT_SIZES)):
            kept = definition.get(key)
            if kept == base.get(key) or kept in offered:
                definition.pop(key, None)
                if kept != base.get(key) and getattr(self._wish, key) is None:
                    changes[key] = kept
        if len(definition.get("priorities", ())) == 1:
            changes["priority"] = self._wish.priority or definition.pop("priorities")[0]
        if definition.get("organisation"):
            changes["organisation"] = self._wish.organisation or definition.pop("organisation")
        if definition.get("rag") == ["red", "amber"] != base.get("rag"):
            changes["exceptions"] = True
            definition.pop("rag")
        return replace(own, definition=json.dumps(definition)), replace(self._wish, **changes)

    def _new_pack(self) -> None:
        name = self._free_name("Pack")
        parts = ["cover", "contents", "rag-summary", "suited", "conflicts", "placeholders"]
        definition = json.dumps({"format": 1, "title": name, "parts": parts})
        self._begin("pack", PrintChoice(name, name, definition), name, None)

    def _begin(self, kind: str, offered: PrintChoice, name: str, own: PrintChoice | None) -> None:
        self._own = own
        self.show_wish(self._wish)
        if kind == "pack":
            self.pack_editing.begin(offered, name, self._offer)
            self._show_editing(self.pack_editing)
        else:
            self.layout_editing.begin(offered, name)
            self._show_editing(self.layout_editing)
        self._draft_edited()
        assert self._editing is not None
        self._editing.name.setFocus()
        self._editing.name.selectAll()

    def _show_editing(self, editing: DeclarationEditor | None) -> None:
        self._editing = editing
        for one in (self.layout_editing, self.pack_editing):
            one.setVisible(one is editing)
        self.making_hint.setText("The paper, text size and limits chosen below are kept with it.")
        self._show_what_applies()

    def _draft_edited(self) -> None:
        editing = self._editing
        if editing is None:
            return
        name, is_pack = editing.called(), editing is self.pack_editing
        self.keep.setEnabled(bool(name))
        if name and self._holds_something():
            before = self._wish
            wish = replace(before, draft=json.dumps(editing.definition()))
            wish = replace(wish, pack=name, layout=None) if is_pack else replace(wish, layout=name, pack=None)
            if wish != before:
                self._wish = wish
                self._show_what_applies()
                self.wished.emit(wish)
        else:
            self.keep.setEnabled(False)

    def _holds_something(self) -> bool:
        assert self._editing is not None
        definition = self._editing.definition()
        return bool(definition.get("parts") or definition.get("columns"))

    def _keep(self) -> None:
        editing = self._editing
        assert editing is not None
        wish, definition = self._wish, editing.definition()
        given = {"paper": wish.paper, "landscape": wish.landscape, "size": wish.size}
        definition |= {key: value for key, value in given.items() if value is not None}
        if wish.priority:
            definition["priorities"] = [wish.priority]
        if wish.organisation:
            definition["organisation"] = wish.organisation
        if wish.exceptions:
            definition["rag"] = ["red", "amber"]
        kind = "pack" if editing is self.pack_editing else "layout"
        self.keeping.emit(kind, editing.called(), definition, self._own.name if self._own else "")

    def kept(self, kind: str, name: str) -> None:
        """It is kept in the plan: choose it, with the choices that are part of it now as it has them."""
        self._show_editing(None)
        changes: dict[str, Any] = {"paper": None, "landscape": None, "size": None, "draft": None}
        changes |= {"priority": None, "organisation": None, "exceptions": False}
        chosen = {"pack": name, "layout": None} if kind == "pack" else {"layout": name, "pack": None}
        self._wish_for(**changes, **chosen)

    def _delete(self) -> None:
        assert self._own is not None
        self.deleting.emit("pack" if self._editing is self.pack_editing else "layout", self._own.name)

    def deleted(self) -> None:
        """It is no longer in the plan: go back to what suits the plan best."""
        self._show_editing(None)
        self._wish_for(draft=None, layout=None, pack=None)

    def _free_name(self, title: str) -> str:
        """A title with a number that no other layout or pack has."""
        taken = {one.name.casefold() for one in (*self._offer.layouts, *self._offer.packs)}
        number = 1
        while True:
            name = f"Our {title[:80].lower()}" + (f" {number}" if number > 1 else "")
            if name.casefold() not in taken:
                return name
            number += 1


def _titled(offered: PrintChoice) -> str:
    return f"{offered.title} (this plan’s)" if offered.row is not None else offered.title


def _size(points: float) -> str:
    return f"{points:g} point" + (" (large print)" if points >= LARGE_PRINT else "")


def _fill(box: Choice, everything: str, rest: Sequence[tuple[str, str]]) -> None:
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
