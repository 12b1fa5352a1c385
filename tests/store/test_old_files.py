"""A plan of every released file version opens, is sound, says what it said, and can still be undone."""

from __future__ import annotations

import contextlib
import json
import re
import shutil
from pathlib import Path

import pytest

from cypp_desktop.errors import NewerPlan
from cypp_desktop.exchange.plan_json import dump_plan, to_text
from cypp_desktop.store import disk, files
from cypp_desktop.store.addresses import row_at
from cypp_desktop.store.check import check_file
from cypp_desktop.store.commands import set_field
from cypp_desktop.store.file_parts import parts
from cypp_desktop.store.new_file import parts_of_a_file
from cypp_desktop.store.plan_file import OpenPlan
from cypp_desktop.store.versions import CURRENT_VERSION, VERSION_MAJOR

FILES = Path(__file__).parents[1] / "files"
VERSIONS = sorted(path.name for path in FILES.glob("v*") if (path / "plan.cypp").exists())


@pytest.fixture(params=VERSIONS)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    shutil.copytree(FILES / request.param, tmp_path / "old")
    return tmp_path / "old" / "plan.cypp"


def test_there_is_a_file_of_the_first_version() -> None:
    assert "v1" in VERSIONS


def test_an_old_plan_says_what_it_said(old: Path) -> None:
    with OpenPlan.open(old) as plan:
        assert check_file(plan.engine).faults == []
        said = json.loads(to_text(dump_plan(plan.editor.session)))
    assert said == json.loads(old.with_name("plan.json").read_text("utf-8"))


def test_an_old_plan_can_be_edited_undone_and_saved(old: Path) -> None:
    with OpenPlan.open(old) as plan:
        editor = plan.editor
        assert editor.redo_name == "Edit source of 1a.i"
        set_field(editor, row_at(editor.session, "1/1a/i"), "title", "New words")
        while editor.undo_name:
            editor.undo()
        assert row_at(editor.session, "1/1b") is not None
        assert check_file(plan.engine).faults == []
        plan.publish()
    with OpenPlan.open(old) as plan:
        assert check_file(plan.engine).faults == []


def test_an_old_plan_becomes_to_the_letter_what_a_new_one_is(old: Path, tmp_path: Path) -> None:
    with OpenPlan.open(old) as plan:
        set_field(plan.editor, row_at(plan.editor.session, "1/1a/i"), "title", "New words")
        plan.publish()
    with contextlib.closing(disk.connect(old)) as upgraded:
        assert upgraded.execute("PRAGMA user_version").fetchone() == (CURRENT_VERSION,)
        assert set(parts(upgraded)) == set(parts_of_a_file())


def test_every_copy_of_an_old_plan_has_the_same_secret(old: Path, tmp_path: Path) -> None:
    secrets = set()
    other = tmp_path / "other.cypp"
    shutil.copy(old, other)
    for path in (old, other):
        with OpenPlan.open(path) as plan:
            secrets.add(plan.editor.meta("secret"))
    (secret,) = secrets
    assert re.fullmatch("[0-9a-f]{64}", secret or "")
    assert secret is not None and secret.encode() not in old.with_name("plan.json").read_bytes()


def test_two_new_plans_have_two_secrets(tmp_path: Path) -> None:
    with OpenPlan.create(tmp_path / "1.cypp") as one, OpenPlan.create(tmp_path / "2.cypp") as two:
        assert one.editor.meta("secret") != two.editor.meta("secret")


def test_the_program_of_the_version_before_refuses_the_file(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with OpenPlan.open(old) as plan:
        set_field(plan.editor, row_at(plan.editor.session, "1/1a/i"), "title", "New words")
        plan.publish()
    monkeypatch.setattr(files, "VERSION_MAJOR", VERSION_MAJOR - 1)
    with pytest.raises(NewerPlan, match=r"later version of CYPP Desktop"):
        OpenPlan.open(old)


def test_a_newer_major_version_is_refused_and_a_newer_minor_opens(old: Path) -> None:
    def version(number: int) -> None:
        connection = disk.connect(old, "rw")
        connection.execute(f"PRAGMA user_version={number}")
        connection.close()

    with OpenPlan.open(old) as plan:  # what this version writes is what a newer one adds to
        set_field(plan.editor, row_at(plan.editor.session, "1/1a/i"), "title", "New words")
        plan.publish()
    version((VERSION_MAJOR + 1) * 1000 - 1)
    with OpenPlan.open(old) as plan:
        assert check_file(plan.engine).faults == []
    version((VERSION_MAJOR + 1) * 1000)
    with pytest.raises(NewerPlan, match=r"newer|later"):
        OpenPlan.open(old)
