"""What several lists made from the whole plan say in the same words: where something stands, and actions."""

from __future__ import annotations

from cypp_desktop.plan.blocks import parse
from cypp_desktop.plan.model import Action, Measure, Outcome, Priority
from cypp_desktop.report.cells import Blocks
from cypp_desktop.report.layouts.model import RecordCell
from cypp_desktop.report.layouts.words import literal, prefixed, with_code
from cypp_desktop.report.printed_fields import Sources, source


def where_cell(priority: Priority, outcome: Outcome, measure: Measure | None = None) -> RecordCell:
    """Where something stands: codes, or titles where there are none, from as high up as need be."""
    words, sources = [outcome.code or outcome.title], _name_sources(outcome)
    if measure is not None:
        words.append(measure.code or measure.title)
        sources += _name_sources(measure)
    if priority.code and not _says_priority(outcome.code or "", priority.code):
        words.insert(0, priority.code)
        sources += source(priority, "code")
    shown = " › ".join(" ".join(part.split()) for part in words if part)
    return RecordCell(literal(shown), sources)


def _name_sources(row: Outcome | Measure) -> Sources:
    """Whose words a code is, or the title where there is none."""
    return source(row, "code" if row.code else "title")


def _says_priority(code: str, priority: str) -> bool:
    """Whether the code of an outcome says in which priority it is: "1a" is in "1"."""
    return code.startswith(priority) and code != priority


def action_cell(action: Action) -> RecordCell:
    """An action with its number."""
    return RecordCell(lambda: _numbered(action), source(action, "number", "text"))


def measure_cell(measure: Measure) -> RecordCell:
    """A measure with its code."""
    return RecordCell(with_code(measure.code, measure.title), source(measure, "code", "title"))


def _numbered(action: Action) -> Blocks:
    blocks = parse(action.text)
    return prefixed(f"{action.number}.", blocks) if action.number else blocks
