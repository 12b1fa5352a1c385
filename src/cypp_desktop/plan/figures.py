"""What a person types or pastes for a value: an exact number, or words.

A number keeps its digits ("90.0" stays 90.0); anything that is not wholly a number ("136th of 137",
"good", "c", "2016/17") is words.
"""

from __future__ import annotations

import re
from decimal import Decimal

_NUMBER = re.compile(r"[-−–]?\s*(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?")


def parsed_value(text: str, unit: str | None) -> dict[str, Decimal | str | None]:
    """The value, words and unit that a typed text stands for; "17.2 %" brings its unit along."""
    words = " ".join(text.split())
    number, unit_said = (words[:-1].strip(), "%") if words.endswith("%") else (words, None)
    if any(map(str.isdecimal, number)) and _NUMBER.fullmatch(number):
        digits = number.replace(",", "").replace(" ", "").replace("−", "-").replace("–", "-")
        return {"value": Decimal(digits), "words": None, "unit": unit_said or unit}
    return {"value": None, "words": words or None, "unit": unit}
