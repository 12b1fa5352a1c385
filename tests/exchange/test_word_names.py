"""Codes, dates, columns and leads, told apart from the words beside them."""

from __future__ import annotations

import pytest

from cypp_desktop.exchange.word import ColumnMeaning as M
from cypp_desktop.exchange.word.codes import (
    flags,
    is_placeholder,
    measure_code,
    outcome_code,
    priority_heading,
    without_continued,
)
from cypp_desktop.exchange.word.columns import looks_like_heading, recognise
from cypp_desktop.exchange.word.leads import read_leads
from cypp_desktop.exchange.word.lists import split_list
from cypp_desktop.exchange.word.name_kinds import Known


@pytest.mark.parametrize(
    ("printed", "code", "title"),
    [
        ("1a: Good health", "1a", "Good health"),
        ("2.a: Safe", "2.a", "Safe"),
        ("1a : Safe", "1a", "Safe"),
        ("1a Safe", "1a", "Safe"),
        ("4.The further integration", "4", "The further integration"),
        ("5. a) To strengthen", "5", "a) To strengthen"),
        ("1.2 Safe", "1.2", "Safe"),
        ("Outcome 3: Safe", "3", "Safe"),
        ("OO1 Safe", "OO1", "Safe"),
        ("16+ accommodation", None, "16+ accommodation"),
        ("2 year olds", None, "2 year olds"),
        ("Year 6 children", None, "Year 6 children"),
    ],
)
def test_codes_of_outcomes(printed: str, code: str | None, title: str) -> None:
    assert outcome_code(printed) == (code, title)


@pytest.mark.parametrize(
    ("printed", "code", "title"),
    [
        ("i) Number", "i", "Number"),
        ("iii). Number", "iii", "Number"),
        ("(iv) rate of", "iv", "rate of"),
        ("ii) ii) Number", "ii", "Number"),
        ("1a.i Number", "1a.i", "Number"),
        ("PM3: Number", "PM3", "Number"),
        ("b) Number", "b", "Number"),
        ("% of children", None, "% of children"),
        ("16-18 year olds", None, "16-18 year olds"),
        ("improve the rate", None, "improve the rate"),
    ],
)
def test_codes_of_measures(printed: str, code: str | None, title: str) -> None:
    assert measure_code(printed) == (code, title)


@pytest.mark.parametrize(
    ("printed", "code", "title"),
    [
        ("Priority 1. Safe", "1", "Safe"),
        ("Priority 1 - Safe", "1", "Safe"),
        ("PRIORITY ONE: Safe", "1", "Safe"),
        ("Priority 2", "2", None),
        ("Strategic objective 3 – Safe", "3", "Safe"),
        ("Theme B: Safe", "B", "Safe"),
    ],
)
def test_headings_of_priorities(printed: str, code: str, title: str | None) -> None:
    heading = priority_heading(printed)
    assert heading is not None and (heading.code, heading.title, heading.marked) == (code, title, True)


@pytest.mark.parametrize(
    "words", ["Priority families", "Part I played", "Aim a higher standard", "The priority is 1. Safe"]
)
def test_other_words_are_no_headings_of_priorities(words: str) -> None:
    assert priority_heading(words) is None


@pytest.mark.parametrize("ending", [" (continued)", " – continued", " (cont.)", " cont'd", " (Cont’d)"])
def test_continued_is_taken_off(ending: str) -> None:
    assert without_continued("Safe children" + ending) == ("Safe children", True)


def test_words_that_only_end_alike_are_not_continued() -> None:
    assert without_continued("Work is continued") == ("Work is continued", False)
    assert without_continued("Children are content") == ("Children are content", False)


def test_placeholders_and_flags() -> None:
    assert (
        is_placeholder("Placeholder for a measure")
        and is_placeholder("TBC")
        and is_placeholder("To be confirmed once")
    )
    assert not is_placeholder("Number of places")
    assert flags("Rate (Nottingham Plan Target)") == ["Nottingham Plan target"]
    assert flags("Poverty (defined so, Trent Plan target)") == ["Trent Plan target"]
    assert flags("Rate (aged under 1 year)") == []


