"""Rows that the end of a page has cut in two are one row; rows that only look so stay two."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import docx
import pytest

from cypp_desktop.exchange.word import read_word
from tests.exchange.word_raw import CITY, plan_document, table

ACTIONS = ["Objective", "Action", "By when", "Who"]
Rows = Sequence[Sequence[str | Sequence[str]]]


def outcomes(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = read_word(path).plan["priorities"][0]["outcomes"]
    return found


def said(outcome: dict[str, Any]) -> list[str]:
    return [update["text"] for update in outcome["updates"]]


def two_tables(path: Path, first: Rows, between: str | None, second: Rows, headings: Sequence[str]) -> Path:
    """A table, a line of text (if any) and a table that goes on without headings."""
    document = docx.Document()
    document.add_heading("Priority 1. Being safe", 1)
    table(document, headings, first)
    if between is not None:
        document.add_paragraph(between)
    table(document, [], second)
    document.save(str(path))
    return path


BEGUN = ["1a: Safe children", "i) Number of plans", "The number of plans fell in", "Trentshire Police"]
WHOLE = "The number of plans fell in the north and rose elsewhere."
TITLE = ["1a: Children are safe at home and", "i) Plans", "Fewer.", "Police"]


@pytest.mark.parametrize("between", [None, "7", "Page 7", "Page 7 of 12"])
def test_a_page_number_between_two_tables_does_not_part_a_row(between: str | None, tmp_path: Path) -> None:
    rest = ["at school", "", "", ""]
    (outcome,) = outcomes(two_tables(tmp_path / "a.docx", [TITLE], between, [rest], CITY))
    assert outcome["title"] == "Children are safe at home and at school"


@pytest.mark.parametrize("between", ["Page 7 of 120", "Next page"])
def test_a_line_of_words_between_two_tables_parts_the_rows(between: str, tmp_path: Path) -> None:
    rest = ["at school", "", "", ""]
    found = outcomes(two_tables(tmp_path / "a.docx", [TITLE], between, [rest], CITY))
    assert [outcome["title"] for outcome in found] == ["Children are safe at home and", "at school"]


def test_a_sentence_that_goes_on_in_the_next_row_is_whole_again_without_a_page_between(
    tmp_path: Path,
) -> None:
    rows = [BEGUN, ["", "", "the north and rose elsewhere.", ""]]
    (outcome,) = outcomes(plan_document(tmp_path / "a.docx", rows))
    assert said(outcome) == [WHOLE]


@pytest.mark.parametrize(
    ("next_row", "texts"),
    [
        (["", "of all schools", "", ""], ["Write the plan", "Train the staff of all schools"]),
        (["", "Of all schools", "", ""], ["Write the plan", "Train the staff", "Of all schools"]),
        (["", "of all schools", "July 2020", ""], ["Write the plan", "Train the staff", "of all schools"]),
    ],
)
def test_without_a_page_between_only_a_row_all_of_whose_cells_end_a_sentence_is_no_row(
    next_row: list[str], texts: list[str], tmp_path: Path
) -> None:
    rows = [
        ["1. Safe children", "Write the plan", "May 2020", "Police"],
        ["", "Train the staff", "June 2020", "Council"],
        next_row,
    ]
    (outcome,) = outcomes(plan_document(tmp_path / "a.docx", rows, ACTIONS))
    assert [action["text"] for action in outcome["actions"]] == texts


def test_below_typed_headings_a_row_without_names_goes_on_with_the_row_above(tmp_path: Path) -> None:
    rows = [[*BEGUN[:2], "Plans fell.", "Police"], CITY, ["", "", "They fell in the north too.", "Schools"]]
    (outcome,) = outcomes(plan_document(tmp_path / "a.docx", rows))
    assert said(outcome) == ["Plans fell.\n\nThey fell in the north too."]
    assert [lead["organisation"] for lead in outcome["measures"][0]["leads"]] == ["Police", "Schools"]


def test_a_name_typed_again_after_a_page_is_the_same_one(tmp_path: Path) -> None:
    rows = [BEGUN, CITY, ["1A: safe children", "i)  Number of plans", "the north.", ""]]
    (outcome,) = outcomes(plan_document(tmp_path / "a.docx", rows))
    assert said(outcome) == ["The number of plans fell in the north."]
    assert [measure["title"] for measure in outcome["measures"]] == ["Number of plans"]


@pytest.mark.parametrize("again", ["1a: Safe children (continued)", "1a: Safe (cont.)"])
def test_a_name_that_says_it_is_continued_needs_no_page_before_it(again: str, tmp_path: Path) -> None:
    (outcome,) = outcomes(plan_document(tmp_path / "a.docx", [BEGUN, [again, "", "the north.", ""]]))
    assert said(outcome) == ["The number of plans fell in the north."]
    assert outcome["title"] == "Safe children"


def test_a_name_with_a_code_of_its_own_begins_a_row_after_a_page(tmp_path: Path) -> None:
    rows = [BEGUN, CITY, ["1b: calm children", "i) Calls", "the north.", ""]]
    first, second = outcomes(plan_document(tmp_path / "a.docx", rows))
    assert (second["code"], second["title"]) == ("1b", "calm children")
    assert said(first) == [BEGUN[2]]


def test_a_title_that_breaks_off_goes_on_in_a_row_that_holds_nothing_else(tmp_path: Path) -> None:
    rows = [
        ["1a: Children are safe at home and", "i) Plans", "Fewer.", "Police"],
        ["at school", "", "", ""],
        ["1b: Calm", "i) Calls", "More.", "NHS"],
    ]
    first, second = outcomes(plan_document(tmp_path / "a.docx", rows))
    assert (first["title"], second["title"]) == ("Children are safe at home and at school", "Calm")


def test_a_row_with_a_lead_of_its_own_is_no_end_of_a_title(tmp_path: Path) -> None:
    rows = [
        ["1a: Children are safe at home and", "i) Plans", "Fewer.", "Police"],
        ["at school", "ii) Walks", "More.", "Schools"],
    ]
    found = outcomes(plan_document(tmp_path / "a.docx", rows))
    assert [outcome["title"] for outcome in found] == ["Children are safe at home and", "at school"]


def test_where_every_row_is_an_action_one_with_a_date_is_an_action_after_a_page_too(tmp_path: Path) -> None:
    rows = [
        ["1. Safe children", "Write the plan", "May 2020", "Police"],
        ["", "Train the staff", "June 2020", "Council"],
        ACTIONS,
        ["", "Count the calls", "July 2020", "Schools"],
    ]
    (outcome,) = outcomes(plan_document(tmp_path / "a.docx", rows, ACTIONS))
    assert [(action["text"], action["due"]) for action in outcome["actions"]] == [
        ("Write the plan", "May 2020"),
        ("Train the staff", "June 2020"),
        ("Count the calls", "July 2020"),
    ]


def test_where_every_row_is_an_action_one_that_breaks_off_goes_on_after_a_page(tmp_path: Path) -> None:
    rows = [
        ["1. Safe children", "Write the plan", "May 2020", "Police"],
        ["", "Train the staff of", "June 2020", "Council"],
        ACTIONS,
        ["", "all schools", "", ""],
        ["", "Count the calls", "July 2020", "Schools"],
    ]
    (outcome,) = outcomes(plan_document(tmp_path / "a.docx", rows, ACTIONS))
    assert [(action["text"], action["due"]) for action in outcome["actions"]] == [
        ("Write the plan", "May 2020"),
        ("Train the staff of all schools", "June 2020"),
        ("Count the calls", "July 2020"),
    ]


def test_evidence_of_another_source_is_its_own_after_a_page(tmp_path: Path) -> None:
    headings = ["No.", "Key activities", "Evidence source", "Evidence of achievement"]
    rows = [
        ["1", "Read more", "Report, May", "Rose."],
        headings,
        ["", "", "Survey, June", "Liked it."],
    ]
    (outcome,) = outcomes(plan_document(tmp_path / "a.docx", rows, headings))
    assert [(update["source"], update["text"]) for update in outcome["updates"]] == [
        ("Report, May", "Rose."),
        ("Survey, June", "Liked it."),
    ]


def test_a_table_with_other_columns_does_not_go_on_with_the_row_above(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("Priority 1. Being safe", 1)
    table(document, CITY, [BEGUN])
    table(document, ["Outcomes", "Key actions", "Lead organisation"], [["", "the north", ""]])
    document.save(str(tmp_path / "a.docx"))
    found = outcomes(tmp_path / "a.docx")
    assert said(found[0]) == [BEGUN[2]]
    assert [action["text"] for outcome in found for action in outcome["actions"]] == ["the north"]


PROGRESS = ["Objective", "Action", "By when", "Progress"]
FIRST_ACTION = ["1. Safe children", "Write the plan", "May 2020", "Written."]
LAST_ACTION = ["2. Calm children", "Call them", "July 2020", "Called."]


def progress(path: Path, rows: Rows) -> list[str]:
    """What is said of the first objective, in a table whose rows are actions with their progress."""
    return said(outcomes(plan_document(path, [FIRST_ACTION, *rows, LAST_ACTION], PROGRESS))[0])


def test_where_every_row_is_an_action_one_with_a_date_has_progress_of_its_own_after_a_page(
    tmp_path: Path,
) -> None:
    second = ["", "Train the staff", "June 2020", "Begun."]
    dated = progress(
        tmp_path / "a.docx", [second, PROGRESS, ["", "Count the calls", "July 2020", "Counted."]]
    )
    assert dated == ["Written.", "Begun.", "Counted."]
    undated = progress(tmp_path / "a.docx", [second, PROGRESS, ["", "Count the calls", "", "Counted."]])
    assert undated == ["Written.", "Begun.\n\nCounted."]


def test_where_no_other_row_is_an_action_alone_one_after_a_page_goes_on_with_the_row_above(
    tmp_path: Path,
) -> None:
    rows = [PROGRESS, ["", "Train the staff", "June 2020", "Begun."]]
    assert progress(tmp_path / "a.docx", rows) == ["Written.\n\nBegun."]


def test_the_first_row_of_a_table_that_goes_on_is_the_end_of_the_row_above(tmp_path: Path) -> None:
    begun = [*BEGUN[:2], "Plans fell.", "Police"]
    rest = ["", "", "Schools have fewer.", ""]
    (outcome,) = outcomes(two_tables(tmp_path / "a.docx", [begun], "7", [rest], CITY))
    assert said(outcome) == ["Plans fell.\n\nSchools have fewer."]


@pytest.mark.parametrize(
    ("merged", "texts"),
    [
        (False, ["Fewer.", "Fewer too.", "More calls."]),
        (True, ["Fewer.", "Fewer too.\n\nMore calls."]),
    ],
)
def test_words_after_a_page_belong_to_the_last_row_unless_its_cell_is_merged_with_the_one_above(
    merged: bool, texts: list[str], tmp_path: Path
) -> None:
    document = docx.Document()
    document.add_heading("Priority 1. Being safe", 1)
    rows = [["1a: Safe children", "i) Plans", "Fewer.", "Police"]]
    rows += [["", "ii) Walks", "Fewer too.", "Schools"], ["", "iii) Calls", "", "Schools"]]
    made = table(document, CITY, rows)
    if merged:
        made.cell(2, 2).merge(made.cell(3, 2))
    table(document, [], [["", "", "More calls.", ""]])
    document.save(str(tmp_path / "a.docx"))
    (outcome,) = outcomes(tmp_path / "a.docx")
    assert said(outcome) == texts


def test_evidence_without_a_source_goes_on_with_that_above_after_a_page(tmp_path: Path) -> None:
    headings = ["No.", "Key activities", "Evidence source", "Evidence of achievement"]
    rows = [["1", "Read more", "Report, May", "Rose."], headings, ["", "", "", "Liked it."]]
    (outcome,) = outcomes(plan_document(tmp_path / "a.docx", rows, headings))
    assert [(update["source"], update["text"]) for update in outcome["updates"]] == [
        ("Report, May", "Rose.\n\nLiked it.")
    ]


@pytest.mark.parametrize(
    ("above", "below", "measures"),
    [
        (["Plans", "Visits"], ["Walks", "Talks"], 1),
        ("Plans", "Walks", 2),
    ],
)
def test_where_measures_are_lists_one_without_an_outcome_is_the_rest_of_the_list_after_a_page(
    above: str | list[str], below: str | list[str], measures: int, tmp_path: Path
) -> None:
    rows = [
        ["1a: Safe", above, "Fewer.", "Police"],
        CITY,
        ["", below, "More.", ""],
        ["1b: Calm", below, "", ""],
    ]
    outcome = outcomes(plan_document(tmp_path / "a.docx", rows))[0]
    assert len(outcome["measures"]) == measures


@pytest.mark.parametrize(
    ("names", "titles"),
    [
        (["1a: Safe", "1b: Calm", "Fed", "1c: Well"], ["Safe", "Calm", "Fed At school", "Well"]),
        (["1a: Safe", "Calm", "Fed", "1c: Well"], ["Safe", "Calm", "Fed", "At school", "Well"]),
    ],
)
def test_where_most_names_have_codes_one_without_is_the_end_of_the_name_above_after_a_page(
    names: list[str], titles: list[str], tmp_path: Path
) -> None:
    """Three of five are most of them, two are not."""
    rows: list[list[str]] = [[name, "i) Plans", "Fewer.", "Police"] for name in names]
    rows[3:3] = [CITY, ["At school", "", "More.", ""]]
    assert [outcome["title"] for outcome in outcomes(plan_document(tmp_path / "a.docx", rows))] == titles
