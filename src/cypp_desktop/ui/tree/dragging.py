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
    return bool(nodes) and all(
        node.row_type == parent.child_type and not parent.stands_in(node) for node in nodes
    )


def row_behind(parent: Node, row: int, moved: Sequence[Node]) -> Node | None:
    """The row that will follow those let go at shown position ``row`` (-1: the end); None at the end.

    Rows that the filter hides keep their place: what is let go after the last row shown stands
    right after that one.
    """
    listed = [child for child in parent.children if child.row_type == parent.child_type]
    if 0 <= row < len(parent.rows):
        place = parent.rows[row].place
        at = next((i for i, child in enumerate(listed) if child.place >= place), len(listed))
    else:
        shown = [i for i, child in enumerate(listed) if child.shown]
        at = shown[-1] + 1 if shown and row >= 0 else len(listed)
    return next((child for child in listed[at:] if child not in moved), None)


def top_rows(nodes: Sequence[Node]) -> list[Node]:
    """Those that stand in no other of them."""
    ids = {id(node) for node in nodes}
    return [node for node in nodes if not any(id(above) in ids for above in node.above())]
