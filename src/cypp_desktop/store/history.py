"""What happened to a plan: who changed which field when, from what to what. Questions to the change log."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from cypp_desktop.plan.base import Row, row_classes
from cypp_desktop.plan.codes import address_of
from cypp_desktop.plan.model import Action, Lead, Measure, Update
from cypp_desktop.store import schema
from cypp_desktop.store.changes import CREATED, DELETED


@dataclass(frozen=True, slots=True)
class Entry:
    """One change as history shows it; ``field`` is ``*`` for a new row and ``*deleted`` for a deletion.

    ``before`` and ``value`` are stored values: text, a list, or a mapping for a field group.
    """

    at: str
    author: str
    step: str
    row_type: str
    row_id: str
    field: str
    before: Any
    value: Any


def history(
    session: Session,
    *,
    rows: Iterable[Row] | None = None,
    field: str | None = None,
    since: str | None = None,
    limit: int | None = None,
) -> list[Entry]:
    """The recorded changes, newest first: of the whole plan, of some rows, of one field, since a day.

    ``since`` is a day or moment in ISO form, in universal time; the day itself counts.
    """
    change, step = schema.change.c, schema.step.c
    statement = (
        select(
            change.at, change.author, step.name, change.row_type, change.row_id, change.field, change.before,
            change.value,
        )
        .join(schema.step, step.id == change.step)
        .order_by(change.seq.desc())
    )  # fmt: skip
    if rows is not None:
        statement = statement.where(change.row_id.in_([row.id for row in rows]))
    if field is not None:
        statement = statement.where(or_(change.field == field, change.field.in_([CREATED, DELETED])))
    if since is not None:
        statement = statement.where(change.at >= since)
    if limit is not None:
        statement = statement.limit(limit)
    return [
        Entry(at, author, name, row_type, row_id, field_, json.loads(before), json.loads(value))
        for at, author, name, row_type, row_id, field_, before, value in session.execute(statement)
    ]


def with_parts(row: Row) -> list[Row]:
    """A row and all that stands in it or covers it: what "the history of 1a" is about."""
    found: list[Row] = [row]
    for name in ("outcomes", "measures", "actions", "updates", "observations", "leads", "people_links"):
        if isinstance(row, (Action, Update)) and name == "measures":
            continue
        if name in type(row).__mapper__.relationships or (name == "people_links" and isinstance(row, Lead)):
            for part in getattr(row, name):
                found += with_parts(part)
    if isinstance(row, Measure):
        found += [link.update for link in row.update_links]
        found += [link.action for link in row.action_links]
        found += row.update_links
        found += row.action_links
    if isinstance(row, (Action, Update)):
        found += row.measure_links
    return list(dict.fromkeys(found))


def place_of(session: Session, entry: Entry) -> str:
    """The address of the row of an entry, or its type in words where it is no longer in the plan."""
    cls = row_classes().get(entry.row_type)
    row = session.get(cls, entry.row_id) if cls else None
    if row is None:
        return f"{entry.row_type.replace('_', ' ')} (since deleted)"
    return address_of(row)
