"""Plan JSON in and out: the open text format of a plan (``cypp-plan/1``).

Reading a file and writing it again gives the same content; the same plan always gives the same
bytes. Optional keys are written only where they say more than the rest of the file does.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from cypp_desktop.errors import ImportProblem
from cypp_desktop.exchange.plan_format import check_plan
from cypp_desktop.exchange.plan_loader import PlanLoader, default_state
from cypp_desktop.garbage import uncollected
from cypp_desktop.plan.codes import Addresses, in_order
from cypp_desktop.plan.model import (
    Action,
    Lead,
    Measure,
    Observation,
    Organisation,
    Outcome,
    Priority,
    Recommendation,
    Round,
    Section,
    Update,
)
from cypp_desktop.plan.queries import priorities, rounds, the_plan
from cypp_desktop.store.disk import reason
from cypp_desktop.store.editor import Editor

_LARGEST = 256 * 1024 * 1024


# ------------------------------------------------------------------ reading


def read_plan(path: Path) -> dict[str, Any]:
    """The checked content of a plan JSON file. Raises ImportProblem in plain words."""
    try:
        if path.stat().st_size > _LARGEST:
            raise ImportProblem(f"{path.name} is too large to be a plan (more than 256 MB).")
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ImportProblem(f"{path.name} is not a plan JSON file: its text is not UTF-8.") from None
    except OSError as problem:
        raise ImportProblem(f"{path.name} could not be read: {reason(problem)}.") from problem
    try:
        data = json.loads(text, parse_float=Decimal, parse_int=_whole, object_pairs_hook=_object)
    except (ValueError, ArithmeticError, RecursionError):
        raise ImportProblem(
            f"{path.name} is not a plan JSON file, or it is damaged. Ask for it to be sent again."
        ) from None
    checked(data)
    return dict(data)


def _whole(digits: str) -> int | Decimal:
    return Decimal(digits) if digits == "-0" else int(digits)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of the file; one of two equal keys would be lost without a word."""
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ImportProblem(f"The plan file is not as it should be: it has the key {twice[:60]!r} twice.")
    return found


def checked(data: Any) -> None:
    """Raise ImportProblem, naming place and key, unless ``data`` is a plan in this format."""
    if not isinstance(data, dict) or ("priorities" not in data and "sections" not in data):
        raise ImportProblem("This is not a plan JSON file: it has no priorities.")
    check_plan(data, "")


def load_plan(editor: Editor, data: Mapping[str, Any], *, name: str = "Import plan") -> None:
    """Put a plan in plan JSON into an empty file, as one step that starts its history.

    Raises ImportProblem, with nothing written, where ``data`` is not as the format says.
    """
    with uncollected():
        checked(data)
        with editor.step(name, kind="import") as session:
            PlanLoader(session).load(data)


# ------------------------------------------------------------------ writing


def dump_plan(session: Session) -> dict[str, Any]:
    """The whole plan in plan JSON, keys in the order of the format."""
    plan = the_plan(session)
    listed = priorities(session, whole=True)
    found: dict[str, Any] = {
        "format": "cypp-plan/1",
        "title": plan.title,
        "document_label": plan.document_label,
        "status": plan.status,
        "partnership": plan.partnership,
        "period": plan.period,
        "introduction": plan.introduction,
        "level_names": {
            "priority": plan.level_priority,
            "outcome": plan.level_outcome,
            "measure": plan.level_measure,
        },
        "columns": list(plan.columns),
    }
    body = [_priority(priority) for priority in listed]
    found |= _rounds(rounds(session), body)
    found |= _organisations(
        [row for row in in_order(session, Organisation) if isinstance(row, Organisation)], body
    )
    found["priorities"] = body
    found["sections"] = [
        {"id": row.id, "number": row.number, "title": row.title, "depth": row.depth, "text": row.text}
        for row in in_order(session, Section)
        if isinstance(row, Section)
    ]
    found["recommendations"] = [
        _recommendation(row) for row in in_order(session, Recommendation) if isinstance(row, Recommendation)
    ]
    found["notes"] = [*plan.notes, *_row_notes(session, listed)]
    return found


def write_plan(session: Session) -> str:
    """The whole plan as the text of a plan JSON file."""
    return to_text(dump_plan(session))


def to_text(data: Any) -> str:
    """Plan JSON as text: two-space indent, UTF-8 letters as they are, exact decimals, a last line end."""
    mark = f"exact number {uuid.uuid4()} "  # no text of the plan can hold this

    def exact(value: Any) -> str:
        if isinstance(value, Decimal):
            return f"{mark}{value}"
        raise TypeError(f"{type(value).__name__} has no place in plan JSON")

    marked = json.dumps(data, indent=2, ensure_ascii=False, default=exact)
    return re.sub(f'"{mark}([^"]+)"', r"\1", marked) + "\n"


def row_json(row: Any) -> dict[str, Any]:
    """One row of a plan as it stands in plan JSON."""
    writers: dict[type[Any], Any] = {
        Priority: _priority,
        Outcome: _outcome,
        Recommendation: _recommendation,
        Lead: _lead,
        Observation: _observation,
    }
    if type(row) in writers:
        return dict(writers[type(row)](row))
    if isinstance(row, (Measure, Action, Update)):
        keys = _measure_keys(row.outcome)
        one = {Measure: _measure, Action: _action, Update: _update}[type(row)]
        return dict(one(row, keys))  # type: ignore[operator]
    from cypp_desktop.plan.base import stored_values

    return {"id": row.id, **stored_values(row)}


def _priority(row: Priority) -> dict[str, Any]:
    return {
        "id": row.id,
        "code": row.code,
        "title": row.title,
        "outcomes_sought": list(row.outcomes_sought),
        "success_criteria": list(row.success_criteria),
        "leads": [_lead(lead) for lead in row.leads],
        "outcomes": [_outcome(outcome) for outcome in row.outcomes],
    }


