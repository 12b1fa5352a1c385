"""The issue desk: whom to ask, for what, by when, and in which words; one press writes the files."""

from __future__ import annotations

import functools
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from cypp_desktop.errors import CyppError
from cypp_desktop.operations.returns.days import due_day
from cypp_desktop.operations.returns.issue_desk import DeskFacts, read_desk
from cypp_desktop.operations.returns.requests import ReturnRequest, ReturnsWritten
from cypp_desktop.plan.dates import day_in_words
from cypp_desktop.plan.words import counted
from cypp_desktop.ui import folders
from cypp_desktop.ui.banner import BannerAction, MessageKind
from cypp_desktop.ui.labels import WrappedLabel
from cypp_desktop.ui.panels.flow_layout import FlowLayout
from cypp_desktop.ui.panels.texts import FittingText
from cypp_desktop.ui.plan_reader import PlanReader
from cypp_desktop.ui.returns.measure_chooser import MeasureChooser
from cypp_desktop.ui.returns.organisation_list import OrganisationList
from cypp_desktop.ui.returns.returns_writer import ReturnsWriter

if TYPE_CHECKING:
    from cypp_desktop.ui.document import PlanDocument
    from cypp_desktop.ui.window_parts import WindowServices

NOT_A_DAY = "Not understood as a day. Try “15 June 2018”."
FOLDER = "Returns"


