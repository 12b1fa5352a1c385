"""The last look at a Word document: every word is counted, and what is nowhere is said with its place."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import docx
import pytest

from cypp_desktop.exchange.last_look import LostWords, PieceKind, SourcePiece, TextCounter, look
from cypp_desktop.exchange.word import read_word
from tests.exchange.word_raw import plan_document


def piece(place: str, words: str) -> SourcePiece:
    return SourcePiece(PieceKind.TEXT, place, words)


def lost(pieces: list[SourcePiece], kept: str) -> list[tuple[str, str]]:
    found: list[LostWords] = look(lambda _: iter(pieces), Counter(kept.split()), lambda _: Counter()).lost
    return [(str(each.piece.place), each.words) for each in found]


def test_a_word_that_stands_twice_must_be_kept_twice() -> None:
    assert lost([piece("here", "School nurse"), piece("there", "Nurse")], "school nurse nurse") == []
    assert lost([piece("here", "School nurse"), piece("there", "Nurse")], "school nurse") == [
        ("there", "Nurse")
    ]


def test_what_is_missing_is_said_with_the_place_that_lost_most() -> None:
    pieces = [
        piece("one", "Check the plan again"),
        piece("two", "Check the plan"),
        piece("three", "The plan"),
    ]
    assert lost(pieces, "check the plan again the plan") == [("two", "Check the plan")]


def test_only_the_missing_words_of_a_long_piece_are_said() -> None:
    kept = "train all of the staff in the seven schools that asked for it by"
    text = "Train 200 of the staff in the seven schools that asked for it by zqmay"
    assert lost([piece("here", text)], kept) == [("here", "200 … zqmay")]


def test_a_text_that_a_merged_cell_gives_to_two_rows_counts_once() -> None:
    shared = "Oak Council"
    counter = TextCounter(frozenset({"key"}), frozenset({"measures"}))
    counter.add([{"lead": shared}, {"lead": shared, "key": "oak"}, {"measures": ["council"]}])
    assert counter.found == Counter(["oak", "council"])


def test_headings_of_a_later_table_are_kept(tmp_path: Path) -> None:
    def before(document: Any) -> None:
        made = document.add_table(2, 3)
        words = [
            "Outcomes",
            "Actions for the spring term",
            "Lead",
            "1b: Warm homes",
            "Insulate",
            "Oak Council",
        ]
        for cell, text in zip([*made.rows[0].cells, *made.rows[1].cells], words, strict=True):
            cell.text = text

    headings = ["Outcomes", "Key actions", "Lead"]
    path = plan_document(tmp_path / "a.docx", [["1a: Safe", "Visit", "Police"]], headings, before)
    said = json.dumps(read_word(path).plan) + read_word(path).report.as_text()
    assert "spring term" in said and "Key actions" in said


@pytest.mark.parametrize("again", ["merged", "typed"])
def test_what_is_typed_again_is_not_missing(tmp_path: Path, again: str) -> None:
    document = docx.Document()
    document.add_heading("Priority 1. Health", 1)
    table = document.add_table(0, 3)
    rows = [
        ["Outcomes", "Performance measures", "Lead organisation"],
        ["1a: Safe", "i) Visits", "Oak Council"],
    ]
    rows += [
        ["1a: Safe", "ii) Calls", "Oak Council"],
        rows[0],
        ["1a: Safe (continued)", "iii) Letters", "Police"],
    ]
    for row in rows:
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words
    if again == "merged":
        table.cell(2, 0).text = ""
        table.cell(1, 0).merge(table.cell(2, 0))
    document.save(str(tmp_path / "a.docx"))
    assert read_word(tmp_path / "a.docx").report.unplaced == []
