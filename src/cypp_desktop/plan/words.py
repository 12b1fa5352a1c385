"""What a plan's rows and fields are called in plain words, for lists of changes and of what was found.

Panels label their own inputs; this is for places that speak of any field. Knows no Qt and no database.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

#: The fields whose names do not read well as they are, by row type and field or by field alone.
_FIELDS: Final = {
    "update.text": "Update",
    "action.text": "Key action",
    "recommendation.text": "Recommendation",
    "recommendation.section": "Where it was made",
    "section.text": "Text",
    "section.depth": "Level of heading",
    "plan.level_priority": "Name of the first level",
    "plan.level_outcome": "Name of the second level",
    "plan.level_measure": "Name of the third level",
    "plan.columns": "Printed columns",
    "plan.notes": "Notes on this file",
    "plan.rag_rules": "Rules for red, amber and green",
    "measure.source": "Source of the data",
    "measure.frequency": "How often",
    "measure.unit": "Unit",
    "round.due": "Updates due by",
    "lead.organisation_id": "Lead organisation",
    "issued_return.scope": "What was asked for",
    "issued_return.status": "Whether it is still asked for",
    "note": "Working note",
    "lead.note": "Note",
    "lineage": "Where it comes from",
    "place": "Place",
    "round_id": "Reporting round",
    "email": "E-mail",
}
#: The rows whose types do not read well as they are.
_ROWS: Final = {
    "round": "reporting round",
    "observation": "value",
    "action_measure": "measure served",
    "update_measure": "measure covered",
    "lead_person": "person named as lead",
    "issued_return": "return sent out",
}


@cache
def field_words(row_type: str, field: str) -> str:
    """The label of a field: "Outcomes sought", "Update", "Lead organisation"."""
    known = _FIELDS.get(f"{row_type}.{field}") or _FIELDS.get(field)
    return known or field.removesuffix("_id").replace("_", " ").capitalize()


def row_words(row_type: str) -> str:
    """What a kind of row is called inside a sentence: "measure", "reporting round"."""
    return _ROWS.get(row_type) or row_type.replace("_", " ")


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
