"""Words that are to go out for good are found however they are written, and taken out of what holds them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cypp_desktop.errors import UsageError
from cypp_desktop.plan.sought_words import SoughtWords


@pytest.mark.parametrize(
    "text",
    [
        "Jane Smith",
        "of JANE  SMITH, mother",
        "Jane\nSmith",
        "Jane **Smith**",
        "Jane\u00a0Smith's two children",
        "Ja\u200bne Smith",
        "Jane Smi\u0301th",
        "- one\n- *Jane Smith* came",
        "x" * 1000 + "Jane Smith",
        "Ask [Jane](https://x.example) Smith",
        "Ask Jane\n[Smith](https://x.example/(a)) now",
        "[Write](mailto:jane%20smith@x.example)",
        "[Jane Smith](https://x.example/Jane%20Smith)",
        "of Jane Smi-\nth",
    ],
)
def test_words_are_found_and_taken_out_however_they_are_written(text: str) -> None:
    sought = SoughtWords(["Jane Smith"])
    assert sought.in_text(text)
    rest = sought.without(text)
    assert not sought.in_text(rest)
    assert "[removed]" in rest and "mith" not in rest.casefold()


def test_the_rest_of_a_text_stays_as_it_was() -> None:
    assert SoughtWords(["Jane Smith"]).without("Came: Jane Smith. **Well.**") == "Came: [removed]. **Well.**"


def test_a_link_goes_with_its_words() -> None:
    sought = SoughtWords(["Jane Smith"])
    assert sought.without("Ask [Jane](https://x.example) Smith.") == "Ask [removed]."
    assert sought.without("Ask Jane [Smith](https://x.example).") == "Ask [removed]."
    assert sought.without("[Ask](https://x.example) Jane Smith") == "[Ask](https://x.example) [removed]"


def test_words_deep_in_settings_are_found() -> None:
    value = {"title": "T", "rows": [{"note": "for Jane Smith"}, 3, None]}
    sought = SoughtWords(["jane smith"])
    assert sought.in_value(value)
    assert sought.without(value) == {"title": "T", "rows": [{"note": "for [removed]"}, 3, None]}


@pytest.mark.parametrize("wordings", [[], [" "], ["ab"], ["--- a b"]])
def test_too_little_to_look_for_is_refused(wordings: list[str]) -> None:
    with pytest.raises(UsageError):
        SoughtWords(wordings)


@given(st.text(max_size=40), st.text(min_size=3, max_size=6), st.text(max_size=40))
def test_what_stands_in_a_text_is_found_and_gone_afterwards(before: str, words: str, after: str) -> None:
    try:
        sought = SoughtWords([words])
    except UsageError:
        return
    for text in (f"{before} {words} {after}", f"[{before}]({words}) {after}", f"[{words}]({before}) {after}"):
        assert not sought.in_text(sought.without(text))
    assert sought.in_text(f"{before} {words} {after}")
