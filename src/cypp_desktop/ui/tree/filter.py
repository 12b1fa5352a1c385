"""Which rows of the tree a filter shows: those that match, and what they stand in. No Qt.

Every row has its words ready in small letters, so a keystroke costs one look at each row.
"""

from __future__ import annotations

from dataclasses import dataclass

from cypp_desktop.plan.outline import DONE, TO_DO
from cypp_desktop.ui.tree.nodes import Node

#: The states that measures can be filtered by, with the words of the list; the first is no filter.
STATES = {
    "": "All states",
    "empty": "Update empty",
    "draft": "Update draft",
    "submitted": "Update submitted",
    "agreed": "Update agreed",
    TO_DO: "To do",
    DONE: "Done",
    "placeholder": "Placeholders",
    "red": "Red",
    "amber": "Amber",
    "green": "Green",
}


@dataclass(frozen=True, slots=True)
class TreeFilter:
    """Words that must all stand in code or title, and a state of :data:`STATES` that measures must have."""

    words: tuple[str, ...] = ()
    state: str = ""

    @classmethod
    def of(cls, text: str, state: str = "") -> TreeFilter:
        """The filter for what stands in the filter box."""
        return cls(tuple(text.casefold().split()), state)

    def __bool__(self) -> bool:
        return bool(self.words or self.state)

    def matches(self, node: Node) -> bool:
        """Whether the row matches by itself."""
        return bool(_matching([node], self))


def apply(root: Node, wanted: TreeFilter) -> int:
    """Set ``shown``, ``rows`` and ``at`` of every node under ``root``; gives how many rows match."""
    if not wanted:
        return _show_all(root)
    here = _matching(root.children, wanted)
    matching = len(here)
    rows: list[Node] = []
    for child in root.children:
        below = apply(child, wanted) if child.children else 0
        matching += below
        child.shown = shown = below > 0 or child in here
        if shown:
            child.at = len(rows)
            rows.append(child)
    root.rows = rows
    return matching


def _matching(nodes: list[Node], wanted: TreeFilter) -> set[Node]:
    """Those that match by themselves. Every keystroke asks it of every row, so it calls nothing else."""
    found = nodes
    if wanted.state:
        found = [n for n in found if wanted.state == n.mark or wanted.state == n.update_state]
    for word in wanted.words:
        found = [n for n in found if word in n.folded]
    return set(found)


def _show_all(root: Node) -> int:
    count = len(root.children)
    root.rows = root.children.copy()
    for at, child in enumerate(root.children):
        child.shown = True
        child.at = at
        if child.children or child.rows:
            count += _show_all(child)
    return count


def states_in(root: Node) -> list[str]:
    """The states that occur among the measures of a plan, in the order of :data:`STATES`, "" first."""
    found: set[str] = set()
    for priority in root.children:
        for outcome in priority.children:
            for node in outcome.children:
                if node.row_type == "measure":
                    found.add(node.mark)
                    found.add(node.update_state)
    return [state for state in STATES if not state or state in found]
