"""What steps and messages call a row: "1a.i", "key activity 2", "3 outcomes"."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session, object_session

from cypp_desktop.plan.base import Row
from cypp_desktop.plan.levels import LEVELS
from cypp_desktop.plan.model import Measure
from cypp_desktop.plan.row_names import RowName, short_name_of
from cypp_desktop.plan.words import counted, in_a_sentence, row_words
from cypp_desktop.store.queries import plan_if_any


def kind_name(session: Session | None, row_type: str) -> str:
    """What the plan calls a kind of row inside a sentence: "key activity", "reporting round"."""
    if session is not None and row_type in LEVELS:
        said = getattr(plan_if_any(session), f"level_{row_type}", None)
        if said:
            return in_a_sentence(said)
    return row_words(row_type)


def short_name(row: Row) -> str:
    """What a step or a message calls a row: "1a.i", "key activity 2", "action 3", "the plan"."""
    if isinstance(row, Measure) and row.outcome is not None and row.outcome.code and row.address_part:
        return f"{row.outcome.code}.{row.address_part}"
    return short_name_of(RowName.of(row), kind_name(object_session(row), row.row_type))


def short_names(rows: Sequence[Row]) -> str:
    """What a step or a message calls one or several rows: "1a.i", "3 outcomes", "4 parts of the plan"."""
    if len(rows) == 1:
        return short_name(rows[0])
    kinds = {row.row_type for row in rows}
    if len(kinds) > 1:
        return f"{len(rows)} parts of the plan"
    return counted(len(rows), kind_name(object_session(rows[0]), kinds.pop()))
