"""Tells a widget when to read its plan anew: when it comes into view, and a moment after each change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QTimer, Signal

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from cypp_desktop.store.editor import Changed
    from cypp_desktop.ui.document import PlanDocument

#: How long to wait after a change, so that typing is not read letter by letter, in milliseconds.
PAUSE: Final = 300


class PlanFollower(QObject):
    """Follows the open plan for a widget. What is not in view is not read."""

    #: The widget is in view and shows what was.
    outdated = Signal()

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.document: PlanDocument | None = None
        self._widget = widget
        self._is_outdated = True
        self.pause = QTimer(self, singleShot=True)
        self.pause.setInterval(PAUSE)
        self.pause.timeout.connect(self.outdated)
        widget.installEventFilter(self)

    def follow(self, document: PlanDocument | None) -> None:
        """Follow a plan from now on; None lets go of the one there is."""
        self.pause.stop()
        if self.document is not None:
            self.document.changed.disconnect(self._changed)
            self.document.under_review_changed.disconnect(self._changed)
        self.document = document
        self._is_outdated = True
        if document is not None:
            document.changed.connect(self._changed)
            document.under_review_changed.connect(self._changed)
            if self._widget.isVisible():
                self.outdated.emit()

    def has_read(self) -> None:
        """What the widget shows, or is about to, is the plan as it is now."""
        self.pause.stop()
        self._is_outdated = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and self._is_outdated:
            self.outdated.emit()
        elif event.type() == QEvent.Type.Hide:
            self.pause.stop()
        return False

    def _changed(self, changed: Changed | None = None) -> None:
        self._is_outdated = True
        if self._widget.isVisible():
            self.pause.start()
