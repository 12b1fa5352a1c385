"""One window for one file: this window's claim to the open plan's file, and who else has the file open."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from cypp_desktop.ui import plan_file_tasks
from cypp_desktop.ui.banner import MessageKind
from cypp_desktop.ui.single_window import PlanWindowClaim

if TYPE_CHECKING:
    from cypp_desktop.ui.document import PlanDocument
    from cypp_desktop.ui.window_parts import WindowServices


class FileClaim(QObject):
    """Claims the open plan's file for this window. One of these serves a window."""

    #: Another start with the same plan wants this window at the front.
    wanted = Signal()

    def __init__(self, window: QObject, services: WindowServices) -> None:
        super().__init__(window)
        self._services = services
        self._claim = PlanWindowClaim(self)
        self._claim.wanted.connect(self.wanted)
        self._is_claimed = False

    def claim(self, document: PlanDocument, asked: Path | None = None) -> None:
        """Claim the file of a plan that can be written, and say who else has it open.

        ``asked`` is the way to the file as the person gave it, where that is another.
        """
        self._is_claimed = True
        if document.path is None or document.state.read_only:
            return
        self._claim.claim(document.path, asked or document.path)
        look = functools.partial(plan_file_tasks.who_else, document.path, document.working_id)
        self._services.tasks.start(
            "Looking who has it open", look, self._who_else_found, quiet=True, may_hang=True
        )

    def release(self) -> None:
        """Give the claim up, as when the plan is closed."""
        self._is_claimed = False
        self._claim.release()

    def _who_else_found(self, others: list[str]) -> None:
        if others and self._is_claimed:
            self._services.banners.show_message(
                MessageKind.INFO,
                f"A note beside the file says who else has it open: {', '.join(others)}. Nobody’s changes "
                "are overwritten: whoever saves second takes in what the other has saved.",
                about="open elsewhere",
            )