@pytest.mark.parametrize(
    ("headings", "meanings"),
    [
        (
            "Outcomes|Performance measures|End of Year Update for 2017-2018|Lead organisation",
            "outcome measure update lead",
        ),
        (
            "Outcomes|Performance measures|Key actions suggested to date|Lead organisation",
            "outcome measure actions lead",
        ),
        (
            "Key Activity|Strategic Plan|Governance Group|Lead organisation and other partners|Key Actions|"
            "Date actions required by|Key Performance Measures",
            "outcome strategic_plan governance_group lead actions due measure",
        ),
        (
            "Number|Key activities|Evidence source|Evidence of achievement",
            "number outcome evidence_source evidence",
        ),
        (
            "Who|By when|What we will do|How we will know|What we want to achieve",
            "lead due actions measure outcome",
        ),
        (
            "Ref|Objective|Success measures|Progress this quarter|RAG|Owner",
            "number outcome measure update status lead",
        ),
        ("Outcome|Key activities|Timescale|Responsible officer", "outcome actions due lead"),
        ("Action|Lead officer|Deadline|Progress", "actions lead due update"),
        ("Theme|Actions|Milestone date|Who is accountable", "outcome actions due lead"),
        ("Outcome|Indicator|Target|Baseline|Commentary|Lead", "outcome measure figures figures update lead"),
        ("Objective|Actions|Progress monitored by", "outcome actions governance_group"),
        ("Priority|Expected outcome measures|Key activities|Lead", "outcome measure actions lead"),
    ],
)
def test_columns_are_known_by_their_headings(headings: str, meanings: str) -> None:
    words = headings.split("|")
    found = [meaning for meaning, _ in recognise(words, [[] for _ in words])]
    assert found == [M(name) for name in meanings.split()]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "Ashby City/ CCG Helen Dean / Alice Rowe",
            [("Ashby City/ CCG", ["Helen Dean", "Alice Rowe"], None)],
        ),
        ("NHS England Sarah May", [("NHS England", ["Sarah May"], None)]),
        (
            "Ashby Futures Michelle Wood *Delivery by the council",
            [("Ashby Futures", ["Michelle Wood"], "*Delivery by the council")],
        ),
        ("Lucy Park / Ian Brook", [(None, ["Lucy Park", "Ian Brook"], None)]),
        ("Nick Low, Ashby City Council", [("Ashby City Council", ["Nick Low"], None)]),
        (
            "Ashby City Council – Nick Low and Ruth Gill",
            [("Ashby City Council", ["Nick Low", "Ruth Gill"], None)],
        ),
        (
            "Sarah May (NHS England) / Ann Lee (Ashby Council)",
            [("NHS England", ["Sarah May"], None), ("Ashby Council", ["Ann Lee"], None)],
        ),
        (
            "NCC – Children’s Social Care, Adult Social Care, Police, Health",
            [
                ("NCC – Children’s Social Care", [], None),
                ("Adult Social Care", [], None),
                ("Police", [], None),
                ("Health", [], None),
            ],
        ),
        ("1. SEND – NCC, Schools", [("NCC", [], "1. SEND"), ("Schools", [], "1. SEND")]),
        ("Deputy Director of Public Health", [(None, ["Deputy Director of Public Health"], None)]),
        ("Head of Service, Ashby Council", [("Ashby Council", ["Head of Service"], None)]),
        ("TBC", [("TBC", [], None)]),
        (
            "This is a service bought by NHS England but the council can provide the data",
            [(None, [], "This is a service bought by NHS England but the council can provide the data")],
        ),
        ("Crime and Drugs Partnership", [("Crime and Drugs Partnership", [], None)]),
        ("Small Steps Big Changes", [("Small Steps Big Changes", [], None)]),
    ],
)
def test_leads(line: str, expected: list[tuple[str | None, list[str], str | None]]) -> None:
    found = read_leads([line], Known())
    assert [(one["organisation"], one["people"], one["note"]) for one in found] == expected


@pytest.mark.parametrize(
    "line",
    [
        "MASH, EHU and AAS Improvement Plan",
        "Private, Voluntary and Independent Providers",
        "District and Borough Councils",
        "Closing the Gaps Strategy and Implementation Plan",
        "Health and Wellbeing Board",
        "Steering Group, overseen by HWB",
    ],
)
def test_names_that_share_words_stay_whole(line: str) -> None:
    assert split_list(line, bare=False) == [line]


