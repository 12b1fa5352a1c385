"""Any words may stand in a lead cell, and figures at the start of a text are no numbers of a list."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cypp_desktop.exchange.word import read_word
from cypp_desktop.exchange.word.cells import action_number, combined
from cypp_desktop.exchange.word.codes import (
    begins_with_figure,
    due_lines,
    measure_code,
    outcome_code,
    priority_heading,
)
from cypp_desktop.exchange.word.content import Para
from cypp_desktop.exchange.word.front import section
from cypp_desktop.exchange.word.leads import Lead, looks_like_lead, read_leads, survey
from cypp_desktop.exchange.word.name_kinds import Known
from cypp_desktop.exchange.word.texts import markdown
from cypp_desktop.plan.blocks import Span
from tests.exchange.word_raw import plan_document

# ---------------------------------------------------------------------------------- lead cells

_PIECES = st.sampled_from(
    [
        *(
            "Oak Council",
            "Ash Trust",
            "NHS England",
            "CCG",
            "Police",
            "Nottingham City",
            "Director of Services",
        ),
        *(
            "Sarah May",
            "Jo Bell",
            "A. Jones",
            "Mrs",
            "O'",
            "Mc",
            "Head of Early Help",
            "TBC",
            "n/a",
            "Ongoing",
        ),
        *(
            "Lead: ",
            "Partners: ",
            "Strategic lead: ",
            "lead",
            "(lead)",
            "(partner)",
            "and",
            "of",
            "is",
            "can",
        ),
        *("0.5 FTE", "2.5 days", "11.30", "1.2", "2.a", "1.", "2)", "3. ", "31.12.16", "12", "5%", "£1.5m"),
        *(
            "(",
            ")",
            "()",
            "( )",
            "[",
            "]",
            ":",
            "-",
            "–",
            "—",
            "*",
            "**",
            "/",
            "&",
            "+",
            ",",
            ";",
            ".",
            "•",
            "|",
        ),
        *("é", "مرحبا", "李", "½", "🙂", "A", "x", "'", "’", '"', "\u00a0", "\t", "  ", ""),
    ]
)
_LINES = st.builds(
    lambda pairs: "".join(piece + sign for piece, sign in pairs),
    st.lists(
        st.tuples(_PIECES, st.sampled_from([" ", " ", "", ", ", " / ", " and ", " – ", ": "])), max_size=6
    ),
)
_CELLS = st.lists(st.one_of(_LINES, st.text(max_size=20)), max_size=4)

_WORD = re.compile(r"[^\W_]+")
#: The number of a line in a list, and what a lead's role says: that it leads or is a partner.
_LIST_NUMBER = re.compile(r"^[\W_]*\d{1,2}(?:\)|\.(?!\d|[A-Za-z]\b))")
_PLAIN_ROLE = re.compile(r"^\W*(?:lead(?: partner)?|partner)s?\s*:|\((?:lead|partner)\)", re.I)


def words_of(*texts: str) -> Counter[str]:
    return Counter(word.casefold() for text in texts for word in _WORD.findall(text))


def said_by(leads: list[Lead]) -> Counter[str]:
    return words_of(
        *(text for lead in leads for text in (lead["organisation"], *lead["people"], lead["note"]) if text)
    )


@given(_CELLS, st.booleans(), st.sampled_from([None, "partner"]))
@example(["( )"], False, None)
@example([": Director of Services"], False, None)
@example(["Oak Council, Ash Trust, ( ), Police and ( )"], False, None)
@example(["Oak Council 24. Sarah May"], False, None)
def test_any_lead_cell_is_read_and_every_word_of_it_is_kept(
    lines: list[str], known: bool, role: str | None
) -> None:
    leads = read_leads(lines, survey([(lines, "Lead officer")]) if known else Known(), role)
    bare = [_LIST_NUMBER.sub("", line) for line in lines]
    wanted = words_of(*(_PLAIN_ROLE.sub(" ", line) for line in bare))
    wanted.pop("and", None)  # "A and B" are two leads
    # an organisation that is named again for its next person is one lead
    again = [lead["organisation"] or "" for lead in leads for _ in lead["people"]]
    assert not wanted - said_by(leads) - words_of(*again)
    looks_like_lead(" ".join(lines))


@pytest.mark.parametrize(
    ("cell", "organisation"),
    [
        ("( )", "( )"),
        ("0.5 FTE Oak Council", "0.5 FTE Oak Council"),
        ("2.5 days Ash Trust", "2.5 days Ash Trust"),
        ("1.2 Oak Trust", "1.2 Oak Trust"),
        ("11.30 Club", "11.30 Club"),
        ("1.Oak Trust", "Oak Trust"),
        ("2) Oak Trust", "Oak Trust"),
    ],
)
def test_a_figure_before_an_organisation_stays(cell: str, organisation: str) -> None:
    assert [lead["organisation"] for lead in read_leads([cell], Known())] == [organisation]


def test_what_kind_of_lead_it_is_becomes_the_note() -> None:
    found = read_leads(["Strategic lead: Jo Bell", "Operational lead: Sarah May"], Known())
    assert [(lead["people"], lead["note"]) for lead in found] == [
        (["Jo Bell"], "Strategic lead"),
        (["Sarah May"], "Operational lead"),
    ]


def test_the_post_of_somebody_in_a_second_column_goes_along() -> None:
    organisations: list[Lead] = [{"organisation": "Oak Council", "people": [], "note": None}]
    people: list[Lead] = [{"organisation": None, "people": ["Jo Bell"], "note": "Head of Early Help"}]
    assert combined(organisations, people) == [
        {"organisation": "Oak Council", "people": ["Jo Bell"], "note": "Head of Early Help"}
    ]


# ---------------------------------------------------------------------------------- figures

FIGURES = [
    *("1.5 million children", "0.5 FTE worker", "3.5% of pupils", "3.5 % of pupils", "1.5-hour sessions"),
    *(
        "11.30 drop-in",
        "10:30: registration",
        "2.5 days a week",
        "12.5 per cent",
        "£1.5m for play",
        "2.4 points",
    ),
    *("31.12.16 Last day", "1.4.2017 First day", "5 March 2018 Meeting", "1st April Launch"),
]


@pytest.mark.parametrize("text", FIGURES)
def test_a_figure_at_the_start_of_a_text_is_no_number_of_a_list(text: str) -> None:
    assert begins_with_figure(text)
    assert outcome_code(text) == (None, text)
    assert measure_code(text) == (None, text)
    assert action_number(text) == (None, text)
    assert section(Para([Span(text)], heading=1), [])["title"] == text
    assert markdown([Para([Span(text)])]) == text
    assert [line.whole for line in due_lines([text])] == [text]
    assert said_by(read_leads([text], Known())) == words_of(text)


@pytest.mark.parametrize(
    ("text", "code", "title"),
    [
        ("2.a is a code", "2.a", "is a code"),
        ("1.2 Safe", "1.2", "Safe"),
        ("1.2 Places of safety", "1.2", "Places of safety"),
        ("1.10 Improve", "1.10", "Improve"),
        ("1.2: improve", "1.2", "improve"),
        ("2. a child", "2", "a child"),
    ],
)
def test_a_code_with_a_point_is_still_a_code(text: str, code: str, title: str) -> None:
    assert outcome_code(text) == (code, title)


@pytest.mark.parametrize(
    "text",
    [
        "1.2.3.4 Safe",
        "1.2.3 safe homes",
        "5.4.17 review",
        "KA3.12 sessions",
        "3a.2 homes",
        "12:30 club",
        "2-3 homes",
    ],
)
def test_a_number_is_never_cut_into_a_code_and_a_rest(text: str) -> None:
    for parted in (outcome_code, measure_code, action_number):
        code, rest = parted(text)
        number = text.split()[0]
        assert (code, rest) in ((None, text), (number, text.removeprefix(number).strip()))


def test_a_code_with_a_letter_is_not_cut_in_a_text() -> None:
    assert measure_code("2.a is a code") == (None, "2.a is a code")
    assert markdown([Para([Span("2.a is a code")])]) == "2.a is a code"


def test_a_decimal_is_no_code_of_a_priority() -> None:
    assert priority_heading("Priority 1.2 Safe") is None
    heading = priority_heading("Priority 1.Safe")
    assert heading is not None and heading.title == "Safe"


def test_a_number_that_is_no_action_s_stays_before_its_date_or_status(tmp_path: Path) -> None:
    headings = ["Key activity", "Key actions", "Date actions required by", "Status", "Lead organisation"]
    rows = [["1. Safe children", ["1. Plan"], "31. March 2020", "4 - Good", "Police"]]
    (outcome,) = read_word(plan_document(tmp_path / "p.docx", rows, headings)).plan["priorities"][0][
        "outcomes"
    ]
    (action,) = outcome["actions"]
    assert (action["due"], action["status"]) == ("31. March 2020", "4 - Good")


@pytest.mark.parametrize(
    "lead", ["( )", ": Director of Services", "0.5 FTE Oak Council", "2.5 days Ash Trust"]
)
def test_a_document_with_such_a_lead_comes_in_whole(lead: str, tmp_path: Path) -> None:
    row = ["1a: Safe children", "i) Number of plans", "11.30 drop-in sessions held. 1.5 million seen.", lead]
    plan = read_word(plan_document(tmp_path / "p.docx", [row])).plan
    assert not words_of(lead, row[2]) - words_of(json.dumps(plan, ensure_ascii=False))
    (measure,) = plan["priorities"][0]["outcomes"][0]["measures"]
    assert said_by(measure["leads"]) == words_of(lead)
