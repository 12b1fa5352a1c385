"""The last look at a Word document: every word is counted, and what is nowhere is said with its place."""

from __future__ import annotations

import itertools
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


# ---------------------------------------------------------------------------------- rows and headings


def grid(path: Path, rows: list[list[str]], headings: list[str], merged: list[tuple[int, int]] = []) -> Path:  # noqa: B006
    """A document with a table in which some cells are merged with the ones above; headings are bold."""
    document = docx.Document()
    table = document.add_table(0, len(headings))
    for at, row in enumerate([headings, *rows]):
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.paragraphs[0].add_run(words).bold = at == 0
    for row_at, column in merged:
        properties = table._tbl.tr_lst[row_at].tc_lst[column].get_or_add_tcPr()
        merge = properties._add_vMerge()
        merge.val = "restart" if row_at == 0 else None
    document.save(str(path))
    return path


def outcomes(path: Path) -> list[tuple[str | None, str, int, int]]:
    plan = read_word(path).plan
    rows = itertools.chain.from_iterable(priority["outcomes"] for priority in plan["priorities"])
    return [(row["code"], row["title"], len(row["measures"]), len(row["actions"])) for row in rows]


HEADINGS = ["Priority", "Outcome", "Performance measure", "Key actions"]


def test_rows_merged_with_a_heading_are_rows(tmp_path: Path) -> None:
    rows = [["", f"1{code} Safe {code}", f"Rate {code}", f"Visit {code}"] for code in "abc"]
    path = grid(tmp_path / "a.docx", rows, HEADINGS, [(0, 0), (1, 0), (2, 0), (3, 0)])
    assert outcomes(path) == [("1a", "Safe a", 1, 1), ("1b", "Safe b", 1, 1), ("1c", "Safe c", 1, 1)]


def test_rows_that_a_writer_begins_with_small_letters_stay_apart(tmp_path: Path) -> None:
    rows = [
        ["", "1a Safe", "rate of offending", "reduce waits"],
        ["", "", "number of entrants", "train all staff"],
    ]
    rows.append(["", "", "number of exclusions", "hold a summit"])
    assert outcomes(grid(tmp_path / "a.docx", rows, HEADINGS)) == [("1a", "Safe", 3, 3)]


def test_a_row_that_ends_the_sentence_above_is_still_joined(tmp_path: Path) -> None:
    rows = [["", "1a Safe", "Rate of", "Visit the"], ["", "", "offending", "schools"]]
    rows += [["", "1b Well", "Rate of care", "Visit all"], ["", "1c Heard", "Rate of talk", "Call"]]
    assert outcomes(grid(tmp_path / "a.docx", rows, HEADINGS))[0] == ("1a", "Safe", 1, 1)


def test_words_below_a_merged_blank_are_kept(tmp_path: Path) -> None:
    headings = ["Outcome", "Performance measure", "Risks"]
    rows = [
        ["1a Safe", "Rate of", ""],
        ["1b Well", "Rate of the", ""],
        ["", "number of visits,", "check the budget"],
    ]
    said = json.dumps(read_word(grid(tmp_path / "a.docx", rows, headings, [(3, 2)])).plan)
    assert "check the budget" in said


def test_an_empty_bracket_after_a_lead_is_no_crash(tmp_path: Path) -> None:
    path = plan_document(tmp_path / "a.docx", [["1a: Safe", "i) Visits", "Done", "Oak Council ( )"]])
    assert "Oak Council" in json.dumps(read_word(path).plan)


def test_a_form_is_not_made_of_a_table_of_two_columns(tmp_path: Path) -> None:
    rows = [["1a Safe", "Visit"], ["1b: Lead the way", "Call"], ["1c: Action on waits", "Train"]]
    path = grid(tmp_path / "a.docx", rows, ["Outcome", "Key actions"])
    assert [code for code, *_ in outcomes(path)] == ["1a", "1b", "1c"]


def test_a_plan_table_that_gives_no_outcome_is_a_question(tmp_path: Path) -> None:
    found = read_word(grid(tmp_path / "a.docx", [], HEADINGS))
    assert found.report.questions and found.report.questions[0] in found.report.as_text()


def test_two_tables_side_by_side_are_two_tables(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("Priority 1. Health", 1)
    frame = document.add_table(1, 2).rows[0].cells
    for cell, rows in zip(
        frame,
        (
            [["Outcome", "Performance measure"], ["1a Safe", "Rate of care"]],
            [["Outcome", "Key actions for the spring"], ["1b Well", "Visit"]],
        ),
        strict=True,
    ):
        inner = cell.add_table(2, 2)
        for at, words in enumerate(itertools.chain(*rows)):
            inner.cell(at // 2, at % 2).text = words
    document.save(str(tmp_path / "a.docx"))
    assert outcomes(tmp_path / "a.docx") == [("1a", "Safe", 1, 0), ("1b", "Well", 0, 1)]
    found = read_word(tmp_path / "a.docx")
    assert "for the spring" in json.dumps(found.plan) + found.report.as_text()
