"""What is known of returns where they were put: opened, finished, or nothing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from cypp_desktop.command_line.main import run
from cypp_desktop.errors import FileProblem
from cypp_desktop.merge import sent_out
from cypp_desktop.merge.apply import merge_files
from cypp_desktop.merge.gates.receiving import receive
from cypp_desktop.merge.issue import finish, issue_return
from cypp_desktop.merge.returns import IssueLine, board
from cypp_desktop.merge.sent_out import Lookout
from cypp_desktop.plan.model import IssuedReturn, Organisation, Update
from cypp_desktop.store.disk import FileSystem
from cypp_desktop.store.plan_file import OpenPlan
from tests.merge.copies import make_plan
from tests.merge.sent import CCG, answered, officer, one, partner, send

BEFORE, AFTER = date(2018, 6, 30), date(2018, 7, 2)


@pytest.fixture
def plan(tmp_path: Path) -> Iterator[OpenPlan]:
    with officer(tmp_path) as made:
        yield made


def seen(plan: OpenPlan, lookout: Lookout | None = None, today: date = BEFORE) -> IssueLine:
    lookout = lookout or Lookout()
    found = lookout.fetch(plan.working.data, plan.working.fs, board(plan, today=today))
    (line,) = lookout.board(plan, [], found, today=today)
    assert lookout.board(plan, [], found, today=today) == [line], "asked again, it says the same"
    quarantine = plan.working.data / "quarantine"
    assert not quarantine.exists() or not list(quarantine.iterdir())
    return line


def begun(path: Path) -> Path:
    """A partner writes where the return was put, saves, and goes on another day."""
    with partner(path) as returned:
        with returned.editor.step("Write"):
            returned.editor.session.scalars(select(Update)).one().text = "- Begun"
        returned.publish()
    return path


def test_a_file_that_nobody_touched_is_not_even_read(plan: OpenPlan, monkeypatch: pytest.MonkeyPatch) -> None:
    send(plan)
    monkeypatch.setattr(sent_out, "receive", lambda *_: pytest.fail("it was read"))
    assert (seen(plan).state, seen(plan).is_opened) == ("asked", False)


def test_who_has_written_is_known_to_have_opened_it_and_who_finished_to_have_returned(plan: OpenPlan) -> None:
    path = send(plan, due="2018-07-01")
    lookout = Lookout()
    assert seen(plan, lookout).state == "asked"
    begun(path)
    assert (seen(plan, lookout).state, seen(plan, lookout).is_opened) == ("opened", True)
    late = seen(plan, lookout, AFTER)
    assert (late.state, late.is_opened) == ("late", True)
    answered(path)
    back = seen(plan, lookout, AFTER)
    assert (back.state, back.is_opened, back.found_at) == ("returned", False, str(path))
    merge_files(plan, [one(plan, path)])
    assert seen(plan, lookout, AFTER).state == "merged"


def test_a_file_is_read_again_only_when_it_has_changed(
    plan: OpenPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = begun(send(plan))
    read: list[Path] = []
    monkeypatch.setattr(sent_out, "receive", lambda paths, plan: read.extend(paths) or receive(paths, plan))
    lookout = Lookout()
    assert [seen(plan, lookout).state for _ in range(3)] == ["opened"] * 3
    assert len(read) == 1
    answered(path)
    assert seen(plan, lookout).state == "returned" and len(read) == 2


def test_files_of_one_name_in_several_folders_are_each_looked_after(plan: OpenPlan, tmp_path: Path) -> None:
    organisation = plan.editor.session.scalars(select(Organisation.id).where(Organisation.name == CCG)).one()
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        begun(issue_return(plan, organisation, tmp_path / name))
    lookout, lines = Lookout(), board(plan)
    found = lookout.fetch(plan.working.data, plan.working.fs, lines)
    assert [line.state for line in lookout.board(plan, [], found)] == ["opened", "opened"]


@pytest.mark.parametrize("what", ["gone", "damaged", "another file", "a folder"])
def test_of_what_is_not_there_as_a_return_nothing_is_known(plan: OpenPlan, tmp_path: Path, what: str) -> None:
    path = send(plan)
    path.unlink()
    if what == "damaged":
        path.write_bytes(b"SQLite format 3\0 and rubbish")
    elif what == "another file":
        shutil.copy(make_plan(tmp_path / "another.cypp"), path)
    elif what == "a folder":
        path.mkdir()
    assert seen(plan).state == "asked"


@pytest.mark.parametrize("note", [b"", b"{}", b"[1, 2]", b'["x", 1, 2, 3, {}]', b"\xff", b"[" * 90_000])
def test_a_note_that_is_none_is_no_problem(plan: OpenPlan, note: bytes) -> None:
    begun(send(plan))
    (there,) = (plan.working.data / "sent").iterdir()
    there.write_bytes(note)
    assert seen(plan).state == "asked"
    there.unlink()
    assert seen(plan).state == "asked", "as on every other machine"


def test_a_return_of_which_no_note_can_be_made_is_sent_all_the_same(
    plan: OpenPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full(FileSystem):
        def make_folder(self, folder: Path) -> None:
            if folder.name == "sent":
                raise OSError(28, "No space left on device")
            super().make_folder(folder)

    monkeypatch.setattr(plan.working, "fs", Full())
    path = begun(send(plan))
    assert path.exists() and seen(plan).state == "asked"


def test_an_id_that_is_none_names_no_note(plan: OpenPlan) -> None:
    begun(send(plan))
    (there,) = (plan.working.data / "sent").iterdir()
    shutil.copy(there, plan.working.data / "elsewhere.json")
    lines = [replace(seen(plan, today=BEFORE), issue_id=id_, state="asked") for id_ in ("../elsewhere", "")]
    assert Lookout().fetch(plan.working.data, plan.working.fs, lines) == []


def test_notes_are_thrown_away_after_two_years(plan: OpenPlan) -> None:
    send(plan)
    (old,) = (plan.working.data / "sent").iterdir()
    os.utime(old, (1_000_000_000, 1_000_000_000))
    send(plan)
    (new,) = (plan.working.data / "sent").iterdir()
    assert new != old
    issued = plan.editor.session.scalars(select(IssuedReturn.id)).all()
    assert new.stem in issued


def test_the_plan_and_the_return_say_nothing_of_where_it_was_put(plan: OpenPlan) -> None:
    path = send(plan)
    plan.publish()
    assert plan.target is not None
    for file in (path, plan.target):
        assert bytes(path.parent) not in file.read_bytes()


def test_the_command_line_looks_there_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = make_plan(tmp_path / "plan.cypp")
    words = ["issue", str(plan), "--to", CCG, "-o", str(tmp_path), "--due", "2018-07-01"]
    assert run(words) == 0
    path = Path(capsys.readouterr().out.strip())
    begun(path)
    assert run(["returns", str(plan)]) == 0
    assert f"{CCG} (End of year): late, opened, due 2018-07-01" in capsys.readouterr().out
    answered(path)
    assert run(["returns", str(plan)]) == 0
    assert f"{CCG} (End of year): returned, due 2018-07-01" in capsys.readouterr().out


def test_a_data_folder_that_cannot_be_used_is_a_problem_of_the_board_alone(
    plan: OpenPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(send(plan))
    found = Lookout().fetch(plan.working.data, plan.working.fs, board(plan))

    class Denied(FileSystem):
        def make_folder(self, folder: Path) -> None:
            raise PermissionError(13, "Permission denied")

    assert Lookout().fetch(plan.working.data, Denied(), board(plan)) == []
    monkeypatch.setattr(plan.working, "fs", Denied())
    with pytest.raises(FileProblem, match="permission"):
        Lookout().board(plan, [], found)


def test_what_was_finished_without_writing_came_back_empty(plan: OpenPlan) -> None:
    path = send(plan)
    with partner(path) as returned:
        finish(returned)
    back = seen(plan)
    assert (back.state, back.found_at) == ("came back empty", str(path))
