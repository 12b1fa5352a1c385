"""Whether data is a plan in plan JSON, by the keys of :mod:`cypp_desktop.exchange.plan_format`.

A wrong file is refused with the place and the key it is wrong at, before anything is written.
"""

from __future__ import annotations

import math
import uuid
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy.sql.elements import KeyedColumnElement

from cypp_desktop.errors import ImportProblem
from cypp_desktop.exchange.plan_format import Key, KeyKind, keys_of
from cypp_desktop.plan.base import About, FieldKind, is_text, row_classes
from cypp_desktop.plan.dates import runs_backwards
from cypp_desktop.plan.figures import MOST_DIGITS, is_bounded

Check = Callable[[Any, str], None]
_DEEPEST_SETTINGS = 20


def check_plan(data: Any) -> None:
    """Raise ImportProblem, naming place and key, where ``data`` is not as the format says."""
    _check_of("plan")(data, "")


# ------------------------------------------------------------------ rows


@cache
def _check_of(row_type: str) -> Check:
    """The check of an object that stands for a row of this type."""
    keys = keys_of(row_type)
    checks: dict[str, Check] = {}
    inner_objects: dict[str, dict[str, Check]] = {}
    for key in keys:
        if key.within is None:
            checks[key.name] = _check_of_key(row_type, key)
        else:
            inner_objects.setdefault(key.within, {})[key.name] = _check_of_key(row_type, key)
    for name, inner in inner_objects.items():
        checks[name] = _object(inner)
    if row_type == "plan":
        checks |= {"format": _one_of("cypp-plan/1"), "notes": _list(_text)}
    check_object = _object(checks)
    dated = [key.field for key in keys if key.kind is KeyKind.DATED_WORDS]

    def check(value: Any, place: str) -> None:
        check_object(value, place)
        for field in dated:
            if value is not None and runs_backwards(value.get(f"{field}_start"), value.get(f"{field}_end")):
                raise _refuse(place, f"its {field} ends before it begins")

    return check


def _check_of_key(row_type: str, key: Key) -> Check:
    """The check of what stands under a key."""
    if key.kind is KeyKind.ROWS:
        return _list(_check_of(key.row_type))
    if key.kind is KeyKind.ROWS_NAMED:
        return _list(_text)
    if key.kind is KeyKind.ID:
        return _id
    if key.kind is KeyKind.NUMBER_OR_WORDS:
        return _value
    if key.kind in (KeyKind.NAME_IN_FILE, KeyKind.ROW_NAMED):
        return _text
    return _check_of_column(row_classes()[row_type].__table__.columns[key.column])


def _check_of_column(column: KeyedColumnElement[Any]) -> Check:
    """The check of a column that is told as it is, by the kind that it declares."""
    about: About = column.info["about"]
    if about.choices is not None:
        return _one_of(*(choice.value for choice in about.choices))
    if "between" in column.info:
        return _whole_number(*column.info["between"])
    return _CHECKS.get(column.info["kind"], _text)


# ------------------------------------------------------------------ values


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
    if is_number and not is_bounded(Decimal(value)):
        raise _refuse(place, f"a number of at most {MOST_DIGITS} digits is expected here")
    if value is not None and not is_number and not isinstance(value, str):
        raise _refuse(place, "a number or words are expected here")


def _whole_number(least: int, most: int) -> Check:
    def check(value: Any, place: str) -> None:
        if value is None:
            return
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise _refuse(place, f"a whole number from {least} to {most} is expected here")

    return check


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


def _object(shape: Mapping[str, Check]) -> Check:
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


#: The checks of columns by their kinds; all others hold words.
_CHECKS: Mapping[FieldKind, Check] = {
    FieldKind.FLAG: _flag,
    FieldKind.DATE: _day,
    FieldKind.LIST: _list(_text),
    FieldKind.OBJECT: _settings_object,
}
