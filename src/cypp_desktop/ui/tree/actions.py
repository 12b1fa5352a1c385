"""What can be done with rows of the tree: the actions, their words in the plan's level names, their keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from cypp_desktop.plan.levels import LEVELS
from cypp_desktop.plan.words import in_a_sentence
from cypp_desktop.ui.tree.flags import TITLED
from cypp_desktop.ui.tree.nodes import BRANCHES, Node, kind_words

if TYPE_CHECKING:
    from cypp_desktop.ui.tree.view import PlanTree

_ONLY_LOOKING: Final = ("copy", "open all", "close all")
_LEVEL_KEYS: Final[dict[str, list[str]]] = {
    "after": ["Ins", "Ctrl+Return", "Ctrl+Enter"],
    "inside": ["Ctrl+Shift+Return", "Ctrl+Shift+Enter"],
}


class TreeActions(QObject):
    """The actions by name. Their keys work while the rows have the focus, the menu at any time."""

    def __init__(self, tree: PlanTree) -> None:
        super().__init__(tree)
        self._tree = tree
        self.named: dict[str, QAction] = {}
        #: all actions in the order of a menu, separators among them
        self.in_menu: list[QAction] = []
        self._more = QMenu(tree)
        for level in LEVELS:
            self._add(f"add {level}", "", self._adder(level))
        self._add("after", "", tree.editing.add_after, _LEVEL_KEYS["after"])
        self._add("inside", "", tree.editing.add_inside, _LEVEL_KEYS["inside"])
        for _, _, row_type in BRANCHES:
            self._more.addAction(self._add(f"add {row_type}", "", self._adder(row_type)))
        self._add("title", "&Edit title", tree.editing.edit_title, ["F2"])
        self._add("duplicate", "&Duplicate", tree.editing.duplicate, ["Ctrl+D"])
        self._add("delete", "De&lete", tree.editing.delete, ["Del"])
        self._add("up", "Move &up", tree.editing.move_up, ["Alt+Up"])
        self._add("down", "Move d&own", tree.editing.move_down, ["Alt+Down"])
        self._add("copy", "&Copy titles", tree.editing.copy_titles, [QKeySequence.StandardKey.Copy])
        self._add("open all", "O&pen all branches", tree.open_all)
        self._add("close all", "Clo&se all branches", tree.close_all)
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
        self._tree.rows.addAction(action)
        return action

    def _adder(self, row_type: str) -> Callable[[], object]:
        def add() -> None:
            self._tree.editing.add(row_type)

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
        can_edit = self._tree.can_edit
        rows = [node for node in chosen if node.row_type not in ("plan", "branch")]
        for name, action in self.named.items():
            if name.startswith("add "):
                action.setEnabled(
                    can_edit and self._tree.editing.home_for(name.removeprefix("add ")) is not None
                )
        self.named["more"].setEnabled(can_edit)
        after = self.named["after"]
        is_row = current is not None and current.row_type not in ("plan", "branch")
        next_type = self._tree.editing.next_type()
        after.setEnabled(can_edit and next_type is not None)
        kind = in_a_sentence(kind_words(next_type or "priority", level_names))
        after.setText(f"Add {kind} &after this one" if is_row else f"&Add {kind} here")
        inside = self.named["inside"]
        child = current.child_type if current is not None else None
        inside.setEnabled(can_edit and child is not None)
        what = f"{in_a_sentence(kind_words(child, level_names))} " if child else ""
        inside.setText(f"Add {what}&in this one")
        self.named["title"].setEnabled(can_edit and current is not None and current.row_type in TITLED)
        for name in ("duplicate", "delete", "up", "down"):
            self.named[name].setEnabled(can_edit and bool(rows))
        self.named["copy"].setEnabled(bool(chosen))
        for name, action in self.named.items():
            action.setVisible(not self._tree.is_return or name in _ONLY_LOOKING)
