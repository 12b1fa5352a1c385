"""The rows of the tree as the model holds them, and the words that a row is shown and read out with.

Knows neither Qt nor the mapped classes: a node is made of an :class:`OutlineRow`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from cypp_desktop.plan import row_names
from cypp_desktop.plan.levels import LEVELS
from cypp_desktop.plan.outline import DONE, TO_DO, Outline, OutlineRow

#: The branches after the priorities: key, words, and the row type that stands in it.
BRANCHES = (
    ("narrative", "Narrative", "section"),
    ("recommendations", "Recommendations", "recommendation"),
    ("organisations", "Organisations", "organisation"),
    ("people", "People", "person"),
    ("rounds", "Reporting rounds", "round"),
)
BRANCH_OF = {row_type: key for key, _, row_type in BRANCHES}
TYPE_IN = {key: row_type for key, _, row_type in BRANCHES}
_BRANCH_WORDS = {key: words for key, words, _ in BRANCHES}

#: What may stand in a row of each type; a branch says it by its own key.
CHILD_TYPE = {"root": LEVELS[0], **dict(pairwise(LEVELS)), "section": "section"}

_WORDS = {
    "section": "section",
    "recommendation": "recommendation",
    "organisation": "organisation",
    "person": "person",
    "round": "reporting round",
}
_MARK_WORDS = {"none": "no data"}
_LIST_MARKER = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+")


@dataclass(slots=True, eq=False)
class Node:
    """One row of the tree. ``children`` are all that stand in it, ``rows`` those that are shown now.

    ``number`` is its own for life and names it to Qt; ``at`` is its place among its parent's ``rows``.
    """

    number: int
    row_type: str
    id: str
    sort_key: str = ""
    code: str = ""
    title: str = ""
    mark: str = ""
    update_state: str = ""
    parent: Node | None = None
    children: list[Node] = field(default_factory=list)
    rows: list[Node] = field(default_factory=list)
    at: int = 0
    shown: bool = True
    #: what the filter looks in
    folded: str = ""
    #: counts of red, amber and green below, worked out when first asked for
    tally: dict[str, int] | None = None
    #: what waits for a person at this row, and at all that stands in it: open conflicts, texts to read
    waiting: tuple[int, int] = (0, 0)
    waiting_below: tuple[int, int] = (0, 0)

    @property
    def key(self) -> tuple[str, str]:
        """Row type and id."""
        return self.row_type, self.id

    @property
    def place(self) -> tuple[int, str, str]:
        """What the children of one parent are ordered by."""
        return _GROUPS.get(self.row_type, 1), self.sort_key, self.id

    @property
    def child_type(self) -> str | None:
        """The row type that may stand in this row, or None."""
        return TYPE_IN[self.id] if self.row_type == "branch" else CHILD_TYPE.get(self.row_type)

    def below(self) -> Iterator[Node]:
        """All rows that stand in this one, at any depth, in the order of the tree."""
        for child in self.children:
            yield child
            yield from child.below()

    def above(self) -> Iterator[Node]:
        """The rows this one stands in, nearest first, without the root."""
        node = self.parent
        while node is not None and node.parent is not None:
            yield node
            node = node.parent

    @property
    def depth(self) -> int:
        """In how many rows this one stands."""
        return sum(1 for _ in self.above())

    def stands_in(self, other: Node) -> bool:
        """Whether this is ``other`` or stands in it at any depth."""
        return self is other or any(node is other for node in self.above())


_GROUPS = {"plan": 0, "priority": 1, "branch": 2}


def take_words(node: Node, row: OutlineRow) -> bool:
    """Give a node the code, title and mark of a row; says whether anything is different."""
    title = one_line(row.title) if row.row_type == "recommendation" else " ".join(row.title.split())
    said = (row.code, title, row.mark, row.update_state)
    if said == (node.code, node.title, node.mark, node.update_state):
        return False
    node.code, node.title, node.mark, node.update_state = said
    return True


def fold(node: Node) -> None:
    """Prepare what the filter looks in; a measure can also be asked for as "1a.i"."""
    words = f"{node.code} {node.title or _BRANCH_WORDS.get(node.id, '')}"
    if node.row_type == "measure" and node.parent is not None and node.parent.code and node.code:
        words = f"{node.parent.code}.{node.code} {words}"
    node.folded = words.casefold()


def one_line(markdown: str) -> str:
    """The beginning of a long text on one line, without the signs of its markup."""
    lines = (_LIST_MARKER.sub("", line) for line in markdown.splitlines())
    return " ".join(" ".join(lines).replace("**", "").replace("\\", "").split())


def kind_words(row_type: str, level_names: Mapping[str, str]) -> str:
    """What a person calls a row of this type: the plan's own level name, or a word of ours."""
    return level_names.get(row_type) or _WORDS.get(row_type, "row")


