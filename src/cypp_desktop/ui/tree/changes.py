"""What a step of the editor means for the tree: the few rows to read again, or the whole outline.

Reads only. Called when the editor is there, so the mapped classes are loaded by then; no Qt.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cypp_desktop.plan.levels import LEVELS
from cypp_desktop.plan.outline import (
    BRANCHES,
    Outline,
    OutlineRow,
    marks_and_states,
    read_names,
)
from cypp_desktop.plan.row_names import CODE_COLUMNS, TITLE_COLUMNS, RowName

if TYPE_CHECKING:
    from cypp_desktop.store.editor import Changed, Editor

#: The kinds of rows that have a line of their own.
_SHOWN = frozenset((*LEVELS, *BRANCHES))
#: Fields that change the tree beyond the row's own line; what changes them has the outline read anew.
_WIDE = {
    "section": {"place", "depth"},
    "round": {"place", "state"},
    "plan": {"rag_rules"},
}
#: Fields of the plan itself: its title, and what it calls its levels.
_OF_PLAN = {"title", "level_priority", "level_outcome", "level_measure"}
#: Fields beside code and title whose change shows on the row's own line.
_NARROW = {"measure": {"placeholder", "polarity"}, "recommendation": {"text"}}
#: So many rows at once, and reading everything is no slower.
MANY = 150


@dataclass(slots=True)
class TreeChange:
    """What to do to the tree: rows to put in their places, parents first; ids to remove; marks to renew."""

    put: list[OutlineRow] = field(default_factory=list)
    relabelled: list[OutlineRow] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    #: measure id -> mark and update state
    marks: dict[str, tuple[str, str]] = field(default_factory=dict)
    #: The plan's title, and what it calls its levels, where one of these is another.
    names: tuple[str, dict[str, str]] | None = None

    def __bool__(self) -> bool:
        return bool(self.put or self.relabelled or self.removed or self.marks or self.names)


def outline_of(editor: Editor) -> Outline:
    """The whole outline of the plan that is being edited, or of what a return asks for."""
    from cypp_desktop.operations.returns.asked_return import shown_outline

    return shown_outline(editor.sqlite)


def read_change(editor: Editor, changed: Changed) -> TreeChange | None:
    """What a step means for the tree; None where the whole outline is to be followed."""
    keys = {*changed.added, *changed.edited}
    if _is_wide(changed) or len(keys) + len(changed.removed) > MANY:
        return None
    change = TreeChange(removed=[row_id for row_type, row_id in changed.removed if row_type in _SHOWN])
    measures: set[str] = set()
    for row_type, row_id in sorted(keys):
        fields = changed.edited.get((row_type, row_id), frozenset())
        if row_type in _SHOWN:
            _read_row(editor, change, row_type, row_id, fields, (row_type, row_id) in changed.added)
        else:
            measures |= _measures_of(editor, row_type, row_id)
    change.put.sort(key=_parents_first)
    change.marks = marks_and_states(editor.sqlite, measures)
    if any(row_type == "plan" and fields & _OF_PLAN for (row_type, _), fields in changed.edited.items()):
        _, title, names = read_names(editor.sqlite)
        change.names = title, names
    return change


def _is_wide(changed: Changed) -> bool:
    for row_type, _ in changed.removed:
        if row_type in ("update", "update_measure", "observation", "section", "round"):
            return True
    if any(row_type in ("section", "round") for row_type, _ in changed.added):
        return True
    return any(fields & _WIDE.get(row_type, set()) for (row_type, _), fields in changed.edited.items())


def _read_row(
    editor: Editor, change: TreeChange, row_type: str, row_id: str, fields: frozenset[str], added: bool
) -> None:
    shown = {*CODE_COLUMNS, *TITLE_COLUMNS, "place"} | _NARROW.get(row_type, set())
    row: Any = editor.row(row_type, row_id) if added or fields & shown else None
    if row is None:
        return
    name = RowName.of(row)
    title = row.text[:120] if row_type == "recommendation" else name.title
    found = OutlineRow(row_type, row_id, row.parent_id, row.sort_key, name.code or "", title or "")
    if row_type == "measure":
        ((found.mark, found.update_state),) = marks_and_states(editor.sqlite, (row_id,)).values()
    (change.put if added or "place" in fields else change.relabelled).append(found)


def _measures_of(editor: Editor, row_type: str, row_id: str) -> set[str]:
    """The measures whose mark or state a row that was added or edited has a say in."""
    if row_type not in ("update", "update_measure", "observation"):
        return set()
    row: Any = editor.row(row_type, row_id)
    if row is None:
        return set()
    if row_type == "update":
        return {link.measure_id for link in row.measure_links}
    return {row.measure_id}


def _parents_first(row: OutlineRow) -> tuple[int, str]:
    return LEVELS.index(row.row_type) if row.row_type in LEVELS else 0, row.sort_key
