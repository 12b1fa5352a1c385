"""The window: title, menus, side rail, tree and panel, find box, messages, state line.

It puts the parts together and remembers how they stood. What happens to files is the matter of
`file_commands`, what an open plan is of `document`; rows of a plan are never touched here.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import cast

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QSessionManager,
    QShortcut,
)
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLineEdit,
    QMainWindow,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from cypp_desktop import settings as preferences
from cypp_desktop.errors import CyppError
from cypp_desktop.plan.outline import Outline
from cypp_desktop.settings import Settings
from cypp_desktop.ui import focus, icons, left_off, theme
from cypp_desktop.ui.autosave import Typing
from cypp_desktop.ui.banner import BannerAction, BannerArea
from cypp_desktop.ui.dialogs import Dialogs
from cypp_desktop.ui.document import PlanDocument
from cypp_desktop.ui.file_commands import FileCommands
from cypp_desktop.ui.find_commands import FindCommands
from cypp_desktop.ui.menus import Menus
from cypp_desktop.ui.parts import OtherPlace, PanelPart, Parts, Services, TreePart
from cypp_desktop.ui.rail import Rail
from cypp_desktop.ui.return_commands import ReturnCommands
from cypp_desktop.ui.review import KEY as REVIEW
from cypp_desktop.ui.review.commands import ReviewCommands
from cypp_desktop.ui.review.questions import OpenQuestions
from cypp_desktop.ui.start_page import StartPage
from cypp_desktop.ui.status import StatusLine
from cypp_desktop.ui.tasks import Tasks
from cypp_desktop.ui.view_commands import APPLICATION_NAME, ViewCommands

_PLAN = "plan"
_HISTORY = "history"
#: How the width is shared between the tree and the panel.
_TREE_SHARE, _PANEL_SHARE = 2, 3


class MainWindow(QMainWindow):
    """One window for one plan. Made with no plan it shows the start page."""

    #: A plan is open and its editor loaded, or its opening has failed: (whether it is open).
    opening_ended = Signal(bool)
    #: The plan that was to be opened is shown by another window, which has come forward.
    handed_over = Signal()
    #: The plan that is to be opened has not answered for a while; the start page is shown meanwhile.
    file_silent = Signal()
    #: The rows of a plan are on the screen, perhaps to look at only as yet.
    outline_shown = Signal()

    def __init__(
        self,
        parts: Parts,
        settings: Settings,
        appearance: theme.Theme,
        *,
        dialogs: Dialogs | None = None,
        clock: Callable[[], datetime] = datetime.now,
    ) -> None:
        super().__init__()
        self.settings = settings
        self.dialogs = dialogs or Dialogs()
        self.clock = clock
        self.tasks = Tasks(self)
        self.banners = BannerArea()
        self.parts = parts
        self.document: PlanDocument | None = None
        self.start_page: StartPage | None = None
        self.panels: PanelPart | None = None
        self.questions = OpenQuestions(self.tasks, self)
        self.services = Services(self.dialogs, self.tasks, self.banners, settings, self.go_to, self.questions)
        self._asked_for_name = False
        #: Whether the rows of a plan are on the screen.
        self.shows_outline = False
        self._places: dict[str, QWidget] = {}
        self._paper_actions: Sequence[QAction] = ()
        self._commands = FileCommands(self)
        self._view = ViewCommands(self, appearance)
        self._finding = FindCommands(self) if parts.find is not None else None
        self._returns = ReturnCommands(self)
        self.setObjectName("MainWindow")
        self.setWindowIcon(icons.application_icon())
        self._build()
        has_review = any(place.key == REVIEW for place in parts.places)
        self.reviewing = ReviewCommands(self, self.questions) if has_review else None
        self._build_menus()
        left_off.restore_window(self, self.splitter, self.settings)
        self.refresh_actions()
        app = cast(QGuiApplication, QGuiApplication.instance())
        app.applicationStateChanged.connect(self._application_state_changed)
        app.commitDataRequest.connect(self._session_ends, Qt.ConnectionType.DirectConnection)
        self.services.autosave.changed.connect(self.refresh_state)

    # ------------------------------------------------------------------ making

    def _build(self) -> None:
        tree = self.parts.tree(self.services)
        self.tree = cast(TreePart, tree)
        self.tree.row_selected.connect(self._row_selected)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setAccessibleName("Tree and panel")
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(tree)
        self._waiting = QWidget()
        self.splitter.addWidget(self._waiting)
        self.splitter.setStretchFactor(0, _TREE_SHARE)
        self.splitter.setStretchFactor(1, _PANEL_SHARE)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.splitter)
        self._places[_PLAN] = self.splitter
        rail_places = [(_PLAN, "Plan", "list-tree"), *((p.key, p.label, p.sign) for p in self.parts.places)]
        self.rail = Rail(rail_places)
        self.rail.chosen.connect(self.show_place)
        self.status = StatusLine(self.tasks)
        self.setStatusBar(self.status)
        centre = QWidget()
        self._column = column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        if self._finding is not None:
            self._finding.place_box(column)
        column.addWidget(self.banners)
        across = QHBoxLayout()
        across.setSpacing(0)
        across.addWidget(self.rail)
        across.addWidget(self.stack, 1)
        column.addLayout(across, 1)
        self.setCentralWidget(centre)

    def _make_start_page(self) -> StartPage:
        page = StartPage(self.tasks, can_import=self.parts.import_plan is not None)
        page.open_wanted.connect(self._commands.choose_and_open)
        page.new_wanted.connect(self._commands.new)
        page.import_wanted.connect(self._commands.choose_and_import)
        page.sample_wanted.connect(self._commands.open_sample)
        page.recent_opened.connect(self._commands.open)
        page.recent_removed.connect(self._commands.forget)
        self.stack.addWidget(page)
        return page

    def _make_panels(self) -> PanelPart:
        """The panels edit through mapped classes, so they are made when those are loaded."""
        panels = self.parts.panels(self.services)
        sizes = self.splitter.sizes()
        self.splitter.replaceWidget(1, panels)
        self.splitter.setStretchFactor(1, _PANEL_SHARE)  # it belongs to the widget, not to its place
        self._waiting.deleteLater()
        panels.show()
        self.splitter.setSizes(sizes)
        return cast(PanelPart, panels)

    def _build_menus(self) -> None:
        self.menus = menus = Menus(self)
        self._commands.add_to(menus)
        self._add_edit_menu(menus)
        menus.add_all("&Plan", self.tree.menu_actions())
        if any(place.key == _HISTORY for place in self.parts.places):
            menus.separator("&Plan")
            show = functools.partial(self.show_place, _HISTORY)
            menus.add("&Plan", "history", "&History of the plan…", show, "Ctrl+H")
        self._returns.add_to(menus)
        if self.reviewing is not None:
            self.reviewing.add_to(menus)
        if self.parts.print_actions:
            self._paper_actions = self.parts.print_actions(self.services, self)
            menus.add_all("P&rint", self._paper_actions)
        self._add_places(menus)
        self._view.add_to(menus)
        QShortcut(QKeySequence("F6"), self, self.next_pane)
        QShortcut(QKeySequence("Shift+F6"), self, self.previous_pane)

    def _add_edit_menu(self, menus: Menus) -> None:
        keys = QKeySequence.StandardKey
        menus.add("&Edit", "undo", "&Undo", self._commands.undo, keys.Undo)
        menus.add("&Edit", "redo", "&Redo", self._commands.redo, keys.Redo)
        if self._finding is not None:
            self._finding.add_to(menus)
        menus.separator("&Edit")
        menus.add("&Edit", "preferences", "&Preferences…", self._view.choose_preferences, "Ctrl+,")

    def _add_places(self, menus: Menus) -> None:
        places = [(_PLAN, "&Plan"), *((place.key, place.label) for place in self.parts.places)]
        if len(places) > 1:
            for number, (key, label) in enumerate(places, 1):
                choose = functools.partial(self.show_place, key)
                menus.add("&View", f"place:{key}", label, choose, f"Ctrl+{number}")
            menus.separator("&View")

    # ------------------------------------------------------------------ what is shown

    def show_start_page(self) -> None:
        """Show the start page; no plan is open."""
        self.shows_outline = False
        if self.start_page is None:
            self.start_page = self._make_start_page()
        self.stack.setCurrentWidget(self.start_page)
        self.start_page.buttons["open"].setFocus()
        self._offer_what_suits()
        self.rail.hide()
        self.status.hide()
        self.setWindowTitle(APPLICATION_NAME)
        self.setWindowModified(False)
        files = [Path(name) for name in self.settings.recent_files]
        self.start_page.show_recent(files)
        self.menus.show_recent(files)
        self.refresh_actions()

    def show_outline(self, path: Path, outline: Outline) -> None:
        """Show the rows of a plan while its editor is still being loaded."""
        self.shows_outline = True
        self._entitle(outline.title or path.stem)
        self.tree.show_outline(outline)
        left_off.restore_expansion(self.tree, self.settings, path)
        self.status.show_opening()
        self._show_plan_place()
        self.outline_shown.emit()

    def show_document(self, document: PlanDocument) -> None:
        """Show an open plan, ready to be edited."""
        if self.panels is None:
            self.panels = self._make_panels()
        self.document = document
        document.setParent(self)
        document.changed.connect(self._document_changed)
        document.undo_state_changed.connect(self.refresh_actions)
        document.publish_state_changed.connect(self.refresh_state)
        document.replaced.connect(self._document_replaced)
        document.typing_wanted.connect(self.keep_typing)
        for part in self._parts_of_document():
            part.set_document(document)
        self._offer_what_suits()
        if document.path is not None:
            left_off.restore_rows(self.tree, self.settings, document.path)
        self._show_plan_place()
        self._refresh_words()
        self.document_moved()
        self.refresh_actions()

    def document_moved(self) -> None:
        """The open plan has another file now."""
        if self.document is not None and self.document.path is not None:
            self.settings.remember_file(self.document.path)
            self.menus.show_recent([Path(name) for name in self.settings.recent_files])
            self.keep_settings()
        self.refresh_state()

    def release_document(self) -> None:
        """Let go of the open plan, having remembered how it stood, and show the start page."""
        if self.document is not None and self.document.path is not None:
            left_off.remember_rows(self.tree, self.settings, self.document.path)
        self.document = None
        for part in self._parts_of_document():
            part.set_document(None)
        self.banners.clear()
        self.status.show_state(None, self.clock())
        self.status.show_count("")
        self.show_start_page()

    def show_place(self, key: str) -> None:
        """Show a place of the side rail: "plan" or the key of another."""
        if key not in self._places:
            place = next(place for place in self.parts.places if place.key == key)
            widget = place.make(self.services)
            self._places[key] = widget
            self.stack.addWidget(widget)
            cast(OtherPlace, widget).set_document(self.document)
        self.rail.show_chosen(key)
        self.stack.setCurrentWidget(self._places[key])
        self._focus_pane(self._places[key])

    def go_to(self, row_type: str, row_id: str) -> None:
        """Show a row in tree and panel."""
        self.show_place(_PLAN)
        self.tree.select_row(row_type, row_id)
        if self.panels is not None:  # the row may be in no tree, or the tree's current one all along
            self.panels.show_row(row_type, row_id)

    def come_forward(self) -> None:
        """Bring the window to the front, out of the task bar if need be."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def open_plan(self, path: Path, *, of_last_time: bool = False) -> None:
        """Open a plan file, or bring the window forward that shows it."""
        self._commands.open(path, of_last_time=of_last_time)

    def offer_what_was_left(self) -> None:
        """Offer work of an earlier start that is in no file."""
        self._commands.offer_what_was_left()

    def show_problem(self, kind: str, words: str) -> None:
        """Show what went wrong, without stopping anybody."""
        self.banners.show_message(kind, words, about="problem")

    def keep_typing(self) -> None:
        """Hand what is being typed to the plan now."""
        if self.panels is not None:
            self.panels.commit()
        self.services.autosave.keep_now()

    def refresh_state(self) -> None:
        """Say anew what is saved where."""
        if self.document is None:
            return
        state = replace(self.document.state, typing=self.services.autosave.state)
        self.status.show_state(state, self.clock())
        self.setWindowModified(state.unpublished or state.typing is not Typing.KEPT)
        self._commands.refresh(self.menus)

    def refresh_actions(self) -> None:
        """Grey what can't be done now; name what undo and redo would do."""
        document = self.document
        undo, redo = (document.undo_name, document.redo_name) if document else (None, None)
        self.menus.actions["undo"].setText(f"&Undo: {undo}" if undo else "&Undo")
        self.menus.actions["redo"].setText(f"&Redo: {redo}" if redo else "&Redo")
        self.menus.enable({"undo": bool(undo), "redo": bool(redo), "history": document is not None})
        self.menus.enable(
            {name: document is not None for name in self.menus.actions if name.startswith("place:")}
        )
        for action in self._paper_actions:
            action.setEnabled(document is not None)
        self._commands.refresh(self.menus)
        self._returns.refresh(self.menus)
        if self._finding is not None:
            self._finding.refresh(self.menus)
        if self.reviewing is not None:
            self.reviewing.refresh(self.menus)

    def _entitle(self, title: str) -> None:
        self.setWindowTitle(f"{title}[*] — {APPLICATION_NAME}")

    def _show_plan_place(self) -> None:
        self._offer_what_suits()
        self.status.show()
        if self.stack.currentWidget() is self.start_page:
            self.show_place(_PLAN)
        elif self.focusWidget() is None:
            self.tree.focus_rows()

    def _offer_what_suits(self) -> None:
        """Offer the places and commands of a plan, or of a return; a rail with one place is none."""
        places = [_PLAN, *self._returns.offer_what_suits(self._column, self._commands.finish)]
        self.rail.offer(places)
        self.rail.setVisible(len(places) > 1)

    def _parts_of_document(self) -> list[OtherPlace]:
        others = [widget for key, widget in self._places.items() if key != _PLAN]
        found = [self._finding.part] if self._finding is not None and self._finding.part is not None else []
        first = [self.panels] if self.panels is not None else []
        found += [self.return_bar] if self.return_bar is not None else []
        return [
            self.questions,
            *first,
            self.tree,
            *(cast(OtherPlace, widget) for widget in (*others, *found)),
        ]

    def _document_changed(self, changed: object) -> None:
        self._refresh_words()
        if not self.settings.author and not self._asked_for_name:
            self._asked_for_name = True
            self._ask_for_name()

    def _ask_for_name(self) -> None:
        if self.document is not None:
            self.banners.show_message(
                "info",
                f"Your changes are recorded under “{self.document.author}”, the name of this account.",
                [BannerAction("Give your name…", self._view.choose_preferences)],
                about="name",
            )

    def _document_replaced(self) -> None:
        """Every row may be another: the parts take the plan in anew, at the row where the person was."""
        if self.document is None:
            return
        expanded, selected = self.tree.expanded_rows(), self.tree.selected_row()
        for part in self._parts_of_document():
            part.set_document(self.document)
        self.tree.expand_rows(expanded)
        if selected and self.tree.select_row(*selected) and self.panels is not None:
            self.panels.show_row(*selected)
        self._refresh_words()

    def _refresh_words(self) -> None:
        if self.document is not None:
            self._entitle(self.document.title)
            count = self.document.measure_count
            words = "1 measure" if count == 1 else f"{count:,} measures"
            self.status.show_count(words if self.document.asked is None else "")  # its bar counts

    def _row_selected(self, row_type: str, row_id: str) -> None:
        if self.panels is not None and self.document is not None:
            self.panels.show_row(row_type, row_id)

    # ------------------------------------------------------------------ finding and moving about

    @property
    def find_box(self) -> QLineEdit | None:
        """The box for words to find, where there is one."""
        return self._finding.box if self._finding is not None else None

    @property
    def return_bar(self) -> QWidget | None:
        """What stands over a return, once one was open."""
        return self._returns.bar

    def _panes(self) -> list[QWidget]:
        shown = self.stack.currentWidget()
        middle = [self.splitter.widget(0), self.splitter.widget(1)] if shown is self.splitter else [shown]
        panes: list[QWidget | None] = [*middle, self.find_box, self.rail, self._returns.bar, self.banners]
        return [pane for pane in panes if pane is not None and pane.isVisibleTo(self) and pane.isEnabled()]

    def next_pane(self, step: int = 1) -> None:
        """Move the cursor to the next part of the window: tree, panel, find box, rail, messages."""
        panes = self._panes()
        now = self.focusWidget()
        here = [i for i, pane in enumerate(panes) if now and (pane is now or pane.isAncestorOf(now))]
        self._focus_pane(panes[((here[0] if here else -1) + step) % len(panes)])

    def _focus_pane(self, pane: QWidget) -> None:
        if pane in (self.splitter, self.splitter.widget(0)):
            self.tree.focus_rows()
        else:
            focus.focus_first(pane)

    def previous_pane(self) -> None:
        """Move the cursor to the part before."""
        self.next_pane(-1)

    def keep_settings(self) -> None:
        """Write the settings; that they could not be written is said, and stops nothing."""
        try:
            preferences.save(self.settings)
        except CyppError as problem:
            self.banners.show_message("warning", str(problem), about="preferences")

    # ------------------------------------------------------------------ what Qt tells

    def _application_state_changed(self, state: Qt.ApplicationState) -> None:
        """Publish what is outstanding soon after the person has turned to another program."""
        self.services.autosave.keep_now()
        if state != Qt.ApplicationState.ApplicationActive and self.document is not None:
            self.document.publish_soon()

    def _session_ends(self, manager: QSessionManager) -> None:
        """The person logs out, or the machine is shut down."""
        self.keep_typing()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and not self.isActiveWindow():
            self.services.autosave.keep_now()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes through the window as the eye does, whatever was made when."""
        return focus.move_focus(self, forward=forward) or super().focusNextPrevChild(forward)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leads from the panel back to the rows of the tree."""
        now, panel = self.focusWidget(), self.splitter.widget(1)
        in_panel = now is not None and panel is not None and panel.isAncestorOf(now)
        if in_panel and event.key() == Qt.Key.Key_Escape and not event.modifiers():
            self.tree.focus_rows()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self._returns.would_take(event)

    def dropEvent(self, event: QDropEvent) -> None:
        self._returns.take(event)

    def end(self) -> None:
        """End the application as the system asks, with no question: what is in no file stays kept here."""
        document = self.document
        if self._commands.leave_plan():
            self._remember(document)
            self.tasks.stop_all()
            QApplication.exit(0)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Publish and close; the person is only asked when the file could not be written."""
        document = self.document
        if not self._commands.close_plan():
            event.ignore()
            return
        self._remember(document)
        self.tasks.stop_all()
        event.accept()

    def _remember(self, document: PlanDocument | None) -> None:
        """Keep for the next start which plan was open, and how the window stood."""
        open_file = document.path if document is not None else None
        self.settings.last_file = str(open_file) if open_file else None
        left_off.remember_window(self, self.splitter, self.settings)
        self.keep_settings()