def label(node: Node, level_names: Mapping[str, str]) -> str:
    """The row's words in the tree."""
    if node.row_type == "branch":
        words = _BRANCH_WORDS[node.id]
        return f"{words} ({len(node.children)})" if node.children and node.id != "narrative" else words
    if node.row_type == "plan":
        return "About this plan"
    if node.title:
        return row_names.label(node.code, node.title, gap="  ")
    kind = kind_words(node.row_type, level_names)
    return f"{kind} {node.code}" if node.code else f"{kind} without a title".capitalize()


def aloud(node: Node, level_names: Mapping[str, str]) -> str:
    """Everything the row shows, in words: "Measure iv, rate of …, placeholder, update draft"."""
    if node.row_type in ("branch", "plan"):
        said = label(node, level_names)
        said = f"{said}, {node.title}" if node.row_type == "plan" and node.title else said
        return ", ".join([said, *waiting_words(node)])
    kind = kind_words(node.row_type, level_names)
    parts = [f"{kind[:1].upper()}{kind[1:]} {node.code}".strip(), node.title or "without a title"]
    if node.mark:
        parts.append(_MARK_WORDS.get(node.mark, node.mark))
    if node.update_state:
        answered = node.update_state in (DONE, TO_DO)
        parts.append(node.update_state if answered else f"update {node.update_state}")
    parts += [f"{count} {colour}" for colour, count in tally(node).items() if count]
    return ", ".join([*parts, *waiting_words(node)])


def waiting_words(node: Node) -> list[str]:
    """What waits for a person at a row and in it: "2 conflicts open", "combined text to read"."""
    conflicts, to_read = (own + below for own, below in zip(node.waiting, node.waiting_below, strict=True))
    found = []
    if conflicts:
        found.append("1 conflict open" if conflicts == 1 else f"{conflicts} conflicts open")
    if to_read:
        found.append("1 combined text to read" if to_read == 1 else f"{to_read} combined texts to read")
    return found


def tally(node: Node) -> dict[str, int]:
    """How many measures of a priority are green, amber and red; nothing for other rows."""
    if node.row_type != "priority":
        return {}
    if node.tally is None:
        node.tally = {"green": 0, "amber": 0, "red": 0}
        for outcome in node.children:
            for measure in outcome.children:
                if measure.mark in node.tally:
                    node.tally[measure.mark] += 1
    return node.tally


def nest_sections(sections: Iterable[OutlineRow]) -> None:
    """Give every section the nearest one before it that is less deep as its parent (None: a chapter)."""
    open_: list[OutlineRow] = []
    for section in sections:
        while open_ and open_[-1].depth >= section.depth:
            open_.pop()
        section.parent_id = open_[-1].id if open_ else None
        open_.append(section)


def all_rows(outline: Outline) -> list[OutlineRow]:
    """Every row, parents before what stands in them."""
    nest_sections(outline.sections)
    rows: list[OutlineRow] = []
    for priority in outline.priorities:
        rows.append(priority)
        for outcome in priority.children:
            rows.append(outcome)
            rows += outcome.children
    return [
        *rows,
        *outline.sections,
        *outline.recommendations,
        *outline.organisations,
        *outline.people,
        *outline.rounds,
    ]
