"""What a plan's rows and fields are called in plain words, for lists of changes and of what was found.

Panels label their own inputs; this is for places that speak of any field. The words themselves stand where
the model declares the field; its classes are loaded when first asked for. Knows no Qt.
"""

from __future__ import annotations

import re
from functools import cache


@cache
def field_words(row_type: str, field: str) -> str:
    """The label of a field: "Outcomes sought", "Update", "Lead organisation"."""
    from cypp_desktop.plan.base import default_label, field_of

    known = field_of(row_type, field)
    return known.label if known is not None else default_label(field)


@cache
def row_words(row_type: str) -> str:
    """What a kind of row is called inside a sentence: "measure", "reporting round"."""
    from cypp_desktop.plan.base import row_classes

    known = row_classes().get(row_type)
    return (known.called if known is not None else None) or row_type.replace("_", " ")


def in_a_sentence(words: str) -> str:
    """A level's name as it stands inside a sentence: "Key Activity" as "key activity", "KPI" as it is."""
    each = words.split(" ")
    small = 1 if any(word[:1].islower() for word in each) else len(each)  # of a heading all words are capital
    return " ".join([*map(_uncapitalised, each[:small]), *each[small:]])


def _uncapitalised(word: str) -> str:
    return word[:1].lower() + word[1:] if word[1:2].islower() else word


def plural(name: str) -> str:
    """ "Outcome" to "Outcomes", "Key activity" to "Key activities"."""
    if re.search(r"[^aeiou]y$", name):
        return name[:-1] + "ies"
    return name if name.endswith("s") else f"{name}s"


def counted(number: int, name: str) -> str:
    """ "1 priority", "4 priorities": a number with the name of what is counted."""
    return f"{number:,} {name if number == 1 else plural(name)}"


def cut(words: str | None, length: int = 60) -> str:
    """The first words of a text on one line, with an ellipsis where something is left out."""
    line = " ".join((words or "").split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"
