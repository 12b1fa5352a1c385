"""What a new text of a measure needs beside its column, its version and its input: nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cypp_desktop.__main__ import main
from cypp_desktop.plan.search import Query, search
from tests.merge.copies import at, copy_of, edited, make_plan, opened

WORDS = "Small numbers: read three years together."


def test_the_caveats_of_a_measure_are_merged_exported_found_and_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = make_plan(tmp_path / "Our plan.cypp")
    copy = edited(copy_of(path, "copy"), "Bea", ("1/1a/i", "caveats", WORDS))
    assert main(["merge", str(path), str(copy)]) == 0
    with opened(path) as plan:
        assert at(plan, "1/1a/i").caveats == WORDS  # type: ignore[attr-defined]
    assert main(["export", str(path), "-o", str(tmp_path / "out.json")]) == 0
    assert WORDS in json.dumps(json.loads((tmp_path / "out.json").read_text("utf-8")))
    capsys.readouterr()
    assert main(["history", str(path)]) == 0
    told = capsys.readouterr().out
    assert "caveats" in told.lower()
    with opened(path) as plan:
        found = search(plan.editor.sqlite, Query("three years"))
        assert "measure.caveats" in {hit.field for hit in found}
