"""A typed figure is the number that it must be, or words to the letter."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cypp_desktop.plan.figures import parsed_value, with_unit


@pytest.mark.parametrize(
    ("typed", "number", "unit"),
    [
        ("90.0", "90.0", None),
        ("-3", "-3", None),
        ("−0.4", "-0.4", None),
        ("– 2", "-2", None),
        (".5", "0.5", None),
        ("0.500", "0.500", None),
        ("17.2 %", "17.2", "%"),
        ("1,234", "1234", None),
        ("1,234.50", "1234.50", None),
        ("-1,234", "-1234", None),
        ("1,234%", "1234", "%"),
        ("12,345,678", "12345678", None),
        ("1\u202f234\u202f567", "1234567", None),
        ("12\u00a0345 %", "12345", "%"),
        ("1'234", "1234", None),
        ("1’234’567.8", "1234567.8", None),
        ("£1,200.50", "1200.50", "£"),
        ("£ 5", "5", "£"),
    ],
)
def test_a_figure_that_can_mean_only_one_number_is_that_number(
    typed: str, number: str, unit: str | None
) -> None:
    found = parsed_value(f"  {typed} ", None)
    assert found == {"value": Decimal(number), "words": None, "unit": unit}
    assert str(found["value"]) == number, "no digit is lost"


@pytest.mark.parametrize(
    "typed",
    [
        *("0,500", "1,5", "12,34", "1,2345", "1,234,56", "01,234", "001,234", "1.234,5", "1234,567", ",500"),
        *(
            "0,5%",
            "£0,500",
            "£1,20",
            "1,234'567",
            "1 234",
            "1'23",
            "-0,500",
            "(1,234)",
            "(0.4)",
            "+2.4",
            "+1,234",
        ),
        *(
            "007",
            "1.",
            "1-2",
            "1.2.3",
            "-",
            "%",
            "£",
            "£5%",
            "-£5",
            "<5",
            "136th of 137",
            "good",
            "c",
            "Inf",
            "1e3",
        ),
        *("2016/17", "5\u00a06", "٥٠٠", "two  blanks"),
    ],
)
def test_any_other_figure_is_kept_as_words_to_the_letter(typed: str) -> None:
    assert parsed_value(f" {typed} ", "days") == {"value": None, "words": typed, "unit": "days"}


def test_nothing_typed_is_no_value() -> None:
    assert parsed_value("  ", "days") == {"value": None, "words": None, "unit": "days"}


def test_lines_of_a_cell_become_one() -> None:
    assert parsed_value("not\n known ", None)["words"] == "not known"


def test_money_is_a_number_only_where_the_values_have_no_other_unit() -> None:
    assert parsed_value("£1,200", "£")["value"] == Decimal(1200)
    assert parsed_value("£1,200", "£000") == {"value": None, "words": "£1,200", "unit": "£000"}


_FIGURES = st.text(alphabet=st.sampled_from(list("0123456789,,..'’ \u00a0\u2009-−+%£()")), max_size=12)


@given(st.one_of(st.text(max_size=20), _FIGURES))
def test_whatever_is_typed_is_the_digits_of_its_number_or_its_words(text: str) -> None:
    found: dict[str, Any] = parsed_value(text, "days")
    if found["value"] is None:
        assert (found["words"] or "") == " ".join(line.strip() for line in text.splitlines()).strip()
        return
    assert found["words"] is None
    typed = re.sub(r"[^0-9.]", "", text)
    assert str(abs(found["value"])) == (f"0{typed}" if typed.startswith(".") else typed)
    assert not re.search(r"\b0,|,\d{0,2}(?!\d)|,\d{4}|\.\d*,", text)


def test_a_unit_stands_where_it_is_printed() -> None:
    assert with_unit("17.2", "%") == "17.2%"
    assert with_unit("1200.50", "£") == "£1200.50"
    assert with_unit("-5", "£") == "-£5"
    assert with_unit("5.9", "per 1000 live births") == "5.9 per 1000 live births"
    assert with_unit("5", "") == "5"
