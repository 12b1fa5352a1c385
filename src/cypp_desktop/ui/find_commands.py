"""The find box of the window and what it brings up: the list of what was found, and the way back.

The list itself is a part that is made when first needed; this decides when it is seen.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from cypp_desktop.ui import icons, theme
from cypp_desktop.ui.menus import Menus
from cypp_desktop.ui.window_parts import FindPart

if TYPE_CHECKING:
    from cypp_desktop.plan.search import Hit
    from cypp_desktop.ui.document import PlanDocument


class FindCommands(QObject):
    """What Ctrl+F, F3 and the find box do. One of these serves a window."""

    def __init__(
        self,
        window: QMainWindow,
        stack: QStackedWidget,
        make_part: Callable[[], QWidget],
        *,
        show_hit: Callable[[Hit], None],
        next_pane: Callable[[], None],
    ) -> None:
        """`make_part` makes the list, which is shown in `stack`. `show_hit` shows what was chosen in it, and
        `next_pane` moves the cursor to the next part of the window.
        """
        super().__init__(window)
        self._window, self._stack = window, stack
        self._make_part, self._show_hit, self._next_pane = make_part, show_hit, next_pane
        self._document: PlanDocument | None = None
        #: The list of what was found, once it has been needed.
        self.part: QWidget | None = None
        self.box = QLineEdit()
        self._page_before: QWidget | None = None
        self._focus_before: QWidget | None = None

    def set_document(self, document: PlanDocument | None) -> None:
        """Find in an open plan from now on."""
        self._document = document
        if self.part is not None:
            cast(FindPart, self.part).set_document(document)

    def place_box(self, column: QVBoxLayout) -> None:
        """Put the box at the right end of the menu bar, or where that is the system's, into ``column``."""
        box = self.box
        box.setPlaceholderText("Find anything in the plan…")
        box.setAccessibleName("Find in the plan")
        box.setClearButtonEnabled(True)
        self._sign = box.addAction(icons.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        box.installEventFilter(self)
        box.textEdited.connect(self._typed)
        box.returnPressed.connect(self.find_now)
        # Qt for Python drops the context where it is given together with what to do.
        escape = QShortcut(QKeySequence("Esc"), box, context=Qt.ShortcutContext.WidgetShortcut)
        escape.activated.connect(self.leave)
        bar = self._window.menuBar()
        # A menu bar asks its corner for a size hint only, so the width must come from a layout.
        holder = QWidget(bar)
        row = QHBoxLayout(holder)
        row.setContentsMargins(4, 2, 8, 2)
        row.addWidget(box)
        if bar.isNativeMenuBar():
            column.addWidget(holder, 0, Qt.AlignmentFlag.AlignRight)
        else:
            bar.setCornerWidget(holder)

    def add_to(self, menus: Menus) -> None:
        """Put the commands into the Edit menu."""
        keys = QKeySequence.StandardKey
        menus.separator("&Edit")
        menus.add("&Edit", "find", "&Find in the plan", self.focus_box, keys.Find)
        menus.add("&Edit", "find next", "Find &next", self.find_next, "F3")
        menus.add("&Edit", "find previous", "Find pre&vious", self.find_previous, "Shift+F3")

    def refresh(self, menus: Menus) -> None:
        """Show the box and un-grey the commands while a plan is open."""
        is_open = self._document is not None
        menus.enable({"find": is_open, "find next": is_open, "find previous": is_open})
        self.box.setVisible(is_open)
        self.box.setMinimumWidth(theme.scaled(self._window, 210))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Draw the box's sign anew in the colour of another theme."""
        if event.type() == QEvent.Type.PaletteChange:
            self._sign.setIcon(icons.icon("search"))
        return False

    # ------------------------------------------------------------------ finding

    def focus_box(self) -> None:
        """Put the cursor in the find box."""
        self._remember_focus()
        self.box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.box.selectAll()

    def find_now(self) -> None:
        """Show what is found for the words in the box."""
        if self._document is not None and self.box.text().strip():
            self._show().look_for(self.box.text().strip())

    def find_next(self, step: int = 1) -> None:
        """Go to the next place of the list, without showing the list again."""
        if self.part is None or not cast(FindPart, self.part).open_next(step):
            self.focus_box()
            self.find_now()

    def find_previous(self) -> None:
        """Go to the place before."""
        self.find_next(-1)

    def leave(self) -> None:
        """Go back to where the person was before finding."""
        stack = self._stack
        if self.part is not None and stack.currentWidget() is self.part and self._page_before is not None:
            stack.setCurrentWidget(self._page_before)
        before = self._focus_before
        if before is not None and shiboken6.isValid(before) and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._next_pane()

    # ------------------------------------------------------------------ inside

    def _typed(self, words: str) -> None:
        if words.strip() and self._document is not None:
            self._show()

    def _show(self) -> FindPart:
        stack = self._stack
        find = self._made()
        if stack.currentWidget() is not self.part and self.part is not None:
            self._page_before = stack.currentWidget()
            stack.setCurrentWidget(self.part)
        return find

    def _made(self) -> FindPart:
        if self.part is None:
            self.part = self._make_part()
            self._stack.addWidget(self.part)
            find = cast(FindPart, self.part)
            find.set_document(self._document)
            find.follow(self.box)
            find.chosen.connect(self._show_hit)
            find.left.connect(self.leave)
        return cast(FindPart, self.part)

    def _remember_focus(self) -> None:
        now = self._window.focusWidget()
        inside = self.part is not None and now is not None and self.part.isAncestorOf(now)
        if now is not None and now is not self.box and not inside:
            self._focus_before = now
