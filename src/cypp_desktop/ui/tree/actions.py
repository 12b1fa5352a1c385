"""What can be done with rows of the tree: the actions, their words in the plan's level names, their keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from cypp_desktop.plan.levels import LEVELS
from cypp_desktop.plan.words import in_a_sentence
from cypp_desktop.ui.tree.flags import TITLED
from cypp_desktop.ui.tree.nodes import BRANCHES, Node, kind_words
from cypp_desktop.ui.tree.row_commands import RowCommands
from cypp_desktop.ui.tree.tree_view import PlanTreeView

_ONLY_LOOKING: Final = ("copy", "open all", "close all")
_LEVEL_KEYS: Final[dict[str, list[str]]] = {
    "after": ["Ins", "Ctrl+Return", "Ctrl+Enter"],
    "inside": ["Ctrl+Shift+Return", "Ctrl+Shift+Enter"],
}


class TreeActions(QObject):
    """The actions by name. Their keys work while the rows have the focus, the menu at any time."""

    def __init__(self, rows: PlanTreeView, commands: RowCommands, *, close_all: Callable[[], None]) -> None:
        """`close_all` closes every branch, and keeps a row that is seen current."""
        super().__init__(rows)
        self._rows, self._commands = rows, commands
        self.named: dict[str, QAction] = {}
        #: all actions in the order of a menu, separators among them
        self.in_menu: list[QAction] = []
        self._more = QMenu(rows)
        for level in LEVELS:
            self._add(f"add {level}", "", self._adder(level))
        self._add("after", "", commands.add_after, _LEVEL_KEYS["after"])
        self._add("inside", "", commands.add_inside, _LEVEL_KEYS["inside"])
        for _, _, row_type in BRANCHES:
            self._more.addAction(self._add(f"add {row_type}", "", self._adder(row_type)))
        self._add("title", "&Edit title", commands.edit_title, ["F2"])
        self._add("duplicate", "&Duplicate", commands.duplicate, ["Ctrl+D"])
        self._add("delete", "De&lete", commands.delete, ["Del"])
        self._add("up", "Move &up", commands.move_up, ["Alt+Up"])
        self._add("down", "Move d&own", commands.move_down, ["Alt+Down"])
        self._add("copy", "&Copy titles", commands.copy_titles, [QKeySequence.StandardKey.Copy])
        self._add("open all", "O&pen all branches", rows.open_all)
        self._add("close all", "Clo&se all branches", close_all)
        more = QAction("Add to the &rest of the plan", self)
        more.setMenu(self._more)
        self.named["more"] = more
        self.in_menu = self._listed()
        self.rename({})

    def _add(
        self,
        name: str,
        words: str,
        slot: Callable[[], object],
        keys: list[str] | list[QKeySequence.StandardKey] | None = None,
    ) -> QAction:
        action = QAction(words, self)
        action.setShortcuts([QKeySequence(key) for key in keys or []])
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)

        def run(*_: object) -> None:  # `triggered` passes whether the action is checked
            slot()

        action.triggered.connect(run)
        self.named[name] = action
        self._rows.addAction(action)
        return action

    def _adder(self, row_type: str) -> Callable[[], object]:
        def add() -> None:
            self._commands.add(row_type)

        return add

    def _listed(self) -> list[QAction]:
        groups = (
            ("after", "inside"),
            ("add priority", "add outcome", "add measure", "more"),
            ("title", "duplicate", "delete"),
            ("up", "down"),
            ("copy", "open all", "close all"),
        )
        listed: list[QAction] = []
        for group in groups:
            if listed:
                line = QAction(self)
                line.setSeparator(True)
                listed.append(line)
            listed += [self.named[name] for name in group]
        return listed

    def rename(self, level_names: dict[str, str]) -> None:
        """Use the plan's own names of its levels."""
        for name, action in self.named.items():
            verb, _, row_type = name.partition(" ")
            if verb == "add":
                action.setText(f"Add {in_a_sentence(kind_words(row_type, level_names))}")

    def refresh(self, current: Node | None, chosen: list[Node], level_names: dict[str, str]) -> None:
        """Say what can be done with the rows chosen now; grey what can't."""
        can_edit = self._commands.can_edit
        for name, action in self.named.items():
            if name.startswith("add "):
                home = self._commands.home_for(name.removeprefix("add "))
                action.setEnabled(can_edit and home is not None)
        self.named["more"].setEnabled(can_edit)
        self._refresh_after(current, level_names)
        self._refresh_inside(current, level_names)
        has_title = current is not None and current.row_type in TITLED
        self.named["title"].setEnabled(can_edit and has_title)
        is_any_row = any(_is_row(node) for node in chosen)
        for name in ("duplicate", "delete", "up", "down"):
            self.named[name].setEnabled(can_edit and is_any_row)
        self.named["copy"].setEnabled(bool(chosen))

    def _refresh_after(self, current: Node | None, level_names: dict[str, str]) -> None:
        next_type = self._commands.next_type()
        kind = in_a_sentence(kind_words(next_type or "priority", level_names))
        after = self.named["after"]
        after.setEnabled(self._commands.can_edit and next_type is not None)
        if current is not None and _is_row(current):
            after.setText(f"Add {kind} &after this one")
        else:
            after.setText(f"&Add {kind} here")

    def _refresh_inside(self, current: Node | None, level_names: dict[str, str]) -> None:
        child_type = current.child_type if current is not None else None
        inside = self.named["inside"]
        inside.setEnabled(self._commands.can_edit and child_type is not None)
        if child_type is None:
            inside.setText("Add &in this one")
        else:
            inside.setText(f"Add {in_a_sentence(kind_words(child_type, level_names))} &in this one")

    def offer(self, *, is_return: bool) -> None:
        """Show the actions of a plan, or those of a return, in which rows are only looked at."""
        for name, action in self.named.items():
            action.setVisible(not is_return or name in _ONLY_LOOKING)


def _is_row(node: Node) -> bool:
    """Whether this is a row of the plan that can be copied, moved and deleted."""
    return node.row_type not in ("plan", "branch")
