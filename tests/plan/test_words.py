"""How the plan's own names are put into sentences."""

from __future__ import annotations

import pytest

from cypp_desktop.plan.words import in_a_sentence, plural


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Outcome", "outcome"),
        ("Key activity", "key activity"),
        ("Key Performance Measure", "key performance measure"),
        ("KPI", "KPI"),
        ("NHS Outcome", "NHS outcome"),
        ("Every Child Matters outcome", "every Child Matters outcome"),
        ("", ""),
    ],
)
def test_a_level_keeps_its_acronyms_inside_a_sentence_and_loses_its_capitals(name: str, said: str) -> None:
    assert in_a_sentence(name) == said


@pytest.mark.parametrize(
    ("name", "many"), [("Outcome", "Outcomes"), ("Key activity", "Key activities"), ("Series", "Series")]
)
def test_several_of_a_level_are_named_in_the_plural(name: str, many: str) -> None:
    assert plural(name) == many
