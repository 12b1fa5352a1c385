"""What is a plan file, and what is said of a file that is none."""

from __future__ import annotations

import contextlib
import sqlite3
import sys
from pathlib import Path

import pytest

from cypp_desktop.errors import FileProblem, NewerPlan, NotAPlan
from cypp_desktop.store import versions
from cypp_desktop.store.disk import uri
from cypp_desktop.store.files import inspect
from tests.store.faulty_disk import FaultyDisk
from tests.store.small_plan import PLAN_ID, everything_in, leave_unfinished, write_plan


def run(path: Path, *statements: str) -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def test_a_plan_says_its_version_and_ids_and_nothing_is_written_beside_it(tmp_path: Path) -> None:
    path = write_plan(tmp_path / "A plan #1 %20.cypp", 1)
    before = everything_in(tmp_path)
    info = inspect(path)
    assert (info.version, info.major, info.minor) == (
        versions.CURRENT_VERSION,
        versions.VERSION_MAJOR,
        versions.VERSION_MINOR,
    )
    assert (info.plan_id, info.file_id, info.size) == (PLAN_ID, "file-1", path.stat().st_size)
    assert info.unfinished is None
    assert everything_in(tmp_path) == before


def test_the_file_carries_our_mark_where_the_file_command_looks(tmp_path: Path) -> None:
    header = write_plan(tmp_path / "x.cypp").read_bytes()[:100]
    assert header[68:72] == b"CYPP"
    assert int.from_bytes(header[60:64], "big") == versions.CURRENT_VERSION


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match=r"“x\.cypp” is not there"):
        inspect(tmp_path / "x.cypp")


def test_a_file_below_a_file_is_missing_too(tmp_path: Path) -> None:
    write_plan(tmp_path / "x.cypp")
    with pytest.raises(FileProblem, match="is not there"):
        inspect(tmp_path / "x.cypp" / "y.cypp")


def test_a_folder_is_not_a_plan(tmp_path: Path) -> None:
    (tmp_path / "x.cypp").mkdir()
    with pytest.raises(NotAPlan, match="is a folder"):
        inspect(tmp_path / "x.cypp")


