"""What a kill left of a plan and cannot be read: told of by every command, kept, and never in the way."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from cypp_desktop.command_line.main import run
from cypp_desktop.errors import CyppError
from cypp_desktop.store.addresses import row_at
from cypp_desktop.store.commands import set_field
from cypp_desktop.store.plan_file import OpenPlan
from cypp_desktop.store.recoverable import ORIGIN, PLAN


def flipped(folder: Path) -> None:
    content = (folder / PLAN).read_bytes()
    (folder / PLAN).write_bytes(content.replace(b"Kept here", b"Kepu here", 1))


def cut_short(folder: Path) -> None:
    os.truncate(folder / PLAN, 100_000)


def emptied(folder: Path) -> None:
    os.truncate(folder / PLAN, 0)


def without_note(folder: Path) -> None:
    (folder / ORIGIN).write_text("{")


WAYS = (flipped, cut_short, emptied, without_note)


@pytest.mark.parametrize("spoil", WAYS)
def test_what_cannot_be_gone_on_with_is_told_of_and_kept(
    tmp_path: Path, spoil: Callable[[Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "plan.cypp"
    assert run(["new", str(target), "--sample", "city"]) == 0
    with OpenPlan.open(target) as plan:
        set_field(plan.editor, row_at(plan.editor.session, "plan"), "title", "Kept here")
        folder, data = plan.working.folder, plan.working.data
    spoil(folder)
    left = (folder / PLAN).read_bytes()
    for words in (["show", str(target)], ["set", str(target), "plan", "title", "x"], ["undo", str(target)]):
        capsys.readouterr()
        assert run(words) == 0
        said = capsys.readouterr().err
        assert str(folder) in said and "kept on this laptop" in said and said.count("\n") == 1
    assert (folder / PLAN).read_bytes() == left
    other = tmp_path / "other.cypp"
    assert run(["new", str(other), "--sample", "county"]) == 0
    capsys.readouterr()
    assert run(["show", str(other)]) == 0
    assert capsys.readouterr().err == "", "they are of another plan"
    with OpenPlan.open(target, data=data) as plan:
        assert [copy.folder for copy in plan.working.lost] == [folder]


@pytest.mark.parametrize("size", [0, 100, 8_192, 262_144, None])
def test_a_working_copy_that_breaks_while_it_is_open_is_told_plainly(
    tmp_path: Path, size: int | None
) -> None:
    target = tmp_path / "plan.cypp"
    assert run(["new", str(target), "--sample", "city"]) == 0
    before = target.read_bytes()
    with OpenPlan.open(target) as plan:
        set_field(plan.editor, row_at(plan.editor.session, "plan"), "title", "Kept here")
        if size is None:
            plan.working.path.unlink()
        else:
            os.truncate(plan.working.path, size)
        plan.editor.session.expire_all()
        deeds: tuple[Callable[[], object], ...] = (
            lambda: set_field(plan.editor, row_at(plan.editor.session, "plan"), "title", "x"),
            plan.editor.undo,
            plan.publish,
            lambda: plan.save_copy(tmp_path / "copy.cypp"),
        )
        for deed in deeds:
            with pytest.raises(CyppError, match=r"damaged|read-only"):
                deed()
    assert target.read_bytes() == before
    assert run(["check", str(target)]) == 0
