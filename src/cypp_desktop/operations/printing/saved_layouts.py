"""Saves an officer's layouts and packs in the plan, and deletes them, each as one step that can be undone.

What is saved is what :mod:`cypp_desktop.report.layouts.saved` and :mod:`cypp_desktop.report.packs` read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from cypp_desktop.errors import UsageError
from cypp_desktop.operations.printing.print_request import PrintKind
from cypp_desktop.plan.model import Pack, PrintLayout
from cypp_desktop.report.layouts.saved import find_layout, read_layout, saved_layouts
from cypp_desktop.report.layouts.standard import LAYOUTS
from cypp_desktop.report.packs import BEST_LAYOUT, CONTENTS, COVER, PACKS, read_pack, saved_packs
from cypp_desktop.store.commands import add_row, delete_rows
from cypp_desktop.store.editor import Editor
from cypp_desktop.store.queries import rows_in_order

Definition = Mapping[str, Any]
_LONGEST_NAME = 100


def save(editor: Editor, kind: PrintKind, name: str, definition: Definition) -> None:
    """Save a layout or pack under a name, in place of one of that name.

    Raises UsageError where it is not one, or names a layout unknown here.
    """
    if kind is PrintKind.PACK:
        name = _usable_name(name, PACKS)
        for part in read_pack(name, definition).parts:
            if part not in (COVER, CONTENTS, BEST_LAYOUT):
                find_layout(editor.session, part)
    else:
        name = _usable_name(name, LAYOUTS)
        read_layout(name, definition)
    row = _saved_row(editor.session, kind, name)
    if row is None:
        with editor.step(f"Save {kind}"):
            add_row(editor, _row_class(kind), name=name, definition=dict(definition))
        return
    with editor.step(f"Change {kind}"):
        row.definition = dict(definition)


def save_edited(
    editor: Editor, kind: PrintKind, name: str, definition: Definition, name_before: str = ""
) -> None:
    """Save what a person has made or edited; ``name_before`` is the name that it had, empty where it is new.

    The packs that print a layout go on doing so when it gets another name. Raises CyppError where the name
    is taken, or the declaration cannot be saved.
    """
    taken = saved_packs(editor.session) if kind is PrintKind.PACK else saved_layouts(editor.session)
    if name != name_before and name in taken:
        raise UsageError(f"The plan has a {kind} called {name} already. Choose another name.")
    with editor.step(f"{'Change' if name_before else 'Save'} {kind}") as session:
        save(editor, kind, name, definition)
        if name_before and name_before != name:
            session.flush()  # a pack is saved only with layouts that there are
            if kind is PrintKind.LAYOUT:
                _rename_in_packs(editor, name_before, name)
            delete(editor, kind, name_before)


def delete_unused(editor: Editor, kind: PrintKind, name: str) -> None:
    """Delete a layout or pack of the plan's own. Raises UsageError where a pack prints the layout."""
    if kind is PrintKind.LAYOUT:
        for pack in _packs_with(editor.session, name):
            raise UsageError(f"The pack “{pack}” prints this layout. Take it out of the pack first.")
    with editor.step(f"Delete {kind}"):
        delete(editor, kind, name)


def delete(editor: Editor, kind: PrintKind, name: str) -> None:
    """Delete a layout or pack of the plan's own. Raises UsageError where there is none of that name."""
    row = _saved_row(editor.session, kind, name.strip())
    if row is None:
        raise UsageError(f"The plan keeps nothing called {name.strip()}.")
    delete_rows(editor, [row])


def _usable_name(name: str, ours: Mapping[str, Any]) -> str:
    name = " ".join(name.split())
    if not name or len(name) > _LONGEST_NAME:
        raise UsageError("Give it a name of at most 100 letters.")
    if name in ours:
        raise UsageError(f"{name} is the name of one that comes with the program. Choose another.")
    return name


def _rename_in_packs(editor: Editor, before: str, after: str) -> None:
    """Let the packs that print a layout name it as it is called now."""
    for pack, definition in _packs_with(editor.session, before).items():
        parts = [after if part == before else part for part in definition["parts"]]
        save(editor, PrintKind.PACK, pack, {**definition, "parts": parts})


def _packs_with(session: Session, layout: str) -> dict[str, dict[str, Any]]:
    """The declarations of the plan's own packs that print a layout, by name."""
    found: dict[str, dict[str, Any]] = {}
    for name, definition in saved_packs(session).items():
        parts = definition.get("parts") if isinstance(definition, dict) else None
        if isinstance(parts, list) and layout in parts:
            found[name] = definition
    return found


def _row_class(kind: PrintKind) -> type[PrintLayout] | type[Pack]:
    return Pack if kind is PrintKind.PACK else PrintLayout


def _saved_row(session: Session, kind: PrintKind, name: str) -> PrintLayout | Pack | None:
    cls = _row_class(kind)
    for row in rows_in_order(session, cls):
        if isinstance(row, PrintLayout | Pack) and row.name.strip() == name:
            return row
    return None
