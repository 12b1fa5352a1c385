"""What a person does to the rows of the tree: where a new row goes, what moves where, what is chosen next.

Every edit is a command of :mod:`cypp_desktop.ui.tree.edits`; the rows change when the editor says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

from PySide6.QtCore import QItemSelectionModel, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication

from cypp_desktop.plan.levels import LEVEL_ABOVE
from cypp_desktop.plan.words import in_a_sentence
from cypp_desktop.ui.tree import dragging
from cypp_desktop.ui.tree.flags import TITLED
from cypp_desktop.ui.tree.model import PlanTreeModel
from cypp_desktop.ui.tree.nodes import BRANCH_OF, Node, kind_words, label
from cypp_desktop.ui.tree.tree_view import PlanTreeView


class RowCommands(QObject):
    """Adds, copies, moves and deletes rows. While the plan is only read, its methods do nothing."""

    #: Rows were deleted: what, in words.
    deleted = Signal(str)

    def __init__(
        self,
        rows: PlanTreeView,
        model: PlanTreeModel,
        *,
        select_row: Callable[[str, str], bool],
        quietly: Callable[[], AbstractContextManager[None]],
    ) -> None:
        """`select_row` makes a row of a type and id the current one, whether the filter hides it or not.
        Within `quietly`, the current row may change several times and is told of once, at the end.
        """
        super().__init__(rows)
        self._rows, self._model = rows, model
        self._select_row, self._quietly = select_row, quietly

    @property
    def can_edit(self) -> bool:
        """Whether rows can be edited now."""
        return self._model.edits is not None

    def home_for(self, row_type: str) -> tuple[Node, Node | None] | None:
        """Where a new row of a type would go from here: what it stands in, and the row before it."""
        current = self._rows.current_node()
        chain = [current, *current.above()] if current is not None else []
        for node in chain:
            if node.row_type == row_type and node.parent is not None:
                return node.parent, node
        if row_type == "priority" or row_type in BRANCH_OF:
            branch = self._model.node(BRANCH_OF.get(row_type, ""))
            return branch or self._model.root, None
        for node in chain:
            if node.row_type == LEVEL_ABOVE[row_type]:
                return node, None
        last = self._last_of(LEVEL_ABOVE[row_type])
        return (last, None) if last is not None else None

    def _last_of(self, row_type: str) -> Node | None:
        """The last row of a type where a new one of that type would go."""
        home = self.home_for(row_type)
        if home is None:
            return None
        there = [node for node in home[0].children if node.row_type == row_type]
        return there[-1] if there else None

    def add(self, row_type: str) -> None:
        """Add a row of a type at the place that goes with the current row, and begin to type its title."""
        home = self.home_for(row_type)
        if home is None:
            kind = in_a_sentence(kind_words(LEVEL_ABOVE[row_type], self._model.level_names))
            self._model.problem.emit(f"There is no {kind} for this to stand in yet. Add one first.")
            return
        self._add(row_type, *home)

    def add_after(self) -> None:
        """Add a row of the same kind after the current one; where that is none, the first of its kind."""
        current = self._rows.current_node()
        if current is not None and current.parent is not None and current.row_type not in ("plan", "branch"):
            self._add(current.row_type, current.parent, current)
        elif (row_type := self.next_type()) is not None:
            self.add(row_type)

    def next_type(self) -> str | None:
        """What is added next from here: another such row, what the branch holds, or the first level."""
        current = self._rows.current_node()
        if current is None or current.row_type == "plan":
            return "priority"
        return current.child_type if current.row_type == "branch" else current.row_type

    def add_inside(self) -> None:
        """Add a row in the current one, at its end."""
        current = self._rows.current_node()
        if current is not None and current.child_type is not None:
            self._add(current.child_type, current, None)

    def _add(self, row_type: str, parent: Node, after: Node | None) -> None:
        edits = self._model.edits
        if edits is None:
            return
        into = None if parent.row_type in ("root", "branch") else parent.key
        added = self._model.make(lambda: edits.add(row_type, into, after.id if after else None))
        if added is not None:
            self._select_row(row_type, added)
            if row_type in TITLED:
                self.edit_title()

    def edit_title(self) -> None:
        """Type the title of the current row in its place."""
        current = self._rows.current_node()
        if self.can_edit and current is not None and current.row_type in TITLED:
            self._rows.setFocus(Qt.FocusReason.OtherFocusReason)
            self._rows.edit(self._rows.currentIndex())

    def duplicate(self) -> None:
        """Copy the chosen rows, each after itself, and choose the copies."""
        edits, nodes = self._model.edits, dragging.top_rows(self._editable())
        if edits is None or not nodes:
            return
        copies = self._model.make(lambda: edits.duplicate([node.key for node in nodes]))
        if copies is not None:
            self._choose(copies)

    def delete(self) -> None:
        """Delete the chosen rows with all that stands in them, without a question: it can be undone."""
        edits, nodes = self._model.edits, dragging.top_rows(self._editable())
        if edits is None or not nodes:
            return
        neighbour = self._beside(nodes)
        with self._quietly():
            words = self._model.make(lambda: edits.delete([node.key for node in nodes]))
            if words is None:
                return
            if neighbour is not None:
                self._select_row(*neighbour.key)
        self.deleted.emit(f"Deleted {words}.")

    def _beside(self, nodes: Sequence[Node]) -> Node | None:
        """The row to go on with when these are gone: the next in the list, or the one before, or above."""
        last = nodes[-1]
        listed = last.parent.rows if last.parent is not None else []
        for node in [*listed[last.at + 1 :], *reversed(listed[: last.at]), *last.above()]:
            if not any(node.stands_in(gone) for gone in nodes):
                return node
        return None

    def move_up(self) -> None:
        """Move the chosen rows before the row above, at the top of a list to the end of the list before."""
        self._shift(-1)

    def move_down(self) -> None:
        """Move the chosen rows after the row below them, at the end of a list to the top of the next list."""
        self._shift(1)

    def _shift(self, step: int) -> None:
        nodes = dragging.top_rows(self._editable())
        if not nodes:
            return
        parent = nodes[0].parent
        if parent is None or any(n.parent is not parent or n.row_type != nodes[0].row_type for n in nodes):
            self._model.problem.emit("Only rows that stand in one list can be moved together.")
            return
        if self._shift_within(nodes, parent, step) or self._shift_over(nodes, parent, step):
            self._choose([node.id for node in nodes])

    def _shift_within(self, nodes: Sequence[Node], parent: Node, step: int) -> bool:
        kind = nodes[0].row_type
        at = nodes[0].at - 1 if step < 0 else nodes[-1].at + 1
        if not 0 <= at < len(parent.rows) or parent.rows[at].row_type != kind:
            return False
        return self._model.move(nodes, parent, dragging.row_behind(parent, at if step < 0 else at + 1, nodes))

    def _shift_over(self, nodes: Sequence[Node], parent: Node, step: int) -> bool:
        """Into the list next to this one: the same level, which may stand in another row above."""
        over = self._next_parent(parent, step)
        if over is None:
            return False
        return self._model.move(nodes, over, None if step < 0 else dragging.row_behind(over, 0, nodes))

    def _next_parent(self, parent: Node, step: int) -> Node | None:
        if parent.parent is None or parent.row_type == "branch":
            return None
        lists = [node for node in self._level(parent) if node.row_type == parent.row_type]
        at = lists.index(parent) + step
        return lists[at] if 0 <= at < len(lists) else None

    def _level(self, node: Node) -> list[Node]:
        """The shown rows at the depth of one, in the order of the tree."""
        above = node.parent
        if above is None:
            return [node]
        rows: list[Node] = []
        for parent in self._level(above):
            rows += parent.rows
        return rows

    def copy_titles(self) -> None:
        """Put the chosen rows' codes and titles on the clipboard, a line each, indented as they stand."""
        nodes = self._rows.chosen_nodes()
        if not nodes:
            return
        depths = [node.depth for node in nodes]
        least = min(depths)
        lines = []
        for node, depth in zip(nodes, depths, strict=True):
            lines.append("\t" * (depth - least) + label(node, self._model.level_names))
        QGuiApplication.clipboard().setText("\n".join(lines))

    def _editable(self) -> list[Node]:
        return [node for node in self._rows.chosen_nodes() if node.row_type not in ("plan", "branch")]

    def _choose(self, row_ids: Sequence[str]) -> None:
        """Make the first of some rows the current one, and all of them the selection."""
        nodes = [node for row_id in row_ids if (node := self._model.node(row_id)) is not None]
        if not nodes:
            return
        self._select_row(*nodes[0].key)
        flags = QItemSelectionModel.SelectionFlag
        for node in nodes[1:]:
            self._rows.selectionModel().select(self._model.index_of(node), flags.Select | flags.Rows)
