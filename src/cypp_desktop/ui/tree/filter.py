"""Which rows of the tree a filter shows: those that match, and what they stand in. No Qt.

Every row has its words ready in small letters, so a keystroke costs one look at each row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cypp_desktop.ui.tree.nodes import Node

#: The states that measures can be filtered by, with the words of the list; the first is no filter.
STATES = {
    "": "All states",
    "empty": "Update empty",
    "draft": "Update draft",
    "submitted": "Update submitted",
    "agreed": "Update agreed",
    "placeholder": "Placeholders",
    "red": "Red",
    "amber": "Amber",
    "green": "Green",
}


@dataclass(frozen=True, slots=True)
class Filter:
    """Words that must all stand in code or title, and a state of :data:`STATES` that measures must have."""

    words: tuple[str, ...] = ()
    state: str = ""

    @classmethod
    def of(cls, text: str, state: str = "") -> Filter:
        """The filter for what stands in the filter box."""
        return cls(tuple(text.casefold().split()), state)

    def __bool__(self) -> bool:
        return bool(self.words or self.state)

    def matches(self, node: Node) -> bool:
        """Whether the row matches by itself."""
        if self.state and self.state != node.mark and self.state != node.update_state:
            return False
        folded = node.folded
        return not self.words or all(word in folded for word in self.words)


def apply(root: Node, wanted: Filter) -> int:
    """Set ``shown``, ``rows`` and ``at`` of every node under ``root``; gives how many rows match."""
    if not wanted:
        return _show_all(root)
    matching = 0
    rows: list[Node] = []
    for child in root.children:
        here = wanted.matches(child)
        below = apply(child, wanted) if child.children else 0
        matching += here + below
        child.shown = here or below > 0
        if child.shown:
            child.at = len(rows)
            rows.append(child)
    root.rows = rows
    return matching


def _show_all(root: Node) -> int:
    count = len(root.children)
    root.rows = root.children.copy()
    for at, child in enumerate(root.children):
        child.shown = True
        child.at = at
        if child.children or child.rows:
            count += _show_all(child)
    return count


def states_in(measures: Iterator[Node]) -> list[str]:
    """The states that occur, in the order of :data:`STATES`, "" first."""
    found: set[str] = set()
    for node in measures:
        if node.row_type == "measure":
            found.add(node.mark)
            found.add(node.update_state)
    return [state for state in STATES if not state or state in found]
