"""What a person types or pastes for a value: an exact number, or words.

A number keeps its digits ("90.0" stays 90.0). It is one only where it can mean nothing else; the rest is
words, to the letter ("136th of 137", "good", "c", "2016/17"). A number may have

- a minus before it: "-3", "−0.4"; not a plus or brackets, which would be lost;
- digits in groups: the first of one to three and not beginning with 0, each after it of exactly three, all
  parted by the same sign: a comma, an apostrophe, or a blank that does not break. "1,234" and "12,345,678"
  are numbers. "0,500", "1,5", "01,234", "1,2345" and "1.234,5" are words: in one country they mean this, in
  another that. Nor does a number begin with a 0 that would be lost ("007");
- a decimal point, and digits after it;
- "%" after it or, where the value has no other unit, "£", "€" or "$" before it: its unit.
"""

from __future__ import annotations

import re
from decimal import Decimal

#: The most digits that a number may have before its point, and after it, written out as it is shown.
MOST_DIGITS = 60


def is_bounded(number: Decimal) -> bool:
    """Whether a number can be written out: "1E+999999999" is short as it stands, and fills a gigabyte."""
    if not number.is_finite():
        return False
    after_point = -int(number.as_tuple().exponent)
    return after_point <= MOST_DIGITS and number.adjusted() < MOST_DIGITS


_GROUPS = r"[1-9][0-9]{0,2}(?P<sign>[,'’\u00a0\u2007\u2009\u202f])[0-9]{3}(?:(?P=sign)[0-9]{3})*"
_NUMBER = re.compile(
    r"(?:(?P<minus>[-−–]\s*)|(?P<money>[£€$])\s*)?"
    rf"(?P<whole>{_GROUPS}|0|[1-9][0-9]*)?(?P<rest>\.[0-9]+)?(?P<percent>\s*%)?"
)


def parsed_value(text: str, unit: str | None) -> dict[str, Decimal | str | None]:
    """The value, words and unit that a typed text stands for; "17.2 %" brings its unit along."""
    words = " ".join(line.strip() for line in text.splitlines()).strip()
    found = _number_in(words, unit)
    if found is None:
        return {"value": None, "words": words or None, "unit": unit}
    minus = "-" if found["minus"] else ""
    whole = (found["whole"] or "").replace(found["sign"] or ",", "")
    number = Decimal(f"{minus}{whole}{found['rest'] or ''}")
    if not is_bounded(number):
        return {"value": None, "words": words, "unit": unit}
    return {"value": number, "words": None, "unit": "%" if found["percent"] else found["money"] or unit}


def _number_in(words: str, unit: str | None) -> re.Match[str] | None:
    """The parts of the number that words are; None where they are none, or could mean another one."""
    found = _NUMBER.fullmatch(words)
    if found is None or not (found["whole"] or found["rest"]):
        return None
    if found["money"] and (found["percent"] or (unit and unit != found["money"])):
        return None  # money with another unit: "£1,200" where values are in "£000"
    return found


def with_unit(number: str, unit: str) -> str:
    """A number as it is printed with its unit: "17.2%", "£1200.50", "5.9 per 1000 live births"."""
    if unit in ("£", "€", "$"):
        return f"-{unit}{number[1:]}" if number.startswith("-") else unit + number
    return number + unit if unit.startswith("%") else f"{number} {unit}".strip()