def _outcome(row: Outcome) -> dict[str, Any]:
    keys = _measure_keys(row)
    return {
        "id": row.id,
        "code": row.code,
        "title": row.title,
        "strategic_plans": list(row.strategic_plans),
        "governance_groups": list(row.governance_groups),
        "leads": [_lead(lead) for lead in row.leads],
        "measures": [_measure(measure, keys) for measure in row.measures],
        "actions": [_action(action, keys) for action in row.actions],
        "updates": [_update(update, keys) for update in row.updates],
    }


def _measure_keys(outcome: Outcome) -> dict[str, str]:
    """What names each measure of an outcome in this file: its key, its code, or a number made up."""
    printed = {measure.address_part for measure in outcome.measures}
    found: dict[str, str] = {}
    used: set[str] = set()
    for measure in outcome.measures:
        name = measure.address_part
        if not name or name in used:
            numbered = (f"{name}-{at}" if name else str(at) for at in count(2 if name else 1))
            name = next(one for one in numbered if one not in used and one not in printed)
        used.add(name)
        found[measure.id] = name
    return found


def _measure(row: Measure, keys: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {"id": row.id, "code": row.code}
    if row.key or keys[row.id] != row.code:
        found["key"] = keys[row.id]
    found |= {
        "title": row.title,
        "placeholder": row.placeholder,
        "flags": list(row.flags),
        "leads": [_lead(lead) for lead in row.leads],
    }
    for name in ("definition", "polarity", "unit", "source"):
        if getattr(row, name) is not None:
            found[name] = getattr(row, name)
    found["observations"] = [_observation(observation) for observation in row.observations]
    return found


def _observation(row: Observation) -> dict[str, Any]:
    found: dict[str, Any] = {"area": row.area}
    if row.series is not None:
        found["series"] = row.series
    found |= {
        "period": row.period,
        "value": row.words if row.value is None else row.value,
        "unit": row.unit,
        "kind": row.kind,
    }
    if row.note is not None:
        found["note"] = row.note
    return found


def _action(row: Action, keys: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {"id": row.id, "number": row.number, "text": row.text, "due": row.due}
    if row.status is not None:
        found["status"] = row.status
    return {**found, "measures": [keys[measure.id] for measure in row.measures]}


def _update(row: Update, keys: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": row.id,
        "round": row.round.name if row.round else None,
        "measures": [keys[measure.id] for measure in row.measures],
        "source": row.source,
        "text": row.text,
    }
    return found if row.state == default_state(row.text) else {**found, "state": row.state}


def _lead(row: Lead) -> dict[str, Any]:
    found: dict[str, Any] = {
        "organisation": row.organisation.name if row.organisation else None,
        "people": [person.printed for person in row.people],
    }
    if row.role is not None:
        found["role"] = row.role
    return {**found, "note": row.note}


def _recommendation(row: Recommendation) -> dict[str, Any]:
    found = {"id": row.id, "number": row.number, "text": row.text, "section": row.section}
    for name in ("status", "owner", "due", "progress"):
        if getattr(row, name) is not None:
            found[name] = getattr(row, name)
    return found


def _rounds(rows: Sequence[Round], body: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The rounds, as far as the updates do not tell of them."""
    named = [u["round"] for _, outcome in _outcomes(body) for u in outcome["updates"] if u["round"]]
    listed = [{"name": r.name, "period": r.period, "due": r.due, "state": r.state} for r in rows]
    needed = _needed(listed, named, {"period": None, "due": None, "state": "open"})
    return {"rounds": needed} if needed else {}


def _organisations(rows: Sequence[Organisation], body: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The organisations, as far as the leads do not tell of them."""
    named = [lead["organisation"] for lead in _leads(body) if lead["organisation"]]
    listed = [{"name": r.name, "short_name": r.short_name, "kind": r.kind, "email": r.email} for r in rows]
    needed = _needed(listed, named, {"short_name": None, "kind": None, "email": None})
    return {"organisations": needed} if needed else {}


def _needed(
    listed: list[dict[str, Any]], named: Iterable[str], plain: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """The shortest beginning of a list from which reading makes all of it again.

    Reading puts first what is listed, then what is only named elsewhere, in that order and ``plain``.
    """
    derived = list(dict.fromkeys(named))
    kept = len(listed)
    while kept and listed[kept - 1].items() >= plain.items():
        head = {row["name"] for row in listed[: kept - 1]}
        rest = [row["name"] for row in listed[kept - 1 :]]
        if rest != [name for name in derived if name not in head]:
            break
        kept -= 1
    return listed[:kept]


def _outcomes(body: Sequence[Mapping[str, Any]]) -> Iterable[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    return ((priority, outcome) for priority in body for outcome in priority.get("outcomes") or ())


def _leads(body: Sequence[Mapping[str, Any]]) -> Iterable[Mapping[str, Any]]:
    for priority in body:
        yield from priority["leads"]
        for outcome in priority["outcomes"]:
            yield from outcome["leads"]
            for measure in outcome["measures"]:
                yield from measure["leads"]


def _row_notes(session: Session, listed: Sequence[Priority]) -> list[str]:
    """Working notes of single rows, each under the address of its row."""
    rows: list[Any] = []
    for priority in listed:
        rows.append(priority)
        for outcome in priority.outcomes:
            rows += [outcome, *outcome.measures, *outcome.actions, *outcome.updates]
    rows += [*in_order(session, Section), *in_order(session, Recommendation)]
    addresses = Addresses(session)
    return [f"On {addresses.of(row)}: {row.note}" for row in rows if row.note]
