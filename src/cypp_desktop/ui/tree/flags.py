"""What can be done with a row of each type: chosen, dragged, dropped on, its title typed in place."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt

from cypp_desktop.plan.levels import LEVELS
from cypp_desktop.plan.outline import BRANCHES
from cypp_desktop.ui.tree.nodes import CHILD_TYPE

_Flag = Qt.ItemFlag

#: Row types whose title is one line that can be typed in the tree.
TITLED: Final = (*LEVELS, *(branch for branch in BRANCHES if branch != "recommendation"))


def _flags_of(row_type: str, editable: bool) -> tuple[Qt.ItemFlag, Qt.ItemFlag]:
    """What can be done with a row of a type: while others stand in it, and while none does."""
    flags = _Flag.NoItemFlags if row_type == "root" else _Flag.ItemIsEnabled | _Flag.ItemIsSelectable
    if editable and (row_type in CHILD_TYPE or row_type == "branch"):
        flags |= _Flag.ItemIsDropEnabled
    if editable and row_type not in ("root", "plan", "branch"):
        flags |= _Flag.ItemIsDragEnabled
    if editable and row_type in TITLED:
        flags |= _Flag.ItemIsEditable
    return flags, flags if row_type == "root" else flags | _Flag.ItemNeverHasChildren


def _flags_by_type(editable: bool) -> dict[str, tuple[Qt.ItemFlag, Qt.ItemFlag]]:
    row_types = ("root", "plan", "branch", *TITLED, "recommendation")
    return {row_type: _flags_of(row_type, editable) for row_type in row_types}


#: Worked out once, for Qt asks for the flags of every open row: editable or not -> row type -> flags.
FLAGS: Final = {editable: _flags_by_type(editable) for editable in (False, True)}
