"""Places in a list as text keys that always leave room between two neighbours.

A ``sort_key`` is a fraction between 0 and 1 written in base 62 without trailing zeros; keys
compare as text (SQLite's BINARY collation). Rows with the same key stand in the order of their ids.
"""

from __future__ import annotations

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_VALUE = {digit: value for value, digit in enumerate(_DIGITS)}
_BASE = len(_DIGITS)


def key_between(before: str | None, after: str | None) -> str:
    """A key that sorts after ``before`` and before ``after``; None is the end of the list.

    Where both are equal (two people added at one place) no key fits between: the key just after
    both is given.
    """
    low = before or ""
    high = after if after is not None and low < after else None
    key = ""
    while True:
        at = len(key)
        floor = _VALUE[low[at]] if at < len(low) else 0
        ceiling = _VALUE[high[at]] if high is not None else _BASE
        if ceiling - floor > 1:
            return key + _DIGITS[_between(floor, ceiling, before is None, after is None)]
        key += _DIGITS[floor]
        if ceiling > floor:
            high = None  # with this digit anything is smaller than ``after``


def _between(floor: int, ceiling: int, at_start: bool, at_end: bool) -> int:
    """A digit between two: small steps at the ends of a list, so that adding there keeps keys short."""
    if at_start == at_end:
        return (floor + ceiling) // 2
    return floor + 1 if at_end else ceiling - 1


def spread_keys(count: int) -> list[str]:
    """``count`` keys of one length in rising order, evenly spread, with room before and after."""
    width = 1
    while _BASE**width < (count + 1) * 8:
        width += 1
    space = _BASE**width
    return [_digits((index + 1) * space // (count + 1), width) for index in range(count)]


def _digits(number: int, width: int) -> str:
    out = ""
    for _ in range(width):
        number, digit = divmod(number, _BASE)
        out = _DIGITS[digit] + out
    return out.rstrip("0")
