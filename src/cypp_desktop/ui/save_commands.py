"""The rest of the File menu: save, save as, copies, revert, backups; and what closing the open plan asks.

Asks through `Dialogs` and tells through the banners. Opening plans is the matter of `open_commands`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget

from cypp_desktop.errors import CyppError
from cypp_desktop.ui import folders
from cypp_desktop.ui.autosave import Typing
from cypp_desktop.ui.banner import BannerAction, MessageKind
from cypp_desktop.ui.dialogs import Choice
from cypp_desktop.ui.file_claim import FileClaim
from cypp_desktop.ui.file_kinds import PLANS, RETURNS
from cypp_desktop.ui.menus import Menus
from cypp_desktop.ui.status import StatusLine, moment_words

if TYPE_CHECKING:
    from cypp_desktop.store.publish import Published
    from cypp_desktop.ui.document import PlanDocument
    from cypp_desktop.ui.window_parts import WindowServices


_COPY: Final = "Save a copy of all, working notes and history too"
_WHOLE: Final = (
    " It holds the whole plan, with working notes and history: give it to colleagues only. For others, "
    "“Export as plan JSON” in the File menu can leave the notes out."
)


class _AtClose(StrEnum):
    """What becomes of changes that are in no file when their plan is closed."""

    PUBLISHED = "published"
    SAVE = "save"
    KEEP = "keep"
    THROW = "throw"


class SaveCommands(QObject):
    """The commands on the open plan's file. One of these serves a window."""

    def __init__(
        self,
        window: QWidget,
        services: WindowServices,
        status: StatusLine,
        claim: FileClaim,
        *,
        clock: Callable[[], datetime],
        keep_typing: Callable[[], None],
        file_moved: Callable[[], None],
        release_document: Callable[[], None],
    ) -> None:
        """`window` is what dialogs stand over. The rest is what the window does when it is asked: hand over
        what is being typed, show that the plan has another file, and let go of the plan.
        """
        super().__init__(window)
        self._window, self._services, self._status = window, services, status
        self._claim, self._clock = claim, clock
        self._keep_typing, self._show_file_moved = keep_typing, file_moved
        self._release_document = release_document
        self._document: PlanDocument | None = None

    def set_document(self, document: PlanDocument | None) -> None:
        """Save an open plan from now on."""
        self._document = document

    def add_to(self, menus: Menus) -> None:
        """Put the commands into the File menu."""
        keys = QKeySequence.StandardKey
        menus.separator("&File")
        menus.add("&File", "finish", "&Finish and save for return", self.finish, "Ctrl+Shift+R")
        menus.add("&File", "save", "&Save to the file", self.save, keys.Save)
        menus.add("&File", "save as", "Save &as…", self.save_as, "Ctrl+Shift+S")
        menus.add("&File", "save copy", "Save a co&py…", self.save_copy)
        menus.separator("&File")
        menus.add("&File", "revert", "Re&vert to the published file…", self.revert)
        menus.add("&File", "backups", "&Backups…", self.choose_backup)

    def refresh(self, menus: Menus) -> None:
        """Grey what can't be done with the plan as it is."""
        document = self._document
        state = document.state if document else None
        can_save = state is not None and not state.read_only
        can_revert = state is not None and state.unpublished and not state.never_published
        menus.enable(dict.fromkeys(("save as", "save copy", "backups"), document is not None))
        menus.enable({"save": can_save, "finish": can_save, "revert": can_revert})

    # ------------------------------------------------------------------ a plan has been opened

    def follow(self, document: PlanDocument) -> None:
        """Tell of each time that a plan which has just been opened is written."""
        document.published.connect(self._published)
        document.publish_failed.connect(self._publish_failed)

    def tell_of(self, document: PlanDocument) -> None:
        """Say what the person should know of a plan that has just been opened."""
        if document.left_at is not None:
            self._offer_recovered(document, document.left_at)
        elif document.state.read_only:
            self._services.banners.show_message(
                MessageKind.INFO,
                "This plan is shown read-only: its file can’t be written from here. "
                "Save as makes a file of your own.",
                [BannerAction("Save as…", self.save_as)],
                about="read-only",
            )
        elif document.has_other_names:
            self._services.banners.show_message(
                MessageKind.INFO,
                "This plan’s file has another name too (a hard link). Saving here parts the two: under the "
                "other name it stays as it is now.",
                about="another name",
            )

    def _offer_recovered(self, document: PlanDocument, left_at: datetime) -> None:
        when = moment_words(left_at, self._clock())
        actions = [BannerAction("Continue with them", document.accept_recovered)]
        if not document.state.never_published:
            actions.append(BannerAction("Show the published file", self._drop_recovered))
        words = f"Changes kept on this laptop {when} were not yet published."
        self._services.banners.show_message(MessageKind.WARNING, words, actions, about="recovered")

    def _drop_recovered(self) -> None:
        if self._document is not None:
            self._document.revert()
            self._services.banners.show_message(
                MessageKind.DONE,
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
        document.save()

    def finish(self) -> None:
        """Write a return as done, and say where it is and to whom it goes back."""
        document = self._committed()
        if document is None:
            return
        from cypp_desktop.ui.returns.return_bar import finish_return

        try:
            finish_return(self._services, document)
        except CyppError as problem:
            self._publish_failed(problem)

    def save_as(self) -> None:
        """Ask for a file and go on with that one."""
        document = self._committed()
        path = self._ask_where("Save as", document, "") if document else None
        if document is None or path is None:
            return
        document.save_as(path)
        self._services.banners.dismiss("read-only")
        self._services.banners.dismiss("recovered")
        self._file_moved(document)

    def save_copy(self) -> None:
        """Ask for a file, write the plan there, and go on with this one."""
        document = self._committed()
        path = None
        if document is not None:
            title = _COPY if document.asked is None else "Save a copy"
            path = self._ask_where(title, document, " copy")
        if document is None or path is None:
            return
        made = document.save_copy(path)
        words = f"A copy is saved as “{made.name}”.{_WHOLE if document.asked is None else ''}"
        self._services.banners.show_message(MessageKind.DONE, words, about="copy")

    def revert(self) -> None:
        """Go back to the published file, once the person has said so."""
        document = self._committed()
        if document is None:
            return
        choice = Choice("revert", "Go back to the published file", destructive=True)
        answer = self._services.dialogs.ask(
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
        if self._services.dialogs.run(dialog) and dialog.chosen is not None:
            document.restore(dialog.chosen)
            self._services.banners.show_message(
                MessageKind.DONE,
                "The backup is put back. What you had before it is among the backups too.",
                about="restored",
            )
        dialog.deleteLater()

    # ------------------------------------------------------------------ closing

    def close_plan(self) -> bool:
        """Publish and close the open plan. False when the person would rather stay, or work is under way."""
        if self._document is not None and self._document.is_busy:
            return False
        document = self._committed()
        if document is None:
            return True
        if not self._may_drop_typing():
            return False
        untouched = document.path is None and document.undo_name is None and document.redo_name is None
        if not untouched and document.state.unpublished:
            answer = self._publish_before_closing(document)
            if answer is None:
                return False
            untouched = answer is _AtClose.THROW
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
        self._release_document()
        self._claim.release()
        if discard:
            document.discard()
        else:
            document.close()
        document.deleteLater()

    def _may_drop_typing(self) -> bool:
        """Ask where what was typed last cannot be kept; True where there is no such thing."""
        if self._services.autosave.state is not Typing.NOT_KEPT:
            return True
        words = "What you typed last can’t be kept as it stands. Closing drops it; the rest is safe."
        drop = Choice("close", "Close without it", destructive=True)
        return self._services.dialogs.ask(self._window, "Not everything is kept", words, [drop]) == "close"

    def _publish_before_closing(self, document: PlanDocument) -> _AtClose | None:
        """Bring the last changes into the file or hear what is to be done with them; None: not close."""
        if document.path is None:
            return self._ask_before_closing(document, "Not in any file", "This plan is not in any file yet.")
        try:
            result = document.publish()
        except CyppError as problem:
            return self._ask_before_closing(document, "The file could not be written", str(problem))
        if result.kept_beside:
            self._services.dialogs.tell(self._window, "Saved beside the file", result.message)
        elif result.taken_in is not None and result.taken_in.to_decide:
            self._services.dialogs.tell(self._window, "Changed by someone else too", result.message)
        return _AtClose.PUBLISHED

    def _ask_before_closing(self, document: PlanDocument, title: str, words: str) -> _AtClose | None:
        """Ask what is to be done with changes that are in no file, and do it; None: not close."""
        choices = [
            Choice(_AtClose.SAVE, "Save as…"),
            Choice(_AtClose.KEEP, "Close and keep them on this laptop"),
        ]
        if document.path is None:
            choices.append(Choice(_AtClose.THROW, "Throw this plan away", destructive=True))
        answer = self._services.dialogs.ask(self._window, title, words, choices)
        if answer is None:
            return None
        if answer == _AtClose.SAVE:
            path = self._ask_where("Save as", document, "")
            if path is None:
                return None
            document.save_as(path)
            self._file_moved(document)
        return _AtClose(answer)

    # ------------------------------------------------------------------ what the document tells

    def _published(self, result: Published) -> None:
        banners = self._services.banners
        banners.dismiss("publish")
        banners.dismiss("recovered")
        document = self._document
        if result.kept_beside is not None and document is not None:
            self._file_moved(document)
            banners.show_message(MessageKind.WARNING, result.message, about="publish")
        elif result.target_changed:
            action = BannerAction("Show what they saved", self._show_theirs)
            banners.show_message(MessageKind.WARNING, result.message, [action], about="publish")
        elif result.taken_in is not None:
            kind = MessageKind.WARNING if result.taken_in.to_decide else MessageKind.INFO
            banners.show_message(kind, result.message, about="publish")
        elif result.remark is not None:
            banners.dismiss("another name")
            banners.show_message(MessageKind.INFO, result.message, about="publish")
        else:
            self._status.say(result.message)

    def _publish_failed(self, problem: CyppError) -> None:
        actions = [BannerAction("Try again", self.save), BannerAction("Save as…", self.save_as)]
        self._services.banners.show_message(MessageKind.PROBLEM, str(problem), actions, about="publish")

    def _show_theirs(self) -> None:
        if self._document is not None:
            self._document.revert()

    # ------------------------------------------------------------------ small things

    def _committed(self) -> PlanDocument | None:
        """The open plan, with what is just being typed handed to its editor."""
        if self._document is not None:
            self._keep_typing()
        return self._document

    def _ask_where(self, title: str, document: PlanDocument, suffix: str) -> Path | None:
        from cypp_desktop.store.file_names import fitting_name

        ending, kinds = (".cypp", PLANS) if document.asked is None else (".cypp-return", RETURNS)
        stem = document.path.stem if document.path is not None else "Plan"
        suggested = self._folder(document.path) / fitting_name(stem, suffix, ending)
        path = self._services.dialogs.save_file(self._window, title, kinds, suggested)
        if path is not None:
            self._services.settings.last_folder = str(path.parent)
        return path

    def _file_moved(self, document: PlanDocument) -> None:
        self._claim.claim(document)
        self._show_file_moved()

    def _folder(self, beside: Path | None = None) -> Path:
        """Where file dialogs begin: beside this file, where the last one ended, or in the documents."""
        return folders.begins_in(beside and beside.parent, self._services.settings.last_folder)
