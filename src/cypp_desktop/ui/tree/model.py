"""The plan's rows as a Qt model. It owns its nodes, shows them, and relays what is typed and dropped.

Qt is told a node's number, never its address, so an index kept too long names nothing instead of
freed memory. The model changes only by `set_outline`, `follow` and what these call: an edit goes to
the editor and comes back from it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeVar

from PySide6.QtCore import (
    QAbstractItemModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from cypp_desktop.errors import CyppError
from cypp_desktop.plan.levels import DEFAULT_LEVEL_NAMES
from cypp_desktop.plan.outline import Outline, OutlineRow
from cypp_desktop.ui.tree import dragging
from cypp_desktop.ui.tree import filter as filtering
from cypp_desktop.ui.tree.filter import TreeFilter
from cypp_desktop.ui.tree.flags import FLAGS
from cypp_desktop.ui.tree.nodes import (
    BRANCH_OF,
    BRANCHES,
    Node,
    all_rows,
    fold,
    label,
    take_words,
)
from cypp_desktop.ui.tree.roles import READERS

if TYPE_CHECKING:
    from cypp_desktop.ui.tree.edits import TreeEdits

Index = QModelIndex | QPersistentModelIndex
_BRANCH_ORDER: Final = {key: str(order) for order, (key, _, _) in enumerate(BRANCHES)}

_Role = Qt.ItemDataRole


Made = TypeVar("Made")


class PlanTreeModel(QAbstractItemModel):
    """Priorities, outcomes and measures, then the plan's other branches; one column."""

    #: What an edit was refused for, in words.
    problem = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._edits: TreeEdits | None = None
        self._flags = FLAGS[False]
        self.level_names: dict[str, str] = dict(DEFAULT_LEVEL_NAMES)
        self.filter = TreeFilter()
        self._wanted_branches: set[str] = set()
        self._clear()

    def _clear(self) -> None:
        self.root = Node(0, "root", "")
        self._count = 0
        self._numbered: dict[int, Node] = {0: self.root}
        self._by_id: dict[str, Node] = {}

    @property
    def edits(self) -> TreeEdits | None:
        """Makes the edits that are typed or dropped here; None while the plan is only shown."""
        return self._edits

    @edits.setter
    def edits(self, edits: TreeEdits | None) -> None:
        self._edits = edits
        self._flags = FLAGS[edits is not None]

    # ------------------------------------------------------------------ nodes

    def node(self, row_id: str) -> Node | None:
        """The node of a row, a branch ("narrative") or the plan, shown or not."""
        return self._by_id.get(row_id)

    def node_at(self, index: Index) -> Node | None:
        """The node that an index names; None for no index, or one that is out of date."""
        return self._numbered.get(index.internalId()) if index.isValid() else None

    def index_of(self, node: Node) -> QModelIndex:
        """The index of a node; no index for the root and for what is not shown."""
        if node is self.root or not self.is_shown(node):
            return QModelIndex()
        return self.createIndex(node.at, 0, node.number)

    def is_shown(self, node: Node) -> bool:
        """Whether the filter shows the node."""
        return node.shown and all(above.shown for above in node.above())

    # ------------------------------------------------------------------ Qt reads

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008
        node = self._numbered.get(parent.internalId())
        if node is None or column != 0 or not 0 <= row < len(node.rows):
            return QModelIndex()
        return self.createIndex(row, 0, node.rows[row].number)

    def parent(self, index: Index = QModelIndex()) -> Any:  # noqa: B008
        node = self._numbered.get(index.internalId())
        above = node.parent if node is not None else None
        if above is None or above is self.root:
            return QModelIndex()
        return self.createIndex(above.at, 0, above.number)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        node = self._numbered.get(parent.internalId())
        return len(node.rows) if node is not None else 0

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 1

    def hasChildren(self, parent: Index = QModelIndex()) -> bool:  # noqa: B008
        node = self._numbered.get(parent.internalId())
        return node is not None and bool(node.rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        node = self._numbered.get(index.internalId())
        if node is None:
            return Qt.ItemFlag.NoItemFlags
        return self._flags[node.row_type][not node.rows]

    def data(self, index: Index, role: int = _Role.DisplayRole) -> Any:
        node = self.node_at(index)
        if node is None:
            return None
        reader = READERS.get(role)
        return reader(node, self.level_names) if reader else None

    # ------------------------------------------------------------------ the whole plan

    def set_outline(self, outline: Outline | None) -> None:
        """Show another plan, or none."""
        self.beginResetModel()
        self._clear()
        self._wanted_branches.clear()
        self.filter = TreeFilter()
        if outline is not None:
            self.level_names = dict(outline.level_names)
            plan = self._new_node("plan", outline.plan_id, self.root)
            plan.title = outline.title
            self.root.children.append(plan)
            for row in all_rows(outline):
                self._build(row)
            for node in self._by_id.values():
                fold(node)
        filtering.apply(self.root, self.filter)
        self.endResetModel()

    def _build(self, row: OutlineRow) -> None:
        parent = self._parent_of(row)
        if parent is None:
            parent = self._new_node("branch", BRANCH_OF[row.row_type], self.root)
            self.root.children.append(parent)
        node = self._new_node(row.row_type, row.id, parent, row.sort_key)
        take_words(node, row)
        parent.children.append(node)

    def follow(self, outline: Outline) -> None:
        """Become what the same plan is now, telling Qt no more than what differs."""
        self.set_level_names(outline.level_names)
        plan = self._by_id.get(outline.plan_id)
        if plan is None:
            self.set_outline(outline)
            return
        self.retitle_plan(outline.title)
        rows = all_rows(outline)
        for row in rows:
            self.put(row)
        kept = {row.id for row in rows}
        for node in [node for node in self._by_id.values() if node.row_type not in ("plan", "branch")]:
            if node.id not in kept:
                self.remove(node.id)

    def set_level_names(self, names: dict[str, str]) -> None:
        """Call the levels by other names."""
        if names == self.level_names:
            return
        self.level_names = dict(names)
        for node in self.root.rows:
            self._tell_changed(node)

    def retitle_plan(self, title: str) -> None:
        """Give the plan another title."""
        plan = self.root.children[0]
        if plan.title != title:
            plan.title = title
            fold(plan)
            self._tell_changed(plan)

    # ------------------------------------------------------------------ one row

    def put(self, row: OutlineRow) -> None:
        """Show a row as it is now, in its place: a new one, or one that is there already.

        Its parent must have been put before it.
        """
        parent = self._parent_of(row) or self._add_branch_node(BRANCH_OF[row.row_type])
        node = self._by_id.get(row.id)
        if node is None:
            node = self._new_node(row.row_type, row.id, parent, row.sort_key)
            take_words(node, row)
            fold(node)
            self._insert(node, parent)
            return
        if (node.parent, node.sort_key) != (parent, row.sort_key):
            self._move(node, parent, row.sort_key)
        self.relabel(row)

    def relabel(self, row: OutlineRow) -> None:
        """Give a row that is there its words and marks of now, leaving it in its place."""
        node = self._by_id.get(row.id)
        if node is not None and take_words(node, row):
            fold(node)
            for child in node.children if node.row_type == "outcome" else ():
                fold(child)
            self._tell_changed(node)
            self._recount(node)

    def remark(self, row_id: str, mark: str, update_state: str) -> bool:
        """Give a measure another mark and state; whether they are others than before."""
        node = self._by_id.get(row_id)
        if node is not None and (node.mark, node.update_state) != (mark, update_state):
            node.mark, node.update_state = mark, update_state
            self._tell_changed(node)
            self._recount(node)
            return True
        return False

    def flag(self, waiting: Mapping[str, tuple[int, int]]) -> None:
        """Show at which rows something waits for a person: open conflicts and texts to read, by row id.

        A row also counts what waits in the rows that stand in it.
        """
        below: dict[Node, tuple[int, int]] = {}
        for row_id, (conflicts, to_read) in waiting.items():
            node = self._by_id.get(row_id)
            for above in node.above() if node is not None else ():
                known = below.get(above, (0, 0))
                below[above] = (known[0] + conflicts, known[1] + to_read)
        for node in self._by_id.values():
            said = waiting.get(node.id, (0, 0)), below.get(node, (0, 0))
            if said != (node.waiting, node.waiting_below):
                node.waiting, node.waiting_below = said
                self._tell_changed(node)

    def remove(self, row_id: str) -> None:
        """Take a row away with all that stands in it; one that is not there is passed over."""
        node = self._by_id.get(row_id)
        parent = node.parent if node is not None else None
        if node is None or parent is None:
            return
        parent.children.remove(node)
        if self.is_shown(node):
            self.beginRemoveRows(self.index_of(parent), node.at, node.at)
            self._drop(node, parent)
            self.endRemoveRows()
        else:
            self._drop(node, parent)
        self._recount(parent)
        self._tidy_branch(parent)

    def _drop(self, node: Node, parent: Node) -> None:
        if node.shown:
            del parent.rows[node.at]
            _number_rows(parent, node.at)
        for gone in (node, *node.below()):
            del self._numbered[gone.number]
            del self._by_id[gone.id]

    def _insert(self, node: Node, parent: Node) -> None:
        parent.children.insert(_place_in(parent.children, node), node)
        node.shown = False
        self._reveal(node)
        self._recount(node)
        if parent.row_type == "branch":
            self._tell_changed(parent)

    def _reveal(self, node: Node) -> None:
        """Show a node that the filter hides, with what it stands in; a new row is seen at once."""
        parent = node.parent
        if parent is None or node.shown:
            return
        self._reveal(parent)
        at = _place_in(parent.rows, node)
        self.beginInsertRows(self.index_of(parent), at, at)
        node.shown = True
        parent.rows.insert(at, node)
        _number_rows(parent, at)
        self.endInsertRows()

    def _move(self, node: Node, parent: Node, sort_key: str) -> None:
        old = node.parent
        assert old is not None
        old.children.remove(node)
        self._recount(node)
        node.sort_key = sort_key
        parent.children.insert(_place_in(parent.children, node), node)
        if node.shown:
            self._reveal(parent)
            at = _place_in([row for row in parent.rows if row is not node], node)
            if parent is old and at == node.at:
                return
            before = at + 1 if parent is old and at > node.at else at
            self.beginMoveRows(self.index_of(old), node.at, node.at, self.index_of(parent), before)
            del old.rows[node.at]
            parent.rows.insert(at, node)
            node.parent = parent
            _number_rows(old, 0)
            _number_rows(parent, 0)
            self.endMoveRows()
        node.parent = parent
        for moved in (node, *node.below()):
            fold(moved)
        self._recount(node)
        self._tidy_branch(old)

    def _tell_changed(self, node: Node) -> None:
        if self.is_shown(node):
            index = self.index_of(node)
            self.dataChanged.emit(index, index)

    def _recount(self, node: Node) -> None:
        """What the row's priority counts may be different now."""
        for above in (node, *node.above()):
            if above.tally is not None:
                above.tally = None
                self._tell_changed(above)

    # ------------------------------------------------------------------ branches

    def add_branch(self, key: str) -> None:
        """Show a branch ("narrative", "recommendations", …) though nothing stands in it yet."""
        self._wanted_branches.add(key)
        self._add_branch_node(key)

    def _add_branch_node(self, key: str) -> Node:
        node = self._by_id.get(key)
        if node is None:
            node = self._new_node("branch", key, self.root)
            fold(node)
            self._insert(node, self.root)
        return node

    def _tidy_branch(self, parent: Node) -> None:
        if parent.row_type != "branch":
            return
        if not parent.children and parent.id not in self._wanted_branches:
            self.remove(parent.id)
        else:
            self._tell_changed(parent)

    def _parent_of(self, row: OutlineRow) -> Node | None:
        """The node in which a row stands; None where its branch is not there yet."""
        if row.row_type == "priority":
            return self.root
        if row.parent_id is not None:
            return self._by_id[row.parent_id]
        return self._by_id.get(BRANCH_OF[row.row_type])

    def _new_node(self, row_type: str, row_id: str, parent: Node, sort_key: str = "") -> Node:
        self._count += 1
        key = _BRANCH_ORDER[row_id] if row_type == "branch" else sort_key
        node = Node(self._count, row_type, row_id, key, parent=parent)
        self._numbered[node.number] = node
        self._by_id[row_id] = node
        return node

    # ------------------------------------------------------------------ the filter

    def set_filter(self, wanted: TreeFilter) -> int:
        """Show what matches, and what that stands in; gives how many rows match."""
        self.layoutAboutToBeChanged.emit()
        kept = self.persistentIndexList()
        nodes = [self._numbered[index.internalId()] for index in kept]
        self.filter = wanted
        matching = filtering.apply(self.root, wanted)
        self.changePersistentIndexList(kept, [self.index_of(node) for node in nodes])
        self.layoutChanged.emit()
        return matching

    # ------------------------------------------------------------------ typing and dropping

    def setData(self, index: Index, value: Any, role: int = _Role.EditRole) -> bool:
        node = self.node_at(index)
        edits = self.edits
        if node is None or edits is None or role != _Role.EditRole:
            return False
        title = " ".join(str(value).split())
        return title == node.title or self.attempt(lambda: edits.rename(node.key, title))

    def attempt(self, command: Callable[[], object]) -> bool:
        """Run a command; a refusal is told by `problem`, and the answer is False."""
        try:
            command()
        except CyppError as refusal:
            self.problem.emit(str(refusal))
            return False
        return True

    def make(self, command: Callable[[], Made]) -> Made | None:
        """What a command makes; a refusal is told by `problem`, and nothing is made."""
        try:
            return command()
        except CyppError as refusal:
            self.problem.emit(str(refusal))
            return None

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        return [dragging.ROWS]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        nodes = [node for index in indexes if (node := self.node_at(index)) is not None]
        words = "\n".join(label(node, self.level_names) for node in nodes)
        return dragging.packed(id(self), [node.id for node in nodes], words)

    def canDropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        target = self._numbered.get(parent.internalId())
        return self.edits is not None and target is not None and dragging.fits(self._dragged(data), target)

    def dropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        target = self._numbered.get(parent.internalId())
        nodes = self._dragged(data)
        if target is None or not dragging.fits(nodes, target):
            return False
        return self.move(nodes, target, dragging.row_behind(target, row, nodes))

    def move(self, nodes: Sequence[Node], parent: Node, before: Node | None) -> bool:
        """Move rows into ``parent``, in front of one of its rows or to the end; False when refused."""
        edits = self.edits
        if edits is None:
            return False
        moved = dragging.top_rows(nodes)
        into = None if parent.row_type in ("root", "branch") else parent.key
        return self.attempt(lambda: edits.move([n.key for n in moved], into, before.id if before else None))

    def _dragged(self, data: QMimeData) -> list[Node]:
        ids = dragging.unpacked(id(self), data)
        return [node for row_id in ids if (node := self._by_id.get(row_id)) is not None]


def _place(node: Node) -> tuple[int, str, str]:
    return node.place


def _place_in(rows: Sequence[Node], node: Node) -> int:
    return bisect_left(rows, node.place, key=_place)


def _number_rows(parent: Node, first: int) -> None:
    for at in range(first, len(parent.rows)):
        parent.rows[at].at = at
