"""Layouts: what is printed in which columns. Declared, so that an officer can make their own.

``model`` (what a layout is), ``words`` and ``figures`` (how titles, codes and values stand in print),
``columns`` and ``rows`` (tables of outcomes, in which cells span rows); lists made from the whole plan:
``outstanding``, ``placeholders``, ``recommendations``, ``rag_counts`` and ``changes``; ``filters``,
``standard`` (the layouts that come with the program) and ``saved`` (those of the plan). Reads the plan; knows
nothing of pages or files.
"""

from __future__ import annotations

from cypp_desktop.report.layouts.model import ColumnEntry, LayoutColumn, PaperLayout, PrintFilter, PrintScope
from cypp_desktop.report.layouts.rows import headings, outcome_rows
from cypp_desktop.report.layouts.saved import definition_of, find_layout, read_layout, saved_layouts
from cypp_desktop.report.layouts.standard import LAYOUTS
from cypp_desktop.report.layouts.words import code_mark, lead_blocks, listed, literal, with_code

__all__ = [
    "LAYOUTS",
    "ColumnEntry",
    "LayoutColumn",
    "PaperLayout",
    "PrintFilter",
    "PrintScope",
    "code_mark",
    "definition_of",
    "find_layout",
    "headings",
    "lead_blocks",
    "listed",
    "literal",
    "outcome_rows",
    "read_layout",
    "saved_layouts",
    "with_code",
]
