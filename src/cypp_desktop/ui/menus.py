"""The menu bar: what can be done, its words and its keys. What each does is the window's matter.

Only what works stands in a menu; what can't be done just now is greyed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from cypp_desktop.plan.signs import shown_on_one_line
from cypp_desktop.settings import ColourScheme
from cypp_desktop.ui.theme import SCHEME_WORDS, TEXT_STEPS

Slot = Callable[[], object]
Keys = QKeySequence.StandardKey | str | None


class Menus(QObject):
    """All actions of the window by name, and the menus that hold them."""

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.actions: dict[str, QAction] = {}
        self.menus: dict[str, QMenu] = {}
        self._recent_open: Callable[[Path], object] | None = None
        self._chosen: dict[QActionGroup, Callable[[str], object]] = {}

    def menu(self, title: str) -> QMenu:
        """The menu of that title in the bar, made at its right end if it is not there."""
        if title not in self.menus:
            self.menus[title] = self._window.menuBar().addMenu(title)
        return self.menus[title]

    def add(self, menu: str, name: str, words: str, slot: Slot, keys: Keys = None) -> QAction:
        """Add an action under a menu. `name` is what the window calls it."""
        action = QAction(words, self._window)
        if keys is not None:
            action.setShortcut(QKeySequence(keys))
        action.triggered.connect(_without_argument(slot))
        self.menu(menu).addAction(action)
        self.actions[name] = action
        return action

    def separator(self, menu: str) -> None:
        """A line under what the menu holds so far."""
        self.menu(menu).addSeparator()

    def add_all(self, menu: str, actions: Sequence[QAction]) -> None:
        """Put actions that a part has made under a menu."""
        for action in actions:
            self.menu(menu).addAction(action)

    def add_recent(self, menu: str, opened: Callable[[Path], object]) -> None:
        """A sub-menu of recent plans, filled by `show_recent`."""
        self._recent_open = opened
        self.menus["recent"] = self.menu(menu).addMenu("Open &recent")

    def show_recent(self, files: Sequence[Path]) -> None:
        """List the recent plans, newest first."""
        recent = self.menus["recent"]
        recent.clear()
        recent.setEnabled(bool(files))
        for number, path in enumerate(files, 1):
            where = shown_on_one_line(f"{path.stem} — {path.parent}")
            words = f"&{number} {where}".replace("&&", "&")
            action = recent.addAction(words)
            action.setData(path)
            action.triggered.connect(self._recent_chosen)

    def add_theme(self, menu: str, chosen: Callable[[str], object]) -> None:
        """A sub-menu of the appearances, of which one is ticked."""
        words: dict[str, str] = {scheme: SCHEME_WORDS[scheme] for scheme in ColourScheme}
        self._choices(menu, "&Appearance", words, chosen)

    def add_text_sizes(self, menu: str, chosen: Callable[[str], object]) -> None:
        """A sub-menu of the text sizes in percent, of which one is ticked."""
        sizes = [str(step) for step in TEXT_STEPS]
        self._choices(menu, "&Text size", {size: f"{size} %" for size in sizes}, chosen)

    def tick(self, value: str) -> None:
        """Tick the choice that stands for this value, such as "dark" or "125"."""
        for group in self._chosen:
            for action in group.actions():
                if action.data() == value:
                    action.setChecked(True)

    def offer(self, names: Mapping[str, bool]) -> None:
        """Show actions and whole menus (by their titles) or not; those that are not there are passed over."""
        for name, on in names.items():
            if name in self.actions:
                self.actions[name].setVisible(on)
            if name in self.menus:
                self.menus[name].menuAction().setVisible(on)

    def enable(self, names: Mapping[str, bool]) -> None:
        """Grey or un-grey actions by name; names that the window has not added are passed over."""
        for name, on in names.items():
            if name in self.actions:
                self.actions[name].setEnabled(on)

    def _choices(
        self, menu: str, title: str, words: Mapping[str, str], chosen: Callable[[str], object]
    ) -> None:
        under = self.menu(menu).addMenu(title)
        group = QActionGroup(self)
        for value, shown in words.items():
            action = under.addAction(shown)
            action.setCheckable(True)
            action.setData(value)
            group.addAction(action)
        group.triggered.connect(self._choice_made)
        self._chosen[group] = chosen

    def _choice_made(self, action: QAction) -> None:
        group = action.actionGroup()
        self._chosen[group](action.data())

    def _recent_chosen(self) -> None:
        action = self.sender()
        if isinstance(action, QAction) and self._recent_open is not None:
            self._recent_open(action.data())


def _without_argument(slot: Slot) -> Callable[..., None]:
    """`triggered` passes whether the action is checked, which no command wants to hear."""

    def run(*_: object) -> None:
        slot()

    return run
