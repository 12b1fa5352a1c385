"""The plan JSON format (``cypp-plan/1``) as data: which keys an object may have, and what each may hold.

Used to refuse a wrong file with the place and the key it is wrong at, before anything is written.

The format
----------
UTF-8, two-space indent, lines end in a line feed; the same plan always gives the same bytes. Long texts are
Markdown in the dialect of :mod:`cypp_desktop.plan.blocks`. The order of every list is the printed order. Any
key may be missing; an unknown key is an error that names it. The keys are those in the tables below: each is
the column of :mod:`cypp_desktop.plan.model` of that name. What differs from that, or needs saying:

- ``level_names`` holds ``level_priority``, ``level_outcome`` and ``level_measure``.
- ``value`` of an observation is a number to its last digit, or words.
- ``due`` and ``period`` are printed words. The days that they mean are worked out on reading. Only where
  somebody said other days do ``due_start``, ``due_end`` and ``due_precision``, or ``period_start`` and
  ``period_end``, stand beside them; then all of them count, and null is an open end.
- ``measures`` of an action or update are the measures of its outcome by ``key``, or by ``code`` where there
  is no key; none means the whole outcome.
- ``organisation`` of a lead or person, ``round`` of an update and ``people`` of a lead are names (of a person
  the name, or the post where there is no name). Where a name would mean several, ``key`` says by what name
  one of them goes in this file. The second "J. Smith" of one lead is the second person of that name.
- ``organisations`` and ``rounds`` are written as far as leads and updates do not tell of them, ``people``
  where more is known of them than the name or post that leads print. An organisation has its ``id`` where a
  layout names it by that.
- ``layouts`` and ``packs`` are those that officers made their own, as the reports read them.
- ``notes`` are working notes: of the plan, or of a row after its address ("On 1/1a/i: …"). A note of the plan
  that looks like one of a row has "On plan: " before it.

Not in the format, because it means nothing outside the one file: the keys that order lists (``sort_key``),
the ids of rows that nothing names, the log of changes, and what was sent out and came back
(``issued_return``, ``received_file``), which belongs to that file's own returns.

History
-------
- 0.1.0: ``cypp-plan/1``.
- After 0.1.0: the same, with more keys, each only where it says something: ``area``, ``protective_marking``,
  ``rag_rules``, ``people``, ``layouts`` and ``packs`` of the plan; ``lineage`` of priorities, outcomes and
  measures; ``value_format`` and ``frequency`` of measures; ``leads`` of actions; said days; ``key`` of
  organisations, rounds and people; ``id`` of organisations. A file of 0.1.0 reads and is written as before.
"""

from __future__ import annotations

import math
import uuid
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from cypp_desktop.errors import ImportProblem
from cypp_desktop.plan.base import Row, fields_of, is_text
from cypp_desktop.plan.dates import runs_backwards
from cypp_desktop.plan.model import Lead, Measure, Observation, Round, Update

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
        if value and date.fromisoformat(value).isoformat() != value:
            raise ValueError
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
    if is_number and abs(int(Decimal(value).as_tuple().exponent)) > _MOST_DIGITS:
        raise _refuse(place, f"a number of at most {_MOST_DIGITS:,} digits is expected here")
    if value is not None and not is_number and not isinstance(value, str):
        raise _refuse(place, "a number or words are expected here")


def _depth(value: Any, place: str) -> None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 6):
        raise _refuse(place, "a whole number from 1 to 6 is expected here")


