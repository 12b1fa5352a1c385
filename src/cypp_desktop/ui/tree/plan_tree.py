"""The tree of the plan with its filter and buttons: shows an outline, follows the editor, edits through it.

It can show a plan before the mapped classes are loaded; `set_document` or `attach` makes it editable.
Rows are remembered by their ids, never by an index.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractItemView, QMenu, QVBoxLayout, QWidget

from cypp_desktop.plan.levels import LEVELS
from cypp_desktop.plan.words import in_a_sentence
from cypp_desktop.ui.autosave import Autosave
from cypp_desktop.ui.banner import BannerAction, MessageKind
from cypp_desktop.ui.tree.actions import TreeActions
from cypp_desktop.ui.tree.add_bar import AddBar
from cypp_desktop.ui.tree.filter import TreeFilter, states_in
from cypp_desktop.ui.tree.filter_bar import FilterBar
from cypp_desktop.ui.tree.model import PlanTreeModel
from cypp_desktop.ui.tree.nodes import Node, kind_words
from cypp_desktop.ui.tree.row_commands import RowCommands
from cypp_desktop.ui.tree.tree_view import PlanTreeView

if TYPE_CHECKING:
    from cypp_desktop.plan.outline import Outline
    from cypp_desktop.store.editor import Changed, Editor
    from cypp_desktop.ui.document import PlanDocument
    from cypp_desktop.ui.tree.changes import TreeChange
    from cypp_desktop.ui.window_parts import WindowServices

_DELETED = "rows deleted in the tree"
#: A plan with no more rows than this is shown with its priorities open.
_SMALL = 400


class PlanTree(QWidget):
    """The tree part of the window."""

    #: Another row has become the current one: (row type, row id). A branch stands for the plan itself.
    row_selected = Signal(str, str)
    #: An edit was refused, or cannot be made: in words.
    problem = Signal(str)

    def __init__(self, services: WindowServices | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = PlanTreeModel(self)
        self._autosave = services.autosave if services is not None else Autosave(self)
        self.rows = PlanTreeView(self.model, self._autosave)
        self.filter_bar = FilterBar()
        self._services = services
        self._stop_listening: Callable[[], None] | None = None
        self._editor: Editor | None = None
        #: a return is shown: its rows are answered here, and neither made nor moved
        self._is_return = False
        self._quiet = 0
        self._told: tuple[str, str] | None = None
        #: the branches open before the filter was used
        self._open_before: set[str] | None = None
        self.commands = RowCommands(self.rows, self.model, select_row=self.select_row, quietly=self.quietly)
        self.actions_of_rows = TreeActions(self.rows, self.commands, close_all=self.close_all)
        self.add_bar = AddBar([self.actions_of_rows.named[f"add {level}"] for level in LEVELS])
        self._build()
        self._connect()
        self._first_row = QTimer(self)
        self._first_row.setSingleShot(True)
        self._first_row.setInterval(0)
        self._first_row.timeout.connect(self._select_something)
        self._refresh_actions()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 4, 8)
        column.setSpacing(6)
        column.addWidget(self.filter_bar)
        column.addWidget(self.rows, 1)
        column.addWidget(self.add_bar)
        self.setAccessibleName("Plan tree")

    def _connect(self) -> None:
        self.model.problem.connect(self.problem)
        if self._services is not None:
            self.problem.connect(self._show_problem)
            self.commands.deleted.connect(self._show_deleted)
            if self._services.questions is not None:
                self._services.questions.changed.connect(self._show_flags)
        self.filter_bar.changed.connect(self._filter_changed)
        self.filter_bar.left.connect(self._enter_rows)
        self.rows.menu_wanted.connect(self._show_menu)
        self.rows.in_place.opened.connect(self._begin_sitting)
        selection = self.rows.selectionModel()
        selection.currentChanged.connect(self._current_changed)
        selection.selectionChanged.connect(self._selection_changed)

    # ------------------------------------------------------------------ what is shown

    def show_outline(self, outline: Outline | None) -> None:
        """Show the rows of a plan, as read by `cypp_desktop.plan.outline`, to look at only."""
        with self.quietly():
            self.filter_bar.clear()
            self.model.set_outline(outline)
            self._told = None
            self._open_before = None
            priorities = [node.id for node in self.model.root.rows if node.row_type == "priority"]
            small = outline is not None and outline.measure_count <= _SMALL
            self.rows.open_only(priorities if small else ())
        self.rows.empty_words = "" if outline is None else "No row matches the filter."
        self._level_names_changed()
        self._offer_states()

    def set_document(self, document: PlanDocument | None) -> None:
        """Follow and edit an open plan from now on; None empties the tree."""
        self.detach()
        if document is None:
            self.show_outline(None)
        else:
            self.attach(document.editor)

    def attach(self, editor: Editor) -> None:
        """Follow an editor, and edit through it unless it only reads."""
        from cypp_desktop.ui.tree.changes import outline_of
        from cypp_desktop.ui.tree.edits import TreeEdits

        self.detach()
        self._editor = editor
        self._is_return = editor.meta("kind") == "return"
        self.add_bar.setVisible(not self._is_return)
        outline = outline_of(editor)
        if self.model.node(outline.plan_id) is None:
            self.show_outline(outline)
        else:
            self._follow(outline)
        if self._is_return:
            self.rows.open_all()
        self.model.edits = None if editor.read_only or self._is_return else TreeEdits(editor)
        self._stop_listening = editor.listen(self.apply)
        self._refresh_actions()
        self._told = None  # whoever is to show the row could not until now
        self._first_row.start()

    def detach(self) -> None:
        """Let go of the editor; the rows stay to look at."""
        if self._stop_listening is not None:
            self._stop_listening()
        self._stop_listening = None
        self._editor = None
        self.model.edits = None
        self._refresh_actions()

    def apply(self, changed: Changed) -> None:
        """Show what a step has changed, and nothing else anew."""
        from cypp_desktop.ui.tree.changes import outline_of, read_change

        if self._editor is None:
            return
        if self._services is not None:
            self._services.banners.dismiss(_DELETED)
        change = None if self._is_return else read_change(self._editor, changed)
        if change is None:
            self._follow(outline_of(self._editor))
        elif change:
            self._apply_to_rows(change)
        self._refresh_actions()

    def _apply_to_rows(self, change: TreeChange) -> None:
        """Change the few rows that a step has changed."""
        if change.names is not None:
            self._call(*change.names)
        is_remarked = False
        with self.quietly():
            for row in change.put:
                self.model.put(row)
            for row in change.relabelled:
                self.model.relabel(row)
            for row_id in change.removed:
                self.model.remove(row_id)
            for row_id, (mark, update_state) in change.marks.items():
                if self.model.remark(row_id, mark, update_state):
                    is_remarked = True
            self._reopen([row.id for row in change.put])
        if is_remarked or change.removed or change.put:
            self._offer_states()

    def add_branch(self, key: str) -> None:
        """Show a branch in which nothing stands yet: "narrative", "recommendations", "people" …"""
        self.model.add_branch(key)

    def _follow(self, outline: Outline) -> None:
        names = self.model.level_names
        with self.quietly():
            self.model.follow(outline)
            self._reopen(list(self.rows.open_ids))
        if names != self.model.level_names:
            self._level_names_changed()
        self._offer_states()

    def _call(self, title: str, level_names: dict[str, str]) -> None:
        """Call the plan and its levels by these names."""
        self.model.retitle_plan(title)
        if level_names != self.model.level_names:
            self.model.set_level_names(level_names)
            self._level_names_changed()

    def _reopen(self, row_ids: Sequence[str]) -> None:
        """Open the branches that have come back, as by an undone deletion, if they were open."""
        for row_id in row_ids:
            node = self.model.node(row_id)
            if node is not None and row_id in self.rows.open_ids:
                self.rows.expand(self.model.index_of(node))

    def _show_flags(self) -> None:
        """Flag the rows at which something waits for a person."""
        questions = self._services.questions if self._services is not None else None
        if questions is not None:
            self.model.flag({id_: (each.conflicts, each.to_read) for id_, each in questions.rows.items()})

    def _offer_states(self) -> None:
        self.filter_bar.offer(states_in(self.model.root))

    def _level_names_changed(self) -> None:
        names = self.model.level_names
        self.actions_of_rows.rename(names)
        self.add_bar.say([in_a_sentence(kind_words(level, names)) for level in LEVELS])
        self._refresh_actions()

    # ------------------------------------------------------------------ the current row

    def select_row(self, row_type: str, row_id: str) -> bool:
        """Make a row the current one, opening what it stands in; False when there is none."""
        node = self.model.node(row_id)
        if node is None:
            return False
        if not self.model.is_shown(node):
            self.filter_bar.clear()
        above = next(node.above(), None)
        if above is not None:
            self.rows.open_branch(above)
        index = self.model.index_of(node)
        flags = QItemSelectionModel.SelectionFlag
        self.rows.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
        self.rows.scrollTo(index)
        return True

    def selected_row(self) -> tuple[str, str] | None:
        """The current row as (row type, row id)."""
        return self._said_of(self.rows.current_node())

    def expanded_rows(self) -> list[str]:
        """The ids of the open branches, for the next start."""
        return sorted(self.rows.open_ids if self._open_before is None else self._open_before)

    def expand_rows(self, row_ids: Sequence[str]) -> None:
        """Open exactly these branches; ids that are no longer there are passed over."""
        if self._open_before is None:
            self.rows.open_only(row_ids)
        else:
            self._open_before = set(row_ids)

    def _said_of(self, node: Node | None) -> tuple[str, str] | None:
        if node is not None and node.row_type == "branch":
            node = self.model.root.children[0]
        return node.key if node is not None else None

    def _current_changed(self) -> None:
        if not self._quiet:
            self._tell_current()

    def _selection_changed(self, chosen: QItemSelection, no_longer: QItemSelection) -> None:
        if not self._quiet:
            self._refresh_actions()

    def _tell_current(self) -> None:
        said = self.selected_row()
        if said is not None and said != self._told:
            self._told = said
            self.row_selected.emit(*said)

    @contextmanager
    def quietly(self) -> Iterator[None]:
        """Rows come and go inside; the current one is told of once, at the end."""
        self._quiet += 1
        try:
            yield
        finally:
            self._quiet -= 1
        if not self._quiet:
            self._tell_current()

    def _select_something(self) -> None:
        """With a plan just opened some row is shown: without a better one, the plan itself."""
        rows = self.model.root.rows
        if self.rows.current_node() is None and rows:
            self.select_row(*rows[0].key)
        self._tell_current()

    # ------------------------------------------------------------------ the filter

    def set_filter(self, text: str, state: str = "") -> None:
        """Filter as if it had been typed and chosen."""
        at = self.filter_bar.state.findData(state)
        self.filter_bar.state.setCurrentIndex(max(at, 0))
        self.filter_bar.box.setText(text)

    def _filter_changed(self) -> None:
        wanted = self.filter_bar.filter()
        if wanted == self.model.filter:
            return
        with self.quietly():
            self._refilter(wanted)
        self._refresh_actions()

    def _refilter(self, wanted: TreeFilter) -> None:
        current = self.rows.current_node()
        if self._open_before is None:
            self._open_before = set(self.rows.open_ids)
        self.rows.setUpdatesEnabled(False)
        self.rows.close_all()
        matching = self.model.set_filter(wanted)
        if wanted:
            self.rows.open_all()
        else:
            self.rows.open_only(self._open_before)
            self._open_before = None
            current = current or (self.model.node(self._told[1]) if self._told else None)
        self.filter_bar.say_count(matching if wanted else None)
        if current is not None and self.model.is_shown(current):
            self.select_row(*current.key)
        else:
            self.rows.scrollToTop()
        self.rows.setUpdatesEnabled(True)

    def focus_rows(self) -> None:
        """Put the cursor on the rows. No focus proxy: with one, Tab would pass the filter by."""
        self.rows.setFocus(Qt.FocusReason.OtherFocusReason)

    def _enter_rows(self) -> None:
        """From the filter box to the rows: to the first that matches, if the current one is hidden."""
        self.focus_rows()
        if self.rows.current_node() is None:
            for node in self.model.root.below():
                if node.shown and self.model.filter.matches(node):
                    self.select_row(*node.key)
                    return

    # ------------------------------------------------------------------ branches and menus

    def menu_actions(self) -> Sequence[QAction]:
        """What can be done with rows, for the Plan menu, with their keys; a separator is an action."""
        return self.actions_of_rows.in_menu

    def open_all(self) -> None:
        """Open every branch."""
        self.rows.open_all()

    def close_all(self) -> None:
        """Close every branch."""
        current = self.rows.current_node()
        self.rows.close_all()
        above = [*current.above()] if current is not None else []
        if above:
            self.select_row(*above[-1].key)

    def _show_problem(self, words: str) -> None:
        if self._services is not None:
            self._services.banners.show_message(MessageKind.PROBLEM, words, about="tree")

    def _show_deleted(self, words: str) -> None:
        if self._services is not None:
            undo = BannerAction("Undo", self._undo)
            self._services.banners.show_message(MessageKind.DONE, words, [undo], about=_DELETED)

    def _begin_sitting(self) -> None:
        if self._editor is not None:
            self._editor.end_sitting()

    def _undo(self) -> None:
        self._autosave.keep_now()
        editor = self._editor
        if editor is not None:
            self.model.attempt(editor.undo)

    def _show_menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions(self.actions_of_rows.in_menu)
        menu.popup(at)

    def _refresh_actions(self) -> None:
        chosen = self.rows.chosen_nodes()
        self.actions_of_rows.refresh(self.rows.current_node(), chosen, self.model.level_names)
        self.actions_of_rows.offer(is_return=self._is_return)
        modes = QAbstractItemView.DragDropMode
        self.rows.setDragDropMode(modes.InternalMove if self.commands.can_edit else modes.NoDragDrop)
