"""What the window offers of receiving and deciding: the command, files dropped on it, and what is open.

Loaded with the window, so nothing of the store or the merge is imported here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from cypp_desktop.errors import CyppError
from cypp_desktop.store.files import quoted
from cypp_desktop.ui.banner import MessageKind
from cypp_desktop.ui.dialogs import Choice
from cypp_desktop.ui.menus import Menus
from cypp_desktop.ui.review import KEY, choose_files, receive_files
from cypp_desktop.ui.review.questions import OpenQuestions, Waiting
from cypp_desktop.ui.status import StatusLine
from cypp_desktop.ui.window_parts import ReviewPart, WindowServices

if TYPE_CHECKING:
    from cypp_desktop.ui.document import PlanDocument
    from cypp_desktop.ui.plan_file_tasks import Look

#: The endings of files that can be received.
ENDINGS: Final = (".cypp-return", ".cypp")
_MENU: Final = "Re&turns"


class ReviewCommands(QObject):
    """Receive, drop and decide. One of these serves a window that has the Review page."""

    def __init__(
        self, window: QWidget, services: WindowServices, status: StatusLine, questions: OpenQuestions
    ) -> None:
        super().__init__(window)
        self._window, self._services, self._status = window, services, status
        self._questions = questions
        self._document: PlanDocument | None = None
        questions.changed.connect(self._count)
        questions.decide_wanted.connect(self._decide)
        questions.confirmed.connect(self._confirm)
        status.open_wanted.connect(self.show_open)

    def set_document(self, document: PlanDocument | None) -> None:
        """Review for an open plan from now on."""
        self._document = document

    def add_to(self, menus: Menus) -> None:
        """Put the commands into the Returns menu."""
        menus.add(_MENU, "receive", "&Receive returned files…", self.choose, "Ctrl+Shift+M")
        menus.add(_MENU, "open questions", "What waits for a &decision", self.show_open, "Ctrl+Shift+D")

    def refresh(self, menus: Menus) -> None:
        """Grey what can't be done with the plan as it is."""
        document = self._document
        can_write = document is not None and not document.state.read_only
        menus.enable({"receive": can_write, "open questions": document is not None})

    def choose(self) -> None:
        """Ask for files that came back, and review them."""
        document = self._document
        if document is None:
            return
        paths = choose_files(self._services, self._window)
        if paths:
            receive_files(self._services, paths)

    def show_open(self) -> None:
        """Show the list of what waits for a decision."""
        self._page().show_open()

    def offer(self, look: Look) -> bool:
        """Where a file to be opened is another copy of the plan that is open: offer to review what it
        brings. True where the person is served by that, or thinks better of it.
        """
        document = self._document
        if document is None or document.asked is not None or document.state.read_only:
            return False
        path = look.asked
        if look.plan_id != document.plan.plan_id:
            return False
        answer = self._services.dialogs.ask(
            self._window,
            "Another copy of this plan",
            f"{quoted(path)} is another copy of the plan that is open.",
            [Choice("review", "Review what it brings"), Choice("open", "Open it instead")],
            detail="Reviewed, what was edited in it can be taken into this plan; nothing of either is lost.",
        )
        if answer == "review":
            receive_files(self._services, [path])
        return answer != "open"

    # ------------------------------------------------------------------ what is open

    def _page(self) -> ReviewPart:
        return cast(ReviewPart, self._services.show_page(KEY))

    def _count(self) -> None:
        self._status.show_open(waiting_words(self._questions.total))

    def _decide(self, row_type: str, row_id: str, field: str) -> None:
        self._page().show_open((row_type, row_id, field))

    def _confirm(self, row_type: str, row_id: str, field: str) -> None:
        document = self._document
        if document is None:
            return
        from cypp_desktop.merge.decisions import decide
        from cypp_desktop.merge.question import Answer

        try:
            decide(document.plan, (row_type, row_id), field, Answer.CONFIRM)
        except CyppError as refused:
            self._services.banners.show_message(MessageKind.PROBLEM, str(refused), about=KEY)
        self._questions.ask_now()


def waiting_words(waiting: Waiting) -> str:
    """ "2 conflicts open · 1 text to read" for the foot of the window; nothing where nothing waits."""
    parts = []
    if waiting.conflicts:
        parts.append(f"{waiting.conflicts} {'conflict' if waiting.conflicts == 1 else 'conflicts'} open")
    if waiting.to_read:
        parts.append(f"{waiting.to_read} combined {'text' if waiting.to_read == 1 else 'texts'} to read")
    return " · ".join(parts)
