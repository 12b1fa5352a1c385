"""The first thing to see: open, new, import a Word plan, try the sample, and what was open before."""

from __future__ import annotations

import functools
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from cypp_desktop.operations.progress import Progress
from cypp_desktop.plan.signs import shown_on_one_line
from cypp_desktop.ui import icons, theme
from cypp_desktop.ui.tasks import Tasks

_BUTTON_STYLE: Final = """
QPushButton { text-align: left; padding: 9px 14px; border: 1px solid palette(mid); border-radius: 6px;
              background: palette(base); color: palette(text); }
QPushButton:hover { background: palette(button); }
QPushButton:focus { border: 2px solid palette(highlight); padding: 8px 13px; }
QPushButton:disabled { color: palette(placeholder-text); }
"""
#: Between icon and words; a style sheet has no say in it.
_GAP: Final = "\u2002"
_MARKS: Final = {
    "ok": "",
    "missing": "missing",
    "read-only": "read-only",
    "out of reach": "out of reach just now",
}


def file_state(path: Path) -> str:
    """ "ok", "missing", "read-only" or "out of reach", as the file and its folder stand now.

    For another thread: it waits for as long as a share takes to answer.
    """
    from cypp_desktop.store.disk import DISK, stat_or_none

    try:
        found = stat_or_none(DISK, path)
        if found is None or not stat.S_ISREG(found.st_mode):
            return "missing"
        writable = DISK.is_writable(path) and DISK.is_writable(path.parent)
    except OSError:
        return "out of reach"
    return "ok" if writable else "read-only"


