"""The layouts that come with the program, each a declaration: columns, widths, and what has a row.

An officer's own layouts begin as one of these (:mod:`cypp_desktop.report.layouts.saved`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from cypp_desktop.plan.dates import day_in_words
from cypp_desktop.plan.model import Measure, Outcome, Update
from cypp_desktop.report.layouts.changes import CHANGE_COLUMNS, CONFLICT_COLUMNS, changes, conflicts, legend
from cypp_desktop.report.layouts.columns import COLUMNS, says
from cypp_desktop.report.layouts.model import LayoutColumn, LayoutPart, PaperLayout, PrintFilter, PrintScope
from cypp_desktop.report.layouts.outstanding import OVERDUE_COLUMNS, OWED_COLUMNS, overdue, owed
from cypp_desktop.report.layouts.placeholders import PLACEHOLDER_COLUMNS, placeholders
from cypp_desktop.report.layouts.rag_counts import RAG_COLUMNS, rag_bar, rag_summary
from cypp_desktop.report.layouts.recommendations import RECOMMENDATION_COLUMNS, recommendations
from cypp_desktop.report.palette import Rag

_ONLY_TABLE: Final = (LayoutPart.TABLE,)


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
    found: list[LayoutColumn] = []
    for column in columns:
        if column.key in words:
            column = replace(column, heading=says(words[column.key]))
        found.append(column)
    return tuple(found)


def _day_of_print(scope: PrintScope) -> str:
    return f"On {day_in_words(scope.day.isoformat())}."


_ALL: Final = (
    PaperLayout(
        name="update",
        title="Update",
        columns=_columns(outcome=13, measure=23, update=47, leads=17),
        rows=each_measure,
        prints_whole_plan=True,
    ),
    PaperLayout(
        name="action-plan",
        title="Action plan",
        columns=_columns(outcome=14, measure=25, actions=44, leads=17),
        rows=each_measure,
        prints_whole_plan=True,
    ),
    PaperLayout(
        name="delivery",
        title="Delivery plan",
        columns=_headed(
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
        rows=one_row,
        prints_whole_plan=True,
        size=8.5,
        above=(
            ("What are our outcomes?", "outcomes_sought"),
            ("What will success look like?", "success_criteria"),
        ),
    ),
    PaperLayout(
        name="evidence",
        title="Evidence",
        columns=_columns(outcome_number=5, outcome_title=25, evidence_source=27, evidence=43),
        rows=each_update,
        prints_whole_plan=True,
    ),
    PaperLayout(
        name="progress",
        title="Progress report",
        columns=_columns(measure=36, latest=20, comparators=26, trend=18),
        rows=each_measure,
        prints_whole_plan=True,
        size=10.5,
        landscape=False,
        parts=(LayoutPart.INTRODUCTION, LayoutPart.NARRATIVE, LayoutPart.SUMMARY, LayoutPart.TABLE),
        filter=PrintFilter(with_values=True),
        shows_priority_leads=False,
    ),
    PaperLayout(
        name="scorecard",
        title="Scorecard",
        columns=_columns(
            outcome=15, measure=26, latest=12, target=11, rag=8, direction=9, comparators=14, trend=12
        ),
        rows=each_measure,
        size=9,
        parts=_ONLY_TABLE,
    ),
    PaperLayout(
        name="exceptions",
        title="Exceptions",
        columns=_columns(measure=22, latest=11, target=10, rag=7, direction=9, update=29, answerable=12),
        rows=each_measure,
        size=9,
        parts=_ONLY_TABLE,
        filter=PrintFilter(rag=frozenset({Rag.RED, Rag.AMBER})),
        when_empty="No measure is red or amber.",
        shows_priority_leads=False,
    ),
    PaperLayout(
        name="overdue",
        title="Overdue",
        columns=OVERDUE_COLUMNS,
        rows=one_row,
        parts=_ONLY_TABLE,
        records=overdue,
        note=_day_of_print,
        when_empty="Nothing is overdue.",
    ),
    PaperLayout(
        name="placeholders",
        title="Placeholders",
        columns=PLACEHOLDER_COLUMNS,
        rows=one_row,
        parts=_ONLY_TABLE,
        records=placeholders,
        when_empty="Nothing holds the place of something.",
        optional_in_pack=True,
    ),
    PaperLayout(
        name="who-owes-what",
        title="Who owes what",
        columns=OWED_COLUMNS,
        rows=one_row,
        parts=_ONLY_TABLE,
        records=owed,
        when_empty="Nobody owes anything.",
    ),
    PaperLayout(
        name="changes",
        title="Changes",
        columns=CHANGE_COLUMNS,
        rows=one_row,
        parts=_ONLY_TABLE,
        records=changes,
        note=legend,
        names_organisation=False,
        when_empty="Nothing has changed.",
    ),
    PaperLayout(
        name="return-form",
        title="Return form",
        columns=_columns(measure=24, latest=13, target=11, new_value=14, new_update=38),
        rows=each_measure,
        size=10,
        parts=(LayoutPart.FORM, LayoutPart.TABLE),
        names_organisation=False,
        shows_priority_leads=False,
    ),
    PaperLayout(
        name="recommendations",
        title="Recommendations",
        columns=RECOMMENDATION_COLUMNS,
        rows=one_row,
        parts=_ONLY_TABLE,
        records=recommendations,
        has_all_colours=True,
        when_empty="There are no recommendations.",
        optional_in_pack=True,
    ),
    PaperLayout(
        name="rag-summary",
        title="Red, amber and green",
        columns=RAG_COLUMNS,
        rows=one_row,
        parts=_ONLY_TABLE,
        records=rag_summary,
        drawing=rag_bar,
        has_all_colours=True,
        when_empty="There are no measures.",
    ),
    PaperLayout(
        name="conflicts",
        title="Open conflicts",
        columns=CONFLICT_COLUMNS,
        rows=one_row,
        parts=_ONLY_TABLE,
        records=conflicts,
        names_organisation=False,
        when_empty="Nothing waits to be decided.",
        optional_in_pack=True,
    ),
)
LAYOUTS: Final = {layout.name: layout for layout in _ALL}
#: The layouts in which whole plans are published.
WHOLE_PLAN: Final = tuple(layout.name for layout in _ALL if layout.prints_whole_plan)
