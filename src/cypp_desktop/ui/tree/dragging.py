"""Rows on the move: how they are carried, where they may be let go, and what that place means in the plan."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QByteArray, QMimeData

from cypp_desktop.ui.tree.nodes import Node

ROWS: Final = "application/x-cypp-desktop-rows"


def packed(tree: int, row_ids: Sequence[str], words: str) -> QMimeData:
    """Rows of one tree as they are dragged; other programs get the words."""
    data = QMimeData()
    data.setData(ROWS, QByteArray(json.dumps({"tree": tree, "rows": list(row_ids)}).encode()))
    data.setText(words)
    return data


def unpacked(tree: int, data: QMimeData) -> list[str]:
    """The ids of the rows dragged; none where they come from another tree or program."""
    if not data.hasFormat(ROWS):
        return []
    said = json.loads(data.data(ROWS).toStdString())
    return [str(row_id) for row_id in said["rows"]] if said["tree"] == tree else []


def fits(nodes: Sequence[Node], parent: Node) -> bool:
    """Whether rows may stand in ``parent``: of its own kind, and not in themselves."""
    if not nodes:
        return False
    return all(node.row_type == parent.child_type and not parent.stands_in(node) for node in nodes)


def row_behind(parent: Node, row: int, moved: Sequence[Node]) -> Node | None:
    """The row that will follow those let go at shown position ``row`` (-1: the end); None at the end.

    Rows that the filter hides keep their place: what is let go after the last row shown stands
    right after that one.
    """
    listed = [child for child in parent.children if child.row_type == parent.child_type]
    for child in listed[_first_behind(parent, row, listed) :]:
        if child not in moved:
            return child
    return None


def _first_behind(parent: Node, row: int, listed: Sequence[Node]) -> int:
    """Where in the list, rows that are hidden counted, stands what follows shown position ``row``."""
    if 0 <= row < len(parent.rows):
        place = parent.rows[row].place
        return sum(child.place < place for child in listed)
    shown = [at for at, child in enumerate(listed) if child.shown]
    if row >= 0 and shown:
        return shown[-1] + 1
    return len(listed)


def top_rows(nodes: Sequence[Node]) -> list[Node]:
    """Those that stand in no other of them."""
    chosen = set(nodes)
    return [node for node in nodes if chosen.isdisjoint(node.above())]
