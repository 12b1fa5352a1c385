"""The seal of a return changes with anything that is altered, whatever the size or form of a row."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator

import pytest

from cypp_desktop.store.new_file import make_tables
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


def test_a_change_taken_out_breaks_the_seal(db: sqlite3.Connection) -> None:
    db.execute(
        "INSERT INTO change (id, is_head, row_type, row_id, field, before, value, parents, author, file, at,"
        " step) VALUES ('c', 1, 'organisation', '0001', '*', 'null', '{}', '[]', 'A', 'f', '', 's')"
    )
    before = seal_of(db)
    db.execute("DELETE FROM change")
    assert seal_of(db) != before
