"""What steps and messages call a row: "1a.i", "key activity 2", "3 outcomes"."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session, object_session

from cypp_desktop.plan.base import Row
from cypp_desktop.plan.model import Measure, Plan
from cypp_desktop.plan.words import counted, cut, in_a_sentence, row_words
from cypp_desktop.store.queries import plan_if_any

#: The rows that the plan has names of its own for.
_LEVELS = ("priority", "outcome", "measure")
#: What a row without a code is known by; the texts of updates and recommendations are too long for a name.
_NAMED_BY = ("title", "name", "post")


def kind_name(session: Session | None, cls: type[Row]) -> str:
    """What the plan calls a row of a class inside a sentence: "key activity", "reporting round"."""
    if session is not None and cls.__tablename__ in _LEVELS:
        plan = plan_if_any(session)
        said = getattr(plan, f"level_{cls.__tablename__}", None)
        if said:
            return in_a_sentence(said)
    return row_words(cls.__tablename__)


def short_name(row: Row) -> str:
    """What a step or a message calls a row: "1a.i", "key activity 2", "action “Train staff”", "the plan"."""
    if isinstance(row, Plan):
        return "the plan"
    if isinstance(row, Measure) and row.outcome is not None and row.outcome.code and row.address_part:
        return f"{row.outcome.code}.{row.address_part}"
    kind = kind_name(object_session(row), type(row))
    code = getattr(row, "code", None) or getattr(row, "number", None)
    if code and not isinstance(row, Measure):
        return f"{kind} {code}"
    words = next((said for field in _NAMED_BY if (said := getattr(row, field, None))), None)
    return f"{kind} “{cut(words, 40)}”" if words else kind


def short_names(rows: Sequence[Row]) -> str:
    """What a step or a message calls one or several rows: "1a.i", "3 outcomes", "4 parts of the plan"."""
    if len(rows) == 1:
        return short_name(rows[0])
    kinds = {type(row) for row in rows}
    if len(kinds) > 1:
        return f"{len(rows)} parts of the plan"
    return counted(len(rows), kind_name(object_session(rows[0]), kinds.pop()))
