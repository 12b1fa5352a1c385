"""The plan as plan JSON for somebody else, whole or without what is said among colleagues only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from cypp_desktop.exchange.plan_json import write_plan
from cypp_desktop.plan.base import Row, fields_of
from cypp_desktop.plan.readers import Reader, ReaderKind, may_leave
from cypp_desktop.store.partial_plan import every_row, partial_plan

#: What no export holds, whoever it is for.
NEVER_EXPORTED = "the history of changes, and what was sent out and came back"


@dataclass(frozen=True, slots=True)
class Exported:
    """The text of the file, and in words what of the plan is not in it."""

    text: str
    left_out: str


def export_plan(session: Session, *, notes: bool) -> Exported:
    """The plan as plan JSON; without ``notes`` it has no working notes and no e-mail addresses."""
    if notes:
        return Exported(write_plan(session), f"Not in the file: {NEVER_EXPORTED}.")
    reader = Reader(kind=ReaderKind.EXPORT_WITHOUT_NOTES)

    def rule(row: Row) -> Mapping[str, Any] | None:
        if row.is_book:
            return None
        names = [column.key for column in row.__table__.columns if not column.primary_key]
        return {name: getattr(row, name) for name in names if may_leave(reader, row.row_type, row.id, name)}

    with partial_plan(session, rule) as part:
        text = write_plan(part)
    return Exported(text, _left_out(session, reader))


def _left_out(session: Session, reader: Reader) -> str:
    """What a reader is not given of this plan: fields as the window calls them, each with how many say
    something.
    """
    counts: Counter[str] = Counter()
    for row in every_row(session):
        for field in fields_of(type(row)).values() if not row.is_book else ():
            column = field.columns[0]
            if getattr(row, column) and not may_leave(reader, row.row_type, row.id, column):
                counts[field.label] += 1
    listed = [f"{label} ({count})" for label, count in sorted(counts.items())]
    return f"Not in the file: {'; '.join([*listed, NEVER_EXPORTED])}."
