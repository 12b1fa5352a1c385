"""What an import of a Word document finds: the plan, the tables with their columns, the report.

Plain data for the preview window and the command line. Nothing here reads or writes a file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from cypp_desktop.errors import ImportProblem


class ColumnMeaning(StrEnum):
    """What a column of a plan's table holds."""

    PRIORITY = "priority"
    NUMBER = "number"
    OUTCOME = "outcome"
    MEASURE = "measure"
    FIGURES = "figures"
    ACTIONS = "actions"
    DUE = "due"
    STATUS = "status"
    UPDATE = "update"
    EVIDENCE_SOURCE = "evidence_source"
    EVIDENCE = "evidence"
    LEAD = "lead"
    PARTNERS = "partners"
    STRATEGIC_PLAN = "strategic_plan"
    GOVERNANCE_GROUP = "governance_group"
    NOTES = "notes"
    IGNORE = "ignore"

    @property
    def label(self) -> str:
        """The meaning in words for a person who chooses among them."""
        return _LABELS[self]


_LABELS = {
    ColumnMeaning.PRIORITY: "Priority",
    ColumnMeaning.NUMBER: "Number or code of the row",
    ColumnMeaning.OUTCOME: "Outcome (or key activity, objective)",
    ColumnMeaning.MEASURE: "Performance measures",
    ColumnMeaning.FIGURES: "Figures (baseline, target, quarter or year)",
    ColumnMeaning.ACTIONS: "Key actions",
    ColumnMeaning.DUE: "Date for the actions",
    ColumnMeaning.STATUS: "Status of the actions",
    ColumnMeaning.UPDATE: "Update for a reporting round",
    ColumnMeaning.EVIDENCE_SOURCE: "Source of the evidence",
    ColumnMeaning.EVIDENCE: "Evidence of achievement",
    ColumnMeaning.LEAD: "Lead organisation or person",
    ColumnMeaning.PARTNERS: "Other partners",
    ColumnMeaning.STRATEGIC_PLAN: "Strategic plan",
    ColumnMeaning.GOVERNANCE_GROUP: "Governance group",
    ColumnMeaning.NOTES: "Anything else: keep as notes",
    ColumnMeaning.IGNORE: "Leave out",
}

Meanings = Mapping[tuple[int, int], ColumnMeaning]


@dataclass(slots=True)
class FoundColumn:
    """One column: its place in the table, its printed heading and what it was taken for.

    ``certain`` is False where the heading did not say it and the content or the place decided.
    ``sample`` is the beginning of the first words in the column.
    """

    index: int
    heading: str
    meaning: ColumnMeaning
    certain: bool
    sample: str = ""


@dataclass(slots=True)
class FoundTable:
    """One table of the document (a part of one where its column headings change half-way).

    ``heading`` is what stands above it: usually the priority. ``rows`` counts rows with words,
    without headings.
    """

    index: int
    heading: str
    rows: int
    columns: list[FoundColumn]


@dataclass(slots=True)
class Unplaced:
    """Words without a place of their own: where they stood, what they say and where they were put."""

    where: str
    words: str
    put: str


@dataclass(slots=True)
class ImportReport:
    """What an import found, in numbers and in words for a person.

    ``questions`` are those of the remarks without whose answer the import is not done.
    """

    counts: dict[str, int] = field(default_factory=dict)
    unplaced: list[Unplaced] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)

    @property
    def to_check(self) -> list[str]:
        """What a person should look at, the questions first."""
        return [*self.questions, *self.remarks]

    def as_text(self) -> str:
        """The report as plain text, some lines long."""
        lines = ["Found: " + ", ".join(f"{number} {name}" for name, number in self.counts.items()) + "."]
        if self.to_check:
            lines += ["", "Please check:", *(f"- {remark}" for remark in self.to_check)]
        if self.unplaced:
            lines += ["", "Kept as notes, because they had no place of their own:"]
            lines += [f"- {u.where}: {' '.join(u.words.split())} ({u.put})" for u in self.unplaced]
        return "\n".join(lines) + "\n"


@dataclass(slots=True)
class WordImport:
    """A plan read from a Word document: ``plan`` is in the plan JSON format."""

    plan: dict[str, Any]
    tables: list[FoundTable]
    report: ImportReport


class NoPlanTable(ImportProblem):
    """A document in which no table reads like a plan's; ``tables`` are those that it has, as found.

    A person who says what their columns mean makes them a plan's.
    """

    def __init__(self, words: str, tables: list[FoundTable]) -> None:
        super().__init__(words)
        self.tables = tables
