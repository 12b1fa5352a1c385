"""Who may read what is made: files written over stay as they were, nothing of a private plan is public."""

from __future__ import annotations

import ast
import contextlib
import os
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cypp_desktop.command_line.main import run
from cypp_desktop.merge.apply import merge_files
from cypp_desktop.operations.removal import Order, remove_for_good
from cypp_desktop.plan.sought_words import SoughtWords
from cypp_desktop.store.addresses import row_at
from cypp_desktop.store.commands import set_field
from cypp_desktop.store.disk import DISK, FileSystem
from cypp_desktop.store.file_rights import create_private, give_rights, rights_for, rights_of, umask
from cypp_desktop.store.output_file import make_output_folder, write_output
from cypp_desktop.store.plan_file import OpenPlan
from cypp_desktop.store.removal_search import WordsAnywhere
from cypp_desktop.store.removal_survey import survey
from tests.merge.copies import make_plan
from tests.merge.sent import answered, one, send

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="files have the rights of their folder there")

_SOURCE = Path(__file__).parents[2] / "src" / "cypp_desktop"
_IS_ROOT = sys.platform != "win32" and os.geteuid() == 0
_needs_root = pytest.mark.skipif(not _IS_ROOT, reason="only root gives files away")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def usual_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.mark.parametrize("was", [0o600, 0o640, 0o604, 0o660, 0o664, 0o666, 0o700, 0o755, 0o400])
def test_what_is_written_over_keeps_its_mode(tmp_path: Path, usual_umask: None, was: int) -> None:
    out, plan = tmp_path / "out.json", tmp_path / "plan.cypp"
    out.touch()
    out.chmod(was)
    plan.touch(0o600)
    write_output(out, b"new", made_from=plan)
    assert (mode(out), out.read_bytes()) == (was, b"new")


@pytest.mark.parametrize("usual", [0o000, 0o002, 0o022, 0o027, 0o077])
@pytest.mark.parametrize("of_plan", [0o600, 0o640, 0o644, 0o660, 0o664, 0o666, 0o604])
def test_a_new_file_gives_nobody_more_than_the_plan(tmp_path: Path, of_plan: int, usual: int) -> None:
    plan = tmp_path / "plan.cypp"
    plan.touch()
    plan.chmod(of_plan)
    before = os.umask(usual)
    try:
        assert umask() == usual
        write_output(tmp_path / "out.json", b"x", made_from=plan)
        make_output_folder(tmp_path / "one" / "two", made_from=plan)
        write_output(tmp_path / "free.json", b"x", made_from=None)
    finally:
        os.umask(before)
    right = 0o666 & ~usual & of_plan
    assert mode(tmp_path / "out.json") == right
    assert mode(tmp_path / "free.json") == 0o666 & ~usual
    for folder in (tmp_path / "one", tmp_path / "one" / "two"):
        assert mode(folder) & 0o066 == right & 0o066
        assert mode(folder) & 0o700 == 0o700


def test_what_is_made_from_a_plan_that_is_gone_is_private(tmp_path: Path, usual_umask: None) -> None:
    write_output(tmp_path / "out.json", b"x", made_from=tmp_path / "gone.cypp")
    assert mode(tmp_path / "out.json") == 0o600


@_needs_root
def test_owner_and_group_stay(tmp_path: Path, usual_umask: None) -> None:
    out = tmp_path / "out.json"
    out.touch()
    os.chown(out, 1234, 2345)
    out.chmod(0o660)
    write_output(out, b"new", made_from=None)
    assert (out.stat().st_uid, out.stat().st_gid, mode(out)) == (1234, 2345, 0o660)


@_needs_root
def test_a_new_file_is_of_the_group_of_a_plan_that_is_its_groups(tmp_path: Path, usual_umask: None) -> None:
    plan = tmp_path / "plan.cypp"
    plan.touch()
    os.chown(plan, 1234, 2345)
    plan.chmod(0o660)
    write_output(tmp_path / "out.json", b"new", made_from=plan)
    found = (tmp_path / "out.json").stat()
    assert (found.st_gid, mode(tmp_path / "out.json")) == (2345, 0o640)


def test_another_group_gets_what_everybody_gets(tmp_path: Path, usual_umask: None) -> None:
    class OfNoOtherGroup(FileSystem):
        def set_owner(self, path: Path, owner: int | None, group: int | None) -> None:
            raise PermissionError

        def stat(self, path: Path) -> os.stat_result:
            found = list(super().stat(path))
            if path.suffix == ".cypp":
                found[5] += 1  # the plan is of a group that this person is not of
            return os.stat_result(found)

    plan = tmp_path / "plan.cypp"
    plan.touch()
    for of_plan, right in ((0o660, 0o600), (0o664, 0o644), (0o640, 0o600)):
        plan.chmod(of_plan)
        write_output(tmp_path / "out.json", b"x", OfNoOtherGroup(), made_from=plan)
        assert mode(tmp_path / "out.json") == right
        (tmp_path / "out.json").unlink()


