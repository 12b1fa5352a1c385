"""Laws of the import: no word is lost, whatever the table; and the published documents come through."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import re
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.document import Document
from docx.exceptions import InvalidSpanError
from docx.text.paragraph import Paragraph
from hypothesis import given
from hypothesis import strategies as st

from cypp_desktop.errors import ImportProblem
from cypp_desktop.exchange.plan_json import checked
from cypp_desktop.exchange.word import read_word
from tests.exchange.word_score import score

SHARED = Path(os.environ.get("CYPP_DOCUMENTS", Path(__file__).resolve().parents[3] / "shared"))
DOCUMENTS = ["nottingham-city-2015-2016", "nottingham-city-2016-2020", "nottinghamshire-2016-2017-delivery"]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the published documents are not on this machine")
@pytest.mark.parametrize("name", DOCUMENTS)
def test_published_documents_agree_with_their_transcriptions(name: str) -> None:
    found = read_word(SHARED / "documents" / f"{name}.docx")
    expected = json.loads((SHARED / "plans" / f"{name}.json").read_text(encoding="utf-8"))
    result = score(found.plan, expected)
    assert result.share >= 0.99, result.differences
    assert found.report.unplaced == []


HEADINGS = st.sampled_from(
    [
        "Outcomes",
        "Performance measures",
        "Key actions",
        "By when",
        "Lead organisation",
        "Update",
        "Strategic plan",
        "Governance group",
        "Evidence source",
        "Evidence of achievement",
        "No.",
        "Status",
        "Partners",
        "Risks",
        "Zeta",
        "Priority",
        "",
    ]
)
STARTS = st.sampled_from(
    [
        "",
        "1a: ",
        "i) ",
        "iv) ",
        "1. ",
        "2. ",
        "• ",
        "o ",
        "- ",
        "TBC ",
        "(",
        "Priority 3: ",
        "March 2020 ",
        "Council ",
        "*",
    ]
)
CELL = st.lists(
    st.tuples(STARTS, st.integers(0, 3), st.sampled_from(["", ".", ":", ", ", " (continued)"])), max_size=3
)
TABLE = st.tuples(
    st.lists(HEADINGS, min_size=2, max_size=6),
    st.lists(st.lists(CELL, min_size=6, max_size=6), min_size=1, max_size=5),
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 5), st.booleans()), max_size=3),
    st.booleans(),
)
LINES = st.lists(
    st.sampled_from(
        ["", "Priority 1. ", "Priority 2: ", "What are our outcomes? ", "Outcomes sought: ", "Lead: ", "1a "]
    ),
    max_size=3,
)


def _write(tables: list[Any], lines: list[list[str]]) -> tuple[Document, set[str]]:
    """A document of these tables and lines; the words in it that must not be lost."""
    words: set[str] = set()
    counter = itertools.count(1)

    def word() -> str:
        made = f"w{next(counter)}x"
        words.add(made)
        return made

    document = docx.Document()
    for table, before in itertools.zip_longest(tables, lines):
        for line in before or []:
            document.add_paragraph(line + word(), style="Heading 1" if line.startswith("Priority") else None)
        if table is None:
            continue
        headings, rows, merges, typed_again = table
        grid = document.add_table(0, len(headings))
        for at, row in enumerate([None, *rows]):
            cells = grid.add_row().cells
            for column, cell in enumerate(cells):
                if row is None:
                    cell.paragraphs[0].add_run(headings[column]).bold = True
                    continue
                for start, count, end in row[column]:
                    paragraph: Paragraph = cell.add_paragraph(
                        start + " ".join(word() for _ in range(count + 1)) + end
                    )
                    if count == 3:
                        paragraph.style = "List Bullet"
            if row is not None and typed_again and at == 2:
                for cell, heading in zip(grid.add_row().cells, headings, strict=True):
                    cell.text = heading
        for row_at, column, down in merges:
            if 1 <= row_at < len(grid.rows) - 1 and column < len(headings) - 1:
                other = grid.cell(row_at + 1, column) if down else grid.cell(row_at, column + 1)
                with contextlib.suppress(InvalidSpanError):
                    grid.cell(row_at, column).merge(other)
    return document, words


@given(st.lists(TABLE, min_size=1, max_size=2), st.lists(LINES, max_size=3))
def test_no_word_is_ever_lost(
    tmp_path_factory: pytest.TempPathFactory, tables: list[Any], lines: list[list[str]]
) -> None:
    document, words = _write(tables, lines)
    path = tmp_path_factory.getbasetemp() / "any.docx"
    document.save(str(path))
    try:
        found = read_word(path)
    except ImportProblem:
        return  # no table that reads like a plan: nothing was imported
    kept = set(re.findall(r"w\d+x", json.dumps(found.plan, ensure_ascii=False)))
    assert words - kept == set()
    checked(found.plan)


@given(st.lists(TABLE, min_size=1, max_size=2), st.lists(LINES, max_size=3))
def test_every_note_names_a_row_that_is_there(
    tmp_path_factory: pytest.TempPathFactory, tables: list[Any], lines: list[list[str]]
) -> None:
    document, _ = _write(tables, lines)
    path = tmp_path_factory.getbasetemp() / "any.docx"
    document.save(str(path))
    try:
        plan = read_word(path).plan
    except ImportProblem:
        return
    addresses = set()
    for at, priority in enumerate(plan["priorities"], 1):
        above = {priority["code"], f"#{at}"}
        addresses |= above
        for place, outcome in enumerate(priority["outcomes"], 1):
            own = {f"{first}/{part}" for first in above for part in (outcome["code"], f"#{place}")}
            addresses |= own
            keys = [measure.get("key") or measure["code"] for measure in outcome["measures"]]
            assert len(set(keys)) == len(keys)
            positions = [f"#{number}" for number in range(1, len(keys) + 1)]
            addresses |= {f"{first}/{part}" for first in own for part in (*keys, *positions)}
            for row in (*outcome["actions"], *outcome["updates"]):
                assert set(row["measures"]) <= set(keys)
    for note in plan["notes"]:
        named = re.match(r"On (\S+): ", note)
        assert named is None or named.group(1) in addresses
