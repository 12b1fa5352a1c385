"""What Qt shows of a row of the tree, by role: its words, its icon, its font, and what is read out."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QIcon

from cypp_desktop.ui import icons
from cypp_desktop.ui.tree.nodes import Node, aloud, label

_Role = Qt.ItemDataRole
#: Given a row and the plan's names of its levels.
Reader: TypeAlias = Callable[[Node, Mapping[str, str]], Any]


def _title(node: Node, level_names: Mapping[str, str]) -> str:
    return node.title


def _tool_tip(node: Node, level_names: Mapping[str, str]) -> str:
    return f"<p>{html.escape(aloud(node, level_names))}</p>"


def _icon(node: Node, level_names: Mapping[str, str]) -> QIcon | None:
    return icons.status(node.mark) if node.mark else None


def _font(node: Node, level_names: Mapping[str, str]) -> QFont | None:
    """Bold for what other rows stand in, italic for what has no title; else the view's own."""
    font = QFont()
    if node.row_type in ("priority", "branch", "plan"):
        font.setBold(True)
        return font
    if not node.title:
        font.setItalic(True)
        return font
    return None


READERS: Final[Mapping[int, Reader]] = {
    _Role.DisplayRole: label,
    _Role.EditRole: _title,
    _Role.ToolTipRole: _tool_tip,
    _Role.AccessibleTextRole: aloud,
    _Role.DecorationRole: _icon,
    _Role.FontRole: _font,
}
