"""The layouts that come with the program, each a declaration: columns, widths, and what has a row.

An officer's own layouts begin as one of these (:mod:`cypp_desktop.report.layouts.saved`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from cypp_desktop.plan.model import Measure, Outcome, Update
from cypp_desktop.report.layouts.changes import changes, conflicts
from cypp_desktop.report.layouts.columns import COLUMNS, says
from cypp_desktop.report.layouts.drawings import rag_bar
from cypp_desktop.report.layouts.model import Layout, LayoutColumn, PrintFilter, PrintScope, Records
from cypp_desktop.report.layouts.records import (
    RECORD_COLUMNS,
    overdue,
    owed,
    placeholders,
    rag_summary,
    recommendations,
)


def each_measure(outcome: Outcome, scope: PrintScope) -> Sequence[Measure]:
    return scope.measures(outcome)


def each_update(outcome: Outcome, scope: PrintScope) -> Sequence[Update]:
    return scope.updates(outcome)


def one_row(outcome: Outcome, scope: PrintScope) -> Sequence[Measure]:
    return ()


def _columns(**shares: float) -> tuple[LayoutColumn, ...]:
    """Columns by their keys (with _ for -), and their shares of the width."""
    return tuple(replace(COLUMNS[key.replace("_", "-")], share=float(share)) for key, share in shares.items())


def _headed(columns: tuple[LayoutColumn, ...], **words: str) -> tuple[LayoutColumn, ...]:
    """The columns, some with a usual heading of this layout's."""
    return tuple(
        replace(column, heading=says(words[column.key])) if column.key in words else column
        for column in columns
    )


def _records(name: str, title: str, records: Records, nothing: str) -> Layout:
    columns = RECORD_COLUMNS[name]
    return Layout(name, title, columns, one_row, parts=("table",), records=records, nothing=nothing)


LAYOUTS: Final[dict[str, Layout]] = {
    layout.name: layout
    for layout in (
        Layout(
            "update", "Update", _columns(outcome=13, measure=23, update=47, leads=17), each_measure,
        ),
        Layout(
            "action-plan", "Action plan", _columns(outcome=14, measure=25, actions=44, leads=17),
            each_measure,
        ),
        Layout(
            "delivery",
            "Delivery plan",
            _headed(
                _columns(
                    outcome=16,
                    strategic_plans=12,
                    governance_groups=13,
                    leads=13,
                    actions=21,
                    dates=10,
                    measure=17,
                ),
                leads="Lead organisation and other partners",
                actions="Key Actions",
            ),
            one_row,
            size=8.5,
            above=(
                ("What are our outcomes?", "outcomes_sought"),
                ("What will success look like?", "success_criteria"),
            ),
        ),
        Layout(
            "evidence",
            "Evidence",
            _columns(outcome_number=5, outcome_title=25, evidence_source=27, evidence=43),
            each_update,
        ),
        Layout(
            "progress",
            "Progress report",
            _columns(measure=36, latest=20, comparators=26, trend=18),
            each_measure,
            size=10.5,
            parts=("introduction", "narrative", "summary", "table"),
            filter=PrintFilter(with_values=True),
            landscape=False,
            priority_leads=False,
        ),
        Layout(
            "scorecard",
            "Scorecard",
            _columns(outcome=15, measure=26, latest=12, target=11, rag=8, direction=9, comparators=14,
                     trend=12),
            each_measure,
            size=9,
            parts=("table",),
        ),
        Layout(
            "exceptions",
            "Exceptions",
            _columns(measure=22, latest=11, target=10, rag=7, direction=9, update=29, answerable=12),
            each_measure,
            size=9,
            parts=("table",),
            filter=PrintFilter(rag=frozenset(("red", "amber"))),
            nothing="No measure is red or amber.",
            priority_leads=False,
        ),
        _records("overdue", "Overdue", overdue, "Nothing is overdue."),
        _records("placeholders", "Placeholders", placeholders, "Nothing holds the place of something."),
        _records("who-owes-what", "Who owes what", owed, "Nobody owes anything."),
        _records("changes", "Changes", changes, "Nothing has changed."),
        Layout(
            "return-form",
            "Return form",
            _columns(measure=24, latest=13, target=11, new_value=14, new_update=38),
            each_measure,
            size=10,
            parts=("form", "table"),
            priority_leads=False,
        ),
        _records("recommendations", "Recommendations", recommendations, "There are no recommendations."),
        replace(
            _records("rag-summary", "Red, amber and green", rag_summary, "There are no measures."),
            drawing=rag_bar,
        ),
        _records("conflicts", "Open conflicts", conflicts, "Nothing waits to be decided."),
    )
}  # fmt: skip

#: The layouts in which whole plans are published; the others are parts of packs, or for work.
SHAPES: Final = ("update", "action-plan", "delivery", "evidence", "progress")
