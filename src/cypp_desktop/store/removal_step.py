"""The step that removes a text from an open plan for good: what is marked becomes empty, the rest said anew.

It can be neither undone nor redone, and takes the steps along that could bring the text back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from cypp_desktop.plan.base import field_of
from cypp_desktop.plan.identity import new_change_id
from cypp_desktop.store import log, removal
from cypp_desktop.store.changes import CREATED, Change, by_field, heads_of_field
from cypp_desktop.store.editor import Editor
from cypp_desktop.store.log import RowKey
from cypp_desktop.store.materialise import Touched, materialise_rows
from cypp_desktop.store.recorder import OpenStep, store_step
from cypp_desktop.store.removal import BEFORE, Mark, Removal, columns_in, part_of
from cypp_desktop.store.removal_search import LivePlace
from cypp_desktop.store.schema import StepKind
from cypp_desktop.store.union import add_removals

NAME = "Remove a text for good"


def remove(editor: Editor, asked: Removal, rows: Iterable[RowKey], rest: Mapping[LivePlace, Any]) -> None:
    """Remove what is marked, in one step. ``rest`` is what each field that says it now is to say instead;
    ``rows`` are rows that may say it though their log does not.

    Raises PlanRuleBroken or FileProblem; nothing has changed then.
    """
    editor.session.rollback()
    editor.seal()
    with editor.step(NAME, kind=StepKind.REMOVE) as session:
        step, connection = store_step(session), session.connection()
        said = _said_instead(log.changes_of_rows(connection, {p.row_id for p in rest}), rest, asked, step)
        marks = [*asked.marks]
        for change in said:
            marks += (Mark(change.id, part_of(BEFORE, column)) for column in columns_in(change, BEFORE))
        touched = [add_removals(connection, [replace(asked, marks=tuple(marks))])]
        joined = log.insert_changes(connection, removal.without_removed(connection, said), None)
        keys = {(change.row_type, change.row_id) for change in said}
        touched.append(materialise_rows(connection, {*keys, *rows}, joined))
        _tell(step, touched)
        session.expire_all()


def _said_instead(
    changes: Mapping[RowKey, list[Change]], rest: Mapping[LivePlace, Any], asked: Removal, step: OpenStep
) -> list[Change]:
    """For each field that says it now, the change by which it says the rest: made upon all heads.

    It names the removal beside them, and so counts as a decision: whoever has edited the text apart meanwhile
    is asked about, also where nothing is left of it here and so nothing seems to have been changed.
    """
    found: list[Change] = []
    for place, value in rest.items():
        of_row = by_field(changes.get((place.row_type, place.row_id), ()))
        field_ = field_of(place.row_type, place.field)
        if field_ is None or CREATED not in of_row:
            continue
        heads = heads_of_field(of_row.get(place.field, ()), of_row[CREATED])
        found.append(
            Change(
                id=new_change_id(),
                row_type=place.row_type,
                row_id=place.row_id,
                field=place.field,
                before=place.value,
                value=value,
                parents=(*(head.id for head in heads), asked.id),
                author=step.author,
                file=step.file,
                at=step.at,
                step=step.id,
            )
        )
    return found


def _tell(step: OpenStep, unions: Iterable[Touched]) -> None:
    """Note in the step what was touched, so that who listens to the editor hears of it."""
    for rows in unions:
        step.added |= rows.added
        step.removed |= rows.removed
        for key, names in rows.edited.items():
            step.edited.setdefault(key, set()).update(names)
