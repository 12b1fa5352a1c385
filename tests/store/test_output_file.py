"""Files written for a person: whole or not at all, and never over a plan or where no document can be."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from cypp_desktop.errors import FileProblem
from cypp_desktop.store.disk import FileSystem
from cypp_desktop.store.output_file import write_output
from cypp_desktop.store.plan_file import OpenPlan


def test_a_document_is_replaced_as_a_whole(tmp_path: Path) -> None:
    out, bystander = tmp_path / "out.json", tmp_path / "out.json.new"
    out.write_text("old")
    bystander.write_text("mine")
    write_output(out, b"new", made_from=None)
    assert (out.read_text(), bystander.read_text()) == ("new", "mine")
    assert len(list(tmp_path.iterdir())) == 2


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    real, link = tmp_path / "real.json", tmp_path / "link.json"
    real.write_text("old")
    try:
        link.symlink_to(real)
    except OSError:
        pytest.skip("links cannot be made here")
    write_output(link, b"new", made_from=None)
    assert link.is_symlink() and real.read_text() == "new"


@pytest.mark.parametrize("name", ["plan.cypp", "no plan yet.CYPP", "renamed.json"])
def test_no_plan_is_written_over(tmp_path: Path, name: str) -> None:
    with OpenPlan.create(tmp_path / "plan.cypp", title="T") as plan:
        plan.publish()
    (tmp_path / "renamed.json").write_bytes((tmp_path / "plan.cypp").read_bytes())
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(FileProblem, match="plan"):
        write_output(tmp_path / name, b"{}", made_from=None)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_folder_is_no_place_for_a_document(tmp_path: Path) -> None:
    for path in (tmp_path, Path(), tmp_path / "missing" / "out.json"):
        with pytest.raises(FileProblem):
            write_output(path, b"x", made_from=None)


@pytest.mark.skipif(sys.platform == "win32", reason="named pipes are made otherwise there")
def test_a_pipe_or_device_is_left_alone(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(FileProblem, match="not a file"):
        write_output(pipe, b"x", made_from=None)
    assert pipe.is_fifo()


def test_what_fails_leaves_nothing(tmp_path: Path) -> None:
    class Full(FileSystem):
        def replace(self, source: Path, target: Path) -> None:
            raise OSError(28, "No space left on device")

    with pytest.raises(FileProblem, match="full"):
        write_output(tmp_path / "out.json", b"x", Full(), made_from=None)
    assert not list(tmp_path.iterdir())
