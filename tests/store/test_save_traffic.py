"""A share is asked for as little as can be: the file is read once to open it, and once to save it; and a save
writes it once.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cypp_desktop.store.disk import FileSystem
from cypp_desktop.store.going_back import revert_to_published
from cypp_desktop.store.publish import publish
from cypp_desktop.store.working_copy import WorkingCopy
from tests.store.race_worker import union_into
from tests.store.small_plan import edit, numbers_in, write_plan

#: What a save may read and write over the network besides the plan.
A_LITTLE = 20_000


class Counting(FileSystem):
    """Counts the bytes that go from and to a folder, by the calls that move any."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.read_, self.written = 0, 0

    def begin(self) -> None:
        self.read_ = self.written = 0

    def _reads(self, path: Path) -> None:
        if path.parent == self.folder:
            self.read_ += path.stat().st_size

    def _wrote(self, path: Path) -> None:
        if path.parent == self.folder:
            self.written += path.stat().st_size

    def read(self, path: Path, limit: int) -> bytes:
        content = super().read(path, limit)
        if path.parent == self.folder:
            self.read_ += len(content)
        return content

    def write(self, path: Path, data: bytes, *, sync: bool = True, private: bool = True) -> None:
        super().write(path, data, sync=sync, private=private)
        self._wrote(path)

    def write_new(self, path: Path, data: bytes) -> None:
        super().write_new(path, data)
        self._wrote(path)

    def sha256(self, path: Path) -> str:
        self._reads(path)
        return super().sha256(path)

    def copy(self, source: Path, copy: Path) -> str:
        self._reads(source)
        digest = super().copy(source, copy)
        self._wrote(copy)
        return digest

    def copy_database(self, source: Path, copy: Path, *, immutable: bool = False) -> None:
        self._reads(source)
        super().copy_database(source, copy, immutable=immutable)
        self._wrote(copy)

    def vacuum_into(self, source: Path, copy: Path, prepare: Any = None) -> None:
        self._reads(source)
        super().vacuum_into(source, copy, prepare)
        self._wrote(copy)

    def finish_transactions(self, path: Path) -> None:
        assert path.parent != self.folder
        super().finish_transactions(path)

    def quick_check(self, path: Path) -> bool:
        self._reads(path)
        return super().quick_check(path)


class CountingWithoutExchange(Counting):
    """The same for a share that cannot change two names in one step."""

    def exchange(self, one: Path, other: Path) -> None:
        raise OSError(22, "Invalid argument")


def large_plan(path: Path) -> Path:
    write_plan(path, 1)
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE ballast (words TEXT)")
        db.executemany("INSERT INTO ballast VALUES (?)", [(f"{number} " * 200,) for number in range(3000)])
        db.commit()
    return path


@pytest.fixture
def share(tmp_path: Path) -> Path:
    (tmp_path / "share").mkdir()
    return tmp_path / "share"


@pytest.mark.parametrize("kind", [Counting, CountingWithoutExchange], ids=["swaps", "refuses"])
def test_a_save_reads_the_file_once_and_writes_it_once(
    share: Path, tmp_path: Path, kind: type[Counting]
) -> None:
    plan = large_plan(share / "x.cypp")
    fs = kind(share)
    with WorkingCopy.open(plan, tmp_path / "data", fs=fs) as working:
        for number in (2, 3):
            edit(working, number)
            fs.begin()
            assert publish(working, union_into(working, [])).written  # type: ignore[arg-type]
            size = plan.stat().st_size
            assert size > 30 * A_LITTLE
            assert fs.read_ <= 1.1 * size + A_LITTLE
            assert fs.written <= 1.1 * size + A_LITTLE


def test_what_others_saved_is_read_once_too(share: Path, tmp_path: Path) -> None:
    plan = large_plan(share / "x.cypp")
    fs = Counting(share)
    with WorkingCopy.open(plan, tmp_path / "data", fs=fs) as working:
        with WorkingCopy.open(plan, tmp_path / "data of another") as other:
            edit(other, 77)
            publish(other)
        edit(working, 2)
        fs.begin()
        result = publish(working, union_into(working, []))  # type: ignore[arg-type]
        assert result.taken_in is not None and result.written
        size = plan.stat().st_size
        assert fs.read_ <= 1.1 * size + A_LITTLE and fs.written <= 1.1 * size + A_LITTLE
    assert numbers_in(plan) == [1, 2, 77]


def test_a_save_with_nothing_to_save_writes_nothing_to_the_share(share: Path, tmp_path: Path) -> None:
    plan = large_plan(share / "x.cypp")
    fs = Counting(share)
    with WorkingCopy.open(plan, tmp_path / "data", fs=fs) as working:
        fs.begin()
        assert not publish(working).written
        assert (fs.read_, fs.written) == (plan.stat().st_size, 0)


def in_the_midst(db: sqlite3.Connection) -> None:
    """Another program has begun to write, and has not ended."""
    db.execute("PRAGMA cache_size=1")
    db.execute("BEGIN")
    db.execute("UPDATE ballast SET words = 'changed'")


def in_wal_format(db: sqlite3.Connection) -> None:
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("UPDATE ballast SET words = 'changed ' || words WHERE rowid < 9")


@pytest.mark.parametrize("left_open", [None, in_the_midst, in_wal_format])
def test_opening_and_going_back_read_the_file_once(
    share: Path, tmp_path: Path, left_open: Callable[[sqlite3.Connection], None] | None
) -> None:
    plan = large_plan(share / "x.cypp")
    fs = Counting(share)
    with contextlib.closing(sqlite3.connect(plan, isolation_level=None)) as other:
        if left_open is not None:
            left_open(other)
        size = sum(path.stat().st_size for path in share.iterdir() if not path.name.endswith("-shm"))
        with WorkingCopy.open(plan, tmp_path / "data", fs=fs) as working:
            assert fs.read_ <= 1.1 * size + A_LITTLE
            assert numbers_in(working.path) == [1]
            fs.begin()
            revert_to_published(working)
            assert fs.read_ <= 1.1 * size + A_LITTLE
            assert numbers_in(working.path) == [1]
            assert fs.quick_check(working.path)
