"""The seal of a return changes with anything that is altered, whatever the size or form of a row."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator

import pytest

from cypp_desktop.merge.tables import make_tables
from cypp_desktop.store.seal import seal_of

ROWS = 450  # more than are put together at once


@pytest.fixture
def db() -> Iterator[sqlite3.Connection]:
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        make_tables(connection)
        connection.executemany(
            "INSERT INTO organisation (id, sort_key, name) VALUES (?, 'V', ?)",
            [(f"{number:04}", f"Organisation {number}") for number in range(ROWS)],
        )
        yield connection


@pytest.mark.parametrize("number", [0, 199, 200, ROWS - 1])
def test_a_name_altered_in_any_row_breaks_the_seal(db: sqlite3.Connection, number: int) -> None:
    before = seal_of(db)
    assert seal_of(db) == before
    db.execute("UPDATE organisation SET name = 'Another' WHERE id = ?", (f"{number:04}",))
    assert seal_of(db) != before


def test_nothing_is_not_the_same_as_an_empty_text(db: sqlite3.Connection) -> None:
    before = seal_of(db)
    db.execute("UPDATE organisation SET email = '' WHERE id = '0300'")
    assert seal_of(db) != before


def test_rows_too_long_to_be_put_together_are_sealed_one_by_one(db: sqlite3.Connection) -> None:
    db.execute("UPDATE organisation SET name = name || char(10) || hex(zeroblob(2000))")
    db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 5_000)
    before = seal_of(db)
    db.execute("UPDATE organisation SET name = 'Another' WHERE id = '0449'")
    assert seal_of(db) != before


def test_a_row_longer_than_may_be_read_cannot_be_sealed(db: sqlite3.Connection) -> None:
    db.execute("UPDATE organisation SET name = hex(zeroblob(4000)) WHERE id = '0007'")
    db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 5_000)
    with pytest.raises(sqlite3.DataError):
        seal_of(db)


def test_keys_that_are_no_texts_do_not_go_round_for_ever(db: sqlite3.Connection) -> None:
    db.execute("UPDATE organisation SET id = CAST(id AS BLOB)")
    with pytest.raises(sqlite3.DatabaseError):
        seal_of(db)
