"""Keeps layouts and packs in the plan, each as one step that can be undone. No Qt here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from cypp_desktop.store.editor import Editor


def keep(editor: Editor, kind: str, name: str, definition: Mapping[str, Any], before: str = "") -> None:
    """Keep a "layout" or "pack" under a name; ``before`` is the one that it had, empty where it is new.

    The packs that print a layout go on doing so when it gets another name. Raises CyppError where the name
    is taken, or the declaration cannot be kept.
    """
    from cypp_desktop.errors import UsageError
    from cypp_desktop.report.keeping import save_layout, save_pack
    from cypp_desktop.report.layouts import saved_layouts
    from cypp_desktop.report.packs import saved_packs

    kept = (saved_packs if kind == "pack" else saved_layouts)(editor.session)
    if name != before and name in kept:
        raise UsageError(f"The plan has a {kind} called {name} already. Choose another name.")
    with editor.step(f"{'Change' if before else 'Save'} {kind}") as session:
        (save_pack if kind == "pack" else save_layout)(editor, name, dict(definition))
        if before and before != name:
            session.flush()  # a pack is kept only with layouts that there are
            if kind == "layout":
                for pack, said in _packs_with(session, before).items():
                    parts = [name if part == before else part for part in said["parts"]]
                    save_pack(editor, pack, {**said, "parts": parts})
            _delete(editor, kind, before)


def delete(editor: Editor, kind: str, name: str) -> None:
    """Delete a "layout" or "pack" of the plan's own. Raises UsageError where a pack prints the layout."""
    from cypp_desktop.errors import UsageError

    used = _packs_with(editor.session, name) if kind == "layout" else {}
    if used:
        raise UsageError(f"The pack “{next(iter(used))}” prints this layout. Take it out of the pack first.")
    with editor.step(f"Delete {kind}"):
        _delete(editor, kind, name)


def _delete(editor: Editor, kind: str, name: str) -> None:
    from cypp_desktop.plan.model import Pack, PrintLayout
    from cypp_desktop.report.keeping import delete_kept

    delete_kept(editor, Pack if kind == "pack" else PrintLayout, name)


def _packs_with(session: Session, layout: str) -> dict[str, dict[str, Any]]:
    """The declarations of the plan's own packs that print a layout, by name."""
    from cypp_desktop.report.packs import saved_packs

    return {
        name: said
        for name, said in saved_packs(session).items()
        if isinstance(said, dict) and isinstance(said.get("parts"), list) and layout in said["parts"]
    }
