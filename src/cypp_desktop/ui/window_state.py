"""Where the person left off: how the window stood, and which rows of a plan were open and chosen.

Reads and changes the settings; writing them to the disk is the window's affair.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QByteArray, QSize
from PySide6.QtWidgets import QMainWindow, QSplitter

from cypp_desktop.settings import Settings
from cypp_desktop.ui import theme
from cypp_desktop.ui.window_parts import TreePart

_FIRST_SIZE: Final = (1180, 760)
_SPLIT: Final = "plan"
_FIRST_SPLIT: Final = [440, 660]


def restore_window(window: QMainWindow, splitter: QSplitter, settings: Settings) -> None:
    """Give the window the place and shape of last time; the first time one that suits the screen."""
    kept = settings.window
    geometry = QByteArray.fromBase64((kept.geometry or "").encode("utf-8", "replace"))
    if not (kept.geometry and window.restoreGeometry(geometry)):
        wanted = QSize(*(theme.scaled(window, length) for length in _FIRST_SIZE))
        window.resize(wanted.boundedTo(window.screen().availableSize()))
    splitter.setSizes(kept.splitters.get(_SPLIT) or _FIRST_SPLIT)


def remember_window(window: QMainWindow, splitter: QSplitter, settings: Settings) -> None:
    """Note the place and shape of the window."""
    settings.window.geometry = bytes(window.saveGeometry().toBase64().data()).decode()
    settings.window.splitters[_SPLIT] = splitter.sizes()


def restore_expansion(tree: TreePart, settings: Settings, path: Path) -> None:
    """Open the rows of a plan that were open."""
    session = settings.session(path)
    if session.expanded:
        tree.expand_rows(session.expanded)


def restore_rows(tree: TreePart, settings: Settings, path: Path) -> None:
    """Open the rows of a plan that were open, and choose the one that was chosen."""
    restore_expansion(tree, settings, path)
    row_type, _, row_id = (settings.session(path).selected or "").partition(":")
    if row_id:
        tree.select_row(row_type, row_id)


def remember_rows(tree: TreePart, settings: Settings, path: Path) -> None:
    """Note which rows of a plan are open and which is chosen."""
    session = settings.session(path)
    session.expanded = tree.expanded_rows()
    selected = tree.selected_row()
    session.selected = ":".join(selected) if selected else None