class RecentRow(QWidget):
    """A recent plan: a button that opens it and one that takes it off the list."""

    opened = Signal(object)
    removed = Signal(object)

    def __init__(self, path: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.path = path
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        self.open_button = QPushButton()
        self.open_button.setStyleSheet(_BUTTON_STYLE)
        self.open_button.setAutoDefault(True)
        self.open_button.clicked.connect(self._open)
        self.remove_button = QToolButton()
        self.remove_button.setAutoRaise(True)
        self.remove_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.remove_button.setToolTip("Remove from this list; the file stays where it is (Delete)")
        self._name, self._where = shown_on_one_line(path.stem), shown_on_one_line(str(path.parent))
        self.remove_button.setAccessibleName(f"Remove {self._name} from the list")
        self.remove_button.clicked.connect(self._remove)
        row.addWidget(self.open_button, 1)
        row.addWidget(self.remove_button)
        self.mark("ok")

    def mark(self, state: str) -> None:
        """Show how the file stands, in a word of :func:`file_state`."""
        mark = _MARKS[state]
        self.open_button.setText(f"{self._name}\n{mark + ' · ' if mark else ''}{self._where}")
        self.open_button.setToolTip(shown_on_one_line(str(self.path)))
        self.open_button.setEnabled(state != "missing")
        self.open_button.setAccessibleName(f"Open {self._name}{', ' + mark if mark else ''}")
        self.remove_button.setIcon(icons.icon("x"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self._remove()
        else:
            super().keyPressEvent(event)

    def _open(self) -> None:
        self.opened.emit(self.path)

    def _remove(self) -> None:
        self.removed.emit(self.path)


class StartPage(QScrollArea):
    """Shown when no plan is open. It only says what was asked for; the window does it."""

    open_wanted = Signal()
    new_wanted = Signal()
    import_wanted = Signal()
    sample_wanted = Signal()
    recent_opened = Signal(object)
    recent_removed = Signal(object)

    def __init__(self, tasks: Tasks, *, can_import: bool, parent: QWidget | None = None) -> None:
        """`can_import` says whether this build can read Word plans."""
        super().__init__(parent)
        self._tasks = tasks
        self._rows: list[RecentRow] = []
        self._asked: set[Path] = set()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        sheet = QWidget()
        self.setWidget(sheet)
        across = QHBoxLayout(sheet)
        across.addStretch(1)
        self._middle = QWidget()
        self._column = QVBoxLayout(self._middle)
        self._column.setSpacing(8)
        across.addWidget(self._middle, 8)
        across.addStretch(1)
        self._column.addSpacing(24)
        self._title = QLabel("Children and Young People’s Plan")
        self._column.addWidget(self._title)
        lead = QLabel("Edit, trust and print a plan. Everything stays on this computer.")
        lead.setWordWrap(True)
        self._column.addWidget(lead)
        self._column.addSpacing(12)
        self.buttons: dict[str, QPushButton] = {}
        for key, sign, words, more, wanted in (
            ("open", "folder-open", "Open a plan…", "A plan file on this computer or a share", self._open),
            ("new", "file-plus", "New plan…", "Start with an empty plan", self._new),
            ("import", "file-input", "Import a Word plan…", "Read an action plan’s tables", self._import),
            ("sample", "sparkles", "Try the sample", "A plan to look round in", self._sample),
        ):
            if key != "import" or can_import:
                self._add_button(key, sign, words, more, wanted)
        self._column.addSpacing(16)
        self._recent_title = QLabel("Recent plans")
        self._column.addWidget(self._recent_title)
        self._recent = QVBoxLayout()
        self._recent.setSpacing(4)
        self._column.addLayout(self._recent)
        self._column.addStretch(1)
        self._dress()

    def show_recent(self, paths: Sequence[Path]) -> None:
        """List the recent plans; whether each is there is found out in the background, each by itself: the
        share of one of them may not answer.
        """
        for row in self._rows:
            self._recent.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = []
        for path in paths:
            row = RecentRow(path)
            row.opened.connect(self.recent_opened)
            row.removed.connect(self.recent_removed)
            self._recent.addWidget(row)
            self._rows.append(row)
        self._recent_title.setVisible(bool(self._rows))
        for path in {*paths} - self._asked:
            self._asked.add(path)
            look = functools.partial(_look, path)
            self._tasks.start("Looking at a recent plan", look, self._mark, quiet=True, may_hang=True)

    def rows(self) -> list[RecentRow]:
        """The recent plans shown, newest first."""
        return list(self._rows)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._dress()
        super().changeEvent(event)

    def _add_button(self, key: str, sign: str, words: str, more: str, slot: object) -> None:
        button = QPushButton(f"{_GAP}{words}\n{_GAP}{more}")
        button.setStyleSheet(_BUTTON_STYLE)
        button.setAutoDefault(True)
        button.setProperty("sign", sign)
        button.setAccessibleName(words.rstrip("…"))
        button.setAccessibleDescription(more)
        button.clicked.connect(slot)
        self._column.addWidget(button)
        self.buttons[key] = button

    def _dress(self) -> None:
        """Take icons and sizes anew from the theme."""
        if not hasattr(self, "_recent_title"):
            return
        side = theme.scaled(self, 24)
        self._middle.setMaximumWidth(theme.scaled(self, 760))
        for button in self.buttons.values():
            button.setIcon(icons.icon(button.property("sign")))
            button.setIconSize(QSize(side, side))
        for label, factor in ((self._title, 1.7), (self._recent_title, 1.15)):
            font = self.font()
            font.setPointSizeF(font.pointSizeF() * factor)
            label.setFont(font)
        for row in self._rows:
            row.remove_button.setIcon(icons.icon("x"))

    def _mark(self, found: tuple[Path, str]) -> None:
        path, state = found
        self._asked.discard(path)
        for row in self._rows:
            if row.path == path:
                row.mark(state)

    def _open(self) -> None:
        self.open_wanted.emit()

    def _new(self) -> None:
        self.new_wanted.emit()

    def _import(self) -> None:
        self.import_wanted.emit()

    def _sample(self) -> None:
        self.sample_wanted.emit()


def _look(path: Path, progress: Progress) -> tuple[Path, str]:
    return path, file_state(path)
