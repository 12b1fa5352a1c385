"""Generated plan tables: no word of them is unaccounted for, and nearly all are where they belong.

A share of them in every run; ``packaging/dev.py slow tests/exchange/test_word_generated.py`` reads 5,000, or
as many as ``CYPP_TEST_TABLES`` says. ``python -m tests.exchange.generated_tables`` tells of single ones.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.exchange.generated_tables import read_seed

IN_FIELD = 0.98


def check(seeds: Iterable[int], folder: Path) -> None:
    in_field = expected = 0
    for seed in seeds:
        outcome = read_seed(seed, folder)
        assert outcome.lost == [], f"seed {seed}"
        assert not outcome.silent, f"seed {seed}"
        in_field += outcome.in_field
        expected += outcome.expected
    assert in_field >= IN_FIELD * expected


@pytest.mark.parametrize("first", [0, 20, 40])
def test_no_word_of_a_generated_table_is_unaccounted_for(first: int, tmp_path: Path) -> None:
    check(range(first, first + 20), tmp_path)


@pytest.mark.slow
def test_no_word_of_thousands_of_generated_tables_is_unaccounted_for(tmp_path: Path) -> None:
    check(range(60, 60 + int(os.environ.get("CYPP_TEST_TABLES", "5000"))), tmp_path)
