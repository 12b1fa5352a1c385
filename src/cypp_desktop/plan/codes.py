"""Addresses: how a person names a row, by the codes that stand on paper.

``1/1a/iv-2`` is priority 1, outcome 1a, measure iv-2. Where a code is missing or repeats, the
position does: ``#3`` is the third row of its list. Other rows stand under a word:
``1/1a/actions/2``, ``recommendations/7``, ``sections/4.2``, ``rounds/#1``, ``organisations/Schools``,
``people/#2``; ``plan`` is the plan itself. An address is for people: rows are held by their ids.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from cypp_desktop.errors import UsageError
from cypp_desktop.plan.base import Row
from cypp_desktop.plan.model import (
    Action,
    ActionMeasure,
    Lead,
    LeadPerson,
    Measure,
    Observation,
    Organisation,
    Outcome,
    Person,
    Plan,
    Priority,
    Recommendation,
    Round,
    Section,
    Update,
    UpdateMeasure,
)

_BRANCHES: dict[str, tuple[type[Row], Callable[[Row], str | None]]] = {
    "rounds": (Round, lambda row: row.name),  # type: ignore[attr-defined]
    "organisations": (Organisation, lambda row: row.name),  # type: ignore[attr-defined]
    "people": (Person, lambda row: row.printed),  # type: ignore[attr-defined]
    "sections": (Section, lambda row: row.number),  # type: ignore[attr-defined]
    "recommendations": (Recommendation, lambda row: row.number),  # type: ignore[attr-defined]
}


def in_order(session: Session, cls: type[Row]) -> list[Row]:
    """All rows of a class that stand in one list of the plan, in that list's order."""
    return list(session.scalars(select(cls).order_by(cls.sort_key, cls.id)))  # type: ignore[attr-defined]


def row_at(session: Session, address: str) -> Row:
    """The row that an address names. Raises UsageError where it names none, or more than one."""
    parts = [part.strip() for part in address.strip().strip("/").split("/")]
    if parts == ["plan"] or parts == [""]:
        return session.scalars(select(Plan)).one()
    if parts[0] in _BRANCHES:
        cls, label = _BRANCHES[parts[0]]
        return _pick(in_order(session, cls), "/".join(parts[1:]), label, address)
    row = _pick(in_order(session, Priority), parts[0], lambda r: r.code, address)  # type: ignore[attr-defined]
    for part in parts[1:]:
        row = _step_down(row, part, parts, address)
        if part in _LISTS and part != parts[-1]:
            break
    return row


def _step_down(row: Row, part: str, parts: Sequence[str], address: str) -> Row:
    if part in _LISTS:
        listed = _LISTS[part](row)
        return _pick(listed, parts[-1], lambda r: getattr(r, "number", None), address)
    if isinstance(row, Priority):
        return _pick(row.outcomes, part, lambda r: r.code, address)  # type: ignore[attr-defined]
    if isinstance(row, Outcome):
        return _pick(row.measures, part, lambda r: r.address_part, address)  # type: ignore[attr-defined]
    raise UsageError(f"There is nothing below {address.rpartition('/')[0]} that could be {part}.")


_LISTS: dict[str, Callable[[Row], Sequence[Row]]] = {
    "actions": lambda row: getattr(row, "actions", ()),
    "updates": lambda row: getattr(row, "updates", ()),
    "observations": lambda row: getattr(row, "observations", ()),
    "leads": lambda row: getattr(row, "leads", ()),
}


def _pick(rows: Iterable[Row], part: str, label: Callable[[Row], str | None], address: str) -> Row:
    listed = list(rows)
    if match := re.fullmatch(r"#(\d+)", part):
        at = int(match[1]) - 1
        if 0 <= at < len(listed):
            return listed[at]
    found = [row for row in listed if (label(row) or "").casefold() == part.casefold() and part]
    found = found or [row for row in listed if row.id == part]
    if len(found) > 1:
        places = ", ".join(f"#{listed.index(row) + 1}" for row in found)
        raise UsageError(f"{address} names more than one row. Use its position: {places}.")
    if not found:
        raise UsageError(f"The plan has no row {address}.")
    return found[0]


def address_of(row: Row) -> str:
    """The address of a row, by which :func:`row_at` finds it again."""
    session = row.__dict__["_sa_instance_state"].session
    if isinstance(row, Plan):
        return "plan"
    for name, (cls, label) in _BRANCHES.items():
        if isinstance(row, cls):
            return f"{name}/{_part(row, in_order(session, cls), label)}"
    if isinstance(row, Priority):
        return _part(row, in_order(session, Priority), lambda r: r.code)  # type: ignore[attr-defined]
    if isinstance(row, Outcome):
        return f"{address_of(row.priority)}/{_part(row, row.priority.outcomes, lambda r: r.code)}"  # type: ignore[attr-defined]
    if isinstance(row, Measure):
        return f"{address_of(row.outcome)}/{_part(row, row.outcome.measures, lambda r: r.address_part)}"  # type: ignore[attr-defined]
    for name, cls, owner in (
        ("actions", Action, "outcome"),
        ("updates", Update, "outcome"),
        ("observations", Observation, "measure"),
    ):
        if isinstance(row, cls):
            parent = getattr(row, owner)
            listed = getattr(parent, name)
            return f"{address_of(parent)}/{name}/{_part(row, listed, lambda r: getattr(r, 'number', None))}"
    if isinstance(row, Lead):
        lead_owner = row.priority or row.outcome or row.measure or row.action
        return f"{address_of(lead_owner)}/leads/#{lead_owner.leads.index(row) + 1}" if lead_owner else "leads"
    for link, owner in ((LeadPerson, "lead"), (UpdateMeasure, "update"), (ActionMeasure, "action")):
        if isinstance(row, link):
            return address_of(getattr(row, owner))
    return row.row_type


def _part(row: Row, listed: Sequence[Row], label: Callable[[Row], str | None]) -> str:
    said = label(row)
    same = [other for other in listed if (label(other) or "").casefold() == (said or "").casefold()]
    if said and len(same) == 1 and "/" not in said and not said.startswith("#"):
        return said
    return f"#{next(at for at, other in enumerate(listed) if other is row) + 1}"


def short_name(row: Row) -> str:
    """What a step or a message calls a row: "1a.i", "priority 2", "the plan"."""
    if isinstance(row, Plan):
        return "the plan"
    if isinstance(row, Measure):
        return f"{row.outcome.code or row.outcome.title[:30]}.{row.address_part or '?'}"
    for cls, word in (
        (Priority, "priority"),
        (Outcome, "outcome"),
        (Recommendation, "recommendation"),
        (Section, "section"),
        (Action, "action"),
    ):
        if isinstance(row, cls):
            said = getattr(row, "code", None) or getattr(row, "number", None)
            return f"{word} {said}" if said else word
    return {"progress": "update"}.get(row.row_type, row.row_type.replace("_", " "))
