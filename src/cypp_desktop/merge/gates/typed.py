"""Whether what a change or a row says can be in a plan at all: its type, its size, its form.

Nothing here knows a database. A fault is said in a few words that hold none of the value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache, partial
from typing import Any, Final

from sqlalchemy import Boolean, Integer
from sqlalchemy.sql.elements import KeyedColumnElement

from cypp_desktop.plan.base import ExactDecimal, JsonObject, TextList, field_of, fields_of, row_classes
from cypp_desktop.plan.figures import is_bounded
from cypp_desktop.plan.shape import owners_of
from cypp_desktop.store.changes import CREATED, DELETED, Change, reopened_heads
from cypp_desktop.store.claims import is_claim, moment

#: The longest value of one field, in bytes of its JSON: a thousand printed pages.
LONGEST_VALUE = 2_000_000
_LONGEST_WORD = 500  # of an author, an id of a file
_LONGEST_CLAIM = 8 * _LONGEST_WORD
_LONGEST_KEY = 2_000  # of a place in a list

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_ONE_ID = re.compile(_UUID)
_ID_LENGTH, _DASHES = 36, (8, 13, 18, 23)
_SORT_KEY = re.compile(r"[0-9A-Za-z]*[1-9A-Za-z]")
_DECIMAL = re.compile(r"[+-]?\d{1,60}(?:\.\d{0,60})?(?:[eE][+-]?\d{1,3})?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


#: What is wrong with a change that says it was made when no calendar has a day for it.
NO_MOMENT: Final = "dated on a day or at an hour that no calendar has"

Check = Callable[[Any], str | None]


def first_fault(changes: Sequence[Change]) -> str | None:
    """What is wrong with the first of these changes that has something wrong in itself; None where none has.

    A file's changes are looked at together, since most files have nothing wrong.
    """
    are_ids = _are_ids([id_ for change in changes for id_ in _ids_in(change)])
    for change in changes:
        if not are_ids and not _are_ids(_ids_in(change)):
            return "with an id that is none"
        if fault := _fault_beside_ids(change):
            return fault
    return None


def _ids_in(change: Change) -> tuple[str, ...]:
    return (change.id, change.row_id, change.step, *change.parents)


def _fault_beside_ids(change: Change) -> str | None:
    if change.row_type not in row_classes():
        return "of a kind of row that no plan has"
    named = change.parents[:-1] if reopened_heads(change) else change.parents
    if len(set(named)) < len(named) or change.id in named:
        return "that names its predecessors twice, or itself"
    if change.field == CREATED and change.parents:
        return "that makes a row out of an earlier one"
    said = (change.author, change.file, change.at)
    if max(map(len, said)) > _LONGEST_WORD:
        return "whose author, file or moment cannot be read"
    if fault := _origin_fault(*said):
        return fault
    if change.claim is not None and (len(change.claim) > _LONGEST_CLAIM or not is_claim(change.claim)):
        return "whose author, file or moment cannot be read"
    if change.before is not None and (fault := plain_fault(change.before)):
        return fault
    return value_fault(change.row_type, change.field, change.value)


def value_fault(row_type: str, field: str, value: Any) -> str | None:
    """What is wrong with the value of a field; ``*`` is a whole row, ``*deleted`` whether it is deleted."""
    cls = row_classes()[row_type]
    if field == DELETED:
        return None if isinstance(value, bool) else "of the wrong type"
    if field == CREATED:
        return row_fault(row_type, value)
    known = fields_of(cls).get(field)
    if known is None:
        return "of a field that no plan has"
    if len(known.columns) == 1:
        return _column_fault(row_type, known.columns[0], value)
    if not isinstance(value, dict):
        return "of the wrong type"
    return _columns_fault(row_type, known.columns, value)


def row_fault(row_type: str, values: Any) -> str | None:
    """What is wrong with the values of a whole row, its id aside."""
    if not isinstance(values, dict):
        return "of the wrong type"
    return _columns_fault(row_type, tuple(_checks(row_type)), values)


def is_id(value: Any) -> bool:
    """Whether this is the id of a row, a change or a step, as the application writes it."""
    return isinstance(value, str) and _ONE_ID.fullmatch(value) is not None


def _are_ids(values: Sequence[Any]) -> bool:
    """The same of several at once."""
    if not set(map(type, values)) <= {str} or not set(map(len, values)) <= {_ID_LENGTH}:
        return False
    text, dashes = "".join(values), "-" * len(values)
    if any(text[at::_ID_LENGTH] != dashes for at in _DASHES) or not text.isascii():
        return False
    return len(text.encode().translate(None, b"0123456789abcdef")) == len(_DASHES) * len(values)


@lru_cache(maxsize=1000)
def _origin_fault(author: str, file: str, at: str) -> str | None:
    """What is wrong with what many changes say alike of where they are from: short, since it is kept."""
    if any(map(text_fault, (author, file, at))):
        return "whose author, file or moment cannot be read"
    return NO_MOMENT if moment(at) is None else None


def text_fault(text: str) -> str | None:
    """What is wrong with a text; None where nothing is."""
    if "\x00" in text:
        return "with a character that no text has"
    try:
        size = len(text) if text.isascii() else len(text.encode("utf-8"))
    except UnicodeEncodeError:
        return "with half a character"
    return "far too long" if size > LONGEST_VALUE else None


def plain_fault(value: Any) -> str | None:
    """What is wrong with any value that JSON can say, whatever it is a value of."""
    if isinstance(value, str):
        return text_fault(value)
    if isinstance(value, Mapping):
        return next((f for pair in value.items() for one in pair if (f := plain_fault(one))), None)
    if isinstance(value, list):
        return next((f for one in value if (f := plain_fault(one))), None)
    return None


# ------------------------------------------------------------------ columns


def _columns_fault(row_type: str, names: tuple[str, ...], values: Mapping[str, Any]) -> str | None:
    if not values.keys() <= set(names):
        return "with a part that no plan has"
    for name in names:
        # what an earlier version did not know yet has its default
        fault = _column_fault(row_type, name, values[name]) if name in values else _missing(row_type, name)
        if fault:
            return fault
    return _owner_fault(row_type, values) or _observed_fault(row_type, values)


def _owner_fault(row_type: str, values: Mapping[str, Any]) -> str | None:
    owning = {column for column, _ in owners_of(row_type)}
    if len(owning) < 2 or not values.keys() >= owning:
        return None
    owners = sum(values[name] is not None for name in owning)
    return None if owners == 1 else "of a lead that leads nothing, or several things"


def _observed_fault(row_type: str, values: Mapping[str, Any]) -> str | None:
    both = values.get("value") is not None and values.get("words") is not None
    return "that is both a number and words" if both and row_type == "observation" else None


def _missing(row_type: str, name: str) -> str | None:
    column = row_classes()[row_type].__table__.columns[name]
    return None if column.nullable or "default" in column.info else "with a part missing"


def _column_fault(row_type: str, name: str, value: Any) -> str | None:
    column, check = _checks(row_type)[name]
    if value is None:
        return None if column.nullable else "of the wrong type"
    return check(value)


@cache
def _checks(row_type: str) -> dict[str, tuple[KeyedColumnElement[Any], Check]]:
    columns = row_classes()[row_type].__table__.columns
    return {column.key: (column, _check_of(row_type, column)) for column in columns if not column.primary_key}


def _check_of(row_type: str, column: KeyedColumnElement[Any]) -> Check:
    """What looks at the values of a column."""
    field = field_of(row_type, column.info.get("field", column.key))
    if field is not None and field.choices is not None:
        return partial(_choice_fault, field.choices)
    if column.foreign_keys:
        return _id_fault
    if isinstance(column.type, Integer):
        return partial(_number_fault, *column.info["between"])
    for kind, check in _CHECKS_OF_TYPES:
        if isinstance(column.type, kind):
            return check
    return _CHECKS_OF_KINDS.get(column.info.get("kind"), _words_fault)


def _choice_fault(choices: Collection[Any], value: Any) -> str | None:
    return None if value in choices else "that is none of the choices"


def _id_fault(value: Any) -> str | None:
    return None if is_id(value) else "of the wrong type"


def _object_fault(value: Any) -> str | None:
    return plain_fault(value) if isinstance(value, dict) else "of the wrong type"


def _flag_fault(value: Any) -> str | None:
    return None if isinstance(value, bool) else "of the wrong type"


def _words_fault(value: Any) -> str | None:
    return text_fault(value) if isinstance(value, str) else "of the wrong type"


def _list_fault(value: Any) -> str | None:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        return "of the wrong type"
    return plain_fault(value)


def _decimal_fault(value: Any) -> str | None:
    if not isinstance(value, str) or not _DECIMAL.fullmatch(value):
        return "that is no number"
    try:
        return None if is_bounded(Decimal(value)) else "that is no number"
    except InvalidOperation:
        return "that is no number"


def _number_fault(least: int, most: int, value: Any) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
        return None
    return "that is none of the levels of headings"


def _key_fault(value: Any) -> str | None:
    if isinstance(value, str) and len(value) <= _LONGEST_KEY and _SORT_KEY.fullmatch(value):
        return None
    return "that is no place in a list"


def _day_fault(value: Any) -> str | None:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return "that is no day"
    try:
        date.fromisoformat(value)
    except ValueError:
        return "that is no day"
    return None


_CHECKS_OF_TYPES: tuple[tuple[type, Check], ...] = (
    (TextList, _list_fault),
    (JsonObject, _object_fault),
    (Boolean, _flag_fault),
    (ExactDecimal, _decimal_fault),
)
_CHECKS_OF_KINDS: dict[str | None, Check] = {"place": _key_fault, "date": _day_fault}
