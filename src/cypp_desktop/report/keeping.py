"""Keeps an officer's layouts and packs in the plan: through the editor, so that each can be undone.

What is kept is what :mod:`cypp_desktop.report.layouts.saved` and :mod:`cypp_desktop.report.packs` read.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from cypp_desktop.errors import UsageError
from cypp_desktop.plan.model import Pack, PrintLayout
from cypp_desktop.report.layouts.saved import find_layout, read_layout
from cypp_desktop.report.layouts.standard import LAYOUTS
from cypp_desktop.report.packs import CONTENTS, COVER, PACKS, SUITED, read_pack
from cypp_desktop.store.commands import add_row, delete_rows
from cypp_desktop.store.editor import Editor
from cypp_desktop.store.queries import rows_in_order

Kept = type[PrintLayout] | type[Pack]


def save_layout(editor: Editor, name: str, definition: dict[str, Any]) -> None:
    """Keep a layout under a name, in place of one of that name. Raises UsageError where it is not one."""
    name = _name(name, LAYOUTS)
    read_layout(name, definition)
    _save(editor, PrintLayout, name, definition, "layout")


def save_pack(editor: Editor, name: str, definition: dict[str, Any]) -> None:
    """Keep a pack under a name. Raises UsageError where it is not one, or names a layout unknown here."""
    name = _name(name, PACKS)
    for part in read_pack(name, definition).parts:
        if part not in (COVER, CONTENTS, SUITED):
            find_layout(editor.session, part)
    _save(editor, Pack, name, definition, "pack")


def delete_kept(editor: Editor, kind: Kept, name: str) -> None:
    """Delete a layout or pack of the plan's own. Raises UsageError where there is none of that name."""
    row = _kept(editor.session, kind, name.strip())
    if row is None:
        raise UsageError(f"The plan keeps nothing called {name.strip()}.")
    delete_rows(editor, [row])


def _name(name: str, ours: dict[str, Any]) -> str:
    name = " ".join(name.split())
    if not name or len(name) > 100:
        raise UsageError("Give it a name of at most 100 letters.")
    if name in ours:
        raise UsageError(f"{name} is the name of one that comes with the program. Choose another.")
    return name


def _save(editor: Editor, kind: Kept, name: str, definition: dict[str, Any], what: str) -> None:
    row = _kept(editor.session, kind, name)
    if row is None:
        with editor.step(f"Save {what}"):
            add_row(editor, kind, name=name, definition=dict(definition))
        return
    with editor.step(f"Change {what}"):
        row.definition = dict(definition)


def _kept(session: Session, kind: Kept, name: str) -> PrintLayout | Pack | None:
    for row in rows_in_order(session, kind):
        if isinstance(row, PrintLayout | Pack) and row.name.strip() == name:
            return row
    return None
