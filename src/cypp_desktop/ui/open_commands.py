"""The head of the File menu: new, open, import, and what an earlier start left; and closing the open plan.

How a file is opened while the window stays alive is the matter of `plan_opener`, closing and saving that of
`save_commands`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget

from cypp_desktop.errors import CyppError, FileProblem
from cypp_desktop.store.files import quoted
from cypp_desktop.ui import folders, plan_file_tasks, single_window
from cypp_desktop.ui.banner import BannerAction, MessageKind
from cypp_desktop.ui.file_claim import FileClaim
from cypp_desktop.ui.file_kinds import PLANS, SOURCES, TO_OPEN
from cypp_desktop.ui.menus import Menus
from cypp_desktop.ui.plan_opener import PlanOpener
from cypp_desktop.ui.save_commands import SaveCommands
from cypp_desktop.ui.start_page import StartPage
from cypp_desktop.ui.unsaved_work import UnsavedWorkOffers

if TYPE_CHECKING:
    from cypp_desktop.plan.outline import Outline
    from cypp_desktop.store.recoverable import Recoverable
    from cypp_desktop.ui.document import PlanDocument
    from cypp_desktop.ui.window_parts import ImportPlan, WindowServices

#: What the message is about that says that a file does not answer.
_SILENT: Final = "silent"


class PlanScreen(Protocol):
    """Where plans are shown: what opening one asks of the window."""

    #: Whether the rows of a plan are on the screen.
    shows_outline: bool

    def show_start_page(self) -> None:
        """Show the start page; no plan is open."""
        ...

    def show_outline(self, path: Path, outline: Outline) -> None:
        """Show the rows of a plan while its editor is still being loaded."""
        ...

    def show_document(self, document: PlanDocument) -> None:
        """Show an open plan, ready to be edited."""
        ...

    def release_document(self) -> None:
        """Let go of the open plan, and show the start page."""
        ...

    def come_forward(self) -> None:
        """Bring the window to the front."""
        ...


class OpenCommands(QObject):
    """The commands that bring a plan into the window. One of these serves a window."""

    #: A plan is open and its editor loaded, or its opening has failed: (whether it is open).
    ended = Signal(bool)
    #: The plan that was to be opened is shown by another window, which has come forward.
    handed_over = Signal()
    #: The plan that is to be opened has not answered for a while; the start page is shown meanwhile.
    file_silent = Signal()

    def __init__(
        self,
        window: QWidget,
        services: WindowServices,
        *,
        screen: PlanScreen,
        saving: SaveCommands,
        claim: FileClaim,
        import_plan: ImportPlan | None,
        offer_review: Callable[[plan_file_tasks.Look], bool],
        clock: Callable[[], datetime],
    ) -> None:
        """`window` is what dialogs stand over. `offer_review` offers to review a file that is another copy
        of the open plan, and says whether that is all that is wanted of it.
        """
        super().__init__(window)
        self._window, self._services, self._screen = window, services, screen
        self._saving, self._claim = saving, claim
        self._import_plan, self._offer_review = import_plan, offer_review
        self._document: PlanDocument | None = None
        self._opener = PlanOpener(services.tasks, services.settings, self)
        self._opener.looked.connect(self._looked)
        self._opener.opened.connect(self._opened)
        self._opener.failed.connect(self._not_opened)
        self._opener.silent.connect(self._silent)
        self._left = UnsavedWorkOffers(
            window, services, clock, is_wanted=self._has_room_for_offers, open_left=self._open_left
        )
        self._is_of_last_time = False

    def set_document(self, document: PlanDocument | None) -> None:
        """Know which plan is open from now on."""
        self._document = document

    def add_to(self, menus: Menus) -> None:
        """Put the commands into the File menu."""
        keys = QKeySequence.StandardKey
        menus.add("&File", "new", "&New plan…", self.new, keys.New)
        menus.add("&File", "open", "&Open…", self.choose_and_open, keys.Open)
        menus.add_recent("&File", self.open)
        if self._import_plan is not None:
            menus.add("&File", "import", "&Import a Word plan…", self.choose_and_import, "Ctrl+Shift+I")

    def add_close_to(self, menus: Menus) -> None:
        """Put closing into the File menu, where what it holds has been added."""
        keys = QKeySequence.StandardKey
        menus.add("&File", "close", "&Close plan", self.close_plan, keys.Close)

    def refresh(self, menus: Menus) -> None:
        """Grey what can't be done while no plan is open."""
        menus.enable({"close": self._document is not None})

    def serve(self, page: StartPage) -> None:
        """Do what is chosen on the start page."""
        page.open_wanted.connect(self.choose_and_open)
        page.new_wanted.connect(self.new)
        page.import_wanted.connect(self.choose_and_import)
        page.sample_wanted.connect(self.open_sample)
        page.recent_opened.connect(self.open)
        page.recent_removed.connect(self.forget)

    # ------------------------------------------------------------------ what the person asks for

    def choose_and_open(self) -> None:
        """Ask for a plan file and open it."""
        path = self._services.dialogs.open_file(self._window, "Open a plan", TO_OPEN, self._folder())
        if path is not None:
            self._services.settings.last_folder = str(path.parent)
            self.open(path)

    def open(self, path: Path, *, of_last_time: bool = False) -> None:
        """Open a plan file: its rows at once, the editor right after. `ended` says how it went."""
        self._services.banners.dismiss(_SILENT)
        self._is_of_last_time = of_last_time
        if self._is_shown(path):
            self._screen.come_forward()
        elif single_window.bring_forward(path):
            self._hand_over()
        else:
            self._opener.look_at(path)

    def open_sample(self) -> None:
        """Open the sample as a plan without a file, so that nothing can be spoilt."""
        if self.close_plan():
            self._opener.make(plan_file_tasks.sample)

    def new(self) -> None:
        """Ask where, and begin an empty plan there."""
        suggested = self._folder() / "New plan.cypp"
        path = self._services.dialogs.save_file(self._window, "New plan", PLANS, suggested)
        if path is not None and self.close_plan():
            self._services.settings.last_folder = str(path.parent)
            self._opener.make(functools.partial(plan_file_tasks.new_file, path))

    def choose_and_import(self) -> None:
        """Ask for a source document; the import's own preview does the rest."""
        if self._import_plan is None:
            return
        dialogs = self._services.dialogs
        source = dialogs.open_file(self._window, "Import a Word plan", SOURCES, self._folder())
        if source is None:
            return
        self._services.settings.last_folder = str(source.parent)
        made = self._import_plan(self._services, self._window, source)
        if made is not None:
            self.open(made)

    def forget(self, path: Path) -> None:
        """Take a plan off the recent files."""
        self._services.settings.forget_file(path)
        self._services.keep_settings()
        self._screen.show_start_page()

    def close_plan(self) -> bool:
        """Publish and close the open plan. False when the person would rather stay, or work is under way."""
        if self._document is None or not self._document.is_busy:
            self._opener.give_up()
            self._services.banners.dismiss(_SILENT)
        return self._saving.close_plan()

    def _folder(self) -> Path:
        """Where file dialogs begin: where the last one ended, or in the documents."""
        return folders.begins_in(self._services.settings.last_folder)

    # ------------------------------------------------------------------ what was left by an earlier start

    def offer_what_was_left(self) -> None:
        """Offer work of an earlier start that is in no file. Looks in the background."""
        self._left.offer()

    def _has_room_for_offers(self) -> bool:
        return self._document is None and (not self._opener.is_at_work or self._opener.is_silent)

    def _open_left(self, left: Recoverable) -> None:
        if self.close_plan():
            self._opener.make(functools.partial(plan_file_tasks.recover, left))

    # ------------------------------------------------------------------ what the opener tells

    def _is_shown(self, path: Path) -> bool:
        shown = self._document.path if self._document is not None else None
        return shown is not None and single_window.key_of(shown) == single_window.key_of(path)

    def _looked(self, look: plan_file_tasks.Look) -> None:
        """The file answers: call the window that shows it, or take its rows on the screen and open it."""
        self._services.banners.dismiss(_SILENT)
        if self._is_shown(look.path):
            self._opener.give_up()
            self._screen.come_forward()
        elif single_window.bring_forward(look.path):
            self._opener.give_up()
            self._hand_over()
        elif self._offer_review(look):
            self._opener.give_up()
            self.ended.emit(False)
        elif self._saving.close_plan():
            self._left.forget(look.path)
            if look.outline is not None:
                self._screen.show_outline(look.path, look.outline)
            self._opener.go_on()
        else:
            self._opener.give_up()

    def _hand_over(self) -> None:
        """Another window shows the plan, and has come forward."""
        if self._document is None:
            self._screen.show_start_page()
        self.handed_over.emit()
        self.ended.emit(False)

    def _silent(self, path: Path) -> None:
        """Say that a file does not answer, and let the person do something else meanwhile."""
        if self._document is None and not self._screen.shows_outline:
            self._screen.show_start_page()
        self._services.banners.show_message(
            MessageKind.INFO,
            f"{quoted(path)} does not answer yet. The disk or share it is on may be out of reach. It opens "
            "as soon as it answers; until then you can go on with another plan.",
            [BannerAction("Stop waiting", self._stop_waiting)],
            about=_SILENT,
        )
        self.file_silent.emit()

    def _stop_waiting(self) -> None:
        self._opener.give_up()
        if self._document is None:
            self._screen.release_document()
        self.ended.emit(False)

    def _opened(self, document: PlanDocument, asked: Path | None) -> None:
        """Show an opened plan, claim it for this window, and say what the person should know of it."""
        self._is_of_last_time = False
        self._services.banners.dismiss(_SILENT)
        self._saving.follow(document)
        self._screen.show_document(document)
        self._claim.claim(document, asked)
        self._saving.tell_of(document)
        self.ended.emit(True)

    def _not_opened(self, problem: Exception, path: Path | None) -> None:
        """Show the start page and what went wrong; a bug is raised, for the reporter to log."""
        of_last_time, self._is_of_last_time = self._is_of_last_time, False
        self._screen.release_document()
        self.ended.emit(False)
        if not isinstance(problem, CyppError):
            raise problem
        words, actions = str(problem), []
        is_out_of_reach = type(problem) is FileProblem  # its place answers otherwise, or not at all
        if path is not None and is_out_of_reach:
            again = functools.partial(self.open, path, of_last_time=of_last_time)
            actions = [
                BannerAction("Try again", again),
                BannerAction("Open another plan…", self.choose_and_open),
            ]
        if of_last_time:
            what = "is out of reach" if is_out_of_reach else "could not be opened"
            words = f"The plan that was open last {what}. {words}"
        self._services.banners.show_message(MessageKind.WARNING, words, actions, about="problem")
