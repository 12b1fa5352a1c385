"""The page of the plan itself: its tree at the left, and beside it the panel of the row that is chosen."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QSplitter, QWidget

from cypp_desktop.ui.window_parts import TreePart

#: How the width is shared between the tree and the panel.
_TREE_SHARE, _PANEL_SHARE = 2, 3


class PlanPage(QSplitter):
    """Tree and panel side by side. Until the panel is made, its place is empty."""

    def __init__(self, tree: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setAccessibleName("Tree and panel")
        self.setChildrenCollapsible(False)
        self.tree = tree
        self.panels = QWidget()
        self.addWidget(self.tree)
        self.addWidget(self.panels)
        self.setStretchFactor(0, _TREE_SHARE)
        self.setStretchFactor(1, _PANEL_SHARE)

    def put_panels(self, panels: QWidget) -> None:
        """Put the panel into its place."""
        sizes = self.sizes()
        empty = self.panels
        self.panels = panels
        self.replaceWidget(1, panels)
        self.setStretchFactor(1, _PANEL_SHARE)  # it belongs to the widget, not to its place
        empty.deleteLater()
        panels.show()
        self.setSizes(sizes)

    def focus_rows(self) -> None:
        """Put the cursor on the rows of the tree."""
        cast(TreePart, self.tree).focus_rows()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leads from the panel back to the rows of the tree."""
        now = self.window().focusWidget()
        in_panel = now is not None and self.panels.isAncestorOf(now)
        if in_panel and event.key() == Qt.Key.Key_Escape and not event.modifiers():
            self.focus_rows()
        else:
            super().keyPressEvent(event)
