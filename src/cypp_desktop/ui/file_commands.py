"""What the File menu does: new, open, import, save, copies, revert, backups, close.

Knows the window and the open document; asks through `Dialogs` and tells through the banners. How a
plan gets opened while the window stays alive is the matter of `plan_opener`.
"""

from __future__ import annotations

import functools
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence

from cypp_desktop.errors import CyppError, FileProblem
from cypp_desktop.ui import folders, opening, single
from cypp_desktop.ui.autosave import Typing
from cypp_desktop.ui.banner import BannerAction
from cypp_desktop.ui.dialogs import Choice
from cypp_desktop.ui.left_work import LeftWork
from cypp_desktop.ui.menus import Menus
from cypp_desktop.ui.plan_opener import PlanOpener
from cypp_desktop.ui.status import moment_words

if TYPE_CHECKING:
    from cypp_desktop.store.publish import Published
    from cypp_desktop.store.recoverable import Recoverable
    from cypp_desktop.ui.document import PlanDocument
    from cypp_desktop.ui.main_window import MainWindow

PLANS: Final = "Plans (*.cypp)"
RETURNS: Final = "Returns (*.cypp-return)"
TO_OPEN: Final = f"Plans and returns (*.cypp *.cypp-return);;{PLANS};;{RETURNS}"
SOURCES: Final = (
    "Word plans and plan JSON (*.docx *.doc *.json);;Word plans (*.docx *.doc);;Plan JSON (*.json)"
)
#: How long a passing word stays in the status line, in milliseconds.
_MOMENT: Final = 5_000
#: What the message is about that says that a file does not answer.
_SILENT: Final = "silent"


