"""What stands over a return that is open: who asks, until when, in which words, and how far it has come."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QProgressBar, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from cypp_desktop.operations.returns.asked_return import AskedReturn
from cypp_desktop.operations.returns.days import day_words, days_left
from cypp_desktop.operations.returns.return_work import ReturnWork, RowKey, finished_words, read_work
from cypp_desktop.ui import theme
from cypp_desktop.ui.banner import BannerAction, MessageKind
from cypp_desktop.ui.labels import WrappedLabel
from cypp_desktop.ui.panels.flow_layout import FlowLayout
from cypp_desktop.ui.panels.texts import FittingText

if TYPE_CHECKING:
    from cypp_desktop.store.editor import Changed
    from cypp_desktop.ui.document import PlanDocument
    from cypp_desktop.ui.window_parts import WindowServices

GUIDANCE = (
    "Choose what is marked “to do” and write what has happened since last time: what you type is kept. "
    "When all is done, finish and save, and send the file back. Only what stands here then goes back: what "
    "you have overwritten, deleted or undone is left out of the file, and undo can’t bring it back then."
)
#: The covering note takes no more of the window's height than this, so that there is room to work.
_NOTE_SHARE = 0.16


class ReturnBar(QFrame):
    """Hidden while a plan is open."""

    finish_wanted = Signal()

    def __init__(
        self,
        services: WindowServices,
        *,
        today: Callable[[], date] = date.today,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._services = services
        self._today = today
        self._document: PlanDocument | None = None
        self._work = ReturnWork()
        self._gone_to: RowKey | None = None
        self._pause = QTimer(self, singleShot=True)
        self._pause.timeout.connect(self.refresh)
        self.setAccessibleName("This return")
        self.setAutoFillBackground(True)
        self._build()
        self.hide()

    def _build(self) -> None:
        self.marking = WrappedLabel(bold=True)
        self.marking.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.marking.setAccessibleDescription("The protective marking of the plan")
        self.whom = WrappedLabel(bold=True)
        self.when = QLabel()
        self.count = QLabel()
        self.bar = QProgressBar()
        self.bar.setAccessibleName("How much is done")
        self.bar.setTextVisible(False)
        self.bar.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.words = QPushButton("&What to do")
        self.words.setToolTip("Show or hide the covering note and how this is filled in")
        self.words.setCheckable(True)
        self.words.toggled.connect(self._show_words)
        self.next = QPushButton("&Next to do")
        self.next.setToolTip("Go to the next row that is still to do")
        self.next.clicked.connect(self.go_to_next)
        self.finish = QPushButton("Finish and sa&ve for return")
        self.finish.setToolTip(
            "Leaves out what you have overwritten or undone, and saves the file to be sent"
        )
        self.finish.setDefault(True)
        self.finish.clicked.connect(self.finish_wanted)
        line = QWidget()
        flow = FlowLayout(line, spacing=12)
        for widget in (self.whom, self.when, self.bar, self.count, self.words, self.next, self.finish):
            flow.addWidget(widget)
        self.guidance = WrappedLabel(GUIDANCE, muted=True)
        self.note = FittingText(1, 6, quiet=True)
        self.note.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.note.set_read_only(True)
        self.note.set_accessible_name("Covering note, read only")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(6)
        column.addWidget(self.marking)
        column.addWidget(line)
        column.addWidget(self.note)
        column.addWidget(self.guidance)
        self._dress()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "note"):
            self._dress()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._dress()

    def _dress(self) -> None:
        self.bar.setFixedWidth(theme.scaled(self, 120))
        self.note.set_most(int(self.window().height() * _NOTE_SHARE / self.fontMetrics().lineSpacing()))

    # ------------------------------------------------------------------ the return

    def set_document(self, document: PlanDocument | None) -> None:
        """Show what an open return asks for; hide for a plan, and for none."""
        if self._document is not None and shiboken6.isValid(self._document):
            self._document.changed.disconnect(self._changed)
        self._pause.stop()
        is_another = document is not self._document
        self._document = document
        asked = document.asked if document is not None else None
        self.setVisible(asked is not None)
        if document is None or asked is None:
            self._document = None
            return
        document.changed.connect(self._changed)
        self.marking.setText(document.marking)
        self.marking.setVisible(bool(document.marking))
        self._introduce(asked)
        self.refresh()
        if is_another:
            self._gone_to = None
            self.go_to_next()
            if self._gone_to is None and self._work.rows:
                self._services.go_to(*self._work.rows[0])

    def _introduce(self, asked: AskedReturn) -> None:
        by = f", asked by {asked.issued_by}" if asked.issued_by else ""
        round_ = f" · {asked.round_name}" if asked.round_name else ""
        self.whom.setText(f"For {asked.organisation}{by}{round_}")
        if asked.due:
            self.when.setText(f"due {day_words(asked.due)} ({days_left(asked.due, self._today())})")
        else:
            self.when.setText("no due date")
        self.note.set_markdown(asked.covering_note)
        self.words.setChecked(True)
        self._show_words(True)

    def _show_words(self, shown: bool) -> None:
        self.guidance.setVisible(shown)
        self.note.setVisible(shown and bool(self.note.markdown().strip()))

    def _changed(self, changed: Changed) -> None:
        self._pause.start()

    def refresh(self) -> None:
        """Say how much is done now."""
        document = self._document
        if document is None or document.asked is None:
            return
        self._work = work = read_work(document.working_path, document.asked)
        self.count.setText(work.words)
        self.bar.setRange(0, max(len(work.rows), 1))
        self.bar.setValue(len(work.done))
        self.bar.setAccessibleDescription(work.words)
        self.next.setEnabled(work.left > 0)
        self.finish.setEnabled(not document.state.read_only)

    def go_to_next(self) -> None:
        """Go to the next row still to do after the one gone to last; from the last to the first."""
        self._gone_to = self._work.next_to_do(self._gone_to)
        if self._gone_to is not None:
            self._services.go_to(*self._gone_to)


def finish_return(services: WindowServices, document: PlanDocument) -> None:
    """Write the return as done and say what is to be done with it. Raises FileProblem; nothing is lost."""
    asked, path = document.asked, document.path
    if asked is None or path is None:
        return
    if document.finish().kept_beside is not None:
        return  # the window says where it is now, and why
    work = read_work(document.working_path, asked)
    show = functools.partial(services.dialogs.show_folder, path.parent)
    services.banners.show_message(
        MessageKind.WARNING if work.left else MessageKind.DONE,
        finished_words(path, asked, work),
        [BannerAction("Open the folder", show, closes=False)],
        about="finished",
    )