def test_lists_are_parted_where_each_name_stands_alone() -> None:
    assert split_list(
        "Children, Families and Culture Leadership Team and Corporate Leadership Team", bare=False
    ) == [
        "Children, Families and Culture Leadership Team",
        "Corporate Leadership Team",
    ]
    assert split_list("NCC, District and Borough Councils, Police and Schools") == [
        "NCC",
        "District and Borough Councils",
        "Police",
        "Schools",
    ]


@pytest.mark.parametrize(
    ("more", "is_name"),
    [
        ("Ashby City", True),
        ("One Two Three Four Five", True),
        ("One Two Three Four Five Six", False),
        ("Oak", False),
        ("working together", False),
    ],
)
def test_beside_three_names_two_to_five_capital_words_are_a_name_too(more: str, is_name: bool) -> None:
    line = f"NCC, Police, Schools, {more}"
    assert split_list(line) == (["NCC", "Police", "Schools", more] if is_name else [line])


@pytest.mark.parametrize(("count", "is_parted"), [(15, True), (16, False)])
def test_a_line_of_more_than_fifteen_names_stays_whole(count: int, is_parted: bool) -> None:
    names = ["NCC", "Police", "Schools"] * 6
    line = ", ".join(names[:count])
    assert split_list(line) == (names[:count] if is_parted else [line])


KNOWN = ["Performance measures", "End of year update", "Lead organisation"]


@pytest.mark.parametrize(
    ("cells", "meaning"),
    [
        (["1a: Safe", "1b: Calm", "Well"], "OUTCOME"),
        (["1a: Safe", "Calm", "Well"], "NOTES"),
        (["1", "2", "iv"], "NUMBER"),
        (["May 2020", "June 2020", "31/03/2021"], "DUE"),
        (["", "", ""], "NOTES"),
        (["Families say so.", "Nobody knows.", ""], "NOTES"),
    ],
)
def test_a_column_whose_heading_says_nothing_is_known_by_its_cells(cells: list[str], meaning: str) -> None:
    """Most of them have to look so; one of three is not enough."""
    headings = ["Zeta", *KNOWN] if meaning == "NUMBER" else [*KNOWN, "Zeta"]
    samples = [cells if heading == "Zeta" else [] for heading in headings]
    found = recognise(headings, samples)
    assert found[headings.index("Zeta")] == (M[meaning], False)


@pytest.mark.parametrize(
    ("cells", "meaning"),
    [
        (["Safe", "Calm", "Well"], "OUTCOME"),
        (["Years 5 and 6", "Year 10"], "OUTCOME"),
        (["1.", "2a"], "NUMBER"),
    ],
)
def test_only_short_cells_with_figures_make_a_first_column_of_numbers(cells: list[str], meaning: str) -> None:
    assert recognise(["Zeta", *KNOWN], [cells, [], [], []])[0] == (M[meaning], False)


@pytest.mark.parametrize(
    ("cells", "meaning"),
    [(["i) Calm", "ii) Safe", "Well"], "MEASURE"), (["i) Calm", "Safe", "Well"], "NOTES")],
)
def test_a_column_of_measures_is_known_by_its_codes(cells: list[str], meaning: str) -> None:
    found = recognise(["Outcome", "Progress", "Zeta"], [[], [], cells])
    assert found[2] == (M[meaning], False)


def test_a_column_of_long_texts_tells_of_progress_where_no_other_does() -> None:
    long = [
        "Families told us what helped them and what did not, and what they want to see next year. " * 2
    ] * 3
    found = recognise(["Outcome", "Performance measures", "Zeta"], [[], [], long])
    assert found[2] == (M.UPDATE, False)
    found = recognise(["Outcome", "Actions", "Zeta"], [[], [], long])
    assert found[2] == (M.NOTES, False)


def test_a_cell_that_says_a_meaning_just_well_enough_looks_like_a_heading() -> None:
    assert looks_like_heading("All action words")
    assert not looks_like_heading("All kind words")


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("Performance measures", True),
        ("Performance measures.", False),
        ("Performance measures;", False),
        ("Performance measures " + "and " * 17, True),
        ("Performance measures " + "and " * 18, False),
    ],
)
def test_a_sentence_or_a_long_text_is_no_heading_of_a_column(text: str, is_one: bool) -> None:
    assert looks_like_heading(text.strip()) == is_one
