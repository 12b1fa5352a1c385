"""``remove-for-good`` on the command line: what it would do, and doing it."""

from __future__ import annotations

from pathlib import Path

import pytest

from cypp_desktop import paths
from cypp_desktop.command_line.common import ExitCode
from cypp_desktop.command_line.main import run
from tests.merge.copies import make_plan
from tests.operations.bytes_on_disk import files_with

NAME = "Jane Quillfeather"


@pytest.fixture
def plan(tmp_path: Path) -> str:
    path = make_plan(tmp_path / "plan.cypp")
    for words in (f"Of {NAME}", f"Of {NAME} and others", "Of others"):
        assert run(["set", str(path), "1/1a/i", "definition", words]) == ExitCode.DONE
    return str(path)


def everywhere(plan: str) -> list[str]:
    return files_with(NAME, Path(plan).parent, paths.data_folder())


def test_it_shows_every_place_and_changes_nothing_without_a_yes(
    plan: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = Path(plan).read_bytes()
    assert run(["remove-for-good", plan, "1/1a/i", "definition"]) == ExitCode.NEEDS_AN_EYE
    said = capsys.readouterr()
    assert f"2  Of {NAME} and others" in said.out
    assert "In the plan now: 1 place" in said.out and "2 backups" in said.out
    assert "This cannot be undone." in said.err
    assert Path(plan).read_bytes() == before
    assert everywhere(plan)


def test_words_go_with_a_reason(plan: str, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["remove-for-good", plan, "--words", NAME, "--yes"]
    assert run(asked) == ExitCode.NOT_DONE
    assert "Say why" in capsys.readouterr().err
    assert run([*asked, "--reason", "Her family asked for it", "--keep-rest"]) == ExitCode.DONE
    assert everywhere(plan) == []
    assert run(["check", plan]) == ExitCode.DONE
    capsys.readouterr()
    assert run(["history", plan, "1/1a/i"]) == ExitCode.DONE
    assert "Her family asked for it" in capsys.readouterr().out
    assert run(asked) == ExitCode.NOT_DONE


def test_one_wording_goes_and_the_other_stays(plan: str) -> None:
    asked = ["remove-for-good", plan, "1/1a/i", "definition", "--wording", "2", "--reason", "Asked", "--yes"]
    assert run(asked) == ExitCode.DONE
    assert files_with("and others", Path(plan).parent, paths.data_folder()) == []
    assert files_with(f"Of {NAME}", Path(plan).parent, paths.data_folder())


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["1/1a/i"],
        ["1/1a/i", "definition", "--words", "Jane"],
        ["--words", "ab"],
        ["1/1a/i", "definition", "--wording", "9"],
        ["1/1a/i", "polarity"],
        ["1/1a/i", "definition", "--keep-rest"],
    ],
)
def test_what_makes_no_sense_is_refused(plan: str, words: list[str]) -> None:
    assert run(["remove-for-good", plan, *words]) == ExitCode.NOT_DONE