class FileCommands(QObject):
    """The commands on the plan's file. One of these serves a window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._claim = single.PlanWindowClaim(self)
        self._claim.wanted.connect(window.come_forward)
        self._opener = PlanOpener(window.tasks, window.settings, self)
        self._opener.looked.connect(self._looked)
        self._opener.opened.connect(self._take_on)
        self._opener.failed.connect(self._not_opened)
        self._opener.silent.connect(self._silent)
        self._left = LeftWork(window, self._has_room_for_offers, self._open_left)
        self._is_of_last_time = False

    def add_to(self, menus: Menus) -> None:
        """Put the commands into the File menu."""
        keys = QKeySequence.StandardKey
        menus.add("&File", "new", "&New plan…", self.new, keys.New)
        menus.add("&File", "open", "&Open…", self.choose_and_open, keys.Open)
        menus.add_recent("&File", self.open)
        if self._window.parts.import_plan is not None:
            menus.add("&File", "import", "&Import a Word plan…", self.choose_and_import, "Ctrl+Shift+I")
        menus.separator("&File")
        menus.add("&File", "finish", "&Finish and save for return", self.finish, "Ctrl+Shift+R")
        menus.add("&File", "save", "&Save to the file", self.save, keys.Save)
        menus.add("&File", "save as", "Save &as…", self.save_as, "Ctrl+Shift+S")
        menus.add("&File", "save copy", "Save a co&py…", self.save_copy)
        menus.separator("&File")
        menus.add("&File", "revert", "Re&vert to the published file…", self.revert)
        menus.add("&File", "backups", "&Backups…", self.choose_backup)
        menus.separator("&File")
        menus.add("&File", "close", "&Close plan", self.close_plan, keys.Close)
        menus.add("&File", "quit", "&Quit", self._window.close, "Ctrl+Q")

    def refresh(self, menus: Menus) -> None:
        """Grey what can't be done with the plan as it is."""
        document = self._window.document
        state = document.state if document else None
        can_save = state is not None and not state.read_only
        can_revert = state is not None and state.unpublished and not state.never_published
        menus.enable(dict.fromkeys(("save as", "save copy", "backups", "close"), document is not None))
        menus.enable({"save": can_save, "finish": can_save, "revert": can_revert})

    # ------------------------------------------------------------------ opening

    def choose_and_open(self) -> None:
        """Ask for a plan file and open it."""
        path = self._window.dialogs.open_file(self._window, "Open a plan", TO_OPEN, self._folder())
        if path is not None:
            self._window.settings.last_folder = str(path.parent)
            self.open(path)

    def open(self, path: Path, *, of_last_time: bool = False) -> None:
        """Open a plan file: its rows at once, the editor right after. `opening_ended` says how it went."""
        self._window.banners.dismiss(_SILENT)
        self._is_of_last_time = of_last_time
        if self._is_shown(path):
            self._window.come_forward()
        elif single.bring_forward(path):
            self._hand_over()
        else:
            self._opener.look_at(path)

    def open_sample(self) -> None:
        """Open the sample as a plan without a file, so that nothing can be spoilt."""
        if self.close_plan():
            self._opener.make(opening.sample)

    def new(self) -> None:
        """Ask where, and begin an empty plan there."""
        suggested = self._folder() / "New plan.cypp"
        path = self._window.dialogs.save_file(self._window, "New plan", PLANS, suggested)
        if path is not None and self.close_plan():
            self._window.settings.last_folder = str(path.parent)
            self._opener.make(functools.partial(opening.new_file, path))

    def choose_and_import(self) -> None:
        """Ask for a source document; the import's own preview does the rest."""
        importer = self._window.parts.import_plan
        if importer is None:
            return
        source = self._window.dialogs.open_file(self._window, "Import a Word plan", SOURCES, self._folder())
        if source is None:
            return
        self._window.settings.last_folder = str(source.parent)
        made = importer(self._window.services, self._window, source)
        if made is not None:
            self.open(made)

    def forget(self, path: Path) -> None:
        """Take a plan off the recent files."""
        self._window.settings.forget_file(path)
        self._window.keep_settings()
        self._window.show_start_page()

    def offer_what_was_left(self) -> None:
        """Offer work of an earlier start that is in no file. Looks in the background."""
        self._left.offer()

    def _has_room_for_offers(self) -> bool:
        return self._window.document is None and (not self._opener.is_at_work or self._opener.is_silent)

    def _open_left(self, left: Recoverable) -> None:
        if self.close_plan():
            self._opener.make(functools.partial(opening.recover, left))

    def _is_shown(self, path: Path) -> bool:
        document = self._window.document
        return bool(document and document.path and single.key_of(document.path) == single.key_of(path))

    def _looked(self, look: opening.Look) -> None:
        """The file answers: call the window that shows it, or take its rows on the screen and open it."""
        self._window.banners.dismiss(_SILENT)
        if self._is_shown(look.path):
            self._opener.give_up()
            self._window.come_forward()
        elif single.bring_forward(look.path):
            self._opener.give_up()
            self._hand_over()
        elif self._window.reviewing is not None and self._window.reviewing.offer(look):
            self._opener.give_up()
            self._window.opening_ended.emit(False)
        elif self._close_document():
            self._left.forget(look.path)
            if look.outline is not None:
                self._window.show_outline(look.path, look.outline)
            self._opener.go_on()
        else:
            self._opener.give_up()

    def _hand_over(self) -> None:
        """Another window shows the plan, and has come forward."""
        if self._window.document is None:
            self._window.show_start_page()
        self._window.handed_over.emit()
        self._window.opening_ended.emit(False)

    def _silent(self, path: Path) -> None:
        """Say that a file does not answer, and let the person do something else meanwhile."""
        if self._window.document is None and not self._window.shows_outline:
            self._window.show_start_page()
        self._window.banners.show_message(
            "info",
            f"“{path.name}” does not answer yet. The disk or share it is on may be out of reach. It opens as "
            "soon as it answers; until then you can go on with another plan.",
            [BannerAction("Stop waiting", self._stop_waiting)],
            about=_SILENT,
        )
        self._window.file_silent.emit()

    def _stop_waiting(self) -> None:
        self._opener.give_up()
        if self._window.document is None:
            self._window.release_document()
        self._window.opening_ended.emit(False)

    def _not_opened(self, problem: Exception, path: Path | None) -> None:
        """Show the start page and what went wrong; a bug is raised, for the reporter to log."""
        of_last_time, self._is_of_last_time = self._is_of_last_time, False
        self._window.release_document()
        self._window.opening_ended.emit(False)
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
        self._window.banners.show_message("warning", words, actions, about="problem")

    def _take_on(self, document: PlanDocument, asked: Path | None) -> None:
        """Show an opened plan, claim it for this window, and say what the person should know of it."""
        self._is_of_last_time = False
        self._window.banners.dismiss(_SILENT)
        document.published.connect(self._published)
        document.publish_failed.connect(self._publish_failed)
        self._window.show_document(document)
        self._claim_file(document, asked)
        if document.left_at is not None:
            self._offer_recovered(document, document.left_at)
        elif document.state.read_only:
            self._window.banners.show_message(
                "info",
                "This plan is shown read-only: its file can’t be written from here. "
                "Save as makes a file of your own.",
                [BannerAction("Save as…", self.save_as)],
                about="read-only",
            )
        self._window.opening_ended.emit(True)

    def _who_else_found(self, others: list[str]) -> None:
        if others and self._window.document is not None:
            self._window.banners.show_message(
                "info",
                f"A note beside the file says who else has it open: {', '.join(others)}. Nobody’s changes "
                "are overwritten: whoever saves second takes in what the other has saved.",
                about="open elsewhere",
            )

    def _claim_file(self, document: PlanDocument, asked: Path | None = None) -> None:
        if document.path is not None and not document.state.read_only:
            self._claim.claim(document.path, asked or document.path)
            look = functools.partial(opening.who_else, document.path, document.working_id)
            self._window.tasks.start(
                "Looking who has it open", look, self._who_else_found, quiet=True, may_hang=True
            )

    # ------------------------------------------------------------------ what was left by a kill

    def _offer_recovered(self, document: PlanDocument, left_at: datetime) -> None:
        when = moment_words(left_at, self._window.clock())
        actions = [BannerAction("Continue with them", document.accept_recovered)]
        if not document.state.never_published:
            actions.append(BannerAction("Show the published file", self._drop_recovered))
        words = f"Changes kept on this laptop {when} were not yet published."
        self._window.banners.show_message("warning", words, actions, about="recovered")

    def _drop_recovered(self) -> None:
        if self._window.document is not None:
            self._window.document.revert()
            self._window.banners.show_message(
                "done",
                "This is the published file. The changes that were not published are among the backups.",
                [BannerAction("Backups…", self.choose_backup)],
                about="recovered",
            )

    # ------------------------------------------------------------------ saving

    def save(self) -> None:
        """Write the file now; a plan that has none yet is asked for one."""
        document = self._committed()
        if document is None:
            return
        if document.path is None:
            self.save_as()
            return
        try:
            document.publish()
        except CyppError as problem:
            self._publish_failed(problem)

    def finish(self) -> None:
        """Write a return as done, and say where it is and to whom it goes back."""
        document = self._committed()
        if document is None:
            return
        from cypp_desktop.ui.returns.finishing import finish_return

        try:
            finish_return(self._window.services, document)
        except CyppError as problem:
            self._publish_failed(problem)

    def save_as(self) -> None:
        """Ask for a file and go on with that one."""
        document = self._committed()
        path = self._ask_where("Save as", document, "") if document else None
        if document is None or path is None:
            return
        document.save_as(path)
        self._window.banners.dismiss("read-only")
        self._window.banners.dismiss("recovered")
        self._file_moved(document)

    def save_copy(self) -> None:
        """Ask for a file, write the plan there, and go on with this one."""
        document = self._committed()
        path = self._ask_where("Save a copy", document, " copy") if document else None
        if document is None or path is None:
            return
        made = document.save_copy(path)
        self._window.banners.show_message("done", f"A copy is saved as “{made.name}”.", about="copy")

    def revert(self) -> None:
        """Go back to the published file, once the person has said so."""
        document = self._committed()
        if document is None:
            return
        choice = Choice("revert", "Go back to the published file", destructive=True)
        answer = self._window.dialogs.ask(
            self._window,
            "Revert",
            "Go back to the plan as it stands in its file?",
            [choice],
            detail="What you have changed since is kept as a backup.",
        )
        if answer == "revert":
            document.revert()

    def choose_backup(self) -> None:
        """Show the backups and put the one back that is chosen."""
        from cypp_desktop.ui.backups_dialog import BackupsDialog

        document = self._committed()
        if document is None:
            return
        dialog = BackupsDialog(
            document.backups(), can_restore=not document.state.read_only, parent=self._window
        )
        if self._window.dialogs.run(dialog) and dialog.chosen is not None:
            document.restore(dialog.chosen)
            self._window.banners.show_message(
                "done",
                "The backup is put back. What you had before it is among the backups too.",
                about="restored",
            )
        dialog.deleteLater()

    def undo(self) -> None:
        """Take the last step back."""
        document = self._committed()
        if document is not None:
            self._window.status.showMessage(f"Undone: {document.undo()}", _MOMENT)

    def redo(self) -> None:
        """Bring the step undone last back."""
        document = self._committed()
        if document is not None:
            self._window.status.showMessage(f"Redone: {document.redo()}", _MOMENT)

    def close_plan(self) -> bool:
        """Publish and close the open plan. False when the person would rather stay, or work is under way."""
        if self._window.document is None or not self._window.document.is_busy:
            self._opener.give_up()
            self._window.banners.dismiss(_SILENT)
        return self._close_document()

    def _close_document(self) -> bool:
        if self._window.document is not None and self._window.document.is_busy:
            return False
        document = self._committed()
        if document is None:
            return True
        if not self._may_drop_typing():
            return False
        untouched = document.path is None and document.undo_name is None and document.redo_name is None
        if not untouched and document.state.unpublished:
            after = self._settle(document)
            if after is None:
                return False
            untouched = after == "throw"
        self._let_go(document, discard=untouched)
        return True

    def leave_plan(self) -> bool:
        """Close the open plan and ask nothing: what is not in its file stays kept on this machine.

        False while work is under way in it, which is not broken off.
        """
        document = self._committed()
        if document is None:
            return True
        if document.is_busy:
            return False
        self._let_go(document, discard=False)
        return True

    def _let_go(self, document: PlanDocument, *, discard: bool) -> None:
        self._window.release_document()
        self._claim.release()
        if discard:
            document.discard()
        else:
            document.close()
        document.deleteLater()

    def _may_drop_typing(self) -> bool:
        """Ask where what was typed last cannot be kept; True where there is no such thing."""
        if self._window.services.autosave.state is not Typing.NOT_KEPT:
            return True
        words = "What you typed last can’t be kept as it stands. Closing drops it; the rest is safe."
        drop = Choice("close", "Close without it", destructive=True)
        return self._window.dialogs.ask(self._window, "Not everything is kept", words, [drop]) == "close"

    def _settle(self, document: PlanDocument) -> str | None:
        """Bring the last changes into the file or hear what is to be done with them; None: not close."""
        title, words = "Not in any file", "This plan is not in any file yet."
        if document.path is not None:
            try:
                result = document.publish()
            except CyppError as problem:
                title, words = "The file could not be written", str(problem)
            else:
                if result.kept_beside:
                    self._window.dialogs.tell(self._window, "Saved beside the file", result.message)
                elif result.taken_in is not None and result.taken_in.to_decide:
                    self._window.dialogs.tell(self._window, "Changed by someone else too", result.message)
                return "published"
        choices = [Choice("save", "Save as…"), Choice("keep", "Close and keep them on this laptop")]
        if document.path is None:
            choices.append(Choice("throw", "Throw this plan away", destructive=True))
        answer = self._window.dialogs.ask(self._window, title, words, choices)
        if answer == "save":
            path = self._ask_where("Save as", document, "")
            if path is None:
                return None
            document.save_as(path)
            self._file_moved(document)
        return answer

    def _published(self, result: Published) -> None:
        banners = self._window.banners
        banners.dismiss("publish")
        banners.dismiss("recovered")
        document = self._window.document
        if result.kept_beside is not None and document is not None:
            self._file_moved(document)
            banners.show_message("warning", result.message, about="publish")
        elif result.target_changed:
            action = BannerAction("Show what they saved", self._show_theirs)
            banners.show_message("warning", result.message, [action], about="publish")
        elif result.taken_in is not None:
            kind = "warning" if result.taken_in.to_decide else "info"
            banners.show_message(kind, result.message, about="publish")
        else:
            self._window.status.showMessage(result.message, _MOMENT)

    def _publish_failed(self, problem: CyppError) -> None:
        actions = [BannerAction("Try again", self.save), BannerAction("Save as…", self.save_as)]
        self._window.banners.show_message("problem", str(problem), actions, about="publish")

    def _show_theirs(self) -> None:
        if self._window.document is not None:
            self._window.document.revert()

    # ------------------------------------------------------------------ small things

    def _committed(self) -> PlanDocument | None:
        """The open plan, with what is just being typed handed to its editor."""
        if self._window.document is not None:
            self._window.keep_typing()
        return self._window.document

    def _ask_where(self, title: str, document: PlanDocument, suffix: str) -> Path | None:
        from cypp_desktop.store.file_names import fitting_name

        ending, kinds = (".cypp", PLANS) if document.asked is None else (".cypp-return", RETURNS)
        stem = document.path.stem if document.path is not None else "Plan"
        suggested = self._folder(document.path) / fitting_name(stem, suffix, ending)
        path = self._window.dialogs.save_file(self._window, title, kinds, suggested)
        if path is not None:
            self._window.settings.last_folder = str(path.parent)
        return path

    def _file_moved(self, document: PlanDocument) -> None:
        self._claim_file(document)
        self._window.document_moved()

    def _folder(self, beside: Path | None = None) -> Path:
        """Where file dialogs begin: beside this file, where the last one ended, or in the documents."""
        return folders.begins_in(beside and beside.parent, self._window.settings.last_folder)
