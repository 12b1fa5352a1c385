"""A field of long text, edited in the rich editor as the Markdown that the plan holds."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolBar

from cypp_desktop.plan.text_merge import merge_texts
from cypp_desktop.ui.panels.context import PanelContext
from cypp_desktop.ui.panels.panel_field import NOT_JOINED, PanelField
from cypp_desktop.ui.richtext.editor import RichTextEdit


class FittingText(RichTextEdit):
    """A rich editor as high as its text, between ``least`` and ``most`` lines.

    A ``quiet`` one shows its toolbar and word count only while it is being written in.
    """

    def __init__(self, least: int, most: int, *, quiet: bool = False) -> None:
        self._least, self._most, self._quiet = least, most, False
        super().__init__()
        self._fitted = -1
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.area.document().documentLayout().documentSizeChanged.connect(self._fit)
        self.area.installEventFilter(self)
        self.focus_left.connect(self._calm)
        self._quiet = quiet
        self._calm()

    def set_most(self, lines: int) -> None:
        """Show no more than so many lines at once from now on; the rest scrolls."""
        self._most = max(lines, self._least)
        self._fit()

    def set_read_only(self, read_only: bool) -> None:
        super().set_read_only(read_only)
        self._calm()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn and not self.is_read_only():
            self._show_tools(True)
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().averageCharWidth() * 40, self.minimumSizeHint().height())

    def minimumSizeHint(self) -> QSize:
        layout = self.layout()
        height = layout.minimumSize().height() if layout is not None else 0
        return QSize(self.fontMetrics().averageCharWidth() * 24, height)

    def _calm(self) -> None:
        if self._quiet:
            self._show_tools(self.area.hasFocus() and not self.is_read_only())

    def _show_tools(self, shown: bool) -> None:
        bar = self.findChild(QToolBar)
        if bar is not None:
            bar.setVisible(shown)
        self._count.setVisible(shown or not self._quiet)
        self._fit()

    def _fit(self) -> None:
        """Take the height of the text; what is around the text is what the layout gives it."""
        line = self.area.fontMetrics().lineSpacing()
        frame = 2 * self.area.frameWidth() + 2
        text = round(self.area.document().size().height()) + frame
        wanted = min(max(text, self._least * line + frame + 6), self._most * line + frame)
        if wanted != self._fitted:
            self._fitted = wanted
            self.area.setMinimumHeight(wanted)
        self.updateGeometry()


class TextField(PanelField):
    """A text of the plan, seen between ``lines`` and ``most`` lines of it; the rest scrolls.

    ``main`` marks the text that a panel is about: it always has its toolbar, and takes spare room.
    """

    def __init__(
        self,
        context: PanelContext,
        name: str,
        label: str | None = None,
        *,
        lines: int = 3,
        most: int = 16,
        main: bool = False,
        titled: bool = True,
        hint: str = "",
    ) -> None:
        super().__init__(context, name, label, hint=hint)
        self.input = FittingText(lines, most, quiet=not main)
        self.input.edited.connect(self.typed)
        self.input.focus_left.connect(self.left)
        self.take(self.input, label=titled)
        self.input.set_accessible_name(self.words)
        if main:
            self.input.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def value(self) -> str | None:
        return self.input.markdown() or None

    def show_value(self, value: str | None) -> None:
        self.input.set_markdown(value)

    def show_anew(self, value: str | None) -> None:
        self.input.refresh_markdown(value)

    def joined(self, before: str | None, typed: str | None, now: str | None) -> Any:
        """Both people's paragraphs, unless they changed the same one."""
        text = merge_texts(before or "", [now or "", typed or ""]).text
        return NOT_JOINED if text is None else text or None

    def lock(self, locked: bool) -> None:
        self.input.set_read_only(locked)
