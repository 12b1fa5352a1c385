"""How well the import of a Word document agrees with a transcription of it, cell by cell.

``python -m tests.exchange.word_score DOC.docx PLAN.json`` prints the share of cells that agree and
every one that does not. A cell is one field at one place: a code, a title, a text, a lead, a date, or
what an update or action spans. The score counts against missing and against surplus cells alike.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cypp_desktop.exchange.word import read_word
from cypp_desktop.plan.blocks import parse, render

Cells = dict[str, Any]


def cells(plan: dict[str, Any]) -> Cells:
    """Every filled field of a plan by its place, with Markdown in one spelling."""
    return {place: value for place, value in _plan_cells(plan) if value not in (None, "", [], False)}


def _plan_cells(plan: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for field in ("title", "document_label", "status"):
        yield field, plan.get(field)
    yield "introduction", _text(plan.get("introduction"))
    for at, heading in enumerate(plan.get("columns", [])):
        yield f"columns {at}", heading
    for level, name in plan.get("level_names", {}).items():
        yield f"level {level}", name
    for at, priority in enumerate(plan["priorities"]):
        place = f"priority {at}"
        yield f"{place} code", priority["code"]
        yield f"{place} title", priority["title"]
        for field in ("outcomes_sought", "success_criteria"):
            for n, words in enumerate(priority.get(field, [])):
                yield f"{place} {field} {n}", _text(words)
        yield from _lead_cells(place, priority)
        for n, outcome in enumerate(priority["outcomes"]):
            yield from _outcome_cells(f"{place}, outcome {n}", outcome)


def _outcome_cells(place: str, outcome: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    yield f"{place} code", outcome["code"]
    yield f"{place} title", _words(outcome["title"])
    for field in ("strategic_plans", "governance_groups"):
        for n, name in enumerate(outcome.get(field, [])):
            yield f"{place} {field} {n}", _words(name)
    yield from _lead_cells(place, outcome)
    for n, measure in enumerate(outcome["measures"]):
        own = f"{place}, measure {n}"
        yield f"{own} code", measure["code"]
        yield f"{own} key", measure.get("key")
        yield f"{own} title", _words(measure["title"])
        yield f"{own} placeholder", measure.get("placeholder")
        yield f"{own} flags", measure.get("flags")
        yield from _lead_cells(own, measure)
    for kind in ("actions", "updates"):
        for n, row in enumerate(outcome.get(kind, [])):
            own = f"{place}, {kind} {n}"
            for field in ("number", "due", "round"):
                yield f"{own} {field}", row.get(field)
            yield f"{own} text", _text(row["text"])
            yield f"{own} source", _text(row.get("source"))
            yield f"{own} spans", row["measures"]


def _lead_cells(place: str, row: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for n, lead in enumerate(row.get("leads", [])):
        yield f"{place} lead {n}", (lead["organisation"], tuple(lead.get("people", [])), lead.get("note"))


def _text(markdown: str | None) -> str:
    return render(parse(markdown))


def _words(text: str | None) -> str:
    return " ".join((text or "").split())


@dataclass
class Score:
    """``agreed`` of ``total`` cells; ``differences`` names the others with what was expected and found."""

    agreed: int
    total: int
    differences: list[tuple[str, Any, Any]]

    @property
    def share(self) -> float:
        return self.agreed / self.total if self.total else 1.0


def score(found: dict[str, Any], expected: dict[str, Any]) -> Score:
    """How far the plan ``found`` agrees with the plan ``expected``."""
    ours, theirs = cells(found), cells(expected)
    places = [*theirs, *(place for place in ours if place not in theirs)]
    differences = [
        (place, theirs.get(place), ours.get(place))
        for place in places
        if theirs.get(place) != ours.get(place)
    ]
    return Score(len(places) - len(differences), len(places), differences)


def main() -> int:
    """The command of this module's first lines."""
    if len(sys.argv) != 3:
        print("usage: python -m tests.exchange.word_score DOC.docx PLAN.json", file=sys.stderr)
        return 2
    found = read_word(Path(sys.argv[1]))
    expected = json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
    result = score(found.plan, expected)
    for place, wanted, got in result.differences:
        print(f"{place}\n  expected: {wanted!r}\n  found:    {got!r}")
    print(found.report.as_text(), end="")
    print(f"{result.agreed} of {result.total} cells agree: {result.share:.4f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
