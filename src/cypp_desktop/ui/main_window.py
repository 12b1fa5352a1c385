"""The window: title, menus, side rail, tree and panel, find box, messages, state line.

It puts the parts together and remembers how they stood. What the menus do is the matter of `open_commands`,
`save_commands` and the others named so, what an open plan is of `document`; rows of a plan are never touched
here.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QKeySequence,
    QSessionManager,
    QShortcut,
)
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLineEdit,
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from cypp_desktop.plan.outline import Outline
from cypp_desktop.plan.signs import shown_on_one_line
from cypp_desktop.settings import Settings
from cypp_desktop.ui import focus, icons, theme, window_state
from cypp_desktop.ui.autosave import Typing
from cypp_desktop.ui.banner import BannerArea, MessageKind
from cypp_desktop.ui.dialogs import Dialogs
from cypp_desktop.ui.document import PlanDocument
from cypp_desktop.ui.edit_commands import EditCommands
from cypp_desktop.ui.export_commands import ExportCommands
from cypp_desktop.ui.file_claim import FileClaim
from cypp_desktop.ui.find_commands import FindCommands
from cypp_desktop.ui.history.removal import RemovalCommands
from cypp_desktop.ui.menus import Menus
from cypp_desktop.ui.open_commands import OpenCommands
from cypp_desktop.ui.plan_file_tasks import Look
from cypp_desktop.ui.plan_page import PlanPage
from cypp_desktop.ui.rail_pages import PLAN, RailPages
from cypp_desktop.ui.return_commands import ReturnCommands
from cypp_desktop.ui.review import KEY as REVIEW
from cypp_desktop.ui.review.commands import ReviewCommands
from cypp_desktop.ui.review.questions import OpenQuestions
from cypp_desktop.ui.save_commands import SaveCommands
from cypp_desktop.ui.start_page import StartPage
from cypp_desktop.ui.status import StatusLine
from cypp_desktop.ui.tasks import Tasks
from cypp_desktop.ui.view_commands import APPLICATION_NAME, ViewCommands
from cypp_desktop.ui.window_parts import (
    DocumentPart,
    MenuCommands,
    PanelPart,
    TreePart,
    WindowParts,
    WindowServices,
)

if TYPE_CHECKING:
    from cypp_desktop.plan.search import Hit


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
        parts: WindowParts,
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
        self.services = WindowServices(
            dialogs=self.dialogs,
            tasks=self.tasks,
            banners=self.banners,
            settings=settings,
            go_to=self.go_to,
            show_page=self.show_page,
            questions=self.questions,
        )
        #: Whether the rows of a plan are on the screen.
        self.shows_outline = False
        self._paper_actions: Sequence[QAction] = ()
        self.setObjectName("MainWindow")
        self.setWindowIcon(icons.application_icon())
        self.status = StatusLine(self.tasks)
        self.setStatusBar(self.status)
        self.stack = QStackedWidget()
        self._make_commands(appearance)
        self._build()
        self._build_menus()
        window_state.restore_window(self, self.plan_page, self.settings)
        self.refresh_actions()
        app = cast(QGuiApplication, QGuiApplication.instance())
        app.applicationStateChanged.connect(self._application_state_changed)
        app.commitDataRequest.connect(self._session_ends, Qt.ConnectionType.DirectConnection)
        self.services.autosave.changed.connect(self.refresh_state)

    # ------------------------------------------------------------------ making

    def _make_commands(self, appearance: theme.Theme) -> None:
        """The commands of the menus. Each is given the few things of the window that it needs."""
        claim = FileClaim(self, self.services)
        claim.wanted.connect(self.come_forward)
        self._editing = EditCommands(self, self.status, keep_typing=self.keep_typing)
        self._saving = SaveCommands(
            self,
            self.services,
            self.status,
            claim,
            clock=self.clock,
            keep_typing=self.keep_typing,
            file_moved=self.file_moved,
            release_document=self.release_document,
        )
        self._opening = OpenCommands(
            self,
            self.services,
            screen=self,
            saving=self._saving,
            claim=claim,
            import_plan=self.parts.import_plan,
            offer_review=self._offer_review,
            clock=self.clock,
        )
        self._opening.ended.connect(self.opening_ended)
        self._opening.handed_over.connect(self.handed_over)
        self._opening.file_silent.connect(self.file_silent)
        self._view = ViewCommands(self, self.services, appearance, next_pane=self.next_pane)
        ask = self._view.ask_for_name_once
        self._returns = ReturnCommands(
            self, self.services, self.parts, open_plan=self.open_plan, ask_for_name=ask
        )
        self._exporting = ExportCommands(self, self.services)
        self._removal = RemovalCommands(self, self.services)
        mine = self._editing, self._saving, self._opening, self._removal, self._returns, self._exporting
        self._commands: list[MenuCommands] = [*mine]
        self._finding: FindCommands | None = None
        if self.parts.find is not None:
            make_list = functools.partial(self.parts.find, self.services)
            self._finding = FindCommands(
                self, self.stack, make_list, show_hit=self._show_hit, next_pane=self.next_pane
            )
            self._commands.append(self._finding)
        self.reviewing: ReviewCommands | None = None
        if any(page.key == REVIEW for page in self.parts.pages):
            self.reviewing = ReviewCommands(self, self.services, self.status, self.questions)
            self._commands.append(self.reviewing)

    def _offer_review(self, look: Look) -> bool:
        return self.reviewing is not None and self.reviewing.offer(look)

    def _build(self) -> None:
        tree = self.parts.tree(self.services)
        self.tree = cast(TreePart, tree)
        self.tree.row_selected.connect(self._row_selected)
        self.plan_page = PlanPage(tree)
        self.pages = RailPages(
            self.stack, self.plan_page, self.parts.pages, self.services, focus_plan=self.plan_page.focus_rows
        )
        self.rail = self.pages.rail
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

    def _build_menus(self) -> None:
        self.menus = menus = Menus(self)
        self._opening.add_to(menus)
        self._saving.add_to(menus)
        self._exporting.add_to(menus)
        menus.separator("&File")
        self._opening.add_close_to(menus)
        menus.add("&File", "quit", "&Quit", self.close, "Ctrl+Q")
        self._editing.add_to(menus)
        if self._finding is not None:
            self._finding.add_to(menus)
        menus.separator("&Edit")
        self._removal.add_to(menus)
        menus.add("&Edit", "preferences", "&Preferences…", self._view.choose_preferences, "Ctrl+,")
        menus.add_all("&Plan", self.tree.menu_actions())
        self.pages.add_history_to(menus)
        self._returns.add_to(menus)
        if self.reviewing is not None:
            self.reviewing.add_to(menus)
        if self.parts.print_actions:
            self._paper_actions = self.parts.print_actions(self.services, self)
            menus.add_all("P&rint", self._paper_actions)
        self.pages.add_to(menus)
        self._view.add_to(menus)
        QShortcut(QKeySequence("F6"), self, self.next_pane)
        QShortcut(QKeySequence("Shift+F6"), self, self.previous_pane)

    # ------------------------------------------------------------------ what is shown

    def show_start_page(self) -> None:
        """Show the start page; no plan is open."""
        self.shows_outline = False
        if self.start_page is None:
            self.start_page = StartPage(self.tasks, can_import=self.parts.import_plan is not None)
            self._opening.serve(self.start_page)
            self.stack.addWidget(self.start_page)
        self.stack.setCurrentWidget(self.start_page)
        self.start_page.buttons["open"].setFocus()
        self._offer_what_suits()
        self.rail.hide()
        self.status.hide()
        self.setWindowTitle(APPLICATION_NAME)
        self.setWindowModified(False)
        self._show_recent()
        self.refresh_actions()

    def _show_recent(self) -> None:
        files = [Path(name) for name in self.settings.recent_files]
        self.menus.show_recent(files)
        if self.start_page is not None:
            self.start_page.show_recent(files)

    def show_outline(self, path: Path, outline: Outline) -> None:
        """Show the rows of a plan while its editor is still being loaded."""
        self.shows_outline = True
        self._entitle(outline.title or path.stem, outline.marking)
        self.tree.show_outline(outline)
        window_state.restore_expansion(self.tree, self.settings, path)
        self.status.show_opening()
        self._show_plan_page()
        self.outline_shown.emit()

    def show_document(self, document: PlanDocument) -> None:
        """Show an open plan, ready to be edited."""
        if self.panels is None:  # made now: they edit through mapped classes, which are loaded by now
            panels = self.parts.panels(self.services)
            self.plan_page.put_panels(panels)
            self.panels = cast(PanelPart, panels)
        self.document = document
        document.setParent(self)
        document.changed.connect(self._document_changed)
        document.undo_state_changed.connect(self.refresh_actions)
        document.publish_state_changed.connect(self.refresh_state)
        document.replaced.connect(self._document_replaced)
        document.typing_wanted.connect(self.keep_typing)
        for part in self._told_of_document():
            part.set_document(document)
        self._offer_what_suits()
        if document.path is not None:
            window_state.restore_rows(self.tree, self.settings, document.path)
        self._show_plan_page()
        self._refresh_words()
        self.file_moved()
        self.refresh_actions()

    def file_moved(self) -> None:
        """The open plan has another file now."""
        if self.document is not None and self.document.path is not None:
            self.settings.remember_file(self.document.path)
            self._show_recent()
            self.services.keep_settings()
        self.refresh_state()

    def release_document(self) -> None:
        """Let go of the open plan, having remembered how it stood, and show the start page."""
        if self.document is not None and self.document.path is not None:
            window_state.remember_rows(self.tree, self.settings, self.document.path)
        self.document = None
        for part in self._told_of_document():
            part.set_document(None)
        self.banners.clear()
        self.status.show_state(None, self.clock())
        self.status.show_count(None)
        self.show_start_page()

    def show_page(self, key: str) -> QWidget:
        """Show a page of the side rail, "plan" or the key of another, and give it."""
        return self.pages.show(key)

    def go_to(self, row_type: str, row_id: str) -> None:
        """Show a row in tree and panel."""
        self.show_page(PLAN)
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
        self._opening.open(path, of_last_time=of_last_time)

    def offer_what_was_left(self) -> None:
        """Offer work of an earlier start that is in no file."""
        self._opening.offer_what_was_left()

    def show_problem(self, kind: MessageKind, words: str) -> None:
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
        self._saving.refresh(self.menus)

    def refresh_actions(self) -> None:
        """Grey what can't be done now; name what undo and redo would do."""
        is_open = self.document is not None
        self.pages.refresh(self.menus)
        for action in self._paper_actions:
            action.setEnabled(is_open)
        for commands in self._commands:
            commands.refresh(self.menus)

    def _entitle(self, title: str, marking: str) -> None:
        before = f"{marking} — " if marking else ""
        # as Qt has it, "[*]" stands where it says that something is not saved
        words = shown_on_one_line(f"{before}{title}").replace("[*]", "[*][*]")
        self.setWindowTitle(f"{words}[*] — {APPLICATION_NAME}")

    def _show_plan_page(self) -> None:
        self._offer_what_suits()
        self.status.show()
        if self.stack.currentWidget() is self.start_page:
            self.show_page(PLAN)
        elif self.focusWidget() is None:
            self.tree.focus_rows()

    def _offer_what_suits(self) -> None:
        """Offer the pages and commands of a plan, or of a return; a rail with one page is none."""
        pages = self._returns.offer_what_suits(self.menus, self._column, self._saving.finish)
        self.pages.offer(pages)

    def _told_of_document(self) -> list[DocumentPart]:
        """Whatever is told which plan is open: commands first, then what shows it."""
        told: list[DocumentPart] = [*self._commands, self._view, self.questions]
        if self.panels is not None:
            told.append(self.panels)
        return [*told, self.tree, self.pages]

    def _document_changed(self, changed: object) -> None:
        self._refresh_words()
        self._view.ask_for_name_once()

    def _document_replaced(self) -> None:
        """Every row may be another: the parts take the plan in anew, at the row where the person was."""
        if self.document is None:
            return
        expanded, selected = self.tree.expanded_rows(), self.tree.selected_row()
        for part in self._told_of_document():
            part.set_document(self.document)
        self.tree.expand_rows(expanded)
        if selected and self.tree.select_row(*selected) and self.panels is not None:
            self.panels.show_row(*selected)
        self._refresh_words()

    def _refresh_words(self) -> None:
        if self.document is not None:
            self._entitle(self.document.title, self.document.marking)
            is_plan = self.document.asked is None  # over a return, its bar counts
            self.status.show_count(self.document.measure_count if is_plan else None)

    def _show_hit(self, hit: Hit) -> None:
        """Show where words were found."""
        self.go_to(hit.row_type, hit.row_id)
        if self.panels is not None:
            self.panels.show_field(hit.field, hit.found[1], hit.terms)

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
        panes: list[QWidget | None] = [shown]
        if shown is self.plan_page:
            panes = [self.plan_page.tree, self.plan_page.panels]
        panes += [self.find_box, self.rail, self._returns.bar, self.banners]
        return [pane for pane in panes if pane is not None and pane.isVisibleTo(self) and pane.isEnabled()]

    def next_pane(self, step: int = 1) -> None:
        """Move the cursor to the next part of the window: tree, panel, find box, rail, messages."""
        pane = focus.pane_after(self._panes(), self.focusWidget(), step)
        if pane is self.plan_page.tree:
            self.tree.focus_rows()
        else:
            focus.focus_first(pane)

    def previous_pane(self) -> None:
        """Move the cursor to the part before."""
        self.next_pane(-1)

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

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self._returns.would_take(event)

    def dropEvent(self, event: QDropEvent) -> None:
        self._returns.take(event)

    def end(self) -> None:
        """End the application as the system asks, with no question: what is in no file stays kept here."""
        document = self.document
        if self._saving.leave_plan():
            self._remember(document)
            self.tasks.stop_all()
            QApplication.exit(0)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Publish and close; the person is only asked when the file could not be written."""
        document = self.document
        if not self._opening.close_plan():
            event.ignore()
            return
        self._remember(document)
        self.tasks.stop_all()
        event.accept()

    def _remember(self, document: PlanDocument | None) -> None:
        """Keep for the next start which plan was open, and how the window stood."""
        open_file = document.path if document is not None else None
        self.settings.last_file = str(open_file) if open_file else None
        window_state.remember_window(self, self.plan_page, self.settings)
        self.services.keep_settings()
