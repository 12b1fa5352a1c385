"""What happened to a plan: who changed which field when, from what to what. Questions to the change log.

How values and rows are said in words is the matter of :mod:`cypp_desktop.store.history_words`; what
was there before is put back by :mod:`cypp_desktop.store.put_back`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select, text
from sqlalchemy.orm import Session

from cypp_desktop.plan.base import Row, row_classes
from cypp_desktop.plan.model import Measure, Person
from cypp_desktop.plan.shape import list_words, owner_columns, owners_of, rows_in
from cypp_desktop.plan.signs import shown_on_one_line
from cypp_desktop.plan.words import row_words
from cypp_desktop.store import removal, schema
from cypp_desktop.store.addresses import Addresses
from cypp_desktop.store.changes import CREATED, DELETED
from cypp_desktop.store.claims import Claim, claim_of, moment
from cypp_desktop.store.removal import Gap


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One change as history shows it; ``field`` is ``*`` for a new row and ``*deleted`` for a deletion.

    ``before`` and ``value`` are stored values: text, a list, or a mapping for a field group. ``at`` is
    in universal time; ``kind`` is that of the step: do, undo, redo, import, merge. ``seq`` counts the changes
    of this file. What came in from another file has the name of the merge, and the step it was made in there.
    ``claim`` is what a change from outside said of itself, None of any other.
    """

    at: str
    author: str
    step: str
    row_type: str
    row_id: str
    field: str
    before: Any
    value: Any
    seq: int = 0
    step_id: str = ""
    kind: str = "do"
    claim: Claim | None = None
    #: what was removed for good from the change: its parts, as :mod:`cypp_desktop.store.removal` calls them
    gaps: tuple[tuple[str, Gap], ...] = ()

    @property
    def claimed_at(self) -> str | None:
        """When a change from outside says it was made, where that cannot be: it counts from ``at``."""
        if self.claim is None or not self.claim.at or moment(self.claim.at) == moment(self.at):
            return None
        return self.claim.at

    def gap(self, side: str, column: str | None = None) -> Gap | None:
        """Why one side of the change, or one column there, says nothing; None where nothing is gone."""
        for part, gap in self.gaps:
            if part == f"{side}.{column}" if column is not None else part.startswith(f"{side}."):
                return gap
        return None


def history(
    session: Session,
    *,
    rows: Iterable[Row | str] | None = None,
    field: str | None = None,
    since: str | None = None,
    author: str | None = None,
    before: int | None = None,
    limit: int | None = None,
) -> list[HistoryEntry]:
    """The recorded changes, newest first: of the whole plan, of some rows (or their ids), of one field.

    ``since`` is a day or moment in ISO form, in universal time; the day itself counts. ``before`` is the
    ``seq`` of an entry: only older ones are given, so that a long history can be read piece by piece.
    """
    change, step = schema.change.c, schema.step.c
    statement = (
        select(
            change.at, change.author, step.name, change.row_type, change.row_id, change.field, change.before,
            change.value, change.seq, change.step, step.kind, change.claim, change.id,
        )
        .join(schema.step, step.id == func.coalesce(change.batch, change.step))
        .order_by(change.seq.desc())
    )  # fmt: skip
    if rows is not None:
        ids = json.dumps([row if isinstance(row, str) else row.id for row in rows])
        statement = statement.where(change.row_id.in_(_listed(ids)))
    if field is not None:
        statement = statement.where(or_(change.field == field, change.field.in_([CREATED, DELETED])))
    if since is not None:
        statement = statement.where(change.at >= since)
    if author is not None:
        statement = statement.where(change.author == author)
    if before is not None:
        statement = statement.where(change.seq < before)
    if limit is not None:
        statement = statement.limit(limit)
    found = [tuple(each) for each in session.execute(statement)]
    gaps = _gaps(session, [each[-1] for each in found])
    return [
        HistoryEntry(
            *(
                at,
                shown_on_one_line(who),
                shown_on_one_line(name),
                row_type,
                row_id,
                field_,
                json.loads(old),
                json.loads(new),
            ),
            *(seq, step_id, kind, claim_of(claim), gaps.get(id_, ())),
        )
        for at, who, name, row_type, row_id, field_, old, new, seq, step_id, kind, claim, id_ in found
    ]


def _gaps(session: Session, ids: Sequence[str]) -> dict[str, tuple[tuple[str, Gap], ...]]:
    """What was removed for good from these changes."""
    connection = session.connection()
    if not removal.has_removals(connection):
        return {}
    return {id_: tuple(sorted(gaps.items())) for id_, gaps in removal.gaps_in(connection, ids).items()}


def _listed(ids: str) -> Any:
    """The ids of a JSON list as a sub-query: any number of them is one parameter."""
    return select(text("value")).select_from(func.json_each(ids))


def authors(session: Session) -> Sequence[str]:
    """Everybody who has changed something in the plan, by name."""
    return session.scalars(select(schema.change.c.author).distinct().order_by(schema.change.c.author)).all()


def _with_parts(row: Row) -> set[Row]:
    """A row and all that stands in it or covers it: what "the history of 1a" is about."""
    found = {row}
    relations = type(row).__mapper__.relationships
    for row_type, word in list_words().items():
        if owners_of(row_type) and word in relations:
            for part in rows_in(row, row_type):
                found |= _with_parts(part)
    for relation in relations:
        if relation.mapper.class_.joins is not None and not isinstance(row, Person):
            found.update(getattr(row, relation.key))
    if isinstance(row, Measure):
        found |= {link.update for link in row.update_links}
        found |= {link.action for link in row.action_links}
    return found


def ids_with_parts(session: Session, row: Row) -> list[str]:
    """The ids of a row, of all that stands in it or covers it, and of what once did and was deleted."""
    ids = {part.id for part in _with_parts(row)}
    change = schema.change.c
    deleted = session.execute(select(change.row_id, change.before).where(change.field == DELETED))
    owners: dict[str, set[str]] = {}
    for row_id, before in deleted:
        values = json.loads(before)
        if isinstance(values, dict) and row_id not in ids:
            owners[row_id] = {values[name] for name in owner_columns() if values.get(name)}
    found = ids
    while found:
        found = {row_id for row_id, owned in owners.items() if not owned.isdisjoint(ids)} - ids
        ids |= found
    return sorted(ids)


def place_of(session: Session, entry: HistoryEntry, addresses: Addresses) -> str:
    """The address of the row of an entry, or its type in words where it is no longer in the plan."""
    cls = row_classes().get(entry.row_type)
    row = session.get(cls, entry.row_id) if cls else None
    if row is None:
        return f"{row_words(entry.row_type)} (since deleted)"
    return addresses.of(row)