@pytest.mark.skipif(sys.platform != "linux", reason="access lists are kept otherwise there")
def test_an_access_list_stays(tmp_path: Path, usual_umask: None) -> None:
    out = tmp_path / "out.json"
    out.touch(0o640)
    entries = ((1, 6, -1), (2, 4, 1234), (4, 0, -1), (16, 4, -1), (32, 0, -1))
    given = (2).to_bytes(4, "little") + b"".join(
        tag.to_bytes(2, "little") + may.to_bytes(2, "little") + who.to_bytes(4, "little", signed=True)
        for tag, may, who in entries
    )
    if not DISK.set_access_list(out, given):
        pytest.skip("this disk knows no access lists")
    write_output(out, b"new", made_from=None)
    assert DISK.access_list(out) == given
    rights = rights_of(out, DISK)
    assert rights is not None
    other = tmp_path / "other.json"
    other.touch()

    class WithoutLists(FileSystem):
        def set_access_list(self, path: Path, access_list: bytes | None) -> bool:
            return False

    give_rights(other, rights, WithoutLists())
    assert mode(other) == 0o600  # the group itself had nothing: the list had it read by one person


class _Watched(FileSystem):
    """Writes down what mode a file has whenever something is done to it."""

    def __init__(self) -> None:
        self.modes: list[int] = []

    def write(self, path: Path, data: bytes, *, sync: bool = True, private: bool = True) -> None:
        self.modes.append(mode(path))
        super().write(path, data, sync=sync, private=private)
        self.modes.append(mode(path))


def test_a_temporary_is_private_from_its_first_byte(tmp_path: Path, usual_umask: None) -> None:
    watched = _Watched()
    (tmp_path / "out.json").touch(0o666)
    write_output(tmp_path / "out.json", b"x", watched, made_from=None)
    assert watched.modes == [0o600, 0o600]
    create_private(tmp_path / "made", DISK)
    assert mode(tmp_path / "made") == 0o600
    with pytest.raises(FileExistsError):
        create_private(tmp_path / "made", DISK)
    assert rights_for(tmp_path / "new", None, DISK).mode == 0o644


def test_every_way_out_of_a_private_plan_is_private(tmp_path: Path, usual_umask: None) -> None:
    plan = tmp_path / "plan.cypp"
    assert run(["new", str(plan), "--sample", "city"]) == 0
    assert mode(plan) == 0o644
    plan.chmod(0o600)
    out = tmp_path / "out"
    out.mkdir()
    out.chmod(0o755)
    inbox = str(tmp_path / "returns")
    ways = (
        ["export", str(plan), "-o", str(out / "plan.json")],
        *(["print", str(plan), "-o", str(out / f"plan{kind}")] for kind in (".pdf", ".html", ".docx")),
        ["print", str(plan), "--each-organisation", "-o", str(out / "each.html")],
        ["issue", str(plan), "--to", "CCG", "-o", inbox],
        ["merge", str(plan), str(tmp_path / "none.cypp-return"), "--report", str(out / "report.json")],
    )
    for words in ways:
        assert run(words) in (0, 3), words
    made = [*out.iterdir(), *Path(inbox).iterdir(), Path(inbox)]
    assert len(made) > 7
    assert {path.name: oct(mode(path)) for path in made if mode(path) & 0o077} == {}


def test_the_data_folder_is_private(tmp_path: Path, usual_umask: None) -> None:
    DISK.make_folder(tmp_path / "data" / "working" / "one")
    assert [mode(tmp_path / "data" / name) for name in ("", "working", "working/one")] == [0o700] * 3


def test_nothing_in_the_data_folder_is_ever_anybody_elses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After each call to the disk, through the life of a plan: sent, returned, merged, restored, cleaned."""
    data, too_open = tmp_path / "data of Ann", set[str]()

    def looking_after(do: Callable[..., Any]) -> Callable[..., Any]:
        def called(*arguments: Any, **named: Any) -> Any:
            try:
                return do(*arguments, **named)
            finally:
                for path in data.rglob("*"):
                    with contextlib.suppress(FileNotFoundError):
                        if mode(path) & 0o077:
                            too_open.add(f"{path.relative_to(data).parts[0]} {path.name}")

        return called

    for name, method in vars(FileSystem).items():
        if not name.startswith("_") and callable(method):
            monkeypatch.setattr(FileSystem, name, looking_after(method))
    before = os.umask(0)
    try:
        with OpenPlan.open(make_plan(tmp_path / "plan.cypp"), author="Ann", data=data) as plan:
            path = send(plan)
            plan.publish()
            answered(path)
            merge_files(plan, [one(plan, path)])
            plan.publish()
            plan.restore(plan.backups()[0])
            set_field(plan.editor, row_at(plan.editor.session, "1/1a/i"), "definition", "Of Quillfeather")
            plan.publish()
            found = survey(plan, WordsAnywhere(SoughtWords(["Quillfeather"])))
            remove_for_good(plan, found, Order(reason="Asked for"))
            plan.save_copy(tmp_path / "copy.cypp")
    finally:
        os.umask(before)
    assert {path.parent.name for path in data.rglob("*.json")} >= {"sent"}
    assert too_open == set()


def test_files_are_written_for_people_in_one_place_alone() -> None:
    """Whoever writes by other means than these would have to think of rights himself."""
    allowed = {
        "store/disk.py",  # the seam itself
        "settings.py", "bugs.py", "ui/single_window.py",  # in the application's own folders
        "merge/gates/quarantine.py", "operations/printing/prints.py",  # in a folder that is private
    }  # fmt: skip
    writing = {"write_bytes", "write_text", "mkdir", "touch", "makedirs", "copyfile", "copy2"}
    found = set()
    for path in _SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            modes = [one.value for one in node.args if isinstance(one, ast.Constant)]
            opens = node.func.attr in ("open", "fdopen") and any(
                isinstance(one, str) and set(one) <= set("wxabt+r") and set(one) & set("wxa") for one in modes
            )
            if opens or node.func.attr in writing:
                found.add(path.relative_to(_SOURCE).as_posix())
    assert found - allowed <= {"paths.py"}
