"""The pages of the side rail: the plan itself and others, which are made when they are first chosen."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QStackedWidget, QWidget

from cypp_desktop.ui import focus
from cypp_desktop.ui.menus import Menus
from cypp_desktop.ui.rail import Rail
from cypp_desktop.ui.window_parts import DocumentPart, RailPage, WindowServices

if TYPE_CHECKING:
    from cypp_desktop.ui.document import PlanDocument

#: What the window calls the page of the plan itself.
PLAN: Final = "plan"
_HISTORY: Final = "history"


class RailPages(QObject):
    """Keeps the pages of a window in a stack, with the rail that chooses one."""

    def __init__(
        self,
        stack: QStackedWidget,
        plan_page: QWidget,
        others: Sequence[RailPage],
        services: WindowServices,
        *,
        focus_plan: Callable[[], None],
    ) -> None:
        """`focus_plan` puts the cursor where it belongs on the page of the plan."""
        super().__init__(stack)
        self._stack, self._services, self._focus_plan = stack, services, focus_plan
        self._others = {page.key: page for page in others}
        self._made: dict[str, QWidget] = {PLAN: plan_page}
        self._document: PlanDocument | None = None
        stack.addWidget(plan_page)
        buttons = [(PLAN, "Plan", "list-tree")]
        buttons += [(page.key, page.label, page.sign) for page in others]
        self.rail = Rail(buttons)
        self.rail.chosen.connect(self.show)

    def set_document(self, document: PlanDocument | None) -> None:
        """Show an open plan on all pages but that of the plan itself, which holds parts of its own."""
        self._document = document
        for key, page in self._made.items():
            if key != PLAN:
                cast(DocumentPart, page).set_document(document)

    def show(self, key: str) -> QWidget:
        """Show a page with the cursor in it, and give it."""
        if key not in self._made:
            page = self._others[key].make(self._services)
            self._made[key] = page
            self._stack.addWidget(page)
            cast(DocumentPart, page).set_document(self._document)
        self.rail.show_chosen(key)
        self._stack.setCurrentWidget(self._made[key])
        if key == PLAN:
            self._focus_plan()
        else:
            focus.focus_first(self._made[key])
        return self._made[key]

    def offer(self, keys: Sequence[str]) -> None:
        """Offer the plan and these other pages on the rail; a rail with one page is none."""
        self.rail.offer([PLAN, *keys])
        self.rail.setVisible(bool(keys))

    def add_to(self, menus: Menus) -> None:
        """Put the pages into the View menu, where there is more than the plan."""
        if not self._others:
            return
        menus.add("&View", _action(PLAN), "&Plan", self._to_show(PLAN), "Ctrl+1")
        for number, page in enumerate(self._others.values(), 2):
            menus.add("&View", _action(page.key), page.label, self._to_show(page.key), f"Ctrl+{number}")
        menus.separator("&View")

    def add_history_to(self, menus: Menus) -> None:
        """Put the history into the Plan menu too, where there is a page for it."""
        if _HISTORY in self._others:
            menus.separator("&Plan")
            menus.add("&Plan", _HISTORY, "&History of the plan…", self._to_show(_HISTORY), "Ctrl+H")

    def refresh(self, menus: Menus) -> None:
        """Grey the pages while no plan is open."""
        names = [_action(key) for key in (PLAN, *self._others)]
        menus.enable(dict.fromkeys([*names, _HISTORY], self._document is not None))

    def _to_show(self, key: str) -> Callable[[], object]:
        return functools.partial(self.show, key)


def _action(key: str) -> str:
    """What the menus call the action that shows a page."""
    return f"page:{key}"
