"""The numbers and signs that Word's own lists print, which stand in no text of the document."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from docx.oxml import parse_xml

from cypp_desktop.exchange.word.package import WordPackage
from cypp_desktop.exchange.word.styles import Numbering, formatted
from tests.exchange.word_raw import SPACES

OUTER = ("decimal", "%1.", "")
INNER = ("lowerLetter", "%2)", "")


def level(at: int, form: str, text: str, more: str = "") -> str:
    return f'<w:lvl w:ilvl="{at}"><w:numFmt w:val="{form}"/>{more}<w:lvlText w:val="{text}"/></w:lvl>'


def printed(
    levels: Iterable[tuple[str, str, str]], marks: Iterable[tuple[str, int]], overrides: str = ""
) -> list[str | None]:
    """The labels of paragraphs in lists 1 and 2 of one form, each at a level; ``overrides`` are list 2's."""
    forms = "".join(level(at, *each) for at, each in enumerate(levels))
    numbering = parse_xml(
        f'<w:numbering {SPACES}><w:abstractNum w:abstractNumId="7">{forms}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>'
        f'<w:num w:numId="2"><w:abstractNumId w:val="7"/>{overrides}</w:num></w:numbering>'
    )
    lists = Numbering(WordPackage(main=b"", numbering=numbering))
    found = [lists.mark(list_id, at) for list_id, at in marks]
    return [mark.label if mark is not None else None for mark in found]


NESTED = [("1", 0), ("1", 1), ("1", 1), ("1", 0), ("1", 1)]


def test_an_inner_list_begins_anew_under_each_item() -> None:
    assert printed([OUTER, INNER], NESTED) == ["1.", "a)", "b)", "2.", "a)"]


def test_an_inner_list_that_never_begins_anew_goes_on_under_the_next_item() -> None:
    going_on = (*INNER[:2], '<w:lvlRestart w:val="0"/>')
    assert printed([OUTER, going_on], NESTED) == ["1.", "a)", "b)", "2.", "c)"]


def test_a_list_begins_where_its_form_says() -> None:
    assert printed([("decimal", "%1.", '<w:start w:val="3"/>')], [("1", 0), ("1", 0)]) == ["3.", "4."]


def test_two_lists_of_one_form_count_together_unless_the_second_says_where_it_begins() -> None:
    marks = [("1", 0), ("1", 0), ("2", 0), ("2", 0)]
    assert printed([OUTER], marks) == ["1.", "2.", "3.", "4."]
    anew = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    assert printed([OUTER], marks, anew) == ["1.", "2.", "1.", "2."]


def test_a_number_can_show_those_above_it() -> None:
    levels = [("upperRoman", "%1.", ""), ("decimal", "%1.%2", "")]
    assert printed(levels, NESTED) == ["I.", "I.1", "I.2", "II.", "II.1"]


def test_an_inner_item_with_none_above_it_shows_where_that_would_begin() -> None:
    assert printed([OUTER, ("decimal", "%1.%2", "")], [("1", 1)]) == ["1.1"]


def test_a_level_that_prints_nothing_has_no_mark() -> None:
    assert printed([("none", "", "")], [("1", 0)]) == [None]
    assert printed([("none", "Aim:", "")], [("1", 0)]) == ["Aim:"]


def test_a_paragraph_in_no_list_has_no_mark() -> None:
    assert printed([OUTER], [("0", 0), ("9", 0)]) == [None, None]


@pytest.mark.parametrize(
    ("count", "form", "words"),
    [
        (1, "lowerLetter", "a"),
        (26, "lowerLetter", "z"),
        (27, "upperLetter", "AA"),
        (499, "lowerLetter", "e" * 20),
        (500, "lowerLetter", "500"),
        (0, "lowerLetter", "0"),
        (4, "lowerRoman", "iv"),
        (49, "upperRoman", "XLIX"),
        (99, "lowerRoman", "xcix"),
        (100, "lowerRoman", "c"),
        (300, "lowerRoman", "ccc"),
        (444, "lowerRoman", "cdxliv"),
        (666, "lowerRoman", "dclxvi"),
        (1984, "lowerRoman", "mcmlxxxiv"),
        (3999, "lowerRoman", "mmmcmxcix"),
        (4000, "lowerRoman", "4000"),
        (0, "lowerRoman", "0"),
        (1, "cardinalText", "One"),
        (12, "cardinalText", "Twelve"),
        (13, "cardinalText", "13"),
        (1, "ordinalText", "First"),
        (10, "ordinalText", "Tenth"),
        (11, "ordinalText", "11"),
        (7, "decimalZero", "07"),
        (12, "decimalZero", "12"),
        (5, "none", ""),
        (5, "decimal", "5"),
    ],
)
def test_a_number_is_written_as_its_form_says(count: int, form: str, words: str) -> None:
    assert formatted(count, form) == words
