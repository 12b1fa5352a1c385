"""Word documents in: a council's action plan, in any of its usual shapes, read as a plan.

``package`` opens the file safely, ``styles``, ``wrappings``, ``line`` and ``content`` take Word's
wrappings off, ``texts`` makes Markdown, ``grid`` and ``columns`` understand tables, ``codes``, ``leads``
and ``front`` understand words (``lead_lines`` those of one line about leads, ``name_kinds`` those of one
name), ``layout``, ``stitch``, ``rows`` and ``build`` put it all together. At the end ``ledger`` counts:
``source_words`` says what stands in the file, whoever reads it and how, ``told`` what was left out on
purpose, and what is nowhere in the plan is noted or named in the report. Nothing is written anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from cypp_desktop.exchange.word.model import (
    ColumnMeaning,
    FoundColumn,
    FoundTable,
    ImportReport,
    NoPlanTable,
    Unplaced,
    WordImport,
)

__all__ = [
    "ColumnMeaning",
    "FoundColumn",
    "FoundTable",
    "ImportReport",
    "NoPlanTable",
    "Unplaced",
    "WordImport",
    "read_word",
]


def read_word(path: Path, meanings: Mapping[tuple[int, int], ColumnMeaning] | None = None) -> WordImport:
    """Read the Word document (``.docx``) at ``path`` as a plan.

    ``meanings`` says what columns mean where the person knows better, by table and column index as
    in the ``tables`` of an earlier reading; it holds for all tables with the same headings, unless
    one has its own. Raises :class:`cypp_desktop.errors.ImportProblem` with words that say what to do.
    """
    from cypp_desktop.exchange.word.build import import_word

    return import_word(Path(path), meanings)
