"""The panel area beside the tree: the way to the row shown, and the fields of its kind.

Panels are made when a row of their kind is first shown and kept. What is edited goes through the
editor's commands; what others change comes in by the editor's listener and leaves typing alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QLabel, QScrollArea, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from cypp_desktop.operations.returns.return_limits import limits_of
from cypp_desktop.plan.model import Lead
from cypp_desktop.plan.shape import parent_of
from cypp_desktop.ui import theme
from cypp_desktop.ui.banner import MessageKind
from cypp_desktop.ui.panels.breadcrumb import Breadcrumb
from cypp_desktop.ui.panels.context import PanelContext
from cypp_desktop.ui.panels.levels import HistoryFactory, LevelPanel
from cypp_desktop.ui.panels.measure import MeasurePanel
from cypp_desktop.ui.panels.outcome import OutcomePanel
from cypp_desktop.ui.panels.priority import PriorityPanel
from cypp_desktop.ui.panels.question_strips import RowQuestions
from cypp_desktop.ui.panels.reveal_field import show_field
from cypp_desktop.ui.panels.row_widget import RowWidget
from cypp_desktop.ui.panels.simple_panels import SIMPLE_PANELS

if TYPE_CHECKING:
    from cypp_desktop.store.editor import Changed, Editor
    from cypp_desktop.ui.document import PlanDocument
    from cypp_desktop.ui.window_parts import WindowServices

NOTHING_CHOSEN = "Choose a row in the tree to see and edit it here."
GONE = "This has been deleted. Undo brings it back."


class PanelArea(QWidget):
    """Shows one row of the plan with all its fields."""

    #: Go to a row: (row type, row id).
    jump_requested = Signal(str, str)
    #: What the plan refused, in words for the person.
    problem = Signal(str)
    #: Show who changed a field and when: (row type, row id, field).
    history_requested = Signal(str, str, str)
    removal_requested = Signal(str, str, str)

    def __init__(self, services: WindowServices | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self.context = PanelContext(self, services.autosave if services is not None else None)
        self.context.questions = services.questions if services is not None else None
        self.context.problem.connect(self._tell_problem)
        self.context.jump.connect(self._jump)
        self.context.history_wanted.connect(self.history_requested)
        self.context.removal_wanted.connect(self.removal_requested)
        #: Makes the view on the History page; without one the page is not offered.
        self.history_factory: HistoryFactory | None = None
        self._panels: dict[str, tuple[QScrollArea, RowWidget]] = {}
        self._key: tuple[str, str] | None = None
        self._unlisten: Callable[[], None] | None = None
        self._document: PlanDocument | None = None
        column = QVBoxLayout(self)
        column.setSpacing(4)
        self.breadcrumb = Breadcrumb(self.context)
        column.addWidget(self.breadcrumb)
        self.row_questions = (
            RowQuestions(self.context.questions) if self.context.questions is not None else None
        )
        if self.row_questions is not None:
            column.addWidget(self.row_questions)
        self._stack = QStackedWidget()
        column.addWidget(self._stack, 1)
        self._nothing = QLabel(NOTHING_CHOSEN)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.setWordWrap(True)
        self._stack.addWidget(self._nothing)
        self.setAccessibleName("Panel")
        self.setMinimumWidth(theme.scaled(self, 240))

    # ------------------------------------------------------------------ the plan

    @property
    def document(self) -> PlanDocument | None:
        """The open plan that is edited here."""
        return self._document

    def set_document(self, document: PlanDocument | None) -> None:
        """Follow and edit an open plan from now on; None empties the panel."""
        if self._document is not None:
            self._document.replaced.disconnect(self._replaced)
        self._document = document
        if document is not None:
            document.replaced.connect(self._replaced)
        self.attach(document.editor if document is not None else None)

    def attach(self, editor: Editor | None) -> None:
        """Follow and edit through an editor from now on; None empties the panel."""
        if self._unlisten is not None:
            self._unlisten()
            self._unlisten = None
        self.context.editor = None  # the one before may be closed already: nothing more is asked of it
        self._show_nothing(NOTHING_CHOSEN)
        self.context.editor = editor
        self.context.limits = limits_of(editor) if editor is not None else None
        if editor is not None:
            self._unlisten = editor.listen(self.apply)

    def _replaced(self) -> None:
        """All rows may be others: show the same one again if it is still there."""
        key = self._key
        assert self._document is not None
        self.attach(self._document.editor)
        if key is not None:
            self.show_row(*key)

    # ------------------------------------------------------------------ the row

    @property
    def shown_row(self) -> tuple[str, str] | None:
        """The row shown, as (row type, row id)."""
        return self._key

    @property
    def panel(self) -> RowWidget | None:
        """The panel shown."""
        return self._panels[self._key[0]][1] if self._key is not None else None

    def show_row(self, row_type: str, row_id: str) -> None:
        """Show the fields of a row. A lead is shown in the panel of what it leads."""
        row = self.context.row((row_type, row_id))
        if isinstance(row, Lead):
            self._show_lead(row)
            return
        if self._key == (row_type, row_id) and row is not None:
            return
        self.flush()
        if row is None:
            self._show_nothing(NOTHING_CHOSEN)
            return
        holder, panel = self._panel_for(row_type)
        self._key = self.context.shown = (row_type, row_id)
        panel.load(row)
        self.breadcrumb.show_row(row)
        if self.row_questions is not None:
            self.row_questions.show_row(row_id)
        self._stack.setCurrentWidget(holder)
        holder.verticalScrollBar().setValue(0)

    def _show_lead(self, lead: Lead) -> None:
        owner = parent_of(lead)
        if owner is not None:
            self.show_row(owner.row_type, owner.id)
            if isinstance(self.panel, LevelPanel):
                self.panel.edit_leads()

    def show_field(self, field: str, row_id: str, words: Sequence[str] = ()) -> bool:
        """Put the cursor in a field ("update.text") of the row shown, or of row ``row_id`` that stands in it.

        The first of the words that occurs there is selected. False where the panel does not show the field.
        """
        if self._key is None:
            return False
        holder, panel = self._panels[self._key[0]]
        return show_field(panel, holder, field, row_id, words)

    def apply(self, changed: Changed) -> None:
        """Show what a step has changed elsewhere, leaving alone what is being typed."""
        self.context.forget()
        if self._key is None:
            return
        row = self.context.row(self._key)
        if row is None:
            self._show_nothing(GONE)
            return
        panel = self._panels[self._key[0]][1]
        panel.apply(changed)
        self.breadcrumb.show_row(row)

    def flush(self) -> None:
        """Hand what is being typed to the editor now: before saving, undoing, closing and going elsewhere."""
        panel = self.panel
        if panel is not None:
            panel.flush()

    def commit(self) -> None:
        """Hand what is being typed to the editor now."""
        self.flush()

    # ------------------------------------------------------------------ inside

    def _panel_for(self, row_type: str) -> tuple[QScrollArea, RowWidget]:
        if row_type not in self._panels:
            panel = self._make(row_type)
            holder = PanelScroll(panel)
            self._stack.addWidget(holder)
            self._panels[row_type] = (holder, panel)
        return self._panels[row_type]

    def _make(self, row_type: str) -> RowWidget:
        levels: dict[str, type[LevelPanel]] = {
            "priority": PriorityPanel,
            "outcome": OutcomePanel,
            "measure": MeasurePanel,
        }
        if row_type in levels:
            return levels[row_type](self.context, self._history)
        return SIMPLE_PANELS[row_type](self.context)

    def _history(self) -> HistoryFactory | None:
        """A return begins with its sending, so that it has no history worth a page."""
        return self.history_factory if self.context.limits is None else None

    def _show_nothing(self, words: str) -> None:
        if self._key is not None:
            self._panels[self._key[0]][1].load(None)
        self._key = self.context.shown = None
        if self.row_questions is not None:
            self.row_questions.show_row(None)
        self._nothing.setText(words)
        self.breadcrumb.show_row(None)
        self._stack.setCurrentWidget(self._nothing)

    def _jump(self, row_type: str, row_id: str) -> None:
        self.flush()
        if self._services is not None:
            self._services.go_to(row_type, row_id)
            # the tree says nothing where its current row is the one wanted, or where it does not hold it
            self.show_row(row_type, row_id)
        self.jump_requested.emit(row_type, row_id)

    def _tell_problem(self, words: str) -> None:
        if self._services is not None:
            self._services.banners.show_message(MessageKind.PROBLEM, words, about="panel")
        self.problem.emit(words)


class PanelScroll(QScrollArea):
    """Holds a panel as wide as there is room for, and scrolls where it is higher."""

    def __init__(self, panel: RowWidget) -> None:
        super().__init__()
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(4, 0, 8, 8)
        column.addWidget(panel, 1)
        self.setWidget(holder)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.verticalScrollBar().setSingleStep(self.fontMetrics().lineSpacing())
