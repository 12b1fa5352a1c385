"""The view of the plan's rows: keeps which branches are open by their ids, and opens many without a stutter.

Qt lays out every open row at once, which in a plan of ten thousand measures takes longer than a
frame. So of many branches only those that can be seen are opened at once, the rest in slices.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator
from time import perf_counter
from typing import Final

from PySide6.QtCore import QElapsedTimer, QEvent, QModelIndex, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemDelegate, QAbstractItemView, QTreeView, QWidget

from cypp_desktop.ui import theme
from cypp_desktop.ui.autosave import Autosave
from cypp_desktop.ui.tree.delegate import RowDelegate
from cypp_desktop.ui.tree.model import PlanTreeModel
from cypp_desktop.ui.tree.nodes import Node

#: How many rows are laid out at once; more than any screen shows.
_AT_ONCE: Final = 150
#: How long a further slice may take, in seconds, and the pause between two, in milliseconds: in one frame
#: there is room for a slice and for painting.
_SLICE: Final = 0.006
_PAUSE: Final = 8


class PlanTreeView(QTreeView):
    """A QTreeView over a `PlanTreeModel`."""

    #: The context menu is wanted, at a place of the screen.
    menu_wanted = Signal(QPoint)

    def __init__(self, model: PlanTreeModel, autosave: Autosave, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        #: The ids of the open branches, also of those that the filter hides just now.
        self.open_ids: set[str] = set()
        #: What to say where there are no rows.
        self.empty_words = ""
        self._plan = model
        self._waiting: deque[Node] = deque()
        self._typed = ""
        self._typed_at = QElapsedTimer()
        self._slices = QTimer(self)
        self._slices.setInterval(_PAUSE)
        self._slices.timeout.connect(self._open_slice)
        self.setModel(model)
        self.in_place = RowDelegate(self, autosave)
        self.setItemDelegate(self.in_place)
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDragEnabled(True)
        self.setExpandsOnDoubleClick(True)
        self.setAccessibleName("Rows of the plan")
        self._size_icons()
        self.expanded.connect(self._was_opened)
        self.collapsed.connect(self._was_closed)

    # ------------------------------------------------------------------ open branches

    def open_only(self, row_ids: Collection[str]) -> None:
        """Open exactly these branches: those at the top now, the rest in the moments that follow."""
        self.close_all()
        self.open_ids = set(row_ids)
        self._open([node for node in branches(self._plan.root) if node.id in self.open_ids])

    def open_all(self) -> None:
        """Open every branch that is shown, in the same way."""
        self.close_all()
        found = branches(self._plan.root)
        self.open_ids = {node.id for node in found}
        self._open(found)

    def _open(self, found: Iterable[Node]) -> None:
        self._waiting.extend(found)
        self.scheduleDelayedItemsLayout()  # until it is laid out, opening a branch is only noted
        rows = 0
        while self._waiting and rows < _AT_ONCE:
            rows += self._open_next()
        self.executeDelayedItemsLayout()
        if self._waiting:
            self._slices.start()

    def close_all(self) -> None:
        """Close every branch."""
        self._slices.stop()
        self._waiting.clear()
        self.open_ids.clear()
        self.blockSignals(True)
        self.collapseAll()
        self.blockSignals(False)

    def open_branch(self, node: Node) -> None:
        """Open one branch, and those it stands in."""
        for branch in (*reversed([*node.above()]), node):
            self.open_ids.add(branch.id)
            self.expand(self._plan.index_of(branch))

    def is_opening(self) -> bool:
        """Whether branches still wait to be opened."""
        return bool(self._waiting)

    def _open_next(self) -> int:
        node = self._waiting.popleft()
        if self._plan.node(node.id) is not node or node.id not in self.open_ids:
            return 0
        self.expand(self._plan.index_of(node))
        return len(node.rows)

    def _open_slice(self) -> None:
        end = perf_counter() + _SLICE
        while self._waiting and perf_counter() < end:
            self._open_next()
        if not self._waiting:
            self._slices.stop()

    def _was_opened(self, index: QModelIndex) -> None:
        node = self._plan.node_at(index)
        if node is not None:
            self.open_ids.add(node.id)

    def _was_closed(self, index: QModelIndex) -> None:
        node = self._plan.node_at(index)
        if node is not None:
            self.open_ids.discard(node.id)

    # ------------------------------------------------------------------ rows

    def current_node(self) -> Node | None:
        """The row that has the cursor."""
        return self._plan.node_at(self.currentIndex())

    def chosen_nodes(self) -> list[Node]:
        """The selected rows in the order of the tree."""
        nodes = [self._plan.node_at(index) for index in self.selectionModel().selectedRows()]
        return sorted((node for node in nodes if node is not None), key=_path)

    def seen_nodes(self) -> Iterator[Node]:
        """Every row that is not inside a closed branch, from the top."""
        return _seen(self._plan.root, self.open_ids)

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        """Tab keeps a title as Enter does; Qt would open the next row's, to be typed over."""
        hints = QAbstractItemDelegate.EndEditHint
        if hint in (hints.EditNextItem, hints.EditPreviousItem):
            hint = hints.NoHint
        super().closeEditor(editor, hint)

    def keyboardSearch(self, search: str) -> None:
        """Go to the next row whose title or code begins with what is being typed."""
        pause = QGuiApplication.styleHints().keyboardInputInterval()
        fresh = not self._typed_at.isValid() or self._typed_at.elapsed() > pause
        self._typed_at.start()
        self._typed = search.casefold() if fresh else self._typed + search.casefold()
        nodes = list(self.seen_nodes())
        current = self.current_node()
        at = nodes.index(current) if current in nodes else -1
        # one letter goes on from here; a word being typed may still be this row's
        start = at + 1 if len(self._typed) == 1 else max(at, 0)
        for node in nodes[start:] + nodes[:start]:
            if node.title.casefold().startswith(self._typed) or node.code.casefold().startswith(self._typed):
                self.setCurrentIndex(self._plan.index_of(node))
                return

    # ------------------------------------------------------------------ Qt's events

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._size_icons()

    def _size_icons(self) -> None:
        side = theme.scaled(self, 16)
        self.setIconSize(QSize(side, side))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit(event.globalPos())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._plan.root.rows or not self.empty_words:
            return
        painter = QPainter(self.viewport())
        painter.setPen(theme.colours_of(self.palette()).muted)
        space = theme.scaled(self, 16)
        box = self.viewport().rect().adjusted(space, space, -space, -space)
        painter.drawText(box, Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap, self.empty_words)
        painter.end()


def branches(root: Node) -> list[Node]:
    """Every shown row in which others are shown, from the top."""
    found: list[Node] = []
    for child in root.rows:
        if child.rows:
            found.append(child)
            found += branches(child)
    return found


def _seen(node: Node, open_ids: Collection[str]) -> Iterator[Node]:
    for child in node.rows:
        yield child
        if child.rows and child.id in open_ids:
            yield from _seen(child, open_ids)


def _path(node: Node) -> tuple[int, ...]:
    return (*reversed([above.at for above in node.above()]), node.at)
