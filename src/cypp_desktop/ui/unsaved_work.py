"""Offers work of an earlier start that is in no file: left by a kill, or kept because the file was away.

What the data folder says is shown at once. What only a plan's own file can tell is asked for later, and
nobody waits for the answer.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from cypp_desktop import paths
from cypp_desktop.errors import CyppError
from cypp_desktop.ui import plan_file_tasks
from cypp_desktop.ui.banner import BannerAction, MessageKind
from cypp_desktop.ui.dialogs import Choice
from cypp_desktop.ui.status import moment_words

if TYPE_CHECKING:
    from cypp_desktop.store.origin import Origin
    from cypp_desktop.store.recoverable import Recoverable
    from cypp_desktop.ui.tasks import Work
    from cypp_desktop.ui.window_parts import WindowServices


class UnsavedWorkOffers(QObject):
    """One of these serves a window."""

    def __init__(
        self,
        window: QWidget,
        services: WindowServices,
        clock: Callable[[], datetime],
        *,
        is_wanted: Callable[[], bool],
        open_left: Callable[[Recoverable], None],
    ) -> None:
        """`is_wanted` says whether there is room for an offer; `open_left` goes on with what was left."""
        super().__init__(window)
        self._window, self._services, self._clock = window, services, clock
        self._is_wanted = is_wanted
        self._open = open_left
        self._offered: list[Recoverable] = []

    def offer(self) -> None:
        """Look for what was left, in the background, and offer it."""
        try:
            find = functools.partial(plan_file_tasks.find_left, paths.data_folder())
        except CyppError as problem:
            self._services.banners.show_message(MessageKind.WARNING, str(problem), about="problem")
            return
        self._start(find, self._found)

    def _start(self, work: Work, done: Callable[[Any], None]) -> None:
        self._services.tasks.start("Looking for unsaved work", work, done, quiet=True, may_hang=True)

    def forget(self, target: Path) -> None:
        """Put away what is offered of this file: it is being opened, with what was left of it."""
        for left in self._offered:
            if left.target == target:
                self._services.banners.dismiss(str(left.folder))

    def _found(self, result: tuple[list[Recoverable], list[Origin]]) -> None:
        self._start(functools.partial(plan_file_tasks.go_on_removing, paths.data_folder()), self._tidied)
        found, removed = result
        for origin in removed:
            self._start(functools.partial(plan_file_tasks.tidy_up, origin), self._tidied)
        if not self._is_wanted():
            return
        self._offered = found
        for left in found:
            words = left_words(left, self._clock())
            if left.problem:
                self._services.banners.show_message(MessageKind.PROBLEM, words, about=str(left.folder))
                continue
            actions = [
                BannerAction("Open them", functools.partial(self._open, left)),
                BannerAction("Throw them away…", functools.partial(self._throw_away, left), closes=False),
            ]
            self._services.banners.show_message(MessageKind.WARNING, words, actions, about=str(left.folder))
            if left.in_doubt is not None:
                self._start(
                    functools.partial(plan_file_tasks.settle_left, left, paths.data_folder()), self._settled
                )

    def _settled(self, result: tuple[Recoverable, bool]) -> None:
        left, is_unpublished = result
        if not is_unpublished:
            self._services.banners.dismiss(str(left.folder))

    def _tidied(self, nothing: object) -> None:
        """Nobody needs to know."""

    def _throw_away(self, left: Recoverable) -> None:
        choice = Choice("throw", "Throw the changes away", destructive=True)
        answer = self._services.dialogs.ask(
            self._window,
            "Throw changes away",
            "These changes are in no file. Once thrown away they are gone.",
            [choice],
        )
        if answer == "throw":
            plan_file_tasks.throw_away(left)
            self._services.banners.dismiss(str(left.folder))


def left_words(left: Recoverable, now: datetime) -> str:
    """What was left by an earlier start: of which file, since when, and what stands in the way of it."""
    name = f"“{left.target.name}”" if left.target else "a plan without a file"
    changed = left.changed_at and left.changed_at.astimezone().replace(tzinfo=None)
    when = f", made {moment_words(changed, now)}," if changed else ""
    where = "perhaps not in the file yet" if left.in_doubt else "in no file yet"
    problem = f" They can’t be opened: {left.problem}." if left.problem else ""
    return f"Changes to {name}{when} are kept on this laptop and {where}.{problem}"
