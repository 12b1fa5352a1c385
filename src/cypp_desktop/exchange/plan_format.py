"""The plan JSON format as data: which keys an object may have, and what each may hold.

Used to refuse a wrong file with the place and the key it is wrong at, before anything is written.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from cypp_desktop.errors import ImportProblem
from cypp_desktop.plan.base import is_text
from cypp_desktop.plan.model import LEAD_ROLES, OBSERVATION_KINDS, POLARITIES, ROUND_STATES, UPDATE_STATES

Check = Callable[[Any, str], None]
Shape = Mapping[str, Check]


def _refuse(place: str, words: str) -> ImportProblem:
    return ImportProblem(f"The plan file is not as it should be at {place or 'its start'}: {words}.")


def _text(value: Any, place: str) -> None:
    if value is not None and not isinstance(value, str):
        raise _refuse(place, "words are expected here")
    if value and not is_text(value):
        raise _refuse(place, "this holds something that is no letter (a NUL, or half of a character)")


def _flag(value: Any, place: str) -> None:
    if value is not None and not isinstance(value, bool):
        raise _refuse(place, "true or false is expected here")


def _day(value: Any, place: str) -> None:
    _text(value, place)
    try:
        if value:
            date.fromisoformat(value)
    except ValueError:
        raise _refuse(place, "a date as YYYY-MM-DD is expected here") from None


def _id(value: Any, place: str) -> None:
    _text(value, place)
    try:
        if value is not None:
            uuid.UUID(value)
    except ValueError:
        raise _refuse(place, "a UUID is expected here") from None


def _value(value: Any, place: str) -> None:
    is_number = isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)
    if is_number and not Decimal(value).is_finite():
        raise _refuse(place, "a number that ends is expected here")
    if value is not None and not is_number and not isinstance(value, str):
        raise _refuse(place, "a number or words are expected here")


def _depth(value: Any, place: str) -> None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 6):
        raise _refuse(place, "a whole number from 1 to 6 is expected here")


def _one_of(*allowed: str) -> Check:
    def check(value: Any, place: str) -> None:
        if value is not None and value not in allowed:
            raise _refuse(place, f"one of {', '.join(allowed)} is expected here")

    return check


def _list(inner: Check) -> Check:
    def check(value: Any, place: str) -> None:
        if value is None:
            return
        if not isinstance(value, list):
            raise _refuse(place, "a list is expected here")
        for at, one in enumerate(value):
            if one is None:
                raise _refuse(f"{place}[{at}]", "something is missing here")
            inner(one, f"{place}[{at}]")

    return check


def _object(shape: Shape) -> Check:
    def check(value: Any, place: str) -> None:
        if value is None:
            return
        if not isinstance(value, Mapping):
            raise _refuse(place, "an object is expected here")
        for key, inner in value.items():
            if key not in shape:
                raise _refuse(place, f"the key {str(key)[:60]!r} is not known")
            shape[key](inner, f"{place}.{key}" if place else key)

    return check


_TEXTS = _list(_text)
_LEADS = _list(
    _object({"organisation": _text, "people": _TEXTS, "role": _one_of(*LEAD_ROLES), "note": _text})
)
_OBSERVATION = _object(
    {
        "id": _id,
        "area": _text,
        "series": _text,
        "period": _text,
        "value": _value,
        "unit": _text,
        "kind": _one_of(*OBSERVATION_KINDS),
        "note": _text,
    }
)
_MEASURE = _object(
    {
        "id": _id,
        "code": _text,
        "key": _text,
        "title": _text,
        "placeholder": _flag,
        "flags": _TEXTS,
        "leads": _LEADS,
        "definition": _text,
        "polarity": _one_of(*POLARITIES),
        "unit": _text,
        "source": _text,
        "observations": _list(_OBSERVATION),
    }
)
_ACTION = _object(
    {"id": _id, "number": _text, "text": _text, "due": _text, "status": _text, "measures": _TEXTS}
)
_UPDATE = _object(
    {
        "id": _id,
        "round": _text,
        "measures": _TEXTS,
        "source": _text,
        "text": _text,
        "state": _one_of(*UPDATE_STATES),
    }
)
_OUTCOME = _object(
    {
        "id": _id,
        "code": _text,
        "title": _text,
        "strategic_plans": _TEXTS,
        "governance_groups": _TEXTS,
        "leads": _LEADS,
        "measures": _list(_MEASURE),
        "actions": _list(_ACTION),
        "updates": _list(_UPDATE),
    }
)
_PRIORITY = _object(
    {
        "id": _id,
        "code": _text,
        "title": _text,
        "outcomes_sought": _TEXTS,
        "success_criteria": _TEXTS,
        "leads": _LEADS,
        "outcomes": _list(_OUTCOME),
    }
)

check_plan: Check = _object(
    {
        "format": _one_of("cypp-plan/1"),
        "title": _text,
        "document_label": _text,
        "status": _text,
        "partnership": _text,
        "period": _text,
        "introduction": _text,
        "level_names": _object({"priority": _text, "outcome": _text, "measure": _text}),
        "columns": _TEXTS,
        "rounds": _list(
            _object({"name": _text, "period": _text, "due": _day, "state": _one_of(*ROUND_STATES)})
        ),
        "organisations": _list(_object({"name": _text, "short_name": _text, "kind": _text, "email": _text})),
        "priorities": _list(_PRIORITY),
        "sections": _list(
            _object({"id": _id, "number": _text, "title": _text, "depth": _depth, "text": _text})
        ),
        "recommendations": _list(
            _object(
                {
                    "id": _id,
                    "number": _text,
                    "text": _text,
                    "section": _text,
                    "status": _text,
                    "owner": _text,
                    "due": _text,
                    "progress": _text,
                }
            )
        ),
        "notes": _TEXTS,
    }
)
