"""Merging from the command line, as someone at a terminal meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cypp_desktop.command_line.main import run, wants_window
from tests.merge.copies import copy_of, edited, make_plan

BEA = "- Fewer smoke\n- More feed\n- More visits"
CY = "- A new clinic\n- Fewer smoke\n- More feed"


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    return make_plan(tmp_path / "plan.cypp")


@pytest.fixture
def copies(plan: Path) -> list[str]:
    """Two copies edited apart: one measure's title differs, one update's edits fit together."""
    bea = edited(
        copy_of(plan, "bea"),
        "Bea",
        ("1/1a/i", "title", "Smoking"),
        ("1/1a/ii", "title", "Feeding"),
        ("1/1a/updates/#1", "text", BEA),
    )
    cy = edited(copy_of(plan, "cy"), "Cy", ("1/1a/i", "title", "Tobacco"), ("1/1a/updates/#1", "text", CY))
    return [str(bea), str(cy)]


def shown(capsys: pytest.CaptureFixture[str], plan: Path, address: str) -> dict[str, object]:
    capsys.readouterr()
    assert run(["show", str(plan), address, "--json"]) == 0
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def test_two_copies_edited_apart_are_merged_decided_and_unmerged(
    plan: Path, copies: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "report.json"
    assert run(["merge", str(plan), *copies, "--report", str(report)]) == 3, "a conflict is open"
    said = capsys.readouterr().out
    assert "5 edits proposed" in said and "2  in conflict" in said
    whole = json.loads(report.read_text("utf-8"))
    assert whole["proposed"] == len(whole["edits"]) == sum(whole["counts"].values()) == 5
    assert [file["proposed"] for file in whole["files"]] == [3, 2]
    assert shown(capsys, plan, "1/1a/ii")["title"] == "Feeding"
    assert shown(capsys, plan, "1/1a/i")["title"] == "Smoking at delivery"
    assert run(["conflicts", str(plan), "--json"]) == 3
    conflict, combined = json.loads(capsys.readouterr().out)
    assert (conflict["address"], conflict["base"], combined["kind"]) == (
        "1/1a/i", "Smoking at delivery", "combined",
    )  # fmt: skip
    assert {(side["author"], side["value"], side["file"]) for side in conflict["sides"]} == {
        ("Bea", "Smoking", "bea.cypp"),
        ("Cy", "Tobacco", "cy.cypp"),
    }
    assert run(["check", str(plan)]) == 0
    assert run(["set", str(plan), "1/1a/i", "title", "Smoking and tobacco"]) == 0
    capsys.readouterr()
    assert run(["conflicts", str(plan)]) == 0, "whoever writes the field has decided it"
    assert "combined: please read" in capsys.readouterr().out
    assert run(["unmerge", str(plan)]) == 1
    assert "1 › 1a › i, Title" in capsys.readouterr().err
    assert run(["unmerge", str(plan), "--what-can"]) == 3
    assert shown(capsys, plan, "1/1a/ii")["title"] == "Breastfeeding at 6-8 weeks"
    assert shown(capsys, plan, "1/1a/i")["title"] == "Smoking and tobacco"
    assert run(["check", str(plan)]) == 0


def test_a_dry_run_says_the_same_and_changes_nothing(
    plan: Path, copies: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = plan.read_bytes()
    dry, wet = tmp_path / "dry.json", tmp_path / "wet.json"
    assert run(["merge", str(plan), *copies, "--dry-run", "--report", str(dry)]) == 3
    assert plan.read_bytes() == before
    assert run(["merge", str(plan), *copies, "--report", str(wet)]) == 3
    one, other = (json.loads(path.read_text("utf-8")) for path in (dry, wet))
    assert (
        one["edits"] == other["edits"] and one["counts"] == other["counts"] and one["open"] == other["open"]
    )


@pytest.mark.parametrize(
    ("how", "code", "title", "update"),
    [
        ("ours", 0, "Smoking at delivery", "- A new clinic\n- Fewer smoke\n- More feed\n- More visits"),
        ("theirs", 3, "Smoking at delivery", None),
        ("both", 3, "Smoking at delivery", None),
    ],
)
def test_conflicts_can_be_decided_in_one_go_where_that_is_no_guess(
    plan: Path,
    copies: list[str],
    how: str,
    code: int,
    title: str,
    update: str | None,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["merge", str(plan), *copies, "--decide", how]) == code
    assert shown(capsys, plan, "1/1a/i")["title"] == title
    if update:
        updates = shown(capsys, plan, "1/1a")["updates"]
        assert isinstance(updates, list) and updates[0]["text"] == update


def test_theirs_is_taken_where_there_is_one_of_them(
    plan: Path, copies: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["set", str(plan), "1/1a/i", "title", "Ours"]) == 0
    assert run(["merge", str(plan), copies[0], "--decide", "theirs"]) == 0
    assert shown(capsys, plan, "1/1a/i")["title"] == "Smoking"
    assert run(["conflicts", str(plan)]) == 0
    assert run(["merge", str(plan), *copies]) == 3, "the second brings another title"
    assert run(["unmerge", str(plan)]) == 0
    assert shown(capsys, plan, "1/1a/i")["title"] == "Smoking"


def test_a_merge_can_be_undone_by_name(
    plan: Path, copies: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    for copy in copies:
        run(["merge", str(plan), copy])
    capsys.readouterr()
    assert run(["unmerge", str(plan), "--list"]) == 0
    last, first = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert run(["unmerge", str(plan), first]) == 0
    assert shown(capsys, plan, "1/1a/i")["title"] == "Tobacco"
    assert run(["unmerge", str(plan), last]) == 0
    assert shown(capsys, plan, "1/1a/i")["title"] == "Smoking at delivery"
    assert run(["unmerge", str(plan)]) == 1
    assert "no merge to undo" in capsys.readouterr().err


def test_what_is_no_copy_of_the_plan_is_refused_and_the_others_go_on(
    plan: Path, copies: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = make_plan(tmp_path / "other" / "other.cypp") if (tmp_path / "other").mkdir() is None else plan
    assert run(["merge", str(plan), str(other), copies[0], str(tmp_path / "missing.cypp")]) == 3
    said = capsys.readouterr().out
    assert "other.cypp: refused" in said and "missing.cypp: refused" in said
    assert shown(capsys, plan, "1/1a/i")["title"] == "Smoking"


def test_where_there_is_nothing_to_merge_it_says_so(
    plan: Path, copies: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = plan.read_bytes()
    assert run(["merge", str(plan), str(plan)]) == 0
    assert capsys.readouterr().out == "There is nothing to merge\n  plan.cypp: 0 edits\n"
    assert run(["merge", str(plan), str(tmp_path)]) == 3
    assert capsys.readouterr().out.startswith("There is nothing to merge\n")
    assert plan.read_bytes() == before


def test_a_report_that_has_nowhere_to_go_is_told_before_anything_is_merged(
    plan: Path, copies: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = plan.read_bytes()
    assert run(["merge", str(plan), *copies, "--report", str(tmp_path / "gone" / "report.json")]) == 1
    assert "nothing was merged" in capsys.readouterr().err
    assert plan.read_bytes() == before


def test_what_others_wrote_does_not_command_the_terminal(
    plan: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = edited(copy_of(plan, "odd"), "Bea \x1b[2J", ("1/1a/i", "title", "Smoking \x1b]0;x\x07"))
    assert run(["set", str(plan), "1/1a/i", "title", "Ours"]) == 0
    assert run(["merge", str(plan), str(odd)]) == 3
    assert run(["conflicts", str(plan)]) == 3
    said = capsys.readouterr().out
    assert "Smoking" in said and "\x1b" not in said and "\x07" not in said


def test_history_names_who_wrote_it_and_the_merge_that_brought_it(
    plan: Path, copies: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    run(["merge", str(plan), *copies])
    capsys.readouterr()
    assert run(["history", str(plan), "1/1a/ii", "--json"]) == 0
    [entry] = [e for e in json.loads(capsys.readouterr().out) if e["value"] == "Feeding"]
    assert (entry["author"], entry["step"]) == ("Bea", "Merge 2 files")


def test_a_return_opens_in_the_window() -> None:
    assert wants_window(["from schools.cypp-return"])
    assert not wants_window(["merge"]) and not wants_window(["conflicts"])
