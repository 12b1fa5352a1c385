"""Who said what in which file, where files are copies of each other or have one name."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

import pytest

from cypp_desktop.command_line.main import run
from cypp_desktop.merge.apply import merge_files
from cypp_desktop.merge.decisions import decide
from cypp_desktop.merge.model import Received
from cypp_desktop.merge.question import Question
from cypp_desktop.merge.questions_of_plan import questions_of_plan
from cypp_desktop.merge.report import MergeReport
from cypp_desktop.plan.model import Update
from cypp_desktop.store.plan_file import OpenPlan
from tests.merge.copies import edited, faults, make_plan, opened, review_of
from tests.merge.sent import answered, send

SAID = {"Pat": "- By Pat", "Quentin": "- By Quentin"}


def took(plan: OpenPlan, *paths: Path) -> MergeReport:
    files = review_of(plan, *paths).files
    assert len(files) == len(paths) and all(isinstance(file, Received) for file in files)
    return merge_files(plan, files)


def passed_on(path: Path, name: str) -> tuple[Path, Path]:
    """A partner answers a return, and so does a colleague in a copy that lies elsewhere."""
    (path.parent / "colleague").mkdir()
    other = Path(shutil.copy(path, path.parent / "colleague" / name))
    return answered(path, SAID["Pat"], "Pat"), answered(other, SAID["Quentin"], "Quentin")


def only_question(plan: OpenPlan) -> Question:
    (question,) = questions_of_plan(plan)
    return question


@pytest.mark.parametrize("at_once", [True, False])
def test_a_conflict_names_the_file_in_which_each_side_was_said(plan: OpenPlan, at_once: bool) -> None:
    path = send(plan)
    pat, quentin = passed_on(path, "from a colleague.cypp-return")
    for files in [(pat, quentin)] if at_once else [(pat,), (quentin,)]:
        took(plan, *files)
    assert {(side.author, side.file) for side in only_question(plan).sides} == {
        ("Anytown CCG (said to be by Pat)", pat.name),
        ("Anytown CCG (said to be by Quentin)", quentin.name),
    }


def test_files_of_one_name_are_told_apart_and_each_counted(plan: OpenPlan) -> None:
    path = send(plan)
    pat, quentin = passed_on(path, path.name)
    report = took(plan, pat, quentin)
    assert [(file["name"], file["proposed"]) for file in report.files] == [
        (path.name, 1),
        (f"{path.name} (2)", 1),
    ]
    assert {(edit.author, edit.files) for edit in report.edits} == {
        ("Anytown CCG (said to be by Pat)", (path.name,)),
        ("Anytown CCG (said to be by Quentin)", (f"{path.name} (2)",)),
    }
    assert {(side.author, side.file) for side in only_question(plan).sides} == {
        ("Anytown CCG (said to be by Pat)", path.name),
        ("Anytown CCG (said to be by Quentin)", f"{path.name} (2)"),
    }


def test_what_a_plain_copy_of_the_plan_brought_is_not_said_to_be_from_here(tmp_path: Path) -> None:
    path = make_plan(tmp_path / "plan.cypp")
    copied = edited(
        Path(shutil.copy(path, tmp_path / "Bob's.cypp")), "Bob", ("1/1a/updates/#1", "text", "- By Bob")
    )
    with opened(edited(path, "Ann", ("1/1a/updates/#1", "text", "- By Ann"))) as plan:
        took(plan, copied)
        question = only_question(plan)
        assert [(side.author, side.file) for side in question.sides] == [("Ann", None), ("Bob", "Bob's.cypp")]
        decide(plan, (question.row_type, question.row_id), question.field, "ours")
        update = plan.editor.find(Update, question.row_id)
        assert update is not None and update.text == "- By Ann"
        assert faults(plan) == [] and questions_of_plan(plan) == []


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere every name of a file is text")
def test_a_refused_file_whose_name_is_no_text_is_in_the_report(
    plan: OpenPlan, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert plan.target is not None
    broken = tmp_path / os.fsdecode(b"broken \xff.cypp-return")
    broken.write_text("nothing", encoding="utf-8")
    plan.publish()
    report = tmp_path / "report.json"
    assert run(["merge", str(plan.target), str(broken), "--dry-run", "--report", str(report)]) == 3
    assert json.loads(report.read_text("utf-8"))["refused"][0]["name"] == "broken ?.cypp-return"
    assert "broken ?.cypp-return: refused." in capsys.readouterr().out
