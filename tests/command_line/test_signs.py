"""Signs that deceive on the command line: kept out of the plan, and never printed as they are."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest

from cypp_desktop.command_line.main import run
from tests.store.plans import SMALL

SIGNS = [
    "\x1b[31m",
    "\x07",
    "\x9b",
    "\u202e",
    "\u2066",
    "\u200b",
    "\u2060",
    "\U000e0041",
    "\ue000",
    "\u2028",
    "\xad",
]


@pytest.mark.parametrize("sign", SIGNS, ids=ascii)
def test_what_is_set_or_imported_is_kept_without_them(
    plan: str, tmp_path: Path, sign: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["set", plan, "1/1a/i", "title", f"Smo{sign}king", "--as", f"Ann{sign} Smith"]) == 0
    source = tmp_path / "signs.json"
    source.write_text(json.dumps({**SMALL, "title": f"Pl{sign}an"}), "utf-8")
    assert run(["import", str(source), "-o", str(tmp_path / "signs.cypp")]) == 0
    assert run(["show", str(tmp_path / "signs.cypp")]) == 0
    assert run(["show", plan, "1/1a/i"]) == 0
    assert run(["history", plan, "1/1a/i"]) == 0
    capsys.readouterr()
    assert run(["export", plan, "-o", str(tmp_path / "out.json")]) == 0
    assert sign[0] not in (tmp_path / "out.json").read_text("utf-8")
    assert run(["history", plan, "1/1a/i", "--json"]) == 0
    assert sign[0] not in capsys.readouterr().out


@pytest.mark.parametrize("sign", SIGNS, ids=ascii)
@pytest.mark.parametrize(
    "words",
    [
        ["show", "{}.cypp"],
        ["check", "{}.cypp"],
        ["print", "{}.cypp"],
        ["merge", "{}.cypp", "{}"],
        ["{}", "--no"],
    ],
)
def test_names_of_files_and_words_of_errors_are_printed_without_them(
    tmp_path: Path, sign: str, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    given = [word.format(str(tmp_path / f"a{sign}b")) for word in words]
    with contextlib.suppress(SystemExit):
        run(given)
    said = capsys.readouterr()
    assert sign[0] not in said.out + said.err


def test_json_of_a_plan_says_what_it_holds(plan: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["set", plan, "1/1a/i", "title", "Tŷ Gŵyr می\u200cخواهم"]) == 0
    capsys.readouterr()
    assert run(["show", plan, "1/1a/i", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "Tŷ Gŵyr می\u200cخواهم"
