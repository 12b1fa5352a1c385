"""What an unseen document says, as plan JSON: short words for long dictionaries.

Measures without a printed code get the keys 1, 2, ...; a code printed twice gets "iv" and "iv-2", as in
the transcriptions. Where two readings are as good as each other the truth is :class:`OneOf` them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

Row = dict[str, Any]


class OneOf:
    """Equal to each of the readings it was made of."""

    def __init__(self, *readings: object) -> None:
        self.readings = readings

    def __eq__(self, other: object) -> bool:
        return any(reading == other for reading in self.readings)

    def __hash__(self) -> int:
        return hash(self.readings)

    def __repr__(self) -> str:
        return " or ".join(repr(reading) for reading in self.readings)


def lead(organisation: object, *people: str, note: object = None) -> Row:
    return {"organisation": organisation, "people": list(people), "note": note}


def leads(*organisations: str) -> list[Row]:
    return [lead(name) for name in organisations]


def measure(title: str, code: str | None = None, by: Sequence[Row] = (), **more: Any) -> Row:
    row = {"code": code, "title": title, "placeholder": False, "flags": [], "leads": list(by)}
    return {**row, **more}


def action(text: str, due: object = None, number: object = None, on: Sequence[str] = (), **more: Any) -> Row:
    return {"number": number, "text": text, "due": due, "measures": list(on), **more}


def update(text: str, on: Sequence[str] = (), said: object = None, source: str | None = None) -> Row:
    return {"round": said, "measures": list(on), "source": source, "text": text}


def outcome(code: object, title: str, measures: Sequence[Row] = (), **more: Any) -> Row:
    seen: Counter[str] = Counter()
    often = Counter(m["code"] for m in measures if m["code"])
    keyed = []
    for at, row in enumerate(measures, 1):
        if row["code"] is None:
            keyed.append({**row, "key": str(at)})
        elif often[row["code"]] > 1:
            seen[row["code"]] += 1
            n = seen[row["code"]]
            keyed.append({**row, "key": row["code"] if n == 1 else f"{row['code']}-{n}"})
        else:
            keyed.append(row)
    empty: Row = {"strategic_plans": [], "governance_groups": [], "leads": [], "actions": [], "updates": []}
    return {"code": code, "title": title, "measures": keyed, **empty, **more}


def priority(code: object, title: object, *outcomes: Row, **more: Any) -> Row:
    empty: Row = {"outcomes_sought": [], "success_criteria": [], "leads": []}
    return {"code": code, "title": title, **empty, **more, "outcomes": list(outcomes)}


def plan(
    title: object, *priorities: Row, columns: Sequence[str] | None = None, names: str = "", **more: Any
) -> Row:
    """``names`` are the level names parted by ``/``; what is not given is not compared."""
    top: Row = {"title": title, "document_label": None, "status": None, "introduction": None, **more}
    if columns is not None:
        top["columns"] = list(columns)
    if names:
        levels = ("priority", "outcome", "measure")
        top["level_names"] = dict(zip(levels, names.split("/"), strict=False))
    return {**top, "priorities": list(priorities)}
