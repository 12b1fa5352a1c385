"""Rows are added, deleted, moved and copied, with all that stands in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from cypp_desktop.errors import PlanRuleBroken
from cypp_desktop.plan.base import Row, column_value, stored_values
from cypp_desktop.plan.identity import derived_id, new_id
from cypp_desktop.plan.model import (
    Action,
    Lead,
    LeadPerson,
    Measure,
    Organisation,
    Outcome,
    Round,
    Update,
)
from cypp_desktop.plan.shape import covered_by, owner_of_link, parent_of, rows_in
from cypp_desktop.store.commands.places import link_measure, put, siblings
from cypp_desktop.store.editor import Editor
from cypp_desktop.store.short_names import kind_name, short_names

AnyRow = TypeVar("AnyRow", bound=Row)

#: The lists of a row that are copied with it; measures come before the texts that cover them.
_COPIED_LISTS = ("outcomes", "measures", "actions", "updates", "observations", "leads")


def add_row(
    editor: Editor,
    cls: type[AnyRow],
    parent: Row | None = None,
    *,
    after: Row | None = None,
    **values: Any,
) -> AnyRow:
    """Add a row at the end of its list, or just after ``after``; gives the new row."""
    row = cls(**values)
    listed = siblings(editor, cls, parent)
    with editor.step(f"Add {kind_name(editor.session, cls.__tablename__)}"):
        put(row, parent, listed, len(listed) if after is None else listed.index(after) + 1)  # type: ignore[arg-type]
        editor.session.add(row)
    return row


def delete_rows(editor: Editor, rows: Iterable[Row]) -> None:
    """Delete rows with all that stands in them; the step can be undone.

    Raises PlanRuleBroken where something else of the plan still names one of them.
    """
    listed = [row for row in rows if not _inside(row, rows)]
    if not listed:
        return
    name = f"Delete {short_names(listed)}"
    for row in listed:
        _refuse_while_named(row)
    with editor.step(name) as session:
        for row in listed:
            if isinstance(row, Measure):
                _drop_sole_texts(editor, row)
            session.delete(row)


def _refuse_while_named(row: Row) -> None:
    """Raise PlanRuleBroken for an organisation that leads something, or a round that holds updates."""
    if isinstance(row, Organisation) and row.leads:
        raise PlanRuleBroken(f"{row.name} leads {_count(row.leads, 'part')} of the plan. Change that first.")
    if isinstance(row, Round) and row.updates:
        raise PlanRuleBroken(f"{row.name} holds {_count(row.updates, 'update')}. Delete or move that first.")


def _count(rows: Sequence[Row], word: str) -> str:
    return f"{len(rows)} {word}{'' if len(rows) == 1 else 's'}"


def _drop_sole_texts(editor: Editor, measure: Measure) -> None:
    """A text that covers only this measure goes with it: else it would become the outcome's own."""
    for link in (*measure.update_links, *measure.action_links):
        text = owner_of_link(link)
        if [other.id for other in covered_by(text)] == [measure.id]:
            editor.session.delete(text)


def _inside(row: Row, others: Iterable[Row]) -> bool:
    ids = {other.id for other in others}
    at: Row | None = parent_of(row)
    while at is not None:
        if at.id in ids:
            return True
        at = parent_of(at)
    return False


def move_rows(editor: Editor, rows: Sequence[AnyRow], parent: Row | None, at: int) -> None:
    """Move rows of one class, in their order, to position ``at`` of their list in ``parent``.

    ``at`` counts the rows that stay (0 is first). Texts that span measures leave a measure behind
    that moves to another outcome, and go along where it is the only one they cover.
    """
    if not rows:
        return
    listed = siblings(editor, type(rows[0]), parent)
    staying = [row for row in listed if row not in rows]
    at = min(at, len(staying))
    if listed == [*staying[:at], *rows, *staying[at:]]:
        return
    with editor.step(f"Move {short_names(rows)}"):
        for row in rows:
            if isinstance(row, Measure) and isinstance(parent, Outcome) and row.outcome is not parent:
                _take_texts_along(editor, row, parent)
            put(row, parent, staying, at)
            staying.insert(at, row)
            at += 1


def _take_texts_along(editor: Editor, measure: Measure, outcome: Outcome) -> None:
    for link in (*measure.update_links, *measure.action_links):
        text = owner_of_link(link)
        if len(covered_by(text)) == 1:
            listed = rows_in(outcome, text.row_type)
            put(text, outcome, listed, len(listed))
        else:
            editor.session.delete(link)


def duplicate_rows(editor: Editor, rows: Sequence[AnyRow]) -> list[AnyRow]:
    """Copy rows with all that stands in them, each just after its original; gives the copies."""
    copies: list[AnyRow] = []
    name = f"Duplicate {short_names(rows)}"
    with editor.step(name) as session:
        for row in rows:
            parent = parent_of(row)
            listed = siblings(editor, type(row), parent)
            copied = _copy(editor, row, {})
            put(copied, parent, listed, listed.index(row) + 1)
            session.flush()
            session.expire_all()
            copies.append(copied)
    return copies


def _copy(editor: Editor, row: AnyRow, ids: dict[str, str], **changed: Any) -> AnyRow:
    """A copy of a row and of what stands in it; ``ids`` gathers the new id of every row copied."""
    cls = type(row)
    values = {name: column_value(cls, name, value) for name, value in stored_values(row).items()}
    copied = cls(**{**values, **changed, "id": ids.setdefault(row.id, new_id())})
    editor.session.add(copied)
    for name in ("leads",) if isinstance(row, (Action, Update)) else _COPIED_LISTS:
        for child in getattr(row, name, ()):
            _copy(editor, child, ids, **{f"{row.row_type}_id": copied.id})
    if isinstance(row, Lead):
        for link in row.people_links:
            editor.session.add(
                LeadPerson(
                    id=derived_id("lead_person", copied.id, link.person_id),
                    lead_id=copied.id,
                    person_id=link.person_id,
                    sort_key=link.sort_key,
                )
            )
    if isinstance(row, (Action, Update)):
        for measure_link in row.measure_links:
            link_measure(editor, copied, ids.get(measure_link.measure_id, measure_link.measure_id))
    return copied