def _settings(value: Any, place: str, depth: int = 0) -> None:
    """Anything that JSON can say, as deep as settings go."""
    if depth > _DEEPEST_SETTINGS:
        raise _refuse(place, "this is nested too deeply")
    if isinstance(value, Mapping):
        for key, inner in value.items():
            _text(key, place)
            _settings(inner, place, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            _settings(inner, place, depth + 1)
    elif isinstance(value, str):
        _text(value, place)
    elif isinstance(value, (float, Decimal)) and not math.isfinite(value):
        raise _refuse(place, "a number that ends is expected here")


def _settings_object(value: Any, place: str) -> None:
    if value is not None and not isinstance(value, Mapping):
        raise _refuse(place, "an object is expected here")
    _settings(value, place)


def _one_of(*allowed: str) -> Check:
    def check(value: Any, place: str) -> None:
        if value is not None and value not in allowed:
            raise _refuse(place, f"one of {', '.join(allowed)} is expected here")

    return check


def _choice_of(cls: type[Row], field: str) -> Check:
    """One of the choices of a field."""
    return _one_of(*(fields_of(cls)[field].choices or ()))


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


def _dated(field: str, shape: Shape) -> Check:
    """An object with a due date or period, whose days may be said."""
    days = {f"{field}_start": _day, f"{field}_end": _day}
    if field == "due":
        days["due_precision"] = _text
    inner = _object({**shape, field: _text, **days})

    def check(value: Any, place: str) -> None:
        inner(value, place)
        if value is not None and runs_backwards(value.get(f"{field}_start"), value.get(f"{field}_end")):
            raise _refuse(place, f"its {field} ends before it begins")

    return check


_DEEPEST_SETTINGS = 20
_MOST_DIGITS = 4_000  # of a value written out, as it is shown and printed: "1E+9" has ten
_TEXTS = _list(_text)
_LEADS = _list(
    _object({"organisation": _text, "people": _TEXTS, "role": _choice_of(Lead, "role"), "note": _text})
)
_OBSERVATION = _dated(
    "period",
    {
        "id": _id,
        "area": _text,
        "series": _text,
        "value": _value,
        "unit": _text,
        "kind": _choice_of(Observation, "kind"),
        "note": _text,
    },
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
        "polarity": _choice_of(Measure, "polarity"),
        "unit": _text,
        "value_format": _text,
        "frequency": _text,
        "source": _text,
        "lineage": _text,
        "observations": _list(_OBSERVATION),
    }
)
_ACTION = _dated(
    "due",
    {"id": _id, "number": _text, "text": _text, "status": _text, "leads": _LEADS, "measures": _TEXTS},
)
_UPDATE = _object(
    {
        "id": _id,
        "round": _text,
        "measures": _TEXTS,
        "source": _text,
        "text": _text,
        "state": _choice_of(Update, "state"),
    }
)
_OUTCOME = _object(
    {
        "id": _id,
        "code": _text,
        "title": _text,
        "strategic_plans": _TEXTS,
        "governance_groups": _TEXTS,
        "lineage": _text,
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
        "lineage": _text,
        "leads": _LEADS,
        "outcomes": _list(_OUTCOME),
    }
)
_ORGANISATION = _object(
    {"id": _id, "key": _text, "name": _text, "short_name": _text, "kind": _text, "email": _text}
)
_PERSON = _object({"key": _text, "name": _text, "post": _text, "email": _text, "organisation": _text})
_DEFINITIONS = _list(_object({"name": _text, "definition": _settings_object}))

check_plan: Check = _dated(
    "period",
    {
        "format": _one_of("cypp-plan/1"),
        "title": _text,
        "document_label": _text,
        "status": _text,
        "partnership": _text,
        "area": _text,
        "introduction": _text,
        "level_names": _object({"priority": _text, "outcome": _text, "measure": _text}),
        "columns": _TEXTS,
        "protective_marking": _text,
        "rag_rules": _settings_object,
        "rounds": _list(
            _dated("period", {"key": _text, "name": _text, "due": _day, "state": _choice_of(Round, "state")})
        ),
        "organisations": _list(_ORGANISATION),
        "people": _list(_PERSON),
        "priorities": _list(_PRIORITY),
        "sections": _list(
            _object({"id": _id, "number": _text, "title": _text, "depth": _depth, "text": _text})
        ),
        "recommendations": _list(
            _dated(
                "due",
                {
                    "id": _id,
                    "number": _text,
                    "text": _text,
                    "section": _text,
                    "status": _text,
                    "owner": _text,
                    "progress": _text,
                },
            )
        ),
        "layouts": _DEFINITIONS,
        "packs": _DEFINITIONS,
        "notes": _TEXTS,
    },
)