class IssueDesk(QWidget):
    """Follows the open plan for as long as it is in view."""

    def __init__(self, services: WindowServices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._facts = DeskFacts()
        self._round: str | None = None
        self._chosen: dict[str, frozenset[str]] = {}
        self._due_typed = False
        self._reader = PlanReader(
            services.tasks, "Looking who is asked for what", self, view=self, follows_review=True
        )
        self._reader.due.connect(self._plan_outdated)
        self._reader.found.connect(self._show)
        self._reader.failed.connect(self._not_read)
        self._writer = ReturnsWriter(services.tasks, self)
        self._writer.moved.connect(self._refresh)
        self._writer.ended.connect(self._written)
        self.setAccessibleName("Send returns out")
        self._build()
        self._refresh()

    # ------------------------------------------------------------------ making

    def _build(self) -> None:
        sheet = QWidget()
        column = QVBoxLayout(sheet)
        column.addWidget(
            WrappedLabel(
                "Each organisation ticked gets a file of its own with what it leads, or what you choose for "
                "it, and nothing else. It is filled in with this same application and sent back.",
                muted=True,
            )
        )
        self.list = OrganisationList()
        self.list.changed.connect(self._refresh)
        self.list.choose_wanted.connect(self.choose_measures)
        column.addWidget(self.list, 1)
        column.addWidget(self._make_buttons())
        column.addLayout(self._make_form())
        holder = QScrollArea()
        holder.setFrameShape(QScrollArea.Shape.NoFrame)
        holder.setWidgetResizable(True)
        holder.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        holder.setWidget(sheet)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(holder, 1)
        whole.addLayout(self._make_foot())

    def _make_buttons(self) -> QWidget:
        line = QWidget()
        flow = FlowLayout(line, spacing=6, grow=False)
        self.tick_all = _button("Tick &all", self.list.tick_all)
        self.tick_none = _button("Tick &none", self.list.tick_none)
        self.choose = _button("&Choose measures…", self.choose_measures)
        self.as_led = _button("As it &leads", self._ask_as_led)
        self.as_led.setToolTip("Ask again for what the organisation leads, not for measures chosen")
        for button in (self.tick_all, self.tick_none, self.choose, self.as_led):
            flow.addWidget(button)
        self.list.current_changed.connect(self._refresh)
        return line

    def _make_form(self) -> QFormLayout:
        self.round_box = QComboBox()
        self.round_box.setAccessibleName("Reporting round")
        self.round_box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.round_box.setMinimumContentsLength(20)
        self.round_box.activated.connect(self._round_chosen)
        self.due = QLineEdit()
        self.due.setAccessibleName("Due back by")
        self.due.setPlaceholderText("15 June 2018")
        self.due.textEdited.connect(self._due_edited)
        self.understood = WrappedLabel(muted=True)
        self.folder = QLineEdit()
        self.folder.setAccessibleName("Folder for the files")
        self.folder.textChanged.connect(self._refresh)
        self.browse = _button("Choose &folder…", self._choose_folder)
        self.note = FittingText(3, 10)
        self.note.set_accessible_name("Covering note")
        self.note.set_placeholder("Dear colleague, please update …")
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self._round_label = _label("&Round", self.round_box)
        form.addRow(self._round_label, self.round_box)
        form.addRow(_label("&Due back by", self.due), _across(self.due, self.understood))
        form.addRow(_label("&In the folder", self.folder), _across(self.folder, self.browse))
        form.addRow("Covering no&te", self.note)
        return form

    def _make_foot(self) -> QHBoxLayout:
        self.state = WrappedLabel()
        self.state.setAccessibleName("What will be written")
        self.bar = QProgressBar()
        self.bar.setAccessibleName("Writing returns")
        self.stop = _button("S&top", self._writer.stop)
        self.send = _button("&Write the returns", self.write)
        foot = QHBoxLayout()
        foot.setContentsMargins(9, 0, 9, 4)
        foot.addWidget(self.state, 1)
        for widget in (self.bar, self.stop, self.send):
            foot.addWidget(widget)
        return foot

    # ------------------------------------------------------------------ the plan

    @property
    def _document(self) -> PlanDocument | None:
        return self._reader.document

    def set_document(self, document: PlanDocument | None) -> None:
        """Follow an open plan from now on; None lets go of it at once."""
        self._writer.let_go()
        if document is not self._reader.document:
            self._begin_anew(document)
        self._reader.follow(document)
        self._refresh()

    def _begin_anew(self, document: PlanDocument | None) -> None:
        self._round, self._chosen, self._facts = None, {}, DeskFacts()
        self._due_typed = False
        self.list.clear_all()
        self.due.clear()
        self.understood.setText("")
        self.note.set_markdown("")
        here = document.path if document is not None else None
        base = here.parent if here is not None else Path(self._services.settings.last_folder or Path.home())
        self.folder.setText(str(base / FOLDER))

    def _plan_outdated(self) -> None:
        if not self._writer.is_under_way:  # it reads anew when it is done
            self.reload()

    def reload(self) -> None:
        """Read anew who would be asked for what."""
        if self._document is not None:
            read = functools.partial(
                read_desk,
                round_id=self._round,
                chosen=dict(self._chosen),
                received=self._document.under_review,
            )
            self._reader.ask(functools.partial(self._document.access.read, read))

    def _not_read(self, problem: Exception) -> None:
        """Say why; a bug is raised, for the reporter to log."""
        if not isinstance(problem, CyppError):
            raise problem
        self.state.setText(str(problem))

    # ------------------------------------------------------------------ what is shown

    def _show(self, facts: DeskFacts) -> None:
        self._facts = facts
        with QSignalBlocker(self.round_box):
            self.round_box.clear()
            for each in facts.rounds:
                self.round_box.addItem(each.name or "Round without a name", each.id)
            self.round_box.setCurrentIndex(self.round_box.findData(facts.round_id))
        for widget in (self._round_label, self.round_box):
            widget.setVisible(bool(facts.rounds))
        self._suggest_due()
        self.list.show_facts(facts, set(self._chosen))
        self._refresh()

    def _suggest_due(self) -> None:
        if not self._due_typed:
            due = self._facts.due_of_round
            self.due.setText(day_in_words(due) if due else "")
            self._say_understood()

    def _due_edited(self) -> None:
        self._due_typed = bool(self.due.text().strip())
        self._say_understood()
        self._refresh()

    def _say_understood(self) -> None:
        day = self.due_day
        if not self.due.text().strip():
            self.understood.setText("No day: it will never count as late.")
        elif day is None:
            self.understood.setText(NOT_A_DAY)
        else:
            past = ", which is past" if day < date.today().isoformat() else ""
            self.understood.setText(f"Understood as: {day_in_words(day)}{past}")

    @property
    def due_day(self) -> str | None:
        """The day that was typed, as YYYY-MM-DD."""
        return due_day(self.due.text(), date.today())

    def _round_chosen(self) -> None:
        self._round = self.round_box.currentData()
        self.list.forget_ticks()
        self.reload()

    def _refresh(self) -> None:
        """Say what would be written, and offer what can be done now."""
        under_way = self._writer.is_under_way
        ticked = len(self.list.ticked())
        hindrance = self._hindrance(ticked)
        state = hindrance or "Ready to be written."
        self.send.setText(f"&Write {counted(ticked, 'return')}" if ticked else "&Write the returns")
        self.send.setEnabled(not hindrance and not under_way)
        self.bar.setVisible(under_way)
        self.stop.setVisible(under_way)
        self.bar.setRange(0, self._writer.count)
        self.bar.setValue(self._writer.done)
        self.state.setText(self._writer.words if under_way else state)
        has_current = self.list.current is not None
        self.choose.setEnabled(has_current and not under_way)
        self.as_led.setEnabled(has_current and self.list.current in self._chosen and not under_way)
        for button in (self.tick_all, self.tick_none):
            button.setEnabled(bool(self._facts.organisations) and not under_way)

    def _hindrance(self, ticked: int) -> str:
        """Why nothing can be written, in words; nothing where all is well."""
        if self._document is None:
            return "No plan is open."
        if self._document.state.read_only:
            return "This plan is open for reading only. Save it under another name to send returns out."
        if not self._facts.organisations:
            return "Looking…" if self._reader.is_reading else "The plan names no organisation yet."
        if not ticked:
            return "Tick the organisations to ask."
        if self.due.text().strip() and self.due_day is None:
            return f"The day by which it is due: {NOT_A_DAY.lower()}"
        return "" if self.folder.text().strip() else "Choose a folder for the files."

    # ------------------------------------------------------------------ what is done

    def choose_measures(self) -> None:
        """Choose the measures that the current organisation is asked for, whoever leads them."""
        current = self.list.current
        line = self._facts.organisation(current)
        if line is None:
            return
        dialog = MeasureChooser(line.asked.name, self._facts.measures, line.asked.scope.measures, self)
        if self._services.dialogs.run(dialog):
            self._chosen[line.asked.organisation_id] = dialog.ticked()
            self.list.tick(line.asked.organisation_id, bool(self._chosen[line.asked.organisation_id]))
            self.reload()
        dialog.deleteLater()

    def _ask_as_led(self) -> None:
        if self.list.current is not None and self._chosen.pop(self.list.current, None) is not None:
            self.reload()

    def _choose_folder(self) -> None:
        now = Path(self.folder.text())
        chosen = self._services.dialogs.folder(
            self, "Folder for the returns", folders.begins_in(now, now.parent)
        )
        if chosen is not None:
            self.folder.setText(str(chosen))

    def write(self) -> None:
        """Write a file for every organisation that is ticked, one after another."""
        ticked = self.list.ticked()
        if self._document is None or self._writer.is_under_way or self._hindrance(len(ticked)):
            return
        requests = []
        for line in self._facts.organisations:
            if line.asked.organisation_id in ticked:
                request = ReturnRequest(
                    organisation_id=line.asked.organisation_id,
                    name=line.asked.name,
                    due=self.due_day,
                    round_id=self._facts.round_id,
                    note=self.note.markdown().strip() or None,
                    measures=self._chosen.get(line.asked.organisation_id),
                )
                requests.append(request)
        self._writer.begin(self._document, Path(self.folder.text().strip()), requests)

    def _written(self, written: ReturnsWritten) -> None:
        """Say what was written and what was not; who got a file is no longer ticked."""
        for organisation_id in written.organisations:
            self.list.tick(organisation_id, False)
        kind, actions = MessageKind.INFO, []
        if written.files:
            kind = MessageKind.DONE
            show = functools.partial(self._services.dialogs.show_folder, written.folder)
            actions = [BannerAction("Open the folder", show, closes=False)]
        if written.problems:
            kind = MessageKind.PROBLEM
        self._services.banners.show_message(kind, written.words, actions, about="returns written")
        self._refresh()
        self.reload()


def _button(words: str, run: object) -> QPushButton:
    button = QPushButton(words)
    button.setAutoDefault(False)
    button.clicked.connect(run)
    return button


def _label(words: str, widget: QWidget) -> QLabel:
    label = QLabel(words)
    label.setBuddy(widget)
    return label


def _across(*widgets: QWidget) -> QWidget:
    holder = QWidget()
    flow = FlowLayout(holder, spacing=8)
    for widget in widgets:
        flow.addWidget(widget)
    return holder