def test_an_empty_file_may_be_a_cloud_placeholder(tmp_path: Path) -> None:
    (tmp_path / "x.cypp").touch()
    with pytest.raises(NotAPlan, match="may not have been downloaded"):
        inspect(tmp_path / "x.cypp")


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04 a Word file", b"S", b"SQLite format 3", b"{}", b"\x00" * 5000]
)
def test_a_file_that_is_no_database_is_pointed_to_import(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.cypp").write_bytes(content)
    with pytest.raises(NotAPlan, match="Import"):
        inspect(tmp_path / "x.cypp")


def test_a_database_of_another_program_is_refused(tmp_path: Path) -> None:
    run(tmp_path / "x.cypp", "CREATE TABLE meta (key, value)")
    with pytest.raises(NotAPlan, match="another program"):
        inspect(tmp_path / "x.cypp")


@pytest.mark.parametrize("version", [0, 999, -1, 2_000_000_000])
def test_a_version_that_makes_no_sense_is_refused(tmp_path: Path, version: int) -> None:
    run(write_plan(tmp_path / "x.cypp"), f"PRAGMA user_version={version}")
    with pytest.raises(NotAPlan, match="which version"):
        inspect(tmp_path / "x.cypp")


def test_a_newer_major_version_is_refused_and_a_newer_minor_opens(tmp_path: Path) -> None:
    path = write_plan(tmp_path / "x.cypp")
    run(path, f"PRAGMA user_version={(versions.VERSION_MAJOR + 1) * 1000}")
    with pytest.raises(NewerPlan, match="later version of CYPP Desktop"):
        inspect(path)
    run(path, f"PRAGMA user_version={versions.VERSION_MAJOR * 1000 + 7}")
    assert inspect(path).minor == 7


def test_a_file_cut_short_anywhere_is_refused(tmp_path: Path) -> None:
    whole = write_plan(tmp_path / "whole.cypp", *range(2000)).read_bytes()
    for size in [17, 99, 100, 512, 4096, *range(5000, len(whole), 4096), len(whole) - 1]:
        (tmp_path / "x.cypp").write_bytes(whole[:size])
        with pytest.raises(NotAPlan):
            inspect(tmp_path / "x.cypp")


@pytest.mark.parametrize(
    "statements",
    [
        ("DROP TABLE meta",),
        ("DROP TABLE meta", "CREATE VIEW meta AS SELECT 'plan_id' AS key, 'x' AS value"),
        ("DELETE FROM meta",),
        ("DELETE FROM meta WHERE key = 'file_id'",),
        ("UPDATE meta SET value = zeroblob(20)",),
        ("UPDATE meta SET value = hex(zeroblob(200))",),
        ("UPDATE meta SET value = ''",),
    ],
)
def test_a_file_that_does_not_name_its_plan_is_refused(tmp_path: Path, statements: tuple[str, ...]) -> None:
    path = write_plan(tmp_path / "x.cypp")
    run(path, *statements)
    with pytest.raises(NotAPlan, match="does not name its plan"):
        inspect(path)


def test_damage_in_the_first_pages_is_refused_in_plain_words(tmp_path: Path) -> None:
    path = write_plan(tmp_path / "x.cypp")
    content = bytearray(path.read_bytes())
    content[100:400] = b"\xff" * 300
    path.write_bytes(content)
    with pytest.raises(NotAPlan, match="is damaged"):
        inspect(path)


@pytest.mark.parametrize("mode", ["delete", "wal"])
def test_an_unfinished_write_of_another_program_is_noticed_and_left_alone(tmp_path: Path, mode: str) -> None:
    path = write_plan(tmp_path / "x.cypp", 1, 2)
    leave_unfinished(path, mode)
    before = everything_in(tmp_path)
    info = inspect(path)
    assert info.plan_id == PLAN_ID
    assert info.unfinished == ("x.cypp-journal" if mode == "delete" else "x.cypp-wal")
    assert everything_in(tmp_path) == before


def test_a_file_in_wal_format_can_be_looked_at_without_writing_beside_it(tmp_path: Path) -> None:
    path = write_plan(tmp_path / "x.cypp", 1)
    run(path, "PRAGMA journal_mode=WAL")
    before = everything_in(tmp_path)
    assert inspect(path).plan_id == PLAN_ID
    assert everything_in(tmp_path) == before


@pytest.mark.parametrize("error", [13, 5, 116])
def test_a_disk_that_fails_is_a_problem_in_plain_words(tmp_path: Path, error: int) -> None:
    path = write_plan(tmp_path / "x.cypp")
    watched = FaultyDisk()
    inspect(path, watched)
    for place in range(len(watched.calls)):
        with pytest.raises(FileProblem, match=r"“x\.cypp” cannot be opened: ") as raised:
            inspect(path, FaultyDisk(place, error))
        assert "Errno" not in str(raised.value)


def test_names_that_are_not_utf_8_can_be_opened(tmp_path: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("only Linux lets a file name be any bytes")
    path = tmp_path / "plan\udce9 ü.cypp"
    write_plan(path)
    assert inspect(path).plan_id == PLAN_ID
    (tmp_path / "\udce9.cypp").touch()
    with pytest.raises(NotAPlan) as raised:
        inspect(tmp_path / "\udce9.cypp")
    str(raised.value).encode()


def test_a_share_and_a_drive_become_addresses_that_sqlite_takes() -> None:
    class Windows:
        def __init__(self, name: str) -> None:
            self.name = name

        def absolute(self) -> Windows:
            return self

        def as_posix(self) -> str:
            return self.name

    assert uri(Windows("//server/our share/x.cypp")) == "file:////server/our%20share/x.cypp?mode=ro"  # type: ignore[arg-type]
    assert uri(Windows("C:/Plans/x#1.cypp"), "rw") == "file:///C:/Plans/x%231.cypp?mode=rw"  # type: ignore[arg-type]
