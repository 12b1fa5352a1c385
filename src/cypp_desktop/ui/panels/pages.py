"""The pages of a panel under their tabs, made when first shown; what a plan does not use is not offered.

What is not used can still be begun: the button at the end of the tabs lists it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QTabBar, QToolButton, QVBoxLayout

from cypp_desktop.ui.panels.buttons import SignButton
from cypp_desktop.ui.panels.context import PanelContext
from cypp_desktop.ui.panels.row_widget import RowWidget

if TYPE_CHECKING:
    from cypp_desktop.plan.base import Row
    from cypp_desktop.store.editor import Changed


class PageKey(StrEnum):
    """The pages that panels have; a page is called by its key unless it says otherwise."""

    UPDATE = "update"
    UPDATES = "updates"
    VALUES = "values"
    DETAILS = "details"
    ACTIONS = "actions"
    HISTORY = "history"


def _always(row: Row) -> bool:
    return True


@dataclass(frozen=True, kw_only=True)
class PanelPage:
    """A page: what makes it, whether a row (or its plan) uses it, and where it comes among the others."""

    key: PageKey
    make: Callable[[], RowWidget]
    #: Which pages come first in this plan; the lower, the more to the left.
    rank: Callable[[], int]
    used: Callable[[Row], bool] = _always
    #: Its tab's words, where they depend on the plan.
    words: Callable[[], str] | None = None
    #: Whether a person can begin it where it is not used yet.
    begins: bool = True

    def tab_words(self) -> str:
        """What stands on its tab."""
        return self.words() if self.words is not None else self.key.capitalize()


class PanelPages(RowWidget):
    """Several pages of one row, one of them shown."""

    shown = Signal(str)

    def __init__(self, context: PanelContext, pages: list[PanelPage]) -> None:
        super().__init__(context)
        self._pages: dict[str, PanelPage] = {page.key: page for page in pages}
        self._made: dict[str, RowWidget] = {}
        self._loaded: set[str] = set()
        self._begun: set[str] = set()
        self.wanted: str | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        top = QHBoxLayout()
        self.tabs = QTabBar()
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(True)
        self.tabs.setAccessibleName("Pages of this panel")
        self.tabs.setElideMode(Qt.TextElideMode.ElideNone)
        self.tabs.currentChanged.connect(self._turned)
        self.tabs.tabBarClicked.connect(self._wish)
        top.addWidget(self.tabs, 1)
        self._menu = QMenu(self)
        self.begin_button = SignButton("plus", "Begin what this row has not used yet", self._menu_shown)
        self.begin_button.setMenu(self._menu)
        self.begin_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        top.addWidget(self.begin_button)
        column.addLayout(top)
        self._body = QVBoxLayout()
        column.addLayout(self._body, 1)

    # ------------------------------------------------------------------ which page

    @property
    def current(self) -> str | None:
        """The key of the page shown."""
        key: str | None = self.tabs.tabData(self.tabs.currentIndex())
        return key

    def has(self, key: str) -> bool:
        """Whether there is such a page for this kind of row."""
        return key in self._pages

    def page(self, key: str) -> RowWidget:
        """A page by its key, made now if it was not yet."""
        if key not in self._made:
            widget = self._pages[key].make()
            self._made[key] = widget
            self._body.addWidget(widget, 1)
            widget.hide()
        return self._made[key]

    def turn_to(self, key: str) -> RowWidget:
        """Show a page, even one that the plan does not use yet; gives it."""
        self._begun.add(key)
        self.wanted = key
        self._arrange()
        self._show_current()
        return self.page(key)

    def keys(self) -> list[str]:
        """The pages offered now, from left to right."""
        return [self.tabs.tabData(at) for at in range(self.tabs.count())]

    def load(self, row: Row | None) -> None:
        super().load(row)
        self._begun.clear()
        for key in self._loaded - {self.current}:
            self._made[key].load(None)  # it is shown again when somebody turns to it
        self._loaded.clear()
        if row is None:
            for widget in self._made.values():
                widget.load(None)
        else:
            self._arrange()
            self._show_current()

    def apply(self, changed: Changed) -> None:
        for key in tuple(self._loaded):
            self._made[key].apply(changed)
        if self.row() is not None:
            self._arrange()
            self._show_current()

    def flush(self) -> None:
        for key in tuple(self._loaded):
            self._made[key].flush()

    # ------------------------------------------------------------------ inside

    def _arrange(self) -> None:
        """Offer the pages that are used; stay on the page wished for where it is among them."""
        row = self.row()
        assert row is not None
        now = self.current if self.current in self._loaded else None
        used = [page for page in self._pages.values() if self._is_offered(page, row, now)]
        used.sort(key=lambda page: page.rank())
        self._make_tabs([(page.key, page.tab_words()) for page in used])
        keys = self.keys()
        shown = keys[0]
        for key in (now, self.wanted):
            if key is not None and key in keys:
                shown = key
        self._set_current(shown)
        self._fill_begin_menu(keys)
        self.begin_button.setVisible(not self._menu.isEmpty() and not self.context.is_locked(row))

    def _is_offered(self, page: PanelPage, row: Row, now: str | None) -> bool:
        return page.used(row) or page.key in self._begun or page.key == now

    def _fill_begin_menu(self, offered: list[str]) -> None:
        """List the pages that are not offered, and can be begun."""
        self._menu.clear()
        for page in self._pages.values():
            if page.key not in offered and page.begins:
                action = self._menu.addAction(page.tab_words())
                action.setData(page.key)
                action.triggered.connect(self._begin)

    def _make_tabs(self, wanted: list[tuple[str, str]]) -> None:
        """Show these tabs, each a key and words, where others are shown."""
        tabs = range(self.tabs.count())
        if wanted == [(self.tabs.tabData(at), self.tabs.tabText(at)) for at in tabs]:
            return
        blocked = self.tabs.blockSignals(True)
        while self.tabs.count():
            self.tabs.removeTab(0)
        for key, words in wanted:
            self.tabs.setTabData(self.tabs.addTab(words), key)
        self.tabs.blockSignals(blocked)

    def _set_current(self, key: str) -> None:
        blocked = self.tabs.blockSignals(True)
        self.tabs.setCurrentIndex(self.keys().index(key))
        self.tabs.blockSignals(blocked)

    def _show_current(self) -> None:
        key = self.current
        if key is None:
            return
        shown = self.page(key)
        for widget in self._made.values():
            widget.setVisible(widget is shown)
        if key not in self._loaded:
            self._loaded.add(key)
            shown.load(self.row())
        self.shown.emit(key)

    def _turned(self) -> None:
        self.wanted = self.current
        self._show_current()

    def _wish(self, at: int) -> None:
        if at >= 0:
            self.wanted = self.tabs.tabData(at)

    def _begin(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.turn_to(action.data())

    def _menu_shown(self) -> None:
        """The menu opens by itself; there is nothing else to do."""
